from odoo import models


class VshuPlanOpen(models.AbstractModel):
    """What a plan opens: its paper, measures, reviews, the parents' copy, the letters where help is refused."""

    _name = "vshu.plan.open"
    _description = "What a plan opens"

    def action_parents_refused(self):
        """Put on record that the parents refuse the help that the plan offers, before two witnesses (KZ-17).

        Returns the dialog of the fact. Raises AccessError but for curator and office, UserError where the case is over.
        """
        self.ensure_one()
        self._check_flag("can_refusal")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The parents refuse the help of the plan"),
            "res_model": "vshu.parent.fact",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_case_id": self.case_id.id,
                "default_kind": "refused",
                "default_note": self.env._("Offered: the help of the individual plan, version %s.", self.version),
            },
        }

    def action_petitions(self):
        """Offer the letters whose condition holds: help refused and no measures taken (KZ-17). Returns the dialog.

        Raises AccessError for who drafts no letters, UserError that says what is not on record yet.
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["vshu.plan.petition"]._open(self.case_id)

    def action_open_notices(self):
        """Open the notices by which the parents get their copy (KZ-14). Returns an act_window; AccessError without the
        plan."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_registry.action_vshu_notice_hand")
        return dict(
            action,
            domain=[("plan_id", "=", self.id)],
            context={},
            views=[(False, "list"), (False, "kanban"), (False, "form")],
        )

    def action_print(self):
        """Print the plan, with the parents' receipt (KZ-14). Returns the report; AccessError without the plan."""
        self.check_access("read")
        return self.env.ref("vshu_plans.action_report_plan").report_action(self, config=False)

    def action_open(self):
        """Open the plan. Returns an act_window; AccessError where the user may not read it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_open_case(self):
        """Open the case of the plan; the user's own rights apply there. Returns an act_window."""
        self.ensure_one()
        return self.case_id.action_open()

    def action_open_tasks(self):
        """Open the measures of all versions by day. Returns an act_window; AccessError without the plan."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_plans.action_vshu_plan_task")
        return dict(action, domain=[("root_id", "=", self.root_id.id)], context={"search_default_by_measure": 1})

    def action_open_reviews(self):
        """Open the reviews of the plan, all versions. Returns an act_window; AccessError without the plan."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_plans.action_vshu_plan_review")
        return dict(action, domain=[("case_id", "=", self.case_id.id)], context={})
