from odoo import api, models

from ...tools.in_use import refuse_if_used


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    @api.ondelete(at_uninstall=False)
    def _unlink_not_in_register(self):
        refuse_if_used(self)
