from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.base.models.ir_attachment import condition_values

from ...tools.own_records import is_own, of_register, unreadable


class MailFollowers(models.Model):
    """Who follows a record of the register is shown to those who may read the record.

    Odoo lets every employee list all followers, with names and addresses: which cases there are and who works on them.
    """

    _inherit = "mail.followers"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        domain = Domain(domain)
        if not self.env.su and not bypass_access:
            asked = condition_values(self, "res_model", domain)
            if asked is None or any(is_own(model) for model in asked):
                # sudo: the rows are looked up to be left out
                rows = (
                    self.sudo()
                    .with_context(active_test=False)
                    .search_fetch(domain & of_register("res_model"), ["res_model", "res_id"])
                )
                if hidden := unreadable(self.env, [(row.id, row.res_model, row.res_id) for row in rows]):
                    domain &= Domain("id", "not in", hidden)
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self:
            return result
        passed = self - result[0] if result else self
        # sudo: only which records are followed
        hidden = unreadable(self.env, [(row.id, row.res_model, row.res_id) for row in passed.sudo()])
        if not hidden:
            return result
        forbidden = self.browse(hidden)
        if result:
            return result[0] + forbidden, result[1]
        return forbidden, lambda: AccessError(self.env._("Who follows this record is shown to those who may read it."))
