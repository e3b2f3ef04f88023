from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.vshu_registry.tools.dated import in_force


class VshuClass(models.Model):
    """How far the plans of the children of a class are, as far as the reader may read them."""

    _inherit = "vshu.class"

    plan_progress = fields.Integer(
        string="Plans, %", compute="_compute_plan_progress", groups="vshu_registry.group_staff"
    )
    plan_task_count = fields.Integer(
        string="Measures of plans", compute="_compute_plan_progress", groups="vshu_registry.group_staff"
    )

    @api.depends_context("uid")
    def _compute_plan_progress(self):
        """Measures of plans in force of the children who are in the class today; with the reader's own rights."""
        today = self.env["vshu.school"]._by_day(in_force)
        enrollments = self.env["vshu.enrollment"].search(today & Domain("class_id", "in", self._origin.ids))
        classes = {enrollment.student_id.id: enrollment.class_id.id for enrollment in enrollments}
        tasks = self.env["vshu.plan.task"]
        rows = tasks._read_group(
            [("student_id", "in", list(classes)), ("state", "!=", "dropped"), ("plan_id.state", "=", "in_force")],
            ["student_id", "state"],
            ["__count"],
        )
        counts = {}
        for student, state, count in rows:
            found = counts.setdefault(classes[student.id], [0, 0])
            found[0] += count
            found[1] += count if state == "done" else 0
        for record in self:
            total, done = counts.get(record._origin.id, (0, 0))
            record.plan_task_count = total
            record.plan_progress = round(100 * done / total) if total else 0

    def action_open_plan_tasks(self):
        """Open the measures of the plans of the class, as the user may read them. Returns an act_window.

        Raises AccessError where the user may not read the class.
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_plans.action_vshu_plan_task")
        return dict(
            action, domain=[("student_id.vshu_class_id", "=", self.id), ("plan_state", "=", "in_force")], context={}
        )
