"""Sealed papers and recommendations leak by no way, to nobody: each role × each channel, by the ORM, call_kw and HTTP.

The social pedagogue, the class teacher, the curator, the register administrator and Odoo's system administrator do not
read a sealed paper; portal and public read nothing.
"""

import base64
import json

from freezegun import freeze_time
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command, Domain
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..access_common import SECRET, AccessCommon
from ..channels.test_access import READERS
from .test_sealed import SEALED_READERS, SealedBuilders

#: one word of the text and the bytes of the files, told from all other words of the tests
WORD = "Kyutis"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


class SealedChannels(AccessCommon, SealedBuilders):
    """One case of each class with a sealed paper, files, a recommendation, in both schools."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for bag in (cls.kz, cls.ru):
            bag.users["system"] = new_test_user(
                cls.env,
                f"{bag.code}_system",
                groups="base.group_user,base.group_system",
                company_id=bag.company.id,
                company_ids=[Command.set(bag.company.ids)],
            )
        cls.fill(cls.kz)
        cls.bag = cls.kz
        self = cls("setUp")
        cls.paper = self.begin_sealed(cls.kz, cls.kz.case, text=f"{SECRET} {WORD}")
        as_author = cls.paper.env["ir.attachment"]
        cls.file = as_author.create({"name": f"{WORD}.txt", "raw": f"{SECRET} {WORD}".encode()})
        cls.image = as_author.create({"name": f"{WORD}.png", "raw": PIXEL})
        cls.paper.attachment_ids = cls.file | cls.image
        cls.paper.action_file()
        cls.see_open = cls.paper.with_user(cls.kz.users["head"]).action_open()
        cls.draft = self.begin_sealed(cls.kz, cls.kz.case_b, text=f"{SECRET} {WORD}")
        cls.recommendation = self.recommend(cls.kz, cls.kz.case_b, "subject_teacher", text=f"{SECRET} {WORD}")
        cls.note = cls.recommendation.message_post(body=f"{SECRET} {WORD}", subtype_xmlid="mail.mt_comment")
        cls.document = cls.paper.document_id
        for name in ("paper", "file", "image", "draft", "recommendation", "note", "document"):
            setattr(cls, name, getattr(cls, name).with_env(cls.env).sudo(False))
        for who in cls.all():
            if who not in ("portal", "public"):
                cls.kz.users[who].group_ids += cls.env.ref("base.group_allow_export")
        cls.env.flush_all()

    @classmethod
    def all(cls):
        return (*cls.everybody, "system")

    def readers(self, records):
        """Return who reads ``records``."""
        if records._name.startswith("vshu.recommendation"):
            return (*READERS, "subject_teacher")
        if records == self.draft:
            return ("psychologist",)
        return ("psychologist", "head") if records._name == "vshu.sealed.reading" else SEALED_READERS

    def secrets(self):
        return (
            self.paper,
            self.draft,
            self.paper.sudo().reading_ids.sudo(False),
            self.recommendation,
            self.recommendation.sudo().line_ids.sudo(False),
        )

    def given(self, function, *args, **kwargs):
        """Return what a call gives as text, empty where it is refused."""
        try:
            with self.env.cr.savepoint():
                return str(function(*args, **kwargs))
        except (AccessError, MissingError, UserError, ValueError, KeyError):
            return ""

    def assert_silent(self, words, who, channel):
        # cases and students have other words that their readers may read
        self.assertNotIn(WORD, words, f"{who}: {channel}")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestSealedChannels(SealedChannels):
    def test_reading(self):
        """read, web_read, search, counts, names, groups, export, copy: for whoever reads it, and nobody else."""
        for records in self.secrets():
            mine = [("id", "in", records.ids)]
            readers = self.readers(records)
            text = "text" if "text" in records._fields else "display_name"
            for who in self.all():
                view = self.see(self.bag, who, records.browse())
                one = self.see(self.bag, who, records[:1])
                calls = {
                    "read": lambda o=one, t=text: o.read([t]),
                    "web_read": lambda o=one, t=text: o.web_read({t: {}}),
                    "search": lambda v=view, d=mine: v.search(d).ids or "",
                    "search_count": lambda v=view, d=mine: v.search_count(d) or "",
                    "search_read": lambda v=view, d=mine, t=text: v.search_read(d, [t]) or "",
                    "web_search_read": lambda v=view, d=mine, t=text: v.web_search_read(d, {t: {}})["records"] or "",
                    "name_search": lambda v=view, d=mine: v.name_search("", d) or "",
                    "group": lambda v=view, d=mine: v.formatted_read_group(d, ["create_date:month"], ["__count"]) or "",
                    "export": lambda o=one, t=text: o.export_data([t])["datas"],
                }
                for channel, call in calls.items():
                    with self.subTest(records=records, who=who, channel=channel):
                        self.assertEqual(bool(self.given(call)), who in readers)
                if text == "text" and records._fields["text"].store:
                    ids = set(records.ids)
                    for domain in ([("text", "ilike", WORD)], [("text", "!=", False)]):
                        found = self.given(lambda v=view, d=domain, i=ids: i.intersection(v.search(d).ids) or "")
                        self.assertEqual(bool(found), who in readers, f"{records}: {who}: {domain}")
                    groups = self.given(lambda v=view: v.formatted_read_group([], ["text"], ["__count"]))
                    if who not in readers:
                        self.assert_silent(groups if who not in self.readers(self.paper) else "", who, "groups of text")

    def test_names(self):
        """Names carry numbers: no child, no kind of paper, no word."""
        for records in self.secrets():
            for word in (WORD, SECRET, *self.kz.student.name.split(), *self.kz.other_student.name.split()):
                self.assertNotIn(word, "".join(records.sudo().mapped("display_name")))
        self.assertEqual(self.paper.sudo().display_name, f"Sealed paper {self.paper.id}")
        head = self.see(self.bag, "head", self.env["vshu.sealed"])
        self.assertEqual([row[0] for row in head.name_search(str(self.paper.id))], self.paper.ids)
        self.assertFalse(head.name_search(WORD))

    def test_by_way_of_other_models(self):
        """No filter, path, specification or export of case, paper, student, file or reading tells what it says."""
        bag = self.bag
        paths = {
            "vshu.document": [
                "sealed_ids.text",
                "sealed_ids.attachment_ids.index_content",
                "sealed_ids.attachment_ids.name",
                "recommendation_ids.text",
                "recommendation_ids.line_ids.note",
            ],
            "vshu.case": ["document_ids.sealed_ids.text", "document_ids.recommendation_ids.text"],
            "vshu.sealed.reading": ["sealed_id.text"],
            "vshu.recommendation.line": ["recommendation_id.text", "text"],
            "vshu.sealed": ["supersedes_id.text", "text"],
        }
        wanted = {"sealed_ids": self.paper, "recommendation_ids": self.recommendation}
        # the same ways give it to those who read it: the domains below are right
        head = self.see(bag, "head", self.env["vshu.document"])
        self.assertEqual(head.search([("sealed_ids.text", "ilike", WORD)]), self.document)
        self.assertEqual(head.search([("sealed_ids.attachment_ids.index_content", "ilike", WORD)]), self.document)
        self.assertIn(WORD, str(self.see(bag, "head", self.document).export_data(["sealed_ids/text"])))
        for who in self.all():
            for model, names in paths.items():
                view = self.see(bag, who, self.env[model])
                for name in names:
                    # whoever reads some of it finds some of it; the others nothing at all
                    secret = self.recommendation if "recommendation" in f"{model} {name}" else self.paper
                    if who in self.readers(secret):
                        continue
                    found = self.given(lambda v=view, n=name: v.search([(n, "ilike", WORD)]).ids or "")
                    self.assertFalse(found, f"{who}: {model}.{name}")
                    found = self.given(lambda v=view, n=name: v.search_count([(n, "ilike", WORD)]) or "")
                    self.assertFalse(found, f"{who}: {model}.{name}")
            documents = self.see(bag, who, self.env["vshu.document"])
            for name, secret in wanted.items():
                if who in self.readers(secret):
                    continue
                for domain in (
                    [(name, "!=", False)],
                    [(name, "in", secret.ids)],
                    [(name, "any", [])],
                    [(f"{name}.date", "!=", False)],
                ):
                    found = self.given(lambda v=documents, d=domain: v.search(d).ids or "")
                    self.assertFalse(found, f"{who}: {domain}")
            for records, spec, path in (
                (self.document, {"sealed_ids": {"fields": {"text": {}}}}, "sealed_ids/text"),
                (
                    bag.case,
                    {"document_ids": {"fields": {"sealed_ids": {"fields": {"text": {}}}}}},
                    "document_ids/sealed_ids/text",
                ),
                (
                    bag.case_b,
                    {"document_ids": {"fields": {"recommendation_ids": {"fields": {"text": {}}}}}},
                    "document_ids/recommendation_ids/text",
                ),
            ):
                secret = self.recommendation if "recommendation" in path else self.paper
                if who in self.readers(secret) or who in self.readers(self.paper):
                    continue
                one = self.see(bag, who, records)
                self.assert_silent(self.given(one.web_read, spec), who, spec)
                one = self.see(bag, who, records)
                self.assert_silent(self.given(one.export_data, [path]), who, path)
                one = self.see(bag, who, records)
                self.assert_silent(self.given(one.read), who, f"all fields of {records}")
                for group in ("sealed_ids", "recommendation_ids", "sealed_ids.text"):
                    words = self.given(documents.formatted_read_group, [], [group], ["__count"])
                    self.assert_silent(words, who, group)

    def test_forms_filled_by_hand(self):
        """A form filled with any id, a default or a copy tells nothing of what it points at."""
        bag = self.bag
        for who in self.all():
            if who in self.readers(self.paper):
                continue
            sealed = self.see(bag, who, self.env["vshu.sealed"])
            reason = self.see(bag, who, self.env["vshu.reason"])
            line = self.see(bag, who, self.env["vshu.recommendation.line"])
            fields = {"text": {}, "student_id": {"fields": {"display_name": {}}}, "type_id": {"fields": {}}}
            calls = [
                lambda s=sealed, f=fields: s.onchange({"document_id": self.document.id}, ["document_id"], f),
                lambda s=sealed, f=fields: s.onchange({"supersedes_id": self.paper.id}, ["supersedes_id"], f),
                lambda s=sealed: s.with_context(default_document_id=self.document.id).default_get(list(s._fields)),
                lambda r=reason: r.onchange(
                    {"sealed_id": self.paper.id},
                    ["sealed_id"],
                    {"sealed_id": {"fields": {"text": {}, "display_name": {}}}},
                ),
                lambda s=sealed: s.browse(self.paper.id).copy_data(),
                lambda s=sealed: s.browse(self.paper.id).copy(),
            ]
            if who not in self.readers(self.recommendation):
                calls.append(
                    lambda n=line: n.onchange(
                        {"recommendation_id": self.recommendation.id},
                        ["recommendation_id"],
                        {"text": {}, "student_id": {"fields": {"display_name": {}}}},
                    )
                )
            for call in calls:
                words = self.given(call)
                self.assert_silent(words, who, call)
                self.assertNotIn(bag.student.name, words)
                self.assertNotIn(bag.other_student.name, words)
            self.assertFalse(self.given(reason.create, {"action": "open_sealed", "sealed_id": self.paper.id}), who)
            viewers = self.see(bag, who, self.env["vshu.viewers"])
            self.assertFalse(self.given(viewers.create, {"sealed_id": self.paper.id}), who)

    def test_files(self):
        """Files are read by the readers of the paper: not by name, content or model, nor by laying them elsewhere."""
        bag = self.bag
        for who in self.all():
            reads = who in SEALED_READERS
            for attachment in (self.file, self.image):
                view = self.see(bag, who, attachment)
                self.assertEqual(bool(self.given(view.read, ["name", "datas", "raw"])), reads, who)
                for domain in (
                    [("id", "=", attachment.id)],
                    [("name", "ilike", WORD)],
                    [("index_content", "ilike", WORD), ("id", "=", self.file.id)],
                    [("res_model", "=", "vshu.sealed")],
                    [("res_model", "=", "vshu.sealed"), ("res_id", "=", self.paper.id)],
                    [("res_model", "in", ["vshu.sealed", "vshu.document"]), ("name", "ilike", WORD)],
                    Domain("res_id", "=", self.paper.id) & Domain("res_model", "!=", "vshu.case"),
                ):
                    found = self.given(lambda v=view, d=domain: v.search(d).ids or "")
                    self.assertEqual(bool(found), reads, f"{who}: {domain}")
                words = self.given(view.formatted_read_group, [("name", "ilike", WORD)], ["name"], ["__count"])
                self.assertEqual(WORD in words, reads, who)
                if reads:
                    continue
                self.assert_silent(self.given(view.export_data, ["name", "datas"]), who, "export")
                self.assertFalse(self.given(view.copy))
                self.assertFalse(self.given(view.generate_access_token))
                for record in (self.document, bag.case, bag.document):
                    one = self.see(bag, who, record)
                    if "attachment_ids" in record._fields:
                        vals = {"attachment_ids": [Command.link(attachment.id)]}
                        self.assertFalse(self.given(lambda o=one, v=vals: o.write(v)), f"{who}: {record}")
                if self.see(bag, who, bag.case).has_access("read"):
                    case = self.see(bag, who, bag.case)
                    self.given(lambda c=case, a=attachment: c.message_post(body="…", attachment_ids=a.ids))
                    self.assertNotIn(attachment, bag.case.sudo().message_ids.attachment_ids, who)

    def test_chatter_and_activities(self):
        """The chatter of case, file and student says nothing of it; that of a recommendation is read with it."""
        bag = self.bag
        messages = self.env["mail.message"].sudo().search([("model", "in", ("vshu.case", "res.partner"))])
        for message in messages:
            self.assertNotIn(WORD, f"{message.body} {message.subject} {message.record_name}")
        activity = self.recommendation.sudo().activity_ids.sudo(False)
        self.assertTrue(activity)
        for who in self.all():
            reads = who in self.readers(self.recommendation)
            view = self.see(bag, who, self.note)
            self.assertEqual(bool(self.given(view.read, ["body"])), reads, who)
            found = self.given(lambda v=view: v.search([("body", "ilike", WORD)]).ids or "")
            self.assertEqual(bool(found), reads, who)
            self.assertEqual(
                bool(self.given(self.see(bag, who, self.recommendation).message_post, body="Спасибо.")), reads, who
            )
            for model, record in (("vshu.recommendation", self.recommendation), ("vshu.sealed", self.paper)):
                vals = {"res_model_id": self.env["ir.model"]._get_id(model), "res_id": record.id, "summary": "…"}
                activities = self.see(bag, who, self.env["mail.activity"])
                if who not in self.readers(record):
                    self.assertFalse(self.given(activities.create, vals), f"{who}: {model}")
                found = self.given(
                    lambda v=activities, m=model, r=record: (
                        v.search([("res_model", "=", m), ("res_id", "=", r.id)]).mapped("summary") or ""
                    )
                )
                self.assert_silent(found, who, "activities")
                if who not in self.readers(record):
                    self.assertFalse(found, f"{who}: {model}")

    def test_mail(self):
        """Nothing leaves by e-mail but that something awaits; strangers get none, followers of long ago neither."""
        bag = self.bag
        for who in ("subject_teacher", "class_teacher", "system"):
            bag.users[who].notification_type = "email"
        before = self.env["mail.mail"].search([])
        record = self.see(bag, "psychologist", self.recommendation).with_context(tracking_disable=False)
        strangers = [bag.users[who].partner_id.id for who in ("class_teacher", "system", "plain", "portal")]
        self.recommendation.sudo().message_subscribe(partner_ids=strangers)
        file = self.make_file(bag, "psychologist")
        message = record.message_post(
            body=f"{SECRET} {WORD} {bag.other_student.name}",
            partner_ids=[*strangers, bag.users["subject_teacher"].partner_id.id],
            attachment_ids=file.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.env.flush_all()
        mails = self.env["mail.mail"].search([]) - before
        self.assertEqual(mails.recipient_ids, bag.users["subject_teacher"].partner_id)
        for mail in mails:
            whole = f"{mail.subject} {mail.body_html} {mail.body} {mail.headers}"
            self.assert_silent(whole, "mail", mail)
            self.assertNotIn(bag.other_student.name, whole)
            self.assertFalse(mail.attachment_ids)
        self.assertFalse(message.sudo().notified_partner_ids & self.env["res.partner"].browse(strangers))

    def test_other_school(self):
        """Another school reads nothing, whatever the role."""
        for records in (*self.secrets(), self.file):
            for who in self.all():
                view = self.see(self.ru, who, records)
                self.assertFalse(view.has_access("read"), f"{records}: {who}")
                self.assertFalse(self.given(lambda v=view, r=records: v.search([("id", "in", r.ids)]).ids or ""), who)

    def test_writing(self):
        """Nobody but author and who provides the kind writes; nothing is written over, deleted or made by strangers."""
        bag = self.bag
        for who in self.all():
            for records in self.secrets():
                if who == "psychologist" and records in (self.draft, self.recommendation.sudo().line_ids):
                    continue
                view = self.see(bag, who, records)
                vals = {"note": "…"} if records._name.endswith("line") else {"text": "…"}
                if who == "subject_teacher" and "note" in vals:
                    continue
                for call in (lambda v=view, d=vals: v.write(d), view.unlink):
                    self.assertFalse(self.given(call), f"{who}: {records}")
            sealed = self.see(bag, who, self.env["vshu.sealed"])
            made = self.given(sealed.create, {"document_id": self.draft.sudo().document_id.id, "text": "…"})
            self.assertEqual(bool(made), who in SEALED_READERS, who)
            record = self.see(bag, who, self.env["vshu.recommendation"])
            made = self.given(record.create, {"case_id": bag.case.id, "text": "…"})
            self.assertEqual(bool(made), who == "psychologist", who)
            for model in ("vshu.sealed.reading", "vshu.recommendation.line"):
                view = self.see(bag, who, self.env[model])
                vals = {"sealed_id": self.paper.id, "company_id": bag.company.id, "user_id": bag.users[who].id}
                if model == "vshu.recommendation.line":
                    if who == "psychologist":
                        continue
                    vals = {
                        "recommendation_id": self.recommendation.id,
                        "employee_id": bag.employees["head"].id,
                    }
                self.assertFalse(self.given(view.create, vals), f"{who}: {model}")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestSealedHttp(SealedChannels, HttpCase):
    """The same through the doors of the web server."""

    def as_user(self, who):
        user = self.bag.users[who]
        if who == "public":
            self.authenticate(None, None)
        else:
            user.sudo().password = user.login
            self.authenticate(user.login, user.login)

    def rpc(self, model, method, args, **kwargs):
        return self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={"params": {"model": model, "method": method, "args": args, "kwargs": kwargs}},
        )

    @mute_logger("odoo.http")
    def test_file_routes(self):
        """/web/content and /web/image give the files to the readers of the paper; thumbnails, raw and by model too."""
        size = len(PIXEL)
        for who in self.all():
            self.as_user(who)
            reads = who in SEALED_READERS
            for address in (
                f"/web/content/{self.file.id}?download=1",
                f"/web/content/{self.file.id}/{WORD}.txt",
                f"/web/content/ir.attachment/{self.file.id}/datas",
                f"/web/content/ir.attachment/{self.file.id}/raw",
                f"/web/content?model=ir.attachment&id={self.file.id}&field=raw",
            ):
                response = self.url_open(address)
                given = response.status_code == 200 and WORD in response.content.decode("utf-8", "replace")
                self.assertEqual(given, reads, f"{who}: {address}: {response.status_code}")
                if not reads:
                    self.assertNotIn(WORD, response.headers.get("Content-Disposition", ""))
            for address in (
                f"/web/image/{self.image.id}",
                f"/web/image/{self.image.id}/10x10",
                f"/web/image/ir.attachment/{self.image.id}/raw",
                f"/web/image?model=ir.attachment&id={self.image.id}&field=datas",
            ):
                response = self.url_open(address)
                placeholder = response.headers.get("Content-Disposition", "").count("placeholder")
                given = response.status_code == 200 and not placeholder and len(response.content) <= 4 * size
                self.assertEqual(given, reads, f"{who}: {address}: {response.status_code}")
            for address in (
                f"/web/content/vshu.sealed/{self.paper.id}/text",
                f"/web/content/vshu.sealed/{self.paper.id}/attachment_ids",
                f"/web/image/vshu.sealed/{self.paper.id}/image_128",
                f"/web/content/{self.file.id}?access_token=x",
            ):
                response = self.url_open(address)
                if not reads:
                    self.assertNotIn(WORD, response.text, f"{who}: {address}")

    @mute_logger("odoo.http")
    def test_calls(self):
        """The calls of the web client, by whoever: the text is in the answers to the readers and in no other."""
        bag = self.bag
        context = {"allowed_company_ids": bag.company.ids}
        for who in self.all():
            self.as_user(who)
            for record in (self.paper, self.recommendation):
                reads = who in self.readers(record)
                model = record._name
                for method, args in (
                    ("read", [record.ids, ["text"]]),
                    ("web_read", [record.ids, {"text": {}}]),
                    ("search_read", [[("id", "=", record.id)], ["text"]]),
                    ("web_search_read", [[("text", "ilike", WORD)], {"text": {}}]),
                    ("formatted_read_group", [[("id", "=", record.id)], ["text"], ["__count"]]),
                    ("web_read_group", [[("id", "=", record.id)], ["text"], ["__count"]]),
                    ("export_data", [record.ids, ["text"]]),
                ):
                    if method == "web_search_read" and who in self.readers(self.paper):
                        continue
                    answer = json.dumps(self.rpc(model, method, args, context=context).json(), ensure_ascii=False)
                    self.assertEqual(WORD in answer, reads, f"{who}: {model}.{method}: {answer[:300]}")
                answer = self.rpc(model, "name_search", [], name="", context=context).json()
                found = record.id in [row[0] for row in answer.get("result", [])]
                self.assertEqual(found, reads, f"{who}: {model}.name_search")
            for model, method, args in (
                ("vshu.document", "web_read", [self.document.ids, {"sealed_ids": {"fields": {"text": {}}}}]),
                ("vshu.case", "web_read", [bag.case.ids, {"document_ids": {"fields": {"sealed_ids": {}}}}]),
                ("vshu.sealed", "get_views", [[(False, "form")]]),
                ("vshu.sealed", "_open", [self.paper.ids]),
                ("vshu.sealed", "_file", [self.draft.ids, "2026-10-14"]),
                ("vshu.sealed", "_correct", [self.paper.ids, "…"]),
                ("vshu.recommendation", "_give", [self.recommendation.ids, "2026-10-14"]),
            ):
                answer = json.dumps(self.rpc(model, method, args, context=context).json(), ensure_ascii=False)
                if method.startswith("_"):
                    self.assertIn("error", answer)
                if who not in self.readers(self.paper):
                    self.assertNotIn(WORD, answer, f"{who}: {model}.{method}")
            for model, name in (("vshu.sealed", self.paper), ("vshu.recommendation", self.recommendation)):
                answer = json.dumps(
                    self.url_open(
                        "/mail/data",
                        json={
                            "params": {
                                "fetch_params": [
                                    [
                                        "mail.thread",
                                        {
                                            "thread_model": model,
                                            "thread_id": name.id,
                                            "request_list": ["activities", "attachments", "followers", "display_name"],
                                        },
                                    ]
                                ]
                            }
                        },
                    ).json(),
                    ensure_ascii=False,
                )
                if who not in self.readers(name):
                    self.assertNotIn(WORD, answer, f"{who}: {model}")
            answer = self.url_open(
                "/mail/thread/messages",
                json={"params": {"thread_model": "vshu.recommendation", "thread_id": self.recommendation.id}},
            ).json()
            answer = json.dumps(answer, ensure_ascii=False)
            self.assertEqual(WORD in answer, who in self.readers(self.recommendation), who)

    def test_opening_by_http(self):
        """The button writes who opened it; reading and listing write nothing, on a read-only cursor."""
        paper = self.paper.sudo()
        before = len(paper.reading_ids)
        self.as_user("deputy_head")
        context = {"allowed_company_ids": self.bag.company.ids}
        with self.assertNoLogs("odoo.http", "WARNING"):
            for method, args in (
                ("web_read", [paper.ids, {"text": {}, "reading_ids": {"fields": {}}, "can_write": {}}]),
                ("web_search_read", [[], {"text": {}}]),
            ):
                self.assertNotIn("error", self.rpc("vshu.sealed", method, args, context=context).json())
        self.env.invalidate_all()
        self.assertEqual(len(paper.reading_ids), before)
        answer = self.rpc("vshu.document", "action_open_sealed", [self.document.ids], context=context).json()
        self.assertEqual(answer["result"]["res_id"], paper.id)
        self.env.invalidate_all()
        self.assertEqual(len(paper.reading_ids), before + 1)
        self.assertEqual(paper.reading_ids[0].user_id, self.bag.users["deputy_head"])
        self.as_user("class_teacher")
        with mute_logger("odoo.http"):
            answer = self.rpc("vshu.document", "action_open_sealed", [self.document.ids], context=context).json()
        self.assertIn("is sealed", answer["error"]["data"]["message"])

    @mute_logger("odoo.http", "odoo.addons.web.controllers.report")
    def test_paper_and_files_of_the_school(self):
        """Journal as PDF and as file carry no word of it, whoever prints them."""
        entry = self.bag.entry
        for who in (*READERS, "class_teacher", "class_teacher_b", "subject_teacher", "curator", "system", "portal"):
            self.as_user(who)
            html = self.url_open(f"/report/html/vshu_registry.report_journal/{entry.id}").text
            self.assert_silent(html, who, "journal")
            if who in READERS:
                self.assertIn(entry.subject_name, html)
