from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.guard import guarded, is_guarded, without_defaults
from ..dossier.vshu_document import OFFICE_ROLES
from ..regulation.vshu_notice_rule import ADDRESSEES, EVENTS, INSIDERS

#: role of a clock: whoever answers for the very notice
INFORMER = "informer"
#: whom the paper goes to; settled once it is on its way
TARGET = {"guardian_id", "partner_id", "user_id", "lang"}
#: what people write by hand; the rest comes from the decision and the buttons
BY_HAND = TARGET | {"number", "note", "attachment_ids"}
THREAD = {"message_follower_ids", "activity_ids", "message_main_attachment_id"}


class VshuNotice(models.Model):
    """Somebody who must be told what happened to a stay: by when, how it reached them, what they answered.

    Made by the decision from the rules of the case's regulation (RU-5.3, KZ-9); each has its own clock. Whatever the
    rule said then is copied: a regulation that changes later changes no notice.
    """

    _name = "vshu.notice"
    _inherit = [
        "vshu.rule.mixin",
        "vshu.link.mixin",
        "vshu.paper.mixin",
        # before the thread: clocks make activities, which subscribe people, when the thread is there
        "vshu.deadline.mixin",
        "vshu.mail.mixin",
        "mail.activity.mixin",
        "vshu.notice.flow",
        "vshu.clause.mixin",
    ]
    _description = "Notice to hand over"
    _order = "date_event desc, id desc"
    _check_company_auto = True

    _deadline_papers = ("told",)
    _deadline_events = {"decided": "date_clock", "sent": "date_sent", "told": "date_told"}
    _deadline_fields = ("state", "need", "user_id")

    case_id = fields.Many2one("vshu.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True, string="School")
    regulation_id = fields.Many2one(related="case_id.regulation_id")
    # copied, not related: the addressee reads whom it is about, though not the case
    student_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="restrict")
    family_id = fields.Many2one("vshu.family", readonly=True, index="btree_not_null", ondelete="restrict")
    rule_id = fields.Many2one(
        "vshu.notice.rule",
        string="Who is told of what",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('regulation_id', '=', regulation_id)]",
    )
    decision_id = fields.Many2one("vshu.decision", readonly=True, index="btree_not_null", ondelete="restrict")
    event = fields.Selection(EVENTS, string="Of what", required=True, readonly=True)
    addressee = fields.Selection(ADDRESSEES, string="Who is told", required=True, readonly=True)
    need = fields.Selection([("required", "Required"), ("if_needed", "If needed")], required=True, readonly=True)
    answer_needed = fields.Boolean(string="Until they acknowledge", readonly=True)
    clause = fields.Char(string="Clause identifier", readonly=True)
    role_id = fields.Many2one("vshu.role", string="Who answers", readonly=True, ondelete="restrict")
    guardian_id = fields.Many2one(
        "vshu.guardian",
        string="Parent or guardian",
        index="btree_not_null",
        # a link entered by mistake may go: the notice keeps the person, and asks for another one while it waits
        ondelete="set null",
        domain="[('student_id', '=', student_id), ('may_receive_papers', '=', True)]",
    )
    partner_id = fields.Many2one("res.partner", string="To", index="btree_not_null", ondelete="restrict")
    user_id = fields.Many2one("res.users", string="Told inside", index="btree_not_null", ondelete="restrict")
    lang = fields.Selection("_get_langs", string="Language", help="The language of the paper.")
    reply_to = fields.Char(string="In reply to", readonly=True, help="Number and date of the paper that came in.")
    number = fields.Char(string="Outgoing number", copy=False)
    date_event = fields.Date(string="Decided on", required=True, readonly=True)
    date_clock = fields.Date(
        string="To be told from",
        readonly=True,
        copy=False,
        help="The clock runs from here: a placement is carried out by its entry in the journal, a decision of the "
        "council is known once its minutes are signed.",
    )
    date_printed = fields.Date(string="Printed on", readonly=True, copy=False)
    date_sent = fields.Date(string="Handed over or sent on", readonly=True, copy=False)
    channel = fields.Selection(
        [
            ("in_person", "In person"),
            ("post", "By post"),
            ("mail", "By e-mail"),
            ("messenger", "By messenger"),
            ("internal", "Inside the program"),
        ],
        string="How",
        readonly=True,
        copy=False,
    )
    sent_by_id = fields.Many2one("res.users", string="Handed over by", readonly=True, copy=False, ondelete="restrict")
    state = fields.Selection(
        [
            ("to_send", "To hand over"),
            ("sent", "Sent"),
            ("acknowledged", "Acknowledged"),
            ("refused", "Refused"),
            ("not_needed", "Not needed"),
        ],
        required=True,
        default="to_send",
        readonly=True,
        copy=False,
        group_expand=True,
    )
    date_acknowledged = fields.Date(string="Acknowledged on", readonly=True, copy=False)
    date_refused = fields.Date(string="Refused on", readonly=True, copy=False)
    witness1_id = fields.Many2one(
        "hr.employee", string="First witness", check_company=True, readonly=True, copy=False, ondelete="restrict"
    )
    witness2_id = fields.Many2one(
        "hr.employee", string="Second witness", check_company=True, readonly=True, copy=False, ondelete="restrict"
    )
    date_told = fields.Date(
        string="Told on", readonly=True, copy=False, help="The day from which the addressee counts as told."
    )
    not_needed_reason = fields.Char(string="Why it is not needed", readonly=True, copy=False)
    note = fields.Char()
    attachment_ids = fields.Many2many("ir.attachment", string="Scans", bypass_search_access=True, copy=False)
    clock_on_case = fields.Boolean(
        readonly=True, copy=False, help="Made for an earlier decision: its clock ran on the case itself."
    )

    _state_idx = models.Index("(company_id, state)")

    @api.model
    def _get_langs(self):
        return self.env["res.lang"].get_installed()

    @api.depends("case_id", "event", "addressee", "guardian_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        events, addressees = (
            dict(self._fields[name]._description_selection(self.env)) for name in ("event", "addressee")
        )
        kinds = dict(self.env["vshu.guardian"]._fields["kind"]._description_selection(self.env))
        # sudo: the number of the case and whether it is the mother or the father; no name of anybody
        for notice, record in zip(self, self.sudo(), strict=True):
            values = {
                "number": record.case_id.display_name or "",
                "event": events.get(record.event, ""),
                "addressee": addressees.get(record.addressee, ""),
            }
            notice.display_name = (
                self.env._(
                    "%(number)s, %(event)s: %(addressee)s (%(kind)s)", **values, kind=kinds[record.guardian_id.kind]
                )
                if record.guardian_id.kind
                else self.env._("%(number)s, %(event)s: %(addressee)s", **values)
            )

    # -- constraints -----------------------------------------------------------------------------------------------

    @api.constrains("rule_id", "case_id")
    def _check_rule(self):
        for notice in self:
            if notice.rule_id.regulation_id != notice.case_id.regulation_id:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” does not belong to “%(regulation)s”, which the case follows.",
                        rule=notice.rule_id.name,
                        regulation=notice.case_id.regulation_id.display_name,
                    )
                )

    @api.constrains("guardian_id", "partner_id", "addressee")
    def _check_addressee(self):
        for notice in self:
            guardian = notice.guardian_id
            if guardian and (notice.addressee != "parents" or guardian.student_id != notice.student_id):
                raise ValidationError(
                    self.env._("%s: this is no parent or guardian of that child.", notice.display_name)
                )
            if notice.addressee in INSIDERS and notice.partner_id:
                raise ValidationError(
                    self.env._("%s: this is told inside the program, no paper goes out.", notice.display_name)
                )

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Make notices. By hand, those who keep the register add one more body or guardian to a case (AccessError).

        What the rule says is copied; the day is that of the case's latest decision on what the rule is about.
        """
        if not is_guarded(self.env):
            allowed = BY_HAND | {"case_id", "rule_id"}
            self = without_defaults(self, self._fields.keys() - allowed)
            self._vshu_check_values(vals_list)
            for vals in vals_list:
                self._refuse_fields({key for key in vals.keys() - allowed if vals[key]})
            made = self.browse()
            for vals in vals_list:
                made |= self._create_by_hand({key: vals[key] for key in vals.keys() & allowed})
            return made
        return super().create([{"date_clock": vals.get("date_event"), **vals} for vals in vals_list])

    @api.model
    def _create_by_hand(self, vals):
        case = self.env["vshu.case"].browse(vals.get("case_id") or self.env.context.get("default_case_id"))
        rule = self.env["vshu.notice.rule"].browse(vals.get("rule_id"))
        if not case or not rule:
            raise UserError(self.env._("Choose the case, and who is told of what."))
        case.check_access("read")
        roles = case._my_roles_by_case()
        if not self.env.su and not roles[case.id] & OFFICE_ROLES:
            raise AccessError(
                self.env._(
                    "Notices are made by the decision. One more is added by the social pedagogue, the deputy head "
                    "or the head."
                )
            )
        # sudo: the right was checked for this very case
        vals = {**case.sudo()._notice_vals_by_hand(rule), **self._with_guardian(vals)}
        return guarded(self).create([vals]).with_env(self.env)

    def write(self, vals):
        """Change who is told, number, note and scans; the rest is reached by the buttons (AccessError)."""
        if not is_guarded(self.env):
            self._refuse_fields(vals.keys() - BY_HAND - THREAD)
            if TARGET & vals.keys():
                self._check_keeps()
                for notice in self:
                    if notice.state != "to_send":
                        raise UserError(
                            self.env._("%s is on its way already: whom it goes to stays.", notice.display_name)
                        )
            vals = self._with_guardian(vals)
        elif "date_event" in vals:
            vals = {"date_clock": vals["date_event"], **vals}
        res = super().write(vals)
        if "attachment_ids" in vals:
            self._settle()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A notice stays on record. One that is not needed is marked so, with the reason."))

    def _refuse_fields(self, names):
        if names:
            labels = ", ".join(
                sorted(self._fields[name]._description_string(self.env) for name in names if name in self._fields)
            )
            raise AccessError(self.env._("%s: set by the decision and by the buttons of the notice only.", labels))

    @api.model
    def _with_guardian(self, vals):
        """Return ``vals`` with the adult and the language of the guardian that they name."""
        if not vals.get("guardian_id"):
            return vals
        guardian = self.env["vshu.guardian"].browse(vals["guardian_id"])
        guardian.check_access("read")
        if not guardian._receives(self._vshu_today()):
            raise UserError(
                self.env._(
                    "%s may not receive papers today. Choose another parent or guardian, or enter the paper that gives "
                    "them the right.",
                    guardian.display_name,
                )
            )
        lang = {"lang": guardian.lang} if guardian.lang else {}
        return {**lang, **vals, "partner_id": guardian.partner_id.id}

    @api.onchange("guardian_id")
    def _onchange_guardian_id(self):
        if self.guardian_id:
            self.partner_id = self.guardian_id.partner_id
            self.lang = self.guardian_id.lang or self.lang

    # -- clocks ----------------------------------------------------------------------------------------------------

    def _deadline_links(self):
        self.ensure_one()
        return {"case_id": self.case_id.id, "reference": self.case_id.display_name}

    def _deadline_over(self):
        return self.filtered(lambda notice: notice.state == "not_needed" or notice.case_id.state == "annulled")

    def _deadline_documented(self, event):
        """The signed tear-off part or the proof of sending, and an act before two witnesses, show their own day."""
        if event == "told":
            return self.filtered(lambda notice: notice.attachment_ids or notice.state == "refused")
        return super()._deadline_documented(event)

    def _deadline_role_users(self, role_code, date):
        """Who answers for a notice: the addressee where they are told inside, else who holds the rule's role."""
        if role_code != INFORMER:
            by_case = self.case_id._deadline_role_users(role_code, date)
            return {notice.id: by_case.get(notice.case_id.id, self.env["res.users"]) for notice in self}
        users = {}
        for role, notices in self.grouped("role_id").items():
            if role.code != INFORMER:
                users.update(notices._deadline_role_users(role.code, date))
        for notice in self.filtered("user_id"):
            users[notice.id] = notice.user_id.filtered("active")
        return users

    # -- the paper -------------------------------------------------------------------------------------------------

    def _paper_lang(self):
        """Return the language of the addressee where it is set, else the school's first one."""
        self.ensure_one()
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        return self.lang if self.lang in installed else super()._paper_lang()
