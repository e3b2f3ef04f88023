from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import CheckViolation, UniqueViolation

from ..common import VshuCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPeople(VshuCommon):
    """Students, classes, enrolments, guardians, families, stand-ins: what they know and what they refuse."""

    # -- the student -------------------------------------------------------------------------------------------------

    def test_class_and_schools_come_from_enrolments(self):
        """Class is that of today; schools are all where the student ever was."""
        student = self.ru.student
        student = student.with_context(allowed_company_ids=self.companies.ids)
        self.assertEqual(student.vshu_class_id, self.ru.class_a)
        self.assertEqual(student.vshu_grade, 7)
        self.assertEqual(student.vshu_company_ids, self.ru.company)
        self.assertEqual(student.vshu_age, 13)
        student.vshu_enrollment_ids.write({"date_to": "2026-10-13", "end_reason_id": self._reason().id})
        self.assertFalse(student.vshu_class_id)
        self.enroll(student, self.kz.class_a, "2026-10-14")
        self.assertEqual(student.vshu_company_ids, self.companies)
        self.assertEqual(student._vshu_class_on(date(2026, 9, 20)), {student.id: self.ru.class_a})
        self.assertEqual(student._vshu_class_on(date(2026, 10, 14)), {student.id: self.kz.class_a})
        self.assertFalse(student._vshu_class_on(date(2026, 10, 14), self.ru.company))

    def _reason(self):
        return self.env["vshu.enrollment.end.reason"].search([], limit=1)

    def env_of(self, bag, role):
        """Return the environment of the user of ``role`` in the school."""
        return self.env(user=bag.users[role], context={"allowed_company_ids": bag.company.ids})

    def test_search_and_group_by_class(self):
        """Lists filter, group and sort by the class of today, which no column holds."""
        partners = self.env_of(self.ru, "social_pedagogue")["res.partner"]
        students = self.ru.student | self.ru.other_student
        domain = [("id", "in", students.ids)]
        self.assertEqual(partners.search([*domain, ("vshu_class_id", "=", self.ru.class_a.id)]), self.ru.student)
        self.assertEqual(partners.search([*domain, ("vshu_class_id.name", "=", "7 «Б»")]), self.ru.other_student)
        self.assertEqual(len(partners.search([*domain, ("vshu_class_id", "!=", False)])), 2)
        self.assertFalse(partners.search([*domain, ("vshu_class_id", "=", False)]))
        self.assertEqual(len(partners.search([*domain, ("vshu_class_id", "ilike", "7 «")])), 2)
        self.assertEqual(len(partners.search([*domain, ("vshu_grade", ">", 6)])), 2)
        groups = partners.formatted_read_group(domain, ["vshu_class_id"], ["__count"])
        self.assertEqual(
            [(group["vshu_class_id"][1], group["__count"]) for group in groups], [("7 «А»", 1), ("7 «Б»", 1)]
        )
        grades = partners.formatted_read_group(domain, ["vshu_grade"], ["__count"])
        self.assertEqual([(g["vshu_grade"], g["__count"]) for g in grades], [(7, 2)])
        self.assertEqual(partners.search(domain, order="vshu_class_id desc")[0], self.ru.other_student)

    def test_my_class(self):
        """ "My class" finds the students of the class teacher, and of who stands in, only while they do."""
        domain = [("vshu_class_id.is_mine", "=", True)]
        partners = self.env_of(self.ru, "class_teacher")["res.partner"]
        self.assertEqual(partners.search(domain), self.ru.student)
        self.make_standin(
            self.ru, "class_teacher", self.ru.employees["subject_teacher"], "2026-10-14", "2026-10-16", self.ru.class_b
        )
        partners = self.env_of(self.ru, "subject_teacher")["res.partner"]
        self.assertEqual(partners.search(domain), self.ru.other_student)
        with freeze_time("2026-10-17 06:00:00"):
            self.assertFalse(partners.search(domain))

    def test_name_search_by_file_number(self):
        """A student is found by name and by file number; by the number only by staff of the register."""
        self.ru.student.vshu_file_number = "П-4711"
        staff = self.env_of(self.ru, "subject_teacher")["res.partner"]
        self.assertEqual([row[0] for row in staff.name_search("П-4711")], self.ru.student.ids)
        self.assertIn(self.ru.student.id, [row[0] for row in staff.name_search("Петров")])
        outsider = self.env["res.users"].create(
            {
                "name": "Accountant",
                "login": "vshu_accountant",
                "company_id": self.ru.company.id,
                "company_ids": [Command.set(self.ru.company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_user").ids)],
            }
        )
        partners = self.env["res.partner"].with_user(outsider)
        self.assertFalse(partners.name_search("П-4711"))
        with self.assertRaises(AccessError):
            partners.browse(self.ru.student.id).read(["vshu_birth_date"])

    def test_birth_date_in_future(self):
        """A birth date in the future is refused, naming the student."""
        with self.refused(ValidationError, "Петров Иван.*2026-10-15.*future"):
            self.ru.student.vshu_birth_date = "2026-10-15"
        self.ru.student.vshu_birth_date = "2026-10-14"

    def test_student_data_are_kept_by_the_keeper(self):
        """Who may edit contacts may still not edit a student's data; the keeper, a stand-in and the admin may."""
        teacher = self.ru.users["class_teacher"]
        teacher.group_ids += self.env.ref("base.group_partner_manager")
        with self.refused(AccessError, "social pedagogue"):
            self.ru.student.with_user(teacher).vshu_birth_date = "2014-01-01"
        with self.refused(AccessError, "social pedagogue"):
            self.env["res.partner"].with_user(teacher).create({"name": "New", "vshu_is_student": True})
        for role in ("social_pedagogue", "administrator"):
            env = self.env_of(self.ru, role)
            student = env["res.partner"].create({"name": "New", "vshu_is_student": True})
            student.vshu_birth_date = "2014-01-01"
        self.make_standin(self.ru, "social_pedagogue", self.ru.employees["class_teacher"], "2026-10-14", "2026-10-14")
        self.env_of(self.ru, "class_teacher")["res.partner"].browse(self.ru.student.id).vshu_birth_date = "2014-01-02"

    def test_form(self):
        """The social pedagogue enters a student with class and guardian on one form."""
        env = self.env_of(self.ru, "social_pedagogue")
        action = env["ir.actions.act_window"]._for_xml_id("vshu_registry.action_vshu_student")
        self.assertEqual(action["views"][0][1], "list")
        view = self.env.ref("vshu_registry.view_vshu_student_form")
        mother = self.env["res.partner"].create({"name": "Иванова Ольга", "phone": "+7 900"})
        with Form(env["res.partner"].with_context(default_vshu_is_student=True), view) as form:
            form.name = "Иванов Пётр"
            form.vshu_birth_date = date(2014, 3, 1)
            with form.vshu_enrollment_ids.new() as line:
                line.class_id = env["vshu.class"].browse(self.ru.class_a.id)
                line.date_from = date(2026, 9, 1)
            with form.vshu_guardian_ids.new() as line:
                line.partner_id = mother
                line.kind = "mother"
        student = form.record
        self.assertTrue(student.vshu_is_student)
        self.assertEqual(student.vshu_class_id.name, "7 «А»")
        self.assertEqual((student.vshu_guardian_names, student.vshu_guardian_phones), ("Иванова Ольга", "+7 900"))

    def test_list_in_few_queries(self):
        """The list of students costs the same for 2 and for 40 of them."""
        for index in range(38):
            self.make_guardian(self.make_student(self.ru, f"Student {index}", self.ru.class_a))
        env = self.env_of(self.ru, "social_pedagogue")
        spec = {
            "name": {},
            "vshu_class_id": {"fields": {"display_name": {}}},
            "vshu_birth_date": {},
            "vshu_guardian_names": {},
            "vshu_guardian_phones": {},
        }

        def run(limit):
            self.env.flush_all()
            env.invalidate_all()
            before = self.cr.sql_log_count
            rows = env["res.partner"].web_search_read([("vshu_is_student", "=", True)], spec, limit=limit)
            return len(rows["records"]), self.cr.sql_log_count - before

        run(2)
        few, many = run(2), run(40)
        self.assertEqual((few[0], many[0]), (2, 40))
        # a limit that is reached costs the count of all
        self.assertLessEqual(many[1], few[1] + 1)
        self.assertLessEqual(many[1], 12)

    # -- enrolments --------------------------------------------------------------------------------------------------

    def test_enrolments_do_not_overlap(self):
        """Two enrolments of a student in one school at a time are refused."""
        with self.refused(ValidationError, "Петров Иван is enrolled in class 7 «А» from 2026-09-01"):
            self.enroll(self.ru.student, self.ru.class_b, "2026-10-01")

    def test_enrolment_dates(self):
        """Last day before the first, an end without reason, a reason without end, a day outside the year."""
        enrollment = self.ru.student.vshu_enrollment_ids
        reason = self._reason()
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            enrollment.write({"date_to": "2026-08-01", "end_reason_id": reason.id})
            enrollment.flush_recordset()
        with self.refused(ValidationError, "Say why Петров Иван left class 7 «А»"):
            enrollment.date_to = "2026-10-01"
        with self.refused(ValidationError, "Set the last day"):
            enrollment.end_reason_id = reason
        with self.refused(ValidationError, "must lie in its school year 2026/27"):
            enrollment.date_from = "2026-08-31"
        enrollment.write({"date_to": "2026-10-01", "end_reason_id": reason.id})
        self.enroll(self.ru.student, self.ru.class_b, "2026-10-02")
        self.assertEqual(self.ru.student.vshu_class_id, self.ru.class_b)

    def test_only_students_are_enrolled(self):
        """An adult is not enrolled by mistake."""
        with self.refused(ValidationError, "not marked as a student"):
            self.enroll(self.env["res.partner"].create({"name": "Adult"}), self.ru.class_a)

    def test_enrolled_on(self):
        """Who was enrolled in which school on a day, for many students at once."""
        students = self.ru.student | self.ru.other_student | self.kz.student
        self.assertEqual(
            students._vshu_enrolled_on(self.ru.company, date(2026, 10, 1)), self.ru.student | self.ru.other_student
        )
        self.assertFalse(students._vshu_enrolled_on(self.ru.company, date(2026, 8, 1)))

    # -- classes, years, stand-ins -----------------------------------------------------------------------------------

    def test_class_name_and_teacher(self):
        """The name of a class, its teacher and its number of students today."""
        self.assertEqual(self.ru.class_a.name, "7 «А»")
        self.assertEqual(self.ru.class_a.teacher_id, self.ru.employees["class_teacher"])
        self.assertEqual(self.ru.class_a.student_count, 1)
        self.assertTrue(self.ru.class_a.with_user(self.ru.users["class_teacher"]).is_mine)
        self.assertFalse(self.ru.class_b.with_user(self.ru.users["class_teacher"]).is_mine)

    def test_class_teachers_do_not_overlap(self):
        """A class has one class teacher at a time; a change in the middle of the year is dated."""
        with self.refused(ValidationError, "Class 7 «А» has a class teacher at that time already"):
            self.env["vshu.class.teacher"].create(
                {"class_id": self.ru.class_a.id, "employee_id": self.ru.teacher_b.id, "date_from": "2026-12-01"}
            )
        self.ru.class_a.teacher_ids.date_to = "2026-11-30"
        self.env["vshu.class.teacher"].create(
            {"class_id": self.ru.class_a.id, "employee_id": self.ru.teacher_b.id, "date_from": "2026-12-01"}
        )
        classes = self.ru.class_a | self.ru.class_b
        self.assertEqual(
            classes._teachers_on(date(2026, 12, 1)),
            {self.ru.class_a.id: self.ru.teacher_b, self.ru.class_b.id: self.ru.teacher_b},
        )

    def test_same_class_twice(self):
        """A school year has each class once."""
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.make_class(self.ru, 7, "А")

    def test_years_do_not_overlap(self):
        """School years of one school do not overlap; another school has its own."""
        with self.refused(ValidationError, "“2027/28” overlaps “2026/27”"):
            self.make_year(self.ru.company, "2027/28", date(2027, 8, 1), date(2028, 7, 31))

    def test_year_of_a_date(self):
        """The summer belongs to the year that ended; a day without a year gives none."""
        years = self.env["vshu.school.year"]
        self.assertEqual(years._for_date(self.ru.company, date(2027, 7, 15)), self.ru.year)
        self.assertFalse(years._for_date(self.ru.company, date(2027, 9, 1)))
        self.assertFalse(years._for_date(self.ru.company, date(2026, 8, 31)))
        following = self.make_year(self.ru.company, "2027/28", date(2027, 9, 3), date(2028, 8, 31))
        self.assertEqual(years._for_date(self.ru.company, date(2027, 9, 2)), self.ru.year)
        self.assertEqual(years._for_date(self.ru.company, date(2027, 9, 3)), following)

    def test_terms_lie_in_their_year(self):
        """A term outside the year or over another one is refused."""
        terms = self.env["vshu.school.term"]
        terms.create({"name": "I", "year_id": self.ru.year.id, "date_start": "2026-09-01", "date_end": "2026-10-25"})
        with self.refused(ValidationError, "“II” overlaps “I”"):
            terms.create(
                {"name": "II", "year_id": self.ru.year.id, "date_start": "2026-10-25", "date_end": "2026-12-27"}
            )
        with self.refused(ValidationError, "outside the school year"):
            terms.create(
                {"name": "III", "year_id": self.ru.year.id, "date_start": "2027-08-01", "date_end": "2027-09-10"}
            )

    def test_standins(self):
        """Stand-ins take the place of the holder on their days only; one at a time; a class only for its teacher."""
        school, day = self.ru.school, date(2026, 10, 14)
        keeper, psychologist = self.ru.users["social_pedagogue"], self.ru.users["psychologist"]
        self.assertEqual(school._users_for_role("social_pedagogue", day), keeper)
        self.make_standin(self.ru, "social_pedagogue", self.ru.employees["psychologist"], "2026-10-14", "2026-10-16")
        self.assertEqual(school._users_for_role("social_pedagogue", day), psychologist)
        self.assertEqual(school._users_for_role("social_pedagogue", date(2026, 10, 17)), keeper)
        with self.refused(ValidationError, "one stand-in at a time"):
            self.make_standin(self.ru, "social_pedagogue", self.ru.teacher_b, "2026-10-16", "2026-10-20")
        with self.refused(ValidationError, "needs the class"):
            self.make_standin(self.ru, "class_teacher", self.ru.teacher_b, "2026-10-16", "2026-10-20")
        with self.refused(ValidationError, "Nobody stands in"):
            self.make_standin(self.ru, "subject_teacher", self.ru.teacher_b, "2026-10-16", "2026-10-20")

    def test_users_for_role(self):
        """Every role reaches its users; an archived user is nobody; many classes cost as much as one."""
        school, day = self.ru.school, date(2026, 10, 14)
        for role in ("psychologist", "deputy_head", "head"):
            self.assertEqual(school._users_for_role(role, day), self.ru.users[role], role)
        self.assertEqual(school._users_for_role("administrator", day), self.ru.users["administrator"])
        both = self.ru.class_a | self.ru.class_b
        self.assertEqual(
            school._users_for_role("class_teacher", day, both), self.ru.users["class_teacher"] | self.ru.user_b
        )
        self.make_standin(
            self.ru, "class_teacher", self.ru.employees["subject_teacher"], "2026-10-14", "2026-10-14", self.ru.class_b
        )
        self.assertEqual(
            school._users_for_role("class_teacher", day, both),
            self.ru.users["class_teacher"] | self.ru.users["subject_teacher"],
        )
        self.ru.users["head"].active = False
        self.assertFalse(school._users_for_role("head", day))
        # a user without any right on employees asks
        as_teacher = self.env_of(self.ru, "subject_teacher")["vshu.school"].browse(school.id)
        self.assertEqual(as_teacher._users_for_role("psychologist", day), self.ru.users["psychologist"])

    # -- guardians, families, categories -----------------------------------------------------------------------------

    def test_guardians(self):
        """Only those of today are named; nobody twice, nobody of themselves."""
        student = self.ru.student
        guardian = self.make_guardian(student)
        self.make_guardian(student, "Петров Олег", "father", date_to="2026-10-13")
        self.assertEqual(student.vshu_guardian_names, "Петрова Мария")
        with self.refused(ValidationError, "entered as a guardian"):
            guardian.copy()
        with self.refused(ValidationError, "of themselves"):
            guardian.partner_id = student

    def test_family(self):
        """A family is of one school, with its children and adults."""
        guardian = self.make_guardian(self.ru.student)
        family = self.env["vshu.family"].create(
            {"name": "Петровы", "company_id": self.ru.company.id, "member_ids": [Command.set(self.ru.student.ids)]}
        )
        family._onchange_member_ids()
        self.assertEqual((family.member_count, family.adult_ids), (1, guardian.partner_id))
        self.assertEqual(self.env["vshu.family"]._with_enrolled_on(self.ru.company, date(2026, 10, 14)), family)
        self.assertFalse(self.env["vshu.family"]._with_enrolled_on(self.kz.company, date(2026, 10, 14)))

    def test_categories(self):
        """A social category is of a student or a family, never of both or none, and not twice at a time."""
        category, of_family = self.make_category(self.ru), self.make_category(self.ru, "family")
        family = self.env["vshu.family"].create({"name": "Петровы", "company_id": self.ru.company.id})
        entries = self.env["vshu.category.entry"].with_company(self.ru.company)
        base = {"category_id": category.id, "date_from": "2026-09-01"}
        entries.create({**base, "student_id": self.ru.student.id})
        with self.refused(ValidationError, "from 2026-09-01 already"):
            entries.create({**base, "student_id": self.ru.student.id, "date_from": "2026-10-01"})
        with self.refused(ValidationError, "not of a family"):
            entries.create({**base, "family_id": family.id})
        with self.refused(ValidationError, "cannot come before"):
            entries.create({**base, "category_id": of_family.id, "family_id": family.id, "date_to": "2026-08-01"})
        for vals in ({}, {"student_id": self.ru.student.id, "family_id": family.id}):
            with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
                entries.create({**base, **vals})

    # -- refused deletions -------------------------------------------------------------------------------------------

    def test_in_use_is_not_deleted(self):
        """A class, a student, a guardian's adult, an employee and a year in use stay, and are named."""
        guardian = self.make_guardian(self.ru.student)
        for record in (
            self.ru.class_a,
            self.ru.student,
            guardian.partner_id,
            self.ru.employees["class_teacher"],
            self.ru.employees["head"],
            self.ru.year,
        ):
            with self.refused(UserError, "cannot be deleted: the prevention register refers to it"):
                record.unlink()
            self.assertTrue(record.exists())
        empty = self.make_class(self.ru, 9, "В", self.ru.teacher_b)
        empty.unlink()
        self.env["res.partner"].create({"name": "Nobody"}).unlink()

    # -- school ------------------------------------------------------------------------------------------------------

    def test_school_form(self):
        """One form a company; what is missing is listed; a company without one is told where to go."""
        self.assertFalse(self.ru.school.missing_text and "head" in self.ru.school.missing_text)
        self.ru.school.keeper_id = False
        self.assertIn("the keeper of the register", self.ru.school.missing_text)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.env["vshu.school"].create({"company_id": self.ru.company.id})
        company = self.env["res.company"].create({"name": "No school"})
        with self.refused(UserError, "No school.*Configuration → School"):
            self.env["vshu.school"]._for_company(company)
        as_teacher = self.env_of(self.ru, "subject_teacher")["vshu.school"]
        self.assertEqual(as_teacher._for_company(self.ru.company).id, self.ru.school.id)

    def test_number_pattern(self):
        """A pattern that gives no number is refused."""
        self.ru.school.number_pattern = "%(number)s/%(year)s"
        for pattern in ("7", "%(year)s", "%(nothing)s", "%s", "100%"):
            with self.refused(ValidationError, "gives no number"):
                self.ru.school.number_pattern = pattern

    def test_school_is_the_administrators(self):
        """The administrator opens and changes the form; others read it."""
        env = self.env_of(self.ru, "administrator")
        action = env["vshu.school"].action_open_my_school()
        self.assertEqual(action["res_id"], self.ru.school.id)
        env["vshu.school"].browse(self.ru.school.id).working_week = "6"
        for role in ("head", "social_pedagogue", "class_teacher"):
            with self.assertRaises(AccessError):
                self.env_of(self.ru, role)["vshu.school"].browse(self.ru.school.id).working_week = "5"
        with self.assertRaises(AccessError):
            self.env_of(self.ru, "head")["vshu.school"].browse(self.ru.school.id).action_load_holidays()


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPeopleAccess(VshuCommon):
    """Who sees and writes which people's records, by role, class, date and school."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records = {}
        for bag in (cls.ru, cls.kz):
            family = cls.env["vshu.family"].create({"name": f"Family {bag.code}", "company_id": bag.company.id})
            bag.student.vshu_family_id = family
            cls.records[bag.code] = {
                "vshu.guardian": cls.make_guardian(bag.student, f"Mother {bag.code}"),
                "vshu.family": family,
                "vshu.category.entry": cls.env["vshu.category.entry"].create(
                    {
                        "student_id": bag.student.id,
                        "company_id": bag.company.id,
                        "category_id": cls.make_category(bag).id,
                        "date_from": "2026-09-01",
                    }
                ),
                "vshu.external.record": cls.env["vshu.external.record"].create(
                    {"family_id": family.id, "company_id": bag.company.id, "body": "police", "date_from": "2026-09-01"}
                ),
            }

    def env_of(self, user, bag=None):
        """Return the environment of a user in one school."""
        return self.env(user=user, context={"allowed_company_ids": (bag or self.ru).company.ids})

    def seen(self, user):
        """Return the names of the confidential models of whose records in the Russian school the user sees one."""
        env = self.env_of(user)
        found = set()
        for model, record in self.records["ru"].items():
            if env[model].search([("id", "=", record.id)]):
                self.assertTrue(env[model].browse(record.id).has_access("read"), model)
                found.add(model)
            else:
                self.assertFalse(env[model].browse(record.id).has_access("read"), model)
            self.assertFalse(env[model].search([("id", "=", self.records["kz"][model].id)]), model)
        return found

    def test_read(self):
        """The school's roles see the school, the class teacher the own class, a subject teacher nothing."""
        every = set(self.records["ru"])
        for role in ("psychologist", "social_pedagogue", "deputy_head", "head", "administrator", "class_teacher"):
            self.assertEqual(self.seen(self.ru.users[role]), every, role)
        self.assertFalse(self.seen(self.ru.users["subject_teacher"]))
        self.assertFalse(self.seen(self.ru.user_b), "the teacher of the other class")

    def test_read_follows_the_dates(self):
        """A change of class teacher and stand-ins give and take the view by date, without anybody's doing."""
        every = set(self.records["ru"])
        self.make_standin(self.ru, "class_teacher", self.ru.teacher_b, "2026-10-14", "2026-10-16", self.ru.class_a)
        self.make_standin(self.ru, "head", self.ru.employees["subject_teacher"], "2026-10-15", "2026-10-15")
        self.assertEqual(self.seen(self.ru.user_b), every)
        self.assertFalse(self.seen(self.ru.users["subject_teacher"]))
        with freeze_time("2026-10-15 06:00:00"):
            self.assertEqual(self.seen(self.ru.users["subject_teacher"]), every)
        with freeze_time("2026-10-17 06:00:00"):
            self.assertFalse(self.seen(self.ru.users["subject_teacher"]))
            self.assertFalse(self.seen(self.ru.user_b))
        self.ru.class_a.teacher_ids.date_to = "2026-10-13"
        self.assertFalse(self.seen(self.ru.users["class_teacher"]))

    def test_write(self):
        """Keeper and administrator write; stand-ins of the keeper too; nobody else."""
        allowed = {"social_pedagogue", "administrator"}
        for role, user in self.ru.users.items():
            for model, record in self.records["ru"].items():
                self.assertEqual(
                    self.env_of(user)[model].browse(record.id).has_access("write"), role in allowed, (role, model)
                )
        self.make_standin(self.ru, "social_pedagogue", self.ru.employees["subject_teacher"], "2026-10-14", "2026-10-14")
        user = self.ru.users["subject_teacher"]
        for model, record in self.records["ru"].items():
            self.assertTrue(self.env_of(user)[model].browse(record.id).has_access("write"), model)
            self.assertFalse(self.env_of(user)[model].browse(record.id).has_access("unlink"), model)

    def test_other_school(self):
        """No person, class, year or stand-in of the other school is seen or written."""
        self.make_standin(self.kz, "head", self.kz.teacher_b, "2026-10-14", "2026-10-14")
        for role in ("administrator", "head", "social_pedagogue"):
            env = self.env_of(self.ru.users[role])
            for model in (
                "vshu.school",
                "vshu.calendar.exception",
                "vshu.school.year",
                "vshu.class",
                "vshu.class.teacher",
                "vshu.enrollment",
                "vshu.standin",
            ):
                found = env[model].search([("company_id", "=", self.kz.company.id)])
                self.assertFalse(found, (role, model))
            self.assertFalse(env["res.partner"].search([("id", "=", self.kz.student.id)]), role)
            self.assertFalse(env["res.partner"].browse(self.kz.student.id).has_access("read"), role)
            self.assertTrue(env["res.partner"].browse(self.ru.student.id).has_access("read"), role)
        self.assertTrue(self.env_of(self.kz.users["head"], self.kz)["res.partner"].browse(self.kz.student.id).name)

    def test_contacts_of_others_are_untouched(self):
        """The rule on students leaves all other contacts as they were."""
        adult = self.env["res.partner"].create({"name": "A supplier"})
        partners = self.env_of(self.kz.users["subject_teacher"], self.kz)["res.partner"]
        self.assertTrue(partners.search([("id", "=", adult.id)]))

    def test_portal_and_public_see_nothing(self):
        """Portal and public users reach no people's record of the register."""
        portal = self.env["res.users"].create(
            {
                "name": "Parent",
                "login": "vshu_parent",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        for user in (portal, self.env.ref("base.public_user")):
            for model in ("vshu.school", "vshu.class", "vshu.enrollment", "vshu.standin", *self.records["ru"]):
                self.assertFalse(self.env[model].with_user(user).has_access("read"), (user.login, model))
