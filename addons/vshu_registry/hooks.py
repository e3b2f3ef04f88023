from odoo.tools import SQL


def pre_init_hook(env):
    """Bring the Kazakh language, which Odoo does not ship, so that the addon's translation is loaded with it."""
    lang = env["res.lang"].with_context(active_test=False).search([("code", "=", "kk_KZ")], limit=1)
    if lang:
        lang.active = True
        return
    env["res.lang"].create(
        {
            "name": "Kazakh / Қазақша",
            "code": "kk_KZ",
            "iso_code": "kk",
            "url_code": "kk",
            "active": True,
            "direction": "ltr",
            "date_format": "%d.%m.%Y",
            "time_format": "%H:%M:%S",
            "week_start": "1",
            "grouping": "[3,0]",
            "decimal_point": ",",
            "thousands_sep": "\u00a0",
        }
    )


def uninstall_hook(env):
    """Let the tables go in any order: Odoo deletes the records of the regulations first, which cases refer to.

    Reminders of cases go as well: they hold the addon's kind of activity. Pupils and parents stay as plain contacts,
    which every employee reads: “Archive the pupils and parents” on the form of the school archives them before, and the
    dialog of the removal says so.
    """
    env["mail.activity"].with_context(active_test=False).search([("res_model", "=like", "vshu.%")]).unlink()
    rows = env.execute_query(
        SQL(
            """SELECT c.conrelid::regclass::text, c.conname
                 FROM pg_constraint c
                 JOIN pg_class source ON source.oid = c.conrelid
                 JOIN pg_class target ON target.oid = c.confrelid
                WHERE c.contype = 'f' AND c.confdeltype IN ('a', 'r')
                  AND (source.relname LIKE %(own)s OR target.relname LIKE %(own)s)
                  AND source.relnamespace = current_schema::regnamespace""",
            own=r"vshu\_%",
        )
    )
    for table, constraint in rows:
        env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(constraint)))
