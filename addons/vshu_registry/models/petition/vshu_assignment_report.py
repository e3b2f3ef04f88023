from odoo import api, fields, models


class VshuAssignment(models.Model):
    """Assignments of a decree are reported back by a letter of the school (RU-2.2, RU-5.1a)."""

    _inherit = "vshu.assignment"

    report_petition_id = fields.Many2one(
        "vshu.petition",
        string="Reported by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    is_mine = fields.Boolean(compute="_compute_is_mine", search="_search_is_mine", help="Given to me.")

    @api.depends_context("uid")
    @api.depends("employee_id")
    def _compute_is_mine(self):
        for assignment in self:
            # sudo: only the user's own tie to the assignment
            assignment.is_mine = assignment.sudo().employee_id.user_id == self.env.user

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("employee_id.user_id", "=", self.env.uid)]
