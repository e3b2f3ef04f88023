"""Query budgets: lists and forms do not grow with what they show."""

from freezegun import freeze_time
from odoo.tests import tagged

from odoo.addons.vshu_registry.tests.web_client import specification

from .common import PlansCommon

#: the page of a list
PAGE = 80


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanQueries(PlansCommon):
    def count(self, function, *args):
        """Return how many queries the second of two calls makes: caches of the catalogues are warm."""
        function(*args)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function(*args)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def page(self, role, model, view, domain, limit):
        records = self.as_(self.kz, role, self.env[model])
        return records.web_search_read(domain, specification(records, view), limit=limit)

    def form(self, role, record):
        own = self.as_(self.kz, role, record)
        return own.web_read(specification(own, "form"))

    def test_screens(self):
        """My measures, measures, plans, reviews: the same number for few and for a page; the form of a plan."""
        plans = self.env["vshu.plan"]
        for _number in range(8):
            plans |= self.small_plan(
                self.kz,
                self.active_case(self.kz),
                [{"date_due": "2026-10-16", "repeat": "weekly", "date_until": "2026-12-25"}] * 2,
            )
        self.assertGreater(len(plans.task_ids), PAGE)
        for role, model, view, budget in (
            ("class_teacher", "vshu.plan.task", "kanban", 16),
            ("class_teacher", "vshu.plan.task", "list", 16),
            ("social_pedagogue", "vshu.plan.task", "list", 14),
            ("social_pedagogue", "vshu.plan", "list", 20),
            ("social_pedagogue", "vshu.plan", "kanban", 20),
        ):
            few = self.count(self.page, role, model, view, [], 3)
            many = self.count(self.page, role, model, view, [], PAGE)
            self.assertLessEqual(many, budget, (role, model, view))
            self.assertLessEqual(many - few, 2, (role, model, view, few, many))
        for role in ("social_pedagogue", "class_teacher"):
            self.assertLessEqual(self.count(self.form, role, plans[0]), 42, role)

    def test_case_form(self):
        """The form of the case costs few more queries than before, however large its plan is."""
        case = self.active_case(self.kz)
        plan = self.small_plan(self.kz, case, [{}] * 3)
        few = self.count(self.form, "social_pedagogue", case)
        big = self.active_case(self.kz)
        self.small_plan(self.kz, big, [{}] * 30)
        self.assertLessEqual(self.count(self.form, "social_pedagogue", big) - few, 1)
        self.assertLessEqual(few, 42)
        self.assertTrue(plan)

    def test_many_at_once(self):
        """Marking fifty measures done takes as many queries as marking ten."""
        counts = {}
        for number in (3, 10, 50):
            plan = self.small_plan(self.kz, self.active_case(self.kz), [{}] * number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.as_(self.kz, "class_teacher", plan.task_ids).action_done_today()
            self.env.flush_all()
            counts[number] = self.cr.sql_log_count - before
            self.assertEqual(set(plan.task_ids.mapped("state")), {"done"})
        self.assertLessEqual(counts[50], counts[10] + 1, counts)

    def test_approval(self):
        """Approving a plan of thirty measures costs few queries more than one of ten: occurrences are made at once."""
        counts = {}
        for number in (3, 10, 30):
            plan = self.draft(self.kz, self.active_case(self.kz))
            plan.measure_ids.unlink()
            kind = self.env["vshu.measure.type"].search([], limit=1)
            plan.write(
                {
                    "approval_number": "4",
                    "approval_date": "2026-10-14",
                    "measure_ids": [
                        (
                            0,
                            0,
                            {
                                "name": f"Мероприятие {n}",
                                "type_id": kind.id,
                                "employee_id": self.kz.employees["class_teacher"].id,
                                "date_due": "2026-10-20",
                                "repeat": "weekly",
                                "date_until": "2026-12-20",
                            },
                        )
                        for n in range(number)
                    ],
                }
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.as_(self.kz, "deputy_head", plan).action_approve()
            self.env.flush_all()
            counts[number] = self.cr.sql_log_count - before
            self.assertGreaterEqual(len(plan.task_ids), 9 * number)
        self.assertLessEqual(counts[30] - counts[10], 20, counts)
