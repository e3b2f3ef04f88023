"""Builders that every test of the addon uses: two schools, people in every role, classes, students."""

import re
from contextlib import contextmanager
from datetime import date

from odoo.fields import Command
from odoo.tests import TransactionCase

#: the identifier of a clause, as docs/requirements.csv writes it
CLAUSE = re.compile(r"\b(?:KZ|RU)-\w+(?:\\?\.\w+)*(?: \w\\?\))?")


def slow(method):
    """Mark a test of every combination: it runs on demand (``VSHU_SLOW=1 make test``), as slow ones of pytest do."""
    return method


#: the register and what installs itself beside it: their models are tried in one world
REGISTER = ("vshu_registry", "vshu_import", "vshu_transfer")
#: all that a school works with
ADDONS = (*REGISTER, "vshu_council", "vshu_plans")
#: every role with a group of its own
ROLES = (
    "class_teacher",
    "subject_teacher",
    "psychologist",
    "social_pedagogue",
    "deputy_head",
    "head",
    "administrator",
)
#: the five-day school year that the tests live in
YEAR_START, YEAR_END = date(2026, 9, 1), date(2027, 8, 31)


class VshuCommon(TransactionCase):
    """Two schools (``self.kz``, ``self.ru``), each a Bag of records.

    A Bag has: company, school, year, class_a (7 «А», with class teacher), class_b (7 «Б», another teacher),
    users and employees by role code, teacher_b (employee of class_b's teacher) and user_b, student (in class_a) and
    other_student (in class_b). Use ``self.ru.users["head"]`` with ``with_user`` / ``with_company``.
    """

    today = date(2026, 10, 14)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # mails and passwords cost time and prove nothing here
        cls.env = cls.env(context=dict(cls.env.context, no_reset_password=True, tracking_disable=True))
        cls.kz = cls.make_school("kz", "Школа-лицей № 12", "base.kz", "Asia/Almaty")
        cls.ru = cls.make_school("ru", "Школа № 5", "base.ru", "Europe/Moscow")
        cls.companies = cls.kz.company | cls.ru.company

    @contextmanager
    def refused(self, exception, regex):
        """Expect an exception whose message matches ``regex``, and take back whatever was done before it came.

        Identifiers of clauses stand for the words in which the message cites them.
        """
        with self.assertRaisesRegex(exception, self.cited(regex, re.escape)), self.cr.savepoint():
            yield

    def cited(self, text, escape=str):
        """Return ``text`` with the identifiers of clauses put in the words in which people read them."""
        words = self.env["vshu.regulation"]._clause_words
        return CLAUSE.sub(lambda match: escape(words(match[0].replace("\\", ""))), text)

    # -- schools and staff -------------------------------------------------------------------------------------------

    @classmethod
    def make_regulation(cls, code, country):
        """Return the regulation that ships under ``code``; a bare one where the addon's data are not there."""
        found = cls.env["vshu.regulation"].search([("code", "=", code), ("shipped", "=", True)], limit=1)
        return found or cls.env["vshu.regulation"].create(
            {
                "name": code.upper(),
                "code": code,
                "version": "test",
                "country_id": country.id,
                "register_label": "ВШУ",
                "state": "in_force",
            }
        )

    @classmethod
    def make_school(cls, code, name, country_xmlid, tz):
        """Create a company with its school form, officers and a user in every role, two classes, two students."""
        country = cls.env.ref(country_xmlid)
        company = cls.env["res.company"].create({"name": f"{name} ({code})", "country_id": country.id})
        if company.resource_calendar_id:
            company.resource_calendar_id.tz = tz
        bag = Bag(code=code, company=company, users={}, employees={})
        made = cls.make_users(
            bag, [*((role, f"{code}_{role}") for role in ROLES), ("class_teacher", f"{code}_teacher_b")]
        )
        for role, (user, employee) in zip(ROLES, made, strict=False):
            bag.users[role], bag.employees[role] = user, employee
        bag.user_b, bag.teacher_b = made[-1]
        bag.school = cls.env["vshu.school"].create(
            {
                "company_id": company.id,
                "regulation_id": cls.make_regulation(code, country).id,
                "head_id": bag.employees["head"].id,
                "deputy_head_id": bag.employees["deputy_head"].id,
                "keeper_id": bag.employees["social_pedagogue"].id,
                "keeper_order_number": "15-о",
                "keeper_order_date": "2026-09-01",
                "psychologist_id": bag.employees["psychologist"].id,
                "working_week": "5",
                "tz": tz,
            }
        )
        bag.year = cls.make_year(company, "2026/27", YEAR_START, YEAR_END)
        bag.class_a = cls.make_class(bag, 7, "А", bag.employees["class_teacher"])
        bag.class_b = cls.make_class(bag, 7, "Б", bag.teacher_b)
        bag.student = cls.make_student(bag, "Ахметов Арман" if code == "kz" else "Петров Иван", bag.class_a)
        bag.other_student = cls.make_student(bag, "Оспанова Айша" if code == "kz" else "Сидорова Анна", bag.class_b)
        return bag

    @classmethod
    def make_user(cls, bag, role, login, **vals):
        """Create a user with the group of ``role`` and the employee behind; return (user, employee)."""
        return cls.make_users(bag, [(role, login)], **vals)[0]

    @classmethod
    def make_users(cls, bag, people, **vals):
        """Create the users and the employees of several people at once.

        :param people: [(role, login)]; the password is the login, made up to eight characters
        :return: [(user, employee)] in the same order
        """
        users = cls.env["res.users"].create(
            [
                {
                    "login": login,
                    "password": login.ljust(8, "x"),
                    "name": f"{login} name",
                    "email": f"{login}@example.com",
                    "company_id": bag.company.id,
                    "company_ids": [Command.set(bag.company.ids)],
                    "group_ids": [
                        Command.set(
                            [
                                cls.env.ref("base.group_user").id,
                                cls.env.ref(f"vshu_registry.group_{role}").id,
                            ]
                        )
                    ],
                    **vals,
                }
                for role, login in people
            ]
        )
        employees = cls.env["hr.employee"].create(
            [{"name": user.name, "user_id": user.id, "company_id": bag.company.id} for user in users]
        )
        return list(zip(users, employees, strict=True))

    # -- people ------------------------------------------------------------------------------------------------------

    @classmethod
    def make_year(cls, company, name, date_start, date_end):
        """Create a school year."""
        return cls.env["vshu.school.year"].create(
            {"company_id": company.id, "name": name, "date_start": date_start, "date_end": date_end}
        )

    @classmethod
    def make_class(cls, bag, grade, letter, teacher=None, year=None):
        """Create a class, with its class teacher for the whole year where one is given."""
        year = year or bag.year
        return cls.env["vshu.class"].create(
            {
                "company_id": bag.company.id,
                "year_id": year.id,
                "grade": grade,
                "letter": letter,
                "teacher_ids": [Command.create({"employee_id": teacher.id, "date_from": year.date_start})]
                if teacher
                else [],
            }
        )

    @classmethod
    def make_student(cls, bag, name, school_class=None, birth_date="2013-05-20", **vals):
        """Create a student, enrolled in ``school_class`` from the first day of its year where one is given."""
        student = cls.env["res.partner"].create(
            {"name": name, "vshu_is_student": True, "vshu_birth_date": birth_date, "vshu_sex": "male", **vals}
        )
        if school_class:
            cls.enroll(student, school_class)
        return student

    @classmethod
    def enroll(cls, student, school_class, date_from=None, date_to=None, reason=None):
        """Enrol a student in a class."""
        return cls.env["vshu.enrollment"].create(
            {
                "student_id": student.id,
                "class_id": school_class.id,
                "date_from": date_from or school_class.year_id.date_start,
                "date_to": date_to,
                "end_reason_id": reason.id if reason else False,
            }
        )

    @classmethod
    def make_guardian(cls, student, name="Петрова Мария", kind="mother", **vals):
        """Create an adult and the link that makes them a guardian of ``student``."""
        adult = cls.env["res.partner"].create({"name": name, "phone": "+7 701 000 00 00"})
        return cls.env["vshu.guardian"].create({"student_id": student.id, "partner_id": adult.id, "kind": kind, **vals})

    @classmethod
    def make_category(cls, bag, subject="student"):
        """Return a social category of the school's regulation."""
        found = bag.school.regulation_id.social_category_ids.filtered(lambda c: c.subject == subject)[:1]
        return found or cls.env["vshu.social.category"].create(
            {
                "name": f"Category of a {subject}",
                "code": f"test_{subject}",
                "subject": subject,
                "regulation_id": bag.school.regulation_id.id,
            }
        )

    @classmethod
    def make_standin(cls, bag, role, substitute, date_from, date_to, school_class=None):
        """Let ``substitute`` (employee) stand in for ``role`` from one day to another, both included."""
        return cls.env["vshu.standin"].create(
            {
                "company_id": bag.company.id,
                "role_id": cls.env.ref(f"vshu_registry.role_{role}").id,
                "class_id": school_class.id if school_class else False,
                "substitute_id": substitute.id,
                "date_from": date_from,
                "date_to": date_to,
            }
        )

    @classmethod
    def add_exceptions(cls, bag, off=(), work=()):
        """Enter days off and working days by hand (ISO dates)."""
        return cls.env["vshu.calendar.exception"].create(
            [
                {"school_id": bag.school.id, "date": day, "kind": kind, "name": kind}
                for kind, days in (("off", off), ("work", work))
                for day in days
            ]
        )


class Bag:
    """Records of one school by name."""

    def __init__(self, **values):
        self.__dict__.update(values)

    def __getitem__(self, name):
        return self.__dict__[name]
