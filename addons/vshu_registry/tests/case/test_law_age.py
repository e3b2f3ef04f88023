"""Age and ends of stays: nobody of age is placed, no stay ends before it began, age is data (law.md 3, law.md 13)."""

from datetime import date

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.vshu_registry.models.case.vshu_case_nightly import born_by
from odoo.addons.vshu_registry.tools.guard import guarded

from .test_flow import FlowCommon


class AgeCommon(FlowCommon):
    def decree_on(self, student, **vals):
        """Place ``student`` on the RU register by a commission's decree."""
        signal = self.notice(self.ru, student_id=student.id, **vals)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        case = signal.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12")
        return case

    def control_of(self, student):
        """Place ``student`` on RU control."""
        signal = self.signal(
            self.ru,
            "social_pedagogue",
            student_id=student.id,
            intake_kind="submission",
            kind="control",
            ground_id=self.ref("ru_ground_6_1_2").id,
        )
        self.as_(self.ru, "social_pedagogue", signal).action_submit()
        case = signal.sudo().case_id
        self.all_papers(case, "placement")
        self.decide(self.ru, case, "ru_kind_9_1_place", form="ru_form_council_minutes")
        return case


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLawAge(AgeCommon):
    """law.md 3: RU-1.3, RU-7.1 б, RU-10.1. KZ has no end at 18."""

    def test_adult_is_not_placed(self):
        """RU-7.1 б: who is 18 already, or turns 18 on this day, is not placed; the day before they still are."""
        for born, refused in (("2008-10-14", True), ("2005-01-01", True), ("2008-10-15", False)):
            with self.subTest(born=born):
                student = self.make_student(self.ru, f"Взрослов {born}", self.ru.class_b, birth_date=born)
                signal = self.notice(self.ru, student_id=student.id)
                self.as_(self.ru, "social_pedagogue", signal).action_enter()
                case = signal.sudo().case_id
                place = ("ru_kind_5_1_place", "social_pedagogue", "ru_form_commission_decree")
                if refused:
                    self.assertRefused(["18", "RU-7.1 б)"], self.decide, self.ru, case, *place, date="2026-10-12")
                    self.assertEqual((case.state, case.number), ("draft", 0))
                else:
                    self.decide(self.ru, case, *place, date="2026-10-12")
                    self.assertEqual(case.state, "active")

    def test_adult_is_not_submitted(self):
        """RU-5.2, RU-6.1: the submission of an adult is refused, for the register and for control."""
        adult = self.make_student(self.ru, "Взрослов Пётр", self.ru.class_b, birth_date="2008-01-01")
        for kind, ground, clause in (
            ("register", "ru_ground_3_2_3", "RU-7.1 б)"),
            ("control", "ru_ground_6_1_2", "RU-10.1"),
        ):
            signal = self.signal(
                self.ru,
                "social_pedagogue",
                student_id=adult.id,
                intake_kind="submission",
                kind=kind,
                ground_id=self.ref(ground).id,
            )
            self.assertRefused(["18", clause], self.as_(self.ru, "social_pedagogue", signal).action_submit)

    def test_kazakhstan_has_no_end_at_18(self):
        """KZ-19 knows no end at 18: an adult pupil is placed."""
        adult = self.make_student(self.kz, "Ересек Али", self.kz.class_b, birth_date="2008-01-01")
        case = self.kz_case(student_id=adult.id)
        self.decide(self.kz, case, "kz_kind_4_place", months=3)
        self.assertEqual(case.state, "active")
        self.nightly()
        self.assertEqual(case.state, "active")

    def test_turned_18_while_it_waited(self):
        """RU-7.1 б: submitted at 17, heard at 18: not placed, but it can be found not expedient."""
        student = self.make_student(self.ru, "Почти Взрослый", self.ru.class_b, birth_date="2008-10-16")
        signal = self.signal(
            self.ru,
            "social_pedagogue",
            student_id=student.id,
            intake_kind="submission",
            ground_id=self.ref("ru_ground_3_2_3").id,
        )
        self.as_(self.ru, "social_pedagogue", signal).action_submit()
        case = signal.sudo().case_id
        self.as_(self.ru, "head", case).action_consent()
        with freeze_time("2026-10-20 06:00:00"):
            vals = {"form": "ru_form_council_minutes", "date": "2026-10-20"}
            self.assertRefused(["18"], self.decide, self.ru, case, "ru_kind_5_2_place", **vals)
            self.decide(self.ru, case, "ru_kind_5_2_decline", **vals)
            self.assertEqual(case.state, "declined")

    def test_reason_archived_makes_difference(self):
        """The age is data: without the reason adults are placed."""
        self.ref("ru_reason_7_1_b").sudo().active = False
        adult = self.make_student(self.ru, "Взрослов Пётр", self.ru.class_b, birth_date="2008-01-01")
        self.assertEqual(self.decree_on(adult).state, "active")

    def test_no_end_before_the_placement(self):
        """Whatever ends a stay, by itself or by decision, in both regulations: never before it began."""
        stays = [
            self.decree_on(self.ru.student),
            self.control_of(self.ru.other_student),
            self.kz_active(),
        ]
        for case in stays:
            reasons = case.regulation_id.removal_reason_ids.filtered(
                lambda r, c=case: r.kind == c.kind and not r.is_group
            )
            self.assertTrue(reasons)
            for reason in reasons:
                with self.subTest(regulation=case.regulation_id.code, reason=reason.code):
                    with self.refused(ValidationError, "No stay ends before it began"):
                        guarded(case)._close(reason, date(2026, 10, 13))
                    for day in (date(2026, 10, 14), date(2027, 3, 1), date(2040, 1, 1)):
                        if found := reason.trigger and case._automatic_date(reason, day):
                            self.assertGreaterEqual(found, case.date_placed)
            with self.refused(ValidationError, "No stay ends before it began"):
                guarded(case).write({"date_end": "2026-10-01"})
            with self.refused(ValidationError, "No stay ends before it began"):
                guarded(case).write({"date_placed": "2026-10-20", "date_removed": "2026-10-19"})

    def test_birthday_put_right_afterwards(self):
        """A birthday that is corrected to an earlier day ends the stay on the day of the placement, not before it."""
        case = self.decree_on(self.ru.student)
        self.ru.student.vshu_birth_date = "2007-01-01"
        self.assertIn(case, self.env["vshu.case"]._findings()["of_age"])
        self.nightly()
        self.assertEqual((case.state, case.date_removed), ("closed", date(2026, 10, 14)))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLawAgeReasons(AgeCommon):
    """law.md 13: expulsion only from 15, the 29th of February, control at 18."""

    def test_born_by(self):
        """Who is found at night is who has had the birthday: every day of eight years, every birthday around it."""
        day = date(2024, 1, 1)
        while day < date(2032, 3, 2):
            for years in (15, 18):
                limit = born_by(day, years)
                self.assertLessEqual(limit + relativedelta(years=years), day)
                self.assertGreater(limit + relativedelta(days=1) + relativedelta(years=years), day)
            day += relativedelta(days=1)

    def test_born_on_29_february(self):
        """RU-7.1 б: who was born on 29 February comes of age on the 28th, and the stay ends in that very night."""
        student = self.make_student(self.ru, "Високосный Лев", birth_date="2012-02-29")
        with freeze_time("2030-02-20 06:00:00"):
            year = self.make_year(self.ru.company, "2029/30", date(2029, 9, 1), date(2030, 8, 31))
            self.enroll(student, self.make_class(self.ru, 11, "А", year=year))
            case = self.decree_on(student, paper_date="2030-02-18", date_registered="2030-02-19")
        with freeze_time("2030-02-27 06:00:00"):
            self.nightly()
            self.assertEqual(case.state, "active")
        with freeze_time("2030-02-28 06:00:00"):
            self.nightly()
            self.assertEqual((case.state, case.date_removed), ("closed", date(2030, 2, 28)))
            self.assertEqual(student.vshu_age, 18)

    def test_expulsion_from_15_only(self):
        """RU-7.1 а 3: the expulsion of a 13-year-old ends no stay; the deputy head hears of it. From 15 on it does."""
        young = self.make_student(self.ru, "Младший Иван", self.ru.class_b, birth_date="2013-01-01")
        older = self.make_student(self.ru, "Старший Иван", self.ru.class_b, birth_date="2011-10-20")
        unknown = self.make_student(self.ru, "Без Даты", self.ru.class_b, birth_date=False)
        stays = {student: self.decree_on(student) for student in (young, older, unknown)}
        expelled = self.ref("end_reason_expelled_15")
        with freeze_time("2026-10-21 06:00:00"):
            for student in stays:
                student.vshu_enrollment_ids.write({"date_to": "2026-10-20", "end_reason_id": expelled.id})
            self.nightly()
        self.assertEqual((stays[older].state, stays[older].removal_reason_id.code), ("closed", "7.1.a.3"))
        for student in (young, unknown):
            self.assertEqual(stays[student].state, "active")
            self.assertIn(self.ru.users["deputy_head"], stays[student].activity_ids.user_id)
        self.ref("ru_reason_7_1_a_3").sudo().age_years = 13
        with freeze_time("2026-10-22 06:00:00"):
            self.nightly()
        self.assertEqual((stays[young].state, stays[unknown].state), ("closed", "active"), "the age is data")

    def test_control_comes_up_at_18(self):
        """RU-10.1, RU-8: control does not end by itself at 18, it comes before deputy head and council, once."""
        student = self.make_student(self.ru, "Подопечный Илья", self.ru.class_b, birth_date="2008-11-01")
        case = self.control_of(student)
        with freeze_time("2026-10-31 06:00:00"):
            self.nightly()
            self.assertEqual(case.state, "active")
            with self.refused(UserError, "holds from the age of 18"):
                self.as_(self.ru, "social_pedagogue", case)._propose_removal(self.ref("ru_reason_10_1_control"))
        with freeze_time("2026-11-02 06:00:00"):
            self.nightly()
            self.assertEqual((case.state, case.proposed_reason_id.code), ("removal_proposed", "10.1.control"))
            self.assertIn(self.cited("RU-9.3"), case._paper_problems("removal", case.proposed_reason_id)[0])
            told = case.activity_ids.filtered(lambda a: a.user_id == self.ru.users["deputy_head"])
            self.assertEqual(len(told), 1)
            self.assertNotIn(student.name, told.summary)
            self.decide(self.ru, case, "ru_kind_8_keep", form="ru_form_council_minutes", date="2026-11-02")
        with freeze_time("2026-11-03 06:00:00"):
            self.nightly()
            self.assertEqual(case.state, "active", "once: the council has decided")
