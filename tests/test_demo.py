"""``make demo``: it serves, everyone can log in, it ends without a trace, it starts again quickly."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest
from rpc import Client
from vshudev import demo, system

DATABASE = "vshu_demo_of_tests"
FIRST_START = 600
SECOND_START = 30


class Demo:
    """A ``make demo`` with ports and folders of its own."""

    def __init__(self, root, state):
        self.root = root
        self.port = system.free_port()
        self.environment = {
            **os.environ,
            "VSHU_STATE": str(state),
            "VSHU_HTTP_PORT": str(self.port),
            "VSHU_PG_PORT": str(system.free_port()),
            "VSHU_DB": DATABASE,
        }
        self.output = state / "output.txt"
        self.process = None
        self.started = set()

    @property
    def address(self):
        """The address that it serves."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, patience):
        """Start it and wait until it says that it is ready.

        :return: the seconds that it took
        """
        began = time.monotonic()
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                ["make", "demo"],
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while "Ctrl-C stops it." not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() - began < patience, self.output.read_text()
            time.sleep(0.5)
        self.started = set(_running(self.environment["VSHU_STATE"], self.process.pid))
        return time.monotonic() - began

    def interrupt(self, number=signal.SIGINT):
        """Send what Ctrl-C sends, to all that runs in the foreground, and wait for the end."""
        os.killpg(self.process.pid, number)
        self.process.wait(timeout=60)

    def answers(self):
        """True if the log-in page is served."""
        try:
            with urllib.request.urlopen(f"{self.address}/web/login", timeout=60) as response:
                return response.status == 200
        except (urllib.error.URLError, OSError):
            return False


