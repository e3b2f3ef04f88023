from odoo import fields, models
from odoo.fields import Domain

from ...tools.states import OVER_STATES


class VshuIntervention(models.Model):
    """Who reads an entry on the preventive work beside those whose role it is; record rules search by it."""

    _inherit = "vshu.intervention"

    _rule_fields = ("is_mine",)

    is_mine = fields.Boolean(
        string="I read it: mine, my class, my curatorship, or I stand in",
        compute="_compute_rule_fields",
        search="_search_is_mine",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        no_case, goes_on = Domain("case_id", "=", False), Domain("case_id.state", "not in", OVER_STATES)
        return Domain.OR(
            [
                Domain("author_id", "=", self.env.uid),
                Domain("next_user_id", "=", self.env.uid),
                (no_case | goes_on) & Domain("student_id.vshu_my_pupil", "=", True),
                no_case & Domain("family_id.member_ids.vshu_my_pupil", "=", True),
                goes_on & Domain("case_id.curator_id.user_id", "=", self.env.uid),
                Domain("company_id.vshu_reader_standin", "=", True),
            ]
        )
