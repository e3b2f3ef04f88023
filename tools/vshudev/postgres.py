"""The project's own PostgreSQL cluster, or the server that the person named."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .console import DevError, say, step
from .system import check_space, last_line, make_folder

ROLE = "vshu"
SYSTEM_USER = "postgres"
# Databases of tests can be lost with the machine; what a person enters into the demo cannot.
UNSAFE_BUT_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
TUNING = {"shared_buffers": "512MB", "max_connections": "200", "max_wal_size": "2GB", "maintenance_work_mem": "256MB"}


class Server:
    """Where the databases are."""

    def __init__(self, environment):
        self._environment = environment

    @property
    def environment(self):
        """The environment of a program that talks to this server, psql or Odoo."""
        return {**os.environ, **self._environment}

    @property
    def odoo_options(self):
        """The same as options of Odoo; a password stays in the environment."""
        known = {**os.environ, **self._environment}
        options = [f"--db_host={known['PGHOST']}", f"--db_port={known.get('PGPORT') or 5432}"]
        if known.get("PGUSER"):
            options.append(f"--db_user={known['PGUSER']}")
        return options

    def sql(self, query, database="postgres"):
        """The rows of ``query`` as lists of texts."""
        result = subprocess.run(
            ["psql", "-X", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", query],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise DevError(f"PostgreSQL refused: {last_line(result.stderr)}")
        return [line.split("\t") for line in result.stdout.splitlines() if line]

    def exists(self, database):
        """True if there is such a database."""
        return bool(self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{database}'"))

    def drop(self, database):
        """Drop ``database``, and whoever is connected to it."""
        self.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def copy(self, template, database):
        """Make ``database`` anew as a copy of ``template``."""
        self.drop(database)
        self.sql(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')

    def rename(self, database, name):
        """Give ``database`` another name."""
        self.sql(f'ALTER DATABASE "{database}" RENAME TO "{name}"')


class Cluster(Server):
    """A cluster in a data folder of the project's, reached by a socket in a folder of the project's."""

    def __init__(self, folder, port, settings_of_server):
        self.folder = folder
        self.port = port
        self._data = folder / "data"
        self._sockets = folder / "run"
        self._settings = settings_of_server
        super().__init__({"PGHOST": str(self._sockets), "PGPORT": str(port), "PGUSER": ROLE, "PGPASSWORD": ""})

    @property
    def is_running(self):
        """True if the cluster's server is up."""
        return self._data.exists() and self._control("status", check=False).returncode == 0

    def start(self):
        """Start the server, on a cluster that is made first where there is none.

        :return: False if it ran already
        """
        if self.is_running:
            running = self._pid_file_port()
            if running != self.port:
                raise DevError(f"the cluster in {self.folder} runs already, with port {running}: use that one")
            return False
        if not (self._data / "PG_VERSION").exists():
            self._create()
        with step(f"starting PostgreSQL ({self.folder}, port {self.port})"):
            options = {
                "port": str(self.port),
                "listen_addresses": "''",
                "unix_socket_directories": str(self._sockets),
                **TUNING,
                **self._settings,
            }
            line = " ".join(f"-c {key}={value}" for key, value in options.items())
            log = self.folder / "postgresql.log"
            result = self._control("start", "-w", "-t", "60", "-l", log, "-o", line, check=False)
            if result.returncode:
                raise DevError(f"PostgreSQL does not start, see {log}: {last_line(result.stdout + result.stderr)}")
        return True

    def stop(self):
        """Stop the server, if it runs."""
        if self.is_running:
            self._control("stop", "-w", "-m", "fast", check=False)

    def remove(self):
        """Stop the server and delete the cluster with all its databases."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _create(self):
        check_space(self.folder, 1500, "the databases")
        with step(f"creating a PostgreSQL cluster in {self.folder}"):
            for folder in (self.folder, self._data, self._sockets):
                make_folder(folder)
                if os.geteuid() == 0:
                    shutil.chown(folder, SYSTEM_USER, SYSTEM_USER)
            self._data.chmod(0o700)
            self._sockets.chmod(0o700)
            if self._run(["test", "-w", self._data], check=False).returncode:
                raise DevError(
                    f"the user {SYSTEM_USER} cannot enter {self.folder}: choose another folder in VSHU_STATE"
                )
            arguments = ["-U", ROLE, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
            self._run([_program("initdb"), "-D", self._data, *arguments])

    def _control(self, action, *arguments, check=True):
        return self._run([_program("pg_ctl"), "-D", self._data, action, *arguments], check=check)

    def _run(self, command, check=True):
        identity = {}
        if os.geteuid() == 0:
            identity = {"user": SYSTEM_USER, "group": SYSTEM_USER, "extra_groups": []}
        # The server inherits this process' files: its output goes to a file, never to a pipe that it would hold open.
        with tempfile.TemporaryFile("w+") as output:
            result = subprocess.run(
                list(map(str, command)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                start_new_session=True,
                check=False,
                **identity,
            )
            output.seek(0)
            text = output.read()
        if check and result.returncode:
            raise DevError(f"PostgreSQL: {last_line(text)}")
        return subprocess.CompletedProcess(result.args, result.returncode, text, "")

    def _pid_file_port(self):
        lines = (self._data / "postmaster.pid").read_text().splitlines()
        return int(lines[3])


def _program(name):
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for folder in folders:
        if (folder / name).exists():
            return folder / name
    found = shutil.which(name)
    if not found:
        raise DevError(f"PostgreSQL's program {name} is not installed (Debian: postgresql-15)")
    return found


def connect(settings, safe=True):
    """The server to use and whether this call started it.

    :param safe: False for a cluster that may lose its data with the machine
    """
    if settings.uses_own_server:
        server = Server({})
        server.sql("SELECT 1")
        say(f"    using the PostgreSQL server {os.environ['PGHOST']}")
        return server, False
    cluster = cluster_of(settings, safe)
    return cluster, cluster.start()


def cluster_of(settings, safe=True):
    """The project's cluster of these settings, running or not."""
    make_folder(settings.state)
    return Cluster(settings.state / "pg", settings.pg_port, {} if safe else UNSAFE_BUT_QUICK)
