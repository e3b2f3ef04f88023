from odoo import api, models


class VshuFinding(models.Model):
    _inherit = "vshu.finding"

    @api.model
    def _texts(self):
        return {
            **super()._texts(),
            "plan_missing": self.env._("No individual plan is in force. Draft the plan and have it approved."),
            "plan_ends_before_term": self.env._("The plan ends before the term. Change it for the time to come."),
            "review_without_step": self.env._(
                "Nobody has done what the review concluded. Do it, or note why nothing follows."
            ),
        }
