from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.readable_fields import ReadableOne2many
from ...tools.states import OPEN_STATES


class ResPartner(models.Model):
    _inherit = "res.partner"

    vshu_case_ids = ReadableOne2many("vshu.case", "student_id", string="Cases", groups="vshu_registry.group_staff")
    vshu_open_case_ids = fields.Many2many(
        "vshu.case",
        string="Open cases",
        compute="_compute_vshu_open_case_ids",
        search="_search_vshu_open_case_ids",
        groups="vshu_registry.group_staff",
        help="Only those that you may see.",
    )
    vshu_open_cases = fields.Char(
        string="Open cases (numbers)", compute="_compute_vshu_open_cases", groups="vshu_registry.group_staff"
    )
    vshu_case_count = fields.Integer(compute="_compute_vshu_open_case_ids", groups="vshu_registry.group_staff")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_vshu_open_case_ids(self):
        """Cases with the reader's own rights: whoever may not see a case does not learn that there is one."""
        cases = self._vshu_cases()
        for partner in self:
            mine = cases.get(partner._origin, self.env["vshu.case"])
            partner.vshu_open_case_ids = mine.filtered(lambda case: case.state in OPEN_STATES)
            partner.vshu_case_count = len(mine)

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_vshu_open_cases(self):
        """The same as text for lists: three queries for any number of students."""
        cases = self._vshu_cases()
        for partner in self:
            mine = cases.get(partner._origin, self.env["vshu.case"])
            numbers = [case.display_name for case in mine if case.state in OPEN_STATES]
            partner.vshu_open_cases = ", ".join(numbers) or False

    def _vshu_cases(self):
        """Return {student: cases that are not annulled} with the reader's own rights."""
        cases = self.env["vshu.case"].search_fetch(
            [("student_id", "in", self._origin.ids), ("state", "!=", "annulled")],
            ["student_id", "state", "display_name"],
        )
        return cases.grouped("student_id")

    def _search_vshu_open_case_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        is_open = Domain("state", "in", OPEN_STATES) & Domain("student_id", "!=", False)
        cases = self.env["vshu.case"]
        if operator == "any":
            return Domain("id", "in", cases.search(is_open & Domain(value)).student_id.ids)
        wanted = [case_id for case_id in value if case_id]
        found = Domain("id", "in", cases.search(is_open & Domain("id", "in", wanted)).student_id.ids)
        if len(wanted) < len(value):
            found |= Domain("id", "not in", cases.search(is_open).student_id.ids)
        return found

    def action_vshu_cases(self):
        """Open the student's cases that the user may see. Returns an act_window; AccessError for who sees no cases."""
        self.ensure_one()
        self.check_access("read")
        self.env["vshu.case"].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cases"),
            "res_model": "vshu.case",
            "view_mode": "list,form",
            "domain": [("student_id", "=", self.id)],
            "context": {"default_student_id": self.id},
        }

    def action_vshu_signal(self):
        """Open a new signal about the student. Returns an act_window; AccessError for who files no signals."""
        self.ensure_one()
        self.check_access("read")
        self.env["vshu.signal"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Signal"),
            "res_model": "vshu.signal",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_student_id": self.id},
        }
