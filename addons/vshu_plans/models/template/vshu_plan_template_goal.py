from odoo import fields, models


class VshuPlanTemplateGoal(models.Model):
    """A goal of a template and the cause that it answers (KZ-14)."""

    _name = "vshu.plan.template.goal"
    _inherit = "vshu.plan.part.mixin"
    _description = "Goal of a template"
    _order = "template_id, sequence, id"
    _parent_field = "template_id"

    template_id = fields.Many2one("vshu.plan.template", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="template_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Text(string="Goal", required=True, translate=True)
    cause = fields.Text(translate=True, help="The cause that it answers.")
