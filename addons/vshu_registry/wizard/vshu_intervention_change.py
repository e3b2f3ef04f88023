from odoo import fields, models

from ..models.intervention.vshu_intervention_flow import CORRECTABLE
from ..models.intervention.vshu_intervention_kind import TONES


class VshuInterventionChange(models.TransientModel):
    """Asks for the reason before an entry is struck through, or corrected after it was locked."""

    _name = "vshu.intervention.change"
    _inherit = "vshu.link.mixin"
    _description = "Change of an entry"

    intervention_id = fields.Many2one("vshu.intervention", string="Entry", required=True, ondelete="cascade")
    action = fields.Selection(
        [("annul", "Strike through"), ("correct", "Correct")], required=True, readonly=True, default="annul"
    )
    kind_id = fields.Many2one("vshu.intervention.kind", string="What it was")
    tone = fields.Selection(TONES)
    date = fields.Datetime(string="When")
    text = fields.Text(string="What happened")
    result = fields.Text(string="What came of it")
    reason = fields.Text(string="Why", required=True)

    def action_confirm(self):
        """Do what the dialog was opened for; the entry's own method checks right, state and reason.

        Returns an action that closes the dialog. Raises AccessError and UserError as those methods do.
        """
        self.ensure_one()
        if self.action == "annul":
            self.intervention_id._annul(self.reason)
        else:
            values = {name: self._fields[name].convert_to_write(self[name], self) for name in CORRECTABLE}
            self.intervention_id._correct(values, self.reason)
        return {"type": "ir.actions.act_window_close"}
