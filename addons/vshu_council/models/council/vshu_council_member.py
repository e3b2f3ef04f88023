from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.vshu_registry.tools.guard import is_guarded

ROLES = [
    ("chair", "Chair"),
    ("deputy", "Deputy chair"),
    ("secretary", "Secretary"),
    ("substitute", "Substitute of the secretary"),
    ("member", "Member"),
]


def is_in_office(employee, company, date):
    """Tell whether ``employee`` (in sudo) works in ``company`` on ``date``, by archive and last day."""
    last = employee.departure_date
    return employee.company_id == company and (date <= last if last else employee.active)


class VshuCouncilMember(models.Model):
    """A member of the council by its order: person, post and role as they stood when the order was approved (KZ-6)."""

    _name = "vshu.council.member"
    _inherit = ["vshu.guard.mixin", "vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Member of the council"
    _order = "council_id, sequence, id"
    _check_company_auto = True

    _guarded_fields = {"name": False, "post": False}

    council_id = fields.Many2one("vshu.council", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="council_id.company_id", store=True, index=True)
    council_state = fields.Selection(related="council_id.state", string="State of the order")
    sequence = fields.Integer(default=10)
    employee_id = fields.Many2one(
        "hr.employee", string="Person", required=True, index=True, check_company=True, ondelete="restrict"
    )
    user_id = fields.Many2one(related="employee_id.user_id", string="User")
    role = fields.Selection(ROLES, string="Role in the council", required=True, default="member")
    name = fields.Char(readonly=True, copy=False, help="As it stood when the order was approved.")
    post = fields.Char(readonly=True, copy=False, help="As it stood when the order was approved.")

    _once = models.Constraint("UNIQUE(council_id, employee_id)", "This person is in the council already.")

    @api.depends("employee_id", "name")
    def _compute_display_name(self):
        for member in self:
            # sudo: the name of a colleague is no secret, hr.employee is readable to HR only
            member.display_name = member.name or member.sudo().employee_id.name or ""

    @api.model_create_multi
    def create(self, vals_list):
        """Add members to drafts (UserError where the order was approved)."""
        self = self._guard_create(vals_list)
        members = super().create(vals_list)
        members._check_draft()
        return members

    def write(self, vals):
        """Change members of drafts (UserError where the order was approved)."""
        if not is_guarded(self.env):
            self._check_draft()
        res = super().write(vals)
        if "council_id" in vals and not is_guarded(self.env):
            self._check_draft()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_from_draft(self):
        self._check_draft()

    def _check_draft(self):
        self.council_id._check_office()
        if any(council.state != "draft" for council in self.council_id):
            raise UserError(
                self.env._("The composition of an approved council changes by a new order only: “New composition”.")
            )

    def _post(self):
        """Return the post of the member as it is in the staff list today."""
        self.ensure_one()
        employee = self.sudo().employee_id  # sudo: posts are printed on the order
        return employee.job_title or employee.job_id.name or ""

    def _in_office(self, date):
        """Return those of the members who work at the school on ``date``: who was archived does up to the last day
        that the staff list has, and not at all where it has none."""
        # sudo: whether a colleague works here, which the whole school knows
        return self.filtered(lambda member: is_in_office(member.sudo().employee_id, member.company_id, date))

    def _problems(self):
        """Return why this person cannot be a member: left the school, or of another one (KZ-6)."""
        self.ensure_one()
        employee = self.sudo().employee_id  # sudo: see _post
        if is_in_office(employee, self.company_id, self._vshu_today()):
            return []
        return [
            self.env._(
                "%(person)s does not work at the school any more: only its staff are members (%(clause)s)",
                person=employee.name,
                clause=self.council_id.regulation_id._council_clause("composition"),
            )
        ]
