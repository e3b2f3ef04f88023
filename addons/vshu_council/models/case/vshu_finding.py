from odoo import api, models


class VshuFinding(models.Model):
    _inherit = "vshu.finding"

    @api.model
    def _texts(self):
        return {
            **super()._texts(),
            "council_places": self.env._(
                "Chair or secretary is not whom the regulation names. Make a new composition."
            ),
        }
