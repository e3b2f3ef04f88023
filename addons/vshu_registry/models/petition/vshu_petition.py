from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_date

from ...tools.guard import is_guarded, without_defaults
from ...tools.plain_html import PlainHtml
from ..school.vshu_school import ROLE_FIELDS
from .vshu_case_petitions import OFFICE

#: written by the buttons of the letter only
GUARDED = {
    "state",
    "date_sent",
    "sent_by_id",
    "date_due",
    "date_answered",
    "answer_date",
    "answer_number",
    "answer_text",
    "answer_file_ids",
    "answered_by_id",
    "outcome",
    "reminder_of_id",
}
#: what the chatter writes
THREAD_FIELDS = {"message_follower_ids", "activity_ids", "message_main_attachment_id"}


class VshuPetition(models.Model):
    """A letter of the school to an outside body: its number, its words, its sending, the answer that is awaited.

    Serves KZ-17, RU-2.2, RU-5.1, RU-A7.6, RU-N2.2, RU-N2.5, RU-N5. Drafted by the office from the template of its kind,
    sent by those whom the kind names, locked when it is sent.
    """

    _name = "vshu.petition"
    # the clocks before the thread: they make activities, which subscribe people, when the thread is there
    _inherit = [
        "vshu.rule.mixin",
        "vshu.link.mixin",
        "vshu.deadline.mixin",
        "vshu.mail.mixin",
        "mail.activity.mixin",
        "vshu.paper.mixin",
        "vshu.petition.text",
        "vshu.petition.flow",
        "vshu.clause.mixin",
    ]
    _description = "Petition"
    _order = "date desc, id desc"
    _check_company_auto = True

    _deadline_events = {"sent": "date_sent", "answered": "date_answered"}
    _deadline_papers = ("answered",)
    _deadline_fields = ("state", "kind_id")

    case_id = fields.Many2one("vshu.case", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True, string="School")
    regulation_id = fields.Many2one(related="case_id.regulation_id")
    allowed_kind_ids = fields.Many2many("vshu.petition.kind", compute="_compute_allowed_kind_ids")
    kind_id = fields.Many2one(
        "vshu.petition.kind",
        string="What",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('id', 'in', allowed_kind_ids)]",
    )
    clause = fields.Char(string="Clause identifier", related="kind_id.clause")
    addressee = fields.Selection(related="kind_id.addressee", store=True, string="To whom")
    answer_expected = fields.Boolean(related="kind_id.answer_expected", store=True)
    lang = fields.Selection(
        selection="_get_langs", string="Language", required=True, default=lambda self: self._default_lang()
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Addressee",
        compute="_compute_addressee",
        store=True,
        readonly=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    addressee_text = fields.Text(
        string="Addressee on the letter",
        compute="_compute_addressee_text",
        store=True,
        readonly=False,
        help="As it stands in the corner of the letter: to whom, post and name, address.",
    )
    year_id = fields.Many2one(
        "vshu.school.year", compute="_compute_year_id", store=True, index=True, string="School year"
    )
    number = fields.Char(
        string="Outgoing number",
        compute="_compute_number",
        store=True,
        readonly=False,
        copy=False,
        help="The next of the school year is suggested.",
    )
    date = fields.Date(required=True, default=lambda self: self.env.company._vshu_today(), copy=False)
    subject = fields.Char(string="What it is about", compute="_compute_text", store=True, readonly=False)
    body = PlainHtml(
        string="Text", compute="_compute_text", store=True, readonly=False, sanitize_attributes=True, prefetch=False
    )
    document_ids = fields.Many2many(
        "vshu.document",
        string="Papers of the file enclosed",
        domain="[('case_id', '=', case_id), ('state', '=', 'ready'), ('type_id.sealed', '=', False)]",
    )
    enclosures = fields.Text(string="Further enclosures", help="One a line.")
    signer_id = fields.Many2one(
        "hr.employee",
        string="Who signs",
        compute="_compute_signer_id",
        store=True,
        readonly=False,
        check_company=True,
        ondelete="restrict",
    )
    channel = fields.Selection(
        [
            ("hand", "In person"),
            ("post", "By post"),
            ("mail", "By e-mail"),
            ("system", "By electronic document system"),
        ],
        string="How it is sent",
        required=True,
        default="hand",
    )
    date_sent = fields.Date(string="Sent on", readonly=True, copy=False)
    sent_by_id = fields.Many2one("res.users", string="Sent by", readonly=True, copy=False, ondelete="restrict")
    date_due = fields.Date(
        string="Answer awaited by", readonly=True, copy=False, index="btree_not_null", help="From its running clock."
    )
    date_answered = fields.Date(string="Answer received", readonly=True, copy=False)
    answer_date = fields.Date(string="Date of the answer", readonly=True, copy=False)
    answer_number = fields.Char(string="Number of the answer", readonly=True, copy=False)
    answer_text = fields.Text(string="What was answered", readonly=True, copy=False)
    answer_file_ids = fields.Many2many(
        "ir.attachment", string="Files of the answer", readonly=True, copy=False, bypass_search_access=True
    )
    answered_by_id = fields.Many2one(
        "res.users", string="Answer recorded by", readonly=True, copy=False, ondelete="restrict"
    )
    outcome = fields.Selection(
        [
            ("granted", "Granted"),
            ("partly", "Granted in part"),
            ("refused", "Refused"),
            ("forwarded", "Forwarded to another body"),
        ],
        readonly=True,
        copy=False,
    )
    reminder_of_id = fields.Many2one(
        "vshu.petition",
        string="Reminds of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    reminder_ids = fields.One2many("vshu.petition", "reminder_of_id", string="Reminders")
    assignment_ids = fields.One2many("vshu.assignment", "report_petition_id", string="Assignments reported")
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent"), ("answered", "Answered")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )

    _number_uniq = models.UniqueIndex(
        "(company_id, COALESCE(year_id, 0), number) WHERE number IS NOT NULL",
        "This outgoing number of the school year is used already: take the next one.",
    )
    _state_idx = models.Index("(company_id, state)")

    # -- computes --------------------------------------------------------------------------------------------------

    @api.model
    def _get_langs(self):
        return self.env["res.lang"].get_installed()

    @api.model
    def _default_lang(self):
        company = self.env["vshu.case"].browse(self.env.context.get("default_case_id")).company_id or self.env.company
        # sudo: the languages of the school's papers
        school = self.env["vshu.school"].sudo().browse(self.env["vshu.school"]._id_for_company(company.id))
        return next(iter(school._paper_langs()), self.env.lang or "en_US")

    @api.depends("number", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Number and date: neither a name nor what the letter is about."""
        for petition in self:
            date = format_date(self.env, petition.date) if petition.date else ""
            petition.display_name = (
                self.env._("Letter No. %(number)s of %(date)s", number=petition.number, date=date)
                if petition.number and date
                else self.env._("Letter (draft)")
            )

    @api.depends("case_id")
    def _compute_allowed_kind_ids(self):
        for petition in self:
            case = petition.case_id
            # who may not read the case learns nothing of it by filling in its number
            if case and (self.env.su or case.has_access("read")):
                petition.allowed_kind_ids = case._petition_kinds()
            else:
                petition.allowed_kind_ids = False

    @api.depends("date", "company_id")
    def _compute_year_id(self):
        for petition in self:
            petition.year_id = petition.date and self.env["vshu.school.year"]._for_date(
                petition.company_id, petition.date
            )

    @api.depends("kind_id")
    def _compute_addressee(self):
        """Suggest the body that the school wrote to last, by this kind of letter, else by one to this kind of body."""
        for petition in self:
            if not petition.kind_id or petition.partner_id or not petition.case_id or not petition._may_draft():
                continue
            petition.partner_id = petition._last_to_same().partner_id

    @api.depends("partner_id")
    def _compute_addressee_text(self):
        # the earlier ones first: a letter takes the words of the one before
        for petition in self.sorted(lambda letter: letter._origin.id or 0):
            partner = petition.partner_id
            last = petition._last_to_same() if partner and petition.case_id and petition._may_draft() else self.browse()
            if last and last.partner_id == partner:
                petition.addressee_text = last.addressee_text
            else:
                lines = [partner.name, petition._place(partner)]
                petition.addressee_text = "\n".join(filter(None, lines)) or False

    @api.depends("kind_id", "case_id")
    def _compute_number(self):
        taken = {}
        for petition in self:
            if petition.number or not petition.case_id or not petition.kind_id or not petition._may_draft():
                continue
            key = (petition.company_id.id, petition.year_id.id)
            if key not in taken:
                taken[key] = self._last_number(*key)
            taken[key] += 1
            petition.number = str(taken[key])

    @api.depends("kind_id", "case_id")
    def _compute_signer_id(self):
        for petition in self:
            if petition.kind_id and petition.company_id:
                petition.signer_id = petition._officer(petition.kind_id.signer_role_id.code)

    def _officer(self, role_code):
        """Return who holds an office of the school today, the stand-in where they are away (KZ-10)."""
        self.ensure_one()
        school = self._paper_school()
        user = school._users_for_role(role_code, self._vshu_today())[:1]
        # sudo: who holds an office is no secret; employees are readable to HR only
        found = (
            self.env["hr.employee"]
            .sudo()
            .search([("user_id", "=", user.id), ("company_id", "=", self.company_id.id)], limit=1)
            if user
            else self.env["hr.employee"]
        )
        holder = school[ROLE_FIELDS[role_code]] if role_code in ROLE_FIELDS else found
        return (found or holder).with_env(self.env)

    @api.model
    def _last_number(self, company_id, year_id):
        """Return the highest outgoing number in use, also of drafts that the user may not see; 0 where there is none.

        Numbers with letters in them do not count.
        """
        self.flush_model(["company_id", "year_id", "number"])
        rows = self.env.execute_query(
            SQL(
                """SELECT MAX(number::integer) FROM vshu_petition
                    WHERE company_id = %s AND year_id IS NOT DISTINCT FROM %s AND number ~ '^[0-9]{1,9}$'""",
                company_id,
                year_id or None,
            )
        )
        return rows[0][0] or 0

    def _last_to_same(self):
        """Return the school's last letter of this kind, or to this kind of body."""
        self.ensure_one()
        own = [("company_id", "=", self.company_id.id), ("partner_id", "!=", False), ("id", "!=", self._origin.id)]
        # sudo: to whom the school wrote last, nothing of the letter
        letters = self.env["vshu.petition"].sudo()
        found = letters.search([*own, ("kind_id", "=", self.kind_id.id)], order="id desc", limit=1)
        return found or letters.search([*own, ("addressee", "=", self.kind_id.addressee)], order="id desc", limit=1)

    # -- constraints -----------------------------------------------------------------------------------------------

    @api.constrains("kind_id", "case_id")
    def _check_condition(self):
        for petition in self:
            if petition.state == "draft":
                petition._refuse_without_condition()

    @api.constrains("document_ids", "case_id")
    def _check_enclosures(self):
        for petition in self:
            # sudo: whose paper it is, and whether it is sealed
            wrong = petition.sudo().document_ids.filtered(
                lambda d, p=petition: d.case_id != p.case_id or d.type_id.sealed or d.state != "ready"
            )
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%s: only papers of this case that are there can be enclosed, and never sealed ones.",
                        petition.display_name,
                    )
                )

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Draft letters; the rest is reached through their buttons (AccessError). The office only."""
        if not is_guarded(self.env):
            self = without_defaults(self, GUARDED)
            for vals in vals_list:
                forged = {name for name in GUARDED & vals.keys() if vals[name] and vals[name] != "draft"}
                if forged:
                    raise AccessError(self._guard_message(forged))
                # the web client sends every field of the form
                for name in GUARDED & vals.keys():
                    del vals[name]
        self._vshu_check_values(vals_list)
        for vals in vals_list:
            if vals.get("number") and vals.get("case_id"):
                # sudo: which school it is; the right on the case is checked next
                company = self.env["vshu.case"].sudo().browse(vals["case_id"]).company_id
                day = fields.Date.to_date(vals.get("date")) or company._vshu_today()
                self._refuse_taken(company, day, vals["number"])
        petitions = super().create(vals_list)
        petitions._enclose_wanted()
        return petitions

    def write(self, vals):
        """Change drafts; a letter that was sent stays as it was (UserError)."""
        if not is_guarded(self.env):
            if GUARDED & vals.keys():
                raise AccessError(self._guard_message(GUARDED & vals.keys()))
            sent = self.filtered(lambda petition: petition.state != "draft")
            if sent and vals.keys() - THREAD_FIELDS:
                raise UserError(
                    self.env._(
                        "%s has been sent and stays as it was. Write another letter where something is to be added.",
                        sent[0].display_name,
                    )
                )
            if "case_id" in vals and any(petition.case_id.id != vals["case_id"] for petition in self):
                raise UserError(self.env._("A letter stays with its case: draft another one for the other case."))
        if {"number", "date"} & vals.keys():
            for petition in self:
                number = vals.get("number", petition.number)
                day = fields.Date.to_date(vals.get("date")) or petition.date
                if number:
                    petition._refuse_taken(petition.company_id, day, number, petition.id)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for petition in self:
            if petition.state != "draft":
                raise UserError(self.env._("%s has been sent and stays on record.", petition.display_name))

    @api.model
    def _refuse_taken(self, company, date, number, own_id=False):
        """Raise ValidationError where a number is used already in the school year of ``date``, naming the next one.

        Two at the same moment meet at the unique index behind this.
        """
        year = self.env["vshu.school.year"]._for_date(company, date)
        domain = [("company_id", "=", company.id), ("year_id", "=", year.id), ("number", "=", number)]
        # sudo: that a number is used is told, not where
        if self.sudo().search_count([*domain, ("id", "!=", own_id)], limit=1):
            raise ValidationError(
                self.env._(
                    "The outgoing number %(number)s is used already in the school year %(year)s. "
                    "The next free one is %(next)s.",
                    number=number,
                    year=year.name or "-",
                    next=self._last_number(company.id, year.id) + 1,
                )
            )

    def _guard_message(self, names):
        labels = ", ".join(sorted(self._fields[name]._description_string(self.env) for name in names))
        return self.env._("%s: changed by the buttons of the letter only, which check right and state.", labels)

    def _enclose_wanted(self):
        """Enclose what the kind of letter asks for, the latest of each kind of paper that is there."""
        for petition in self:
            if petition.document_ids or not petition.kind_id.document_type_ids:
                continue
            # sudo: the office drafts the letter and reads the papers of the case; sealed ones are left out
            ready = petition.sudo().case_id.document_ids.filtered(lambda d: d.state == "ready" and not d.type_id.sealed)
            chosen = self.env["vshu.document"]
            for doctype in petition.kind_id.document_type_ids:
                chosen |= ready.filtered(lambda d, t=doctype: d.type_id == t).sorted("date")[-1:]
            if chosen:
                petition.document_ids = chosen.with_env(self.env)

    # -- clocks, paper ---------------------------------------------------------------------------------------------

    def _deadline_sync(self):
        """Bring the clocks in step, and the day of the awaited answer with them: the calendar shows it."""
        res = super()._deadline_sync()
        petitions = self.sudo().exists()  # sudo: kept by the system, whoever causes the event
        petitions._keep_date_due()
        return res

    def _deadline_links(self):
        self.ensure_one()
        numbers = [f"№ {self.number}" if self.number else "", self.case_id.display_name]
        return {"case_id": self.case_id.id, "reference": " · ".join(filter(None, numbers))}

    def _paper_lang(self):
        self.ensure_one()
        return self.lang or super()._paper_lang()

    @api.model
    def _office_roles(self):
        return OFFICE

    def _deadline_documented(self, event):
        """The answer is a paper with a number and a date of its own."""
        if event == "answered":
            return self.filtered(lambda letter: letter.answer_number and letter.answer_date)
        return super()._deadline_documented(event)
