"""Who reads and does what with notices, by every way: search, grouping, export, chatter, files, paper, mail."""

import base64

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..access_common import SECRET
from ..case.test_flow import TODAY
from ..channels import test_access
from ..channels.test_access import OFFICE, OUTSIDERS, READERS, office
from ..channels.test_channels import BLIND, ChannelsCommon


class NoticeAccess(ChannelsCommon):
    """Notices of a case of 7 «А» (curated by a subject teacher) and of one of 7 «Б»."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Notice = cls.env["vshu.notice"]
        cls.mine = Notice.search([("case_id", "=", cls.bag.case.id)])
        cls.other = Notice.search([("case_id", "=", cls.bag.case_b.id)])
        cls.closed = Notice.search([("case_id", "=", cls.bag.case_closed.id), ("addressee", "=", "parents")])
        cls.parents, cls.teacher, cls.body = cls.mine.sorted("id")
        (cls.mine | cls.other).write({"note": SECRET})


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestNoticeAccess(NoticeAccess):
    check = test_access.TestAccess.check
    check_create = test_access.TestAccess.check_create

    def test_records(self):
        """Read with the case, written by the office, those to parents by the curator too, deleted by nobody."""
        read = {"psychologist": "r", "class_teacher": "r", "curator": "r"}
        self.check(self.parents, office("rw", **{**read, "curator": "rw"}), {"note": "…"})
        for notice in (self.teacher, self.body):
            self.check(notice, office("rw", **read), {"note": "…"})
        self.check(self.closed, office("rw", psychologist="r"), {"note": "…"})
        other = self.other.filtered(lambda n: n.addressee == "parents")
        self.check(other, office("rw", psychologist="r", class_teacher_b="rw"), {"note": "…"})
        for vals in ({"state": "acknowledged"}, {"date_told": TODAY}, {"student_id": self.bag.third.id}):
            self.check(self.parents, office("r", **read), vals)
        rule = self.ref("kz_notice_14_other")
        self.check_create("vshu.notice", {"case_id": self.bag.case.id, "rule_id": rule.id}, OFFICE)

    def test_dialog(self):
        """A dialog is its maker's own, and is made only by who may read its notices."""
        vals = {"action": "send", "notice_ids": self.parents.ids}
        self.check_create("vshu.notice.mark", vals, (*READERS, "class_teacher", "curator"))
        dialog = self.see(self.bag, "head", self.env["vshu.notice.mark"]).create(vals)
        self.check(dialog, {"head": "rw"}, {"number": "7"})

    def test_addressee_of_another_class(self):
        """Who is told inside reads the one notice, and nothing of the case, until the day is over."""
        teacher = self.bag.users["class_teacher"]
        told = self.other.filtered(lambda n: n.addressee == "class_teacher")
        self.env.cr.execute("UPDATE vshu_notice SET user_id = %s WHERE id = %s", (teacher.id, told.id))
        self.env.invalidate_all()
        view = self.see(self.bag, "class_teacher", told)
        self.assertTrue(view.has_access("read"))
        values = str(
            view.web_read({"case_id": {"fields": {"display_name": {}}}, "student_id": {"fields": {"display_name": {}}}})
        )
        self.assertIn(self.bag.other_student.name, values)
        for spec in ({"reason": {}}, {"ground_id": {}}):
            try:
                found = view.web_read({"case_id": {"fields": {"display_name": {}, **spec}}})
            except AccessError:
                continue
            self.assertNotIn(SECRET, str(found))
        self.assertFalse(self.see(self.bag, "class_teacher", self.bag.case_b).has_access("read"))
        view.action_acknowledge()
        with freeze_time("2026-10-15 06:00:00"):
            self.assertFalse(self.see(self.bag, "class_teacher", told).has_access("read"))

    def test_standins(self):
        """A stand-in of the office hands over between the dates, and not after."""
        self.make_standin(
            self.bag, "social_pedagogue", self.bag.employees["subject_teacher"], "2026-10-14", "2026-10-14"
        )
        for day, acts in (("14", True), ("15", False)):
            with freeze_time(f"2026-10-{day} 06:00:00"):
                view = self.see(self.bag, "subject_teacher", self.parents)
                self.assertEqual(self.may(view._send, "in_person"), acts)
                self.assertEqual(self.may(view.write, {"note": "…"}), acts)

    def test_hidden(self):
        """No way of reading gives a notice of another class."""
        mine = [("id", "in", self.other.ids)]
        for who in (*BLIND, "administrator", *OUTSIDERS):
            with self.subTest(who=who):
                view = self.see(self.bag, who, self.other.browse())
                self.assert_hidden(view.search, mine)
                self.assert_hidden(view.search_count, mine)
                self.assert_hidden(view.name_search, "", mine)
                self.assert_hidden(view.search_read, mine, ["display_name"])
                self.assert_hidden(view.web_search_read, mine, {"display_name": {}})
                self.assert_hidden(
                    lambda v=view: [g for g in v.formatted_read_group(mine, ["state"], ["__count"]) if g["__count"]]
                )
                self.assert_hidden(view.search, [("note", "ilike", SECRET), *mine])
                record = self.see(self.bag, who, self.other[0])
                self.assert_hidden(record.read, ["display_name"])
                self.assert_hidden(record.web_read, {"student_id": {"fields": {"display_name": {}}}})
                self.assert_hidden(record.export_data, ["id", "student_id/name", "note"])
                self.assert_hidden(record.copy_data)
                with self.assertRaises(AccessError):
                    record.message_post(body="…")

    def test_forms_tell_nothing(self):
        """A new form filled with any case tells nothing of it; computed names hold numbers only."""
        for who in BLIND:
            view = self.see(self.bag, who, self.env["vshu.notice"])
            spec = {"case_id": {}, "student_id": {"fields": {"display_name": {}}}, "family_id": {}, "display_name": {}}
            try:
                values = view.onchange({"case_id": self.bag.case_b.id}, ["case_id"], spec)
            except AccessError:
                continue
            self.assertNotIn(self.bag.other_student.name, str(values))

    def test_names(self):
        """Neither display names nor activities nor clocks of notices name anybody."""
        people = (
            self.bag.student,
            self.bag.other_student,
            self.bag.guardian.partner_id,
            self.bag.guardian_b.partner_id,
        )
        texts = (self.mine | self.other).mapped("display_name")
        texts += (self.mine | self.other).activity_ids.mapped("summary")
        texts += (self.mine | self.other).deadline_ids.mapped("display_name")
        self.assertTrue(all(texts))
        for person in people:
            for text in texts:
                self.assertNotIn(person.name, text)
                self.assertNotIn(person.name.split()[0], text)

    def test_mail(self):
        """A message on a notice goes out by e-mail without a word of it."""
        user = self.bag.users["head"]
        user.notification_type = "email"
        notice = self.as_(self.bag, "social_pedagogue", self.parents)
        notice.message_post(
            body=SECRET, partner_ids=user.partner_id.ids, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        mails = self.env["mail.mail"].search([("recipient_ids", "in", user.partner_id.ids)])
        self.assertTrue(mails)
        for mail in mails:
            self.assertNotIn(SECRET, f"{mail.subject} {mail.body_html}")
            self.assertNotIn(self.bag.student.name, f"{mail.subject} {mail.body_html}")

    def test_files(self):
        """A scan is read by who reads the notice; nobody attaches a file that they may not read."""
        file = self.make_file(self.bag, "social_pedagogue", "корешок.txt")
        self.as_(self.bag, "social_pedagogue", self.parents).write({"attachment_ids": [Command.link(file.id)]})
        self.assertEqual((file.res_model, file.res_id), ("vshu.notice", self.parents.id))
        for who in (*READERS, "class_teacher", "curator"):
            self.assertTrue(self.see(self.bag, who, file).has_access("read"), who)
        for who in ("subject_teacher", "class_teacher_b", "administrator", *OUTSIDERS):
            self.assertFalse(self.see(self.bag, who, file).has_access("read"), who)
        curator = self.see(self.bag, "class_teacher_b", self.other.filtered(lambda n: n.addressee == "parents"))
        with self.assertRaises(AccessError):
            curator.write({"attachment_ids": [Command.link(file.id)]})

    def test_links(self):
        """A notice is not turned to somebody whom the user may not read; a guardian of another class stays unseen."""
        curator = self.see(self.bag, "curator", self.parents)
        with self.assertRaises(AccessError):
            curator.write({"guardian_id": self.bag.guardian_b.id})

    def test_paper(self):
        """The paper is made with the rights of whoever prints it."""
        report = self.env["ir.actions.report"]
        for who in self.everybody:
            reader = who in (*READERS, "class_teacher", "curator")
            view = self.see(self.bag, who, report)
            self.assertEqual(
                self.may(view._render_qweb_html, "vshu_registry.report_notice", self.parents.ids), reader, who
            )


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestNoticeRoutes(NoticeAccess, HttpCase):
    def test_routes(self):
        """Files and papers over HTTP, as the session's user."""
        file = self.env["ir.attachment"].create(
            {
                "name": "корешок.txt",
                "datas": base64.b64encode(SECRET.encode()),
                "res_model": "vshu.notice",
                "res_id": self.parents.id,
            }
        )
        self.parents.write({"attachment_ids": [Command.link(file.id)]})
        self.env.flush_all()
        for who in sorted(set(self.everybody) - {"public"}):
            reads = who in (*READERS, "class_teacher", "curator")
            with self.subTest(who=who), mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
                user = self.bag.users[who]
                user.sudo().password = user.login
                self.authenticate(user.login, user.login)
                content = self.url_open(f"/web/content/{file.id}")
                self.assertEqual(SECRET in content.text, reads)
                paper = self.url_open(f"/report/html/vshu_registry.report_notice/{self.parents.id}")
                self.assertEqual(self.bag.student.name in paper.text, reads)
