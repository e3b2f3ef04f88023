from odoo import api, fields, models
from odoo.exceptions import ValidationError


class VshuAgendaSpeech(models.Model):
    """Who spoke to an item, and what they said in brief (KZ-13)."""

    _name = "vshu.agenda.speech"
    _inherit = "vshu.agenda.line.mixin"
    _description = "Speech"
    _order = "item_id, sequence, id"

    sequence = fields.Integer(default=10)
    participant_id = fields.Many2one("vshu.meeting.participant", string="Who", required=True, ondelete="restrict")
    text = fields.Text(string="What was said", required=True)

    @api.constrains("item_id", "participant_id")
    def _check_participant(self):
        for line in self.sudo():  # sudo: of which meeting the participant is
            if line.participant_id.meeting_id != line.item_id.meeting_id:
                raise ValidationError(
                    self.env._("%s: only participants of this meeting speak at it.", line.item_id.display_name)
                )
