from odoo import api, models

from .own_records import is_own
from .plain_html import clean_html


class MailActivity(models.Model):
    """The note of a reminder on a record of the register is plain text with formatting, like any text of it."""

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        """Make reminders; the notes of ours are cleaned of whatever is fetched from elsewhere."""
        activities = super().create(vals_list)
        activities._vshu_clean_notes()
        return activities

    def write(self, vals):
        """Change reminders; see ``create``."""
        res = super().write(vals)
        if vals.get("note"):
            self._vshu_clean_notes()
        return res

    def _vshu_clean_notes(self):
        for activity in self.sudo():  # sudo: the note was written by the user a moment ago
            if activity.note and "<" in activity.note and is_own(activity.res_model):
                clean = clean_html(activity.note)
                if clean != activity.note:
                    super(MailActivity, activity).write({"note": clean})
