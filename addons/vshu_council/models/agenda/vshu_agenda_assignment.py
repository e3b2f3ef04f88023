from odoo import fields, models


class VshuAgendaAssignment(models.Model):
    """What the council gives to somebody to do, and by when; it becomes an assignment with a clock when the minutes are
    signed."""

    _name = "vshu.agenda.assignment"
    _inherit = "vshu.agenda.line.mixin"
    _description = "Assignment of the council"
    _order = "item_id, date_due, id"
    _check_company_auto = True

    name = fields.Char(string="What is to be done", required=True)
    employee_id = fields.Many2one("hr.employee", string="Who", required=True, check_company=True, ondelete="restrict")
    date_due = fields.Date(string="By when", required=True)

    def _problems(self):
        """Return what is wrong with the assignment: the person has left, the day lies before the meeting."""
        self.ensure_one()
        problems = []
        if not self.employee_id.active:
            problems.append(
                self.env._(
                    "%s does not work at the school any more: give the task to somebody else", self.employee_id.name
                )
            )
        if self.date_due < self.item_id.meeting_id.date_day:
            problems.append(self.env._("the task “%s” is due before the meeting itself", self.name))
        return problems
