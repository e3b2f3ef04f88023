from odoo import api, models

from ...tools.own_records import is_own
from ...tools.plain_html import clean_html


class MailActivity(models.Model):
    """The note of a reminder on a record of the register is plain text with formatting, like any text of it."""

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        """Make reminders; the notes of ours are cleaned of whatever is fetched from elsewhere."""
        context = self.env.context
        for vals in vals_list:
            if not vals.get("note"):
                continue
            model_id = vals.get("res_model_id") or context.get("default_res_model_id")
            # sudo: only what the model is called
            named = vals.get("res_model") or context.get("default_res_model")
            if is_own(self.env["ir.model"].sudo().browse(model_id).model if model_id else named):
                vals["note"] = clean_html(vals["note"])
        return super().create(vals_list)

    def write(self, vals):
        """Change reminders; see ``create``."""
        if vals.get("note"):
            # sudo: only on which model the reminders hang
            own = self.filtered(lambda activity: is_own(activity.sudo().res_model))
            if own and own != self:
                own.write(vals)
                return (self - own).write(vals)
            if own:
                vals = {**vals, "note": clean_html(vals["note"])}
        return super().write(vals)
