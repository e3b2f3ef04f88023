from odoo import api, fields, models

from odoo.addons.vshu_registry.tools.in_use import refuse_if_used


class VshuMeasureSection(models.Model):
    """A section of the plan: kinds of measures that belong together (KZ-14)."""

    _name = "vshu.measure.section"
    _inherit = "vshu.name.mixin"
    _description = "Section of the plan"
    _order = "sequence, id"

    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=50)

    _code_uniq = models.Constraint("UNIQUE(code)", "There is already a section with this code.")

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        refuse_if_used(self)
