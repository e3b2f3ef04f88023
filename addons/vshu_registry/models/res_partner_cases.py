from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    vshu_case_ids = fields.One2many("vshu.case", "student_id", string="Cases", groups="vshu_registry.group_staff")
    vshu_open_case_ids = fields.Many2many(
        "vshu.case",
        string="Open cases",
        compute="_compute_vshu_open_case_ids",
        search="_search_vshu_open_case_ids",
        groups="vshu_registry.group_staff",
        help="Only those that you may see.",
    )
    vshu_case_count = fields.Integer(compute="_compute_vshu_open_case_ids", groups="vshu_registry.group_staff")

    def _compute_vshu_open_case_ids(self):
        """Cases with the reader's own rights: whoever may not see a case does not learn that there is one."""
        cases = self.env["vshu.case"].search([("student_id", "in", self.ids), ("state", "!=", "annulled")])
        for partner in self:
            mine = cases.filtered(lambda case, p=partner: case.student_id == p._origin)
            partner.vshu_open_case_ids = mine.filtered(
                lambda case: case.state in ("draft", "submitted", "watched", "active", "removal_proposed")
            )
            partner.vshu_case_count = len(mine)

    def _search_vshu_open_case_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        cases = self.env["vshu.case"].search(
            [("state", "in", ("draft", "submitted", "watched", "active", "removal_proposed")), ("student_id", "!=", False)]
        )
        if operator == "in" and set(value) == {False}:
            return [("id", "not in", cases.student_id.ids)]
        return [("id", "in", cases.student_id.ids)]

    def action_vshu_cases(self):
        """Open the student's cases that the user may see. Returns an act_window."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cases"),
            "res_model": "vshu.case",
            "view_mode": "list,form",
            "domain": [("student_id", "=", self.id)],
            "context": {"default_student_id": self.id},
        }

    def action_vshu_signal(self):
        """Open a new signal about the student. Returns an act_window."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Signal"),
            "res_model": "vshu.signal",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_student_id": self.id},
        }
