"""Every model of plans × everybody × every operation; records in every state × everybody; forging; what is sealed."""

from freezegun import freeze_time
from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.vshu_registry.tests.access_common import SECRET
from odoo.addons.vshu_registry.tests.common import slow
from odoo.addons.vshu_registry.tools.guard import guarded

from .access_common import (
    KEEPERS,
    OFFICE,
    OUTSIDERS,
    READERS,
    SCHOOL_READERS,
    SEALED_WORD,
    WRITERS,
    PlanAccessCommon,
)

OPERATIONS = {"r": "read", "c": "create", "w": "write", "u": "unlink"}
#: model → (what all staff have, the office, the administrator) before any rule narrows it
CATALOG = ("r", "rcwu", "rcwu")
WORK = ("rcwu", "rcwu", "")
DIALOG = ("rcw", "rcw", "")
MODELS = {
    "vshu.measure.section": ("r", "r", "r"),
    "vshu.measure.type": CATALOG,
    "vshu.plan.template": CATALOG,
    "vshu.plan.template.goal": CATALOG,
    "vshu.plan.template.line": CATALOG,
    "vshu.plan.rule": ("r", "r", "rcwu"),
    "vshu.plan": WORK,
    "vshu.plan.goal": WORK,
    "vshu.plan.measure": WORK,
    "vshu.plan.task": ("r", "r", ""),
    "vshu.plan.review": ("rcw", "rcw", ""),
    "vshu.plan.mark": DIALOG,
    "vshu.plan.reason": DIALOG,
    "vshu.plan.petition": DIALOG,
    "vshu.plan.figures": DIALOG,
}
#: how far a goal is, as it is written while the plan runs
RATED = {"rating_end": "4", "reason_end": "…"}


