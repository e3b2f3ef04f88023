"""The translations: Odoo exports the terms of the addons, gettext merges them into the PO files."""

import re
import subprocess

from . import testing
from .console import DevError, say, step
from .lint import LANGUAGES
from .settings import ADDONS, ROOT
from .system import last_line, lock, make_folder

DATABASE = "vshu_i18n"
WIDTH = "--width=120"
# Odoo's own function, so that the comments (#. module:, #: model:…) are those that it reads again.
EXPORT = """
from odoo.tools.translate import trans_export
for name in {names!r}:
    with open("{folder}/" + name + ".pot", "wb") as file:
        trans_export(False, [name], file, "po", env)
"""
# Without dates and names: a run that finds nothing new changes no line.
HEADER = """\
# Translation of the addon {addon}{language}.
# Made anew by `make i18n`; only the translations themselves are written by hand.
msgid ""
msgstr ""
"Project-Id-Version: Odoo 19.0 {addon}\\n"
"Report-Msgid-Bugs-To: \\n"
"PO-Revision-Date: \\n"
"Last-Translator: \\n"
"Language-Team: \\n"
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"
"""
PLURALS = {
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    "kk": "nplurals=2; plural=(n != 1);",
}
PLACES = re.compile(r"^#: .*$", re.MULTILINE)
MSGID = re.compile(r'^msgid (".*"(?:\n".*")*)', re.MULTILINE)


def run(settings):
    """Bring the PO files in step with the code and list what they do not translate.

    :return: True if every term is translated
    """
    with lock(settings.for_tests().state):
        terms = _export(settings.for_tests())
    complete = True
    for name in settings.product:
        folder = make_folder(ADDONS / name / "i18n")
        template = folder / f"{name}.pot"
        template.write_bytes((terms / f"{name}.pot").read_bytes())
        _lay_out(template, name)
        for language in LANGUAGES:
            complete = _merge(template, folder / f"{language}.po", language) and complete
    return complete


def _export(settings):
    """Install the addons on a fresh database and let Odoo write their terms.

    :return: the folder of the ``.pot`` files
    """
    bench, started = testing.workbench(settings)
    folder = make_folder(bench.settings.state / "terms")
    names = bench.settings.product
    try:
        template = bench.template()
        with step(f"exporting the terms of {', '.join(names)}"):
            bench.copy(template, DATABASE)
            logs = bench.settings.logs
            bench.run(DATABASE, f"--init={','.join(names)}", log=logs / "i18n-install.log")
            bench.shell(DATABASE, EXPORT.format(names=names, folder=folder), log=logs / "i18n-export.log")
            bench.drop(DATABASE)
    finally:
        if started:
            bench.server.stop()
    return folder


def _merge(template, path, language):
    """Merge the terms into one PO file and report on it.

    :return: True if the file translates every term
    """
    if not path.exists():
        path.write_text(_header(template.stem, language), encoding="utf-8")
    _gettext("msgmerge", "--no-fuzzy-matching", "--quiet", f"--output-file={path}", path, template)
    _gettext("msgattrib", "--no-obsolete", f"--output-file={path}", path)
    _lay_out(path, template.stem, language)
    missing = untranslated(path)
    count = len(MSGID.findall(path.read_text(encoding="utf-8"))) - 1
    say(f"{path.relative_to(ROOT)}: {count} terms, {len(missing)} untranslated")
    for msgid in missing:
        say(f"    {msgid}")
    return not missing


def untranslated(path):
    """The terms (as they stand in the file) that ``path`` does not translate."""
    text = _gettext("msgattrib", "--untranslated", "--no-obsolete", "--no-wrap", path)
    return [msgid for msgid in MSGID.findall(text) if msgid != '""']


def _lay_out(path, addon, language=""):
    """Give the file our header, lines of one width, and each place of a term a line of its own."""
    _, _, entries = path.read_text(encoding="utf-8").partition("\n\n")
    path.write_text(f"{_header(addon, language)}\n{entries}", encoding="utf-8")
    text = _gettext("msgcat", WIDTH, path)
    path.write_text(PLACES.sub(lambda line: line[0].replace(" ", "\n#: ")[3:], text), encoding="utf-8")


def _header(addon, language):
    name = f" into {language}" if language else ""
    return HEADER.format(addon=addon, language=name, code=language, plural=PLURALS.get(language, ""))


def _gettext(program, *arguments):
    """Run one of gettext's programs.

    :return: what it printed
    :raises DevError: when it fails
    """
    result = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)
    if result.returncode:
        raise DevError(f"{program} failed: {last_line(result.stderr)}")
    return result.stdout
