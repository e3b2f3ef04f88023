"""Entries on the preventive work: written in seconds, corrected with a reason, never lost (RU-5.4, RU-N6, KZ-14)."""

import subprocess
from datetime import datetime

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from ..case.test_flow import TODAY, FlowCommon
from ..channels.test_queries import QueryCommon
from ..web_client import specification

#: words of the record of the work as a Kazakh school prints it
KAZAKH_SHEET = (
    "жүргізілген жеке профилактикалық жұмыс туралы МӘЛІМЕТТЕР",
    "Білім алушы, отбасы",
    "Жұмыс түрі",
    "Мазмұны, нәтижесі",
    "Кім жүргізді",
    "Барлығы: 1, оның ішінде оң жазбалар: 1",
    "Есепті жүргізуге жауапты",
    "Физика олимпиадасында жеңді.",
    "Мақтау қағазы.",
    "Ахметов Арман",
)
NOON = datetime(2026, 10, 14, 6)


class WorkCommon(FlowCommon):
    def kind(self, code):
        return self.ref(f"intervention_kind_{code}")

    def log(self, bag, role, kind="talk", **vals):
        """Write an entry down as ``role``, about the school's first student unless ``vals`` say otherwise."""
        subject = {} if vals.get("family_id") else {"student_id": bag.student.id}
        return self.as_(bag, role, self.env["vshu.intervention"]).create(
            {**subject, "kind_id": self.kind(kind).id, "text": "Поговорили о пропусках.", **vals}
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestIntervention(WorkCommon):
    def test_kinds(self):
        """RU-N6, KZ-14: kinds as schools log them, leisure, arrears, mediation, networks; tones of both signs."""
        kinds = self.env["vshu.intervention.kind"].search([("company_id", "=", False)])
        codes = set(kinds.mapped("code"))
        self.assertTrue(
            {"talk", "call", "parents", "home_visit", "lesson_visit", "incident", "agreement", "praise"} <= codes
        )
        for code, clause in (
            ("leisure", "RU-N6.3"),
            ("arrears", "RU-N6.2"),
            ("mediation", "RU-N6.4"),
            ("social_network", "RU-N6.5"),
            ("lesson_visit", "KZ-14"),
        ):
            self.assertIn(clause, self.kind(code).clause)
        self.assertEqual(set(kinds.mapped("tone")), {"positive", "neutral", "concern"})

    def test_kinds_of_a_school(self):
        """A school adds kinds and hides those it does not use; those that come with the program stay as they are."""
        kinds = self.as_(self.ru, "administrator", self.env["vshu.intervention.kind"])
        own = kinds.create({"name": "Ночной рейд"})
        self.assertEqual(own.company_id, self.ru.company)
        own.name = "Рейд"
        self.assertRefused(
            ["comes with the program"], self.as_(self.ru, "administrator", self.kind("talk")).write, {"name": "…"}
        )
        self.assertRefused(["comes with the program"], own.write, {"company_id": False})
        with self.refused(UserError, "comes with the program"):
            kinds.create({"name": "Для всех", "company_id": False})
        self.as_(self.ru, "administrator", self.ru.school).hidden_kind_ids = self.kind("social_network")
        for bag, offered in ((self.ru, False), (self.kz, True)):
            teacher = self.as_(bag, "class_teacher", self.env["vshu.intervention.kind"])
            found = teacher.search([("in_use", "=", True)])
            self.assertEqual(self.kind("social_network") in found, offered)
            self.assertEqual(own in found, bag == self.ru)
            self.assertEqual(
                self.kind("social_network").id in teacher.search([("in_use", "=", False)]).ids, not offered
            )
        self.log(self.ru, "class_teacher", kind_id=own.id)
        self.assertRefused(["archive"], own.unlink)

    def test_ten_seconds(self):
        """The dialog asks for the kind and what happened; date, author, school, case, class, tone are there."""
        case = self.kz_active()
        teacher = self.as_(self.kz, "class_teacher", case)
        action = teacher.action_log_intervention()
        self.assertEqual((action["target"], action["res_model"]), ("new", "vshu.intervention"))
        entries = self.as_(self.kz, "class_teacher", self.env["vshu.intervention"]).with_context(**action["context"])
        with Form(entries, view=self.ref("view_vshu_intervention_quick")) as form:
            form.kind_id = self.kind("praise")
            form.text = "Неделя без опозданий."
        entry = form.record
        self.assertEqual(entry.action_save()["type"], "ir.actions.act_window_close")
        self.assertEqual(
            (entry.author_id, entry.employee_id), (self.kz.users["class_teacher"], self.kz.employees["class_teacher"])
        )
        self.assertEqual((entry.date, entry.tone, entry.class_id), (NOON, "positive", self.kz.class_a))
        self.assertEqual((entry.sudo().case_id, entry.case_shown_id), (case, case))
        again = entry.action_save_new()
        self.assertEqual(again["context"]["default_student_id"], self.kz.student.id)
        self.assertEqual(entry.display_name, "Praise, achievement, 10/14/2026")

    def test_entry_finds_the_case(self):
        """An entry goes into the open case whoever writes it; its writer learns of the case only where they may."""
        before = self.log(self.kz, "subject_teacher")
        self.assertFalse(before.sudo().case_id)
        case = self.kz_active()
        entry = self.log(self.kz, "subject_teacher")
        self.assertEqual(entry.sudo().case_id, case)
        self.assertFalse(entry.case_shown_id)
        with self.assertRaises(AccessError):
            entry.read(["case_id"])
        self.assertEqual(self.as_(self.kz, "class_teacher", entry).case_shown_id, case)
        shown = [("case_shown_id", "=", case.id)]
        self.assertEqual(self.as_(self.kz, "class_teacher", entry.browse()).search(shown), entry)
        self.assertFalse(self.as_(self.kz, "subject_teacher", entry.browse()).search(shown))
        timeline = self.as_(self.kz, "class_teacher", case).action_interventions()
        self.assertEqual(timeline["domain"], shown)
        self.assertEqual(self.as_(self.kz, "subject_teacher", self.kz.student).vshu_intervention_count, 2)

    def test_two_open_cases(self):
        """Where a child is on register and control, the entry goes where it was written from, else to the register."""
        ru = {"company_id": self.ru.company.id, "regulation_id": self.ru.school.regulation_id.id}
        cases = guarded(self.env["vshu.case"]).create(
            [
                {**ru, "student_id": self.ru.student.id, "kind": kind, "state": "active"}
                for kind in ("register", "control")
            ]
        )
        self.assertEqual(self.log(self.ru, "class_teacher").sudo().case_id, cases[0])
        action = self.as_(self.ru, "class_teacher", cases[1]).action_log_intervention()
        entry = self.as_(self.ru, "class_teacher", self.env["vshu.intervention"]).with_context(**action["context"])
        entry = entry.create({"kind_id": self.kind("call").id, "text": "Звонок отцу."})
        self.assertEqual(entry.sudo().case_id, cases[1])

    def test_counts(self):
        """By kind and tone, positive ones as well; what is struck through counts no more; case and student agree."""
        case = self.kz_active()
        for kind in ("talk", "talk", "praise", "incident"):
            entry = self.log(self.kz, "class_teacher", kind)
        self.assertEqual((case.intervention_count, case.intervention_positive, case.intervention_concern), (4, 1, 1))
        counts = self.as_(self.kz, "class_teacher", entry.browse())._counts("student_id", self.kz.student.ids)
        found = {(kind.code, tone): number for (kind, tone), number in counts[self.kz.student.id].items()}
        self.assertEqual(found, {("talk", "neutral"): 2, ("praise", "positive"): 1, ("incident", "concern"): 1})
        entry._annul("Не тот ученик.")
        self.assertEqual((case.intervention_count, case.intervention_concern), (3, 0))
        student = self.as_(self.kz, "class_teacher", self.kz.student)
        self.assertEqual((student.vshu_intervention_count, student.vshu_intervention_positive), (3, 1))
        talk = self.log(self.kz, "class_teacher", "talk", tone="positive")
        self.assertEqual((talk.tone, case.intervention_positive), ("positive", 2))

    def test_clean_slate(self):
        """When the case is over its entries stay with the child, closed to teacher and curator, except own words."""
        case = self.kz_active(curator_id=self.kz.teacher_b.id)
        own, other = self.log(self.kz, "class_teacher"), self.log(self.kz, "subject_teacher")
        loose = self.log(self.kz, "subject_teacher", student_id=self.kz.other_student.id)
        self.kz.users["curator"] = self.kz.user_b
        for who, seen in (("class_teacher", own | other), ("curator", own | other | loose)):
            self.assertEqual(self.as_(self.kz, who, own.browse()).search([]), seen.sorted("id", reverse=True), who)
        guarded(case)._close(self.ref("kz_reason_19_1"), TODAY)
        self.env.invalidate_all()
        self.assertEqual(self.as_(self.kz, "class_teacher", own.browse()).search([]), own)
        self.assertEqual(self.as_(self.kz, "curator", own.browse()).search([]), loose)
        for who in ("psychologist", "social_pedagogue", "deputy_head", "head"):
            self.assertLessEqual(own | other, self.as_(self.kz, who, own.browse()).search([]))
        fresh = self.log(self.kz, "class_teacher")
        self.assertFalse(fresh.sudo().case_id)
        self.assertRefused(["is over"], self.as_(self.kz, "head", case).action_log_intervention)

    # -- changes -----------------------------------------------------------------------------------------------------

    def test_author_changes_while_fresh(self):
        """The author changes an entry for the days that the school form says; then it is locked."""
        entry = self.log(self.kz, "class_teacher")
        entry.text = "Уточнение."
        self.assertTrue(entry.can_edit)
        with freeze_time("2026-10-21 18:00:00"):
            entry.invalidate_recordset()
            entry.result = "Обещал исправиться."
        with freeze_time("2026-10-22 06:00:00"):
            entry.invalidate_recordset()
            self.assertFalse(entry.can_edit or entry.can_annul)
            self.assertRefused(["locked", "social pedagogue"], entry.write, {"text": "…"})
            with self.assertRaises(AccessError):
                entry._annul("…")
            self.kz.school.intervention_edit_days = 30
            entry.invalidate_recordset()
            entry.text = "Ещё раз."
        for who in ("subject_teacher", "psychologist", "user_b"):
            self.kz.users.setdefault("user_b", self.kz.user_b)
            with self.assertRaises(AccessError):
                self.as_(self.kz, who, entry).write({"text": "Чужое."})
        self.assertRefused(["Correct"], self.as_(self.kz, "head", entry).write, {"text": "…"})
        with self.refused(AccessError, "buttons"):
            entry.write({"annulled": True})
        with self.refused(AccessError, "buttons"):
            entry.write({"author_id": self.kz.user_b.id})

    def test_correction(self):
        """The office corrects a locked entry with a reason; what stood before is kept, struck through."""
        case = self.kz_active()
        entry = self.log(self.kz, "class_teacher", "incident", text="Драка с Ивановым.")
        dialog = self.as_(self.kz, "social_pedagogue", entry).action_correct()
        self.assertEqual(dialog["context"]["default_text"], "Драка с Ивановым.")
        change = self.as_(self.kz, "social_pedagogue", self.env["vshu.intervention.change"]).with_context(
            **dialog["context"]
        )
        self.assertRefused(["reason"], change.create({"text": "Ссора.", "reason": " "}).action_confirm)
        self.assertRefused(["nothing was changed"], change.create({"reason": "Так."}).action_confirm)
        change.create(
            {"text": "Ссора, без драки.", "tone": "neutral", "reason": "По показаниям дежурного."}
        ).action_confirm()
        stood = entry.previous_ids
        self.assertEqual((entry.text, entry.tone, entry.annulled), ("Ссора, без драки.", "neutral", False))
        self.assertEqual((stood.text, stood.tone, stood.annulled), ("Драка с Ивановым.", "concern", True))
        self.assertEqual(stood.annulment_reason, "По показаниям дежурного.")
        self.assertEqual((stood.author_id, stood.annulled_by_id), (entry.author_id, self.kz.users["social_pedagogue"]))
        self.assertEqual((case.intervention_count, case.intervention_concern), (1, 0))
        for who in ("class_teacher", "psychologist"):
            with self.assertRaises(AccessError):
                self.as_(self.kz, who, entry).action_correct()

    def test_annul(self):
        """An erroneous entry is struck through with a reason, stays readable, and is never deleted."""
        entry = self.log(self.kz, "class_teacher", next_step="Позвонить", next_date="2026-10-20")
        activity = entry.sudo().next_activity_id
        self.assertTrue(activity)
        self.assertRefused(["reason"], entry._annul, "  ")
        entry._annul("Другой ученик.")
        self.assertFalse(activity.exists())
        self.assertEqual((entry.annulled, entry.date_annulled), (True, TODAY))
        self.assertRefused(["struck through"], entry.write, {"text": "…"})
        self.assertRefused(["already"], self.as_(self.kz, "head", entry)._annul, "Ещё раз.")
        self.assertRefused(["struck through"], self.as_(self.kz, "head", entry).action_correct)
        with self.assertRaises(AccessError):
            self.as_(self.kz, "head", entry).unlink()
        with self.refused(UserError, "never deleted"):
            entry.sudo().unlink()

    # -- next steps --------------------------------------------------------------------------------------------------

    def test_next_step(self):
        """A next step lies on the desk of whoever is named, without a word of it; done by button or by the reminder."""
        entry = self.log(
            self.kz,
            "class_teacher",
            next_step="Ахметов: проверить тетради",
            next_date="2026-10-20",
            next_employee_id=self.kz.employees["subject_teacher"].id,
        )
        activity = entry.sudo().next_activity_id
        self.assertEqual(
            (activity.user_id, str(activity.date_deadline)), (self.kz.users["subject_teacher"], "2026-10-20")
        )
        self.assertNotIn("Ахметов", f"{activity.summary} {activity.note} {activity.res_name}")
        named = self.as_(self.kz, "subject_teacher", entry)
        mine = named.browse().search([("next_user_id", "=", self.kz.users["subject_teacher"].id)])
        self.assertEqual((mine, named.can_finish, named.can_edit), (entry, True, False))
        with self.assertRaises(AccessError):
            named.write({"next_step": "…"})
        entry.next_date = "2026-10-21"
        self.assertEqual(str(activity.date_deadline), "2026-10-21")
        named.action_next_done()
        self.assertEqual((entry.next_done, activity.active), (TODAY, False))
        self.assertRefused(["no open next step"], named.action_next_done)
        other = self.log(self.kz, "class_teacher", next_step="Позвонить", next_date="2026-10-20")
        other.sudo().next_activity_id.with_user(self.kz.users["class_teacher"]).action_feedback(feedback="Дозвонилась.")
        self.assertEqual(other.next_done, TODAY)
        with self.assertRaises(AccessError):
            self.as_(self.kz, "subject_teacher", self.log(self.kz, "class_teacher")).action_next_done()

    # -- bad input ---------------------------------------------------------------------------------------------------

    def test_bad_input(self):
        """Future, before birth or enrolment, empty, no or past date of the next step: each with its message."""
        ru = self.ru
        newcomer = self.make_student(ru, "Новенький Олег")
        self.enroll(newcomer, ru.class_a, "2026-10-01")
        cases = (
            ({"date": "2026-10-15 06:00:00"}, ["future"]),
            ({"student_id": newcomer.id, "date": "2026-09-30 06:00:00"}, ["before the student came", "2026-10-01"]),
            ({"date": "2010-10-15 06:00:00"}, ["before the student came"]),
            ({"text": "  \n "}, ["what happened"]),
            ({"next_step": "Позвонить"}, ["by when"]),
            ({"next_date": "2026-10-20"}, ["what the next step is"]),
            ({"next_step": "Позвонить", "next_date": "2026-10-13", "date": "2026-10-12 06:00:00"}, ["past"]),
            ({"next_step": "Позвонить", "next_date": "2026-10-13"}, ["before the entry"]),
            ({"next_step": "Позвонить", "next_date": "2026-10-20", "next_done": "2026-10-15"}, ["done in the future"]),
            ({"next_step": "Позвонить", "next_date": "2026-10-20", "next_done": "2026-10-12"}, ["before the entry"]),
            ({"student_id": self.kz.student.id}, []),
            ({"student_id": self.make_student(ru, "Никуда Не Зачислен").id}, ["no student of"]),
            ({"student_id": ru.users["head"].partner_id.id}, ["no student of"]),
            ({"adult_ids": [Command.link(ru.other_student.id)]}, ["among the adults"]),
            ({"employee_ids": [Command.link(self.kz.teacher_b.id)]}, []),
        )
        before = self.env["vshu.intervention"].search_count([])
        for vals, words in cases:
            with self.subTest(vals=vals), self.cr.savepoint() as savepoint:
                self.assertRefused(words, self.log, ru, "class_teacher", **vals)
                savepoint.rollback()
        self.assertEqual(self.env["vshu.intervention"].search_count([]), before)

    def test_people_who_left(self):
        """A colleague who has left and a guardian of other times take no part."""
        ru = self.ru
        gone = ru.employees["psychologist"]
        old = self.make_guardian(ru.student, "Петров Олег", "father", date_to="2026-10-01")
        now = self.make_guardian(ru.student)
        entry = self.log(
            ru, "class_teacher", employee_ids=[Command.link(gone.id)], adult_ids=[Command.link(now.partner_id.id)]
        )
        gone.active = False
        for vals in (
            {"employee_ids": [Command.link(gone.id)]},
            {"employee_id": gone.id},
            {"next_step": "Позвонить", "next_date": "2026-10-20", "next_employee_id": gone.id},
        ):
            with self.refused(ValidationError, "does not work at the school any more"):
                self.log(ru, "class_teacher", **vals)
        with self.refused(ValidationError, "no parent or guardian of this student on that day"):
            self.log(ru, "class_teacher", adult_ids=[Command.link(old.partner_id.id)])
        self.log(ru, "class_teacher", date="2026-09-20 06:00:00", adult_ids=[Command.link(old.partner_id.id)])
        entry.result = "Договорились."


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestInterventionQueries(QueryCommon):
    """Lists, timeline and counts do not grow with the entries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        grounds = cls.env["vshu.ground"].search([("code", "like", "18.")])
        cls.cases = cls.make_cases(cls.kz, 86, grounds, cls.env.ref("vshu_registry.kz_basis_4"))
        kinds = cls.env["vshu.intervention.kind"].search([("company_id", "=", False)])
        cls.entries = cls.env["vshu.intervention"].create(
            [
                {
                    "company_id": cls.kz.company.id,
                    "student_id": case.student_id.id,
                    "kind_id": kinds[number % len(kinds)].id,
                    "employee_id": cls.kz.employees["class_teacher"].id,
                    "author_id": cls.kz.users["class_teacher"].id,
                    "text": "Поговорили.",
                }
                for number, case in enumerate(cls.cases)
            ]
        )

    def reader(self, role, view_type, ids, limit=80):
        """Return a function that reads a view as the web client does."""
        records = self.as_(self.kz, role, self.env["vshu.intervention"])
        spec = specification(records, view_type)
        return lambda: records.web_search_read([("id", "in", ids)], spec, limit=limit, count_limit=10001)

    def test_lists(self):
        """80 entries as list or timeline: at most 12 queries, whatever their number."""
        ids = self.entries.ids
        for role in ("social_pedagogue", "class_teacher"):
            for view in ("list", "kanban"):
                with self.subTest(role=role, view=view):
                    self.assertBudget(12, self.reader(role, view, ids))
                    self.assertConstant(self.reader(role, view, ids[:10], 100), self.reader(role, view, ids[:80], 100))

    def test_counts(self):
        """The counts of eighty students take one query beside the rights; those of a case none."""
        students = self.cases.student_id
        for role in ("social_pedagogue", "class_teacher"):
            view = self.as_(self.kz, role, self.env["vshu.intervention"])
            self.assertBudget(2, lambda v=view: v._counts("student_id", students[:80].ids))
        stored = [
            self.env["vshu.case"]._fields[f"intervention_{name}"].store for name in ("count", "positive", "concern")
        ]
        self.assertTrue(all(stored))

    def test_dialog(self):
        """Opening the dialog and saving it stay in budget."""
        case = self.as_(self.kz, "class_teacher", self.cases[0])
        entries = self.as_(self.kz, "class_teacher", self.env["vshu.intervention"])
        view = self.ref("view_vshu_intervention_quick").id
        spec = specification(entries, "form", view)
        context = case.action_log_intervention()["context"]
        entries = entries.with_context(**context)
        self.assertBudget(12, lambda: entries.onchange({}, [], spec))
        vals = {"student_id": case.student_id.id, "kind_id": self.ref("intervention_kind_talk").id, "text": "…"}
        self.assertBudget(40, lambda: entries.web_save(vals, spec))
        few = [{**vals} for _number in range(5)]
        many = [{**vals} for _number in range(50)]
        self.assertConstant(lambda: entries.create(few), lambda: entries.create(many))


def print_pdf(records, report_name):
    """Print records by wkhtmltopdf; return (bytes, text)."""
    report = records.env["ir.actions.report"].with_context(force_report_rendering=True)
    content, kind = report._render_qweb_pdf(report_name, records.ids)
    assert kind == "pdf"
    command = ["pdftotext", "-layout", "-enc", "UTF-8", "-", "-"]
    return content, subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


def speak_kazakh(env, bag):
    """Let the school of ``bag`` write its papers in Kazakh."""
    env["res.lang"]._activate_lang("kk_KZ")
    env["ir.module.module"].search([("name", "=", "vshu_registry")])._update_translations(["kk_KZ"])
    bag.school.regulation_id.language_codes = "kk_KZ"


def fonts_not_embedded(content):
    """Return the lines of the fonts that a PDF does not carry itself."""
    lines = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True).stdout.decode()
    rows = lines.splitlines()[2:]
    assert rows, "a paper without a font"
    return [row for row in rows if row.split()[-5] != "yes"]  # … emb sub uni object ID


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestWorkSheet(HttpCase, WorkCommon):
    def test_work_sheet(self):
        """RU-5.4 item 8: the record of the work done is printed, with what the reader may read, fonts embedded."""
        case = self.kz_active()
        self.log(self.kz, "class_teacher", "praise", text="Победа в олимпиаде по физике.", result="Грамота.")
        self.log(self.kz, "subject_teacher", "incident", text="Разбил стекло.")._annul("Не он.")
        content, text = print_pdf(self.as_(self.kz, "class_teacher", case), "vshu_registry.report_work_sheet")
        for words in ("Победа в олимпиаде", "Грамота", "Ахметов Арман", "kz_class_teacher"):
            self.assertIn(words, text)
        self.assertNotIn("Разбил стекло", text)
        self.assertFalse(fonts_not_embedded(content))
        with self.assertRaises(AccessError):
            print_pdf(self.as_(self.kz, "subject_teacher", case), "vshu_registry.report_work_sheet")

    def test_work_sheet_in_kazakh(self):
        """A school that writes in Kazakh prints the record of the work in Kazakh, names of the kinds too."""
        speak_kazakh(self.env, self.kz)
        case = self.kz_active()
        self.log(self.kz, "class_teacher", "praise", text="Физика олимпиадасында жеңді.", result="Мақтау қағазы.")
        content, text = print_pdf(self.as_(self.kz, "class_teacher", case), "vshu_registry.report_work_sheet")
        words = " ".join(text.split())
        for expected in KAZAKH_SHEET:
            self.assertIn(expected, words)
        self.assertNotRegex(words, r"RECORD|In all|Keeper|Kind of work|Похвала")
        self.assertFalse(fonts_not_embedded(content))
