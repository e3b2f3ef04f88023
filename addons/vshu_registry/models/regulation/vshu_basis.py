from odoo import api, fields, models

INTAKE_KINDS = [
    ("appeal", "Appeal of the staff"),
    ("submission", "Reasoned submission"),
    ("notice", "Paper of an outside body"),
    ("application", "Application of the minor or the parents"),
    ("conclusion", "Approved conclusion of a check"),
    ("automatic", "Automatic warning"),
]


class VshuBasis(models.Model):
    """What a placement may rest on (RU-4.2a, RU-4.2b, RU-A2, KZ-4)."""

    _name = "vshu.basis"
    _inherit = "vshu.catalog.mixin"
    _description = "Basis of a placement"
    _rec_names_search = ["short_name", "name", "code"]

    name = fields.Text(required=True, translate=True)
    short_name = fields.Char(translate=True)
    intake_kind = fields.Selection(INTAKE_KINDS, required=True)
    category_ids = fields.Many2many("vshu.ground.category", string="Lists of grounds that it serves")
    paper_required = fields.Boolean(help="Number and date of the paper must be given.")
    with_assignments = fields.Boolean(help="Such a paper comes with assignments to the school.")

    _code_uniq = models.Constraint("UNIQUE(regulation_id, code)", "This regulation has a basis with this code already.")

    @api.depends("short_name")
    def _compute_display_name(self):
        return super()._compute_display_name()
