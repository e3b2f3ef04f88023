from odoo import api, fields, models


class VshuPlanReason(models.TransientModel):
    """Asks for the reason before a step of the plan."""

    _name = "vshu.plan.reason"
    _inherit = "vshu.link.mixin"
    _description = "Reason for a step of the plan"

    action = fields.Selection(
        [
            ("revise", "Change the plan"),
            ("close", "Close the plan"),
            ("settle", "Nothing follows from the review"),
        ],
        required=True,
        readonly=True,
    )
    review_id = fields.Many2one("vshu.plan.review", ondelete="cascade")
    plan_id = fields.Many2one("vshu.plan", required=True, ondelete="cascade")
    open_count = fields.Integer(string="Measures that are not done", compute="_compute_open_count")
    reason = fields.Text()

    @api.depends("plan_id")
    def _compute_open_count(self):
        for dialog in self:
            # with the reader's rights: the dialog can be filled with any plan
            dialog.open_count = len(dialog.plan_id.task_ids.filtered(lambda task: task.state == "open"))

    @api.model
    def _open(self, action, plan_id, **links):
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["action"]._description_selection(self.env))[action],
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_action": action,
                "default_plan_id": plan_id,
                "dialog_size": "medium",
                **{f"default_{name}": value for name, value in links.items()},
            },
        }

    def action_confirm(self):
        """Do what the dialog was opened for; the plan's own method checks role, state and reason (RU-5.4).

        Returns an action. Raises AccessError and UserError as those methods do.
        """
        self.ensure_one()
        if self.action == "revise":
            return self.plan_id._revise(self.reason)
        if self.action == "settle":
            self.review_id._settle_by_hand(self.reason)
            return {"type": "ir.actions.act_window_close"}
        self.plan_id._close_by_hand(self.reason)
        return {"type": "ir.actions.act_window_close"}
