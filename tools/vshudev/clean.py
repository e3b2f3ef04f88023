"""Removing what the other commands made."""

import shutil

from . import demo, postgres
from .console import say, step


def run(settings, cache=False):
    """Remove databases, clusters, file stores and logs, and with ``cache`` what was downloaded.

    Only what these tools made is removed, whatever else the folders hold.
    """
    with step(f"removing {settings.state}"):
        for part in (settings.for_tests(), settings):
            if part is settings:
                demo.forget(settings)
            if (part.state / "pg").exists():
                postgres.cluster_of(part).remove()
            for folder in (part.state / "data", part.state / "terms", part.logs):
                shutil.rmtree(folder, ignore_errors=True)
            (part.state / "lock").unlink(missing_ok=True)
            _remove_if_empty(part.state)
    if cache:
        with step(f"removing {settings.cache}"):
            for folder in (settings.cache / "odoo", *settings.cache.glob("venv-*"), *settings.cache.glob("unpack-*")):
                shutil.rmtree(folder, ignore_errors=True)
            (settings.cache / "lock").unlink(missing_ok=True)
            _remove_if_empty(settings.cache)
    say("clean")


def _remove_if_empty(folder):
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()
