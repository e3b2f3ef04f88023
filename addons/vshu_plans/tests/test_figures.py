"""Effectiveness and progress against figures counted by hand (RU-2.2, RU-13.3, KZ-23)."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.vshu_plans.tools.small_groups import merge_small
from odoo.addons.vshu_registry.tools.guard import guarded

from .common import PlansCommon


@tagged("post_install", "-at_install")
class TestSmallGroups(BaseCase):
    def rows(self, *sizes):
        return [
            {"label": chr(65 + n), "children": {(n, child) for child in range(size)}, "done": 10 * size}
            for n, size in enumerate(sizes)
        ]

    def labels(self, sizes, smallest=5):
        kept, merged = merge_small(self.rows(*sizes), smallest)
        return [row["label"] for row in kept], merged and (len(merged["children"]), merged["done"])

    def test_merging(self):
        """Small groups become one; where that is still small the next smallest joins, so that nothing can be
        subtracted; too few children altogether show nothing."""
        self.assertEqual(self.labels([6, 7]), (["A", "B"], None))
        self.assertEqual(self.labels([6, 2, 3, 7]), (["A", "D"], (5, 50)))
        self.assertEqual(self.labels([9, 2, 6]), (["A"], (8, 80)), "two alone would be read off the total")
        self.assertEqual(self.labels([2, 1]), ([], None))
        self.assertEqual(self.labels([0, 5]), (["B"], None))
        self.assertEqual(self.labels([1, 1, 3, 5]), (["D"], (5, 50)))

    def test_children_count_once(self):
        """A child with several plans counts once in a merged group."""
        rows = self.rows(3, 3)
        rows[1]["children"] = set(rows[0]["children"])
        kept, merged = merge_small([*rows, *self.rows(0, 0, 6)[2:]], 5)
        self.assertEqual((kept, len(merged["children"])), ([], 9))


#: what was counted by hand: ground of the case → [(day due, day done or None)] of its measures, rating at the end
TABLE = [
    # five children of one ground: 20 measures, 15 done, 11 of them in time
    ("kz_ground_18_5", [("10-15", "10-15"), ("10-16", "10-16"), ("10-19", "10-21"), ("10-20", None)], "4"),
    ("kz_ground_18_5", [("10-15", "10-14"), ("10-16", "10-16"), ("10-19", "10-19"), ("10-20", "10-20")], "4"),
    ("kz_ground_18_5", [("10-15", "10-15"), ("10-16", None), ("10-19", "10-22"), ("10-20", None)], "3"),
    ("kz_ground_18_5", [("10-15", "10-16"), ("10-16", "10-16"), ("10-19", "10-19"), ("10-20", None)], "2"),
    ("kz_ground_18_5", [("10-15", "10-19"), ("10-16", "10-16"), ("10-19", "10-19"), ("10-20", None)], False),
    # two children of a second ground and three of a third: shown together; 12 measures, 7 done, 6 in time
    ("kz_ground_18_1", [("10-15", "10-15"), ("10-16", None)], "4"),
    ("kz_ground_18_1", [("10-15", "10-15"), ("10-16", "10-16"), ("10-19", "10-20")], "3"),
    ("kz_ground_18_4", [("10-15", "10-15"), ("10-16", None)], "1"),
    ("kz_ground_18_4", [("10-15", "10-15"), ("10-16", None)], "2"),
    ("kz_ground_18_4", [("10-15", "10-15"), ("10-16", None), ("10-30", None)], False),
]


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanFigures(PlansCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls("setUp")
        cls.plans = cls.env["vshu.plan"]
        types = cls.env["vshu.measure.type"].search([("company_id", "=", False)])
        for number, (ground, measures, rating) in enumerate(TABLE):
            case = self.active_case(cls.kz, ground, self.make_student(cls.kz, f"Скрытое Имя {number}", cls.kz.class_a))
            plan = self.small_plan(
                cls.kz,
                case,
                # the first measure of each is of one kind, the others of another
                [
                    {"date_due": f"2026-{due}", "type_id": types[0 if n == 0 else 1].id}
                    for n, (due, _done) in enumerate(measures)
                ],
            )
            cls.plans |= plan
            with freeze_time("2026-10-25 06:00:00"):
                for task, (_due, done) in zip(plan.task_ids.sorted("date_due"), measures, strict=True):
                    if done:
                        self.done(task, date.fromisoformat(f"2026-{done}"))
                if rating:
                    guarded(plan.goal_ids).write({"rating_end": rating, "reason_end": "…"})
        cls.types = types

    def figures(self, role="deputy_head", bag=None, **vals):
        bag = bag or self.kz
        return (
            self.as_(bag, role, self.env["vshu.plan.figures"])
            .with_company(bag.company)
            .create({"company_id": bag.company.id, "date_from": "2026-09-01", "date_to": "2026-12-31", **vals})
        )

    def test_by_hand(self):
        """Thirty-two measures of ten children, counted by hand (acceptance 5)."""
        with freeze_time("2026-10-25 06:00:00"):
            rows = self.figures()._rows()
        total = rows["total"]
        # the measure of 30 October is still to come: 31 of 32 count
        self.assertEqual((total["children"], total["plans"], total["measures"]), (10, 10, 31))
        self.assertEqual((total["done"], total["in_time"]), (22, 17))
        # start is 2 everywhere: 4, 4, 3, 4, 3 are nearer; three are reached; eight are rated twice
        self.assertEqual((total["goals"], total["improved"], total["reached"]), (8, 5, 3))
        first, others = rows["ground"]
        self.assertEqual(first["label"], self.ref("kz_ground_18_5").display_name)
        self.assertEqual((first["children"], first["measures"], first["done"], first["in_time"]), (5, 20, 15, 11))
        self.assertEqual((first["in_time_share"], first["improved_share"]), (55, 75))
        self.assertEqual((others["children"], others["measures"], others["done"], others["in_time"]), (5, 11, 7, 6))
        self.assertEqual((others["goals"], others["improved"], others["reached"]), (4, 2, 1))
        self.assertEqual(others["label"], "Others, shown together")
        by_kind = {row["label"]: row for row in rows["kind"]}
        first_kind = by_kind[self.types[0].display_name]
        self.assertEqual((first_kind["children"], first_kind["measures"], first_kind["done"]), (10, 10, 10))
        self.assertEqual(first_kind["in_time"], 8)
        self.assertEqual(by_kind[self.types[1].display_name]["measures"], 21)

    def test_progress_by_hand(self):
        """The rings of the plans, and what is late on the day."""
        with freeze_time("2026-10-25 06:00:00"):
            self.env.invalidate_all()
            found = [
                (p.task_count, p.task_done, p.task_in_time, p.task_late, p.progress, p.in_time_share)
                for p in self.plans
            ]
        self.assertEqual(
            found,
            [
                (4, 3, 2, 1, 75, 50),
                (4, 4, 4, 0, 100, 100),
                (4, 2, 1, 2, 50, 25),
                (4, 3, 2, 1, 75, 50),
                (4, 3, 2, 1, 75, 50),
                (2, 1, 1, 1, 50, 50),
                (3, 3, 2, 0, 100, 67),
                (2, 1, 1, 1, 50, 50),
                (2, 1, 1, 1, 50, 50),
                (3, 1, 1, 1, 33, 50),
            ],
        )

    def test_period(self):
        """Only what was due or done in the period."""
        with freeze_time("2026-10-25 06:00:00"):
            rows = self.figures(date_from="2026-10-19", date_to="2026-10-31")._rows()
        # due from the 19th: 10 of the first ground, 1 of the others; done since then of what was due before: 1
        self.assertEqual(rows["total"]["measures"], 12)

    def test_without_names(self):
        """Neither a name nor a group of few children; no ranking: the order is that of the regulation (KZ-23)."""
        with freeze_time("2026-10-25 06:00:00"):
            figures = self.figures()
            for text in (figures.table, str(figures._rows())):
                self.assertNotIn("Скрытое", text)
                self.assertNotIn(self.ref("kz_ground_18_1").display_name, text)
            for row in figures._rows()["ground"] + figures._rows()["kind"]:
                self.assertGreaterEqual(row["children"], 5)

    def test_too_few(self):
        """A school with fewer children than the rule says shows nothing."""
        case = self.active_case(self.ru)
        self.small_plan(self.ru, case, [{"employee_id": self.ru.employees["class_teacher"].id}])
        figures = self.figures(bag=self.ru)
        self.assertEqual((figures._rows()["total"], figures._rows()["ground"]), (False, []))
        self.assertIn("too few children", figures.table)

    def test_rule_is_data(self):
        """Where the school's own version says three, groups of three are shown."""
        regulation = self.kz.school.regulation_id
        rule = regulation.plan_rule_ids.filtered(lambda r: r.matter == "small_group")
        rule.write({"number": 3})
        with freeze_time("2026-10-25 06:00:00"):
            rows = self.figures()._rows()["ground"]
        self.assertEqual(len(rows), 2)
        rule.write({"number": 2})
        with freeze_time("2026-10-25 06:00:00"):
            self.assertEqual(len(self.figures()._rows()["ground"]), 3)

    def test_rights(self):
        """Psychologist, social pedagogue, deputy head, head; nobody else, and no other school's figures."""
        for role in ("psychologist", "social_pedagogue", "deputy_head", "head"):
            self.assertTrue(self.figures(role).table, role)
        for role in ("class_teacher", "subject_teacher"):
            with self.refused(AccessError, "are read by psychologist"):
                self.figures(role)
        with self.refused(AccessError, ""):
            self.figures("administrator")
        with self.refused(AccessError, ""):
            self.figures(company_id=self.ru.company.id)
        with self.refused(UserError, "comes before the first"):
            self.figures(date_to="2026-08-01")
