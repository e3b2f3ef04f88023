from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.vshu_registry.tools.guard import is_guarded


class VshuDecisionKind(models.Model):
    _inherit = "vshu.decision.kind"

    effect = fields.Selection(
        selection_add=[
            ("petition", "Write to an outside body"),
            ("hear_again", "Hear again"),
            ("note", "Take note, or other"),
        ],
        ondelete={"petition": "cascade", "hear_again": "cascade", "note": "cascade"},
    )


class VshuDecision(models.Model):
    """Decisions of the council come from its minutes, once the school has a council by order."""

    _inherit = "vshu.decision"

    agenda_item_id = fields.Many2one(
        "vshu.agenda.item",
        string="Item of the council",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="vshu_registry.group_case_reader",
    )
    petition_kind_id = fields.Many2one("vshu.petition.kind", string="Letter to be written", ondelete="restrict")

    @api.model_create_multi
    def create(self, vals_list):
        """Type decisions; the link to the council's item is set by signing the minutes only (AccessError)."""
        if not is_guarded(self.env) and any(
            vals.get("agenda_item_id", self.env.context.get("default_agenda_item_id")) for vals in vals_list
        ):
            raise AccessError(self.env._("Decisions of the council come from its signed minutes."))
        return super().create(vals_list)

    def write(self, vals):
        """Change drafts; raises as create."""
        if "agenda_item_id" in vals and not is_guarded(self.env):
            raise AccessError(self.env._("Decisions of the council come from its signed minutes."))
        return super().write(vals)

    def _carry_out(self):
        """Carry the decision of signed minutes out on its case, all checks once more (RU-5.2).

        On a guarded superuser environment: whoever signs the minutes may hold no role that records decisions.
        """
        self.ensure_one()
        return self.sudo().action_apply()  # sudo: the two signatures carry it


class VshuAssignment(models.Model):
    _inherit = "vshu.assignment"

    agenda_item_id = fields.Many2one(
        "vshu.agenda.item",
        string="Item of the council",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="vshu_registry.group_case_reader",
    )

    @api.depends("agenda_item_id")
    def _compute_regulation_id(self):
        res = super()._compute_regulation_id()
        for assignment in self.sudo():  # sudo: the regulation of the meeting, a catalogue
            if not assignment.regulation_id:
                assignment.regulation_id = assignment.agenda_item_id.meeting_id.regulation_id
        return res

    @api.depends("agenda_item_id")
    def _compute_display_name(self):
        own = self.filtered(lambda a: not a.case_id and not a.signal_id and a.sudo().agenda_item_id)
        res = super(VshuAssignment, self - own)._compute_display_name()
        for assignment in own:
            assignment.display_name = self.env._(
                "Assignment of the council, %s",
                assignment.sudo().agenda_item_id.meeting_id.display_name,  # sudo: the day of the meeting
            )
        return res

    def _deadline_links(self):
        """Return the links of a clock: of a task that hangs on no case, the day of the meeting that gave it."""
        links = super()._deadline_links()
        meeting = self.sudo().agenda_item_id.meeting_id  # sudo: the day of the meeting
        return links if links.get("reference") else {**links, **meeting._deadline_links()} if meeting else links
