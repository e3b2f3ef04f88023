"""The test run: Odoo's runner on the addons and pytest beside it, each on databases of its own."""

import ast
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree
from dataclasses import dataclass
from functools import partial

from . import logs, postgres, system, toolchain
from .console import DevError, say, step
from .database import Workbench
from .settings import ADDONS, ROOT
from .system import last_line, make_folder

#: the database with the addons, which all runners copy
INSTALLED = "vshu_test_installed"
#: one for each of Odoo's runners, which share the classes of tests
DATABASES = ("vshu_test", "vshu_test2", "vshu_test3", "vshu_test4")
#: what each run of pytest takes; the last, all others. The first ones take longest and wait for nothing.
PYTEST = (("test_upgrade.py", "test_install.py"), ())
#: how many of them and of pytest's runs work at once: one more than there are processors, for each waits now and then
SIDE_BY_SIDE = max(3, (os.cpu_count() or 1) + 1)
#: the files of Odoo's pages and of its papers, which each runner would make anew
PAGES = """
pages = env["ir.qweb"]
pages._pregenerate_assets_bundles()
for name in ("web.report_assets_common", "web.report_assets_pdf"):
    pages._get_asset_bundle(name, js=False, autoprefix=True).css()
env.cr.commit()
"""
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
# An entry that the runner writes about a test that failed: the test is counted already.
TEST_ENTRY = re.compile(r"odoo\.tests\.result|: (FAIL|ERROR): |Module \S+: \d+ failures, \d+ errors of ")


@dataclass
class Count:
    """How the tests of one runner went."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self):
        return f"{self.name}: {self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def workbench(settings):
    """Prepare the machine and the tests' own cluster.

    :return: the workbench and whether its cluster was started by this call
    """
    system.install_packages(settings)
    odoo = toolchain.prepare(settings)
    server, started = postgres.connect(settings, safe=False)
    return Workbench(settings, odoo, server), started


def run(settings, only=None):
    """Run the tests and say how they went.

    :param only: ``odoo`` or ``pytest`` to leave the other one out
    :return: True if all passed and the logs are clean
    """
    if not settings.product:
        raise DevError("there is no addon in addons/")
    with system.lock(settings.for_tests().state):
        return _run(settings.for_tests(), only)


def _run(settings, only):
    bench, started = workbench(settings)
    running = []
    try:
        bench.template()
        say(f"==> testing; the logs are in {bench.settings.logs}")
        bench.drop(INSTALLED)
        if only != "odoo":
            running.append(_start_pytest(bench, 0))  # it begins with what needs no database with the addons
        with step("installing the addons"):
            counts = [install(bench)]
        runners = [] if only == "pytest" else list(zip(DATABASES, _tags(settings), strict=False))
        jobs = [partial(_start_odoo, bench, *runner) for runner in runners]
        if only != "odoo":
            jobs[2:2] = [partial(_start_pytest, bench, part) for part in range(1, len(PYTEST))]
        with step(f"running pytest and Odoo's runners ({len(running) + len(jobs)} parts, {SIDE_BY_SIDE} at once)"):
            _side_by_side(jobs, running)
        for part in range(len(PYTEST)) if only != "odoo" else ():
            counts.append(_finish_pytest(bench, part))
        odoo = [process for process in running if process.args[1:3] == ["-m", "odoo"]]
        for (database, _tag), runner in zip(runners, odoo, strict=True):
            counts += _finish_odoo(bench, database, runner)
    finally:
        for process in running:
            if process.poll() is None:
                process.terminate()
                process.wait()
        if started:
            bench.server.stop()
    return _report(counts)


def install(bench, database=INSTALLED):
    """Make ``database``, a database with the addons and the files of Odoo's pages, to be copied and never changed.

    :return: whether the log of it is clean, as a count
    :raises DevError: when Odoo fails
    """
    log = bench.settings.logs / f"{database}.log"
    making = f"{database}_making"
    bench.copy(bench.template(), making)
    bench.run(making, f"--init={','.join(bench.settings.product)}", log=log)
    found = logs.findings(log)
    bench.shell(making, PAGES, log=bench.settings.logs / f"{database}-pages.log")
    bench.drop(database)
    bench.rename(making, database)
    for entry in found:
        say(entry)
    return Count("the addons' installation without warnings", passed=int(not found), failed=int(bool(found)))


def _side_by_side(jobs, running):
    """Start the jobs in their order, so many at once as the machine bears, and wait until all have ended.

    :param jobs: functions that start a process and return it
    :param running: the processes that run already; gets the new ones
    """
    for job in jobs:
        while sum(process.poll() is None for process in running) >= SIDE_BY_SIDE:
            time.sleep(0.5)
        running.append(job())
    for process in running:
        process.wait()


def _tags(settings):
    """What each of Odoo's runners runs, in the form of --test-tags: its share of the classes; the last, all others."""
    if os.environ.get("VSHU_TEST_TAGS"):
        return [os.environ["VSHU_TEST_TAGS"]]
    sizes, left_out = {}, []
    for name in settings.product:
        for path in (ADDONS / name / "tests").rglob("*.py"):
            for item in ast.parse(path.read_text(encoding="utf-8")).body:
                if not isinstance(item, ast.ClassDef):
                    continue
                if path.name.startswith("test_") and _has_tests(item) and not _is_post_install(item):
                    raise DevError(f"{path}: tag {item.name} with post_install; the addons are installed without tests")
                left_out += _slow(item)
                if item.name.startswith("Test"):
                    sizes[f"/{name}:{item.name}"] = item.end_lineno - item.lineno
    shares = [[] for _database in DATABASES]
    for tag in sorted(sizes, key=lambda tag: (-sizes[tag], tag)):
        min(shares, key=lambda share: sum(sizes[tag] for tag in share)).append(tag)
    named = [share for share in shares[:-1] if share]
    others = [f"/{name}" for name in settings.product] + [f"-{tag}" for share in named for tag in share]
    if os.environ.get("VSHU_SLOW"):
        left_out = []
    return [",".join([*share, *left_out]) for share in (*named, others)]


