from odoo import api, fields, models


class VshuCaseTerm(models.Model):
    """A period of the stay: the placement or an extension, each by its decision (KZ-16, RU-10)."""

    _name = "vshu.case.term"
    _inherit = ["vshu.kept.mixin", "vshu.rule.mixin"]
    _description = "Period of the stay"
    _order = "case_id, date_from, id"

    #: it is there with its case
    _slip_hours = None
    _goes_along = True

    case_id = fields.Many2one("vshu.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    kind = fields.Selection([("placement", "Placement"), ("extension", "Extension")], required=True, readonly=True)
    date_from = fields.Date(required=True, readonly=True)
    date_to = fields.Date(readonly=True, help="Empty where the regulation sets no end.")
    months = fields.Integer(readonly=True)
    decision_id = fields.Many2one("vshu.decision", readonly=True, ondelete="restrict", index=True)

    @api.depends("kind", "date_from", "date_to")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for term in self:
            term.display_name = f"{labels.get(term.kind, '')} {term.date_from or ''} – {term.date_to or '…'}"
