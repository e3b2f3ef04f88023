"""Keeps what the register says to its users out of the server's log: its messages name children.

Odoo logs the text of each refusal (``odoo.http``), of each failed job (``ir.cron``), of each failed query with its
values (``odoo.sql_db``) and of each mail that was not taken. Who reads the log need not know the children. So whatever
error passed through the register is logged by its type, the place in the code that raised it, model and ids, which is
enough to look it up; that there was an error is always logged. Messages of other addons stay as they are.

One factory of log records serves every logger and handler, also those that are set up later.
"""

import logging
import re
import sys
import threading
from pathlib import PurePath

from odoo.models import BaseModel
from odoo.modules.registry import Registry

OWN_CODE = "odoo.addons.vshu_"
OWN_MODEL = "vshu."
#: models of Odoo whose own messages call records by names that may be a child's, where the register is installed
CARRIERS = {"res.partner", "ir.attachment", "mail.message", "mail.activity", "calendar.event"}
#: errors of a program: their text speaks of code, not of people
CODE_ERRORS = (AssertionError, AttributeError, ImportError, NameError, RecursionError, TypeError)
#: their errors repeat addresses and answers of mail servers
MAIL_LOGGERS = {"odoo.addons.base.models.ir_mail_server", "odoo.addons.mail.models.mail_mail"}
SQL_LOGGER = "odoo.sql_db"
#: it repeats what a list was searched by
EXPORT_LOGGER = "odoo.addons.web.controllers.export"
#: access logs: the client asks for a file by its name
ACCESS_LOGGERS = {"werkzeug", "odoo.service.server", "longpolling"}
FILE_NAME = re.compile(
    r"([?&]filename=)[^&\s\"]+|(/web/(?:content|image)/[^?\s\"]*/)[^&/?\s\"]*[%.][^&/?\s\"]*(?=[?\s\"]|$)"
)
ADDRESS = re.compile(r"[^\s<>\"',;:(\[]+@")
LITERAL = re.compile(r"'(?:[^'\\]|''|\\.)*'", re.DOTALL)
OWN_TABLE = re.compile(r"\bvshu_\w+\b")
#: tables of Odoo that hold words of the register, where it is installed
SHARED_TABLE = re.compile(r"\b(?:res_partner|ir_attachment|mail_\w+|calendar_event)\b")
#: ids that one line names
MANY = 10


def install():
    """Let every log record pass the mask; a second call changes nothing."""
    make = logging.getLogRecordFactory()
    if not getattr(make, "vshu_mask", False):
        logging.setLogRecordFactory(_factory(make))


def _factory(make):
    def factory(*args, **kwargs):
        record = make(*args, **kwargs)
        if record.levelno >= logging.INFO:
            try:
                _mask(record)
            except Exception as error:  # noqa: BLE001 a log line that cannot be looked through tells nothing but that
                record.msg, record.args = f"A message that could not be masked: {type(error).__name__}", None
                record.exc_info = record.exc_text = None
        return record

    factory.vshu_mask = True
    return factory


def _mask(record):
    """Replace in ``record`` what may name a child."""
    if record.name in ACCESS_LOGGERS:
        record.msg, record.args = _without(record, FILE_NAME, lambda found: f"{found[1] or found[2]}…")
    if record.name == EXPORT_LOGGER and isinstance(record.args, tuple):
        # a domain is a list that is no list of ids
        searched = [
            isinstance(value, list) and any(not isinstance(item, int) for item in value) for value in record.args
        ]
        record.args = tuple("…" if hide else value for value, hide in zip(record.args, searched, strict=True))
    raised = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    values = record.args if isinstance(record.args, tuple) else ()
    errors = [error for error in (record.msg, *values, raised) if isinstance(error, BaseException)]
    # an error may be put into words before it is logged
    handled = sys.exc_info()[1]
    errors += [handled] if handled is not None and handled not in errors else []
    mails = record.name in MAIL_LOGGERS and record.levelno > logging.INFO
    if record.name == SQL_LOGGER and len(values) == 2 and isinstance(values[1], BaseException):
        _mask_query(record)
        return
    masked = {id(error): text for error in errors if (text := told(error, mails))}
    if masked:
        # a text may have been taken out of the error before it was logged
        words = {word for error in errors for word in _words(error)}

        def plain(value):
            if isinstance(value, BaseException):
                return masked.get(id(value), value)
            text = value.decode(errors="replace") if isinstance(value, bytes) else value
            if isinstance(text, str) and any(word in text for word in words):
                return next(iter(masked.values()))
            return value

        message = plain(record.msg)
        # the text of a message may hold the words itself; its arguments have no place then
        kept = message is record.msg or isinstance(record.msg, BaseException)
        record.args = tuple(plain(value) for value in values) or record.args if kept else None
        record.msg = message
        if raised and id(raised) in masked:
            stand_in = _stand_in(raised, mails, set())
            record.exc_info = (type(stand_in), stand_in, record.exc_info[2])
    if mails or record.name in MAIL_LOGGERS:
        record.msg, record.args = _without(record, ADDRESS, "…@")


