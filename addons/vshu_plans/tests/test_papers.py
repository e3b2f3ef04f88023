"""The plan, the notice on the parents' copy and the figures as PDF, read back in Russian and Kazakh (KZ-14, KZ-15)."""

import subprocess

from freezegun import freeze_time
from lxml import etree
from odoo.tests import HttpCase, tagged

from .common import TODAY, PlansCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanPapers(PlansCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("ru_RU", "kk_KZ"):
            cls.env["res.lang"]._activate_lang(lang)

    def text(self, report, record, lang, role="social_pedagogue"):
        """Print as a reader of ``lang``; return the words of the PDF without spaces, its fonts being embedded."""
        env = self.as_(self.kz, role, self.env["ir.actions.report"]).with_context(
            lang=lang, force_report_rendering=True
        )
        content, kind = env._render_qweb_pdf(report, record.ids)
        self.assertEqual(kind, "pdf")
        fonts = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True).stdout.decode()
        rows = fonts.splitlines()[2:]
        self.assertTrue(rows)
        for row in rows:  # … emb sub uni object ID
            self.assertEqual(row.split()[-5], "yes", row)
        out = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
        # a line may be broken at any space or after a hyphen
        return "".join(out.replace("-", "").split())

    def assertSays(self, text, *words):  # noqa: N802 - as unittest names them
        for word in words:
            self.assertIn("".join(word.replace("-", "").split()), text)

    def a_plan(self, lang):
        """Return a plan in force, drafted in ``lang``, and its case."""
        self.make_guardian(self.kz.student, may_receive_papers=True, lang=lang)
        case = self.active_case(self.kz, student=self.kz.student)
        own = self.as_(self.kz, "social_pedagogue", case).with_context(lang=lang)
        plan = self.env["vshu.plan"].browse(own.action_draft_plan()["res_id"])
        plan.goal_ids.write({"rating_start": "2", "reason_start": "…"})
        return self.approve(self.kz, plan)

    def check(self, lang, *words):
        plan = self.a_plan(lang)
        text = self.text("vshu_plans.report_plan", plan, lang)
        self.assertSays(text, *words, self.kz.student.name, self.kz.company.name, "4")
        for measure in plan.measure_ids.with_context(lang=lang):
            # a row that is broken over two pages mixes its columns: every word of it is there
            self.assertSays(text, *measure.name.split(), measure.employee_id.name, measure.section_id.name)
            self.assertNotIn("False", text)
        for goal in plan.goal_ids:
            self.assertSays(text, goal.name, goal.cause)
        return plan, text

    def test_plan_ru(self):
        """Headings of the real form; every measure with expected result, days and who answers; place to sign."""
        plan, text = self.check(
            "ru_RU",
            "ИНДИВИДУАЛЬНЫЙ ПЛАН ПРОФИЛАКТИЧЕСКОЙ РАБОТЫ",
            "Ожидаемый результат",
            "Ответственный",
            "Родитель (законный представитель)",
            "УТВЕРЖДЁН",
        )
        self.assertSays(text, "14 октября 2026", "14 января 2027")
        weekly = plan.measure_ids.filtered(lambda m: m.repeat == "weekly")[:1].with_context(lang="ru_RU")
        self.assertSays(text, weekly.dates_text)

    def test_plan_kk(self):
        self.check(
            "kk_KZ",
            "ПРОФИЛАКТИКАЛЫҚ ЖҰМЫСТЫҢ ЖЕКЕ ЖОСПАРЫ",
            "Күтілетін нәтиже",
            "Жауапты",
        )

    def test_draft_says_so(self):
        plan = self.draft(self.kz, self.active_case(self.kz, student=self.kz.student))
        self.assertSays(self.text("vshu_plans.report_plan", plan, "ru_RU"), "Проект")

    def test_next_version(self):
        """A next version says which one it is, why and what changed."""
        plan = self.small_plan(self.kz, self.active_case(self.kz, student=self.kz.student), [{}, {}])
        draft = self.env["vshu.plan"].browse(
            self.as_(self.kz, "social_pedagogue", plan).with_context(lang="ru_RU")._revise("новое расписание")["res_id"]
        )
        draft.measure_ids[0].write({"employee_id": self.kz.employees["psychologist"].id})
        self.as_(self.kz, "deputy_head", draft).write({"approval_number": "5", "approval_date": TODAY})
        self.as_(self.kz, "deputy_head", draft).with_context(lang="ru_RU").action_approve()
        text = self.text("vshu_plans.report_plan", draft, "ru_RU")
        self.assertSays(text, "редакция 2", "новое расписание", "kz_psychologist name")

    def test_notice(self):
        """The notice with its receipt goes with the copy, in the parents' language (KZ-14)."""
        for lang, words in (("ru_RU", "экземпляр"), ("kk_KZ", "данасы")):
            with self.subTest(lang), self.cr.savepoint() as savepoint:
                plan = self.a_plan(lang)
                self.assertEqual(plan.notice_ids.lang, lang)
                self.assertSays(self.text("vshu_registry.report_notice", plan.notice_ids, lang), words)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_figures(self):
        """Figures on paper: by ground and by kind, with what they are not (KZ-23)."""
        for number in range(6):
            student = self.make_student(self.kz, f"Скрытое Имя {number}", self.kz.class_a)
            plan = self.small_plan(self.kz, self.active_case(self.kz, student=student), [{"date_due": "2026-10-14"}])
            self.done(plan.task_ids)
        figures = self.as_(self.kz, "head", self.env["vshu.plan.figures"]).create(
            {"company_id": self.kz.company.id, "date_from": "2026-09-01", "date_to": "2026-10-14"}
        )
        ground = self.ref("kz_ground_18_5")
        for lang, words in (("ru_RU", "РЕЗУЛЬТАТИВНОСТЬ"), ("kk_KZ", "НӘТИЖЕЛІЛІГІ")):
            text = self.text("vshu_plans.report_figures", figures, lang, "head")
            self.assertSays(text, words, ground.with_context(lang=lang).display_name, "100")
            self.assertNotIn("Скрытое", text)

    def test_one_phrase_of_the_days(self):
        """screens.md 5: how often a measure comes again is said in one phrase, on the screen as on paper."""
        case = self.active_case(self.kz)
        vals = {"repeat": "weekly", "every": 2, "date_until": "2026-12-01"}
        plan = self.small_plan(self.kz, case, [vals])
        phrase = plan.measure_ids.dates_text
        self.assertIn("every 2 weeks", phrase)
        labels = dict(plan.measure_ids._fields["repeat"]._description_selection(self.env))
        self.assertNotIn("every", labels["weekly"].lower())
        arch = etree.fromstring(plan.get_view(view_type="form")["arch"])
        columns = {
            node.get("name"): node.get("column_invisible")
            for node in arch.xpath("//field[@name='measure_ids']/list/field")
        }
        self.assertEqual(columns["dates_text"], "parent.state == 'draft'")
        for name in ("repeat", "every", "date_due", "date_until"):
            self.assertEqual(columns[name], "parent.state != 'draft'", name)
