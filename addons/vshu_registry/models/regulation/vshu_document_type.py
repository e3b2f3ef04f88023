from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

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
    form = fields.Selection(
        [("characteristic", "Characteristic"), ("survey", "Housing survey act")],
        string="Filled in as",
        help="The form in the program that the paper can be filled in with; empty: the paper comes as a scan.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE(regulation_id, code)", "This regulation has a kind of document with this code already."
    )

    @api.constrains("form", "sealed")
    def _check_form(self):
        for doctype in self:
            if doctype.form and doctype.sealed:
                raise ValidationError(
                    self.env._(
                        "“%s” is sealed: a form that the readers of the case open would show it. Take the form away.",
                        doctype.display_name,
                    )
                )

    @api.depends("short_name")
    def _compute_display_name(self):
        return super()._compute_display_name()

    @tools.ormcache("self._ids")
    def _provider_code(self):
        """Return the code of the role that provides the paper, empty where anybody may."""
        return self.sudo().role_id.code  # sudo: a catalogue, without a word on any child


class VshuDocumentRequirement(models.Model):
    """Which paper is required at which stage (KZ-11, KZ-19, RU-5.4, RU-9.2, RU-9.3)."""

    _name = "vshu.document.requirement"
    _inherit = "vshu.catalog.mixin"
    _description = "Required document"
    _rec_names_search = ["name", "document_type_id"]

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
    absence_role_id = fields.Many2one(
        "vshu.role",
        string="Who accepts its absence",
        ondelete="restrict",
        help="The clause asks for the paper where there is one: this role writes why there is none. Whoever presides "
        "over the council does so too. Empty: the paper must be there.",
    )
    repeat_months = fields.Integer(help="A new one is due every so many months.")
    first_months = fields.Integer(
        string="First one due after",
        help="The first one is due so many months after the placement; 0: it is asked for at once.",
    )
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
        return super()._compute_display_name()

    def _own_name(self):
        return self.name or (self.document_type_id and self.document_type_id._own_name()) or ""

    @tools.ormcache("self.id")
    def _facts(self):
        """Return what the requirement says: code, kind of document (id), need, positive, clause, and the code of the
        role that accepts the absence."""
        requirement = self.sudo()  # sudo: a catalogue, without a word on any child
        return tools.frozendict(
            code=requirement.code,
            type_id=requirement.document_type_id.id,
            need=requirement.need,
            positive=requirement.positive,
            clause=requirement.clause or "",
            absence_role=requirement.absence_role_id.code or "",
        )

    @api.model
    @tools.ormcache("regulation_id", "stage", "kind", "subject", "category_id", "ground_ids", "reason_id")
    def _wanted_ids(self, regulation_id, stage, kind, subject, category_id, ground_ids, reason_id):
        """Return the ids of what the regulation asks for at ``stage``;
        ``reason_id`` is None where no reason matters."""
        # sudo: a catalogue, without a word on any child
        requirements = self.with_env(self.env(su=True, context={})).search(
            [("regulation_id", "=", regulation_id), ("stage", "=", stage)]
        )
        return requirements.filtered(
            lambda r: (
                (not r.kind or r.kind == kind)
                and (not r.subject or r.subject == subject)
                and (not r.category_ids or category_id in r.category_ids.ids)
                and (not r.ground_ids or set(r.ground_ids.ids) & set(ground_ids))
                and (reason_id is None or not r.removal_reason_ids or reason_id in r.removal_reason_ids.ids)
            )
        )._ids
