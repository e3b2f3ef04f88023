from odoo import fields, models
from odoo.fields import Domain


class VshuMeeting(models.Model):
    """What the user has to do with a meeting, as record rules search by it."""

    _inherit = "vshu.meeting"

    _rule_fields = ("is_open_to_me", "is_run_by_me")

    is_open_to_me = fields.Boolean(
        string="I am a member and it is open to members, or I stand in",
        compute="_compute_rule_fields",
        search="_search_is_open_to_me",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    is_run_by_me = fields.Boolean(
        string="I am its secretary or preside, or stand in for those who keep the register",
        compute="_compute_rule_fields",
        search="_search_is_run_by_me",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    def _search_is_open_to_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._domain_member() | Domain("company_id.vshu_reader_standin", "=", True)

    def _search_is_run_by_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        return (
            Domain("secretary_id.user_id", "=", self.env.uid)
            | Domain("presiding_id.user_id", "=", self.env.uid)
            | Domain("company_id.vshu_office_standin", "=", True)
        )

    def _domain_member(self):
        """Return the domain of the meetings that the user is a member of, from convening until they close again."""
        return self.env["vshu.school"]._by_day(
            lambda day: (
                Domain("open_from", "<=", day) & (Domain("open_until", "=", False) | Domain("open_until", ">=", day))
            )
        ) & Domain("participant_ids", "any", Domain("kind", "=", "member") & Domain("user_id", "=", self.env.uid))


class VshuAgendaItem(models.Model):
    _inherit = "vshu.agenda.item"

    _rule_fields = ("is_open_to_me", "is_run_by_me")

    is_open_to_me = fields.Boolean(
        string="On the agenda of a meeting that I am a member of, or I stand in",
        compute="_compute_rule_fields",
        search="_search_is_open_to_me",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    is_run_by_me = fields.Boolean(
        string="Of a meeting that I run, or I stand in for those who keep the register",
        compute="_compute_rule_fields",
        search="_search_is_run_by_me",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    def _search_is_run_by_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        # an item that waits has no meeting yet
        standin = Domain("company_id.vshu_office_standin", "=", True)
        return Domain("meeting_id.is_run_by_me", "=", True) | standin

    def _search_is_open_to_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        member = Domain("state", "!=", "withdrawn") & Domain(
            "meeting_id", "any", self.env["vshu.meeting"]._domain_member()
        )
        return member | Domain("company_id.vshu_reader_standin", "=", True)


class VshuCase(models.Model):
    _inherit = "vshu.case"

    is_before_me = fields.Boolean(
        string="On the agenda of a meeting that I am a member of",
        compute="_compute_is_before_me",
        search="_search_is_before_me",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    def _compute_is_before_me(self):
        found = self.search([("id", "in", self.ids), ("is_before_me", "=", True)])
        for case in self:
            case.is_before_me = case._origin in found

    def _search_is_before_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        meeting = Domain("meeting_id", "any", self.env["vshu.meeting"]._domain_member())
        return Domain("agenda_item_ids", "any", Domain("state", "!=", "withdrawn") & meeting)
