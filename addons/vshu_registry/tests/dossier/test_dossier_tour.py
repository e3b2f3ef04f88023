"""The dossier in a browser: the class teacher writes the characteristic, the papers that wait, on a phone too."""

from odoo.tests import HttpCase, tagged

from ..case.test_flow import FlowCommon
from ..channels import test_tours
from ..channels.test_tours import TODAY, YEAR_END, YEAR_START


@tagged("post_install", "-at_install")
class TestDossierTour(FlowCommon, HttpCase):
    walk = test_tours.TestTours.walk
    ru_registered = test_tours.TestTours.ru_registered

    @classmethod
    def make_year(cls, company, name, date_start, date_end):
        """Create the school year around today in place of the one of the builders."""
        return super().make_year(company, name, YEAR_START, YEAR_END)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_guardian(cls.ru.student)
        cls.ru.student.street = "ул. Школьная, 3"

    def test_characteristic(self):
        """RU-A4, RU-5.4: what is known stands there, what is empty is named; the paper is there, the next due."""
        case = self.ru_registered(self.ru.student)
        self.walk("vshu_ru_class_teacher_characteristic", self.ru, "class_teacher", refusals=True)
        form = self.env["vshu.characteristic"].search([("case_id", "=", case.id)])
        self.assertEqual(
            (form.state, form.rating, form.author_id), ("finished", "positive", self.ru.users["class_teacher"])
        )
        papers = case.document_ids.filtered(lambda d: d.type_id == self.ref("ru_document_5_4_5"))
        self.assertEqual(sorted(papers.mapped("state")), ["due", "ready"])
        self.assertEqual(papers.filtered("form_done").date, TODAY)

    def test_papers(self):
        """RU-5.4: the papers that wait for the class teacher, of the own class only; on a phone."""
        self.ru_registered(self.ru.other_student)
        case = self.ru_registered(self.ru.student)
        self.walk("vshu_ru_class_teacher_papers", self.ru, "class_teacher")
        form = self.env["vshu.characteristic"].search([])
        self.assertEqual((form.case_id, form.state), (case, "draft"))
        form.unlink()
        self.walk("vshu_phone_papers", self.ru, "class_teacher", path="/odoo/vshu-papers", phone=True)
