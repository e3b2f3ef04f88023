"""Lists as schools have them, made by the tests: XLSX, CSV in any encoding, and an import of one."""

import base64
import io

import xlsxwriter

from odoo.addons.vshu_registry.tests.case.test_flow import FlowCommon

HEAD = ["№ п/п", "ФИО", "Дата рождения", "Класс", "Пол", "ФИО родителя", "Телефон"]


def make_xlsx(rows, sheets=(), dates=True):
    """Return the bytes of a workbook; a date is a date cell, text that looks like a formula is text."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for name, content in [("Список", rows), *sheets]:
            sheet = book.add_worksheet(name)
            for line, cells in enumerate(content):
                for column, value in enumerate(cells):
                    if hasattr(value, "year"):
                        sheet.write_datetime(line, column, value, day)
                    elif isinstance(value, (int, float)):
                        sheet.write_number(line, column, value)
                    elif value:
                        sheet.write_string(line, column, value)
    return output.getvalue()


def make_csv(rows, encoding="utf-8", delimiter=";"):
    """Return the bytes of a CSV file."""
    lines = []
    for cells in rows:
        lines.append(delimiter.join(f'"{c}"' if delimiter in str(c) or "\n" in str(c) else str(c) for c in cells))
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


class ImportCommon(FlowCommon):
    """Imports as a user makes them."""

    def start(self, bag, content, name="список.xlsx", role="administrator", **vals):
        """Begin an import of a file as ``role``."""
        return self.as_(bag, role, self.env["vshu.import"]).create(
            {
                "company_id": bag.company.id,
                "file": base64.b64encode(content),
                "file_name": name,
                "date": "2026-09-01",
                **vals,
            }
        )

    def check(self, bag, rows, role="administrator", name="список.xlsx", **vals):
        """Begin an import of the rows of an XLSX file and check it."""
        record = self.start(bag, make_xlsx(rows), name, role, **vals)
        record.action_read()
        self.env.flush_all()
        return record

    def load(self, bag, rows, **vals):
        """Check and confirm."""
        record = self.check(bag, rows, **vals)
        record.action_confirm()
        self.env.flush_all()
        return record

    def by_row(self, record):
        """Return {row: line} of an import."""
        return {line.row: line for line in record.sudo().line_ids}

    def students(self, bag):
        """Return {name: student} of the school."""
        found = self.env["res.partner"].search(
            [("vshu_is_student", "=", True), ("vshu_company_ids", "in", bag.company.ids)]
        )
        return {student.name: student for student in found}
