"""Late measures whose reminders went with an earlier version of the plan, or when they were done and reopened, come up
anew."""

from odoo import SUPERUSER_ID, api

from odoo.addons.vshu_registry.tools.guard import guarded


def migrate(cr, version):
    """Let the next night tell of late measures that lie on nobody's desk. Safe to run twice."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False, "tracking_disable": True})
    told = env["vshu.plan.task"].search([("state", "=", "open"), ("told", ">", 0), ("plan_id.state", "=", "in_force")])
    reminded = env["mail.activity"].search(
        [
            ("res_model", "=", "vshu.plan"),
            ("res_id", "in", told.plan_id.ids),
            ("activity_type_id", "=", env.ref("vshu_plans.activity_type_late").id),
        ]
    )
    plans = set(reminded.mapped("res_id"))
    guarded(told.filtered(lambda task: task.plan_id.id not in plans)).write({"told": 0})
