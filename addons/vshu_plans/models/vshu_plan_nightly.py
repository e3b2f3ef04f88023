from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.vshu_registry.models.guard import guarded

#: who has heard of a late measure
CURATOR, DEPUTY = 1, 2


class VshuCase(models.Model):
    _inherit = "vshu.case"

    @api.model
    def _nightly_steps(self):
        """Late measures go to the curator, then to the deputy head; reviews open at the end of their period."""
        tasks, plans = self.env["vshu.plan.task"], self.env["vshu.plan"]
        return [
            *super()._nightly_steps(),
            ("measures late", tasks._name, tasks._late_ids(CURATOR), "_tell_curator"),
            ("measures late for long", tasks._name, tasks._late_ids(DEPUTY), "_tell_deputy"),
            ("reviews", plans._name, plans._unreviewed_ids(), "_open_reviews"),
            ("plans over", plans._name, plans._over_ids(), "_tell_over"),
        ]


class VshuPlanTask(models.Model):
    _inherit = "vshu.plan.task"

    @api.model
    def _late_ids(self, level):
        """Return the ids of the open occurrences that are late and of which ``level`` has not heard yet (KZ-15).

        Ranges, never a day that must be hit: missed nights are made up for. One query a regulation with such a rule.
        """
        today = fields.Date.context_today(self)
        if level == CURATOR:
            return self.search(self._late_domain(today, 0), order="id").ids
        ids = []
        for rule in self.env["vshu.plan.rule"].search([("matter", "=", "overdue")]):
            before = today - timedelta(days=rule.days)
            domain = self._late_domain(before, CURATOR) & Domain("case_id.regulation_id", "=", rule.regulation_id.id)
            ids += self.search(domain, order="id").ids
        return ids

    @api.model
    def _late_domain(self, day, told):
        return Domain(
            [("state", "=", "open"), ("date_due", "<", day), ("told", "=", told), ("plan_id.state", "=", "in_force")]
        )

    def _tell_curator(self):
        """Tell the curators of late measures: one reminder a plan, without a name or a word of what is late."""
        self._tell("curator", CURATOR)

    def _tell_deputy(self):
        """Tell the deputy heads of measures that stay late, one reminder a plan."""
        self._tell("deputy_head", DEPUTY)

    def _tell(self, role_code, level):
        """Remind whoever holds ``role_code`` for the plans of late measures, and note that they have heard.

        A constant number of queries for any number of measures.
        """
        today = fields.Date.context_today(self)
        tasks = guarded(self.filtered(lambda task: task.state == "open" and task.told < level))
        plans = tasks.plan_id
        users = plans.case_id._deadline_role_users(role_code, today)
        keepers = plans.case_id._deadline_role_users("social_pedagogue", today)
        type_id = self.env.ref("vshu_plans.activity_type_late").id
        # sudo: reminders are the system's
        Activity = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
        known = set()
        for activity in Activity.search_fetch(
            [("res_model", "=", "vshu.plan"), ("res_id", "in", plans.ids), ("activity_type_id", "=", type_id)],
            ["res_id", "user_id"],
        ):
            known.add((activity.res_id, activity.user_id.id))
        model_id = self.env["ir.model"]._get_id("vshu.plan")
        vals_list = []
        for plan in plans:
            user = users.get(plan.case_id.id) or keepers.get(plan.case_id.id)
            if user and (plan.id, user.id) not in known:
                vals_list.append(
                    {
                        "res_model_id": model_id,
                        "res_id": plan.id,
                        "activity_type_id": type_id,
                        "user_id": user.id,
                        "date_deadline": today,
                        "summary": plan.with_context(lang=user.lang or self.env.lang).env._(
                            "Measures of the plan are late"
                        ),
                    }
                )
        Activity.create(vals_list)
        tasks.write({"told": level})


class VshuPlan(models.Model):
    _inherit = "vshu.plan"

    @api.model
    def _over_ids(self):
        """Return the ids of the plans in force whose last day has passed while the stay goes on, of which nobody has
        heard yet: a new version or the end is due (RU-5.4, RU-10)."""
        today = fields.Date.context_today(self)
        return self.search(
            [("state", "=", "in_force"), ("date_to", "<", today), ("over_told", "=", False)], order="id"
        ).ids

    def _tell_over(self):
        """Tell the curators that their plans are over, one reminder a plan, without a name."""
        today = fields.Date.context_today(self)
        plans = self.filtered(lambda plan: plan.state == "in_force" and not plan.over_told)
        users = plans.case_id._deadline_role_users("curator", today)
        keepers = plans.case_id._deadline_role_users("social_pedagogue", today)
        type_id = self.env.ref("vshu_plans.activity_type_over").id
        model_id = self.env["ir.model"]._get_id("vshu.plan")
        vals_list = []
        for plan in plans:
            user = users.get(plan.case_id.id) or keepers.get(plan.case_id.id)
            if user:
                vals_list.append(
                    {
                        "res_model_id": model_id,
                        "res_id": plan.id,
                        "activity_type_id": type_id,
                        "user_id": user.id,
                        "date_deadline": today,
                        "summary": plan.with_context(lang=user.lang or self.env.lang).env._(
                            "The plan is over: change it for the time to come, or close it"
                        ),
                    }
                )
        # sudo: reminders are the system's
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(vals_list)
        guarded(plans).write({"over_told": True})

    @api.model
    def _unreviewed_ids(self):
        """Return the ids of the plans in force of which the period that ended last has no review yet (RU-5.4)."""
        today = fields.Date.context_today(self)
        ids = []
        for rule in self.env["vshu.plan.rule"].search([("matter", "=", "review"), ("months", ">", 0)]):
            _first, last = self.env["vshu.plan.review"]._period(rule.regulation_id, today)
            reviews = self.env["vshu.plan.review"]
            reviews.flush_model(["case_id"])
            reviewed = reviews.search([("date_to", "=", last), ("case_id", "!=", False)])
            ids += self.search(
                [
                    ("state", "=", "in_force"),
                    ("case_id.regulation_id", "=", rule.regulation_id.id),
                    ("root_id.date_approved", "<=", last),
                    ("case_id", "not in", reviewed._as_query().subselect("case_id")),
                ],
                order="id",
            ).ids
        return ids

    def _open_reviews(self):
        """Open the reviews of the period that ended last, filled in; its clock tells the curator (RU-5.4)."""
        today = fields.Date.context_today(self)
        vals_list = []
        for plan in self.filtered(lambda p: p.state == "in_force"):
            period = self.env["vshu.plan.review"]._period(plan.case_id.regulation_id, today)
            if period:
                vals_list.append({"plan_id": plan.id, "date_from": period[0], "date_to": period[1]})
        known = {
            (review.case_id.id, review.date_to)
            for review in self.env["vshu.plan.review"].search([("case_id", "in", self.case_id.ids)])
        }
        cases = {plan.id: plan.case_id.id for plan in self}
        fresh = [vals for vals in vals_list if (cases[vals["plan_id"]], vals["date_to"]) not in known]
        quiet = {"mail_create_nolog": True, "mail_create_nosubscribe": True, "tracking_disable": True}
        reviews = guarded(self.env["vshu.plan.review"].with_context(**quiet)).create(fresh)
        reviews._prefill()
