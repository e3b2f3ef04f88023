#!/usr/bin/env python3
"""Measure the register on a generated school: ``make bench``.

BENCH_SCALE=0.01 makes a hundredth of the school, for a quick look; BENCH_TIMES=3 measures each side three times instead
of fifteen; BENCH_ONLY=council,imports measures these parts only; BENCH_DB names another database, BENCH_TEMPLATE one
that has the addons already and is copied. The database is kept between runs and made anew when BENCH_SCALE or what is
generated changes. Each figure is printed as it is measured and kept in bench/out/ as JSON; one that measured nothing
says so, and the run fails.
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
    path = _figures(scale)
    kept = []

    def tell(row):
        kept.append(row)
        _print_row(row)
        _keep(path, kept, name, scale)

    _print_head()
    rows = Bench(Registry(name), tell).run()
    for row in rows:
        if row.get("note"):
            print(f"{row['what']}: {row['note']}")
    print(f"figures: {path}")
    idle = [row["what"] for row in rows if row["nothing"]]
    if idle:
        print(f"bench: measured nothing, so the figure says nothing: {', '.join(idle)}", file=sys.stderr)
    return 1 if idle or not rows else 0


def _prepare(command, name, scale):
    """Install and generate; an interrupted generation is begun again."""
    stamp = f"{VERSION} {scale:g}"
    known = _stamp(name)
    if known is not None and known != stamp:
        _server(f'DROP DATABASE "{name}" WITH (FORCE)')
        known = None
    template = os.environ.get("BENCH_TEMPLATE")
    if known is None and template:
        _server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
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
                      (SELECT COUNT(*) FROM vshu_deadline)"""
        )
        students, cases, clocks = cr.fetchone()
    return f"{students:,} students, {cases:,} cases, {clocks:,} clocks"


#: title and width of each column
COLUMNS = (("what", 56), ("median ms", 10), ("beside ms", 10), ("ratio", 6), ("goal", 6), ("", 16), ("queries", 8))
COLUMNS += (("beside", 8),)


def _print_head():
    print(
        "  ".join(title.rjust(width) if number else title.ljust(width) for number, (title, width) in enumerate(COLUMNS))
    )
    print("  ".join("-" * width for _title, width in COLUMNS), flush=True)


def _print_row(row):
    """Print one row as it is measured; goals are printed as met or not, whatever they are."""
    goal, ratio = row["goal"], row["ratio"]
    verdict = "measured NOTHING" if row["nothing"] else ("met" if ratio <= goal else "NOT met") if goal else ""
    cells = (
        row["what"],
        f"{row['ms']:.1f}",
        f"{row['base_ms']:.1f}" if row["base_ms"] else "",
        f"{ratio:.2f}" if ratio else "",
        f"≤ {goal:g}" if goal else "",
        verdict,
        str(row["queries"]),
        "" if row["base_queries"] is None else str(row["base_queries"]),
    )
    widths = [width for _title, width in COLUMNS]
    line = [
        cell.rjust(width) if number else cell.ljust(width)
        for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    print("  ".join(line).rstrip(), flush=True)


def _figures(scale):
    """Return the path of the file that gets the figures."""
    folder = HERE / "out"
    folder.mkdir(exist_ok=True)
    return folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{scale:g}.json"


def _keep(path, rows, name, scale):
    """Write the figures measured so far."""
    about = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": name,
        "scale": scale,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        "rows": rows,
    }
    path.write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
