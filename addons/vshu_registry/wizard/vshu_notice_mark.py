from odoo import api, fields, models
from odoo.exceptions import UserError


class VshuNoticeMark(models.TransientModel):
    """Asks how and when notices were handed over, acknowledged, refused, or why they are not needed."""

    _name = "vshu.notice.mark"
    _inherit = "vshu.link.mixin"
    _description = "Note on notices"
    _check_company_auto = True

    action = fields.Selection(
        [
            ("send", "Handed over or sent"),
            ("acknowledge", "Acknowledged"),
            ("refuse", "Refused before witnesses"),
            ("skip", "Not needed"),
        ],
        required=True,
        readonly=True,
    )
    notice_ids = fields.Many2many("vshu.notice", string="Notices", required=True)
    notice_count = fields.Integer(compute="_compute_notice_count", string="How many notices")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    channel = fields.Selection(
        [
            ("in_person", "In person"),
            ("post", "By post"),
            ("mail", "By e-mail"),
            ("messenger", "By messenger"),
            ("internal", "Inside the program"),
        ],
        string="How",
        default="in_person",
    )
    date = fields.Date(string="On", default=lambda self: self.env.company._vshu_today())
    number = fields.Char(string="Outgoing number")
    witness1_id = fields.Many2one("hr.employee", string="First witness", check_company=True)
    witness2_id = fields.Many2one("hr.employee", string="Second witness", check_company=True)
    reason = fields.Char(string="Why it is not needed")

    @api.depends("notice_ids")
    def _compute_notice_count(self):
        for dialog in self:
            dialog.notice_count = len(dialog.notice_ids)

    @api.model_create_multi
    def create(self, vals_list):
        """Open dialogs; raises AccessError for notices that the user may not read."""
        dialogs = super().create(vals_list)
        dialogs._notices().check_access("read")
        return dialogs

    def _notices(self):
        """Return all notices of the dialogs: read as a user, those out of reach would be left out in silence."""
        return self.sudo().notice_ids.with_env(self.env)  # sudo: the ids alone; rights are asked for next

    @api.model
    def _open(self, action, notices):
        single = notices if len(notices) == 1 else notices.browse()
        outside = single.addressee not in (False, "parents", "head", "class_teacher")
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["action"]._description_selection(self.env))[action],
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_action": action,
                "default_notice_ids": notices.ids,
                "default_company_id": notices.company_id[:1].id,
                "default_number": single.number,
                "default_channel": "mail" if outside else "in_person",
            },
        }

    def action_confirm(self):
        """Note what the dialog says on its notices; their own methods check right, state, dates and witnesses.

        Returns an action that closes the dialog. Raises AccessError and UserError as those methods do (RU-5.3).
        """
        self.ensure_one()
        self.check_access("read")
        notices = self._notices()
        if not notices:
            raise UserError(self.env._("Choose the notices first."))
        if self.action == "send":
            notices._send(self.channel, self.date, self.number)
        elif self.action == "acknowledge":
            notices._acknowledge(self.date)
        elif self.action == "refuse":
            notices._refuse_before(self.witness1_id | self.witness2_id, self.date)
        else:
            notices._skip(self.reason)
        return {"type": "ir.actions.act_window_close"}
