from odoo import api, fields, models
from odoo.exceptions import UserError


class VshuCatalogMixin(models.AbstractModel):
    """What every record of a regulation has: its regulation, code, clause, and protection.

    Records of a shipped regulation are changed by the addon's own data only (which Odoo loads as
    superuser); a school changes them in a copy ("Make our own version"). Nothing is deleted that has
    been in force: it is archived, so that old cases keep their words.
    """

    _name = "vshu.catalog.mixin"
    _inherit = ["vshu.name.mixin", "vshu.link.mixin", "vshu.clause.mixin"]
    _description = "Record of a regulation"
    _order = "sequence, id"

    code = fields.Char(required=True, copy=True, help="Stays the same in every version of the regulation.")
    clause = fields.Char(
        string="Clause identifier", help="The clause that it comes from, or whose gap the school's practice fills."
    )
    practice = fields.Boolean(
        string="School's practice",
        help="No clause of the regulation says this in full: it is a custom that the school may change.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    regulation_id = fields.Many2one("vshu.regulation", required=True, index=True, ondelete="cascade")
    regulation_shipped = fields.Boolean(related="regulation_id.shipped")
    regulation_company_id = fields.Many2one(related="regulation_id.company_id", string="School of the regulation")

    @api.model_create_multi
    def create(self, vals_list):
        """Create records; refused in a shipped regulation for anyone but the addon's own data."""
        records = super().create(vals_list)
        records._check_editable()
        return records

    def write(self, vals):
        """Change records; refused in a shipped regulation for anyone but the addon's own data."""
        self._check_editable()
        res = super().write(vals)
        if "regulation_id" in vals:
            self._check_editable()
        return res

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        # the translation dialog passes by write()
        self._check_editable()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_draft(self):
        for record in self:
            if record.regulation_id.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(record)s” (%(clause)s) belongs to a regulation that has been in force. "
                        "Archive it instead of deleting it: cases that refer to it keep their words.",
                        record=record.name,
                        clause=record.clause_text or "-",
                    )
                )
        self._check_editable()

    def _check_editable(self):
        """Raise UserError where a record belongs to a shipped regulation and the user is not the addon itself."""
        if self.env.su:
            return
        shipped = self.regulation_id.filtered("shipped")
        if shipped:
            raise UserError(
                self.env._(
                    "“%(regulation)s” comes with the program and is read-only. "
                    "Open it, choose “Make our own version” and change the copy.",
                    regulation=shipped[0].display_name,
                )
            )
