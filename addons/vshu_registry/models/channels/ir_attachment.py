from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.misc import verify_limited_field_access_token

from odoo.addons.base.models.ir_attachment import condition_values

from ...tools.own_records import OWN, is_own, of_register, unreadable

#: what would open a file to whoever has its address
OPENINGS = ("public", "access_token", "url")
#: models of Odoo whose rows hang on a record of the register → where that record's model stands
CARRIERS = {"mail.activity": "res_model", "mail.message": "model", "mail.scheduled.message": "model"}


class IrAttachment(models.Model):
    """The register's files are read with their record, with a log-in: no link opens them, and they stay where they lie.

    Rights end with their dates; an address that was kept must end with them.
    """

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        """Add files.

        Raises UserError for a file of the register that would be open to whoever has its address, or that is hung onto
        the line of a sealed paper, where whoever sees the case reads it.
        """
        attachments = super().create(vals_list)
        attachments._vshu_check_closed()
        attachments._vshu_check_not_sealed()
        return attachments

    def write(self, vals):
        """Change files; raises as ``create``, and AccessError where a file is taken away from its record."""
        if {"res_model", "res_id"} & vals.keys():
            self._vshu_check_stays(vals)
        res = super().write(vals)
        if {"res_model", "res_id", "type", *OPENINGS} & vals.keys():
            self._vshu_check_closed()
        if {"res_model", "res_id"} & vals.keys():
            self._vshu_check_not_sealed()
        return res

    def copy(self, default=None):
        """Copy files; raises AccessError for a copy of the register's file that would lie elsewhere.

        A copy that is laid into a record of the register is open to its readers only, whatever the first one is.
        """
        default = dict(default or {})
        self._vshu_check_stays(default)
        if is_own(default.get("res_model")):
            default = {"public": False, "access_token": False, **default}
        return super().copy(default)

    # -- reading -----------------------------------------------------------------------------------------------------

    def _check_access(self, operation):
        """A file of the register that was once made public is still read with its record only."""
        result = super()._check_access(operation)
        if operation != "read" or self.env.su or not self:
            return result
        passed = self - result[0] if result else self
        # sudo: which of them were let through as public; nothing of them is told
        shown = passed.sudo().filtered(lambda file: file.public and is_own(file.res_model))
        hidden = unreadable(self.env, [(file.id, file.res_model, file.res_id) for file in shown])
        if not hidden:
            return result
        forbidden = self.browse(hidden)
        if result:
            return result[0] + forbidden, result[1]
        return forbidden, lambda: AccessError(self.env._("This file belongs to a record that you may not read."))

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        domain = Domain(domain)
        asked = None if self.env.su or bypass_access else condition_values(self, "res_model", domain)
        # public ones of the register only: the rest is found by the record's own rules
        if not self.env.su and not bypass_access and (asked is None or any(is_own(model) for model in asked)):
            domain &= Domain("public", "=", False) | ~of_register("res_model")
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    def _can_return_content(self, field_name=None, access_token=None):
        """Whoever has the address of a file of the register is asked for the right to read its record."""
        if self._vshu_of_register():
            return False
        return super()._can_return_content(field_name, access_token)

    def _has_attachments_ownership(self, attachment_tokens):
        """A token from the upload is no right to delete a file of the register when the right to read it has ended."""
        tokens = attachment_tokens or [None] * len(self)
        if len(tokens) == len(self) and (own := self._vshu_of_register()):
            for file, token in zip(self, tokens, strict=True):
                if file not in own or file.sudo(False).has_access("write"):
                    continue
                mine = file.sudo().create_uid == self.env.user and file.sudo(False).has_access("read")
                if not (
                    mine
                    and token
                    and verify_limited_field_access_token(file, "id", token, scope="attachment_ownership")
                ):
                    return False
        return super()._has_attachments_ownership(attachment_tokens)

    def generate_access_token(self):
        """Return tokens by which files are opened without a log-in; raises UserError for a file of the register."""
        if own := self._vshu_of_register():
            # a picture that is pasted into a note gets a token by Odoo; ours is shown to who may read the note
            if self.env.context.get("vshu_pasted") and own == self:
                return [False] * len(self)
            raise UserError(own._vshu_closed_message())
        return super().generate_access_token()

    # -- checks ------------------------------------------------------------------------------------------------------

    def _vshu_of_register(self):
        """Return those of the files that hang on a record of the register, also by a note or a reminder of it."""
        # sudo: only where the files lie
        files = self.sudo()
        own = files.filtered(lambda file: is_own(file.res_model))
        for model, field in CARRIERS.items():
            rows = files.filtered(lambda file, m=model: file.res_model == m and file.res_id)
            carriers = self.env[model].sudo().browse(rows.mapped("res_id")).exists()  # sudo: see above
            ids = set(carriers.filtered(lambda row, f=field: is_own(row[f]))._ids)
            own |= rows.filtered(lambda file, i=ids: file.res_id in i)
        return self.browse(own._ids)

    def _vshu_check_closed(self):
        """Raise UserError for a file of the register that whoever has its address could open."""
        # sudo: only how the files are opened
        files = self.sudo().filtered(lambda file: is_own(file.res_model))
        if any(file.type == "url" or any(file[name] for name in OPENINGS) for file in files):
            raise UserError(files._vshu_closed_message())

    def _vshu_closed_message(self):
        return self.env._(
            "Files of the prevention register are opened by colleagues who are logged in and may read the record: "
            "they get no public link. Send the address of the record, or hand the paper over."
        )

    def _vshu_check_stays(self, vals):
        """Raise AccessError where a file of the register would be laid or copied elsewhere."""
        if self.env.su:
            return
        # sudo: only where the files lie
        for file in self.sudo().filtered(lambda file: is_own(file.res_model) and file.res_id):
            target = (vals.get("res_model", file.res_model), vals.get("res_id", file.res_id))
            if target != (file.res_model, file.res_id):
                raise AccessError(self._vshu_stays_message())

    def _vshu_stays_message(self):
        return self.env._(
            "This file lies in a record of the prevention register, where those read it who may. It stays there: "
            "write the number of the record instead, and whoever may read it opens the file in it."
        )

    def _vshu_check_posted(self, model, res_id):
        """Raise UserError where a file of the register is sent with a message of another record than its own.

        :param model: model of the record whose readers get the message
        :param res_id: its id
        """
        # sudo: only where the files lie; whoever reads the message would be shown them
        for file in self.sudo().filtered(lambda file: is_own(file.res_model) and file.res_id):
            if (file.res_model, file.res_id) != (model, res_id):
                raise UserError(self._vshu_stays_message())

    def _vshu_check_not_sealed(self):
        # sudo: only whether the kind of paper is sealed
        lines = self.sudo().filtered(lambda file: file.res_model == "vshu.document" and file.res_id)
        documents = self.env["vshu.document"].sudo().browse(lines.mapped("res_id")).exists()
        for document in documents.filtered("sealed"):
            document._refuse_open_content()

    @api.model
    def _findings(self):
        """Return {code: records with a file that was opened to whoever had its address}: it is closed now."""
        opened = Domain.OR([Domain(name, "!=", False) for name in OPENINGS])
        # sudo: for the keeper's list, which shows the record's number
        files = self.sudo().search(opened & Domain("res_model", "=like", f"{OWN}%"))
        return {
            "file_opened": [
                self.env[model].sudo().browse(found.mapped("res_id")).exists()
                for model, found in files.grouped("res_model").items()
                if model in self.env and "company_id" in self.env[model]._fields
            ]
        }
