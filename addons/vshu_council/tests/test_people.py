from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CouncilCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPeople(CouncilCommon):
    """Whoever has no rights on the day is not called to the council (KZ-9; people.md "a family's case")."""

    def test_invitation_of_a_parent_whose_right_ends(self):
        """Before and after the invitation was handed over: not awaited, not printed; the other parent is."""
        for sent in (False, True):
            with self.subTest(sent=sent), self.cr.savepoint() as savepoint:
                self.make_council(self.kz)
                mother = self.make_guardian(self.kz.student)
                father = self.make_guardian(self.kz.student, "Ахметов Болат", "father")
                case = self.submitted(self.kz, self.kz.student)
                meeting = self.convened(self.kz, [case])
                parents = meeting.guest_ids.filtered(lambda p: p.kind == "parent")
                self.assertEqual(parents.partner_id, (mother | father).partner_id)
                notice = parents.filtered(lambda p, adult=father.partner_id: p.partner_id == adult).notice_id
                if sent:
                    self.as_(self.kz, "social_pedagogue", notice)._send("in_person")
                father.write({"date_to": date(2026, 10, 13), "end_reason": "deprived"})
                self.assertEqual(notice.state, "sent" if sent else "not_needed")
                awaited = meeting.guest_ids.filtered(lambda p: p.kind == "parent")
                self.assertEqual(awaited.partner_id, mother.partner_id)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_printed_invitation(self):
        """A list that was opened before prints nothing for who is not invited any more."""
        self.make_council(self.kz)
        mother = self.make_guardian(self.kz.student)
        meeting = self.convened(self.kz, [self.submitted(self.kz, self.kz.student)])
        parent = meeting.guest_ids.filtered(lambda p: p.kind == "parent")
        mother.date_to = date(2026, 10, 14)
        report = self.env["ir.actions.report"]
        with freeze_time("2026-10-15 06:00:00"):
            with self.refused(UserError, "not invited any more"):
                report._render_qweb_html("vshu_council.action_report_invitation", parent.ids)
            self.nightly()
            self.assertFalse(parent.exists())

    def test_secretary_leaves(self):
        """people.md "a user is archived": what the secretary had to do for the meeting goes to the deputy head."""
        self.make_council(self.kz)
        meeting = self.convened(self.kz, [self.submitted(self.kz)])
        secretary = meeting.council_id._members_with("secretary").employee_id.user_id
        activity = meeting.activity_schedule("mail.mail_activity_data_todo", user_id=secretary.id)
        self.env["res.users"].browse(secretary.id).action_archive()
        self.assertTrue(activity.exists())
        self.assertEqual(activity.user_id, self.kz.users["deputy_head"])
