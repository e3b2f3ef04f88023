from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.vshu_registry.models.case.vshu_case_flow import KEEPERS
from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_registry.tools.states import OVER_STATES

from ..plan.vshu_plan import STATES as PLAN_STATES


class VshuCase(models.Model):
    """The plan on its case: drafted in one click, approved with the placement, ended with the stay (KZ-12, RU-7)."""

    _inherit = "vshu.case"

    plan_ids = fields.One2many("vshu.plan", "case_id", string="Plans")
    plan_task_ids = fields.One2many("vshu.plan.task", "case_id", string="Measures of plans", readonly=True)
    # stored: whoever reads the case reads its plan, and opening a case asks the database for none of them
    plan_id = fields.Many2one(
        "vshu.plan",
        compute="_compute_plan_id",
        store=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="In force, else the draft, else the last one.",
    )
    plan_state = fields.Selection(
        PLAN_STATES, compute="_compute_plan_id", store=True, copy=False, string="State of the plan"
    )
    plan_progress = fields.Integer(
        string="Plan, %", compute="_compute_plan_progress", store=True, copy=False, aggregator="avg"
    )
    can_draft_plan = fields.Boolean(compute="_compute_can_draft_plan", export_string_translation=False)

    @api.depends("plan_ids.state")
    def _compute_plan_id(self):
        """The plan that counts; computed in sudo, for every reader of the case."""
        plans = self.env["vshu.plan"].search([("case_id", "in", self._origin.ids)], order="id desc")
        rank = {"in_force": 0, "draft": 1}
        by_case = plans.grouped("case_id")
        for case in self:
            own = by_case.get(case._origin, plans.browse())
            case.plan_id = plan = own.sorted(lambda plan: rank.get(plan.state, 2))[:1]
            case.plan_state = plan.state

    @api.depends("plan_task_ids.state")
    def _compute_plan_progress(self):
        """The share of the measures of all versions that is done."""
        figures = self.env["vshu.plan.task"]._figures("case_id", set(self._origin.ids))
        empty = self.env["vshu.plan.task"]._no_figures()
        for case in self:
            case.plan_progress = figures.get(case._origin.id, empty)["progress"]

    @api.depends_context("uid")
    @api.depends("state", "plan_state", "my_roles")
    def _compute_can_draft_plan(self):
        for case in self:
            held = set((case.my_roles or "").split(","))
            case.can_draft_plan = (
                bool(case._origin)
                and case.state not in OVER_STATES
                and case.plan_state not in ("draft", "in_force")
                and (self.env.su or bool(held & KEEPERS))
            )

    # -- drafting ----------------------------------------------------------------------------------------------------

    def action_draft_plan(self):
        """Draft the plan from the templates that fit the grounds, with persons and dates, and open it (KZ-14, KZ-15).

        Where a plan is there already it is opened. Returns an act_window. Raises AccessError but for curator and
        office, UserError where the case is over or has no ground yet.
        """
        self.ensure_one()
        self.check_access("read")
        running = self.plan_ids.filtered(lambda plan: plan.state in ("draft", "in_force"))[:1]
        if running:
            return running.action_open()
        case = self.sudo()  # sudo: role and state are checked next
        if case.state in OVER_STATES:
            raise UserError(self.env._("The case is over and stays as it is."))
        if not self.env.su and not self._my_roles_by_case()[self.id] & KEEPERS:
            raise AccessError(
                self.env._(
                    "%s: the plan is drafted by the curator or by those who keep the register.", self.display_name
                )
            )
        if not case.ground_id:
            raise UserError(
                self.env._("%s: choose the ground first, the measures follow from the causes.", self.display_name)
            )
        lang = case._paper_lang_of_reader()
        plan = self.env["vshu.plan"]
        start, end = plan._days_proposed(case)
        plan = plan.with_context(lang=lang).create(
            {"case_id": self.id, "lang": lang, "date_from": start, "date_to": end}
        )
        plan._fill_from(case._plan_templates().with_context(lang=lang).with_env(plan.env))
        return plan.with_env(self.env).action_open()

    def _plan_templates(self):
        """Return the templates of the school that fit the grounds of the case, those of the main ground first."""
        self.ensure_one()
        return self.env["vshu.plan.template"]._for_grounds(self.company_id, self.ground_id | self.extra_ground_ids)

    def _plan_hearing_day(self):
        """Return the day of the meeting on whose agenda the case is, or that is planned for it; False where none is."""
        self.ensure_one()
        items = self.sudo().agenda_item_ids.filtered(  # sudo: the day of the council
            lambda item: item.state in ("scheduled", "decided") and item.meeting_id
        )
        return items.meeting_id[:1].date_day or self.hearing_date

    def action_open_plan(self):
        """Open the plan of the case. Returns an act_window; AccessError where the user may not read it, UserError where
        there is none."""
        self.ensure_one()
        self.check_access("read")
        if not self.plan_id:
            raise UserError(self.env._("%s has no plan yet.", self.display_name))
        return self.plan_id.action_open()

    # -- what becomes of the plan ------------------------------------------------------------------------------------

    def _stay_changed(self, event, decision=None):
        """Plans end with the stay; what reviews proposed is settled by the decision (RU-7, KZ-19)."""
        res = super()._stay_changed(event, decision)
        # sudo: the decision carries it
        reviews = self.env["vshu.plan.review"].sudo().search([("case_id", "in", self.ids)])
        if event in ("removal", "decline"):
            guarded(self.sudo())._end_plans(self.env._("The stay has ended."))  # sudo: see above
            guarded(reviews.filtered(lambda r: r.state == "open")).write({"state": "dropped"})
        guarded(reviews)._followed(self._vshu_today())
        self._plan_awaited(event, decision)
        return res

    def _propose_removal(self, reason):
        """The removal that a review asked for is proposed (RU-13.3, KZ-19)."""
        res = super()._propose_removal(reason)
        # sudo: the right was checked by super for this very case
        self.env["vshu.plan.review"].sudo()._follow_up(self, "removal", self._vshu_today())
        return res

    def action_withdraw_proposal(self):
        """Withdraw the proposal of removal; what a review asked for is open again. Raises as the proposal does."""
        res = super().action_withdraw_proposal()
        # sudo: the right was checked by super for these very cases
        self.env["vshu.plan.review"].sudo()._open_again(self, "removal")
        return res

    def _annul(self, reason):
        """An annulled entry has no plan that runs."""
        res = super()._annul(reason)
        guarded(self.sudo())._end_plans(self.env._("The entry was annulled."))  # sudo: the right was checked by super
        return res

    def _end_plans(self, reason):
        """End plans and drafts of the cases; a guarded superuser set."""
        self.plan_ids.filtered(lambda plan: plan.state in ("draft", "in_force"))._end(reason)

    def _council_topic(self):
        """An extension that a review proposes comes before the council, long before the term ends (RU-5.4, KZ-16)."""
        topic = super()._council_topic()
        if not topic and self.state == "active" and self.date_end and self._extension_proposed():
            return "term"
        return topic

    def _extension_proposed(self):
        """Tell whether a review proposes the extension and nothing was decided since."""
        self.ensure_one()
        return bool(
            self.env["vshu.plan.review"].search_count(
                [
                    ("case_id", "=", self.id),
                    ("state", "=", "done"),
                    ("conclusion", "=", "extension"),
                    ("settled", "=", False),
                ],
                limit=1,
            )
        )
