from odoo import fields, models


class VshuAgendaVote(models.Model):
    """How a member voted on an item."""

    _name = "vshu.agenda.vote"
    _inherit = "vshu.agenda.line.mixin"
    _description = "Vote"
    _order = "item_id, id"

    participant_id = fields.Many2one("vshu.meeting.participant", string="Member", required=True, ondelete="restrict")
    choice = fields.Selection(
        [("for", "For"), ("against", "Against"), ("abstained", "Abstained")], required=True, default="for"
    )

    _once = models.Constraint("UNIQUE(item_id, participant_id)", "This member has voted on the item already.")
