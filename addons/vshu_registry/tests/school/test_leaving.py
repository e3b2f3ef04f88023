from datetime import date

from freezegun import freeze_time
from odoo.tests import tagged

from ..case.test_flow import FlowCommon

TODAY = date(2026, 10, 14)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLeaving(FlowCommon):
    """people.md "a user is archived (who left the school)": clocks, activities, cases go on at once, nothing vanishes
    (RU-1.3, RU-5.3)."""

    def clocks(self, user):
        """Return the running clocks that the user answers for."""
        return self.env["vshu.deadline"].search([("user_id", "=", user.id), ("state", "in", ("open", "overdue"))])

    def leave(self, bag, role, way):
        """Let who holds ``role`` leave the school: the user is archived, or the employee, or both one after another."""
        user, employee = bag.users[role], bag.employees[role]
        if way == "user":
            user.action_archive()
        elif way == "write":
            user.write({"active": False})
        else:
            employee.write({"active": False})
        self.env.flush_all()
        return user

    def test_clocks_go_on(self):
        """Clocks of the curator and keeper go to the deputy head as of a vacant post, with an activity each."""
        deputy = self.ru.users["deputy_head"]
        for way in ("user", "write", "employee"):
            with self.subTest(way), self.cr.savepoint() as savepoint:
                self.notice(self.ru)
                keeper = self.ru.users["social_pedagogue"]
                mine = self.clocks(keeper)
                self.assertTrue(mine)
                self.leave(self.ru, "social_pedagogue", way)
                self.assertEqual(mine.user_id, deputy)
                self.assertEqual(mine.activity_id.user_id, deputy)
                self.assertEqual(len(mine.activity_id), len(mine))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_the_stand_in_comes_first(self):
        """Who stands in for the keeper gets the keeper's clocks."""
        stand_in = self.make_user(self.ru, "psychologist", "stand_in")
        self.make_standin(self.ru, "social_pedagogue", stand_in[1], "2026-10-15", "2026-10-31")
        self.notice(self.ru)
        mine = self.clocks(self.ru.users["social_pedagogue"])
        with freeze_time("2026-10-15 06:00:00"):
            self.leave(self.ru, "social_pedagogue", "user")
            self.assertEqual(mine.user_id, stand_in[0])

    def test_each_night(self):
        """What ended without anybody archiving goes on in the night: another keeper, a stand-in that begins or ends."""
        self.notice(self.ru)
        keeper = self.ru.users["social_pedagogue"]
        mine = self.clocks(keeper)
        user, employee = self.make_user(self.ru, "social_pedagogue", "new_keeper")
        stand_in = self.make_user(self.ru, "psychologist", "stand_in")
        self.make_standin(self.ru, "social_pedagogue", stand_in[1], "2026-10-15", "2026-10-15")
        with freeze_time("2026-10-15 03:00:00"):
            self.nightly()
            self.assertEqual((mine.user_id, mine.activity_id.user_id), (stand_in[0], stand_in[0]))
        with freeze_time("2026-10-16 03:00:00"):
            self.nightly()
            self.assertEqual(mine.user_id, keeper)
            activities = len(self.env["mail.activity"].search([]))
            self.nightly()
            self.assertEqual(len(self.env["mail.activity"].search([])), activities)
            self.ru.school.keeper_id = employee
            self.nightly()
            self.assertEqual((mine.user_id, mine.activity_id.user_id), (user, user))

    def test_activities_go_on(self):
        """Odoo deletes the activities of who is archived: those on the register go to who answers instead."""
        case = self.kz_active()
        curator, deputy = self.kz.users["class_teacher"], self.kz.users["deputy_head"]
        activity = case.activity_schedule("mail.mail_activity_data_todo", user_id=curator.id, summary="Позвонить")
        outside = self.kz.company.partner_id.activity_schedule("mail.mail_activity_data_todo", user_id=curator.id)
        curator.action_archive()
        self.assertEqual(activity.exists().user_id, deputy)
        self.assertFalse(outside.exists(), "what is not the register's is Odoo's own")

    def test_case_without_a_curator(self):
        """The case comes up for the deputy head, once, until another curator is named, who gets the clocks."""
        case = self.kz_active()
        mine = self.clocks(self.kz.users["class_teacher"]).filtered(lambda d: d.role_id.code == "curator")
        self.assertFalse(case.curator_vacant)
        self.leave(self.kz, "class_teacher", "employee")
        self.nightly()
        type_ = self.ref("activity_type_vacant")
        reminder = case.activity_ids.filtered(lambda a: a.activity_type_id == type_)
        self.assertEqual((len(reminder), reminder.user_id), (1, self.kz.users["deputy_head"]))
        self.assertNotIn(self.kz.student.name, reminder.summary)
        for role in ("social_pedagogue", "deputy_head", "head"):
            listed = self.as_(self.kz, role, self.env["vshu.case"]).search([("curator_vacant", "=", True)])
            self.assertEqual(listed, case, role)
            self.assertTrue(self.as_(self.kz, role, case).curator_vacant)
        self.assertEqual(case.curator_id, self.kz.employees["class_teacher"], "who it was stays on record")
        self.as_(self.kz, "deputy_head", case).write({"curator_id": self.kz.teacher_b.id})
        self.assertFalse(reminder.exists())
        self.assertFalse(case.curator_vacant)
        self.assertFalse(mine.filtered(lambda d: d.user_id != self.kz.user_b))

    def test_nobody_is_left(self):
        """Deputy head and keeper have left: the head hears."""
        self.notice(self.ru)
        mine = self.clocks(self.ru.users["social_pedagogue"])
        self.leave(self.ru, "deputy_head", "employee")
        self.leave(self.ru, "social_pedagogue", "user")
        self.assertEqual(mine.user_id, self.ru.users["head"])

    def test_another_school_hears_nothing(self):
        """Each school for itself: who works in two and leaves one leaves the other's work alone."""
        self.notice(self.ru)
        kz = self.clocks(self.kz.users["class_teacher"])
        self.leave(self.ru, "social_pedagogue", "user")
        for user in self.kz.users.values():
            found = self.clocks(user)
            self.assertFalse(found.filtered(lambda d: d.company_id != self.kz.company))
        self.assertEqual(kz.user_id, kz.user_id & self.kz.users["class_teacher"])
