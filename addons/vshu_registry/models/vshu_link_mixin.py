from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from .guard import without_defaults

#: models of others whose records are about children or schools
FOREIGN_MODELS = ("res.partner", "res.company")


class VshuLinkMixin(models.AbstractModel):
    """A record links only to what its writer may read, and what the system computes is nobody's to write.

    Ids can be guessed, and whoever links to a record is shown its name, its related fields and what a unique index says
    of it. So the check comes before anything is written.
    """

    _name = "vshu.link.mixin"
    _description = "Links only to what its writer may read"

    @api.model_create_multi
    def create(self, vals_list):
        """Create records; raises AccessError for a link to what the user may not read, or for a computed value."""
        if not self.env.su:
            self = without_defaults(self, self._vshu_computed())
            for vals in vals_list:
                self._vshu_check_computed(vals)
                self._vshu_check_files(vals)
            self._vshu_check_links(
                [
                    {name: vals.get(name, self.env.context.get(f"default_{name}")) for name in self._vshu_links()}
                    for vals in vals_list
                ]
            )
        records = super().create(vals_list)
        records._vshu_bind_files()
        records._vshu_check_sizes()
        return records

    def write(self, vals):
        """Change records; raises as ``create``."""
        if not self.env.su:
            self._vshu_check_computed(vals)
            self._vshu_check_files(vals)
            self._vshu_check_links([{name: vals[name] for name in self._vshu_links() & vals.keys()}])
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
    def _vshu_links(self):
        """Return the names of the Many2one fields that may point at something confidential; catalogues are not."""
        catalog = self.env.registry["vshu.catalog.mixin"]
        return {
            name
            for name, field in self._fields.items()
            if field.type == "many2one"
            and field.store
            and not field.compute
            and (
                field.comodel_name in FOREIGN_MODELS
                or (field.comodel_name.startswith("vshu.") and not issubclass(self.pool[field.comodel_name], catalog))
            )
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

    def _vshu_check_files(self, vals):
        """Raise AccessError where a file is added that the user may not read: it would count as the paper."""
        for name in self._vshu_files() & vals.keys():
            ids = set()
            for command in vals[name] or []:
                if isinstance(command, int):
                    ids.add(command)
                elif command[0] == Command.LINK:
                    ids.add(command[1])
                elif command[0] == Command.SET:
                    ids.update(command[2])
            # sudo: what is there already is not added
            self.env["ir.attachment"].browse(sorted(ids - set(self.sudo()[name].ids))).check_access("read")

    @api.model
    def _vshu_check_links(self, vals_list):
        """Raise AccessError where one of the values points at a record that the user may not read."""
        targets = {}
        for vals in vals_list:
            for name, value in vals.items():
                if value:
                    targets.setdefault(self._fields[name].comodel_name, set()).add(int(value))
        own = set(self.env.companies.ids)
        for comodel, ids in targets.items():
            if comodel != "res.company":
                self.env[comodel].browse(sorted(ids)).check_access("read")
            elif not ids <= own:
                raise AccessError(self.env._("This is another school's: choose a school that you are logged in to."))
