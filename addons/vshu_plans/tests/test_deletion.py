"""Nothing of an approved plan is deleted past its own guards, superuser or not (security.md 6)."""

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PlansCommon

KEPT = {
    "vshu.measure.section",
    "vshu.measure.type",
    "vshu.plan",
    "vshu.plan.goal",
    "vshu.plan.measure",
    "vshu.plan.review",
    "vshu.plan.rule",
    "vshu.plan.task",
}
#: templates are copied into plans: nothing refers to their lines
FREE = {"vshu.plan.template", "vshu.plan.template.goal", "vshu.plan.template.line"}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestDeletion(PlansCommon):
    def test_superuser(self):
        """A plan in force with a review: no part of it goes, by the superuser either; its catalogue stays."""
        own = {
            name
            for name, cls in self.env.registry.items()
            if cls._original_module == "vshu_plans" and not cls._abstract and not cls._transient
        }
        self.assertEqual(own, KEPT | FREE)
        plan = self.small_plan(
            self.kz, self.active_case(self.kz), [{}, {"repeat": "monthly", "date_until": "2027-01-11"}]
        )
        with freeze_time("2027-01-01 06:00:00"):
            self.nightly()  # the review of the quarter opens
        used = {
            "vshu.measure.section": plan.measure_ids.type_id.section_id,
            "vshu.measure.type": plan.measure_ids.type_id,
            "vshu.plan": plan,
            "vshu.plan.goal": plan.goal_ids,
            "vshu.plan.measure": plan.measure_ids,
            "vshu.plan.review": self.env["vshu.plan.review"].search([("plan_id", "=", plan.id)]),
            "vshu.plan.rule": self.env["vshu.plan.rule"].search([]),
            "vshu.plan.task": self.env["vshu.plan.task"].search([("plan_id", "=", plan.id)]),
        }
        self.assertEqual(used.keys(), KEPT)
        for name, records in used.items():
            self.assertTrue(records, f"{name}: nothing to test with")
            for record in self.env[name].browse(records[:2].ids):
                with self.subTest(model=name), self.assertRaises(UserError), self.env.cr.savepoint():
                    record.sudo().unlink()
                self.assertTrue(record.exists(), name)
