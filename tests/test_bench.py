"""``make bench`` on a very small school: it runs to its end. What it measures is no matter here."""

import json
import os
import subprocess

import pytest

DATABASE = "pytest_bench"


@pytest.mark.slow
def test_bench_runs(bench, root):
    """Every measurement gives a figure, each goal a verdict, and both sides of the nightly job find and do the same."""
    environment = {
        **bench.server.environment,
        "VSHU_ODOO_COMMAND": "\n".join(map(str, bench.command())),
        "BENCH_SCALE": "0.005",
        "BENCH_TIMES": "1",
        "BENCH_DB": DATABASE,
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
    assert all(row["ms"] > 0 for row in rows)
    # of the measures of plans, then of the whole night
    for finding, acting in (rows[-4:-2], rows[-2:]):
        assert finding["found"]["job"] == finding["found"]["sql"] > 0
        assert acting["done"]["job"] == acting["done"]["orm"]
    assert result.stdout.count("met") >= 7
