"""The review at the end of each quarter: opens by itself, filled in, concluded, followed (RU-5.4, RU-13.3)."""

from datetime import date, datetime

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from .common import PlansCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanReview(PlansCommon):
    def setUp(self):
        super().setUp()
        self.case = self.active_case(self.kz, student=self.kz.student)
        self.plan = self.small_plan(
            self.kz,
            self.case,
            [
                {"date_due": "2026-10-19", "name": "Беседа о расписании"},
                {"date_due": "2026-11-02", "repeat": "monthly", "date_until": "2027-01-11", "name": "Сводка"},
                {"date_due": "2026-12-01", "name": "Секция"},
            ],
        )

    def quarter(self, day="2027-01-01 06:00:00"):
        """Run the night after the quarter; return the review."""
        with freeze_time(day):
            self.nightly()
        return self.env["vshu.plan.review"].search([("case_id", "=", self.case.id)])

    def test_periods(self):
        """The calendar quarter that ended last, summer included."""
        reviews = self.env["vshu.plan.review"]
        regulation = self.ru.school.regulation_id
        for day, first, last in (
            (date(2027, 1, 1), date(2026, 10, 1), date(2026, 12, 31)),
            (date(2027, 3, 31), date(2026, 10, 1), date(2026, 12, 31)),
            (date(2027, 7, 1), date(2027, 4, 1), date(2027, 6, 30)),
            (date(2027, 10, 1), date(2027, 7, 1), date(2027, 9, 30)),
        ):
            self.assertEqual(reviews._period(regulation, day), (first, last))

    def test_opens_by_itself(self):
        """On the night after the quarter, once; for a plan that was approved in it."""
        with freeze_time("2026-12-31 06:00:00"):
            self.nightly()
        self.assertFalse(self.env["vshu.plan.review"].search([("case_id", "=", self.case.id)]))
        review = self.quarter()
        self.assertEqual(
            (review.date_from, review.date_to, review.state), (date(2026, 10, 1), date(2026, 12, 31), "open")
        )
        self.assertEqual(self.quarter("2027-01-02 06:00:00"), review, "not a second time")
        self.assertEqual(review.deadline_ids.role_id.code, "curator")
        self.assertEqual(review.deadline_ids.date_due, date(2027, 1, 14), "ten working days")

    def test_missed_night(self):
        """Nights that were missed are made up for."""
        self.assertTrue(self.quarter("2027-01-13 06:00:00"))

    def test_summer(self):
        """Summer has its review as well: the period is the regulation's."""
        guarded(self.case).write({"date_end": "2027-10-14"})
        review = self.quarter("2027-07-01 06:00:00")
        self.assertEqual((review.date_from, review.date_to), (date(2027, 4, 1), date(2027, 6, 30)))

    def test_filled_in(self):
        """What was done, entries by kind without their words, characteristics and whether they are positive."""
        self.done(self.plan.task_ids.filtered(lambda t: t.name == "Беседа о расписании"), outcome="reached")
        self.as_(self.kz, "class_teacher", self.env["vshu.intervention"]).create(
            {
                "student_id": self.kz.student.id,
                "company_id": self.kz.company.id,
                "kind_id": self.ref("intervention_kind_talk").id,
                "text": "Слова, которых нет в обзоре",
                "date": datetime(2026, 10, 14, 5, 0),
            }
        )
        self.paper(self.case, "kz_document_19_teacher", "positive")
        review = self.quarter()
        self.assertEqual((review.count_due, review.count_done, review.count_in_time, review.count_late), (4, 1, 1, 3))
        lines = review.measures_text.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertTrue([line for line in lines if line.startswith("Беседа о расписании: 1 ")], lines)
        self.assertTrue([line for line in lines if line.startswith("Сводка: 0 ")], lines)
        self.assertIn("1", review.work_text)
        self.assertNotIn("Слова", review.work_text)
        self.assertTrue(review.characteristic_text and review.study_text)

    def test_not_before_the_end(self):
        """A period that has not ended is not reviewed, by hand neither."""
        vals = {"plan_id": self.plan.id, "date_from": "2026-10-01", "date_to": "2026-12-31"}
        with self.refused(UserError, "has not ended yet"):
            self.as_(self.kz, "social_pedagogue", self.env["vshu.plan.review"]).create(vals)
        with freeze_time("2027-01-01 06:00:00"):
            self.as_(self.kz, "social_pedagogue", self.env["vshu.plan.review"]).create(vals)

    def test_conclude(self):
        """Goals rated, conclusion with its reason; what was concluded stays."""
        review = self.quarter()
        with freeze_time("2027-01-12 06:00:00"):
            own = self.as_(self.kz, "social_pedagogue", review)
            self.assertRefused(["choose the conclusion", "write in a few words why"], own.action_conclude)
            own.write(
                {
                    "conclusion": "continue",
                    "conclusion_text": "пропусков меньше",
                    "goal_ids": [(1, self.plan.goal_ids.id, {"rating_end": "3", "reason_end": "2 пропуска за месяц"})],
                }
            )
            own.action_conclude()
            self.assertEqual((review.state, review.date_done), ("done", date(2027, 1, 12)))
            self.assertEqual((self.plan.goal_ids.change, self.plan.goal_ids.reached), (1, False))
            self.assertEqual(self.case.date_reviewed, date(2027, 1, 12))
            self.assertEqual(review.deadline_ids.state, "met")
            self.assertTrue(review.settled)
            with self.refused(UserError, "is concluded and stays"):
                own.write({"conclusion_text": "…"})
            with self.refused(UserError, "is concluded and stays"):
                own.action_conclude()
            with self.refused(UserError, "asks for no further step"):
                own.action_follow()

    def test_who(self):
        """Curator and office; the psychologist reads."""
        review = self.quarter()
        with freeze_time("2027-01-12 06:00:00"):
            with self.refused(AccessError, "reviewed by the curator"):
                self.as_(self.kz, "psychologist", review).action_conclude()
            self.assertTrue(self.as_(self.kz, "psychologist", review).measures_text)
            curator = self.as_(self.kz, "class_teacher", review)
            self.assertEqual(self.case.curator_id, self.kz.employees["class_teacher"])
            curator.write({"conclusion": "continue", "conclusion_text": "…"})
            curator.action_conclude()

    def test_change(self):
        """“Change” drafts the next version."""
        review = self.quarter()
        with freeze_time("2027-01-12 06:00:00"):
            own = self.as_(self.kz, "social_pedagogue", review)
            own.write({"conclusion": "change", "conclusion_text": "добавить секцию"})
            action = own.action_conclude()
            draft = self.env["vshu.plan"].browse(action["res_id"])
            self.assertEqual((draft.version, draft.change_reason, draft.state), (2, "добавить секцию", "draft"))
            self.assertFalse(own.sudo().settled, "done once that version is approved")
            self.assertEqual(own.action_follow()["res_id"], draft.id, "a second time opens it")

    def test_removal(self):
        """“Removal” opens the proposal on the case; the checklist has what the review concluded."""
        review = self.quarter()
        with freeze_time("2027-01-12 06:00:00"):
            own = self.as_(self.kz, "social_pedagogue", review)
            own.write({"conclusion": "removal", "conclusion_text": "цели достигнуты"})
            self.assertEqual(own.action_conclude()["res_model"], "vshu.reason")
            lines = {line["code"]: line for line in self.case._removal_readiness()}
            self.assertTrue(lines["plan_review"]["ok"])
            self.assertIn("removal", lines["plan_review"]["label"].lower())

    def test_extension_of_an_open_stay(self):
        """A stay without an end is not extended (RU-10)."""
        case = self.active_case(self.ru)
        plan = self.small_plan(self.ru, case, [{"employee_id": self.ru.employees["class_teacher"].id}])
        with freeze_time("2027-01-12 06:00:00"):
            review = self.as_(self.ru, "social_pedagogue", self.env["vshu.plan.review"]).create(
                {"plan_id": plan.id, "date_from": "2026-10-01", "date_to": "2026-12-31"}
            )
            review.write({"conclusion": "extension", "conclusion_text": "…"})
            self.assertRefused(["no fixed end"], review.action_conclude)

    def test_petition(self):
        """“Petition” offers the letters whose condition holds."""
        review = self.quarter()
        with freeze_time("2027-01-12 06:00:00"):
            own = self.as_(self.kz, "social_pedagogue", review)
            own.write({"conclusion": "petition", "conclusion_text": "родители отказались"})
            self.assertEqual(own.action_conclude()["res_model"], "vshu.plan.petition")

    def test_ends_with_the_stay(self):
        """An open review of a stay that has ended is not needed; its clock stops."""
        review = self.quarter()
        with freeze_time("2027-01-12 06:00:00"):
            guarded(self.case)._close(self.ref("kz_reason_19_1"), date(2027, 1, 12))
        self.assertEqual(review.state, "dropped")
        self.assertEqual(set(review.deadline_ids.mapped("state")), {"cancelled"})

    def test_forged(self):
        """State, day and figures are written by the buttons only; reviews are never deleted."""
        review = self.quarter()
        own = self.as_(self.kz, "head", review)
        for vals in ({"state": "done"}, {"date_done": "2027-01-01"}, {"count_done": 9}, {"settled": True}):
            with self.refused(AccessError, "changed by the buttons"):
                own.write(vals)
        with self.refused(AccessError, ""):
            own.unlink()
        with self.refused(UserError, "stay on record"):
            review.unlink()
        with self.refused(UserError, "stays with its plan and period"):
            own.write({"date_to": "2027-01-02"})
