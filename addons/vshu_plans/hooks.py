from odoo.tools import SQL

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.addons.vshu_registry.tools.uninstall import keep_used, let_tables_go


def uninstall_hook(env):
    """Leave register and council working: plans go with their reviews, clocks and reminders.

    What the parents were told stays on record, with the signature and the paper, under the event that the register
    knows: the copy of a plan goes out with the placement.
    """
    activities = env["mail.activity"].with_context(active_test=False)
    activities.search([("res_model", "in", ("vshu.plan", "vshu.plan.review"))]).unlink()
    clocks = env["vshu.deadline"].search(["|", ("res_model", "=", "vshu.plan.review"), ("event", "=", "plan_needed")])
    clocks.unlink()
    # an own version's clock on an event that no case knows any more would stop every other one
    rules = env["vshu.deadline.rule"].with_context(active_test=False, **{MODULE_UNINSTALL_FLAG: True})
    rules.search([("event", "=", "plan_needed")]).unlink()
    env.flush_all()
    keep_used(env, "vshu_plans", "vshu_notice_rule", "vshu_notice", "rule_id")
    for table in ("vshu_notice_rule", "vshu_notice"):
        env.cr.execute(SQL("UPDATE %s SET event = 'placement' WHERE event = 'plan'", SQL.identifier(table)))
    let_tables_go(env, "vshu_plans")
    env.invalidate_all()
