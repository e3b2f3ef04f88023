from odoo import api, fields, models


class VshuClauseMixin(models.AbstractModel):
    """A record that cites a clause: ``clause`` holds its identifier, ``clause_text`` says it as the regulation does."""

    _name = "vshu.clause.mixin"
    _description = "Cites a clause"

    clause_text = fields.Char(string="Clause", compute="_compute_clause_text")

    @api.depends_context("lang")
    @api.depends("clause")
    def _compute_clause_text(self):
        words = self.env["vshu.regulation"]._clause_words
        for record in self:
            record.clause_text = words(record.clause)
