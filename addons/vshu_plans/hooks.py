from odoo.addons.vshu_council.hooks import let_tables_go


def uninstall_hook(env):
    """Leave register and council working: plans go with their reviews, clocks, reminders and the parents' copies."""
    activities = env["mail.activity"].with_context(active_test=False)
    activities.search([("res_model", "in", ("vshu.plan", "vshu.plan.review"))]).unlink()
    env["vshu.deadline"].search([("res_model", "=", "vshu.plan.review")]).unlink()
    env.flush_all()
    let_tables_go(env, "vshu_plans")
    env.invalidate_all()
