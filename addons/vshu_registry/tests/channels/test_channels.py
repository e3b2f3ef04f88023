"""What is confidential leaks by no side way: search, grouping, export, files, chatter, activities, names, e-mails."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command, Domain
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..access_common import SECRET, AccessCommon
from ..case.test_flow import TODAY
from .test_access import MODELS, OFFICE, OUTSIDERS, READERS

#: whoever sees students but not the case of the other class, nor what hangs on it
BLIND = ("subject_teacher", "class_teacher", "curator")


class ChannelsCommon(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fill(cls.kz)
        cls.bag = cls.kz
        for who in cls.everybody:
            if who not in ("portal", "public"):
                cls.bag.users[who].group_ids += cls.env.ref("base.group_allow_export")

    def assert_hidden(self, function, *args, **kwargs):
        """Assert that the call is refused or gives nothing at all."""
        try:
            result = function(*args, **kwargs)
        except (AccessError, MissingError, UserError, ValueError):
            return
        if isinstance(result, dict):
            result = result.get("records", result)
        self.assertFalse(result, f"{function} {args} {kwargs}")

    def assert_call_refused(self, function):
        """Assert that the call is refused, whatever it would give."""
        try:
            function()
        except (AccessError, UserError, ValueError):
            return
        self.fail("not refused")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestChannels(ChannelsCommon):
    # -- reading by every way ------------------------------------------------------------------------------------------

    def hidden(self):
        """Return the records about the child of the other class that BLIND may not see."""
        bag = self.bag
        return (
            bag.case_b,
            bag.case_b.placement_decision_id,
            bag.case_b.document_ids,
            bag.case_b.term_ids,
            bag.case_b.deadline_ids.filtered(lambda d: d.user_id.login not in ("kz_curator", "kz_class_teacher")),
            self.env["vshu.journal.entry"].search([("case_id", "=", bag.case_b.id)]),
            bag.correction,
            bag.signal_b,
            bag.guardian_b,
        )

    def test_case_of_another_class(self):
        """No way of reading gives a case of another class, nor decisions, papers, signals, journal of it."""
        for records in self.hidden():
            if not records:
                continue
            mine = [("id", "in", records.ids)]
            for who in (*BLIND, "administrator", *OUTSIDERS):
                if who == "administrator" and records == self.bag.guardian_b:
                    continue
                with self.subTest(records=records, who=who):
                    view = self.see(self.bag, who, records.browse())
                    self.assert_hidden(view.search, mine)
                    self.assert_hidden(view.search_count, mine)
                    self.assert_hidden(view.name_search, "", mine)
                    self.assert_hidden(view.search_read, mine, ["display_name"])
                    self.assert_hidden(view.web_search_read, mine, {"display_name": {}})
                    self.assert_hidden(
                        lambda v=view, d=mine: [g for g in v.formatted_read_group(d, [], ["__count"]) if g["__count"]]
                    )
                    record = self.see(self.bag, who, records[0])
                    self.assert_hidden(record.read, ["display_name"])
                    self.assert_hidden(record.web_read, {"create_date": {}})
                    self.assert_hidden(record.export_data, ["id", "display_name"])
                    self.assert_hidden(record.copy_data)

    def test_search_of_students_by_cases(self):
        """Lists of students cannot be filtered by what the reader may not see: cases, categories, guardians."""
        bag = self.bag
        self.env["vshu.category.entry"].create(
            {
                "student_id": bag.other_student.id,
                "company_id": bag.company.id,
                "category_id": bag.category.category_id.id,
            }
        )
        self.env["vshu.external.record"].create(
            {"student_id": bag.other_student.id, "company_id": bag.company.id, "reason": SECRET}
        )
        domains = [
            [("vshu_case_ids", "!=", False)],
            [("vshu_case_ids", "in", bag.case_b.ids)],
            [("vshu_case_ids", "any", [])],
            [("vshu_case_ids.state", "=", "active")],
            [("vshu_case_ids.reason", "ilike", SECRET)],
            [("vshu_open_case_ids", "!=", False)],
            [("vshu_open_case_ids", "in", bag.case_b.ids)],
            [("vshu_category_ids", "!=", False)],
            [("vshu_category_ids.category_id", "=", bag.category.category_id.id)],
            [("vshu_external_record_ids", "!=", False)],
            [("vshu_external_record_ids.body", "=", "police")],
            [("vshu_guardian_ids", "!=", False)],
            [("vshu_guardian_ids.partner_id.name", "ilike", "Тайный")],
            [("vshu_family_id.note", "ilike", SECRET)],
            [("vshu_family_id.category_ids", "!=", False)],
            [("vshu_enrollment_ids.student_id.vshu_case_ids", "!=", False)],
            [("vshu_class_id.enrollment_ids.student_id.vshu_case_ids", "!=", False)],
        ]
        other = Domain("id", "=", bag.other_student.id)
        for who in BLIND:
            view = self.see(bag, who, self.env["res.partner"])
            for domain in domains:
                with self.subTest(who=who, domain=domain):
                    condition = other & Domain(domain)
                    if "enrollment_ids.student_id" in str(domain):
                        condition = Domain(domain) & Domain("vshu_enrollment_ids.class_id", "=", bag.class_b.id)
                    self.assert_hidden(view.search, condition)
                    self.assert_hidden(view.search_count, condition)
                    # by way of other models that the reader sees
                    if who == "class_teacher":
                        continue
                    nested = Domain("student_id", "any", condition)
                    self.assert_hidden(self.see(bag, who, self.env["vshu.enrollment"]).search, nested)
            self.assertIn(bag.other_student.id, view.search([("vshu_case_ids", "=", False)]).ids)
        keeper = self.see(bag, "social_pedagogue", self.env["res.partner"])
        for domain in domains[:12]:
            self.assertIn(bag.other_student.id, keeper.search(Domain(domain)).ids, domain)

    def test_signal_by_side_ways(self):
        """Of a signal of another author nothing is found; of the own one not the case."""
        bag = self.bag
        signals = self.see(bag, "class_teacher", self.env["vshu.signal"])
        for domain in (
            [("description", "ilike", SECRET)],
            [("author_id", "=", bag.user_b.id)],
            [("student_id", "=", bag.other_student.id)],
        ):
            self.assert_hidden(signals.search, domain)
        for domain in ([("case_id", "!=", False)], [("case_id.state", "=", "active")]):
            self.assertRaises(AccessError, signals.search, domain)
        self.assertRaises(AccessError, signals.search, [], order="case_id")
        own = self.signal(bag, "subject_teacher")
        view = self.see(bag, "subject_teacher", own)
        values = view.web_read({"related_signal_ids": {}, "related_case_ids": {}, "deadline_ids": {}, "class_id": {}})[
            0
        ]
        self.assertEqual((values["related_signal_ids"], values["related_case_ids"]), ([], []))
        cases = self.see(bag, "class_teacher", self.env["vshu.case"])
        for domain in ([("signal_ids", "!=", False)], [("signal_ids.description", "ilike", SECRET)]):
            self.assertRaises(AccessError, cases.search, domain)
        self.assertRaises(AccessError, self.see(bag, "class_teacher", bag.case).read, ["signal_ids"])

    def test_assignment_by_side_ways(self):
        """The person in charge of an assignment sees the task and the number of the case, nothing of the case."""
        bag = self.bag
        assignment = self.env["vshu.assignment"].create(
            {
                "name": "Провести беседу",
                "company_id": bag.company.id,
                "case_id": bag.case_b.id,
                "employee_id": bag.employees["subject_teacher"].id,
                "date_due": "2026-11-20",
            }
        )
        view = self.see(bag, "subject_teacher", assignment)
        values = str(view.web_read({"display_name": {}, "name": {}, "case_id": {"fields": {"display_name": {}}}}))
        self.assertNotIn(bag.other_student.name, values)
        for spec in ({"reason": {}}, {"student_id": {"fields": {"display_name": {}}}}):
            try:
                values = str(view.web_read({"case_id": {"fields": {"display_name": {}, **spec}}}))
            except AccessError:
                continue
            self.assertNotIn(SECRET, values)
            self.assertNotIn(bag.other_student.name, values)
        for domain in (
            [("case_id.reason", "ilike", SECRET)],
            [("case_id.student_id", "=", bag.other_student.id)],
            [("case_id.student_id.name", "ilike", bag.other_student.name)],
        ):
            self.assert_hidden(view.search, domain)
        for path in ("case_id/student_id/name", "case_id/reason", "case_id/student_id/vshu_birth_date"):
            try:
                data = str(view.export_data([path]))
            except AccessError:
                continue
            self.assertNotIn(bag.other_student.name, data)
            self.assertNotIn(SECRET, data)
        for group in ("case_id", "case_id.student_id", "case_id.reason"):
            try:
                groups = str(view.formatted_read_group([], [group], ["__count"]))
            except (AccessError, ValueError, UserError):
                continue
            self.assertNotIn(bag.other_student.name, groups)
            self.assertNotIn(SECRET, groups)

    # -- field groups ------------------------------------------------------------------------------------------------

    def test_fields_of_others_are_behind_groups(self):
        """Every field that the addon adds to Odoo's own models begins with vshu_ and is behind a group."""
        names = set()
        for name, cls in self.env.registry.items():
            if name.startswith("vshu.") or cls._abstract:
                continue
            for field in self.env[name]._fields.values():
                modules = set(field._modules or ())
                if modules == {"vshu_registry"} and not getattr(field, "automatic", False):
                    self.assertTrue(field.name.startswith("vshu_"), f"{name}.{field.name}")
                    self.assertTrue(field.groups, f"{name}.{field.name}")
                    names.add(f"{name}.{field.name}")
        self.assertIn("res.partner.vshu_birth_date", names)
        self.assertIn("mail.activity.vshu_deadline_id", names)

    def test_partner_fields(self):
        """A plain employee, portal and public neither read, search, group, sort, export nor write a student's data."""
        bag = self.bag
        bag.users["plain"].group_ids += self.env.ref("base.group_partner_manager")
        fields = [name for name in self.env["res.partner"]._fields if name.startswith("vshu_")]
        self.assertGreater(len(fields), 20)
        for who in OUTSIDERS:
            for model in ("res.partner", "res.users"):
                view = self.see(bag, who, self.env[model])
                record = self.see(bag, who, bag.student if model == "res.partner" else bag.users[who])
                described = view.fields_get() if who == "plain" else {}
                for name in fields:
                    with self.subTest(model=model, field=name, who=who):
                        self.assertNotIn(name, described)
                        for call in (
                            lambda n=name, r=record: r.read([n]),
                            lambda n=name, r=record: r.web_read({n: {}}),
                            lambda n=name, v=view: v.search([(n, "!=", False)]),
                            lambda n=name, v=view: v.search([(n, "=", 1)], limit=1),
                            lambda n=name, v=view: v.search([], order=n),
                            lambda n=name, v=view: v.formatted_read_group([], [n], ["__count"]),
                            lambda n=name, r=record: r.export_data([n]),
                            lambda n=name, r=record: r.write({n: False}),
                        ):
                            self.assert_call_refused(call)
        for who in BLIND:
            student = self.see(bag, who, bag.other_student)
            values = student.read(
                [
                    "vshu_guardian_ids",
                    "vshu_guardian_names",
                    "vshu_guardian_phones",
                    "vshu_category_ids",
                    "vshu_external_record_ids",
                    "vshu_case_ids",
                    "vshu_open_case_ids",
                    "vshu_case_count",
                ]
            )[0]
            values.pop("id")
            self.assertFalse(any(values.values()), f"{who}: {values}")

    def test_family_name(self):
        """A child's family card shows no name to whoever may not read it."""
        bag = self.bag
        for who in ("subject_teacher", "class_teacher_b", "curator"):
            student = self.see(bag, who, bag.student)
            for values in (
                student.read(["vshu_family_id"]),
                student.web_read({"vshu_family_id": {"fields": {"display_name": {}}}}),
                student.formatted_read_group([("id", "=", student.id)], ["vshu_family_id"], ["__count"]),
                self.see(bag, who, self.env["vshu.family"]).name_search("Тайн"),
            ):
                self.assertNotIn("Тайн", str(values))
            self.assertRaises(AccessError, student.export_data, ["vshu_family_id/note"])
        for who in ("class_teacher", *READERS, "administrator"):
            self.assertIn("Тайн", str(self.see(bag, who, bag.student).read(["vshu_family_id"])))

    def test_no_tracking(self):
        """The chatter follows the state of a case or a letter and nothing else: no confidential field is tracked."""
        tracked = {
            f"{model}.{name}"
            for model in [*MODELS, "res.partner", "hr.employee"]
            for name, field in self.env[model]._fields.items()
            if getattr(field, "tracking", None) and (model.startswith("vshu.") or name.startswith("vshu_"))
        }
        self.assertEqual(tracked, {"vshu.case.state", "vshu.petition.state"})

    # -- names, numbers ----------------------------------------------------------------------------------------------

    def test_display_names(self):
        """Cases, signals, decisions, papers, clocks, rows, assignments are called by numbers,
        never by a child's name."""
        names = [self.bag[key].name for key in ("student", "other_student", "third", "fourth")] + [SECRET]
        for model in MODELS:
            if model in ("vshu.guardian", "vshu.family", "vshu.enrollment"):
                continue
            records = self.env[model].search([])
            if model in ("vshu.signal", "vshu.assignment"):
                self.assertTrue(records)
            for name in names:
                self.assertNotIn(name, "".join(filter(None, records.mapped("display_name"))), model)

    def test_activities_carry_no_names(self):
        """What the clocks and the nightly job lay on a desk carries numbers and clauses only."""
        with freeze_time("2027-01-20 06:00:00"):
            self.nightly()
        activities = (
            self.env["mail.activity"].with_context(active_test=False).search([("res_model", "=like", "vshu.%")])
        )
        self.assertTrue(activities)
        for activity in activities:
            words = f"{activity.summary} {activity.note} {activity.res_name} {activity.display_name}"
            for student in ("student", "other_student", "third", "fourth"):
                for word in self.bag[student].name.split():
                    self.assertNotIn(word, words)
            self.assertNotIn(SECRET, words)

    # -- files -------------------------------------------------------------------------------------------------------

    def test_files_are_bound(self):
        """A file goes with the record that it was laid into; nobody takes it out of there, nor lays in another's."""
        bag = self.bag
        loose = self.make_file(bag, "class_teacher_b")
        signal = self.see(bag, "class_teacher_b", bag.signal_b)
        signal.write({"attachment_ids": [Command.link(loose.id)]})
        attachment = loose.sudo()
        self.assertEqual((attachment.res_model, attachment.res_id), ("vshu.signal", signal.id))
        for who in ("class_teacher", "subject_teacher", "curator", "administrator", *OUTSIDERS):
            view = self.see(bag, who, attachment)
            for call in (
                lambda v=view: v.read(["name", "datas"]),
                lambda v=view: v.search([("id", "=", v.id)]),
                lambda v=view: v.search([("name", "=", "тайна.txt"), ("res_model", "=", "vshu.signal")]),
                lambda v=view: v.export_data(["name"]),
            ):
                self.assert_hidden(call)
            self.assertFalse(self.may(view.write, {"public": True}))
            self.assertFalse(self.may(view.generate_access_token), who)
            # neither is it made readable by laying it into a record of one's own
            if who in ("class_teacher", "subject_teacher", "curator"):
                own = self.signal(bag, who)
                for command in (Command.link(attachment.id), Command.set(attachment.ids)):
                    self.assertFalse(self.may(self.see(bag, who, own).write, {"attachment_ids": [command]}), who)
                self.assertFalse(
                    self.may(
                        self.see(bag, who, self.env["vshu.signal"]).create,
                        {
                            "student_id": bag.student.id,
                            "description": "…",
                            "attachment_ids": [Command.link(attachment.id)],
                        },
                    )
                )
        # its own author does not take it away from there either
        document = self.see(bag, "class_teacher_b", bag.case_b.document_ids[0])
        document.write({"attachment_ids": [Command.link(attachment.id)]})
        self.assertEqual((attachment.res_model, attachment.res_id), ("vshu.signal", signal.id))

    def test_files_of_papers_and_decisions(self):
        """Scans of decisions and papers are read with the case, and not any more when the rights have ended."""
        bag = self.bag
        paper = self.make_file(bag, "class_teacher", "характеристика.txt")
        self.see(bag, "class_teacher", bag.document).write({"attachment_ids": [Command.link(paper.id)], "date": TODAY})
        scan = self.make_file(bag, "head", "протокол.txt")
        self.see(bag, "head", bag.decision).write({"attachment_ids": [Command.link(scan.id)]})
        for attachment in (paper.sudo(), scan.sudo()):
            self.assertTrue(attachment.res_id)
            for who in self.everybody:
                sees = who in (*READERS, "class_teacher", "curator")
                view = self.see(bag, who, attachment)
                self.assertEqual(view.has_access("read"), sees, f"{attachment.name}: {who}")
                if view.browse().has_access("read"):
                    self.assertEqual(bool(view.search([("id", "=", attachment.id)])), sees, f"{attachment.name}: {who}")
        bag.class_a.teacher_ids.date_to = "2026-10-14"
        with freeze_time("2026-10-15 06:00:00"):
            for attachment in (paper, scan):
                self.assertFalse(self.see(bag, "class_teacher", attachment).has_access("read"))
                self.assertTrue(self.see(bag, "curator", attachment).has_access("read"))

    # -- chatter, activities, e-mails ----------------------------------------------------------------------------------

    def mails(self, function):
        """Return the e-mails that ``function`` brings about."""
        before = self.env["mail.mail"].search([])
        function()
        self.env.flush_all()
        return self.env["mail.mail"].search([]) - before

    def assert_neutral(self, mails):
        """Assert that the e-mails carry no child's name, no word of the message, no file."""
        self.assertTrue(mails)
        for mail in mails:
            whole = f"{mail.subject} {mail.body_html} {mail.body} {mail.headers}"
            for student in ("student", "other_student", "third", "fourth"):
                for word in self.bag[student].name.split():
                    self.assertNotIn(word, whole)
            self.assertNotIn(SECRET, whole)
            self.assertFalse(mail.attachment_ids)
            self.assertIn("awaits", mail.subject)

    def test_messages(self):
        """A note on a case is read with the case: not by a recipient, follower or author of long ago."""
        bag = self.bag
        head = self.see(bag, "head", bag.case_b)
        outsiders = [bag.users[who].partner_id.id for who in ("class_teacher", "plain", "portal", "administrator")]
        bag.case_b.message_subscribe(partner_ids=outsiders)
        file = self.make_file(bag, "head")
        message = head.message_post(
            body=SECRET, partner_ids=outsiders, attachment_ids=file.ids, subtype_xmlid="mail.mt_comment"
        )
        self.assertFalse(message.sudo().notified_partner_ids & self.env["res.partner"].browse(outsiders))
        for who in ("class_teacher", "subject_teacher", "administrator", "curator", *OUTSIDERS):
            for records in (message, file):
                view = self.see(bag, who, records)
                self.assert_hidden(view.read, ["display_name"])
                self.assert_hidden(view.search, [("id", "=", records.id)])
                self.assert_hidden(view.search_count, [("id", "=", records.id)])
            self.assert_hidden(
                self.see(bag, who, self.env["mail.message"]).search,
                [("body", "ilike", SECRET), ("model", "=", "vshu.case")],
            )
            self.assertFalse(self.may(self.see(bag, who, bag.case_b).message_post, body="…"), who)
        for who in ("class_teacher_b", *READERS):
            self.assertTrue(self.see(bag, who, message).read(["body"]))
            self.assertTrue(self.may(self.see(bag, who, bag.case_b).message_post, body="…"), who)

    def test_followers_lose_with_their_rights(self):
        """Who followed a case as class teacher hears nothing more of it when the rights have ended."""
        bag = self.bag
        teacher = bag.users["class_teacher"].partner_id
        bag.case.message_subscribe(partner_ids=teacher.ids)
        first = self.see(bag, "head", bag.case).message_post(body=SECRET, subtype_xmlid="mail.mt_comment")
        self.assertIn(teacher, first.sudo().notified_partner_ids)
        bag.class_a.teacher_ids.date_to = "2026-10-14"
        with freeze_time("2026-10-15 06:00:00"):
            second = self.see(bag, "head", bag.case).message_post(body=SECRET, subtype_xmlid="mail.mt_comment")
            self.assertNotIn(teacher, second.sudo().notified_partner_ids)
            self.assertFalse(self.see(bag, "class_teacher", second).has_access("read"))

    def test_mail_of_message(self):
        """An e-mail on a message says that something awaits, never what; files stay in the house."""
        bag = self.bag
        bag.users["class_teacher"].notification_type = "email"
        bag.users["psychologist"].notification_type = "email"
        for records in (bag.case, self.signal(bag, "class_teacher"), bag.assignment):
            record = self.see(bag, "head", records).with_context(tracking_disable=False)
            records.sudo().message_subscribe(
                partner_ids=(bag.users["class_teacher"] | bag.users["psychologist"]).partner_id.ids
            )
            file = self.make_file(bag, "head")
            mails = self.mails(
                lambda r=record, f=file: r.message_post(
                    body=f"{SECRET} {bag.student.name}",
                    subject=bag.student.name,
                    subtype_xmlid="mail.mt_comment",
                    attachment_ids=f.ids,
                )
            )
            self.assert_neutral(mails)

    def test_mail_of_activity(self):
        """The e-mail on an activity that was given to somebody says nothing of it; nobody outside gets one."""
        bag = self.bag
        for who in ("psychologist", "plain"):
            bag.users[who].notification_type = "email"
            case = self.see(bag, "head", bag.case).with_context(tracking_disable=False)
            mails = self.mails(
                lambda c=case, w=who: c.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=f"{SECRET} {bag.student.name}",
                    note=f"{SECRET} {bag.student.name}",
                    user_id=bag.users[w].id,
                )
            )
            if who == "plain":
                self.assertFalse(mails)
            else:
                self.assert_neutral(mails)

    def test_state_change_sends_nothing_out(self):
        """A transition tells followers by e-mail at most that something awaits."""
        bag = self.bag
        bag.users["psychologist"].notification_type = "email"
        bag.case.message_subscribe(partner_ids=bag.users["psychologist"].partner_id.ids)
        case = self.see(bag, "head", bag.case).with_context(tracking_disable=False)
        mails = self.mails(lambda: (case._annul(SECRET), self.flush_tracking()))
        for mail in mails:
            self.assertNotIn(SECRET, f"{mail.subject} {mail.body_html}")
            self.assertNotIn(bag.student.name, f"{mail.subject} {mail.body_html}")

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.precommit.run()

    def test_activities(self):
        """Activities on a case are the case's: strangers see and make none, nobody ties one to a clock."""
        bag = self.bag
        model = self.env["ir.model"]._get_id("vshu.case")
        activity = self.env["mail.activity"].create(
            {"res_model_id": model, "res_id": bag.case_b.id, "user_id": bag.users["head"].id, "note": SECRET}
        )
        vals = {"res_model_id": model, "res_id": bag.case_b.id, "summary": "…"}
        for who in ("class_teacher", "subject_teacher", "curator", "administrator", *OUTSIDERS):
            view = self.see(bag, who, activity)
            self.assert_hidden(view.read, ["note"])
            self.assert_hidden(view.search, [("id", "=", activity.id)])
            self.assert_hidden(view.search, [("note", "ilike", SECRET)])
            self.assertFalse(self.may(view.write, {"summary": "…"}), who)
            self.assertFalse(self.may(view.unlink), who)
            self.assertFalse(self.may(view.create, dict(vals)), who)
        for who in (*READERS, "class_teacher_b"):
            own = self.see(bag, who, self.env["mail.activity"])
            self.assertTrue(self.may(own.create, dict(vals)), who)
            self.assertFalse(self.may(own.create, {**vals, "vshu_deadline_id": bag.deadline.id}), who)
            own = own.create(dict(vals))
            self.assertFalse(self.may(own.write, {"vshu_deadline_id": bag.deadline.id}), who)
            self.assertRaises(AccessError, own.read, ["vshu_deadline_id"])
            self.assertRaises(AccessError, own.search, [("vshu_deadline_id", "!=", False)])

    # -- dialogs -----------------------------------------------------------------------------------------------------

    def test_dialogs_show_nothing(self):
        """A dialog cannot be pointed at what its maker may not read, by values, defaults or an onchange."""
        bag = self.bag
        spec = {
            "student_id": {"fields": {"display_name": {}}},
            "family_id": {"fields": {"display_name": {}}},
            "signal_id": {"fields": {"display_name": {}}},
        }
        for who in ("class_teacher", "subject_teacher", "curator"):
            view = self.see(bag, who, self.env["vshu.reason"])
            for vals in (
                {"action": "dismiss", "signal_id": bag.signal_b.id},
                {"action": "annul", "case_id": bag.case_b.id},
                {"action": "join", "target_case_id": bag.case_b.id},
            ):
                self.assertFalse(self.may(view.create, vals), f"{who}: {vals}")
            for call in (
                lambda v=view: v.onchange({"signal_id": bag.signal_b.id}, ["signal_id"], spec),
                lambda v=view: v.with_context(default_signal_id=bag.signal_b.id).onchange({}, [], spec),
            ):
                try:
                    self.assertNotIn(bag.other_student.name, str(call()))
                except AccessError:
                    continue
        lines = self.see(bag, "class_teacher", bag.case)._viewer_lines()
        people = {line[2]["user_id"] for line in lines}
        wanted = {bag.users[who].id for who in (*READERS, "class_teacher", "curator")}
        self.assertEqual(people, wanted)
        self.assertRaises(AccessError, self.see(bag, "class_teacher", bag.case_b).action_who_can_see)

    def test_numbers_only_for_who_may_count(self):
        """Groups, sums and counts are made of what the reader may see."""
        bag = self.bag
        for who, count in (("class_teacher", 2), ("class_teacher_b", 1), ("curator", 2), ("subject_teacher", 0)):
            cases = self.see(bag, who, self.env["vshu.case"])
            groups = cases.formatted_read_group([], ["student_id"], ["__count"])
            self.assertEqual(sum(group["__count"] for group in groups), count, who)
            self.assertNotIn(SECRET, str(groups))
            groups = cases.formatted_read_group([], ["ground_id"], ["__count"])
            self.assertEqual(sum(group["__count"] for group in groups), count, who)
            for field in ("reason", "measures_before", "state"):
                groups = cases.formatted_read_group([], [field], ["__count"])
                self.assertEqual(sum(group["__count"] for group in groups), count, f"{field}: {who}")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestChannelsHttp(ChannelsCommon, HttpCase):
    """The same through the doors of the web server."""

    def as_user(self, who):
        """Log in as ``who`` without a password."""
        user = self.bag.users[who]
        if who == "public":
            self.authenticate(None, None)
        else:
            user.sudo().password = user.login
            self.authenticate(user.login, user.login)

    def rpc(self, model, method, args, **kwargs):
        """Call a method as the web client does; return the whole answer."""
        return self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={"params": {"model": model, "method": method, "args": args, "kwargs": kwargs}},
        ).json()

    def test_content_route(self):
        """/web/content gives a file to those who may read its record, and to nobody else."""
        bag = self.bag
        files = {}
        for key, record in (
            ("signal", bag.signal_b),
            ("document", bag.document),
            ("decision", bag.decision),
            ("case", bag.case),
        ):
            files[key] = self.env["ir.attachment"].create(
                {"name": f"{key}.txt", "raw": SECRET.encode(), "res_model": record._name, "res_id": record.id}
            )
            if "attachment_ids" in record._fields:
                record.sudo().attachment_ids = [Command.link(files[key].id)]
        self.env.flush_all()
        readers = {
            "signal": (*READERS, "class_teacher_b"),
            **dict.fromkeys(("document", "decision", "case"), (*READERS, "class_teacher", "curator")),
        }
        for who in (
            "class_teacher",
            "subject_teacher",
            "class_teacher_b",
            "psychologist",
            "head",
            "administrator",
            *OUTSIDERS,
        ):
            self.as_user(who)
            for key, attachment in files.items():
                for address in (
                    f"/web/content/{attachment.id}?download=1",
                    f"/web/content/ir.attachment/{attachment.id}/datas",
                    f"/web/content/ir.attachment/{attachment.id}/raw",
                ):
                    response = self.url_open(address)
                    given = response.status_code == 200 and SECRET.encode() in response.content
                    self.assertEqual(given, who in readers[key], f"{who}: {key}: {address}: {response.status_code}")
                    self.assertEqual(SECRET in response.text, given)

    def test_chatter_routes(self):
        """The chatter's own routes give messages of a case to its readers only."""
        bag = self.bag
        self.see(bag, "head", bag.case_b).message_post(body=SECRET)
        self.env.flush_all()
        for who in ("class_teacher", "administrator", "plain", "portal", "class_teacher_b"):
            self.as_user(who)
            answers = [
                self.url_open(
                    "/mail/thread/messages",
                    json={"params": {"thread_model": "vshu.case", "thread_id": bag.case_b.id}},
                ).text,
                self.url_open(
                    "/mail/data",
                    json={
                        "params": {
                            "fetch_params": [
                                [
                                    "mail.thread",
                                    {
                                        "thread_model": "vshu.case",
                                        "thread_id": bag.case_b.id,
                                        "request_list": ["activities", "attachments", "followers", "display_name"],
                                    },
                                ]
                            ]
                        }
                    },
                ).text,
            ]
            seen = any("\\u0421\\u0435\\u043a\\u0440\\u0435\\u0442" in answer or SECRET in answer for answer in answers)
            self.assertEqual(seen, who == "class_teacher_b", who)
            for answer in answers:
                self.assertNotIn(bag.other_student.name, answer)

    @mute_logger("odoo.http", "odoo.addons.web.controllers.report")
    def test_journal_routes(self):
        """The journal as a file and as a report is made with the rights of whoever asks."""
        bag = self.bag
        name = bag.entry.subject_name
        for who in ("class_teacher", "subject_teacher", "administrator", "curator", "plain", "portal", "public"):
            self.as_user(who)
            for data in (f'{{"ids": [{bag.entry.id}]}}', '{"domain": []}'):
                response = self.url_open(
                    "/vshu_registry/journal.xlsx", data={"data": data, "csrf_token": Request.csrf_token(self)}
                )
                self.assertNotIn(b"PK", response.content[:2], who)
            response = self.url_open(f"/report/html/vshu_registry.report_journal/{bag.entry.id}")
            self.assertNotIn(name, response.text, who)
            self.assertNotIn("openxmlformats", response.headers.get("Content-Type", ""))

    def test_reads_do_not_write(self):
        """What lists and forms ask for runs on a read-only cursor, for every model of the addon."""
        # each call below has @api.readonly in Odoo: in tests its cursor refuses to write
        bag = self.bag
        # the clock of a late evening: nothing is brought up to date by being looked at
        self.as_user("social_pedagogue")
        context = {"allowed_company_ids": bag.company.ids}
        for model in sorted(MODELS):
            if model in ("vshu.reason", "vshu.viewers", "vshu.viewers.line"):
                continue
            spec = {
                name: {}
                for name, field in self.env[model]._fields.items()
                if not field.groups and field.type not in ("one2many", "many2many", "binary")
            }
            with self.subTest(model=model), self.assertNoLogs("odoo.http", "WARNING"):
                answer = self.rpc(model, "web_search_read", [[], spec], limit=5, context=context)
                self.assertNotIn("error", answer)
                ids = [record["id"] for record in answer["result"]["records"]]
                answer = self.rpc(model, "web_read", [ids, spec], context=context)
                self.assertNotIn("error", answer)
        people = self.env["res.partner"].with_user(bag.users["social_pedagogue"])
        spec = {
            name: {}
            for name, field in people._fields.items()
            if name.startswith("vshu_") and people._has_field_access(field, "read")
        }
        answer = self.rpc("res.partner", "web_read", [bag.student.ids, spec], context=context)
        self.assertNotIn("error", answer)

    @mute_logger("odoo.http")
    def test_actions_over_http(self):
        """A private method is not called over HTTP, a public one answers a stranger with an access error."""
        bag = self.bag
        self.as_user("class_teacher")
        for model, method, ids in (
            ("vshu.case", "_annul", bag.case.ids),
            ("vshu.case", "_submit", bag.case_draft.ids),
            ("vshu.signal", "_dismiss", bag.signal_b.ids),
            ("vshu.case", "action_consent", bag.case_draft.ids),
            ("vshu.case", "action_open", bag.case_b.ids),
        ):
            with self.subTest(method=method):
                answer = self.rpc(model, method, [ids])
                self.assertIn("error", answer)
                self.assertIn("odoo.exceptions.", answer["error"]["data"]["name"])
        for who in ("portal", "public"):
            self.as_user(who)
            for model in MODELS:
                self.assertIn("error", self.rpc(model, "search_read", [[]]), f"{model}: {who}")

    @mute_logger("odoo.http")
    def test_links_by_json2(self):
        """security.md 1, 11: over /json/2 with a key of one's own nobody links to what they may not read, by values,
        defaults or lines."""
        bag = self.bag
        user = bag.users["class_teacher"]
        # sudo: for ever; the clock of the database is not frozen
        key = self.env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "links", None)
        self.env.flush_all()
        spec = {name: {"fields": {"display_name": {}}} for name in ("case_id", "company_id", "type_id")} | {
            "display_name": {},
            "note": {},
        }
        case = bag.case_b
        for model, body in (
            ("vshu.document", {"values": {"case_id": case.id}, "field_names": ["case_id"], "fields_spec": spec}),
            ("vshu.document", {"values": {}, "field_names": [], "fields_spec": spec, "default": case.id}),
            (
                "vshu.case",
                {
                    "values": {"document_ids": [[4, case.document_ids[0].id, 0]]},
                    "field_names": ["document_ids"],
                    "fields_spec": {"document_ids": {"fields": spec}},
                },
            ),
        ):
            context = {"allowed_company_ids": bag.company.ids}
            if default := body.pop("default", None):
                context["default_case_id"] = default
            response = self.url_open(
                f"/json/2/{model}/onchange",
                json={**body, "context": context},
                headers={"Authorization": f"Bearer {key}"},
            )
            self.assertEqual(response.status_code, 403, response.text)
            for word in (SECRET, case.name, bag.other_student.name):
                self.assertNotIn(word, response.json()["message"])

    def test_roles_in_the_session(self):
        """The office can do over HTTP what the table of actions says it can."""
        bag = self.bag
        for who in OFFICE:
            self.as_user(who)
            answer = self.rpc("vshu.case", "action_open", [bag.case_b.ids])
            self.assertEqual(answer["result"]["res_id"], bag.case_b.id)
