"""Notices in a real browser: handed over, refused before witnesses, printed; read by the class teacher on a phone."""

from odoo.tests import HttpCase, tagged

from ..case.test_flow import FlowCommon
from ..channels import test_tours
from ..channels.test_tours import TODAY, YEAR_END, YEAR_START


@tagged("post_install", "-at_install")
class TestNoticeTour(FlowCommon, HttpCase):
    walk = test_tours.TestTours.walk
    ru_registered = test_tours.TestTours.ru_registered

    @classmethod
    def make_year(cls, company, name, date_start, date_end):
        """Create the school year around today in place of the one of the builders."""
        return super().make_year(company, name, YEAR_START, YEAR_END)

    def test_social_pedagogue(self):
        """RU-5.3, RU-A6: from the case to the notice: printed, handed over in person, refused before two witnesses."""
        self.make_guardian(self.ru.student)
        case = self.ru_registered(self.ru.student)
        self.walk("vshu_ru_social_pedagogue_notice", self.ru, "social_pedagogue", refusals=True)
        notice = case._parents_notices()
        self.assertEqual((notice.state, notice.channel, notice.date_refused), ("refused", "in_person", TODAY))
        self.assertEqual(
            notice.witness1_id | notice.witness2_id,
            self.ru.employees["psychologist"] | self.ru.employees["deputy_head"],
        )
        self.assertEqual((notice.date_printed, case.date_parents_informed), (TODAY, TODAY))
        self.assertEqual(notice.deadline_ids.state, "met")

    def test_class_teacher_on_a_phone(self):
        """RU-5.3: the class teacher is told inside the program and acknowledges, on a phone."""
        case = self.ru_registered(self.ru.student)
        path = "/odoo/vshu-notices-to-hand"
        self.walk("vshu_phone_notice", self.ru, "class_teacher", path=path, phone=True)
        notice = self.env["vshu.notice"].search([("case_id", "=", case.id), ("addressee", "=", "class_teacher")])
        self.assertEqual((notice.state, notice.date_acknowledged), ("acknowledged", TODAY))
