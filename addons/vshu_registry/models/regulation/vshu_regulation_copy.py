from datetime import timedelta

from odoo import api, fields, models

from ...tools.guard import guarded


class VshuRegulation(models.Model):
    """A school's own version: a copy with all catalogues, which gets what a later addon brings to the original."""

    _inherit = "vshu.regulation"

    #: {model: until when the records of the original were offered to this version}
    completed_until = fields.Json(readonly=True, copy=False, groups=fields.NO_ACCESS)

    def _copy_for_company(self, company):
        """Return a draft copy of the regulation for ``company``, every reference inside it pointing at the copies."""
        self.ensure_one()
        self.check_access("read")
        self.browse().check_access("create")
        count = self.sudo().search_count([("code", "=", self.code), ("company_id", "=", company.id)])
        copy = guarded(self).copy(
            {
                "company_id": company.id,
                "origin_id": self.id,
                "version": self.env._("%(version)s, own %(number)s", version=self.version, number=count + 1),
                "date_from": False,
            }
        )
        copy._copy_records({name: self._records_of(name) for name in self._catalogs()})
        copy._note_completed()
        return copy

    @api.model
    def _complete_own_versions(self):
        """Bring schools' own versions what their originals have got since: an addon calls it when it is loaded.

        A school's version that was made before an addon with rules of its own came had none of them, and what the
        rules guard passed unguarded. What the school took away or changed itself stays as the school has it.
        """
        # sudo: the addon's own data, for every school
        versions = self.sudo().with_context(active_test=False).search([("origin_id", "!=", False)], order="id")
        for version in versions:
            until = version.completed_until or {}
            wanted = {}
            for name in self._catalogs():
                known = fields.Datetime.to_datetime(until.get(name)) or version.create_date
                there = set(version._records_of(name).mapped("code"))
                wanted[name] = version.origin_id._records_of(name).filtered(
                    lambda record, there=there, known=known: record.create_date > known and record.code not in there
                )
            if any(wanted.values()):
                version._copy_records(wanted)
            version._note_completed()

    def _note_completed(self):
        """Note that the version knows all that its original has by now."""
        # a second more: the text of a moment has no fractions
        now = fields.Datetime.to_string(self.env.cr.now() + timedelta(seconds=1))
        # sudo: what the system notes for itself
        guarded(self.sudo()).completed_until = dict.fromkeys(self._catalogs(), now)

    def _records_of(self, name):
        """Return the records of the catalogue ``name`` that belong to the regulation, archived ones too."""
        return self.env[name].with_context(active_test=False).search([("regulation_id", "=", self.id)], order="id")

    def _copy_records(self, wanted):
        """Copy catalogue records of the original into this version.

        :param wanted: {model: records of the original}; references among them and to what this version has already
            (by its code) are turned to this version's own records
        """
        self.ensure_one()
        mapping, copied = {}, {}
        for name in self._catalogs():
            originals = wanted.get(name) or self.env[name]
            own = {record.code: record.id for record in self._records_of(name)}
            mapping[name] = {
                record.id: own[record.code] for record in self.origin_id._records_of(name) if record.code in own
            }
            copies = originals.copy({"regulation_id": self.id})
            copied[name] = copies
            mapping[name].update(zip(originals.ids, copies.ids, strict=True))
        for copies in copied.values():
            references = [
                field
                for field in copies._fields.values()
                if field.type in ("many2one", "many2many")
                and field.comodel_name in mapping
                and field.store
                and not field.related
            ]
            for record in copies if references else ():
                vals = {}
                for field in references:
                    table = mapping[field.comodel_name]
                    value = record.with_context(active_test=False)[field.name]
                    if not value:
                        continue
                    ids = [table.get(id_, id_) for id_ in value.ids]
                    vals[field.name] = ids[0] if field.type == "many2one" else [(6, 0, ids)]
                if vals:
                    record.write(vals)
