from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class VshuAssignment(models.Model):
    """A task that a paper gives to the school: what, who, by when, reported back (RU-2.2, RU-5.1a)."""

    _name = "vshu.assignment"
    # the clocks before the thread: they make activities, which subscribe people, when the thread is there
    _inherit = [
        "vshu.kept.mixin",
        "vshu.rule.mixin",
        "vshu.link.mixin",
        "vshu.deadline.mixin",
        "vshu.mail.mixin",
        "mail.activity.mixin",
    ]
    _description = "Assignment"
    _order = "date_due, id"
    _check_company_auto = True

    _deadline_events = {"assigned": "date_assigned", "due": "date_due", "done": "date_done"}
    _deadline_planned = ("due",)
    _deadline_fields = ("employee_id", "regulation_id")

    name = fields.Char(string="What is to be done", required=True)
    signal_id = fields.Many2one("vshu.signal", index=True, ondelete="cascade")
    case_id = fields.Many2one("vshu.case", index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    regulation_id = fields.Many2one("vshu.regulation", compute="_compute_regulation_id", store=True)
    employee_id = fields.Many2one(
        "hr.employee", string="Who", required=True, index=True, check_company=True, ondelete="restrict"
    )
    date_assigned = fields.Date(default=lambda self: self.env.company._vshu_today(), required=True)
    date_due = fields.Date(string="By when", required=True)
    date_done = fields.Date(string="Done on")
    report = fields.Text(help="What was reported back.")
    state = fields.Selection([("open", "To be done"), ("done", "Done")], compute="_compute_state", store=True)
    can_finish = fields.Boolean(compute="_compute_can_finish", export_string_translation=False)

    _due_after_assigned = models.Constraint(
        "CHECK(date_due >= date_assigned)", "An assignment cannot be due before it is given: change the date."
    )

    @api.depends("company_id", "signal_id.regulation_id", "case_id.regulation_id")
    def _compute_regulation_id(self):
        for assignment in self:
            assignment.regulation_id = assignment.case_id.regulation_id or assignment.signal_id.regulation_id

    @api.model
    def _clause_of(self, regulation):
        """Return the clauses of the clocks that ``regulation`` sets on assignments (RU-2.2)."""
        rules = regulation.deadline_rule_ids.filtered(lambda rule: rule.model == self._name)
        return ", ".join(sorted(set(filter(None, rules.mapped("clause")))))

    @api.depends("date_done")
    def _compute_state(self):
        for assignment in self:
            assignment.state = "done" if assignment.date_done else "open"

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_can_finish(self):
        mine = self._origin._filtered_access("write")
        for assignment in self:
            assignment.can_finish = assignment.state == "open" and assignment._origin in mine

    @api.depends("signal_id", "case_id")
    def _compute_display_name(self):
        for assignment in self:
            parent = assignment.case_id or assignment.signal_id
            assignment.display_name = assignment.env._(
                "Assignment %(number)s", number=parent.sudo().display_name or assignment.id
            )  # sudo: the number of the case only, which tells nothing of the child

    def write(self, vals):
        """Change assignments; the person it was given to reports and marks it done, the rest is the keeper's."""
        own = {"report", "date_done", "activity_ids", "message_follower_ids", "message_main_attachment_id"}
        if not self.env.su and not vals.keys() <= own:
            roles = self.env["vshu.role"]._my_roles(self.company_id)
            office = self.env["vshu.signal"]._office_roles()
            if any(not roles.get(assignment.company_id.id, set()) & office for assignment in self):
                raise AccessError(
                    self.env._(
                        "You may report on an assignment and mark it done; its task and date are set by the keeper."
                    )
                )
        return super().write(vals)

    @api.constrains("date_done", "report")
    def _check_done(self):
        for assignment in self:
            if assignment.date_done and assignment.date_done > assignment._vshu_today():
                raise UserError(
                    self.env._(
                        "“%s”: it cannot be done on a date in the future. Enter the day on which it was done.",
                        assignment.display_name,
                    )
                )

    def action_done(self):
        """Mark the assignments done today; for the person they were given to and those who keep the register.

        Raises UserError where the report on what was done is missing (RU-5.1a).
        """
        self.check_access("write")
        for assignment in self:
            if not (assignment.report or "").strip():
                raise UserError(
                    self.env._("“%s”: write in the report what was done, then mark it done.", assignment.display_name)
                )
        for today, given in self.filtered(lambda a: not a.date_done).grouped(lambda a: a._vshu_today()).items():
            given.write({"date_done": today})
        return True

    def _deadline_links(self):
        self.ensure_one()
        return {
            "case_id": self.case_id.id,
            "signal_id": self.signal_id.id,
            "reference": (self.case_id or self.signal_id).display_name,
        }

    def _deadline_role_users(self, role_code, date):
        users = super()._deadline_role_users(role_code, date)
        if role_code == "assignee":
            for assignment in self:
                users[assignment.id] = assignment.employee_id.filtered("active").user_id.filtered("active")
        return users
