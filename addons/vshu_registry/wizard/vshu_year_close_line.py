from odoo import api, fields, models

from ..tools.guard import guarded, is_guarded


class VshuYearCloseClass(models.TransientModel):
    """A class of the year that is closed: what becomes of its pupils by default, who leads it on."""

    _name = "vshu.year.close.class"
    _inherit = "vshu.link.mixin"
    _description = "Class of a year that is closed"

    closing_id = fields.Many2one("vshu.year.close", required=True, index=True, ondelete="cascade")
    class_id = fields.Many2one("vshu.class", required=True, readonly=True, ondelete="cascade")
    included = fields.Boolean(string="Close", default=True)
    reason_id = fields.Many2one(
        "vshu.enrollment.end.reason", string="All pupils", domain="[('year_end', '!=', False)]", ondelete="cascade"
    )
    teacher_id = fields.Many2one(
        "hr.employee", string="Class teacher next year", ondelete="set null", help="Empty: to be named later."
    )
    line_ids = fields.One2many("vshu.year.close.line", "class_line_id")
    student_count = fields.Integer(string="Students", compute="_compute_student_count")

    @api.depends("line_ids")
    def _compute_student_count(self):
        for line in self:
            line.student_count = len(line.line_ids)

    def write(self, vals):
        """Change the defaults of classes; pupils who were chosen for by hand keep what was chosen."""
        res = super().write(vals)
        if "reason_id" in vals:
            guarded(self.line_ids.filtered(lambda line: not line.manual)).write({"reason_id": vals["reason_id"]})
        return res


class VshuYearCloseLine(models.TransientModel):
    """A pupil of the year that is closed: what becomes of them, and where they go."""

    _name = "vshu.year.close.line"
    _inherit = "vshu.link.mixin"
    _description = "Student of a year that is closed"

    closing_id = fields.Many2one("vshu.year.close", required=True, index=True, ondelete="cascade")
    class_line_id = fields.Many2one("vshu.year.close.class", required=True, index=True, ondelete="cascade")
    enrollment_id = fields.Many2one("vshu.enrollment", required=True, readonly=True, ondelete="cascade")
    student_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade")
    class_id = fields.Many2one("vshu.class", string="Class now", required=True, readonly=True, ondelete="cascade")
    reason_id = fields.Many2one(
        "vshu.enrollment.end.reason",
        string="What becomes of them",
        domain="[('year_end', '!=', False)]",
        ondelete="cascade",
    )
    manual = fields.Boolean(string="Chosen by hand", readonly=True)
    stays = fields.Boolean(compute="_compute_target")
    to_grade = fields.Integer(string="Next grade", compute="_compute_target")
    to_letter = fields.Char(string="Letter")
    already_id = fields.Many2one(
        "vshu.class", string="Enrolled already", compute="_compute_already_id", help="In the next year."
    )

    @api.depends("reason_id", "class_id")
    def _compute_target(self):
        steps = {"promote": 1, "repeat": 0}
        for line in self:
            end = line.reason_id.year_end
            line.stays = end in steps
            line.to_grade = line.class_id.grade + steps[end] if end in steps else 0

    @api.depends("student_id", "closing_id.next_year_id")
    def _compute_already_id(self):
        # sudo: one's place in a class is known to whoever closes the year
        rows = (
            self.env["vshu.enrollment"]
            .sudo()
            .search_fetch(
                [
                    ("student_id", "in", self.student_id.ids),
                    ("year_id", "in", self.closing_id.next_year_id.ids),
                    ("date_to", "=", False),
                ],
                ["student_id", "class_id"],
            )
        )
        known = {(row.student_id.id, row.class_id.year_id.id): row.class_id.id for row in rows}
        for line in self:
            line.already_id = known.get((line.student_id.id, line.closing_id.next_year_id.id), False)

    def _target(self):
        self.ensure_one()
        return self.to_grade, (self.to_letter or "").strip()

    def _problem(self, regulation):
        """Return what is wrong with the line in plain words, an empty text where nothing is."""
        self.ensure_one()
        end, grade = self.reason_id.year_end, self.class_id.grade
        who = {"student": self.student_id.name, "class": self.class_id.name}
        if not end:
            return self.env._("%(student)s, %(class)s: choose what becomes of the pupil", **who)
        if end == "promote" and regulation.last_grade and grade >= regulation.last_grade:
            return self.env._("%(student)s, %(class)s: there is no grade after the last one", **who)
        if end == "graduate" and regulation.last_grade and grade < regulation.last_grade:
            return self.env._(
                "%(student)s, %(class)s: pupils graduate after grade %(grade)s", grade=regulation.last_grade, **who
            )
        if end == "basic" and grade != regulation.basic_grade:
            return self.env._(
                "%(student)s, %(class)s: pupils leave after the basic school from grade %(grade)s",
                grade=regulation.basic_grade,
                **who,
            )
        if self.enrollment_id.date_from > self.closing_id.year_id.date_end:
            return self.env._("%(student)s, %(class)s: the enrolment begins after the year ends", **who)
        if self.already_id and not self.stays:
            return self.env._(
                "%(student)s, %(class)s: leaves, but is enrolled in class %(next)s of the next year already",
                next=self.already_id.name,
                **who,
            )
        if self.already_id and self._target() != (self.already_id.grade, self.already_id.letter or ""):
            return self.env._(
                "%(student)s, %(class)s: is enrolled in class %(next)s of the next year already; choose that letter "
                "or end that enrolment",
                next=self.already_id.name,
                **who,
            )
        return ""

    def write(self, vals):
        """Change lines; what is chosen for a pupil by hand is not overwritten by the default of the class."""
        if "reason_id" in vals and not is_guarded(self.env):
            vals = {**vals, "manual": True}
        return super().write(vals)
