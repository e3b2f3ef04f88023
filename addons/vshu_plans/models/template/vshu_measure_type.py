from odoo import api, fields, models
from odoo.exceptions import UserError


class VshuMeasureType(models.Model):
    """A kind of measure: what the clauses list, and what a school adds (KZ-14, RU-N5.3, RU-N6)."""

    _name = "vshu.measure.type"
    _inherit = ["vshu.shared.mixin", "vshu.clause.mixin"]
    _description = "Kind of measure"
    _order = "section_id, sequence, id"

    code = fields.Char(help="Stays the same when the name changes; kinds of a school need none.")
    clause = fields.Char(string="Clause identifier", help="The clauses that list it.")
    section_id = fields.Many2one("vshu.measure.section", required=True, index=True, ondelete="restrict")

    _code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), code) WHERE code IS NOT NULL", "There is a kind of measure with this code already."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        # sudo: a measure that the user may not see still forbids the deletion; only the fact is told
        used = self.env["vshu.plan.measure"].sudo().search([("type_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._("Measures are of the kind “%s”: archive it instead of deleting it.", used.type_id.name)
            )
