"""What plans say leaks by no side way: search, groups, export, forms filled by hand, files, chatter, papers."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.vshu_registry.tests.access_common import SECRET
from odoo.addons.vshu_registry.tools.guard import guarded

from .access_common import OUTSIDERS, READERS, SCHOOL_READERS, PlanAccessCommon

#: whoever reads no plan of the case at all; "answers" reads two tasks of it
BLIND = ("class_teacher_b", "subject_teacher", "member_a", "administrator", *OUTSIDERS)
UNREADING = (*BLIND, "answers")
PUPIL = "Тайнова"
#: who asks for papers over HTTP: a log-in takes its time, so one of each right; the last one reads nothing
HTTP_ROLES = ("head", "psychologist", "class_teacher", "curator", "member_a", "administrator", "public", "answers")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanChannels(PlanAccessCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bag = cls.fill_plans(cls.kz)
        cls("setUp").allow_export(cls.kz)
        cls.case, cls.plan = cls.kz.cases["in_force"], cls.kz.plans["in_force"]
        cls.review, cls.tasks = cls.kz.reviews["open"], cls.kz.tasks

    def given(self, function, *args, **kwargs):
        """Return what a call gives as text, empty where it is refused."""
        try:
            with self.env.cr.savepoint() as savepoint:
                result = function(*args, **kwargs)
                savepoint.rollback()
        except (AccessError, MissingError, UserError, ValueError, KeyError):
            self.env.invalidate_all()
            return ""
        if isinstance(result, dict) and "records" in result:
            result = result["records"]
        return str(result or "")

    def assert_silent(self, words, message=None):
        """Assert that neither a word of a plan nor the name of a pupil is there."""
        for word in (SECRET, PUPIL):
            self.assertNotIn(word, words, message)

    # -- reading by every way -----------------------------------------------------------------------------------------

    def test_by_every_way(self):
        """No way of reading gives plans, parts, tasks, reviews to whoever does not read the case."""
        for records in (self.plan, self.plan.goal_ids, self.plan.measure_ids[0], self.tasks["office"], self.review):
            mine = [("id", "in", records.ids)]
            for who in ("class_teacher_b", "answers", "member_a", "administrator", "plain"):
                view = self.see(self.bag, who, records)
                for call in (
                    lambda v=view, d=mine: v.search(d).ids,
                    lambda v=view, d=mine: v.search_count(d),
                    lambda v=view, d=mine: v.name_search("", d),
                    lambda v=view, d=mine: v.web_search_read(d, {"display_name": {}}),
                    lambda v=view, d=mine: [g for g in v.formatted_read_group(d, [], ["__count"]) if g["__count"]],
                    lambda v=view: v.read(["display_name"]),
                    lambda v=view: v.web_read({"create_date": {}}),
                    lambda v=view: v.export_data(["id", "display_name"])["datas"],
                    lambda v=view: v.copy_data(),
                ):
                    self.assertFalse(self.given(call), f"{records}: {who}")

    def test_by_paths(self):
        """Nothing of a plan is found by a path over records that the reader may see."""
        bag = self.bag
        word = ("ilike", SECRET)
        paths = {
            "res.partner": [
                "vshu_case_ids.plan_ids.measure_ids.name",
                "vshu_open_case_ids.plan_ids.goal_ids.cause",
                "vshu_enrollment_ids.student_id.vshu_case_ids.plan_ids.change_reason",
            ],
            "vshu.class": ["enrollment_ids.student_id.vshu_case_ids.plan_ids.measure_ids.name"],
            "vshu.case": ["plan_ids.measure_ids.name", "plan_ids.task_ids.note", "plan_ids.close_reason"],
            "vshu.agenda.item": ["plan_id.measure_ids.name", "case_id.plan_ids.goal_ids.name"],
            "vshu.notice": ["plan_id.goal_ids.name"],
            "vshu.intervention": ["task_id.name", "task_id.plan_id.goal_ids.name", "task_id.note"],
        }
        head = self.see(bag, "head", self.env["vshu.case"])
        self.assertIn(self.case, head.search([("plan_ids.measure_ids.name", *word)]))
        head = self.see(bag, "head", self.env["res.partner"])
        self.assertIn(self.case.student_id, head.search([(paths["res.partner"][0], *word)]))
        for who in ("class_teacher_b", "subject_teacher", "answers", "administrator", "plain"):
            for model, names in paths.items():
                view = self.see(bag, who, self.env[model])
                for name in names:
                    self.assertFalse(self.given(view.search_count, [(name, *word)]), f"{who}: {model}.{name}")
            for model, domain in (
                ("vshu.case", [("plan_ids", "!=", False)]),
                ("res.partner", [("vshu_case_ids.plan_ids", "!=", False)]),
                ("res.partner", [("vshu_case_ids.plan_ids.state", "=", "in_force")]),
            ):
                view = self.see(bag, who, self.env[model])
                self.assertFalse(self.given(view.search_count, domain), f"{who}: {domain}")

    def test_own_task_tells_nothing_of_the_plan(self):
        """Who answers for a measure learns of it alone: nothing of plan, case, goals, other measures, by no path."""
        bag = self.bag
        own = self.see(bag, "answers", self.tasks["answers"])
        view = own.browse()
        self.assertIn(own, view.search([]))
        for name, value in (
            ("plan_id.change_reason", SECRET),
            ("plan_id.goal_ids.name", SECRET),
            ("plan_id.measure_ids.name", SECRET),
            ("plan_id.task_ids.note", SECRET),
            ("plan_id.approval_number", "4"),
            ("measure_id.result", SECRET),
            ("measure_id.plan_id.goal_ids.name", SECRET),
            ("measure_id.others", "answers"),
            ("case_id.reason", "Пропустил"),
            ("case_id.curator_id.name", "kz_curator"),
            ("case_id.student_id.name", PUPIL),
            ("root_id.goal_ids.cause", SECRET),
        ):
            self.assertFalse(self.given(view.search_count, [(name, "ilike", value)]), name)
            groups = self.given(view.formatted_read_group, [], [name], ["__count"])
            if "student_id" not in name:
                self.assertNotIn(value, groups, name)
            exported = self.given(own.export_data, [name.replace(".", "/")])
            if "student_id" not in name:
                self.assertNotIn(value, exported, name)
        spec = {
            "plan_id": {"fields": {"display_name": {}, "change_reason": {}}},
            "measure_id": {"fields": {"display_name": {}, "result": {}, "others": {}}},
            "case_id": {"fields": {"display_name": {}, "reason": {}, "student_id": {"fields": {"display_name": {}}}}},
        }
        for name, inner in spec.items():
            words = self.given(own.web_read, {name: inner})
            self.assert_silent(words, name)
        for name in ("plan_id", "measure_id", "case_id", "root_id"):
            words = self.given(own.web_read, {name: {"fields": {"display_name": {}}}})
            self.assertIn(self.case.display_name, words, "the number of the case is no secret")
            self.assert_silent(words, name)
        for records in (self.plan, self.case, self.plan.measure_ids, self.plan.goal_ids, self.tasks["office"]):
            self.assertFalse(self.see(bag, "answers", records).has_access("read"), records)
        progress = self.see(bag, "answers", bag.class_a).read(["plan_task_count", "plan_progress"])[0]
        self.assertLessEqual(progress["plan_task_count"], 2, "their own two at most")

    # -- forms filled by hand -----------------------------------------------------------------------------------------

    def onchange(self, who, model, values, spec, **context):
        """Return what a form says that is opened with ``values``, and what follows when they are typed in."""
        view = self.see(self.bag, who, self.env[model]).with_context(**context)
        spec = {**{name: {} for name in values}, **spec}
        return "".join(self.given(view.onchange, values, names, spec) for names in ([], list(values)))

    def name_of(self, *names):
        return {name: {"fields": {"display_name": {}}} for name in names}

    def test_task_form(self):
        """A form of a measure filled with the id of a plan tells nothing of the child (any staff may call it)."""
        for who in UNREADING:
            for values in ({"plan_id": self.plan.id}, {"measure_id": self.plan.measure_ids[0].id}):
                spec = {
                    "plan_state": {},
                    **self.name_of("student_id", "family_id", "class_id", "type_id", "section_id"),
                }
                words = self.onchange(who, "vshu.plan.task", values, spec)
                self.assert_silent(words, f"{who}: {values}")
                self.assertNotIn("in_force", words, who)
                self.assertNotIn(self.plan.measure_ids[0].type_id.name, words, who)

    def test_plan_form(self):
        """A form of a plan filled with ids tells nothing of case, goals, measures, notices behind them."""
        guarded(self.case).write({"state": "removal_proposed"})
        notice = self.plan.notice_ids[:1]
        self.assertTrue(notice)
        names = ("student_id", "family_id", "class_id", "curator_id", "ground_id", "root_id")
        days = {"date_from": "2020-01-01", "date_to": "2020-01-02"}
        for who in ("class_teacher_b", "answers"):
            with self.subTest("case", who=who):
                spec = {**self.name_of(*names), "review_count": {}, "can_edit": {}}
                self.assert_silent(self.onchange(who, "vshu.plan", {"case_id": self.case.id}, spec))
            with self.subTest("state of the case", who=who):
                words = self.onchange(who, "vshu.plan", {"case_id": self.case.id}, {"case_state": {}})
                self.assertNotIn("removal_proposed", words)
            for name, records, field, word in (
                ("goal_ids", self.env["vshu.plan.goal"].browse(self.unrated().ids), "problems_text", SECRET),
                ("measure_ids", self.plan.measure_ids, "problems_text", SECRET),
                ("task_ids", self.tasks["office"], "progress", SECRET),
                ("notice_ids", notice, "copy_text", "hand over"),
            ):
                with self.subTest(name, who=who):
                    values = {**days, name: [Command.set(records.ids)]}
                    self.assertNotIn(word, self.onchange(who, "vshu.plan", values, {field: {}}))

    def unrated(self):
        """Return a goal that is not rated: its words are among what is missing."""
        goal = self.bag.plans["draft"].goal_ids
        goal.write({"rating_start": False})
        return goal

    def test_refused_is_not_told(self):
        """Whether parents refuse help is not told by a form filled with a foreign case."""
        self.make_guardian(self.case.student_id)
        self.env["vshu.parent.fact"].create(
            {
                "case_id": self.case.id,
                "kind": "refused",
                "note": "…",
                "partner_ids": [Command.set(self.case.student_id.vshu_guardian_ids.partner_id.ids)],
                "witness_id": self.bag.employees["head"].id,
                "witness2_id": self.bag.employees["psychologist"].id,
            }
        )
        self.assertTrue(self.plan.refused)
        for who in ("class_teacher_b", "answers"):
            with self.subTest("plan", who=who):
                words = self.onchange(who, "vshu.plan", {"case_id": self.case.id}, {"refused": {}})
                self.assertNotIn("'refused': True", words)
            with self.subTest("dialog", who=who):
                words = self.onchange(who, "vshu.plan.petition", {"case_id": self.case.id}, {"missing_text": {}})
                self.assertNotIn("refus", words.lower())

    def test_other_forms(self):
        """Reviews, goals, measures, dialogs, items, entries filled with any id tell nothing of what it points at."""
        bag, plan = self.bag, self.plan
        draft = bag.plans["draft"]
        task = self.tasks["office"]
        for who in ("class_teacher_b", "answers", "administrator"):
            calls = {
                "review": (
                    "vshu.plan.review",
                    {"plan_id": plan.id},
                    self.name_of("student_id", "class_id", "curator_id"),
                ),
                "state": ("vshu.plan.review", {"plan_id": plan.id}, {"case_state": {}}),
                "goals": ("vshu.plan.review", {"plan_id": plan.id}, {"goal_ids": {"fields": {"name": {}}}}),
                "goal": ("vshu.plan.goal", {"plan_id": plan.id}, {"plan_state": {}, "display_name": {}}),
                "measure": ("vshu.plan.measure", {"plan_id": plan.id}, {"plan_state": {}, "display_name": {}}),
                "mark": (
                    "vshu.plan.mark",
                    {"task_ids": [Command.set(task.ids)]},
                    {"task_ids": {"fields": {"display_name": {}, "name": {}}}, "task_count": {}},
                ),
                "reason": (
                    "vshu.plan.reason",
                    {"plan_id": plan.id},
                    {"open_count": {}, "plan_id": {"fields": {"display_name": {}, "change_reason": {}}}},
                ),
                "item": (
                    "vshu.agenda.item",
                    {"case_id": draft.case_id.id, "topic": "progress"},
                    {"plan_problems": {}, "has_plan": {}, **self.name_of("plan_id")},
                ),
            }
            for key, (model, values, spec) in calls.items():
                with self.subTest(key, who=who):
                    words = self.onchange(who, model, values, spec)
                    self.assert_silent(words)
                    for word in ("'case_state': 'active'", "in_force", "'open_count': 4", "'has_plan': True"):
                        self.assertNotIn(word, words)
                    self.assertNotIn(f"'plan_id': {{'id': {draft.id}", words)

    def test_words_of_a_task(self):
        """The list from which one picks a measure shows its words to its readers only, whatever the context says."""
        bag, task = self.bag, self.tasks["office"]
        spec = {"task_id": {"fields": {"display_name": {}}, "context": {"vshu_task_words": True}}}
        for who in ("class_teacher_b", "answers", "subject_teacher"):
            for context in ({}, {"vshu_task_words": True}):
                with self.subTest("form", who=who, context=context):
                    self.assert_silent(self.onchange(who, "vshu.intervention", {"task_id": task.id}, spec, **context))
        entry = self.as_(bag, "social_pedagogue", self.env["vshu.intervention"]).create(
            {
                "student_id": self.case.student_id.id,
                "kind_id": self.ref("intervention_kind_talk").id,
                "text": "беседа",
                "task_id": task.id,
                "next_step": "позвонить",
                "next_date": "2026-10-20",
                "next_employee_id": bag.employees["subject_teacher"].id,
            }
        )
        reader = self.see(bag, "subject_teacher", entry)
        self.assertTrue(reader.has_access("read"), "who does the next step reads the entry")
        self.assert_silent(str(reader.web_read(spec)), "the measure is not theirs")

    # -- files, chatter, activities -----------------------------------------------------------------------------------

    def test_files(self):
        """The file of a done measure is read by who reads the measure; nobody draws a foreign file into one."""
        bag, file = self.bag, self.bag.file
        readers = {who for who in self.everybody if self.see(bag, who, file).has_access("read")}
        self.assertEqual(readers, {*READERS, "answers"})
        for who in self.everybody:
            found = self.given(self.see(bag, who, self.env["ir.attachment"]).search_count, [("id", "=", file.id)])
            self.assertEqual(bool(found), who in readers, who)
        loose = self.make_file(bag, "class_teacher_b")
        mark = self.see(bag, "answers", self.env["vshu.plan.mark"])
        values = {"task_ids": [Command.set(self.tasks["answers"].ids)]}
        self.assertFalse(self.may(mark.create, {**values, "attachment_ids": [Command.set(loose.ids)]}))

    def test_file_of_another_record(self):
        """A file of another record that one may read stays with that record: a copy goes to the measure."""
        bag = self.bag
        paper = self.env["vshu.document"].create(
            {
                "case_id": self.case.id,
                "type_id": bag.school.regulation_id.document_type_ids.filtered(
                    lambda t: t.role_id.code == "class_teacher" and not t.sealed
                )[0].id,
            }
        )
        file = self.make_file(bag, "social_pedagogue")
        self.as_(bag, "social_pedagogue", paper).write(
            {"attachment_ids": [Command.link(file.id)], "date": "2026-10-14"}
        )
        self.assertEqual((file.res_model, file.res_id), ("vshu.document", paper.id))
        teacher = self.see(bag, "class_teacher", file)
        self.assertTrue(teacher.has_access("read"))
        mark = self.see(bag, "class_teacher", self.env["vshu.plan.mark"]).create(
            {"task_ids": [Command.set(self.tasks["teacher"].ids)], "attachment_ids": [Command.set(file.ids)]}
        )
        mark.action_confirm()
        self.assertEqual((file.res_model, file.res_id), ("vshu.document", paper.id))

    def test_public_file(self):
        """A file that all may read, and that belongs to nothing, is not tied to a measure by whoever likes."""
        file = self.make_file(self.bag, "head", public=True)
        mark = self.see(self.bag, "answers", self.env["vshu.plan.mark"]).create(
            {"task_ids": [Command.set(self.tasks["answers"].ids)], "attachment_ids": [Command.set(file.ids)]}
        )
        mark.action_confirm()
        self.assertFalse(file.res_id)

    def test_upload_goes_with_the_measure(self):
        """A fresh upload of the dialog is read by the readers of each measure that it was laid into."""
        bag = self.bag
        two = self.tasks["office"] | self.tasks["answers"]
        file = self.make_file(bag, "curator")
        mark = self.see(bag, "curator", self.env["vshu.plan.mark"]).create(
            {"task_ids": [Command.set(two.ids)], "attachment_ids": [Command.set(file.ids)]}
        )
        mark.action_confirm()
        for task in two:
            self.assertEqual((task.attachment_ids.res_model, task.attachment_ids.res_id), (task._name, task.id))
        answers = self.see(bag, "answers", two.attachment_ids)
        self.assertEqual(len(answers._filtered_access("read")), 1)

    def test_chatter(self):
        """Messages, followers, activities of plans and reviews are read with the record, and name no child."""
        bag = self.bag
        for records in (self.plan, self.review):
            for who in ("class_teacher_b", "member_a", "answers", "administrator"):
                self.assertFalse(self.may(self.see(bag, who, records).message_post, body="…"), who)
                partner = bag.users[who].partner_id
                self.given(self.see(bag, who, records).message_subscribe, partner.ids)
                self.assertNotIn(partner, records.message_partner_ids, who)
            message = self.as_(bag, "head", records).message_post(
                body=SECRET, partner_ids=bag.users["class_teacher_b"].partner_id.ids
            )
            self.assertFalse(message.sudo().partner_ids, "who may not read the record is no recipient")
            own = [("model", "=", records._name), ("res_id", "in", records.ids)]
            for who in (*UNREADING, "class_teacher"):
                found = self.given(self.see(bag, who, self.env["mail.message"]).search_count, own)
                self.assertEqual(bool(found), who == "class_teacher", f"{records}: {who}")
                activity = [("res_model", "=", records._name)]
                found = self.given(self.see(bag, who, self.env["mail.activity"]).search_count, activity)
                self.assertFalse(found and who in UNREADING, f"{records}: {who}")
        self.tasks["office"]._tell_curator()
        self.tasks["office"]._tell_deputy()
        own = ("vshu.plan", "vshu.plan.review", "vshu.plan.task", "vshu.case")
        activities = self.env["mail.activity"].search([("res_model", "in", own)])
        self.assertTrue(activities.filtered(lambda a: a.res_model == "vshu.plan"))
        messages = self.env["mail.message"].search([("model", "in", own), ("body", "not ilike", SECRET)])
        texts = [f"{a.summary} {a.note} {a.res_name}" for a in activities]
        texts += [f"{m.subject} {m.body} {m.record_name}" for m in messages]
        texts += [f"{m.subject} {m.body_html}" for m in self.env["mail.mail"].search([])]
        self.assert_silent(" ".join(texts))

    def test_display_names(self):
        """Neither a name nor a word of the plan stands in any display name."""
        for model in ("vshu.plan", "vshu.plan.goal", "vshu.plan.measure", "vshu.plan.task", "vshu.plan.review"):
            names = " ".join(filter(None, self.env[model].search([]).mapped("display_name")))
            self.assertTrue(names)
            self.assert_silent(names, model)

    # -- over HTTP ----------------------------------------------------------------------------------------------------

    def log_in(self, who):
        user = self.bag.users[who]
        if who == "public":
            self.authenticate(None, None)
        else:
            user.sudo().password = user.login
            self.authenticate(user.login, user.login)

    @mute_logger("odoo.http", "odoo.addons.web.controllers.report")
    def test_paper(self):
        """The paper of the plan over HTTP: for its readers, and nobody else; that of the figures likewise."""
        bag = self.bag
        figures = self.see(bag, "head", self.env["vshu.plan.figures"]).create({})
        papers = {
            f"/report/html/vshu_plans.report_plan/{self.plan.id}": ((SECRET, PUPIL), READERS),
            f"/report/html/vshu_plans.report_plan/{bag.plans['over'].id}": ((SECRET, PUPIL), SCHOOL_READERS),
            f"/report/html/vshu_plans.report_figures/{figures.id}": (
                ("EFFECTIVENESS", "РЕЗУЛЬТАТИВНОСТЬ", "НӘТИЖЕЛІЛІГІ"),
                ("head",),
            ),
        }
        for who in HTTP_ROLES:
            self.log_in(who)
            for url, (words, readers) in papers.items():
                response = self.url_open(url)
                given = response.status_code == 200 and any(word.lower() in response.text.lower() for word in words)
                self.assertEqual(given, who in readers, f"{who}: {url}: {response.status_code}")
        response = self.url_open(f"/report/pdf/vshu_plans.report_plan/{self.plan.id}")
        self.assertFalse(response.content.startswith(b"%PDF"), HTTP_ROLES[-1])

    @mute_logger("odoo.http")
    def test_private_methods(self):
        """What the buttons do behind their checks is called by nobody from outside."""
        self.log_in("head")
        for model, method, ids in (
            ("vshu.plan", "_approve", self.plan.ids),
            ("vshu.plan", "_end", self.plan.ids),
            ("vshu.plan.task", "_done", self.tasks["office"].ids),
            ("vshu.plan.task", "_drop", self.tasks["office"].ids),
            ("vshu.plan.review", "_prefill", self.review.ids),
            ("vshu.plan.figures", "_rows", []),
        ):
            params = {"model": model, "method": method, "args": [ids], "kwargs": {}}
            answer = self.url_open(f"/web/dataset/call_kw/{model}/{method}", json={"params": params}).json()
            self.assertIn("error", answer, method)
