"""A school that runs a released version updates and finds everything as it was.

Released versions lie in ``tests/released``. Each is installed with its demo schools, which hold cases in every state,
then updated with the addons of the checkout.
"""

import json
import re
import zipfile

import pytest
from conftest import ROOT, assert_clean
from test_install import UNINSTALL

RELEASED = ROOT / "tests" / "released"
#: what was released together, named after the register's version
RELEASES = {
    "19.0.1.0.0": ("vshu_registry-19.0.1.0.0",),
    "19.0.2.1.0": ("vshu_registry-19.0.2.1.0", "vshu_council-19.0.1.0.1", "vshu_plans-19.0.1.0.0"),
    "19.0.3.0.0": ("vshu_registry-19.0.3.0.0", "vshu_council-19.0.2.0.0", "vshu_plans-19.0.2.0.0"),
}
#: columns that an update writes by itself, or that follow from the data that the addon ships
FOLLOWS = {"write_date", "write_uid"}
#: (table, column) that a newer version keeps elsewhere or counts in another way, with the reason why
MOVED = {
    ("vshu_deadline", "reference"): "numbers and days only: its words were in the language of whoever ran the job",
    ("vshu_document", "note"): "the words of a sealed paper go to the paper that only its readers open",
}

#: external ids that went with what they named, and why
GONE = re.compile(
    r"vshu_\w+\.(model|field)_(vshu_demo|vshu_council_demo|vshu_plans_demo)\w*"  # the demo is an addon of its own
    r"|vshu_registry\.view_\w+_(dossier|interventions|petitions|sealed|notices|cases|card|move|merge|close|grades|ends|takeover)"
    # … views that extended views of their own addon stand in these now
)

#: (table, column, old value, new value or None for any): what a newer version knows better
KNOWN_BETTER = {
    ("vshu_document", "date_due", None, None): "papers that the regulation wants by a day have that day now",
    ("vshu_document", "state", "missing", "due"): "so they are expected until then",
}


#: the demo's councils of both schools: what was held is signed and carried out
COUNCIL_AT_WORK = """
for minutes in env['vshu.minutes'].search([('state', '=', 'draft')]):
    head = minutes.meeting_id.presiding_id.user_id
    minutes.with_user(head).with_context(allowed_company_ids=minutes.company_id.ids).action_sign()
assert not env['vshu.minutes'].search_count([('state', '=', 'draft')])
env.cr.commit()
"""
#: plans in every state for both demo schools; a night is done
PLANS_AT_WORK = """
assert set(env['vshu.plan'].search([]).mapped('state')) >= {'draft', 'in_force', 'replaced', 'closed'}
assert env['vshu.plan.task'].search_count([('state', '=', 'done')])
env['vshu.case']._cron_nightly()
env.cr.commit()
"""
DECISIONS = (
    "SELECT d.id, k.code, d.text FROM vshu_decision d JOIN vshu_decision_kind k ON k.id = d.kind_id"
    " WHERE d.state = 'done' ORDER BY d.id"
)
TOLD = "SELECT id, number, state, date_acknowledged, guardian_id FROM vshu_notice ORDER BY id"
#: the register without the council: screens are read, a case goes on, the night works
REGISTER_AT_WORK = """
cases = env['vshu.case'].search([])
assert cases.mapped('display_name') and cases.mapped('next_step')
assert env['vshu.decision'].search([]).mapped('display_name')
env['vshu.notice'].search([]).mapped('display_name')
case = cases.filtered(lambda c: c.state == 'submitted')[:1]
kinds = case._allowed_decision_kinds()
assert kinds and 'keep' not in kinds.mapped('effect')
env['vshu.case']._nightly_steps()
env.cr.commit()
"""


def known_better(table, name, old, new):
    """Tell whether a newer version was to change the value."""
    return (table, name, old, new) in KNOWN_BETTER or (table, name, old, None) in KNOWN_BETTER


def tables(bench, database):
    """Return {table: columns} of the addon's own tables and of its columns on people."""
    rows = bench.server.sql(
        r"SELECT c.table_name, c.column_name FROM information_schema.columns c"
        r" JOIN information_schema.tables t USING (table_schema, table_name)"
        r" WHERE t.table_type = 'BASE TABLE' AND (c.table_name LIKE 'vshu\_%'"
        r" OR (c.table_name = 'res_partner' AND c.column_name LIKE 'vshu\_%'))",
        database,
    )
    found = {}
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    return found


