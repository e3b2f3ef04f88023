from odoo import fields, models


class VshuAgendaSpeech(models.Model):
    """Who spoke to an item, and what they said in brief (KZ-13)."""

    _name = "vshu.agenda.speech"
    _inherit = "vshu.agenda.line.mixin"
    _description = "Speech"
    _order = "item_id, sequence, id"

    sequence = fields.Integer(default=10)
    participant_id = fields.Many2one("vshu.meeting.participant", string="Who", required=True, ondelete="restrict")
    text = fields.Text(string="What was said", required=True)
