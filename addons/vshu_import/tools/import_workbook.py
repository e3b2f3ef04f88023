"""The rows of a list that could not be imported, as an XLSX sheet. Plain Python, no records."""

import io

import xlsxwriter

from odoo.addons.vshu_registry.tools.journal_workbook import RISKY, _text


def problems_xlsx(titles, rows, row_label, problem_label):
    """Return the bytes of a workbook: the columns of the list as they were, the number of the row, what is wrong.

    :param list titles: headings of the list
    :param rows: iterable of (cells, number, text)
    """
    output = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(output, options) as workbook:
        sheet = workbook.add_worksheet()
        head = workbook.add_format({"bold": True, "bg_color": "#E7E6E6", "text_wrap": True, "valign": "top"})
        plain = workbook.add_format({"valign": "top"})
        risky = workbook.add_format({"valign": "top", "quote_prefix": True})
        wrong = workbook.add_format({"valign": "top", "text_wrap": True, "font_color": "#C00000"})
        width = len(titles)
        sheet.set_column(0, max(width - 1, 0), 20)
        sheet.set_column(width, width, 70)
        sheet.set_column(width + 1, width + 1, 8)
        for index, title in enumerate([*titles, problem_label, row_label]):
            sheet.write_string(0, index, _text(title), head)
        sheet.freeze_panes(1, 0)
        for line, (cells, number, problem) in enumerate(rows, start=1):
            for index, cell in enumerate(cells):
                text = _text(cell)
                sheet.write_string(line, index, text, risky if text.startswith(RISKY) else plain)
            sheet.write_string(line, width, _text(problem), wrong)
            sheet.write_number(line, width + 1, number, plain)
    return output.getvalue()
