"""The addons are installed, updated, removed one by one and installed again without a word of warning."""

from conftest import assert_clean
from vshudev import settings, testing

UNINSTALL = "env['ir.module.module'].search([('name', '=', '{name}')]).button_immediate_uninstall()"

#: what a school adds by itself: a field of its own on the case, and a view that shows it
OWN = """
case = env['ir.model']._get_id('vshu.case')
env['ir.model.fields'].create({'model_id': case, 'name': 'x_own', 'field_description': 'Own', 'ttype': 'char'})
form = env.ref('vshu_registry.view_vshu_case_form')
own = "<field name='curator_id' position='after'><field name='x_own'/></field>"
env['ir.ui.view'].create({'name': 'own', 'model': 'vshu.case', 'inherit_id': form.id, 'arch': own})
env.cr.commit()
"""


def test_life_of_the_addons(bench, installed, database, log_of):
    """Every step ends well and leaves a log without warnings; after removal no table is left.

    The first step, the installation, is that of ``installed``: its log is looked at there. A field and a view of the
    school's own on the case do not keep the addons from going (people.md "a custom field and an inherited view").
    """
    addons = by_dependency(settings.load().product)
    everything = ",".join(addons)
    bench.copy(installed, database)
    assert {_state(bench, database, addon) for addon in addons} == {"installed"}

    bench.run(database, f"--update={everything}", log=log_of("1-update"))
    assert_clean(log_of("1-update"))
    bench.shell(database, OWN, log=log_of("1-own"))

    for addon in reversed(addons):
        bench.shell(database, UNINSTALL.format(name=addon), log=log_of(f"2-uninstall-{addon}"))
        assert_clean(log_of(f"2-uninstall-{addon}"))
        assert _state(bench, database, addon) == "uninstalled"
    left = bench.server.sql("SELECT tablename FROM pg_tables WHERE tablename LIKE 'vshu\\_%'", database)
    assert left == []
    own = bench.server.sql("SELECT name FROM ir_model_fields WHERE name = 'x_own'", database)
    own += bench.server.sql("SELECT name FROM ir_ui_view WHERE name = 'own'", database)
    assert own == []

    bench.run(database, f"--init={everything}", log=log_of("3-install-again"))
    assert_clean(log_of("3-install-again"))
    assert {_state(bench, database, addon) for addon in addons} == {"installed"}


def test_demo_schools(bench, installed, database, log_of):
    """The demo schools are what they shall show (the addon's own tests); they stay without it, and are made once."""
    bench.copy(installed, database)
    log = log_of("1-install")
    bench.run(database, "--init=vshu_demo", "--test-tags=/vshu_demo", log=log)
    assert_clean(log)
    failed, errors, total = map(int, testing.RESULT.search(log.read_text(encoding="utf-8")).groups())
    assert (failed, errors) == (0, 0)
    assert total > 5

    def count():
        tables = ("vshu_school", "vshu_case", "vshu_meeting", "vshu_plan", "res_company", "res_users")
        return [bench.server.sql(f"SELECT count(*) FROM {table}", database)[0][0] for table in tables]

    made = count()
    bench.shell(database, UNINSTALL.format(name="vshu_demo"), log=log_of("2-uninstall"))
    assert_clean(log_of("2-uninstall"))
    assert count() == made
    bench.run(database, "--init=vshu_demo", log=log_of("3-install-again"))
    assert_clean(log_of("3-install-again"))
    assert count() == made


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
