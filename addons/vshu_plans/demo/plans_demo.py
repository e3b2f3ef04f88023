from odoo import api, models


class VshuPlansDemo(models.AbstractModel):
    """Plans for the demo schools."""

    _name = "vshu.plans.demo"
    _description = "Demo data of plans"

    @api.model
    def _load(self):
        """Make the plans."""
