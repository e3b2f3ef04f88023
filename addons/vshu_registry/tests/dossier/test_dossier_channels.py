"""Forms of papers leak by no way: who may read, search, group, export, print them, and who may write."""

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.vshu_registry.tools.guard import guarded

from ..access_common import SECRET
from ..case.test_flow import TODAY
from ..channels.test_access import OFFICE, OUTSIDERS, READERS, TestAccess
from ..channels.test_channels import BLIND, ChannelsCommon
from ..sealed.test_sealed import SealedBuilders


class DossierChannelsCommon(ChannelsCommon):
    """A characteristic and a survey act of the child of each class, with words that must not leak."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls("setUp")
        bag = cls.bag
        bag.forms = self.make_forms(bag.case, "class_teacher")
        bag.forms_b = self.make_forms(bag.case_b, "class_teacher_b")

    def make_forms(self, case, teacher):
        forms = []
        for model, doctype, role, word in (
            ("vshu.characteristic", "kz_document_11_1", teacher, "character"),
            ("vshu.survey", "kz_document_11_3", "social_pedagogue", "supervision"),
        ):
            document = self.env["vshu.document"].create({"case_id": case.id, "type_id": self.ref(doctype).id})
            forms.append(self.as_(self.bag, role, self.env[model]).create({"document_id": document.id, word: SECRET}))
        return [form.with_user(self.env.user).with_env(self.env) for form in forms]


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestDossierAccess(DossierChannelsCommon):
    check = TestAccess.check
    check_create = TestAccess.check_create

    def test_forms(self):
        """Forms are read with the case; a draft is its author's; of a case that is over nobody writes."""
        bag = self.bag
        characteristic, survey = bag.forms
        readers = dict.fromkeys((*READERS, "class_teacher", "curator"), "r")
        self.check(characteristic, {**readers, "class_teacher": "rwu"}, {"character": "…"})
        self.check(survey, {**readers, "social_pedagogue": "rwu"}, {"conclusion": "…"})
        member = survey.member_ids[0]
        self.check(member, {**readers, "social_pedagogue": "rwu"}, {"name": "…"})
        others = dict.fromkeys((*READERS, "class_teacher_b"), "r")
        self.check(bag.forms_b[0], {**others, "class_teacher_b": "rwu"}, {"character": "…"})
        self.check(bag.forms_b[1], {**others, "social_pedagogue": "rwu"}, {"conclusion": "…"})
        document = self.env["vshu.document"].create(
            {"case_id": bag.case.id, "type_id": self.ref("kz_document_11_1").id}
        )
        self.check_create("vshu.characteristic", {"document_id": document.id}, (*OFFICE, "class_teacher", "curator"))
        act = self.env["vshu.document"].create({"case_id": bag.case.id, "type_id": self.ref("kz_document_11_3").id})
        self.check_create("vshu.survey", {"document_id": act.id}, OFFICE)
        self.check_create("vshu.survey.member", {"survey_id": survey.id, "name": "…"}, ("social_pedagogue",))
        guarded(bag.case)._close(self.ref("kz_reason_19_1"), TODAY)
        self.check(characteristic, dict.fromkeys(READERS, "r"), {"character": "…"})
        self.check(survey, dict.fromkeys(READERS, "r"), {"conclusion": "…"})
        self.check_create("vshu.characteristic", {"document_id": document.id}, ())

    def test_standin(self):
        """Who stands in for a class teacher writes between the dates, and not after."""
        bag = self.bag
        self.make_standin(bag, "class_teacher", bag.employees["subject_teacher"], TODAY, TODAY, bag.class_a)
        document = self.env["vshu.document"].create(
            {"case_id": bag.case.id, "type_id": self.ref("kz_document_11_1").id}
        )
        form = self.see(bag, "subject_teacher", document).action_fill_form()
        form = self.see(bag, "subject_teacher", self.env["vshu.characteristic"].browse(form["res_id"]))
        form.character = "…"
        with freeze_time("2026-10-15 06:00:00"):
            self.env.invalidate_all()
            self.assertRaises(AccessError, form.read, ["character"])
            self.assertRaises(AccessError, form.write, {"character": "…"})

    def test_other_school(self):
        """Another school sees and writes nothing, its head neither."""
        for form in self.bag.forms:
            for who in ("head", "social_pedagogue", "class_teacher", "administrator"):
                view = self.see(self.ru, who, form)
                self.assertFalse(self.may(view.read, ["display_name"]))
                self.assertFalse(self.may(view.write, {"date": TODAY}))
        papers = self.see(self.ru, "head", self.env["vshu.document"])
        self.assertFalse(papers.search([("case_id", "=", self.bag.case.id)]))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestDossierChannels(DossierChannelsCommon, SealedBuilders, HttpCase):
    def test_reading(self):
        """No way of reading gives the form of a child of another class, nor its words."""
        characteristic, survey = self.bag.forms_b
        for form, word in ((characteristic, "character"), (survey, "supervision"), (survey.member_ids, "name")):
            mine = [("id", "in", form.ids)]
            for who in (*BLIND, "administrator", *OUTSIDERS):
                with self.subTest(form=form, who=who):
                    view = self.see(self.bag, who, form.browse())
                    self.assert_hidden(view.search, mine)
                    self.assert_hidden(view.search, [(word, "ilike", SECRET)] + mine)
                    self.assert_hidden(view.search_count, mine)
                    self.assert_hidden(view.name_search, "", mine)
                    self.assert_hidden(view.web_search_read, mine, {word: {}})
                    self.assert_hidden(
                        lambda v=view, d=mine: [g for g in v.formatted_read_group(d, [], ["__count"]) if g["__count"]]
                    )
                    record = self.see(self.bag, who, form[0])
                    self.assert_hidden(record.read, [word])
                    self.assert_hidden(record.web_read, {word: {}})
                    self.assert_hidden(record.export_data, ["id", word])
                    self.assert_hidden(record.copy_data)

    def test_papers_lead_to_no_form(self):
        """The list of papers shows own class only, and cannot be searched by what other papers' forms say."""
        papers = self.see(self.bag, "class_teacher", self.env["vshu.document"])
        self.assertEqual(papers.search([]).case_id & self.bag.case_b, papers.browse().case_id)
        self.assertTrue(papers.search([("student_id", "=", self.bag.student.id)]))
        for domain in (
            [("student_id", "=", self.bag.other_student.id)],
            [("class_id", "=", self.bag.class_b.id)],
            [("case_id", "=", self.bag.case_b.id)],
            [("is_mine", "=", True), ("case_id.student_id", "=", self.bag.other_student.id)],
        ):
            self.assert_hidden(papers.search, domain)
            self.assert_hidden(papers.search_count, domain)
        for group in ("class_id", "case_id", "student_id"):
            try:
                groups = str(papers.formatted_read_group([], [group], ["__count"]))
            except (AccessError, ValueError):
                continue
            self.assertNotIn(self.bag.other_student.name, groups)
            self.assertNotIn("7 «Б»", groups)

    def test_reports(self):
        """Printing takes the right to read: characteristic, act, card, application, over the address of the report."""
        bag = self.bag
        characteristic, survey = bag.forms_b
        for name, record in (
            ("report_characteristic", characteristic),
            ("report_survey", survey),
            ("report_card", bag.case_b),
            ("report_application_case", bag.case_b),
            ("report_application", bag.signal_b),
        ):
            for who in (*READERS, "class_teacher_b", *BLIND, "administrator", *OUTSIDERS):
                sees = who in (*READERS, "class_teacher_b")
                with self.subTest(report=name, who=who):
                    report = self.see(bag, who, self.env["ir.actions.report"])
                    if not sees:
                        self.assertFalse(
                            self.may(report._render_qweb_html, f"vshu_registry.{name}", record.ids), f"{name} {who}"
                        )
                        continue
                    html, _kind = report._render_qweb_html(f"vshu_registry.{name}", record.ids)
                    self.assertIn(bag.other_student.name, html.decode())

    def test_report_address(self):
        """The web address of a report asks for the same right."""
        characteristic = self.bag.forms_b[0]
        for who, status in (("class_teacher", 403), ("head", 200)):
            user = self.bag.users[who]
            self.authenticate(user.login, user.login)
            with mute_logger("odoo.http", "odoo.addons.web.controllers.report"):
                response = self.url_open(f"/report/html/vshu_registry.report_characteristic/{characteristic.id}")
            if status == 200:
                self.assertIn(SECRET, response.text)
            else:
                self.assertNotIn(SECRET, response.text)
                self.assertNotEqual(response.status_code, 200)

    def test_names(self):
        """Forms are called by the number of the case, never by the name of the child."""
        for form in (*self.bag.forms, *self.bag.forms_b):
            for student in (self.bag.student, self.bag.other_student):
                for word in student.name.split():
                    self.assertNotIn(word, form.display_name)

    def test_card_tells_what_the_reader_may_know(self):
        """The card of a curator's case has no guardians: the curator does not read them elsewhere either."""
        case = self.see(self.bag, "curator", self.bag.case)
        words = str(case._card_facts())
        self.assertIn(self.bag.student.name, words)
        self.assertNotIn("Мать Тайная", words)
        self.assertIn("Мать Тайная", str(self.see(self.bag, "class_teacher", self.bag.case)._card_facts()))
        # sealed papers: that one is there, not what it says, not even on the card of those who may open it
        sealed = self.file_sealed(self.bag, self.bag.case, files=True)
        self.assertEqual(sealed.text, SECRET)
        for who in ("curator", "class_teacher", "social_pedagogue", "head"):
            papers = self.see(self.bag, who, self.bag.case)._card_papers()
            self.assertIn(sealed.document_id.type_id.name, str(papers), who)
            self.assertNotIn(SECRET, str(papers), who)
