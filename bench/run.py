#!/usr/bin/env python3
"""Measure the register on a generated school: ``make bench``.

BENCH_SCALE=0.01 makes a hundredth of the school, for a quick look; BENCH_TIMES=3 measures each side three times instead
of fifteen; BENCH_ONLY=council,imports measures these parts only; BENCH_DB names another database. The database is kept
between runs and made anew when BENCH_SCALE or what is generated changes. The figures go to bench/out/ as JSON too.
"""

import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import odoo
from measure import Bench
from odoo.modules.registry import Registry
from odoo.tools import config
from school import VERSION, generate

HERE = Path(__file__).resolve().parent
MODULES = "vshu_plans,project"


def main():
    """Make the database where it is missing, measure, print and keep the figures."""
    command = os.environ.get("VSHU_ODOO_COMMAND", "").split("\n")
    if len(command) < 2:
        print("bench: start it by `make bench`, which knows where Odoo and the database server are", file=sys.stderr)
        return 1
    scale = float(os.environ.get("BENCH_SCALE") or 1)
    name = os.environ.get("BENCH_DB") or ("vshu_bench" if scale == 1 else f"vshu_bench_{scale:g}".replace(".", "_"))
    options = [option for option in command if option.startswith("--")]
    config.parse_config([*options, "--no-http", "--log-level=warn"])
    _prepare(command, name, scale)

    print(f"==> measuring on {name}, {_size(name)}", flush=True)
    rows = Bench(Registry(name)).run()
    _print(rows)
    _keep(rows, name, scale)
    return 0


def _prepare(command, name, scale):
    """Install and generate; an interrupted generation is begun again."""
    stamp = f"{VERSION} {scale:g}"
    known = _stamp(name)
    if known is not None and known != stamp:
        _server(f'DROP DATABASE "{name}" WITH (FORCE)')
        known = None
    began = time.monotonic()
    print(f"==> {'updating' if known else 'creating'} the database {name}", flush=True)
    what = "--update=vshu_registry,vshu_council,vshu_plans" if known else f"--init={MODULES}"
    subprocess.run(
        [*command, f"--database={name}", what, "--no-http", "--stop-after-init", "--log-level=warn"],
        check=True,
    )
    if known is None:
        print(f"==> generating the school, scale {scale:g}", flush=True)
        with Registry(name).cursor() as cr:
            generate(odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {}), scale)
        _server(f"COMMENT ON DATABASE \"{name}\" IS '{stamp}'")
    print(f"    {time.monotonic() - began:.0f} s", flush=True)


def _stamp(name):
    """Return what the database was made with; empty for one that is not complete, None where there is none."""
    rows = _server("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", name)
    return rows[0][0] or "" if rows else None


def _server(query, *parameters):
    """Run a statement on the database server itself."""
    connection = odoo.sql_db.db_connect("postgres")
    with connection.cursor() as cr:
        cr.rollback()
        cr._cnx.autocommit = True
        cr.execute(query, parameters or None)
        rows = cr.fetchall() if cr.description else []
        cr._cnx.autocommit = False
    odoo.sql_db.close_db("postgres")
    return rows


def _size(name):
    with Registry(name).cursor() as cr:
        cr.execute(
            """SELECT (SELECT COUNT(*) FROM res_partner WHERE vshu_is_student), (SELECT COUNT(*) FROM vshu_case),
                      (SELECT COUNT(*) FROM vshu_deadline), (SELECT COUNT(*) FROM project_task)"""
        )
        students, cases, clocks, tasks = cr.fetchone()
    return f"{students:,} students, {cases:,} cases, {clocks:,} clocks, {tasks:,} tasks"


def _print(rows):
    """Print the table; goals are printed as met or not, whatever they are."""
    head = ("what", "median ms", "beside ms", "ratio", "goal", "", "queries", "beside")
    table = [head]
    for row in rows:
        goal, ratio = row["goal"], row["ratio"]
        table.append(
            (
                row["what"],
                f"{row['ms']:.1f}",
                f"{row['base_ms']:.1f}" if row["base_ms"] else "",
                f"{ratio:.2f}" if ratio else "",
                f"≤ {goal:g}" if goal else "",
                ("met" if ratio <= goal else "NOT met") if goal else "",
                str(row["queries"]),
                "" if row["base_queries"] is None else str(row["base_queries"]),
            )
        )
    widths = [max(len(line[column]) for line in table) for column in range(len(head))]
    for number, line in enumerate(table):
        cells = [
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print("  ".join(cells).rstrip())
        if not number:
            print("  ".join("-" * width for width in widths))
    for row in rows:
        if row.get("note"):
            print(f"{row['what']}: {row['note']}")


def _keep(rows, name, scale):
    folder = HERE / "out"
    folder.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    path = folder / f"{now:%Y%m%d-%H%M%S}-{scale:g}.json"
    about = {
        "date": now.isoformat(timespec="seconds"),
        "database": name,
        "scale": scale,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "rows": rows,
    }
    path.write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"figures: {path}")


if __name__ == "__main__":
    sys.exit(main())
