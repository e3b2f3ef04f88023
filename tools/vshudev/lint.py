"""The checks that run no test: style, Odoo's conventions, XML, translations, and Odoo's own lint."""

import subprocess
import xml.etree.ElementTree
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

from . import system, testing, toolchain
from .console import DevError, say
from .settings import ADDONS, ROOT
from .system import make_folder

DATABASE = "vshu_lint"
LANGUAGES = ("ru", "kk")
SCRIPTS = ROOT / "tools" / "checks"
PYTHON_FOLDERS = ("addons", "tools", "tests", "bench")
# Odoo's own pylint plugins lie among the tests of its module test_lint.
ODOO_PLUGINS = ("_odoo_checker_sql_injection", "_odoo_checker_gettext", "_odoo_checker_unlink_override")
ODOO_PLUGIN_CHECKS = (
    "sql-injection,missing-gettext,gettext-variable,gettext-placeholders,gettext-repr,raise-unlink-override,"
    "used-before-assignment,undefined-variable,eval-used,unreachable,function-redefined"
)


def run(settings, only=None):
    """Run every check and print what each one found.

    :param only: one of ``PARTS``, which needs no database and waits for nobody
    :return: True if none found anything
    """
    if only:
        bench = SimpleNamespace(settings=settings, odoo=toolchain.prepare(settings))
        clean = [_print_result(name, check(bench)) for name, check in PARTS[only]]
        return all(clean)
    with system.lock(settings.for_tests().state):
        return _run(settings.for_tests())


def _run(settings):
    bench, started = testing.workbench(settings)
    checks = (
        ("Odoo's own lint (test_lint) and translations", _odoo_lint),
        ("pylint with Odoo's plugins", _odoo_plugins),
        *(check for part in PARTS.values() for check in part),
    )
    try:
        bench.template()
        # Odoo's lint takes longest and needs one core: the others run beside it.
        with ThreadPoolExecutor(max_workers=2) as pool:
            results = [(name, pool.submit(check, bench)) for name, check in checks]
            clean = [_print_result(name, result.result()) for name, result in results]
    finally:
        if started:
            bench.server.stop()
    return all(clean)


def reformat(settings):
    """Let ruff correct what it can correct by itself, and lay out the code."""
    ruff = toolchain.prepare(settings).tool_folder / "ruff"
    for arguments in (["check", "-q", "--fix", "--exit-zero"], ["format", "-q"]):
        findings = _command([ruff, *arguments, *_folders()])
        if findings:
            raise DevError(findings.strip())


def _print_result(name, findings):
    say(f"==> {name}: {'clean' if not findings else 'findings'}")
    if findings:
        say(findings.rstrip())
    return not findings


def _command(command, **options):
    """What a checker that reports by its exit code printed, or nothing if it found nothing."""
    result = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=False, **options)
    return f"{result.stdout}{result.stderr}" or f"exit code {result.returncode}" if result.returncode else ""


def _ruff(bench):
    ruff = bench.odoo.tool_folder / "ruff"
    return _command([ruff, "check", "-q", *_folders()]) + _command([ruff, "format", "--check", *_folders()])


def _folders():
    return [folder for folder in PYTHON_FOLDERS if (ROOT / folder).exists()]


def _addon_folders(bench):
    return [ADDONS / name for name in bench.settings.addon_names]


def _pylint(bench):
    pylint = bench.odoo.tool_folder / "pylint"
    # said here, since .pylintrc turns all of odoolint on after what it turns off
    off = "--disable=consider-merging-classes-inherited,missing-readme"
    command = [pylint, "--rcfile=.pylintrc", "-j1"]
    findings = _command([*command, off, "--ignore-paths=.*/tests/[a-z]+/.*", *_addon_folders(bench)])
    # what it lets pass in tests it knows by the folder that is named so, not in folders below
    below = [path for folder in _addon_folders(bench) for path in sorted(folder.glob("tests/*/test_*.py"))]
    if below:
        findings += _command([*command, f"{off},translation-required,odoo-addons-relative-import", *below])
    return findings


def _odoo_plugins(bench):
    folder = _test_lint(bench) / "tests"
    if not folder.is_dir():
        say("    this Odoo is shipped without its module test_lint: its checks are left out")
        return ""
    command = [bench.odoo.tool_folder / "pylint", "--rcfile=/dev/null", "--reports=n", "--score=n", "-j1"]
    command += ["--disable=all", f"--enable={ODOO_PLUGIN_CHECKS}", f"--load-plugins={','.join(ODOO_PLUGINS)}"]
    environment = {**bench.server.environment, "PYTHONPATH": str(folder)}
    return _command([*command, *_addon_folders(bench)], env=environment)


def _odoo_linter(bench):
    return _command([bench.odoo.tool_folder / "odl", "check", *_addon_folders(bench)])


def _xml(bench):
    findings = []
    for folder in _addon_folders(bench):
        for path in [*sorted(folder.rglob("*.xml")), *sorted(folder.rglob("*.svg"))]:
            try:
                xml.etree.ElementTree.parse(path)
            except xml.etree.ElementTree.ParseError as error:
                findings.append(f"{path.relative_to(ROOT)}: {error}")
    return "\n".join(findings)


def _words(bench):
    return _command([bench.odoo.python, SCRIPTS / "words_check.py", *_addon_folders(bench)])


def _house(bench):
    return _command([bench.odoo.python, SCRIPTS / "house_check.py", *_addon_folders(bench)])


def _test_lint(bench):
    folders = [*bench.odoo.addons_path.split(","), bench.odoo.source / "odoo" / "addons"]
    found = [path for path in (Path(folder) / "test_lint" for folder in folders) if path.is_dir()]
    return found[0] if found else Path(folders[0]) / "test_lint"


def _odoo_lint(bench):
    """Install the addons, run Odoo's lint on them and compare the translations with the terms found."""
    names = bench.settings.product
    terms = make_folder(bench.settings.state / "terms")
    bench.copy(bench.template(), DATABASE)
    try:
        bench.run(DATABASE, f"--init={','.join(names)}", log=bench.settings.logs / "lint-install.log")
    except DevError as error:
        return str(error)
    script = [bench.odoo.python, SCRIPTS / "odoo_lint.py", terms, ",".join(names)]
    options = bench.command(f"--database={DATABASE}")
    start = options.index("server") + 1
    findings = _command([*script, *options[start:]], env=bench.server.environment)
    for name in names:
        for language in LANGUAGES:
            files = (terms / f"{name}.pot", ADDONS / name / "i18n" / f"{language}.po")
            findings += _command([bench.odoo.python, SCRIPTS / "po_check.py", *files])
    return findings


#: what can be run alone, before a commit say: {name: (what is printed, check)}
PARTS = {
    "style": (("ruff", _ruff),),
    "odoo": (("pylint-odoo", _pylint), ("odoo-linter", _odoo_linter)),
    "xml": (("XML", _xml),),
    "words": (("words that cannot be translated", _words),),
    "house": (("the house: what is written twice or points the wrong way", _house),),
}
