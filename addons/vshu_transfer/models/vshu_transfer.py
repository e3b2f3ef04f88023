from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.vshu_registry.models.regulation.vshu_ground import SUBJECTS
from odoo.addons.vshu_registry.tools.guard import is_guarded

from ..tools import transfer_package

STATES = [
    ("draft", "To be sent"),
    ("sent", "Sent, receipt awaited"),
    ("arrived", "Arrived, to be confirmed"),
    ("received", "Received"),
    ("refused", "Refused"),
    ("cancelled", "Cancelled"),
]
#: states in which a case has one hand-over, and no second one is made
LIVE_STATES = ("draft", "sent", "received")
#: what people write, by direction and state; all else is written by the buttons
EDITABLE = {
    ("out", "draft"): {
        "receiver_id",
        "number",
        "lang",
        "summary",
        "recommendation",
        "guardians_consent",
        "paper_ids",
    },
    ("in", "arrived"): {"student_id", "family_id"},
    ("in", "received"): {"student_id", "family_id"},
}
#: written by the thread and by activities
THREAD = {"message_follower_ids", "activity_ids", "message_main_attachment_id", "message_ids"}


class VshuTransfer(models.Model):
    """The record of the work, handed over to the school that the pupil goes to, or come from the former one (KZ-20,
    RU-N2.6)."""

    _name = "vshu.transfer"
    # the clocks before the thread: they make activities, which subscribe people, when the thread is there
    _inherit = [
        "vshu.rule.mixin",
        "vshu.link.mixin",
        "vshu.deadline.mixin",
        "vshu.mail.mixin",
        "mail.activity.mixin",
        "vshu.paper.mixin",
        "vshu.transfer.flow",
        "vshu.transfer.receipt",
        "vshu.transfer.content",
        "vshu.transfer.words",
        "vshu.transfer.incoming",
    ]
    _description = "Hand-over of the record"
    _order = "id desc"
    _check_company_auto = True

    _deadline_events = {
        "closed": "date_closed",
        "sent": "date_sent",
        "arrived": "date_arrived",
        "received": "date_received",
    }
    _deadline_fields = ("state", "direction", "regulation_id")

    name = fields.Char(string="Reference", required=True, readonly=True, default="/", copy=False)
    company_id = fields.Many2one(
        "res.company", string="School", required=True, index=True, default=lambda self: self.env.company
    )
    direction = fields.Selection(
        [("out", "To another school"), ("in", "From another school")], required=True, default="out", readonly=True
    )
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, group_expand="_group_expand_state"
    )
    regulation_id = fields.Many2one("vshu.regulation", required=True, readonly=True, index=True, ondelete="restrict")
    case_id = fields.Many2one(
        "vshu.case", readonly=True, index="btree_not_null", check_company=True, ondelete="restrict"
    )
    student_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('vshu_is_student', '=', True), ('vshu_company_ids', 'in', company_id)]",
    )
    family_id = fields.Many2one("vshu.family", index="btree_not_null", check_company=True, ondelete="restrict")
    subject_name = fields.Char(string="Who", readonly=True, help="As the sending school wrote it.")
    receiver_id = fields.Many2one(
        "res.partner",
        string="To the school",
        domain="[('is_company', '=', True)]",
        ondelete="restrict",
        index="btree_not_null",
        help="The school that the pupil goes to, from the contacts.",
    )
    receiver_company_id = fields.Many2one(
        "res.company", string="School of this database", readonly=True, copy=False, index="btree_not_null"
    )
    in_house = fields.Boolean(
        compute="_compute_in_house",
        help="The receiving school keeps its register in this database: the record goes to it straight.",
    )
    subject = fields.Selection(SUBJECTS, compute="_compute_subject")
    sender_name = fields.Char(string="From the school", readonly=True)
    number = fields.Char(
        string="Number of the letter", copy=False, help="Outgoing number, as in the school's register."
    )
    lang = fields.Selection(
        selection="_selection_lang", string="Language of the paper", default=lambda self: self._default_lang()
    )
    summary = fields.Text(string="Work done and its result")
    recommendation = fields.Text(string="Advice to the new school")
    guardians_consent = fields.Boolean(
        string="Parents agree that their phones are passed on",
        help="Without their consent neither names nor phones of parents go to the other school.",
    )
    noted = fields.Boolean(
        string="Noted by hand", readonly=True, help="It went on paper; the program only notes the dates."
    )
    paper_ids = fields.One2many("vshu.transfer.paper", "transfer_id", string="Papers")
    sheet_count = fields.Integer(string="Sheets", compute="_compute_papers")
    sealed_count = fields.Integer(string="Sealed papers", compute="_compute_papers")
    sealed_included = fields.Integer(string="Sealed papers that go with it", compute="_compute_papers")
    sealed_number = fields.Char(string="Head's decision, number", readonly=True, copy=False)
    sealed_date = fields.Date(string="Head's decision, date", readonly=True, copy=False)
    sealed_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, copy=False)
    date_closed = fields.Date(string="Stay ended on", readonly=True, copy=False)
    date_sent = fields.Date(string="Sent on", readonly=True, copy=False)
    date_arrived = fields.Date(string="Arrived on", readonly=True, copy=False)
    date_received = fields.Date(string="Receipt confirmed on", readonly=True, copy=False)
    receipt_number = fields.Char(
        string="Letter of the receiving school", readonly=True, copy=False, help="Where the receipt came on paper."
    )
    refusal_reason = fields.Text(string="Why it was refused", readonly=True, copy=False)
    control_code = fields.Char(
        compute="_compute_codes",
        help="Stands on the paper; the receiving school types it in, and compares it with the sender by telephone.",
    )
    receipt_code = fields.Char(compute="_compute_codes", help="Stands on the receipt; the sending school types it in.")
    content = fields.Html(compute="_compute_content", sanitize=False, string="Record of the work")
    opened_case_id = fields.Many2one(
        "vshu.case", string="Case opened here", readonly=True, copy=False, check_company=True, ondelete="set null"
    )
    # what was sent or has come, word by word; shown by `content`, handed out by the buttons only
    payload = fields.Json(groups=fields.NO_ACCESS, copy=False)
    file = fields.Binary(groups=fields.NO_ACCESS, attachment=True, copy=False)
    digest = fields.Char(groups=fields.NO_ACCESS, copy=False)
    uid = fields.Char(groups=fields.NO_ACCESS, copy=False, index="btree_not_null")

    # a refused or annulled one makes room: a file that was forged must not keep the right one out
    _uid_uniq = models.UniqueIndex(
        "(company_id, direction, uid) WHERE uid IS NOT NULL AND state NOT IN ('refused', 'cancelled')",
        "This record is here already.",
    )
    _one_live = models.UniqueIndex(
        "(case_id) WHERE direction = 'out' AND state IN ('draft', 'sent', 'received')",
        "The record of this case is being handed over already.",
    )
    _state_idx = models.Index("(company_id, direction, state)")

    # -- computes --------------------------------------------------------------------------------------------------

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.model
    def _default_lang(self):
        # sudo: the languages of the school's papers
        school = self.env["vshu.school"].sudo()._by_company(self.env.company).get(self.env.company.id)
        return next(iter(school._paper_langs() if school else []), self.env.lang or "en_US")

    @api.depends("name")
    def _compute_display_name(self):
        for transfer in self:
            transfer.display_name = self.env._("Hand-over %s", transfer.name)

    @api.model
    def _group_expand_state(self, states, domain):
        """Columns of the kanban in the order of the way that a record goes."""
        return [state for state, _label in STATES if state in states]

    @api.depends("state")
    def _compute_subject(self):
        # sudo: whether it is about a student or a family
        for transfer, source in zip(self, self.sudo(), strict=True):
            told = ((source.payload or {}).get("subject") or {}).get("kind")
            transfer.subject = "family" if told == "family" or source.case_id.subject == "family" else "student"

    @api.depends("paper_ids.included", "paper_ids.sheets", "paper_ids.sealed")
    def _compute_papers(self):
        # sudo: how many papers and sheets there are; a sealed one is seen to be there
        papers = self.env["vshu.transfer.paper"].sudo()
        groups = papers._read_group(
            [("transfer_id", "in", self.ids)], ["transfer_id", "sealed", "included"], ["__count", "sheets:sum"]
        )
        found = {}
        for transfer, sealed, included, count, sheets in groups:
            found.setdefault(transfer.id, []).append((sealed, included, count, sheets))
        for transfer in self:
            rows = found.get(transfer._origin.id, [])
            transfer.sheet_count = sum(sheets or 0 for _sealed, included, _count, sheets in rows if included)
            transfer.sealed_count = sum(count for sealed, _included, count, _sheets in rows if sealed)
            transfer.sealed_included = sum(count for sealed, included, count, _s in rows if sealed and included)

    @api.depends("receiver_id", "receiver_company_id")
    def _compute_in_house(self):
        companies = self._receiver_companies()
        for transfer in self:
            transfer.in_house = bool(transfer.receiver_company_id or companies.get(transfer.receiver_id._origin.id))

    @api.depends("state")
    def _compute_codes(self):
        # sudo: the codes come from what nobody reads; they are shown to who reads the hand-over itself
        for transfer, source in zip(self, self.sudo(), strict=True):
            digest = source.digest
            out = transfer.direction == "out"
            transfer.control_code = digest and transfer_package.code_of(digest)
            given = digest and not out and transfer.state == "received"
            transfer.receipt_code = given and transfer_package.receipt_code_of(digest)

    @api.depends_context("lang")
    @api.depends("state", "summary", "recommendation", "guardians_consent", "paper_ids")
    def _compute_content(self):
        for transfer in self:
            transfer.content = transfer._sections_html() if transfer._origin else False

    # -- constraints -----------------------------------------------------------------------------------------------

    @api.constrains("receiver_id", "company_id")
    def _check_receiver(self):
        for transfer in self:
            # sudo: only whether the contact is the school itself
            if transfer.direction == "out" and transfer.receiver_id == transfer.company_id.sudo().partner_id:
                raise ValidationError(
                    self.env._("%s: the record goes to another school, not to our own.", transfer.display_name)
                )

    @api.constrains("student_id", "family_id")
    def _check_subject(self):
        for transfer in self.filtered(lambda t: t.direction == "in"):
            # sudo: where the student is enrolled, for a student whom the user has chosen
            if transfer.student_id and transfer.company_id not in transfer.student_id.sudo().vshu_company_ids:
                raise ValidationError(
                    self.env._("%s: choose a student of this school.", transfer.display_name),
                )

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Hand-overs are made by the case's buttons and by reading a file in, not by hand (AccessError)."""
        if not is_guarded(self.env):
            raise AccessError(
                self.env._("A hand-over is prepared on the case, or read in from the file of the other school.")
            )
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                # sudo: a number tells nothing
                vals["name"] = (
                    self.env["ir.sequence"].sudo().with_company(vals["company_id"]).next_by_code("vshu.transfer") or "/"
                )
        return super().create(vals_list)

    def write(self, vals):
        """Change what is still to be sent, and whom a record that came is about; the rest is done by the buttons."""
        if not is_guarded(self.env):
            names = vals.keys() - THREAD
            for transfer in self if names else ():
                fixed = names - EDITABLE.get((transfer.direction, transfer.state), set())
                if fixed:
                    raise UserError(
                        self.env._(
                            "%(transfer)s is “%(state)s”: %(fields)s can no longer be changed.",
                            transfer=transfer.display_name,
                            state=transfer._state_label(),
                            fields=", ".join(
                                sorted(
                                    self._fields[n]._description_string(self.env) for n in fixed if n in self._fields
                                )
                            ),
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for transfer in self:
            if transfer.state != "draft":
                raise UserError(self.env._("%s stays on record.", transfer.display_name))
            if transfer.date_closed:
                raise UserError(
                    self.env._("%s: the stay has ended, so the record is to be handed over.", transfer.display_name)
                )

    # -- clocks, paper -----------------------------------------------------------------------------------------------

    def _deadline_links(self):
        self.ensure_one()
        return {"case_id": self.case_id.id, "reference": self.name}

    def _deadline_over(self):
        return self.filtered(lambda transfer: transfer.state in ("refused", "cancelled"))

    def _paper_lang(self):
        """Return the language chosen for the paper, else the school's first one."""
        self.ensure_one()
        return self.lang or super()._paper_lang()

    def _state_label(self):
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]
