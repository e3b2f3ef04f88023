from collections import defaultdict

from dateutil.relativedelta import relativedelta
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..tools.guard import guarded
from ..tools.locks import wait_for

#: students moved at a time: memory stays flat, the queries of a batch are constant
BATCH = 200


class VshuYearClose(models.TransientModel):
    """Closes a school year, for the whole school or class by class: a preview that can be changed, then one step.

    Every pupil is promoted, repeats, leaves or graduates; the defaults come from the grades of the regulation. Nothing
    is written before it is confirmed, and then all or nothing.
    """

    _name = "vshu.year.close"
    _inherit = "vshu.link.mixin"
    _description = "Closing of a school year"

    year_id = fields.Many2one("vshu.school.year", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="year_id.company_id")
    next_year_id = fields.Many2one("vshu.school.year", readonly=True, ondelete="set null", string="Next school year")
    next_name = fields.Char(string="Name of the next school year")
    next_start = fields.Date(string="Its first day")
    next_end = fields.Date(string="Its last day")
    make_classes = fields.Boolean(string="Make the classes that are missing", default=True)
    is_early = fields.Boolean(compute="_compute_is_early")
    early_reason = fields.Char(
        string="Why before the end of the last term", help="It is kept on the school year, with who closed it."
    )
    class_line_ids = fields.One2many("vshu.year.close.class", "closing_id", string="Classes")
    line_ids = fields.One2many("vshu.year.close.line", "closing_id", string="Students")
    summary = fields.Text(compute="_compute_texts", string="What will happen")
    warnings = fields.Text(compute="_compute_texts", string="Take note")
    problems = fields.Text(compute="_compute_texts", string="What must be put right first")
    case_summary = fields.Text(compute="_compute_case_summary", string="Cases of those who leave")

    @api.depends("year_id")
    def _compute_display_name(self):
        for closing in self:
            closing.display_name = self.env._("Closing of %s", closing.year_id.name)

    @api.depends("year_id")
    def _compute_is_early(self):
        for closing in self:
            today = closing.company_id._vshu_today()
            closing.is_early = bool(closing.year_id) and today < closing.year_id._last_day()

    # -- preview ---------------------------------------------------------------------------------------------------

    @api.model
    def _prepare(self, year, classes):
        """Return a preview for the open enrolments of ``year``, of ``classes`` only where some are given."""
        domain = [("year_id", "=", year.id), ("date_to", "=", False)]
        if classes:
            domain.append(("class_id", "in", classes.ids))
        # sudo: the right to close the year was checked; every class of the school is moved, whoever teaches it
        enrollments = self.env["vshu.enrollment"].sudo().search(domain)
        if not enrollments:
            raise UserError(
                self.env._("Nobody is left to be moved: the enrolments of “%s” have ended already.", year.name)
                if classes
                else self.env._("Nobody is enrolled in “%s”: there is nothing to close.", year.name)
            )
        following = year._next_year()
        start = year.date_end + relativedelta(days=1)
        end = start + relativedelta(years=1, days=-1)
        closing = self.create(
            {
                "year_id": year.id,
                "next_year_id": following.id,
                "next_name": following.name or f"{start.year}/{end.year % 100:02d}",
                "next_start": following.date_start or start,
                "next_end": following.date_end or end,
            }
        )
        closing._fill(enrollments)
        return closing

    def _fill(self, enrollments):
        """Make the lines: one a class with its default, one a pupil."""
        self.ensure_one()
        classes = enrollments.class_id.sorted(lambda c: (c.grade, c.letter or ""))
        teachers = classes._teachers_on(self.year_id.date_end, standins=False)
        regulation = self._regulation()
        reasons = self._reasons()
        class_lines = self.env["vshu.year.close.class"].create(
            [
                {
                    "closing_id": self.id,
                    "class_id": cls.id,
                    "reason_id": self._default_reason(cls, regulation, reasons).id,
                    "teacher_id": teachers[cls.id].id
                    if cls.id in teachers and teachers[cls.id].active and cls.grade != regulation.primary_grade
                    else False,
                }
                for cls in classes
            ]
        )
        by_class = {line.class_id.id: line for line in class_lines}
        guarded(self.env["vshu.year.close.line"]).create(
            [
                {
                    "closing_id": self.id,
                    "class_line_id": by_class[enrollment.class_id.id].id,
                    "enrollment_id": enrollment.id,
                    "student_id": enrollment.student_id.id,
                    "class_id": enrollment.class_id.id,
                    "reason_id": by_class[enrollment.class_id.id].reason_id.id,
                    "to_letter": enrollment.class_id.letter,
                }
                for enrollment in enrollments.sorted(
                    lambda e: (e.class_id.grade, e.class_id.letter or "", e.student_id.name or "")
                )
            ]
        )

    def _regulation(self):
        """Return the regulation that counts on the last day of the year: it names the last grades."""
        return self.env["vshu.regulation"]._on_date(self.year_id.company_id, self.year_id.date_end)

    def _reasons(self):
        """Return {year_end: the first reason of that meaning}."""
        reasons = {}
        for reason in self.env["vshu.enrollment.end.reason"].search([("year_end", "!=", False)]):
            reasons.setdefault(reason.year_end, reason)
        return reasons

    def _default_reason(self, cls, regulation, reasons):
        last = regulation.last_grade and cls.grade >= regulation.last_grade
        return reasons.get("graduate" if last else "promote", self.env["vshu.enrollment.end.reason"])

    def _chosen(self):
        """Return the lines of the pupils who are to be moved: those of the classes that are ticked."""
        return self.line_ids.filtered(lambda line: line.class_line_id.included)

    @api.depends(
        "line_ids.reason_id",
        "line_ids.to_letter",
        "class_line_ids.included",
        "next_start",
        "make_classes",
        "is_early",
        "early_reason",
    )
    def _compute_texts(self):
        self.summary = self.warnings = self.problems = False
        for closing in self.filtered("year_id"):
            closing.summary = "\n".join(closing._summary_lines()) or False
            closing.warnings = "\n".join(f"• {line}" for line in closing._warning_lines()) or False
            closing.problems = "\n".join(f"• {line}" for line in closing._problem_lines()) or False

    @api.depends_context("uid")
    @api.depends("line_ids.reason_id", "class_line_ids.included")
    def _compute_case_summary(self):
        """How many cases of leavers end or go to the council: for those who may read these cases, nobody else."""
        for closing in self:
            closing.case_summary = False
            leavers = {line.student_id.id: line.reason_id for line in closing._chosen() if line.reason_id.leaves_school}
            if not leavers or not self.env["vshu.case"].has_access("read"):
                continue
            # with the reader's own rights: only cases that they see are counted
            students = self.env["res.partner"].browse(list(leavers))
            cases = self.env["vshu.case"]._of_leavers(closing.company_id, students, closing.year_id.date_end)
            fates = cases._fates_of_leavers(leavers)
            council = sum(len(found) for found in fates["council"].values())
            lines = []
            if fates["ends"]:
                lines.append(self.env._("Cases that will end by themselves: %s", len(fates["ends"])))
            if council:
                lines.append(self.env._("Cases that will go to the council: %s", council))
            if fates["people"]:
                lines.append(self.env._("Cases that need a decision of the deputy head: %s", len(fates["people"])))
            closing.case_summary = "\n".join(lines) or False

    def _summary_lines(self):
        counts = defaultdict(int)
        for line in self._chosen():
            counts[line.reason_id] += 1
        lines = [f"{reason.name or '—'}: {counts[reason]}" for reason in sorted(counts, key=lambda r: r.sequence)]
        missing = self._missing_classes() if self.make_classes else {}
        if missing:
            lines.append(self.env._("Classes that will be made: %s", ", ".join(self._class_names(missing))))
        return lines

    @staticmethod
    def _class_names(keys):
        return [f"{grade} «{letter}»" if letter else str(grade) for grade, letter in sorted(keys)]

    def _warning_lines(self):
        today = self._vshu_today()
        lines = []
        if self.year_id.date_end >= today:
            lines.append(
                self.env._(
                    "The school year lasts until %s: the enrolments will end on that day, not today.",
                    fields.Date.to_string(self.year_id.date_end),
                )
            )
        already = self._chosen().filtered("already_id")
        if already:
            lines.append(self.env._("Pupils who are enrolled in the next year already and stay so: %s.", len(already)))
        return lines

    # -- problems --------------------------------------------------------------------------------------------------

    def _problem_lines(self):
        """Return what keeps the year from being closed: lines in plain words."""
        problems = []
        lines = self._chosen()
        if self.is_early and not (self.early_reason or "").strip():
            problems.append(
                self.env._(
                    "lessons go on until %s: close the year after that day, put the terms of the school year right, or "
                    "write why it is closed earlier",
                    fields.Date.to_string(self.year_id._last_day()),
                )
            )
        if not self.next_year_id and lines.filtered("stays"):
            if not (self.next_name or "").strip() or not self.next_start or not self.next_end:
                problems.append(self.env._("enter name, first and last day of the next school year"))
            elif self.next_start <= self.year_id.date_end or self.next_end <= self.next_start:
                problems.append(
                    self.env._(
                        "the next school year must begin after %s and end after it began",
                        fields.Date.to_string(self.year_id.date_end),
                    )
                )
        if not lines:
            problems.append(self.env._("tick at least one class"))
        regulation = self._regulation()
        for line in lines:
            problem = line._problem(regulation)
            if problem:
                problems.append(problem)
        missing = self._missing_classes()
        if missing and not self.make_classes:
            problems.append(
                self.env._(
                    "these classes are not there in the next school year: %s. Make them, choose others, or tick "
                    "“Make the classes that are missing”",
                    ", ".join(self._class_names(missing)),
                )
            )
        return problems

    def _targets(self):
        """Return {(grade, letter): class of the next year}."""
        classes = self.next_year_id.class_ids
        return {(cls.grade, cls.letter or ""): cls for cls in classes}

    def _missing_classes(self):
        """Return {(grade, letter): lines} of the classes that the next year does not have yet."""
        there = self._targets()
        missing = defaultdict(lambda: self.env["vshu.year.close.line"])
        for line in self._chosen():
            if line.stays and not line.already_id and line._target() not in there:
                missing[line._target()] |= line
        return missing

    # -- closing ---------------------------------------------------------------------------------------------------

    def action_confirm(self):
        """Close the year for the chosen classes: ends, next year, classes, enrolments, cases of leavers.

        Returns a notification with what was done. Raises AccessError for anyone but the administrator and the social
        pedagogue, UserError where the year is closed, somebody was moved meanwhile, or something must be put right.
        """
        self.ensure_one()
        year = self.year_id
        year._check_closer()
        # sudo: the right was checked for this very school; classes are the administrator's to make otherwise
        closing = self.sudo()
        wait_for(closing.year_id)
        closing.year_id.invalidate_recordset(["date_closed"])
        year._check_not_closed()
        lines = closing._chosen()
        if lines.enrollment_id.filtered("date_to") or len(lines.enrollment_id.exists()) < len(lines):
            raise UserError(
                self.env._("Somebody has moved pupils of these classes meanwhile. Close this preview and open it anew.")
            )
        problems = closing._problem_lines()
        if problems:
            raise UserError(
                self.env._(
                    "“%(year)s” cannot be closed yet:\n%(problems)s",
                    year=year.name,
                    problems="\n".join(f"• {problem}" for problem in problems[:20]),
                )
            )
        if closing.is_early:
            guarded(closing.year_id).write(
                {"early_reason": closing.early_reason.strip(), "early_user_id": self.env.uid}
            )
        closing._close_year(lines)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "sticky": True,
                "message": self.env._("Pupils moved: %(count)s. %(state)s", count=len(lines), state=self._state_text()),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _state_text(self):
        # sudo: whether anybody is left, which the closing has just computed
        if self.sudo().year_id.date_closed:
            return self.env._("The school year is closed.")
        return self.env._("Other classes of the year are still open.")

    def _close_year(self, lines):
        """Write it all; the right and the problems were checked. ``self`` in sudo."""
        if not self.next_year_id and lines.filtered("stays"):
            self.next_year_id = self.env["vshu.school.year"].create(
                {
                    "company_id": self.company_id.id,
                    "name": self.next_name,
                    "date_start": self.next_start,
                    "date_end": self.next_end,
                }
            )
        self._make_classes()
        targets = self._targets()
        start = self.next_year_id.date_start
        for ids in split_every(BATCH, lines.ids):
            batch = lines.browse(ids)
            for reason, ending in batch.grouped("reason_id").items():
                # guarded: the cases of who leaves follow at the end, when it is known which brothers and sisters stay
                guarded(ending.enrollment_id).write({"date_to": self.year_id.date_end, "end_reason_id": reason.id})
            self.env["vshu.enrollment"].create(
                [
                    {"student_id": line.student_id.id, "class_id": targets[line._target()].id, "date_from": start}
                    for line in batch
                    if line.stays and not line.already_id
                ]
            )
        self._cases_of_leavers(lines.filtered(lambda line: not line.stays))
        left = self.env["vshu.enrollment"].search_count(
            [("year_id", "=", self.year_id.id), ("date_to", "=", False)], limit=1
        )
        if not left:
            guarded(self.year_id).write({"date_closed": self._vshu_today()})

    def _make_classes(self):
        """Make the classes that are missing, with the class teacher of the class that goes up into each."""
        missing = self._missing_classes()
        teachers = {}
        for line in self.class_line_ids.filtered("included"):
            teachers[line.class_id.grade + 1, line.class_id.letter or ""] = line.teacher_id
        classes = self.env["vshu.class"].create(
            [
                {
                    "company_id": self.company_id.id,
                    "year_id": self.next_year_id.id,
                    "grade": grade,
                    "letter": letter or False,
                }
                for grade, letter in sorted(missing)
            ]
        )
        self.env["vshu.class.teacher"].create(
            [
                {
                    "class_id": cls.id,
                    "employee_id": teachers[cls.grade, cls.letter or ""].id,
                    "date_from": self.next_year_id.date_start,
                }
                for cls in classes
                if teachers.get((cls.grade, cls.letter or ""))
            ]
        )
        self.next_year_id.invalidate_recordset(["class_ids"])

    def _cases_of_leavers(self, lines):
        """End the cases of those who leave, or put them before the deputy head (RU-7.1а, RU-8, KZ-19)."""
        if not lines:
            return
        # as the system, as at night: whoever closes the year sees no case by it, and is named on none
        cases = self.env["vshu.case"].with_user(SUPERUSER_ID)
        students = lines.student_id.with_user(SUPERUSER_ID)
        ends = {line.student_id.id: line.reason_id for line in lines}
        cases._of_leavers(self.company_id, students, self.year_id.date_end)._left_school(ends)

    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close the school year"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_open_lines(self):
        """Open the pupils as a list of their own, where many can be changed at once. Returns an act_window."""
        self.ensure_one()
        self.year_id._check_closer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Students"),
            "res_model": "vshu.year.close.line",
            "view_mode": "list",
            "domain": [("closing_id", "=", self.id)],
            "context": {"search_default_by_class": 1},
        }
