from odoo.tools import SQL


def uninstall_hook(env):
    """Leave register and council working: plans go with their reviews, clocks, reminders and the parents' copies."""
    activities = env["mail.activity"].with_context(active_test=False)
    activities.search([("res_model", "in", ("vshu.plan", "vshu.plan.review"))]).unlink()
    env["vshu.deadline"].search([("res_model", "=", "vshu.plan.review")]).unlink()
    env.flush_all()
    _let_tables_go(env)
    env.invalidate_all()


def _let_tables_go(env):
    """Let the addon's own tables go in any order: the references among them stand in the way of each other."""
    own = tuple(
        model.replace(".", "_")
        for model in env.registry
        if model.startswith("vshu.") and env.registry[model]._original_module == "vshu_plans"
    )
    rows = env.execute_query(
        SQL(
            """SELECT c.conrelid::regclass::text, c.conname
                 FROM pg_constraint c
                 JOIN pg_class source ON source.oid = c.conrelid
                 JOIN pg_class target ON target.oid = c.confrelid
                WHERE c.contype = 'f' AND c.confdeltype IN ('a', 'r')
                  AND (source.relname IN %(own)s OR target.relname IN %(own)s)
                  AND source.relnamespace = current_schema::regnamespace""",
            own=own,
        )
    )
    for table, constraint in rows:
        env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(constraint)))
