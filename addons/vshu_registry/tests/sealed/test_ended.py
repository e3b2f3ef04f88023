"""people.md "old curator, follower, bookmark", security.md "not tried yet": when the right is gone, all is gone."""

from contextlib import suppress

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from ..access_common import SECRET, AccessCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestEnded(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fill(cls.kz)
        cls.bag = bag = cls.kz
        self = cls("setUp")
        cls.standin = cls.make_standin(
            bag, "class_teacher", bag.employees["subject_teacher"], "2026-10-01", "2026-10-20", bag.class_a
        )
        people = [bag.users[who].partner_id.id for who in ("class_teacher", "curator", "subject_teacher")]
        bag.case.message_subscribe(partner_ids=people)
        cls.message = self.see(bag, "head", bag.case).message_post(
            body=SECRET, subtype_xmlid="mail.mt_comment", partner_ids=people
        )
        cls.own = {who: self.see(bag, who, bag.case).message_post(body=SECRET) for who in ("class_teacher", "curator")}
        cls.file = cls.env["ir.attachment"].create(
            {"name": "акт.txt", "raw": SECRET.encode(), "res_model": "vshu.case", "res_id": bag.case.id}
        )
        bag.document.attachment_ids = [Command.link(cls.file.id)]
        cls.env.flush_all()

    def reads_anything(self, who):
        """Return the ways by which ``who`` still learns something of the case."""
        bag, found = self.bag, []
        records = [
            bag.case,
            bag.document,
            bag.decision,
            bag.case.document_ids,
            self.message,
            self.file,
            *self.own.values(),
            self.env["mail.followers"].search([("res_model", "=", "vshu.case"), ("res_id", "=", bag.case.id)]),
            self.env["mail.message"].search([("model", "=", "vshu.case"), ("res_id", "=", bag.case.id)]),
        ]
        for record in records:
            view = self.see(bag, who, record)
            if not view.browse().has_access("read"):
                continue
            if view._filtered_access("read"):
                found.append(("access", record))
            if view.search([("id", "in", record.ids)]):
                found.append(("search", record))
            with suppress(UserError):
                if view[:1].read(["display_name"]):
                    found.append(("read", record))
        case = self.see(bag, who, bag.case)
        for name in ("message_post", "activity_schedule"):
            with suppress(UserError), self.cr.savepoint():
                getattr(case, name)(**({"body": "…"} if name == "message_post" else {"summary": "…"}))
                found.append((name, bag.case))
        notes = self.see(bag, who, self.env["mail.message"])
        if notes.search([("body", "ilike", SECRET), ("model", "=", "vshu.case")]):
            found.append(("notes", notes))
        if notes.search([("needaction", "=", True), ("model", "=", "vshu.case")]):
            found.append(("inbox", notes))
        return found

    def test_before(self):
        """While the right lasts, they read: the tests below prove something."""
        for who in ("class_teacher", "curator", "subject_teacher"):
            self.assertTrue(self.reads_anything(who), who)

    def test_former_class_teacher(self):
        """Who gave the class away, and follows, was told and wrote notes."""
        self.bag.class_a.teacher_ids.date_to = "2026-10-13"
        self.assertFalse(self.reads_anything("class_teacher"))

    def test_former_curator(self):
        """Who was curator, and follows still."""
        guarded(self.bag.case).curator_id = self.bag.employees["psychologist"]
        for task in self.env["vshu.assignment"].search([("case_id", "=", self.bag.case.id)]):
            task.sudo().employee_id = self.bag.employees["psychologist"]
        self.assertFalse(self.reads_anything("curator"))

    def test_expired_standin(self):
        """Who stood in for the class teacher until yesterday."""
        with freeze_time("2026-10-21 06:00:00"):
            self.assertFalse(self.reads_anything("subject_teacher"))

    def test_archived_and_left(self):
        """A colleague who left: neither mail nor reminder reaches them, and their log-in is closed."""
        bag = self.bag
        user = bag.users["class_teacher"]
        user.active = False
        later = self.see(bag, "head", bag.case).message_post(body=SECRET, subtype_xmlid="mail.mt_comment")
        self.assertNotIn(user.partner_id, later.sudo().notified_partner_ids)
        mails = self.env["mail.mail"].search([])
        self.see(bag, "head", bag.case).activity_schedule("mail.mail_activity_data_todo", summary="…", user_id=user.id)
        self.env.flush_all()
        self.assertFalse(self.env["mail.mail"].search([]) - mails)

    def test_another_school_now(self):
        """Who works in the other school now: the user's school is changed, the roles stay."""
        user = self.bag.users["curator"]
        user.write({"company_ids": [Command.set(self.ru.company.ids)], "company_id": self.ru.company.id})
        self.assertFalse(self.reads_anything("curator"))

    # -- recommendations ---------------------------------------------------------------------------------------------

    def recommend(self, *who):
        """Return a recommendation that the psychologist gave to people."""
        bag = self.bag
        record = self.as_(bag, "psychologist", self.env["vshu.recommendation"]).create(
            {
                "case_id": bag.case.id,
                "text": SECRET,
                "line_ids": [Command.create({"employee_id": bag.employees[name].id}) for name in who],
            }
        )
        record.action_give()
        self.env.flush_all()
        return record.sudo()

    def reads(self, who, record):
        """Tell whether ``who`` reads a recommendation, its lines, or marks their own one."""
        lines = record.line_ids.filtered(lambda line: line.employee_id == self.bag.employees[who])
        answers = {
            self.see(self.bag, who, record).has_access("read"),
            bool(self.see(self.bag, who, record.browse()).search([("id", "=", record.id)])),
            self.see(self.bag, who, lines).has_access("read"),
            self.see(self.bag, who, lines).has_access("write"),
        }
        self.assertEqual(len(answers), 1, f"{who}: reading, finding and marking go together")
        return answers.pop()

    def test_recommendation_of_a_former_class_teacher(self):
        """security.md 16: the class teacher reads it to the day that the regulation's rule gives after the duty."""
        bag = self.bag
        regulation = bag.school.regulation_id
        self.assertTrue(regulation.recommendation_days_practice and regulation.recommendation_days_clause)
        days = regulation.recommendation_days
        record = self.recommend("class_teacher", "subject_teacher")
        line = {line.employee_id: line for line in record.line_ids}
        self.assertTrue(line[bag.employees["class_teacher"]].as_class_teacher)
        self.assertTrue(self.reads("class_teacher", record))
        bag.class_a.teacher_ids.date_to = "2026-10-31"
        bag.class_a.teacher_ids = [Command.create({"employee_id": bag.teacher_b.id, "date_from": "2026-11-01"})]
        self.assertEqual(bag.class_a.teacher_ids.filtered("date_to").recommendations_to.day, 31 + days - 31)
        with freeze_time("2026-11-14 06:00:00"):
            self.assertTrue(self.reads("class_teacher", record))
        with freeze_time("2026-11-15 06:00:00"):
            self.assertFalse(self.reads("class_teacher", record))
            # whom the case brought to it, and who wrote it, read on
            for who in ("psychologist", "head", "social_pedagogue"):
                self.assertTrue(self.see(bag, who, record).has_access("read"))

    def test_recommendation_after_the_stay(self):
        """When the stay has ended, whoever is named reads it for the days of the rule; a school changes them in its
        own version."""
        bag = self.bag
        record = self.recommend("curator")
        self.assertFalse(record.line_ids.as_class_teacher)
        self.assertTrue(self.reads("curator", record))
        guarded(bag.case)._close(self.ref("kz_reason_19_1"), self.today)
        with freeze_time("2026-10-28 06:00:00"):
            self.assertTrue(self.reads("curator", record))
        with freeze_time("2026-10-29 06:00:00"):
            self.assertFalse(self.reads("curator", record))
        bag.school.regulation_id.sudo().recommendation_days = 60
        with freeze_time("2026-10-29 06:00:00"):
            self.assertTrue(self.reads("curator", record))

    def test_recommendation_of_a_child_who_moved(self):
        """The child goes to another class of the school: the class teacher of the former one reads no more."""
        bag = self.bag
        record = self.recommend("class_teacher")
        reason = self.env["vshu.enrollment.end.reason"].search([], limit=1)
        bag.student.vshu_enrollment_ids.write({"date_to": "2026-10-31", "end_reason_id": reason.id})
        self.enroll(bag.student, bag.class_b, date_from="2026-11-01")
        with freeze_time("2026-11-02 06:00:00"):
            self.assertFalse(self.reads("class_teacher", record))
