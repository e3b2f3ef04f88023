from odoo import api, fields, models

from odoo.addons.vshu_registry.models.case.vshu_case import VshuCase as Registered
from odoo.addons.vshu_registry.tools.guard import guarded, is_guarded
from odoo.addons.vshu_registry.tools.states import STAY_STATES

#: days of the clock on the plan, kept by the system
DAYS = {"date_plan_needed", "date_plan_ready"}


class VshuCase(models.Model):
    """The plan that a stay waits for: from its placement, from an extension that outlasts the plan in force, from the
    close of a plan while the stay goes on. The clock is the regulation's (KZ-12, KZ-16)."""

    _inherit = "vshu.case"

    _deadline_events = {
        **Registered._deadline_events,
        "plan_needed": "date_plan_needed",
        "plan_approved": "date_plan_ready",
    }

    date_plan_needed = fields.Date(string="Plan awaited since", readonly=True, copy=False)
    date_plan_ready = fields.Date(string="Plan approved on", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Make cases; since when a plan is awaited is written by the decisions only (AccessError)."""
        if not is_guarded(self.env):
            self._check_guarded({name for vals in vals_list for name in DAYS & vals.keys() if vals[name]})
        return super().create(vals_list)

    def write(self, vals):
        """Change cases; raises as create."""
        if not is_guarded(self.env):
            self._check_guarded(DAYS & vals.keys())
        return super().write(vals)

    @api.depends("plan_state", "plan_id.date_to", "date_end")
    def _compute_next_step(self):
        res = super()._compute_next_step()
        for case in self.filtered(lambda case: case._origin and case.state in STAY_STATES):
            line = case.sudo()._plan_awaited_text()  # sudo: whether there is a plan, for every reader of the case
            if line:
                case.next_step = "\n".join(filter(None, [case.next_step, f"• {line}"]))
        return res

    def _plan_awaited_text(self):
        """Return what the stay lacks of a plan, in words; empty where it lacks nothing, or the regulation does not say
        who approves plans (KZ-12, KZ-16)."""
        self.ensure_one()
        regulation = self.regulation_id
        if not regulation._plan_rule("approval"):
            return ""
        clause = regulation._plan_clause("approval")
        if self.plan_state == "draft":
            return self.env._("the plan is drafted and not approved yet (%s)", clause)
        if self.plan_state != "in_force":
            return self.env._("there is no individual plan: draft it and have it approved (%s)", clause)
        if self.date_end and self.plan_id.date_to < self.date_end:
            if self.plan_ids.filtered(lambda plan: plan.state == "draft"):
                return self.env._("the plan ends before the term: its next version is drafted and not approved yet")
            return self.env._("the plan ends before the term: change it for the time to come")
        return ""

    # -- what makes a plan awaited -----------------------------------------------------------------------------------

    def _plan_awaited(self, event, decision=None):
        """A placement waits for its plan, an extension for a plan that lasts as long (KZ-12, KZ-16)."""
        day = decision.date if decision else self._vshu_today()
        if event == "placement":
            vals = {"date_plan_needed": day}
            if decision and decision.agenda_item_id._approves_of(self):
                # the same minutes approve it: nothing is awaited, and nobody is reminded
                vals["date_plan_ready"] = day
            guarded(self.sudo()).write(vals)  # sudo: kept by the system, the decision carries it
        elif event == "extension":
            guarded(self.sudo())._plan_follows_term(day, decision)  # sudo: see above

    def _plan_follows_term(self, day, decision=None):
        """Draft the next version of plans that end before the extended term does; a guarded superuser set (KZ-16).

        What was approved stays as it was; a draft that is there lasts as long as the term. What the decision itself
        approves is left as the council has seen it.
        """
        for case in self:
            plan = case.plan_ids.filtered(lambda p: p.state == "in_force")
            if not plan or not case.date_end or plan.date_to >= case.date_end:
                continue
            if decision and decision.agenda_item_id._approves_of(case):
                continue
            draft = case.plan_ids.filtered(lambda p: p.state == "draft")
            if draft:
                draft.write({"date_to": max(draft.date_to, case.date_end)})
            else:
                reason = plan.with_context(lang=plan.lang).env._("The term is extended.")
                plan.create([plan._next_version_vals(reason)])
            case.write({"date_plan_needed": day})

    # -- old data ----------------------------------------------------------------------------------------------------

    @api.model
    def _findings(self):
        """Return {code: cases} that the rules on plans find wanting, for the keeper: stays without a plan in force, and
        stays whose plan ends before the term (KZ-12, KZ-16)."""
        running = self.search([("state", "in", STAY_STATES)])
        asked = running.filtered(lambda case: case.regulation_id._plan_rule("approval").get("by_council"))
        without = asked.filtered(lambda case: case.plan_state != "in_force")
        short = (asked - without).filtered(lambda case: case.date_end and case.plan_id.date_to < case.date_end)
        return {**super()._findings(), "plan_missing": without, "plan_ends_before_term": short}
