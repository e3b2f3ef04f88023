"""What a caller's values point at, in every form that Odoo takes links in."""

from datetime import date

from odoo.api import NewId
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.models import BaseModel

#: models of others whose records are about children or schools, or hold what was said of them
FOREIGN_MODELS = (
    "calendar.event",
    "ir.attachment",
    "mail.activity",
    "mail.followers",
    "mail.message",
    "res.company",
    "res.partner",
)
#: ids are whole numbers of the database
MAX_ID = 2**31 - 1
#: types of fields that point at records
LINKS = ("many2one", "one2many", "many2many", "many2one_reference", "reference")
#: types whose values are converted, and may be refused by the conversion
CONVERTED = ("boolean", "date", "datetime", "float", "integer", "monetary", "selection")


class Checked:
    """Links that were checked already, by who wants them. An object: no caller from outside can send one."""

    def __init__(self, env, found):
        self.uid = env.uid
        self.found = found

    def without_known(self, env, found):
        """Return those of ``found`` that are still to be checked."""
        if env.uid != self.uid:
            return found
        return {comodel: ids - self.found.get(comodel, set()) for comodel, ids in found.items()}


def is_ours(name):
    """Tell whether a model is one of the register's."""
    return name.startswith("vshu.")


def is_confidential(env, comodel, model):
    """Tell whether links of ``model`` to ``comodel`` are for those who may read the record; catalogues are open.

    Of Odoo's own models only the links to our records and to contacts (who may be students) are looked at.
    """
    if is_ours(comodel):
        return not issubclass(env.registry[comodel], env.registry["vshu.catalog.mixin"])
    return comodel == "res.partner" or (comodel in FOREIGN_MODELS and is_ours(model))


def find_links(model, vals, found, known=None):
    """Add to ``found`` ({name of a model: ids}) the confidential records that ``vals`` point at, nested ones too.

    :param model: empty records of the model that the values are for
    :param known: the record that has the values already: what it points at is not added
    :raises ValidationError: for what is no link at all
    """
    if not isinstance(vals, dict):
        raise ValidationError(model.env._("%s: these are no values of a record. Reload the page.", model._description))
    for name, value in vals.items():
        field = model._fields.get(name)
        if field is None or not value or field.type not in LINKS:
            continue
        try:
            comodel, ids, lines = _targets(model, field, value, vals)
        except ValidationError:
            # what Odoo's own models make of odd links to records of their own is theirs
            if is_ours(model._name) or (field.relational and is_confidential(model.env, field.comodel_name, "")):
                raise
            continue
        if ids and comodel and is_confidential(model.env, comodel, model._name):
            # sudo: what is there already is not added; with the archived ones nothing but the ids is read
            own = known and field.type != "many2one_reference" and known.sudo().with_context(active_test=False)[name]
            found.setdefault(comodel, set()).update(ids.difference(own.ids if own else ()))
        for line_id, line in lines:
            lines_model = model.env[field.comodel_name]
            find_links(lines_model, line, found, line_id and lines_model.browse(line_id))


def _targets(model, field, value, vals):
    """Return (name of the model that the value points at, ids, [(id, values)] of nested records)."""
    if field.type == "many2one":
        return field.comodel_name, *_one(model, field, value)
    if field.relational:
        return field.comodel_name, *_many(model, field, value)
    return *_reference(model, field, value, vals), []


def check_links(env, found, model):
    """Raise AccessError where one of the records ``found`` is none that the user may read.

    :param found: as ``find_links`` fills it
    :param model: name of the model that links
    """
    checked = env.context.get("vshu_checked")
    if isinstance(checked, Checked):
        found = checked.without_known(env, found)
    for comodel, ids in found.items():
        records = env[comodel].browse(sorted(ids))
        if comodel == "res.company":
            if not ids <= set(env.companies.ids):
                raise AccessError(env._("This is another school's: choose a school that you are logged in to."))
            continue
        if comodel == "res.partner" and not is_ours(model):
            # sudo: behind groups; Odoo's own models take every contact but another school's student
            records = records.sudo().exists().filtered("vshu_is_student").with_env(env)
        if records:
            records.check_access("read")


def check_scalars(model, vals):
    """Raise ValidationError for a date, number or choice that cannot be one, with the name of the field."""
    for name, value in vals.items():
        field = model._fields.get(name)
        if field is None or field.type not in CONVERTED or not value:
            continue
        try:
            if isinstance(value, (dict, list, tuple)) or (field.type in ("date", "datetime") and not _is_date(value)):
                raise ValueError(name)
            field.convert_to_cache(value, model)
        except (ValueError, TypeError, OverflowError):
            raise ValidationError(
                model.env._("“%s” cannot have this value. Enter it anew.", field._description_string(model.env))
            ) from None


def _is_date(value):
    return isinstance(value, (str, date))


def _refuse(model, field):
    raise ValidationError(
        model.env._(
            "“%s”: what was sent names no record. Reload the page and choose it from the list.",
            field._description_string(model.env),
        )
    )


def _id(model, field, value):
    """Return the database id that ``value`` stands for; nothing for a record that is being made."""
    if isinstance(value, NewId):
        return value.origin or None
    if type(value) is not int or not 0 < value <= MAX_ID:
        _refuse(model, field)
    return value


def _one(model, field, value):
    """Return (ids, [(id, values)]) of the value of a Many2one."""
    if isinstance(value, BaseModel):
        return set(value._origin.ids), []
    if isinstance(value, tuple):  # (id, name), as Odoo reads it
        return {_id(model, field, value[0])} - {None} if value[0] else set(), []
    if isinstance(value, dict):  # the web client sends the form that a line belongs to, as it stands
        target = _id(model, field, value["id"]) if value.get("id") else None
        return {target} - {None}, [(target, value)]
    return {_id(model, field, value)} - {None}, []


def _many(model, field, value):
    """Return (ids, [(id, values)]) of commands; what is only taken away is not named."""
    if isinstance(value, BaseModel):
        return set(value._origin.ids), []
    if not isinstance(value, (list, tuple)):
        _refuse(model, field)
    ids, lines = set(), []
    for command in value:
        if isinstance(command, dict):
            lines.append((None, command))
            continue
        if not isinstance(command, (list, tuple)):
            ids.add(_id(model, field, command))
            continue
        code, target, content = [*command, None, None, None][:3]
        if type(code) is not int and not isinstance(code, Command):
            _refuse(model, field)
        if code == Command.CREATE:
            lines.append((None, content if content is not None else {}))
        elif code == Command.UPDATE:
            target = _id(model, field, target)
            ids.add(target)
            lines.append((target, content))
        elif code == Command.LINK:
            ids.add(_id(model, field, target))
        elif code == Command.SET:
            if not isinstance(content, (list, tuple, set, frozenset)):
                _refuse(model, field)
            ids.update(_id(model, field, one) for one in content)
        elif code in (Command.DELETE, Command.UNLINK):
            _id(model, field, target)
        elif code != Command.CLEAR:
            _refuse(model, field)
    return ids - {None}, lines


def _reference(model, field, value, vals):
    """Return (name of the model, ids) of a reference; (None, ids) where it names no model."""
    if isinstance(value, BaseModel):
        return value._name, set(value._origin.ids)
    if field.type == "many2one_reference":
        name = vals.get(field.model_field) or model.env.context.get(f"default_{field.model_field}")
        return name if isinstance(name, str) and name in model.env else None, {_id(model, field, value)} - {None}
    name, _comma, number = str(value).partition(",")
    if name not in model.env or not number.isdecimal():
        _refuse(model, field)
    return name, {_id(model, field, int(number))}
