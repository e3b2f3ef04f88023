"""docs/requirements.csv names a test for every sub-clause that is served; the tests exist."""

import ast
import csv
import functools

import pytest
from conftest import ROOT

ROWS = list(csv.DictReader((ROOT / "docs" / "requirements.csv").read_text(encoding="utf-8").splitlines()))
#: the sub-clauses that register, council and plans serve; absences add theirs
SERVED = (
    *("KZ-5", "KZ-6", "KZ-7", "KZ-8", "KZ-13", "RU-N3", "RU-N3.1", "RU-N4.1", "RU-N4.2"),
    *("KZ-1", "KZ-4", "KZ-9", "KZ-10", "KZ-11", "KZ-14", "KZ-16", "KZ-17", "KZ-18", "KZ-19", "KZ-20", "KZ-21"),
    *("KZ-22", "KZ-23"),
    *("RU-1.3", "RU-2.1", "RU-2.2", "RU-3.1", "RU-3.2", "RU-3.3", "RU-4.1", "RU-4.2a", "RU-4.2b", "RU-5.1"),
    *("RU-5.1a", "RU-5.2", "RU-5.3", "RU-5.4", "RU-6", "RU-6.1", "RU-6.1b", "RU-6.2", "RU-7.1", "RU-7.2"),
    *("RU-7.3", "RU-8", "RU-9.1", "RU-9.2", "RU-9.3", "RU-10", "RU-11", "RU-12", "RU-13"),
    *("RU-A1", "RU-A2", "RU-N2.2", "RU-N2.5", "RU-N2.6", "RU-A3", "RU-A4", "RU-N4.3", "RU-A5", "RU-N5"),
    *("RU-A6", "RU-N6", "RU-A7.6"),
    *("KZ-12", "KZ-15", "RU-7", "RU-13.3", "RU-N5.3"),
)


@functools.cache
def methods(path):
    """Return the set of "Class.method" of a test file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = {
        f"{cls.name}.{item.name}"
        for cls in tree.body
        if isinstance(cls, ast.ClassDef)
        for item in cls.body
        if isinstance(item, ast.FunctionDef)
    }
    return found | {item.name for item in tree.body if isinstance(item, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['id']} {row['test'].rpartition('.')[2]}")
def test_the_named_test_exists(row):
    path, _, name = row["test"].partition("::")
    assert row["what"], "say what the clause asks for"
    assert name in methods(path), f"{path} has no {name}"


@pytest.mark.parametrize("clause", SERVED)
def test_every_served_clause_has_a_test(clause):
    ids = {row["id"] for row in ROWS}
    assert any(id_ == clause or id_.startswith((f"{clause}.", f"{clause} ")) for id_ in ids), clause
