import re

from odoo import models
from odoo.tools.misc import format_date

from odoo.addons.vshu_registry.tools.states import OPEN_STATES

from ..tools.import_rows import Plan
from ..tools.import_words import parse_date, parse_paper, squeeze, words

UNTIL = re.compile(r"^\D{0,12}?(\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2})(.*)$", re.DOTALL)
CONTROL = re.compile(r"контрол|бакылау|control")


class VshuImport(models.Model):
    """Children already on the register: their stays with numbers, dates and decisions of the paper journal."""

    _inherit = "vshu.import"

    # -- what a row says -----------------------------------------------------------------------------------------------

    def _parse_takeover(self, row, get, reading):
        """Add what is said of the stay to ``row``."""
        labels = dict(self.env["vshu.import.column"]._fields["target"]._description_selection(self.env))
        values = row.values
        values["stay"] = True
        values["kind"] = "control" if CONTROL.search(words(get("kind"))) else "register"
        number = re.search(r"\d+", str(get("number")))
        values["number"] = int(number.group()) if number else 0
        for key, target in (
            ("placed", "date_placed"),
            ("until", "date_end"),
            ("informed", "date_informed"),
            ("removed", "date_removed"),
            ("decided", "decision_date"),
        ):
            values[key] = self._day(row, get(target), labels[target], reading)
        for key in ("ground", "basis", "curator", "reason"):
            values[key] = str(get(key))
        paper, paper_number, paper_date = parse_paper(str(get("decision_number")), reading["today"])
        values["form"] = str(get("decision_form")) or paper
        values["form_column"] = bool(get("decision_form"))
        values["decision"] = paper_number
        values["decided"] = values["decided"] or (paper_date and paper_date.isoformat())
        why = str(get("removal_reason"))
        values["removal_number"], removal_date = "", None
        if "№" in why:
            why, values["removal_number"], removal_date = parse_paper(why, reading["today"])
        values["removal_reason"] = why
        values["removal_date"] = removal_date and removal_date.isoformat()
        values["extensions"] = self._parse_extensions(row, get("extensions"), reading)

    def _parse_extensions(self, row, value, reading):
        result = []
        text = value if isinstance(value, str) else value.strftime("%d.%m.%Y")
        for part in filter(None, (squeeze(part) for part in re.split(r"[;\n]", text))):
            found = UNTIL.match(part)
            until = parse_date(found.group(1), reading["today"]) if found else None
            _words, number, day = parse_paper(found.group(2), reading["today"]) if found else ("", "", None)
            if not until or not number or not day:
                row.problems.append(
                    self.env._(
                        "Extension “%s”: write until when and by which decision, e.g. «до 15.12.2026, протокол № 4 от "
                        "10.09.2026»; several are divided by a semicolon.",
                        part[:60],
                    )
                )
                continue
            result.append({"until": until.isoformat(), "number": number, "date": day.isoformat()})
        return sorted(result, key=lambda item: item["until"])

    # -- what will be done ---------------------------------------------------------------------------------------------

    def _plan_takeover(self, rows, seen):
        """Return a Plan for each row; the catalogues, staff, cases and numbers are looked up once for all of them."""
        plans = [Plan(row, problems=list(row.problems)) for row in rows]
        enrollments = self._find_students(plans)
        students = [plan.student.id for plan in plans if plan.student]
        # sudo: whether a child has an open case, whether a number is taken; who imports keeps the register
        cases = self.env["vshu.case"].sudo()
        book = {
            "today": self._vshu_today(),
            "staff": self._staff(),
            "open": {
                (case.student_id.id, case.kind): case.display_name
                for case in cases.search(
                    [
                        ("student_id", "in", students),
                        ("company_id", "=", self.company_id.id),
                        ("state", "in", OPEN_STATES),
                    ]
                )
            },
            "numbers": self._taken_numbers([plan.row for plan in plans]),
            "years": {},
            "texts": {},
            "enrollments": enrollments,
        }
        for plan in plans:
            if plan.problems:
                continue
            if plan.row.double_row:
                plan.problems.append(
                    self.env._(
                        "This stay stands in row %s already: delete one of the two.",
                        plan.row.double_row,
                    )
                )
                continue
            if not plan.student:
                plan.problems.append(
                    self.env._(
                        "The child is not in the list of the school: import the class list first, or write name, date "
                        "of birth and class as they stand there."
                    )
                )
                continue
            self._plan_stay(plan, book, seen)
        return plans

    def _plan_stay(self, plan, book, seen):
        """Plan one stay: check its dates, number and words against the regulation of the day of the placement."""
        row, problems = plan.row, plan.problems
        placed = row.day("placed")
        self._check_dates(plan, book)
        if not placed or problems:
            return
        year = book["years"].get(placed)
        if year is None:
            year = book["years"][placed] = self.env["vshu.school.year"]._for_date(self.company_id, placed)
        regulation = self.env["vshu.regulation"]._on_date(self.company_id, placed)
        stay = {
            "company_id": self.company_id.id,
            "regulation_id": regulation.id,
            "student_id": plan.student.id,
            "kind": row.values["kind"],
            "year_id": year.id,
            "number": row.values.get("number", 0),
            "date_placed": placed,
            "date_parents_informed": row.day("informed") or False,
            "class_name": self._class_title(row.school_class) if row.school_class else False,
            "reason": row.values.get("reason") or self.env._("Taken over from the paper register."),
        }
        self._check_number(plan, stay, year, book, seen)
        self._check_open(plan, stay, book)
        self._find_curator(plan, stay, book)
        self._find_ground(plan, stay, regulation, book)
        if not problems:
            self._find_decision(plan, stay, regulation, book)
        if not problems:
            self._find_periods(plan, stay, regulation)
        if not problems:
            self._find_removal(plan, stay, regulation, book)
        if not problems:
            plan.stay = stay
            plan.changes = self._say_stay(plan, stay)

    def _check_dates(self, plan, book):
        row, problems, today = plan.row, plan.problems, book["today"]
        placed = row.day("placed")
        if not placed:
            problems.append(self.env._("No date of placement: fill in the day on which the child was placed."))
            return
        born = plan.student.vshu_birth_date
        future = {
            "placed": self.env._("The placement (%s) lies in the future."),
            "decided": self.env._("The decision (%s) lies in the future."),
            "informed": self.env._("The day on which the parents were informed (%s) lies in the future."),
            "removed": self.env._("The removal (%s) lies in the future."),
        }
        for key, text in future.items():
            if row.day(key) and row.day(key) > today:
                problems.append(text % format_date(self.env, row.day(key)))
        if born and placed <= born:
            problems.append(
                self.env._("The child was born on %s, after the day of placement.", format_date(self.env, born))
            )
        early = {
            "until": self.env._("The term ends (%s) before the day of placement."),
            "removed": self.env._("The removal (%s) comes before the day of placement."),
        }
        for key, text in early.items():
            if row.day(key) and row.day(key) < placed:
                problems.append(text % format_date(self.env, row.day(key)))
        decided = row.day("decided") or placed
        if row.day("informed") and row.day("informed") < decided:
            problems.append(self.env._("The parents cannot have been informed before the decision."))
        if not row.day("removed") and not self._current(book["enrollments"].get(plan.student.id, [])):
            problems.append(
                self.env._("The child is not at this school today: enrol the child, or add the day of removal.")
            )

    def _check_number(self, plan, stay, year, book, seen):
        number = stay["number"]
        if not number:
            plan.problems.append(self.env._("No number: fill in the number that the child has in the paper journal."))
        elif not year:
            plan.problems.append(
                self.env._(
                    "There is no school year on %s: the administrator enters it under Configuration → School years.",
                    format_date(self.env, stay["date_placed"]),
                )
            )
        elif (year.id, number) in book["numbers"]:
            plan.problems.append(
                self.env._(
                    "№ %(number)s of the school year %(year)s is in the journal already: look up the number in the "
                    "paper journal.",
                    number=number,
                    year=year.name,
                )
            )
        else:
            other = seen.setdefault(("number", year.id, number), plan.row.number)
            if other != plan.row.number:
                plan.row.double_row = other
                plan.problems.append(
                    self.env._(
                        "№ %(number)s stands in row %(row)s already: look up the number in the paper journal.",
                        number=number,
                        row=other,
                    )
                )

    def _taken_numbers(self, rows):
        # sudo: which numbers are taken
        groups = (
            self.env["vshu.journal.entry"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("number", "in", sorted({row.values["number"] for row in rows if row.values.get("number")})),
                ],
                ["year_id", "number"],
            )
        )
        return {(year.id, number) for year, number in groups}

    def _check_open(self, plan, stay, book):
        if (
            stay["kind"] == "control"
            and not self.env["vshu.regulation"].browse(stay["regulation_id"]).sudo().has_control
        ):
            # sudo: a catalogue
            plan.problems.append(self.env._("The regulation of the school knows no control, only the register."))
        known = book["open"].get((stay["student_id"], stay["kind"]))
        if known and not plan.row.values.get("removed"):
            plan.problems.append(
                self.env._("The child has an open case of this kind already: %s. Add to that one.", known)
            )

    def _say_stay(self, plan, stay):
        """Return what will be made of the row, in plain words."""
        ground = self.env["vshu.ground"].browse(stay["ground_id"])
        basis = self.env["vshu.basis"].browse(stay["basis_id"])
        form = self.env["vshu.decision.form"].browse(stay["decision"]["form_id"])
        lines = [
            self.env._(
                "№ %(number)s, placed on %(date)s, %(ground)s",
                number=stay["number"],
                date=format_date(self.env, stay["date_placed"]),
                ground=ground.display_name,
            ),
            self.env._(
                "By: %(form)s № %(number)s, %(date)s; basis: %(basis)s",
                form=form.display_name,
                number=stay["decision"]["number"],
                date=format_date(self.env, stay["decision"]["date"]),
                basis=basis.display_name,
            ),
        ]
        if stay.get("date_end"):
            lines.append(
                self.env._(
                    "Term until %(date)s, extensions: %(count)s",
                    date=format_date(self.env, stay["date_end"]),
                    count=len(stay["extensions"]),
                )
            )
        if stay.get("removal"):
            lines.append(self.env._("Removed on %s", format_date(self.env, stay["removal"]["date_removed"])))
        return lines

    # -- doing it ------------------------------------------------------------------------------------------------------

    def _apply_takeover(self, plans):
        """Take the stays over by the case's own method; ended ones first, so that repeated ones are linked to them."""
        plans = sorted(plans, key=lambda plan: (not plan.stay.get("removal"), plan.stay["date_placed"]))
        cases = self.env["vshu.case"]._take_over([plan.stay for plan in plans])
        by_row = {plan.row.number: case.id for plan, case in zip(plans, cases, strict=True)}
        for line in self._lines([("row", "in", list(by_row))]):
            line.case_id = by_row[line.row]
