"""The main path of every role, walked in a real browser (issue's acceptance 1, 2 and 3)."""

from datetime import date, timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_flow import FlowCommon

#: a school year around today, whenever the tests run
TODAY = fields.Date.today()
YEAR_START = date(TODAY.year - (TODAY.month < 9), 9, 1)
YEAR_END = date(YEAR_START.year + 1, 8, 31)


@tagged("post_install", "-at_install")
class TestTours(FlowCommon, HttpCase):
    """Users log in by their login; the real clock runs, so nothing here is frozen."""

    @classmethod
    def make_year(cls, company, name, date_start, date_end):
        """Create the school year around today in place of the one of the builders."""
        return super().make_year(company, name, YEAR_START, YEAR_END)

    def walk(self, tour, bag, role, path="/odoo", refusals=False, phone=False):
        """Walk ``tour`` as the user who holds ``role``; refusals are user errors that the server logs as warnings."""
        if phone:
            self.browser_size, self.touch_enabled = "390x844", True
        user = bag.users[role] if role in bag.users else bag[role]
        with mute_logger("odoo.http") if refusals else mute_logger():
            self.start_tour(path, tour, login=user.login)
        self.env.invalidate_all()

    def test_ru_social_pedagogue_decree(self):
        """RU-5.1: a commission's decree is entered and the child registered in at most eight clicks beside typing."""
        self.env["res.partner"].create({"name": "Комиссия по делам несовершеннолетних", "is_company": True})
        self.walk("vshu_ru_social_pedagogue_decree", self.ru, "social_pedagogue")
        case = self.env["vshu.case"].search([("student_id", "=", self.ru.student.id)])
        signal = case.signal_ids
        self.assertEqual((case.state, case.number, case.date_placed), ("active", 1, TODAY))
        self.assertEqual(case.curator_id, self.ru.employees["class_teacher"])
        self.assertEqual(case.placement_decision_id.number, "114/2")
        self.assertEqual(signal.issuer_id.name, "Комиссия по делам несовершеннолетних")
        clock = signal.deadline_ids
        self.assertEqual((clock.clause, clock.state, clock.date_met), ("RU-5.1", "met", TODAY))
        self.assertEqual((clock.offset, clock.unit), (3, "working_days"))
        entry = self.env["vshu.journal.entry"].search([("case_id", "=", case.id)])
        self.assertEqual((entry.number, entry.subject_name, entry.class_name), (1, "Петров Иван", "7 «А»"))
        self.assertIn("114/2", entry.outside_paper)
