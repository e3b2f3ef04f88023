"""The machine: Debian packages, free space, ports, the rights of the person."""

import fcntl
import os
import shutil
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path

from .console import DevError, say, step

PACKAGES = (
    "chromium",
    "fonts-dejavu-core",
    "fonts-liberation",
    "fonts-noto-core",
    "gettext",
    "poppler-utils",
    "postgresql-15",
    "wkhtmltopdf",
)


def install_packages(settings):
    """Install the Debian packages that are missing.

    :raises DevError: when there is no apt, no right to install, or apt fails
    """
    wanted = [name for name in PACKAGES if not (settings.uses_own_server and name.startswith("postgresql"))]
    if not _has_ensurepip():
        wanted.append("python3-venv")
    missing = [name for name in wanted if not _is_installed(name)]
    if not missing:
        return
    with step(f"installing Debian packages: {' '.join(missing)}"):
        check_space(Path("/usr"), 1500, "the Debian packages")
        prefix = _as_root(missing)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        # another command may be at it: wait for its end
        get = [*prefix, "apt-get", "-o", "DPkg::Lock::Timeout=600", "-q"]
        _apt([*get, "update"], environment)
        _apt([*get, "install", "-y", "--no-install-recommends", *missing], environment)


def check_space(folder, megabytes, purpose):
    """Refuse to begin something that the disk cannot hold.

    :raises DevError: when fewer than ``megabytes`` are free where ``folder`` is or will be
    """
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // 2**20
    if free < megabytes:
        raise DevError(
            f"no disk space: {purpose} need {megabytes} MB in {folder}, {free} MB are free "
            "(VSHU_CACHE and VSHU_STATE name other folders)"
        )


def check_port(port, variable):
    """Refuse a port that something listens on already.

    :raises DevError: with the name of the variable that changes the port
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise DevError(
                f"port {port} is busy; end what listens there or choose another: {variable}={port + 1}"
            ) from error


@contextmanager
def lock(folder, wait=False):
    """Keep others out of ``folder`` while the work lasts.

    :param wait: wait until the other one is done, for what each needs and one makes
    :raises DevError: when another command works there and ``wait`` is not set
    """
    with (make_folder(folder) / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if not wait:
                raise DevError(
                    f"another command works in {folder}: wait for it, or set VSHU_STATE to another folder"
                ) from error
            say(f"    another command fills {folder}: waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def free_port():
    """A port of the loopback address that nothing uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_folder(folder):
    """Create ``folder`` with its parents.

    :raises DevError: when that is not allowed
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DevError(f"cannot create {folder}: {error.strerror}") from error
    return folder


def _apt(command, environment):
    result = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise DevError(f"apt failed (is the network there?): {last_line(result.stderr or result.stdout)}")


def last_line(text):
    """The last line of ``text`` that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no message"


def _as_root(missing):
    if shutil.which("apt-get") is None:
        raise DevError(f"this is not Debian; install yourself: {' '.join(missing)}")
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-v"], check=False).returncode == 0:
        return ["sudo"]
    raise DevError(f"no right to install packages (no sudo); have them installed: {' '.join(missing)}")


def _is_installed(name):
    result = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}", name], capture_output=True, text=True, check=False
    )
    return result.stdout == "installed"


def _has_ensurepip():
    result = subprocess.run(["python3", "-c", "import ensurepip, venv"], capture_output=True, check=False)
    return result.returncode == 0
