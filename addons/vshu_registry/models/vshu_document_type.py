from odoo import api, fields, models

from .vshu_ground import KINDS, SUBJECTS


class VshuDocumentType(models.Model):
    """A kind of paper in the dossier (RU-5.4, KZ-11, KZ-19, RU-9.2, RU-9.3)."""

    _name = "vshu.document.type"
    _inherit = "vshu.catalog.mixin"
    _description = "Kind of document"
    _rec_names_search = ["short_name", "name", "code"]

    name = fields.Text(required=True, translate=True)
    short_name = fields.Char(translate=True)
    rated = fields.Boolean(string="Says positive or not", help="A characteristic that can be positive or negative.")
    sealed = fields.Boolean(help="Its content is confidential.")
    role_id = fields.Many2one("vshu.role", string="Who provides it", ondelete="restrict")

    _code_uniq = models.Constraint(
        "UNIQUE(regulation_id, code)", "This regulation has a kind of document with this code already."
    )

    @api.depends("short_name")
    def _compute_display_name(self):
        for doctype in self:
            doctype.display_name = doctype.short_name or doctype.name


class VshuDocumentRequirement(models.Model):
    """Which paper is required at which stage (KZ-11, KZ-19, RU-5.4, RU-9.2, RU-9.3)."""

    _name = "vshu.document.requirement"
    _inherit = "vshu.catalog.mixin"
    _description = "Required document"

    name = fields.Char(required=False, translate=True)
    document_type_id = fields.Many2one("vshu.document.type", required=True, index=True, ondelete="restrict")
    stage = fields.Selection(
        [
            ("hearing", "Before the council"),
            ("placement", "For the placement"),
            ("dossier", "In the file"),
            ("removal", "For the removal"),
        ],
        required=True,
    )
    kind = fields.Selection(KINDS, help="Empty: both kinds.")
    subject = fields.Selection(SUBJECTS, help="Empty: students and families.")
    need = fields.Selection([("required", "Required"), ("if_needed", "If needed")], required=True, default="required")
    positive = fields.Boolean(help="The paper must be positive.")
    repeat_months = fields.Integer(help="A new one is due every so many months.")
    removal_reason_ids = fields.Many2many(
        "vshu.removal.reason", string="Only for these reasons", help="Empty: for every reason that takes a decision."
    )
    category_ids = fields.Many2many("vshu.ground.category", string="Only for these lists of grounds")
    ground_ids = fields.Many2many("vshu.ground", string="Only for these grounds")

    _code_uniq = models.Constraint(
        "UNIQUE(regulation_id, code)", "This regulation has a required document with this code already."
    )

    @api.depends("document_type_id.display_name")
    def _compute_display_name(self):
        for requirement in self:
            requirement.display_name = requirement.name or requirement.document_type_id.display_name
