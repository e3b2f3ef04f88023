"""Odoo 19 and its Python environment: where they come from, how a command of Odoo is run."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .console import DevError, step
from .settings import ADDONS, ROOT
from .system import check_space, last_line, lock, make_folder

SERIES = "19.0"
# Odoo, and a font that only unstable has in the form that Odoo links to.
UNSTABLE_PACKAGES = ("odoo-19", "fonts-montserrat")
# Debian's Odoo has links into these packages instead of copies of their files.
STABLE_PACKAGES = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-glyphicons-halflings",
    "fonts-inconsolata",
    "fonts-font-awesome",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "fonts-dejavu-core",
)
# Left out by Debian as non-free; the browser asks for it all the same.
STUBS = ("addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js",)
REQUIREMENTS = (ROOT / "requirements.txt", ROOT / "requirements-dev.txt")


@dataclass(frozen=True)
class Odoo:
    """An Odoo that is ready to run."""

    source: Path  # the folder that holds the package `odoo`
    python: Path

    @property
    def addons_path(self):
        """The value of ``--addons-path``: Odoo's addons and ours."""
        folders = [self.source / "addons", self.source / "odoo" / "addons", ADDONS]
        return ",".join(str(folder) for folder in folders if folder.is_dir())

    @property
    def tool_folder(self):
        """The folder of the commands of the virtual environment."""
        return self.python.parent

    @property
    def fingerprint(self):
        """A text that changes when a base database made with this Odoo is no longer usable."""
        release = (self.source / "odoo" / "release.py").read_bytes()
        return hashlib.sha256(str(self.source).encode() + release + _requirements_text()).hexdigest()

    def command(self, *arguments):
        """The command line that runs Odoo with ``arguments``."""
        return [str(self.python), "-m", "odoo", *map(str, arguments)]


def prepare(settings):
    """Make Odoo and its virtual environment ready; quick when both are.

    Two commands that begin on an empty cache at once would delete what the other one unpacks: one waits.
    """
    with lock(settings.cache, wait=True):
        source = _own_source(settings.odoo_home) if settings.odoo_home else _debian_source(settings)
        return Odoo(source=source, python=_environment(settings, source))


def _own_source(home):
    for folder in (home, home.parent, home / "usr/lib/python3/dist-packages"):
        release = folder / "odoo" / "release.py"
        if release.is_file():
            if "version_info = (19, 0" not in release.read_text():
                raise DevError(f"ODOO_HOME={home} is not Odoo {SERIES} (see {release})")
            return folder
    raise DevError(f"ODOO_HOME={home} holds no Odoo: there is no odoo/release.py in it")


def _debian_source(settings):
    target = settings.cache / "odoo"
    source = target / "usr/lib/python3/dist-packages"
    if (target / ".complete").exists():
        return source
    if shutil.which("apt-get") is None:
        raise DevError("this is not Debian: name your own Odoo 19 in ODOO_HOME")
    check_space(settings.cache, 2500, "Odoo and its Python packages")
    with tempfile.TemporaryDirectory(dir=settings.cache, prefix="unpack-") as name:
        work = Path(name)
        downloads = make_folder(work / "downloads")
        with step("fetching Odoo 19 (130 MB) from Debian unstable"):
            _download(_unstable_options(work), UNSTABLE_PACKAGES, downloads)
            _download([], STABLE_PACKAGES, downloads)
        with step("unpacking Odoo 19 (1.2 GB)"):
            tree = make_folder(work / "tree")
            for package in sorted(downloads.glob("*.deb")):
                _run(["dpkg-deb", "-x", package, tree], "cannot unpack")
            for stub in STUBS:
                path = tree / "usr/lib/python3/dist-packages/odoo" / stub
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("// Left out of Debian's package; the register does not use it.\n")
            (tree / ".complete").touch()
            shutil.rmtree(target, ignore_errors=True)
            tree.rename(target)
            target.chmod(0o755)
    return source


def _unstable_options(work):
    """Options that point apt at the unstable suite of the mirror that this machine uses.

    Nothing of the system's own apt configuration changes: sources, lists and cache are in ``work``.
    """
    lists, cache = work / "lists", work / "cache"
    for folder in (lists / "partial", cache / "archives" / "partial"):
        make_folder(folder)
    known = _run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(COMPONENT) $(LABEL) $(CODENAME)"]
        + ["Created-By: Packages"],
        "apt does not tell its mirror",
    )
    mirrors = [
        line.split()[0] for line in known.splitlines() if " main Debian " in line and "-" not in line.split()[-1]
    ]
    if not mirrors:
        raise DevError(
            "apt has no Debian mirror to get Odoo from: run 'apt-get update', or name your Odoo in ODOO_HOME"
        )
    source = work / "unstable.list"
    source.write_text(f"deb {mirrors[0]} sid main\n")
    options = []
    for key, value in (
        ("Dir::Etc::SourceList", source),
        ("Dir::Etc::SourceParts", "/dev/null"),
        ("Dir::State::Lists", lists),
        ("Dir::Cache", cache),
        ("APT::Sandbox::User", "root"),
        ("Acquire::Languages", "none"),
    ):
        options += ["-o", f"{key}={value}"]
    _run(
        ["apt-get", *options, "-o", "APT::Update::Error-Mode=any", "update", "-q"],
        "apt cannot reach its mirror (is the network there?)",
    )
    return options


def _download(options, packages, folder):
    _run(
        ["apt-get", "-o", "APT::Sandbox::User=root", *options, "download", "-q", *packages],
        "apt cannot download (is the network there?)",
        cwd=folder,
    )


def _environment(settings, source):
    key = hashlib.sha256(f"{source} {sys.version}".encode() + _requirements_text()).hexdigest()[:12]
    target = settings.cache / f"venv-{key}"
    python = target / "bin" / "python"
    if (target / ".complete").exists():
        return python
    check_space(settings.cache, 800, "the Python packages")
    with step("installing the pinned Python packages"):
        shutil.rmtree(target, ignore_errors=True)
        _run([sys.executable, "-m", "venv", target], "cannot make a virtual environment")
        _run(
            [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", REQUIREMENTS[1]],
            "pip failed (is the network there?)",
        )
        packages = next(target.glob("lib/python3*/site-packages"))
        (packages / "odoo.pth").write_text(f"{source}\n")
        (target / ".complete").touch()
    return python


def _requirements_text():
    return b"".join(path.read_bytes() for path in REQUIREMENTS)


def _run(command, complaint, cwd=None):
    result = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    if result.returncode:
        raise DevError(f"{complaint}: {last_line(result.stderr or result.stdout)}")
    return result.stdout
