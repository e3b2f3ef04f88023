"""A list of 300 rows, made of the mess that schools have, walked through in a real browser (issue's acceptance 1)."""

import base64
from datetime import date, timedelta

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.vshu_registry.tests.channels.test_tours import TODAY, YEAR_END, YEAR_START

from .import_common import HEAD, ImportCommon, make_xlsx

LETTERS = "абвгдежзик"
#: ways of writing the classes 7 «А», 7 «Б» and 8 «В», which the school does not have yet
WAYS = {
    (7, "А"): ("7А", "7 «А»", "7-а", "7 a", "7-сынып А"),
    (7, "Б"): ("7Б", "7 «Б»", "7-б", "7 Б класс", "07 б"),
    (8, "В"): ("8В", "8 «В»", "8-в", "8 B", "8 в кл."),
}


@tagged("post_install", "-at_install")
class TestImportTour(ImportCommon, HttpCase):
    """The real clock runs, so nothing here is frozen."""

    @classmethod
    def make_year(cls, company, name, date_start, date_end):
        """Create the school year around today in place of the one of the builders."""
        return super().make_year(company, name, YEAR_START, YEAR_END)

    def good_rows(self, number):
        """Return ({name: class}, rows) of children whose rows are right, each written in another way."""
        born = date(TODAY.year - 13, 1, 5)
        classes = list(WAYS)
        expected, rows = {}, []
        for n in range(number):
            key = classes[n % 3]
            name = f"Хороший{LETTERS[n % 10]}{LETTERS[n // 10 % 10]}{LETTERS[n // 100]} Олег Иванович"
            day = born + timedelta(days=n)
            dates = (f"{day:%d.%m.%Y}", day, f"{day:%Y-%m-%d}", f"{day:%d/%m/%y}", (day - date(1899, 12, 30)).days)
            expected[name] = key
            parent = "" if n % 4 else f"Хорошая Анна{LETTERS[n % 10]}"
            phone = f"8 701 {n:03d} 11 22" if parent else ""
            rows.append(
                [n, name.upper() if n % 7 == 0 else f"  {name} ", dates[n % 5], WAYS[key][n % 5], "м", parent, phone]
            )
        return expected, rows

    def bad_rows(self):
        """Return rows that each have something wrong."""
        day = f"01.02.{TODAY.year - 13}"
        return [
            ["", "Плохой Один", "31.02.2014", "7А", "м", "", ""],
            ["", "Плохой Два", f"01.01.{TODAY.year + 1}", "7А", "м", "", ""],
            ["", "Плохой Три", "01.01.1950", "7А", "м", "", ""],
            ["", "Плохой Четыре", day, "седьмой", "м", "", ""],
            ["", "Плохой Пять", day, "15А", "м", "", ""],
            ["", "Плохой Шесть", day, "7А", "оно", "", ""],
            ["", "Плохой Семь", day, "7А", "м", "", "8 701 111 22 33"],
            ["", "Плохой", day, "7А", "м", "", ""],
            ["", "", day, "7А", "м", "Мать Плохая", ""],
            ["", "=1+1", day, "7А", "м", "", ""],
            ["", "@SUM(A1:A9)", day, "7А", "м", "", ""],
            ["", "Плохой Восемь", "", "7А", "м", "", ""],
            ["", "Плохой Девять", day, "", "м", "", ""],
        ]

    def test_import(self):
        """The right children come into the right classes; whoever is doubtful is asked about or left out."""
        bag = self.ru
        expected, good = self.good_rows(280)
        born = "20.05.2013"
        twin = self.make_student(bag, "Близнецов Иван", bag.class_a)
        self.make_student(bag, "Близнецов Иван", bag.class_b)
        rows = good[:150]
        rows += [
            ["", "Петров  Иван", born, "7Б", "м", "Петрова Мария", "8 702 000 11 22"],
            ["", "СИДОРОВА АННА", "2013-05-20", "7 «Б»", "ж", "", ""],
            ["", "Близнецов Иван", born, "7А", "м", "", ""],
            good[3][:],
            [*good[5][:3], "7А", *good[5][4:]],
            [],
        ]
        rows += self.bad_rows() + good[150:]
        rows.append(["Итого:", str(len(rows))])
        self.assertGreaterEqual(len(rows), 299)
        content = make_xlsx([["Школа № 5"], ["Список учащихся 7–8 классов"], [], HEAD, *rows])
        file = self.env["ir.attachment"].create(
            {"name": "список.xlsx", "datas": base64.b64encode(content), "public": True}
        )
        self.env["ir.model.data"].create(
            {"module": "vshu_tour", "name": "class_list", "model": "ir.attachment", "res_id": file.id}
        )
        with mute_logger("odoo.http"):
            self.start_tour("/odoo", "vshu_import_class_list", login=bag.users["administrator"].login)
        self.env.invalidate_all()
        record = self.env["vshu.import"].search([("company_id", "=", bag.company.id)])
        self.assertEqual(record.state, "done")
        self.assertEqual(record.count_problem, len(self.bad_rows()) + 2, record.problem_line_ids.mapped("problem"))
        self.assertEqual((record.count_create, record.count_left), (280, 0))
        today = {
            student.name: (student.vshu_class_id.grade, student.vshu_class_id.letter)
            for student in self.students(bag).values()
        }
        moved = {"Петров Иван": (7, "Б"), "Сидорова Анна": (7, "Б")}
        twins = today.pop("Близнецов Иван")
        self.assertIn(twins, ((7, "А"), (7, "Б")))
        self.assertEqual(today, {**expected, **moved})
        self.assertEqual(twin.vshu_class_id, bag.class_a)
        self.assertEqual(self.env["res.partner"].search_count([("name", "=", "Близнецов Иван")]), 2)
        self.assertEqual(
            self.env["vshu.class"].search([("year_id", "=", bag.year.id)]).mapped("name"),
            ["7 «А»", "7 «Б»", "8 «В»"],
        )
        # the child who was moved was in the other class before
        old = bag.student.vshu_enrollment_ids.filtered(lambda e: e.class_id == bag.class_a)
        if TODAY > YEAR_START:
            self.assertEqual((old.date_to, old.end_reason_id.code), (TODAY - timedelta(days=1), "other_class"))
        self.assertEqual(bag.student.vshu_guardian_ids.mapped("phone"), ["8 702 000 11 22"])
