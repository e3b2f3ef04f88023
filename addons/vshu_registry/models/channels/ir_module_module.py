from odoo import models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def _update_translations(self, *args, **kwargs):
        """Load translations, past the ORM: what was kept in memory of their words is forgotten."""
        res = super()._update_translations(*args, **kwargs)
        self.env.registry.clear_cache()
        return res
