"""The list that says whether a stay can end: by itself near the end, on demand before (KZ-19, RU-7.1, RU-9.3)."""

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_flow import FlowCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestReadiness(FlowCommon):
    def setUp(self):
        super().setUp()
        self.case = self.kz_active()

    def lines(self):
        """Return {code: ok} of the checklist of the case."""
        self.env.invalidate_all()
        return {line["code"]: line["ok"] for line in self.case._removal_readiness()}

    def test_lines_follow_the_file(self):
        """Papers, a fresh signal, an overdue clock and an open assignment each turn their line."""
        before = self.lines()
        self.assertEqual(before["paper_19.teacher"], False)
        self.assertEqual((before["no_overdue"], before["assignments"], before["no_new_signal"]), (True, True, True))
        self.paper(self.case, "kz_document_19_teacher", rating="negative")
        self.assertEqual(self.lines()["paper_19.teacher"], False)
        self.paper(self.case, "kz_document_19_teacher", rating="positive")
        self.assertEqual(self.lines()["paper_19.teacher"], True)
        self.env["vshu.assignment"].create(
            {
                "name": "Обследовать условия жизни",
                "case_id": self.case.id,
                "company_id": self.kz.company.id,
                "employee_id": self.kz.employees["class_teacher"].id,
                "date_due": "2026-11-14",
            }
        )
        self.assertEqual(self.lines()["assignments"], False)
        with freeze_time("2026-11-16 06:00:00"):
            signal = self.signal(self.kz, "class_teacher", ground_id=self.ref("kz_ground_18_5").id)
            signal.with_user(self.kz.users["deputy_head"])._join(self.case)
            self.assertEqual(self.lines()["no_new_signal"], False)
            self.nightly()
            self.assertEqual(self.lines()["no_overdue"], False)

    def test_by_itself_only_near_the_end(self):
        """The form of a running stay reads nothing of it; a proposed removal and the last weeks bring it up."""
        view = self.as_(self.kz, "social_pedagogue", self.case)
        self.assertFalse(view.near_end)
        self.assertFalse(view.readiness)
        context = view.action_open_readiness()["context"]
        self.assertIn("fa-check", view.with_context(**context).readiness)
        with freeze_time("2027-01-10 06:00:00"):
            self.nightly()
            self.assertEqual(view.term_status, "expiring")
            self.assertTrue(view.near_end)
            self.assertIn("fa-check", view.readiness)

    def test_who_may_ask(self):
        """Whoever reads the case reads its list; another class's teacher does not."""
        self.as_(self.kz, "class_teacher", self.case).action_open_readiness()
        stranger = self.case.with_user(self.kz.user_b).with_context(allowed_company_ids=self.kz.company.ids)
        with self.assertRaises(AccessError):
            stranger.action_open_readiness()
