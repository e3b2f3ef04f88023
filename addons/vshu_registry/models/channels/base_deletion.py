from odoo import api, models

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

#: records of others that the register guards against deletion
GUARDED_MODELS = ("res.partner", "res.company", "hr.employee")


class Base(models.AbstractModel):
    """Nothing of the register is deleted past its guards: not by a word in the context, not along with a parent."""

    _inherit = "base"

    def unlink(self):
        """Delete records; those of the register only where their guards let each of them go."""
        records = self
        if self.env.context.get(MODULE_UNINSTALL_FLAG) and self.env.registry.ready:
            # addons are removed while the registry is being loaded; anybody else has only named the key
            if self._name.startswith("vshu.") or self._name in GUARDED_MODELS:
                records = self.with_context(**{MODULE_UNINSTALL_FLAG: False})
        return super(Base, records).unlink()

    @api.ondelete(at_uninstall=False)
    def _vshu_unlink_along(self):
        """Ask the guards of what the database would delete along with records of the register."""
        if not self._name.startswith("vshu.") or not self.env.registry.ready:
            return
        for name, model in self.env.registry.items():
            if not name.startswith("vshu.") or model._abstract or model._transient or not model._auto:
                continue
            if getattr(model, "_goes_along", False):
                continue
            for field in model._fields.values():
                if field.type != "many2one" or not field.store or field.ondelete != "cascade":
                    continue
                if field.comodel_name != self._name:
                    continue
                # sudo: what the user may not see is not deleted along with what they see
                lines = self.env[name].sudo().with_context(active_test=False).search([(field.name, "in", self.ids)])
                lines = lines.sudo(self.env.su)
                if name == self._name:
                    lines -= self  # the first version of a plan is its own root
                for check in lines._ondelete_methods if lines else ():
                    check(lines)
