from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.link_values import check_links, check_scalars, find_links, is_ours


class Base(models.AbstractModel):
    """A form that is not saved yet shows as little of other records as a saved one.

    ``onchange`` and default values take any id and show what follows from it: names, related fields, all that is
    computed. The web server asks nobody whether the caller may read that record, and what is computed in sudo lies in
    the cache for the rest of the call. So every model is asked here, Odoo's own ones that link to the register too.
    """

    _inherit = "base"

    def onchange(self, values, field_names, fields_spec):
        """Return what follows from changes on a form (see Odoo).

        Raises AccessError for a link to what the user may not read, ValidationError for what is no value at all.
        """
        if not self.env.su:
            if is_ours(self._name):
                self._vshu_check_call(values, field_names, fields_spec)
            found = {}
            find_links(self.browse(), values, found, self if len(self) == 1 else None)
            check_links(self.env, found, self._name)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def default_get(self, fields):
        """Return default values (see Odoo).

        Raises AccessError where the context, or a default that the user has laid down, names what they may not read.
        """
        if not self.env.su:
            given = {}
            for name in fields:
                key = f"default_{name}"
                if key in self.env.context:
                    given[name] = self.env.context[key]
            # a user lays down defaults of their own with any value
            laid_down = self.env["ir.default"]._get_model_defaults(self._name)
            given.update({name: laid_down[name] for name in laid_down.keys() & set(fields) - given.keys()})
            if given:
                if is_ours(self._name):
                    check_scalars(self, given)
                found = {}
                find_links(self.browse(), given, found)
                check_links(self.env, found, self._name)
        return super().default_get(fields)

    def _vshu_check_call(self, values, field_names, fields_spec):
        """Raise ValidationError where the arguments of ``onchange`` are none."""
        if (
            not isinstance(values, dict)
            or not isinstance(field_names, (list, tuple))
            or not isinstance(fields_spec, dict)
            or not all(isinstance(name, str) for name in field_names)
            or not all(isinstance(spec, dict) for spec in fields_spec.values())
            or not (values.keys() | set(field_names) | fields_spec.keys()) - {"id"} <= self._fields.keys()
            or not set(field_names) <= values.keys()
        ):
            raise ValidationError(
                self.env._("%s: the form does not fit this version. Reload the page.", self._description)
            )
        check_scalars(self, values)
