"""security.md 5, 13, 14: what Odoo keeps beside the records (followers, notes, reminders, files) is read with them."""

import base64
from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.misc import limited_field_access_token

from ..access_common import SECRET, AccessCommon
from ..web_common import WebCommon
from .test_access import OUTSIDERS, READERS

#: where a model of Odoo says on which record its rows hang: (model's name, record's id)
LINKS = (("res_model", "res_id"), ("model", "res_id"), ("model", "res_ids"))
#: kept on the row of the user's own, whoever may read the record
OWN = {
    # on one's own desk; it carries numbers only
    "mail.activity": "user_id",
    # what one is writing oneself
    "mail.scheduled.message": "create_uid",
}


class RowsCommon(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls("setUp")
        for bag in (cls.kz, cls.ru):
            cls.fill(bag)
            staff = [bag.users[who].partner_id.id for who in ("class_teacher", "curator", "plain", "subject_teacher")]
            for record in (bag.case, bag.case_b, bag.signal_b, bag.assignment):
                record.message_subscribe(partner_ids=staff)
                bag.message = self.see(bag, "head", record).message_post(body=SECRET, subtype_xmlid="mail.mt_comment")
            cls.env["mail.activity"].create(
                {
                    "res_model_id": cls.env["ir.model"]._get_id("vshu.case"),
                    "res_id": bag.case_b.id,
                    "user_id": bag.users["head"].id,
                    "note": SECRET,
                }
            )
            bag.file = cls.env["ir.attachment"].create(
                {"name": "тайна.txt", "raw": SECRET.encode(), "res_model": "vshu.case", "res_id": bag.case_b.id}
            )
        cls.env.flush_all()

    def carriers(self):
        """Return [(model, field with the name of the model, field with the record's id)] of Odoo's models."""
        found = []
        for name, cls in sorted(self.env.registry.items()):
            if name.startswith("vshu.") or cls._abstract or cls._transient or not cls._auto:
                continue
            for model_field, id_field in LINKS:
                field = cls._fields.get(model_field)
                if (
                    field is not None
                    and field.store
                    and field.type in ("char", "selection")
                    and id_field in cls._fields
                ):
                    found.append((name, model_field, id_field))
        return found


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestMailRows(RowsCommon):
    def test_nobody_reads_past_the_record(self):
        """Every model of Odoo whose rows hang on records × unconcerned people: no row of a record that they do not
        read, by no way of asking."""
        carriers = self.carriers()
        for name in ("mail.followers", "mail.message", "mail.activity", "ir.attachment"):
            self.assertIn(name, [carrier[0] for carrier in carriers])
        seen = dict.fromkeys((name for name, _m, _i in carriers), 0)
        for bag in (self.kz, self.ru):
            for who in ("class_teacher", "class_teacher_b", "curator", "subject_teacher", "administrator", *OUTSIDERS):
                for name, model_field, id_field in carriers:
                    mine = [(model_field, "=like", "vshu.%")]
                    every = self.env[name].sudo().with_context(active_test=False).search(mine)
                    view = self.see(bag, who, self.env[name]).with_context(active_test=False)
                    with self.subTest(model=name, who=who, school=bag.code):
                        try:
                            found = view.search(mine)
                        except AccessError:
                            continue
                        allowed = view.browse()
                        for row in every:
                            record = self.see(bag, who, self.env[row[model_field]].browse(row[id_field]))
                            own = OWN.get(name) and row[OWN[name]] == bag.users[who]
                            if own or record.with_context(active_test=False).has_access("read"):
                                allowed |= view.browse(row.id)
                        self.assertFalse(found - allowed)
                        seen[name] += len(found)
                        hidden = view.browse((every - allowed.sudo()).ids)
                        self.assertFalse(view.search([("id", "in", hidden.ids)]))
                        self.assertEqual(view.search_count(mine), len(found))
                        if not view.has_access("read"):
                            continue
                        counts = view.formatted_read_group(mine, [model_field], ["__count"])
                        self.assertEqual(sum(group["__count"] for group in counts), len(found))
                        for row in hidden:
                            self.assertFalse(row.has_access("read"))
                            with self.assertRaises(UserError):
                                row.read([id_field])
        # the walk has met what people do see
        self.assertTrue(seen["mail.followers"] and seen["mail.message"])

    def test_readers_see_followers(self):
        """Who may read the record sees who follows it; following works as before."""
        for who in READERS:
            view = self.see(self.kz, who, self.env["mail.followers"])
            found = view.search([("res_model", "=", "vshu.case"), ("res_id", "=", self.kz.case_b.id)])
            self.assertIn(self.kz.users["subject_teacher"].partner_id, found.sudo().partner_id)
            self.assertTrue(found.read(["partner_id", "name", "email"]))
        case = self.see(self.kz, "psychologist", self.kz.case)
        case.message_subscribe(partner_ids=self.kz.users["psychologist"].partner_id.ids)
        self.assertTrue(case.message_is_follower)
        # followers of others' records are listed as before
        partner = self.see(self.kz, "plain", self.kz.users["head"].partner_id)
        partner.sudo().message_subscribe(partner_ids=partner.ids)
        followers = self.see(self.kz, "plain", self.env["mail.followers"])
        self.assertTrue(followers.search([("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]))
        for domain in ([("res_model", "=", "vshu.case")], [], [("partner_id", "!=", False)]):
            models = followers.search(domain).sudo().mapped("res_model")
            self.assertFalse([model for model in models if model.startswith("vshu.")])

    def test_unconcerned_subscribe_nobody(self):
        """Nobody follows, or makes follow, a record that they may not read."""
        for who in ("subject_teacher", "class_teacher", "administrator", "plain"):
            record = self.see(self.kz, who, self.kz.case_b)
            partner = self.kz.users["portal"].partner_id
            with self.assertRaises(AccessError), self.cr.savepoint():
                record.message_subscribe(partner_ids=partner.ids)
            wizard = self.see(self.kz, who, self.env["mail.followers.edit"])
            with self.assertRaises(UserError), self.cr.savepoint():
                wizard.create(
                    {
                        "res_model": "vshu.case",
                        "res_ids": str([self.kz.case_b.id]),
                        "operation": "add",
                        "partner_ids": [Command.set(partner.ids)],
                    }
                ).edit_followers()
            followed = self.env["mail.followers"].search_count(
                [("res_model", "=", "vshu.case"), ("res_id", "=", self.kz.case_b.id), ("partner_id", "=", partner.id)]
            )
            self.assertFalse(followed)

    def test_portal(self):
        """security.md "portal users": no model of the register, dialogs among them, by no operation; no file either."""
        for name in sorted(self.env.registry):
            if not name.startswith("vshu.") or self.env[name]._abstract:
                continue
            for who in ("portal", "public"):
                view = self.see(self.kz, who, self.env[name])
                for operation in ("read", "create", "write", "unlink"):
                    self.assertFalse(view.has_access(operation), f"{name}: {who} {operation}")
        for who in ("portal", "public"):
            files = self.env["ir.attachment"].sudo().search([("res_model", "=like", "vshu.%")])
            self.assertTrue(files)
            for file in files:
                self.assertFalse(self.see(self.kz, who, file).has_access("read"), who)

    # -- files -------------------------------------------------------------------------------------------------------

    def files(self):
        """Return the register's files of every model: those laid into records, and those of binary fields."""
        bag = self.kz
        made = self.env["vshu.import"].create(
            {"company_id": bag.company.id, "file": base64.b64encode(b"a;b"), "file_name": "a.csv", "date": "2026-10-14"}
        )
        found = self.env["ir.attachment"].search(
            [("res_model", "=", "vshu.import"), ("res_id", "=", made.id), ("res_field", "=", "file")]
        )
        for record in (bag.case, bag.document_office, bag.decision, bag.signal_b, bag.intervention, bag.family):
            found |= self.env["ir.attachment"].create(
                {"name": "тайна.txt", "raw": SECRET.encode(), "res_model": record._name, "res_id": record.id}
            )
        return found

    def test_no_file_is_opened_to_all(self):
        """security.md 13: no token, no public flag, no address of its own, by nobody, not even by the program."""
        for file in self.files():
            for who in ("head", "social_pedagogue", "administrator", None):
                view = self.see(self.kz, who, file) if who else file
                for call in (
                    lambda v=view: v.generate_access_token(),
                    lambda v=view: v.write({"public": True}),
                    lambda v=view: v.write({"access_token": "open"}),
                    lambda v=view: v.write({"url": "/open"}),
                    lambda v=view: v.write({"type": "url", "url": "https://example.com/x"}),
                    lambda v=view: v.copy({"public": True}),
                ):
                    with (
                        self.subTest(model=file.res_model, who=who),
                        self.assertRaises(UserError),
                        self.cr.savepoint(),
                    ):
                        call()
            self.assertFalse(file.public or file.access_token or file.url)
            for vals in ({"public": True}, {"access_token": "open"}, {"type": "url", "url": "https://example.com"}):
                with self.assertRaises(UserError), self.cr.savepoint():
                    self.env["ir.attachment"].create(
                        {"name": "a", "raw": b"a", "res_model": file.res_model, "res_id": file.res_id, **vals}
                    )
        loose = self.make_file(self.kz, "class_teacher_b")
        loose.sudo().generate_access_token()
        with self.refused(UserError, "no public link"):
            loose.sudo().write({"res_model": "vshu.signal", "res_id": self.kz.signal_b.id})

    def test_files_stay(self):
        """security.md 14: a file of the register, sealed or not, goes into no message, composer, later message or copy
        of another record; in a note of its own record it may be."""
        bag = self.kz
        types = bag.school.regulation_id.document_type_ids.filtered("sealed")
        kind = types.filtered(lambda t: "psychologist" in t.reader_role_ids.mapped("code"))[0]
        line = self.env["vshu.document"].create({"case_id": bag.case.id, "type_id": kind.id})
        paper = self.env["vshu.sealed"].create({"document_id": line.id, "text": SECRET})
        sealed = self.env["ir.attachment"].create(
            {"name": "заключение.txt", "raw": SECRET.encode(), "res_model": paper._name, "res_id": paper.id}
        )
        paper.attachment_ids = sealed
        paper.action_file()
        contact = bag.users["head"].partner_id
        # who may write on contacts, too
        (bag.users["head"] | bag.users["psychologist"]).group_ids += self.env.ref("base.group_partner_manager")
        for file, who in ((sealed, "psychologist"), (bag.file, "head")):
            view = self.see(bag, who, file)
            self.assertTrue(view.read(["name", "datas"]))
            targets = [
                self.see(bag, who, record) for record in (bag.case, contact) if record._name != "res.partner" or who
            ]
            for record in targets:
                if (record._name, record.id) == (file.res_model, file.res_id):
                    continue
                with self.refused(UserError, "stays there: write the number"):
                    record.message_post(body="…", attachment_ids=file.ids)
                with self.refused(UserError, "stays there"):
                    self.see(bag, who, self.env["mail.compose.message"]).create(
                        {
                            "model": record._name,
                            "res_ids": str(record.ids),
                            "composition_mode": "comment",
                            "body": "…",
                            "attachment_ids": [Command.set(file.ids)],
                        }
                    )._action_send_mail()
                message = record.message_post(body="…")
                with self.refused(UserError, "."):
                    message.write({"attachment_ids": [Command.link(file.id)]})
                with self.refused(UserError, "."):
                    self.see(bag, who, self.env["mail.scheduled.message"]).create(
                        {
                            "model": record._name,
                            "res_id": record.id,
                            "body": "…",
                            "author_id": bag.users[who].partner_id.id,
                            "scheduled_date": fields.Datetime.now() + timedelta(days=1),
                            "attachment_ids": [Command.set(file.ids)],
                        }
                    )
                with self.refused(AccessError, "."):
                    view.copy({"res_model": record._name, "res_id": record.id})
                with self.refused(AccessError, "."):
                    view.write({"res_model": record._name, "res_id": record.id})
            with self.refused(AccessError, "."):
                view.copy({"res_model": False, "res_id": False})
        message = self.see(bag, "head", bag.case_b).message_post(body="…", attachment_ids=bag.file.ids)
        self.assertEqual(message.attachment_ids, bag.file)
        fresh = self.make_file(bag, "head")
        message = self.see(bag, "head", bag.case_b).message_post(body="…", attachment_ids=fresh.ids)
        self.assertEqual((fresh.sudo().res_model, fresh.sudo().res_id), ("vshu.case", bag.case_b.id))

    def test_opened_long_ago(self):
        """A file that was opened to all before is closed, and on the keeper's list."""
        file = self.kz.file
        self.env.flush_all()
        self.cr.execute("UPDATE ir_attachment SET public = true, access_token = 'open' WHERE id = %s", [file.id])
        self.env.invalidate_all()
        record = self.env[file.res_model].browse(file.res_id)
        self.assertEqual(self.env["ir.attachment"]._findings()["file_opened"], [record])
        for who in ("class_teacher", "subject_teacher", "administrator", "plain"):
            view = self.see(self.kz, who, file)
            self.assertFalse(view.has_access("read"))
            for domain in (
                [("id", "=", file.id)],
                [("res_model", "=", "vshu.case"), ("public", "=", True)],
                [("name", "=", "тайна.txt")],
            ):
                try:
                    self.assertFalse(view.search(domain))
                except AccessError:  # who may read no case at all
                    self.assertIn(who, ("subject_teacher", "administrator", "plain"))
        self.assertTrue(self.see(self.kz, "head", file).has_access("read"))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestBookmarks(RowsCommon, WebCommon):
    """Addresses that were kept: with tokens of every kind, by who lost the right, by nobody at all."""

    def addresses(self, file):
        """Return every address by which a file is asked for."""
        token = file.sudo()._get_raw_access_token()
        thumbnail = file.sudo()._get_thumbnail_token()
        datas = limited_field_access_token(file.sudo(), "datas", scope="binary")
        return [
            f"/web/content/{file.id}",
            f"/web/content/{file.id}?download=1",
            f"/web/content/{file.id}?access_token=open",
            f"/web/content/{file.id}?access_token={token}&field=raw",
            f"/web/content/ir.attachment/{file.id}/raw?access_token={token}",
            f"/web/content/ir.attachment/{file.id}/datas?access_token={datas}",
            f"/web/image/{file.id}?access_token={token}&field=raw",
            f"/web/image/ir.attachment/{file.id}/raw?access_token={token}",
            f"/web/image/ir.attachment/{file.id}/thumbnail?access_token={thumbnail}",
        ]

    def given(self, address):
        response = self.url_open(address)
        return response.status_code == 200 and SECRET.encode() in response.content

    def test_bookmarks(self):
        """people.md "old curator, follower, bookmark": the address opens the file while the right lasts, no longer."""
        bag = self.kz
        file = self.env["ir.attachment"].create(
            {"name": "акт.txt", "raw": SECRET.encode(), "res_model": "vshu.case", "res_id": bag.case.id}
        )
        self.env.flush_all()
        self.cr.execute("UPDATE ir_attachment SET access_token = 'open', public = true WHERE id = %s", [file.id])
        self.env.invalidate_all()
        addresses = self.addresses(file)
        self.log_in(bag, "class_teacher")
        self.assertTrue(any(self.given(address) for address in addresses[:2]))
        self.assertTrue(self.given(addresses[4]))
        bag.class_a.teacher_ids.date_to = "2026-10-13"
        bag.case.curator_id = bag.employees["subject_teacher"]
        self.env.flush_all()
        for who in ("class_teacher", "curator", "plain", "portal", "public"):
            self.log_in(bag, who)
            for address in addresses:
                self.assertFalse(self.given(address), f"{who}: {address}")
        self.log_in(self.ru, "head")
        for address in addresses:
            self.assertFalse(self.given(address), address)
        for path in ("/mail/attachment/delete",):
            self.log_in(bag, "class_teacher")
            token = file.sudo()._get_ownership_token()
            self.url_open(path, json={"params": {"attachment_id": file.id, "access_token": token}})
            self.assertTrue(file.exists())
