from odoo import fields, models


class BaseModuleUninstall(models.TransientModel):
    _inherit = "base.module.uninstall"

    vshu_people_stay = fields.Boolean(compute="_compute_vshu_people_stay", groups="base.group_system")

    def _compute_vshu_people_stay(self):
        for dialog in self:
            dialog.vshu_people_stay = "vshu_registry" in dialog._get_modules().mapped("name")
