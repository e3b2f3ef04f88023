"""Acceptance 1: from the council's approval through measures done by three people and a review to removal readiness."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.vshu_registry.tests.channels.test_tours import TODAY, YEAR_END, YEAR_START
from odoo.addons.vshu_registry.tools.guard import guarded

from .common import PlansCommon


@tagged("post_install", "-at_install")
class TestPlansTour(PlansCommon, HttpCase):
    day = TODAY
    order_day = TODAY - timedelta(days=10)

    @classmethod
    def make_year(cls, company, name, date_start, date_end):
        """Create the school year around today in place of the one of the builders."""
        return super().make_year(company, name, YEAR_START, YEAR_END)

    def walk(self, tour, role, path, phone=False):
        if phone:
            self.browser_size, self.touch_enabled = "390x844", True
        self.start_tour(f"/odoo/{path}", tour, login=self.kz.users[role].login, timeout=120)
        self.env.invalidate_all()

    def signed_once(self, case):
        """Return minutes about the placement of ``case`` that bear the secretary's signature, held just now."""
        meeting = self.convened(self.kz, [case], date=fields.Datetime.now() + timedelta(days=6))
        guarded(meeting).write({"date": fields.Datetime.now() - timedelta(minutes=5)})
        own = self.as_(self.kz, "social_pedagogue", meeting)
        own.action_start()
        own.action_all_present()
        item = self.as_(self.kz, "social_pedagogue", meeting.item_ids)
        item.write(
            {
                "summary": "Классный руководитель доложил о работе.",
                "kind_id": self.kind("kz_kind_4_place").id,
                "decision_text": "поставить на учёт",
                "count_for": 5,
                "months": 3,
                "date_end": fields.Date.add(meeting.date_day, months=3),
                "curator_id": self.kz.employees["class_teacher"].id,
            }
        )
        item.action_decide()
        own.action_close()
        self.as_(self.kz, "social_pedagogue", meeting.minutes_ids).action_sign()
        return meeting.minutes_ids

    def test_from_approval_to_readiness(self):
        self.make_council(self.kz)
        case = self.submitted(self.kz, self.kz.student)
        self.papers(case)
        self.walk("vshu_plans_draft", "social_pedagogue", f"vshu-cases/{case.id}")
        plan = case.plan_ids
        for goal in plan.goal_ids:
            goal.write({"rating_start": "2", "reason_start": "пропуски каждую неделю"})
        # a person outside the usual roles answers for one measure
        plan.measure_ids[-1].write({"employee_id": self.kz.employees["subject_teacher"].id, "person_chosen": True})
        plan.measure_ids[-1].write({"repeat": False, "date_until": False})
        minutes = self.signed_once(case)
        self.assertEqual(plan.state, "draft")
        self.walk("vshu_plans_approval", "head", f"vshu-minutes/{minutes.id}")
        self.assertEqual((plan.state, plan.agenda_item_id.case_id), ("in_force", case))
        for tour, role, phone in (
            ("vshu_plans_one_touch", "class_teacher", False),
            ("vshu_plans_with_note", "psychologist", False),
            ("vshu_plans_phone", "subject_teacher", True),
        ):
            self.walk(tour, role, "vshu-my-measures", phone)
            done = plan.task_ids.filtered(lambda t, r=role: t.state == "done" and t.done_by_id == self.kz.users[r])
            self.assertEqual(len(done), 1, role)
            self.assertTrue(done.in_time)
        self.browser_size, self.touch_enabled = "1366x768", False
        self.assertEqual(plan.task_ids.filtered("note").outcome, "partly")
        self.assertEqual(plan.task_done, 3)
        first, last = self.env["vshu.plan.review"]._period(case.regulation_id, TODAY)
        review = guarded(self.env["vshu.plan.review"]).create({"plan_id": plan.id, "date_from": first, "date_to": last})
        review._prefill()
        self.walk("vshu_plans_review", "social_pedagogue", f"vshu-plan-reviews/{review.id}")
        draft = plan.next_ids
        self.assertEqual((review.state, draft.version, draft.state), ("done", 2, "draft"))
        item = self.item_of(case)
        self.assertEqual((item.topic, item.plan_id, item.state), ("progress", draft, "waiting"))
        guarded(draft)._approve(TODAY, item)
        self.assertEqual((plan.state, draft.state), ("replaced", "in_force"))
        self.walk("vshu_plans_readiness", "social_pedagogue", f"vshu-cases/{case.id}")
