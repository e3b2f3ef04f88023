from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.vshu_registry.tools.guard import guarded


class VshuIntervention(models.Model):
    """An entry of the preventive work can be what a measure of the plan asks for: it marks it done (KZ-15, RU-5.4)."""

    _inherit = "vshu.intervention"

    task_id = fields.Many2one(
        "vshu.plan.task",
        string="Does the measure",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        domain="[('id', 'in', open_task_ids)]",
        help="The measure of the plan that is done by it.",
    )
    open_task_ids = fields.Many2many("vshu.plan.task", compute="_compute_open_task_ids")

    @api.depends_context("uid")
    @api.depends("student_id", "family_id", "company_id")
    def _compute_open_task_ids(self):
        """The open measures about the child that the user may mark done."""
        tasks = self.env["vshu.plan.task"]
        for entry in self:
            entry.open_task_ids = tasks._for_subject(
                entry.student_id._origin, entry.family_id._origin, entry.company_id
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Write entries down; the measure that one names is done by it, on its day (AccessError, UserError)."""
        entries = super().create(vals_list)
        for entry in entries.filtered("task_id"):
            entry._do_measure()
        return entries

    def write(self, vals):
        """Change entries; which measure one does is settled when it is written (UserError). A day that is put right
        goes with the measure."""
        if "task_id" in vals and any(entry.sudo().task_id.id != vals["task_id"] for entry in self):
            raise UserError(
                self.env._(
                    "Which measure an entry does is chosen when it is written. Open the measure to take it back."
                )
            )
        res = super().write(vals)
        if "date" in vals:
            for entry in self.sudo().filtered(lambda e: e.task_id.intervention_id == e):  # sudo: a day that follows
                entry.task_id._check_not_before(entry._day())
                guarded(entry.task_id).write({"date_done": entry._day()})
        if vals.get("annulled"):
            self._undo_measure()
        return res

    def _do_measure(self):
        """Mark the measure done that the entry names. Raises AccessError where it is somebody else's, UserError where
        it is about another child or not open."""
        self.ensure_one()
        task = self.task_id
        if not self.env.su and not task.has_access("read"):
            raise AccessError(self.env._("%s: this measure is not yours.", self._title()))
        known = task.sudo()  # sudo: about whom it is, only compared
        if (known.student_id, known.family_id, known.company_id) != (self.student_id, self.family_id, self.company_id):
            raise UserError(
                self.env._("“%s” and the measure are about different children: choose another one.", self._title())
            )
        task._done({"intervention_id": self.id}, self._day())

    def _undo_measure(self):
        """An entry that is struck through has done nothing: its measure is to be done again, while the plan runs."""
        # sudo: follows from the entry, whose right was checked
        tasks = self.sudo().task_id.filtered(
            lambda task: (
                task.intervention_id in self.sudo() and task.state == "done" and task.plan_id.state == "in_force"
            )
        )
        guarded(tasks).write({"state": "open", "date_done": False, "done_by_id": False, "intervention_id": False})
