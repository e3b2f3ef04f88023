from odoo import fields, models

from .vshu_ground import SUBJECTS


class VshuSocialCategory(models.Model):
    """A circumstance that asks for attention, on the register or not (KZ-1, RU-1.3, RU-2.3, RU-A1b, RU-A5)."""

    _name = "vshu.social.category"
    _inherit = "vshu.catalog.mixin"
    _description = "Social category"

    subject = fields.Selection(SUBJECTS, required=True)
    in_passport = fields.Boolean(string="In the social passport", help="A column of the class's social passport.")

    _code_uniq = models.Constraint(
        "UNIQUE(regulation_id, code)", "This regulation has a social category with this code already."
    )
