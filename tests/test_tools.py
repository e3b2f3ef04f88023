"""The commands beside each other: people.md, "two make commands at once"."""

import subprocess
import sys

import pytest
import yaml
from vshudev import lint, system
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


def test_hooks_and_workflow_call_what_there_is(root):
    """The hooks of a commit are parts of ``make lint``, the workflow runs the commands of the Makefile."""
    hooks = yaml.safe_load((root / ".pre-commit-config.yaml").read_text())["repos"]
    entries = [hook["entry"].split() for repo in hooks for hook in repo["hooks"]]
    assert {repo["repo"] for repo in hooks} == {"local"}
    assert {entry[-1] for entry in entries} == set(lint.PARTS)
    assert {tuple(entry[:-1]) for entry in entries} == {("python3", "tools/dev.py", "lint", "--only")}
    job = yaml.safe_load((root / ".github/workflows/ci.yml").read_text())["jobs"]["check"]
    assert job["strategy"]["matrix"]["command"] == ["lint", "test"]
    assert [step["run"] for step in job["steps"] if step.get("run", "").startswith("make")] == [
        "make ${{ matrix.command }}"
    ]
    makefile = (root / "Makefile").read_text()
    assert all(f" {command} " in makefile for command in job["strategy"]["matrix"]["command"])
