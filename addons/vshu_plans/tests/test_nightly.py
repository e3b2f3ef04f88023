"""The night: late measures go to the curator, then to the deputy head (KZ-15)."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.vshu_registry.tools.guard import guarded

from .common import PlansCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanNightly(PlansCommon):
    def setUp(self):
        super().setUp()
        self.case = self.active_case(self.kz, student=self.kz.student)
        self.plan = self.small_plan(
            self.kz, self.case, [{"date_due": "2026-10-16", "name": "Тайное дело"}, {"date_due": "2026-10-16"}]
        )

    def reminders(self, plan=None):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "vshu.plan"),
                ("res_id", "=", (plan or self.plan).id),
                ("activity_type_id", "=", self.env.ref("vshu_plans.activity_type_late").id),
            ]
        )

    def night(self, day):
        with freeze_time(f"{day} 06:00:00"):
            self.nightly()

    def test_curator_then_deputy(self):
        """Not on the day itself; the curator on the next, the deputy head after the days of the rule; once each."""
        self.night("2026-10-16")
        self.assertFalse(self.reminders())
        self.night("2026-10-17")
        self.assertEqual(self.reminders().user_id, self.kz.users["class_teacher"], "one reminder, not one a measure")
        self.assertEqual(set(self.plan.task_ids.mapped("told")), {1})
        self.night("2026-10-21")
        self.assertEqual(len(self.reminders()), 1)
        self.night("2026-10-22")
        self.assertEqual(self.reminders().user_id, self.kz.users["class_teacher"] | self.kz.users["deputy_head"])
        self.night("2026-10-30")
        self.assertEqual(len(self.reminders()), 2)

    def test_without_names(self):
        """A reminder says neither who nor what."""
        self.night("2026-10-17")
        for activity in self.reminders():
            for secret in ("Тайное", self.kz.student.name):
                self.assertNotIn(secret, f"{activity.summary} {activity.note} {activity.res_name}")

    def test_missed_nights(self):
        """After weeks without a night both hear of it in the first one (robustness.md 8)."""
        self.night("2026-11-10")
        self.assertEqual(len(self.reminders()), 2)
        self.assertEqual(set(self.plan.task_ids.mapped("told")), {2})
        self.night("2026-11-11")
        self.assertEqual(len(self.reminders()), 2)

    def test_one_night_is_enough(self):
        """After an outage of months one night does all that is due: a second one finds nothing (robustness.md 8)."""
        self.active_case(self.ru, student=self.ru.student)
        self.plan_of_ru = self.small_plan(
            self.ru,
            self.active_case(self.ru),
            [{"employee_id": self.ru.employees["class_teacher"].id, "date_due": "2026-10-20"}],
        )

        def seen():
            return (
                sorted(self.env["vshu.deadline"].search([]).mapped(lambda d: (d.id, d.state, d.escalation_level))),
                sorted(self.env["vshu.plan.task"].search([]).mapped(lambda t: (t.id, t.state, t.told))),
                sorted(self.env["vshu.case"].search([]).mapped(lambda c: (c.id, c.state, c.term_status or ""))),
                sorted(self.env["vshu.plan"].search([]).mapped(lambda p: (p.id, p.state, p.over_told))),
                sorted(self.env["vshu.plan.review"].search([]).ids),
                sorted(self.env["mail.activity"].search([("res_model", "=like", "vshu.%")]).ids),
            )

        before = seen()
        with freeze_time("2027-03-20 06:00:00"):
            self.nightly()
            first = seen()
            self.assertNotEqual(before[4], first[4], "reviews opened late")
            self.nightly()
            for one, two in zip(first, seen(), strict=True):
                self.assertEqual(one, two)

    def test_starts_anew(self):
        """What was told of a measure is forgotten with its date, with its reopening, with the version that takes it
        over: whoever must hear hears again (robustness.md 1)."""
        task = self.plan.task_ids[0]
        self.night("2026-10-22")
        self.assertEqual(set(self.plan.task_ids.mapped("told")), {2})
        with freeze_time("2026-10-22 07:00:00"):
            self.done(self.plan.task_ids[1])
            self.done(task)
            self.assertFalse(self.reminders())
            self.as_(self.kz, "deputy_head", task).action_reopen()
        self.assertEqual(task.told, 0)
        self.night("2026-10-23")
        self.assertEqual((task.told, len(self.reminders())), (2, 2))
        guarded(task.sudo()).write({"date_due": date(2026, 11, 2)})
        self.assertEqual(task.told, 0)
        with freeze_time("2026-10-24 06:00:00"):
            guarded(task.sudo()).write({"date_due": date(2026, 11, 3)})
            task._settle_reminders()
            self.assertFalse(self.reminders())
        self.night("2026-11-12")
        self.assertEqual((task.told, len(self.reminders())), (2, 2))

    def test_next_version_starts_anew(self):
        """What stays late goes over to the next version, and its curator and deputy head hear of it there."""
        self.night("2026-10-22")
        self.assertEqual(len(self.reminders()), 2)
        with freeze_time("2026-10-22 07:00:00"):
            action = self.as_(self.kz, "social_pedagogue", self.plan)._revise("новое расписание")
            version = self.env["vshu.plan"].browse(action["res_id"])
            for goal in version.goal_ids:
                goal.write({"rating_start": "2", "reason_start": "…"})
            self.approve(self.kz, version, approval_date=date(2026, 10, 22))
        late = version.task_ids.filtered(lambda t: t.state == "open" and t.date_due < date(2026, 10, 22))
        self.assertTrue(late)
        self.assertEqual(set(late.mapped("told")), {0})
        self.night("2026-10-23")
        self.assertEqual(self.reminders(version).user_id, self.kz.users["class_teacher"] | self.kz.users["deputy_head"])

    def test_settled(self):
        """Once nothing is late any more the reminders go."""
        self.night("2026-10-17")
        with freeze_time("2026-10-17 06:00:00"):
            self.done(self.plan.task_ids[0])
            self.assertTrue(self.reminders())
            self.done(self.plan.task_ids[1])
        self.assertFalse(self.reminders())

    def test_no_curator_account(self):
        """Where the curator has no account the keeper of the register hears of it."""
        self.kz.employees["class_teacher"].user_id = False
        self.night("2026-10-17")
        self.assertEqual(self.reminders().user_id, self.kz.users["social_pedagogue"])

    def test_one_bad_record(self):
        """A record that fails stops neither the others nor the next night."""
        other = self.small_plan(self.kz, self.active_case(self.kz), [{"date_due": "2026-10-16"}])
        bad = self.plan.task_ids[0]
        tell = type(bad)._tell

        def broken(tasks, role_code, level):
            if bad in tasks:
                raise ValueError("broken on purpose")
            return tell(tasks, role_code, level)

        with (
            mute_logger("odoo.addons.vshu_registry.models.case.vshu_case_nightly"),
            patch.object(type(bad), "_tell", broken),
        ):
            self.night("2026-10-17")
        self.assertTrue(self.reminders(other))
        self.assertEqual((bad.told, self.plan.task_ids[1].told), (0, 1))
        self.night("2026-10-18")
        self.assertEqual(bad.told, 1)

    def test_nothing_of_what_is_over(self):
        """Neither drafts nor closed plans are late."""
        self.as_(self.kz, "deputy_head", self.plan)._close_by_hand("…")
        self.night("2026-10-20")
        self.assertFalse(self.reminders())

    def test_plan_over(self):
        """A plan whose last day has passed while the stay goes on: the curator hears of it once (RU-10)."""
        case = self.active_case(self.ru)
        plan = self.small_plan(
            self.ru, case, [{"employee_id": self.ru.employees["class_teacher"].id, "date_due": "2026-10-20"}]
        )
        over = [
            ("res_model", "=", "vshu.plan"),
            ("res_id", "=", plan.id),
            ("activity_type_id", "=", self.env.ref("vshu_plans.activity_type_over").id),
        ]
        self.night("2027-01-14")
        self.assertFalse(self.env["mail.activity"].search(over))
        for day in ("2027-01-15", "2027-01-16"):
            self.night(day)
            self.assertEqual(self.env["mail.activity"].search(over).user_id, self.ru.users["class_teacher"])
        with freeze_time("2027-01-16 06:00:00"):
            self.as_(self.ru, "deputy_head", plan)._close_by_hand("…")
        self.assertFalse(self.env["mail.activity"].search(over))

    def test_constant_queries(self):
        """The number of queries does not grow with the measures of a batch (acceptance 3)."""
        counts = {}
        for number in (5, 20, 60):
            plan = self.small_plan(
                self.kz, self.active_case(self.kz), [{"date_due": "2026-10-16"} for _index in range(number)]
            )
            with freeze_time("2026-10-17 06:00:00"):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                guarded(plan.task_ids.sudo())._tell_curator()
                self.env.flush_all()
                counts[number] = self.cr.sql_log_count - before
        self.assertLessEqual(abs(counts[60] - counts[20]), 2, counts)

    def test_finding_is_one_query(self):
        """Late measures are found by one query a step, whatever their number (acceptance 3)."""
        with freeze_time("2026-10-17 06:00:00"):
            tasks = self.env["vshu.plan.task"]
            tasks._late_ids(1)
            before = self.cr.sql_log_count
            found = tasks._late_ids(1)
            self.assertEqual(self.cr.sql_log_count - before, 1)
        self.assertEqual(set(found), set(self.plan.task_ids.ids))
        self.assertEqual(self.plan.task_ids[0].date_due, date(2026, 10, 16))
