from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.vshu_registry.tools.guard import guarded

from ..models.task.vshu_plan_task import OUTCOMES


class VshuPlanMark(models.TransientModel):
    """Asks when measures were done and what came of it; one note for all that are chosen."""

    _name = "vshu.plan.mark"
    _inherit = "vshu.link.mixin"
    _description = "Measures done"

    task_ids = fields.Many2many("vshu.plan.task", string="Measures", required=True)
    task_count = fields.Integer(compute="_compute_task_count", string="How many measures")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    date = fields.Date(
        string="Done on",
        required=True,
        default=lambda self: self.env.company._vshu_today(),
    )
    outcome = fields.Selection(OUTCOMES, string="Result")
    note = fields.Text(
        help="Read by all who read the plan: what is confidential belongs into a sealed paper of the case."
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files", bypass_search_access=True)

    @api.depends("task_ids")
    def _compute_task_count(self):
        for dialog in self:
            dialog.task_count = len(dialog.task_ids)

    @api.model_create_multi
    def create(self, vals_list):
        """Open dialogs; raises AccessError for measures that the user may not read."""
        dialogs = super().create(vals_list)
        dialogs._tasks().check_access("read")
        return dialogs

    def _is_fresh(self, file):
        """Tell whether a file is an upload of this very user for this very dialog, which belongs to nothing else."""
        loose = not file.res_model and not file.res_id
        return file.create_uid == self.env.user and (loose or (file.res_model, file.res_id) == (self._name, self.id))

    def _tasks(self):
        """Return all measures of the dialogs: read as a user, those out of reach would be left out in silence."""
        return self.sudo().task_ids.with_env(self.env)  # sudo: the ids alone; rights are asked for next

    @api.model
    def _open(self, tasks):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Done"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_task_ids": [Command.set(tasks.ids)],
                "default_company_id": tasks.company_id[:1].id,
                "dialog_size": "medium",
            },
        }

    def action_confirm(self):
        """Mark the measures done; their own method checks right, state and day (KZ-15).

        Returns an action that closes the dialog. Raises AccessError and UserError as that method does.
        """
        self.ensure_one()
        self.check_access("read")
        tasks = self._tasks()
        if not tasks:
            raise UserError(self.env._("Choose the measures first."))
        files = self.sudo().attachment_ids  # sudo: own uploads of this very user, checked when the dialog was saved
        vals = {"note": (self.note or "").strip() or False, "outcome": self.outcome}
        tasks._done(vals, self.date)
        # a copy for each measure: a file is read by those who may read its record
        for number, task in enumerate(tasks.sudo() if files else ()):  # sudo: marked by this very user just now
            # what belongs to another record stays with it
            fresh = files.filtered(self._is_fresh) if not number else files.browse()
            own = fresh | (files - fresh).copy({"public": False, "access_token": False})
            guarded(task).write({"attachment_ids": [Command.set(own.ids)]})
            own.write({"res_model": task._name, "res_id": task.id})
        return {"type": "ir.actions.act_window_close"}
