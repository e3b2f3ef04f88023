"""Letters and what is on record of the parents leak by no side way, in any role."""

import subprocess

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..access_common import SECRET
from ..channels.test_access import OFFICE, OUTSIDERS, READERS, office
from ..channels.test_channels import BLIND, ChannelsCommon
from .test_petitions import PetitionCommon


class PetitionChannels(ChannelsCommon, PetitionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        bag, self = cls.kz, cls("setUp")
        bag.guardian_b.partner_id.name = f"{SECRET} отец"
        for case, guardian in ((bag.case, bag.guardian), (bag.case_b, bag.guardian_b)):
            vals = {"partner_ids": guardian.partner_id.ids, "note": SECRET}
            self.fact(bag, case, **vals)
            self.fact(bag, case, "no_measures", **vals)
        cls.petition_a = self.sent(bag, bag.case, answer_file_ids=False)
        cls.petition_b = self.sent(bag, bag.case_b)
        cls.draft = self.petition(bag, bag.case)
        cls.fact_a = bag.case.parent_fact_ids[0].with_env(cls.env)
        cls.fact_b = bag.case_b.parent_fact_ids[0].with_env(cls.env)
        for name in ("petition_a", "petition_b", "draft"):
            setattr(cls, name, getattr(cls, name).with_env(cls.env))
        file = cls.make_file(self, bag, "social_pedagogue")
        self.answer(bag, cls.petition_b, answer_text=SECRET, answer_file_ids=[(6, 0, file.ids)])
        cls.file = file.sudo()

    def check(self, records, table, vals):
        """Try to read and write ``records`` as everybody."""
        for who in self.everybody:
            view = self.see(self.bag, who, records)
            found = "r" if self.may(view.read, ["display_name", "create_date"]) else ""
            found += "w" if self.may(view.write, vals) else ""
            self.assertEqual(found, table.get(who, ""), f"{records}: {who}")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPetitionChannels(PetitionChannels):
    def test_roles(self):
        """Read with the case; drafts are the office's, facts the curator's too; nobody changes a sent letter."""
        readers = {"psychologist": "r", "class_teacher": "r", "curator": "r"}
        self.check(self.draft, office("rw", **readers), {"enclosures": "Акт"})
        self.check(self.petition_a, office("r", **readers), {"enclosures": "Акт"})
        self.check(self.fact_a, office("rw", **{**readers, "curator": "rw"}), {"end_note": "…"})
        self.check(self.petition_b, office("r", psychologist="r", class_teacher_b="r"), {"enclosures": "Акт"})
        case = self.bag.case
        makers = {
            who
            for who in self.everybody
            if self.may(
                self.see(self.bag, who, self.env["vshu.petition"]).create,
                {"case_id": case.id, "kind_id": self.ref("kz_petition_17_2").id},
            )
        }
        self.assertEqual(makers, set(OFFICE))
        recorders = {
            who
            for who in self.everybody
            if self.may(
                self.see(self.bag, who, self.env["vshu.parent.fact"]).create,
                {"case_id": case.id, "kind": "no_measures", "note": "…"},
            )
        }
        self.assertEqual(recorders, {*OFFICE, "curator"})

    def test_other_class(self):
        """No way of reading gives a letter or fact of another class's child."""
        for records in (self.petition_b, self.fact_b):
            mine = [("id", "in", records.ids)]
            for who in (*BLIND, "administrator", *OUTSIDERS):
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
                    record = self.see(self.bag, who, records)
                    self.assert_hidden(record.read, ["display_name"])
                    self.assert_hidden(record.web_read, {"create_date": {}})
                    self.assert_hidden(record.export_data, ["id", "display_name"])
                    self.assert_hidden(record.copy_data)

    def test_words_of_others(self):
        """Searching by words, grouping, and links of one's own give nothing of the other case."""
        for who in BLIND:
            letters = self.see(self.bag, who, self.env["vshu.petition"])
            found = letters.search([("body", "ilike", SECRET)])
            self.assertNotIn(self.petition_b.id, found.ids, who)
            cases = self.see(self.bag, who, self.env["vshu.case"])
            self.assertNotIn(self.bag.case_b.id, cases.search([("petition_ids.body", "ilike", SECRET)]).ids, who)
            for vals in (
                {"case_id": self.bag.case_b.id, "kind_id": self.ref("kz_petition_17_1").id},
                {"case_id": self.bag.case_b.id},
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    letters.create(vals)
                values = letters.new(vals)
                self.assertFalse(values.allowed_kind_ids, who)
                self.assert_hidden(lambda v=values: v.body)
                self.assert_hidden(lambda v=values: v.partner_id)
                self.assert_hidden(lambda v=values: v.number)
            # the client asks what follows from a case before anything is saved
            spec = {"body": {}, "subject": {}, "number": {}, "partner_id": {"fields": {"display_name": {}}}}
            for case in (self.bag.case_b, self.bag.case):
                vals = {"case_id": case.id, "kind_id": self.ref("kz_petition_17_1").id}
                try:
                    found = letters.onchange(vals, ["case_id", "kind_id"], {"case_id": {}, "kind_id": {}, **spec})
                except (AccessError, UserError):
                    continue
                for name in spec:
                    self.assertFalse(found["value"].get(name), f"{who} {case} {name}")

    def test_dialog(self):
        """The dialog of the answer of somebody else is nobody's; a letter of another class is not answered by it."""
        dialog = self.as_(self.bag, "head", self.env["vshu.petition.answer"]).create(
            {"petition_id": self.petition_a.id, "outcome": "granted", "answer_text": SECRET}
        )
        for who in (*BLIND, "deputy_head", "administrator"):
            self.assert_hidden(self.see(self.bag, who, dialog).read, ["answer_text"])
        for who in BLIND:
            with self.assertRaises(UserError), self.cr.savepoint():
                self.see(self.bag, who, self.env["vshu.petition.answer"]).create(
                    {"petition_id": self.petition_b.id, "outcome": "granted", "answer_text": "…"}
                )

    def test_names_carry_no_child(self):
        """Names of letters and facts, clocks, activities: numbers, never names of children or parents."""
        for record in (self.petition_a, self.petition_b, self.draft, self.fact_b):
            for word in (self.bag.student.name, self.bag.other_student.name, SECRET):
                self.assertNotIn(word, record.display_name)
        for deadline in (self.petition_a | self.petition_b).deadline_ids:
            self.assertNotIn(SECRET, f"{deadline.display_name}{deadline.reference}{deadline.activity_id.summary}")

    def test_chatter_and_files(self):
        """Messages, activities and files of a letter are read by whoever reads the letter."""
        message = self.petition_b.message_post(body=SECRET)
        for who in (*BLIND, "administrator", "plain"):
            self.assert_hidden(self.see(self.bag, who, message).read, ["body"])
            self.assert_hidden(self.see(self.bag, who, self.file).read, ["raw"])
            activities = self.see(self.bag, who, self.env["mail.activity"])
            self.assert_hidden(
                activities.search, [("res_model", "=", "vshu.petition"), ("res_id", "=", self.petition_b.id)]
            )
        for who in (*READERS, "class_teacher_b"):
            self.assertTrue(self.see(self.bag, who, self.file).read(["name"]))
            self.assertIn(SECRET, self.see(self.bag, who, message).read(["body"])[0]["body"])

    def test_mail_is_neutral(self):
        """E-mails about a letter say that something awaits, never what."""
        self.kz.users["head"].notification_type = "email"
        self.petition_b.message_subscribe(self.kz.users["head"].partner_id.ids)
        self.petition_b.message_post(body=SECRET, message_type="comment", subtype_xmlid="mail.mt_comment")
        mails = self.env["mail.mail"].search([])
        self.assertTrue(mails)
        for mail in mails:
            self.assertNotIn(SECRET, f"{mail.subject}{mail.body_html}")
            self.assertNotIn(self.bag.other_student.name, f"{mail.subject}{mail.body_html}")

    def test_preview_of_the_year(self):
        """The preview of closing the year shows names and classes to whoever opened it, and to nobody else."""
        opened = self.as_(self.bag, "administrator", self.bag.year).action_close_year()
        closing = self.env["vshu.year.close"].browse(opened["res_id"])
        for record in (closing, closing.line_ids[:1], closing.class_line_ids[:1]):
            for who in self.everybody:
                if who != "administrator":
                    self.assert_hidden(self.see(self.bag, who, record).read, ["display_name"])
                    self.assert_hidden(self.see(self.bag, who, record.browse()).search, [("id", "=", record.id)])
        self.assertFalse(self.see(self.bag, "administrator", closing).case_summary)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPetitionPaper(PetitionChannels, HttpCase):
    def render(self, who, records, lang="ru_RU"):
        """Return (PDF, its text) of letters as ``who`` prints them."""
        report = self.see(self.bag, who, self.env["ir.actions.report"]).with_context(force_report_rendering=True)
        content, _kind = report._render_qweb_pdf("vshu_registry.report_petition", records.ids)
        text = subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
        ).stdout.decode()
        return content, " ".join(text.split())

    def test_paper(self):
        """Number, addressee, title, text, enclosures, signature in ru and kk; fonts are embedded."""
        for code in ("ru_RU", "kk_KZ"):
            self.env["res.lang"]._activate_lang(code)
        self.env.ref("base.module_vshu_registry")._update_translations(["ru_RU", "kk_KZ"])
        titles = {"ru_RU": ("ХОДАТАЙСТВО", "Приложение"), "kk_KZ": ("ӨТІНІШХАТ", "Қосымша")}
        for lang, words in titles.items():
            letter = self.petition(
                self.bag,
                self.bag.case,
                lang=lang,
                enclosures="Копия докладной",
                addressee_text="Председателю\nА. К. Иванову",
            )
            content, text = self.render("social_pedagogue", letter, lang)
            for word in (
                *words,
                "Председателю",
                letter.number,
                "Копия докладной",
                self.bag.employees["head"].name,
                self.bag.student.name,
                self.bag.company.name,
            ):
                self.assertIn(word, text, lang)
            fonts = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True).stdout.decode()
            rows = fonts.splitlines()[2:]
            self.assertTrue(rows)
            for row in rows:
                self.assertEqual(row.split()[-5], "yes", row)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_who_prints(self):
        """Whoever may not read a letter prints none."""
        for who in (*BLIND, "administrator", "plain"):
            with self.assertRaises(UserError):
                self.render(who, self.petition_b)
        self.assertIn(SECRET, self.render("class_teacher_b", self.petition_b)[1])
