"""Record rules: what they search by is found by the database, not record by record from what is in memory."""

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import VshuCommon


@tagged("post_install", "-at_install")
class TestRules(VshuCommon):
    def test_in_one_query(self):
        """Whoever has a rule that reaches further than its own columns checks it in one query (``vshu.rule.mixin``).

        Odoo would evaluate it in Python, from values that were computed before the day or a stand-in changed.
        """
        mixin, found = self.env.registry["vshu.rule.mixin"], 0
        for rule in self.env["ir.rule"].search([("model_id.model", "=like", "vshu.%")]):
            model = self.env[rule.model_id.model]
            domain = Domain(safe_eval(rule.domain_force or "[]", rule._eval_context()))
            for condition in domain.iter_conditions():
                last = self.last_field(model, condition.field_expr)
                if not last.store and last.groups == ".":
                    found += 1
                    self.assertIsInstance(model, mixin, rule.name)
        self.assertGreater(found, 50)

    def last_field(self, model, path):
        """Return the field at the end of ``path``."""
        *names, last = path.split(".")
        for name in names:
            model = self.env[model._fields[name].comodel_name]
        return model._fields[last]

    def test_fields_are_nobodys(self):
        """What rules search by says who sees what: nobody reads it, and each of its names is a field with a search."""
        for name, cls in self.env.registry.items():
            for field in getattr(cls, "_rule_fields", ()):
                if not cls._abstract:
                    self.assertEqual(cls._fields[field].groups, ".", f"{name}.{field}")
                    self.assertTrue(cls._fields[field].search, f"{name}.{field}")
