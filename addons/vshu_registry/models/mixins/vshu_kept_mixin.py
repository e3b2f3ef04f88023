from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ...tools.guard import is_guarded
from ...tools.links_to import linked_ids


def may_delete(env):
    """Tell whether ``env`` is that of a transition of the register, or of its installation, update or removal."""
    return is_guarded(env) or not env.registry.ready


class VshuKeptMixin(models.AbstractModel):
    """A fact that stays on record: a slip is taken out by hand within a day of its entry, later it ends by its dates.

    No other tool deletes it, superuser or not.
    """

    _name = "vshu.kept.mixin"
    _description = "Stays on record"

    #: a slip may be taken out for so long; None: never
    _slip_hours = 24

    @api.ondelete(at_uninstall=False)
    def _unlink_kept(self):
        if not may_delete(self.env) and (kept := self._kept()):
            raise UserError(self._kept_message(kept[0]))

    def _kept(self):
        """Return those of the records that stay on record."""
        if self._slip_hours is None or self.env.su:
            return self
        before = self.env.cr.now() - timedelta(hours=self._slip_hours)
        linked = linked_ids(self.env, self._name, self.ids)
        return self.filtered(lambda record: record.id in linked or (record.create_date and record.create_date < before))

    def _kept_message(self, record):
        """Return why ``record`` is not deleted, and what is done instead."""
        if self._slip_hours is None:
            return self.env._("“%s” stays on record: it is never deleted.", record.display_name)
        return self.env._(
            "“%s” stays on record: only a slip is deleted by hand, within a day of its entry and while nothing refers "
            "to it. Enter its last day instead.",
            record.display_name,
        )
