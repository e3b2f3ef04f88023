"""Each addon is installed, updated, removed and installed again without a word of warning."""

import pytest
from conftest import assert_clean
from vshudev import settings

UNINSTALL = "env['ir.module.module'].search([('name', '=', '{name}')]).button_immediate_uninstall()"


@pytest.mark.parametrize("addon", settings.load().addon_names)
def test_life_of_an_addon(bench, database, log_of, addon):
    """Every step ends well and leaves a log without warnings; after removal no table is left."""
    bench.run(database, f"--init={addon}", log=log_of("1-install"))
    assert_clean(log_of("1-install"))
    assert _state(bench, database, addon) == "installed"

    bench.run(database, f"--update={addon}", log=log_of("2-update"))
    assert_clean(log_of("2-update"))

    bench.shell(database, UNINSTALL.format(name=addon), log=log_of("3-uninstall"))
    assert_clean(log_of("3-uninstall"))
    assert _state(bench, database, addon) == "uninstalled"
    if addon == "vshu_registry":
        left = bench.server.sql("SELECT tablename FROM pg_tables WHERE tablename LIKE 'vshu\\_%'", database)
        assert left == []

    bench.run(database, f"--init={addon}", log=log_of("4-install-again"))
    assert_clean(log_of("4-install-again"))
    assert _state(bench, database, addon) == "installed"


def _state(bench, database, addon):
    return bench.server.sql(f"SELECT state FROM ir_module_module WHERE name = '{addon}'", database)[0][0]
