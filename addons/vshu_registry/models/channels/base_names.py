"""What records are called: found by the words of their names, shown in groups only to whoever may see the record."""

import re

from odoo import api, models
from odoo.fields import Domain

from ...tools.own_records import is_own

#: stored fields that names of the register's records are made of
TEXTS = ("number", "order_number", "reference")
LINKS = (
    *("case_id", "type_id", "document_type_id", "document_id", "minutes_id", "plan_id", "sealed_id"),
    *("recommendation_id", "entry_id", "item_id", "council_id", "form_id", "kind_id", "transfer_id", "import_id"),
    *("notice_id", "petition_id", "regulation_id"),
)
SELECTIONS = ("kind", "topic", "event", "addressee", "role", "body", "reason")
#: “3”, “№ 3 (2026/27)”, “Minutes № 3 of …”; neither the year nor the digits of another mark
NUMBER = re.compile(r"(?:^%?\s*|№\s*)(\d{1,9})\b")
#: records whose names are looked through where a name is made of nothing that is stored: few of them to a school
SCANNED = 1000


class Base(models.AbstractModel):
    """For the models of the register only, and for groups by them: all other names are as they were."""

    _inherit = "base"

    @api.model
    def _search_display_name(self, operator, value):
        """Find records of the register by what their names are made of, with the reader's rights.

        Odoo finds every record of a model that has no name of its own, whatever words are asked for.
        """
        named = bool(self._rec_name or self._rec_names_search)
        if not is_own(self._name) or (named and self._vshu_is_catalog(self._name)):
            return super()._search_display_name(operator, value)
        if named and (operator in Domain.NEGATIVE_OPERATORS or not operator.endswith("like")):
            # exactly this name
            return super()._search_display_name(operator, value)
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if not isinstance(value, str):
            words = [word for word in value if isinstance(word, str)] if isinstance(value, (list, tuple, set)) else []
            return Domain.OR([self._search_display_name("ilike", word) for word in words])
        if not value:
            return Domain.TRUE if operator.endswith("like") else Domain.FALSE
        found = self._vshu_search_names(operator if operator.endswith("like") else "ilike", value, named)
        if named:
            found.append(super()._search_display_name(operator, value))
        if not found:
            wanted = value.strip("%").casefold()
            # with the reader's rights; names are made in Python
            records = self.search_fetch([], ["display_name"], limit=SCANNED, order="id desc")
            return Domain("id", "in", records.filtered(lambda r: wanted in (r.display_name or "").casefold()).ids)
        return Domain.OR(found)

    @api.model
    def _vshu_search_names(self, operator, value, named):
        """Return the domains in which ``value`` is looked for; of fields that the user may search only.

        :param named: the model has a name of its own
        """
        found = []
        for name in (*TEXTS, *LINKS, *SELECTIONS):
            field = self._fields.get(name)
            if field is None or not field.store or not self._has_field_access(field, "read"):
                continue
            if field.type == "many2one":
                # a record with a name of its own is found by that, and by its case: no link is followed in a circle
                if named and name != "case_id":
                    continue
                if is_own(field.comodel_name) and self.env[field.comodel_name].has_access("read"):
                    found.append(Domain(f"{name}.display_name", operator, value))
            elif field.type == "integer":
                found.append(Domain(name, "in", [int(digits) for digits in NUMBER.findall(value)]))
            elif field.type == "selection":
                wanted = value.strip("%").casefold()
                labels = field._description_selection(self.env)
                found.append(Domain(name, "in", [key for key, label in labels if wanted in label.casefold()]))
            elif field.type == "char":
                found.append(Domain(name, operator, value))
        return found

    @api.model
    def _vshu_is_catalog(self, name):
        """Tell whether a model of the register is a catalogue, which everybody reads."""
        return issubclass(self.pool[name], self.env.registry["vshu.catalog.mixin"])

    # -- names in groups ---------------------------------------------------------------------------------------------

    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)
        records = [value for value in values if isinstance(value, models.BaseModel)]
        if "." in groupby_spec or not records or not self._vshu_hides(groupby_spec):
            return formatter
        readable = set(records[0].browse([record.id for record in records if record])._filtered_access("read")._ids)

        def with_rights(value):
            shown, domain = formatter(value)
            return ((value.id, self._vshu_unseen()) if value and value.id not in readable else shown), domain

        return with_rights

    def _read_group_format_result(self, rows_dict, lazy_groupby):
        rows = super()._read_group_format_result(rows_dict, lazy_groupby)
        for spec in lazy_groupby:
            if "." in spec or not self._vshu_hides(spec):
                continue
            comodel = self.env[self._fields[spec].comodel_name]
            ids = [row[spec][0] for row in rows_dict if row.get(spec)]
            readable = set(comodel.browse(ids)._filtered_access("read")._ids)
            for row in rows_dict:
                if row.get(spec) and row[spec][0] not in readable:
                    row[spec] = (row[spec][0], self._vshu_unseen())
        return rows

    def _vshu_hides(self, spec):
        """Tell whether names of the groups by ``spec`` are of records that not everybody reads."""
        field = self._fields.get(spec.split(":")[0])
        if self.env.su or field is None or field.type not in ("many2one", "many2many"):
            return False
        return is_own(field.comodel_name) and not self._vshu_is_catalog(field.comodel_name)

    def _vshu_unseen(self):
        return self.env._("(not shown)")