def _without(record, pattern, replacement):
    text = record.getMessage()
    clean = pattern.sub(replacement, text)
    return (record.msg, record.args) if clean == text else (clean, None)


def _chain(error):
    """Yield an error and whatever brought it about."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _words(error):
    """Return the texts that an error carries; single letters and numbers are no text."""
    texts = {str(link) for link in _chain(error)} | {
        str(value) for link in _chain(error) for value in link.args if isinstance(value, str)
    }
    return {text for text in texts if len(text) > 2}


def told(error, always=False):
    """Return what the log says instead of the text of ``error``; None where the text may stand.

    :param always: also for an error that did not pass through the register
    """
    if isinstance(error, CODE_ERRORS) and not error.__cause__:
        return None
    about = _about(error)
    if about is None and not always:
        return None
    parts = [type(error).__name__, *(about or ())]
    if code := getattr(error, "smtp_code", None):
        parts.append(f"SMTP {code}")
    if diag := getattr(error, "diag", None):
        parts += [value for value in (diag.table_name, diag.column_name, diag.constraint_name) if value]
    return f"{' '.join(parts)}: text not logged, it may name a child"


def _about(error):
    """Return (place in the code, records) of an error of the register; None for an error of others."""
    places, frames = [], []
    for link in _chain(error):
        trace, mine = link.__traceback__, []
        while trace:
            mine.append((trace.tb_frame, trace.tb_lineno))
            trace = trace.tb_next
        places += mine[-1:]
        frames += mine[::-1]
        if _is_own_table(getattr(getattr(link, "diag", None), "table_name", None) or ""):
            return [_place(mine[-1:])]
    records, own = _look(frames)
    return [_place(places), *records] if own else None


def _is_own_table(text):
    """Tell whether a query, or the name of a table, is about what the register keeps."""
    if OWN_TABLE.search(text):
        return True
    registry = Registry.registries.get(getattr(threading.current_thread(), "dbname", None))
    return bool(SHARED_TABLE.search(text)) and (registry is None or "vshu.school" in registry)


def _look(frames):
    """Return (names of the register's records in ``frames``, whether the register is concerned), innermost first."""
    own, carrier = False, None
    for frame, _line in frames:
        if frame.f_globals.get("__name__", "").startswith(OWN_CODE):
            own = True
        values = frame.f_locals
        for value in values.values():
            if isinstance(value, BaseModel) and value._name.startswith(OWN_MODEL):
                return [_records(value)], True
        innermost = values.get("self")
        if carrier is None and isinstance(innermost, BaseModel):
            carrier = innermost
    if carrier is not None and carrier._name in CARRIERS and "vshu.school" in carrier.pool:
        return [_records(carrier)], True
    return [], own


def _records(records):
    ids = [str(res_id) for res_id in records._ids[:MANY] if isinstance(res_id, int)]
    return f"{records._name}({', '.join(ids)})"


def _place(frames):
    """Return the file and line in which an error was raised, without the path of the installation."""
    if not frames:
        return "raised elsewhere"
    frame, line = frames[0]
    module = frame.f_globals.get("__name__", "").split(".")
    # odoo.addons.vshu_registry.models.people.… : from the folder of the addon on, however deep the file lies
    depth = len(module) - 2 if module[:2] == ["odoo", "addons"] else 3
    return f"at {'/'.join(PurePath(frame.f_code.co_filename).parts[-depth:])}:{line}"


def _stand_in(error, always, seen):
    """Return an error of the same name and place, with the same causes, that says nothing."""
    if id(error) in seen:
        return None
    seen.add(id(error))
    kind = type(error)
    text = told(error, always) or (
        f"{kind.__name__}: {error}" if isinstance(error, CODE_ERRORS) else "text not logged, it may name a child"
    )
    stand_in = type(kind.__name__, (Exception,), {"__module__": kind.__module__, "__qualname__": kind.__qualname__})(
        text
    )
    stand_in.__traceback__ = error.__traceback__
    if error.__cause__:
        stand_in.__cause__ = _stand_in(error.__cause__, always, seen)
    elif error.__context__ and not error.__suppress_context__:
        stand_in.__context__ = _stand_in(error.__context__, always, seen)
    return stand_in


def _mask_query(record):
    """Leave the values out of a failed query of the register, and the rows out of what the database says of it."""
    query, error = record.args
    text = query.decode(errors="replace") if isinstance(query, bytes) else str(query)
    frames, frame = [], sys._getframe()
    while frame:
        frames.append((frame, frame.f_lineno))
        frame = frame.f_back
    # the stack of a request holds everything that led here, not only what failed
    if not _is_own_table(text) and not _look(frames)[1]:
        return
    diag = getattr(error, "diag", None)
    parts = [getattr(diag, name, None) for name in ("table_name", "column_name", "constraint_name")]
    what = " ".join([type(error).__name__, *filter(None, parts)])
    record.msg = "bad query: %s\nERROR: %s (values not logged, they may name a child)"
    record.args = (LITERAL.sub("'…'", text), what)
