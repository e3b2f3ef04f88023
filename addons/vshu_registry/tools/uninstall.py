"""For hooks of removal: an addon goes, what the register knows stays."""

from odoo.tools import SQL


def keep_used(env, module, table, user, link):
    """Keep what ``module`` brought into the catalogue ``table`` and what is in use: archived, without external id.

    In use is what the column ``link`` of the table ``user`` refers to. Nothing is returned.
    """
    model = table.replace("_", ".")
    used = SQL(
        "SELECT DISTINCT d.res_id FROM ir_model_data d JOIN %(user)s u ON u.%(link)s = d.res_id"
        " WHERE d.module = %(module)s AND d.model = %(model)s",
        module=module,
        user=SQL.identifier(user),
        link=SQL.identifier(link),
        model=model,
    )
    ids = tuple(row[0] for row in env.execute_query(used))
    if not ids:
        return
    env.cr.execute(
        SQL("DELETE FROM ir_model_data WHERE module = %s AND model = %s AND res_id IN %s", module, model, ids)
    )
    env.cr.execute(SQL("UPDATE %s SET active = false WHERE id IN %s", SQL.identifier(table), ids))


def let_tables_go(env, module):
    """Let the own tables of ``module`` go in any order: the references among them stand in the way of each other."""
    own = tuple(
        model.replace(".", "_")
        for model in env.registry
        if model.startswith("vshu.") and env.registry[model]._original_module == module
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
