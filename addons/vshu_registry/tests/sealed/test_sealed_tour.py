"""A sealed conclusion and a recommendation in a real browser (issue's acceptance 1)."""

from contextlib import nullcontext

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..case.test_flow import FlowCommon
from ..channels.test_tours import TODAY, YEAR_END, YEAR_START


@tagged("post_install", "-at_install")
class TestSealedTours(FlowCommon, HttpCase):
    """Users log in by their login; the real clock runs, so nothing here is frozen."""

    @classmethod
    def make_year(cls, company, name, date_start, date_end):
        """Create the school year around today in place of the one of the builders."""
        return super().make_year(company, name, YEAR_START, YEAR_END)

    def walk(self, tour, role, path="/odoo", refusals=False):
        """Walk ``tour`` as the user who holds ``role``; refusals are user errors that the server logs as warnings."""
        with mute_logger("odoo.http") if refusals else nullcontext():
            self.start_tour(path, tour, login=self.kz.users[role].login)
        self.env.invalidate_all()

    def test_sealed_conclusion(self):
        """KZ-11: the psychologist files it, the deputy head reads it, the class teacher sees that it is there."""
        case = self.kz_case()
        line = case.document_ids.filtered("sealed")
        self.walk("vshu_sealed_psychologist", "psychologist", refusals=True)
        paper = line.sealed_ids
        self.assertEqual((paper.state, paper.date, line.state), ("filed", TODAY, "ready"))
        self.assertEqual(paper.user_id, self.kz.users["psychologist"])
        self.walk("vshu_sealed_deputy_head", "deputy_head")
        self.assertEqual(paper.reading_ids.user_id, self.kz.users["deputy_head"])
        self.walk("vshu_sealed_class_teacher", "class_teacher", refusals=True)
        self.assertEqual(paper.reading_ids.user_id, self.kz.users["deputy_head"])

    def test_recommendation(self):
        """RU-5.4: given from the case, carried out by the teacher on a phone."""
        case = self.kz_case()
        self.walk("vshu_recommendation_psychologist", "psychologist")
        record = self.env["vshu.recommendation"].search([("case_id", "=", case.id)])
        self.assertEqual((record.state, record.line_ids.employee_id), ("given", self.kz.employees["subject_teacher"]))
        self.browser_size, self.touch_enabled = "390x844", True
        self.walk("vshu_recommendation_teacher", "subject_teacher", path="/odoo/vshu-my-recommendations")
        self.assertEqual((record.state, record.line_ids.date_done), ("done", TODAY))
