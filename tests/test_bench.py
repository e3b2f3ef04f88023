"""``make bench`` on a very small school: it runs to its end and measures something. How much is no matter here."""

import json
import os
import subprocess

import pytest

DATABASE = "pytest_bench"


@pytest.mark.parametrize("scale", ["0.005", pytest.param("0.05", marks=pytest.mark.slow)])
def test_bench_runs(bench, root, installed, scale):
    """Every measurement gives a figure, each goal a verdict, and both sides of the nightly job find and do the same."""
    environment = {
        **bench.server.environment,
        "VSHU_ODOO_COMMAND": "\n".join(map(str, bench.command())),
        "BENCH_SCALE": scale,
        "BENCH_TIMES": "1",
        "BENCH_DB": DATABASE,
        "BENCH_TEMPLATE": installed,
    }
    bench.drop(DATABASE)
    command = [str(bench.odoo.python), str(root / "bench" / "run.py")]
    try:
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=900)
    finally:
        bench.drop(DATABASE)
    assert result.returncode == 0, result.stdout + result.stderr
    path = result.stdout.rsplit("figures: ", 1)[1].strip()
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)["rows"]
    os.unlink(path)
    assert len(rows) == 13
    assert all(row["ms"] > 0 and row["queries"] and not row["nothing"] for row in rows)
    # of the measures of plans, then of the whole night
    for finding, acting in (rows[-4:-2], rows[-2:]):
        assert finding["found"]["job"] == finding["found"]["sql"] > 0
        assert acting["done"]["job"] == acting["done"]["orm"]
    assert result.stdout.count("met") >= 7
    for row in rows:
        assert row["what"] in result.stdout


def test_a_row_that_measured_nothing_fails(bench, root, installed):
    """An empty list is no figure: the row says so, what was measured before it is kept, the run ends in an error."""
    script = (
        "import sys; sys.path.insert(0, 'bench'); sys.argv[0] = 'bench/run.py'\n"
        "import measure, run\n"
        "measure.PARTS = ('idle',)\n"
        "def idle(self):\n"
        "    nobody = lambda env: lambda: env['vshu.case'].search([('id', '=', 0)]).read(['name'])\n"
        "    self.compare('nothing at all', nobody, user=None, times=1)\n"
        "measure.Bench.idle = idle\n"
        "run._prepare = lambda *arguments: None\n"
        "sys.exit(run.main())\n"
    )
    environment = {
        **bench.server.environment,
        "VSHU_ODOO_COMMAND": "\n".join(map(str, bench.command())),
        "BENCH_SCALE": "0.001",
        "BENCH_DB": installed,
    }
    result = subprocess.run(
        [str(bench.odoo.python), "-c", script], env=environment, cwd=root, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1, result.stdout + result.stderr
    assert "measured NOTHING" in result.stdout
    assert "nothing at all" in result.stderr
    path = result.stdout.rsplit("figures: ", 1)[1].strip()
    with open(path, encoding="utf-8") as file:
        assert json.load(file)["rows"][0]["nothing"]
    os.unlink(path)
