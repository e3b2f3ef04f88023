"""The journal as an XLSX sheet: plain Python that is given titles and rows, and knows nothing of records or rights."""

import io
from datetime import date

import xlsxwriter

#: a cell that begins so would be taken for a formula by one spreadsheet or another
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
#: what one cell of the format holds
CELL_LIMIT = 32767
#: columns of the totals: the label stands in the first of them, merged up to the last, the numbers after it
TOTALS_LABEL = (1, 3)
DATE_FORMAT = "dd.mm.yyyy"


def journal_xlsx(heading, columns, rows, totals, note, page_label):
    """Return the bytes of a workbook with one sheet.

    Rows are taken one by one and written at once (``constant_memory``), so that any number fits.

    :param dict heading: ``sheet`` (name of the sheet), ``school``, ``title`` and ``lines`` (list of texts)
    :param list columns: dicts with ``title`` and ``width`` (in characters)
    :param rows: iterable of dicts with ``cells`` (text, number, date or nothing) and ``annulled``
    :param dict totals: ``title``, ``columns`` (titles of the numbers) and ``lines`` (pairs of label and numbers)
    :param note: text below the totals, or nothing
    :param page_label: text of the footer, in which ``&P`` is the page and ``&N`` their number
    """
    output = io.BytesIO()
    options = {
        "in_memory": False,
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(output, options) as workbook:
        workbook.set_properties({"title": heading["title"], "company": heading["school"]})
        sheet = workbook.add_worksheet(heading["sheet"])
        _JournalSheet(workbook, sheet, columns).fill(heading, rows, totals, note, page_label)
    return output.getvalue()


class _JournalSheet:
    """Writes one sheet from top to bottom: in this mode a row that was passed cannot be written again."""

    def __init__(self, workbook, sheet, columns):
        self.sheet = sheet
        self.columns = columns
        self.row = 0
        cell = {"font_name": "Arial", "font_size": 9, "valign": "top", "text_wrap": True, "border": 1}
        struck = {"font_strikeout": True, "font_color": "#7F7F7F"}
        self.formats = {
            (kind, annulled): workbook.add_format({**cell, **extra, **(struck if annulled else {})})
            for kind, extra in (
                ("text", {}),
                ("risky", {"quote_prefix": True}),
                ("number", {"align": "center"}),
                ("date", {"num_format": DATE_FORMAT, "align": "center"}),
            )
            for annulled in (False, True)
        }
        plain = {"font_name": "Arial", "font_size": 9}
        self.school = workbook.add_format({**plain, "font_size": 11})
        self.title = workbook.add_format({**plain, "font_size": 14, "bold": True})
        self.line = workbook.add_format(plain)
        self.head = workbook.add_format(
            {**cell, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#E7E6E6"}
        )
        self.total = workbook.add_format({**cell, "bold": True})
        self.total_number = workbook.add_format({**cell, "bold": True, "align": "center"})
        self.note = workbook.add_format({**plain, "italic": True, "text_wrap": True, "valign": "top"})

    def fill(self, heading, rows, totals, note, page_label):
        self._page(heading, page_label)
        self._heading(heading)
        head_row = self._head()
        for row in rows:
            remarks = len(row["cells"]) - 1  # in which the reason stands: not struck through
            for index, value in enumerate(row["cells"]):
                self._cell(index, value, row["annulled"] and index != remarks)
            self.row += 1
        self.sheet.autofilter(head_row, 0, max(self.row - 1, head_row), len(self.columns) - 1)
        self._totals(totals)
        if note:
            self._note(note)
        self.sheet.print_area(0, 0, self.row, len(self.columns) - 1)

    def _page(self, heading, page_label):
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.6)
        sheet.set_footer(f"&L&8{heading['school'].replace('&', '&&')[:80]}&R&8{page_label}")
        for index, column in enumerate(self.columns):
            sheet.set_column(index, index, column["width"])

    def _heading(self, heading):
        self.sheet.set_row(0, 16)
        self.sheet.write_string(0, 0, _text(heading["school"]), self.school)
        self.sheet.set_row(1, 22)
        self.sheet.write_string(1, 0, _text(heading["title"]), self.title)
        self.row = 2
        for line in heading["lines"]:
            self.sheet.write_string(self.row, 0, _text(line), self.line)
            self.row += 1
        self.row += 1

    def _head(self):
        head_row = self.row
        self.sheet.set_row(head_row, 42)
        for index, column in enumerate(self.columns):
            self.sheet.write_string(head_row, index, column["title"], self.head)
        self.sheet.repeat_rows(head_row)
        self.sheet.freeze_panes(head_row + 1, 2)
        self.row += 1
        return head_row

    def _cell(self, index, value, annulled):
        if value is None or value is False or value == "":
            self.sheet.write_blank(self.row, index, None, self.formats["text", annulled])
        elif isinstance(value, date):
            if value.year < 1900:  # the calendar of the format begins later
                self.sheet.write_string(self.row, index, value.strftime("%d.%m.%Y"), self.formats["date", annulled])
            else:
                self.sheet.write_datetime(self.row, index, value, self.formats["date", annulled])
        elif isinstance(value, int):
            self.sheet.write_number(self.row, index, value, self.formats["number", annulled])
        else:
            text = _text(value)
            kind = "risky" if text.startswith(RISKY) else "text"
            self.sheet.write_string(self.row, index, text, self.formats[kind, annulled])

    def _totals(self, totals):
        first, last = TOTALS_LABEL
        self.row += 1
        self.sheet.merge_range(self.row, first, self.row, last, _text(totals["title"]), self.head)
        for offset, title in enumerate(totals["columns"], start=1):
            self.sheet.write_string(self.row, last + offset, _text(title), self.head)
        self.row += 1
        for label, numbers in totals["lines"]:
            self.sheet.merge_range(self.row, first, self.row, last, _text(label), self.total)
            for offset, number in enumerate(numbers, start=1):
                self.sheet.write_number(self.row, last + offset, number, self.total_number)
            self.row += 1

    def _note(self, note):
        self.row += 1
        width = sum(column["width"] for column in self.columns)
        self.sheet.set_row(self.row, 13 * (1 + int(len(note) / width)))
        self.sheet.merge_range(self.row, 0, self.row, len(self.columns) - 1, _text(note), self.note)


def _text(value):
    return str(value)[:CELL_LIMIT]
