"""Class lists: what is understood, what is shown, what is written, what is refused (RU-2.1)."""

import base64
import gc
import io
import tracemalloc
import zipfile
from datetime import date, datetime, timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.vshu_import.tools import import_headers, import_words
from odoo.addons.vshu_import.tools.import_reader import BadFileError, open_table
from odoo.addons.vshu_registry.tools.guard import guarded

from .import_common import HEAD, ImportCommon, make_csv, make_xlsx

try:
    import openpyxl
except ImportError:  # Odoo brings it, as a rule
    openpyxl = None

ROW = ["1", "Смирнов Олег Игоревич", "31.12.2013", "7А", "м", "Смирнова Ольга Ивановна", "8 701 111-22-33"]


@tagged("post_install", "-at_install")
class TestImportWords(ImportCommon):
    """How schools write things."""

    def test_classes(self):
        """Every way of writing a class; Latin letters count as those they look like, Kazakh ones stay."""
        for text in (
            "7 А",
            "7А",
            "7-А",
            "7 «А»",
            '7 "А"',
            "7a",
            "7 A",
            "7-сынып «А»",
            "7 А класс",
            "Класс: 7А",
            "07 а",
        ):
            self.assertEqual(import_words.parse_class(text), (7, "А"), text)
        self.assertEqual(import_words.parse_class("7 Ә"), (7, "Ә"))
        self.assertEqual(import_words.parse_class("10"), (10, ""))
        self.assertEqual(import_words.parse_class("7/2"), (7, "2"))
        for text in ("А", "7 АБВГД", "седьмой", "2013", "7 А 8 Б"):
            self.assertIsNone(import_words.parse_class(text), text)

    def test_dates(self):
        """Dates as text in every order with the year at an end, as words, as day numbers; no such day is no date."""
        today = date(2026, 10, 14)
        for text in (
            "31.12.2013",
            "2013-12-31",
            "31/12/13",
            "31-12-2013",
            "41639",
            "41639.0",
            "31 декабря 2013 г.",
            "31 желтоқсан 2013 ж.",
            "2013-12-31 00:00:00",
            "31.12.2013г.",
            datetime(2013, 12, 31),
            date(2013, 12, 31),
        ):
            self.assertEqual(import_words.parse_date(text, today), date(2013, 12, 31), text)
        self.assertEqual(import_words.parse_date("01.02.99", today), date(1999, 2, 1))
        for text in ("31.02.2014", "12/31/2013", "13.13.2013", "вчера", "=1+1", "", "99999", "31122013"):
            self.assertIsNone(import_words.parse_date(text, today), text)

    def test_names_and_phones(self):
        """ё and е, case, spaces, Kazakh letters, Latin look-alikes; initials; phones with 8 and +7."""
        self.assertEqual(import_words.name_key("  СЁМИН  Пётр "), import_words.name_key("Семин Петр"))
        self.assertEqual(import_words.name_key("Әлібек Ғани"), import_words.name_key("Алибек Гани"))
        self.assertEqual(import_words.name_key("Cемин Пeтр"), import_words.name_key("Семин Петр"))
        same = import_words.same_person
        self.assertTrue(same(*map(import_words.name_key, ("Иванова М.П.", "Иванова Мария Петровна"))))
        self.assertFalse(same(*map(import_words.name_key, ("Иванова Анна", "Иванова Мария"))))
        self.assertFalse(same(*map(import_words.name_key, ("Иванова", "Иванова Мария"))))
        self.assertEqual(import_words.digits("8 (701) 111-22-33"), import_words.digits("+7 701 111 22 33"))
        self.assertEqual(import_words.clean_name("ИВАНОВА-ПЕТРОВА  анна"), "Иванова-Петрова Анна")
        self.assertEqual(import_words.clean_name("Мамедов Али Вагиф оглы"), "Мамедов Али Вагиф оглы")
        self.assertEqual(import_words.guess_parent("Смирнова Ольга"), "mother")
        self.assertEqual(import_words.guess_parent("Ахметов Нұрлан Серікұлы"), "father")
        self.assertEqual(import_words.guess_parent("Ким Ли"), "other")

    def test_headings(self):
        """Headings in three languages, as Kundelik, Дневник.ру, 1C and people write them."""
        for titles, targets in (
            (HEAD, ["", "name", "birth_date", "class", "sex", "parent", "parent_phone"]),
            (
                ["Фамилия", "Имя", "Отчество", "Дата рожд.", "Параллель", "Литера", "Мать", "Моб. тел. матери", "Отец"],
                [
                    "surname",
                    "first_name",
                    "patronymic",
                    "birth_date",
                    "grade",
                    "letter",
                    "mother",
                    "mother_phone",
                    "father",
                ],
            ),
            (
                [
                    "Аты-жөні",
                    "Туған күні",
                    "Жынысы",
                    "Сыныбы",
                    "Анасының аты-жөні",
                    "Әкесінің аты-жөні",
                    "ЖСН",
                    "Мекенжайы",
                ],
                ["name", "birth_date", "sex", "class", "mother", "father", "file_number", "street"],
            ),
            (
                ["Тегі", "Аты", "Әкесінің аты", "Туған күні", "Сынып"],
                ["surname", "first_name", "patronymic", "birth_date", "class"],
            ),
            (
                ["Class", "Full name", "Date of birth", "Gender", "Guardian", "Phone of guardian", "Address"],
                ["class", "name", "birth_date", "sex", "guardian", "guardian_phone", "street"],
            ),
            (
                ["Телефон", "ФИО ученика", "ДР", "Класс", "Законный представитель", "Место работы матери", "СНИЛС"],
                ["guardian_phone", "name", "birth_date", "class", "guardian", "", ""],
            ),
            (["Класс", "Ф.И.О.", "Классный руководитель", "Номер личного дела"], ["class", "name", "", "file_number"]),
            (["ФИО", "Телефон", "Класс"], ["name", "student_phone", "class"]),
        ):
            self.assertEqual(import_headers.assign(titles, "class_list"), targets)


