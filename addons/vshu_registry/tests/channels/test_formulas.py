"""people.md "exports that run as formulas": text is text in every export, and comes back as the same words."""

import base64
import csv
import io
import json

from freezegun import freeze_time
from odoo.http import Request
from odoo.tests import tagged

from odoo.addons.vshu_import.tests.import_common import HEAD, ImportCommon, make_csv
from odoo.addons.vshu_import.tools.import_reader import open_table
from odoo.addons.vshu_import.tools.import_workbook import problems_xlsx
from odoo.addons.vshu_registry.tools.journal_workbook import journal_xlsx

from ..web_common import WebCommon

try:
    import openpyxl
except ImportError:
    openpyxl = None

WORDS = (
    '=HYPERLINK("https://spy.example";"нажми")',
    "@SUM(A1)",
    "-5 по алгебре",
    "+7 700 123 45 67",
    "=1+1",
    "'кавычка",
    "https://school.example",
    "обычное слово",
)


def xlsx_cells(content):
    """Return {text} of a workbook; asserts by itself that nothing in it is a formula or a link."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = set()
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    assert cell.data_type != "f", cell.value  # noqa: S101 of a test
                    assert not cell.hyperlink, cell.value  # noqa: S101 of a test
                    found.add(cell.value)
    return found


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestFormulas(WebCommon, ImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bag = cls.kz
        cls.fill(cls.kz)
        cls.bag.users["head"].group_ids += cls.env.ref("base.group_allow_export")
        cls.signals = cls.env["vshu.signal"].create(
            [
                {"company_id": cls.bag.company.id, "student_id": cls.bag.student.id, "description": word}
                for word in WORDS
            ]
        )

    def export(self, kind, **params):
        """Return what the web client's export of a list gives."""
        data = {
            "model": "vshu.signal",
            "fields": [{"name": "description", "label": "=Слова", "type": "text"}],
            "ids": self.signals.ids,
            "domain": [],
            "import_compat": False,
            "context": {"allowed_company_ids": self.bag.company.ids},
            **params,
        }
        response = self.url_open(
            f"/web/export/{kind}", data={"data": json.dumps(data), "csrf_token": Request.csrf_token(self)}
        )
        self.assertEqual(response.status_code, 200)
        return response.content

    def test_lists_of_the_web_client(self):
        """Odoo's own export of our lists, plain and grouped, and what a name in the search leaves in the log."""
        if openpyxl is None:
            self.skipTest("openpyxl is not there")
        self.log_in(self.bag, "head")
        self.assertTrue({*WORDS, "=Слова"} <= xlsx_cells(self.export("xlsx")))
        grouped = xlsx_cells(self.export("xlsx", groupby=["description"]))
        self.assertTrue(set(WORDS) <= grouped)
        rows = list(csv.reader(io.StringIO(self.export("csv").decode())))
        for word, (cell,) in zip(["=Слова", *WORDS], rows, strict=True):
            self.assertEqual(cell.startswith("'"), word[0] in "=+-@'", cell)
            self.assertEqual(cell.removeprefix("'"), word.removeprefix("'"))
        # a list of something else is Odoo's
        plain = self.export("csv", model="res.country", ids=[], fields=[{"name": "code", "label": "a", "type": "char"}])
        self.assertIn(b"KZ", plain)

    def test_back_through_the_import(self):
        """What was exported by whichever way comes back as the same words."""
        if openpyxl is None:
            self.skipTest("openpyxl is not there")
        self.log_in(self.bag, "head")
        for name, content in (
            ("a.csv", self.export("csv")),
            ("a.xlsx", self.export("xlsx")),
            ("a.xlsx", problems_xlsx(["=Слова"], [((word,), 2, "") for word in WORDS], "№", "=почему")),
        ):
            table = open_table(content, name, 10**7, None, len)
            cells = [row[0] for _number, row in table.rows(table.sheets()[0])]
            self.assertEqual(cells[1:], list(WORDS), name)

    def test_our_workbooks(self):
        """The journal and the rows with problems: headings, cells, totals, notes."""
        if openpyxl is None:
            self.skipTest("openpyxl is not there")
        heading = {"sheet": "Журнал", "school": WORDS[0], "title": WORDS[1], "lines": [WORDS[2]]}
        columns = [{"title": word, "width": 10} for word in WORDS]
        totals = {"title": WORDS[3], "columns": [WORDS[0]], "lines": [(WORDS[4], [1])]}
        rows = [{"cells": list(WORDS), "annulled": False}]
        self.assertTrue(set(WORDS) <= xlsx_cells(journal_xlsx(heading, columns, rows, totals, WORDS[0], "&P")))
        self.assertTrue(set(WORDS) <= xlsx_cells(problems_xlsx(WORDS, [(WORDS, 2, WORDS[0])], "№", WORDS[1])))

    def test_list_with_such_words(self):
        """A class list with them is read as text, and its rows with problems come out as they were."""
        name = "=Петров Иван"
        rows = [HEAD, ["1", name, "31.02.2014", "7А", "м", "@Петрова Мария", "+7 700 123 45 67"]]
        record = self.start(self.bag, make_csv(rows), "список.csv")
        record.action_read()
        self.assertIn("@Петрова Мария", str(record.sudo().line_ids.mapped("cells")))
        record._working()._save_problems()
        content = base64.b64decode(record.with_context(bin_size=False).problem_file)
        if openpyxl is not None:
            self.assertTrue({name, "@Петрова Мария", "+7 700 123 45 67"} <= xlsx_cells(content))