@pytest.fixture(scope="module")
def state():
    """A folder that the user of PostgreSQL may enter, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="vshu-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def served(root, state):
    """The demo, started for the first time, and ended and removed after the tests."""
    running = Demo(root, state)
    try:
        running.start(FIRST_START)
        yield running
    finally:
        if running.process and running.process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.interrupt()
        subprocess.run(["make", "clean"], cwd=root, env=running.environment, capture_output=True, check=False)


def test_everyone_can_log_in(served, addons):
    """Each log-in that is printed works."""
    assert served.answers()
    rows = demo.logins(addons) or [{"login": "admin", "password": "admin", "role": ""}]
    printed = served.output.read_text()
    for row in rows:
        assert row["login"] in printed
        assert row["role"] in printed
        assert Client(served.address, DATABASE).log_in(row["login"], row["password"])


@pytest.mark.parametrize("school", ["kz", "ru"])
def test_council_of_a_school(served, school):
    """Meetings in every state, minutes without gaps and filled in, a corrected version, something that waits."""
    head = Client(served.address, DATABASE)
    head.log_in(f"{school}_head", f"{school}_head")

    def read(model, domain, fields):
        return head.call(model, "search_read", domain, fields)

    meetings = read("vshu.meeting", [], ["state", "date_day"])
    assert {row["state"] for row in meetings} == {
        "draft",
        "convened",
        "sitting",
        "held",
        "signed",
        "cancelled",
        "not_held",
    }
    minutes = read("vshu.minutes", [["version", "=", 1]], ["number", "year_id", "text_hash", "state"])
    years = {}
    for row in minutes:
        years.setdefault(row["year_id"][0], []).append(row["number"])
    assert len(years) == 2
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in years.values()), years
    assert {"draft", "signed", "replaced"} == {row["state"] for row in minutes}
    lines = read("vshu.minutes.line", [], ["summary", "decision_text", "speeches", "votes_for"])
    assert all(row["summary"] and row["decision_text"] and row["speeches"] and row["votes_for"] for row in lines)
    assert read("vshu.agenda.item", [["state", "=", "waiting"]], ["topic"])
    assert {row["state"] for row in read("vshu.extract", [], ["state"])} == {"to_file", "filed"}


@pytest.mark.parametrize("school", ["kz", "ru"])
def test_plans_of_a_school(served, school):
    """Plans in every state, one in force a case, each measure done within its plan, reviews, copies for the parents."""
    head = Client(served.address, DATABASE)
    head.log_in(f"{school}_head", f"{school}_head")

    def read(model, domain, fields):
        return head.call(model, "search_read", domain, fields)

    plans = {
        row["id"]: row
        for row in read(
            "vshu.plan", [], ["state", "version", "case_id", "root_id", "date_from", "date_approved", "date_closed"]
        )
    }
    by_state = {}
    for row in plans.values():
        by_state.setdefault(row["state"], []).append(row)
    assert set(by_state) == {"draft", "in_force", "replaced", "closed", "dropped"}
    running = {row["case_id"][0] for row in by_state["in_force"]}
    assert len(running) == len(by_state["in_force"]) >= 12
    assert {row["version"] for row in by_state["in_force"]} > {1}
    assert all(row["date_approved"] == row["date_from"] for row in plans.values() if row["date_approved"])
    assert all(row["change_reason"] for row in read("vshu.plan", [["version", ">", 1]], ["change_reason"]))

    tasks = read("vshu.plan.task", [], ["plan_id", "state", "date_due", "date_done", "in_time", "note", "outcome"])
    assert {row["id"] for row in by_state["in_force"]} <= {row["plan_id"][0] for row in tasks}
    done = [row for row in tasks if row["state"] == "done"]
    for row in done:
        plan = plans[row["plan_id"][0]]
        assert plans[plan["root_id"][0]]["date_from"] <= row["date_done"] <= (plan["date_closed"] or row["date_done"])
    assert {True, False} == {row["in_time"] for row in done}
    assert {"reached", "partly", "not_yet"} <= {row["outcome"] for row in done}
    assert any(row["note"] for row in done)
    assert head.call("vshu.plan.task", "search_count", [["due_group", "in", ["late"]]])
    assert head.call("vshu.intervention", "search_count", [["task_id", "!=", False]])

    reviews = read("vshu.plan.review", [], ["state", "conclusion", "measures_text"])
    assert {"open", "done"} <= {row["state"] for row in reviews}
    assert {"continue", "removal"} <= {row["conclusion"] for row in reviews}
    assert all(row["measures_text"] for row in reviews)
    copies = read("vshu.notice", [["event", "=", "plan"]], ["state"])
    assert {"acknowledged", "refused", "to_send"} <= {row["state"] for row in copies}
    goals = read("vshu.plan.goal", [["plan_state", "in", ["in_force", "closed"]]], ["rating_start", "reached"])
    assert all(row["rating_start"] for row in goals)
    assert any(row["reached"] for row in goals)


@pytest.mark.parametrize("login", ["kz_class_9b", "kz_psych", "kz_social", "ru_class_9a", "ru_psych", "ru_social"])
def test_measures_of_a_person(served, login):
    """Whoever answers for measures finds some to be done under “My measures”."""
    person = Client(served.address, DATABASE)
    person.log_in(login, login)
    domain = [["user_id.login", "=", login], ["plan_state", "=", "in_force"], ["state", "=", "open"]]
    assert person.call("vshu.plan.task", "search_count", domain)


def test_busy_port_is_named(served):
    """A second demo on the same port says which variable changes it, in one line."""
    environment = {**served.environment, "VSHU_STATE": f"{served.environment['VSHU_STATE']}/other"}
    result = subprocess.run(
        ["make", "demo"], cwd=served.root, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode
    assert f"port {served.port} is busy" in result.stderr
    assert "VSHU_HTTP_PORT" in result.stderr
    assert "Traceback" not in result.stderr


def test_ctrl_c_leaves_nothing_and_second_start_is_quick(served):
    """After Ctrl-C no process and no port is left; the next start takes seconds and keeps the data."""
    assert any("postgres" in process.name() for process in served.started) or os.environ.get("PGHOST")
    served.interrupt()
    assert _left(served) == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", served.port))

    assert served.start(FIRST_START) < SECOND_START
    assert "creating" not in served.output.read_text()
    assert served.answers()

    served.interrupt(signal.SIGTERM)
    assert _left(served) == []


def test_bad_values_are_named(root, state):
    """A port that is none and a folder that holds no Odoo give one clear line."""
    for variable, value in (("VSHU_HTTP_PORT", "http"), ("ODOO_HOME", str(state))):
        result = subprocess.run(
            ["make", "demo"],
            cwd=root,
            # a folder of its own: the person's own demo may be running
            env={
                **os.environ,
                "VSHU_STATE": str(state / "bad_values"),
                "VSHU_HTTP_PORT": str(system.free_port()),
                "VSHU_PG_PORT": str(system.free_port()),
                variable: value,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode
        assert f"error: {variable}={value} " in result.stderr
        assert "Traceback" not in result.stderr


def _running(state, group):
    """The processes of this demo: those of make's group, and those that work in the demo's folder."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            if os.getpgid(process.pid) == group or any(state in part for part in process.cmdline()):
                yield process
                yield from process.children(recursive=True)


def _left(served):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        left = [process for process in served.started if process.is_running() and process.status() != "zombie"]
        if not left:
            break
        time.sleep(0.2)
    return [*left, *_running(served.environment["VSHU_STATE"], served.process.pid)]
