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
            "council_rule_missing": self.env._(
                "A rule on the council (quorum, majority, composition …) that the regulation has is missing in the "
                "school's own version, or its number is 0. Enter it in the own version, under “Council”."
            ),
        }
