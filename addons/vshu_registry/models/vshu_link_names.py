"""What records are called: found by the words of their names, and in groups only where the reader may see the record."""

import re

from odoo import api, models
from odoo.fields import Domain

#: fields that names are made of, where a model has no name of its own
TEXTS = ("number", "order_number", "reference")
LINKS = (
    *("case_id", "type_id", "document_id", "minutes_id", "meeting_id", "plan_id", "sealed_id", "recommendation_id"),
    *("entry_id", "item_id", "council_id", "form_id", "kind_id", "transfer_id", "import_id", "notice_id", "petition_id"),
)
#: records whose names are looked through where a name is made of nothing that is stored: few of them to a school
SCANNED = 1000


class VshuLinkMixin(models.AbstractModel):
    _inherit = "vshu.link.mixin"

    @api.model
    def _search_display_name(self, operator, value):
        """Find records by what their names are made of, with the reader's rights.

        Odoo finds every record of a model that has no name of its own, whatever words are asked for.
        """
        if self._rec_name or self._rec_names_search:
            return super()._search_display_name(operator, value)
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if not isinstance(value, str):
            words = [word for word in value if isinstance(word, str)] if isinstance(value, (list, tuple, set)) else []
            return Domain.OR([self._search_display_name("ilike", word) for word in words])
        if not value:
            return Domain.TRUE if operator.endswith("like") else Domain.FALSE
        names = self._vshu_name_fields()
        if not names:
            wanted = value.strip("%").casefold()
            # with the reader's rights; names are made in Python
            records = self.search_fetch([], ["display_name"], limit=SCANNED, order="id desc")
            return Domain("id", "in", records.filtered(lambda r: wanted in (r.display_name or "").casefold()).ids)
        found = []
        for name in names:
            field = self._fields[name]
            if field.type == "many2one":
                found.append(Domain(f"{name}.display_name", operator if operator.endswith("like") else "ilike", value))
            elif field.type == "integer":
                found.append(Domain(name, "in", [int(digits) for digits in re.findall(r"\b\d{1,9}\b", value)]))
            else:
                found.append(Domain(name, operator if operator.endswith("like") else "ilike", value))
        return Domain.OR(found)

    @api.model
    def _vshu_name_fields(self):
        """Return the stored fields that names are made of and that the user may search."""
        names = []
        for name in (*TEXTS, *LINKS):
            field = self._fields.get(name)
            if field is None or not field.store or not self._has_field_access(field, "read"):
                continue
            if field.type == "many2one" and not self.env[field.comodel_name].has_access("read"):
                continue
            names.append(name)
        return names

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
        catalog = self.env.registry["vshu.catalog.mixin"]
        return field.comodel_name.startswith("vshu.") and not issubclass(self.pool[field.comodel_name], catalog)

    def _vshu_unseen(self):
        return self.env._("(not shown)")
