"""What an Odoo log says beside INFO, less what is allowed with a reason."""

import re

from .settings import ROOT

ALLOWED = ROOT / "tools" / "log_allow.txt"
ENTRY = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) ")
FINDINGS = ("WARNING", "ERROR", "CRITICAL")
# what the reader of descriptions of addons says beside the log, e.g. "<string>:47: (ERROR/3) Unexpected indentation."
ASIDE = re.compile(r"^<string>:\d+: \((WARNING|ERROR|SEVERE)/\d\) .*$", re.MULTILINE)


def findings(path):
    """The entries of the log at ``path`` of level WARNING or worse that the allow-list does not name, and asides."""
    allowed = _allowed()
    text = path.read_text(encoding="utf-8", errors="replace")
    found = [match.group() for match in ASIDE.finditer(text)]
    for entry in _entries(text):
        if ENTRY.match(entry)["level"] in FINDINGS and not any(pattern.search(entry) for pattern in allowed):
            found.append(entry)
    return found


def _entries(text):
    """The entries of a log; one may have several lines."""
    entries = []
    for line in text.splitlines():
        if ENTRY.match(line):
            entries.append(line)
        elif entries:
            entries[-1] += f"\n{line}"
    return entries


def _allowed():
    lines = ALLOWED.read_text(encoding="utf-8").splitlines()
    return [re.compile(line.split("\t")[0]) for line in lines if line and not line.startswith("#")]
