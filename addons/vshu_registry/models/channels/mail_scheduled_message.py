from odoo import api, models


class MailScheduledMessage(models.Model):
    """A message that is posted later takes no file of the register to another record either."""

    _inherit = "mail.scheduled.message"

    @api.model_create_multi
    def create(self, vals_list):
        """Schedule messages; raises UserError for a file of the register on the message of another record."""
        messages = super().create(vals_list)
        messages._vshu_check_files()
        return messages

    def write(self, vals):
        """Change scheduled messages; raises as ``create``."""
        res = super().write(vals)
        if vals.get("attachment_ids"):
            self._vshu_check_files()
        return res

    def _vshu_check_files(self):
        for message in self.sudo():  # sudo: only where files and message lie
            message.attachment_ids._vshu_check_posted(message.model, message.res_id)
