from odoo import fields, models
from odoo.exceptions import UserError


class VshuReason(models.TransientModel):
    """Asks why a sealed paper is opened, or corrected."""

    _inherit = "vshu.reason"

    sealed_id = fields.Many2one("vshu.sealed", string="Sealed paper", ondelete="cascade")
    action = fields.Selection(
        selection_add=[("open_sealed", "Open the sealed paper"), ("correct_sealed", "Correct the sealed paper")],
        ondelete={"open_sealed": "cascade", "correct_sealed": "cascade"},
    )

    def action_confirm(self):
        """Open or correct the sealed paper; its own methods check right and state. Returns the paper's form.

        Raises AccessError and UserError as those methods do, UserError without a reason.
        """
        self.ensure_one()
        if self.action not in ("open_sealed", "correct_sealed"):
            return super().action_confirm()
        if self.action == "correct_sealed":
            return self.sealed_id._correct(self.reason)
        if not (self.reason or "").strip():
            raise UserError(self.env._("%s: write why you open it.", self.sealed_id.display_name))
        return self.sealed_id._open(self.reason)
