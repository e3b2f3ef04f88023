from odoo import fields, models

from ..regulation.vshu_decision_kind import BODY_KINDS
from .res_partner import STAFF


class ResPartner(models.Model):
    """A contact that is a body outside the school: papers come from such, not from just anybody (RU-4.2a, KZ-4)."""

    _inherit = "res.partner"

    vshu_body = fields.Selection(
        BODY_KINDS,
        string="Body outside the school",
        groups=STAFF,
        index="btree_not_null",
        help="Papers that come in name such contacts as their senders, and no others.",
    )