@tagged("post_install", "-at_install")
class TestImportReader(ImportCommon):
    """Files: formats, encodings, what is wrong with them; memory does not grow."""

    def table(self, content, name="список.csv", limit=10**7, encoding=None):
        def score(row):
            return sum(bool(target) for target in import_headers.assign(row, "class_list"))

        return open_table(content, name, limit, encoding, score)

    def test_encodings(self):
        """CSV in every encoding and with every delimiter that schools use."""
        rows = [["Список"], ["ФИО", "Дата рождения", "Класс"], ["Петров Иван", "31.12.2013", "7 «А»; каб. 3, этаж 1"]]
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251", "koi8-r"):
            text = [[c.replace("«А»", "А") for c in row] for row in rows] if encoding == "koi8-r" else rows
            for delimiter in (";", ",", "\t"):
                table = self.table(make_csv(text * 3, encoding, delimiter))
                self.assertEqual((table.delimiter, list(table.rows(""))[2][1]), (delimiter, text[2]), encoding)
        kazakh = [["Аты-жөні", "Туған күні", "Сынып"], ["Әлібек Ғани", "31.12.2013", "7 Ә"]]
        table = self.table(make_csv(kazakh, "kz1048"))
        self.assertEqual((table.encoding, list(table.rows(""))[1][1]), ("kz1048", kazakh[1]))

    def test_bad_files(self):
        """Each kind of bad file has its own message."""
        xlsx = make_xlsx([HEAD, ROW])
        for code, content, name in (
            ("empty", b"", "a.xlsx"),
            ("empty", b"  \r\n ", "a.csv"),
            ("protected", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx"),
            (
                "protected",
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                "a.xls",
            ),
            ("old_excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls"),
            ("broken", xlsx[: len(xlsx) // 2], "a.xlsx"),
            ("broken", b"PK\x03\x04" + b"x" * 50, "a.xlsx"),
            ("web_page", b"<html><table><tr><td>1</td></tr></table>", "a.xls"),
            ("wrong_type", b"%PDF-1.7 ...", "a.pdf"),
            ("wrong_type", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a.png"),
            ("too_big", b"a;b\n" * 10, "a.csv"),
        ):
            with self.subTest(code=code, name=name), self.assertRaises(BadFileError) as caught:
                self.table(content, name, limit=10 if code == "too_big" else 10**7)
            self.assertEqual(caught.exception.code, code)
        with self.assertRaises(BadFileError) as caught:
            self.table("ФИО;Класс".encode("cp1251"), encoding="utf_8")
        self.assertEqual(caught.exception.code, "encoding")

    def test_damaged_inside(self):
        """A package that opens and whose sheet is damaged; one that declares entities."""

        def rewrite(content, path, change):
            output = io.BytesIO()
            with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(output, "w") as new:
                for name in old.namelist():
                    data = old.read(name)
                    new.writestr(name, change(data) if name == path else data)
            return output.getvalue()

        xlsx = make_xlsx([HEAD, ROW] * 50)
        table = self.table(rewrite(xlsx, "xl/worksheets/sheet1.xml", lambda data: data[:900] + b"<<<"), "a.xlsx")
        with self.assertRaises(BadFileError):
            list(table.rows("Список"))
        bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
        with self.assertRaises(BadFileError):
            self.table(rewrite(xlsx, "xl/sharedStrings.xml", lambda data: bomb), "a.xlsx")

    def test_memory_and_count(self):
        """5,000 rows are read one by one; 50,000 are counted up to the limit only, without being read."""
        rows = [HEAD] + [
            [str(n), f"Иванов Иван {n}", "31.12.2013", "7А", "м", "Иванова Ольга", "1"] for n in range(5000)
        ]
        content = make_xlsx(rows)
        tracemalloc.start()
        try:
            table = self.table(content, "a.xlsx")
            self.assertEqual(table.count("Список", 20000), 5001)
            self.assertEqual(sum(1 for _row in table.rows("Список")), 5001)
            _size, peak = tracemalloc.get_traced_memory()
            self.assertLess(peak, 12 * 2**20)
        finally:
            tracemalloc.stop()
        content = make_xlsx([HEAD] + [[str(n), f"Иванов {n}"] for n in range(50000)])
        tracemalloc.start()
        try:
            count = self.table(content, "a.xlsx").count("Список", 20000)
            _size, peak = tracemalloc.get_traced_memory()
            self.assertGreater(count, 20000)
            self.assertLess(count, 25000)
            self.assertLess(peak, 4 * 2**20)
        finally:
            tracemalloc.stop()


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestImportClassList(ImportCommon):
    """From the file to children, classes and parents."""

    def test_new_child(self):
        """A child, the class and the parent come from a row; before the confirmation nothing is written."""
        bag = self.ru
        before = self.students(bag)
        record = self.check(bag, [["Список учащихся"], [], HEAD, ROW])
        line = record.line_ids
        self.assertEqual((line.row, line.action, line.name), (4, "create", "Смирнов Олег Игоревич"))
        self.assertIn("Смирнова Ольга Ивановна", line.changes)
        self.assertEqual(self.students(bag), before)
        self.assertEqual((record.state, record.count_create, record.count_left), ("preview", 1, 1))
        record.action_confirm()
        self.assertEqual((record.state, line.done), ("done", True))
        student = self.students(bag)["Смирнов Олег Игоревич"]
        self.assertEqual(line.student_id, student)
        self.assertEqual((student.vshu_birth_date, student.vshu_sex), (date(2013, 12, 31), "male"))
        self.assertEqual(student.vshu_enrollment_ids.class_id, bag.class_a)
        self.assertEqual(student.vshu_enrollment_ids.date_from, date(2026, 9, 1))
        guardian = student.vshu_guardian_ids
        self.assertEqual(
            (guardian.partner_id.name, guardian.kind, guardian.phone),
            ("Смирнова Ольга Ивановна", "mother", "8 701 111-22-33"),
        )

    def test_twice_changes_nothing(self):
        """The same file a second time: every row is unchanged, nothing at all is written."""
        bag = self.ru
        rows = [HEAD, ROW, ["2", "Орлов Пётр", "01.02.2013", "7 б", "м", "Орлова Анна; Орлов Юрий", "8 702 111 22 33"]]
        rows += self.many(50)
        with freeze_time("2026-10-14 06:00:00"):
            self.load(bag, rows)
        tables = ("res_partner", "vshu_enrollment", "vshu_guardian", "vshu_class", "mail_message")

        def stand():
            """Return number and places of the rows: a row that is written, even with what it has, moves."""
            found = []
            for table in tables:
                self.env.cr.execute(f"SELECT count(*), md5(string_agg(id || ctid::text, ',' ORDER BY id)) FROM {table}")
                found.append((table, *self.env.cr.fetchone()))
            return found

        before = stand()
        with freeze_time("2026-10-15 06:00:00"):
            record = self.check(bag, rows)
            self.assertEqual(set(record.line_ids.mapped("action")), {"same"})
            record.action_confirm()
            self.env.flush_all()
        self.assertEqual(record.state, "done")
        self.assertEqual(stand(), before)

    def test_changes(self):
        """A second list brings what is new: old → new is shown, the class changes on the day of the import."""
        bag = self.ru
        self.load(bag, [HEAD, ROW])
        student = self.students(bag)["Смирнов Олег Игоревич"]
        head = [*HEAD, "Адрес", "№ личного дела"]
        row = [
            "1",
            "СМИРНОВ ОЛЕГ",
            "31.12.2013",
            "7 «Б»",
            "",
            "Смирнова О.И.",
            "8 777 000 00 00",
            "ул. Абая, 1",
            "С-17",
        ]
        record = self.check(bag, [head, row], date="2026-10-14")
        line = record.line_ids
        self.assertEqual((line.action, line.student_id), ("change", student))
        for words in ("7 «А» → 7 «Б»", "– → ул. Абая, 1", "8 701 111-22-33 → 8 777 000 00 00", "– → С-17"):
            self.assertIn(words, line.changes)
        record.action_confirm()
        self.assertEqual(student.name, "Смирнов Олег Игоревич")
        self.assertEqual((student.street, student.vshu_file_number), ("ул. Абая, 1", "С-17"))
        old, new = student.vshu_enrollment_ids.sorted("date_from")
        self.assertEqual(
            (old.class_id, old.date_to, old.end_reason_id.code), (bag.class_a, date(2026, 10, 13), "other_class")
        )
        self.assertEqual((new.class_id, new.date_from, new.date_to), (bag.class_b, date(2026, 10, 14), False))
        self.assertEqual(student.vshu_guardian_ids.phone, "8 777 000 00 00")

    def test_file_number_first(self):
        """A child is known by the file number though the name was changed; a number of somebody else is asked about."""
        bag = self.kz
        student = self.make_student(bag, "Сериков Данияр", bag.class_a, vshu_file_number="130520551234")
        head = ["ЖСН", "Аты-жөні", "Туған күні", "Сынып"]
        record = self.check(bag, [head, [130520551234, "Ахметов Данияр", "20.05.2013", "7А"]])
        self.assertEqual((record.line_ids.action, record.line_ids.student_id), ("change", student))
        self.assertIn("Сериков Данияр → Ахметов Данияр", record.line_ids.changes)
        record = self.check(bag, [head, ["130520551234", "Ким Олег", "01.01.2014", "7А"]])
        line = record.line_ids
        self.assertIn("130520551234", line.problem)
        self.assertEqual(line.candidate_ids, student)
        # zeros that a spreadsheet has taken away
        self.make_student(bag, "Нулев Олег", bag.class_a, vshu_file_number="030520551234")
        record = self.check(bag, [head, [30520551234, "Нулев Олег", "20.05.2013", "7А"]])
        self.assertEqual(record.line_ids.action, "same")

    def test_two_of_one_name_and_birth_date(self):
        """Two children on file who may be meant: the user is asked, the row follows the choice."""
        bag = self.ru
        one = self.make_student(bag, "Близнецов Иван", bag.class_a)
        two = self.make_student(bag, "Близнецов Иван", bag.class_b)
        record = self.check(bag, [HEAD, ["1", "Близнецов Иван", "20.05.2013", "7Б", "", "", ""]])
        line = record.line_ids
        self.assertEqual((line.action, line.candidate_ids), ("problem", one | two))
        self.assertIn("Choose the child", line.problem)
        self.assertRefused(["no row"], record.action_confirm)
        with self.refused(UserError, "who may be meant"):
            line.student_id = bag.student
        line.student_id = two
        self.assertEqual((line.action, line.problem), ("same", False))
        line.write({"student_id": one.id})
        self.assertEqual(line.action, "change")
        self.assertIn("7 «А» → 7 «Б»", line.changes)
        line.as_new = True
        self.assertEqual((line.action, line.student_id.id), ("create", False))
        record.action_confirm()
        self.assertEqual(self.env["res.partner"].search_count([("name", "=", "Близнецов Иван")]), 3)
        with self.refused(UserError, "nothing to choose"):
            line.as_new = False

    def test_slip_in_the_birth_date(self):
        """A child of the class with another date of birth, or with none on file, is not made a second time unasked."""
        bag = self.ru
        none = self.make_student(bag, "Безымянный Олег", bag.class_a, birth_date=False)
        rows = [
            ["1", "Петров Иван", "21.05.2013", "7А", "", "", ""],
            ["2", "Безымянный Олег", "21.05.2013", "7А", "", "", ""],
            ["3", "Петров Иван", "22.05.2012", "7Б", "", "", ""],
            ["4", "Сидорова Анна", "", "7Б", "", "", ""],
            ["5", "Новый Игорь", "", "7Б", "", "", ""],
        ]
        lines = self.by_row(self.check(bag, [HEAD, *rows]))
        self.assertIn("another date of birth", lines[2].problem)
        self.assertEqual(lines[2].candidate_ids, bag.student)
        self.assertIn("without a date of birth", lines[3].problem)
        self.assertEqual(lines[3].candidate_ids, none)
        self.assertEqual(lines[4].action, "create")
        self.assertEqual((lines[5].action, lines[5].student_id), ("same", bag.other_student))
        self.assertIn("No date of birth", lines[6].problem)
        lines[3].with_user(bag.users["administrator"]).student_id = none
        self.assertEqual(lines[3].action, "change")

    def test_mess(self):
        """Rows with mistakes each get their problem in plain words; the others are imported; headings are skipped."""
        bag = self.ru
        rows = [
            ["Муниципальная школа"],
            ["Список учащихся на 2026/27 учебный год"],
            [],
            HEAD,
            ["1", "=HYPERLINK(1)", "31.12.2013", "7А", "м", "", ""],
            ["2", "Один", "31.12.2013", "7А", "м", "", ""],
            ["3", "Дата Плохая", "31.02.2014", "7А", "ж", "", ""],
            ["4", "Будущий Олег", "31.12.2027", "7А", "", "", ""],
            ["5", "Старый Олег", "31.12.1970", "7А", "", "", ""],
            ["6", "Класс Странный", "31.12.2013", "седьмой", "", "", ""],
            ["7", "Класс Неизвестный", "31.12.2013", "8 Я", "", "", ""],
            ["8", "Класс Большой", "31.12.2013", "15А", "", "", ""],
            ["9", "Пол Странный", "31.12.2013", "7А", "хз", "", ""],
            ["10", "Телефон Один", "31.12.2013", "7А", "м", "", "8 701 111 22 33"],
            ["11", "Двойной Олег", "31.12.2013", "7А", "м", "", ""],
            ["12", "ДВОЙНОЙ  олег", "31/12/13", "7а", "м", "", ""],
            ["13", "Без Класса", "31.12.2013", "", "м", "", ""],
            ["14", "", "31.12.2013", "7А", "м", "", ""],
            ["15", "Серийный Олег", 41639, "7А", "м", "", 87011112233],
            ["16", "Датский Олег", datetime(2013, 12, 31), "7А", "м", "+7 Датская Ольга", ""],
            ["Итого:", "16"],
            ["", "Классный руководитель"],
        ]
        record = self.check(bag, rows)
        lines = self.by_row(record)
        for row, words in {
            5: ["=HYPERLINK(1)", "is no name"],
            6: ["“Один” is one word only"],
            7: ["31.02.2014", "no such date"],
            8: ["31.12.2027", "in the future"],
            9: ["31.12.1970", "55 years"],
            10: ["седьмой", "not understood"],
            11: ["no class 8 «Я»"],
            12: ["15А", "above 12"],
            13: ["хз"],
            14: ["8 701 111 22 33", "no name"],
            16: ["row 15 already"],
            17: ["No class"],
            18: ["No name"],
            19: ["87011112233", "no name"],
            20: ["“+7 Датская Ольга” is no name"],
        }.items():
            for word in words:
                self.assertIn(word, lines[row].problem or "", rows[row - 1])
        self.assertEqual(sorted(lines), list(range(5, 21)))
        self.assertEqual((record.count_problem, record.count_create), (15, 1))
        record.action_confirm()
        self.assertEqual((record.state, record.count_problem, record.count_left), ("done", 15, 0))
        self.assertIn("Двойной Олег", self.students(bag))
        self.assertNotIn("Один", self.students(bag))

    def test_problem_file(self):
        """Rows with problems are saved as they were, with the problem; the file can be imported again."""
        if openpyxl is None:
            self.skipTest("openpyxl is not there")
        bag = self.ru
        rows = [HEAD, ROW, ["2", "=1+1", "31.02.2014", "7А", "м", "", ""]]
        record = self.load(bag, rows)
        action = record.action_problem_file()
        self.assertIn(f"/web/content/vshu.import/{record.id}/problem_file/", action["url"])
        content = record.with_context(bin_size=False).problem_file
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(content))).active
        found = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
        self.assertEqual(found[0], [*HEAD, "Problem", "Row"])
        self.assertEqual(found[1][:7], rows[2])
        self.assertEqual(sheet.cell(2, 2).data_type, "s")
        self.assertIn("31.02.2014", found[1][7])
        self.assertEqual(found[1][8], 3)
        found[1][1:3] = ["Верный Олег", "28.02.2014"]
        again = self.load(bag, [[str(cell) for cell in row] for row in found])
        self.assertEqual((again.state, again.count_problem), ("done", 0))
        self.assertIn("Верный Олег", self.students(bag))
        empty = self.check(bag, [HEAD, ROW])
        self.assertRefused(["no rows with problems"], empty.action_problem_file)

    def test_columns(self):
        """What a column holds is shown and can be changed; two of one meaning and foreign ones are refused."""
        bag = self.ru
        rows = [
            ["Ребята", "ФИО", "Дата рождения", "Кл.", "Кружок"],
            ["Петя", "Смирнов Олег", "31.12.2013", "7А", "хор"],
        ]
        record = self.check(bag, rows)
        columns = {column.title: column for column in record.column_ids}
        self.assertEqual(columns["ФИО"].target, "name")
        self.assertEqual((columns["Кружок"].target, columns["Кружок"].sample), (False, "хор"))
        self.assertFalse(columns["Кл."].target)
        self.assertIn("No class", record.line_ids.problem)
        columns["Кл."].target = "class"
        self.assertEqual(record.state, "draft")
        self.assertRefused(["check the file first"], record.action_confirm)
        record.action_read()
        self.assertEqual((record.state, record.line_ids.action), ("preview", "create"))
        self.assertEqual(record.column_ids.filtered(lambda c: c.title == "Кл.").target, "class")
        record.column_ids.filtered(lambda c: c.title == "Кружок").target = "class"
        self.assertRefused(["Two columns", "Class"], record.action_read)
        with self.refused(UserError, "does not hold"):
            record.column_ids[0].target = "curator"

    def test_headings_by_hand(self):
        """A list without known headings is refused with its first row; the row of the headings can be named."""
        bag = self.ru
        rows = [["кто", "когда", "где"], ["Смирнов Олег", "31.12.2013", "7А"]]
        record = self.start(bag, make_xlsx(rows))
        self.assertRefused(["no headings", "кто, когда, где"], record.action_read)
        record.header_row = 1
        record.action_read()
        self.assertEqual((record.state, len(record.column_ids)), ("draft", 3))
        self.assertIn("which column holds", record.note)
        for column, target in zip(record.column_ids.sorted("position"), ("name", "birth_date", "class"), strict=True):
            column.target = target
        record.action_read()
        self.assertEqual((record.state, record.line_ids.action, record.note), ("preview", "create", False))

    def test_sections_and_sheets(self):
        """A class that stands above its pupils counts for them; the other sheets are named."""
        bag = self.ru
        rows = [
            ["7 «А» класс"],
            ["№", "Фамилия", "Имя", "Дата рождения"],
            ["1", "Смирнов", "Олег", "31.12.2013"],
            ["7 «Б» класс"],
            ["1", "Орлов", "Пётр", "30.12.2013"],
        ]
        record = self.start(bag, make_xlsx([["Титул"]], sheets=[("Все", [*rows]), ("Ещё", [["x"]])]))
        record.action_read()
        self.assertEqual((record.sheet, record.count_create, record.count_problem), ("Все", 1, 1))
        self.assertIn("Ещё", record.note)
        lines = self.by_row(record)
        self.assertEqual(lines[5].class_name, "7 Б")

    def test_classes_are_made(self):
        """Missing classes are made where the tick is set, by the administrator only."""
        bag = self.ru
        row = ["1", "Смирнов Олег", "31.12.2013", "8 г", "м", "", ""]
        record = self.check(bag, [HEAD, row], create_classes=True)
        self.assertIn("8 «Г» will be made", record.line_ids.changes)
        record.action_confirm()
        made = self.env["vshu.class"].search([("year_id", "=", bag.year.id), ("grade", "=", 8)])
        self.assertEqual((made.letter, made.student_count), ("Г", 1))
        with self.refused(AccessError, "Create missing classes"):
            self.check(bag, [HEAD, row], role="social_pedagogue", create_classes=True)
        record = self.check(bag, [HEAD, ROW], role="social_pedagogue")
        record.action_confirm()
        self.assertIn("Смирнов Олег Игоревич", self.students(bag))

    def test_new_year(self):
        """Children go up into the classes of the new year; open enrolments of the old one end with the reason."""
        bag = self.ru
        year = self.make_year(bag.company, "2027/28", date(2027, 9, 1), date(2028, 8, 31))
        self.make_class(bag, 8, "А", year=year)
        self.make_class(bag, 7, "Б", year=year)
        with freeze_time("2027-09-02 06:00:00"):
            rows = [
                ["1", "Петров Иван", "20.05.2013", "8А", "", "", ""],
                ["2", "Сидорова Анна", "20.05.2013", "7Б", "", "", ""],
            ]
            record = self.load(bag, [HEAD, *rows], date="2027-09-01")
        self.assertEqual(record.count_problem, 0)
        for student, reason, grade in ((bag.student, "promoted", 8), (bag.other_student, "repeats", 7)):
            old, new = student.vshu_enrollment_ids.sorted("date_from")
            self.assertEqual((old.date_to, old.end_reason_id.code), (date(2027, 8, 31), reason))
            self.assertEqual((new.class_id.grade, new.class_id.year_id), (grade, year))

    def test_enrolled_later(self):
        """A child who came to the class after the day of the import is unchanged; to another class, a problem."""
        bag = self.ru
        late = self.make_student(bag, "Поздний Олег")
        self.enroll(late, bag.class_a, date_from="2026-10-01")
        rows = [["1", "Поздний Олег", "20.05.2013", "7А", "", "", ""]]
        self.assertEqual(self.check(bag, [HEAD, *rows]).line_ids.action, "same")
        rows[0][3] = "7Б"
        self.assertIn("later day of the import", self.check(bag, [HEAD, *rows]).line_ids.problem)
        with self.refused(UserError, "no school year"):
            self.check(bag, [HEAD, *rows], date="2020-09-01")

    def test_guardians(self):
        """Parents in one or several columns and cells; brothers and sisters share a parent; who is on file stays."""
        bag = self.ru
        self.make_guardian(bag.student, "Петрова Мария", kind="mother")
        head = ["ФИО", "Дата рождения", "Класс", "Мать", "Телефон матери", "Отец", "Опекун"]
        rows = [
            ["Орлов Пётр", "01.02.2013", "7А", "Орлова Анна, тел. 8 702 111 22 33", "", "Орлов Юрий", ""],
            ["Орлова Ирина", "01.02.2012", "7Б", "ОРЛОВА АННА", "+7 702 111-22-33", "", "Белова Нина"],
            ["Петров Иван", "20.05.2013", "7А", "", "", "Петров Олег", ""],
        ]
        record = self.load(bag, [head, *rows])
        self.assertEqual(record.count_problem, 0)
        students = self.students(bag)
        mothers = [
            students[name].vshu_guardian_ids.filtered(lambda g: g.kind == "mother").partner_id
            for name in ("Орлов Пётр", "Орлова Ирина")
        ]
        self.assertEqual(len(set(mothers)), 1)
        self.assertEqual((mothers[0].name, mothers[0].phone), ("Орлова Анна", "8 702 111 22 33"))
        self.assertEqual(
            sorted(bag.student.vshu_guardian_ids.mapped(lambda g: (g.partner_id.name, g.kind))),
            [("Петров Олег", "father"), ("Петрова Мария", "mother")],
        )
        self.assertEqual(sorted(students["Орлова Ирина"].vshu_guardian_ids.mapped("kind")), ["guardian", "mother"])

    def test_failure_of_one_row(self):
        """A row that fails when it is written is taken out and says why; the others go through."""
        bag = self.ru
        rows = [["1", f"Ученик Номер{chr(1040 + n)}", "31.12.2013", "7А", "", "", ""] for n in range(6)]
        record = self.check(bag, [HEAD, *rows])
        enrollments = type(self.env["vshu.enrollment"])
        text = "no room in the class"
        create = enrollments.create

        def failing(records, vals_list):
            if any(records.env["res.partner"].browse(v["student_id"]).name.endswith("В") for v in vals_list):
                raise ValidationError(text)
            return create(records, vals_list)

        self.patch(enrollments, "create", failing)
        record.action_confirm()
        self.assertEqual((record.state, record.count_problem), ("done", 1))
        line = record.problem_line_ids
        self.assertEqual((line.name, line.problem, line.done), ("Ученик НомерВ", "no room in the class", False))
        self.assertEqual(sum("Ученик" in name for name in self.students(bag)), 5)

    def test_file_messages(self):
        """Bad files and limits, which are the school's: each in plain words, nothing half-written."""
        bag = self.ru
        xlsx = make_xlsx([HEAD, ROW, ROW, ROW])
        for content, name, words in (
            (b" ", "a.xlsx", ["a.xlsx", "empty"]),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx", ["password"]),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", ["XLS", "Save as"]),
            (xlsx[:300], "a.xlsx", ["damaged"]),
            (b"%PDF-1.7", "a.pdf", ["XLSX and CSV"]),
            (b"<html>", "a.xls", ["web page"]),
            (make_xlsx([HEAD]), "a.xlsx", ["no rows"]),
            (make_csv([["а", "б"], ["в", "г"]]), "a.csv", ["no headings"]),
        ):
            with self.subTest(name=name, words=words):
                record = self.start(bag, content, name)
                with self.refused(UserError, ""):
                    record.action_read()
                self.assertRefused(words, record.action_read)
                self.assertEqual((record.state, len(record.line_ids)), ("draft", 0))
        bag.school.import_max_rows = 2
        self.assertRefused(["more than 2 rows"], self.start(bag, xlsx).action_read)
        bag.school.write({"import_max_rows": 100, "import_max_mb": 1})
        big = make_csv([HEAD, ROW]) + b";" * 1024 * 1024
        self.assertRefused(["larger than 1 MB"], self.start(bag, big, "a.csv").action_read)
        with self.refused(ValidationError, "1 or more"):
            bag.school.import_max_rows = 0
        with self.refused(ValidationError, "younger than the oldest"):
            bag.school.import_min_age = 30
        empty = self.as_(bag, "administrator", self.env["vshu.import"]).create({})
        self.assertRefused(["Choose the file"], empty.action_read)
        wrong = self.start(bag, make_csv([HEAD, ROW], "cp1251"), "a.csv", encoding="utf_8")
        self.assertRefused(["another encoding"], wrong.action_read)
        wrong.encoding = False
        wrong.action_read()
        self.assertEqual((wrong.encoding, wrong.count_create), ("cp1251", 1))

    def test_fifty_thousand_rows(self):
        """50,000 rows are refused at once."""
        content = make_xlsx([HEAD] + [["1", f"Иванов Иван {n}", "31.12.2013", "7А"] for n in range(50000)])
        self.assertRefused(["more than 20000 rows", "Divide it"], self.start(self.ru, content).action_read)

    def test_another_file(self):
        """A checked list whose file or day is changed is checked again; one that is imported is not changed."""
        bag = self.ru
        record = self.check(bag, [HEAD, ROW])
        record.date = "2026-10-01"
        self.assertEqual(record.state, "draft")
        record.action_read()
        record.action_confirm()
        with self.refused(UserError, "imported already"):
            record.date = "2026-10-02"
        with self.refused(UserError, "imported already"):
            record.action_read()
        self.assertRefused(["no row"], record.action_confirm)

    def test_guards(self):
        """State, rows and columns are written by the steps only; a queued list is not deleted."""
        bag = self.ru
        record = self.check(bag, [HEAD, ROW])
        for vals in ({"state": "done"}, {"note": "x"}, {"problem_file": b"eA=="}, {"confirmed_by_id": 1}):
            with self.refused(AccessError, ""):
                record.write(vals)
        with self.refused(AccessError, ""):
            self.start(bag, b"x", state="preview")
        forged = self.as_(bag, "administrator", self.env["vshu.import"]).with_context(default_state="done").create({})
        self.assertEqual(forged.state, "draft")
        for vals in ({"values": {}}, {"action": "create"}, {"done": True}, {"chosen": True}, {"row": 7}):
            with self.refused(AccessError, ""):
                record.line_ids.write(vals)
        with self.refused(AccessError, ""):
            record.line_ids.create({"import_id": record.id, "row": 9, "action": "create"})
        with self.refused(AccessError, ""):
            record.line_ids.unlink()
        with self.refused(AccessError, ""):
            record.column_ids[0].title = "x"
        with self.refused(AccessError, ""):
            record.column_ids.create({"import_id": record.id, "position": 9})
        guarded(record.sudo()).state = "queued"
        with self.refused(UserError, "wait until it is done"):
            record.unlink()
        with self.refused(UserError, "nothing to choose"):
            record.line_ids.as_new = True

    # -- large lists ---------------------------------------------------------------------------------------------------

    def many(self, number):
        letters = "АБВГДЕЖЗИК"
        return [
            [
                str(n),
                f"Ученик{letters[n % 10]}{letters[n // 10 % 10]}{letters[n // 100 % 10]}{letters[n // 1000]} Иван",
                (date(2013, 1, 1) + timedelta(days=n % 300)).strftime("%d.%m.%Y"),
                "7А" if n % 2 else "7Б",
                "м",
                f"Родитель{letters[n % 10]}{letters[n // 10 % 10]}{letters[n // 100 % 10]}{letters[n // 1000]} Анна",
                f"8701{n:07d}",
            ]
            for n in range(number)
        ]

    def test_queries(self):
        """The preview takes far fewer than 20 queries for 100 rows, however many rows there are."""
        bag = self.ru
        self.check(bag, [HEAD, ROW])
        rows = self.many(1000)
        record = self.start(bag, make_xlsx([HEAD, *rows]))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        record.action_read()
        self.env.flush_all()
        used = self.cr.sql_log_count - before
        self.assertEqual(record.count_create, 1000)
        self.assertLess(used / 10, 20, f"{used} queries for 1,000 rows")
        self.assertLess(used, 120, f"{used} queries for 1,000 rows")

    def test_five_thousand_rows(self):
        """5,000 rows: queries of the preview stay below 20 for 100 rows, its memory does not grow with the rows."""
        bag = self.ru
        self.check(bag, [HEAD, ROW])
        peaks, used = {}, {}
        for number in (1000, 5000):
            record = self.start(bag, make_xlsx([HEAD, *self.many(number)]))
            self.env.flush_all()
            self.env.invalidate_all()
            gc.collect()
            before = self.cr.sql_log_count
            tracemalloc.start()
            try:
                record.action_read()
                self.env.flush_all()
                peaks[number] = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
            used[number] = self.cr.sql_log_count - before
            self.assertEqual((record.count_create, record.state), (number, "preview"))
        self.assertLess(used[5000] / 50, 20, used)
        self.assertLess(used[5000], 5 * used[1000], used)
        self.assertLess(peaks[5000], 2 * peaks[1000], peaks)

    def test_in_the_background(self):
        """A long list is imported by the job, batch by batch, as the user who confirmed; a bar shows it."""
        bag = self.ru
        bag.school.import_direct_rows = 100
        rows = self.many(600)
        record = self.check(bag, [HEAD, *rows], role="social_pedagogue")
        record.action_confirm()
        self.assertEqual((record.state, record.count_left, record.progress), ("queued", 600, 0))
        self.assertEqual(record.action_refresh()["tag"], "soft_reload")
        self.assertFalse(any(name.startswith("Ученик") for name in self.students(bag)))
        self.assertEqual(record._working(record.confirmed_by_id)._run_batch(), 250)
        self.assertAlmostEqual(record.progress, 250 / 6, places=1)
        with self.enter_registry_test_mode():
            self.env.ref("vshu_import.cron_vshu_import").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((record.state, record.count_left, record.progress), ("done", 0, 100))
        made = [student for name, student in self.students(bag).items() if name.startswith("Ученик")]
        self.assertEqual(len(made), 600)
        self.assertEqual(made[0].create_uid, bag.users["social_pedagogue"])

    def test_right_is_gone(self):
        """Who has lost the right between confirmation and job writes nothing; the list can be confirmed by another."""
        bag = self.ru
        bag.school.import_direct_rows = 0
        record = self.check(bag, [HEAD, ROW], role="social_pedagogue")
        record.action_confirm()
        bag.users["social_pedagogue"].group_ids -= self.env.ref("vshu_registry.group_social_pedagogue")
        log = "odoo.addons.vshu_import.models.vshu_import"
        with self.assertLogs(log, "ERROR"), self.enter_registry_test_mode():
            self.env.ref("vshu_import.cron_vshu_import").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(record.sudo().state, "preview")
        self.assertNotIn("Смирнов Олег Игоревич", self.students(bag))

    def test_old_lists_go(self):
        """Lists are deleted after the days that the school keeps them; what was imported stays."""
        bag = self.ru
        record = self.load(bag, [HEAD, ROW])
        self.env["vshu.import"]._gc_imports()
        self.assertTrue(record.exists())
        with freeze_time("2027-01-13 06:00:00"):
            self.env.cr.execute("UPDATE vshu_import SET write_date = '2026-10-14' WHERE id = %s", (record.id,))
            self.env["vshu.import"]._gc_imports()
        self.assertFalse(record.exists())
        self.assertIn("Смирнов Олег Игоревич", self.students(bag))
