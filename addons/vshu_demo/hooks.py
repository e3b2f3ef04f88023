from odoo.tools import SQL

#: the addon's own name in external ids, and the one that they have while it is not installed
HERE, AWAY = "vshu_demo", "__vshu_demo__"


def pre_init_hook(env):
    """Take back the names (external ids) of an earlier installation's companies and people: no second demo is made."""
    rename(env, AWAY, HERE)


def uninstall_hook(env):
    """Let the demo schools stay: a removal would delete whatever has one of the addon's names.

    Cases, classes and papers lose their names, for their tables may go as well, and a name would then mean another
    record of the next installation. Companies and people keep theirs, so that nobody makes them twice.
    """
    env.cr.execute(SQL("DELETE FROM ir_model_data WHERE module = %s AND model LIKE %s", HERE, r"vshu.%"))
    rename(env, HERE, AWAY)


def rename(env, old, new):
    """Let companies, people and log-ins have their names under another addon."""
    env.cr.execute(
        SQL(
            "UPDATE ir_model_data SET module = %s, noupdate = TRUE WHERE module = %s AND model NOT LIKE %s",
            new,
            old,
            r"ir.%",
        )
    )
    env.registry.clear_cache()
