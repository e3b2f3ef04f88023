"""The plan: drafted in one click, approved by a paper, changed by versions, ended (KZ-12, KZ-14, KZ-15, RU-7)."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from odoo.addons.vshu_registry.tools.guard import guarded

from .common import TODAY, PlansCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlan(PlansCommon):
    # -- drafting ----------------------------------------------------------------------------------------------------

    def test_one_click(self):
        """One click before the meeting: goals, causes, measures with persons and days; a second one opens it."""
        case = self.kz_case()
        plan = self.draft(self.kz, case)
        self.assertEqual((plan.state, plan.date_from, plan.date_to), ("draft", TODAY, date(2027, 1, 14)))
        self.assertTrue(plan.goal_ids and plan.measure_ids)
        self.assertFalse(plan.problems_text)
        self.assertFalse(plan.task_ids)
        roles = {measure.role_id.code: measure.employee_id for measure in plan.measure_ids}
        self.assertEqual(roles["class_teacher"], self.kz.employees["class_teacher"])
        self.assertEqual(
            self.as_(self.kz, "social_pedagogue", case).action_draft_plan()["res_id"], plan.id, "no second one"
        )

    def test_starts_with_the_meeting(self):
        """Drafted for the day of the council that is to hear the case."""
        case = self.kz_case()
        self.as_(self.kz, "deputy_head", case).write({"hearing_date": "2026-10-20"})
        self.assertEqual(self.draft(self.kz, case).date_from, date(2026, 10, 20))

    def test_several_grounds(self):
        """The templates of all grounds, a kind of measure once."""
        case = self.active_case(self.kz)
        guarded(case).write({"extra_ground_ids": [Command.link(self.ref("kz_ground_18_1").id)]})
        plan = self.draft(self.kz, case)
        self.assertEqual(set(plan.template_ids.mapped("code")) & {"absence", "academic"}, {"absence", "academic"})
        first = self.env.ref("vshu_plans.template_absence")
        self.assertGreater(len(plan.measure_ids), len(first.line_ids))
        self.assertEqual(len(plan.measure_ids.mapped("name")), len(set(plan.measure_ids.mapped("name"))))

    def test_language_of_the_paper(self):
        """Drafted in the reader's language where the school's papers are made in it, else in the school's first."""
        case = self.active_case(self.kz)
        self.kz.users["social_pedagogue"].lang = "kk_KZ"
        own = self.as_(self.kz, "social_pedagogue", case).with_context(lang="kk_KZ")
        plan = self.env["vshu.plan"].browse(own.action_draft_plan()["res_id"])
        lines = plan.template_ids.with_context(lang="kk_KZ").line_ids.mapped("name")
        self.assertLessEqual(set(plan.measure_ids.mapped("name")), set(lines))
        self.assertFalse(set(plan.measure_ids.mapped("name")) & set(plan.template_ids.line_ids.mapped("name")))

    def test_nobody_is_left_out(self):
        """Without psychologist and class teacher the curator or the keeper answers; nobody who has left."""
        self.kz.school.psychologist_id = False
        self.kz.employees["class_teacher"].active = False
        case = self.active_case(self.kz, curator_id=self.kz.employees["deputy_head"].id)
        plan = self.draft(self.kz, case)
        self.assertEqual(
            set(plan.measure_ids.employee_id.ids) - set(self.kz.employees["deputy_head"].ids),
            set(plan.measure_ids.employee_id.ids) & {self.kz.employees["social_pedagogue"].id},
        )
        self.assertFalse(plan.measure_ids.filtered(lambda m: not m.employee_id))

    def test_refused_drafts(self):
        case = self.active_case(self.kz)
        with self.refused(AccessError, "drafted by the curator"):
            self.as_(self.kz, "psychologist", case).action_draft_plan()
        bare = self.as_(self.kz, "social_pedagogue", self.env["vshu.case"]).create(
            {"company_id": self.kz.company.id, "student_id": self.kz.other_student.id}
        )
        with self.refused(UserError, "choose the ground first"):
            bare.action_draft_plan()
        guarded(case)._close(self.ref("kz_reason_19_1"), TODAY)
        with self.refused(UserError, "is over"):
            self.as_(self.kz, "social_pedagogue", case).action_draft_plan()

    # -- approval ----------------------------------------------------------------------------------------------------

    def test_approve(self):
        """The deputy head types the paper and approves: occurrences on their days, the parents' copy to hand over."""
        self.make_guardian(self.kz.student, may_receive_papers=True)
        case = self.active_case(self.kz, student=self.kz.student)
        plan = self.draft(self.kz, case)
        with self.refused(UserError, "write number and date of the minutes"):
            self.as_(self.kz, "deputy_head", plan).action_approve()
        with self.refused(AccessError, "your role may not"):
            self.as_(self.kz, "social_pedagogue", plan).action_approve()
        self.approve(self.kz, plan)
        self.assertEqual((plan.state, plan.date_approved), ("in_force", TODAY))
        calendar = self.kz.school._calendar(plan.date_from, plan.date_to)
        for measure in plan.measure_ids:
            self.assertEqual(measure.task_ids.sorted("date_due").mapped("date_due"), measure._days(calendar))
        self.assertEqual(plan.notice_ids.addressee, "parents")
        self.assertEqual((plan.notice_ids.state, plan.notice_ids.clause), ("to_send", "KZ-14"))
        self.assertEqual(plan.progress, 0)

    def test_copy_for_the_parents(self):
        """Handed over and acknowledged, or refused before two witnesses (KZ-14)."""
        self.make_guardian(self.kz.student, may_receive_papers=True)
        plan = self.plan(self.kz, self.active_case(self.kz, student=self.kz.student))
        own = self.as_(self.kz, "social_pedagogue", plan.notice_ids)
        own._send("in_person")
        own._acknowledge()
        self.assertIn("Acknowledged", plan.copy_text)
        plan2 = self.approve_next(plan)
        witnesses = self.kz.employees["head"] | self.kz.employees["psychologist"]
        with self.refused(UserError, "two witnesses"):
            self.as_(self.kz, "social_pedagogue", plan2.notice_ids)._refuse_before(witnesses[:1])
        self.as_(self.kz, "social_pedagogue", plan2.notice_ids)._refuse_before(witnesses)
        self.assertIn("Refused", plan2.copy_text)
        self.assertIn("Acknowledged", plan.copy_text, "each version has its own copy")

    def approve_next(self, plan, change=None, reason="школа сменила педагога"):
        """Change a plan: draft its next version, change that by ``change``, approve it."""
        action = self.as_(self.kz, "social_pedagogue", plan)._revise(reason)
        draft = self.env["vshu.plan"].browse(action["res_id"])
        if change:
            change(draft)
        return self.approve(self.kz, draft)

    def test_bad_measures(self):
        """Without person, without day, before the start, after the end, of somebody who left: each is named."""
        case = self.active_case(self.kz)
        plan = self.draft(self.kz, case)
        left = self.make_user(self.kz, "subject_teacher", "kz_left")[1]
        own = self.as_(self.kz, "deputy_head", plan)
        own.write({"approval_number": "4", "approval_date": TODAY})
        cases = (
            ({"employee_id": False}, "name who answers for it"),
            ({"date_due": False}, "write the day on which it is due"),
            ({"date_due": "2026-10-01", "repeat": False}, "before the plan starts"),
            ({"date_due": "2027-02-01", "repeat": False}, "after the plan ends"),
            ({"repeat": "weekly", "date_until": False}, "write until when"),
            ({"repeat": "weekly", "date_until": "2027-03-01"}, "after the plan ends"),
            ({"employee_id": left.id}, "does not work at the school any more"),
        )
        for vals, words in cases:
            with self.subTest(words), self.cr.savepoint() as savepoint:
                plan.measure_ids[0].write(vals)
                left.active = False
                self.assertRefused([words, plan.measure_ids[0]._short()], own.action_approve)
                self.assertIn(words, plan.problems_text)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_empty_plan(self):
        """Neither goals nor measures."""
        case = self.active_case(self.kz)
        plan = self.as_(self.kz, "social_pedagogue", self.env["vshu.plan"]).create(
            {"case_id": case.id, "date_from": TODAY, "date_to": "2027-01-14"}
        )
        own = self.as_(self.kz, "head", plan)
        own.write({"approval_number": "4", "approval_date": TODAY})
        self.assertRefused(["at least one goal", "an empty plan helps nobody"], own.action_approve)
        own.write({"goal_ids": [Command.create({"name": "Цель"})]})
        self.assertRefused(["rate the goal"], own.action_approve)
        with self.refused(ValidationError, "write why it is rated so"):
            own.goal_ids.write({"rating_start": "2"})
        own.write({"approval_date": "2026-10-20"})
        self.assertRefused(["dated in the future"], own.action_approve)

    def test_two_in_force(self):
        """One plan in force and one draft for a case, by every way."""
        plan = self.plan(self.kz)
        vals = {"case_id": plan.case_id.id, "date_from": TODAY, "date_to": "2027-01-14"}
        with self.refused(UserError, "two plans for a case would contradict"):
            self.as_(self.kz, "social_pedagogue", self.env["vshu.plan"]).create(vals)
        second = guarded(self.env["vshu.plan"]).create(vals)
        with self.refused(UserError, "has a plan in force already"):
            guarded(second)._approve(TODAY)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            guarded(second).write({"state": "in_force"})
            self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            guarded(self.env["vshu.plan"]).create(vals)

    def test_before_the_placement(self):
        """By hand only once the child is on the register."""
        plan = self.draft(self.kz, self.kz_case())
        with self.refused(UserError, "the placement comes first"):
            self.approve(self.kz, plan)

    # -- versions ----------------------------------------------------------------------------------------------------

    def test_approved_stays(self):
        """Editing an approved version, its measures, goals, occurrences: refused with what to do instead."""
        plan = self.plan(self.kz)
        own = self.as_(self.kz, "social_pedagogue", plan)
        for change in (
            lambda: own.write({"date_to": "2027-02-01"}),
            lambda: own.measure_ids[0].write({"name": "…"}),
            lambda: own.measure_ids[0].unlink(),
            lambda: own.write({"measure_ids": [Command.create({"name": "…", "type_id": 1})]}),
            lambda: own.goal_ids[0].write({"name": "…"}),
            lambda: own.goal_ids[0].write({"rating_start": "3"}),
        ):
            with self.refused(UserError, "a new version says what changed"):
                change()
        with self.refused(UserError, "stays on record"):
            own.unlink()
        for vals in ({"state": "draft"}, {"version": 3}, {"changes": "…"}, {"date_approved": TODAY}):
            with self.refused(AccessError, "changed by the buttons"):
                own.write(vals)
        with self.refused(AccessError, ""):
            self.as_(self.kz, "social_pedagogue", plan.task_ids[0]).write({"state": "done"})

    def test_next_version(self):
        """What changed is written down; what is late goes over, what comes later is made anew, history stays."""
        case = self.active_case(self.kz)
        plan = self.small_plan(
            self.kz,
            case,
            [
                {"date_due": "2026-10-16"},  # done
                {"date_due": "2026-10-19"},  # late and kept
                {"date_due": "2026-10-20", "repeat": "weekly", "date_until": "2026-12-15"},
                {"date_due": "2026-11-30"},  # taken out
            ],
        )
        first, late, weekly, out = plan.measure_ids.sorted("sequence").sorted("name")
        self.done(first.task_ids, date(2026, 10, 14))
        with freeze_time("2026-11-04 06:00:00"):
            action = self.as_(self.kz, "social_pedagogue", plan)._revise("ребёнок перешёл на новое расписание")
            draft = self.env["vshu.plan"].browse(action["res_id"])
            self.assertEqual((draft.version, draft.state, plan.state), (2, "draft", "in_force"))
            self.assertEqual(draft.lang, plan.lang)
            draft.lang = "en_US"
            self.assertEqual(draft.date_from, date(2026, 11, 4))
            self.assertNotIn(first, draft.measure_ids.origin_id, "what is done is not asked for again")
            heirs = {measure.origin_id: measure for measure in draft.measure_ids}
            heirs[out].unlink()
            heirs[late].write({"employee_id": self.kz.employees["psychologist"].id})
            draft.write(
                {
                    "measure_ids": [
                        Command.create(
                            {
                                "name": "Секция",
                                "type_id": weekly.type_id.id,
                                "employee_id": self.kz.employees[
                                    "curator" if "curator" in self.kz.employees else "head"
                                ].id,
                                "date_due": "2026-11-10",
                            }
                        )
                    ]
                }
            )
            self.approve(self.kz, draft, approval_date="2026-11-04")
        self.assertEqual((plan.state, draft.state), ("replaced", "in_force"))
        for words in ("new measure: Секция", f"no longer in the plan: {out.name}", "answers kz_psychologist name"):
            self.assertIn(words, draft.changes)
        self.assertEqual(draft.change_reason, "ребёнок перешёл на новое расписание")
        self.assertEqual(first.task_ids.state, "done")
        self.assertEqual(out.task_ids.state, "dropped")
        self.assertIn("No longer in the plan", out.task_ids.dropped_reason)
        self.assertEqual(late.task_ids.filtered(lambda t: t.state == "open"), self.env["vshu.plan.task"])
        owed = heirs[late].task_ids
        self.assertEqual(set(owed.mapped("state")), {"open"})
        weekly_new = heirs[weekly].task_ids.filtered(lambda t: t.state == "open").sorted("date_due")
        self.assertEqual(weekly_new[0].date_due, date(2026, 10, 20), "the late one of the old version is still owed")
        self.assertEqual(weekly_new[-1].date_due, date(2026, 12, 15))
        days = weekly_new.mapped("date_due")
        self.assertEqual(len(days), len(set(days)))
        self.assertEqual(draft.root_id, plan)
        self.assertGreater(draft.task_done, 0, "the ring counts all versions")

    def test_revise_refused(self):
        plan = self.plan(self.kz)
        with self.refused(UserError, "write what changes and why"):
            self.as_(self.kz, "social_pedagogue", plan)._revise("  ")
        with self.refused(AccessError, "your role may not"):
            self.as_(self.kz, "psychologist", plan)._revise("…")
        self.as_(self.kz, "social_pedagogue", plan)._revise("…")
        with self.refused(UserError, "draft of the next version already"):
            self.as_(self.kz, "social_pedagogue", plan)._revise("…")

    # -- the end -----------------------------------------------------------------------------------------------------

    def test_close(self):
        """With open measures only with the reason; they are dropped with it."""
        plan = self.plan(self.kz)
        own = self.as_(self.kz, "deputy_head", plan)
        with self.refused(UserError, "Write why it is closed all the same"):
            own._close_by_hand("")
        with self.refused(AccessError, "your role may not"):
            self.as_(self.kz, "psychologist", plan)._close_by_hand("…")
        own._close_by_hand("семья переехала")
        self.assertEqual((plan.state, plan.close_reason), ("closed", "семья переехала"))
        self.assertEqual(set(plan.task_ids.mapped("state")), {"dropped"})
        with self.refused(UserError, "cannot be done with it now"):
            own._close_by_hand("…")

    def test_ends_with_the_stay(self):
        """A removal closes the plan and drops the draft of the next version."""
        plan = self.plan(self.kz)
        self.as_(self.kz, "social_pedagogue", plan)._revise("…")
        guarded(plan.case_id)._close(self.ref("kz_reason_19_1"), TODAY)
        self.assertEqual((plan.state, plan.next_ids.state), ("closed", "dropped"))
        self.assertEqual(set(plan.task_ids.mapped("state")), {"dropped"})

    def test_annulled(self):
        """An annulled entry has no plan that runs."""
        plan = self.plan(self.kz)
        self.as_(self.kz, "head", plan.case_id)._annul("ошибка")
        self.assertEqual(plan.state, "closed")

    # -- parents refuse ----------------------------------------------------------------------------------------------

    def test_parents_refuse(self):
        """Recorded on the plan before witnesses; letters offered only where no measures are taken either (KZ-17)."""
        guardian = self.make_guardian(self.kz.student, may_receive_papers=True)
        plan = self.plan(self.kz, self.active_case(self.kz, student=self.kz.student))
        own = self.as_(self.kz, "social_pedagogue", plan)
        action = own.action_parents_refused()
        facts = self.as_(self.kz, "social_pedagogue", self.env["vshu.parent.fact"]).with_context(**action["context"])
        with self.refused(ValidationError, "two witnesses"):
            facts.create({"partner_ids": [Command.set(guardian.partner_id.ids)]})
        facts.create(
            {
                "partner_ids": [Command.set(guardian.partner_id.ids)],
                "witness_id": self.kz.employees["head"].id,
                "witness2_id": self.kz.employees["psychologist"].id,
            }
        )
        self.assertTrue(plan.refused)
        dialog = self.as_(self.kz, "social_pedagogue", self.env["vshu.plan.petition"]).create(
            {"case_id": plan.case_id.id}
        )
        offered = dialog.allowed_kind_ids.filtered("needs_refusal")
        self.assertFalse(offered, "help refused, but measures are taken")
        self.assertIn("take no measures", dialog.missing_text)
        self.as_(self.kz, "social_pedagogue", self.env["vshu.parent.fact"]).create(
            {"case_id": plan.case_id.id, "kind": "no_measures", "note": "за месяц ничего не изменилось"}
        )
        dialog.invalidate_recordset()
        offered = dialog.allowed_kind_ids.filtered("needs_refusal")
        self.assertTrue(offered)
        with self.refused(UserError, "Pick the letters"):
            dialog.action_confirm()
        dialog.kind_ids = offered[:2]
        dialog.action_confirm()
        self.assertEqual(plan.case_id.petition_ids.kind_id, offered[:2].sudo())
        with self.refused(AccessError, "drafted by the social pedagogue"):
            self.as_(self.kz, "psychologist", plan).action_petitions()
        forbidden = plan.case_id.regulation_id.petition_kind_ids - dialog.allowed_kind_ids.sudo()
        dialog.kind_ids = forbidden[:1]
        with self.refused(UserError, "is not written yet"):
            dialog.action_confirm()

    # -- removal readiness -------------------------------------------------------------------------------------------

    def test_readiness(self):
        """The plan's lines in the checklist of the removal."""
        case = self.active_case(self.kz)
        lines = {line["code"]: line for line in case._removal_readiness()}
        self.assertFalse(lines["plan"]["ok"])
        plan = self.small_plan(self.kz, case, [{"date_due": "2026-10-16"}])
        lines = {line["code"]: line for line in case._removal_readiness()}
        self.assertEqual(
            (lines["plan"]["ok"], lines["plan_goals"]["ok"], lines["plan_review"]["ok"]), (False, False, None)
        )
        self.done(plan.task_ids)
        self.as_(self.kz, "social_pedagogue", plan.goal_ids).write({"rating_end": "4", "reason_end": "ходит"})
        lines = {line["code"]: line for line in case._removal_readiness()}
        self.assertTrue(lines["plan"]["ok"] and lines["plan_goals"]["ok"])
        self.assertIn("1 of 1", lines["plan"]["label"])

    def test_paper_of_the_card(self):
        """The paper of individual planning is in the file by itself, its next copy in three months (RU-5.4, item 9)."""
        case = self.active_case(self.ru)
        papers = case.document_ids.filtered(lambda d: d.type_id.code == "5.4.9")
        self.assertEqual(papers.mapped("state"), ["missing"])
        self.small_plan(self.ru, case, [{"employee_id": self.ru.employees["class_teacher"].id}])
        papers = case.document_ids.filtered(lambda d: d.type_id.code == "5.4.9").sorted("id")
        self.assertEqual(papers.mapped("state"), ["ready", "due"])
        self.assertEqual(papers[1].date_due, date(2027, 1, 14))

    # -- on the case and the class -----------------------------------------------------------------------------------

    def test_rings(self):
        """The ring of plan, case and class is the same count."""
        case = self.active_case(self.kz)
        plan = self.small_plan(self.kz, case, [{}, {}, {}, {}])
        self.done(plan.task_ids[0])
        self.assertEqual((plan.progress, case.plan_progress), (25, 25))
        own = self.as_(self.kz, "class_teacher", self.kz.class_a)
        self.assertEqual((own.plan_progress, own.plan_task_count), (25, 4))
        other = self.as_(self.kz, "class_teacher", self.kz.class_a).with_user(self.kz.user_b)
        self.assertEqual(other.plan_task_count, 0, "another class teacher learns nothing")
