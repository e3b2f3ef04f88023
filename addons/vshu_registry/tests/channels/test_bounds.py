"""security.md 9, robustness.md 6: what is small only while it is packed is refused in a sentence, and at once."""

import io
import random
import struct
import time
import zipfile

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.vshu_import.tests.import_common import HEAD, ImportCommon, make_xlsx
from odoo.addons.vshu_import.tools import import_reader
from odoo.addons.vshu_import.tools.import_reader import BadFileError, open_table
from odoo.addons.vshu_transfer.tools import transfer_package as package

ROW = ["1", "Петров Иван", "31.12.2013", "7А", "м", "Петрова Мария", "8 701 000 00 00"]
SHEET = "xl/worksheets/sheet1.xml"
#: seconds of one core that a refusal may take on a slow machine; it took 12 to 60
QUICK = 4
MB = 2**20


def rewrite(content, path, data, compression=zipfile.ZIP_DEFLATED):
    """Return the package with another part ``path``: bytes, or pieces of them."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(output, "w", compression) as new:
        for name in old.namelist():
            if name != path:
                new.writestr(name, old.read(name))
        with new.open(path, "w") as part:
            for piece in [data] if isinstance(data, bytes) else data:
                part.write(piece)
    return output.getvalue()


def lying(content, path, size):
    """Return the package, which tells ``size`` for the part ``path`` in its directory and before the part."""
    data = bytearray(content)
    name = path.encode()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo(path).header_offset
    struct.pack_into("<L", data, start + 22, size)
    place = data.rfind(name)
    struct.pack_into("<L", data, place - 46 + 24, size)
    return bytes(data)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestBounds(ImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.xlsx = make_xlsx([HEAD, ROW])
        head = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        cls.head = head + b"<sheetData>"
        cls.tail = b"</sheetData></worksheet>"

    def refused_quickly(self, code, content, name="список.xlsx"):
        """Assert that the file is refused with ``code`` before it is read as a list."""
        start = time.process_time()
        with self.assertRaises(BadFileError) as caught:
            open_table(content, name, 10 * MB)
        self.assertEqual(caught.exception.code, code)
        self.assertLess(time.process_time() - start, QUICK)

    def test_unpacked_size(self):
        """400 MB out of 400 KB, whatever the package says of its size; a million cells and more."""
        block = b'<row r="1"><c r="A1"><v>1</v></c></row>' * 25000
        bomb = rewrite(self.xlsx, SHEET, [self.head, *[block] * 80, self.tail])
        self.assertLess(len(bomb), MB)
        self.refused_quickly("unpacked", bomb)
        self.refused_quickly("broken", lying(bomb, SHEET, 5000))
        cells = rewrite(
            self.xlsx, SHEET, [self.head, b"<row>", b"<c/>" * (import_reader.CELLS + 1), b"</row>", self.tail]
        )
        self.refused_quickly("unpacked", cells)

    def test_one_cell(self):
        """A text of many megabytes in one cell, as a shared string or in the sheet itself."""
        letters = [b"<si><t>", *[b"a" * MB] * 60, b"</t></si>"]
        shared = [b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">']
        self.refused_quickly("long_cell", rewrite(self.xlsx, "xl/sharedStrings.xml", [*shared, *letters, b"</sst>"]))
        cell = [self.head, b'<row><c t="inlineStr"><is><t>', b"a" * MB, b"</t></is></c></row>", self.tail]
        self.refused_quickly("long_cell", rewrite(self.xlsx, SHEET, cell))
        longest = make_xlsx([HEAD, [*ROW[:5], "ы" * 32767]])
        self.assertEqual(open_table(longest, "а.xlsx", 10 * MB).count("Список", 10), 2)

    def test_one_line(self):
        """A text file of 5 MB in one line; a line of very many cells; quotation marks that never end."""
        for line in (b"a" * (5 * MB), b"a;" * (2 * MB), '"я;'.encode() + b"b" * (2 * MB)):
            for end in (b"", b"\r\n", b"\r"):
                self.refused_quickly("long_cell", "ФИО;Класс\n".encode() + line + end, "список.csv")
        for encoding in ("utf-16", "utf-16-le"):
            self.refused_quickly("long_cell", ("ФИО;Класс\n" + "я" * MB).encode(encoding), "список.csv")
        start = time.process_time()
        table = open_table(("ФИО;Класс\n" + "я;" * 30000).encode(), "список.csv", 10 * MB, None, len)
        self.assertEqual(len(list(table.rows(""))[1][1]), import_reader.WIDTH)
        self.assertLess(time.process_time() - start, QUICK)

    def test_damaged_anywhere(self):
        """A package with bytes turned anywhere is read, or refused by a code; nothing else is raised."""
        content = make_xlsx([HEAD, *[ROW] * 40])
        chance = random.Random(7)
        codes = set()
        for _try in range(250):
            data = bytearray(content)
            for _turn in range(chance.randint(1, 12)):
                data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
            try:
                table = open_table(bytes(data), "а.xlsx", 10 * MB)
                for sheet in table.sheets():
                    table.count(sheet, 100)
                    list(table.rows(sheet))
            except BadFileError as error:
                codes.add(error.code)
        self.assertIn("broken", codes)

    def test_told_in_one_sentence(self):
        """The user reads what is wrong and what to do, for either kind of list."""
        block = b'<row r="1"><c r="A1"><v>1</v></c></row>' * 25000
        bomb = rewrite(self.xlsx, SHEET, [self.head, *[block] * 80, self.tail])
        for kind, role in (("class_list", "administrator"), ("takeover", "social_pedagogue")):
            record = self.start(self.kz, bomb, role=role, kind=kind)
            with self.refused(UserError, "small only as long as it is packed.*Copy the list"):
                record.action_read()
            record = self.start(self.kz, b"a" * MB, name="список.csv", role=role, kind=kind)
            with self.refused(UserError, "longer than any list needs.*right file"):
                record.action_read()

    def test_transfer_package(self):
        """A record of another school is as large as its file, no larger; a record that is nothing but text is not."""
        self.patch(package, "MAX_JSON", 1000)
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w") as archive:
            archive.writestr(package.MANIFEST, b"{}" + b" " * 2000)
            archive.writestr(package.RECORD, b"{}")
        with self.assertRaises(package.PackageError) as caught:
            package.read(output.getvalue(), "1")
        self.assertEqual(caught.exception.reason, "content")
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(package.MANIFEST, b"{}")
            archive.writestr(package.RECORD, b" " * (50 * MB))
        with self.assertRaises(package.PackageError):
            package.read(output.getvalue(), "1")
