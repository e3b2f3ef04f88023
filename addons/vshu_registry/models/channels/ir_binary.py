from odoo import models

from ...tools.own_records import is_own


class IrBinary(models.AbstractModel):
    """A token in an address opens no file of the register: it outlives the rights of whoever was given it."""

    _inherit = "ir.binary"

    def _find_record(self, xmlid=None, res_model="ir.attachment", res_id=None, access_token=None, field=None):
        if access_token:
            record = None
            if xmlid:
                record = self.env.ref(xmlid, False)
            elif res_id is not None and res_model in self.env:
                record = self.env[res_model].browse(res_id).exists()
            if record and (is_own(record._name) or (record._name == "ir.attachment" and record._vshu_of_register())):
                access_token = None
        return super()._find_record(
            xmlid=xmlid, res_model=res_model, res_id=res_id, access_token=access_token, field=field
        )
