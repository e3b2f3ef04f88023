"""Every button × everybody over the API, in the state in which it shows; dialogs filled by hand, figures, entries."""

import inspect

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from .access_common import (
    KEEPERS,
    OFFICE,
    OUTSIDERS,
    READERS,
    SCHOOL_READERS,
    SOME,
    WRITERS,
    PlanAccessCommon,
    RemoteCall,
)
from .common import TODAY
from .test_access import MODELS

APPROVERS = ("deputy_head", "head", "standin_deputy_head", "standin_head")
#: (model, method) → state → who may; None where it has a test of its own
ACTIONS = {
    ("vshu.case", "action_draft_plan"): {"bare_case": WRITERS, "planned_case": READERS, "over_case": ()},
    ("vshu.case", "action_open_plan"): {"planned_case": READERS, "over_case": SCHOOL_READERS},
    # of the register, which has it in its own table: here a review is opened again
    ("vshu.case", "action_withdraw_proposal"): None,
    ("vshu.plan", "action_fill"): {"draft": WRITERS, "in_force": ()},
    ("vshu.plan", "action_approve"): {"by_paper": APPROVERS},
    ("vshu.plan", "action_put_forward"): {"for_council": KEEPERS},
    ("vshu.plan", "action_revise"): {"in_force": WRITERS, "replaced": ()},
    ("vshu.plan", "action_close"): {"in_force": KEEPERS, "over": ()},
    ("vshu.plan", "action_parents_refused"): {"in_force": WRITERS, "draft": WRITERS, "over": ()},
    ("vshu.plan", "action_petitions"): {"in_force": KEEPERS},
    ("vshu.plan", "action_open_notices"): {"in_force": READERS},
    ("vshu.plan", "action_print"): {"in_force": READERS, "council": (*READERS, "member_a")},
    ("vshu.plan", "action_open"): {"in_force": READERS, "over": SCHOOL_READERS},
    ("vshu.plan", "action_open_case"): {"in_force": READERS},
    ("vshu.plan", "action_open_tasks"): {"in_force": READERS},
    ("vshu.plan", "action_open_reviews"): {"in_force": READERS},
    ("vshu.plan.task", "action_done"): None,
    ("vshu.plan.task", "action_done_today"): None,
    ("vshu.plan.task", "action_reopen"): {"task_done": (*WRITERS, "answers")},
    ("vshu.plan.task", "action_open_case"): {"task_answers": READERS},
    ("vshu.plan.review", "action_refill"): {"review": WRITERS, "concluded": ()},
    ("vshu.plan.review", "action_conclude"): {"review_ready": WRITERS, "concluded": ()},
    ("vshu.plan.review", "action_follow"): {"concluded": WRITERS},
    ("vshu.plan.review", "action_settle"): {"concluded": KEEPERS, "review": ()},
    ("vshu.plan.review", "action_open_plan"): {"review": READERS, "review_council": READERS},
    ("vshu.plan.template", "action_make_own"): {"template": (*OFFICE, "administrator")},
    ("vshu.agenda.item", "action_open_draft_plan"): {"item": (*SCHOOL_READERS, "member_a")},
    ("vshu.class", "action_open_plan_tasks"): None,
    ("vshu.plan.mark", "action_confirm"): None,
    ("vshu.plan.reason", "action_confirm"): None,
    ("vshu.plan.petition", "action_confirm"): None,
    ("vshu.plan.figures", "action_show"): None,
    ("vshu.plan.figures", "action_print"): None,
}
#: which measure → who marks it done
DOERS = {
    "office": WRITERS,
    "answers": (*WRITERS, "answers"),
    "teacher": (*WRITERS, "class_teacher", "standin_class_teacher"),
    "psychologist": (*WRITERS, "psychologist", "standin_psychologist"),
}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanActions(PlanAccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bag = cls.fill_plans(cls.kz)

    # -- states ------------------------------------------------------------------------------------------------------

    def records(self, state):
        """Return the records in ``state`` on which the method is called."""
        bag = self.bag
        made = getattr(self, f"state_{state}", None)
        if made:
            return made()
        if state in bag.plans:
            return bag.plans[state]
        return {
            "bare_case": bag.cases["bare"],
            "planned_case": bag.cases["in_force"],
            "over_case": bag.cases["over"],
            "task_done": bag.tasks["done"],
            "task_answers": bag.tasks["answers"],
            "review": bag.reviews["open"],
            "review_council": bag.reviews["council"],
            "concluded": bag.reviews["done"],
            "template": self.env["vshu.plan.template"].search([("company_id", "=", False)], limit=1),
            "item": bag.item,
        }[state]

    def state_by_paper(self):
        plan = self.bag.plans["draft"]
        plan.write({"approval_number": "4", "approval_date": TODAY})
        self.env["vshu.plan.rule"].search([("matter", "=", "approval")]).by_council = False
        return plan

    def state_for_council(self):
        # the rule that another state has changed was taken back, not what is kept of it in memory
        self.env.registry.clear_cache()
        return self.bag.plans["draft"]

    def state_review_ready(self):
        self.bag.reviews["open"].write({"conclusion": "continue", "conclusion_text": "…"})
        return self.bag.reviews["open"]

    # -- who may -----------------------------------------------------------------------------------------------------

    def test_table_is_complete(self):
        """Every public method of the addon is in the table."""
        own = set()
        for model in (*MODELS, "vshu.case", "vshu.class", "vshu.agenda.item", "vshu.intervention", "vshu.notice"):
            for cls in type(self.env[model]).__mro__:
                if "odoo.addons.vshu_plans." not in cls.__module__:
                    continue
                own |= {
                    (model, name)
                    for name, _ in inspect.getmembers(cls, inspect.isfunction)
                    if name in vars(cls) and not name.startswith("_") and name not in ("create", "write")
                }
        self.assertEqual(own, ACTIONS.keys())

    def test_who_may(self):
        """Button × everybody: who may not is refused, over the API as at the screen, and nothing changes."""
        for (model, method), states in ACTIONS.items():
            for state, allowed in (states or {}).items():
                with self.subTest(model=model, method=method, state=state), self.env.cr.savepoint() as savepoint:
                    records = self.records(state)
                    self.assertEqual(records._name, model)
                    self.assertEqual(self.who_may(records, method), set(allowed))
                    savepoint.rollback()
                self.forget(state)

    def forget(self, state):
        """Forget what was read in a state that has been taken back, catalogues too."""
        self.env.invalidate_all()
        if state == "by_paper":
            self.env.registry.clear_cache()

    def test_who_does_a_measure(self):
        """Who answers, who holds the role for the child, curator and office: nobody else; all of several or none."""
        for name, allowed in DOERS.items():
            task = self.bag.tasks[name]
            with self.subTest(name):
                self.assertEqual(self.who_may(task, "action_done_today"), set(allowed))
            flags = {who for who in SOME if self.flag(who, task, "can_do")}
            self.assertEqual(flags, set(allowed) & set(SOME), name)
        bag = self.bag
        found = self.who_may(bag.tasks["teacher"], "action_done", SOME)
        self.assertEqual(found, set(DOERS["teacher"]) & set(SOME))
        both = bag.tasks["teacher"] | bag.tasks["office"]
        self.assertEqual(self.who_may(both, "action_done_today", SOME), set(WRITERS) & set(SOME))
        with freeze_time("2026-10-15 06:00:00"):
            standins = [who for who in self.everybody if who.startswith("standin_")]
            self.assertFalse(
                self.who_may(bag.tasks["teacher"], "action_done_today", standins), "they stood in yesterday"
            )
        self.assertFalse(self.who_may(bag.plans["over"].task_ids[0], "action_done_today", SOME))

    def flag(self, who, record, name):
        view = self.see(self.bag, who, record)
        return view.has_access("read") and view[name]

    def test_buttons_show_what_may_be_done(self):
        """The flags of the buttons are those of the actions."""
        bag = self.bag
        table = {
            "can_edit": ("draft", WRITERS),
            "can_approve": ("by_paper", APPROVERS),
            "can_put_forward": ("for_council", KEEPERS),
            "can_revise": ("in_force", WRITERS),
            "can_rate": ("in_force", WRITERS),
            "can_close": ("in_force", KEEPERS),
            "can_refusal": ("in_force", WRITERS),
        }
        for name, (state, allowed) in table.items():
            with self.env.cr.savepoint() as savepoint:
                plan = self.records(state)
                self.assertEqual(self.flagged(plan, name), set(allowed) & set(SOME), name)
                savepoint.rollback()
            self.forget(state)
        writers = set(WRITERS) & set(SOME)
        self.assertEqual(self.flagged(bag.reviews["open"], "can_conclude"), writers)
        self.assertEqual(self.flagged(bag.cases["bare"], "can_draft_plan"), writers)
        for conclusion in ("change", "removal", "petition", "extension"):
            review = bag.reviews["done"]
            guarded(review).write({"conclusion": conclusion, "settled": False})
            with self.subTest(conclusion):
                self.assertEqual(self.flagged(review, "can_follow"), self.who_may(review, "action_follow", SOME))

    def flagged(self, record, name):
        """Return whom the button shows to."""
        return {who for who in SOME if self.flag(who, record, name)}

    def test_every_conclusion(self):
        """Curator and office conclude a review with any conclusion; a step that is another's is left to that one."""
        review = self.bag.reviews["open"]
        for conclusion in ("continue", "change", "removal", "extension", "petition"):
            review.write({"conclusion": conclusion, "conclusion_text": "…"})
            with self.subTest(conclusion):
                self.assertEqual(self.who_may(review, "action_conclude", SOME), set(WRITERS) & set(SOME))

    def test_refusal(self):
        """What the button of the refusal opens is recorded by whoever may press it."""
        bag = self.bag
        plan = bag.plans["in_force"]
        adult = self.make_guardian(plan.case_id.student_id).partner_id
        vals = {
            "partner_ids": [Command.set(adult.ids)],
            "witness_id": bag.employees["answers"].id,
            "witness2_id": bag.employees["member_a"].id,
        }
        action = self.as_(bag, "head", plan).action_parents_refused()
        found = set()
        for who in (*READERS, "answers", "class_teacher_b", "administrator"):
            facts = self.see(bag, who, self.env["vshu.parent.fact"])
            if self.may(facts.with_context(**action["context"]).create, dict(vals)):
                found.add(who)
        self.assertEqual(found, set(WRITERS))

    def test_class(self):
        """The measures of a class are those that the reader may read."""
        bag = self.bag
        found = self.who_may(bag.class_a, "action_open_plan_tasks")
        self.assertFalse(found & set(OUTSIDERS))
        running = ("in_force", "second", "council")
        number = sum(len(bag.plans[name].task_ids.filtered(lambda t: t.state != "dropped")) for name in running)
        for who in self.everybody:
            view = self.see(bag, who, bag.class_a)
            if who in OUTSIDERS:
                self.assertFalse(self.may(view.read, ["plan_progress"]), who)
                continue
            if who == "administrator":
                # keeps classes, reads no plan
                self.assertFalse(view.read(["name"])[0].get("plan_task_count"))
                continue
            domain = view.action_open_plan_tasks()["domain"]
            tasks = self.see(bag, who, self.env["vshu.plan.task"]).search(domain)
            seen = view.read(["plan_task_count"])[0]["plan_task_count"]
            expected = number if who in READERS else len(tasks)
            self.assertLessEqual(seen, expected, who)
            if who in READERS:
                self.assertEqual(seen, number, who)
            self.assertFalse(seen and who in ("class_teacher_b", "subject_teacher"), who)

    # -- dialogs filled by hand ---------------------------------------------------------------------------------------

    def may_dialog(self, model, vals, later=None):
        """Return who gets through with a dialog filled by hand, and with one that is changed afterwards."""
        found = set()
        for who in SOME:
            dialog = Dialog(self.see(self.bag, who, self.env[model]), vals, later)
            if self.may(dialog.run):
                found.add(who)
        return found

    def test_mark(self):
        """The dialog marks no measure done that its user may not mark, by no way of putting it in."""
        bag = self.bag
        own, foreign = bag.tasks["answers"], bag.tasks["office"]
        self.assertEqual(
            self.may_dialog("vshu.plan.mark", {"task_ids": [Command.set(own.ids)]}), set(DOERS["answers"]) & set(SOME)
        )
        values = {"task_ids": [Command.set((own | foreign).ids)]}
        self.assertEqual(self.may_dialog("vshu.plan.mark", values), set(WRITERS) & set(SOME))
        later = {"task_ids": [Command.link(foreign.id)]}
        found = self.may_dialog("vshu.plan.mark", {"task_ids": [Command.set(own.ids)]}, later)
        self.assertEqual(found, set(WRITERS) & set(SOME))
        dialog = self.see(bag, "answers", self.env["vshu.plan.mark"]).create({"task_ids": [Command.set(own.ids)]})
        try:
            with self.env.cr.savepoint():
                dialog.write(later)
        except AccessError:
            return
        values = str(
            self.see(bag, "answers", dialog).web_read({"task_ids": {"fields": {"name": {}}}, "task_count": {}})
        )
        self.assertNotIn(foreign.name, values)

    def test_dialogs_of_others(self):
        """Nobody reads, fills or confirms a dialog of somebody else."""
        bag = self.bag
        for model, vals in (
            ("vshu.plan.mark", {"task_ids": [Command.set(bag.tasks["office"].ids)]}),
            ("vshu.plan.reason", {"action": "close", "plan_id": bag.plans["in_force"].id, "reason": "…"}),
            ("vshu.plan.petition", {"case_id": bag.cases["in_force"].id}),
            ("vshu.plan.figures", {}),
        ):
            dialog = self.see(bag, "head", self.env[model]).create(vals)
            for who in ("deputy_head", "curator", "answers", "administrator"):
                view = self.see(bag, who, dialog)
                self.assertFalse(self.may(view.read, ["create_date"]), f"{model}: {who}")
                self.assertFalse(self.may(view.write, {}), f"{model}: {who}")
                action = "action_confirm" if "figures" not in model else "action_show"
                self.assertFalse(self.may(RemoteCall(view.env, model, action, [dialog.ids]).run), f"{model}: {who}")

    def test_reason(self):
        """The dialog that asks for a reason does no more than its button, whoever fills it by hand."""
        plan = self.bag.plans["in_force"]
        for action, allowed in (("revise", WRITERS), ("close", KEEPERS)):
            vals = {"action": action, "plan_id": plan.id, "reason": "так надо"}
            self.assertEqual(self.may_dialog("vshu.plan.reason", vals), set(allowed) & set(SOME), action)
        later = {"plan_id": plan.id}
        vals = {"action": "close", "plan_id": self.bag.plans["second"].id, "reason": "так надо"}
        self.assertEqual(self.may_dialog("vshu.plan.reason", vals, later), set(KEEPERS) & set(SOME))

    def test_petition(self):
        """Letters are drafted by the office only, for a case that is read, where the condition holds."""
        bag = self.bag
        case = bag.cases["in_force"]
        adult = self.make_guardian(case.student_id).partner_id
        witnesses = {"witness_id": bag.employees["answers"].id, "witness2_id": bag.employees["member_a"].id}
        for kind in ("refused", "no_measures"):
            self.env["vshu.parent.fact"].create(
                {"case_id": case.id, "kind": kind, "note": "…", "partner_ids": [Command.set(adult.ids)], **witnesses}
            )
        kinds = case._petition_kinds().filtered("needs_refusal")
        self.assertTrue(kinds)
        vals = {"case_id": case.id, "kind_ids": [Command.set(kinds.ids)]}
        self.assertEqual(self.may_dialog("vshu.plan.petition", vals), set(KEEPERS) & set(SOME))
        vals["case_id"] = bag.cases["bare"].id
        self.assertFalse(self.may_dialog("vshu.plan.petition", vals), "nobody has refused there")

    # -- figures -----------------------------------------------------------------------------------------------------

    def test_figures(self):
        """Figures are read by those who read all cases, by nobody else, by no way."""
        bag, figures = self.bag, self.env["vshu.plan.figures"]
        self.assertEqual(self.may_dialog("vshu.plan.figures", {}), set(SCHOOL_READERS) & set(SOME))
        spec = {"table": {}, "date_from": {}, "date_to": {}, "company_id": {}}
        values = {"date_from": "2026-09-01", "date_to": "2026-12-31", "company_id": bag.company.id}
        for who in self.everybody:
            view = self.see(bag, who, figures)
            for names in ([], ["date_from"], ["date_to", "company_id"]):
                try:
                    with self.env.cr.savepoint():
                        table = view.onchange(values, names, spec)["value"].get("table")
                except (AccessError, UserError):
                    table = False
                self.assertFalse(table and who not in SCHOOL_READERS, who)
            if who not in SCHOOL_READERS:
                for context in ({}, {"default_company_id": self.ru.company.id}):
                    self.assertFalse(self.may(view.with_context(**context).create, {}), who)
                    self.assertFalse(self.may(view.with_context(**context).web_save, {}, spec), who)
        # a dialog that was opened as a stand-in is of no use any more
        own = self.see(bag, "standin_head", figures).create({})
        with freeze_time("2026-10-15 06:00:00"):
            view = self.see(bag, "standin_head", own)
            self.assertFalse(self.may(view.read, ["table"]))
            for method in ("action_show", "action_print"):
                self.assertFalse(self.may(RemoteCall(view.env, own._name, method, [own.ids]).run), method)
            html = view.env["ir.actions.report"]._render_qweb_html
            self.assertRaises(AccessError, html, "vshu_plans.action_report_figures", own.ids)
        view = self.see(bag, "head", figures).create({})
        for way in ({"company_id": self.ru.company.id}, {"create_uid": bag.users["curator"].id}):
            self.may(view.write, way)
        self.assertFalse(self.may(view.write, {"company_id": self.ru.company.id}), "another school")

    # -- entries ------------------------------------------------------------------------------------------------------

    def test_entry_does_a_measure(self):
        """An entry marks the measure done that it names only where its writer may, about the same child."""
        bag = self.bag
        kind = self.ref("intervention_kind_talk").id
        for name in ("office", "answers", "teacher"):
            task, allowed = bag.tasks[name], DOERS[name]
            vals = {"student_id": task.student_id.id, "kind_id": kind, "text": "…"}
            for way in ("value", "default") if name == "office" else ("value",):
                found = set()
                for who in SOME:
                    view = self.see(bag, who, self.env["vshu.intervention"])
                    if way == "value":
                        done = self.may(view.create, {**vals, "task_id": task.id})
                    else:
                        done = self.may(view.with_context(default_task_id=task.id).create, dict(vals))
                    found |= {who} if done else set()
                self.assertEqual(found, set(allowed) & set(SOME), f"{name}: {way}")
        entry = self.as_(bag, "answers", self.env["vshu.intervention"]).create(
            {"student_id": bag.cases["in_force"].student_id.id, "kind_id": kind, "text": "…"}
        )
        for task in (bag.tasks["answers"], bag.tasks["office"]):
            self.assertFalse(self.may(self.see(bag, "answers", entry).write, {"task_id": task.id}))
        other = {"student_id": bag.cases["bare"].student_id.id, "kind_id": kind, "text": "…"}
        for who in ("answers", "head"):
            view = self.see(bag, who, self.env["vshu.intervention"])
            self.assertFalse(self.may(view.create, {**other, "task_id": bag.tasks["answers"].id}), who)
        with self.subTest("an entry is no way to date a measure before its plan"):
            task = bag.tasks["answers"]
            entry = self.as_(bag, "answers", self.env["vshu.intervention"]).create(
                {"student_id": task.student_id.id, "kind_id": kind, "text": "…", "task_id": task.id}
            )
            self.assertEqual(task.state, "done")
            self.assertFalse(self.may(self.see(bag, "answers", entry).write, {"date": "2026-09-10 06:00:00"}))
        guarded(task).write({"state": "open"})


class Dialog:
    """A dialog filled by hand, changed and confirmed."""

    def __init__(self, view, vals, later=None):
        self.env, self.view, self.vals, self.later = view.env, view, vals, later

    def run(self):
        dialog = self.view.create(dict(self.vals))
        if self.later:
            dialog.write(self.later)
        return dialog.action_confirm() if "action_confirm" in dir(type(dialog)) else dialog.action_print()
