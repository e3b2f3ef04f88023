from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.guard import guarded, is_guarded, without_defaults

#: written by the buttons of the regulation only
SYSTEM_FIELDS = {"shipped", "state", "date_to", "origin_id"}
#: models whose records belong to a regulation, in the order in which a copy is made
CATALOGS = (
    "vshu.ground.category",
    "vshu.ground",
    "vshu.basis",
    "vshu.decision.form",
    "vshu.decision.kind",
    "vshu.route",
    "vshu.term.rule",
    "vshu.removal.reason",
    "vshu.document.type",
    "vshu.document.requirement",
    "vshu.deadline.rule",
    "vshu.notice.rule",
    "vshu.social.category",
    "vshu.petition.kind",
)


class VshuRegulation(models.Model):
    """A dated version of the rules that a school follows. Nothing of the law stands in the program: it is here."""

    _name = "vshu.regulation"
    # which version counts on a day is kept in memory
    _inherit = ["vshu.link.mixin", "vshu.cache.mixin"]
    _description = "Regulation"
    _order = "code, date_from desc, id desc"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="The same for all versions of one regulation.")
    version = fields.Char(required=True)
    full_title = fields.Text(translate=True)
    country_id = fields.Many2one("res.country")
    company_id = fields.Many2one("res.company", string="School", index=True, help="Empty for a shipped one.")
    origin_id = fields.Many2one("vshu.regulation", string="Made from", readonly=True, ondelete="restrict")
    shipped = fields.Boolean(readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("in_force", "In force"), ("superseded", "Superseded")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    date_from = fields.Date(string="Counts from")
    date_to = fields.Date(string="Counts until", readonly=True, copy=False)
    language_codes = fields.Char(
        string="Languages of papers", required=True, default="ru_RU", help="Codes, separated by commas."
    )
    has_control = fields.Boolean(string="Knows control beside the register")
    register_label = fields.Char(translate=True, required=True)
    control_label = fields.Char(translate=True)
    rights_text = fields.Text(
        translate=True, help="The rights of those on the register, shown where they read about it."
    )
    rights_clause = fields.Char()
    statistics_text = fields.Text(translate=True, help="Stands on every report with numbers.")
    statistics_clause = fields.Char()
    case_count = fields.Integer(compute="_compute_case_count", compute_sudo=True)
    ground_ids = fields.One2many("vshu.ground", "regulation_id", string="Grounds")
    category_ids = fields.One2many("vshu.ground.category", "regulation_id", string="Lists of grounds")
    basis_ids = fields.One2many("vshu.basis", "regulation_id", string="Bases")
    route_ids = fields.One2many("vshu.route", "regulation_id", string="Routes")
    term_rule_ids = fields.One2many("vshu.term.rule", "regulation_id", string="Terms")
    removal_reason_ids = fields.One2many("vshu.removal.reason", "regulation_id", string="Reasons for removal")
    document_type_ids = fields.One2many("vshu.document.type", "regulation_id", string="Kinds of documents")
    document_requirement_ids = fields.One2many(
        "vshu.document.requirement", "regulation_id", string="Required documents"
    )
    decision_form_ids = fields.One2many("vshu.decision.form", "regulation_id", string="Forms of decisions")
    decision_kind_ids = fields.One2many("vshu.decision.kind", "regulation_id", string="Kinds of decisions")
    deadline_rule_ids = fields.One2many("vshu.deadline.rule", "regulation_id", string="Clocks")
    social_category_ids = fields.One2many("vshu.social.category", "regulation_id", string="Social categories")
    petition_kind_ids = fields.One2many("vshu.petition.kind", "regulation_id", string="Kinds of petitions")

    _version_uniq = models.UniqueIndex(
        "(code, version, COALESCE(company_id, 0))", "There is already a regulation with this code and version."
    )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for regulation in self:
            regulation.display_name = (
                f"{regulation.name} ({regulation.version})" if regulation.version else regulation.name
            )

    def _compute_case_count(self):
        counts = dict(
            self.env["vshu.case"]._read_group(
                [("regulation_id", "in", self.ids), ("company_id", "in", self.env.companies.ids)],
                ["regulation_id"],
                ["__count"],
            )
        )
        for regulation in self:
            regulation.case_count = counts.get(regulation, 0)

    @api.model_create_multi
    def create(self, vals_list):
        """Create regulations of the user's own schools; what is shared by all schools comes with the addon only."""
        if not self.env.su and not is_guarded(self.env):
            self = without_defaults(self, SYSTEM_FIELDS)
            for vals in vals_list:
                vals.setdefault("company_id", self.env.company.id)
                self._check_own(vals)
        return super().create(vals_list)

    @api.model
    def _check_own(self, vals):
        """Raise AccessError where a user writes what only the buttons write,
        or takes a regulation to another school."""
        forged = {
            name for name in SYSTEM_FIELDS & vals.keys() if vals[name] and (name, vals[name]) != ("state", "draft")
        }
        if forged:
            raise AccessError(
                self.env._(
                    "%s: changed by the buttons of the regulation only.",
                    ", ".join(sorted(self._fields[name]._description_string(self.env) for name in forged)),
                )
            )
        if "company_id" in vals and vals["company_id"] not in self.env.companies.ids:
            raise AccessError(self.env._("A school's own version of a regulation belongs to that school."))

    def write(self, vals):
        """Change a regulation; a shipped one is changed by the addon's own data only."""
        self._check_editable()
        if not self.env.su and not is_guarded(self.env):
            self._check_own(vals)
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        # the translation dialog passes by write()
        self._check_editable()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    def _check_editable(self):
        """Raise UserError where one of the regulations is shipped and the user is not the addon itself."""
        if not self.env.su and any(self.mapped("shipped")):
            raise UserError(
                self.env._(
                    "“%(regulation)s” comes with the program and is read-only. "
                    "Choose “Make our own version” and change the copy.",
                    regulation=self.filtered("shipped")[0].display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for regulation in self:
            # sudo: cases of another school hold the regulation too; that there are any is all that is told
            used = regulation.env["vshu.case"].sudo().search_count([("regulation_id", "=", regulation.id)], limit=1)
            if regulation.state != "draft" or used:
                raise UserError(
                    self.env._(
                        "“%(regulation)s” has been in force and cannot be deleted: cases keep the version "
                        "that they were placed under.",
                        regulation=regulation.display_name,
                    )
                )

    def action_make_own_version(self):
        """Copy the regulation with all its catalogues for the user's school and open the copy.

        The copy is a draft; it counts from the date that is set when it is put in force.
        Returns an act_window on the copy. Raises AccessError where the user may not create regulations.
        """
        self.ensure_one()
        copy = self._copy_for_company(self.env.company)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": copy.id,
            "view_mode": "form",
        }

    @api.model
    def _catalogs(self):
        """Return the models whose records belong to a regulation, in the order in which a copy is made. Other addons
        add theirs."""
        return CATALOGS

    def action_put_in_force(self):
        """Put the school's own version in force from its date; it supersedes the earlier own version of the same code.

        Raises UserError where the date is missing or lies before the version it replaces.
        """
        for regulation in self:
            if regulation.state != "draft":
                raise UserError(self.env._("“%s” is not a draft.", regulation.display_name))
            if not regulation.date_from:
                raise UserError(
                    self.env._("Set the date from which “%s” counts, then put it in force.", regulation.display_name)
                )
            regulation.check_access("write")
            previous = self.search(
                [
                    ("code", "=", regulation.code),
                    ("company_id", "=", regulation.company_id.id),
                    ("state", "=", "in_force"),
                    ("id", "!=", regulation.id),
                    ("shipped", "=", False),
                ]
            )
            if any(other.date_from >= regulation.date_from for other in previous):
                raise UserError(
                    self.env._(
                        "“%(regulation)s” must count from a later date than the version that it replaces (%(date)s).",
                        regulation=regulation.display_name,
                        date=max(previous.mapped("date_from")),
                    )
                )
            guarded(previous).write(
                {"state": "superseded", "date_to": fields.Date.subtract(regulation.date_from, days=1)}
            )
            guarded(regulation).write({"state": "in_force"})

    @api.constrains("language_codes")
    def _check_language_codes(self):
        codes = [code for regulation in self for code in regulation._languages()]
        languages = self.env["res.lang"].with_context(active_test=False).search([("code", "in", codes)])
        known = set(languages.mapped("code"))
        for regulation in self:
            unknown = [code for code in regulation._languages() if code not in known]
            if unknown or not regulation._languages():
                raise ValidationError(
                    self.env._("Unknown language of papers: %s. Write codes like ru_RU, kk_KZ.", ", ".join(unknown))
                )

    def _languages(self):
        """Return the list of language codes in which papers are made, the first one being the default."""
        self.ensure_one()
        return [code.strip() for code in (self.language_codes or "").split(",") if code.strip()]

    @api.model
    def _on_date(self, company, date):
        """Return the version that ``company`` followed on ``date``:
        its own one in force that day, else the shipped one."""
        return self.sudo().browse(self._id_on_date(company.id, date))

    @api.model
    @tools.ormcache("company_id", "date")
    def _id_on_date(self, company_id, date):
        school = self.env["vshu.school"].sudo()._for_company(self.env["res.company"].browse(company_id))
        chosen = school.regulation_id
        own = self.sudo().search(
            [
                ("code", "=", chosen.code),
                ("company_id", "=", company_id),
                ("state", "in", ("in_force", "superseded")),
                ("date_from", "<=", date),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", date),
            ],
            order="date_from desc",
            limit=1,
        )
        if own:
            return own.id
        # before the school's first own version counted, it followed the one that its first copy was made from
        while chosen.origin_id and (not chosen.date_from or chosen.date_from > date):
            chosen = chosen.origin_id
        return chosen.id
