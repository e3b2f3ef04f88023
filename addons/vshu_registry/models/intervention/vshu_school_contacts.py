from odoo import api, fields, models


class VshuSchool(models.Model):
    """How the school keeps its record of the preventive work."""

    _inherit = "vshu.school"

    intervention_edit_days = fields.Integer(
        string="Days to change an entry",
        default=7,
        required=True,
        help="So long the author may change an entry on the preventive work; after that the office corrects it with "
        "a reason, and what stood before is kept. 0: only on the same day.",
    )
    hidden_kind_ids = fields.Many2many(
        "vshu.intervention.kind",
        "vshu_school_hidden_kind_rel",
        "school_id",
        "kind_id",
        string="Kinds of entries not used",
        domain=[("company_id", "=", False)],
        help="They are not offered for new entries; old entries keep their kind.",
    )

    _edit_days_range = models.Constraint(
        "CHECK(intervention_edit_days BETWEEN 0 AND 366)", "The days to change an entry must be between 0 and 366."
    )

    @api.model
    def _edit_days(self, companies):
        """Return {company id: days in which an author may change an entry}, in one query."""
        # sudo: a setting, without a word on any child
        schools = self.sudo().search_fetch(
            [("company_id", "in", companies.ids)], ["company_id", "intervention_edit_days"]
        )
        return {school.company_id.id: school.intervention_edit_days for school in schools}
