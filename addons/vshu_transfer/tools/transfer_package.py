"""The file in which a record goes from one school to another: plain Python, no database.

A ZIP without compression and with nothing in it that could be otherwise (dates, order, attributes), so that the
receiver can make it again from what was read and compare byte by byte: whatever was altered anywhere shows.
"""

import datetime
import hashlib
import io
import json
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field

FORMAT = "vshu.transfer"
VERSION = 1
MANIFEST, RECORD = "manifest.json", "record.json"
#: what a school sends by e-mail or on a stick; the papers are scans
MAX_BYTES = 48 * 2**20
MAX_PAPERS = 400
#: of the record itself and of the list of parts; both are read as a whole
MAX_JSON = 8 * 2**20
MAX_TEXT = 50_000
MAX_ITEMS = 1_000
#: digits only: they are read out on the phone and typed on any keyboard
GROUPS, RECEIPT_GROUPS, GROUP = 6, 3, 4
MEMBER = re.compile(r"papers/\d{3}(\.[a-z0-9]{1,8})?")
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
    EOFError,
    OSError,
    OverflowError,
    RecursionError,
)


class PackageError(Exception):
    """A file that is not taken; ``reason`` is a key, the caller says it in the user's language.

    too_large, not_zip, unknown_member, format, version, code, altered, content
    """

    def __init__(self, reason, detail=""):
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass
class Package:
    """What was read: the record, the files of the papers by member name, the digest of the whole."""

    record: dict
    digest: str
    files: dict = field(default_factory=dict)


# -- codes -----------------------------------------------------------------------------------------------------------


def _digits(digest, groups):
    number = str(int(digest, 16) % 10 ** (groups * GROUP)).zfill(groups * GROUP)
    return " ".join(number[start : start + GROUP] for start in range(0, len(number), GROUP))


def code_of(digest):
    """Return the control code of a file: printed on the paper, typed by whoever receives the file."""
    return _digits(digest, GROUPS)


def receipt_code_of(digest):
    """Return the code of the receipt: only who has the whole file can make it, the control code does not give it."""
    return _digits(hashlib.sha256(f"{FORMAT} receipt {digest}".encode()).hexdigest(), RECEIPT_GROUPS)


def same_code(typed, code):
    """Tell whether ``typed`` is ``code``, however it is grouped."""
    return re.sub(r"[\s\-–.]", "", typed or "") == code.replace(" ", "")


# -- making ----------------------------------------------------------------------------------------------------------


def member_name(number, name):
    """Return the member for the file ``name``: a number and, where it is a plain one, the ending."""
    ending = re.search(r"\.([A-Za-z0-9]{1,8})$", name or "")
    return f"papers/{number:03d}" + (f".{ending[1].lower()}" if ending else "")


