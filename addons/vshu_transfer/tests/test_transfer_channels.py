"""Hand-overs leak by no side way: who may not see them learns of none but by the words on the case."""

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.vshu_registry.tests.access_common import SECRET, AccessCommon
from odoo.addons.vshu_registry.tests.case.test_flow import TODAY
from odoo.addons.vshu_registry.tests.channels.test_access import OFFICE, OUTSIDERS, READERS
from odoo.addons.vshu_registry.tests.channels.test_channels import ChannelsCommon
from odoo.addons.vshu_registry.tests.channels.test_queries import QueryCommon
from odoo.addons.vshu_registry.tests.web_client import specification
from odoo.addons.vshu_registry.tools.guard import guarded

from ..hooks import post_init_hook
from .test_transfer import PDF, TransferCommon

#: who knows nothing of hand-overs
BLIND = ("class_teacher", "class_teacher_b", "curator", "subject_teacher", "psychologist", "administrator", *OUTSIDERS)
HIDDEN = ("payload", "file", "digest", "uid")


class TransferChannels(TransferCommon, AccessCommon):
    """One hand-over sent with a sealed paper in it, the record of it at the other school, all words secret."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_people(cls.kz2)
        cls.bag = cls.kz
        self = cls("setUp")
        for bag in (cls.kz, cls.kz2):
            for who in cls.everybody:
                if who not in ("portal", "public"):
                    bag.users[who].group_ids += cls.env.ref("base.group_allow_export")
        cls.case = self.moved(reason=SECRET)
        cls.sent = cls.env["vshu.transfer"].search([("case_id", "=", cls.case.id)])
        cls.sent.write({"receiver_id": cls.kz2.company.partner_id.id, "summary": SECRET, "recommendation": SECRET})
        sealed = cls.sent.paper_ids.filtered("sealed")
        document = cls.env["vshu.document"].browse(sealed.source_id)
        paper = cls.env["vshu.sealed"].create({"document_id": document.id})
        paper.attachment_ids = [
            Command.create({"name": "тайна.pdf", "raw": PDF, "res_model": paper._name, "res_id": paper.id})
        ]
        paper.action_file()
        self.as_(cls.kz, "head", cls.sent)._decide_sealed(sealed, "12-с", TODAY)
        cls.sent._send(TODAY)
        cls.come = cls.env["vshu.transfer"].search([("company_id", "=", cls.kz2.company.id)])
        cls.env.flush_all()

    def hidden(self):
        """Return [(school, records)] of what only the office of the school sees."""
        return [
            (self.kz, self.sent),
            (self.kz, self.sent.paper_ids),
            (self.kz2, self.come),
            (self.kz2, self.come.paper_ids),
            (self.kz2, self.come.paper_ids.attachment_ids),
        ]

    assert_hidden = ChannelsCommon.assert_hidden
    assert_call_refused = ChannelsCommon.assert_call_refused


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestTransferChannels(TransferChannels):
    def test_reading(self):
        """No way of reading gives a hand-over, its papers or files to anyone but the office of the school."""
        for bag, records in self.hidden():
            mine = [("id", "in", records.ids)]
            for who in BLIND:
                with self.subTest(records=records, who=who):
                    view = self.see(bag, who, records.browse())
                    for call in (
                        lambda v=view, d=mine: v.search(d),
                        lambda v=view, d=mine: v.search_count(d),
                        lambda v=view, d=mine: v.name_search("", d),
                        lambda v=view, d=mine: v.web_search_read(d, {"display_name": {}}),
                        lambda v=view, d=mine: [g for g in v.formatted_read_group(d, [], ["__count"]) if g["__count"]],
                        lambda r=records, b=bag, w=who: self.see(b, w, r[0]).read(["display_name"]),
                        lambda r=records, b=bag, w=who: self.see(b, w, r[0]).web_read({"create_date": {}}),
                        lambda r=records, b=bag, w=who: self.see(b, w, r[0]).export_data(["id", "display_name"]),
                        lambda r=records, b=bag, w=who: self.see(b, w, r[0]).copy_data(),
                    ):
                        self.assert_hidden(call)

    def test_office(self):
        """The office reads the hand-overs of its own school; a sealed paper that came is for deputy head and head."""
        for who in OFFICE:
            self.assertIn(SECRET, self.see(self.kz, who, self.sent).read(["content"])[0]["content"])
            self.assertIn(SECRET, self.see(self.kz2, who, self.come).read(["content"])[0]["content"])
            self.assertEqual(len(self.see(self.kz, who, self.sent).paper_ids), 2)
            heads = who != "social_pedagogue"
            self.assertEqual(len(self.see(self.kz2, who, self.come).paper_ids), 1 + heads, who)
            files = self.come.paper_ids.attachment_ids
            found = self.see(self.kz2, who, files.browse()).search([("id", "in", files.ids)])
            self.assertEqual(
                sorted(found.mapped("name")), sorted(["Скан акта.PDF", "без окончания"] + ["тайна.pdf"] * heads)
            )
        for bag, records in (
            (self.kz2, self.sent),
            (self.kz, self.come),
            (self.kz, self.come.paper_ids.attachment_ids),
        ):
            for who in OFFICE:
                self.assert_hidden(self.see(bag, who, records[0]).read, ["display_name"])
                self.assert_hidden(self.see(bag, who, records).search, [("id", "in", records.ids)])

    def test_hidden_fields(self):
        """What is in the file nobody reads, searches, groups, sorts, exports or writes but by the buttons."""
        for who in (*OFFICE, *BLIND):
            view = self.see(self.kz, who, self.sent)
            for name in HIDDEN:
                with self.subTest(who=who, field=name):
                    for call in (
                        lambda n=name, v=view: v.read([n]),
                        lambda n=name, v=view: v.web_read({n: {}}),
                        lambda n=name, v=view: v.export_data([n]),
                        lambda n=name, v=view: v.write({n: False}),
                    ):
                        self.assert_call_refused(call)
                    for call in (
                        lambda n=name, v=view: v.search([(n, "!=", False)]),
                        lambda n=name, v=view: v.search([], order=n),
                        lambda n=name, v=view: v.formatted_read_group([], [n], ["__count"]),
                    ):
                        if who in OFFICE:
                            self.assert_call_refused(call)
                        else:  # who sees none is not asked about their fields
                            self.assertFalse(self.answer(call))
            paper = self.see(self.kz, who, self.sent.paper_ids[0])
            for name in ("source_id", "source_model"):
                self.assert_call_refused(lambda p=paper, n=name: p.read([n]))

    def answer(self, call):
        """Return what a search finds, nothing where it is refused."""
        try:
            return call()
        except AccessError:
            return None

    def test_writing(self):
        """Nobody makes, forges, or deletes a hand-over by hand; blind roles write nothing at all."""
        vals = {"company_id": self.kz.company.id, "regulation_id": self.ref("kz_regulation").id}
        for who in self.everybody:
            view = self.see(self.kz, who, self.sent)
            self.assertFalse(self.may(view.create, vals), who)
            self.assertFalse(self.may(view.with_context(vshu_guard=True).create, vals), who)
            for forged in (
                {"state": "received"},
                {"date_sent": "2026-01-01"},
                {"company_id": self.kz2.company.id},
                {"sealed_number": "1"},
                {"opened_case_id": self.case.id},
                {"receiver_company_id": False},
                {"name": SECRET},
                {"summary": "…"},
            ):
                self.assertFalse(self.may(view.write, forged), f"{who} {forged}")
                self.assertFalse(self.may(view.with_context(vshu_guard=True).write, forged), f"{who} {forged}")
            self.assertFalse(self.may(view.unlink), who)
            self.assertFalse(self.may(view.copy), who)
            paper = self.see(self.kz, who, self.sent.paper_ids[0])
            for forged in (
                {"sealed": False},
                {"included": True},
                {"transfer_id": self.come.id},
                {"attachment_ids": []},
            ):
                self.assertFalse(self.may(paper.write, forged), f"{who} {forged}")
            self.assertFalse(self.may(paper.unlink), who)
            self.assertFalse(self.may(paper.create, {"transfer_id": self.sent.id, "name": "…"}), who)

    def test_draft_is_written_by_the_office(self):
        """A draft is filled in by the office and by nobody else."""
        draft = self.env["vshu.transfer"].search(
            [("case_id", "=", self.moved(student=self.kz.other_student).id), ("state", "=", "draft")]
        )
        for who in self.everybody:
            view = self.see(self.kz, who, draft)
            self.assertEqual(self.may(view.write, {"summary": "…"}), who in OFFICE, who)
            paper = draft.paper_ids.filtered(lambda p: not p.sealed)
            self.assertEqual(self.may(self.see(self.kz, who, paper).write, {"sheets": 2}), who in OFFICE, who)
            command = {"paper_ids": [Command.update(draft.paper_ids.filtered("sealed").id, {"included": True})]}
            self.assertFalse(self.may(view.write, command), who)
            command = {"paper_ids": [Command.link(self.sent.paper_ids[0].id)]}
            self.assertFalse(self.may(view.write, command), who)

    def test_on_the_case(self):
        """Whoever reads the case sees that the record was handed over, and no button leads further."""
        psychologist = self.see(self.kz, "psychologist", self.case)
        self.assertEqual(psychologist.read(["transfer_state"])[0]["transfer_state"], "sent")
        self.assertFalse(psychologist.can_see_transfers or psychologist.can_prepare_transfer)
        for call in (psychologist.action_open_transfers, psychologist.action_prepare_transfer):
            self.assert_call_refused(call)
        teacher = self.see(self.kz, "class_teacher", self.case)
        self.assertFalse(teacher.has_access("read"))
        names = {
            name
            for model in ("vshu.case", "res.partner", "vshu.deadline", "vshu.document")
            for name, field in self.env[model]._fields.items()
            if field.comodel_name in ("vshu.transfer", "vshu.transfer.paper")
        }
        self.assertFalse(names, "no field of another model leads to hand-overs")

    def test_clocks_and_activities(self):
        """A clock of a hand-over carries numbers and clauses; its activity is read with the hand-over."""
        clocks = self.sent.deadline_ids | self.come.deadline_ids
        self.assertTrue(clocks)
        activities = (
            self.env["mail.activity"].with_context(active_test=False).search([("res_model", "=", "vshu.transfer")])
        )
        self.assertTrue(activities)
        words = " ".join(f"{a.summary} {a.note} {a.res_name} {a.display_name}" for a in activities) + " ".join(
            clocks.mapped("reference")
        )
        for word in (*self.kz.student.name.split(), SECRET):
            self.assertNotIn(word, words)
        running = activities.filtered("active")
        for who in BLIND:
            self.assert_hidden(self.see(self.kz, who, running).search, [("id", "in", running.ids)])
            clock = self.see(self.kz, who, self.sent.deadline_ids[:1])
            self.assert_call_refused(clock.action_open_record)
        self.assertTrue(self.see(self.kz, "deputy_head", self.sent.deadline_ids[:1]).action_open_record())

    def test_chatter_and_mail(self):
        """Notes on a hand-over are the office's; an e-mail says that something awaits, never what."""
        message = self.see(self.kz, "head", self.sent).message_post(body=SECRET, subtype_xmlid="mail.mt_comment")
        for who in BLIND:
            self.assert_hidden(self.see(self.kz, who, message).read, ["body"])
            self.assert_hidden(self.see(self.kz, who, message).search, [("id", "=", message.id)])
            self.assertFalse(self.may(self.see(self.kz, who, self.sent).message_post, body="…"), who)
        deputy = self.kz.users["deputy_head"]
        deputy.notification_type = "email"
        self.sent.message_subscribe(partner_ids=(deputy | self.kz.users["psychologist"]).partner_id.ids)
        before = self.env["mail.mail"].search([])
        self.see(self.kz, "head", self.sent).with_context(tracking_disable=False).message_post(
            body=f"{SECRET} {self.kz.student.name}", subject=self.kz.student.name, subtype_xmlid="mail.mt_comment"
        )
        self.env.flush_all()
        mails = self.env["mail.mail"].search([]) - before
        self.assertIn(deputy.partner_id, mails.recipient_ids)
        self.assertNotIn(self.kz.users["psychologist"].partner_id, mails.recipient_ids)
        for mail in mails:
            whole = f"{mail.subject} {mail.body_html} {mail.body}"
            for word in (*self.kz.student.name.split(), SECRET):
                self.assertNotIn(word, whole)

    def test_dialogs(self):
        """A dialog is its maker's, points at nothing that its maker may not read, and is filled by no default."""
        for who in BLIND:
            dialogs = self.see(self.kz, who, self.env["vshu.transfer.dialog"])
            self.assertFalse(self.may(dialogs.create, {"transfer_id": self.sent.id, "action": "refuse"}), who)
            spec = {
                "transfer_id": {"fields": {"display_name": {}, "subject_name": {}}},
                "paper_ids": {"fields": {"name": {}}},
            }
            for call in (
                lambda d=dialogs, s=spec: d.onchange({"transfer_id": self.sent.id}, ["transfer_id"], s),
                lambda d=dialogs, s=spec: d.with_context(default_transfer_id=self.sent.id).onchange({}, [], s),
            ):
                try:
                    self.assertNotIn(self.kz.student.name, str(call()))
                except AccessError:
                    continue
        wizard = self.see(self.kz, "head", self.env["vshu.transfer.import"]).create({"code": "1"})
        for who in (*BLIND, "deputy_head", "social_pedagogue"):
            self.assert_hidden(self.see(self.kz, who, wizard).read, ["code"])
        foreign = self.see(self.kz2, "social_pedagogue", self.env["vshu.transfer.import"])
        self.assertFalse(self.may(foreign.create, {"student_id": self.kz.other_student.id}))
        self.assertFalse(self.may(foreign.create, {"company_id": self.kz.company.id}))

    def test_standin(self):
        """Who stands in for the office sees and does, between the dates; for the psychologist's stand-in nothing."""
        bag = self.kz2
        for role, sees, papers in (("social_pedagogue", True, 1), ("head", True, 2), ("psychologist", False, 0)):
            guarded(self.env["vshu.standin"].search([])).unlink()
            self.make_standin(bag, role, bag.employees["subject_teacher"], "2026-10-20", "2026-10-22")
            for day, now in (("19", False), ("20", True), ("22", True), ("23", False)):
                with freeze_time(f"2026-10-{day} 06:00:00"), self.subTest(role=role, day=day):
                    view = self.see(bag, "subject_teacher", self.come)
                    self.assertEqual(view.has_access("read"), sees and now)
                    self.assertEqual(
                        len(view.env["vshu.transfer.paper"].search([("transfer_id", "=", self.come.id)])),
                        papers if now else 0,
                    )
                    self.assertEqual(self.may(view.action_confirm_receipt), sees and now)

    def test_report(self):
        """The printed record and the receipt are made with the rights of whoever prints them."""
        self.come.action_confirm_receipt()
        for name, bag, record in (
            ("report_transfer", self.kz, self.sent),
            ("report_transfer_receipt", self.kz2, self.come),
        ):
            for who in (*OFFICE, *BLIND):
                report = self.see(bag, who, self.env["ir.actions.report"])

                def render(report=report, name=name, record=record):
                    return report._render_qweb_html(f"vshu_transfer.{name}", record.ids)[0].decode()

                if who in OFFICE:
                    self.assertIn(self.kz.student.name, render())
                else:
                    self.assert_call_refused(render)
                self.env.invalidate_all()


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestTransferChannelsHttp(TransferChannels, HttpCase):
    def as_user(self, bag, who):
        user = bag.users[who]
        if who == "public":
            self.authenticate(None, None)
        else:
            user.sudo().password = user.login
            self.authenticate(user.login, user.login)

    @mute_logger("odoo.http")
    def test_files(self):
        """The ZIP comes by its own address only, for those who may send it; files of papers with their line."""
        zipped = self.env["ir.attachment"].search(
            [("res_model", "=", "vshu.transfer"), ("res_field", "=", "file"), ("res_id", "=", self.sent.id)]
        )
        self.assertEqual(len(zipped), 1)
        plain = self.come.paper_ids.filtered(lambda p: not p.sealed).attachment_ids.filtered(lambda f: f.raw == PDF)
        sealed = self.come.paper_ids.filtered("sealed").attachment_ids
        plain.write({"raw": SECRET.encode()})
        sealed.write({"raw": SECRET.encode()})
        self.env.flush_all()
        for who in (*OFFICE, *BLIND):
            self.as_user(self.kz, who)
            answer = self.url_open(f"/vshu_registry/transfer/{self.sent.id}", allow_redirects=False)
            self.assertEqual(answer.content[:2] == b"PK", who in ("deputy_head", "head"), who)
            if answer.content[:2] == b"PK":
                self.assertEqual(answer.headers["Cache-Control"], "no-store")
                self.assertIn(f"{self.sent.name}.zip", answer.headers["Content-Disposition"])
            for address in (
                f"/web/content/{zipped.id}?download=1",
                f"/web/content/vshu.transfer/{self.sent.id}/file",
                f"/web/content/ir.attachment/{zipped.id}/datas",
                f"/web/content/ir.attachment/{zipped.id}/raw",
            ):
                answer = self.url_open(address, allow_redirects=False)
                self.assertNotIn(b"PK", answer.content[:2], f"{who} {address}")
            for record in (self.come.id, 0, 10**9):
                answer = self.url_open(f"/vshu_registry/transfer/{record}", allow_redirects=False)
                self.assertNotEqual(answer.status_code, 200, who)
        for who in (*OFFICE, *BLIND):
            self.as_user(self.kz2, who)
            for file, readers in ((plain, OFFICE), (sealed, ("deputy_head", "head"))):
                for address in (f"/web/content/{file.id}?download=1", f"/web/content/ir.attachment/{file.id}/raw"):
                    answer = self.url_open(address, allow_redirects=False)
                    given = SECRET.encode() in answer.content
                    self.assertEqual(given, who in readers, f"{who} {file.name} {address}")
            self.assertNotEqual(
                self.url_open(f"/vshu_registry/transfer/{self.sent.id}", allow_redirects=False).status_code, 200
            )

    @mute_logger("odoo.http", "odoo.addons.web.controllers.report")
    def test_reports(self):
        """The report's address gives the paper to the office of the school only."""
        for who in ("class_teacher", "psychologist", "administrator", "plain", "portal", "public", "head"):
            self.as_user(self.kz, who)
            answer = self.url_open(f"/report/html/vshu_transfer.report_transfer/{self.sent.id}")
            self.assertEqual(self.kz.student.name in answer.text, who == "head", who)
        self.as_user(self.kz2, "head")
        answer = self.url_open(f"/report/html/vshu_transfer.report_transfer/{self.sent.id}")
        self.assertNotIn(self.kz.student.name, answer.text)

    @mute_logger("odoo.http")
    def test_calls(self):
        """Private helpers are called by nobody over HTTP; reading runs on a read-only cursor."""
        self.as_user(self.kz, "head")
        context = {"allowed_company_ids": self.kz.company.ids}
        for method, args in (
            ("_send", [self.sent.ids]),
            ("_download", [self.sent.ids]),
            ("_create_incoming", [self.kz.company.id, {}, "2026-10-14"]),
            ("_decide_sealed", [self.sent.ids, [], "1", "2026-10-14"]),
        ):
            answer = self.rpc("vshu.transfer", method, args)
            self.assertIn("error", answer)
        answer = self.rpc(
            "vshu.transfer",
            "web_read",
            [self.sent.ids, {"content": {}, "can_send": {}, "in_house": {}}],
            context=context,
        )
        self.assertIn("content", answer["result"][0])
        for who in (*READERS[:1], "class_teacher", "administrator"):
            self.as_user(self.kz, who)
            self.assertIn("error", self.rpc("vshu.transfer", "web_read", [self.sent.ids, {"content": {}}]))

    def rpc(self, model, method, args, **kwargs):
        return self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={"params": {"model": model, "method": method, "args": args, "kwargs": kwargs}},
        ).json()


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestTransferQueries(QueryCommon):
    """Lists and the preparing of many hand-overs."""

    def test_queries(self):
        """80 hand-overs in a list take as many queries as ten; preparing many costs their numbers only."""
        cases = self.make_cases(self.kz, 90, self.ref("kz_ground_18_5"), self.ref("kz_basis_4"))
        guarded(cases).write({"transfer_state": "sent", "transfer_date_sent": TODAY})
        ids = cases[:80]._note_transfers().ids
        records = self.as_(self.kz, "social_pedagogue", self.env["vshu.transfer"])
        spec = specification(records, "list", self.env.ref("vshu_transfer.view_vshu_transfer_list_out").id)

        def read(count):
            return lambda: records.web_search_read([("id", "in", ids[:count])], spec, limit=100)

        self.assertBudget(12, read(80))
        self.assertConstant(read(10), read(80))
        form = specification(records, "form", self.env.ref("vshu_transfer.view_vshu_transfer_form").id)
        self.assertBudget(40, lambda: records.browse(ids[0]).web_read(form))
        self.env["vshu.transfer"].browse(ids).flush_recordset()
        self.env.cr.execute("DELETE FROM vshu_deadline WHERE res_model = 'vshu.transfer'")
        self.env.cr.execute("DELETE FROM vshu_transfer")
        self.env.invalidate_all()
        few, many = (len(self.queries(part._prepare_transfers)) for part in (cases[:10], cases[10:50]))
        self.assertLessEqual(many - few, 2 * 30 + 5, "its number takes two queries a record, nothing else any")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestTransferUpgrade(TransferCommon):
    """Bringing a database of the version before up to date."""

    def migrate(self):
        post_init_hook(self.env)
        self.env.invalidate_all()

    def test_dates_are_kept(self):
        """Cases handed over before get a hand-over with these dates; what is still to be sent gets a draft, once."""
        cases = {}
        for state, vals in (
            ("to_send", {}),
            ("sent", {"transfer_date_sent": "2026-10-05"}),
            ("received", {"transfer_date_sent": "2026-10-01", "transfer_date_received": "2026-10-08"}),
        ):
            student = self.make_student(self.kz, f"Ученик {state}", self.kz.class_a)
            cases[state] = case = self.moved(student=student)
            guarded(case).write({"transfer_state": state, **vals})
        made = guarded(self.env["vshu.transfer"].search([]))
        made.write({"date_closed": False})
        made.unlink()
        for _again in range(2):
            self.migrate()
            found = {
                state: self.env["vshu.transfer"].search([("case_id", "=", case.id)]) for state, case in cases.items()
            }
            self.assertEqual({state: len(records) for state, records in found.items()}, dict.fromkeys(cases, 1))
        self.assertEqual(found["to_send"].state, "draft")
        self.assertTrue(found["to_send"].paper_ids and found["to_send"].summary)
        for state in ("sent", "received"):
            transfer, case = found[state], cases[state]
            self.assertEqual((transfer.state, transfer.noted), (state, True))
            self.assertEqual(transfer.date_sent, case.transfer_date_sent)
            self.assertEqual(transfer.date_received, case.transfer_date_received)
            self.assertFalse(transfer.control_code or transfer.can_download)
            self.assertIn("Посетить семью", transfer.content)
        self.assertEqual(cases["sent"].transfer_state, "sent")
        self.as_(self.kz, "social_pedagogue", cases["sent"]).action_confirm_receipt()
        self.assertEqual(found["sent"].state, "received")
