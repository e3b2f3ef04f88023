import pytz
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import is_guarded

STATES = [
    ("draft", "Being prepared"),
    ("convened", "Convened"),
    ("sitting", "Sitting"),
    ("held", "Held, minutes to be signed"),
    ("signed", "Minutes signed"),
    ("not_held", "Not held"),
    ("cancelled", "Called off"),
]
#: what is changed while the meeting is prepared
PREPARED = {"date", "duration", "place", "decision_number", "decision_date", "council_id", "company_id"}
#: what is kept while it sits, until the first signature
SAT = {
    "presiding_id",
    "secretary_id",
    "presiding_for",
    "presiding_against",
    "presiding_abstained",
    "secretary_for",
    "secretary_against",
    "secretary_abstained",
}


class VshuMeeting(models.Model):
    """A meeting of the prevention council: prepared, convened, held, its minutes signed (KZ-5, KZ-8, KZ-9, KZ-11,
    KZ-13, RU-5.2)."""

    _name = "vshu.meeting"
    _inherit = [
        "vshu.guard.mixin",
        "vshu.rule.mixin",
        "vshu.link.mixin",
        # before the thread: clocks make activities, which subscribe people, when the thread is there
        "vshu.deadline.mixin",
        "vshu.mail.mixin",
        "mail.activity.mixin",
        "vshu.paper.mixin",
        "vshu.meeting.plan",
        "vshu.meeting.flow",
        "vshu.meeting.sitting",
        "vshu.meeting.papers",
    ]
    _description = "Meeting of the council"
    _order = "date desc, id desc"
    _check_company_auto = True

    _guarded_fields = {
        "state": "draft",
        "open_from": False,
        "open_until": False,
        "date_convened": False,
        "convened_by_id": False,
        "date_held": False,
        "date_signed": False,
        "end_reason": False,
        "moved_reason": False,
        "event_id": False,
        "regulation_id": False,
        "whole_count": 0,
        "postponed_text": False,
        "short_reason": False,
        "short_by_id": False,
    }
    _rec_names_search = ["place", "decision_number", "minutes_ids"]
    _deadline_events = {"meeting": "date_day", "held": "date_held", "signed": "date_signed"}
    _deadline_planned = ("meeting",)
    _deadline_papers = ("held",)
    _deadline_fields = ("state", "date")

    company_id = fields.Many2one(
        "res.company", string="School", required=True, index=True, default=lambda self: self.env.company
    )
    regulation_id = fields.Many2one("vshu.regulation", readonly=True, index=True, ondelete="restrict")
    council_id = fields.Many2one(
        "vshu.council",
        compute="_compute_council_id",
        store=True,
        precompute=True,
        compute_sudo=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Datetime(string="Day and time", required=True, default=lambda self: self._default_date())
    date_day = fields.Date(string="Day", compute="_compute_date_day", store=True, precompute=True, index=True)
    date_end = fields.Datetime(string="Ends", compute="_compute_date_end", store=True, precompute=True)
    duration = fields.Float(string="Hours", default=1.5, required=True)
    place = fields.Char(string="Where it meets", default=lambda self: self._default_place())
    lang = fields.Selection(
        "_get_langs",
        string="Language of the papers",
        required=True,
        default=lambda self: self._default_lang(),
        help="Of the minutes, the extracts and the invitations, whoever writes or prints them.",
    )
    decision_number = fields.Char(
        string="Decision to convene, number", help="The administration decides to convene the council."
    )
    decision_date = fields.Date(string="Decision to convene, date")
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, tracking=True, group_expand=True
    )
    date_convened = fields.Date(string="Convened on", readonly=True, copy=False)
    convened_by_id = fields.Many2one("res.users", string="Convened by", readonly=True, copy=False)
    date_held = fields.Date(string="Held on", readonly=True, copy=False)
    date_signed = fields.Date(string="Minutes signed on", readonly=True, copy=False)
    end_reason = fields.Text(string="Why it was not held", readonly=True, copy=False)
    open_from = fields.Date(readonly=True, copy=False, help="From this day the members see the cases on the agenda.")
    open_until = fields.Date(readonly=True, copy=False, help="After this day they do not any more.")
    moved_reason = fields.Text(string="Why it was moved", readonly=True, copy=False)
    event_id = fields.Many2one("calendar.event", readonly=True, copy=False, ondelete="set null", index="btree_not_null")
    participant_ids = fields.One2many("vshu.meeting.participant", "meeting_id", string="Participants")
    member_ids = fields.One2many(
        "vshu.meeting.participant", "meeting_id", string="Members", domain=[("kind", "=", "member")]
    )
    guest_ids = fields.One2many(
        "vshu.meeting.participant", "meeting_id", string="Invited", domain=[("kind", "!=", "member")]
    )
    item_ids = fields.One2many("vshu.agenda.item", "meeting_id", string="Agenda")
    item_count = fields.Integer(string="Items", compute="_compute_counts")
    decided_count = fields.Integer(string="Decided", compute="_compute_counts")
    papers_missing_count = fields.Integer(string="Items without their papers", compute="_compute_counts")
    minutes_ids = fields.One2many("vshu.minutes", "meeting_id")
    minutes_id = fields.Many2one("vshu.minutes", string="Minutes in force", compute="_compute_minutes_id")
    presiding_id = fields.Many2one(
        "vshu.meeting.participant",
        string="Presides",
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        domain="[('meeting_id', '=', id), ('kind', '=', 'member')]",
    )
    presiding_for = fields.Integer(string="Election: for", copy=False)
    presiding_against = fields.Integer(string="Election: against", copy=False)
    presiding_abstained = fields.Integer(string="Election: abstained", copy=False)
    secretary_id = fields.Many2one(
        "vshu.meeting.participant",
        string="Keeps the minutes",
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        domain="[('meeting_id', '=', id), ('kind', '=', 'member')]",
    )
    secretary_for = fields.Integer(string="Election of the secretary: for", copy=False)
    secretary_against = fields.Integer(string="Election of the secretary: against", copy=False)
    secretary_abstained = fields.Integer(string="Election of the secretary: abstained", copy=False)

    _duration_positive = models.Constraint("CHECK(duration > 0)", "A meeting lasts longer than nothing: set its hours.")

    # -- computes --------------------------------------------------------------------------------------------------

    @api.model
    def _default_date(self):
        return fields.Datetime.now().replace(minute=0, second=0, microsecond=0)

    @api.model
    def _default_place(self):
        last = self.search([("company_id", "=", self.env.company.id), ("place", "!=", False)], limit=1)
        return last.place

    @api.model
    def _get_langs(self):
        return self.env["res.lang"].get_installed()

    @api.model
    def _default_lang(self):
        """That of the last meeting, else that of the school's papers."""
        last = self.search([("company_id", "=", self.env.company.id)], limit=1)
        return last.lang or self.env["vshu.council"]._default_lang()

    @api.depends("company_id", "date")
    def _compute_council_id(self):
        for meeting in self:
            if meeting.state in ("held", "signed"):
                continue
            day = meeting._day_of(meeting.date)
            meeting.council_id = self.env["vshu.council"]._on_date(meeting.company_id, day) if day else False

    @api.depends("date", "company_id")
    def _compute_date_day(self):
        for meeting in self:
            meeting.date_day = meeting._day_of(meeting.date)

    @api.depends("date", "duration")
    def _compute_date_end(self):
        for meeting in self:
            meeting.date_end = fields.Datetime.add(meeting.date, hours=meeting.duration) if meeting.date else False

    def _local(self, moment):
        """Return ``moment`` (UTC, naive) on the clock of the school."""
        self.ensure_one()
        school = self.env["vshu.school"]._by_company(self.company_id).get(self.company_id.id)
        zone = pytz.timezone((school and school.tz) or self.env.user.tz or "UTC")
        return pytz.utc.localize(moment).astimezone(zone)

    def _day_of(self, moment):
        """Return the day of ``moment`` at the school; False where there is none."""
        return self._local(moment).date() if moment and self.company_id else False

    @api.depends_context("lang")
    @api.depends("date_day", "minutes_ids.number", "minutes_ids.state", "decision_number")
    def _compute_display_name(self):
        """The day, and the number of the minutes where there are any: never a name."""
        numbers = {}
        # sudo: a number, which tells nothing
        for minutes in self.sudo().minutes_ids:
            numbers[minutes.meeting_id.id] = minutes.number
        for meeting in self:
            day = format_date(self.env, meeting.date_day) if meeting.date_day else ""
            number = numbers.get(meeting._origin.id)
            meeting.display_name = (
                self.env._("Council of %(date)s, minutes № %(number)s", date=day, number=number)
                if number
                else self.env._("Council of %s", day)
            )

    @api.depends("item_ids.state", "item_ids.papers_ok")
    def _compute_counts(self):
        for meeting in self:
            items = meeting.item_ids.filtered(lambda item: item.state != "withdrawn")
            meeting.item_count = len(items)
            meeting.decided_count = len(items.filtered(lambda item: item.state in ("decided", "done")))
            meeting.papers_missing_count = len(items.filtered(lambda item: not item.papers_ok))

    @api.depends("minutes_ids.state", "minutes_ids.version")
    def _compute_minutes_id(self):
        for meeting in self:
            known = meeting.minutes_ids
            current = known.filtered(lambda m: m.state == "signed") or known.filtered(lambda m: m.state != "replaced")
            meeting.minutes_id = current.sorted("version")[-1:]

    @api.constrains("presiding_id", "secretary_id")
    def _check_places(self):
        for meeting in self.sudo():  # sudo: of which meeting the participants are
            people = meeting.presiding_id | meeting.secretary_id
            if people.filtered(lambda p, m=meeting: p.kind != "member" or p.meeting_id != m):
                raise ValidationError(
                    self.env._(
                        "%s: members of this meeting preside and keep the minutes, nobody else.",
                        meeting.display_name,
                    )
                )

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Prepare meetings; the office only (AccessError)."""
        self = self._guard_create(vals_list)
        Regulation = self.env["vshu.regulation"]
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            vals["company_id"] = company.id
            vals.setdefault("regulation_id", Regulation._on_date(company, company._vshu_today()).id)
        meetings = super().create(vals_list)
        meetings._check_office()
        meetings.filtered(lambda m: m.state == "draft" and not m.member_ids)._renew_members()
        return meetings

    def write(self, vals):
        """Change what the state lets change: day, place, decision while it is prepared, who presides while it sits."""
        if not is_guarded(self.env):
            self._check_guarded(self._guarded_fields.keys() & vals.keys())
            if not self.env.su:
                if PREPARED & vals.keys():
                    self._check_office()
                    if any(meeting.state != "draft" for meeting in self):
                        raise UserError(
                            self.env._(
                                "The meeting has been convened: press “Another day” or “Cancel”, so that everybody is "
                                "told again."
                            )
                        )
                if SAT & vals.keys():
                    self._check_flag("can_keep")
                if "lang" in vals:
                    self._check_lang()
        res = super().write(vals)
        if "company_id" in vals:
            self._check_office()
        if {"date", "council_id"} & vals.keys():
            self.filtered(lambda meeting: meeting.state == "draft")._renew_members()
        return res

    def _check_lang(self):
        """Raise where the language of the papers is not chosen any more, or not by this user."""
        for meeting in self:
            if meeting.state in ("draft", "convened"):
                meeting._check_office()
            else:
                meeting._check_flag("can_keep")
            if any(minutes.frozen for minutes in meeting.sudo().minutes_ids):  # sudo: whether there is a signature
                raise UserError(
                    self.env._("%s: the minutes bear a signature, their language stays.", meeting.display_name)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for meeting in self:
            if meeting.state != "draft":
                raise UserError(
                    self.env._("%s has been convened and stays on record. Cancel it instead.", meeting.display_name)
                )
            meeting.sudo().item_ids._back_to_waiting()  # sudo: the right to delete the draft is checked by unlink

    # -- windows -----------------------------------------------------------------------------------------------------

    def action_open(self):
        """Open the meeting. Returns an act_window; AccessError where the user may not read it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_open_minutes(self):
        """Open the minutes in force, or those to be signed. Returns an act_window; UserError where there are none."""
        self.ensure_one()
        self.check_access("read")
        if not self.minutes_id:
            raise UserError(self.env._("%s has no minutes yet: close the sitting first.", self.display_name))
        return self.minutes_id.action_open()

    def action_open_invitations(self):
        """Open who is called to the meeting, with delivery and answer. Returns an act_window (KZ-8, KZ-9)."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_council.action_vshu_meeting_participant")
        return dict(action, domain=[("meeting_id", "=", self.id)], context={"search_default_by_kind": 1})

    # -- clocks, papers --------------------------------------------------------------------------------------------

    def _deadline_links(self):
        self.ensure_one()
        return {"reference": self.date_day.strftime("%d.%m.%Y") if self.date_day else ""}

    def _deadline_over(self):
        return self.filtered(lambda meeting: meeting.state in ("not_held", "cancelled"))

    def _deadline_documented(self, event):
        """The minutes show the day of the sitting."""
        return self.filtered("minutes_ids") if event == "held" else super()._deadline_documented(event)
