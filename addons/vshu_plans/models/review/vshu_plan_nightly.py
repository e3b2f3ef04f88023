from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.vshu_registry.tools.guard import guarded

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
        if level == CURATOR:
            return self.search(self._late_domain(0, CURATOR), order="id").ids
        ids = []
        for rule in self.env["vshu.plan.rule"].search([("matter", "=", "overdue")]):
            domain = self._late_domain(rule.days, DEPUTY) & Domain("case_id.regulation_id", "=", rule.regulation_id.id)
            ids += self.search(domain, order="id").ids
        return ids

    @api.model
    def _late_domain(self, days, level):
        """Return the domain of what has been late for more than ``days`` and of which ``level`` has not heard.

        Not "of which the level below has": after an outage both hear in one night, one step after the other.
        """
        late = self.env["vshu.school"]._by_day(lambda day: Domain("date_due", "<", day - timedelta(days=days)))
        return late & Domain([("state", "=", "open"), ("told", "<", level), ("plan_id.state", "=", "in_force")])

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
        tasks = guarded(self.filtered(lambda task: task.state == "open" and task.told == level - 1))
        plans = tasks.plan_id
        users = plans.case_id._role_users_today(role_code)
        keepers = plans.case_id._role_users_today("social_pedagogue")
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
                        "date_deadline": plan._vshu_today(),
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
        over = self.env["vshu.school"]._by_day(lambda day: Domain("date_to", "<", day))
        return self.search(over & Domain([("state", "=", "in_force"), ("over_told", "=", False)]), order="id").ids

    def _tell_over(self):
        """Tell the curators that their plans are over, one reminder a plan, without a name."""
        plans = self.filtered(lambda plan: plan.state == "in_force" and not plan.over_told)
        users = plans.case_id._role_users_today("curator")
        keepers = plans.case_id._role_users_today("social_pedagogue")
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
                        "date_deadline": plan._vshu_today(),
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
        ids = []
        for rule in self.env["vshu.plan.rule"].search([("matter", "=", "review"), ("months", ">", 0)]):
            waiting = self.env["vshu.school"]._by_day(lambda day, r=rule: self._unreviewed_domain(r, day))
            ids += self.search(waiting, order="id").ids
        return ids

    @api.model
    def _unreviewed_domain(self, rule, today):
        """Return the domain of the plans whose last period, seen from ``today``, has no review by ``rule``."""
        reviews = self.env["vshu.plan.review"]
        _first, last = reviews._period(rule.regulation_id, today)
        reviews.flush_model(["case_id"])
        reviewed = reviews.search([("date_to", "=", last), ("case_id", "!=", False)])
        return Domain(
            [
                ("state", "=", "in_force"),
                ("case_id.regulation_id", "=", rule.regulation_id.id),
                ("root_id.date_approved", "<=", last),
                ("case_id", "not in", reviewed._as_query().subselect("case_id")),
            ]
        )

    def _open_reviews(self):
        """Open the reviews of the period that ended last, filled in; its clock tells the curator (RU-5.4)."""
        vals_list = []
        for plan in self.filtered(lambda p: p.state == "in_force"):
            period = self.env["vshu.plan.review"]._period(plan.case_id.regulation_id, plan._vshu_today())
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
