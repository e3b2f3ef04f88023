"""Compare a translation with the terms of its addon.

Called with the Python of the virtual environment: po_check.py TERMS.pot TRANSLATION.po
"""

import re
import subprocess
import sys
from pathlib import Path

import polib

PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]|%[sdfr%]|\{\w*\}|<[^<>]+>")


def check(terms, translation):
    """Yield what is wrong with the file ``translation`` of the addon that has these ``terms``."""
    if not translation.exists():
        yield "is missing"
        return
    result = subprocess.run(
        ["msgfmt", "-c", "-o", "/dev/null", str(translation)], capture_output=True, text=True, check=False
    )
    if result.returncode:
        yield result.stderr.strip()
        return
    entries = {entry.msgid: entry for entry in polib.pofile(str(translation)) if not entry.obsolete}
    wanted = {entry.msgid for entry in polib.pofile(str(terms))}
    for msgid in sorted(wanted - set(entries)):
        yield f"lacks {msgid!r}"
    for msgid in sorted(set(entries) - wanted):
        yield f"translates what the addon does not say: {msgid!r}"
    for msgid in sorted(wanted & set(entries)):
        entry = entries[msgid]
        if entry.fuzzy:
            yield f"is unsure (fuzzy) about {msgid!r}"
        if not entry.msgstr.strip():
            yield f"does not translate {msgid!r}"
        elif sorted(PLACEHOLDER.findall(msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr)):
            yield f"has other placeholders or tags than {msgid!r}: {entry.msgstr!r}"


def main():
    """Print the findings; the exit code is 1 if there are any."""
    terms, translation = map(Path, sys.argv[1:])
    findings = list(check(terms, translation))
    for finding in findings:
        print(f"{translation}: {finding}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
