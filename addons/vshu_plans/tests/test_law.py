"""A stay waits for its plan, a review's conclusion for its step: said, with a clock, until it is done.

law.md 11 "the council places without a plan and nothing is said", people.md "review concluded by petition, or by a
removal that nobody proposes; a thrown-away new version" (KZ-12, KZ-16, KZ-17, RU-5.4, RU-13.3).
"""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.vshu_plans.models.review.vshu_plan_review_flow import ASKED
from odoo.addons.vshu_registry.tools.guard import guarded

from .common import PlansCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanAwaited(PlansCommon):
    def clock(self, case):
        """Return the clocks of a case on its plan, the first one first."""
        return case.deadline_ids.filtered(lambda clock: clock.event == "plan_needed").sorted("id")

    def placed_by_council(self, with_plan):
        """Return a case that the council has placed on 20 October, with the draft of a plan or without."""
        self.make_council(self.kz)
        case = self.submitted(self.kz)
        self.papers(case)
        meeting = self.sitting(self.kz, [case])
        if with_plan:
            self.draft(self.kz, case)
        self.hear(self.kz, meeting.item_ids, self.kind("kz_kind_4_place"), months=3)
        self.sign(self.kz, self.closed(self.kz, meeting))
        return case

    def test_placed_without_a_plan(self):
        """law.md 11, KZ-12: the next step says that there is none, and its clock runs to who keeps the register."""
        case = self.placed_by_council(with_plan=False)
        self.assertIn("there is no individual plan", case.next_step)
        self.assertIn(self.cited("KZ-12"), case.next_step)
        clock = self.clock(case)
        self.assertEqual(
            (clock.clause, clock.state, clock.date_event, clock.date_due, clock.user_id),
            ("KZ-12", "open", date(2026, 10, 20), date(2026, 11, 3), self.kz.users["social_pedagogue"]),
        )
        self.assertTrue(clock.rule_id.practice, "how many days, no clause says")
        self.assertTrue(clock.activity_id)
        with freeze_time("2026-11-06 06:00:00"):
            self.nightly()
            self.assertEqual((clock.state, clock.escalation_level), ("overdue", 1))
        guarded(self.kz.council).write({"state": "ended", "date_to": "2026-11-08"})
        with freeze_time("2026-11-09 06:00:00"):
            plan = self.draft(self.kz, case)
            self.assertIn("drafted and not approved", case.next_step)
            own = self.as_(self.kz, "deputy_head", plan)
            own.write({"approval_number": "4", "approval_date": "2026-11-09"})
            own.action_approve()
        self.assertEqual((clock.state, clock.date_met), ("met_late", date(2026, 11, 9)))
        self.assertFalse(case.next_step)

    def test_placed_with_its_plan(self):
        """Where the same minutes approve the plan nothing is awaited, and nobody is reminded (KZ-12)."""
        case = self.placed_by_council(with_plan=True)
        clock = self.clock(case)
        self.assertEqual((case.plan_state, clock.state, clock.date_met), ("in_force", "met", date(2026, 10, 20)))
        self.assertFalse(clock.activity_id)
        self.assertFalse(case.next_step)

    def test_extension(self):
        """KZ-16: after an extension the next version is drafted until the new end, and awaited; what was approved stays
        as it was."""
        case = self.active_case(self.kz)
        plan = self.small_plan(self.kz, case, [{"date_due": "2026-10-19"}, {"date_due": "2027-01-11"}])
        self.assertEqual((plan.date_to, self.clock(case).state), (date(2027, 1, 14), "met"))
        with freeze_time("2027-01-12 06:00:00"):
            self.decide(self.kz, case, "kz_kind_16_extend", date="2027-01-12", months=3)
            self.assertEqual((plan.state, plan.date_to), ("in_force", date(2027, 1, 14)))
            draft = plan.next_ids
            self.assertEqual((draft.state, draft.date_to), ("draft", case.date_end))
            self.assertIn("ends before the term: its next version is drafted", case.next_step)
            clock = self.clock(case)[-1:]
            self.assertEqual((clock.state, clock.date_event, clock.cycle), ("open", date(2027, 1, 12), 1))
            self.as_(self.kz, "social_pedagogue", draft).unlink()
            self.assertIn("change it for the time to come", case.next_step)
            self.assertEqual(clock.state, "open", "a draft that is thrown away changes nothing")
            again = self.env["vshu.plan"].browse(
                self.as_(self.kz, "social_pedagogue", plan)._revise("срок продлён")["res_id"]
            )
            self.assertEqual(again.date_to, case.date_end)
            self.assertEqual(self.env["vshu.case"]._findings()["plan_ends_before_term"] & case, case)
            guarded(again)._approve(date(2027, 1, 12))
            self.assertEqual(clock.state, "met")
            self.assertFalse(case.next_step)

    def test_extension_with_a_draft(self):
        """A draft of the next version that is there already lasts as long as the extended term (KZ-16)."""
        case = self.active_case(self.kz)
        plan = self.small_plan(self.kz, case, [{"date_due": "2027-01-11"}])
        draft = self.env["vshu.plan"].browse(
            self.as_(self.kz, "social_pedagogue", plan)._revise("новые обстоятельства")["res_id"]
        )
        with freeze_time("2027-01-12 06:00:00"):
            self.decide(self.kz, case, "kz_kind_16_extend", date="2027-01-12", months=3)
        self.assertEqual((plan.next_ids, draft.date_to), (draft, case.date_end))

    def test_closed_while_the_stay_goes_on(self):
        """A plan that is closed by hand leaves a stay that waits for another one (KZ-12)."""
        case = self.active_case(self.kz)
        plan = self.small_plan(self.kz, case, [{"date_due": "2026-10-19"}])
        with freeze_time("2026-10-26 06:00:00"):
            self.as_(self.kz, "deputy_head", plan)._close_by_hand("цели достигнуты")
        self.assertEqual(self.clock(case)[-1:].date_event, date(2026, 10, 26))
        self.assertIn("there is no individual plan", case.next_step)
        self.assertIn(case, self.env["vshu.case"]._findings()["plan_missing"])

    def test_no_clock_without_the_rule(self):
        """RU has no clause by when a plan is approved: no clock, but the next step says that there is none."""
        case = self.active_case(self.ru)
        self.assertFalse(self.clock(case))
        self.assertIn("there is no individual plan", case.next_step)

    def test_days_are_not_written_by_hand(self):
        case = self.active_case(self.kz)
        for name in ("date_plan_needed", "date_plan_ready"):
            with self.refused(AccessError, "buttons of the case"):
                self.as_(self.kz, "head", case).write({name: "2026-10-01"})
        with self.refused(AccessError, "buttons of the case"):
            self.as_(self.kz, "social_pedagogue", self.env["vshu.case"]).create(
                {"student_id": self.kz.other_student.id, "date_plan_ready": "2026-10-01"}
            )


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestConclusionFollowed(PlansCommon):
    def setUp(self):
        super().setUp()
        self.case = self.active_case(self.kz, student=self.kz.student)
        self.plan = self.small_plan(self.kz, self.case, [{"date_due": "2026-10-19"}, {"date_due": "2027-01-13"}])

    def concluded(self, conclusion):
        """Return the review of the fourth quarter, concluded on 12 January by the social pedagogue."""
        with freeze_time("2027-01-12 06:00:00"):
            review = self.as_(self.kz, "social_pedagogue", self.env["vshu.plan.review"]).create(
                {"plan_id": self.plan.id, "date_from": "2026-10-01", "date_to": "2026-12-31"}
            )
            review.write({"conclusion": conclusion, "conclusion_text": "по итогам квартала"})
            review.action_conclude()
        return review.sudo()

    def clock(self, review):
        return review.deadline_ids.filtered(lambda clock: clock.event == "asked")

    def test_every_conclusion(self):
        """people.md "review concluded by petition …": each conclusion that asks for a step leaves a clock with somebody
        who answers; the others leave none."""
        for conclusion, _label in self.env["vshu.plan.review"]._fields["conclusion"].selection:
            with self.subTest(conclusion=conclusion), self.env.cr.savepoint() as savepoint:
                review = self.concluded(conclusion)
                clock = self.clock(review)
                self.assertEqual(len(clock), 1 if conclusion in ASKED else 0)
                self.assertEqual(review.settled, conclusion == "continue")
                if clock:
                    self.assertEqual((clock.state, bool(clock.user_id), bool(clock.activity_id)), ("open", True, True))
                    with freeze_time("2027-02-10 06:00:00"):
                        self.nightly()
                        self.assertEqual(clock.state, "overdue", "nobody did it: the deputy head hears of it")
                        self.assertTrue(clock.escalation_level)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_removal(self):
        """The clock runs until the removal is proposed, and again where the proposal is withdrawn (KZ-19)."""
        review = self.concluded("removal")
        with freeze_time("2027-01-13 06:00:00"):
            own = self.as_(self.kz, "social_pedagogue", self.case)
            own.proposed_reason_id = self.ref("kz_reason_19_1")
            own.action_propose_removal()
            self.assertEqual((review.settled, review.date_followed), (True, date(2027, 1, 13)))
            self.assertEqual(self.clock(review).state, "met")
            own.action_withdraw_proposal()
            self.assertFalse(review.settled)
            clock = self.clock(review)
            self.assertEqual((clock.state, clock.activity_id.active), ("open", True))

    def test_petition(self):
        """The clock runs until the letter is sent: a draft is no letter (KZ-17)."""
        review = self.concluded("petition")
        with freeze_time("2027-01-13 06:00:00"):
            kind = self.kz.school.regulation_id.petition_kind_ids.filtered(lambda k: not k.is_reminder)[:1]
            # what a letter itself needs is tested with the letters
            self.patch(type(self.env["vshu.petition"]), "_refuse_without_condition", lambda self: None)
            self.patch(type(self.env["vshu.petition"]), "_sending_problems", lambda self: [])
            letter = self.env["vshu.petition"].create({"case_id": self.case.id, "kind_id": kind.id})
            self.assertEqual(self.clock(review).state, "open")
            letter.action_send()
            self.assertEqual((self.clock(review).state, review.settled), ("met", True))

    def test_new_version_thrown_away(self):
        """people.md "a thrown-away new version": what the review asked for stays asked until a version is approved."""
        review = self.concluded("change")
        draft = self.plan.next_ids
        self.assertEqual((draft.state, review.settled), ("draft", False))
        with freeze_time("2027-01-13 06:00:00"):
            self.as_(self.kz, "social_pedagogue", draft).unlink()
            self.assertEqual((self.clock(review).state, review.settled), ("open", False))
            own = self.as_(self.kz, "social_pedagogue", review)
            self.assertTrue(own.can_follow)
            again = self.env["vshu.plan"].browse(own.action_follow()["res_id"])
            self.assertEqual((again.previous_id, again.version), (self.plan, 2))
            guarded(again)._approve(date(2027, 1, 13))
        self.assertEqual((self.clock(review).state, review.settled), ("met", True))

    def test_nothing_follows(self):
        """The office may say why nothing follows; it stays on record, and nobody else may."""
        review = self.concluded("petition")
        with freeze_time("2027-01-13 06:00:00"):
            with self.refused(AccessError, "your role may not"):
                self.as_(self.kz, "class_teacher", review).action_settle()
            own = self.as_(self.kz, "social_pedagogue", review)
            action = own.action_settle()
            dialog = self.as_(self.kz, "social_pedagogue", self.env["vshu.plan.reason"])
            dialog = dialog.with_context(**action["context"]).create({})
            with self.refused(UserError, "write why nothing follows"):
                dialog.action_confirm()
            dialog.reason = "родители пришли и приняли помощь"
            dialog.action_confirm()
            self.assertEqual((review.settled, review.settled_reason), (True, "родители пришли и приняли помощь"))
            self.assertEqual(self.clock(review).state, "met")
            with self.refused(UserError, "asks for no further step"):
                own.action_settle()
            for vals in ({"date_followed": "2027-01-01"}, {"settled_reason": "x"}, {"date_asked": False}):
                with self.refused(AccessError, "changed by the buttons"):
                    own.write(vals)

    def test_found_in_old_reviews(self):
        """A conclusion from before each left a task is listed, until its step is done or it is said why not."""
        for conclusion in ASKED:
            with self.subTest(conclusion=conclusion), self.env.cr.savepoint() as savepoint:
                review = self.concluded(conclusion)
                guarded(review).write({"date_asked": False})
                self.plan.next_ids.unlink()
                found = self.env["vshu.plan.review"]._findings()["review_without_step"]
                self.assertIn(review, found)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_ends_with_the_stay(self):
        """A decision on the stay answers what reviews asked for."""
        review = self.concluded("change")
        with freeze_time("2027-01-13 06:00:00"):
            guarded(self.case)._close(self.ref("kz_reason_19_1"), date(2027, 1, 13))
        self.assertEqual((self.clock(review).state, review.settled), ("met", True))
