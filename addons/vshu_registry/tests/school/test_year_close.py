"""Closing a school year: preview, defaults, next year and classes, cases of leavers, bad input, queries."""

from datetime import date, timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...tools.guard import guarded
from ..case.test_flow import FlowCommon
from ..channels.test_queries import QueryCommon

START, END = date(2027, 9, 1), date(2028, 8, 31)


class YearCommon(FlowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for bag in (cls.kz, cls.ru):
            bag.class_9 = cls.make_class(bag, 9, "А", bag.employees["class_teacher"])
            bag.class_11 = cls.make_class(bag, 11, "А")
            bag.class_4 = cls.make_class(bag, 4, "А", bag.teacher_b)
            bag.leaver_9 = cls.make_student(bag, "Девятый Ученик", bag.class_9)
            bag.leaver_11 = cls.make_student(bag, "Выпускник Ученик", bag.class_11, birth_date="2010-02-01")
            bag.small = cls.make_student(bag, "Малый Ученик", bag.class_4)

    def closing(self, bag, role="administrator", classes=None):
        """Open the preview as ``role``."""
        target = self.as_(bag, role, classes or bag.year)
        return self.as_(bag, role, self.env["vshu.year.close"]).browse(target.action_close_year()["res_id"])

    def last_term(self, bag):
        """Enter the last term of the year, until 25 May."""
        return self.env["vshu.school.term"].create(
            {"name": "4", "year_id": bag.year.id, "date_start": "2027-04-01", "date_end": "2027-05-25"}
        )

    def line(self, closing, student):
        return closing.line_ids.filtered(lambda line: line.student_id == student)

    def reason(self, code):
        return self.ref(f"end_reason_{code}")

    def enrolled(self, student, day=START):
        """Return the class of a student on a day."""
        return student._vshu_class_on(day).get(student.id)


@tagged("post_install", "-at_install")
@freeze_time("2027-09-02 06:00:00")
class TestYearClose(YearCommon):
    def test_whole_school(self):
        """Promoted to grade + 1 with letter and class teacher, graduates leave; year and classes are made."""
        closing = self.closing(self.kz)
        self.assertEqual(self.line(closing, self.kz.student).reason_id, self.reason("promoted"))
        self.assertEqual(self.line(closing, self.kz.leaver_11).reason_id, self.reason("graduated"))
        self.assertEqual((closing.next_name, closing.next_start, closing.next_end), ("2027/28", START, END))
        self.assertIn("8 «А», 8 «Б»", closing.summary)
        self.assertFalse(closing.warnings)
        self.assertFalse(closing.problems)
        before = self.env["vshu.enrollment"].search_count([])
        closing.action_confirm()
        self.assertEqual(str(self.kz.year.date_closed), "2027-09-02")
        ended = self.kz.student.vshu_enrollment_ids.filtered(lambda e: e.class_id == self.kz.class_a)
        self.assertEqual((ended.date_to, ended.end_reason_id), (self.kz.year.date_end, self.reason("promoted")))
        cls = self.enrolled(self.kz.student)
        self.assertEqual((cls.grade, cls.letter, cls.year_id.name), (8, "А", "2027/28"))
        self.assertEqual(cls._teachers_on(START)[cls.id], self.kz.employees["class_teacher"])
        self.assertFalse(self.enrolled(self.kz.leaver_11))
        self.assertFalse(self.enrolled(self.kz.small)._teachers_on(START), "no teacher goes on from the primary school")
        self.assertEqual(self.env["vshu.enrollment"].search_count([]), before + 4)
        self.assertFalse(self.ru.year.date_closed, "another school")

    def test_changed_by_hand(self):
        """Repeats, leaves after grade 9, moves: line by line; a default of the class does not overwrite these."""
        closing = self.closing(self.kz, "social_pedagogue")
        self.line(closing, self.kz.student).reason_id = self.reason("repeats")
        self.line(closing, self.kz.leaver_9).reason_id = self.reason("after_grade_9")
        closing.class_line_ids.filtered(lambda c: c.class_id == self.kz.class_a).reason_id = self.reason("moved")
        self.assertEqual(self.line(closing, self.kz.student).reason_id, self.reason("repeats"))
        self.line(closing, self.kz.small).to_letter = "Б"
        closing.action_confirm()
        cls = self.enrolled(self.kz.student)
        self.assertEqual((cls.grade, cls.letter, cls.year_id.name), (7, "А", "2027/28"))
        self.assertEqual(self.kz.leaver_9.vshu_enrollment_ids.end_reason_id, self.reason("after_grade_9"))
        self.assertEqual(self.enrolled(self.kz.small).name, "5 «Б»")

    def test_default_of_a_class(self):
        """One choice for a whole class."""
        fourth = self.make_student(self.kz, "Ещё Один", self.kz.class_9)
        closing = self.closing(self.kz)
        closing.class_line_ids.filtered(lambda c: c.class_id == self.kz.class_9).reason_id = self.reason(
            "after_grade_9"
        )
        for student in (fourth, self.kz.leaver_9):
            self.assertEqual(self.line(closing, student).reason_id, self.reason("after_grade_9"))

    def test_class_by_class(self):
        """Part of the school today, the rest another day; the year is closed with the last class."""
        closing = self.closing(self.kz, classes=self.kz.class_a)
        self.assertEqual(closing.line_ids.student_id, self.kz.student)
        closing.action_confirm()
        self.assertFalse(self.kz.year.date_closed)
        with self.refused(UserError, "ended already"):
            self.closing(self.kz, classes=self.kz.class_a)
        rest = self.closing(self.kz)
        self.assertNotIn(self.kz.class_a, rest.class_line_ids.class_id)
        rest.class_line_ids.filtered(lambda c: c.class_id == self.kz.class_11).included = False
        rest.action_confirm()
        self.assertFalse(self.kz.year.date_closed)
        self.assertEqual(len(self.kz.year._next_year().class_ids), 4)
        self.closing(self.kz).action_confirm()
        self.assertTrue(self.kz.year.date_closed)
        self.assertEqual(len(self.env["vshu.school.year"].search([("company_id", "=", self.kz.company.id)])), 2)

    def test_closed_twice(self):
        """A year is closed once; two previews open at one time act once."""
        first, second = self.closing(self.kz), self.closing(self.kz, "social_pedagogue")
        first.action_confirm()
        self.assertRefused(["closed on 2027-09-02 already"], second.action_confirm)
        self.assertRefused(["closed on 2027-09-02 already"], self.closing, self.kz)
        closing = self.closing(self.ru, classes=self.ru.class_a)
        other = self.closing(self.ru, "social_pedagogue", classes=self.ru.class_a)
        closing.action_confirm()
        self.assertRefused(["meanwhile"], other.action_confirm)

    def test_who(self):
        """The administrator and the social pedagogue close a year; nobody writes the day of closing by hand."""
        for role in ("class_teacher", "subject_teacher", "psychologist", "deputy_head", "head"):
            with self.refused(AccessError, "administrator or the social pedagogue"):
                self.closing(self.kz, role)
        preview = self.closing(self.kz)
        with self.refused(AccessError, ""):
            self.as_(self.kz, "head", preview).action_confirm()
        with self.refused(AccessError, ""):
            self.closing(self.ru, classes=self.kz.class_a)
        with self.refused(AccessError, "by its button"):
            self.as_(self.kz, "administrator", self.kz.year).write({"date_closed": "2027-09-01"})
        with self.refused(AccessError, "by its button"):
            self.as_(self.kz, "administrator", self.env["vshu.school.year"]).create(
                {"name": "x", "date_start": START, "date_end": END, "date_closed": START}
            )
        self.make_standin(self.kz, "social_pedagogue", self.kz.employees["subject_teacher"], "2027-09-01", "2027-09-03")
        self.closing(self.kz, "subject_teacher").action_confirm()
        self.assertTrue(self.kz.year.date_closed)

    def test_grades_are_data(self):
        """A school of twelve grades: its own version says so, the eleventh is promoted."""
        own = self.kz.school.regulation_id._copy_for_company(self.kz.company)
        own.write({"date_from": "2026-09-01", "last_grade": 12, "basic_grade": 10})
        own.action_put_in_force()
        self.kz.school.regulation_id = own
        self.env.registry.clear_cache()
        closing = self.closing(self.kz)
        self.assertEqual(self.line(closing, self.kz.leaver_11).reason_id, self.reason("promoted"))
        self.line(closing, self.kz.leaver_9).reason_id = self.reason("after_grade_9")
        self.assertIn("from grade 10", closing.problems)

    # -- bad input ---------------------------------------------------------------------------------------------------

    def test_next_year_without_dates(self):
        """No dates, or dates before this year ends: named, nothing written."""
        closing = self.closing(self.kz)
        for vals, word in (
            ({"next_start": False}, "enter name, first and last day"),
            ({"next_name": " ", "next_start": START}, "enter name, first and last day"),
            ({"next_name": "2027/28", "next_start": "2027-08-01"}, "must begin after 2027-08-31"),
        ):
            closing.write(vals)
            self.assertRefused([word], closing.action_confirm)
        self.assertFalse(self.kz.year._next_year())
        self.assertFalse(self.kz.student.vshu_enrollment_ids.date_to)

    def test_class_missing(self):
        """A class that the next year does not have is named where it is not to be made."""
        self.make_year(self.kz.company, "2027/28", START, END)
        closing = self.closing(self.kz)
        closing.make_classes = False
        self.assertRefused(["5 «А», 8 «А», 8 «Б», 10 «А»", "Make them"], closing.action_confirm)
        closing.make_classes = True
        closing.action_confirm()
        self.assertEqual(self.enrolled(self.kz.student).name, "8 «А»")

    def test_enrolled_in_the_next_year_already(self):
        """Who is enrolled there stays so; who leaves, or goes elsewhere, contradicts it and is named."""
        year = self.make_year(self.kz.company, "2027/28", START, END)
        cls = self.make_class(self.kz, 8, "А", year=year)
        self.env["vshu.enrollment"].search([("student_id", "=", self.kz.student.id)]).write(
            {"date_to": "2027-08-31", "end_reason_id": self.reason("promoted").id}
        )
        self.enroll(self.kz.student, cls)
        again = self.make_student(self.kz, "Дважды Ученик", self.kz.class_b)
        other = self.make_class(self.kz, 8, "Б", year=year)
        old = again.vshu_enrollment_ids
        old.write({"date_to": "2027-08-31", "end_reason_id": self.reason("promoted").id})
        self.enroll(again, other)
        # an import left the old enrolment open: the overlap is refused by hand, so it is written below the checks
        self.env.flush_all()
        self.env.cr.execute("UPDATE vshu_enrollment SET date_to = NULL, end_reason_id = NULL WHERE id = %s", (old.id,))
        self.env.invalidate_all()
        closing = self.closing(self.kz)
        line = self.line(closing, again)
        self.assertEqual(line.already_id, other)
        self.assertIn("enrolled in the next year already and stay so: 1", closing.warnings)
        line.reason_id = self.reason("moved")
        self.assertRefused(["Дважды Ученик", "8 «Б»", "already"], closing.action_confirm)
        line.write({"reason_id": self.reason("promoted").id, "to_letter": "А"})
        self.assertRefused(["Дважды Ученик", "8 «Б»"], closing.action_confirm)
        line.to_letter = "Б"
        closing.action_confirm()
        self.assertEqual(self.enrolled(again), other)
        self.assertEqual(len(again.vshu_enrollment_ids), 2)

    def test_impossible_choices(self):
        """No grade after the last one, no graduation before it, nothing chosen, no class ticked."""
        closing = self.closing(self.kz)
        for student, code, word in (
            (self.kz.leaver_11, "promoted", "no grade after the last one"),
            (self.kz.small, "graduated", "graduate after grade 11"),
            (self.kz.small, "after_grade_9", "from grade 9"),
            (self.kz.small, "liquidation", "choose what becomes"),
        ):
            line = self.line(closing, student)
            before = line.reason_id
            line.reason_id = self.reason(code)
            self.assertRefused([student.name, word], closing.action_confirm)
            line.reason_id = before
        closing.class_line_ids.included = False
        self.assertRefused(["tick at least one class"], closing.action_confirm)

    def test_nobody(self):
        """A year without open enrolments has nothing to close."""
        year = self.make_year(self.kz.company, "2028/29", "2028-09-01", "2029-08-31")
        with self.refused(UserError, "nothing to close"):
            self.as_(self.kz, "administrator", year).action_close_year()

    def test_before_the_end_of_the_last_term(self):
        """people.md "closing the school year on 1 December": refused without a reason, which stays on the year."""
        for terms in (False, True):
            if terms:
                self.last_term(self.kz)
            with self.subTest(terms=terms), freeze_time("2026-12-01 06:00:00"):
                closing = self.closing(self.kz)
                self.assertIn("lessons go on until", closing.problems)
                self.assertRefused(["lessons go on until"], closing.action_confirm)
                closing.early_reason = "  "
                self.assertRefused([self.kz.year.name, "write why"], closing.action_confirm)
                self.assertFalse(self.kz.year.date_closed)
        with freeze_time("2027-05-25 06:00:00"):
            self.assertFalse(self.closing(self.kz).problems)  # the last day of lessons
        with self.refused(AccessError, "closed by its button"):
            self.as_(self.kz, "administrator", self.kz.year).early_reason = "Забыли"
        with freeze_time("2026-12-01 06:00:00"):
            closing = self.closing(self.kz)
            closing.early_reason = "Школа ликвидируется, приказ № 5"
            closing.action_confirm()
        self.assertEqual(self.kz.year.early_reason, "Школа ликвидируется, приказ № 5")
        self.assertEqual(self.kz.year.early_user_id, self.kz.users["administrator"])
        self.assertTrue(self.kz.year.date_closed)

    def test_year_not_over_yet(self):
        """In June: a warning, not an error; the enrolments end on the last day, the cases later."""
        self.last_term(self.kz)
        with freeze_time("2027-06-10 06:00:00"):
            closing = self.closing(self.kz)
            self.assertIn("lasts until 2027-08-31", closing.warnings)
            closing.action_confirm()
            self.assertEqual(self.enrolled(self.kz.student, date(2027, 6, 10)), self.kz.class_a)
            self.assertEqual(self.kz.student.vshu_class_id, self.kz.class_a)
        self.env.invalidate_all()
        self.assertEqual(self.enrolled(self.kz.student).name, "8 «А»")


@tagged("post_install", "-at_install")
@freeze_time("2027-09-02 06:00:00")
class TestYearCloseCases(YearCommon):
    """RU-7.1а, RU-8, RU-N4.3, KZ-19: what becomes of the cases of those who leave."""

    def stay(self, bag, student, ground, **vals):
        return guarded(self.env["vshu.case"]).create(
            {
                "company_id": bag.company.id,
                "regulation_id": bag.school.regulation_id.id,
                "student_id": student.id,
                "ground_id": self.ref(ground).id,
                "kind": self.ref(ground).kind,
                "state": "active",
                "date_placed": "2027-02-01",
                **vals,
            }
        )

    def test_russia_ends_by_itself(self):
        """RU-7.1 а): graduates' stays on the register end by themselves; control goes to the council (RU-8)."""
        case = self.stay(self.ru, self.ru.leaver_11, "ru_ground_3_2_3")
        control = self.stay(self.ru, self.ru.leaver_9, "ru_ground_6_1_1")
        stays = self.stay(self.ru, self.ru.student, "ru_ground_3_2_3")
        closing = self.closing(self.ru, "social_pedagogue")
        self.line(closing, self.ru.leaver_9).reason_id = self.reason("after_grade_9")
        self.assertEqual(
            closing.case_summary, "Cases that will end by themselves: 1\nCases that will go to the council: 1"
        )
        closing.action_confirm()
        self.assertEqual((case.state, case.removal_reason_id.code), ("closed", "7.1.a.1"))
        self.assertEqual(case.date_removed, self.ru.year.date_end)
        self.assertEqual((control.state, control.proposed_reason_id.code), ("removal_proposed", "8.2"))
        activity = control.activity_ids.filtered(lambda a: not a.vshu_deadline_id)
        self.assertEqual(activity.user_id, self.ru.users["deputy_head"])
        self.assertNotIn(self.ru.leaver_9.name, activity.summary)
        self.assertEqual(stays.state, "active")
        self.assertFalse(stays.activity_ids.filtered(lambda a: not a.vshu_deadline_id))

    def test_kazakhstan_goes_to_the_council(self):
        """KZ-19: nothing ends by itself; the reason for the council is prepared, the deputy head hears of it."""
        graduate = self.stay(self.kz, self.kz.leaver_11, "kz_ground_18_5")
        mover = self.stay(self.kz, self.kz.student, "kz_ground_18_5")
        draft = self.stay(self.kz, self.kz.leaver_9, "kz_ground_18_5", state="draft", date_placed=False)
        closing = self.closing(self.kz, "social_pedagogue")
        self.line(closing, self.kz.student).reason_id = self.reason("other_school")
        self.line(closing, self.kz.leaver_9).reason_id = self.reason("after_grade_9")
        self.assertEqual(
            closing.case_summary,
            "Cases that will go to the council: 2\nCases that need a decision of the deputy head: 1",
        )
        closing.action_confirm()
        self.nightly()
        self.assertEqual((graduate | mover).mapped("state"), ["removal_proposed", "removal_proposed"])
        self.assertEqual(graduate.proposed_reason_id.code, "19.graduation")
        self.assertEqual(mover.proposed_reason_id.code, "19.3")
        self.assertFalse(draft.proposed_reason_id)
        for case in graduate | mover | draft:
            self.assertEqual(len(case.activity_ids.filtered(lambda a: not a.vshu_deadline_id)), 1)
        self.assertEqual(
            self.env["vshu.transfer"].search([("state", "=", "draft")]).case_id & (graduate | mover), mover
        )

    def test_before_the_year_ends_the_night_ends_it(self):
        """Closed in June, the stay of a graduate ends after the last day, by the nightly job."""
        case = self.stay(self.ru, self.ru.leaver_11, "ru_ground_3_2_3")
        self.last_term(self.ru)
        with freeze_time("2027-06-10 06:00:00"):
            self.closing(self.ru).action_confirm()
            self.assertEqual(case.state, "active")
        self.nightly()
        self.assertEqual((case.state, case.date_removed), ("closed", self.ru.year.date_end))

    def test_administrator_learns_of_no_case(self):
        """The administrator closes the year and is told neither that there are cases nor how many."""
        self.stay(self.ru, self.ru.leaver_11, "ru_ground_3_2_3")
        control = self.stay(self.ru, self.ru.leaver_9, "ru_ground_6_1_1")
        closing = self.closing(self.ru)
        self.line(closing, self.ru.leaver_9).reason_id = self.reason("moved")
        self.assertFalse(closing.case_summary)
        action = closing.action_confirm()
        self.assertNotIn("case", str(action).lower())
        activities = control.activity_ids.filtered(lambda a: not a.vshu_deadline_id)
        self.assertEqual(activities.create_uid, self.env.ref("base.user_root"))
        mine = self.as_(self.ru, "administrator", self.env["mail.activity"])
        self.assertFalse(mine.search([("res_model", "=", "vshu.case")]))

    def test_family(self):
        """A family is looked at where its last child leaves, and left alone where one stays."""
        both = self.env["vshu.family"].create(
            {
                "name": "Двое",
                "company_id": self.ru.company.id,
                "member_ids": [(6, 0, [self.ru.leaver_11.id, self.ru.student.id])],
            }
        )
        alone = self.env["vshu.family"].create(
            {"name": "Один", "company_id": self.ru.company.id, "member_ids": [(6, 0, self.ru.leaver_9.ids)]}
        )
        cases = [
            self.stay(self.ru, self.env["res.partner"], "ru_ground_6_2_1", subject="family", family_id=family.id)
            for family in (both, alone)
        ]
        closing = self.closing(self.ru)
        self.line(closing, self.ru.leaver_9).reason_id = self.reason("moved")
        closing.action_confirm()
        own = [case.activity_ids.filtered(lambda a: not a.vshu_deadline_id) for case in cases]
        self.assertFalse(own[0])
        self.assertEqual(own[1].user_id, self.ru.users["deputy_head"])


@tagged("post_install", "-at_install")
@freeze_time("2027-09-02 06:00:00")
class TestYearCloseQueries(QueryCommon):
    def crowd(self, bag, count, start):
        """Enrol ``count`` pupils, 25 a class, and return the classes."""
        classes = self.env["vshu.class"].create(
            [
                {
                    "company_id": bag.company.id,
                    "year_id": bag.year.id,
                    "grade": 1 + number % 8,
                    "letter": f"{start}{number}",
                }
                for number in range(count // 25)
            ]
        )
        students = self.env["res.partner"].create(
            [{"name": f"Ученик {start} {number}", "vshu_is_student": True} for number in range(count)]
        )
        self.env["vshu.enrollment"].create(
            [
                {
                    "student_id": student.id,
                    "class_id": classes[number // 25].id,
                    "date_from": bag.year.date_start + timedelta(days=number % 5),
                }
                for number, student in enumerate(students)
            ]
        )
        return classes

    def test_queries(self):
        """Preview and closing take a constant number of queries a hundred pupils, not one a pupil."""
        few, many = self.crowd(self.ru, 100, "а"), self.crowd(self.ru, 500, "б")
        counts = []
        for classes in (few, many):
            mine = self.as_(self.ru, "social_pedagogue", classes)
            opened = {}

            def prepare(mine=mine, opened=opened):  # pylint: disable=dangerous-default-value
                opened["id"] = mine.action_close_year()["res_id"]

            prepared = len(self.queries(prepare))
            closing = self.as_(self.ru, "social_pedagogue", self.env["vshu.year.close"]).browse(opened["id"])
            shown = len(self.queries(lambda closing=closing: closing.read(["summary", "warnings", "problems"])))
            confirmed = len(self.queries(closing.action_confirm))
            counts.append((prepared, shown, confirmed))
        for less, more in zip(*counts, strict=True):
            self.assertLess(more - less, 4 * 8, counts)  # for 400 pupils more
        # the schools of pupils and of their parents follow the enrolments, a few queries a batch
        self.assertLess(sum(counts[1]), 112, counts)
