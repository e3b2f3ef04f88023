"""Entries on the preventive work in a real browser: in as few clicks as there can be."""

from odoo.tests import HttpCase, tagged

from ..case.test_flow import FlowCommon
from ..channels.test_tours import TODAY, YEAR_END, YEAR_START


@tagged("post_install", "-at_install")
class TestInterventionTour(FlowCommon, HttpCase):
    @classmethod
    def make_year(cls, company, name, date_start, date_end):
        """Create the school year around today: the real clock runs."""
        return super().make_year(company, name, YEAR_START, YEAR_END)

    def test_class_teacher(self):
        """A talk from the case and praise from the student's form, three clicks each; both on the timeline (RU-5.4)."""
        signal = self.signal(self.kz, "class_teacher", ground_id=self.ref("kz_ground_18_5").id)
        self.as_(self.kz, "deputy_head", signal).action_accept()
        case = signal.sudo().case_id
        self.as_(self.kz, "deputy_head", case).action_submit()
        self.decide(self.kz, case, "kz_kind_4_place", months=3, date=TODAY)
        teacher = self.kz.users["class_teacher"]
        self.start_tour("/odoo", "vshu_class_teacher_logs_work", login=teacher.login)
        entries = self.env["vshu.intervention"].search([("student_id", "=", self.kz.student.id)])
        self.assertEqual(entries.mapped("kind_id.code"), ["praise", "talk"])
        self.assertEqual((entries.case_id, entries.author_id), (case, teacher))
        self.env.invalidate_all()
        self.assertEqual((case.intervention_count, case.intervention_positive), (2, 1))

    def test_phone(self):
        """At 390 pixels, by touch: two entries one after the other from the cards of the students."""
        self.browser_size, self.touch_enabled = "390x844", True
        login = self.ru.users["class_teacher"].login
        self.start_tour("/odoo/vshu-my-class", "vshu_phone_logs_work", login=login)
        entries = self.env["vshu.intervention"].search([("student_id", "=", self.ru.student.id)])
        self.assertEqual(entries.mapped("kind_id.code"), ["praise", "call"])
