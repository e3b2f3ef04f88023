from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import format_date

from .vshu_plan_draft import STEPS


class VshuPlanMeasure(models.Model):
    """A concrete measure of the plan: who answers, when, with which expected result (KZ-14, KZ-15)."""

    _name = "vshu.plan.measure"
    _inherit = ["vshu.guard.mixin", "vshu.rule.mixin", "vshu.plan.part.mixin"]
    _description = "Measure of a plan"
    _order = "plan_id, section_id, sequence, id"
    _check_company_auto = True
    _parent_field = "plan_id"
    #: set by the next version
    _guarded_fields = {"origin_id": False}

    plan_id = fields.Many2one("vshu.plan", required=True, index=True, ondelete="cascade")
    case_id = fields.Many2one(related="plan_id.case_id", store=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    plan_state = fields.Selection(related="plan_id.state", string="State of the plan", related_sudo=False)
    sequence = fields.Integer(default=10)
    type_id = fields.Many2one(
        "vshu.measure.type",
        string="Kind of measure",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('company_id', 'in', (False, company_id))]",
    )
    section_id = fields.Many2one(related="type_id.section_id", store=True, index=True)
    name = fields.Text(string="Measure", required=True)
    result = fields.Text(string="Expected result")
    role_id = fields.Many2one("vshu.role", string="In the role of", ondelete="restrict")
    employee_id = fields.Many2one(
        "hr.employee", string="Who answers", check_company=True, index=True, ondelete="restrict"
    )
    person_chosen = fields.Boolean(copy=True, help="Somebody chose who answers; it does not follow the role.")
    others = fields.Char(string="Together with", help="Parents, colleagues, bodies that take part.")
    date_due = fields.Date(string="Due", help="The day, or the first of the days.")
    repeat = fields.Selection([("weekly", "By weeks"), ("monthly", "By months")], string="Comes again")
    every = fields.Integer(default=1, required=True, help="Every so many weeks or months.")
    date_until = fields.Date(string="Last time")
    dates_text = fields.Char(string="Dates", compute="_compute_dates_text")
    origin_id = fields.Many2one(
        "vshu.plan.measure", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    task_ids = fields.One2many("vshu.plan.task", "measure_id", string="Occurrences", readonly=True)
    done_text = fields.Char(string="Carried out", compute="_compute_done_text")

    _every_positive = models.Constraint("CHECK(every > 0)", "Write 1 for every week or month, 2 for every second.")

    # -- computes ----------------------------------------------------------------------------------------------------

    @api.depends_context("lang")
    @api.depends("date_due", "date_until", "repeat", "every")
    def _compute_dates_text(self):
        """Say when it is due, as the paper does: one day, or from when to when how often."""
        for measure in self:
            first, last = (format_date(self.env, day) if day else "…" for day in (measure.date_due, measure.date_until))
            values = {"first": first, "last": last, "number": measure.every}
            if not measure.repeat:
                measure.dates_text = first
            elif measure.repeat == "weekly":
                measure.dates_text = (
                    self.env._("every %(number)s weeks, %(first)s – %(last)s", **values)
                    if measure.every > 1
                    else self.env._("every week, %(first)s – %(last)s", **values)
                )
            else:
                measure.dates_text = (
                    self.env._("every %(number)s months, %(first)s – %(last)s", **values)
                    if measure.every > 1
                    else self.env._("every month, %(first)s – %(last)s", **values)
                )

    @api.depends_context("uid")
    @api.depends("task_ids.state")
    def _compute_done_text(self):
        figures = self.env["vshu.plan.task"]._figures("measure_id", set(self._origin.ids))
        for measure in self:
            found = figures.get(measure._origin.id)
            measure.done_text = f"{found['done']}/{found['count']}" if found else False

    @api.depends("plan_id", "sequence")
    def _compute_display_name(self):
        for measure in self:
            # sudo: the number of the case
            measure.display_name = self.env._("Measure, %s", measure.sudo().plan_id.display_name)

    @api.onchange("employee_id")
    def _onchange_employee_id(self):
        """Whoever names a person wants this person, whatever role the template named."""
        self.person_chosen = bool(self.employee_id)

    @api.onchange("repeat")
    def _onchange_repeat(self):
        """A measure that comes again does so until the end of the plan, as long as nothing else is written."""
        if self.repeat and not self.date_until:
            self.date_until = self.plan_id.date_to
        elif not self.repeat:
            self.date_until = False

    @api.model_create_multi
    def create(self, vals_list):
        """Add measures to drafts; where one comes from is set by the next version only."""
        return super(VshuPlanMeasure, self._guard_create(vals_list)).create(vals_list)

    # -- checks ------------------------------------------------------------------------------------------------------

    def _problems(self):
        """Return what is wrong with the measure, in plain words (KZ-15)."""
        self.ensure_one()
        plan, problems = self.plan_id, []
        if not self.employee_id:
            problems.append(self.env._("name who answers for it"))
        elif not self.employee_id.active:
            problems.append(
                self.env._("%s does not work at the school any more: name somebody else", self.employee_id.name)
            )
        if not self.date_due:
            return [*problems, self.env._("write the day on which it is due")]
        if self.date_due < plan.date_from:
            problems.append(
                self.env._(
                    "due on %(due)s, before the plan starts (%(start)s)",
                    due=format_date(self.env, self.date_due),
                    start=format_date(self.env, plan.date_from),
                )
            )
        last = self.date_until if self.repeat else self.date_due
        if not last:
            problems.append(self.env._("it comes again: write until when"))
        elif last < self.date_due:
            problems.append(self.env._("its last day comes before the first"))
        elif last > plan.date_to:
            problems.append(
                self.env._(
                    "due on %(due)s, after the plan ends (%(end)s)",
                    due=format_date(self.env, last),
                    end=format_date(self.env, plan.date_to),
                )
            )
        return problems

    def _days(self, calendar):
        """Return the days on which the measure is due: its day as it was written, or the working days of those that
        come again (KZ-15).

        :param calendar: working calendar of the school
        """
        self.ensure_one()
        if not self.repeat:
            return [self.date_due]
        return self.plan_id._repeated(calendar, self.date_due, self.date_until, self.repeat, self.every)

    def _begin_on(self, day, calendar):
        """Move the measure to ``day`` or after it where it was planned earlier; a rhythm goes on from its next beat.

        :param calendar: working calendar of the school
        """
        self.ensure_one()
        due, number = self.date_due, 0
        while self.repeat and due < day:
            number += 1
            due = self.date_due + relativedelta(**{STEPS[self.repeat]: number * self.every})
        due = self.plan_id._inside(calendar, max(due, day), 1)
        vals = {"date_due": due}
        if self.repeat and self.date_until < due:
            vals["date_until"] = due
        self.write(vals)

    def _task_vals(self, day, number):
        self.ensure_one()
        return {
            "measure_id": self.id,
            "plan_id": self.plan_id.id,
            "number": number,
            "name": self.name,
            "expected": self.result,
            "employee_id": self.employee_id.id,
            "role_id": self.role_id.id,
            "date_due": day,
        }

    def _changes(self):
        """Return what changed in the measure against the version before, a line each."""
        self.ensure_one()
        before, lines = self.origin_id, []
        words = {"measure": self._short()}
        if self.employee_id != before.employee_id:
            lines.append(
                self.env._(
                    "%(measure)s: answers %(new)s instead of %(old)s",
                    new=self.employee_id.name,
                    old=before.employee_id.name,
                    **words,
                )
            )
        if self.name != before.name or (self.result or "") != (before.result or ""):
            lines.append(self.env._("%(measure)s: other wording", **words))
        waiting = before.task_ids.filtered(lambda task: task.state == "open").sorted("date_due")
        last = self.date_until if self.repeat else self.date_due
        if waiting and (last != waiting[-1].date_due or (self.repeat, self.every) != (before.repeat, before.every)):
            lines.append(self.env._("%(measure)s: other days, %(days)s", days=self.dates_text, **words))
        return lines

    def _short(self):
        """Return the first words of the measure, for a message."""
        self.ensure_one()
        words = " ".join((self.name or "").split())
        return words if len(words) <= 60 else words[:57] + "…"
