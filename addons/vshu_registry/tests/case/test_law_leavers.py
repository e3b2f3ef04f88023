"""Who leaves in the middle of the year comes before the deputy head and the council at once (law.md 6)."""

from datetime import date

from freezegun import freeze_time
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from .test_law_age import AgeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLawLeavers(AgeCommon):
    """law.md 6: KZ-19, KZ-20, RU-8, RU-N4.3."""

    def leave(self, student, reason, day="2026-10-13", role=None, bag=None):
        """Enter the end of the enrolment as the register administrator, who sees no case."""
        bag = bag or self.kz
        enrollment = self.as_(bag, role or "administrator", student.vshu_enrollment_ids)
        enrollment.write({"date_to": day, "end_reason_id": self.ref(f"end_reason_{reason}").id})
        self.env.invalidate_all()

    def heard(self, bag, case):
        return case.activity_ids.filtered(lambda a: a.user_id == bag.users["deputy_head"] and not a.vshu_deadline_id)

    def test_every_reason_of_both_regulations(self):
        """For each end of an enrolment and each kind: what the regulation leaves to the council is proposed at once."""
        ends = self.env["vshu.enrollment.end.reason"].search([("leaves_school", "=", True)])
        tried = 0
        for end in ends:
            for bag, make in ((self.kz, "kz"), (self.ru, "control")):
                with self.subTest(end=end.code, regulation=make):
                    student = self.make_student(bag, f"Ученик {end.code} {make}", bag.class_b)
                    if make == "kz":
                        case = self.kz_case(student_id=student.id)
                        self.decide(bag, case, "kz_kind_4_place", months=3)
                    else:
                        case = self.control_of(student)
                    reasons = case.regulation_id.removal_reason_ids.filtered(
                        lambda r, c=case, end=end: end in r.end_reason_ids and c._is_for(r) and not r.automatic
                    )
                    self.assertTrue(reasons, "a way for each")
                    with freeze_time("2026-10-15 06:00:00"):
                        self.leave(student, end.code, "2026-10-15", bag=bag)
                    self.assertEqual((case.state, case.proposed_reason_id), ("removal_proposed", reasons[0]))
                    self.assertEqual(len(self.heard(bag, case)), 1)
                    self.assertNotIn(student.name, self.heard(bag, case).summary)
                    begun = self.env["vshu.transfer"].search([("case_id", "=", case.id), ("state", "=", "draft")])
                    self.assertEqual(len(begun), int(reasons[0].is_transfer))
                    tried += 1
        self.assertGreaterEqual(tried, 14)

    def test_moving_hands_the_record_over(self):
        """KZ-19, KZ-20: «переезд» goes the same way as a change of school, to the end."""
        case = self.kz_active()
        self.leave(self.kz.student, "moved")
        self.assertEqual(case.proposed_reason_id.code, "19.2")
        self.assertTrue(case.with_user(self.kz.users["social_pedagogue"]).can_prepare_transfer)
        self.all_papers(case, "removal", case.proposed_reason_id)
        self.decide(self.kz, case, "kz_kind_19_remove", removal_reason_id=case.proposed_reason_id.id)
        self.assertEqual((case.state, case.transfer_state), ("closed", "to_send"))
        transfer = self.env["vshu.transfer"].search([("case_id", "=", case.id)])
        self.assertEqual((len(transfer), transfer.state), (1, "draft"))
        self.assertTrue(transfer.deadline_ids.filtered(lambda d: d.state == "open"))

    def test_change_of_residence_on_control(self):
        """RU-8, RU-N4.3: the same on Russian control."""
        case = self.control_of(self.ru.student)
        self.leave(self.ru.student, "moved", bag=self.ru)
        self.assertEqual((case.state, case.proposed_reason_id.code), ("removal_proposed", "8.3"))
        self.assertTrue(self.env["vshu.transfer"].search([("case_id", "=", case.id), ("state", "=", "draft")]))

    def test_what_ends_by_itself(self):
        """RU-7.1 а: on the register the same end ends the stay, on the last day and at once."""
        case = self.decree_on(self.ru.student)
        with freeze_time("2026-10-21 06:00:00"):
            self.leave(self.ru.student, "other_school", "2026-10-20", bag=self.ru)
        self.assertEqual((case.state, case.date_removed), ("closed", date(2026, 10, 20)))

    def test_a_day_to_come(self):
        """KZ-19: a last day that lies ahead brings the case up when it is entered: the council meets before it."""
        case = self.kz_active()
        self.leave(self.kz.student, "other_school", "2026-11-20")
        self.assertEqual(case.state, "removal_proposed")

    def test_not_yet_decided(self):
        """KZ-4: of a submission that waits the deputy head hears; nothing is proposed."""
        case = self.kz_case()
        self.leave(self.kz.student, "other_school")
        self.assertEqual((case.state, len(self.heard(self.kz, case))), ("submitted", 1))

    def test_who_stays(self):
        """Another class of the school is no leaving, whichever is entered first; nor is going up a class."""
        case = self.kz_active()
        self.leave(self.kz.student, "other_class")
        self.assertEqual(case.state, "active")
        self.enroll(self.kz.student, self.kz.class_b, date(2026, 10, 14))
        first = self.kz.student.vshu_enrollment_ids.filtered(lambda e: e.date_to)
        first.end_reason_id = self.ref("end_reason_other_school")
        self.assertEqual(case.state, "active", "the pupil is in another class")

    def test_put_right(self):
        """An end that was entered by mistake and taken back takes the proposal and the hand-over back."""
        case = self.kz_active()
        self.leave(self.kz.student, "other_school")
        self.assertEqual(case.state, "removal_proposed")
        self.kz.student.vshu_enrollment_ids.write({"date_to": False, "end_reason_id": False})
        self.assertEqual((case.state, case.proposed_reason_id.id), ("active", False))
        self.assertFalse(self.env["vshu.transfer"].search([("case_id", "=", case.id), ("state", "=", "draft")]))

    def test_family(self):
        """RU-8: a family comes up when the last of its children leaves, not before."""
        family = self.env["vshu.family"].create({"name": "Ивановы", "company_id": self.ru.company.id})
        children = [
            self.make_student(self.ru, f"Иванов {n}", self.ru.class_b, vshu_family_id=family.id) for n in (1, 2)
        ]
        signal = self.signal(
            self.ru,
            "social_pedagogue",
            intake_kind="submission",
            kind="control",
            subject="family",
            student_id=False,
            family_id=family.id,
            ground_id=self.ref("ru_ground_6_2_2").id,
        )
        self.as_(self.ru, "social_pedagogue", signal).action_submit()
        case = signal.sudo().case_id
        self.all_papers(case, "placement")
        self.decide(self.ru, case, "ru_kind_9_1_place", form="ru_form_council_minutes")
        self.leave(children[0], "other_school", bag=self.ru)
        self.assertFalse(self.heard(self.ru, case))
        self.leave(children[1], "other_school", bag=self.ru)
        self.assertTrue(self.heard(self.ru, case))

    def test_found_in_old_data(self):
        """Stays of pupils who left before are listed for the keeper."""
        case = self.kz_active()
        self.leave(self.kz.student, "other_school")
        guarded(case).write({"state": "active", "proposed_reason_id": False})
        self.assertIn(case, self.env["vshu.case"]._findings()["left"])
