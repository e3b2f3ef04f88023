"""A second decree is entered in the journal of the running stay; what was late stays late (law.md 5, law.md 12)."""

import base64
from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from .test_flow import TODAY, FlowCommon

#: model → events whose day a paper of its own can show; decide it for a new model or event before adding it here
DOCUMENTED = {
    "vshu.case": {"decided", "closed", "characteristic"},
    "vshu.notice": {"told"},
    "vshu.petition": {"answered"},
    "vshu.meeting": {"held"},
}


class DecreeCommon(FlowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.commission = cls.env["res.partner"].create(
            {"name": "ТКДНиЗП района", "is_company": True, "vshu_body": "commission"}
        )

    def placed(self, **vals):
        """Return (signal, case) placed by the first decree."""
        signal = self.notice(self.ru, issuer_id=self.commission.id, **vals)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        case = signal.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12")
        return signal, case

    def second(self, **vals):
        """Return a second decree on the same child, registered the day before yesterday."""
        return self.notice(
            self.ru,
            **{
                "issuer_id": self.commission.id,
                "paper_number": "220/3",
                "ground_id": self.ref("ru_ground_3_1_3").id,
                **vals,
            },
        )

    def join(self, signal, case, role="social_pedagogue"):
        """Join by the dialog, as the user who holds ``role``."""
        dialog = self.as_(self.ru, role, self.env["vshu.reason"]).create(
            {"action": "join", "signal_id": signal.id, "target_case_id": case.id}
        )
        dialog.action_confirm()

    def clock(self, signal):
        return signal.sudo().deadline_ids.filtered(lambda d: d.rule_id == self.ref("ru_rule_5_1"))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLawDecree(DecreeCommon):
    """law.md 5: RU-5.1."""

    def test_joined_to_a_running_stay(self):
        """RU-5.1: joining enters the paper in the row of the running stay today, which meets its clock."""
        _first, case = self.placed()
        entry = case.entry_id
        before = entry.outside_paper
        signal = self.second()
        self.assertEqual(self.clock(signal).state, "open")
        self.join(signal, case)
        self.assertEqual((signal.sudo().state, signal.sudo().date_entered), ("joined", TODAY))
        self.assertEqual((self.clock(signal).state, self.clock(signal).date_met), ("met", TODAY))
        self.assertIn("220/3", entry.later_papers)
        self.assertEqual(entry.outside_paper, before, "what was entered stays")
        self.assertIn(self.ref("ru_ground_3_1_3"), case.extra_ground_ids)
        self.assertEqual((case.ground_id, case.date_placed), (self.ref("ru_ground_3_1_1"), TODAY))
        cells = entry._journal_cells(self.ru.school, [], [])
        self.assertTrue([cell for cell in cells if "220/3" in str(cell)], "the printed journal says it")
        with freeze_time("2026-12-01 06:00:00"):
            self.nightly()
            self.assertEqual(self.clock(signal).state, "met", "nothing is overdue for ever")

    def test_joined_late_is_late(self):
        """RU-5.1: joined after three working days it is met late."""
        _first, case = self.placed()
        signal = self.second()
        with freeze_time("2026-10-20 06:00:00"):
            self.nightly()
            self.join(signal, case)
            self.assertEqual((self.clock(signal).state, self.clock(signal).days_late), ("met_late", 4))

    def test_several(self):
        """Each further paper has its line."""
        _first, case = self.placed()
        for number in ("220/3", "221/3"):
            self.join(self.second(paper_number=number), case)
        lines = case.entry_id.later_papers.splitlines()
        self.assertEqual([number in line for number, line in zip(("220/3", "221/3"), lines, strict=True)], [True, True])

    def test_what_is_missing(self):
        """RU-5.1, RU-4.2: without ground, number and date there is nothing to enter."""
        _first, case = self.placed()
        signal = self.second(ground_id=False, paper_number=False)
        with self.refused(UserError, r"choose the ground(.|\n)*number and date"):
            self.join(signal, case)
        self.assertEqual(signal.sudo().state, "new")

    def test_before_the_council_has_decided(self):
        """RU-5.1: a decree on a child whose submission waits places the child: the case goes the way of the paper."""
        submission = self.signal(
            self.ru, "class_teacher", intake_kind="submission", ground_id=self.ref("ru_ground_3_2_3").id
        )
        self.as_(self.ru, "class_teacher", submission).action_submit()
        case = submission.sudo().case_id
        signal = self.second()
        self.join(signal, case)
        self.assertEqual((case.basis_id, case.ground_id), (signal.basis_id, self.ref("ru_ground_3_1_3")))
        self.assertIn(self.ref("ru_ground_3_2_3"), case.extra_ground_ids)
        self.assertEqual(self.clock(signal).state, "open", "it is entered by the decision")
        action = self.as_(self.ru, "social_pedagogue", case).action_decide()
        self.assertEqual(action["context"]["default_number"], "220/3")
        self.decide(self.ru, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12")
        self.assertEqual((case.state, case.route_id.code), ("active", "5.1"))
        self.assertEqual((self.clock(signal).state, signal.sudo().state), ("met", "resolved"))

    def test_on_a_watched_pupil(self):
        """RU-5.1, RU-5.2: a decree on a pupil who is watched only places them too."""
        submission = self.signal(
            self.ru, "psychologist", intake_kind="submission", ground_id=self.ref("ru_ground_3_2_2").id
        )
        self.as_(self.ru, "psychologist", submission).action_submit()
        case = submission.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_2_watch")
        self.join(self.second(), case)
        self.decide(self.ru, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12")
        self.assertEqual((case.state, case.watch_until), ("active", False))

    def test_the_other_kind(self):
        """RU-5.1: a paper for the register is not lost in a case of control: it makes a case of its own."""
        case = self.env["vshu.case"].create(
            {
                "company_id": self.ru.company.id,
                "student_id": self.ru.student.id,
                "kind": "control",
                "ground_id": self.ref("ru_ground_6_1_1").id,
                "basis_id": self.ref("ru_basis_a3").id,
            }
        )
        with self.refused(UserError, "as a case of its own"):
            self.join(self.second(), case)

    def test_kazakhstan(self):
        """KZ-4: an outside paper goes to the council there; joining it enters nothing."""
        case = self.kz_active()
        signal = self.signal(
            self.kz,
            "social_pedagogue",
            intake_kind="notice",
            basis_id=self.ref("kz_basis_4_notice").id,
            form_id=self.ref("kz_form_outside_paper").id,
            ground_id=self.ref("kz_ground_18_6").id,
            paper_number="5",
            paper_date="2026-10-12",
            date_registered="2026-10-13",
        )
        self.as_(self.kz, "deputy_head", signal)._join(self.as_(self.kz, "deputy_head", case))
        self.assertEqual((signal.sudo().state, signal.sudo().date_entered), ("joined", False))
        self.assertFalse(case.entry_id.later_papers)

    def test_found_in_old_data(self):
        """Papers that were joined before and never entered are listed."""
        _first, case = self.placed()
        signal = self.second()
        guarded(signal.sudo()).write({"state": "joined", "case_id": case.id})
        self.assertIn(signal, self.env["vshu.signal"]._findings()["not_entered"])
        other = self.second(paper_number="221/3")
        self.join(other, case)
        self.assertNotIn(other, self.env["vshu.signal"]._findings()["not_entered"])


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLawLate(DecreeCommon):
    """law.md 12: RU-5.1 and every clock that a day typed by hand would meet."""

    def test_earlier_day_of_the_journal(self):
        """RU-5.1: the day of the entry typed into the past meets no overdue clock in time; both days are kept."""
        signal = self.notice(self.ru)
        with freeze_time("2026-10-20 06:00:00"):
            self.nightly()
            self.assertEqual(self.clock(signal).state, "overdue")
            self.as_(self.ru, "social_pedagogue", signal).action_enter()
            case = signal.sudo().case_id
            self.decide(
                self.ru,
                case,
                "ru_kind_5_1_place",
                form="ru_form_commission_decree",
                date="2026-10-12",
                date_journal="2026-10-15",
            )
        clock = self.clock(signal)
        self.assertEqual((clock.date_met, clock.date_recorded), (date(2026, 10, 15), date(2026, 10, 20)))
        self.assertEqual((clock.state, clock.days_late), ("met_late", 4))
        self.assertEqual(case.date_placed, date(2026, 10, 15), "the day of the paper journal is that of the placement")

    def test_entered_in_time(self):
        """RU-5.1: an earlier day that is typed while there is time is in time."""
        signal = self.notice(self.ru)
        with freeze_time("2026-10-16 06:00:00"):
            self.as_(self.ru, "social_pedagogue", signal).action_enter()
            self.decide(
                self.ru,
                signal.sudo().case_id,
                "ru_kind_5_1_place",
                form="ru_form_commission_decree",
                date="2026-10-12",
                date_journal="2026-10-14",
            )
        self.assertEqual((self.clock(signal).state, self.clock(signal).date_recorded), ("met", date(2026, 10, 16)))

    def test_assignment(self):
        """RU-2.2: an assignment reported after its day is done late, whatever day is typed."""
        _signal, case = self.placed()
        assignment = self.env["vshu.assignment"].create(
            {
                "name": "Обследовать условия жизни",
                "case_id": case.id,
                "company_id": self.ru.company.id,
                "employee_id": self.ru.employees["class_teacher"].id,
                "date_due": "2026-10-16",
            }
        )
        with freeze_time("2026-10-20 06:00:00"):
            own = self.as_(self.ru, "class_teacher", assignment)
            own.write({"report": "Сделано.", "date_done": "2026-10-15"})
        clock = assignment.deadline_ids
        self.assertEqual((clock.state, clock.date_met, clock.days_late), ("met_late", date(2026, 10, 15), 4))

    def test_notice(self):
        """RU-5.3: a typed day is late; the signed tear-off part, or two witnesses, show the day of their own."""
        mother = self.make_guardian(self.ru.student)
        father = self.make_guardian(self.ru.student, "Петров Пётр", "father")
        aunt = self.make_guardian(self.ru.student, "Петрова Анна", "guardian")
        _signal, case = self.placed()
        notices = {notice.guardian_id: notice for notice in case._parents_notices()}
        with freeze_time("2026-10-21 06:00:00"):
            mine = {who: self.as_(self.ru, "social_pedagogue", notice) for who, notice in notices.items()}
            mine[mother]._send("in_person", date(2026, 10, 15))
            mine[mother]._acknowledge(date(2026, 10, 15))
            mine[father].attachment_ids = [(0, 0, {"name": "отрывная часть.pdf", "datas": base64.b64encode(b"%PDF")})]
            mine[father]._send("in_person", date(2026, 10, 15))
            mine[father]._acknowledge(date(2026, 10, 15))
            witnesses = self.ru.employees["psychologist"] | self.ru.employees["deputy_head"]
            mine[aunt]._refuse_before(witnesses, date(2026, 10, 16))
        states = {who: notice.deadline_ids.state for who, notice in notices.items()}
        self.assertEqual(states, {mother: "met_late", father: "met", aunt: "met"})
        self.assertEqual(notices[father].deadline_ids.date_recorded, date(2026, 10, 21))

    def test_decision(self):
        """RU-5.2: the decision is a paper with number and date: considered on its day, typed later."""
        signal = self.signal(
            self.ru, "class_teacher", intake_kind="submission", ground_id=self.ref("ru_ground_3_2_3").id
        )
        self.as_(self.ru, "class_teacher", signal).action_submit()
        case = signal.sudo().case_id
        with freeze_time("2026-11-10 06:00:00"):
            self.decide(self.ru, case, "ru_kind_5_2_decline", date="2026-10-20")
        clock = case.deadline_ids.filtered(lambda d: d.rule_id == self.ref("ru_rule_5_2"))
        self.assertEqual(
            (clock.state, clock.date_met, clock.date_recorded), ("met", date(2026, 10, 20), date(2026, 11, 10))
        )

    def test_every_rule(self):
        """For every clock of both regulations: what is recorded late is late, unless a paper shows its own day."""
        rules = self.env["vshu.deadline.rule"].search([("regulation_id.shipped", "=", True)])
        self.assertGreater(len(rules), 15)
        due, met, today = date(2026, 10, 16), date(2026, 10, 15), date(2026, 10, 20)
        for rule in rules:
            with self.subTest(rule=rule.code):
                model = self.env[rule.model]
                self.assertEqual(model._deadline_state_on(today, due, met), "met_late")
                self.assertEqual(model._deadline_state_on(today, due, met, True), "met")
                self.assertEqual(model._deadline_state_on(due, due, met), "met")
                self.assertEqual(model._deadline_state_on(today, due, today, True), "met_late")

    def test_which_events_a_paper_shows(self):
        """A new event that is said to have a paper of its own is decided on here."""
        found = {
            name: set(model._deadline_papers)
            for name, model in self.env.registry.items()
            if getattr(model, "_deadline_papers", ()) and not model._abstract
        }
        self.assertEqual(found, {name: events for name, events in DOCUMENTED.items() if name in self.env})
        for name, events in found.items():
            self.assertLessEqual(events, set(self.env[name]._deadline_events))
