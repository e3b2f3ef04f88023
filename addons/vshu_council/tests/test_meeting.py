"""From the list of what waits to a convened meeting (KZ-5, KZ-8, KZ-9, KZ-11, RU-5.2)."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.vshu_registry.tools.guard import guarded

from .common import MEETING, TODAY, CouncilCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestMeeting(CouncilCommon):
    def test_what_waits(self):
        """Submissions, removals and terms come up by themselves, and go when the case does not wait any more."""
        case = self.submitted(self.kz)
        item = self.item_of(case)
        self.assertEqual((item.topic, item.state, item.company_id), ("placement", "waiting", self.kz.company))
        ru = self.submitted(self.ru)
        self.assertEqual(
            self.item_of(ru).date_due, date(2026, 10, 24), "ten days from the day after the receipt (RU-5.2)"
        )
        self.env["vshu.deadline.rule"].search([("regulation_id.code", "=", "ru")]).active = False
        other = self.submitted(self.ru)
        self.assertFalse(self.item_of(other).date_due, "without the rule there is no clock")

        active = self.kz_active()
        self.assertFalse(self.item_of(active).state in ("waiting", "scheduled"))
        guarded(active).write({"term_status": "expiring"})
        self.assertEqual(self.item_of(active).topic, "term")
        self.assertEqual(self.item_of(active).date_due, active.date_end)
        active.proposed_reason_id = self.ref("kz_reason_19_1")
        self.as_(self.kz, "social_pedagogue", active).action_propose_removal()
        items = active.agenda_item_ids
        self.assertEqual(items.filtered(lambda i: i.state == "waiting").topic, "removal")
        self.assertEqual(items.filtered(lambda i: i.topic == "term").state, "withdrawn")
        self.as_(self.kz, "social_pedagogue", active).action_withdraw_proposal()
        self.assertEqual(items.filtered(lambda i: i.topic == "removal").state, "withdrawn")

    def test_once(self):
        """An item is on one agenda at a time; the same question of a case does not come up twice."""
        case = self.submitted(self.kz)
        with mute_logger("odoo.sql_db"), self.refused(Exception, "vshu_agenda_item_case_once"):
            guarded(self.env["vshu.agenda.item"]).create(
                {"case_id": case.id, "topic": "placement", "company_id": self.kz.company.id}
            )
        with self.refused(UserError, "comes up by itself"):
            self.as_(self.kz, "social_pedagogue", self.env["vshu.agenda.item"]).create(
                {"case_id": case.id, "topic": "placement", "company_id": self.kz.company.id}
            )

    def test_proposal(self):
        """All that waits, by urgency, on the first day that the clocks allow (KZ-11: three days for the papers)."""
        self.make_council(self.kz)
        late = self.submitted(self.kz)
        urgent = self.on_term()
        guarded(urgent).write({"term_status": "expiring", "date_end": date(2026, 10, 25)})
        action = self.as_(self.kz, "social_pedagogue", self.env["vshu.meeting"]).action_propose()
        meeting = self.env["vshu.meeting"].browse(action["res_id"])
        self.assertEqual(meeting.item_ids.sorted("sequence").case_id.ids, [urgent.id, late.id])
        self.assertEqual(meeting.date_day, date(2026, 10, 19), "17th and 18th are a weekend; 16th leaves no three days")
        self.assertEqual(meeting._local(meeting.date).hour, 15)
        self.assertEqual(len(meeting.member_ids), 5)
        with self.refused(UserError, "Nothing waits"):
            self.as_(self.kz, "social_pedagogue", self.env["vshu.meeting"]).action_propose()
        self.as_(self.kz, "social_pedagogue", meeting).unlink()
        self.assertEqual(set(self.item_of(late).mapped("state")), {"waiting"})
        self.env.ref("vshu_registry.kz_rule_11").active = False
        again = self.as_(self.kz, "deputy_head", self.env["vshu.meeting"]).action_propose()
        self.assertEqual(self.env["vshu.meeting"].browse(again["res_id"]).date_day, date(2026, 10, 15))

    def test_convene_refused(self):
        """Each thing that is missing is named, nothing changes (KZ-5, KZ-6)."""
        case = self.submitted(self.kz)
        meeting = self.make_meeting(self.kz, [case], decision_number=False, place=False, date="2026-10-13 10:00:00")
        own = self.as_(self.kz, "deputy_head", meeting)
        self.assertRefused(["have passed", "decision to convene it", "place", "KZ-6"], own.action_convene)
        self.assertEqual((meeting.state, case.hearing_date), ("draft", False))
        self.make_council(self.kz)
        own.write(self.meeting_vals(decision_date=TODAY + timedelta(days=1)))
        self.assertRefused(["decision to convene it"], own.action_convene)
        own.write({"decision_date": TODAY})
        self.as_(self.kz, "social_pedagogue", meeting.item_ids).write({"meeting_id": False})
        self.assertRefused(["at least one item"], own.action_convene)

    def test_left(self):
        """Whoever has left is not called; too few left need a new order."""
        self.make_council(self.kz)
        meeting = self.make_meeting(self.kz, [self.submitted(self.kz)])
        self.kz.employees["member_b"].active = False
        self.assertRefused(
            ["4 work at the school still", "KZ-6"], self.as_(self.kz, "deputy_head", meeting).action_convene
        )
        self.env.ref("vshu_council.kz_council_composition").active = False
        self.as_(self.kz, "deputy_head", meeting).action_convene()
        self.assertNotIn(self.kz.employees["member_b"], meeting.member_ids.employee_id)

    def test_convene(self):
        """Members, specialists and parents are called one by one; the calendar says nothing of what it is about."""
        self.make_council(self.kz)
        self.make_guardian(self.kz.student, may_receive_papers=True)
        case = self.submitted(self.kz, self.kz.student)
        meeting = self.convened(self.kz, [case])
        self.assertEqual((meeting.state, meeting.open_from, case.hearing_date), ("convened", TODAY, date(2026, 10, 20)))
        papers = case.deadline_ids.filtered(lambda d: d.clause == "KZ-11")
        self.assertEqual(papers.date_due, date(2026, 10, 17), "three days before (KZ-11)")
        event = meeting.event_id
        self.assertEqual((event.privacy, event.start, event.stop), ("private", MEETING, MEETING + timedelta(hours=1.5)))
        self.assertEqual(event.partner_ids, meeting.member_ids.user_id.partner_id)
        self.assertNotIn(self.kz.student.name, " ".join(filter(None, [event.name, str(event.description or "")])))
        guests = meeting.guest_ids
        self.assertEqual(
            set(guests.filtered(lambda g: g.kind == "specialist").employee_id.ids),
            {self.kz.employees["class_teacher"].id, self.kz.employees["psychologist"].id},
        )
        parent = guests.filtered(lambda g: g.kind == "parent")
        self.assertEqual(parent.partner_id, self.kz.student.vshu_guardian_ids.partner_id)
        self.assertEqual((parent.notice_id.event, parent.notice_state), ("hearing", "to_send"))
        self.assertIn("15:00", parent.notice_id._paper_values()["hearing"])
        self.assertIn("кабинет 12", parent.notice_id._paper_values()["hearing"])
        told = meeting.participant_ids.filtered("user_id")
        self.assertTrue(all(person.activity_ids for person in told))
        self.assertFalse(any(self.kz.student.name in (a.summary or "") for a in told.activity_ids))
        self.as_(
            self.kz, "member_a", meeting.member_ids.filtered(lambda p: p.user_id == self.kz.users["member_a"])
        ).action_accept()
        self.assertEqual(
            meeting.member_ids.filtered(lambda p: p.answer == "accepted").user_id, self.kz.users["member_a"]
        )

    def test_reminders(self):
        """KZ-11: whoever owes a paper is reminded by its day, without a name, until it is there."""
        self.make_council(self.kz)
        case = self.submitted(self.kz, self.kz.student)
        self.convened(self.kz, [case])
        type_ = self.env.ref("vshu_council.activity_type_papers")

        def reminders():
            return self.env["mail.activity"].search(
                [("res_model", "=", "vshu.case"), ("res_id", "=", case.id), ("activity_type_id", "=", type_.id)]
            )

        owed = {activity.user_id: activity for activity in reminders()}
        teacher = owed[self.kz.users["class_teacher"]]
        self.assertEqual(teacher.date_deadline, date(2026, 10, 17))
        self.assertIn(self.kz.users["psychologist"], owed)
        self.assertNotIn(self.kz.student.name, "".join(reminders().mapped("summary")))
        paper = case.document_ids.filtered(
            lambda d: d.type_id.role_id.code == "class_teacher" and d.need == "required" and d.state != "ready"
        )
        for document in paper:
            document.write({"date": TODAY, "on_paper": True, "rating": "positive" if document.rated else False})
        self.assertNotIn(self.kz.users["class_teacher"], reminders().user_id)
        self.papers(case)
        self.assertFalse(reminders())

    def test_convened_and_not_held(self):
        """A meeting whose day went by goes up to the deputy head, then to the head."""
        self.make_council(self.kz)
        meeting = self.convened(self.kz, [self.submitted(self.kz)])
        clock = meeting.deadline_ids
        self.assertEqual(
            (clock.rule_id.code, clock.state, clock.user_id),
            ("council.meeting", "open", self.kz.users["social_pedagogue"]),
        )
        with freeze_time("2026-10-22 06:00:00"):
            self.nightly()
            self.assertEqual((clock.state, clock.escalation_level), ("overdue", 1))
            self.as_(self.kz, "deputy_head", meeting)._cancel("не состоялось")
        self.assertEqual(clock.state, "cancelled")

    def test_another_day(self):
        """A change of the day tells everybody again: members, specialists and parents who had their paper."""
        self.make_council(self.kz)
        self.make_guardian(self.kz.student, may_receive_papers=True)
        case = self.submitted(self.kz, self.kz.student)
        meeting = self.convened(self.kz, [case])
        invitation = meeting.guest_ids.notice_id
        self.as_(self.kz, "social_pedagogue", invitation)._send("in_person", TODAY)
        member = meeting.member_ids.filtered(lambda p: p.user_id == self.kz.users["member_a"])
        self.as_(self.kz, "member_a", member).action_accept()
        own = self.as_(self.kz, "deputy_head", meeting)
        with self.refused(UserError, "another time"):
            own._reschedule(datetime(2026, 10, 22, 9, 0), False, " ")
        with self.refused(UserError, "lie ahead"):
            own._reschedule(datetime(2026, 10, 1, 9, 0), False, "болезнь")
        with self.refused(UserError, "press “Another day”"):
            self.as_(self.kz, "deputy_head", meeting).write({"date": datetime(2026, 10, 22, 9, 0)})
        own._reschedule(datetime(2026, 10, 22, 9, 0), False, "болезнь председателя")
        self.assertEqual(
            (case.hearing_date, meeting.event_id.start), (date(2026, 10, 22), datetime(2026, 10, 22, 9, 0))
        )
        self.assertEqual(member.answer, "none")
        self.assertEqual(len(member.activity_ids), 1)
        notices = self.env["vshu.notice"].search([("case_id", "=", case.id), ("event", "=", "hearing")], order="id")
        self.assertEqual(notices.mapped("state"), ["sent", "to_send"])
        self.assertEqual(meeting.guest_ids.notice_id, notices[-1:])

    def test_cancel(self):
        """Items wait again, everybody is told, parents who had their invitation too."""
        self.make_council(self.kz)
        self.make_guardian(self.kz.student, may_receive_papers=True)
        case = self.submitted(self.kz, self.kz.student)
        meeting = self.convened(self.kz, [case])
        self.as_(self.kz, "social_pedagogue", meeting.guest_ids.notice_id)._send("in_person", TODAY)
        own = self.as_(self.kz, "head", meeting)
        with self.refused(UserError, "why it is cancelled"):
            own._cancel("")
        own._cancel("карантин")
        self.assertEqual((meeting.state, meeting.end_reason, meeting.open_from), ("cancelled", "карантин", False))
        self.assertFalse(meeting.event_id)
        self.assertEqual((self.item_of(case).state, self.item_of(case).meeting_id.id), ("waiting", False))
        self.assertFalse(case.hearing_date)
        off = self.env["vshu.notice"].search([("case_id", "=", case.id), ("event", "=", "hearing_off")])
        self.assertEqual((len(off), off.date_event), (1, date(2026, 10, 20)))
        with self.refused(UserError, "cannot be done with it now"):
            own._cancel("ещё раз")

    def test_same_time_and_day_off(self):
        """Two at one time are refused; a day off is a warning only."""
        self.make_council(self.kz)
        self.convened(self.kz, [self.submitted(self.kz)])
        second = self.make_meeting(self.kz, [self.submitted(self.kz)], date=MEETING + timedelta(hours=1))
        self.assertRefused(["same time"], self.as_(self.kz, "deputy_head", second).action_convene)
        self.as_(self.kz, "deputy_head", second).write({"date": datetime(2026, 10, 25, 10, 0)})
        self.assertIn("day off", second.warning_text)
        self.as_(self.kz, "deputy_head", second).action_convene()
        self.assertEqual(second.state, "convened")

    def test_take_off(self):
        """A submission cannot be taken off the list (RU-5.2: nobody dismisses it), only off an agenda."""
        self.make_council(self.ru)
        case = self.submitted(self.ru)
        item = self.item_of(case)
        own = self.as_(self.ru, "social_pedagogue", item)
        with self.refused(UserError, "waits by itself"):
            own._withdraw("лишнее")
        meeting = self.convened(self.ru, [case])
        own._withdraw("перенос")
        self.assertEqual((item.state, item.meeting_id.id, case.hearing_date), ("waiting", False, False))
        self.assertFalse(meeting.item_ids)
        other = own.create({"company_id": self.ru.company.id, "topic": "other", "title": "План недели профилактики"})
        other._withdraw("не нужно")
        self.assertEqual(other.state, "withdrawn")

    def test_leaves_a_convened_agenda(self):
        """An item taken from a convened agenda by hand has no hearing there any more, whatever way it goes (KZ-9)."""
        self.make_council(self.ru)
        case = self.submitted(self.ru)
        item, own = self.item_of(case), self.as_(self.ru, "social_pedagogue", self.item_of(case))
        meeting = self.convened(self.ru, [case])
        self.assertEqual(case.hearing_date, meeting.date_day)
        own.write({"meeting_id": meeting.id})
        self.assertEqual(case.hearing_date, meeting.date_day, "it stays where it is")
        later = self.make_meeting(self.ru, date=MEETING + timedelta(days=2))
        own.write({"meeting_id": later.id})
        self.assertEqual((item.state, item.meeting_id, case.hearing_date), ("scheduled", later, False))
        self.as_(self.ru, "deputy_head", later).action_convene()
        self.as_(self.ru, "social_pedagogue", later).write({"item_ids": [(3, item.id)]})
        self.assertEqual((item.state, item.meeting_id.id, case.hearing_date), ("waiting", False, False))

    def test_who_takes_off(self):
        """The button to take an item off is shown to who prepares the agenda, while there is something to take off."""
        self.make_council(self.kz)
        item = self.item_of(self.submitted(self.kz))
        self.assertFalse(self.as_(self.kz, "social_pedagogue", item).can_withdraw, "it waits by itself")
        self.convened(self.kz, [item.case_id])
        self.assertTrue(self.as_(self.kz, "social_pedagogue", item).can_withdraw)
        self.assertFalse(self.as_(self.kz, "member_a", item).can_withdraw)

    def test_who(self):
        """A teacher prepares nothing, a member convenes nothing, the social pedagogue does not convene (KZ-5)."""
        self.make_council(self.kz)
        with self.refused(AccessError, ""):
            self.as_(self.kz, "member_a", self.env["vshu.meeting"]).create({"company_id": self.kz.company.id})
        with self.refused(AccessError, "Meetings are prepared by"):
            self.as_(self.kz, "psychologist", self.env["vshu.meeting"]).action_propose()
        meeting = self.make_meeting(self.kz, [self.submitted(self.kz)])
        with self.refused(AccessError, "your role may not do this"):
            self.as_(self.kz, "social_pedagogue", meeting).action_convene()
        for vals in ({"state": "convened"}, {"open_from": TODAY}):
            with self.refused(AccessError, "buttons of the record"):
                self.as_(self.kz, "head", meeting).write(vals)

    def test_members_window(self):
        """A member sees the cases on their agenda from convening until so many days after the signing, no others."""
        self.make_council(self.kz)
        case, other = self.submitted(self.kz), self.submitted(self.kz)
        meeting = self.make_meeting(self.kz, [case])
        mine = self.as_(self.kz, "member_a", case)
        self.assertFalse(mine.has_access("read"))
        self.as_(self.kz, "deputy_head", meeting).action_convene()
        self.assertTrue(mine.has_access("read"))
        self.assertFalse(mine.has_access("write"))
        self.assertTrue(self.as_(self.kz, "member_a", meeting).has_access("read"))
        self.assertFalse(self.as_(self.kz, "member_a", other).has_access("read"))
        guarded(meeting).write({"state": "signed", "open_until": date(2026, 11, 3)})
        with freeze_time("2026-11-03 06:00:00"):
            self.assertTrue(mine.has_access("read"))
        with freeze_time("2026-11-04 06:00:00"):
            self.assertFalse(mine.has_access("read"))
            self.assertFalse(self.as_(self.kz, "member_a", meeting).has_access("read"))
