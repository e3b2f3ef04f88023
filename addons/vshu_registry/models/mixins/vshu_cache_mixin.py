from odoo import api, models


class VshuCacheMixin(models.AbstractModel):
    """Records of which something is kept in memory by ``ormcache``: it is forgotten as soon as one of them changes."""

    _name = "vshu.cache.mixin"
    _description = "Kept in memory"

    @api.model_create_multi
    def create(self, vals_list):
        """Create records."""
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        """Change records."""
        res = super().write(vals)
        self.env.registry.clear_cache()
        return res

    def unlink(self):
        """Delete records."""
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        # the translation dialog passes by write()
        res = super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)
        self.env.registry.clear_cache()
        return res
