from odoo import fields, models

#: when a measure of a template is due, relative to the plan
TIMINGS = [
    ("once", "Once"),
    ("weekly", "By weeks"),
    ("monthly", "By months"),
    ("end", "Before the end"),
]
#: roles that a template can name; a person is found for each of them in any case
ROLES = ("class_teacher", "psychologist", "social_pedagogue", "curator", "deputy_head")


class VshuPlanTemplateLine(models.Model):
    """A concrete measure of a template: who answers by default, when it is due, what is expected (KZ-14, KZ-15)."""

    _name = "vshu.plan.template.line"
    _inherit = "vshu.plan.part.mixin"
    _description = "Measure of a template"
    _order = "template_id, sequence, id"
    _parent_field = "template_id"
    _check_company_auto = True

    template_id = fields.Many2one("vshu.plan.template", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="template_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    type_id = fields.Many2one(
        "vshu.measure.type", string="Kind of measure", required=True, check_company=True, ondelete="restrict"
    )
    name = fields.Text(string="Measure", required=True, translate=True)
    result = fields.Text(string="Expected result", translate=True)
    role_id = fields.Many2one(
        "vshu.role",
        string="Who answers",
        required=True,
        ondelete="restrict",
        domain=[("code", "in", ROLES)],
        help="The person who holds this role for the child; changed in the plan where somebody else does it.",
    )
    timing = fields.Selection(TIMINGS, string="When", required=True, default="once")
    days = fields.Integer(
        default=7,
        required=True,
        help="Calendar days after the start of the plan; for “Before the end”, before its end. A day off moves to a "
        "working day.",
    )
    every = fields.Integer(default=1, required=True, help="Every so many weeks or months.")

    _days_positive = models.Constraint("CHECK(days >= 0)", "Days are counted from the start or the end: 0 or more.")
    _every_positive = models.Constraint("CHECK(every > 0)", "Write 1 for every week or month, 2 for every second.")
