import functools

from odoo import api, models
from odoo.fields import Domain


class VshuRuleMixin(models.AbstractModel):
    """Checks record rules that reach into other models in one query.

    Odoo evaluates a rule on records that are read already in Python, which reads every relation that the rule names:
    enrolments, classes, class teachers, stand-ins. Those are six queries at each check for a class teacher. The
    database answers the same question at once.
    """

    _name = "vshu.rule.mixin"
    _description = "Rules checked in one query"

    #: fields that record rules search by: what the user has to do with a record; nobody reads them
    _rule_fields = ()

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_rule_fields(self):
        """Find by the search of each field, for whoever evaluates a rule record by record."""
        for name in self._rule_fields:
            found = self.search([("id", "in", self.ids), (name, "=", True)])
            for record in self:
                record[name] = record._origin in found

    def _check_access(self, operation):
        if self.env.su or not self._ids or not all(self._ids):
            return super()._check_access(operation)
        rules = self.env["ir.rule"]
        domain = Domain(rules._compute_domain(self._name, operation))
        if not any(
            "any" in condition.operator or "." in condition.field_expr or condition.field_expr in self._rule_fields
            for condition in domain.iter_conditions()
        ):
            return super()._check_access(operation)
        if refused := self.browse()._check_access(operation):
            return self, refused[1]
        # sudo: as Odoo evaluates rules; only the user's own right is asked for
        model = self.sudo().with_context(active_test=False)
        forbidden = self - self.browse(model.search(domain & Domain("id", "in", self.ids), order="id").ids)
        if forbidden:
            return forbidden, functools.partial(rules._make_access_error, operation, forbidden)
        return None
