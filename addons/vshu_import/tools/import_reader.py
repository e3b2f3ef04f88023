"""Reads lists that schools bring: XLSX and CSV, row by row, so that memory does not grow with the file.

Plain Python, no records. Whatever is wrong with a file is a :class:`BadFileError` with a code; the model has the words.
"""

import csv
import io
import re
import zipfile
from datetime import date, datetime
from xml.etree import ElementTree
from xml.parsers import expat

import chardet

from odoo.addons.vshu_registry.tools.journal_workbook import RISKY

try:
    import openpyxl
except ImportError:  # Odoo brings it; where it was taken away, CSV is read still
    openpyxl = None

#: what an XLSX file may unpack to (bytes): a full list of 20,000 rows has less than half of it
UNPACKED = 64 * 2**20
#: cells of it, empty ones too
CELLS = 1_000_000
#: bytes of one cell; spreadsheets hold 32,767 letters in one
CELL_SIZE = 256 * 2**10
#: bytes of one line of a text file
LINE_SIZE = 128 * 2**10
CHUNK = 2**18
#: columns that are looked at
WIDTH = 100
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: how PDF, pictures, archives and RTF begin
OTHERS = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")
CELL = re.compile(rb"<(?:\w+:)?c[ />]")
LINE_END = re.compile(rb"[\r\n]")
DELIMITERS = (";", ",", "\t", "|")
#: letters of cp1251 that neither Russian nor Kazakh knows: the text is KZ-1048, which has Kazakh letters there
FOREIGN = re.compile("[ЂЃѓЉЊЌЋЏђљњќћџЎўЈҐ]")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class BadFileError(Exception):
    """A file that cannot be read: ``code`` says why."""

    def __init__(self, code, **values):
        super().__init__(code)
        self.code = code
        self.values = values


def open_table(content, name, limit, encoding=None, score=None):
    """Return the table in a file.

    :param bytes content: the file
    :param str name: its name
    :param int limit: how many bytes a file may have
    :param str encoding: of a text file, found out where it is not given
    :param score: function of the cells of a row, the more the more it looks like a heading
    :raises BadFileError: empty, too_big, unpacked, long_cell, protected, old_excel, web_page, wrong_type, broken,
        encoding. Sizes are looked at before anything is read as a list.
    """
    if not content.strip():
        raise BadFileError("empty")
    if len(content) > limit:
        raise BadFileError("too_big")
    if content.startswith(OLE):
        protected = "EncryptedPackage".encode("utf-16-le") in content or not name.casefold().endswith(".xls")
        raise BadFileError("protected" if protected else "old_excel")
    if content.startswith(b"PK"):
        return Workbook(content)
    return TextTable(content, encoding, score or len)


class Workbook:
    """An XLSX file. Sheets that are hidden are not looked at."""

    kind = "xlsx"
    encoding = delimiter = None

    def __init__(self, content):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                self._check(package)
                self.paths = dict(self._sheets(package))
        except BadFileError:
            raise
        except NotImplementedError as error:
            raise BadFileError("broken") from error
        except RuntimeError as error:  # a member that is locked by a password
            raise BadFileError("protected") from error
        except Exception as error:  # whatever a damaged file makes the libraries stumble over, zlib among them
            raise BadFileError("broken") from error
        if openpyxl is None:
            raise BadFileError("no_reader")
        self.content = content

    @classmethod
    def _check(cls, package):
        """Refuse what would take long to read. The sizes that a package tells may be false: what comes out counts."""
        names = package.namelist()
        if "xl/workbook.xml" not in names:
            raise BadFileError("wrong_type" if names else "broken")
        parts = [info for info in package.infolist() if info.filename.endswith((".xml", ".rels"))]
        if sum(info.file_size for info in parts) > UNPACKED:
            raise BadFileError("unpacked")
        size = cells = 0
        for info in parts:
            with package.open(info) as part:
                for length, found in cls._pieces(part):
                    size += length
                    cells += found
                    if size > UNPACKED or cells > CELLS:
                        raise BadFileError("unpacked")

    @staticmethod
    def _pieces(part):
        """Yield (bytes, cells) of a part, piece by piece; refuses an endless text and a type of its own."""
        text, end = 0, b""
        while chunk := part.read(CHUNK):
            joined = end + chunk
            # no spreadsheet program writes its parts in wide letters, in which a type would not be seen
            if b"<!DOCTYPE" in joined or b"<!ENTITY" in joined or b"\0" in chunk:
                raise BadFileError("broken")
            first, *others = [len(piece) for piece in chunk.split(b"<")]
            text += first
            if max(text, *others, 0) > CELL_SIZE:
                raise BadFileError("long_cell")
            text = others[-1] if others else text
            yield len(chunk), len(CELL.findall(joined)) - len(CELL.findall(end))
            end = chunk[-9:]

    @staticmethod
    def _sheets(package):
        """Yield (title, path in the package) of the sheets that are shown."""
        relations = {
            node.get("Id"): node.get("Target").lstrip("/").removeprefix("xl/")
            for node in ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        }
        for node in ElementTree.fromstring(package.read("xl/workbook.xml")).iter():
            if node.tag.endswith("}sheet") and node.get("state", "visible") == "visible":
                path = "xl/" + relations[node.get(RELATION)]
                if path in package.NameToInfo and "worksheets" in path:
                    yield node.get("name"), path

    def sheets(self):
        """Return the titles of the sheets."""
        return list(self.paths)

    def count(self, sheet, limit):
        """Return how many rows of ``sheet`` hold something; counting stops beyond ``limit``, nothing is kept."""
        counter = _RowCounter(limit)
        try:
            with zipfile.ZipFile(io.BytesIO(self.content)) as package, package.open(self.paths[sheet]) as part:
                while counter.count <= limit and (chunk := part.read(65536)):
                    counter.feed(chunk)
        except Exception as error:  # see above
            raise BadFileError("broken") from error
        return counter.count

    def rows(self, sheet):
        """Yield (number, cells) of the rows of ``sheet`` that hold something."""
        try:
            book = openpyxl.load_workbook(io.BytesIO(self.content), read_only=True, data_only=True, keep_links=False)
            try:
                page = book[sheet]
                # many programs write a wrong size of the sheet
                page.reset_dimensions()
                for number, cells in enumerate(page.iter_rows(values_only=True, max_col=WIDTH), start=1):
                    row = [_cell(value) for value in cells]
                    if any(value not in ("", None) for value in row):
                        yield number, row
            finally:
                book.close()
        except BadFileError:
            raise
        except Exception as error:  # whatever a damaged file makes the library stumble over
            raise BadFileError("broken") from error


