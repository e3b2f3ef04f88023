"""The main path of every role, walked in a real browser (issue's acceptance 1, 2 and 3)."""

from contextlib import nullcontext
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..case.test_flow import FlowCommon

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
        with mute_logger("odoo.http") if refusals else nullcontext():
            self.start_tour(path, tour, login=user.login)
        self.env.invalidate_all()

    def test_ru_social_pedagogue_decree(self):
        """RU-5.1: a commission's decree is entered and the child registered in at most eight clicks beside typing."""
        self.env["res.partner"].create(
            {"name": "Комиссия по делам несовершеннолетних", "is_company": True, "vshu_body": "commission"}
        )
        self.walk("vshu_ru_social_pedagogue_decree", self.ru, "social_pedagogue")
        case = self.env["vshu.case"].search([("student_id", "=", self.ru.student.id)])
        signal = case.signal_ids
        self.assertEqual((case.state, case.number, case.date_placed), ("active", 1, TODAY))
        self.assertEqual(case.curator_id, self.ru.employees["class_teacher"])
        self.assertEqual(case.placement_decision_id.number, "114/2")
        self.assertEqual(signal.issuer_id.name, "Комиссия по делам несовершеннолетних")
        clock = signal.deadline_ids
        self.assertEqual((clock.clause, clock.state, clock.date_met), ("RU-5.1", "met", TODAY))
        self.assertEqual((clock.offset, clock.unit), (3, "working_day"))
        entry = self.env["vshu.journal.entry"].search([("case_id", "=", case.id)])
        self.assertEqual((entry.number, entry.subject_name, entry.class_name), (1, "Петров Иван", "7 «А»"))
        self.assertIn("114/2", entry.outside_paper)

    def test_kz_from_signal_to_removal(self):
        """KZ: signal, submission, council, register for 3 months, extension, removal; refusals name clause and lack."""
        self.walk("vshu_kz_signal", self.kz, "subject_teacher")
        signal = self.env["vshu.signal"].search([("student_id", "=", self.kz.student.id)])
        self.assertEqual((signal.author_id, signal.state), (self.kz.users["subject_teacher"], "new"))
        self.walk("vshu_kz_deputy_head_submits", self.kz, "deputy_head", refusals=True)
        case = signal.case_id
        self.assertEqual((case.state, case.ground_id), ("submitted", self.ref("kz_ground_18_5")))
        self.walk("vshu_kz_social_pedagogue_council", self.kz, "social_pedagogue", refusals=True)
        end = TODAY + relativedelta(months=3)
        self.assertEqual((case.state, case.number, case.date_placed), ("active", 1, TODAY))
        self.assertEqual(case.term_ids.mapped("date_to"), [end, end + relativedelta(months=3)])
        self.assertEqual(case.date_end, end + relativedelta(months=3))
        self.walk("vshu_kz_class_teacher_proposes", self.kz, "class_teacher")
        self.assertEqual((case.state, case.proposed_reason_id), ("removal_proposed", self.ref("kz_reason_19_1")))
        self.walk("vshu_kz_social_pedagogue_removes", self.kz, "social_pedagogue", refusals=True)
        self.assertEqual((case.state, case.date_removed), ("closed", TODAY))
        self.assertEqual(case.removal_decision_id.number, "11")
        self.assertEqual(signal.author_state, "decided")

    def ru_submission(self, student):
        """Return the case of a submission that waits for the council."""
        signal = self.signal(
            self.ru,
            "social_pedagogue",
            intake_kind="submission",
            student_id=student.id,
            ground_id=self.ref("ru_ground_3_2_3").id,
        )
        self.as_(self.ru, "social_pedagogue", signal).action_submit()
        return signal.sudo().case_id

    def ru_registered(self, student):
        """Return the case of a child whom an outside paper has brought onto the register."""
        days = {"paper_date": TODAY - timedelta(3), "date_registered": TODAY - timedelta(1)}
        signal = self.notice(self.ru, student_id=student.id, **days)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        case = signal.sudo().case_id
        self.decide(
            self.ru,
            case,
            "ru_kind_5_1_place",
            form="ru_form_commission_decree",
            date=days["paper_date"],
            date_journal=TODAY,
            curator_id=self.ru.teacher_b.id,
        )
        return case

    def test_ru_class_teacher(self):
        """RU-5.2: the class teacher's submission goes to the council; other classes stay out of sight."""
        self.ru_registered(self.ru.other_student)
        self.walk("vshu_ru_class_teacher", self.ru, "class_teacher")
        case = self.env["vshu.case"].search([("student_id", "=", self.ru.student.id)])
        self.assertEqual((case.state, case.date_received), ("submitted", TODAY))
        self.assertEqual(case.submitter_id, self.ru.employees["class_teacher"])
        self.assertIn("RU-5.2", case.deadline_ids.mapped("clause"))

    def test_ru_psychologist(self):
        """RU-5.2, RU-5.4: the psychologist submits and lays a paper into the file."""
        active = self.ru_registered(self.ru.other_student)
        self.walk("vshu_ru_psychologist", self.ru, "psychologist")
        case = self.env["vshu.case"].search([("student_id", "=", self.ru.student.id)])
        self.assertEqual((case.state, case.submitter_id), ("submitted", self.ru.employees["psychologist"]))
        paper = active.document_ids.filtered(lambda d: d.type_id == self.ref("ru_document_5_4_10"))
        self.assertEqual((paper.state, paper.date), ("ready", TODAY))

    def test_ru_head(self):
        """RU-3.2: the head's consent; who can see a case; an erroneous entry annulled, its row struck through."""
        waiting = self.ru_submission(self.ru.student)
        wrong = self.ru_registered(self.ru.other_student)
        self.walk("vshu_ru_head", self.ru, "head")
        self.assertEqual((waiting.consent, waiting.consent_by_id), (True, self.ru.users["head"]))
        self.assertEqual((wrong.state, wrong.entry_id.annulled), ("annulled", True))
        self.assertEqual(wrong.entry_id.annulled_by_id, self.ru.users["head"])

    def test_ru_subject_teacher(self):
        """A subject teacher files signals and sees what became of them, not of the file."""
        other = self.make_student(self.ru, "Кузнецов Пётр", self.ru.class_a)
        self.signal(self.ru, "class_teacher", student_id=other.id)
        mine = self.signal(
            self.ru, "subject_teacher", student_id=self.ru.other_student.id, ground_id=self.ref("ru_ground_3_2_3").id
        )
        self.as_(self.ru, "social_pedagogue", mine).action_submit()
        case = mine.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_2_decline", form="ru_form_council_minutes", date=TODAY)
        self.walk("vshu_ru_subject_teacher", self.ru, "subject_teacher")
        self.assertEqual(self.env["vshu.signal"].search_count([("student_id", "=", self.ru.student.id)]), 1)

    def test_administrator(self):
        """School form, public holidays, own version of the regulation put in force; no cases."""
        self.walk("vshu_administrator", self.ru, "administrator")
        self.assertEqual(self.ru.school.keeper_order_number, "16-о")
        exceptions = self.env["vshu.calendar.exception"].search([("school_id", "=", self.ru.school.id)])
        self.assertIn("library", exceptions.mapped("source"))
        own = self.env["vshu.regulation"].search([("company_id", "=", self.ru.company.id)])
        self.assertEqual((own.state, own.date_from), ("in_force", TODAY))

    def test_phone(self):
        """At 390 pixels, by touch: a signal is filed, and what waits today leads to its case."""
        self.walk("vshu_phone_signal", self.ru, "subject_teacher", path="/odoo/vshu-my-signals", phone=True)
        self.assertEqual(self.env["vshu.signal"].search_count([("student_id", "=", self.ru.student.id)]), 1)
        self.ru_registered(self.ru.student)
        self.walk("vshu_phone_today", self.ru, "social_pedagogue", path="/odoo/vshu-today", phone=True)
