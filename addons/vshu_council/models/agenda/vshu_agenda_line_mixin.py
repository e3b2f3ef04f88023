from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.vshu_registry.models.mixins.vshu_kept_mixin import may_delete
from odoo.addons.vshu_registry.tools.guard import is_guarded


class VshuAgendaLineMixin(models.AbstractModel):
    """A line of an item: written by who keeps the minutes, while they bear no signature (KZ-13)."""

    _name = "vshu.agenda.line.mixin"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Line of an item"

    item_id = fields.Many2one("vshu.agenda.item", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="item_id.company_id", store=True, index=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Add lines; raises as the item does where it is not written now, or not by this user."""
        lines = super().create(vals_list)
        lines._check_keep()
        return lines

    def write(self, vals):
        """Change lines; raises as create."""
        self._check_keep()
        res = super().write(vals)
        if "item_id" in vals:
            self._check_keep()
        return res

    def unlink(self):
        """Take lines away; raises as create."""
        self._check_keep()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_of_open_item(self):
        # what was carried out keeps its lines, superuser or not
        if not may_delete(self.env):
            for item in self.item_id.filtered(lambda item: item.state not in ("waiting", "scheduled")):
                raise UserError(self.env._("%s has been decided and keeps what was said and voted.", item.display_name))

    def _check_keep(self):
        if not is_guarded(self.env):
            self.item_id._check_keep()
