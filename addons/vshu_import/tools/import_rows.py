"""A row of a list as it was understood, and what is to be done with it. Plain Python, no records."""

from dataclasses import dataclass, field
from datetime import date

from .import_words import name_key


@dataclass(eq=False)
class Row:
    """What stands in a row. ``values`` can be kept as JSON: dates are ISO texts."""

    number: int
    cells: list
    values: dict
    problems: list = field(default_factory=list)
    double_row: int = 0
    student_id: int = 0
    as_new: bool = False

    @classmethod
    def _of_line(cls, line):
        """Return the row that a ``vshu.import.line`` keeps, with what the user has chosen."""
        return cls(
            line.row,
            line.cells or [],
            dict(line.values or {}),
            line.file_problem.split("\n") if line.file_problem else [],
            line.double_row,
            line.student_id.id if line.chosen else 0,
            line.as_new,
        )

    def day(self, name):
        """Return the date in ``values[name]``."""
        return date.fromisoformat(self.values[name]) if self.values.get(name) else None

    @property
    def birth(self):
        """Return the date of birth."""
        return self.day("birth")

    @property
    def key(self):
        """Return the name as names are compared."""
        return name_key(self.values.get("name") or "")

    @property
    def school_class(self):
        """Return (grade, letter), or None."""
        return tuple(self.values["class"]) if self.values.get("class") else None

    def identities(self):
        """Yield what no other row about another child has: its number, and its name with the date of birth."""
        if self.values.get("stay"):
            # an ended stay and one that goes on may both stand there
            yield "stay", self.key, self.values.get("birth"), self.values.get("kind"), self.values.get("removed")
        elif self.values.get("file"):
            yield "file", self.values["file"]
        elif self.key and self.values.get("birth"):
            yield "name", self.key, self.values["birth"]


@dataclass(eq=False)
class Plan:
    """What is to be done with a row."""

    row: Row
    student: object = None
    candidates: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    #: what is written on the child
    vals: dict = field(default_factory=dict)
    #: (new, class key) or (move, enrolment, class key)
    enrollment: tuple = ()
    #: new adults and new phones: dicts
    guardians: list = field(default_factory=list)
    #: a stay that is taken over
    stay: dict = field(default_factory=dict)

    @property
    def action(self):
        """Return what is shown of the plan."""
        if self.problems:
            return "problem"
        if self.stay or not self.student:
            return "create"
        return "change" if self.vals or self.enrollment or self.guardians else "same"

    def _line_vals(self, record):
        """Return the values of the ``vshu.import.line`` of the import ``record``."""
        row = self.row
        return {
            "import_id": record.id,
            "row": row.number,
            "name": row.values.get("name"),
            "birth_date": row.birth or False,
            "class_name": row.values.get("class_text"),
            "cells": row.cells,
            "values": row.values,
            "file_problem": "\n".join(row.problems) or False,
            "double_row": row.double_row,
            "action": self.action,
            "changes": "\n".join(self.changes) or False,
            "problem": "\n".join(self.problems) or False,
            "candidate_ids": [(6, 0, self.candidates)] if self.candidates else [],
            "student_id": self.student.id if self.student else False,
        }
