from datetime import datetime, time, timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import guarded

from ..council.vshu_council_member import is_in_office

#: a day is looked for in so many days
HORIZON = 60
#: on the school's clock, where no meeting was held before
HOUR = time(15, 0)


class VshuMeetingPlan(models.AbstractModel):
    """Preparing a meeting: the day that the clocks allow, the items that wait, who must be there."""

    _name = "vshu.meeting.plan"
    _description = "Preparation of a meeting"

    warning_text = fields.Text(compute="_compute_warning_text", help="What is unusual about day and agenda.")

    @api.depends("date", "company_id", "item_ids.date_due", "state")
    def _compute_warning_text(self):
        for meeting in self:
            lines = meeting._warnings() if meeting.state in ("draft", "convened") and meeting.date_day else []
            meeting.warning_text = "\n".join(f"• {line}" for line in lines) or False

    def _warnings(self):
        """Return what speaks against the day, without forbidding it: a day off, clocks that run out before."""
        self.ensure_one()
        lines = []
        school = self.env["vshu.school"]._by_company(self.company_id).get(self.company_id.id)
        if school and not school._working_days(self.date_day, self.date_day):
            lines.append(self.env._("%s is a day off by the school's calendar", format_date(self.env, self.date_day)))
        papers = self._origin._late_papers_text(self.date_day) if self._origin else ""
        if papers:
            lines.append(papers)
        late = self.item_ids.filtered(lambda i: i.state == "scheduled" and i.date_due and i.date_due < self.date_day)
        if late:
            lines.append(
                self.env._(
                    "%(count)s items had to be considered before this day, the first by %(date)s",
                    count=len(late),
                    date=format_date(self.env, min(late.mapped("date_due"))),
                )
            )
        signers = self.sudo().member_ids.filtered(  # sudo: whether colleagues have a log-in
            lambda p: p.council_role in ("chair", "secretary") and not p.user_id
        )
        lines += [
            self.env._("%s has no log-in and cannot sign the minutes in the system", person.display_name)
            for person in signers
        ]
        return lines

    # -- the proposal ----------------------------------------------------------------------------------------------

    @api.model
    def action_propose(self):
        """Prepare a meeting with all that waits: items by urgency, the first day that the clocks allow, who must be
        invited (KZ-8, KZ-11, RU-5.2).

        Returns an act_window on the draft. Raises AccessError for whoever does not prepare meetings, UserError where
        nothing waits or there is no council.
        """
        company = self.env.company
        self._check_office_of(company)
        items = self.env["vshu.agenda.item"].search([("company_id", "=", company.id), ("state", "=", "waiting")])
        if not items:
            raise UserError(
                self.env._(
                    "Nothing waits for the council. Submitted cases, proposed removals and terms that run out come up "
                    "by themselves; other matters are added under Council → Waiting for the council."
                )
            )
        date = self._first_date(company, items)
        meeting = self.create({"company_id": company.id, "date": date})
        items._put_on(meeting)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": meeting.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    @api.model
    def _first_date(self, company, items):
        """Return the moment (UTC) of the first meeting that the clocks allow for ``items``.

        A working day of the school on which no other meeting is, late enough for the papers that are still missing
        (clocks that count back from the meeting, KZ-11), on the hour of the last meeting.
        """
        school = self.env["vshu.school"]._for_company(company)
        today = school._today()
        last = today + timedelta(days=HORIZON)
        days = sorted(school._working_days(today + timedelta(days=1), last))
        cases = items.filtered(lambda item: not item.papers_ok).case_id
        rules = cases.regulation_id.deadline_rule_ids.filtered(
            lambda rule: rule.model == "vshu.case" and rule.event == "hearing" and rule.direction == "before"
        )
        pairs = [(rule, day) for rule in rules for day in days]
        refused = {day for (_rule, day), due in zip(pairs, school._due_dates(pairs), strict=True) if due < today}
        taken = set(
            self.sudo()  # sudo: only the days of other meetings of this school
            .search([("company_id", "=", company.id), ("state", "in", ("draft", "convened")), ("date_day", ">", today)])
            .mapped("date_day")
        )
        free = [day for day in days if day not in refused]
        day = next((day for day in free if day not in taken), (free or days or [today + timedelta(days=1)])[0])
        zone = pytz.timezone(school.tz)
        before = self.search([("company_id", "=", company.id)], limit=1)
        hour = before._local(before.date).time() if before else HOUR
        return zone.localize(datetime.combine(day, hour)).astimezone(pytz.utc).replace(tzinfo=None)

    # -- who must be there -----------------------------------------------------------------------------------------

    def _renew_members(self):
        """Bring the members of prepared meetings in step with the council of their day and the stand-ins of that day.

        Whoever has left the school is not called.
        """
        Participant = self.env["vshu.meeting.participant"].sudo()  # sudo: the composition is known to the school
        for meeting in self:
            wanted = meeting._member_vals()
            known = {p.employee_id.id: p for p in meeting.sudo().member_ids}
            gone = [p.id for id_, p in known.items() if id_ not in wanted]
            guarded(Participant.browse(gone)).unlink()
            for employee_id, vals in wanted.items():
                if employee_id in known:
                    guarded(known[employee_id]).write({"council_role": vals["council_role"]})
            guarded(Participant).create([vals for id_, vals in wanted.items() if id_ not in known])

    def _seats(self):
        """Return who sits for whom on the day of the meeting: a list of (member of the council, employee), chair and
        secretary first. Whoever has left by then has no seat; chair and secretary may have a stand-in (KZ-6, KZ-7)."""
        self.ensure_one()
        council, day = self.sudo().council_id, self.date_day  # sudo: the composition is known to the school
        if not council:
            return []
        school = self.env["vshu.school"]._for_company(self.company_id)
        regulation = self.sudo().regulation_id  # sudo: a catalogue
        seats, places = [], ("chair", "secretary")
        # chair and secretary first: a member who stands in for one of them holds that role on this day
        for member in council.member_ids.sorted(lambda m: (m.role not in places, m.sequence, m.id)):
            person = member.employee_id
            if member.role in places:
                person = school._standin_of(person, regulation._council_roles(member.role), day) or person
            if is_in_office(person, member.company_id, day):
                seats.append((member, person))
        return seats

    def _in_office_count(self):
        """Return how many the whole council is on the day of the meeting: those in office, each once (KZ-6)."""
        self.ensure_one()
        day = self.date_day
        people = self.env["hr.employee"].sudo()  # sudo: how many there are is said in the minutes
        for member, person in self._seats():
            people |= member.employee_id if member._in_office(day) else person
        return len(people)

    def _member_vals(self):
        """Return {employee id: values of the participant} of the members on the day of the meeting (KZ-6, KZ-7)."""
        self.ensure_one()
        result = {}
        for member, person in self._seats():
            if person.id in result:
                continue
            result[person.id] = {
                "meeting_id": self.id,
                "kind": "member",
                "council_role": member.role,
                "employee_id": person.id,
                "stands_in": person != member.employee_id,
                "sequence": member.sequence,
            }
        return result

    def _invite_specialists(self, items):
        """Invite those whom the items ask for (KZ-8): class teacher, psychologist, who submitted; members are there
        anyway. Each is invited to the items that concern them."""
        Participant = self.env["vshu.meeting.participant"].sudo()  # sudo: colleagues, invited by the office
        for meeting in self:
            wanted = {}
            for item in items.filtered(lambda i, m=meeting: i.meeting_id == m and i.case_id):
                for person in item._specialists():
                    wanted.setdefault(person, self.env["vshu.agenda.item"])
                    wanted[person] |= item
            members = meeting.sudo().member_ids.employee_id
            known = {p.employee_id: p for p in meeting.sudo().guest_ids if p.employee_id}
            for person, own in wanted.items():
                if person in members:
                    continue
                if person in known:
                    known[person].item_ids |= own
                    continue
                guarded(Participant).create(
                    {
                        "meeting_id": meeting.id,
                        "kind": "specialist",
                        "employee_id": person.id,
                        "item_ids": [fields.Command.set(own.ids)],
                    }
                )
