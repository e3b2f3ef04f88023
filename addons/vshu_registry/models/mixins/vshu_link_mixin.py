from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.guard import without_defaults
from ...tools.link_values import Checked, check_links, find_links


class VshuLinkMixin(models.AbstractModel):
    """A record links only to what its writer may read, and what the system computes is nobody's to write.

    Ids can be guessed, and whoever links to a record is shown its name, its related fields and what a unique index says
    of it. So the check comes before anything is written. Forms that are not saved yet: see ``onchange`` of ``base``.
    """

    _name = "vshu.link.mixin"
    _description = "Links only to what its writer may read"

    @api.model_create_multi
    def create(self, vals_list):
        """Create records; raises AccessError for a link to what the user may not read, or for a computed value."""
        env = self.env
        if not env.su:
            self = without_defaults(self, self._vshu_computed())
            env, found = self.env, {}
            for vals in vals_list:
                self._vshu_check_computed(vals)
                find_links(self.browse(), self._vshu_with_defaults(vals), found)
            check_links(env, found, self._name)
            if found and any(key.startswith("default_") for key in env.context):
                # not once more for each record, when Odoo fills in the defaults
                self = self.with_context(vshu_checked=Checked(env, found))
        records = super().create(vals_list).with_env(env)
        records._vshu_bind_files()
        records._vshu_check_sizes()
        return records

    def write(self, vals):
        """Change records; raises as ``create``."""
        if not self.env.su:
            self._vshu_check_computed(vals)
            self._vshu_check_links(vals)
        names = self._vshu_files() & vals.keys()
        known = self._vshu_all_files(names)
        res = super().write(vals)
        if names:
            self._vshu_bind_files()
            self._vshu_check_sizes(known)
        return res

    @api.model
    def _vshu_files(self):
        """Return the names of the fields that hold files."""
        return {
            name
            for name, field in self._fields.items()
            if field.type == "many2many" and field.store and field.comodel_name == "ir.attachment"
        }

    def _vshu_bind_files(self):
        """Tie fresh uploads to their record, so that they are read by those who may read it, and by nobody else."""
        names = self._vshu_files()
        # sudo: own uploads of this very user that belong to nothing yet; which files they are is not told
        for record in self.sudo() if names else ():
            for name in names:
                loose = record[name].filtered(lambda file: not file.res_id and file.create_uid == self.env.user)
                if loose:
                    loose.write({"res_model": self._name, "res_id": record.id})

    def _vshu_all_files(self, names):
        """Return the files that lie in the fields ``names`` of the records."""
        files = self.env["ir.attachment"].sudo()  # sudo: which files there are; nothing of them is told
        for name in names:
            files |= self.sudo()[name]
        return files

    def _vshu_check_sizes(self, known=()):
        """Raise ValidationError for a new file that is empty or larger than the record's school takes."""
        for record in self if self._vshu_files() else ():
            # sudo: the limit stands on the form of the school; the user has just laid the files in
            files = record._vshu_all_files(self._vshu_files()).filtered(lambda file: file not in known)
            company = record.sudo().company_id if "company_id" in record._fields else self.env.company
            self.env["vshu.school"]._check_files(company, files)

    @api.model
    def _vshu_computed(self):
        """Return the names of the stored fields that the system computes; the web client never sends them."""
        return {name for name, field in self._fields.items() if field.store and field.compute and field.readonly}

    @api.model
    def _vshu_check_values(self, vals_list):
        """Raise ValidationError for links that are none; for a ``create`` that looks at them before anybody else."""
        for vals in vals_list:
            find_links(self.browse(), self._vshu_with_defaults(vals), {})

    @api.model
    def _vshu_with_defaults(self, vals):
        """Return ``vals`` and, for the links that are not named there, what the caller's context says of them."""
        context = self.env.context
        if not any(key.startswith("default_") for key in context):
            return vals
        return {
            **{
                name: context[f"default_{name}"]
                for name, field in self._fields.items()
                if field.relational and f"default_{name}" in context
            },
            **vals,
        }

    @api.model
    def _vshu_check_computed(self, vals):
        forged = self._vshu_computed() & vals.keys()
        if forged:
            raise AccessError(
                self.env._(
                    "%s: computed by the system, not written by hand.",
                    ", ".join(sorted(self._fields[name]._description_string(self.env) for name in forged)),
                )
            )

    def _vshu_check_links(self, vals):
        """Raise AccessError where a link is added to what the user may not read, ValidationError for no link at all."""
        found = {}
        many = {name for name in vals if name in self._fields and self._fields[name].type in ("one2many", "many2many")}
        find_links(self.browse(), {name: value for name, value in vals.items() if name not in many}, found)
        find_links(self.browse(), {name: vals[name] for name in many}, found, self)
        check_links(self.env, found, self._name)
