from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.vshu_registry.models.mixins.vshu_kept_mixin import may_delete


class VshuPlanPartMixin(models.AbstractModel):
    """Goals and measures of a plan or template: they change as long as what they belong to may be changed.

    The model names its parent in ``_parent_field``; the parent has ``_check_editable``.
    """

    _name = "vshu.plan.part.mixin"
    _inherit = "vshu.link.mixin"
    _description = "Part of a plan or template"

    _parent_field = None

    @api.model_create_multi
    def create(self, vals_list):
        """Add parts; raises as changing what they belong to does."""
        parts = super().create(vals_list)
        parts[self._parent_field]._check_editable()
        return parts

    def write(self, vals):
        """Change parts; raises as changing what they belong to does."""
        parent = self._parent_field
        # Odoo names the parent once more where a line is written through it
        stays = parent in vals and all(part[parent].id == vals[parent] for part in self)
        if self._part_touched({name: value for name, value in vals.items() if name != parent or not stays}):
            self[parent]._check_editable()
        res = super().write(vals)
        if parent in vals and not stays:
            self[parent]._check_editable()
        return res

    def _part_touched(self, vals):
        """Tell whether writing ``vals`` changes what the plan says."""
        return bool(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        # the translation dialog passes by write()
        self[self._parent_field]._check_editable()
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    @api.ondelete(at_uninstall=False)
    def _unlink_editable(self):
        parents = self[self._parent_field]
        parents._check_editable()
        if "state" in parents._fields and not may_delete(self.env):
            # an approved plan keeps its parts, superuser or not
            for parent in parents.filtered(lambda plan: plan.state != "draft"):
                raise UserError(self.env._("%s was approved and keeps what it says.", parent.display_name))