class _RowCounter:
    """Counts rows with a value in the XML of a sheet, fed piece by piece."""

    def __init__(self, limit):
        self.count = 0
        self.limit = limit
        self.fresh = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, chunk):
        self.parser.Parse(chunk, False)

    def _start(self, name, _attributes):
        tag = name.rpartition(" ")[2]
        if tag == "row":
            self.fresh = True
        elif self.fresh and tag in ("v", "t"):
            self.fresh = False
            self.count += 1

    def _doctype(self, *_args):
        raise ValueError("a sheet has no document type")


def _cell(value):
    """Return a cell as text or date; what looks like a formula is text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _unmarked(cell):
    """Return a cell without the mark that exports put before what a spreadsheet would take for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(RISKY) else cell


class TextTable:
    """A CSV file in any of the encodings that schools use."""

    kind = "csv"

    def __init__(self, content, encoding, score):
        head = content[:2048].lstrip().lower()
        if head.startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
            raise BadFileError("web_page")
        if content.startswith(OTHERS):
            raise BadFileError("wrong_type")
        if max(map(len, LINE_END.split(content))) > LINE_SIZE:
            raise BadFileError("long_cell")
        self.content = content
        self.encoding = encoding or self._find_encoding()
        try:
            sample = self._sample()
        except UnicodeError as error:
            raise BadFileError("encoding") from error
        self.delimiter = max(DELIMITERS, key=lambda delimiter: self._score(sample, delimiter, score))

    def _find_encoding(self):
        content = self.content
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf_16"
        if content.count(b"\0", 0, 4096):
            wide = content[:4096]
            for encoding, zeros in (("utf_16_le", wide[1::2]), ("utf_16_be", wide[::2])):
                if zeros.count(0) > len(zeros) // 5:
                    return encoding
            raise BadFileError("wrong_type")
        if self._is_utf8(content):
            return "utf_8"
        found = (chardet.detect(content[:65536])["encoding"] or "").lower().replace("-", "_")
        if found in ("koi8_r", "ibm866", "ibm855", "maccyrillic", "x_mac_cyrillic"):
            return {"ibm866": "cp866", "ibm855": "cp855"}.get(found, "koi8_r" if found == "koi8_r" else "mac_cyrillic")
        return "kz1048" if FOREIGN.search(content.decode("cp1251", "replace")) else "cp1251"

    @staticmethod
    def _is_utf8(content):
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True

    def _text(self):
        """Return the file as a stream of text, without its byte order mark."""
        encoding = "utf_8_sig" if self.encoding == "utf_8" else self.encoding
        return io.TextIOWrapper(io.BytesIO(self.content), encoding=encoding, newline="")

    def _sample(self):
        with self._text() as text:
            return [line for _number, line in zip(range(40), text, strict=False)]

    @staticmethod
    def _score(sample, delimiter, score):
        try:
            rows = [row[:WIDTH] for row in csv.reader(sample, delimiter=delimiter)]
        except csv.Error:
            return (0, 0)
        widths = sorted(len(row) for row in rows if row)
        return max((score(row) for row in rows), default=0), widths[len(widths) // 2] if widths else 0

    def sheets(self):
        """Return the one sheet that a text file has."""
        return [""]

    def count(self, _sheet, limit):
        """Return how many rows hold something; counting stops beyond ``limit``."""
        count = 0
        for _row in self.rows(""):
            count += 1
            if count > limit:
                break
        return count

    def rows(self, _sheet):
        """Yield (number, cells) of the rows that hold something."""
        try:
            with self._text() as text:
                for number, row in enumerate(csv.reader(text, delimiter=self.delimiter), start=1):
                    if any(cell.strip() for cell in row):
                        yield number, [_unmarked(cell) for cell in row[:WIDTH]]
        except UnicodeError as error:
            raise BadFileError("encoding") from error
        except csv.Error as error:
            raise BadFileError("broken") from error
