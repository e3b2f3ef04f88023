from itertools import zip_longest

from odoo import api, models
from odoo.fields import Date, Domain
from odoo.tools import format_date, format_list


class VshuJournalWords(models.AbstractModel):
    """The filter of a list in words, for the heading of a print-out."""

    _name = "vshu.journal.words"
    _description = "Filter in words"

    @api.model
    def _words(self, model, domain):
        """Return ``domain`` of ``model`` in words of the current language; what cannot be said is named as such.

        The school and the school year stand in the heading already and are passed over.
        """
        domain = Domain(domain or [])
        if domain.is_true():
            return ""
        texts = self._all_of(model, domain.children if getattr(domain, "OPERATOR", "") == "&" else [domain])
        known = [text for text in texts if text]
        if None in texts:
            known.append(self.env._("further conditions"))
        return format_list(self.env, known, "unit") if known else ""

    @api.model
    def _all_of(self, model, parts):
        """Return the texts of parts that hold together; from and until of one date are one text."""
        texts, skip = [], False
        for part, following in zip_longest(parts, parts[1:]):
            if skip:
                skip = False
                continue
            text = self._range(model, part, following)
            skip = bool(text)
            texts.append(text or self._part(model, part))
        return texts

    @api.model
    def _range(self, model, first, second):
        """Return two conditions as one text where they are the first and the last day of a date, else nothing."""
        name = getattr(first, "field_expr", None)
        field = model._fields.get(name)
        if not field or field.type != "date" or name != getattr(second, "field_expr", None):
            return ""
        if (first.operator, second.operator) != (">=", "<="):
            return ""
        names = {"start": self._value(field, first.value), "end": self._value(field, second.value)}
        if None in names.values():
            return ""
        return self.env._("%(field)s: %(start)s – %(end)s", field=field._description_string(self.env), **names)

    @api.model
    def _part(self, model, part):
        """Return one part in words, "" where it need not be said, None where it cannot."""
        operator = getattr(part, "OPERATOR", "")
        if operator in ("&", "|"):
            if operator == "&":
                texts = self._all_of(model, part.children)
            else:
                texts = [self._part(model, child) for child in part.children]
            if None in texts:
                return None
            texts = [text for text in texts if text]
            return format_list(self.env, texts, "or" if operator == "|" else "unit") if texts else ""
        if not hasattr(part, "field_expr"):
            return None
        return self._condition(model, part.field_expr, part.operator, part.value)

    @api.model
    def _condition(self, model, path, operator, value):
        name = path.partition(".")[0]
        if name in ("year_id", "company_id"):
            return ""
        field = model._fields.get(path)
        if not field:
            return None
        if field.type == "boolean" and operator in ("=", "!=", "in", "not in"):
            return self._boolean(field, operator, value)
        shown = self._value(field, value)
        if shown is None:
            return None
        names = {"field": field._description_string(self.env), "value": shown}
        if operator in ("=", "in"):
            return self.env._("%(field)s: %(value)s", **names)
        if operator in ("!=", "not in"):
            return self.env._("%(field)s is not: %(value)s", **names)
        if operator in ("ilike", "like"):
            return self.env._("%(field)s contains “%(value)s”", **names)
        if operator in (">=", ">"):
            return self.env._("%(field)s from %(value)s", **names)
        if operator in ("<=", "<"):
            return self.env._("%(field)s up to %(value)s", **names)
        return None

    @api.model
    def _boolean(self, field, operator, value):
        values = set(value) if hasattr(value, "__iter__") else {value}
        if len(values) != 1:
            return None
        yes = bool(next(iter(values))) == (operator in ("=", "in"))
        names = {"field": field._description_string(self.env)}
        return self.env._("%(field)s: yes", **names) if yes else self.env._("%(field)s: no", **names)

    @api.model
    def _value(self, field, value):
        """Return a value, or several, as it is written in the language; None where it cannot."""
        if hasattr(value, "__iter__") and not isinstance(value, str):
            texts = [self._value(field, item) for item in value]
            return None if not texts or None in texts else format_list(self.env, texts, "or")
        if value is False or value is None:
            return self.env._("empty")
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value)
        if field.type == "date":
            try:
                return format_date(self.env, Date.to_date(value))
            except ValueError:  # a word such as 'today'
                return None
        if field.type == "many2one" and isinstance(value, int):
            record = self.env[field.comodel_name].browse(value)
            return record.display_name if record.has_access("read") else None
        return str(value)
