from odoo import models


class VshuPetition(models.Model):
    _inherit = "vshu.petition"

    def action_send(self):
        """Send the letters; what a review of the plan asked for is done by it (KZ-17). Raises as the register does."""
        res = super().action_send()
        letters = self.sudo().filtered(lambda letter: not letter.reminder_of_id)  # sudo: the right was checked by super
        day = self._vshu_today()
        letters.env["vshu.plan.review"]._follow_up(letters.case_id, "petition", day)
        return res
