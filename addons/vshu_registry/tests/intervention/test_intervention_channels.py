"""What was written of a child leaks by no way: entries, situation of a family, changes of guardian, per role."""

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from ..access_common import SECRET
from ..channels.test_access import OFFICE, READERS, STAFF, TestAccess
from ..channels.test_channels import BLIND, ChannelsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestInterventionChannels(ChannelsCommon):
    check, check_create = TestAccess.check, TestAccess.check_create

    def test_who_reads_and_writes(self):
        """Class teacher and curator with the open case, author always, psychologist and office the school."""
        bag = self.bag
        text = {"text": "Иначе."}
        table = dict.fromkeys((*READERS, "class_teacher", "curator"), "r")
        self.check(bag.intervention, {**table, "social_pedagogue": "rw"}, text)
        self.check(bag.intervention_b, {**dict.fromkeys(READERS, "r"), "class_teacher_b": "rw"}, text)
        vals = {"student_id": bag.student.id, "kind_id": bag.intervention.kind_id.id, "text": "…"}
        self.check_create("vshu.intervention", vals, (*STAFF, "curator", "class_teacher_b"))
        vals = {"family_id": bag.family.id, "kind_id": bag.intervention.kind_id.id, "text": "…"}
        self.check_create("vshu.intervention", vals, (*READERS, "class_teacher"))
        wizard = self.see(bag, "head", self.env["vshu.intervention.change"]).create(
            {"intervention_id": bag.intervention_b.id, "action": "annul", "reason": "…"}
        )
        self.check(wizard, {"head": "rw"}, {"reason": "!"})
        change = {"intervention_id": bag.intervention_b.id, "action": "annul", "reason": "…"}
        self.check_create("vshu.intervention.change", change, (*READERS, "class_teacher_b"))

    def test_family_entries(self):
        """Of a family on the register the class teacher reads no entries of others, as no case; without one, yes."""
        bag = self.bag
        talk = bag.intervention.kind_id.id
        entry = self.see(bag, "head", self.env["vshu.intervention"]).create(
            {"family_id": bag.family.id, "kind_id": talk, "text": SECRET}
        )
        self.assertTrue(self.see(bag, "class_teacher", entry).has_access("read"))
        case = guarded(self.env["vshu.case"]).create(
            {
                "company_id": bag.company.id,
                "regulation_id": bag.school.regulation_id.id,
                "subject": "family",
                "family_id": bag.family.id,
                "state": "active",
                "curator_id": bag.employees["curator"].id,
            }
        )
        inside = self.see(bag, "head", self.env["vshu.intervention"]).create(
            {"family_id": bag.family.id, "kind_id": talk, "text": SECRET}
        )
        self.assertEqual(inside.sudo().case_id, case)
        self.assertFalse(self.see(bag, "class_teacher", inside).has_access("read"))
        self.assertTrue(self.see(bag, "curator", inside).has_access("read"))

    def test_family_records(self):
        """Persons of the card like the family; the situation to few; changes of guardian like guardians."""
        bag = self.bag
        people = {
            **dict.fromkeys(("class_teacher", "psychologist", "deputy_head", "head"), "r"),
            **dict.fromkeys(("social_pedagogue", "administrator"), "rwu"),
        }
        self.check(bag.family_person, people, {"place": "дома"})
        keepers = ("social_pedagogue", "administrator")
        self.check_create("vshu.family.person", {"family_id": bag.family.id, "name": "…"}, keepers)
        self.check(bag.family_situation, {**dict.fromkeys(OFFICE, "rw"), "psychologist": "r"}, {"text": "…"})
        self.check_create("vshu.family.situation", {"family_id": bag.family.id, "text": "…"}, READERS)
        readers = (*READERS, "class_teacher", "administrator")
        self.check(bag.family_move, dict.fromkeys(readers, "r"), {"document": "…"})
        vals = {
            "student_id": bag.other_student.id,
            "company_id": bag.company.id,
            "reason": "died",
            "document": "Свидетельство",
            "ended_ids": [Command.link(bag.guardian_b.id)],
        }
        self.check_create("vshu.family.move", vals, keepers)

    def test_every_way_of_reading(self):
        """No way of reading gives what others wrote of a child of another class, or how it stands in the family."""
        bag = self.bag
        hidden = (
            (bag.intervention_b, BLIND),
            (bag.family_situation, ("subject_teacher", "class_teacher_b", "class_teacher")),
        )
        for records, blind in hidden:
            mine = [("id", "in", records.ids)]
            for who in (*blind, "administrator", "plain", "portal", "public"):
                with self.subTest(records=records, who=who):
                    view = self.see(bag, who, records.browse())
                    self.assert_hidden(view.search, mine)
                    self.assert_hidden(view.search_count, mine)
                    self.assert_hidden(view.name_search, "", mine)
                    self.assert_hidden(view.search_read, mine, ["display_name"])
                    self.assert_hidden(view.web_search_read, mine, {"display_name": {}})
                    self.assert_hidden(
                        lambda v=view, d=mine: [g for g in v.formatted_read_group(d, [], ["__count"]) if g["__count"]]
                    )
                    self.assert_hidden(view.search, [*mine, ("text", "ilike", SECRET)])
                    record = self.see(bag, who, records)
                    self.assert_hidden(record.read, ["display_name"])
                    self.assert_hidden(record.web_read, {"text": {}})
                    self.assert_hidden(record.export_data, ["id", "text"])
                    self.assert_hidden(record.copy_data)

    def test_paths_to_entries(self):
        """Neither by the student, nor by the family, nor by the case of an own entry."""
        bag = self.bag
        partners = {who: self.see(bag, who, self.env["res.partner"]) for who in BLIND}
        for who, view in partners.items():
            for domain in (
                [("vshu_intervention_ids", "!=", False)],
                [("vshu_intervention_ids.text", "ilike", SECRET)],
                [("vshu_intervention_ids", "any", [("tone", "=", "neutral")])],
            ):
                self.assertNotIn(bag.other_student, view.search(domain), f"{who} {domain}")
            values = self.see(bag, who, bag.other_student).read(["vshu_intervention_ids", "vshu_intervention_count"])[0]
            self.assertEqual((values["vshu_intervention_ids"], values["vshu_intervention_count"]), ([], 0))
        mine = self.see(bag, "subject_teacher", self.env["vshu.intervention"]).create(
            {"student_id": bag.student.id, "kind_id": bag.intervention.kind_id.id, "text": "…"}
        )
        self.assertEqual(mine.sudo().case_id, bag.case)
        for call in (
            lambda: mine.read(["case_id"]),
            lambda: mine.browse().search([("case_id", "!=", False)]),
            lambda: mine.browse().search([("case_id.state", "=", "active")]),
            lambda: mine.browse().search([], order="case_id"),
            lambda: mine.browse().formatted_read_group([], ["case_id"], ["__count"]),
            lambda: mine.export_data(["case_id/name"]),
        ):
            self.assertRaises(AccessError, call)
        self.assertNotIn("case_id", mine.fields_get())
        values = mine.web_read({"case_shown_id": {"fields": {"display_name": {}}}, "kind_id": {}})[0]
        self.assertFalse(values["case_shown_id"])
        self.assertFalse(mine.browse().search([("case_shown_id", "=", bag.case.id)]))

    def test_files(self):
        """A file laid into an entry is read with the entry, by nobody else."""
        bag = self.bag
        file = self.make_file(bag, "class_teacher")
        entry = self.see(bag, "class_teacher", self.env["vshu.intervention"]).create(
            {
                "student_id": bag.student.id,
                "kind_id": bag.intervention.kind_id.id,
                "text": "…",
                "attachment_ids": [Command.link(file.id)],
            }
        )
        attachment = file.sudo()
        self.assertEqual((attachment.res_model, attachment.res_id), ("vshu.intervention", entry.id))
        for who in self.everybody:
            sees = who in (*READERS, "class_teacher", "curator")
            self.assertEqual(self.see(bag, who, attachment).has_access("read"), sees, who)
        own = self.see(bag, "subject_teacher", self.env["vshu.intervention"])
        vals = {"student_id": bag.student.id, "kind_id": entry.kind_id.id, "text": "…"}
        self.assertFalse(self.may(own.create, {**vals, "attachment_ids": [Command.link(attachment.id)]}))

    def test_chatter_and_mail(self):
        """Notes on an entry are its readers'; e-mails say that something awaits, nothing of what."""
        bag = self.bag
        head = self.see(bag, "head", bag.intervention_b)
        outsiders = [bag.users[who].partner_id.id for who in ("class_teacher", "plain", "administrator")]
        bag.intervention_b.message_subscribe(partner_ids=outsiders)
        bag.users["class_teacher_b"].notification_type = "email"
        before = self.env["mail.mail"].search([])
        message = head.message_post(
            body=SECRET,
            partner_ids=[*outsiders, bag.users["class_teacher_b"].partner_id.id],
            subtype_xmlid="mail.mt_comment",
        )
        self.env.flush_all()
        for who in ("class_teacher", "subject_teacher", "administrator", "plain"):
            self.assert_hidden(self.see(bag, who, message).read, ["body"])
            self.assertFalse(self.may(self.see(bag, who, bag.intervention_b).message_post, body="…"))
        self.assertFalse(message.sudo().notified_partner_ids & self.env["res.partner"].browse(outsiders))
        mails = self.env["mail.mail"].search([]) - before
        self.assertTrue(mails)
        for mail in mails:
            whole = f"{mail.subject} {mail.body_html} {mail.body}"
            self.assertNotIn(SECRET, whole)
            self.assertNotIn(bag.other_student.name.split()[0], whole)

    def test_reminder(self):
        """The reminder of a next step carries no name and no word, and is read by nobody who may not read the entry."""
        bag = self.bag
        entry = self.see(bag, "class_teacher_b", self.env["vshu.intervention"]).create(
            {
                "student_id": bag.other_student.id,
                "kind_id": bag.intervention.kind_id.id,
                "text": SECRET,
                "next_step": SECRET,
                "next_date": "2026-10-20",
            }
        )
        activity = entry.sudo().next_activity_id
        words = f"{activity.summary} {activity.note} {activity.res_name} {activity.display_name}"
        self.assertNotIn(SECRET, words)
        self.assertNotIn(bag.other_student.name.split()[0], words)
        for who in (*BLIND, "administrator", "plain"):
            self.assert_hidden(self.see(bag, who, activity).read, ["summary"])

    def test_papers(self):
        """The record of the work and the card are printed by readers of the case and the family only."""
        bag = self.bag
        for who in self.everybody:
            sees = who in (*READERS, "class_teacher", "curator")
            case = self.see(bag, who, bag.case)
            self.assertEqual(self.may(case.read, ["intervention_count"]), sees, who)
        report = self.see(bag, "subject_teacher", self.env["ir.actions.report"])
        for name, records in (("report_work_sheet", bag.case), ("report_family_card", bag.family)):
            with self.assertRaises(AccessError):
                report._render_qweb_html(f"vshu_registry.{name}", records.ids)
        html = self.see(bag, "class_teacher", self.env["ir.actions.report"])._render_qweb_html(
            "vshu_registry.report_family_card", bag.family.ids
        )[0]
        self.assertNotIn(SECRET, html.decode())

    def test_clean_slate(self):
        """What was written in a case that is over is closed to class teacher and curator by every way."""
        bag = self.bag
        closed = self.env["vshu.intervention"].create(
            {
                "company_id": bag.company.id,
                "student_id": bag.third.id,
                "case_id": bag.case_closed.id,
                "kind_id": bag.intervention.kind_id.id,
                "text": SECRET,
                "author_id": bag.users["head"].id,
            }
        )
        for who in ("class_teacher", "curator"):
            view = self.see(bag, who, closed.browse())
            self.assert_hidden(view.search, [("student_id", "=", bag.third.id)])
            self.assertEqual(self.see(bag, who, bag.third).vshu_intervention_count, 0)
        for who in READERS:
            self.assertEqual(self.see(bag, who, bag.third).vshu_intervention_count, 1)

    def test_stand_ins(self):
        """Who stands in for class teacher, keeper or psychologist reads entries between the dates."""
        bag = self.bag
        for role, school_class, records in (
            ("class_teacher", bag.class_a, bag.intervention),
            ("social_pedagogue", None, bag.intervention | bag.intervention_b),
            ("psychologist", None, bag.intervention | bag.intervention_b),
        ):
            guarded(self.env["vshu.standin"].search([])).unlink()
            self.make_standin(bag, role, bag.employees["subject_teacher"], "2026-10-20", "2026-10-22", school_class)
            for day, sees in (("19", False), ("20", True), ("22", True), ("23", False)):
                with freeze_time(f"2026-10-{day} 06:00:00"), self.subTest(role=role, day=day):
                    self.assertEqual(self.see(bag, "subject_teacher", records).has_access("read"), sees)
                    if role == "social_pedagogue":
                        self.assertEqual(
                            self.may(self.see(bag, "subject_teacher", bag.intervention_b)._annul, "…"), sees
                        )
