from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

#: questions with which the plan of the case is approved
WITH_PLAN = ("placement", "removal", "term", "progress", "other")
#: effects of decisions with which a plan may be approved
APPROVING = ("place", "extend", "keep", "watch", "note")


class VshuAgendaItem(models.Model):
    """The plan before the council: an item approves the draft of its case (KZ-12)."""

    _inherit = "vshu.agenda.item"

    plan_id = fields.Many2one(
        "vshu.plan",
        string="Plan to be approved",
        compute="_compute_plan_id",
        store=True,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    approves_plan = fields.Boolean(
        string="The plan is approved",
        default=True,
        help="Not ticked: the draft stays a draft, whatever else is decided.",
    )
    plan_problems = fields.Text(string="The plan cannot be approved yet", compute="_compute_plan_problems")
    has_plan = fields.Boolean(compute="_compute_plan_problems")

    @api.depends("case_id", "case_id.plan_ids.state", "state", "topic")
    def _compute_plan_id(self):
        """The draft of the case until it is decided; then it stays what the council has seen."""
        for item in self:
            if item.state in ("decided", "done", "withdrawn"):
                item.plan_id = item.plan_id
                continue
            if not isinstance(item.id, int):
                # computed in sudo: a form can be filled with any case and asked for what follows from it
                item.plan_id = False
                continue
            drafts = item.case_id.plan_ids.filtered(lambda plan: plan.state == "draft")
            item.plan_id = drafts[:1] if item.topic in WITH_PLAN else False

    @api.depends("plan_id", "approves_plan", "kind_id")
    def _compute_plan_problems(self):
        heard = self._heard_items()
        for item in self:
            # sudo: who hears the item hears of its plan; of what is stored, a form can be filled with any plan
            plan = item._origin.sudo().plan_id if item in heard else self.env["vshu.plan"]
            item.has_plan = bool(plan)
            problems = (
                plan.sudo()._problems() if plan.sudo().state == "draft" and item.approves_plan else []
            )  # sudo: see above
            item.plan_problems = "\n".join(f"• {problem}" for problem in problems) or False

    def _approves(self):
        """Tell whether the decision approves the plan: there is a draft, it was not put off, the stay goes on."""
        self.ensure_one()
        return bool(self.plan_id and self.approves_plan and self.effect in APPROVING)

    def _approves_of(self, case):
        """Tell whether the item (or none) approves a plan of ``case`` with its decision."""
        return bool(self and self.case_id == case and self._approves())

    def _content_problems(self):
        """A plan that lacks persons or dates is not approved (KZ-12, KZ-15)."""
        problems = super()._content_problems()
        if self._approves():
            plan, day = self.plan_id, self.meeting_id.date_day
            over = [plan._over_problem(day)] if plan.date_to and day and day > plan.date_to else []
            problems += [
                self.env._("the plan: %s (or take the tick off “The plan is approved”)", problem)
                for problem in plan._problems() + over
            ]
        return problems

    def _sheet_rows(self):
        """The plan on the sheet of the case: the draft to be approved, how the one in force was carried out."""
        rows = super()._sheet_rows()
        plans = self.case_id.plan_ids
        draft = plans.filtered(lambda plan: plan.state == "draft")[:1]
        current = plans.filtered(lambda plan: plan.state == "in_force")[:1]
        if current:
            rows.append(
                (
                    self.env._("Plan in force"),
                    self.env._(
                        "version %(version)s: %(done)s of %(count)s measures done, late %(late)s, in time %(share)s %%",
                        version=current.version,
                        done=current.task_done,
                        count=current.task_count,
                        late=current.task_late,
                        share=current.in_time_share,
                    ),
                )
            )
        if draft:
            lines = [
                f"{measure.name} – {measure.dates_text} – {measure.employee_id.name or '…'}"
                for measure in draft.measure_ids
            ]
            goals = [self.env._("Goal: %(goal)s", goal=goal.name) for goal in draft.goal_ids]
            rows.append((self.env._("Plan to be approved"), "\n".join(goals + lines)))
        elif not current and self.topic == "placement":
            rows.append((self.env._("Plan to be approved"), self.env._("none is drafted yet")))
        if self.topic in ("term", "removal"):
            marks = {True: "✓", False: "✗", None: "?"}
            lines = [f"{marks[line['ok']]} {line['label']}" for line in self.case_id._removal_readiness()]
            rows.append((self.env._("Removal readiness"), "\n".join(lines)))
        return rows

    def _minutes_values(self):
        """The minutes say that the plan was approved, and until when it runs (KZ-12, KZ-13)."""
        values = super()._minutes_values()
        if self._approves():
            plan = self.plan_id
            start = max(plan.date_from, self.meeting_id.date_day)
            end = min(filter(None, [values.get("until") if self.effect in ("place", "extend") else None, plan.date_to]))
            words = self.env._(
                "The individual plan of prevention work is approved: %(count)s measures, %(start)s – %(end)s.",
                count=len(plan.measure_ids),
                start=format_date(self.env, start),
                end=format_date(self.env, end),
            )
            values["decision_text"] = "\n".join(filter(None, [values["decision_text"], words]))
        return values

    @api.model
    def _for_plan(self, plan):
        """Put a draft on the council's list: the item that the case has there, else one on the progress of the work.

        A guarded superuser set; the caller has checked the right.
        """
        items = self.search([("case_id", "=", plan.case_id.id), ("state", "in", ("waiting", "scheduled"))])
        fitting = items.filtered(lambda item: item.topic in WITH_PLAN)[:1]
        if fitting:
            fitting.approves_plan = True
            return fitting
        return self.create(
            [{"company_id": plan.company_id.id, "case_id": plan.case_id.id, "topic": "progress", "approves_plan": True}]
        )

    @api.model
    def _kept(self):
        """Whether the plan is approved is written while the council sits."""
        return super()._kept() | {"approves_plan"}

    def action_open_draft_plan(self):
        """Open the plan that is to be approved; the user's own rights apply there. Returns an act_window."""
        self.ensure_one()
        self.check_access("read")
        plan = self.sudo().plan_id.with_env(self.env)  # sudo: which plan it is; the right on it is checked next
        if not plan:
            raise UserError(self.env._("%s: there is no draft of a plan.", self.display_name))
        return plan.action_open()
