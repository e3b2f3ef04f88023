from odoo import fields, models
from odoo.fields import Domain


class VshuNotice(models.Model):
    """Who reads a notice beside those whose role it is; record rules search by it."""

    _inherit = "vshu.notice"

    _rule_fields = ("is_read_by_me",)

    is_read_by_me = fields.Boolean(
        string="I read it: I hand it over, my class, my curatorship, or I stand in",
        compute="_compute_rule_fields",
        search="_search_is_read_by_me",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    def _search_is_read_by_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        waits = Domain("state", "in", ("to_send", "sent")) | self.env["vshu.school"]._by_day(
            lambda day: Domain("date_acknowledged", ">=", day)
        )
        return (
            (Domain("user_id", "=", self.env.uid) & waits)
            | Domain("case_id.is_mine_alone", "=", True)
            | Domain("company_id.vshu_reader_standin", "=", True)
        )
