from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: how far away the goal is; the same scale at the start and at the end
RATINGS = [
    ("1", "1 – acute: the cause acts every day"),
    ("2", "2 – marked: it acts often"),
    ("3", "3 – slight: it shows now and then"),
    ("4", "4 – solved: it does not act any more"),
]
#: the rating from which a goal counts as reached
REACHED = "4"
#: what is written while the plan runs
AT_THE_END = {"rating_end", "reason_end"}


class VshuPlanGoal(models.Model):
    """A goal of the plan, the cause that it answers, and how far away it was at the start and at the end (KZ-14,
    RU-13.3)."""

    _name = "vshu.plan.goal"
    _inherit = ["vshu.guard.mixin", "vshu.rule.mixin", "vshu.plan.part.mixin"]
    _description = "Goal of a plan"
    _order = "plan_id, sequence, id"
    _parent_field = "plan_id"
    #: set by the next version
    _guarded_fields = {"origin_id": False}

    plan_id = fields.Many2one("vshu.plan", required=True, index=True, ondelete="cascade")
    case_id = fields.Many2one(related="plan_id.case_id", store=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    plan_state = fields.Selection(related="plan_id.state", string="State of the plan", related_sudo=False)
    sequence = fields.Integer(default=10)
    name = fields.Text(string="Goal", required=True)
    cause = fields.Text(help="The cause or condition that it answers.")
    rating_start = fields.Selection(RATINGS, string="At the start")
    reason_start = fields.Text(string="Why so at the start")
    rating_end = fields.Selection(RATINGS, string="Now", copy=False)
    reason_end = fields.Text(string="Why so now", copy=False)
    change = fields.Integer(string="Steps", compute="_compute_change", store=True, aggregator="avg")
    reached = fields.Boolean(compute="_compute_change", store=True)
    origin_id = fields.Many2one(
        "vshu.plan.goal", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    @api.depends("rating_start", "rating_end")
    def _compute_change(self):
        for goal in self:
            rated = goal.rating_start and goal.rating_end
            goal.change = int(goal.rating_end) - int(goal.rating_start) if rated else 0
            goal.reached = goal.rating_end == REACHED

    @api.depends("plan_id", "sequence")
    def _compute_display_name(self):
        for goal in self:
            goal.display_name = self.env._("Goal, %s", goal.sudo().plan_id.display_name)  # sudo: number of the case

    @api.constrains("rating_start", "reason_start", "rating_end", "reason_end")
    def _check_reasons(self):
        for goal in self:
            for rating, reason in (("rating_start", "reason_start"), ("rating_end", "reason_end")):
                if goal[rating] and not (goal[reason] or "").strip():
                    raise ValidationError(
                        self.env._("“%s”: write why it is rated so; a number alone helps nobody.", goal._short())
                    )

    @api.model_create_multi
    def create(self, vals_list):
        """Add goals to drafts; where one comes from is set by the next version only."""
        return super(VshuPlanGoal, self._guard_create(vals_list)).create(vals_list)

    def write(self, vals):
        """Change goals of drafts; while the plan runs, how far they are (UserError, AccessError)."""
        if AT_THE_END & vals.keys() and not self.env.su:
            self.plan_id._check_flag("can_rate")
        return super().write(vals)

    def _part_touched(self, vals):
        return bool(vals.keys() - AT_THE_END)

    def _short(self):
        """Return the first words of the goal, for a message."""
        self.ensure_one()
        words = " ".join((self.name or "").split())
        return words if len(words) <= 60 else words[:57] + "…"