def content(bench, database, wanted):
    """Return {table: {key: row}}; the key is the id, or the whole row where a table has none."""
    result = {}
    for table, columns in wanted.items():
        rows = {}
        for (text,) in bench.server.sql(f'SELECT to_jsonb(t) FROM "{table}" t', database):
            row = json.loads(text)
            key = row.get("id", tuple(sorted(row.items())))
            rows[key] = {name: value for name, value in row.items() if name in columns}
        result[table] = rows
    return result


def catalogues(bench, database):
    """Return {table: ids} of the records that the addon's data files keep up to date."""
    rows = bench.server.sql(
        "SELECT replace(model, '.', '_'), res_id FROM ir_model_data WHERE module LIKE 'vshu%' AND model LIKE 'vshu.%'",
        database,
    )
    found = {}
    for table, id_ in rows:
        found.setdefault(table, set()).add(int(id_))
    return found


def names(bench, database):
    """Return {(model, id): external id} of all that the addons declare."""
    rows = bench.server.sql(
        r"SELECT model, res_id, module || '.' || name FROM ir_model_data WHERE module LIKE 'vshu\_%'", database
    )
    return {(model, id_): name for model, id_, name in rows}


def test_every_release_is_tried():
    """A zip that nothing updates from would prove nothing."""
    assert {f"{name}.zip" for names in RELEASES.values() for name in names} == {p.name for p in RELEASED.glob("*.zip")}


def install_release(bench, database, log, folder, release):
    """Install the released addons with their demo schools, and do a night's work. Returns their names."""
    addons = []
    for name in RELEASES[release]:
        with zipfile.ZipFile(RELEASED / f"{name}.zip") as released:
            released.extractall(folder)
        addons.append(name.rpartition("-")[0])
    folders = bench.odoo.addons_path.rpartition(",")[0]
    bench.server.sql("UPDATE ir_module_module SET demo = true WHERE state = 'installed'", database)
    bench.run(
        database,
        f"--addons-path={folders},{folder}",
        f"--init={','.join(addons)}",
        "--with-demo",
        log=log("1-released"),
    )
    assert_clean(log("1-released"))
    return addons


def update_keeps_everything(bench, database, log, addons):
    """Update the addons twice and compare every row.

    :return: (columns, rows) after the second update
    """
    columns = tables(bench, database)
    before = content(bench, database, columns)
    shipped = catalogues(bench, database)
    files = bench.server.sql("SELECT id, checksum FROM ir_attachment WHERE res_model LIKE 'vshu.%'", database)
    called = names(bench, database)
    assert len(before["vshu_case"]) > 50, "the demo schools of the released version are missing"

    bench.run(database, f"--update={','.join(addons)}", log=log("2-update"))
    assert_clean(log("2-update"))
    now = tables(bench, database)
    after = content(bench, database, now)
    lost = []
    for table, rows in before.items():
        if table not in now:
            lost.append(f"{table} is gone")
            continue
        kept = (columns[table] & now[table]) - FOLLOWS
        lost += [f"{table}.{name} is gone" for name in columns[table] - now[table] if (table, name) not in MOVED]
        for key, row in rows.items():
            found = after[table].get(key)
            if found is None:
                lost.append(f"{table} {key} is gone")
            elif isinstance(key, int) and key not in shipped.get(table, ()):
                changed = {name for name in kept if row[name] != found[name]}
                lost += [
                    f"{table} {key}: {name} {row[name]!r} → {found[name]!r}"
                    for name in sorted(changed)
                    if (table, name) not in MOVED and not known_better(table, name, row[name], found[name])
                ]
    assert not lost, "\n".join(lost[:50])
    calls = names(bench, database)
    gone = sorted(name for key, name in called.items() if key not in calls and not GONE.fullmatch(name))
    assert not gone, f"declared before, unknown now: {gone}"
    left = bench.server.sql("SELECT id, checksum FROM ir_attachment WHERE res_model LIKE 'vshu.%'", database)
    assert {tuple(row) for row in files} <= {tuple(row) for row in left}

    bench.run(database, f"--update={','.join(addons)}", log=log("3-again"))
    assert_clean(log("3-again"))
    again = content(bench, database, now)
    assert {table: len(rows) for table, rows in again.items()} == {table: len(rows) for table, rows in after.items()}
    return now, again


