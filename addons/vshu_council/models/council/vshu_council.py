from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import guarded, is_guarded

#: what may be added to an order that was approved
ADDED_LATER = {"attachment_ids"}


class VshuCouncil(models.Model):
    """The prevention council of a school as an order of the head names it (KZ-6, KZ-7, RU-2.3).

    One council is in force at a time. The composition changes by a new order, which ends the one before; the old ones
    stay as they were.
    """

    _name = "vshu.council"
    _inherit = ["vshu.guard.mixin", "vshu.rule.mixin", "vshu.link.mixin", "vshu.cache.mixin", "vshu.paper.mixin"]
    _description = "Prevention council"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    _guarded_fields = {"state": "draft", "approved_by_id": False, "date_approved": False, "previous_id": False}

    company_id = fields.Many2one(
        "res.company", string="School", required=True, index=True, default=lambda self: self.env.company
    )
    regulation_id = fields.Many2one("vshu.regulation", compute="_compute_regulation_id", compute_sudo=True)
    order_number = fields.Char(string="Number of the order", required=True)
    order_date = fields.Date(
        string="Date of the order", required=True, default=lambda self: self.env.company._vshu_today()
    )
    date_from = fields.Date(
        string="Counts from",
        required=True,
        compute="_compute_date_from",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_to = fields.Date(string="Counts until", help="Empty: until the next order.")
    member_ids = fields.One2many("vshu.council.member", "council_id", string="Composition", copy=True)
    member_count = fields.Integer(string="Members", compute="_compute_member_count")
    lang = fields.Selection(
        "_get_langs", string="Language of the paper", required=True, default=lambda self: self._default_lang()
    )
    preamble = fields.Text(help="What the order begins with.", default=lambda self: self._default_preamble())
    control_text = fields.Text(
        string="Who answers", help="The last points of the order.", default=lambda self: self._default_control()
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Scan of the signed order", bypass_search_access=True)
    state = fields.Selection(
        [("draft", "Draft"), ("in_force", "In force"), ("ended", "No longer in force")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    previous_id = fields.Many2one(
        "vshu.council", string="Order before", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )
    approved_by_id = fields.Many2one("res.users", string="Approved by", readonly=True, copy=False)
    date_approved = fields.Date(string="Approved on", readonly=True, copy=False)
    missing_text = fields.Text(string="Before the order is approved", compute="_compute_missing_text")
    can_edit = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_approve = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_renew = fields.Boolean(compute="_compute_can", export_string_translation=False)

    _one_in_force = models.UniqueIndex(
        "(company_id) WHERE state = 'in_force'", "The school has a council in force already: a new order ends it."
    )
    _dates_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "The last day of a council cannot come before the first."
    )

    @api.model
    def _env_of_papers(self):
        """Return the environment in the language in which the school of the user writes its papers."""
        return self.with_context(lang=self._default_lang()).env

    @api.model
    def _default_lang(self):
        school = self.env["vshu.school"]._by_company(self.env.company).get(self.env.company.id)
        return next(iter(school.sudo()._paper_langs() if school else []), self.env.lang or "en_US")  # sudo: a setting

    @api.model
    def _get_langs(self):
        return self.env["res.lang"].get_installed()

    @api.onchange("lang")
    def _onchange_lang(self):
        """Offer the words of the order in its language, where nobody has changed them."""
        for name in ("preamble", "control_text"):
            offered = {code: self.with_context(lang=code)._offered_words(name) for code, _name in self._get_langs()}
            if not self[name] or self[name] in offered.values():
                self[name] = offered.get(self.lang) or self[name]

    @api.model
    def _default_preamble(self):
        return self._env_of_papers()["vshu.council"]._offered_words("preamble")

    @api.model
    def _default_control(self):
        return self._env_of_papers()["vshu.council"]._offered_words("control_text")

    @api.model
    def _offered_words(self, name):
        """Return the words that are offered for a part of the order, in the language of the environment."""
        if name == "preamble":
            return self.env._("To organise the prevention work with students and their families, I ORDER:")
        return self.env._(
            "The secretary of the council prepares its meetings and keeps the minutes.\n"
            "I keep the control of this order to myself."
        )

    # -- computes --------------------------------------------------------------------------------------------------

    @api.depends("company_id", "date_from")
    def _compute_regulation_id(self):
        Regulation = self.env["vshu.regulation"]
        schools = self.env["vshu.school"]._by_company(self.company_id)
        for council in self:
            school = schools.get(council.company_id.id)
            day = council.date_from or council._vshu_today()
            ready = school and school.regulation_id
            council.regulation_id = Regulation._on_date(council.company_id, day) if ready else False

    @api.depends("order_date")
    def _compute_date_from(self):
        for council in self:
            council.date_from = council.date_from or council.order_date

    @api.depends("member_ids")
    def _compute_member_count(self):
        for council in self:
            council.member_count = len(council.member_ids)

    @api.depends_context("lang")
    @api.depends("order_number", "order_date")
    def _compute_display_name(self):
        for council in self:
            council.display_name = self.env._(
                "Order № %(number)s of %(date)s",
                number=council.order_number or "",
                date=format_date(self.env, council.order_date) if council.order_date else "",
            )

    @api.depends("state", "member_ids.role", "member_ids.employee_id", "date_from", "company_id")
    def _compute_missing_text(self):
        for council in self:
            problems = council._approval_problems() if council.state == "draft" and council.company_id else []
            council.missing_text = "\n".join(f"• {problem}" for problem in problems) or False

    @api.depends_context("uid")
    @api.depends("state", "company_id")
    def _compute_can(self):
        roles = self.env["vshu.role"]._my_roles(self.company_id)
        Regulation = self.env["vshu.regulation"]
        drafters = Regulation._council_codes("preparing", self.company_id)
        approvers = Regulation._council_codes("approval", self.company_id)
        for council in self:
            company = council.company_id.id
            held = roles.get(company, set())
            drafts = self.env.su or bool(held & drafters.get(company, set()))
            approves = self.env.su or bool(held & approvers.get(company, set()))
            council.can_edit = council.state == "draft" and drafts
            council.can_approve = bool(council._origin) and council.state == "draft" and approves
            council.can_renew = council.state == "in_force" and drafts

    # -- constraints, CRUD -----------------------------------------------------------------------------------------

    @api.constrains("order_date", "date_from")
    def _check_dates(self):
        for council in self:
            if council.date_from < council.order_date:
                raise ValidationError(
                    self.env._(
                        "%s: a council cannot count from a day before its order was signed.", council.display_name
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Draft orders on the composition; the office only (AccessError)."""
        self = self._guard_create(vals_list)
        councils = super().create(vals_list)
        councils._check_office()
        return councils

    def write(self, vals):
        """Change drafts; an approved order stays as it is, but for the scan of the signed paper (UserError)."""
        if not is_guarded(self.env) and not self.env.su:
            self._check_office()
            if any(council.state != "draft" for council in self) and vals.keys() - ADDED_LATER:
                raise UserError(
                    self.env._(
                        "An approved order stays as it is. Press “New composition”: the new order ends this one."
                    )
                )
        res = super().write(vals)
        if "company_id" in vals:
            self._check_office()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for council in self:
            if council.state != "draft":
                raise UserError(self.env._("%s has been approved and stays on record.", council.display_name))

    def _check_office(self):
        """Raise AccessError for a user who does not draft the school's orders."""
        if self.env.su:
            return
        roles = self.env["vshu.role"]._my_roles(self.company_id)
        drafters = self.env["vshu.regulation"]._council_codes("preparing", self.company_id)
        for company in self.company_id:
            if not roles.get(company.id, set()) & drafters[company.id]:
                raise AccessError(
                    self.env._("Orders on the council are drafted by: %s.", self._role_names("preparing", company))
                )

    @api.model
    def _role_names(self, matter, company):
        """Return the names of the roles that do what ``matter`` is about in ``company``, for messages."""
        Regulation = self.env["vshu.regulation"]
        id_ = Regulation._council_regulation_id(company.id, self._vshu_today())
        return Regulation.browse(id_)._council_role_names(matter)

    # -- checks ----------------------------------------------------------------------------------------------------

    def _members_with(self, *roles):
        """Return the members who hold one of ``roles``."""
        return self.member_ids.filtered(lambda member: member.role in roles)

    def _approval_problems(self):
        """Return what keeps the order from being approved, in plain words with clauses (KZ-6, KZ-7)."""
        self.ensure_one()
        council = self.sudo()  # sudo: names of colleagues, which the order itself prints
        regulation = council.regulation_id
        problems = []
        if not regulation:
            return [self.env._("fill in the regulation on the form of the school (Configuration → School)")]
        least = regulation._council_rule("composition").get("number", 0)
        if len(council.member_ids) < least:
            problems.append(
                self.env._(
                    "the council needs at least %(least)s members, here are %(count)s (%(clause)s)",
                    least=least,
                    count=len(council.member_ids),
                    clause=regulation._council_clause("composition"),
                )
            )
        labels = dict(council.member_ids._fields["role"]._description_selection(self.env))
        for role in ("chair", "secretary"):
            if len(council._members_with(role)) != 1:
                problems.append(
                    self.env._(
                        "name one member as “%(role)s” (%(clause)s)",
                        role=labels[role],
                        clause=regulation._council_clause(role),
                    )
                )
        for member in council.member_ids:
            problems += member._problems()
        day = council.date_from or self._vshu_today()
        problems += council._places_problems(day)
        before = council._in_force(council.company_id)
        if before and before != council._origin and day <= before.date_from:
            problems.append(
                self.env._(
                    "%(order)s counts from %(date)s: the new council must count from a later day",
                    order=before.display_name,
                    date=format_date(self.env, before.date_from),
                )
            )
        return problems

    def _places_problems(self, day):
        """Return who is chair or secretary though the regulation names somebody else, on ``day`` (KZ-7). In sudo."""
        self.ensure_one()
        regulation = self.regulation_id
        school = self.env["vshu.school"]._for_company(self.company_id)
        labels = dict(self.member_ids._fields["role"]._description_selection(self.env))
        problems = []
        for role in ("chair", "secretary"):
            codes = regulation._council_roles(role)
            person = self._members_with(role).employee_id
            if len(person) == 1 and codes and not any(school._may_hold(code, person, day) for code in codes):
                problems.append(
                    self.env._(
                        "%(person)s cannot be “%(role)s”: by the regulation that is %(who)s, or who stands in for them "
                        "on %(date)s (%(clause)s)",
                        person=person.name,
                        role=labels[role],
                        who=regulation._council_role_names(role),
                        date=format_date(self.env, day),
                        clause=regulation._council_clause(role),
                    )
                )
        return problems

    @api.model
    def _findings(self):
        """Return {code: councils} that the rules find wanting, for the keeper: those in force whose chair or secretary
        is none whom the regulation names (KZ-7)."""
        # sudo: the composition of the council hangs in the school's hall
        councils = self.sudo().search([("state", "=", "in_force")])
        return {"council_places": councils.filtered(lambda council: council._places_problems(council.date_from))}

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_approve(self):
        """Put the council in force by the order of the head; the one before ends on the day before (KZ-6).

        Posts and names of the members are frozen as they are now. Raises AccessError for anyone but those whom the rule
        names (the head) or their stand-in, UserError that lists what is missing.
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "draft":
            raise UserError(self.env._("%s has been approved already.", self.display_name))
        if not self.can_approve:
            raise AccessError(
                self.env._(
                    "%(order)s: the composition is approved by: %(roles)s.",
                    order=self.display_name,
                    roles=self._role_names("approval", self.company_id),
                )
            )
        problems = self._approval_problems()
        if problems:
            raise UserError(
                self.env._(
                    "%(order)s cannot be approved yet:\n%(problems)s",
                    order=self.display_name,
                    problems="\n".join(f"• {problem}" for problem in problems),
                )
            )
        council = guarded(self.sudo())  # sudo: right and state were checked for this very order
        before = council._in_force(council.company_id)
        if before:
            before.write({"state": "ended", "date_to": fields.Date.subtract(council.date_from, days=1)})
            before.flush_recordset()
        for member in council.member_ids:
            member.write({"name": member.employee_id.name, "post": member._post()})
        council.write(
            {
                "state": "in_force",
                "previous_id": before.id,
                "approved_by_id": self.env.uid,
                "date_approved": self._vshu_today(),
            }
        )
        return True

    def action_print(self):
        """Print the order on the composition (KZ-6). Returns the report; AccessError where the user may not read it."""
        self.check_access("read")
        return self.env.ref("vshu_council.action_report_council").report_action(self, config=False)

    def _paper_first_point(self):
        """Return the first point of the order: the composition and the days it counts (KZ-6)."""
        self.ensure_one()
        days = {"start": self._paper_date(self.date_from), "end": self._paper_date(self.date_to)}
        if self.date_to:
            return self.env._(
                "1. To approve the composition of the prevention council from %(start)s until %(end)s:", **days
            )
        return self.env._("1. To approve the composition of the prevention council from %(start)s:", **days)

    def action_renew(self):
        """Draft a new order with this composition, to be changed and approved. Returns an act_window on the draft.

        Raises AccessError for whoever does not draft orders, UserError where the council is not in force.
        """
        self.ensure_one()
        self.check_access("read")
        self._check_office()
        if self.state != "in_force":
            raise UserError(self.env._("%s is not in force: open the one that is.", self.display_name))
        today = self._vshu_today()
        draft = self.copy(
            {"order_number": self.env._("draft"), "order_date": today, "date_from": today, "date_to": False}
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # -- which one -------------------------------------------------------------------------------------------------

    @api.model
    def _in_force(self, company):
        """Return the council of ``company`` whose order was approved last and not replaced, in sudo."""
        # sudo: the composition of the council hangs in the school's hall
        return self.sudo().search([("company_id", "=", company.id), ("state", "=", "in_force")], limit=1)

    @api.model
    def _on_date(self, company, date):
        """Return the council of ``company`` that counts on ``date``, in sudo; empty where there is none (KZ-6)."""
        return self.sudo().browse(self._id_on_date(company.id, date))  # sudo: see _in_force

    @api.model
    @tools.ormcache("company_id", "date")
    def _id_on_date(self, company_id, date):
        domain = Domain("company_id", "=", company_id) & Domain("state", "in", ("in_force", "ended"))
        domain &= Domain("date_from", "<=", date) & (Domain("date_to", "=", False) | Domain("date_to", ">=", date))
        return self.sudo().search(domain, order="date_from desc, id desc", limit=1).id  # sudo: see _in_force
