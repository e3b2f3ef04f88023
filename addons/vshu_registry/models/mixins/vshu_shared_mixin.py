from odoo import api, fields, models
from odoo.exceptions import UserError


class VshuSharedMixin(models.AbstractModel):
    """A record that comes with the program for every school and is read-only, or that a school has made for itself."""

    _name = "vshu.shared.mixin"
    _inherit = ["vshu.name.mixin", "vshu.link.mixin"]
    _description = "Comes with the program, or a school's own"
    _order = "sequence, id"

    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="School",
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
        help="Empty: comes with the program, for every school.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Add records; those without a school come with the program only (UserError)."""
        records = super().create(vals_list)
        records._check_editable()
        return records

    def write(self, vals):
        """Change records; those that come with the program are read-only (UserError)."""
        self._check_editable()
        res = super().write(vals)
        if "company_id" in vals:
            self._check_editable()
        return res

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        # the translation dialog passes by write()
        self._check_editable()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    @api.ondelete(at_uninstall=False)
    def _unlink_own(self):
        self._check_editable()

    def _check_editable(self):
        """Raise UserError where a record comes with the program and the user is not the addon itself."""
        shipped = not self.env.su and self.filtered(lambda record: not record.company_id)
        if shipped:
            raise UserError(shipped[0]._shipped_message())

    def _shipped_message(self):
        """Return what is said to whoever changes a record that comes with the program."""
        self.ensure_one()
        return self.env._("“%s” comes with the program and is read-only. Add one of your own.", self.name)
