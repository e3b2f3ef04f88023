"""Values as a client may send them: of the right type, within bounds that a school can mean, fit for the database.

What is no value is refused in words before anything is computed with it: the text that a date, a number or a letter is
made of, an id, a choice. Nothing is corrected in silence.
"""

import binascii
import math
import re
from base64 import b64decode
from datetime import date, datetime

from odoo import fields
from odoo.api import NewId
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.models import BaseModel
from odoo.tools import format_date

from .link_values import MAX_ID, _many, _one, _reference, _refuse

#: no pupil was born before, no school plans beyond
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
#: numbers of the database, and what is added to a date; the end of a name says what it counts
MOST_INTEGER, MOST_FLOAT = 1_000_000_000, 1_000_000
SPANS = (("months", 1200), ("years", 120), ("days", 36_525), ("offset", 1200), ("every", 1200), ("duration", 24))
#: characters; what is indexed must fit into a page of the database
MOST_CHAR, MOST_TEXT, MOST_HTML = 1000, 100_000, 500_000
#: characters that the database or a paper cannot hold
UNFIT = re.compile("[\x00\ud800-\udfff]")
#: how long a command of an x2many field is at least
LENGTHS = {
    Command.CREATE: 3,
    Command.UPDATE: 3,
    Command.DELETE: 2,
    Command.UNLINK: 2,
    Command.LINK: 2,
    Command.SET: 3,
}
#: what a form shows instead of a file, e.g. 12.5 Kb
SIZE = re.compile(r"\d+(\.\d+)? \w{2,5}")
NUMBER = re.compile(r"[+-]?\d{1,10}")


def check_values(model, vals, only_ours=False, form=False):
    """Raise ValidationError for what cannot be the value of its field, lines of x2many fields too.

    :param model: records of the model that the values are for
    :param only_ours: look at the register's own fields only, of a model of Odoo
    :param form: the values of a form that is not saved: a line there carries the form that it belongs to
    """
    if not isinstance(vals, dict):
        raise ValidationError(model.env._("%s: these are no values of a record. Reload the page.", model._description))
    for name, value in vals.items():
        field = model._fields.get(name) if isinstance(name, str) else None
        if only_ours and not str(name).startswith("vshu_"):
            continue
        if field is None:
            if name == "id":
                continue
            raise ValidationError(
                model.env._(
                    "“%(model)s” has no field “%(field)s”. Reload the page.", model=model._description, field=name
                )
            )
        # a value of the server's own code: a record, or one that no client can send
        if value is not None and value is not False and not isinstance(value, (BaseModel, NewId)):
            CHECKS.get(field.type, _any)(model, field, value, vals, form)


def check_ids(records):
    """Raise ValidationError where one of the ids cannot be that of a record."""
    if not all(isinstance(one, NewId) or type(one) is int and 0 < one <= MAX_ID for one in records._ids):
        raise ValidationError(
            records.env._("%s: what was sent names no record. Open it from the list.", records._description)
        )


def _label(model, field):
    return field._description_string(model.env) or field.name


def _any(model, field, value, vals, form):
    """Whatever a field of another type holds must fit into the database."""
    _fit(model, field, value)


