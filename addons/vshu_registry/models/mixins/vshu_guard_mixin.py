from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.guard import is_guarded, without_defaults
from ...tools.link_values import find_links


class VshuGuardMixin(models.AbstractModel):
    """Fields that only the record's own actions write: no call from outside makes or changes them.

    The actions check right and state, then write through ``guarded()``. ``create`` of the model begins with
    ``_guard_create``, since it may fill in such fields itself.
    """

    _name = "vshu.guard.mixin"
    _description = "Written by its own actions only"

    #: name of a guarded field → the value that a new record has; it may be named at creation
    _guarded_fields = {}

    @api.model
    def _guard_create(self, vals_list):
        """Return ``self`` without the caller's defaults for guarded fields; to be called first in ``create``.

        Raises AccessError where a guarded field is given another value than the first one.
        """
        if is_guarded(self.env):
            return self
        for vals in vals_list:
            find_links(self.browse(), vals, {})  # what names no record is refused before it is looked at
            self._check_guarded(
                {name for name, first in self._guarded_fields.items() if vals.get(name) and vals[name] != first}
            )
        return without_defaults(self, self._guarded_fields)

    def write(self, vals):
        """Change records; raises AccessError where a guarded field is named."""
        if not is_guarded(self.env):
            self._check_guarded(self._guarded_fields.keys() & vals.keys())
        return super().write(vals)

    @api.model
    def _check_guarded(self, names):
        if names:
            labels = sorted(self._fields[name]._description_string(self.env) for name in names)
            raise AccessError(self._guarded_message(", ".join(labels)))

    @api.model
    def _guarded_message(self, labels):
        """Return what is said to whoever writes the fields ``labels`` by hand."""
        return self.env._("%s: changed by the buttons of the record only, which check right and state.", labels)
