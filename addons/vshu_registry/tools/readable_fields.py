"""Relations that are searched with the rights of whoever searches.

Odoo answers ``in`` and ``not in`` on a One2many or Many2many in sudo, also ``!= False``: whoever may read a contact
could list the children who have a case, without the right on a single one.
"""

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL


class _Readable:
    """Mixin of relational fields, see above."""

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        if model.env.su or operator not in ("in", "not in") or isinstance(value, SQL):
            return super().condition_to_sql(field_expr, operator, value, model, alias, query)
        found, missing = ("any", "not any") if operator == "in" else ("not any", "any")
        values = list(value)
        parts = []
        if any(values):
            of_these = Domain("id", "in", [val for val in values if val])
            parts.append(super().condition_to_sql(field_expr, found, of_these, model, alias, query))
        if not all(values):
            parts.append(super().condition_to_sql(field_expr, missing, Domain.TRUE, model, alias, query))
        joint = SQL(" OR ") if operator == "in" else SQL(" AND ")
        return SQL("(%s)", joint.join(parts)) if parts else SQL("FALSE" if operator == "in" else "TRUE")


class ReadableOne2many(_Readable, fields.One2many):
    """A One2many that finds by what the user may read."""


class ReadableMany2many(_Readable, fields.Many2many):
    """A Many2many that finds by what the user may read."""
