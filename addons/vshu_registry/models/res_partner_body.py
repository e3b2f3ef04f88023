from odoo import fields, models

from .res_partner import STAFF

#: bodies that send papers to a school, by what they are
BODY_KINDS = [
    ("commission", "Commission on minors' affairs"),
    ("police", "Police"),
    ("prosecutor", "Prosecutor"),
    ("investigation", "Investigating body"),
    ("court", "Court"),
    ("guardianship", "Guardianship body"),
    ("social", "Social services"),
    ("health", "Health service"),
    ("education", "Education authority or school"),
    ("other", "Other body"),
]


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
