from odoo import api, fields, models, tools
from odoo.exceptions import UserError


class VshuCatalogMixin(models.AbstractModel):
    """What every record of a regulation has: its regulation, code, clause, and protection.

    Records of a shipped regulation are changed by the addon's own data only (which Odoo loads as
    superuser); a school changes them in a copy ("Make our own version"). Nothing is deleted that has
    been in force: it is archived, so that old cases keep their words.
    """

    _name = "vshu.catalog.mixin"
    _description = "Record of a regulation"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=True, help="Stays the same in every version of the regulation.")
    clause = fields.Char(help="The clause that it comes from, or whose gap the school's practice fills.")
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
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        """Change records; refused in a shipped regulation for anyone but the addon's own data."""
        self._check_editable()
        res = super().write(vals)
        if "regulation_id" in vals:
            self._check_editable()
        # the look-ups of routes, reasons and papers are cached
        self.env.registry.clear_cache()
        return res

    def unlink(self):
        """Delete records of a regulation in draft."""
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Show the short name where there is one; read once for all, since every list and card shows these names."""
        names = self._names(self.env.lang)
        for record in self:
            record.display_name = (isinstance(record.id, int) and names.get(record.id)) or record._own_name()

    @api.model
    @tools.ormcache("lang")
    def _names(self, lang):
        # sudo: a catalogue, without a word on any child
        records = self.sudo().with_context(lang=lang, active_test=False).search([])
        return {record.id: record._own_name() for record in records}

    def _own_name(self):
        self.ensure_one()
        return ("short_name" in self._fields and self.short_name) or self.name

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        # the translation dialog passes by write()
        self._check_editable()
        res = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        self.env.registry.clear_cache()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_only_in_draft(self):
        for record in self:
            if record.regulation_id.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(record)s” (%(clause)s) belongs to a regulation that has been in force. "
                        "Archive it instead of deleting it: cases that refer to it keep their words.",
                        record=record.name,
                        clause=record.clause or "-",
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
