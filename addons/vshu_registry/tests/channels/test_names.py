"""security.md 15: searching by words, names in groups, formatted text: over all models of the register."""

import base64
import re
import warnings

from freezegun import freeze_time
from lxml import etree
from markupsafe import Markup
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..access_common import SECRET, AccessCommon

#: a picture of one dot
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
GIBBERISH = "Щъжфц-нет-такого"
EVIL = (
    '<p>Слова <b>остаются</b>.<img src="https://spy.example/a.png" srcset="https://spy.example/b.png 2x">'
    '<img src="//spy.example/c.png"><img src="file:///etc/passwd"><img src="/web/session/logout">'
    '<div style="position: fixed; top: 0; left: 0; width: 100vw; height: 100vh; '
    'background: url(https://spy.example/d)" class="position-fixed vw-100 o_dialog text-danger">покров</div><table background="https://spy.example/e">'
    "<tr><td>1</td></tr></table><form action='https://spy.example/f'><input name='p'><button>Далее</button></form>"
    "<iframe src='https://spy.example/g'></iframe><svg><image href='https://spy.example/h'/></svg>"
    "<span style='color: red; z-index: 99; margin-top: -900px'>красное</span>"
    "<script>alert(1)</script><a href='https://example.com'>ссылка</a></p>"
)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestNames(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fill(cls.kz)
        cls.bag = cls.kz

    def own_models(self):
        """Yield the models of the register that have a table."""
        for name in sorted(self.env.registry):
            if name.startswith("vshu.") and not self.env[name]._abstract and self.env[name]._auto:
                yield self.env[name]

    def test_search_by_words(self):
        """No model answers to words that stand nowhere; each finds its record by a word of the record's name."""
        for model in self.own_models():
            if model._transient:
                continue
            view = self.see(self.bag, "head", model)
            if not view.has_access("read"):
                continue
            with self.subTest(model=model._name):
                self.assertFalse(view.name_search(GIBBERISH))
                self.assertFalse(view.web_name_search(GIBBERISH, {"display_name": {}}))
                self.assertFalse(view.search([("display_name", "ilike", GIBBERISH)]))
                self.assertFalse(view.search([("display_name", "=", GIBBERISH)]))
                record = view.search([], limit=1, order="id desc")
                if not record or record.display_name == f"{record._name},{record.id}":
                    continue
                self.assertIn(record.id, [row[0] for row in view.name_search("", limit=None)])
                words = re.split(r"[\s,:–]+", record.display_name)
                self.assertTrue(
                    any(
                        record.id in [row[0] for row in view.name_search(word, limit=None)]
                        for word in (record.display_name, *words)
                        if word
                    ),
                    record.display_name,
                )

    def test_search_has_rights(self):
        """By words of a name nobody finds what they may not read."""
        for model in self.own_models():
            if model._transient:
                continue
            for who in ("subject_teacher", "administrator"):
                view = self.see(self.bag, who, model)
                with self.subTest(model=model._name, who=who):
                    try:
                        allowed = set(view.search([]).ids)
                        found = {row[0] for row in view.name_search(self.bag.case_b.name or SECRET, limit=None)}
                    except AccessError:
                        continue
                    self.assertFalse(found - allowed)

    def test_names_in_groups(self):
        """Whoever groups rows by a record that they may not read is not told what it is called."""
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
        hidden = 0
        for model in self.own_models():
            if model._transient:
                continue
            for who in ("subject_teacher", "class_teacher"):
                view = self.see(bag, who, model)
                if not view.has_access("read") or not view.search([], limit=1):
                    continue
                for name, field in model._fields.items():
                    if field.type != "many2one" or not field.store or not field.comodel_name.startswith("vshu."):
                        continue
                    with self.subTest(model=model._name, who=who, field=name):
                        try:
                            groups = view.formatted_read_group([], [name], ["__count"])
                        except AccessError:
                            continue
                        with warnings.catch_warnings():
                            warnings.simplefilter("ignore", DeprecationWarning)  # it is there for callers from outside
                            old = view.read_group([], [], [name], lazy=False)
                        for group in [*groups, *old]:
                            if not group[name]:
                                continue
                            target = self.see(bag, who, self.env[field.comodel_name].browse(group[name][0]))
                            if not target.has_access("read"):
                                hidden += 1
                                self.assertEqual(group[name][1], "(not shown)")
        self.assertTrue(hidden)
        teacher = self.see(bag, "head", assignment)
        groups = teacher.formatted_read_group([("id", "=", assignment.id)], ["case_id"], ["__count"])
        self.assertEqual(groups[0]["case_id"][1], bag.case_b.display_name)

    # -- formatted text --------------------------------------------------------------------------------------------

    def assert_plain(self, value):
        """Assert that nothing of EVIL is left in a text but its words and its harmless formatting."""
        for gone in ("spy.example", "file:", "logout", "position", "fixed", "vw", "z-index", "-900", "<form", "<input"):
            self.assertNotIn(gone, value)
        for gone in ("<iframe", "<svg", "<script", "<button", "o_dialog", "alert(1)"):
            self.assertNotIn(gone, value)
        for kept in ("<b>остаются</b>", "покров", "color:red", "text-danger", 'href="https://example.com"'):
            self.assertIn(kept, value.replace("color: red", "color:red"))

    def test_formatted_fields(self):
        """Every formatted text that people write is cleaned; every other one is made by the program from escaped
        templates."""
        written = []
        for model in self.own_models():
            for name, field in model._fields.items():
                if field.type == "html" and field.store:
                    written.append(f"{model._name}.{name}")
                    self.assertEqual(type(field).__name__, "PlainHtml", f"{model._name}.{name}")
                elif field.type == "html":
                    self.assertTrue(field.compute, f"{model._name}.{name}")
                    self.assertFalse(field.inverse, f"{model._name}.{name}")
        self.assertIn("vshu.petition.body", written)
        petition = self.env["vshu.petition"].new({})
        petition.body = EVIL
        self.assert_plain(str(self.env["vshu.petition"]._fields["body"].convert_to_cache(EVIL, petition)))

    def test_notes(self):
        """Notes, changed notes and reminders of the register's records."""
        case = self.see(self.bag, "head", self.bag.case)
        message = case.message_post(body=Markup(EVIL), message_type="comment")
        self.assert_plain(str(message.body))
        case._message_update_content(message, body=Markup(EVIL))
        self.assert_plain(str(message.body))
        activity = case.activity_schedule("mail.mail_activity_data_todo", note=EVIL, user_id=self.bag.users["head"].id)
        self.assert_plain(str(activity.note))
        activity.note = EVIL + "2"
        self.assert_plain(str(activity.note))
        message = case.message_post(body=Markup(f'<p><img src="data:image/png;base64,{DOT}"></p>'))
        self.assertIn("/web/image/", message.body)
        self.assertFalse(message.attachment_ids.sudo().access_token)
        message = case.message_post(
            body=Markup('<p><img src="cid:dot"></p>'), attachments=[("a.png", base64.b64decode(DOT), {"cid": "dot"})]
        )
        self.assertIn(f"/web/image/{message.attachment_ids.id}", message.body)
        self.assertFalse(message.attachment_ids.sudo().access_token)
        # other threads are Odoo's
        partner = self.bag.users["head"].partner_id.message_post(
            body=Markup("<p><img src='https://a.example/b.png'></p>")
        )
        self.assertIn("a.example", partner.body)

    def test_printing_fetches_nothing(self):
        """What was stored before is printed without being fetched: remote addresses, files of the server."""
        report = self.env.ref("vshu_transfer.action_report_transfer_receipt")
        article = f"<div class='article' data-oe-model='vshu.transfer' data-oe-id='1'>{EVIL}</div>"
        html = f"<html><head/><body><main>{article}</main></body></html>"
        for model in ("vshu.transfer", False):
            bodies = report._prepare_html(html, report_model=model)[0]
            whole = "".join(str(body) for body in bodies)
            tree = etree.HTML(whole)
            for node in tree.iter():
                for name, value in node.attrib.items():
                    if name in ("src", "srcset", "background", "data") or (name == "href" and node.tag != "a"):
                        self.assertNotIn("spy.example", value)
                        self.assertNotIn("file:", value)
                    if name == "style":
                        self.assertNotIn("url(", value)
            self.assertIn("покров", whole)
