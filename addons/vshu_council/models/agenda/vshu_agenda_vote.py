from odoo import api, fields, models
from odoo.exceptions import ValidationError


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

    @api.constrains("item_id", "participant_id")
    def _check_participant(self):
        for line in self.sudo():  # sudo: of which meeting the participant is
            person = line.participant_id
            if person.kind != "member" or person.meeting_id != line.item_id.meeting_id:
                raise ValidationError(
                    self.env._("%s: only members of this meeting vote at it.", line.item_id.display_name)
                )
