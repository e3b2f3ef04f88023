from odoo import api, fields, models


class VshuSealedReading(models.Model):
    """Who opened a sealed paper, when, and why where it was asked. Written by the system, read by author and head."""

    _name = "vshu.sealed.reading"
    _inherit = ["vshu.kept.mixin", "vshu.rule.mixin"]
    _description = "Opening of a sealed paper"
    _order = "date desc, id desc"

    #: it is there with the paper
    _slip_hours = None
    _goes_along = True

    sealed_id = fields.Many2one("vshu.sealed", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Who", required=True, readonly=True, ondelete="restrict")
    date = fields.Datetime(string="When", required=True, readonly=True, default=fields.Datetime.now)
    reason = fields.Text(string="Why", readonly=True)

    @api.depends("sealed_id")
    def _compute_display_name(self):
        for reading in self:
            # sudo: the number of the paper, which tells nothing
            reading.display_name = reading.sealed_id.sudo().display_name
