"""Two schools never see each other's records, by any channel (acceptance 7)."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command, Domain
from odoo.tests import new_test_user, tagged

from ..access_common import SECRET, AccessCommon
from ..case.test_flow import TODAY
from ..sealed.test_sealed import SealedBuilders
from .test_access import MODELS, READERS, STAFF

#: whoever has any role in the other school, and its plain employee
STRANGERS = (*STAFF, "administrator", "curator", "plain")
#: with records of no school of their own; see test_catalogues
CATALOGUES = {name for name, table in MODELS.items() if table is MODELS["vshu.ground"]} - {
    "vshu.calendar.exception",
    "vshu.class",
    "vshu.class.teacher",
    "vshu.school",
    "vshu.school.term",
    "vshu.school.year",
    "vshu.standin",
}
#: between schools in tests of their own: test_transfer_channels, test_import_channels
APART = {"vshu.transfer", "vshu.transfer.paper", "vshu.import", "vshu.import.line", "vshu.import.column"}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestCompany(AccessCommon, SealedBuilders):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fill(cls.kz)
        cls.fill(cls.ru)
        self = cls("setUp")
        paper = self.file_sealed(cls.kz, cls.kz.case)
        self.as_(cls.kz, "head", paper).action_open()
        self.recommend(cls.kz, cls.kz.case, "subject_teacher")
        for bag in (cls.kz, cls.ru):
            for who in STRANGERS:
                bag.users[who].group_ids += cls.env.ref("base.group_allow_export")
        # a pupil of the Kazakh school who goes to the Russian one now: the contact is shared, nothing else is
        cls.shared = cls.kz.student
        cls.kz.student.vshu_enrollment_ids.write(
            {"date_to": "2026-10-09", "end_reason_id": cls.env.ref("vshu_registry.end_reason_other_school").id}
        )
        cls.enroll(cls.shared, cls.ru.class_a, date_from="2026-10-12")
        cls.ru_case = cls("setUp").make_case(cls.ru, cls.shared, curator_id=cls.ru.teacher_b.id)
        case = cls.env["vshu.case"].search([("company_id", "=", cls.kz.company.id), ("state", "=", "active")], limit=1)
        witnesses = {"witness_id": cls.kz.teacher_b.id, "witness2_id": cls.kz.employees["psychologist"].id}
        adult = case.student_id.vshu_guardian_ids.partner_id[:1] or cls.kz.guardian.partner_id
        facts = [
            {"case_id": case.id, "kind": kind, "note": SECRET, "partner_ids": adult.ids, **witnesses}
            for kind in ("refused", "no_measures")
        ]
        cls.env["vshu.parent.fact"].create(facts)
        cls.env["vshu.petition"].create(
            {"case_id": case.id, "kind_id": cls.env.ref("vshu_registry.kz_petition_17_1").id, "partner_id": adult.id}
        )

    def records_of(self, bag, model):
        """Return all records of a model that belong to the school."""
        records = self.env[model].with_context(active_test=False)
        if "company_id" in records._fields:
            return records.search([("company_id", "=", bag.company.id)])
        if model == "vshu.guardian":
            return bag.guardian_b
        return records.browse()

    def assert_nothing(self, function, *args, **kwargs):
        """Assert that the call is refused or gives nothing."""
        try:
            result = function(*args, **kwargs)
        except (AccessError, MissingError):
            return
        if isinstance(result, dict):
            result = result.get("records", result.get("datas", result))
        self.assertFalse(result, f"{function}{args}{kwargs}")

    def test_every_model(self):
        """Every model × every reader of another school × every way of reading: nothing."""
        dialogs = {model for model in MODELS if self.env[model]._transient}
        models = MODELS.keys() - CATALOGUES - dialogs - APART - {"vshu.role"}
        self.assertFalse({model for model in models if not self.records_of(self.kz, model)}, "no record to test with")
        for model in models:
            records = self.records_of(self.kz, model)
            ids = records.ids
            for who in STRANGERS:
                with self.subTest(model=model, who=who):
                    view = self.see(self.ru, who, self.env[model])
                    mine = [("id", "in", ids)]
                    self.assert_nothing(view.search, mine)
                    self.assert_nothing(view.search_count, mine)
                    self.assert_nothing(view.name_search, "", mine)
                    self.assert_nothing(view.search_read, mine, ["display_name"])
                    self.assert_nothing(view.web_search_read, mine, {"display_name": {}})
                    self.assert_nothing(
                        lambda v=view, d=mine: [g for g in v.formatted_read_group(d, [], ["__count"]) if g["__count"]]
                    )
                    for record in self.see(self.ru, who, records[:1]):
                        self.assert_nothing(record.read, ["display_name"])
                        self.assert_nothing(record.web_read, {"display_name": {}})
                        self.assert_nothing(record.export_data, ["id", "display_name"])
                        self.assertFalse(record.has_access("write") or record.has_access("unlink"))

    def test_students(self):
        """Students of another school are not there, nor their data by any path."""
        others = self.kz.other_student | self.kz.third
        for who in STRANGERS:
            view = self.see(self.ru, who, self.env["res.partner"])
            mine = [("id", "in", others.ids)]
            self.assert_nothing(view.search, mine)
            self.assert_nothing(view.name_search, others[0].name)
            self.assert_nothing(view.web_search_read, mine, {"display_name": {}})
            self.assert_nothing(self.see(self.ru, who, others).read, ["name"])
            self.assert_nothing(self.see(self.ru, who, others[0]).export_data, ["name"])

    def test_shared_student(self):
        """Of a pupil who was in both schools each school sees its own records only."""
        ours = {
            "vshu_case_ids": self.ru_case,
            "vshu_open_case_ids": self.ru_case,
            "vshu_category_ids": self.env["vshu.category.entry"],
            "vshu_external_record_ids": self.env["vshu.external.record"],
            "vshu_enrollment_ids": self.shared.vshu_enrollment_ids.filtered(lambda e: e.company_id == self.ru.company),
        }
        for who in READERS:
            student = self.see(self.ru, who, self.shared)
            values = student.web_read(
                {
                    **{name: {"fields": {"display_name": {}}} for name in ours},
                    "vshu_case_count": {},
                    "vshu_class_id": {"fields": {"display_name": {}}},
                    "vshu_family_id": {"fields": {"display_name": {}}},
                }
            )[0]
            for name, records in ours.items():
                self.assertEqual([line["id"] for line in values[name]], records.ids, f"{name}: {who}")
            self.assertEqual(values["vshu_case_count"], 1)
            self.assertEqual(values["vshu_class_id"]["id"], self.ru.class_a.id)
            self.assertNotIn("Тайных", str(values))
            self.assertNotIn("Тайных", str(student.read(["vshu_family_id"])))
            for name, records in ours.items():
                self.assertEqual(student[name].ids, records.ids, f"{name}: {who}")
            exported = str(student.export_data(["vshu_case_ids/name", "vshu_category_ids/category_id/name"]))
            self.assertNotIn(self.kz.case.name, exported)

    def test_search_by_hidden_records(self):
        """Filtering, grouping and sorting the shared pupils tells nothing of the other school's records."""
        self.ru_case.sudo().signal_ids.invalidate_recordset()
        for who in (*READERS, "class_teacher", "subject_teacher"):
            partners = self.see(self.ru, who, self.env["res.partner"])
            shared = Domain("id", "=", self.shared.id)
            for domain in (
                [("vshu_case_ids.name", "=", self.kz.case.name)],
                [("vshu_case_ids", "any", [("reason", "ilike", SECRET), ("company_id", "=", self.kz.company.id)])],
                [("vshu_case_ids", "in", self.kz.case.ids)],
                [("vshu_open_case_ids", "in", self.kz.case.ids)],
                [("vshu_company_ids", "in", self.kz.company.ids)],
                [("vshu_category_ids", "!=", False)],
                [("vshu_external_record_ids.reason", "ilike", SECRET)],
                [("vshu_external_record_ids", "!=", False)],
                [("vshu_family_id.note", "ilike", SECRET)],
                [("vshu_family_id.name", "ilike", "Тайных")],
                [("vshu_family_id", "ilike", "Тайных")],
                [("vshu_enrollment_ids.class_id", "=", self.kz.class_a.id)],
                [("vshu_class_id", "=", self.kz.class_a.id)],
            ):
                with self.subTest(domain=domain, who=who):
                    self.assert_nothing(partners.search, shared & Domain(domain))
            groups = partners.formatted_read_group(shared, ["vshu_family_id"], ["__count"])
            self.assertNotIn("Тайных", str(groups))
            groups = partners.formatted_read_group(shared, ["vshu_class_id"], ["__count"])
            self.assertNotIn(
                self.kz.class_a.id, [group["vshu_class_id"] and group["vshu_class_id"][0] for group in groups]
            )

    def test_no_link_to_another_school(self):
        """Nobody links an own record to one of another school: ids can be guessed, names and ages would follow."""
        kz, ru = self.kz, self.ru
        kind = self.ref("ru_kind_convert_control")
        paper = self.ref("ru_document_7_3")
        adult = self.env["res.partner"].create({"name": "Взрослый"})
        talk = self.ref("intervention_kind_talk").id
        creates = [
            ("vshu.signal", {"student_id": kz.third.id, "description": "…"}),
            ("vshu.signal", {"subject": "family", "family_id": kz.family.id, "description": "…"}),
            ("vshu.signal", {"student_id": ru.student.id, "description": "…", "company_id": kz.company.id}),
            ("vshu.case", {"student_id": kz.third.id}),
            ("vshu.case", {"subject": "family", "family_id": kz.family.id}),
            ("vshu.case", {"student_id": self.shared.id, "kind": "control", "company_id": kz.company.id}),
            (
                "vshu.decision",
                {"case_id": kz.case.id, "kind_id": kind.id, "form_id": kind.form_ids[:1].id, "number": "1"},
            ),
            ("vshu.document", {"case_id": kz.case.id, "type_id": paper.id}),
            ("vshu.document", {"case_id": kz.case.id, "type_id": kz.document.type_id.id}),
            ("vshu.characteristic", {"document_id": kz.document.id}),
            ("vshu.survey", {"document_id": kz.document.id}),
            ("vshu.survey.member", {"survey_id": kz.survey.id, "name": "…"}),
            (
                "vshu.assignment",
                {"name": "…", "case_id": kz.case.id, "employee_id": ru.teacher_b.id, "date_due": "2026-12-01"},
            ),
            (
                "vshu.assignment",
                {"name": "…", "signal_id": kz.signal_b.id, "employee_id": ru.teacher_b.id, "date_due": "2026-12-01"},
            ),
            (
                "vshu.journal.correction",
                {"entry_id": kz.entry.id, "field_name": "address", "new_value": "…", "reason": "…"},
            ),
            ("vshu.reason", {"action": "annul", "case_id": kz.case.id}),
            ("vshu.reason", {"action": "dismiss", "signal_id": kz.signal_b.id}),
            ("vshu.reason", {"action": "join", "target_case_id": kz.case.id}),
            ("vshu.viewers", {"case_id": kz.case.id}),
            ("vshu.guardian", {"student_id": kz.third.id, "partner_id": adult.id}),
            ("vshu.guardian", {"student_id": ru.third.id, "partner_id": kz.third.id}),
            ("vshu.enrollment", {"student_id": kz.third.id, "class_id": ru.class_a.id, "date_from": TODAY}),
            ("vshu.enrollment", {"student_id": ru.third.id, "class_id": kz.class_a.id, "date_from": TODAY}),
            ("vshu.external.record", {"student_id": kz.third.id}),
            ("vshu.external.record", {"student_id": ru.third.id, "company_id": kz.company.id}),
            ("vshu.family", {"name": "…", "company_id": kz.company.id}),
            ("vshu.family", {"name": "…", "member_ids": [Command.link(kz.third.id)]}),
            ("vshu.class", {"grade": 3, "year_id": kz.year.id}),
            ("vshu.class", {"grade": 3, "year_id": kz.year.id, "company_id": kz.company.id}),
            ("vshu.class.teacher", {"class_id": kz.class_b.id, "employee_id": ru.teacher_b.id}),
            (
                "vshu.standin",
                {
                    "role_id": self.ref("role_head").id,
                    "substitute_id": ru.teacher_b.id,
                    "company_id": kz.company.id,
                    "date_from": TODAY,
                    "date_to": TODAY,
                },
            ),
            ("vshu.school.year", {"name": "…", "date_start": TODAY, "date_end": TODAY, "company_id": kz.company.id}),
            ("vshu.school.term", {"name": "…", "year_id": kz.year.id, "date_start": TODAY, "date_end": TODAY}),
            ("vshu.calendar.exception", {"school_id": kz.school.id, "date": TODAY, "kind": "off", "name": "…"}),
            ("vshu.intervention", {"student_id": kz.third.id, "kind_id": talk, "text": "…"}),
            ("vshu.intervention", {"family_id": kz.family.id, "kind_id": talk, "text": "…"}),
            (
                "vshu.intervention",
                {"student_id": ru.third.id, "kind_id": talk, "text": "…", "company_id": kz.company.id},
            ),
            ("vshu.intervention", {"student_id": ru.third.id, "kind_id": kz.own_kind.id, "text": "…"}),
            ("vshu.intervention.change", {"intervention_id": kz.intervention.id, "action": "annul", "reason": "…"}),
            ("vshu.family.person", {"family_id": kz.family.id, "name": "…"}),
            ("vshu.family.situation", {"family_id": kz.family.id, "text": "…"}),
            (
                "vshu.family.move",
                {"student_id": kz.third.id, "reason": "custody", "document": "…", "ended_ids": [Command.set([])]},
            ),
        ]
        for model, vals in creates:
            for who in ("social_pedagogue", "head", "administrator"):
                view = self.see(ru, who, self.env[model])
                self.assertFalse(self.may(view.create, dict(vals)), f"{who}: {model} {vals}")
                context = {f"default_{name}": value for name, value in vals.items() if not isinstance(value, list)}
                lines = {name: value for name, value in vals.items() if isinstance(value, list)}
                self.assertFalse(self.may(view.with_context(**context).create, lines), f"{who}: {model} {context}")

    def test_no_move_to_another_school(self):
        """Nobody takes a record over to another school, or to a case of it, by writing."""
        kz, ru = self.kz, self.ru
        writes = [
            (ru.case_draft, {"company_id": kz.company.id}),
            (ru.case_draft, {"student_id": kz.third.id}),
            (ru.signal_b, {"company_id": kz.company.id}),
            (ru.signal_b, {"student_id": kz.third.id}),
            (ru.document, {"case_id": kz.case.id}),
            (ru.assignment, {"case_id": kz.case.id}),
            (ru.assignment, {"signal_id": kz.signal_b.id}),
            (ru.assignment, {"company_id": kz.company.id}),
            (ru.guardian, {"student_id": kz.third.id}),
            (ru.category, {"company_id": kz.company.id}),
            (ru.external, {"student_id": kz.third.id}),
            (ru.family, {"company_id": kz.company.id}),
            (ru.other_student, {"vshu_family_id": kz.family.id}),
            (ru.other_student, {"vshu_company_ids": [Command.link(kz.company.id)]}),
            (ru.other_student.vshu_enrollment_ids, {"class_id": kz.class_a.id}),
            (ru.class_a, {"company_id": kz.company.id}),
            (ru.standin, {"company_id": kz.company.id}),
            (ru.school, {"company_id": kz.company.id}),
            (ru.year, {"company_id": kz.company.id}),
        ]
        for records, vals in writes:
            for who in ("social_pedagogue", "head", "administrator", "class_teacher_b"):
                self.assertFalse(self.may(self.see(ru, who, records).write, vals), f"{who}: {records} {vals}")

    def test_names_by_many2one(self):
        """A Many2one to another school's pupil shows no name, whoever made the link and in whatever way it is asked."""
        name = self.kz.third.name
        plain = self.ru.users["plain"]
        plain.group_ids += self.env.ref("base.group_partner_manager")
        for who in ("plain", "social_pedagogue"):
            contact = self.see(self.ru, who, self.env["res.partner"]).create({"name": "Кто-то"})
            contact.sudo().parent_id = self.kz.third
            contact = self.see(self.ru, who, contact)
            self.assertNotIn(name, str(contact.read(["parent_id"])))
            self.assertNotIn(name, str(contact.web_read({"parent_id": {"fields": {"display_name": {}}}})))
        spec = {"student_id": {"fields": {"display_name": {}}}, "class_id": {"fields": {"display_name": {}}}}
        for model in ("vshu.signal", "vshu.case"):
            view = self.see(self.ru, "head", self.env[model])
            extra = {"age": {}} if model == "vshu.case" else {}
            for call in (
                lambda v=view, s={**spec, **extra}: v.with_context(default_student_id=self.kz.third.id).onchange(
                    {}, [], s
                ),
                lambda v=view, s={**spec, **extra}: v.onchange({"student_id": self.kz.third.id}, ["student_id"], s),
            ):
                try:
                    result = call()
                except AccessError:
                    continue
                self.assertNotIn(name, str(result))
                self.assertNotIn(self.kz.class_a.name, str(result["value"].get("class_id")))
                self.assertFalse(result["value"].get("age"))
        # the own school still sees its names there
        self.assertEqual(self.see(self.kz, "plain", self.kz.third).display_name, name)
        self.assertIn(name, str(self.see(self.kz, "head", self.kz.case_closed).read(["student_id"])))

    def test_school_named_in_the_context(self):
        """Naming another school in the context of a call opens nothing."""
        for who in STRANGERS:
            user = self.ru.users[who]
            for model in (
                "vshu.case",
                "vshu.signal",
                "vshu.journal.entry",
                "vshu.deadline",
                "res.partner",
                "vshu.class",
            ):
                for companies in (self.kz.company.ids, self.companies.ids):
                    view = self.env[model].with_user(user).with_context(allowed_company_ids=companies)
                    self.assert_nothing(view.search, [("company_id", "=", self.kz.company.id)])
        forged = self.see(self.ru, "head", self.shared).with_context(allowed_company_ids=self.kz.company.ids)
        self.assert_nothing(forged.read, ["vshu_class_id"])

    def test_files_messages_activities(self):
        """Files, messages and activities of another school's records cannot be found or read."""
        attachment = self.env["ir.attachment"].create(
            {"name": SECRET, "raw": SECRET.encode(), "res_model": "vshu.case", "res_id": self.kz.case.id}
        )
        message = self.as_(self.kz, "head", self.kz.case).message_post(body=SECRET)
        activity = self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("vshu.case"),
                "res_id": self.kz.case.id,
                "user_id": self.kz.users["head"].id,
                "note": SECRET,
            }
        )
        for who in STRANGERS:
            for records in (attachment, message, activity):
                view = self.see(self.ru, who, records)
                self.assert_nothing(view.search, [("id", "in", records.ids)])
                self.assert_nothing(view.search_count, [("id", "in", records.ids)])
                self.assert_nothing(view.read, ["display_name"])
                self.assert_nothing(
                    view.search,
                    [
                        ("res_model" if records != message else "model", "=", "vshu.case"),
                        ("res_id", "=", self.kz.case.id),
                    ],
                )
            case = self.see(self.ru, who, self.kz.case)
            self.assertFalse(self.may(case.message_post, body="…"), who)
            self.assertFalse(case.message_subscribe([self.ru.users[who].partner_id.id]), who)
            self.assertFalse(self.may(case.activity_schedule, summary="…"), who)

    def test_journal_print_outs(self):
        """The journal of another school is neither exported nor printed, by rows or by filter."""
        entries = self.env["vshu.journal.entry"]
        for who in (*STAFF, "administrator"):
            for records in (
                self.see(self.ru, who, self.kz.entry),
                self.see(self.ru, who, self.kz.entry | self.ru.entry),
            ):
                for method in ("action_export_xlsx", "action_print_pdf"):
                    self.assertFalse(self.may(getattr(records, method)), f"{method}: {who}")
            domain = [("company_id", "=", self.kz.company.id)]
            self.assertFalse(self.may(self.see(self.ru, who, entries)._journal_xlsx, None, domain), who)
        chosen = self.see(self.ru, "head", entries)._journal_chosen(None, [])
        self.assertEqual(chosen.company_id.ids, self.ru.company.ids)

    def test_catalogues(self):
        """A school's own version of a regulation is not another school's; counts tell nothing of other schools."""
        shipped = self.kz.school.regulation_id
        own = self.see(self.kz, "administrator", shipped)._copy_for_company(self.kz.company)
        for who in STRANGERS:
            view = self.see(self.ru, who, own)
            self.assert_nothing(view.read, ["name"])
            self.assert_nothing(view.search, [("id", "=", own.id)])
            for name in CATALOGUES:
                records = self.env[name]
                if "regulation_id" in records._fields:
                    self.assert_nothing(self.see(self.ru, who, records).search, [("regulation_id", "=", own.id)])
        self.assertFalse(
            self.may(
                self.see(self.ru, "administrator", self.env["vshu.ground.category"]).create,
                {"name": "…", "code": "x", "kind": "register", "subject": "student", "regulation_id": own.id},
            )
        )
        for who in (*STAFF, "administrator"):
            self.assertFalse(self.see(self.ru, who, shipped).read(["case_count"])[0]["case_count"])
            self.assertTrue(self.see(self.kz, who, shipped).read(["case_count"])[0]["case_count"])

    def test_who_can_see(self):
        """“Who can see this?” names nobody of another school."""
        lines = self.see(self.kz, "head", self.kz.case)._viewer_lines()
        people = self.env["res.users"].browse([line[2]["user_id"] for line in lines])
        self.assertTrue(people)
        self.assertTrue(all(self.kz.company in person.company_ids for person in people))

    def test_user_of_both_schools(self):
        """Whoever works in both sees the school that they have chosen, both where they chose both;
        roles of each hold."""
        user = new_test_user(
            self.env,
            "both",
            groups="base.group_user,vshu_registry.group_deputy_head",
            company_id=self.ru.company.id,
            company_ids=[Command.set(self.companies.ids)],
        )
        cases = self.kz.case | self.ru.case
        for companies, seen in (
            (self.kz.company, self.kz.case),
            (self.ru.company, self.ru.case),
            (self.companies, cases),
        ):
            view = self.env["vshu.case"].with_user(user).with_context(allowed_company_ids=companies.ids)
            self.assertEqual(view.search([("id", "in", cases.ids)]), seen.sorted("id", reverse=True).with_env(view.env))
        entries = (self.kz.entry | self.ru.entry).with_user(user).with_context(allowed_company_ids=self.companies.ids)
        self.assertRaises(UserError, entries.action_export_xlsx)
        student = self.shared.with_user(user).with_context(allowed_company_ids=self.ru.company.ids)
        self.assertEqual(student.vshu_case_ids.ids, self.ru_case.ids)
        student = student.with_context(allowed_company_ids=self.companies.ids)
        student.invalidate_recordset()
        self.assertEqual(set(student.vshu_case_ids.ids), {self.ru_case.id, self.kz.case.id})

    def test_standin_of_another_school(self):
        """A stand-in in one school is nobody in the other."""
        self.make_standin(self.ru, "head", self.ru.employees["subject_teacher"], TODAY, TODAY)
        for records in (self.kz.case, self.kz.signal_b, self.kz.entry, self.kz.guardian_b, self.kz.family):
            self.assertFalse(self.see(self.ru, "subject_teacher", records).has_access("read"))
        self.assertTrue(self.see(self.ru, "subject_teacher", self.ru.case).has_access("read"))