def everyone(operations, *groups, **roles):
    """Return {who: operations} for the people of ``groups`` (tuples) and ``roles``."""
    return {**{who: operations for group in groups for who in group}, **roles}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanAccess(PlanAccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bag = cls.fill_plans(cls.kz)

    def test_table_is_complete(self):
        """Every model of the addon is in the table; those without records have no rights at all."""
        own = {name for name, cls in self.env.registry.items() if cls._original_module == "vshu_plans"}
        abstract = {name for name in own if self.env.registry[name]._abstract}
        self.assertEqual(own - abstract, MODELS.keys())
        self.assertFalse(self.env["ir.model.access"].search([("model_id.model", "in", list(abstract))]))

    def test_own_models_have_rules(self):
        """Whatever holds a school, and every dialog, is kept apart by a global rule."""
        ruled = set(self.env["ir.rule"].search([("groups", "=", False)]).mapped("model_id.model"))
        self.assertEqual({model for model in MODELS if model not in ruled}, {"vshu.measure.section"})

    def test_model_rights(self):
        """Model × everybody × operation, as the access rights have it."""
        for model, (staff, office, administrator) in MODELS.items():
            table = {**everyone("", OUTSIDERS), **everyone(office, OFFICE), "administrator": administrator}
            for who in self.everybody:
                view = self.see(self.bag, who, self.env[model])
                found = "".join(letter for letter, name in OPERATIONS.items() if view.has_access(name))
                self.assertEqual(found, table.get(who, staff), f"{model}: {who}")

    def check(self, records, table, *writes, people=None):
        """Find, read, delete and change ``records`` as ``people``, everybody by default, as ``table`` says ("r", "ru").

        :param writes: pairs of values and the people who may write them
        """
        wrong = []
        for who in people or self.everybody:
            view = self.see(self.bag, who, records)
            # a refused method may come from a message, a refused search only from the rules
            listed = view.browse().has_access("read") and bool(view.search([("id", "in", records.ids)]))
            found = "r" if view.has_access("read") and self.may(view.read, ["display_name", "create_date"]) else ""
            if listed != bool(found):
                wrong.append((who, "search", listed))
            if view.has_access("unlink") and self.may(view.unlink):
                found += "u"
            if found != table.get(who, ""):
                wrong.append((who, found, table.get(who, "")))
            writes_here = view.has_access("write")
            for vals, people in writes:
                if (writes_here and self.may(view.write, vals)) != (who in people):
                    wrong.append((who, "write", vals))
        self.assertFalse(wrong, records)

    def check_create(self, model, vals, allowed=(), people=None):
        """Make a record as ``people``, everybody by default; ``allowed`` may, and nobody else."""
        found = set()
        for who in people or self.everybody:
            if self.may(self.see(self.bag, who, self.env[model]).create, dict(vals)):
                found.add(who)
        self.assertEqual(found, set(allowed), model)

    # -- plans and what they consist of -------------------------------------------------------------------------------

    def test_draft(self):
        """A draft and its parts are changed and deleted by curator and office, read by whoever reads the case."""
        plan = self.bag.plans["draft"]
        table = everyone("r", READERS) | everyone("ru", WRITERS)
        self.check(plan, table, ({"date_to": "2026-12-31"}, WRITERS), ({"approval_number": "5"}, WRITERS))
        self.check(plan.goal_ids, table, ({"name": "…"}, WRITERS), (RATED, ()))
        self.check(plan.measure_ids[0], table, ({"name": "…"}, WRITERS))

    def test_approved(self):
        """What was approved is changed by nobody; how far its goals are is written by curator and office."""
        plan = self.bag.plans["in_force"]
        table = everyone("r", READERS)
        self.check(plan, table, ({"date_to": "2026-12-31"}, ()), ({"approval_number": "5"}, ()))
        self.check(plan.goal_ids, table, ({"name": "…"}, ()), ({**RATED, "cause": "…"}, ()), (RATED, WRITERS))
        self.check(plan.measure_ids[0], table, ({"name": "…"}, ()))

    def test_replaced_and_ended(self):
        """Earlier versions and closed plans of an open case are read as the others, and changed by nobody."""
        for name, raters in (("replaced", ()), ("ended", WRITERS)):
            plan = self.bag.plans[name]
            self.check(plan, everyone("r", READERS), ({"date_to": "2026-12-31"}, ()))
            self.check(plan.goal_ids, everyone("r", READERS), (RATED, raters))

    def test_case_is_over(self):
        """A clean slate: class teacher, curator and who answered read nothing of a case that is over."""
        bag = self.bag
        plan = bag.plans["over"]
        table = everyone("r", SCHOOL_READERS)
        self.check(plan, table, ({"date_to": "2026-12-31"}, ()))
        self.check(plan.goal_ids, table, ({"name": "…"}, ()), (RATED, KEEPERS))
        self.check(plan.measure_ids, table, ({"name": "…"}, ()))
        self.check(plan.task_ids, table, ({"note": "…"}, ()))
        self.check(bag.reviews["over"], table, ({"conclusion_text": "…"}, ()))

    def test_council(self):
        """Members of the council read plan, goals, measures, tasks while the case is on their agenda; no reviews."""
        bag = self.bag
        plan, draft = bag.plans["council"], bag.plans["council_draft"]
        readers = everyone("r", READERS, ("member_a",))
        self.check(draft, readers | everyone("ru", WRITERS), ({"date_to": "2026-12-31"}, WRITERS))
        office = plan.task_ids.filtered(lambda task: task.measure_id.others == "office")
        for records in (plan, office):
            self.check(records, readers)
        for records in (plan.goal_ids, plan.measure_ids[0]):
            self.check(records, readers, people=("member_a", "answers", "class_teacher_b"))
        self.check(bag.reviews["council"], everyone("r", READERS), ({"conclusion_text": "…"}, WRITERS))
        self.assertFalse(self.see(bag, "member_a", bag.plans["in_force"]).has_access("read"), "another case")
        for change in (
            lambda: guarded(bag.meeting).write({"open_until": "2026-10-13"}),
            lambda: guarded(bag.item).write({"state": "withdrawn"}),
        ):
            with self.env.cr.savepoint() as savepoint:
                change()
                for records in (plan, plan.goal_ids, plan.measure_ids[0], office):
                    self.assertFalse(self.see(bag, "member_a", records).has_access("read"), records)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_task(self):
        """Who answers for a measure reads their own tasks, the case or not; nobody writes, makes or deletes any."""
        bag = self.bag
        for name in ("answers", "done", "office"):
            task = bag.tasks[name]
            mine = ("answers",) if name in ("answers", "done") else ()
            self.check(task, everyone("r", READERS, mine), ({"note": "…"}, ()))
        self.assertEqual(
            self.see(bag, "answers", self.env["vshu.plan.task"]).search([("case_id", "=", bag.cases["in_force"].id)]),
            bag.tasks["answers"] | bag.tasks["done"],
        )
        values = {"measure_id": bag.plans["in_force"].measure_ids[0].id, "plan_id": bag.plans["in_force"].id}
        values.update(name="…", employee_id=bag.employees["answers"].id, date_due="2026-11-10")
        self.check_create("vshu.plan.task", values)
        for who in WRITERS:
            plan = self.see(bag, who, bag.plans["draft"])
            self.assertFalse(self.may(plan.write, {"task_ids": [Command.create(values)]}), who)
            update = {"task_ids": [Command.update(bag.tasks["office"].id, {"state": "done"})]}
            self.assertFalse(self.may(plan.write, update), who)

    def test_review(self):
        """A review is written by curator and office until it is concluded, deleted by nobody."""
        bag = self.bag
        goals = {"goal_ids": [Command.update(bag.plans["in_force"].goal_ids.id, RATED)]}
        texts = ("measures_text", "work_text", "study_text", "characteristic_text", "conclusion_text")
        table = everyone("r", READERS)
        self.check(bag.reviews["open"], table, ({"conclusion_text": "…"}, WRITERS), (goals, WRITERS))
        words = [({name: "…"}, ()) for name in texts]
        self.check(bag.reviews["done"], table, *words, ({"conclusion": "removal"}, ()), people=WRITERS)
        quarter = {"date_from": "2026-01-01", "date_to": "2026-03-31"}
        self.check_create("vshu.plan.review", {"plan_id": bag.plans["in_force"].id, **quarter}, WRITERS)
        self.check_create("vshu.plan.review", {"plan_id": bag.plans["over"].id, **quarter}, people=WRITERS)

    def test_create(self):
        """Drafted for an open case by curator and office; parts are added to drafts only, by no detour to others."""
        bag = self.bag
        days = {"date_from": "2026-10-14", "date_to": "2026-12-31"}
        self.check_create("vshu.plan", {"case_id": bag.cases["bare"].id, **days}, WRITERS)
        self.check_create("vshu.plan", {"case_id": bag.cases["over"].id, **days}, people=WRITERS)
        self.check_create("vshu.plan", {"case_id": bag.cases["in_force"].id, **days}, people=WRITERS)
        kind = self.env["vshu.measure.type"].search([], limit=1).id
        parts = {"vshu.plan.goal": {"name": "…"}, "vshu.plan.measure": {"name": "…", "type_id": kind}}
        for model, vals in parts.items():
            self.check_create(model, {"plan_id": bag.plans["draft"].id, **vals}, WRITERS)
            for name in ("in_force", "over"):
                self.check_create(model, {"plan_id": bag.plans[name].id, **vals}, people=WRITERS)
        for part in (bag.plans["draft"].goal_ids, bag.plans["draft"].measure_ids[0]):
            for who in WRITERS:
                view = self.see(bag, who, part)
                self.assertFalse(self.may(view.write, {"plan_id": bag.plans["in_force"].id}), who)
        field = {"vshu.plan.goal": "goal_ids", "vshu.plan.measure": "measure_ids"}
        for part in (bag.plans["in_force"].goal_ids, bag.plans["in_force"].measure_ids[0]):
            for who in WRITERS:
                draft = self.see(bag, who, bag.plans["draft"])
                self.assertFalse(self.may(draft.write, {field[part._name]: [Command.link(part.id)]}), who)

    def test_decided_draft(self):
        """What the council has decided on waits for its minutes unchanged."""
        bag = self.bag
        guarded(bag.item).write({"state": "decided", "kind_id": self.kind("kz_kind_note").id})
        self.assertEqual(bag.item.plan_id, bag.plans["council_draft"])
        draft = bag.plans["council_draft"]
        readers = everyone("r", READERS, ("member_a",))
        self.check(draft, readers, ({"date_to": "2026-12-31"}, ()), people=(*WRITERS, "member_a"))
        self.check(draft.measure_ids[0], readers, ({"name": "…"}, ()), people=(*WRITERS, "member_a"))
        self.check(draft.goal_ids, readers, ({"name": "…"}, ()), people=(*WRITERS, "member_a"))

    # -- catalogues ---------------------------------------------------------------------------------------------------

    @slow
    def test_catalogues(self):
        """Templates and kinds: read by staff, own ones kept by office and administrator, shipped ones by nobody."""
        bag = self.bag
        staff = set(self.everybody) - set(OUTSIDERS)
        keepers = (*OFFICE, "administrator")
        shipped = self.env["vshu.plan.template"].search([("company_id", "=", False)], limit=1)
        own = shipped.copy({"company_id": bag.company.id, "replaces_id": shipped.id})
        kind = self.env["vshu.measure.type"].search([("company_id", "=", False)], limit=1)
        mine = kind.copy({"company_id": bag.company.id, "code": False})
        self.check(self.env["vshu.measure.section"].search([], limit=1), everyone("r", staff), ({"name": "…"}, ()))
        for records, vals in (
            (shipped, {"description": "…"}),
            (shipped.line_ids[0], {"days": 3}),
            (kind, {"name": "…"}),
        ):
            self.check(records, everyone("r", staff), (vals, ()))
        for records, vals in (
            (own, {"description": "…"}),
            (own.goal_ids[0], {"cause": "…"}),
            (mine, {"name": "…"}),
        ):
            self.check(records, everyone("r", staff) | everyone("ru", keepers), (vals, keepers))
            for who in keepers:
                view = self.see(bag, who, records)
                if "template_id" in records._fields:
                    self.assertFalse(self.may(view.write, {"template_id": shipped.id}), who)
                    continue
                for company in (False, self.ru.company.id):
                    self.assertFalse(self.may(view.write, {"company_id": company}), f"{who}: {company}")
        self.check_create("vshu.measure.type", {"name": "…", "section_id": kind.section_id.id}, keepers)
        self.check_create("vshu.measure.type", {"name": "…", "section_id": kind.section_id.id, "company_id": False})
        self.check_create("vshu.plan.template", {"name": "…"}, keepers)
        self.check_create("vshu.plan.template", {"name": "…", "company_id": False})
        self.check_create("vshu.plan.template.goal", {"template_id": own.id, "name": "…"}, keepers)
        self.check_create("vshu.plan.template.goal", {"template_id": shipped.id, "name": "…"})

    def test_translations(self):
        """The dialog of translations changes nothing that ships with the program."""
        template = self.env["vshu.plan.template"].search([("company_id", "=", False)], limit=1)
        kind = self.env["vshu.measure.type"].search([("company_id", "=", False)], limit=1)
        for records in (template, template.goal_ids[0], template.line_ids[0], kind):
            for who in (*OFFICE, "administrator"):
                view = self.see(self.bag, who, records)
                self.assertFalse(self.may(view.update_field_translations, "name", {"ru_RU": "…"}), f"{records}: {who}")

    def test_rules(self):
        """Rules on plans: the shipped ones are changed by nobody, those of an own version by the administrator."""
        bag = self.bag
        staff = set(self.everybody) - set(OUTSIDERS)
        shipped = bag.school.regulation_id.plan_rule_ids.filtered(lambda rule: rule.matter == "small_group")
        self.check(shipped, everyone("r", staff), ({"number": 1}, ()))
        own = bag.school.regulation_id._copy_for_company(bag.company)
        rule = own.plan_rule_ids.filtered(lambda rule: rule.matter == "small_group")
        self.assertTrue(rule)
        self.check(rule, everyone("r", staff, administrator="ru"), ({"number": 3}, ("administrator",)))
        vals = {"name": "…", "code": "x", "matter": "small_group", "active": False}
        self.check_create("vshu.plan.rule", {**vals, "regulation_id": own.id}, ("administrator",))
        self.check_create("vshu.plan.rule", {**vals, "regulation_id": bag.school.regulation_id.id})

    # -- dates --------------------------------------------------------------------------------------------------------

    def test_ends_with_the_dates(self):
        """Class teacher and stand-ins lose the plan on the day after their last one, the curator with the office."""
        bag = self.bag
        plan, task, review = bag.plans["in_force"], bag.tasks["office"], bag.reviews["open"]
        standins = tuple(who for who in self.everybody if who.startswith("standin_"))
        bag.class_a.teacher_ids.date_to = "2026-10-14"
        bag.cases["in_force"].curator_id = bag.employees["answers"]
        for who in (*standins, "class_teacher", "curator"):
            with freeze_time("2026-10-15 06:00:00"):
                for records in (plan, plan.goal_ids, plan.measure_ids, task, review):
                    self.assertFalse(self.see(bag, who, records).has_access("read"), f"{records}: {who}")
                    self.assertFalse(self.see(bag, who, records).search([("id", "in", records.ids)]), who)
        self.assertTrue(self.see(bag, "answers", plan).has_access("read"), "the curator of now")

    # -- forging ------------------------------------------------------------------------------------------------------

    def test_guarded_fields(self):
        """What only actions write is forged by no write, no create, no default."""
        bag = self.bag
        task_fields = (
            "state",
            "date_done",
            "done_by_id",
            "outcome",
            "note",
            "employee_id",
            "user_id",
            "told",
            "plan_id",
        )
        targets = [(bag.plans["draft"], name) for name in bag.plans["draft"]._guarded_fields]
        targets += [(bag.plans["in_force"], name) for name in ("state", "version", "root_id", "company_id", "task_ids")]
        targets += [(bag.reviews["open"], name) for name in bag.reviews["open"]._guarded_fields]
        targets += [(bag.reviews["open"], name) for name in ("plan_id", "date_to", "case_id", "company_id")]
        targets += [(bag.tasks["office"], name) for name in task_fields]
        draft = bag.plans["council_draft"]
        targets += [(part[0], "origin_id") for part in (draft.goal_ids, draft.measure_ids)]
        targets += [(draft.goal_ids, name) for name in ("change", "reached", "case_id", "company_id")]
        targets += [(bag.plans["in_force"].notice_ids[0], "plan_id")]
        for record, name in targets:
            value = self.forged(record, name)
            for who in ("head", "curator"):
                with self.subTest(f"{record._name}.{name}", who=who):
                    self.assertFalse(self.may(self.see(bag, who, record).write, {name: value}))

    def forged(self, record, name):
        """Return another value of the field, one that the user may read where it is a link."""
        field = record._fields[name]
        if field.type == "selection":
            return next(value for value in field.get_values(self.env)[::-1] if value != record[name])
        if field.type in ("date", "datetime"):
            return "2026-10-13"
        if field.type == "many2one":
            known = {
                "vshu.plan": self.bag.plans["second"],
                "vshu.case": self.bag.cases["bare"],
                "vshu.agenda.item": self.bag.item,
                "vshu.plan.goal": self.bag.plans["second"].goal_ids,
                "vshu.plan.measure": self.bag.plans["second"].measure_ids[0],
                "hr.employee": self.bag.employees["curator"],
                "res.users": self.bag.users["curator"],
                "res.company": self.ru.company,
            }
            return known[field.comodel_name].id
        if field.type == "one2many":
            return [Command.unlink(record[name][:1].id)]
        return {"integer": 7, "boolean": not record[name], "text": "…", "char": "…"}[field.type]

    def test_forged_at_creation(self):
        """Values and defaults of guarded fields make no plan in force, no concluded review, no line of another."""
        bag = self.bag
        days = {"date_from": "2026-01-01", "date_to": "2026-03-31"}
        second = bag.plans["second"]
        kind = second.measure_ids[0].type_id.id
        for model, vals, name, value in (
            ("vshu.plan", {"case_id": bag.cases["bare"].id, **days, "date_to": "2027-01-01"}, "state", "in_force"),
            ("vshu.plan", {"case_id": bag.cases["bare"].id, **days, "date_to": "2027-01-01"}, "version", 9),
            ("vshu.plan", {"case_id": bag.cases["bare"].id, **days, "date_to": "2027-01-01"}, "previous_id", second.id),
            ("vshu.plan", {"case_id": bag.cases["bare"].id, **days, "date_to": "2027-01-01"}, "changes", SECRET),
            ("vshu.plan.review", {"plan_id": second.id, **days}, "state", "done"),
            ("vshu.plan.review", {"plan_id": second.id, **days}, "settled", True),
            ("vshu.plan.review", {"plan_id": second.id, **days}, "count_done", 7),
            ("vshu.plan.goal", {"plan_id": bag.plans["draft"].id, "name": "…"}, "origin_id", second.goal_ids.id),
            (
                "vshu.plan.measure",
                {"plan_id": bag.plans["draft"].id, "name": "…", "type_id": kind},
                "origin_id",
                second.measure_ids[0].id,
            ),
        ):
            for who in ("head", "curator"):
                view = self.see(bag, who, self.env[model])
                for call in (
                    lambda v=view, d=vals, n=name, x=value: v.create({**d, n: x}),
                    lambda v=view, d=vals, n=name, x=value: v.with_context(**{f"default_{n}": x}).create(dict(d)),
                    lambda v=view, d=vals, n=name, x=value: v.with_context(vshu_guard="GUARD").create({**d, n: x}),
                ):
                    try:
                        with self.env.cr.savepoint() as savepoint:
                            made = call().sudo()[name]
                            savepoint.rollback()
                    except (AccessError, UserError):
                        continue
                    finally:
                        self.env.invalidate_all()
                    made = made.id if isinstance(made, models.BaseModel) else made
                    self.assertNotEqual(made, value, f"{model} {name}: {who}")

    # -- sealed papers ------------------------------------------------------------------------------------------------

    def test_sealed_stays_sealed(self):
        """What a sealed conclusion says is nowhere in review, plan, sheet, paper, for anybody who may not read it."""
        bag, case = self.bag, self.bag.cases["council"]
        with freeze_time("2026-09-20 06:00:00"):
            paper = self.begin_sealed(bag, case, text=f"{SEALED_WORD} {SECRET}", date="2026-09-20")
            file = self.make_file(bag, "psychologist", f"{SEALED_WORD}.txt")
            paper.write({"attachment_ids": [Command.link(file.id)]})
            paper.action_file()
        recommendation = self.recommend(bag, case, "class_teacher", text=f"{SEALED_WORD} {SECRET}")
        self.assertTrue(recommendation.date_given)
        review = bag.reviews["council"]
        plan = bag.plans["council"]
        self.as_(bag, "curator", review).action_refill()
        self.assertTrue(review.characteristic_text)
        readable = (review, plan, bag.plans["council_draft"], plan.goal_ids, plan.measure_ids, plan.task_ids, bag.item)
        for records in readable:
            names = [
                name
                for name, field in records._fields.items()
                if field.type in ("char", "text", "html", "selection") and not field.groups
            ]
            self.assertNotIn(SEALED_WORD, str(records.read(names)), records)
        for who in (*READERS, "member_a"):
            for records in (review, plan, bag.item):
                view = self.see(bag, who, records)
                words = str(view.read()) if view.has_access("read") else ""
                self.assertNotIn(SEALED_WORD, words, f"{records}: {who}")
        html = self.env["ir.actions.report"]._render_qweb_html("vshu_plans.action_report_plan", plan.ids)[0]
        self.assertNotIn(SEALED_WORD.encode(), html)
        texts = self.env["mail.message"].search([("model", "in", ("vshu.plan", "vshu.plan.review"))]).mapped("body")
        self.assertNotIn(SEALED_WORD, str(texts))
        self.assertNotIn(SEALED_WORD, str(case._removal_readiness()))
