from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_registry.tools.locks import wait_for

#: flag of the button → states in which it may be pressed
FROM_STATES = {
    "can_prepare": ("draft", "convened"),
    "can_convene": ("draft",),
    "can_reschedule": ("convened",),
    "can_cancel": ("draft", "convened"),
    "can_open": ("convened",),
    "can_keep": ("sitting", "held"),
    "can_close": ("sitting",),
}
#: flag → (matter of the regulation's rules that names the roles, who of the meeting itself may it besides)
FLAG_RULES = {
    "can_prepare": ("preparing", set()),
    "can_convene": ("convening", set()),
    "can_reschedule": ("convening", set()),
    "can_cancel": ("convening", set()),
    "can_open": ("keeping", {"presiding", "secretary"}),
    "can_keep": ("keeping", {"presiding", "secretary"}),
    "can_close": ("keeping", {"presiding", "secretary"}),
}


class VshuMeetingFlow(models.AbstractModel):
    """States of a meeting: one table of states and roles feeds the buttons and guards the actions."""

    _name = "vshu.meeting.flow"
    _description = "Flow of a meeting"

    can_prepare = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_convene = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_reschedule = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_cancel = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_open = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_keep = fields.Boolean(compute="_compute_can", help="Whether the user keeps the minutes of this meeting now.")
    can_close = fields.Boolean(compute="_compute_can", export_string_translation=False)

    # -- rights ----------------------------------------------------------------------------------------------------

    def _my_meeting_roles(self):
        """Return {meeting id: role codes that the user holds for it today}."""
        roles = self.env["vshu.role"]._my_roles(self.sudo().company_id)  # sudo: which school it is
        result = {}
        for meeting in self.sudo():  # sudo: only the user's own tie to the meeting is read
            mine = set(roles.get(meeting.company_id.id, set()))
            for role in ("presiding", "secretary"):
                participant = meeting[f"{role}_id"] or meeting.member_ids.filtered(
                    lambda p, r=role: p.council_role == ("chair" if r == "presiding" else "secretary")
                )
                if participant.user_id == self.env.user:
                    mine.add(role)
            result[meeting.id] = mine
        return result

    @api.depends_context("uid")
    @api.depends("state", "company_id", "presiding_id", "secretary_id", "minutes_ids.frozen")
    def _compute_can(self):
        mine = self._my_meeting_roles()
        for meeting in self:
            held = mine.get(meeting.id, set())
            frozen = any(meeting.sudo().minutes_ids.mapped("frozen"))  # sudo: whether somebody has signed
            for flag, states in FROM_STATES.items():
                allowed = meeting.state in states and not (flag == "can_keep" and frozen)
                meeting[flag] = bool(meeting._origin and allowed and (self.env.su or held & meeting._flag_roles(flag)))

    def _flag_roles(self, flag):
        """Return the codes of the roles that may do what ``flag`` stands for: by the regulation, and of the meeting."""
        self.ensure_one()
        matter, own = FLAG_RULES[flag]
        return self.sudo().regulation_id._council_roles(matter) | own  # sudo: a catalogue

    def _check_flag(self, flag):
        """Raise UserError where the state does not allow it, AccessError where the user's role does not."""
        for meeting in self:
            if not self.env.su:
                meeting.check_access("read")
            if meeting.state not in FROM_STATES[flag]:
                raise UserError(
                    self.env._(
                        "%(meeting)s is “%(state)s”: this cannot be done with it now.",
                        meeting=meeting.display_name,
                        state=dict(meeting._fields["state"]._description_selection(self.env))[meeting.state],
                    )
                )
            if not meeting[flag]:
                if flag == "can_keep" and any(meeting.sudo().minutes_ids.mapped("frozen")):
                    raise UserError(
                        self.env._(
                            "%s: the minutes bear a signature. Take the signature back before anything is changed.",
                            meeting.display_name,
                        )
                    )
                raise AccessError(
                    self.env._(
                        "%(meeting)s: your role may not do this (%(clause)s).",
                        meeting=meeting.display_name,
                        clause=meeting.sudo().regulation_id._council_clause(FLAG_RULES[flag][0]),  # sudo: a catalogue
                    )
                )

    def _check_office(self):
        """Raise AccessError for whoever does not prepare the school's meetings."""
        self._check_office_of(self.company_id)

    @api.model
    def _check_office_of(self, companies):
        """Raise AccessError for whoever does not prepare meetings in ``companies``."""
        if self.env.su:
            return
        roles = self.env["vshu.role"]._my_roles(companies)
        codes = self.env["vshu.regulation"]._council_codes("preparing", companies)
        for company in companies:
            if not roles.get(company.id, set()) & codes[company.id]:
                names = self.env["vshu.council"]._role_names("preparing", company)
                raise AccessError(self.env._("Meetings are prepared by: %s.", names))

    # -- convening -------------------------------------------------------------------------------------------------

    def _convene_problems(self):
        """Return what keeps the meeting from being convened, in plain words with clauses (KZ-5, KZ-6)."""
        self.ensure_one()
        meeting = self.sudo()  # sudo: names of colleagues and numbers of cases
        today = meeting.company_id._vshu_today()
        problems = []
        if meeting.date < fields.Datetime.now():
            problems.append(self.env._("day and time have passed: choose a later one"))
        if not (meeting.decision_number or "").strip() or not meeting.decision_date:
            problems.append(self.env._("enter number and date of the administration's decision to convene it"))
        elif meeting.decision_date > min(meeting.date_day, today):
            problems.append(self.env._("the decision to convene it is dated after the day itself, or in the future"))
        if not (meeting.place or "").strip():
            problems.append(self.env._("enter the place"))
        council = self.env["vshu.council"]._on_date(meeting.company_id, meeting.date_day)
        if not council:
            problems.append(
                self.env._(
                    "no council counts on %(date)s: have the head approve the order on its composition (%(clause)s)",
                    date=format_date(self.env, meeting.date_day),
                    clause=meeting.regulation_id._council_clause("composition"),
                )
            )
        else:
            working = council.member_ids._in_office(meeting.date_day)
            least = meeting.regulation_id._council_rule("composition").get("number", 0)
            if len(working) < least:
                problems.append(
                    self.env._(
                        "of the council's members %(count)s work at the school still, at least %(least)s are needed "
                        "(%(clause)s): draft a new order",
                        count=len(working),
                        least=least,
                        clause=meeting.regulation_id._council_clause("composition"),
                    )
                )
        if not meeting.item_ids.filtered(lambda item: item.state == "scheduled"):
            problems.append(self.env._("put at least one item on the agenda"))
        for other in meeting._same_time():
            problems.append(self.env._("%s is at the same time already", other.display_name))
        return problems

    def _same_time(self, date=None, duration=None):
        """Return the convened meetings of the school whose time overlaps."""
        self.ensure_one()
        start = date or self.date
        end = fields.Datetime.add(start, hours=duration or self.duration)
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
                ("state", "in", ("convened", "sitting")),
                ("date", "<", end),
                ("date_end", ">", start),
            ]
        )

    def action_convene(self):
        """Convene the meeting by decision of the administration (KZ-5): members and specialists are called one by one,
        parents get their invitations (KZ-8, KZ-9), the calendar shows it under a neutral title, papers have their day
        (KZ-11).

        Where it is later than the regulation wants the papers and some are missing, the dialog says of whom and asks
        for the reason. Returns that dialog or True. Raises AccessError for a role that the rule on convening does not
        name, UserError that lists what is missing.
        """
        self.ensure_one()
        self._check_convene()
        if self._late_papers():
            return self.env["vshu.council.reason"]._open("convene", meeting_id=self.id)
        return self._convene()

    def _check_convene(self):
        """Raise AccessError where the role does not convene, UserError that lists what is missing or not allowed."""
        self._check_flag("can_convene")
        problems = self._convene_problems()
        if self._late_papers_refused():
            problems.append(self._late_papers_text())
        if problems:
            raise UserError(
                self.env._(
                    "%(meeting)s cannot be convened yet:\n%(problems)s",
                    meeting=self.display_name,
                    problems="\n".join(f"• {problem}" for problem in problems),
                )
            )

    def _convene(self, reason=None):
        """Convene the meeting; raises as action_convene, and UserError where papers are late and there is no reason.

        :param reason: why it is convened though papers are missing that were due already (KZ-11)
        """
        self.ensure_one()
        self._check_convene()
        late = bool(self._late_papers())
        if late and not (reason or "").strip():
            raise UserError(
                self.env._("%(text)s\nWrite why it is convened all the same.", text=self._late_papers_text())
            )
        meeting = guarded(self.sudo())  # sudo: right and state were checked for this very meeting
        wait_for(meeting, allow_referencing=True)
        meeting._compute_council_id()
        meeting._renew_members()
        today = meeting.company_id._vshu_today()
        meeting.write(
            {
                "state": "convened",
                "date_convened": today,
                "convened_by_id": self.env.uid,
                "open_from": today,
                "short_reason": reason if late else False,
                "short_by_id": self.env.uid if late else False,
            }
        )
        items = meeting.item_ids.filtered(lambda item: item.state == "scheduled")
        meeting._invite_specialists(items)
        items._set_hearing(meeting.date_day)
        meeting._keep_event()
        meeting.participant_ids._tell("convened")
        return True

    def _reschedule(self, date, place, reason, late_known=False):
        """Hold the convened meeting at another time; everybody is told again (KZ-9).

        :param late_known: the user has read that papers are missing which were due before the new day (KZ-11)
        Raises as action_convene, UserError for a time that has passed or is taken, or where papers are late and the
        user does not know.
        """
        self.ensure_one()
        self._check_flag("can_reschedule")
        if not date or date < fields.Datetime.now():
            raise UserError(self.env._("%s: choose a day and time that lie ahead.", self.display_name))
        if not (reason or "").strip():
            raise UserError(self.env._("%s: write why it is held at another time.", self.display_name))
        for other in self.sudo()._same_time(date):  # sudo: only that another meeting is there
            raise UserError(self.env._("%s is at the same time already.", other.display_name))
        day = self._day_of(date)
        late = bool(self._late_papers(day))
        if late and (not late_known or self._late_papers_refused(day)):
            raise UserError(
                self.env._("%(meeting)s: %(text)s", meeting=self.display_name, text=self._late_papers_text(day))
            )
        meeting = guarded(self.sudo())  # sudo: right and state were checked for this very meeting
        meeting.write({"date": date, "place": place or meeting.place, "moved_reason": reason})
        if late:
            meeting.write({"short_reason": reason, "short_by_id": self.env.uid})
        meeting._renew_members()
        meeting.item_ids.filtered(lambda item: item.state == "scheduled")._set_hearing(meeting.date_day)
        meeting._keep_event()
        meeting.participant_ids._tell("moved")
        return True

    def _cancel(self, reason):
        """Cancel the meeting; its items wait again, everybody who was called is told (KZ-9).

        Raises AccessError for anyone but deputy head and head, UserError for a meeting that was held or without reason.
        """
        self.ensure_one()
        self._check_flag("can_cancel")
        if not (reason or "").strip():
            raise UserError(self.env._("%s: write why it is cancelled.", self.display_name))
        self._end_without(reason, "cancelled")
        return True

    def _end_without(self, reason, state):
        """End the meeting without a sitting: cancelled, or not held for want of a quorum."""
        meeting = guarded(self.sudo())  # sudo: right and state were checked by the caller
        convened = meeting.state != "draft"
        meeting.write({"state": state, "end_reason": reason, "open_from": False, "open_until": False})
        items = meeting.item_ids.filtered(lambda item: item.state in ("scheduled", "decided"))
        if convened:
            items._take_back_hearing(tell=state == "cancelled")
        items._back_to_waiting()
        if convened:
            meeting.event_id.sudo().unlink()
            meeting.participant_ids._tell(state)

    # -- calendar --------------------------------------------------------------------------------------------------

    def _keep_event(self):
        """Keep the event in Odoo's calendar in step: private, a neutral title, only members attend."""
        Event = (
            self.env["calendar.event"]
            .sudo()
            .with_context(  # sudo: made by the system for the council's members
                no_mail_to_attendees=True, mail_create_nolog=True, mail_create_nosubscribe=True, dont_notify=True
            )
        )
        for meeting in self.sudo():
            lang = meeting._paper_lang()
            vals = {
                "name": meeting.with_context(lang=lang).env._("Meeting of the council"),
                "start": meeting.date,
                "stop": meeting.date_end,
                "location": meeting.place,
                "privacy": "private",
                "show_as": "busy",
                "user_id": (meeting.convened_by_id or self.env.user).id,
                "partner_ids": [fields.Command.set(meeting.member_ids.user_id.partner_id.ids)],
            }
            if meeting.event_id:
                meeting.event_id.with_env(Event.env).write(vals)
            else:
                guarded(meeting).event_id = Event.create(vals)