def _slow(item):
    """The tests of a class that are marked as slow, in the form of --test-tags that leaves them out.

    A class that others inherit runs under the names of these: there the name of the method alone is left out.
    """
    place = f":{item.name}" if item.name.startswith("Test") else ""
    return [
        f"-{place}.{part.name}"
        for part in item.body
        if isinstance(part, ast.FunctionDef) and any(getattr(mark, "id", "") == "slow" for mark in part.decorator_list)
    ]


def _has_tests(item):
    return any(isinstance(part, ast.FunctionDef) and part.name.startswith("test") for part in item.body)


def _is_post_install(item):
    tags = {part.value for tag in item.decorator_list for part in ast.walk(tag) if isinstance(part, ast.Constant)}
    return "post_install" in tags


def _start_odoo(bench, database, tags):
    """Run tests of the addons on a copy of the database with the addons."""
    bench.copy(INSTALLED, database)
    return _start(
        bench.command(
            f"--database={database}",
            f"--http-port={system.free_port()}",
            f"--test-tags={tags}",
            "--log-handler=odoo.tests.stats:DEBUG",  # how long each test takes, at the end of the log
            "--stop-after-init",
        ),
        bench.server.environment,
        _odoo_log(bench, database),
    )


def _odoo_log(bench, database):
    return bench.settings.logs / f"odoo-tests-{database}.log"


def _finish_odoo(bench, database, process):
    code = process.wait()
    log = _odoo_log(bench, database)
    text = log.read_text(encoding="utf-8", errors="replace")
    match = RESULT.search(text)
    count = Count("Odoo")
    if match:
        failures, errors, total = map(int, match.groups())
        count.failed = failures + errors
        count.passed = max(total - count.failed, 0)
    if code and not count.failed:
        count.failed = 1
        say(f"Odoo ended with {code}: {last_line(text)} (all of it: {log})")
    elif not match:
        count.failed = 1
        say(f"Odoo ran no test, see {log}")
    found = logs.findings(log)
    for entry in found:
        say(entry)
    unexpected = [entry for entry in found if not TEST_ENTRY.search(entry)]
    clean = Count("Odoo's log without warnings", passed=int(not unexpected), failed=int(bool(unexpected)))
    return [count, clean]


def _start_pytest(bench, part):
    """Run a part of the black-box tests."""
    files = [f"tests/{name}" for name in PYTEST[part]] or ["tests"]
    command = [bench.odoo.python, "-m", "pytest", *files, f"--junitxml={_pytest_xml(bench, part)}"]
    if not PYTEST[part]:
        command += [f"--ignore=tests/{name}" for names in PYTEST for name in names]
    command.append(f"--installed={INSTALLED}")
    if os.environ.get("VSHU_SLOW"):
        command += ["-m", "slow or not slow"]
    _pytest_xml(bench, part).unlink(missing_ok=True)
    # pytest finds the cluster by the settings, as this command did; the person's own environment is all it needs.
    return _start(command, os.environ, bench.settings.logs / f"pytest{part + 1}.log", cwd=ROOT)


def _pytest_xml(bench, part):
    return bench.settings.logs / f"pytest{part + 1}.xml"


def _finish_pytest(bench, part):
    sys.stdout.write((bench.settings.logs / f"pytest{part + 1}.log").read_text(encoding="utf-8", errors="replace"))
    path = _pytest_xml(bench, part)
    if not path.exists():
        return Count("pytest", failed=1)
    suite = xml.etree.ElementTree.parse(path).getroot().find("testsuite")
    total, failures, errors, skipped = (int(suite.get(key)) for key in ("tests", "failures", "errors", "skipped"))
    return Count("pytest", passed=total - failures - errors - skipped, failed=failures + errors, skipped=skipped)


def _start(command, environment, log, cwd=None):
    make_folder(log.parent)
    with log.open("w", encoding="utf-8") as output:
        return subprocess.Popen(
            list(map(str, command)),
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def _report(counts):
    say("")
    for count in counts:
        say(str(count))
    passed = sum(count.passed for count in counts)
    failed = sum(count.failed for count in counts)
    say(f"{passed} passed, {failed} failed")
    return failed == 0 and passed > 0
