from odoo import api, fields, models
from odoo.fields import Command


class VshuTransferDialog(models.TransientModel):
    """Asks for what a hand-over needs: the head's decision on sealed papers, the receipt, why it is refused."""

    _name = "vshu.transfer.dialog"
    _inherit = "vshu.link.mixin"
    _description = "Question about a hand-over"

    transfer_id = fields.Many2one("vshu.transfer", required=True, ondelete="cascade")
    action = fields.Selection(
        [
            ("sealed", "Decide on the sealed papers"),
            ("receipt", "Enter the receipt"),
            ("refuse", "Refuse the record"),
            ("annul", "Annul the record"),
        ],
        required=True,
        readonly=True,
    )
    paper_ids = fields.Many2many(
        "vshu.transfer.paper",
        string="Sealed papers that go",
        domain="[('transfer_id', '=', transfer_id), ('sealed', '=', True)]",
        help="Nothing ticked: none of them leaves the school.",
    )
    by = fields.Selection(
        [("code", "Code of the receipt"), ("letter", "Letter of the receiving school")], default="code", required=True
    )
    code = fields.Char(string="Code of the receipt")
    number = fields.Char()
    date = fields.Date(default=lambda self: self.env.company._vshu_today())
    reason = fields.Text()

    @api.model
    def _open(self, action, transfer):
        context = {"default_action": action, "default_transfer_id": transfer.id}
        if action == "sealed":
            chosen = transfer.paper_ids.filtered(lambda paper: paper.sealed and paper.included)
            context["default_paper_ids"] = [Command.set(chosen.ids)]
            context["default_number"] = transfer.sealed_number
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["action"]._description_selection(self.env))[action],
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    def action_confirm(self):
        """Do what the dialog was opened for; the hand-over's own method checks role, state and what was entered.

        Returns an action that closes the dialog. Raises AccessError and UserError as those methods do (KZ-20, RU-N2.6).
        """
        self.ensure_one()
        if self.action == "sealed":
            self.transfer_id._decide_sealed(self.paper_ids, self.number, self.date)
        elif self.action == "refuse":
            self.transfer_id._refuse(self.reason)
        elif self.action == "annul":
            self.transfer_id._annul_wrong(self.reason)
        elif self.by == "code":
            self.transfer_id._enter_receipt(self.date, code=self.code or "")
        else:
            self.transfer_id._enter_receipt(self.date, number=self.number)
        return {"type": "ir.actions.act_window_close"}
