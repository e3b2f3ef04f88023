from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.base.models.ir_attachment import condition_values

from ...tools.own_records import is_own, of_register, unreadable
from ...tools.plain_html import clean_html


class MailMessage(models.Model):
    """Notes on a record of the register are read with the record, today: not by who was told of it once."""

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        """Post messages.

        A note of the register keeps its plain formatting only, nothing that is fetched from elsewhere. Raises UserError
        for a file of the register on the message of another record.
        """
        for vals in vals_list:
            if is_own(vals.get("model")) and vals.get("body"):
                vals["body"] = clean_html(vals["body"])
        messages = super(MailMessage, self.with_context(vshu_pasted=True)).create(vals_list)
        messages = messages.with_env(self.env)
        for message, vals in zip(messages, vals_list, strict=True):
            if vals.get("attachment_ids"):
                message._vshu_check_files()
        return messages

    def write(self, vals):
        """Change messages; cleans and raises as ``create``."""
        if vals.get("body"):
            # sudo: only which records the messages hang on
            own = self.filtered(lambda message: is_own(message.sudo().model))
            if own and own != self:
                own.write(vals)
                return (self - own).write(vals)
            if own:
                vals = {**vals, "body": clean_html(vals["body"])}
        res = super().write(vals)
        if vals.get("attachment_ids"):
            self._vshu_check_files()
        return res

    def _vshu_check_files(self):
        for message in self.sudo():  # sudo: only where files and message lie
            message.attachment_ids._vshu_check_posted(message.model, message.res_id)
            if is_own(message.model) and message.res_id:
                # a fresh upload that belongs to nothing is the record's from now on, and read with it
                loose = message.attachment_ids.filtered(
                    lambda file: not file.res_model and not file.res_id and file.create_uid == self.env.user
                )
                if loose:
                    loose.write({"res_model": message.model, "res_id": message.res_id})

    # -- reading -----------------------------------------------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        domain = Domain(domain)
        asked = None if self.env.su or bypass_access else condition_values(self, "model", domain)
        if not self.env.su and not bypass_access and (asked is None or any(is_own(model) for model in asked)):
            partner = self.env.user.partner_id.ids
            # what Odoo shows without asking for the record: to authors and to who was told
            told = Domain.OR(
                [
                    Domain("author_id", "in", partner),
                    Domain("partner_ids", "in", partner),
                    Domain("notified_partner_ids", "in", partner),
                ]
            )
            # sudo: the rows are looked up to be left out
            rows = self.sudo().search_fetch(domain & of_register("model") & told, ["model", "res_id"])
            if hidden := unreadable(self.env, [(row.id, row.model, row.res_id) for row in rows]):
                domain &= Domain("id", "not in", hidden)
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self or operation not in ("read", "write"):
            return result
        passed = self - result[0] if result else self
        # sudo: only which records the messages hang on
        hidden = unreadable(self.env, [(row.id, row.model, row.res_id) for row in passed.sudo()])
        if not hidden:
            return result
        forbidden = self.browse(hidden)
        if result:
            return result[0] + forbidden, result[1]
        return forbidden, lambda: AccessError(self.env._("This note belongs to a record that you may not read."))
