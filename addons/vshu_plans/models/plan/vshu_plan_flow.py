from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_registry.tools.locks import wait_for
from odoo.addons.vshu_registry.tools.states import OVER_STATES, STAY_STATES

OFFICE = {"social_pedagogue", "deputy_head", "head"}
#: flag of the button → (roles, states of the plan)
FLAGS = {
    "can_edit": (OFFICE | {"curator"}, ("draft",)),
    "can_approve": ({"deputy_head", "head"}, ("draft",)),
    "can_put_forward": (OFFICE, ("draft",)),
    "can_revise": (OFFICE | {"curator"}, ("in_force",)),
    "can_rate": (OFFICE | {"curator"}, ("in_force", "closed")),
    "can_close": (OFFICE, ("in_force",)),
    "can_refusal": (OFFICE | {"curator"}, ("draft", "in_force")),
}


class VshuPlanFlow(models.AbstractModel):
    """States of a plan: one checker of right and state feeds the buttons and guards the actions."""

    _name = "vshu.plan.flow"
    _description = "Flow of a plan"

    can_edit = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_approve = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_put_forward = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_revise = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_rate = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_close = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_refusal = fields.Boolean(compute="_compute_can", export_string_translation=False)
    problems_text = fields.Text(
        string="Before it can be approved", compute="_compute_problems_text", help="What is missing yet."
    )

    # -- rights ------------------------------------------------------------------------------------------------------

    @api.depends_context("uid")
    @api.depends("state", "case_id.state", "case_id.curator_id", "agenda_item_id")
    def _compute_can(self):
        cases = self.sudo().case_id.with_env(self.env)  # sudo: only the user's own tie to the case is looked up
        mine = cases._my_roles_by_case()
        waiting = self.sudo()._on_the_way()  # sudo: whether it is before the council
        for plan in self:
            case = plan.sudo().case_id  # sudo: its state
            held = mine.get(case.id, set())
            over = case.state in OVER_STATES and plan.state != "closed"
            for flag, (roles, states) in FLAGS.items():
                allowed = plan.state in states and not over and (self.env.su or bool(held & roles))
                if flag == "can_approve":
                    allowed = allowed and bool(plan._origin) and not plan.sudo()._council_approves()
                elif flag == "can_put_forward":
                    allowed = (
                        allowed
                        and bool(plan._origin)
                        and plan not in waiting
                        and plan.sudo()._council_approves()
                        and case.state in ("active", "removal_proposed", "watched")
                    )
                elif flag != "can_edit":
                    allowed = allowed and bool(plan._origin)
                plan[flag] = bool(allowed)

    def _check_flag(self, flag):
        """Raise AccessError where the user's role may not do it, UserError where the plan's state does not allow it."""
        roles, states = FLAGS[flag]
        for plan in self:
            if not self.env.su:
                plan.check_access("read")
            case = plan.sudo().case_id  # sudo: its state
            if plan.state not in states or (case.state in OVER_STATES and plan.state != "closed"):
                raise UserError(
                    self.env._(
                        "%(plan)s is “%(state)s”: this cannot be done with it now.",
                        plan=plan.display_name,
                        state=dict(plan._fields["state"]._description_selection(self.env))[plan.state],
                    )
                )
            held = case.with_env(self.env)._my_roles_by_case().get(case.id, set())
            if not self.env.su and not held & roles:
                raise AccessError(self.env._("%s: your role may not do this.", plan.display_name))

    def _check_editable(self):
        """Raise where the plan may not be changed: by this user (AccessError), or since it was approved (UserError)."""
        for plan in self:
            if plan.state != "draft" and not self.env.su:
                raise UserError(
                    self.env._(
                        "%s was approved and stays as it is. Press “Change the plan”: a new version says what changed.",
                        plan.display_name,
                    )
                )
        if not self.env.su:
            self._check_flag("can_edit")
            # sudo: that an item is decided
            items = self.env["vshu.agenda.item"].sudo().search([("plan_id", "in", self.ids), ("state", "=", "decided")])
            decided = items.filtered(lambda item: item._approves())[:1]
            if decided:
                raise UserError(
                    self.env._(
                        "%s: the council has decided on it. The item is opened again first, or the minutes are signed.",
                        decided.plan_id.display_name,
                    )
                )

    # -- who approves ------------------------------------------------------------------------------------------------

    def _council_approves(self):
        """Tell whether an item of the council approves the plan: the regulation says so, and there is a council."""
        self.ensure_one()
        return bool(
            self.case_id.regulation_id._plan_rule("approval").get("by_council") and self.case_id._council_in_force()
        )

    def _on_the_way(self):
        """Return those of the plans that stand before the council: an item of theirs waits or is on an agenda."""
        items = self.env["vshu.agenda.item"].search(
            [("plan_id", "in", self._origin.ids), ("state", "in", ("waiting", "scheduled", "decided"))]
        )
        return self.filtered(lambda plan: plan._origin in items.plan_id)

    # -- what is missing ---------------------------------------------------------------------------------------------

    @api.depends(
        "state",
        "date_from",
        "date_to",
        "goal_ids.name",
        "goal_ids.rating_start",
        "measure_ids.employee_id",
        "measure_ids.date_due",
        "measure_ids.date_until",
        "measure_ids.repeat",
    )
    def _compute_problems_text(self):
        for plan in self:
            # sudo: whether people work here; a form can be filled with lines of any plan, of which nothing is told
            known = plan.sudo()
            lines = (known.goal_ids._origin.plan_id | known.measure_ids._origin.plan_id) - known._origin
            problems = known._problems() if plan.state == "draft" and not lines else []
            plan.problems_text = "\n".join(f"• {problem}" for problem in problems) or False

    def _problems(self):
        """Return what keeps the plan from being approved, in plain words with clauses (KZ-14, KZ-15, RU-13.3)."""
        self.ensure_one()
        problems = []
        if not self.date_from or not self.date_to or self.date_to < self.date_from:
            return [self.env._("write the first and the last day of the plan, in this order")]
        if not self.goal_ids:
            problems.append(self.env._("write at least one goal with the cause that it answers"))
        problems += [
            self.env._("rate the goal “%s” as it is now", goal._short())
            for goal in self.goal_ids
            if not goal.rating_start
        ]
        if not self.measure_ids:
            problems.append(self.env._("an empty plan helps nobody: add measures, with persons and dates"))
        for measure in self.measure_ids:
            problems += [
                self.env._("“%(measure)s”: %(problem)s", measure=measure._short(), problem=problem)
                for problem in measure._problems()
            ]
        return problems

    def _raise_problems(self, problems):
        self.ensure_one()
        raise UserError(
            self.env._(
                "%(plan)s cannot be approved yet:\n%(problems)s",
                plan=self.display_name,
                problems="\n".join(f"• {problem}" for problem in problems),
            )
        )

    # -- approval ----------------------------------------------------------------------------------------------------

    def action_approve(self):
        """Put the plan in force by the paper whose number and date are typed on it (KZ-12).

        Where an item of the council approves plans, that item does it. Raises AccessError but for deputy head and
        head, UserError that lists what is missing.
        """
        self.ensure_one()
        self._check_flag("can_approve")
        plan = guarded(self.sudo())  # sudo: right and state were checked for this very plan
        if plan._council_approves():
            raise UserError(
                self.env._(
                    "%(plan)s is approved by the prevention council (%(clause)s): press “Put before the council”, the "
                    "signed minutes put it in force.",
                    plan=self.display_name,
                    clause=plan.case_id.regulation_id._plan_clause("approval"),
                )
            )
        problems = plan._problems()
        today = plan.company_id._vshu_today()
        if not (plan.approval_number or "").strip() or not plan.approval_date:
            problems.append(
                self.env._("write number and date of the minutes or order that approve it: the fields are on the plan")
            )
        elif plan.approval_date > today:
            problems.append(self.env._("the paper that approves it is dated in the future"))
        elif plan.date_to and plan.approval_date > plan.date_to:
            problems.append(plan._over_problem(plan.approval_date))
        if plan.case_id.state not in ("active", "removal_proposed", "watched"):
            problems.append(self.env._("the child or family is not on the register yet: the placement comes first"))
        if problems:
            self._raise_problems(problems)
        plan._approve(plan.approval_date)
        return True

    def _approve(self, day, item=None):
        """Put the plan in force on ``day``: the version before gives way, each measure gets its occurrences, the
        parents their copy (KZ-12, KZ-14, KZ-15). The caller has checked right and problems; a guarded superuser set.

        :param item: the item of the council that approves it
        """
        self.ensure_one()
        case = self.case_id
        wait_for(case)
        before = self.search([("case_id", "=", case.id), ("state", "=", "in_force")])
        if before and before != self.previous_id:
            raise UserError(
                self.env._(
                    "%(case)s has a plan in force already: %(plan)s. Change that one, or close it first.",
                    case=case.display_name,
                    plan=before.display_name,
                )
            )
        self._fit(day)
        before.write({"state": "replaced", "date_closed": day})
        before.activity_ids.unlink()
        before.flush_recordset()
        self.write(
            {
                "state": "in_force",
                "date_approved": day,
                "approved_by_id": self.env.uid,
                "agenda_item_id": item.id if item else False,
                "changes": self.with_context(lang=self.lang)._changes(),
            }
        )
        self._hand_over_tasks(before)
        self._make_tasks()
        notices = case._make_notices("plan")
        guarded(notices).write({"plan_id": self.id})
        case._plan_on_file(day)
        # what waited for the plan waits no longer, what a review asked of it is done
        case.write({"date_plan_ready": day})
        self.env["vshu.plan.review"]._follow_up(case, "change", self.company_id._vshu_today())

    def _fit(self, day):
        """Bring the days of the plan in step with its approval on ``day`` and with the term that was decided, and who
        curates with the curator named.

        A plan that was drafted for an earlier day begins on the day of its approval; what would come after the end of
        the stay is due on its last working day (KZ-15, KZ-16).
        """
        self.ensure_one()
        case = self.case_id
        if day > self.date_to:
            self._raise_problems([self._over_problem(day)])
        if self.date_from < day:
            self.write({"date_from": day})
            calendar = self.env["vshu.school"]._for_company(self.company_id)._calendar(day, self.date_to)
            for measure in self.measure_ids.filtered(lambda m: m.date_due < day):
                measure._begin_on(day, calendar)
        end = case.date_end
        if end and self.date_from <= end < self.date_to:
            self.write({"date_to": end})
            calendar = self.env["vshu.school"]._for_company(self.company_id)._calendar(self.date_from, end)
            for measure in self.measure_ids:
                vals = {
                    name: self._inside(calendar, end, -1)
                    for name in ("date_due", "date_until")
                    if measure[name] and measure[name] > end
                }
                if vals:
                    measure.write(vals)
        if case.curator_id:
            own = self.measure_ids.filtered(lambda m: m.role_id.code == "curator" and not m.person_chosen)
            own.filtered(lambda m: m.employee_id != case.curator_id).write({"employee_id": case.curator_id.id})

    def _over_problem(self, day):
        """Return what is said of a plan that would be over on ``day``, when it is approved."""
        self.ensure_one()
        return self.env._(
            "it would be over on %(end)s, before it is approved on %(day)s: write a later last day",
            end=format_date(self.env, self.date_to),
            day=format_date(self.env, day),
        )

    def _hand_over_tasks(self, before):
        """Let the open occurrences of the version ``before`` give way: what is late and still in the plan stays due."""
        self.ensure_one()
        heirs = {measure.origin_id: measure for measure in self.measure_ids if measure.origin_id}
        for measure in before.measure_ids:
            waiting = guarded(measure.task_ids.filtered(lambda task: task.state == "open"))
            heir = heirs.get(measure)
            late = waiting.filtered(lambda task: task.date_due < self.date_from) if heir else waiting.browse()
            # the reminders lay on the version before and went with it: who must hear of what stays late hears anew
            late.write({"measure_id": heir.id if heir else False, "plan_id": self.id, "told": 0})
            (waiting - late)._drop(
                self.env._("Version %s of the plan takes its place.", self.version)
                if heir
                else self.env._("No longer in the plan since version %s.", self.version)
            )

    def _make_tasks(self):
        """Make the occurrences of every measure on their days, working days for those that come again (KZ-15)."""
        self.ensure_one()
        calendar = self.env["vshu.school"]._for_company(self.company_id)._calendar(self.date_from, self.date_to)
        vals_list = []
        for measure in self.measure_ids:
            owed = {task.date_due for task in measure.task_ids if task.state == "open"}
            days = [day for day in measure._days(calendar) if day not in owed]
            vals_list += [measure._task_vals(day, number) for number, day in enumerate(days, 1)]
        quiet = {"mail_create_nolog": True, "mail_create_nosubscribe": True, "tracking_disable": True}
        self.env["vshu.plan.task"].with_context(**quiet).create(vals_list)

    # -- the next version --------------------------------------------------------------------------------------------

    def action_revise(self):
        """Ask what changes and why, then draft the next version (RU-5.4). Returns the dialog; raises as that does."""
        self.ensure_one()
        self._check_revise()
        return self.env["vshu.plan.reason"]._open("revise", plan_id=self.id)

    def _check_revise(self):
        self._check_flag("can_revise")
        draft = self.sudo().next_ids.filtered(lambda p: p.state == "draft")[:1]  # sudo: that there is one
        if draft:
            raise UserError(
                self.env._("There is a draft of the next version already: %s. Go on with that one.", draft.display_name)
            )

    def _revise(self, reason):
        """Draft the next version; this one stays in force until that one is approved. Returns an act_window on it.

        Raises AccessError but for curator and office, UserError without a reason or where a draft is there already.
        """
        self.ensure_one()
        self._check_revise()
        if not (reason or "").strip():
            raise UserError(self.env._("%s: write what changes and why.", self.display_name))
        plan = guarded(self.sudo())  # sudo: right and state were checked for this very plan
        return plan.create([plan._next_version_vals(reason)]).with_env(self.env).action_open()

    def action_put_forward(self):
        """Put the draft on the council's list: an item of its next meeting approves it (KZ-12).

        Returns an act_window on the item. Raises AccessError but for those who prepare agendas, UserError that lists
        what is missing.
        """
        self.ensure_one()
        self._check_flag("can_put_forward")
        plan = self.sudo()  # sudo: right and state were checked for this very plan
        problems = plan._problems()
        if problems:
            self._raise_problems(problems)
        if not self.can_put_forward:
            raise UserError(
                self.env._("%s is before the council already, or is not approved by it.", self.display_name)
            )
        item = guarded(plan.env["vshu.agenda.item"])._for_plan(plan)
        return item.with_env(self.env).action_open()

    # -- closing -----------------------------------------------------------------------------------------------------

    def action_close(self):
        """Ask for what came of it and close the plan. Returns the dialog; AccessError but for the office."""
        self.ensure_one()
        self._check_flag("can_close")
        return self.env["vshu.plan.reason"]._open("close", plan_id=self.id)

    def _close_by_hand(self, reason):
        """Close the plan; with open measures only with the reason (UserError). AccessError but for the office."""
        self.ensure_one()
        self._check_flag("can_close")
        plan = guarded(self.sudo())  # sudo: right and state were checked for this very plan
        waiting = plan.task_ids.filtered(lambda task: task.state == "open")
        if waiting and not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%(plan)s has %(count)s measures that are not done. Write why it is closed all the same.",
                    plan=self.display_name,
                    count=len(waiting),
                )
            )
        plan._end(reason or False)
        for case in plan.case_id.filtered(lambda case: case.state in STAY_STATES):
            # a stay that goes on without its plan waits for another one
            case.write({"date_plan_needed": case.company_id._vshu_today()})
        return True

    def _end(self, reason):
        """End plans in force for ``reason``; drafts are dropped. A guarded superuser set."""
        for plan in self:
            day = plan.company_id._vshu_today()
            plan.task_ids.filtered(lambda task: task.state == "open")._drop(reason or self.env._("The plan is closed."))
            plan.activity_ids.unlink()
            plan.write(
                {
                    "state": "dropped" if plan.state == "draft" else "closed",
                    "date_closed": day,
                    "close_reason": reason,
                }
            )
