"""Acceptance: two schools on one database, two browsers: nothing of the one in the other by any of the ways."""

import json
import re
from html import unescape

from freezegun import freeze_time
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..access_common import SECRET
from ..web_common import WebCommon
from .test_formulas import xlsx_cells

#: a word in every text of a school's records, and in the names of its people
MARKS = {"kz": "Шамшырақ", "ru": "Маячок"}
#: shared by both: catalogues, and what comes with the program
SHARED = {"vshu.regulation"}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestTwoSchools(WebCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls("setUp")
        for bag in (cls.kz, cls.ru):
            mark = MARKS[bag.code]
            for student in (bag.student, bag.other_student):
                student.name = f"{mark} {student.name}"
            cls.fill(bag)
            for partner in (bag.third, bag.fourth, bag.guardian.partner_id, bag.guardian_b.partner_id):
                partner.name = f"{mark} {partner.name}"
            bag.family.name = f"{mark} {bag.family.name}"
            for who in ("head", "social_pedagogue"):
                bag.users[who].group_ids += cls.env.ref("base.group_allow_export")
            for record in (bag.case, bag.signal_b):
                record.message_subscribe(partner_ids=bag.users["class_teacher"].partner_id.ids)
                self.see(bag, "head", record).message_post(body=f"{mark} {SECRET}", subtype_xmlid="mail.mt_comment")
            cls.env["mail.activity"].create(
                {
                    "res_model_id": cls.env["ir.model"]._get_id("vshu.case"),
                    "res_id": bag.case.id,
                    "user_id": bag.users["head"].id,
                    "summary": mark,
                    "note": mark,
                }
            )
            bag.file = cls.env["ir.attachment"].create(
                {"name": f"{mark}.txt", "raw": mark.encode(), "res_model": "vshu.document", "res_id": bag.document.id}
            )
            bag.document.attachment_ids = [Command.link(bag.file.id)]
            bag.import_file = cls.env["vshu.import"].create(
                {"company_id": bag.company.id, "file": "YTtiCg==", "file_name": f"{mark}.csv", "date": "2026-10-14"}
            )
        cls.mark_texts()

    @classmethod
    def mark_texts(cls):
        """Put the school's word in the place of SECRET into every text that the records of the school hold."""
        cls.env.flush_all()
        for model in cls.own_models():
            if "company_id" not in model._fields or not model._fields["company_id"].store:
                continue
            for field in model._fields.values():
                if field.store and field.column_type and field.type in ("char", "text") and not field.translate:
                    for bag in (cls.kz, cls.ru):
                        cls.env.cr.execute(
                            SQL(
                                "UPDATE %(table)s SET %(column)s = replace(%(column)s, %(secret)s, %(mark)s)"
                                " WHERE company_id = %(company)s AND %(column)s LIKE %(like)s",
                                table=SQL.identifier(model._table),
                                column=SQL.identifier(field.name),
                                secret=SECRET,
                                mark=f"{MARKS[bag.code]} {SECRET}",
                                company=bag.company.id,
                                like=f"%{SECRET}%",
                            )
                        )
        cls.env.invalidate_all()

    @classmethod
    def own_models(cls):
        """Return the models of the register that have a table and stay."""
        return [
            cls.env[name]
            for name in sorted(cls.env.registry)
            if name.startswith("vshu.") and not cls.env[name]._abstract and cls.env[name]._auto
        ]

    def others(self, model, bag):
        """Return the ids of the records of ``model`` that belong to the school ``bag``."""
        if "company_id" not in model._fields or model._transient:
            return []
        # sudo: what there is, whoever may see it
        return model.sudo().with_context(active_test=False).search([("company_id", "=", bag.company.id)]).ids

    def both(self):
        """Yield (own school, the other one)."""
        yield self.kz, self.ru
        yield self.ru, self.kz

    def assert_nothing(self, answer, other, where):
        """Assert that an answer holds no word of the other school."""
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False, default=str)
        spelled_out = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), text)
        for spelling in {text, unescape(text), spelled_out}:
            self.assertNotIn(MARKS[other.code], spelling, where)

    def ways(self, model, ids):
        """Yield (method, args, kwargs) of every way of reading a model; those by ids ask for the other school's."""
        fields = {
            name: {"fields": {"display_name": {}}} if field.type == "many2one" else {}
            for name, field in model._fields.items()
            if field.store and field.type not in ("binary", "properties", "json", "one2many", "many2many")
        }
        readable = model.with_user(self.viewer)
        fields = {
            name: spec for name, spec in fields.items() if readable._has_field_access(model._fields[name], "read")
        }
        yield "web_search_read", [[], fields], {}
        yield "name_search", [""], {"limit": 1000}
        groups = [name for name in ("company_id", "student_id", "case_id", "state", "create_uid") if name in fields]
        for name in groups:
            yield "formatted_read_group", [[], [name], ["__count"]], {}
        if ids:
            mine = [["id", "in", ids]]
            yield "search", [mine], {}
            yield "search_count", [mine], {}
            yield "search_read", [mine, ["display_name"]], {}
            yield "web_read", [ids, fields], {}
            yield "read", [ids, ["display_name"]], {}
            yield "export_data", [ids, ["id", "display_name"]], {}

    @mute_logger("odoo.http")
    def test_models(self):
        """Every model of the register × every way of reading, as the head and as the class teacher of each school."""
        met = 0
        for bag, other in self.both():
            for who in ("head", "class_teacher"):
                self.viewer = self.log_in(bag, who)
                for model in self.own_models():
                    if model._transient or not model.with_user(self.viewer).has_access("read"):
                        continue
                    ids = self.others(model, other)
                    forged = {"allowed_company_ids": [*bag.company.ids, *other.company.ids]}
                    for method, args, kwargs in self.ways(model, ids):
                        # who reads less is asked less, to save time
                        if who != "head" and method not in ("web_search_read", "search", "web_read"):
                            continue
                        where = f"{bag.code} {who} {model._name}.{method}"
                        answer = self.rpc(model._name, method, *args, **kwargs)
                        self.assert_nothing(answer, other, where)
                        if args and args[0] == [["id", "in", ids]] and ids:
                            self.assertFalse(answer.get("result"), where)
                        elif args and args[0] == ids and ids:
                            self.assertIn("error", answer, where)
                        elif method == "web_search_read":
                            self.assertIn("result", answer, where)
                            found = {row["id"] for row in answer["result"]["records"]}
                            self.assertFalse(found & set(ids), where)
                            met += len(found)
                    answer = self.rpc(model._name, "search", [], context=forged)
                    self.assertFalse(set(answer.get("result") or ()) & set(ids), f"{model._name}: forged schools")
        self.assertGreater(met, 100)

    @mute_logger("odoo.http")
    def test_people_and_what_hangs_on_records(self):
        """Children and adults, followers, notes, reminders, files, onchange, exports, calendar."""
        for bag, other in self.both():
            for who in ("head", "class_teacher", "administrator", "subject_teacher"):
                user = self.log_in(bag, who)
                mark = MARKS[other.code]
                for model, domain, names in (
                    ("res.partner", ["|", ["name", "ilike", mark], ["vshu_is_student", "=", True]], ["name"]),
                    ("mail.followers", [["res_model", "=like", "vshu.%"]], ["name", "res_id"]),
                    ("mail.message", [["body", "ilike", mark]], ["body"]),
                    ("mail.message", [["model", "=like", "vshu.%"]], ["body", "record_name"]),
                    ("mail.activity", [["res_model", "=like", "vshu.%"]], ["summary", "note", "res_name"]),
                    ("ir.attachment", [["res_model", "=like", "vshu.%"]], ["name", "res_name", "index_content"]),
                    ("calendar.event", [], ["name"]),
                    ("hr.employee.public", [], ["name"]),
                ):
                    if model not in self.env:
                        continue
                    # the class register of people is behind a group of the register
                    answer = self.rpc(model, "search_read", domain, names)
                    self.assert_nothing(answer, other, f"{bag.code} {who} {model}")
                answer = self.rpc("res.partner", "name_search", mark)
                self.assert_nothing(answer, other, f"{bag.code} {who} names")
                for name, field in (("vshu.signal", "student_id"), ("vshu.assignment", "case_id")):
                    target = other.student if field == "student_id" else other.case
                    spec = {field: {"fields": {"display_name": {}}}, "display_name": {}}
                    for args, context in (
                        ([[], {field: target.id}, [field], spec], {}),
                        ([[], {}, [], spec], {f"default_{field}": target.id}),
                    ):
                        answer = self.rpc(name, "onchange", *args, context=context)
                        self.assert_nothing(answer, other, f"{bag.code} {who} {name} onchange")
                self.assertTrue(user)

    def fetch(self, address, **kwargs):
        response = self.url_open(address, **kwargs)
        return response.content.decode(errors="replace")

    @mute_logger("odoo.http", "odoo.addons.web.controllers.report", "odoo.addons.web.controllers.export")
    def test_doors(self):
        """Print-outs, files, pictures, the chatter's routes, exports, downloads, the portal."""
        for bag, other in self.both():
            field_file = (
                self.env["ir.attachment"]
                .sudo()
                .search(
                    [
                        ("res_model", "=", "vshu.import"),
                        ("res_id", "=", other.import_file.id),
                        ("res_field", "=", "file"),
                    ]
                )
            )
            reports = self.env["ir.actions.report"].sudo().search([("model", "=like", "vshu.%")])
            for who in ("head", "class_teacher", "portal"):
                self.log_in(bag, who)
                addresses = [
                    f"/web/content/{other.file.id}?download=1",
                    f"/web/content/{other.file.id}?access_token={other.file.sudo()._get_raw_access_token()}&field=raw",
                    f"/web/content/ir.attachment/{other.file.id}/datas",
                    f"/web/content/{field_file.id}",
                    f"/web/content/vshu.import/{other.import_file.id}/file?filename_field=file_name",
                    f"/web/image/{other.file.id}",
                    f"/odoo/vshu.case/{other.case.id}",
                    f"/mail/view?model=vshu.case&res_id={other.case.id}",
                    "/my",
                    "/my/home",
                ]
                for report in reports:
                    ids = self.others(self.env[report.model], other)[:1]
                    if ids:
                        addresses.append(f"/report/html/{report.report_name}/{ids[0]}")
                for address in addresses:
                    self.assert_nothing(self.fetch(address), other, f"{bag.code} {who} {address}")
                thread = {"thread_model": "vshu.case", "thread_id": other.case.id}
                fetch = {**thread, "request_list": ["activities", "attachments", "followers", "display_name"]}
                posts = {
                    "/mail/thread/messages": thread,
                    "/mail/data": {"fetch_params": [["mail.thread", fetch]]},
                    "/mail/inbox/messages": {},
                    "/mail/history/messages": {},
                }
                for address, params in posts.items():
                    answer = self.fetch(address, json={"params": params})
                    self.assert_nothing(answer, other, f"{bag.code} {who} {address}")
                if who == "portal":
                    continue
                token = {"csrf_token": Request.csrf_token(self)}
                for asked in (f'{{"ids": {self.others(self.env["vshu.journal.entry"], other)}}}', '{"domain": []}'):
                    content = self.url_open("/vshu_registry/journal.xlsx", data={"data": asked, **token}).content
                    if content[:2] == b"PK":
                        self.assert_nothing(" ".join(self.cells(content)), other, f"{bag.code} {who} journal")
                export = {
                    "model": "vshu.case",
                    "fields": [{"name": "reason", "label": "a", "type": "text"}],
                    "ids": other.case.ids,
                    "domain": [],
                    "import_compat": False,
                }
                for ids in (other.case.ids, False):
                    data = {"data": json.dumps({**export, "ids": ids}), **token}
                    self.assert_nothing(self.fetch("/web/export/csv", data=data), other, f"{bag.code} {who} csv")

    def cells(self, content):
        return [str(cell) for cell in xlsx_cells(content)]

    @mute_logger("odoo.http")
    def test_programs(self):
        """security.md "/json/2 with bearer keys": each role's key opens what the role may, of its own school."""
        for bag, other in self.both():
            for who in (
                "head",
                "social_pedagogue",
                "psychologist",
                "class_teacher",
                "administrator",
                "plain",
                "portal",
            ):
                key = self.key_of(bag.users[who])
                for record in (other.case, other.signal_b, other.document, other.entry, other.guardian, other.family):
                    mine = bag.case if record == other.case else None
                    for method, values in (
                        ("read", {"ids": record.ids, "fields": ["display_name"]}),
                        ("search_read", {"domain": [["id", "in", record.ids]], "fields": ["display_name"]}),
                        ("web_read", {"ids": record.ids, "specification": {"display_name": {}}}),
                        ("export_data", {"ids": record.ids, "fields_to_export": ["display_name"]}),
                        ("write", {"ids": record.ids, "vals": {"active": True}}),
                    ):
                        status, text = self.json2(key, record._name, method, **values)
                        where = f"{bag.code} {who} {record._name}.{method}"
                        self.assert_nothing(text, other, where)
                        if status == 200:
                            self.assertEqual(json.loads(text), [], where)
                    if mine:
                        status, _text = self.json2(key, "vshu.case", "read", ids=mine.ids, fields=["display_name"])
                        reads = who in ("head", "social_pedagogue", "psychologist", "class_teacher")
                        self.assertEqual(status == 200, reads, f"{bag.code} {who}")
                status, _text = self.json2(key, "vshu.case", "_annul", ids=bag.case.ids, reason="…")
                self.assertGreaterEqual(status, 400)
