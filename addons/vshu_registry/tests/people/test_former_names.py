from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.vshu_import.tests.import_common import ImportCommon

HEAD = ["№ личного дела", "ФИО", "Дата рождения", "Класс"]


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestFormerNames(ImportCommon):
    """people.md "child renamed, then an old class list": former names are kept, found, and matched (RU-1.3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.child = cls.make_student(
            cls.ru, "Петрова Анна Сергеевна", cls.ru.class_a, "2013-03-15", vshu_file_number="П-77"
        )
        keeper = cls.child.with_user(cls.ru.users["social_pedagogue"])
        keeper.write({"name": "Иванова Анна Сергеевна"})
        keeper.write({"name": "Кузнецова Анна Сергеевна"})
        cls.env.flush_all()

    def people(self):
        return self.env["res.partner"].with_context(active_test=False).search_count([("vshu_is_student", "=", True)])

    def test_kept_with_the_day(self):
        """Each name with the day on which it was changed; another way of writing it is no other name."""
        self.assertEqual(
            self.child.vshu_former_names,
            "Иванова Анна Сергеевна (2026-10-14)\nПетрова Анна Сергеевна (2026-10-14)",
        )
        self.child.name = "КУЗНЕЦОВА Анна Сергеевна"
        self.assertEqual(len(self.child.vshu_former_names.splitlines()), 2)
        adult = self.env["res.partner"].create({"name": "Мать"})
        adult.name = "Отец"
        self.assertFalse(adult.vshu_former_names)

    def test_found(self):
        """Search and name_search find the child by a former name, for the staff; nobody else reads or searches it."""
        for role in ("social_pedagogue", "class_teacher", "head"):
            students = self.env["res.partner"].with_user(self.ru.users[role])
            students = students.with_context(allowed_company_ids=self.ru.company.ids)
            self.assertIn(self.child.id, [id_ for id_, _name in students.name_search("Петрова Анна")], role)
        plain = self.env["res.users"].create(
            {"name": "Plain", "login": "plain_user", "group_ids": [(6, 0, [self.env.ref("base.group_user").id])]}
        )
        contacts = self.env["res.partner"].with_user(plain)
        self.assertFalse(contacts.name_search("Петрова Анна Сергеевна"))
        for call in (
            lambda: contacts.browse(self.child.id).read(["vshu_former_names"]),
            lambda: contacts.search([("vshu_former_names", "ilike", "Петрова")]),
        ):
            with self.assertRaises(AccessError):
                call()
        with self.refused(AccessError, "kept by the system"):
            self.child.with_user(self.ru.users["social_pedagogue"]).write({"vshu_former_names": "Никто (2020-01-01)"})

    def test_an_old_list_without_numbers(self):
        """With or without a date of birth: the child is offered, no second one is made."""
        before = self.people()
        for name in ("Петрова Анна Сергеевна", "Иванова Анна"):
            for born in (date(2013, 3, 15), ""):
                with self.subTest(name, born=born):
                    record = self.check(self.ru, [HEAD[1:], [name, born, "7 А"]])
                    line = record.sudo().line_ids
                    self.assertEqual(line.action, "problem")
                    self.assertIn("called so", line.problem)
                    self.assertIn(self.child, line.candidate_ids)
                    self.assertEqual(record.count_left, 0)
        self.assertEqual(self.people(), before)

    def test_another_child_of_the_former_name(self):
        """A namesake born on another day is a child of its own."""
        record = self.load(self.ru, [HEAD[1:], ["Петрова Анна Сергеевна", date(2013, 9, 1), "7 А"]])
        self.assertEqual(record.sudo().line_ids.action, "create")
        self.assertEqual(self.child.name, "Кузнецова Анна Сергеевна")

    def test_an_old_list_with_a_number(self):
        """The number finds the child; no rename back is planned, the list says so."""
        record = self.check(self.ru, [HEAD, ["П-77", "Петрова Анна Сергеевна", date(2013, 3, 15), "7 А"]])
        line = record.sudo().line_ids
        self.assertEqual(line.student_id, self.child)
        self.assertIn("former name", line.changes or "")
        self.assertNotIn("→ Петрова", line.changes)
        if record.count_left:
            record.action_confirm()
        self.assertEqual(self.child.name, "Кузнецова Анна Сергеевна")

    def test_a_new_name_in_a_list(self):
        """A list with a name that the child never had renames as before, and the old name is kept."""
        self.load(self.ru, [HEAD, ["П-77", "Смирнова Анна Сергеевна", date(2013, 3, 15), "7 А"]])
        self.assertEqual(self.child.name, "Смирнова Анна Сергеевна")
        self.assertIn("Кузнецова Анна Сергеевна", self.child.vshu_former_names)
