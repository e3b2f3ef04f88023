"""Two schools never see each other's plans, by any channel."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.vshu_registry.tests.access_common import SECRET

from .access_common import PlanAccessCommon
from .test_access import MODELS

#: whoever has any role in the other school
STRANGERS = ("head", "psychologist", "class_teacher", "administrator", "plain")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanCompany(PlanAccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bag = cls.fill_plans(cls.kz)
        self = cls("setUp")
        student = cls.make_student(cls.ru, "Свой Ученик", cls.ru.class_a)
        cls.ru_case = self.active_case(cls.ru, student=student)
        cls.ru_plan = self.draft(cls.ru, cls.ru_case)
        shipped = cls.env["vshu.plan.template"].search([("company_id", "=", False)], limit=1)
        cls.template = shipped.copy({"company_id": cls.kz.company.id, "replaces_id": shipped.id, "name": SECRET})
        cls.kind = shipped.line_ids[0].type_id.copy({"company_id": cls.kz.company.id, "code": False, "name": SECRET})
        cls.rules = cls.kz.school.regulation_id._copy_for_company(cls.kz.company).plan_rule_ids
        for who in STRANGERS:
            cls.ru.users[who].group_ids += cls.env.ref("base.group_allow_export")

    def records_of(self, model):
        """Return all records of a model that belong to the Kazakh school."""
        if model == "vshu.plan.rule":
            return self.rules
        if not self.env[model]._transient:
            return self.env[model].search([("company_id", "=", self.kz.company.id)])
        vals = {
            "vshu.plan.mark": {"task_ids": [Command.set(self.bag.tasks["office"].ids)]},
            "vshu.plan.reason": {"action": "close", "plan_id": self.bag.plans["in_force"].id},
            "vshu.plan.petition": {"case_id": self.bag.cases["in_force"].id},
            "vshu.plan.figures": {},
        }[model]
        return self.as_(self.kz, "head", self.env[model]).create(vals).with_env(self.env)

    def nothing(self, function, *args):
        """Tell whether the call is refused or gives nothing."""
        try:
            with self.env.cr.savepoint():
                result = function(*args)
        except (AccessError, MissingError, UserError):
            self.env.invalidate_all()
            return True
        return not (result.get("records", result.get("datas", result)) if isinstance(result, dict) else result)

    def test_every_model(self):
        """Every model × every reader of another school × every way of reading: nothing."""
        for model in MODELS.keys() - {"vshu.measure.section"}:
            records = self.records_of(model)
            self.assertTrue(records, f"no record to test with: {model}")
            mine = [("id", "in", records.ids)]
            for who in STRANGERS:
                view, record = self.see(self.ru, who, self.env[model]), self.see(self.ru, who, records[0])
                for call in (
                    lambda v=view, d=mine: v.search(d),
                    lambda v=view, d=mine: v.search_count(d),
                    lambda v=view, d=mine: v.name_search("", d),
                    lambda v=view, d=mine: v.web_search_read(d, {"display_name": {}}),
                    lambda v=view, d=mine: [g for g in v.formatted_read_group(d, [], ["__count"]) if g["__count"]],
                    lambda r=record: r.read(["display_name"]),
                    lambda r=record: r.web_read({"create_date": {}}),
                    lambda r=record: r.export_data(["id", "display_name"]),
                    lambda r=record: r.has_access("write") or r.has_access("unlink"),
                ):
                    self.assertTrue(self.nothing(call), f"{model}: {who}")

    def test_paths(self):
        """Nothing of the other school is found by a path over records of one's own or of all schools."""
        word = ("ilike", SECRET)
        for who in ("head", "social_pedagogue", "psychologist", "administrator"):
            for model, name in (
                ("vshu.case", "plan_ids.measure_ids.name"),
                ("res.partner", "vshu_case_ids.plan_ids.goal_ids.name"),
                ("vshu.plan.template", "line_ids.type_id.name"),
                ("vshu.plan", "template_ids.name"),
                ("vshu.plan.task", "type_id.name"),
                ("vshu.agenda.item", "plan_id.goal_ids.name"),
                ("vshu.notice", "plan_id.goal_ids.name"),
            ):
                view = self.see(self.ru, who, self.env[model])
                self.assertTrue(self.nothing(view.search, [(name, *word)]), f"{who}: {model}.{name}")

    def test_no_link(self):
        """Nobody links an own record to one of another school, nor fills a form with one."""
        bag, plan = self.bag, self.bag.plans["in_force"]
        days = {"date_from": "2026-10-14", "date_to": "2026-12-31"}
        kind = self.env["vshu.measure.type"].search([("company_id", "=", False)], limit=1)
        quarter = {"date_from": "2026-04-01", "date_to": "2026-06-30"}
        student = {"student_id": self.ru_case.student_id.id, "kind_id": self.ref("intervention_kind_talk").id}
        creates = (
            ("vshu.plan", {"case_id": bag.cases["bare"].id, **days}),
            ("vshu.plan.goal", {"plan_id": bag.plans["draft"].id, "name": "…"}),
            ("vshu.plan.measure", {"plan_id": bag.plans["draft"].id, "name": "…", "type_id": kind.id}),
            ("vshu.plan.measure", {"plan_id": self.ru_plan.id, "name": "…", "type_id": self.kind.id}),
            (
                "vshu.plan.measure",
                {
                    "plan_id": self.ru_plan.id,
                    "name": "…",
                    "type_id": kind.id,
                    "employee_id": bag.employees["answers"].id,
                },
            ),
            ("vshu.plan.review", {"plan_id": plan.id, **quarter}),
            ("vshu.plan.mark", {"task_ids": [Command.set(bag.tasks["office"].ids)]}),
            ("vshu.plan.reason", {"action": "close", "plan_id": plan.id, "reason": "…"}),
            ("vshu.plan.petition", {"case_id": bag.cases["in_force"].id}),
            ("vshu.plan.figures", {"company_id": bag.company.id}),
            ("vshu.plan.template", {"name": "…", "company_id": bag.company.id}),
            ("vshu.plan.template.line", {"template_id": self.template.id, "name": "…", "type_id": kind.id}),
            ("vshu.measure.type", {"name": "…", "section_id": kind.section_id.id, "company_id": bag.company.id}),
            ("vshu.intervention", {**student, "text": "…", "task_id": bag.tasks["office"].id}),
        )
        for model, vals in creates:
            for who in ("head", "social_pedagogue"):
                with self.subTest(model=model, who=who):
                    self.assertFalse(self.may(self.see(self.ru, who, self.env[model]).create, dict(vals)))
        writes = (
            (self.ru_plan, {"template_ids": [Command.link(self.template.id)]}),
            (self.ru_plan, {"measure_ids": [Command.link(bag.plans["draft"].measure_ids[0].id)]}),
            (self.ru_plan, {"notice_ids": [Command.link(plan.notice_ids[0].id)]}),
            (self.ru_plan.measure_ids[0], {"type_id": self.kind.id}),
            (self.ru_plan.measure_ids[0], {"employee_id": bag.employees["answers"].id}),
        )
        for record, vals in writes:
            with self.subTest(record=record, vals=list(vals)):
                self.assertFalse(self.may(self.see(self.ru, "head", record).write, vals))

    def test_forms(self):
        """A form filled with ids of the other school tells nothing of it."""
        bag, plan = self.bag, self.bag.plans["in_force"]
        bag.plans["draft"].goal_ids.rating_start = False
        days = {"date_from": "2020-01-01", "date_to": "2020-01-02"}
        words = {"context": {"vshu_task_words": True}, "fields": {"display_name": {}}}
        for who in ("head", "administrator"):
            for key, model, values, spec in (
                (
                    "measures",
                    "vshu.plan",
                    {**days, "measure_ids": [Command.set(plan.measure_ids.ids)]},
                    {"problems_text": {}},
                ),
                (
                    "goals",
                    "vshu.plan",
                    {**days, "goal_ids": [Command.set(bag.plans["draft"].goal_ids.ids)]},
                    {"problems_text": {}},
                ),
                ("task", "vshu.intervention", {"task_id": bag.tasks["office"].id}, {"task_id": words}),
                ("case", "vshu.plan", {"case_id": bag.cases["in_force"].id}, {"case_state": {}}),
                ("item", "vshu.agenda.item", {"case_id": bag.cases["draft"].id, "topic": "progress"}, {"has_plan": {}}),
                (
                    "item about another plan",
                    "vshu.agenda.item",
                    {"case_id": self.ru_case.id, "plan_id": bag.plans["draft"].id, "approves_plan": True},
                    {"plan_problems": {}},
                ),
                ("figures", "vshu.plan.figures", {"company_id": bag.company.id}, {"table": {}}),
            ):
                with self.subTest(key, who=who):
                    view = self.see(self.ru, who, self.env[model])
                    try:
                        with self.env.cr.savepoint():
                            said = str(view.onchange(values, [], {**{name: {} for name in values}, **spec}))
                    except (AccessError, MissingError, UserError):
                        self.env.invalidate_all()
                        continue
                    for word in (SECRET, "'active'", "'has_plan': True", "<table"):
                        self.assertNotIn(word, said)

    def test_two_schools_of_one_user(self):
        """Whoever works in both schools drafts a plan of one from templates of that one, each in its own company."""
        user = self.ru.users["head"]
        user.company_ids += self.kz.company
        self.assertTrue(self.see(self.ru, "head", self.bag.plans["in_force"]).has_access("read"))
        one = self.bag.plans["in_force"].with_user(user).with_context(allowed_company_ids=self.ru.company.ids)
        self.assertFalse(one.has_access("read"), "not while logged in to the other one")
        both = self.see(self.ru, "head", self.ru_plan)
        template = self.env["vshu.plan.template"].create({"name": "…", "company_id": self.ru.company.id})
        line = {"template_id": template.id, "name": "…", "role_id": self.ref("role_head").id, "type_id": self.kind.id}
        lines = self.see(self.ru, "head", self.env["vshu.plan.template.line"])
        for name, function, vals in (
            ("template of a plan", both.write, {"template_ids": [Command.link(self.template.id)]}),
            ("kind of a measure", both.measure_ids[0].write, {"type_id": self.kind.id}),
            ("person of a measure", both.measure_ids[0].write, {"employee_id": self.kz.employees["answers"].id}),
            ("kind in a template", lines.create, line),
            ("template replaced", self.see(self.ru, "head", template).write, {"replaces_id": self.template.id}),
        ):
            with self.subTest(name):
                self.assertFalse(self.may(function, vals))
