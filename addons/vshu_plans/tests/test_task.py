"""Carrying out: My measures, done with day, note, result and files, for several at once, by an entry (KZ-15)."""

import base64
from datetime import date, datetime

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from .common import TODAY, PlansCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanTask(PlansCommon):
    def setUp(self):
        super().setUp()
        self.case = self.active_case(self.kz, student=self.kz.student, curator_id=self.kz.employees["head"].id)
        self.plan = self.small_plan(
            self.kz,
            self.case,
            [
                {"date_due": "2026-10-14"},
                {"date_due": "2026-10-16"},
                {"date_due": "2026-10-20", "employee_id": self.kz.employees["subject_teacher"].id},
                {"date_due": "2026-10-19", "repeat": "weekly", "every": 2, "date_until": "2026-12-01"},
            ],
        )
        self.tasks = self.plan.task_ids.sorted("date_due")

    def mine(self, role, **context):
        """Return what “My measures” shows to ``role``."""
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_plans.action_vshu_plan_task_mine")
        tasks = self.as_(self.kz, role, self.env["vshu.plan.task"])
        domain = [("user_id", "=", self.kz.users[role].id), ("plan_state", "=", "in_force")]
        self.assertEqual(action["domain"], "[('user_id', '=', uid), ('plan_state', '=', 'in_force')]")
        return tasks.search(domain + [("state", "=", "open")])

    def test_my_measures(self):
        """Each sees the own ones, by day; a subject teacher who does not read the case too."""
        self.assertEqual(
            self.mine("class_teacher").sudo(),
            self.tasks.filtered(lambda t: t.user_id == self.kz.users["class_teacher"]),
        )
        own = self.mine("subject_teacher")
        self.assertEqual(len(own), 1)
        self.assertEqual(own.read(["name", "student_id", "date_due"])[0]["student_id"][0], self.kz.student.id)
        self.assertFalse(self.mine("psychologist"))

    def test_groups_by_day(self):
        """Late, today, in seven days, later, as the filters have it."""
        with freeze_time("2026-10-16 06:00:00"):
            tasks = self.env["vshu.plan.task"].search([("plan_id", "=", self.plan.id)])
            found = {task.date_due.isoformat(): task.due_group for task in tasks}
            self.assertEqual(found["2026-10-14"], "late")
            self.assertEqual(found["2026-10-16"], "today")
            self.assertEqual(found["2026-10-19"], "week")
            self.assertEqual(found["2026-11-02"], "later")
            for group in ("late", "today", "week", "later", "done"):
                searched = tasks.search([("plan_id", "=", self.plan.id), ("due_group", "in", [group])])
                self.assertEqual(searched, tasks.filtered(lambda t, g=group: t.due_group == g), group)

    def test_occurrences(self):
        """A measure that comes again has one for each of its days, working days."""
        weekly = self.plan.measure_ids.filtered("repeat")
        self.assertEqual(
            [day.isoformat() for day in weekly.task_ids.sorted("date_due").mapped("date_due")],
            ["2026-10-19", "2026-11-02", "2026-11-16", "2026-11-30"],
        )
        self.assertEqual(sorted(weekly.task_ids.mapped("number")), [1, 2, 3, 4])

    def test_done_with_all(self):
        """Day, note, result and a file by the dialog."""
        own = self.as_(self.kz, "class_teacher", self.tasks[0])
        dialog = self.dialog("class_teacher", own)
        file = self.as_(self.kz, "class_teacher", self.env["ir.attachment"]).create(
            {"name": "лист.txt", "datas": base64.b64encode(b"x")}
        )
        dialog.write({"note": "пришёл на все уроки", "outcome": "reached", "attachment_ids": [Command.link(file.id)]})
        dialog.action_confirm()
        task = self.tasks[0]
        self.assertEqual((task.state, task.date_done, task.outcome), ("done", TODAY, "reached"))
        self.assertEqual((task.note, task.attachment_ids.name), ("пришёл на все уроки", "лист.txt"))
        self.assertEqual((task.attachment_ids.res_model, task.attachment_ids.res_id), (task._name, task.id))
        self.assertEqual((task.done_by_id, task.in_time), (self.kz.users["class_teacher"], True))

    def dialog(self, role, tasks):
        """Open the dialog as the web client does."""
        action = tasks.action_done()
        return self.as_(self.kz, role, self.env["vshu.plan.mark"]).with_context(**action["context"]).create({})

    def test_day_of_the_school(self):
        """Half past one in the night of Almaty it is the day before still in UTC, the clock of the accounts here."""
        with freeze_time("2026-10-14 20:30:00"):
            dialog = self.dialog("class_teacher", self.as_(self.kz, "class_teacher", self.tasks[0]))
            self.assertEqual(dialog.date, date(2026, 10, 15))
            dialog.action_confirm()
        self.assertEqual(self.tasks[0].date_done, date(2026, 10, 15))

    def test_several_at_once(self):
        """One note for several; a file each; all or nothing."""
        own = self.as_(self.kz, "class_teacher", self.tasks[:2])
        dialog = self.dialog("class_teacher", own)
        file = self.as_(self.kz, "class_teacher", self.env["ir.attachment"]).create(
            {"name": "лист.txt", "datas": base64.b64encode(b"x")}
        )
        dialog.write({"note": "сделано", "attachment_ids": [Command.link(file.id)]})
        dialog.action_confirm()
        self.assertEqual(set(self.tasks[:2].mapped("state")), {"done"})
        self.assertEqual(len(self.tasks[:2].attachment_ids), 2)
        self.assertEqual({file.res_id for file in self.tasks[:2].attachment_ids}, set(self.tasks[:2].ids))
        foreign = self.tasks.filtered(lambda t: t.user_id == self.kz.users["subject_teacher"])
        with self.refused(AccessError, "marked done by who answers"):
            self.as_(self.kz, "class_teacher", foreign | self.tasks[3]).action_done_today()
        self.assertEqual(set((foreign | self.tasks[3]).mapped("state")), {"open"})

    def test_one_touch(self):
        """“Done today” without a word."""
        self.as_(
            self.kz, "subject_teacher", self.tasks.filtered(lambda t: t.date_due == date(2026, 10, 20))
        ).action_done_today()
        task = self.tasks.filtered(lambda t: t.date_due == date(2026, 10, 20))
        self.assertEqual(
            (task.state, task.date_done, task.done_by_id), ("done", TODAY, self.kz.users["subject_teacher"])
        )

    def test_bad_days(self):
        """Neither in the future nor before the plan."""
        own = self.as_(self.kz, "class_teacher", self.tasks[0])
        with self.refused(UserError, "cannot be done in the future"):
            own._done({}, date(2026, 10, 15))
        with self.refused(UserError, "cannot be done before"):
            own._done({}, date(2026, 10, 13))
        self.assertEqual(self.tasks[0].state, "open")

    def test_late_and_in_time(self):
        """Done after its day counts as late, done before it as in time."""
        with freeze_time("2026-10-20 06:00:00"):
            self.done(self.tasks[0], date(2026, 10, 15))
            self.done(self.tasks[1], date(2026, 10, 16))
        self.assertEqual((self.tasks[0].in_time, self.tasks[1].in_time), (False, True))

    def test_who_may(self):
        """Who answers, whose role was asked for, curator and office; nobody else; not a draft, not a closed plan."""
        task = self.tasks[0]
        for role in ("class_teacher", "social_pedagogue", "deputy_head", "head"):
            self.assertTrue(self.as_(self.kz, role, task).can_do, role)
        self.assertFalse(self.as_(self.kz, "psychologist", task).can_do)
        with self.refused(AccessError, "marked done by who answers"):
            self.as_(self.kz, "psychologist", task).action_done_today()
        guarded(task).write({"role_id": self.ref("role_psychologist").id})
        self.assertTrue(self.as_(self.kz, "psychologist", task).can_do)
        self.done(task)
        with self.refused(UserError, "cannot be done with it now"):
            self.as_(self.kz, "class_teacher", task).action_done_today()
        self.as_(self.kz, "deputy_head", self.plan)._close_by_hand("…")
        with self.refused(UserError, "cannot be done with it now"):
            self.as_(self.kz, "class_teacher", self.tasks[1]).action_done_today()

    def test_reopen(self):
        """A mistake is taken back; the figures follow."""
        self.done(self.tasks[0])
        self.assertEqual(self.plan.task_done, 1)
        self.as_(self.kz, "class_teacher", self.tasks[0]).action_reopen()
        self.assertEqual((self.tasks[0].state, self.tasks[0].date_done, self.plan.task_done), ("open", False, 0))
        with self.refused(UserError, "cannot be done with it now"):
            self.as_(self.kz, "class_teacher", self.tasks[0]).action_reopen()

    def test_stand_in(self):
        """Who stands in for the class teacher today marks their measures done."""
        self.make_standin(self.kz, "class_teacher", self.kz.teacher_b, TODAY, TODAY, self.kz.class_a)
        guarded(self.tasks[0]).write({"role_id": self.ref("role_class_teacher").id})
        own = self.tasks[0].with_user(self.kz.user_b).with_context(allowed_company_ids=self.kz.company.ids)
        self.assertTrue(own.can_do)
        own.action_done_today()
        self.assertEqual(self.tasks[0].done_by_id, self.kz.user_b)

    # -- an entry does it --------------------------------------------------------------------------------------------

    def entry(self, role, **vals):
        return self.as_(self.kz, role, self.env["vshu.intervention"]).create(
            {
                "student_id": self.kz.student.id,
                "company_id": self.kz.company.id,
                "kind_id": self.ref("intervention_kind_talk").id,
                "text": "Поговорили о расписании.",
                "date": datetime(2026, 10, 14, 5, 0),
                **vals,
            }
        )

    def test_entry_does_a_measure(self):
        """An entry of the preventive work marks the measure that it names, on its own day."""
        entry = self.entry("class_teacher")
        self.assertEqual(
            entry.open_task_ids.sudo(), self.tasks.filtered(lambda t: t.user_id == self.kz.users["class_teacher"])
        )
        task = self.tasks[0]
        entry = self.entry("class_teacher", task_id=task.id)
        self.assertEqual((task.state, task.date_done, task.intervention_id), ("done", TODAY, entry.sudo()))
        with self.refused(UserError, "chosen when it is written"):
            entry.write({"task_id": self.tasks[1].id})
        entry._annul("ошибка")
        self.assertEqual((task.state, task.date_done), ("open", False), "an entry that is struck through did nothing")

    def test_entry_refused(self):
        """Not a measure of somebody else, not one of another child."""
        foreign = self.tasks.filtered(lambda t: t.user_id == self.kz.users["subject_teacher"])
        with self.refused(AccessError, "marked done by who answers"):
            self.entry("class_teacher", task_id=foreign.id)
        with self.refused(AccessError, ""):
            self.entry("subject_teacher", task_id=self.tasks[0].id)
        other = self.make_student(self.kz, "Другой Ученик", self.kz.class_a)
        with self.refused(UserError, "about different children"):
            self.entry("class_teacher", task_id=self.tasks[0].id, student_id=other.id)
        self.assertEqual(set(self.tasks.mapped("state")), {"open"})

    def test_forged(self):
        """Nobody makes, changes or deletes occurrences by hand."""
        own = self.as_(self.kz, "head", self.tasks[0])
        vals = {name: self.tasks[0][name].id for name in ("measure_id", "plan_id", "employee_id")}
        with self.refused(AccessError, ""):
            own.create({**vals, "name": "…", "date_due": TODAY})
        for function in (lambda: own.write({"date_due": "2027-01-01"}), own.unlink):
            with self.refused(AccessError, ""):
                function()
        with self.refused(AccessError, "marked done by its button"):
            self.tasks[0].write({"state": "done"})
        with self.refused(UserError, "stay on record"):
            self.tasks[0].unlink()