def _fit(model, field, value):
    if isinstance(value, str) and UNFIT.search(value):
        raise ValidationError(
            model.env._(
                "“%s” holds characters that cannot be kept. Type the text anew, or paste it as plain text.",
                _label(model, field),
            )
        )
    if isinstance(value, dict):
        for key, inner in value.items():
            _fit(model, field, key)
            _fit(model, field, inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _fit(model, field, inner)


def _text(model, field, value, vals, form):
    most = {"char": MOST_CHAR, "html": MOST_HTML}.get(field.type, MOST_TEXT)
    if isinstance(value, dict) and field.translate:  # one text a language, as the server itself writes them
        for text in value.values():
            _text(model, field, text, vals, form)
        return
    wrong = not isinstance(value, str) if field.type == "html" else isinstance(value, (dict, list, tuple, bytes))
    if wrong or isinstance(value, str) and len(value) > most:
        raise ValidationError(
            model.env._(
                "“%(field)s”: enter a text of up to %(most)s characters.", field=_label(model, field), most=most
            )
        )
    _fit(model, field, value)


def _span(field, most):
    return next((limit for end, limit in SPANS if field.name == end or field.name.endswith(f"_{end}")), most)


def _integer(model, field, value, vals, form):
    most = _span(field, MOST_INTEGER)
    number = value
    if isinstance(value, str):
        number = int(value) if NUMBER.fullmatch(value.strip()) and value.isascii() else None if value else 0
    elif isinstance(value, float):
        number = int(value) if math.isfinite(value) and value == int(value) else None
    if not isinstance(number, int) or not -most <= number <= most:
        raise ValidationError(
            model.env._(
                "“%(field)s”: enter a whole number between %(least)s and %(most)s.",
                field=_label(model, field),
                least=-most,
                most=most,
            )
        )


def _float(model, field, value, vals, form):
    most = _span(field, MOST_FLOAT)
    try:
        number = float(value or 0)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number) or abs(number) > most:
        raise ValidationError(
            model.env._(
                "“%(field)s”: enter a number between %(least)s and %(most)s.",
                field=_label(model, field),
                least=-most,
                most=most,
            )
        )


def _date(model, field, value, vals, form):
    day = None
    if isinstance(value, str) and not value:
        return
    if isinstance(value, (str, date)):
        try:
            day = fields.Datetime.to_datetime(value).date() if field.type == "datetime" else fields.Date.to_date(value)
        except (TypeError, ValueError, OverflowError):
            day = None
    if day is None or not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(
            model.env._(
                "“%(field)s”: enter a date between %(first)s and %(last)s.",
                field=_label(model, field),
                first=format_date(model.env, FIRST_DAY),
                last=format_date(model.env, LAST_DAY),
            )
        )
    if isinstance(value, datetime) and value.tzinfo:
        _choose(model, field)


def _choose(model, field):
    raise ValidationError(
        model.env._("“%s”: choose one of the values that are offered.", field._description_string(model.env))
    )


def _boolean(model, field, value, vals, form):
    if isinstance(value, (dict, list, tuple, set)):
        _choose(model, field)


def _selection(model, field, value, vals, form):
    if value and (not isinstance(value, (str, int)) or value not in field.get_values(model.env)):
        _choose(model, field)


def _binary(model, field, value, vals, form):
    try:
        if not isinstance(value, bytes) and not (isinstance(value, str) and value.isascii()):
            raise binascii.Error
        if not (form and isinstance(value, str) and SIZE.fullmatch(value)):
            b64decode(value)
    except binascii.Error:
        raise ValidationError(
            model.env._("“%s”: the file did not come through. Upload it again.", _label(model, field))
        ) from None


def _link(model, field, value, vals, form):
    if isinstance(value, dict) and not form:
        _refuse(model, field)
    for _target, line in _one(model, field, value)[1]:
        check_values(model.env[field.comodel_name], line, form=form)


def _links(model, field, value, vals, form):
    lines = _many(model, field, value)[1]
    for command in value:
        if isinstance(command, (list, tuple)) and len(command) < LENGTHS.get(command[0], 1):
            _refuse(model, field)
    for _target, line in lines:
        check_values(model.env[field.comodel_name], line, form=form)


def _named(model, field, value, vals, form):
    if value:
        _reference(model, field, value, vals)


#: type of a field → check(model, field, value, all values)
CHECKS = {
    "binary": _binary,
    "boolean": _boolean,
    "char": _text,
    "date": _date,
    "datetime": _date,
    "float": _float,
    "html": _text,
    "image": _binary,
    "integer": _integer,
    "many2many": _links,
    "many2one": _link,
    "many2one_reference": _named,
    "monetary": _float,
    "one2many": _links,
    "reference": _named,
    "selection": _selection,
    "text": _text,
}
