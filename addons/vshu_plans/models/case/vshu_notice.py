from odoo import fields, models

EVENT = ("plan", "Plan approved: the parents' copy")


class VshuNoticeRule(models.Model):
    _inherit = "vshu.notice.rule"

    event = fields.Selection(selection_add=[EVENT], ondelete={"plan": "cascade"})


class VshuNotice(models.Model):
    """The parents get their copy of each version, acknowledged or refused before witnesses (KZ-14)."""

    _inherit = "vshu.notice"

    event = fields.Selection(selection_add=[EVENT], ondelete={"plan": "cascade"})
    plan_id = fields.Many2one("vshu.plan", readonly=True, index="btree_not_null", ondelete="cascade")

    def _vals_of_same(self):
        """The copy of the same plan goes to another adult."""
        return {**super()._vals_of_same(), "plan_id": self.plan_id.id}

    def _paper_values(self):
        """The paper of the plan's copy says until when the plan runs."""
        values = super()._paper_values()
        if self.event == "plan":
            values["until"] = self._paper_date(self.plan_id.date_to)
        return values
