"""Kinds of measures, templates and rules as they ship (KZ-14, KZ-15, RU-N5.3, RU-N6)."""

from datetime import timedelta
from itertools import combinations

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PlansCommon

#: the kinds that KZ-14 lists, in its order
KZ_14 = {
    "psych_support",
    "attendance",
    "extra_lessons",
    "arrears",
    "pmpc",
    "talks",
    "lesson_visits",
    "behaviour",
    "new_skills",
    "leisure",
    "parents",
    "fund",
    "bodies",
}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanCatalog(PlansCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = cls.env["vshu.measure.type"].search([("company_id", "=", False)])
        cls.templates = cls.env["vshu.plan.template"].search([("company_id", "=", False)])

    def test_kinds_of_the_clauses(self):
        """All thirteen of KZ-14, and what RU-N5.3 and RU-N6 ask for."""
        of_kz = self.types.filtered(lambda t: "KZ-14" in (t.clause or ""))
        self.assertEqual(len(of_kz), len(KZ_14), of_kz.mapped("code"))
        clauses = " ".join(self.types.mapped("clause"))
        for clause in ("RU-N5.3", "RU-N6.1", "RU-N6.2", "RU-N6.3", "RU-N6.4", "RU-N6.5", "RU-N6.6"):
            self.assertIn(clause, clauses)
        self.assertTrue(all(self.types.mapped("section_id")))
        for lang in ("ru_RU", "kk_KZ"):
            for kind in self.types.with_context(lang=lang):
                self.assertNotEqual(kind.name, kind.with_context(lang="en_US").name, lang)

    def test_kinds_in_the_words_of_the_order(self):
        """The Kazakh and Russian names are those of KZ-14 and of the school's practice."""
        names = {
            "ru_RU": ("Контроль посещаемости занятий", "Дополнительный график занятий", "Посещение уроков"),
            "kk_KZ": ("Сабаққа қатысуын бақылау", "Сабақтардың қосымша кестесі", "Ата-анамен жұмыс"),
        }
        for lang, words in names.items():
            found = self.types.with_context(lang=lang).mapped("name")
            for word in words:
                self.assertTrue([name for name in found if word.lower() in name.lower()], (word, found))

    def test_templates(self):
        """Twelve to fifteen templates of six to ten concrete measures with role, day and result; any two share less
        than half of their kinds."""
        self.assertIn(len(self.templates), range(12, 16))
        for template in self.templates:
            self.assertIn(len(template.line_ids), range(6, 11), template.code)
            self.assertTrue(template.goal_ids, template.code)
            self.assertTrue(all(template.goal_ids.mapped("cause")), template.code)
            self.assertTrue(all(line.result and line.role_id for line in template.line_ids), template.code)
            self.assertGreaterEqual(len(set(template.line_ids.mapped("timing"))), 3, template.code)
            self.assertEqual(len(set(template.ground_ids.mapped("subject"))), 1, template.code)
        for first, second in combinations(self.templates, 2):
            shared = first.line_ids.type_id & second.line_ids.type_id
            smaller = min(len(first.line_ids.type_id), len(second.line_ids.type_id))
            self.assertLess(2 * len(shared), smaller, (first.code, second.code))
        names = self.templates.line_ids.mapped("name")
        self.assertEqual(len(names), len(set(names)))

    def test_each_ground_has_a_template(self):
        """Every ground of both regulations as they ship."""
        grounds = self.env["vshu.ground"].search([("regulation_id.shipped", "=", True)])
        self.assertGreaterEqual(len(grounds), 30)
        self.assertFalse(grounds - self.templates.ground_ids)

    def test_each_ground_gives_a_plan(self):
        """For each ground the templates give a plan whose every measure has a person and days, working days of the
        school within the plan (KZ-15)."""
        for bag in (self.kz, self.ru):
            self.add_exceptions(bag, off=["2026-11-09", "2026-11-10"], work=["2026-11-14"])
            for ground in self.grounds(bag.school.regulation_id):
                with self.subTest(ground=ground.code), self.env.cr.savepoint() as savepoint:
                    plan = self.plan_for(bag, ground)
                    self.assertTrue(plan.goal_ids)
                    self.assertGreaterEqual(len(plan.measure_ids), 6)
                    calendar = bag.school._calendar(plan.date_from, plan.date_to)
                    for measure in plan.measure_ids:
                        self.assertFalse(measure._problems(), measure.name)
                        days = measure._days(calendar)
                        self.assertTrue(days)
                        self.assertEqual(len(days), len(set(days)))
                        for day in days:
                            self.assertTrue(plan.date_from <= day <= plan.date_to, (measure.name, day))
                            self.assertTrue(calendar.is_working(day), (measure.name, day))
                    savepoint.rollback()
                self.env.invalidate_all()

    def grounds(self, regulation):
        return self.env["vshu.ground"].search([("regulation_id", "=", regulation.id)])

    def plan_for(self, bag, ground):
        """Return the draft of a plan for a case on ``ground``."""
        vals = {"company_id": bag.company.id, "kind": ground.kind, "subject": ground.subject, "ground_id": ground.id}
        if ground.subject == "student":
            vals["student_id"] = self.make_student(bag, "Ученик", bag.class_a).id
        else:
            vals["family_id"] = self.env["vshu.family"].create({"name": "Семья", "company_id": bag.company.id}).id
        case = self.as_(bag, "social_pedagogue", self.env["vshu.case"]).create(vals)
        action = self.as_(bag, "social_pedagogue", case).action_draft_plan()
        return self.env["vshu.plan"].browse(action["res_id"])

    def test_days(self):
        """Once, before the end, every so many weeks and months: rolled to working days, never out of the plan."""
        case = self.active_case(self.kz)
        plan = self.draft(self.kz, case)
        calendar = self.kz.school._calendar(plan.date_from, plan.date_to)
        line = self.env["vshu.plan.template.line"].new({"timing": "once", "days": 3, "every": 1})
        self.assertEqual(plan._due_days(calendar, line)[0].isoformat(), "2026-10-19", "Saturday goes to Monday")
        line.update({"timing": "end", "days": 4})
        self.assertEqual(plan.date_to.isoformat(), "2027-01-14")
        self.assertEqual(plan._due_days(calendar, line)[0].isoformat(), "2027-01-08", "Sunday goes back to Friday")
        line.update({"timing": "weekly", "days": 0, "every": 2})
        days = plan._due_days(calendar, line)
        self.assertEqual(days[:2], [plan.date_from, plan.date_from + timedelta(days=14)])
        line.update({"timing": "monthly", "days": 1, "every": 1})
        self.assertEqual(
            [day.isoformat() for day in plan._due_days(calendar, line)], ["2026-10-15", "2026-11-16", "2026-12-15"]
        )
        line.update({"timing": "once", "days": 400})
        self.assertLessEqual(plan._due_days(calendar, line)[0], plan.date_to)

    def test_own_version(self):
        """A school makes its own version, used in the place of the shipped one, which is read-only."""
        template = self.env.ref("vshu_plans.template_absence")
        own = self.as_(self.kz, "social_pedagogue", template)
        for change in (
            lambda: own.write({"name": "…"}),
            lambda: own.line_ids[0].write({"days": 3}),
            lambda: own.line_ids[0].unlink(),
            lambda: own.goal_ids.create({"template_id": template.id, "name": "…"}),
        ):
            with self.refused(UserError, "comes with the program"):
                change()
        copy = self.env["vshu.plan.template"].browse(own.action_make_own()["res_id"])
        self.assertEqual(copy.company_id, self.kz.company)
        self.assertEqual(len(copy.line_ids), len(template.line_ids))
        self.as_(self.kz, "social_pedagogue", copy).line_ids[0].write({"name": "Своя мера"})
        used = self.env["vshu.plan.template"]._for_grounds(self.kz.company, self.ref("kz_ground_18_5"))
        self.assertIn(copy, used)
        self.assertNotIn(template, used)
        other = self.env["vshu.plan.template"]._for_grounds(self.ru.company, self.ref("ru_ground_6_1_1"))
        self.assertIn(template, other)
        with self.refused(UserError, "own version of"):
            own.action_make_own()
        with self.refused(AccessError, ""):
            self.as_(self.kz, "class_teacher", template).action_make_own()

    def test_own_regulation(self):
        """Grounds of a school's own version of the regulation count by their code."""
        copy = self.env["vshu.regulation"].browse(
            self.as_(self.kz, "administrator", self.kz.school.regulation_id).action_make_own_version()["res_id"]
        )
        ground = self.grounds(copy).filtered(lambda g: g.code == "18.5")
        found = self.env["vshu.plan.template"]._for_grounds(self.kz.company, ground)
        self.assertIn(self.env.ref("vshu_plans.template_absence"), found)
        self.assertEqual(len(copy.plan_rule_ids), len(self.kz.school.regulation_id.plan_rule_ids))

    def test_rules(self):
        """What the regulations say of plans, and what is practice."""
        kz, ru = self.kz.school.regulation_id, self.ru.school.regulation_id
        self.assertEqual(
            (kz._plan_rule("approval")["by_council"], kz._plan_clause("approval")), (True, self.cited("KZ-12"))
        )
        self.assertFalse(ru._plan_rule("approval")["by_council"])
        self.assertEqual((ru._plan_rule("review")["months"], ru._plan_clause("review")), (3, self.cited("RU-5.4")))
        self.assertEqual(kz._plan_clause("review"), "school's practice")
        for regulation in (kz, ru):
            self.assertEqual(regulation._plan_rule("small_group")["number"], 5)
            self.assertTrue(regulation._plan_rule("overdue")["days"])

    def test_own_kind(self):
        """A school adds its own kinds of measures; used ones are archived, not deleted."""
        kinds = self.as_(self.kz, "administrator", self.env["vshu.measure.type"])
        kind = kinds.create({"name": "Иппотерапия", "section_id": self.types[0].section_id.id})
        with self.refused(UserError, "comes with the program"):
            kinds.browse(self.types[0].id).write({"name": "…"})
        with self.refused(UserError, "comes with the program"):
            kinds.create({"name": "…", "section_id": self.types[0].section_id.id, "company_id": False})
        plan = self.small_plan(self.kz, self.active_case(self.kz), [{"type_id": kind.id}])
        self.assertEqual(plan.measure_ids.type_id, kind.sudo())
        with self.refused(UserError, "archive it"):
            kind.unlink()
