"""What the texts for contributors name is there: models, hooks, context keys, files, versions."""

import re

import pytest
from conftest import ROOT

ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
TEXTS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/architecture.md", "docs/glossary.md")


@pytest.fixture(scope="module")
def code():
    """All Python and XML of the addons, tests apart."""
    paths = [path for kind in ("py", "xml") for path in (ROOT / "addons").rglob(f"*.{kind}")]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths if "tests" not in path.parts)


def section(title):
    """The rows of the table under a heading, each a list of cells."""
    text = ARCHITECTURE.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return rows[2:]


def names(cell):
    return re.findall(r"`([^`]+)`", cell)


def test_mixins_and_parts(code):
    """Each model that a table names is declared."""
    for row in section("Mixins") + section("The case"):
        for name in names(row[0]):
            assert f'_name = "{name}"' in code, name


def test_hooks(code):
    """Each hook that the table names is defined."""
    for row in section("Hooks"):
        for name in names(row[0]):
            word = re.match(r"\w+", name)[0]
            # _effect_<effect>: any method that begins so
            found = re.search(rf"def {word}\w*\(|^    {word} = ", code, re.MULTILINE)
            assert found, name


def test_context_keys(code):
    """The table names each context key of the register, and no other."""
    named = {name for row in section("Context keys") for name in names(row[0])}
    asked = set(re.findall(r"context\.get\(\"(vshu_\w+)\"", code))
    assert named == asked


def test_jobs(code):
    """Each job that the table names is called by a scheduled action."""
    for row in section("Jobs"):
        for name in names(row[1]):
            assert f">model.{name.rpartition('.')[2]}()<" in code, name


@pytest.mark.parametrize("name", TEXTS)
def test_files(name):
    """Each file of the repository that a text names is there."""
    text = (ROOT / name).read_text(encoding="utf-8")
    for path in re.findall(r"`((?:addons|docs|tests|tools|bench)/[\w./-]+)`", text):
        assert (ROOT / path).exists() or path == "bench/out/", path  # the bench makes that one


def test_glossary():
    """Every term has its word in three languages and a meaning, and no term is there twice."""
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("|")][2:]
    assert len(rows) >= 40
    assert all(len(row) == 5 and all(row) for row in rows), [row for row in rows if len(row) != 5]
    terms = [row[0] for row in rows]
    assert len(terms) == len(set(terms))


def test_changelog_names_the_released_versions():
    """Each released zip has its place under a heading."""
    headings = re.findall(r"^## .*$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    words = "\n".join(headings).lower().replace("register ", "registry ")
    for path in (ROOT / "tests" / "released").glob("*.zip"):
        name, version = path.stem.removeprefix("vshu_").split("-")
        assert f"{name} {version}" in words
