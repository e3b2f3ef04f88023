from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PlansCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPeople(PlansCommon):
    """Measures of who leaves, copies of parents whose right ends, in both schools (KZ-14, KZ-15)."""

    def test_measures_of_who_leaves(self):
        """people.md "a user is archived": open measures go to the deputy head; what is done keeps whose it was."""
        for bag in (self.kz, self.ru):
            with self.subTest(bag.code):
                plan = self.small_plan(bag, self.active_case(bag), [{}, {"date_due": "2026-10-21"}])
                leaver, deputy = bag.employees["class_teacher"], bag.employees["deputy_head"]
                first, second = plan.measure_ids.task_ids.sorted("date_due")
                self.done(first)
                bag.users["class_teacher"].action_archive()
                self.assertEqual(first.employee_id, leaver)
                self.assertEqual((second.employee_id, second.passed_on_from_id), (deputy, leaver))
                self.assertEqual(second.user_id, bag.users["deputy_head"])
                self.assertEqual(plan.measure_ids.employee_id, leaver, "the paper stays as it was approved")

    def test_copy_of_the_plan(self):
        """people.md "a notice in draft, then the guardian's right ends": the copy goes to the other parent."""
        mother = self.make_guardian(self.kz.student)
        plan = self.plan(self.kz, self.active_case(self.kz, student=self.kz.student))
        copy = plan.notice_ids
        father = self.make_guardian(self.kz.student, "Ахметов Болат", "father")
        self.assertEqual(plan.notice_ids, copy, "who comes later is not told of what was")
        mother.date_to = date(2026, 10, 13)
        self.assertEqual(copy.state, "not_needed")
        other = plan.notice_ids - copy
        self.assertEqual((other.partner_id, other.plan_id, other.state), (father.partner_id, plan, "to_send"))
        with self.refused(UserError, "may not be printed"):
            self.as_(self.kz, "social_pedagogue", copy).action_print()
