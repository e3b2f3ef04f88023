"""Lists hold data of children: whoever may not bring them in sees nothing of them by any way."""

import base64

from freezegun import freeze_time
from odoo.api import Environment
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged

from odoo.addons.vshu_registry.tests.access_common import AccessCommon
from odoo.addons.vshu_registry.tests.channels.test_access import OFFICE, OUTSIDERS

from .import_common import ImportCommon, make_csv

#: who reads and who changes either kind of list
READS = {"class_list": ("administrator", *OFFICE), "takeover": OFFICE}
WRITES = {"class_list": ("administrator", "social_pedagogue"), "takeover": OFFICE}
NAME = "Тайнов Олег"


class ListsCommon(AccessCommon, ImportCommon):
    """A school with a checked list of either kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        bag = cls.bag = cls.kz
        cls.make_student(bag, NAME, bag.class_a)
        head = ["№", "ФИО", "Дата рождения", "Класс"]
        row = ["5", NAME, "20.05.2013", "7Б"]
        stay = ["Дата постановки", "Основание", "Протокол №", "Куратор", "Срок"]
        cls.lists = {
            kind: cls.env["vshu.import"].create(
                {
                    "company_id": bag.company.id,
                    "kind": kind,
                    "file": base64.b64encode(make_csv(rows)),
                    "file_name": f"{NAME}.csv",
                    "date": "2026-10-14",
                }
            )
            for kind, rows in (
                ("class_list", [head, row, ["6", NAME, "31.02.2013", "7А"]]),
                (
                    "takeover",
                    [
                        [*head, *stay],
                        [*row[:3], "7А", "15.09.2026", "18.5", "3", "kz_head name", "15.12.2026"],
                        [*row[:3], "7А", "31.02.2026", "18.5", "3", "kz_head name", "15.12.2026"],
                    ],
                ),
            )
        }
        with freeze_time("2026-10-14 06:00:00"):
            for record in cls.lists.values():
                record.action_read()
                record._working()._save_problems()
        cls.env.flush_all()


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestImportChannels(ListsCommon):
    def of(self, kind):
        """Return the records of a list of ``kind``: the list, its rows, its columns."""
        record = self.lists[kind]
        return record, record.line_ids, record.column_ids

    def test_operations(self):
        """Kind × role × operation on the list, its rows and columns."""
        for kind, readers in READS.items():
            record, lines, columns = self.of(kind)
            for who in self.everybody:
                with self.subTest(kind=kind, who=who):
                    reads, writes = who in readers, who in WRITES[kind]
                    for records in (record, lines, columns):
                        self.assertEqual(self.may(self.see(self.bag, who, records).read, ["display_name"]), reads)
                    self.assertEqual(self.may(self.see(self.bag, who, record).write, {"date": "2026-10-13"}), writes)
                    self.assertEqual(self.may(self.see(self.bag, who, columns[0]).write, {"target": False}), writes)
                    self.assertEqual(self.may(self.see(self.bag, who, record).unlink), writes)
                    self.assertFalse(self.may(self.see(self.bag, who, lines).unlink))
                    self.assertFalse(self.may(self.see(self.bag, who, columns).unlink))
                    imports = self.see(self.bag, who, self.env["vshu.import"])
                    self.assertEqual(self.may(imports.create, {"kind": kind}), writes)

    def test_reading_by_every_way(self):
        """Search, names, groups, export and reading by the API give nothing to who may not read the list."""
        for kind, readers in READS.items():
            for records in self.of(kind):
                mine = [("id", "in", records.ids)]
                for who in self.everybody:
                    if who not in ("portal", "public"):
                        self.bag.users[who].group_ids += self.env.ref("base.group_allow_export")
                    calls = (
                        ("search", [mine], {}),
                        ("search_count", [mine], {}),
                        ("search_read", [mine, ["display_name"]], {}),
                        ("name_search", [], {"name": "", "domain": mine}),
                        ("web_search_read", [mine, {"display_name": {}}], {}),
                        ("formatted_read_group", [mine, ["company_id"], ["__count"]], {}),
                        ("web_read", [records.ids, {"display_name": {}}], {}),
                        ("read", [records.ids, ["display_name"]], {}),
                        ("export_data", [records.ids, ["id", "display_name"]], {}),
                    )
                    for method, args, kwargs in calls:
                        with self.subTest(kind=kind, model=records._name, who=who, method=method):
                            self.assertEqual(bool(self.call(who, records, method, args, kwargs)), who in readers)

    def call(self, who, records, method, args, kwargs):
        """Return what a call over the API gives, nothing where it is refused."""
        self.env.flush_all()
        self.env.invalidate_all()
        user = self.bag.users[who]
        env = Environment(self.env.cr, user.id, {})
        context = {"allowed_company_ids": user.company_ids.ids}
        try:
            result = call_kw(env[records._name], method, args, {**kwargs, "context": context})
        except (AccessError, MissingError, UserError):
            return None
        if isinstance(result, dict):
            return result.get("records", result.get("datas", result))
        return result

    def test_other_school(self):
        """Another school sees nothing of it, in whatever role."""
        for kind in READS:
            for records in self.of(kind):
                for who in (*OFFICE, "administrator"):
                    view = self.see(self.ru, who, records)
                    self.assertFalse(self.may(view.read, ["display_name"]))
                    self.assertFalse(view.browse().search([("id", "in", records.ids)]))
                    self.assertFalse(self.may(view.browse().create, {"company_id": self.kz.company.id}))

    def test_files(self):
        """The file and the file of problems are read with the list only."""
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", "vshu.import"), ("res_field", "in", ("file", "problem_file"))])
        )
        for kind, record in self.lists.items():
            mine = files.filtered(lambda file, record=record: file.res_id == record.id)
            self.assertEqual(len(mine), 2)
            for who in self.everybody:
                for file in mine:
                    view = self.see(self.bag, who, file)
                    self.assertEqual(self.may(view.read, ["datas"]), who in READS[kind], f"{kind} {who}")

    def test_names_tell_nothing(self):
        """Names of lists, rows and columns tell no child."""
        for kind in READS:
            for records in self.of(kind):
                for record in records:
                    self.assertNotIn("Тайнов", record.display_name)

    def test_links(self):
        """A list is not brought into a school, nor a row led to a child, that the user may not see."""
        imports = self.see(self.bag, "administrator", self.env["vshu.import"])
        self.assertFalse(self.may(imports.create, {"company_id": self.ru.company.id}))
        line = self.see(self.bag, "administrator", self.lists["class_list"].line_ids[0])
        self.assertFalse(self.may(line.write, {"student_id": self.ru.student.id}))
        self.assertFalse(self.may(line.write, {"import_id": self.lists["takeover"].id}))
        record = self.see(self.bag, "administrator", self.lists["class_list"])
        for vals in (
            {"kind": "takeover"},
            {"company_id": self.ru.company.id},
            {"line_ids": [Command.create({"row": 1, "action": "create"})]},
            {"line_ids": [Command.update(line.id, {"values": {}})]},
            {"line_ids": [Command.delete(line.id)]},
            {"column_ids": [Command.create({"position": 9})]},
        ):
            self.assertFalse(self.may(record.write, vals), vals)

    def test_outsiders_of_the_catalogue(self):
        """Nobody outside the school's staff reaches the models at all."""
        for who in OUTSIDERS:
            for model in ("vshu.import", "vshu.import.line", "vshu.import.column"):
                self.assertFalse(self.see(self.bag, who, self.env[model]).has_access("read"))


@tagged("post_install", "-at_install")
class TestImportDownload(ListsCommon, HttpCase):
    def test_web_content(self):
        """/web/content gives the files to who may read the list, to nobody else."""
        for kind, record in self.lists.items():
            for field in ("file", "problem_file"):
                url = f"/web/content/vshu.import/{record.id}/{field}/list.bin?download=true"
                for who in ("administrator", "social_pedagogue", "class_teacher", "psychologist", "plain", "portal"):
                    login = self.bag.users[who].login
                    self.authenticate(login, login)
                    status = self.url_open(url).status_code
                    self.assertEqual(status == 200, who in READS[kind], f"{kind} {field} {who}: {status}")
