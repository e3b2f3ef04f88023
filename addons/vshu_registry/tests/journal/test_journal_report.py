"""The journal as XLSX and on paper: which rows, whose rights, what stands on it."""

import io
import json
import shutil
import subprocess
import unittest
from contextlib import contextmanager
from datetime import date, datetime

from freezegun import freeze_time
from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.vshu_registry.tools.guard import guarded

from ..common import VshuCommon

try:
    import openpyxl
except ImportError:  # a requirement of development only
    openpyxl = None

KAZAKH = "Әлібекұлы Ғани Қуанышұлы Һәм Ңөүі"


class JournalCommon(VshuCommon):
    """Rows of the journal, made without the way that leads to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("vshu_registry.kz_reason_19_1")

    @classmethod
    def make_entry(cls, bag, number, name="Иванов Пётр", state="active", kind="register", **vals):
        """Create a case of a student of their own and its row in the journal."""
        regulation = bag.school.regulation_id
        case_vals = {
            key: vals.pop(key)
            for key in ("date_end", "date_removed", "removal_reason_id", "date_parents_informed", "previous_case_id")
            if key in vals
        }
        case = guarded(cls.env["vshu.case"]).create(
            {
                "company_id": bag.company.id,
                "regulation_id": regulation.id,
                "student_id": cls.make_student(bag, name).id,
                "kind": kind,
                "state": state,
                "number": number,
                "year_id": bag.year.id,
                "date_placed": vals.get("date_placed", "2026-09-15"),
                **case_vals,
            }
        )
        return guarded(cls.env["vshu.journal.entry"]).create(
            {
                "case_id": case.id,
                "company_id": bag.company.id,
                "year_id": bag.year.id,
                "number": number,
                "kind": kind,
                "subject": "student",
                "date_entered": "2026-09-15",
                "date_placed": "2026-09-15",
                "subject_name": name,
                "birth_date": "2013-05-20",
                "sex": "male",
                "class_name": "7 «А»",
                "grade": 7,
                "address": "ул. Абая, 10, кв. 5",
                "guardians": "Иванова Мария, мать, +7 701 000 00 00\nИванов Сергей, отец",
                "ground": "систематические пропуски занятий без уважительной причины",
                "basis": "Обращение классного руководителя",
                "paper": "Протокол Совета профилактики № 3, 15.09.2026",
                "curator": "Ахметова Г. С.",
                **vals,
            }
        )

    @classmethod
    def make_example(cls, bag):
        """Create the journal that the totals are counted by hand for.

        Five rows: 1 on the register, 2 removed, 3 annulled, 4 placed again after 2 and on the register with its term
        extended, 5 annulled that would have been a repetition.
        Placed 3 (1, 2, 4), of these again 1 (4), removed 1 (2), left 2 (1, 4), annulled 2 (3, 5).
        """
        first = cls.make_entry(bag, 1, KAZAKH, date_end="2026-12-15", date_parents_informed="2026-09-16")
        second = cls.make_entry(bag, 2, state="closed", date_removed="2026-10-01", removal_reason_id=cls.reason.id)
        annulled = {"state": "annulled", "annulled": True, "annulment_reason": "Внесено ошибочно"}
        third = cls.make_entry(bag, 3, "Сидоров Олег", date_annulled="2026-09-20", **annulled)
        fourth = cls.make_entry(bag, 4, "Иванов Пётр", date_end="2027-03-15", previous_case_id=second.case_id.id)
        cls.env["vshu.case.term"].create(
            {
                "case_id": fourth.case_id.id,
                "kind": "extension",
                "date_from": "2026-12-15",
                "date_to": "2027-03-15",
                "months": 3,
            }
        )
        fifth = cls.make_entry(bag, 5, previous_case_id=second.case_id.id, date_annulled="2026-09-21", **annulled)
        return first | second | third | fourth | fifth

    def as_(self, bag, role, lang="ru_RU", **context):
        """Return the journal as the user of ``role`` sees it."""
        user = bag.users[role]
        return (
            self.env["vshu.journal.entry"]
            .with_user(user)
            .with_context(allowed_company_ids=bag.company.ids, lang=lang, **context)
        )

    def sheet(self, entries, ids=None, domain=None):
        """Make the XLSX file and open it again."""
        if not openpyxl:
            raise unittest.SkipTest("openpyxl is not installed")
        name, content = entries._journal_xlsx(ids, domain)
        return name, openpyxl.load_workbook(io.BytesIO(content)).active

    def head_row(self, sheet):
        """Return the number of the row with the titles of the columns."""
        return next(row[0].row for row in sheet.iter_rows() if row[0].border.left.style and row[0].font.b)

    def rows(self, sheet):
        """Return the rows of the journal on the sheet, as lists of cells."""
        result = []
        for row in sheet.iter_rows(min_row=self.head_row(sheet) + 1):
            if not row[0].border.left.style:
                break
            result.append(row)
        return result

    def totals(self, sheet):
        """Return the numbers of the totals, top down."""
        start = self.head_row(sheet) + len(self.rows(sheet)) + 3
        return [sheet.cell(start + offset, 5).value for offset in range(5)]


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestJournalXlsx(JournalCommon):
    def test_form(self):
        """Heading, columns, real dates, struck rows, page set-up: as the form that schools know."""
        self.make_example(self.kz)
        journal = self.as_(self.kz, "social_pedagogue")
        name, sheet = self.sheet(journal)
        self.assertEqual(name, "Журнал учёта 2026-10-14.xlsx")
        head = self.head_row(sheet)
        heading = [sheet.cell(row, 1).value for row in range(1, head)]
        self.assertEqual(heading[0], self.kz.company.name)
        self.assertIn("Журнал учёта", heading[1])
        self.assertIn("Учебный год: 2026/27", heading)
        self.assertIn("Дата печати: 14.10.2026", heading)
        self.assertEqual(
            [cell.value for cell in sheet[head]],
            [
                "№", "ФИО", "Дата рождения", "Класс", "Адрес", "Родители, телефон", "Дата постановки", "Основание",
                "Документ-основание", "Куратор", "Дата уведомления родителей", "Срок до", "Продление", "Дата снятия",
                "Основание снятия", "Примечание",
            ],
        )  # fmt: skip
        rows = self.rows(sheet)
        # the order of the list
        self.assertEqual([row[0].value for row in rows], [5, 4, 3, 2, 1])
        first, fourth, third = rows[4], rows[1], rows[2]
        self.assertEqual(first[1].value, KAZAKH)
        for index, day in ((2, date(2013, 5, 20)), (6, date(2026, 9, 15)), (10, date(2026, 9, 16))):
            self.assertEqual(first[index].value, datetime(day.year, day.month, day.day))
            self.assertTrue(first[index].is_date)
        self.assertEqual(first[11].value, datetime(2026, 12, 15))
        self.assertIn("Обращение классного руководителя\nПротокол", first[8].value)
        self.assertEqual(rows[3][14].value, self.reason.with_context(lang="ru_RU").display_name)
        self.assertEqual(fourth[12].value, "15.12.2026 – 15.03.2027")
        self.assertIn("Повторная постановка", fourth[15].value)
        self.assertIn("аннулирована 20.09.2026: Внесено ошибочно", third[15].value)
        # the reason stays readable
        self.assertTrue(all(cell.font.strike for cell in third[:-1]))
        self.assertFalse(third[-1].font.strike)
        self.assertFalse(any(cell.font.strike for cell in first))
        self.assertTrue(all(cell.alignment.wrap_text for cell in first))
        self.assertEqual(sheet.freeze_panes, f"C{head + 1}")
        self.assertEqual(sheet.auto_filter.ref, f"A{head}:P{head + 5}")
        self.assertEqual(sheet.print_title_rows, f"${head}:${head}")
        self.assertEqual((sheet.page_setup.orientation, sheet.page_setup.paperSize), ("landscape", 9))
        # one page wide is what is meant where nothing is written
        self.assertEqual((sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight), (1, 0))
        self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)
        self.assertEqual(sheet.oddFooter.right.text, "Страница &P из &N")
        self.assertGreater(sheet.column_dimensions["H"].width, 20)

    def test_totals(self):
        """The example counted by hand, and the invariant: placed = removed + left."""
        self.make_example(self.kz)
        _name, sheet = self.sheet(self.as_(self.kz, "head"))
        placed, repeated, removed, left, annulled = self.totals(sheet)
        self.assertEqual((placed, repeated, removed, left, annulled), (3, 1, 1, 2, 2))
        self.assertEqual(placed, removed + left)

    def test_totals_by_kind(self):
        """Register and control are counted side by side where the journal holds both."""
        self.make_entry(self.ru, 1)
        self.make_entry(self.ru, 2, state="closed", date_removed="2026-10-01")
        self.make_entry(self.ru, 3, kind="control")
        entries = self.as_(self.ru, "social_pedagogue").search([])
        totals = entries._journal_totals(entries._journal_facts())
        numbers = [numbers for _label, numbers in totals["lines"]]
        self.assertEqual(numbers, [[2, 1, 3], [0, 0, 0], [1, 0, 1], [1, 1, 2], [0, 0, 0]])
        self.assertEqual(len(totals["columns"]), 3)

    def test_statistics_text(self):
        """KZ-23 stands below the totals, with its clause; the Russian regulation has no such text."""
        self.make_entry(self.kz, 1)
        self.make_entry(self.ru, 1)
        _name, sheet = self.sheet(self.as_(self.kz, "head"))
        text = self.kz.school.regulation_id.with_context(lang="ru_RU").statistics_text
        self.assertTrue(text)
        self.assertEqual(sheet.cell(sheet.max_row, 1).value, f"{text} (п. 23 Методических рекомендаций)")
        self.assertEqual(self.as_(self.ru, "head").search([])._journal_note(), "")

    def test_no_formula(self):
        """A cell that begins like a formula is text, and stays text when somebody edits it (section 10)."""
        risky = ["=1+1", '=HYPERLINK("http://x")', "+7 701", "-1", "@SUM(A1)", "\t=1", "\r=1"]
        for number, text in enumerate(risky, start=1):
            self.make_entry(self.kz, number, text, address=text, guardians=text, ground=text, curator=text, paper=text)
        _name, sheet = self.sheet(self.as_(self.kz, "head"))
        rows = self.rows(sheet)
        self.assertEqual(len(rows), len(risky))
        for row in rows:
            for index in (1, 4, 5, 7, 9):
                self.assertIn(row[index].data_type, ("s", "inlineStr"))
                self.assertTrue(row[index].quotePrefix, row[index].value)
        self.assertEqual(rows[-1][1].value, "=1+1")
        self.assertFalse([cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"])

    def test_corrections(self):
        """A correction is told in the remarks: what stood, and why."""
        entry = self.make_entry(self.kz, 1)
        self.env["vshu.journal.correction"].with_user(self.kz.users["social_pedagogue"]).with_context(
            allowed_company_ids=self.kz.company.ids
        ).create({"entry_id": entry.id, "field_name": "address", "new_value": "ул. Новая, 1", "reason": "Описка"})
        _name, sheet = self.sheet(self.as_(self.kz, "head"))
        row = self.rows(sheet)[0]
        self.assertEqual(row[4].value, "ул. Новая, 1")
        self.assertIn("Исправлено 14.10.2026", row[15].value)
        self.assertIn("было «ул. Абая, 10, кв. 5» (Описка)", row[15].value)

    def test_selected_filter_year(self):
        """What a header button sends: selected rows; the filter; nothing."""
        entries = self.make_example(self.kz)
        old_year = self.make_year(self.kz.company, "2025/26", date(2025, 9, 1), date(2026, 8, 31))
        old = self.make_entry(
            self.kz, 9, year_id=old_year.id, state="closed", date_placed="2026-02-01", date_removed="2026-05-01"
        )
        journal = self.as_(self.kz, "social_pedagogue")

        def exported(records, **context):
            request = records.with_context(**context).action_export_xlsx()["params"]["data"]
            return self.sheet(journal, request["ids"], request["domain"])[1]

        def numbers(sheet):
            return [row[0].value for row in self.rows(sheet)]

        domain = [("state", "=", "active")]
        # nothing selected: the filter of the list
        by_filter = exported(journal, active_ids=[], active_domain=domain)
        self.assertEqual(numbers(by_filter), [4, 1])
        self.assertIn("Отбор: ", by_filter["A4"].value)
        # some selected: those, in the order in which they are shown
        chosen = journal.browse([entries[0].id, entries[3].id])
        by_hand = exported(chosen, active_ids=chosen.ids, active_domain=domain)
        self.assertEqual(numbers(by_hand), [1, 4])
        self.assertEqual(by_hand["A4"].value, "Отбор: выбранные записи: 2")
        # neither: the current school year
        self.assertEqual(numbers(exported(journal)), [5, 4, 3, 2, 1])
        # an empty filter: all years
        self.assertCountEqual(numbers(exported(journal, active_domain=[])), [5, 4, 3, 2, 1, old.number])
        # "select all" beyond what the web client sends: the filter says it
        self.env["ir.config_parameter"].set_param("web.active_ids_limit", "2")
        everything = exported(chosen, active_ids=chosen.ids, active_domain=[("number", "<", 4)])
        self.assertEqual(numbers(everything), [3, 2, 1])

    def test_words(self):
        """The filter in words; the year stands in the heading; what cannot be said is named as such."""
        Entry = self.as_(self.kz, "head")
        words = Entry.env["vshu.journal.words"]._words
        year = [("year_id.date_start", "<=", "today"), ("year_id.date_end", ">=", "today")]
        self.assertEqual(words(Entry, year), "")
        self.assertEqual(words(Entry, []), "")
        kind = Entry._fields["kind"]
        label = kind._description_string(Entry.env)
        register = dict(kind._description_selection(Entry.env))["register"]
        self.assertEqual(words(Entry, [*year, ("kind", "=", "register")]), f"{label}: {register}")
        placed = Entry._fields["date_placed"]._description_string(Entry.env)
        self.assertEqual(
            words(Entry, [("date_placed", ">=", "2026-09-01"), ("date_placed", "<=", "2026-09-30")]),
            f"{placed}: 01.09.2026 – 30.09.2026",
        )
        self.assertEqual(words(Entry, [("date_placed", ">=", "2026-09-01")]), f"{placed}: с 01.09.2026")
        self.assertEqual(words(Entry, [("date_placed", ">=", "-1w")]), "прочие условия")
        self.assertIn("Иванов", words(Entry, [("subject_name", "ilike", "Иванов")]))
        self.assertEqual(words(Entry, [("case_id.reason", "ilike", "x")]), "прочие условия")
        self.assertIn("или", words(Entry, ["|", ("kind", "=", "register"), ("kind", "=", "control")]))
        self.assertIn(": да", words(Entry, [("repeated", "=", True)]))

    def test_rights(self):
        """Who reads the journal prints it; nobody prints more than they read."""
        entry = self.make_entry(self.kz, 1)
        for role in ("psychologist", "social_pedagogue", "deputy_head", "head"):
            journal = self.as_(self.kz, role)
            self.assertEqual(journal.action_export_xlsx()["tag"], "vshu_registry.download")
            self.assertEqual(journal.browse(entry.id).action_print_pdf()["type"], "ir.actions.report")
        for role in ("class_teacher", "subject_teacher", "administrator"):
            journal = self.as_(self.kz, role)
            for records in (journal, journal.browse(entry.id), journal.with_context(active_domain=[])):
                for action in ("action_export_xlsx", "action_print_pdf"):
                    with self.assertRaises(AccessError):
                        getattr(records, action)()
            with self.assertRaises(AccessError):
                journal._journal_xlsx(entry.ids)
            with self.assertRaises(AccessError):
                self.env["report.vshu_registry.report_journal"].with_env(journal.env)._get_report_values(entry.ids)

    def test_standin(self):
        """A teacher who stands in for the keeper prints the journal for as long."""
        self.make_entry(self.kz, 1)
        self.make_standin(
            self.kz, "social_pedagogue", self.kz.employees["class_teacher"], date(2026, 10, 12), date(2026, 10, 16)
        )
        _name, sheet = self.sheet(self.as_(self.kz, "class_teacher"))
        self.assertEqual(len(self.rows(sheet)), 1)

    def test_companies(self):
        """Rows of another school never get onto the sheet; rows of two schools never onto one."""
        mine, other = self.make_entry(self.kz, 1), self.make_entry(self.ru, 1, "Чужой Ученик")
        journal = self.as_(self.kz, "head")
        _name, sheet = self.sheet(journal, domain=[])
        self.assertEqual([row[1].value for row in self.rows(sheet)], [mine.subject_name])
        for ids in (other.ids, (mine | other).ids):
            with self.assertRaises(AccessError):
                journal.browse(ids).action_export_xlsx()
        with self.assertRaises(UserError):
            journal.with_context(active_domain=[("company_id", "=", self.ru.company.id)]).action_export_xlsx()
        both = self.kz.users["head"]
        both.company_ids |= self.ru.company
        journal = journal.with_context(allowed_company_ids=self.companies.ids)
        with self.assertRaisesRegex(UserError, "разным школам"):
            journal.with_context(active_domain=[]).action_export_xlsx()
        # without a filter: the current school only
        self.assertEqual(len(self.rows(self.sheet(journal)[1])), 1)

    def test_nothing(self):
        """Nothing to print is said, not an empty file handed over."""
        self.make_entry(self.kz, 1)
        with self.assertRaisesRegex(UserError, "Печатать нечего"):
            self.as_(self.kz, "head", active_domain=[("number", "=", 77)]).action_export_xlsx()

    def test_number_pattern(self):
        """The number stands as the school writes it."""
        self.make_entry(self.kz, 7)
        self.kz.school.number_pattern = "%(number)s/%(year)s"
        self.assertEqual(self.rows(self.sheet(self.as_(self.kz, "head"))[1])[0][0].value, "7/2026/27")

    def test_queries(self):
        """Queries grow with batches, not with rows: at most four for a batch, a fixed number beside them."""
        reasons = self.env["vshu.removal.reason"].search([("regulation_id", "=", self.kz.school.regulation_id.id)])
        for number in range(1, 61):
            entry = self.make_entry(
                self.kz,
                number,
                f"Ученик {number}",
                state="closed",
                date_removed="2026-10-01",
                removal_reason_id=reasons[number % len(reasons)].id,
            )
            self.env["vshu.case.term"].create(
                {"case_id": entry.case_id.id, "kind": "extension", "date_from": "2026-12-15", "date_to": "2027-03-15"}
            )

        def count(limit, batch):
            journal = self.as_(self.kz, "social_pedagogue")
            self.patch(type(journal), "_journal_batch", batch)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            journal._journal_xlsx(domain=[("number", "<=", limit)])
            return self.env.cr.sql_log_count - before

        count(60, 20)  # caches of the registry
        base = count(20, 20)
        self.assertLessEqual(base, 25)
        self.assertEqual(count(60, 60), base, "rows cost no queries")
        self.assertLessEqual(count(60, 20) - base, 2 * 4, "a batch costs at most four")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestJournalPdf(HttpCase, JournalCommon):
    def print_text(self, entries, layout=True):
        """Print ``entries`` by wkhtmltopdf; return (bytes, text)."""
        if not shutil.which("pdftotext"):
            raise unittest.SkipTest("poppler-utils is not installed")
        report = entries.env["ir.actions.report"].with_context(force_report_rendering=True)
        action = entries.action_print_pdf()
        content, kind = report._render_qweb_pdf(action["report_name"], [], data=dict(action["data"]))
        self.assertEqual(kind, "pdf")
        command = ["pdftotext", *(["-layout"] if layout else []), "-enc", "UTF-8", "-", "-"]
        text = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
        return content, text

    def words(self, text):
        """Return the text without what a narrow column breaks."""
        return "".join(text.split())

    def test_languages(self):
        """The paper is in the school's language, in which its rows are frozen, whoever prints it (screens.md 3)."""
        self.make_example(self.kz)
        self.make_entry(self.ru, 1)
        for bag, paper_lang, lang, title in (
            (self.kz, "ru_RU", "kk_KZ", "Журнал учёта"),
            (self.kz, "kk_KZ", "ru_RU", "Есепке алу журналы"),
            (self.kz, False, "en_US", "Журнал учёта"),
            (self.ru, "kk_KZ", "kk_KZ", "Журнал учёта"),
        ):
            bag.school.paper_lang = paper_lang
            with self.subTest(school=bag.code, lang=lang):
                _content, text = self.print_text(self.as_(bag, "social_pedagogue", lang))
                self.assertIn(title, text)

    def test_paper(self):
        """Landscape A4; columns, Kazakh letters, totals, note and signatures can be read back; fonts are embedded."""
        self.kz.school.paper_lang = "kk_KZ"
        self.make_example(self.kz)
        content, text = self.print_text(self.as_(self.kz, "social_pedagogue", "kk_KZ"), layout=False)
        words = self.words(text)
        for expected in (
            self.kz.company.name,
            "Оқу жылы: 2026/27",
            KAZAKH,
            "15.12.2026 – 15.03.2027",
            "Соңында есепте тұр",
            self.kz.school.regulation_id.with_context(lang="kk_KZ").statistics_text,
            self.kz.employees["head"].name,
            self.kz.employees["social_pedagogue"].name,
        ):
            self.assertIn(self.words(expected), words)
        # the titles of narrow columns are read line by line across
        for column in self.as_(self.kz, "social_pedagogue", "kk_KZ")._journal_columns():
            for word in column["title"].split():
                self.assertIn(word, words)
        info = subprocess.run(["pdfinfo", "-"], input=content, capture_output=True, check=True).stdout.decode()
        self.assertRegex(info, r"Page size:\s+84[12](\.\d+)? x 59[45](\.\d+)? pts")
        fonts = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True).stdout.decode()
        rows = fonts.splitlines()[2:]
        self.assertTrue(rows)
        for row in rows:  # … emb sub uni object ID
            self.assertEqual(row.split()[-5], "yes", row)

    def test_pages(self):
        """The titles of the columns stand on every page."""
        for number in range(1, 41):
            self.make_entry(self.kz, number, f"Ученик {number}")
        _content, text = self.print_text(self.as_(self.kz, "head"))
        pages = [page for page in text.split("\f") if page.strip()]
        self.assertGreater(len(pages), 2)
        for number, page in enumerate(pages, start=1):
            self.assertIn("ФИО", page)
            self.assertIn(f"Страница {number} из {len(pages)}", page)
            # no row is cut in two: it begins and ends on its page
            self.assertEqual(page.count("Ученик"), page.count("Протокол Совета"))

    def test_limit(self):
        """More rows than can be printed are refused with what to do instead."""
        self.make_example(self.kz)
        journal = self.as_(self.kz, "head")
        self.patch(type(journal), "_journal_pdf_limit", 4)
        with self.assertRaisesRegex(UserError, "XLSX"):
            journal.action_print_pdf()
        self.assertTrue(journal.action_export_xlsx())

    def test_html_escaped(self):
        """What people typed is text on the paper."""
        self.make_entry(self.kz, 1, "<b>Иван</b> & Ко")
        html, _kind = (
            self.as_(self.kz, "head").env["ir.actions.report"]._render_qweb_html("vshu_registry.report_journal", [])
        )
        self.assertIn(b"&lt;b&gt;", html)

    # -- over HTTP -----------------------------------------------------------------------------------------------

    @contextmanager
    def logged_in(self, bag, role):
        """Log in as the user of ``role``."""
        user = bag.users[role]
        user.password = user.login
        self.authenticate(user.login, user.login)
        yield user
        self.logout()

    def download(self, bag, request, **context):
        data = {
            "csrf_token": http.Request.csrf_token(self),
            "data": json.dumps(request),
            "context": json.dumps({"lang": "ru_RU", "allowed_company_ids": bag.company.ids, **context}),
        }
        return self.url_open("/vshu_registry/journal.xlsx", data=data)

    def test_download(self):
        """The file by the way of the web client: name in the user's language, nothing kept in caches."""
        entry = self.make_entry(self.kz, 1)
        with self.logged_in(self.kz, "social_pedagogue"):
            response = self.download(self.kz, {"ids": entry.ids, "domain": None})
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertIn("filename*=UTF-8''%D0%96", response.headers["Content-Disposition"])
        self.assertTrue(response.content.startswith(b"PK"))

    @mute_logger("odoo.http")
    def test_download_refused(self):
        """A class teacher, another school and a stranger get no file, whatever they send."""
        entry = self.make_entry(self.kz, 1)
        for bag, role in ((self.kz, "class_teacher"), (self.kz, "administrator"), (self.ru, "head")):
            with self.logged_in(bag, role):
                for request in ({"ids": entry.ids}, {"domain": [["id", "in", entry.ids]]}):
                    response = self.download(bag, request)
                    self.assertEqual(response.status_code, 500)
                    self.assertNotIn(b"PK", response.content[:2])
                    self.assertNotIn(entry.subject_name.encode(), response.content)
        with self.logged_in(self.kz, "head"):
            for nonsense in ([1], {"ids": ["x"]}, {"ids": 1}, {"domain": [["no_such_field", "=", 1]]}, {"domain": "x"}):
                self.assertEqual(self.download(self.kz, nonsense).status_code, 400, nonsense)
        response = self.download(self.kz, {"ids": entry.ids})
        self.assertFalse(response.content.startswith(b"PK"))

    def test_buttons(self):
        """The buttons of the list in a real browser: nothing selected, one row, "select all"."""
        entries = self.make_example(self.kz)
        user = self.kz.users["social_pedagogue"]
        user.password = user.login
        asked = []
        Entry = type(self.env["vshu.journal.entry"])
        chosen = Entry._journal_chosen

        def recorded(model, ids=None, domain=None):
            asked.append((ids or None, domain))
            return chosen(model, ids, domain)

        self.patch(Entry, "_journal_chosen", recorded)
        code = """
            (async () => {
                const until = async (check, pause = 100) => {
                    for (let i = 0; i < 100; i++) {
                        const found = check();
                        if (found) { return found; }
                        await new Promise((resolve) => setTimeout(resolve, pause));
                    }
                    throw new Error("waited in vain for " + check);
                };
                let files = 0;
                const create = URL.createObjectURL;
                URL.createObjectURL = (blob) => { files++; return create.call(URL, blob); };
                const press = async (name) => {
                    const before = files;
                    const button = await until(() => document.querySelector(`button[name=${name}]:not([disabled])`));
                    button.click();
                    await until(() => files > before);
                    await until(() => !document.querySelector(".o_blockUI"));
                };
                // the list is read again after a button: what is clicked meanwhile is lost
                const select = (selector, enough) => until(() => {
                    if (enough(document.querySelectorAll(".o_data_row_selected").length)) { return true; }
                    document.querySelector(selector)?.click();
                }, 500);
                await until(() => document.querySelector(".o_data_row"));
                await press("action_export_xlsx");
                await select(".o_data_row .o_list_record_selector input", (count) => count === 1);
                await press("action_export_xlsx");
                await press("action_print_pdf");
                await select("thead .o_list_record_selector input", (count) => count > 1);
                await press("action_export_xlsx");
                console.log("test successful");
            })().catch((error) => console.error(error.message));
        """
        self.browser_js("/odoo/vshu-journal", code, login=user.login, timeout=60)
        # each button asks twice: when it is pressed, and when the file is made
        self.assertEqual(len(asked), 8)
        pairs = [tuple(asked[index : index + 2]) for index in range(0, 8, 2)]
        for first, second in pairs:
            self.assertEqual(first, second)
        (nothing, _), (one, _), (printed, _), (everything, _) = pairs
        self.assertIsNone(nothing[0])
        self.assertIn("year_id.date_start", str(nothing[1]))
        self.assertEqual(one[0], entries[-1].ids)
        self.assertEqual(printed[0], entries[-1].ids)
        self.assertEqual(set(everything[0]), set(entries.ids))
