from odoo.addons.vshu_registry.tools.uninstall import let_tables_go


def uninstall_hook(env):
    """Leave the register working: the lists go, whom and what they brought in stays."""
    let_tables_go(env, "vshu_import")
    env.invalidate_all()
