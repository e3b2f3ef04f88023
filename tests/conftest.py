"""What the black-box tests share: the prepared Odoo, copies of the template database, clean logs."""

import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from vshudev import logs, settings, testing  # noqa: E402


def pytest_addoption(parser):
    """Let the command that runs all tests share its database with the addons."""
    parser.addoption("--installed", help="a database with the addons, made by whoever starts pytest")


@pytest.fixture(scope="session")
def root():
    """The folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def addons():
    """The names of the addons of the repository."""
    return settings.load().addon_names


@pytest.fixture(scope="session")
def bench():
    """Odoo on the cluster of the tests, which is stopped at the end if it was started for this run."""
    bench, started = testing.workbench(settings.load().for_tests())
    bench.template()
    yield bench
    if started:
        bench.server.stop()


@pytest.fixture(scope="session")
def installed(bench, request):
    """The name of a database with the addons, to be copied and never changed."""
    name = request.config.getoption("--installed")
    if name:  # who started pytest is making it, and looks at its log
        for _second in range(600):
            if bench.server.exists(name):
                break
            time.sleep(1)
        yield name
        return
    name = "pytest_installed"
    assert not testing.install(bench, name).failed, "the log of the installation has warnings"
    yield name
    bench.drop(name)


@pytest.fixture
def database(bench, request):
    """The name of a fresh database with Odoo's own modules, dropped after the test."""
    name = f"pytest_{request.node.name}".translate(str.maketrans("[]-", "___")).strip("_").lower()[:60]
    bench.copy(bench.template(), name)
    yield name
    bench.drop(name)


@pytest.fixture
def log_of(bench, request):
    """A function that names a log file of this test for a step of it."""

    def path(step):
        return bench.settings.logs / "pytest" / f"{request.node.name}-{step}.log"

    return path


def assert_clean(log):
    """Fail with the entries of ``log`` that are warnings or worse and not allowed."""
    assert not logs.findings(log), f"{log}:\n" + "\n".join(logs.findings(log))
