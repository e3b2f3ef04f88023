from odoo import api, fields, models, tools


class VshuNameMixin(models.AbstractModel):
    """Records of a catalogue: few, seldom changed, shown on every list and card.

    Their display names, and what other methods keep by ``ormcache``, are read once for all users and forgotten as soon
    as a record changes.
    """

    _name = "vshu.name.mixin"
    _inherit = "vshu.cache.mixin"
    _description = "Catalogue with names in memory"

    name = fields.Char(required=True, translate=True)

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Show the short name where there is one."""
        names = self._names(self.env.lang)
        for record in self:
            record.display_name = (isinstance(record.id, int) and names.get(record.id)) or record._own_name()

    @api.model
    @tools.ormcache("lang")
    def _names(self, lang):
        # sudo: a catalogue, without a word on any child
        records = self.sudo().with_context(lang=lang, active_test=False).search([("id", "!=", False)])
        return {record.id: record._own_name() for record in records}

    def _own_name(self):
        """Return the name of the record as it is shown; a model that has short names shows these."""
        self.ensure_one()
        return ("short_name" in self._fields and self.short_name) or self.name
