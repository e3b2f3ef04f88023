"""Folders, ports and names, all of which environment variables can change."""

import ast
import os
from dataclasses import dataclass, replace
from pathlib import Path

from .console import DevError

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"
# The first one is the language of the users that Odoo itself creates. Kazakh is not among the languages that Odoo
# 19 knows: the addon brings it.
LANGUAGES = ("en_US", "ru_RU")
BASE_MODULES = ("base", "web", "mail", "resource", "calendar", "hr", "portal")

#: addons that make demo schools as soon as they are installed: they come with `make demo`, and nowhere unasked
FICTION = ("vshu_demo",)

# name, default as shown in the help, meaning
VARIABLES = (
    ("VSHU_HTTP_PORT", "8069", "port of the demo's web server"),
    ("VSHU_PG_PORT", "5469", "port (name of the socket) of the demo's PostgreSQL cluster"),
    ("VSHU_TEST_PG_PORT", "5470", "the same for the cluster of the tests"),
    ("VSHU_DB", "vshu_demo", "name of the demo's database"),
    ("VSHU_CACHE", "~/.cache/vshu", "downloads, Odoo and the virtual environment"),
    ("VSHU_STATE", "~/.local/state/vshu, /var/lib/vshu for root", "clusters, databases, file stores, logs"),
    ("ODOO_HOME", "", "your own Odoo 19 (source tree or installed package) instead of a download"),
    ("PGHOST, PGPORT", "", "your own PostgreSQL server instead of a cluster of the project"),
    ("PGUSER, PGPASSWORD", "", "the role there; it must be allowed to create databases"),
    ("VSHU_ADDONS", "", "only these addons, comma-separated (test, demo)"),
    ("VSHU_SLOW", "", "set: the slow tests too: older releases, the bench on a small school (test)"),
    ("VSHU_TEST_TAGS", "", "only these tests of Odoo's runner, in the form of --test-tags (test)"),
)


@dataclass(frozen=True)
class Settings:
    """What one run of a command works with."""

    cache: Path
    state: Path
    http_port: int
    pg_port: int
    test_pg_port: int
    database: str
    odoo_home: Path | None
    addon_names: tuple

    @property
    def uses_own_server(self):
        """True if the person named a PostgreSQL server, so that no cluster is made."""
        return bool(os.environ.get("PGHOST"))

    @property
    def product(self):
        """The names of the addons that a school works with."""
        return tuple(name for name in self.addon_names if name not in FICTION)

    @property
    def logs(self):
        """The folder of log files."""
        return self.state / "log"

    def for_tests(self):
        """The settings of the test run: a cluster, a state and a port of its own beside the demo's."""
        return replace(self, state=self.state / "test", pg_port=self.test_pg_port)


def load():
    """Read the environment.

    :raises DevError: for a value that cannot be used
    """
    return Settings(
        cache=_folder("VSHU_CACHE", Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "vshu"),
        state=_folder("VSHU_STATE", _default_state()),
        http_port=_port("VSHU_HTTP_PORT", 8069),
        pg_port=_port("VSHU_PG_PORT", 5469),
        test_pg_port=_port("VSHU_TEST_PG_PORT", 5470),
        database=os.environ.get("VSHU_DB") or "vshu_demo",
        odoo_home=_folder("ODOO_HOME", None),
        addon_names=_addon_names(),
    )


def manifest(addon):
    """The manifest of an addon of the repository, as a dictionary."""
    return ast.literal_eval((ADDONS / addon / "__manifest__.py").read_text(encoding="utf-8"))


def _default_state():
    # PostgreSQL does not run as root, and the user that it runs as may not look into root's home.
    if os.geteuid() == 0:
        return Path("/var/lib/vshu")
    return Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser() / "vshu"


def _folder(variable, default):
    value = os.environ.get(variable)
    return Path(value).expanduser().resolve() if value else default


def _port(variable, default):
    value = os.environ.get(variable) or str(default)
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise DevError(f"{variable}={value} is not a port number (1 to 65535)")
    return int(value)


def _addon_names():
    present = sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))
    wanted = [name.strip() for name in os.environ.get("VSHU_ADDONS", "").split(",") if name.strip()]
    unknown = sorted(set(wanted) - set(present))
    if unknown:
        raise DevError(f"VSHU_ADDONS names what is not in addons/: {', '.join(unknown)}")
    return tuple(wanted or present)
