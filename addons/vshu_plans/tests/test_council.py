"""An item of the council approves the plan; what reviews propose reaches the next agenda (KZ-12, KZ-13, KZ-16)."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.vshu_council.tests.common import ON_THE_DAY
from odoo.addons.vshu_registry.tools.guard import guarded

from .common import PlansCommon

MEETING_DAY = date(2026, 10, 20)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanCouncil(PlansCommon):
    def setUp(self):
        super().setUp()
        self.make_council(self.kz)
        self.case = self.submitted(self.kz)
        self.papers(self.case)

    def scheduled(self):
        """Return the item of the case at a meeting that sits, with the draft of its plan."""
        meeting = self.sitting(self.kz, [self.case])
        self.plan = self.draft(self.kz, self.case)
        return meeting.item_ids

    def test_approved_with_the_placement(self):
        """One decision places the child and approves the plan; the second signature puts it in force, fitted to the
        term and the curator named."""
        item = self.scheduled()
        self.assertEqual((item.plan_id, item.has_plan), (self.plan, True))
        self.assertEqual(self.plan.date_from, MEETING_DAY)
        curated = self.plan.measure_ids[0]
        curated.write({"role_id": self.ref("role_curator").id})
        weekly = self.plan.measure_ids.filtered("repeat")[0]
        weekly.write({"date_until": self.plan.date_to})
        self.plan.write({"date_to": "2027-02-15"})
        weekly.write({"date_until": "2027-02-10"})
        self.hear(
            self.kz,
            item,
            self.kind("kz_kind_4_place"),
            months=3,
            curator_id=self.kz.employees["member_a"].id,
        )
        minutes = self.closed(self.kz, item.meeting_id)
        self.assertIn("individual plan of prevention work is approved", minutes._content()["lines"][0]["decision_text"])
        self.assertEqual(self.plan.state, "draft")
        self.sign(self.kz, minutes)
        self.assertEqual((self.case.state, self.plan.state), ("active", "in_force"))
        self.assertEqual((self.plan.date_approved, self.plan.agenda_item_id), (MEETING_DAY, item))
        self.assertEqual(item.plan_id, self.plan, "the item keeps what it approved")
        self.assertEqual(self.plan.date_to, self.case.date_end, "fitted to the term")
        self.assertLessEqual(max(self.plan.task_ids.mapped("date_due")), self.case.date_end)
        self.assertEqual(curated.employee_id, self.kz.employees["member_a"], "the curator that the council named")
        self.assertIn(f"minutes № {minutes.number}", self.plan._paper_approval())

    def test_approved_later_than_planned(self):
        """A plan drafted for an earlier day begins with its approval: nothing is late on the day on which it begins."""
        item = self.scheduled()
        self.plan.write({"date_from": "2026-10-14"})
        once = self.plan.measure_ids.filtered(lambda m: not m.repeat)[0]
        weekly = self.plan.measure_ids.filtered(lambda m: m.repeat == "weekly")[0]
        once.write({"date_due": "2026-10-15"})
        weekly.write({"date_due": "2026-10-16", "every": 1})
        self.hear(self.kz, item, self.kind("kz_kind_4_place"), months=3)
        self.sign(self.kz, self.closed(self.kz, item.meeting_id))
        self.assertEqual((self.plan.state, self.plan.date_from), ("in_force", MEETING_DAY))
        self.assertEqual(once.date_due, MEETING_DAY)
        self.assertEqual(weekly.date_due, date(2026, 10, 23), "the rhythm goes on from its next beat")
        self.assertGreaterEqual(min(self.plan.task_ids.mapped("date_due")), MEETING_DAY)

    def test_over_before_it_is_approved(self):
        """A plan that would be over on the day of the meeting is not approved."""
        item = self.scheduled()
        self.plan.measure_ids.write({"repeat": False, "date_due": "2026-10-15", "date_until": False})
        self.plan.write({"date_from": "2026-10-14", "date_to": "2026-10-16"})
        with self.refused(UserError, "write a later last day"):
            self.hear(self.kz, item, self.kind("kz_kind_4_place"), months=3)

    def test_chosen_person_stays(self):
        """A person whom somebody chose does not follow the role."""
        item = self.scheduled()
        measure = self.plan.measure_ids[0]
        measure.write(
            {
                "role_id": self.ref("role_curator").id,
                "employee_id": self.kz.employees["member_b"].id,
                "person_chosen": True,
            }
        )
        self.hear(self.kz, item, self.kind("kz_kind_4_place"), months=3, curator_id=self.kz.employees["member_a"].id)
        self.sign(self.kz, self.closed(self.kz, item.meeting_id))
        self.assertEqual(measure.employee_id, self.kz.employees["member_b"])

    def test_not_ready(self):
        """A plan without persons is not approved; the secretary may put it off and decide the rest."""
        item = self.scheduled()
        self.plan.measure_ids[0].write({"employee_id": False})
        with self.refused(UserError, "name who answers for it"):
            self.hear(self.kz, item, self.kind("kz_kind_4_place"), months=3)
        self.assertIn("name who answers", item.plan_problems)
        self.hear(self.kz, item, self.kind("kz_kind_4_place"), months=3, approves_plan=False)
        self.sign(self.kz, self.closed(self.kz, item.meeting_id))
        self.assertEqual((self.case.state, self.plan.state), ("active", "draft"))

    def test_decided_plan_is_locked(self):
        """Between the decision and the signatures nobody changes the plan that the council has seen."""
        item = self.scheduled()
        self.hear(self.kz, item, self.kind("kz_kind_4_place"), months=3)
        with self.refused(UserError, "the council has decided on it"):
            self.as_(self.kz, "social_pedagogue", self.plan.measure_ids[0]).write({"name": "…"})
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "social_pedagogue", item).action_reopen()
        self.as_(self.kz, "social_pedagogue", self.plan.measure_ids[0]).write({"name": "Иначе"})

    def test_drafted_after_the_decision(self):
        """A plan that is drafted between decision and signatures was seen by nobody: it stays a draft."""
        meeting = self.sitting(self.kz, [self.case])
        item = meeting.item_ids
        self.hear(self.kz, item, self.kind("kz_kind_4_place"), months=3)
        with freeze_time(ON_THE_DAY):
            plan = self.draft(self.kz, self.case)
        self.assertFalse(item.plan_id)
        self.sign(self.kz, self.closed(self.kz, meeting))
        self.assertEqual((self.case.state, plan.state), ("active", "draft"))

    def test_declined(self):
        """Where the register is not expedient the draft is not needed."""
        item = self.scheduled()
        self.hear(self.kz, item, self.kind("kz_kind_4_decline"))
        self.sign(self.kz, self.closed(self.kz, item.meeting_id))
        self.assertEqual((self.case.state, self.plan.state), ("declined", "dropped"))

    def test_sheet(self):
        """The one-sheet of the item shows the draft, later how the plan in force is carried out."""
        meeting = self.sitting(self.kz, [self.case])
        item = meeting.item_ids
        self.assertIn("none is drafted yet", item.sheet)
        self.draft(self.kz, self.case)
        item.invalidate_recordset()
        self.assertIn(self.case.plan_ids.measure_ids[0].employee_id.name, item.sheet)

    def test_expiring_case_brings_its_readiness(self):
        """A term that runs out comes before the council with the checklist of the removal, the plan's lines too."""
        case = self.on_term()
        self.approve_as_system(case)
        sheet = self.item_of(case).sheet
        for label in [line["label"] for line in case._removal_readiness()]:
            self.assertIn(label, sheet)
        self.assertIn("The plan is carried out", sheet)
        self.assertIn("✗", sheet)

    def test_council_not_by_hand(self):
        """Where the council approves plans, nobody types the approval; the draft of a next version goes on its list."""
        item = self.scheduled()
        self.hear(self.kz, item, self.kind("kz_kind_4_place"), months=3)
        self.sign(self.kz, self.closed(self.kz, item.meeting_id))
        with freeze_time("2026-11-10 06:00:00"):
            own = self.as_(self.kz, "social_pedagogue", self.plan)
            draft = self.env["vshu.plan"].browse(own._revise("новые обстоятельства")["res_id"])
            self.assertFalse(self.as_(self.kz, "head", draft).can_approve)
            with self.refused(UserError, "approved by the prevention council"):
                self.as_(self.kz, "head", draft).action_approve()
            with self.refused(AccessError, "your role may not"):
                self.as_(self.kz, "psychologist", draft).action_put_forward()
            action = self.as_(self.kz, "social_pedagogue", draft).action_put_forward()
            item = self.env["vshu.agenda.item"].browse(action["res_id"])
            self.assertEqual((item.topic, item.plan_id, item.state), ("progress", draft, "waiting"))
            draft.invalidate_recordset()
            self.assertFalse(self.as_(self.kz, "social_pedagogue", draft).can_put_forward)
        with freeze_time("2026-11-16 06:00:00"):
            meeting = self.make_meeting(
                self.kz, [], date="2026-11-24 10:00:00", decision_date="2026-11-16", decision_number="19"
            )
            self.as_(self.kz, "social_pedagogue", item).write({"meeting_id": meeting.id})
            self.as_(self.kz, "deputy_head", meeting).action_convene()
        with freeze_time("2026-11-24 11:00:00"):
            own = self.as_(self.kz, "social_pedagogue", meeting)
            own.action_start()
            own.action_all_present()
            self.as_(self.kz, "social_pedagogue", item).write(
                {
                    "summary": "Куратор доложил",
                    "kind_id": self.kind("kz_kind_note").id,
                    "decision_text": "принять к сведению",
                    "count_for": 5,
                }
            )
            self.as_(self.kz, "social_pedagogue", item).action_decide()
            own.action_close()
            for role in ("social_pedagogue", "head"):
                self.as_(self.kz, role, meeting.minutes_ids).action_sign()
        self.assertEqual((self.plan.state, draft.state), ("replaced", "in_force"))
        self.assertEqual(draft.date_approved, date(2026, 11, 24))

    def test_extension_reaches_the_agenda(self):
        """A review that proposes the extension puts the case on the council's list long before the term ends; the
        decision settles it (RU-5.4, KZ-16)."""
        case = self.on_term()
        guarded(case).write({"term_status": "running"})
        self.assertFalse(case._council_topic())
        plan = self.approve_as_system(case)
        with freeze_time("2027-01-05 06:00:00"):
            review = self.as_(self.kz, "social_pedagogue", self.env["vshu.plan.review"]).create(
                {"plan_id": plan.id, "date_from": "2026-10-01", "date_to": "2026-12-31"}
            )
            review.write({"conclusion": "extension", "conclusion_text": "не все цели достигнуты"})
            review.action_conclude()
            self.assertEqual(case._council_topic(), "term")
            item = self.item_of(case)
            self.assertEqual((item.topic, item.state), ("term", "waiting"))
            guarded(case)._stay_changed("extension")
            self.assertTrue(review.sudo().settled)
            self.assertFalse(case._council_topic())

    def approve_as_system(self, case):
        """Return a plan in force that the system has approved."""
        plan = self.draft(self.kz, case)
        guarded(plan)._approve(self.day)
        return plan
