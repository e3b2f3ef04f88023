"""What is shipped: wheels, requirements, the compose file, a repository that names no package registry."""

import ast
import re
import shutil
import subprocess
import sys
import zipfile

import pytest
import yaml
from vshudev import settings

ADDONS = settings.load().addon_names
NOT_SHIPPED = ("__pycache__", "build", "dist")
# Spelled so that this file does not name them either.
HOSTS = (
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "deb.debian" + ".org",
    "security.debian" + ".org",
    "snapshot.debian" + ".org",
    "registry.npmjs" + ".org",
    "nightly.odoo" + ".com",
)


@pytest.mark.parametrize("addon", ADDONS)
def test_wheel_holds_the_whole_addon(root, tmp_path, addon):
    """An addon builds as a wheel with every file in its place and with its requirements."""
    source = tmp_path / "addons" / addon
    shutil.copytree(root / "addons" / addon, source, ignore=shutil.ignore_patterns(*NOT_SHIPPED))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "dist", source]
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr

    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        required = archive.read(metadata).decode()
    expected = {
        f"odoo/addons/{addon}/{path.relative_to(source)}"
        for path in source.rglob("*")
        if path.is_file() and path.name != "pyproject.toml" and "__pycache__" not in path.parts
    }
    assert expected <= names
    for name in _manifest(root, addon).get("external_dependencies", {}).get("python", []):
        assert re.search(rf"^Requires-Dist: {re.escape(name)}\b", required, re.MULTILINE | re.IGNORECASE)


@pytest.mark.parametrize("addon", ADDONS)
def test_manifest_names_existing_files(root, addon):
    """Every data file of the manifest is there, and the licence is the repository's."""
    manifest = _manifest(root, addon)
    for name in [*manifest.get("data", []), *manifest.get("demo", [])]:
        assert (root / "addons" / addon / name).is_file(), name
    assert manifest["license"] == "LGPL-3"
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (root / "LICENSE").read_text()


def test_requirements_are_those_of_the_manifests(root):
    """What is pinned for the addons is what the manifests ask for, no more, no less, and exactly pinned."""
    wanted = set()
    for addon in ADDONS:
        wanted |= {name.lower() for name in _manifest(root, addon).get("external_dependencies", {}).get("python", [])}
    assert {name.lower() for name, _version in _pins(root / "requirements.txt")} == wanted
    assert "-r requirements.txt" in (root / "requirements-dev.txt").read_text()
    assert _pins(root / "requirements-dev.txt")


def test_compose_file(root):
    """The compose file follows the Compose specification and keeps what is promised about it."""
    path = root / "docker-compose.yml"
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr

    content = yaml.safe_load(path.read_text())
    services = content["services"]
    assert services["odoo"]["image"] == "odoo:19"
    assert services["db"]["image"].startswith("postgres:")
    for name in ("odoo", "db"):
        assert services[name]["healthcheck"]
        assert services[name]["secrets"] == ["db_password"]
    assert "./addons:/mnt/extra-addons:ro" in services["odoo"]["volumes"]
    assert content["secrets"]["db_password"] == {"environment": "DB_PASSWORD"}
    named = {volume.split(":")[0] for service in services.values() for volume in service["volumes"]}
    assert {volume for volume in named if not volume.startswith(".")} == set(content["volumes"])
    asked = set(re.findall(r"\$\{(\w+)", path.read_text())) | {"DB_PASSWORD"}
    assert asked == set(re.findall(r"^(\w+)=", (root / ".env.example").read_text(), re.MULTILINE))


def test_no_registry_is_named(root):
    """No tracked file names the address of a package registry: machines know their own."""
    command = ["git", "grep", "--untracked", "-I", "-l", *(part for host in HOSTS for part in ("-e", re.escape(host)))]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert result.stdout == ""


def _manifest(root, addon):
    return ast.literal_eval((root / "addons" / addon / "__manifest__.py").read_text(encoding="utf-8"))


def _pins(path):
    """The names and versions in a requirements file, all of which must be exact."""
    lines = [line.split("#")[0].strip() for line in path.read_text().splitlines()]
    lines = [line for line in lines if line and not line.startswith("-r ")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines), lines
    return [tuple(line.split("==")) for line in lines]


def test_no_fiction_in_the_product(root):
    """Demo schools come with an addon of their own, which nothing asks for by itself, also not Odoo's demo data."""
    loaded = settings.load()
    assert set(settings.FICTION) < set(loaded.addon_names)
    for addon in loaded.product:
        manifest = _manifest(root, addon)
        assert not manifest.get("demo"), addon
        assert not set(settings.FICTION) & set(manifest["depends"]), addon
        for path in (root / "addons" / addon).rglob("*.py"):
            assert not any(name in path.read_text(encoding="utf-8") for name in settings.FICTION), path
    for addon in settings.FICTION:
        assert not _manifest(root, addon).get("auto_install"), addon
