from odoo import models

from odoo.addons.vshu_registry.tools.guard import guarded


class VshuDecision(models.Model):
    _inherit = "vshu.decision"

    def _carry_out(self):
        """The signed minutes put the plan in force that the item approved (KZ-12)."""
        item = self.agenda_item_id
        # asked before the decision acts: what it does to the case moves the draft off the item
        plan = item.plan_id if item._approves() else self.env["vshu.plan"]
        res = super()._carry_out()
        if plan and plan.state == "draft":
            guarded(plan.sudo())._approve(self.date, item)  # sudo: the two signatures carry it
            guarded(item.sudo()).plan_id = plan  # sudo: see above
        return res
