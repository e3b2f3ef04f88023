from odoo import fields, models
from odoo.fields import Domain

from ...tools.states import OVER_STATES


class VshuCase(models.Model):
    """What the user has to do with a case, as record rules search by it: the law of who sees what is written here."""

    _inherit = "vshu.case"

    _rule_fields = ("is_mine", "is_mine_alone", "is_mine_open", "is_led_by_me")

    is_mine = fields.Boolean(
        string="I see it: my class, my curatorship, or I stand in",
        compute="_compute_rule_fields",
        search="_search_is_mine",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    is_mine_alone = fields.Boolean(
        string="I see it; of a family not by way of one of its children",
        compute="_compute_rule_fields",
        search="_search_is_mine_alone",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    is_mine_open = fields.Boolean(
        string="I see it, and it goes on",
        compute="_compute_rule_fields",
        search="_search_is_mine_open",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    is_led_by_me = fields.Boolean(
        string="I am its curator while it goes on, or stand in for those who keep the register",
        compute="_compute_rule_fields",
        search="_search_is_led_by_me",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    def _search_is_mine(self, operator, value):
        """Least knowledge: own class today (also as stand-in) and curators, as long as the case goes on."""
        if operator != "in":
            return NotImplemented
        standin = Domain("company_id.vshu_reader_standin", "=", True)
        return (self._domain_open() & (self._domain_my_children() | self._domain_curator())) | standin

    def _search_is_mine_alone(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("student_id.vshu_my_pupil", "=", True) | self._domain_curator()
        return (self._domain_open() & mine) | Domain("company_id.vshu_reader_standin", "=", True)

    def _search_is_mine_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._domain_open() & Domain("is_mine", "=", True)

    def _search_is_led_by_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        standin = Domain("company_id.vshu_office_standin", "=", True)
        return (self._domain_open() & self._domain_curator()) | standin

    def _domain_open(self):
        return Domain("state", "not in", OVER_STATES)

    def _domain_curator(self):
        return Domain("curator_id.user_id", "=", self.env.uid)

    def _domain_my_children(self):
        return Domain("student_id.vshu_my_pupil", "=", True) | Domain("family_id.member_ids.vshu_my_pupil", "=", True)
