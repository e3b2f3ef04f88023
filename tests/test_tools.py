"""The commands beside each other: people.md, "two make commands at once"."""

import subprocess
import sys

import pytest
from vshudev import system
from vshudev.console import DevError

#: fills the cache as the real steps do: removes what is there, works, leaves it complete
PREPARE = """
import sys, time
sys.path.insert(0, "tools")
from pathlib import Path
from types import SimpleNamespace
from vshudev import toolchain

def fill(settings, *_source):
    folder = settings.cache / "odoo"
    if (folder / ".complete").exists():
        return folder
    for path in folder.glob("*"):
        path.unlink()
    folder.mkdir(exist_ok=True)
    print("fills", flush=True)
    for number in range(20):
        (folder / str(number)).touch()
        time.sleep(0.02)
    assert len(list(folder.iterdir())) == 20, "somebody else was at it"
    (folder / ".complete").touch()
    return folder

toolchain._debian_source = toolchain._environment = fill
toolchain.prepare(SimpleNamespace(cache=Path(sys.argv[1]), odoo_home=None))
"""


def test_two_commands_on_an_empty_cache(root, tmp_path):
    """One fills it, the others wait and find it filled."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PREPARE, str(tmp_path)],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _command in range(3)
    ]
    results = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], results
    assert sum(out.splitlines().count("fills") for out, _err in results) == 1


def test_a_folder_in_use_is_named(tmp_path):
    """Two that would work on one cluster: the second is told at once which folder it is, and how to choose another."""
    with system.lock(tmp_path), pytest.raises(DevError, match="VSHU_STATE"), system.lock(tmp_path):
        pass
    with system.lock(tmp_path):
        pass
