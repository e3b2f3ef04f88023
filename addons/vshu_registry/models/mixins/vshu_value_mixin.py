"""Whatever a client sends is looked at before any code of a model works with it."""

import functools
from types import FunctionType

from odoo import models
from odoo.exceptions import AccessError, ValidationError

from ...tools.value_checks import check_ids, check_values

#: methods of Odoo that take values → their parameter
TAKES_VALUES = {
    "create": "vals_list",
    "write": "vals",
    "copy": "default",
    "onchange": "values",
    "default_get": "fields",
}


class VshuValueMixin(models.AbstractModel):
    """Puts the checks of values in front of every method of the register that can be called from outside.

    A model's own ``create`` or ``write`` comes before those of its mixins, and works with what was sent. So the checks
    do not lie in a mixin that each model inherits, and forgets: once all models are loaded they are laid over each of
    them, new ones too. What the server itself does as superuser is not looked at.
    """

    _name = "vshu.value.mixin"
    _description = "Checks of values"

    def _register_hook(self):
        super()._register_hook()
        for name, cls in self.env.registry.items():
            ours = name.startswith("vshu.")
            if cls._abstract or "_vshu_values_checked" in vars(cls):
                continue
            if ours or any(field.startswith("vshu_") for field in cls._fields):
                cls._vshu_values_checked = True
                for method in TAKES_VALUES:
                    _lay_over(cls, method, _check_call, not ours)
            for method in _own_methods(cls) - set(TAKES_VALUES) if ours else ():
                _lay_over(cls, method, _check_records, False)


def _own_methods(cls):
    """Return the names of the public methods that the register's addons define on a model."""
    return {
        name
        for base in cls.mro()
        if base.__module__.startswith("odoo.addons.vshu_")
        for name, method in vars(base).items()
        if isinstance(method, FunctionType) and not name.startswith("_")
    }


def _lay_over(cls, name, check, only_ours):
    """Let ``check`` come before the method ``name`` of the class of a model, for everybody but the superuser."""

    @functools.wraps(getattr(cls, name))
    def checked(self, *args, **kwargs):
        if not self.env.su:
            check(self, name, args, kwargs, only_ours)
        return getattr(super(cls, self), name)(*args, **kwargs)

    setattr(cls, name, checked)


def _check_records(self, name, args, kwargs, only_ours):
    check_ids(self)


def _check_call(self, name, args, kwargs, only_ours):
    """Check the records and the values of a call of one of TAKES_VALUES; a wrong signature is left to Python."""
    check_ids(self)
    context = {key[8:]: value for key, value in self.env.context.items() if key.startswith("default_")}
    if context and name != "write":
        # defaults of other models travel in the same context
        check_values(self, {field: value for field, value in context.items() if field in self._fields}, only_ours)
    given = args[0] if args else kwargs.get(TAKES_VALUES[name])
    if name == "default_get":
        if not isinstance(given, (list, tuple, set, dict)) or not all(isinstance(field, str) for field in given):
            raise ValidationError(
                self.env._("%s: the form does not fit this version. Reload the page.", self._description)
            )
        return
    if name == "create":
        for vals in given if isinstance(given, (list, tuple)) else [given]:
            check_values(self, vals, only_ours)
            _check_computed(self, vals, only_ours)
    elif name != "copy" or given is not None:
        check_values(self, given, only_ours, name == "onchange")
        if name == "write":
            _check_computed(self, given, only_ours)


def _check_computed(self, vals, only_ours):
    """Raise AccessError for what is read from elsewhere: Odoo would keep it until the end of the call, and note it."""
    forged = [
        field
        for field in map(self._fields.get, vals)
        if field
        and field.compute
        and field.readonly
        and not field.inverse
        and (field.name.startswith("vshu_") if only_ours else (field._module or "").startswith("vshu_"))
    ]
    if forged:
        raise AccessError(
            self.env._(
                "%s: computed by the system, not written by hand.",
                ", ".join(sorted(field._description_string(self.env) for field in forged)),
            )
        )