def addons_go(bench, database, log_of):
    """Remove plans, council and register one after the other: what they told and decided stays, people stay."""
    decided = bench.server.sql(DECISIONS, database)
    told = bench.server.sql(TOLD, database)
    assert bench.server.sql("SELECT count(*) FROM vshu_notice WHERE event = 'plan'", database)[0][0] not in (0, "0")
    bench.shell(database, UNINSTALL.format(name="vshu_plans"), log=log_of("5-plans-go"))
    assert_clean(log_of("5-plans-go"))
    assert bench.server.sql(TOLD, database) == told, "what parents were told of is lost"
    assert bench.server.sql(DECISIONS, database) == decided
    assert not [table for table in tables(bench, database) if table.startswith(("vshu_plan", "vshu_measure"))]

    bench.shell(database, UNINSTALL.format(name="vshu_council"), log=log_of("6-council-goes"))
    assert_clean(log_of("6-council-goes"))
    assert bench.server.sql(DECISIONS, database) == decided
    assert not [table for table in tables(bench, database) if table.startswith(("vshu_meeting", "vshu_council"))]
    bench.shell(database, REGISTER_AT_WORK, log=log_of("7-register-at-work"))
    assert_clean(log_of("7-register-at-work"))

    # a used register goes as quietly as an empty one; people stay
    people = bench.server.sql("SELECT count(*) FROM res_partner", database)
    bench.shell(database, UNINSTALL.format(name="vshu_registry"), log=log_of("8-uninstall"))
    assert_clean(log_of("8-uninstall"))
    assert not [table for table in tables(bench, database) if table.startswith("vshu_")]
    assert bench.server.sql("SELECT count(*) FROM res_partner", database) == people


@pytest.mark.parametrize("release", [pytest.param("19.0.2.1.0", marks=pytest.mark.slow), "19.0.3.0.0"])
def test_update_of_all_addons(bench, database, log_of, tmp_path, release):
    """Register, council and plans as released: each row is there after the update; what is wrong in it is listed."""
    addons = install_release(bench, database, log_of, tmp_path, release)
    now, _rows = update_keeps_everything(bench, database, log_of, addons)
    assert {"vshu_plan", "vshu_minutes"} <= now.keys()
    found = bench.server.sql("SELECT code, count(*) FROM vshu_finding WHERE state = 'open' GROUP BY code", database)
    assert found or release == "19.0.3.0.0", (
        "the released demo schools hold what the rules of today refuse: nothing of it is listed"
    )
    addons_go(bench, database, log_of)


@pytest.mark.slow
def test_update_keeps_everything(bench, database, log_of, tmp_path):
    """Every record of the first release is there after the update, with every word that people entered."""
    addon, *_none = install_release(bench, database, log_of, tmp_path, "19.0.1.0.0")
    now, again = update_keeps_everything(bench, database, log_of, [addon])

    # the council comes to a register that is in use: nothing of the register changes, what waits is on its list
    bench.server.sql("UPDATE ir_module_module SET demo = false", database)
    bench.run(database, "--init=vshu_council", log=log_of("4-council"))
    assert_clean(log_of("4-council"))
    with_council = content(bench, database, now)
    changed = []
    for table, rows in again.items():
        for key, row in rows.items():
            found = with_council[table].get(key) or {}
            names = [name for name in row if name not in FOLLOWS and row[name] != found.get(name)]
            changed += [f"{table} {key}: {name} {row[name]!r} → {found.get(name)!r}" for name in names]
    assert not changed, "\n".join(changed[:50])
    waiting = bench.server.sql("SELECT count(*) FROM vshu_agenda_item WHERE state = 'waiting'", database)[0][0]
    submitted = bench.server.sql("SELECT count(*) FROM vshu_case WHERE state = 'submitted'", database)[0][0]
    assert int(waiting) >= int(submitted) > 0
    # a year of meetings and plans: each update keeps every row; both go, and the register works as before
    bench.run(database, "--init=vshu_demo", log=log_of("5-demo"))
    assert_clean(log_of("5-demo"))
    bench.shell(database, COUNCIL_AT_WORK, log=log_of("5-council-at-work"))
    assert_clean(log_of("5-council-at-work"))
    bench.shell(database, PLANS_AT_WORK, log=log_of("5-plans-at-work"))
    assert_clean(log_of("5-plans-at-work"))
    bench.shell(database, UNINSTALL.format(name="vshu_demo"), log=log_of("5-demo-goes"))
    assert_clean(log_of("5-demo-goes"))
    decided = bench.server.sql(DECISIONS, database)
    assert "hear_again" in {code.rpartition(".")[2] for _id, code, _text in decided}
    own = {table: names - FOLLOWS for table, names in tables(bench, database).items() if table.startswith("vshu_plan")}
    planned = content(bench, database, own)
    assert len(planned["vshu_plan"]) > 10
    assert len(planned["vshu_plan_task"]) > 100
    bench.run(database, "--update=vshu_plans", log=log_of("5-plans-again"))
    assert_clean(log_of("5-plans-again"))
    assert content(bench, database, own) == planned
    addons_go(bench, database, log_of)
