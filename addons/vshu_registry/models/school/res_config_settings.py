from odoo import models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    def action_vshu_open_school(self):
        """Open the school form of the current company."""
        return self.env["vshu.school"].action_open_my_school()
