"""Letters and the end of the year walked in a real browser."""

from odoo.tests import HttpCase, tagged

from ..channels.test_tours import TODAY, YEAR_END, YEAR_START
from .test_petitions import PetitionCommon


@tagged("post_install", "-at_install")
class TestPetitionTours(PetitionCommon, HttpCase):
    @classmethod
    def make_year(cls, company, name, date_start, date_end):
        """Create the school year around today in place of the one of the builders."""
        return super().make_year(company, name, YEAR_START, YEAR_END)

    def walk(self, tour, role):
        self.start_tour("/odoo", tour, login=self.kz.users[role].login)
        self.env.invalidate_all()

    def test_petition(self):
        """KZ-17: refusal recorded, petition drafted by the keeper, sent by the deputy head, its answer recorded."""
        case = self.kz_active(date=TODAY)
        self.fact(self.kz, case, "no_measures", date=TODAY)
        self.walk("vshu_petition_draft", "social_pedagogue")
        petition = case.petition_ids
        self.assertEqual((petition.state, petition.kind_id.code, petition.number), ("draft", "17.2", "1"))
        self.walk("vshu_petition_send", "deputy_head")
        self.assertEqual((petition.state, petition.date_sent), ("sent", TODAY))
        self.walk("vshu_petition_answer", "social_pedagogue")
        self.assertEqual(
            (petition.state, petition.outcome, petition.answer_number), ("answered", "granted", "3-12/418")
        )

    def test_close_year(self):
        """The administrator closes the year; a pupil chosen for by hand repeats the class."""
        self.kz.year.name = "2026/27"
        self.walk("vshu_close_year", "administrator")
        self.assertTrue(self.kz.year.date_closed)
        following = self.kz.year._next_year()
        classes = self.kz.student._vshu_class_on(following.date_start)
        self.assertEqual(classes[self.kz.student.id].name, "7 «А»")
        self.assertEqual(self.kz.other_student._vshu_class_on(following.date_start)[self.kz.other_student.id].grade, 8)
