import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from odoo.addons.vshu_registry.tools.guard import guarded

from ..tools.import_headers import assign, is_header
from ..tools.import_reader import UNPACKED, BadFileError, open_table
from ..tools.import_workbook import problems_xlsx
from .vshu_import_column import TARGETS

#: rows that are checked at once
CHUNK = 500
#: rows in which the headings are looked for
HEAD = 30


class VshuImport(models.Model):
    """Reading the file of a list: what is wrong with it, which column holds what, the rows one chunk after another."""

    _inherit = "vshu.import"

    def _read(self):
        """Read and check the file; rows of an earlier check go. Raises UserError for a file that cannot be read."""
        try:
            self._read_table(self._open_file())
        except BadFileError as error:
            raise self._bad_file(error) from error

    def _read_table(self, table):
        sheet, header, titles, targets = self._find_header(table)
        limit = self._school().import_max_rows
        if table.count(sheet, limit + header) > limit + header:
            raise UserError(
                self.env._(
                    "“%(file)s” has more than %(limit)s rows. Divide it, e.g. by grades, and import one part after the "
                    "other; the limit is set on the form of the school.",
                    file=self.file_name,
                    limit=limit,
                )
            )
        others = [name for name in table.sheets() if name != sheet]
        state = guarded(self.sudo())  # sudo: the right was checked; what was found out is written by this step only
        state.write(
            {
                "encoding": table.encoding,
                "sheet": sheet or False,
                "note": self.env._("Not read: the other sheets (%s). Import them one by one.", ", ".join(others))
                if others
                else False,
            }
        )
        # sudo: rows and columns come from the file, the right was checked
        self.env["vshu.import.line"].sudo().search([("import_id", "=", self.id)]).unlink()
        rows = ((number, cells) for number, cells in table.rows(sheet) if number > header)
        first = next(rows, None)
        if not first:
            raise UserError(self.env._("“%s” holds headings but no rows below them.", self.file_name))
        targets = self._keep_columns(titles, targets, first[1])
        if not is_header(targets):
            state.write({"state": "draft", "note": self._say_columns()})
            return
        self._check_targets(targets)
        self._read_rows(first, rows, targets)
        state.write({"state": "preview"})

    def _open_file(self):
        """Return the table in the file."""
        if not self.file:
            raise UserError(self.env._("Choose the file first: XLSX or CSV, as your school's system saves it."))
        limit = self._school().import_max_mb * 1024 * 1024
        content = base64.b64decode(self.with_context(bin_size=False).file)

        def score(row):
            return sum(bool(target) for target in assign(row, self.kind))

        return open_table(content, self.file_name or "", limit, self.encoding or None, score)

    def _bad_file(self, error):
        """Return the UserError that says what is wrong with the file and what to do."""
        name = self.file_name or ""
        messages = {
            "empty": self.env._("“%s” is empty: save the list once more and choose it again.", name),
            "too_big": self.env._(
                "“%(file)s” is larger than %(limit)s MB. Delete pictures and other sheets from it, or divide it.",
                file=name,
                limit=self._school().import_max_mb,
            ),
            "unpacked": self.env._(
                "“%(file)s” is small only as long as it is packed: it holds more than %(limit)s MB or a million cells. "
                "Copy the list itself into a new file, without empty rows and columns, and choose that one.",
                file=name,
                limit=UNPACKED // 2**20,
            ),
            "long_cell": self.env._(
                "“%s” has a text in one cell or line that is longer than any list needs: it is no list of children. "
                "Look whether it is the right file, and save it once more as XLSX.",
                name,
            ),
            "protected": self.env._(
                "“%s” is protected by a password: open it, save it without the password and choose it again.", name
            ),
            "old_excel": self.env._(
                "“%s” is in the old format XLS: open it, choose “Save as” and the format XLSX, then choose it again.",
                name,
            ),
            "web_page": self.env._(
                "“%s” is a web page, whatever it is called: open it in a spreadsheet program and save it as XLSX.", name
            ),
            "wrong_type": self.env._("“%s” is no list: only files of the formats XLSX and CSV are imported.", name),
            "broken": self.env._(
                "“%s” is damaged and cannot be read: open it, save it once more as XLSX and choose it again.", name
            ),
            "encoding": self.env._(
                "The letters of “%s” cannot be read: choose another encoding, or save the list as XLSX.", name
            ),
            "no_reader": self.env._("XLSX cannot be read here: save “%s” as CSV and choose that file.", name),
        }
        return UserError(messages[error.code])

    def _find_header(self, table):
        """Return (sheet, number of the row, headings, targets) of the first sheet that has headings."""
        seen = ""
        for sheet in table.sheets():
            for number, cells in table.rows(sheet):
                titles = [str(cell).strip() for cell in cells]
                if number == self.header_row or (not self.header_row and number <= HEAD):
                    targets = assign(titles, self.kind)
                    if self.header_row or is_header(targets):
                        return sheet, number, titles, targets
                    seen = seen or ", ".join(filter(None, titles))[:100]
                if number >= max(self.header_row, HEAD):
                    break
        raise UserError(
            self.env._(
                "“%(file)s” has no headings that are known: there must be a row with at least the full name (or "
                "surname and name), the date of birth and the class. The first row reads: “%(row)s”. If it cannot be "
                "read, choose another encoding; if the headings are there, name their row.",
                file=self.file_name,
                row=seen,
            )
        )

    def _keep_columns(self, titles, targets, first):
        """Write the columns; what the user said of a column with the same heading stays. Returns the targets."""
        known = {(column.position, column.title): column.target for column in self.column_ids}
        targets = [
            known.get((position, title or False), target) or ""
            for position, (title, target) in enumerate(zip(titles, targets, strict=True), start=1)
        ]
        self.column_ids.sudo().unlink()  # sudo: as above
        shown = [str(cell).strip()[:60] for cell in first] + [""] * len(titles)
        columns = guarded(self.env["vshu.import.column"].sudo())  # sudo: as above
        columns.create(
            [
                {
                    "import_id": self.id,
                    "position": position,
                    "title": title or False,
                    "sample": sample or False,
                    "target": target or False,
                }
                for position, (title, sample, target) in enumerate(zip(titles, shown, targets, strict=False), start=1)
                if title or sample
            ]
        )
        return targets

    def _say_columns(self):
        return self.env._(
            "Say below which column holds the full name (or the surname and the name) and what the others hold, then "
            "check the file again."
        )

    def _check_targets(self, targets):
        labels = dict(self.env["vshu.import.column"]._fields["target"]._description_selection(self.env))
        used = [target for target in targets if target]
        twice = sorted({labels[target] for target in used if used.count(target) > 1})
        if twice:
            raise UserError(
                self.env._("Two columns hold the same: %s. Choose one, leave the other empty.", ", ".join(twice))
            )
        foreign = sorted({labels[t] for t in used if t not in {code for code, _label in TARGETS[self.kind]}})
        if foreign:
            raise UserError(self.env._("A list of this kind does not hold: %s.", ", ".join(foreign)))

    def _read_rows(self, first, rows, targets):
        """Check the rows chunk by chunk and write down what would be done: memory does not grow with the file."""
        reading = self._reading(targets)
        seen = {"rows": {}, "students": {}}

        def everything():
            yield first
            yield from rows

        for chunk in split_every(CHUNK, everything(), list):
            parsed = [row for number, cells in chunk if (row := self._parse(number, cells, reading))]
            self._mark_doubles(parsed, seen["rows"])
            plans = getattr(self, f"_plan_{self.kind}")(parsed, seen["students"])
            lines = guarded(self.env["vshu.import.line"].sudo())  # sudo: as above
            lines.create([plan._line_vals(self) for plan in plans])
            self.env.flush_all()
            self.env.invalidate_all()

    def _mark_doubles(self, rows, seen):
        """Note for each row an earlier one about the same child; ``seen`` is kept from chunk to chunk."""
        for row in rows:
            for key in row.identities():
                if key in seen and not row.double_row:
                    row.double_row = seen[key]
                seen.setdefault(key, row.number)

    def _plan_again(self, lines):
        """Work out anew what is to be done with ``lines``, and write it down. Returns the plans."""
        row_class = self._row_class()
        rows = [row_class._of_line(line) for line in lines]
        plans = getattr(self, f"_plan_{self.kind}")(rows, self._students_of_others(lines))
        system = guarded(lines.sudo())  # sudo: what will be done is worked out by the system
        for line, plan in zip(system, plans, strict=True):
            new = plan._line_vals(self)
            vals = {
                name: new[name]
                for name in ("action", "changes", "problem", "student_id")
                if (line[name].id if name == "student_id" else line[name]) != new[name]
            }
            asked = not (plan.row.student_id or plan.row.as_new)
            if asked and set(plan.candidates) != set(line.candidate_ids.ids):
                vals["candidate_ids"] = [fields.Command.set(plan.candidates)]
            if vals:
                line.write(vals)
        return plans

    def _students_of_others(self, lines):
        """Return {student id: first row} of the other rows of the list that are about a child on file."""
        if self.kind == "takeover":
            return {}
        groups = (
            self.env["vshu.import.line"]
            .sudo()
            ._read_group(  # sudo: rows of the same list
                [
                    ("import_id", "=", self.id),
                    ("id", "not in", lines.ids),
                    ("student_id", "!=", False),
                    ("action", "!=", "problem"),
                ],
                ["student_id"],
                ["row:min"],
            )
        )
        return {student.id: row for student, row in groups}

    def _save_problems(self):
        """Write the rows with problems into a file: the columns as they were, and what is wrong."""
        columns = self.column_ids.sorted("position")
        width = max(columns.mapped("position"), default=0)
        titles = [""] * width
        for column in columns:
            titles[column.position - 1] = column.title or ""
        lines = self.env["vshu.import.line"].search(
            [("import_id", "=", self.id), ("action", "=", "problem")], order="row"
        )
        if not lines:
            raise UserError(self.env._("%s: there are no rows with problems.", self.display_name))
        rows = (((line.cells or [])[:width], line.row, line.problem or "") for line in lines)
        content = problems_xlsx(titles, rows, self.env._("Row"), self.env._("Problem"))
        guarded(self.sudo()).write(  # sudo: the right was checked; the file holds what the user may read
            {"problem_file": base64.b64encode(content), "problem_file_name": f"problems_{self.id}.xlsx"}
        )
