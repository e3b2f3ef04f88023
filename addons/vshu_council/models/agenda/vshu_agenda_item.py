from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.vshu_registry.tools.guard import guarded, is_guarded

TOPICS = [
    ("placement", "Placement"),
    ("removal", "Removal"),
    ("term", "End of the term: extension or removal"),
    ("progress", "Progress of the work"),
    ("other", "Other matter"),
]
#: states in which a case is on the way to the council
OPEN = ("waiting", "scheduled", "decided")
#: what comes up by itself, and is not made by hand
BY_ITSELF = ("placement", "removal", "term")
#: what the secretary writes while the council sits
KEPT = {
    "summary",
    "speech_ids",
    "vote_mode",
    "count_for",
    "count_against",
    "count_abstained",
    "casting_for",
    "vote_ids",
    "excluded_ids",
    "excluded_reason",
    "kind_id",
    "decision_text",
    "months",
    "date_end",
    "curator_id",
    "curator_act_number",
    "curator_act_date",
    "watch_until",
    "review_date",
    "removal_reason_id",
    "ground_id",
    "petition_kind_id",
    "next_date",
    "assignment_ids",
    "note",
    "remark",
    "reprimand",
}


class VshuAgendaItem(models.Model):
    """A matter that waits for the council, stands on an agenda, is heard and decided (KZ-4, KZ-13, RU-5.2).

    Submitted cases, proposed removals and terms that run out come up by themselves; other matters are added by hand.
    """

    _name = "vshu.agenda.item"
    _inherit = [
        "vshu.guard.mixin",
        "vshu.rule.mixin",
        "vshu.link.mixin",
        "vshu.agenda.papers",
        "vshu.agenda.decision",
        "vshu.agenda.voting",
        "vshu.agenda.hearing",
    ]
    _description = "Item of an agenda"
    _order = "meeting_id, sequence, date_due, id"
    _check_company_auto = True

    _rec_names_search = ["title", "case_id"]
    _guarded_fields = {
        "state": "waiting",
        "decision_id": False,
        "withdrawn_reason": False,
        "no_papers_by_id": False,
        "no_papers_date": False,
        "no_papers_reason": False,
        "date_due": False,
        "agenda_number": 0,
        "presided_id": False,
        "kept_id": False,
    }

    company_id = fields.Many2one(
        "res.company", string="School", required=True, index=True, default=lambda self: self.env.company
    )
    meeting_id = fields.Many2one("vshu.meeting", index=True, ondelete="set null", check_company=True, copy=False)
    meeting_state = fields.Selection(related="meeting_id.state", string="State of the meeting")
    sequence = fields.Integer(default=10)
    number = fields.Integer(string="№", compute="_compute_number")
    agenda_number = fields.Integer(
        string="№ on the agenda", readonly=True, copy=False, aggregator=None, help="Fixed when the sitting opens."
    )
    topic = fields.Selection(TOPICS, required=True, default="other")
    case_id = fields.Many2one("vshu.case", index=True, ondelete="restrict", check_company=True)
    # with the reader's rights: a form can be filled with any id and asked for what follows from it
    student_id = fields.Many2one(related="case_id.student_id", related_sudo=False)
    family_id = fields.Many2one(related="case_id.family_id", related_sudo=False)
    class_id = fields.Many2one(related="case_id.class_id", related_sudo=False)
    case_ground_id = fields.Many2one(related="case_id.ground_id", string="Ground", related_sudo=False)
    title = fields.Char(string="What it is about", help="For other matters. No names of children: it stands on lists.")
    state = fields.Selection(
        [
            ("waiting", "Waits"),
            ("scheduled", "On the agenda"),
            ("decided", "Decided, to be signed"),
            ("done", "Carried out"),
            ("withdrawn", "Taken off"),
        ],
        required=True,
        default="waiting",
        readonly=True,
        copy=False,
        index=True,
    )
    date_due = fields.Date(
        string="To be considered by",
        readonly=True,
        copy=False,
        help="By the clock of the submission, or the end of the term.",
    )
    reporter_id = fields.Many2one("hr.employee", string="Reports", check_company=True, ondelete="restrict")
    withdrawn_reason = fields.Text(readonly=True, copy=False)
    note = fields.Text(help="For the register of decisions.")
    remark = fields.Boolean(help="For the register of decisions.")
    reprimand = fields.Boolean(help="For the register of decisions.")
    can_withdraw = fields.Boolean(compute="_compute_can_withdraw", export_string_translation=False)

    _case_once = models.UniqueIndex(
        "(case_id, topic) WHERE case_id IS NOT NULL AND state IN ('waiting', 'scheduled', 'decided')",
        "This case is on the way to the council already with the same question.",
    )
    _waiting_idx = models.Index("(company_id, state, date_due)")

    # -- computes --------------------------------------------------------------------------------------------------

    @api.depends("meeting_id.item_ids.sequence", "meeting_id.item_ids.state", "sequence", "state", "agenda_number")
    def _compute_number(self):
        numbers = {}
        for meeting in self.meeting_id:
            # sudo: the place in the agenda; a reader of one item may not see the others
            items = (
                meeting.sudo()
                .item_ids.filtered(lambda item: item.state != "withdrawn")
                .sorted(lambda item: (item.sequence, item.date_due or item._vshu_today(), item._origin.id or 0))
            )
            numbers.update({item._origin.id: number for number, item in enumerate(items, 1)})
        for item in self:
            item.number = item.agenda_number or numbers.get(item._origin.id, 0)

    @api.depends_context("uid")
    @api.depends("state", "topic", "meeting_id.can_prepare", "company_id")
    def _compute_can_withdraw(self):
        roles = self.env["vshu.role"]._my_roles(self.company_id)
        codes = self.env["vshu.regulation"]._council_codes("preparing", self.company_id)
        for item in self:
            office = self.env.su or roles.get(item.company_id.id, set()) & codes.get(item.company_id.id, set())
            # what came up by itself and still waits goes off the list by itself, too
            takes_off = item.meeting_id.can_prepare if item.meeting_id else item.topic not in BY_ITSELF
            item.can_withdraw = bool(item._origin and office and takes_off and item.state in ("waiting", "scheduled"))

    @api.depends_context("lang")
    @api.depends("topic", "case_id", "title")
    def _compute_display_name(self):
        """The matter and the number of the case, never a name."""
        topics = dict(self._fields["topic"]._description_selection(self.env))
        for item in self:
            what = topics.get(item.topic, "")
            if item.case_id:
                # sudo: the number of the case, which tells nothing of the child; nothing else of it gets into the cache
                case = item.sudo().case_id.with_context(prefetch_fields=False)
                what = self.env._("%(topic)s, case %(case)s", topic=what, case=case.display_name)
            elif item.title:
                what = item.title
            item.display_name = what

    # -- constraints, CRUD -----------------------------------------------------------------------------------------

    @api.constrains("topic", "case_id", "title")
    def _check_matter(self):
        for item in self:
            if not item.case_id and item.topic != "other":
                raise ValidationError(self.env._("Choose the case that the council is to hear, or “Other matter”."))
            if not item.case_id and not (item.title or "").strip():
                raise ValidationError(self.env._("Write what the matter is about."))

    @api.model_create_multi
    def create(self, vals_list):
        """Put matters before the council; placements, removals and terms come up by themselves (UserError).

        The office only (AccessError).
        """
        self = self._guard_create(vals_list)
        if not is_guarded(self.env):
            topic = self.env.context.get("default_topic")
            for vals in vals_list:
                if vals.get("topic", topic) in BY_ITSELF:
                    raise UserError(
                        self.env._(
                            "This comes up by itself once the case is submitted, its removal proposed or its term near "
                            "its end. Add the progress of the work, or another matter."
                        )
                    )
        items = super().create(vals_list)
        if not is_guarded(self.env):
            items._check_prepare()
            items._refresh_due()
            items.filtered("meeting_id")._joined()
        return items

    def write(self, vals):
        """Change what the state lets change: the agenda while it is prepared, hearing and decision while it sits."""
        if not is_guarded(self.env):
            self._check_guarded(self._guarded_fields.keys() & vals.keys())
            if not self.env.su:
                self._check_change(vals)
            if "meeting_id" in vals:
                # whoever was invited to the convened meeting is told that it does not hold for them (KZ-9)
                on_convened = self.filtered(lambda item: item.meeting_id.state == "convened")
                on_convened.filtered(lambda item: item.meeting_id.id != vals["meeting_id"])._take_back_hearing(
                    tell=True
                )
        res = super().write(vals)
        if "meeting_id" in vals and not is_guarded(self.env):
            self._joined()
        return res

    def _check_change(self, vals):
        if {"case_id", "company_id", "topic"} & vals.keys() and any(item.state != "waiting" for item in self):
            raise UserError(self.env._("What is on an agenda stays what it is: take it off and add another matter."))
        kept = self._kept()
        if vals.keys() & kept:
            self._check_keep()
        if vals.keys() - kept:
            self._check_prepare()
            if "meeting_id" in vals:
                if any(item.state not in ("waiting", "scheduled") for item in self):
                    raise UserError(self.env._("What has been decided stays with its meeting."))
                self.env["vshu.meeting"].browse(vals["meeting_id"] or [])._check_flag("can_prepare")

    @api.model
    def _kept(self):
        """Return the names of the fields that are written while the council sits. Other addons add theirs."""
        return KEPT

    def _check_prepare(self):
        """Raise AccessError for whoever does not prepare agendas, UserError where the meeting sits already."""
        if self.env.su:
            return
        self.env["vshu.meeting"]._check_office_of(self.company_id)
        for meeting in self.meeting_id:
            meeting._check_flag("can_prepare")

    def _check_keep(self):
        """Raise where hearing and decision are not written now, or not by this user (KZ-13)."""
        if self.env.su:
            return
        for item in self:
            if not item.meeting_id:
                raise UserError(self.env._("%s is on no agenda yet.", item.display_name))
            if item.state not in ("scheduled", "decided"):
                raise UserError(self.env._("%s has been carried out and stays as it is.", item.display_name))
        self.meeting_id._check_flag("can_keep")
        locked = self.filtered(lambda item: item.state == "decided")
        if locked:
            raise UserError(
                self.env._("%s is decided: press “Open again” before it is changed.", locked[0].display_name)
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_by_hand(self):
        for item in self:
            if item.topic in BY_ITSELF or item.state != "waiting":
                raise UserError(
                    self.env._("%s stays on record: take it off the agenda with the reason instead.", item.display_name)
                )
        self._check_prepare()

    # -- on and off the agenda -------------------------------------------------------------------------------------

    def _put_on(self, meeting):
        """Put waiting items on the agenda of a meeting that is prepared, the most urgent first."""
        ordered = self.sorted(lambda item: (not item.date_due, item.date_due or meeting.date_day, item.id))
        for position, item in enumerate(ordered):
            guarded(item.sudo()).write(  # sudo: the right to prepare was checked by the caller
                {"meeting_id": meeting.id, "state": "scheduled", "sequence": 10 * (position + 1)}
            )
        ordered._joined()

    def _joined(self):
        """Follow up on items whose meeting was set by hand: state, hearing, who must be invited."""
        for item in self:
            state = "scheduled" if item.meeting_id else "waiting"
            if item.state in ("waiting", "scheduled") and item.state != state:
                guarded(item.sudo()).write({"state": state})  # sudo: the right to prepare was checked by write
        convened = self.filtered(lambda item: item.meeting_id.state == "convened")
        for meeting, items in convened.grouped("meeting_id").items():
            if meeting._late_papers_refused() and set(items) & set(meeting._late_papers()):
                raise UserError(
                    self.env._("%(meeting)s: %(text)s", meeting=meeting.display_name, text=meeting._late_papers_text())
                )
            meeting._invite_specialists(items)
            items._set_hearing(meeting.date_day)

    def _back_to_waiting(self):
        """Let items wait for the next meeting; what was noted of the hearing stays with them."""
        items = guarded(self.sudo())  # sudo: the caller has checked the right on the meeting
        items.write(
            {"meeting_id": False, "state": "waiting", "agenda_number": 0, "presided_id": False, "kept_id": False}
        )

    def action_withdraw(self):
        """Ask for the reason and take the item off. Returns the dialog; raises as preparing an agenda does."""
        self.ensure_one()
        self._check_withdraw()
        return self.env["vshu.council.reason"]._open("withdraw", item_id=self.id)

    def _check_withdraw(self):
        self.ensure_one()
        if self.state not in ("waiting", "scheduled"):
            raise UserError(self.env._("%s is decided: it is not taken off any more.", self.display_name))
        self._check_prepare()

    def _withdraw(self, reason):
        """Take the item off with the reason; a case that still waits comes up again by itself for another meeting.

        Raises AccessError for whoever does not prepare agendas, UserError where it is decided or without reason.
        """
        self._check_withdraw()
        if not (reason or "").strip():
            raise UserError(self.env._("%s: write why it is taken off.", self.display_name))
        item = guarded(self.sudo())  # sudo: right and state were checked for this very item
        case, was_on = item.case_id, item.meeting_id
        if was_on.state == "convened":
            item._take_back_hearing(tell=True)
        if case and item.topic in BY_ITSELF and was_on:
            item.write({"meeting_id": False, "state": "waiting", "withdrawn_reason": reason})
        elif case and item.topic in BY_ITSELF:
            raise UserError(
                self.env._(
                    "%s waits by itself: it goes off the list once the case is decided or the proposal withdrawn.",
                    self.display_name,
                )
            )
        else:
            item.write({"state": "withdrawn", "withdrawn_reason": reason})
        return True

    def action_open_case(self):
        """Open the case of the item; the user's own rights apply there. Returns an act_window."""
        self.ensure_one()
        if not self.case_id:
            raise UserError(self.env._("%s is about no case.", self.display_name))
        return self.case_id.action_open()

    def action_open_meeting(self):
        """Open the meeting of the item; the user's own rights apply there. Returns an act_window."""
        self.ensure_one()
        if not self.meeting_id:
            raise UserError(self.env._("%s is on no agenda yet.", self.display_name))
        return self.meeting_id.action_open()

    def action_open(self):
        """Open the item. Returns an act_window; AccessError where the user may not read it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