def _json(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _zip(parts):
    """Return the ZIP of ``parts`` [(member, bytes)]: the same parts give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for member, content in parts:
            info = zipfile.ZipInfo(member, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o600 << 16
            info.compress_type = zipfile.ZIP_STORED
            archive.writestr(info, content)
    return target.getvalue()


def _manifest(parts):
    return _json(
        {
            "format": FORMAT,
            "version": VERSION,
            "parts": [
                {"name": member, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                for member, content in parts
            ],
        }
    )


def build(record, files):
    """Return (content of the ZIP, digest) of ``record`` and its ``files`` {member: bytes}.

    :raises PackageError: where it would be too large to be taken, or the record is not of this format
    """
    if len(files) > MAX_PAPERS or sum(map(len, files.values())) > MAX_BYTES:
        raise PackageError("too_large")
    record = {**record, "format": FORMAT, "version": VERSION}
    check_record(record, set(files))
    parts = [(RECORD, _json(record)), *sorted(files.items())]
    manifest = _manifest(parts)
    content = _zip([(MANIFEST, manifest), *parts])
    if len(content) > MAX_BYTES or len(parts[0][1]) > MAX_JSON:
        raise PackageError("too_large")
    return content, hashlib.sha256(manifest).hexdigest()


# -- reading ---------------------------------------------------------------------------------------------------------


def read(content, code):
    """Return the Package in ``content``, which ``code`` belongs to.

    :raises PackageError: see there; nothing is unpacked anywhere, nothing larger than the file itself is read
    """
    if len(content) > MAX_BYTES:
        raise PackageError("too_large")
    parts = _members(content)
    manifest = parts.pop(MANIFEST)
    names = _check_manifest(manifest)
    digest = hashlib.sha256(manifest).hexdigest()
    if not same_code(code, code_of(digest)):
        raise PackageError("code")
    unknown = parts.keys() ^ names
    if unknown:
        raise PackageError("unknown_member", min(unknown)[:100])
    ordered = [(RECORD, parts[RECORD]), *sorted((n, c) for n, c in parts.items() if n != RECORD)]
    if _manifest(ordered) != manifest or _zip([(MANIFEST, manifest), *ordered]) != content:
        raise PackageError("altered")
    try:
        record = json.loads(parts.pop(RECORD))
    except (ValueError, RecursionError) as error:
        raise PackageError("content") from error
    check_record(record, set(parts))
    return Package(record, digest, parts)


def _members(content):
    """Return {member: bytes} of a ZIP that can be ours: known names, not compressed, nothing laid over another."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            names = [info.filename for info in infos]
            for name in names:
                if name not in (MANIFEST, RECORD) and not MEMBER.fullmatch(name):
                    raise PackageError("unknown_member", name[:100])
            if len(set(names)) != len(names) or len(names) > MAX_PAPERS + 2:
                raise PackageError("unknown_member", max(names, key=names.count)[:100])
            if not {MANIFEST, RECORD} <= set(names):
                raise PackageError("format")
            if any(info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1 for info in infos):
                raise PackageError("altered")
            # so no member is read that is larger than the file, nor one piece of the file many times over
            if sum(info.file_size for info in infos) > len(content):
                raise PackageError("altered")
            if any(info.file_size > MAX_JSON for info in infos if info.filename in (MANIFEST, RECORD)):
                raise PackageError("content", RECORD)
            return {info.filename: archive.read(info) for info in infos}
    except PackageError:
        raise
    except BROKEN as error:
        raise PackageError("altered" if content[:2] == b"PK" else "not_zip") from error


def _check_manifest(manifest):
    """Return the names of the parts; checks format and version before anything else is believed."""
    try:
        found = json.loads(manifest)
        if found.get("format") != FORMAT:
            raise PackageError("format")
        if found.get("version") != VERSION:
            raise PackageError("version", str(found.get("version"))[:20])
        return {part["name"] for part in found["parts"]}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PackageError("altered") from error


# -- what a record holds -----------------------------------------------------------------------------------------------


TEXT, NAME, NUMBER, FLAG, DAY, WORDS = "text", "name", "number", "flag", "day", "words"
#: a record of a catalogue: which regulation, which code there, its words by language
ENTRY = {"regulation": TEXT, "code": TEXT, "clause": TEXT, "words": WORDS}
SCHEMA = {
    "format": NAME,
    "version": NUMBER,
    "uid": NAME,
    "reference": TEXT,
    "number": TEXT,
    "date": DAY,
    "sender": {"name": NAME, "address": TEXT, "phone": TEXT, "email": TEXT, "head": TEXT, "keeper": TEXT},
    "regulation": ENTRY,
    "receiver": TEXT,
    "subject": {
        "kind": NAME,
        "name": NAME,
        "birth_date": DAY,
        "sex": TEXT,
        "class_name": TEXT,
        "grade": NUMBER,
        "members": [{"name": TEXT, "birth_date": DAY}],
    },
    "guardians": [{"name": TEXT, "kind": TEXT, "phone": TEXT}],
    "case": {
        "reference": TEXT,
        "kind": NAME,
        "number": TEXT,
        "date_received": DAY,
        "date_placed": DAY,
        "date_entered": DAY,
        "date_end": DAY,
        "date_removed": DAY,
        "repeated": FLAG,
        "ground": ENTRY,
        "extra_grounds": [ENTRY],
        "basis": ENTRY,
        "removal_reason": ENTRY,
        "curator": TEXT,
        "reason": TEXT,
        "measures_before": TEXT,
    },
    "periods": [{"kind": NAME, "date_from": DAY, "date_to": DAY, "months": NUMBER, "paper": TEXT}],
    "decisions": [{"kind": ENTRY, "form": ENTRY, "number": TEXT, "date": DAY, "text": TEXT}],
    "assignments": [{"name": TEXT, "date_assigned": DAY, "date_due": DAY, "date_done": DAY, "report": TEXT}],
    "journal": {
        "number": NUMBER,
        "year": TEXT,
        "date_entered": DAY,
        "date_placed": DAY,
        "subject_name": TEXT,
        "birth_date": DAY,
        "class_name": TEXT,
        "address": TEXT,
        "guardians": TEXT,
        "ground": TEXT,
        "basis": TEXT,
        "paper": TEXT,
        "outside_paper": TEXT,
        "curator": TEXT,
    },
    "summary": TEXT,
    "recommendation": TEXT,
    "sealed_decision": {"number": TEXT, "date": DAY},
    "papers": [
        {
            "type": ENTRY,
            "date": DAY,
            "author": TEXT,
            "rating": TEXT,
            "sheets": NUMBER,
            "sealed": FLAG,
            "files": [{"member": NAME, "name": TEXT}],
        }
    ],
    "extra": [{"title": WORDS, "text": TEXT, "head": [WORDS], "rows": [[TEXT]]}],
}


def check_record(record, members):
    """Raise PackageError where ``record`` is not as the schema has it, or its papers name other files than there are.

    A key may be missing or null; one that the schema does not know is refused, so that nothing is lost unseen.
    """
    _check(record, SCHEMA, "")
    for path in (("uid",), ("date",), ("sender", "name"), ("subject", "kind"), ("subject", "name"), ("case", "kind")):
        value = record
        for key in path:
            value = (value or {}).get(key)
        if not value:
            raise PackageError("content", ".".join(path))
    named = [file["member"] for paper in record.get("papers") or () for file in paper.get("files") or ()]
    if sorted(named) != sorted(members):
        raise PackageError("content", "papers")


def _check(value, schema, path):
    if value is None:
        return
    if isinstance(schema, dict):
        if not isinstance(value, dict) or value.keys() - schema.keys():
            raise PackageError("content", path)
        for key, item in value.items():
            _check(item, schema[key], f"{path}.{key}".strip("."))
    elif isinstance(schema, list):
        if not isinstance(value, list) or len(value) > MAX_ITEMS:
            raise PackageError("content", path)
        for item in value:
            _check(item, schema[0], path)
    elif not _fits(value, schema):
        raise PackageError("content", path)


def _fits(value, kind):
    """Tell whether a plain value is of ``kind``."""
    if kind == FLAG:
        return isinstance(value, bool)
    if kind == NUMBER:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    if kind == WORDS:
        return (
            isinstance(value, dict)
            and len(value) < 20
            and all(_is_text(lang) and len(lang) < 20 and _is_text(text) for lang, text in value.items())
        )
    if not _is_text(value):
        return False
    if kind == DAY:
        try:
            return datetime.date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    return kind == TEXT or 0 < len(value) <= 500


def _is_text(value):
    """Tell whether ``value`` is a text that a database takes: no NUL, no half of a surrogate pair."""
    if not isinstance(value, str) or len(value) > MAX_TEXT or "\x00" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
