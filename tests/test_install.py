"""The addons are installed, updated, removed one by one and installed again without a word of warning."""

from conftest import assert_clean
from vshudev import settings

UNINSTALL = "env['ir.module.module'].search([('name', '=', '{name}')]).button_immediate_uninstall()"


def test_life_of_the_addons(bench, installed, database, log_of):
    """Every step ends well and leaves a log without warnings; after removal no table is left.

    The first step, the installation, is that of ``installed``: its log is looked at there.
    """
    addons = by_dependency(settings.load().addon_names)
    everything = ",".join(addons)
    bench.copy(installed, database)
    assert {_state(bench, database, addon) for addon in addons} == {"installed"}

    bench.run(database, f"--update={everything}", log=log_of("1-update"))
    assert_clean(log_of("1-update"))

    for addon in reversed(addons):
        bench.shell(database, UNINSTALL.format(name=addon), log=log_of(f"2-uninstall-{addon}"))
        assert_clean(log_of(f"2-uninstall-{addon}"))
        assert _state(bench, database, addon) == "uninstalled"
    left = bench.server.sql("SELECT tablename FROM pg_tables WHERE tablename LIKE 'vshu\\_%'", database)
    assert left == []

    bench.run(database, f"--init={everything}", log=log_of("3-install-again"))
    assert_clean(log_of("3-install-again"))
    assert {_state(bench, database, addon) for addon in addons} == {"installed"}


def by_dependency(names):
    """Return the addons, each after those that it depends on."""
    ordered = []

    def add(name):
        for needed in settings.manifest(name)["depends"]:
            if needed in names and needed not in ordered:
                add(needed)
        if name not in ordered:
            ordered.append(name)

    for name in names:
        add(name)
    return ordered


def _state(bench, database, addon):
    return bench.server.sql(f"SELECT state FROM ir_module_module WHERE name = '{addon}'", database)[0][0]
