"""Acceptance 1: from three waiting items to signed minutes in a real browser, as deputy head, secretary and chair."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.vshu_registry.tests.channels.test_tours import TODAY, YEAR_END, YEAR_START
from odoo.addons.vshu_registry.tools.guard import guarded

from .common import CouncilCommon


@tagged("post_install", "-at_install")
class TestCouncilTour(CouncilCommon, HttpCase):
    day = TODAY
    order_day = TODAY - timedelta(days=10)

    @classmethod
    def make_year(cls, company, name, date_start, date_end):
        """Create the school year around today in place of the one of the builders."""
        return super().make_year(company, name, YEAR_START, YEAR_END)

    def walk(self, tour, role, path):
        self.start_tour(f"/odoo/{path}", tour, login=self.kz.users[role].login, timeout=120)
        self.env.invalidate_all()

    def test_from_what_waits_to_signed_minutes(self):
        placed, watched = self.submitted(self.kz), self.submitted(self.kz)
        self.make_guardian(placed.student_id, may_receive_papers=True)
        self.make_council(self.kz)
        extended = self.on_term()
        self.papers(placed)
        self.papers(watched)
        self.walk("vshu_council_convening", "deputy_head", "vshu-council-waiting")
        meeting = self.env["vshu.meeting"].search([("company_id", "=", self.kz.company.id)])
        self.assertEqual((meeting.state, len(meeting.item_ids)), ("convened", 3))
        self.assertTrue(meeting.event_id)
        # the day of the meeting has come
        guarded(meeting).write({"date": fields.Datetime.now() - timedelta(minutes=5)})
        for place, case in enumerate((placed, watched, extended)):
            guarded(self.item_of(case)).write({"sequence": place})
        self.walk("vshu_council_sitting", "social_pedagogue", f"vshu-meetings/{meeting.id}")
        minutes = meeting.minutes_ids
        self.assertEqual((meeting.state, minutes.number, placed.state), ("held", 1, "submitted"))
        self.walk("vshu_council_signing", "head", f"vshu-minutes/{minutes.id}")
        self.assertEqual((minutes.state, meeting.state), ("signed", "signed"))
        self.assertEqual((placed.state, watched.state, extended.extension_count), ("active", "watched", 1))
        self.assertTrue(self.env["vshu.journal.entry"].search([("case_id", "=", placed.id)]).number)
        self.assertTrue(placed.deadline_ids.filtered(lambda d: d.event == "term_end" and d.state == "open"))
        told = self.env["vshu.notice"].search([("case_id", "=", placed.id), ("event", "=", "placement")])
        self.assertIn("parents", told.mapped("addressee"))
        self.assertEqual(minutes.extract_ids.case_id, placed | watched | extended)

    def test_every_topic_is_decided_on_the_screen(self):
        """screens.md 1: with and without a case, until the meeting is closed; and a search that finds nothing (B1)."""
        self.make_council(self.kz)
        meeting = self.every_topic(date=fields.Datetime.now() + timedelta(days=1))
        guarded(meeting).write({"date": fields.Datetime.now() - timedelta(minutes=5)})
        self.walk("vshu_council_every_topic", "social_pedagogue", f"vshu-meetings/{meeting.id}")
        self.assertEqual((meeting.state, set(meeting.item_ids.mapped("state"))), ("held", {"decided"}))
        self.walk("vshu_council_nothing_found", "social_pedagogue", "vshu-council-waiting")
