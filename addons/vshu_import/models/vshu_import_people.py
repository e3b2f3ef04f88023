from collections import defaultdict

from dateutil.relativedelta import relativedelta
from odoo import models
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..tools.import_headers import FOOT
from ..tools.import_rows import Row
from ..tools.import_words import clean_name, is_name, letter_key, name_key, parse_class, parse_date, squeeze, words

#: what is read of the children who may be meant
STUDENT_FIELDS = (
    "name",
    "active",
    "vshu_birth_date",
    "vshu_sex",
    "vshu_file_number",
    "vshu_former_names",
    "street",
    "phone",
)


class VshuImport(models.Model):
    """Children in lists: what is said of them, and which child on file is meant."""

    _inherit = "vshu.import"

    def _row_class(self):
        return Row

    # -- what a row says -----------------------------------------------------------------------------------------------

    def _reading(self, targets):
        """Return what the rows of a file are read with."""
        columns = {column.target: column.title or "" for column in self.column_ids if column.target}
        return {
            "targets": {target: index for index, target in enumerate(targets) if target},
            "today": self._vshu_today(),
            "school": self._school(),
            "iin": {"иин", "жсн", "iin"} & set(words(columns.get("file_number", "")).split()),
            "section": None,
        }

    def _parse(self, number, cells, reading):
        """Return the Row of the cells; None for one that is no row of the list: a heading, a total."""
        targets = reading["targets"]

        def get(target):
            index = targets.get(target)
            value = cells[index] if index is not None and index < len(cells) else ""
            return squeeze(value) if isinstance(value, str) else value

        texts = [cell.strip() if isinstance(cell, str) else cell.strftime("%d.%m.%Y") for cell in cells]
        filled = [text for text in texts if text]
        name = " ".join(str(part) for part in (get("surname"), get("first_name"), get("patronymic")) if part)
        name = str(get("name")) or name
        if len(filled) == 1 and not is_name(filled[0]):
            # a class stands above its pupils
            reading["section"] = parse_class(filled[0]) or reading["section"]
            if parse_class(filled[0]):
                return None
        if (not name and len(filled) < 3) or (len(filled) < 4 and FOOT.match(words(filled[0]))):
            return None  # a total, a signature
        row = Row(number, texts, {"name": clean_name(name) if is_name(name) else name})
        self._parse_name(row)
        self._parse_birth(row, get("birth_date"), reading)
        self._parse_class(row, get, reading)
        file_number = str(get("file_number"))
        if reading["iin"] and file_number.isdigit() and 9 <= len(file_number) < 12:
            file_number = file_number.zfill(12)  # a spreadsheet takes the zeros in front away
        row.values["file"] = file_number
        getattr(self, f"_parse_{self.kind}")(row, get, reading)
        row.values = {key: value for key, value in row.values.items() if value not in ("", None, [])}
        return row

    def _parse_name(self, row):
        name = row.values["name"]
        if not name:
            row.problems.append(self.env._("No name: fill in surname and name of the child."))
        elif not is_name(name):
            row.problems.append(
                self.env._("“%s” is no name: write surname, name and patronymic in letters.", name[:80])
            )
        elif len(name.split()) < 2:
            row.problems.append(self.env._("“%s” is one word only: write surname and name.", name))

    def _parse_birth(self, row, value, reading):
        if not value:
            return
        today, school = reading["today"], reading["school"]
        born = parse_date(value, today)
        text = value if isinstance(value, str) else format_date(self.env, value)
        if not born:
            row.problems.append(
                self.env._("Date of birth “%s”: there is no such date. Write it as 31.12.2013.", text[:40])
            )
        elif born > today:
            row.problems.append(self.env._("Date of birth “%s” lies in the future: put it right.", text))
        elif not school.import_min_age <= relativedelta(today, born).years <= school.import_max_age:
            row.problems.append(
                self.env._(
                    "Date of birth “%(date)s”: the child would be %(age)s years old. Put it right; a school takes "
                    "children from %(min)s to %(max)s here (form of the school).",
                    date=text,
                    age=relativedelta(today, born).years,
                    min=school.import_min_age,
                    max=school.import_max_age,
                )
            )
        else:
            row.values["birth"] = born.isoformat()

    def _parse_class(self, row, get, reading):
        text = str(get("class"))
        if not text and get("grade"):
            text = f"{get('grade')} {get('letter')}".strip()
        found = parse_class(text) if text else reading["section"]
        row.values["class_text"] = text or (f"{found[0]} {found[1]}".strip() if found else "")
        if not found:
            if text:
                row.problems.append(self.env._("Class “%s” is not understood: write it as 7 А.", text[:40]))
            return
        highest = reading["school"].import_max_grade
        if found[0] > highest:
            row.problems.append(
                self.env._(
                    "Class “%(class)s”: the school has no grade above %(max)s. Put it right, or set the highest grade "
                    "on the form of the school.",
                    **{"class": text[:40], "max": highest},
                )
            )
            return
        row.values["class"] = list(found)

    def _day(self, row, value, label, reading):
        """Return the ISO date of a cell, "" for an empty one; a problem is added where it is no date."""
        if not value:
            return ""
        day = parse_date(value, reading["today"])
        if not day:
            row.problems.append(
                self.env._(
                    "%(column)s “%(value)s”: there is no such date. Write it as 31.12.2013.",
                    column=label,
                    value=str(value)[:40],
                )
            )
            return ""
        return day.isoformat()

    # -- who is meant --------------------------------------------------------------------------------------------------

    def _classes(self):
        """Return {(grade, letter): class} of the school year of the import."""
        year = self._year()
        classes = self.env["vshu.class"].search_fetch([("year_id", "=", year.id)], ["grade", "letter", "name"])
        return {(record.grade, letter_key(record.letter)): record for record in classes}

    @staticmethod
    def _class_title(key):
        """Return the name of the class (grade, letter), as classes are called."""
        return f"{key[0]} «{key[1]}»" if key[1] else str(key[0])

    def _year(self):
        return self.env["vshu.school.year"]._for_date(self.company_id, self.date)

    def _find_students(self, plans):
        """Find the children who are meant, in two queries for all rows: ``plan.student``, or a problem with candidates.

        File number first, then name with date of birth. Nobody is chosen among several, nor taken for another child
        because of a slip in the date: the user is asked.
        """
        rows = [plan.row for plan in plans]
        domain = Domain.OR(
            [
                Domain("vshu_file_number", "in", [row.values["file"] for row in rows if row.values.get("file")]),
                Domain("vshu_birth_date", "in", sorted({row.birth for row in rows if row.birth})),
                Domain("name", "in", sorted({row.values["name"] for row in rows if row.values.get("name")})),
                # few were renamed: an old list without dates names them as they were called
                Domain("vshu_former_names", "!=", False),
                Domain("id", "in", [row.student_id for row in rows if row.student_id]),
            ]
        )
        own = Domain("vshu_company_ids", "=", False) | Domain("vshu_company_ids", "in", self.company_id.ids)
        partners = self.env["res.partner"].with_context(active_test=False)
        found = partners.search_fetch(Domain("vshu_is_student", "=", True) & own & domain, STUDENT_FIELDS, order="id")
        enrollments = defaultdict(list)
        for enrollment in self.env["vshu.enrollment"].search_fetch(
            [("student_id", "in", found.ids), ("company_id", "=", self.company_id.id)],
            ["student_id", "class_id", "year_id", "date_from", "date_to"],
            order="date_from, id",
        ):
            enrollments[enrollment.student_id.id].append(enrollment)
        enrollments = dict(enrollments)
        book = {
            "file": defaultdict(list),
            "birth": defaultdict(list),
            "name": defaultdict(list),
            "former": defaultdict(list),
            "enrollments": enrollments,
        }
        for student in found:
            book["birth"][student.vshu_birth_date].append((name_key(student.name), student))
            book["name"][name_key(student.name)].append(student)
            for key in student._vshu_former_keys():
                book["former"][student.vshu_birth_date].append((key, student))
            if student.vshu_file_number:
                book["file"][student.vshu_file_number].append(student)
        by_id = {student.id: student for student in found}
        for plan in plans:
            if plan.row.student_id:
                plan.student = by_id.get(plan.row.student_id)
            elif not plan.row.as_new and not plan.row.problems:
                self._choose(plan, book)
        return enrollments

    def _choose(self, plan, book):
        row = plan.row
        key, born, number = row.key, row.birth, row.values.get("file")
        same_name = book["name"][key]
        if number and (owners := book["file"][number]):
            fits = [
                s
                for s in owners
                if (born and s.vshu_birth_date == born)
                or any(_same_child(name, key) for name in (name_key(s.name), *s._vshu_former_keys()))
            ]
            if len(owners) == 1 and fits:
                plan.student = owners[0]
            else:
                self._ask(plan, owners, self.env._("The file number %s belongs to another child on file.", number))
            return
        exact = [student for other, student in book["birth"][born] if _same_child(other, key)] if born else []
        former = [] if exact or (not born and same_name) else self._called_before(row, book)
        if former:
            self._ask(
                plan,
                former,
                self.env._("The list is an old one, or another child is meant: a child who was called so is on file."),
            )
        elif len(exact) > 1:
            self._ask(plan, exact, self.env._("There are several children of this name and date of birth on file."))
        elif exact and number and exact[0].vshu_file_number:
            self._ask(
                plan,
                exact,
                self.env._(
                    "A child of this name and date of birth is on file with another file number (%s).",
                    exact[0].vshu_file_number,
                ),
            )
        elif exact:
            plan.student = exact[0]
        elif not born:
            self._choose_by_name(plan, same_name, book)
        else:
            unknown = [s for s in same_name if not s.vshu_birth_date]
            here = [s for s in same_name if s.vshu_birth_date and self._is_in_class(row, s, book)]
            if unknown:
                self._ask(plan, unknown, self.env._("A child of this name is on file without a date of birth."))
            elif here:
                self._ask(
                    plan,
                    here,
                    self.env._(
                        "A child of this name in this class has another date of birth on file (%s).",
                        format_date(self.env, here[0].vshu_birth_date),
                    ),
                )

    @staticmethod
    def _called_before(row, book):
        """Return the children who were called as the row says before they were renamed, those of its date of birth."""
        days = [row.birth, False] if row.birth else list(book["former"])
        found = [s for day in days for name, s in book["former"].get(day, ()) if _same_child(name, row.key)]
        return list(dict.fromkeys(found))

    def _choose_by_name(self, plan, students, book):
        """Choose for a row without a date of birth: the one child of this name who is in the class of the row."""
        here = [student for student in students if self._is_in_class(plan.row, student, book)]
        if len(here) == 1 and (len(students) == 1 or self.kind == "takeover"):
            plan.student = here[0]
        elif students:
            self._ask(
                plan,
                students,
                self.env._("The row has no date of birth, and children of this name are on file in another class.")
                if not here
                else self.env._("The row has no date of birth, and there are several children of this name."),
            )

    def _is_in_class(self, row, student, book):
        current = self._current(book["enrollments"].get(student.id, []))
        if not row.school_class:
            return bool(current)
        cls = current.class_id if current else None
        return bool(cls) and (cls.grade, letter_key(cls.letter)) == row.school_class

    def _current(self, enrollments):
        """Return the enrolment in force on the day of the import, or the one that begins later."""
        date = self.date
        running = [e for e in enrollments if not e.date_to or e.date_to >= date]
        return running[0] if running else None

    def _ask(self, plan, students, text):
        plan.candidates = [student.id for student in students]
        if self.kind == "takeover":
            plan.problems.append(self.env._("%s Choose the child who is meant in the column “Child on file”.", text))
        else:
            plan.problems.append(
                self.env._(
                    "%s Choose the child who is meant in the column “Child on file”, or tick “Another child”.", text
                )
            )


def _same_child(one, other):
    """Tell whether two keys of names are one, or one of them has no patronymic."""
    if one == other:
        return True
    a, b = one.split(), other.split()
    short = min(len(a), len(b))
    return short >= 2 and a[:short] == b[:short]
