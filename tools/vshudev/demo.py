"""The demo: a database with all addons and their demo schools, served until the person ends it."""

import csv
import hashlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

from . import postgres, system, toolchain
from .console import DevError, say, step
from .database import Workbench
from .settings import ADDONS
from .system import last_line, make_folder

NOT_INSTALLED = ("__pycache__", "tests")


class StopRequested(Exception):  # noqa: N818 - it is no error
    """The person, or the machine, asked the demo to end."""


def run(settings):
    """Make what is missing, serve the demo and end it, with all that was started, at Ctrl-C or SIGTERM."""
    system.check_port(settings.http_port, "VSHU_HTTP_PORT")
    if not settings.addon_names:
        raise DevError(f"there is no addon in {ADDONS}")
    with system.lock(settings.state):
        _run(settings)


def _run(settings):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    process = None
    try:
        system.install_packages(settings)
        odoo = toolchain.prepare(settings)
        server, _started = postgres.connect(settings)
        bench = Workbench(settings, odoo, server)
        _bring_up_to_date(bench)
        process = _serve(bench)
        _announce(bench)
        if process.wait():
            raise DevError(f"Odoo ended by itself, see {_log(settings)}")
    except StopRequested:
        say("\n==> stopping")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if process:
            _end(process)
        # The lock says that nobody else works with the cluster, even if an earlier run was killed and left it.
        if not settings.uses_own_server:
            postgres.cluster_of(settings).stop()


def forget(settings):
    """Drop the demo's database, wherever the server is, and what is remembered about it."""
    stamp = _stamp(settings)
    if not stamp.exists():
        return
    if settings.uses_own_server:
        server, _started = postgres.connect(settings)
        server.drop(settings.database)
    stamp.unlink()


def logins(addons):
    """The rows of the log-ins of the demo schools: login, password, role, school."""
    rows = []
    for name in addons:
        for path in (ADDONS / name).rglob("logins.csv"):
            with path.open(encoding="utf-8", newline="") as file:
                rows += list(csv.DictReader(file))
    return rows


def _stop(_number, _frame):
    raise StopRequested


def _stamp(settings):
    return settings.state / f"{settings.database}.json"


def _log(settings):
    return settings.logs / f"{settings.database}.log"


def _fingerprint(addon):
    """A hash of all that an addon consists of, without its tests."""
    digest = hashlib.sha256()
    for path in sorted((ADDONS / addon).rglob("*")):
        relative = path.relative_to(ADDONS / addon)
        if path.is_file() and relative.parts[0] not in NOT_INSTALLED and "__pycache__" not in relative.parts:
            digest.update(f"{relative}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _bring_up_to_date(bench):
    settings = bench.settings
    stamp = _stamp(settings)
    wanted = {name: _fingerprint(name) for name in settings.addon_names}
    log = settings.logs / f"{settings.database}-install.log"
    if not bench.server.exists(settings.database):
        _create(bench, log)
    elif not stamp.exists():
        raise DevError(
            f"the database {settings.database} exists, but 'make demo' did not make it: "
            "choose another name in VSHU_DB, or drop it"
        )
    else:
        known = json.loads(stamp.read_text())
        new = [name for name in wanted if name not in known]
        changed = [name for name in wanted if name in known and known[name] != wanted[name]]
        if new or changed:
            with step(f"updating {settings.database}: {', '.join(new + changed)}"):
                arguments = [f"--init={','.join(new)}"] if new else []
                arguments += [f"--update={','.join(changed)}"] if changed else []
                bench.run(settings.database, *arguments, log=log)
    stamp.write_text(json.dumps(wanted, indent=1))


def _create(bench, log):
    settings = bench.settings
    template = bench.template()
    making = f"{settings.database}_making"
    with step(f"creating the database {settings.database} with {', '.join(settings.addon_names)} and the demo schools"):
        bench.copy(template, making)
        bench.run(making, f"--init={','.join(settings.addon_names)}", log=log)
        bench.rename(making, settings.database)


def _serve(bench):
    settings = bench.settings
    log = _log(settings)
    make_folder(log.parent)
    command = bench.command(
        f"--database={settings.database}",
        f"--db-filter=^{settings.database}$",
        "--no-database-list",
        f"--http-port={settings.http_port}",
        "--max-cron-threads=1",
    )
    with step("starting Odoo"):
        with log.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                command,
                env=bench.server.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _wait_for(process, settings, log)
        except BaseException:
            _end(process)
            raise
    return process


def _wait_for(process, settings, log):
    for _second in range(180):
        if process.poll() is not None:
            raise DevError(f"Odoo does not start: {last_line(log.read_text())} (all of it: {log})")
        try:
            with urllib.request.urlopen(_address(settings) + "/web/login", timeout=120):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    raise DevError(f"Odoo does not answer on port {settings.http_port}, see {log}")


def _address(settings):
    return f"http://localhost:{settings.http_port}"


def _announce(bench):
    settings = bench.settings
    rows = logins(settings.addon_names) or [
        {"login": "admin", "password": "admin", "role": "administrator of Odoo", "school": ""}
    ]
    columns = ("login", "password", "role", "school")
    widths = [
        max(len(row.get(column) or "") for row in [*rows, dict(zip(columns, columns, strict=True))])
        for column in columns
    ]
    say("")
    for row in [dict(zip(columns, columns, strict=True)), *rows]:
        cells = [(row.get(column) or "").ljust(width) for column, width in zip(columns, widths, strict=True)]
        say("    " + "  ".join(cells).rstrip())
    say(f"\n    {_address(settings)}   (log: {_log(settings)})")
    say("    Ctrl-C stops it.")


def _end(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
