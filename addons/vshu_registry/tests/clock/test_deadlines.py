"""The clock engine: started, recomputed, met, late, escalated, cancelled; the nightly job."""

import re
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from ..case.test_flow import FlowCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestDeadlines(FlowCommon):
    def clock(self, record, code):
        """Return the running or met clock of the rule ``code`` on ``record``."""
        rule = self.ref(code)
        return self.env["vshu.deadline"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("rule_id", "=", rule.id)],
            order="cycle desc",
        )[:1]

    def ru_active(self, **vals):
        """Return a RU case in the journal since today."""
        signal = self.notice(self.ru, **vals)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        case = signal.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12")
        return case

    def test_calendar_change_keeps_old_date(self):
        """A day taken from the calendar moves open clocks; the old date is kept, the activity moves."""
        clock = self.clock(self.notice(self.ru), "ru_rule_5_1")
        self.assertEqual(clock.date_due, date(2026, 10, 16))
        self.add_exceptions(self.ru, off=["2026-10-15"])
        self.assertEqual((clock.date_due, clock.date_due_previous), (date(2026, 10, 19), date(2026, 10, 16)))
        self.assertEqual(clock.date_due_first, date(2026, 10, 16))
        self.assertEqual(clock.activity_id.date_deadline, date(2026, 10, 19))

    def test_anchor_change(self):
        """When the date of the event is put right, the open clock follows."""
        signal = self.notice(self.ru)
        clock = self.clock(signal, "ru_rule_5_1")
        self.as_(self.ru, "social_pedagogue", signal).date_registered = date(2026, 10, 14)
        self.assertEqual((clock.date_event, clock.date_due), (date(2026, 10, 14), date(2026, 10, 19)))

    def test_met_late(self):
        """What is done after its day is met late, by whom and when is kept."""
        signal = self.notice(self.ru)
        clock = self.clock(signal, "ru_rule_5_1")
        with freeze_time("2026-10-20 06:00:00"):
            self.nightly()
            self.assertEqual(clock.state, "overdue")
            self.as_(self.ru, "social_pedagogue", signal).action_enter()
            self.decide(
                self.ru,
                signal.sudo().case_id,
                "ru_kind_5_1_place",
                form="ru_form_commission_decree",
                date="2026-10-12",
                date_journal="2026-10-20",
            )
            self.assertEqual((clock.state, clock.date_met), ("met_late", date(2026, 10, 20)))
            self.assertEqual(clock.days_late, 4)

    def test_escalation(self):
        """Late work goes to the deputy head, then to the head, once each; a job run twice adds nothing."""
        signal = self.notice(self.ru)
        clock = self.clock(signal, "ru_rule_5_1")
        with freeze_time("2026-10-17 06:00:00"):
            self.nightly()
            self.assertEqual(clock.escalation_level, 1)
            self.assertIn(self.ru.users["deputy_head"], signal.sudo().activity_ids.user_id)
            self.assertNotIn(self.ru.users["head"], signal.sudo().activity_ids.user_id)
        with freeze_time("2026-10-25 06:00:00"):
            self.nightly()
            self.assertEqual(clock.escalation_level, 2)
            self.assertIn(self.ru.users["head"], signal.sudo().activity_ids.user_id)
            count = len(signal.sudo().activity_ids)
            self.nightly()
            self.assertEqual(len(signal.sudo().activity_ids), count)

    def test_escalation_after_missed_nights(self):
        """Missed nights change nothing but the day: both superiors hear at the first run."""
        signal = self.notice(self.ru)
        with freeze_time("2026-11-10 06:00:00"):
            self.nightly()
        users = signal.sudo().activity_ids.user_id
        self.assertTrue(users >= self.ru.users["deputy_head"] | self.ru.users["head"])

    def test_new_date_starts_anew(self):
        """A clock with a new date has told nobody: the reminders of the superiors go, and come again when that date is
        missed too (robustness.md 1)."""
        signal = self.notice(self.ru)
        clock = self.clock(signal, "ru_rule_5_1")
        superiors = self.ru.users["deputy_head"] | self.ru.users["head"]
        with freeze_time("2026-10-25 06:00:00"):
            self.nightly()
            self.assertEqual(clock.escalation_level, 2)
            self.assertTrue(signal.sudo().activity_ids.user_id >= superiors)
            self.as_(self.ru, "social_pedagogue", signal).date_registered = date(2026, 10, 24)
            self.assertEqual((clock.state, clock.date_due, clock.escalation_level), ("open", date(2026, 10, 28), 0))
            self.assertFalse(signal.sudo().activity_ids.user_id & superiors)
            self.assertEqual(clock.activity_id.date_deadline, date(2026, 10, 28), "who answers keeps the own reminder")
            self.nightly()
            self.assertFalse(signal.sudo().activity_ids.user_id & superiors)
        with freeze_time("2026-11-20 06:00:00"):
            self.nightly()
            self.assertEqual(clock.escalation_level, 2)
            self.assertTrue(signal.sudo().activity_ids.user_id >= superiors)

    def test_reopened_starts_anew(self):
        """A clock that was met late after it had gone up, and runs again, has told nobody and lies on a desk."""
        signal = self.notice(self.ru)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        self.decide(
            self.ru, signal.sudo().case_id, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12"
        )
        notice = signal.sudo().case_id._parents_notices()[:1]
        clock = notice.deadline_ids
        with freeze_time("2026-11-20 06:00:00"):
            self.nightly()
            self.assertEqual(clock.escalation_level, 2)
            guarded(notice).write({"date_told": date(2026, 11, 20)})
            self.assertEqual(clock.state, "met_late")
            guarded(notice).write({"date_told": False})
            self.assertEqual((clock.state, clock.escalation_level), ("overdue", 0))
            self.assertTrue(clock.activity_id.active)
            self.nightly()
            self.assertEqual(clock.escalation_level, 2)

    def test_term_starts_anew(self):
        """An extended term takes the head's and the deputy's reminders away; they come again with the new end; so
        does a review that was held where no end is fixed."""
        case = self.kz_active()
        reminders = lambda: case.activity_ids.filtered(lambda a: not a.vshu_deadline_id)  # noqa: E731
        with freeze_time("2027-01-20 06:00:00"):
            self.nightly()
            self.assertIn(self.kz.users["head"], reminders().user_id)
            self.decide(self.kz, case, "kz_kind_16_extend", date="2027-01-20", months=3)
            self.assertFalse(reminders())
        with freeze_time("2027-04-20 06:00:00"):
            self.nightly()
            self.assertEqual(case.term_status, "over")
            self.assertIn(self.kz.users["head"], reminders().user_id)
        case = self.ru_active()
        with freeze_time("2027-01-13 06:00:00"):
            self.nightly()
            self.assertEqual(case.term_status, "expiring")
            self.assertTrue(reminders())
            self.as_(self.ru, "social_pedagogue", case).action_reviewed()
            self.assertEqual((case.term_status, case.review_date), ("running", date(2027, 4, 1)))
            self.assertFalse(reminders())
            self.nightly()
            self.assertEqual(case.term_status, "running")
        with freeze_time("2027-04-12 06:00:00"):
            self.nightly()
            self.assertEqual(case.term_status, "expiring")
            self.assertTrue(reminders())

    def test_levels_are_known(self):
        """Whatever notes that somebody has heard of a date starts anew with another date; a new such field fails here
        until somebody has decided (robustness.md 1)."""
        known = {
            ("vshu.deadline", "escalation_level"),  # test_new_date_starts_anew
            ("vshu.case", "term_status"),  # test_term_starts_anew
            ("vshu.plan.task", "told"),  # vshu_plans: test_nightly.py
            ("vshu.plan", "over_told"),  # not copied: the next version, which is its only new date, has told nobody
        }
        found = {
            (name, field.name)
            for name, model in self.env.registry.items()
            if name.startswith("vshu.") and not model._abstract
            for field in model._fields.values()
            if field.store
            and field.type in ("integer", "boolean", "selection")
            and not field.related
            and re.search(r"told|escalation_level|heard|reminded|term_status", field.name)
        }
        self.assertFalse(found - known)

    def test_responsible_and_standin(self):
        """The clock goes to who answers; to the stand-in while they stand in;
        to the deputy head where there is nobody."""
        self.assertEqual(self.clock(self.notice(self.ru), "ru_rule_5_1").user_id, self.ru.users["social_pedagogue"])
        self.make_standin(self.ru, "social_pedagogue", self.ru.employees["psychologist"], "2026-10-14", "2026-10-20")
        signal = self.notice(self.ru, student_id=self.ru.other_student.id)
        self.assertEqual(self.clock(signal, "ru_rule_5_1").user_id, self.ru.users["psychologist"])
        guarded(self.env["vshu.standin"].search([])).unlink()
        self.ru.school.keeper_id = False
        third = self.make_student(self.ru, "Третий Ученик", self.ru.class_a)
        signal = self.notice(self.ru, student_id=third.id)
        self.assertEqual(self.clock(signal, "ru_rule_5_1").user_id, self.ru.users["deputy_head"])

    def test_repeat(self):
        """RU-5.4: a characteristic every three months; a met clock starts again from that day."""
        case = self.ru_active()
        clock = self.clock(case, "ru_rule_5_4_characteristic")
        self.assertEqual((clock.date_due, clock.user_id), (date(2027, 1, 14), self.ru.users["class_teacher"]))
        with freeze_time("2027-01-11 06:00:00"):
            self.paper(case, "ru_document_5_4_5", "positive", date=date(2027, 1, 11))
            self.assertEqual(clock.state, "met")
            again = self.clock(case, "ru_rule_5_4_characteristic")
            self.assertEqual((again.cycle, again.date_event, again.date_due), (1, date(2027, 1, 11), date(2027, 4, 11)))

    def test_cancelled_with_the_case(self):
        """No clock runs on a case that is annulled; its activities go."""
        case = self.ru_active()
        self.assertTrue(case.deadline_ids.filtered(lambda d: d.state == "open"))
        self.as_(self.ru, "head", case)._annul("Ошибочная запись.")
        self.assertFalse(case.deadline_ids.filtered(lambda d: d.state in ("open", "overdue")))

    def test_clause_is_kept(self):
        """A running clock keeps its clause and length when the rule changes (here: the addon's own update)."""
        signal = self.notice(self.ru)
        clock = self.clock(signal, "ru_rule_5_1")
        self.ref("ru_rule_5_1").sudo().write({"offset": 10, "clause": "RU-99"})
        self.as_(self.ru, "social_pedagogue", signal).date_registered = date(2026, 10, 14)
        self.assertEqual((clock.clause, clock.date_due), ("RU-5.1", date(2026, 10, 19)))

    def test_case_keeps_its_version(self):
        """A school's own version counts from its date; a case keeps the version that it was placed under."""
        old = self.kz_active()
        shipped = old.regulation_id
        own = shipped.with_user(self.kz.users["administrator"])._copy_for_company(self.kz.company)
        self.assertRefused(["date"], own.action_put_in_force)
        own.date_from = date(2026, 10, 15)
        own.term_rule_ids.min_months = 4
        own.action_put_in_force()
        self.assertEqual(self.env["vshu.regulation"]._on_date(self.kz.company, date(2026, 10, 14)), shipped)
        with freeze_time("2026-10-15 06:00:00"):
            self.assertEqual(self.env["vshu.regulation"]._on_date(self.kz.company, date(2026, 10, 15)), own.sudo())
            ground = own.ground_ids.filtered(lambda g: g.code == "18.1")
            signal = self.signal(self.kz, "class_teacher", student_id=self.kz.other_student.id, ground_id=ground.id)
            self.as_(self.kz, "deputy_head", signal).action_accept()
            case = signal.sudo().case_id
            self.as_(self.kz, "deputy_head", case).action_submit()
            self.assertEqual(case.regulation_id, own.sudo())
            self.assertEqual(old.regulation_id, shipped)
            kind = own.decision_kind_ids.filtered(lambda k: k.code == "4.place")
            decision = self.as_(self.kz, "social_pedagogue", self.env["vshu.decision"]).create(
                {
                    "case_id": case.id,
                    "kind_id": kind.id,
                    "form_id": kind.form_ids[:1].id,
                    "number": "4",
                    "date": "2026-10-15",
                    "months": 3,
                    "curator_id": self.kz.employees["class_teacher"].id,
                }
            )
            self.assertRefused(["KZ-16", "4"], decision.action_apply)
            decision.months = 4
            decision.action_apply()
            self.assertEqual(case.state, "active")

    def test_one_bad_record_stops_nobody(self):
        """A record on which a step fails is logged and left; the others of its batch are done, so is the next night."""
        signals = self.notice(self.ru) | self.notice(self.ru, student_id=self.ru.other_student.id)
        clocks = self.env["vshu.deadline"].search([("signal_id", "in", signals.ids)])
        bad = clocks[0]
        model = type(self.env["vshu.deadline"])
        plain = model._mark_overdue

        def failing(records):
            if bad in records:
                raise ValueError("broken record")
            return plain(records)

        with freeze_time("2026-10-30 06:00:00"):
            with (
                patch.object(model, "_mark_overdue", failing),
                self.assertLogs("odoo.addons.vshu_registry.models.case.vshu_case_nightly", "ERROR") as logs,
            ):
                self.nightly()
            self.assertIn("overdue", logs.output[0])
            self.assertEqual((clocks - bad).state, "overdue")
            self.assertEqual(bad.state, "open")
            self.nightly()
            self.assertEqual(bad.state, "overdue")

    def test_no_calendar(self):
        """A clock in a school without a form gives a message that says where to fill it in."""
        guarded(self.env["vshu.deadline"].search([("company_id", "=", self.ru.company.id)])).unlink()
        guarded(self.ru.school).unlink()
        with self.assertRaises(UserError) as caught:
            self.notice(self.ru)
        self.assertIn("Configuration", str(caught.exception))

    def test_rule_events_are_checked(self):
        """A rule on an event that the model does not have is refused with the events that there are."""
        own = self.ref("ru_regulation").with_user(self.ru.users["administrator"])._copy_for_company(self.ru.company)
        with self.assertRaises(ValidationError) as caught:
            own.deadline_rule_ids[0].event = "no_such_event"
        self.assertIn("notice_registered", str(caught.exception))

    def test_second_consideration_is_a_new_clock(self):
        """RU-5.2: a watched pupil submitted again is considered within ten days again; the first clock stays met."""
        signal = self.signal(
            self.ru, "class_teacher", intake_kind="submission", ground_id=self.ref("ru_ground_3_2_3").id
        )
        self.as_(self.ru, "class_teacher", signal).action_submit()
        case = signal.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_2_watch")
        first = self.clock(case, "ru_rule_5_2")
        self.assertEqual(first.state, "met")
        with freeze_time("2026-11-02 06:00:00"):
            self.as_(self.ru, "class_teacher", case).action_resubmit()
            again = self.clock(case, "ru_rule_5_2")
            self.assertEqual((again.cycle, again.state, again.date_due), (1, "open", date(2026, 11, 12)))
            self.assertEqual((first.state, first.date_due), ("met", date(2026, 10, 24)))

    def test_watch_ended_early_is_met(self):
        """A watch that is ended before its last day meets its clock."""
        signal = self.signal(
            self.ru, "class_teacher", intake_kind="submission", ground_id=self.ref("ru_ground_3_2_3").id
        )
        self.as_(self.ru, "class_teacher", signal).action_submit()
        case = signal.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_2_watch")
        clock = self.clock(case, "ru_rule_5_2_watch")
        self.assertEqual((clock.date_due, clock.user_id), (date(2027, 1, 14), self.ru.users["class_teacher"]))
        case.watch_result = "Замечаний нет."
        case.action_end_watch()
        self.assertEqual(clock.state, "met")

    def test_assignment(self):
        """RU-2.2: an assignment of a decree has its own clock and person; it is done with a report."""
        signal = self.notice(
            self.ru,
            assignment_ids=[
                (
                    0,
                    0,
                    {
                        "name": "Обследовать условия жизни",
                        "employee_id": self.ru.employees["class_teacher"].id,
                        "date_assigned": "2026-10-13",
                        "date_due": "2026-10-20",
                        "company_id": self.ru.company.id,
                    },
                )
            ],
        )
        assignment = signal.sudo().assignment_ids
        clock = self.clock(assignment, "ru_rule_2_2")
        self.assertEqual((clock.date_due, clock.user_id), (date(2026, 10, 20), self.ru.users["class_teacher"]))
        mine = self.as_(self.ru, "class_teacher", assignment)
        self.assertRefused(["report"], mine.action_done)
        mine.report = "Акт составлен."
        mine.action_done()
        self.assertEqual(clock.state, "met")
        with self.assertRaises(UserError):
            mine.date_due = "2026-12-01"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestBadInput(FlowCommon):
    def test_nothing_in_use_is_deleted(self):
        """Catalogue record, class, partner, employee, company in use, numbered case:
        refused with what to do instead."""
        case = self.kz_active()
        for record, words in (
            (case, "annulled"),
            (case.ground_id, "Archive"),
            (self.kz.class_a, ""),
            (self.kz.student, ""),
            (self.kz.employees["class_teacher"], ""),
            (case.regulation_id, ""),
            (case.decision_ids, "record"),
            (case.signal_ids, "record"),
            (self.kz.company, ""),
        ):
            with self.subTest(model=record._name), self.assertRaises(UserError) as caught:
                record.unlink()
            self.assertIn(words, str(caught.exception))

    def test_term_and_papers(self):
        """No ground, wrong kind of ground, paper of the future, required paper marked not needed: refused."""
        case = self.kz_case()
        self.assertRefused([], case.write, {"extra_ground_ids": [(4, self.ref("ru_ground_3_2_1").id)]})
        paper = case.document_ids.filtered(lambda d: d.need == "required")[:1]
        self.assertRefused(["future"], paper.write, {"date": "2026-10-15", "on_paper": True})
        self.assertRefused(["KZ-11"], paper.write, {"not_needed": True})
        self.assertRefused([], self.decide, self.kz, case, "kz_kind_4_place", months=3, curator_id=False)
        self.assertEqual(case.state, "submitted")

    def test_refused_decision_is_gone_on_with(self):
        """A decision that was typed and refused is offered again, not typed twice; one that no longer fits goes."""
        case = self.kz_case()
        self.assertRefused(["KZ-16"], self.decide, self.kz, case, "kz_kind_4_place", months=2)
        draft = case.decision_ids
        keeper = self.as_(self.kz, "social_pedagogue", case)
        self.assertEqual(keeper.action_decide()["res_id"], draft.id)
        self.decide(self.kz, case, "kz_kind_4_place", months=3)
        self.assertFalse(keeper.action_decide()["res_id"])
        self.assertFalse(draft.exists())

    def test_outside_register(self):
        """RU-6.1b: a stay on an outside register has its dates, reason and paper, apart from the school's own."""
        record = self.env["vshu.external.record"].create(
            {
                "student_id": self.ru.student.id,
                "company_id": self.ru.company.id,
                "body": "police",
                "date_from": "2026-09-07",
                "reason": "Мелкое хищение",
                "paper": "Сообщение ПДН № 31",
            }
        )
        self.assertTrue(record.active_today)
        self.assertFalse(self.ru.student.sudo().vshu_case_ids)
        self.assertRefused([], record.write, {"date_to": "2026-09-01"})
        record.date_to = "2026-10-01"
        self.assertNotIn(record, self.env["vshu.external.record"].search([("active_today", "=", True)]))

    def test_closed_case_stays(self):
        """What is over stays as it is."""
        case = self.kz_case()
        self.decide(self.kz, case, "kz_kind_4_decline")
        self.assertEqual(case.state, "declined")
        self.assertRefused(["over"], case.write, {"reason": "Другое"})
        self.assertRefused([], self.decide, self.kz, case, "kz_kind_4_place", months=3)

    def test_open_ended_is_not_extended(self):
        """RU-10: a stay without a fixed end is not extended."""
        signal = self.notice(self.ru)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        case = signal.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12")
        kinds = case._allowed_decision_kinds()
        self.assertNotIn("extend", kinds.mapped("effect"))

    def test_wrong_route(self):
        """KZ: an outside paper does not enter anybody in the journal; the council decides (KZ-4)."""
        signal = self.signal(
            self.kz,
            "social_pedagogue",
            intake_kind="notice",
            date_registered="2026-10-13",
            paper_number="5",
            paper_date="2026-10-12",
            ground_id=self.ref("kz_ground_18_6").id,
            form_id=self.ref("kz_form_outside_paper").id,
        )
        self.assertFalse(self.as_(self.kz, "social_pedagogue", signal).can_enter)
        self.as_(self.kz, "deputy_head", signal).action_accept()
        case = signal.sudo().case_id
        self.assertRefused(["KZ-4"], self.decide, self.kz, case, "kz_kind_4_place", months=3)
