"""Find words that cannot be translated as they are used.

Called with the Python of the virtual environment: words_check.py ADDON…

- A translatable text inside an f-string: the extraction of terms does not see it, so that it stays English.
- One message id for a button and for the name of a field, a model or a menu: a verb and a noun that share a translation
  (“File” on a button that files a paper, and “File” above a file).
"""

import ast
import sys
import xml.etree.ElementTree
from pathlib import Path

import polib

#: where a term names a thing, by what the comments of a .pot file say of it
NAMES = ("model:ir.model.fields,field_description:", "model:ir.model,name:")
#: button and name that are the same words in every language of ours: the term and why
SAME = {
    "Carried out": "a state that the button brings about, and the same state in a column",
    "Change of guardian or family": "the button opens the form of that name",
    "Close": "a tick that says what is done with the class, and the button that does it",
    "Decided": "the state that the button brings about, and its count",
    "Done": "the state that the button brings about, and its count",
    "Letters": "the button opens the letters",
}


def hidden_terms(folder):
    """Yield the place of each translatable text that stands inside an f-string."""
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for text in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
            for call in (node for node in ast.walk(text) if isinstance(node, ast.Call)):
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                if name in ("_", "_lt"):
                    yield f"{path}:{call.lineno}: a text to translate inside an f-string is not extracted"


def buttons(folder):
    """Return {words on a button: the view that has it}; buttons that show a figure are named after a thing."""
    found = {}
    for path in sorted(folder.rglob("views/*.xml")):
        for node in xml.etree.ElementTree.parse(path).iter("button"):
            words = node.get("string") or " ".join((node.text or "").split())
            if words and "oe_stat_button" not in node.get("class", ""):
                found.setdefault(words, path)
    return found


def shared_terms(folder):
    """Yield each term that is both on a button and the name of something."""
    pressed = buttons(folder)
    for terms in sorted(folder.glob("i18n/*.pot")):
        for entry in polib.pofile(str(terms)):
            named = [place for place, _line in entry.occurrences if place.startswith(NAMES)]
            if entry.msgid in pressed and named and entry.msgid not in SAME:
                where = pressed[entry.msgid]
                yield f"{where}: button “{entry.msgid}” shares its translation with the name of {named[0]}"


def main():
    """Print the findings; the exit code is 1 if there are any."""
    folders = [Path(name) for name in sys.argv[1:]]
    findings = [finding for folder in folders for check in (hidden_terms, shared_terms) for finding in check(folder)]
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
