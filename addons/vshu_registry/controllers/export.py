import csv
import io
import json

from odoo.http import request

from odoo.addons.web.controllers.export import CSVExport, ExcelExport, ExportXlsxWriter, GroupExportXlsxWriter

from ..tools.journal_workbook import RISKY
from ..tools.own_records import is_own

#: models of Odoo in which the register's children, parents and colleagues are listed
PEOPLE = {"res.partner", "hr.employee", "mail.activity", "mail.message", "ir.attachment", "calendar.event"}


def _of_register(data):
    """Tell whether a list of the register, or of its people, is exported."""
    try:
        model = json.loads(data)["model"]
    except (ValueError, KeyError, TypeError):
        return False
    return is_own(model) or model in PEOPLE


def _is_marked():
    return request.env.context.get("vshu_plain_export")


class _PlainCells:
    """Writes text as text: a word that begins like a formula is no formula, an address no link."""

    def __init__(self, *args):
        super().__init__(*args)
        self.worksheet.strings_to_formulas = False
        self.worksheet.strings_to_urls = False
        self.risky_style = self.workbook.add_format({"text_wrap": True, "quote_prefix": True})

    def write(self, row, column, cell_value, style=None):
        """Write one cell; what a spreadsheet would read as a formula when it is typed anew keeps its mark."""
        if isinstance(cell_value, str):
            risky = cell_value.startswith(RISKY) and style in (None, self.base_style)
            return self.worksheet.write_string(row, column, cell_value, self.risky_style if risky else style)
        return super().write(row, column, cell_value, style)


class PlainXlsxWriter(_PlainCells, ExportXlsxWriter):
    """A list as it is."""


class PlainGroupXlsxWriter(_PlainCells, GroupExportXlsxWriter):
    """A grouped list as it is."""


class VshuExcelExport(ExcelExport):
    """Lists of the register as XLSX, in which text is text."""

    def base(self, data):
        """Export a list; those of the register are marked for the two methods below."""
        if _of_register(data):
            request.update_context(vshu_plain_export=True)
        return super().base(data)

    def from_group_data(self, fields, columns_headers, groups):
        """Return the bytes of a grouped list."""
        if not _is_marked():
            return super().from_group_data(fields, columns_headers, groups)
        with PlainGroupXlsxWriter(fields, columns_headers, groups.count) as writer:
            row, column = 1, 0
            for name, group in groups.children.items():
                row, column = writer.write_group(row, column, name, group)
        return writer.value

    def from_data(self, fields, columns_headers, rows):
        """Return the bytes of a list."""
        if not _is_marked():
            return super().from_data(fields, columns_headers, rows)
        with PlainXlsxWriter(fields, columns_headers, len(rows)) as writer:
            for line, row in enumerate(rows, start=1):
                for index, value in enumerate(row):
                    writer.write_cell(line, index, value)
        return writer.value


class VshuCSVExport(CSVExport):
    """Lists of the register as CSV: whatever a spreadsheet would run is marked, as Odoo marks three signs of it."""

    def base(self, data):
        """Export a list; those of the register are marked for the method below."""
        if _of_register(data):
            request.update_context(vshu_plain_export=True)
        return super().base(data)

    def from_data(self, fields, columns_headers, rows):
        """Return the text of a list."""
        if not _is_marked():
            return super().from_data(fields, columns_headers, rows)
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        for row in [columns_headers, *rows]:
            writer.writerow([self._vshu_cell(value) for value in row])
        return text.getvalue()

    @staticmethod
    def _vshu_cell(value):
        if value is None or value is False:
            return ""
        value = value.decode() if isinstance(value, bytes) else value
        return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value
