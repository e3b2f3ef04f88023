"""What a stricter rule finds wrong in earlier entries is listed for the keeper, never changed in silence."""

from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..access_common import AccessCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestFinding(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls("setUp")
        cls.case = self.make_case(cls.kz, cls.kz.student)
        cls.foreign = self.make_case(cls.ru, cls.ru.student)

    def look(self, found):
        """Run one check, ``trial``, that finds the cases ``found``. Returns the new lines."""
        case = self.env.registry["vshu.case"]
        with patch.object(case, "_findings", lambda cases: {"trial": cases.browse(found.ids)}):
            return self.env["vshu.finding"]._look(["vshu.case"])

    def test_listed_once_and_gone_by_itself(self):
        before = self.case.read(["write_date", "state"])
        line = self.look(self.case)
        self.assertEqual((line.res_id, line.state, line.company_id), (self.case.id, "open", self.kz.company))
        self.assertFalse(self.look(self.case), "the same entry is not listed twice")
        self.look(self.env["vshu.case"])
        self.assertEqual(line.state, "gone")
        self.look(self.case)
        self.assertEqual(line.state, "open", "wrong again: on the list again")
        self.assertEqual(self.case.read(["write_date", "state"]), before, "nothing of the entry is changed")

    def test_kept_with_a_reason(self):
        line = self.as_(self.kz, "social_pedagogue", self.look(self.case))
        with self.assertRaisesRegex(UserError, "write why"):
            line.action_keep()
        line.note = "Сверено с бумажным журналом"
        line.action_keep()
        self.assertEqual((line.state, line.user_id), ("kept", self.kz.users["social_pedagogue"]))
        self.look(self.case)
        self.assertEqual(line.state, "kept", "what was checked does not come again")
        line.action_reopen()
        self.assertEqual(line.state, "open")

    def test_who_sees_and_settles(self):
        lines = self.look(self.case | self.foreign)
        mine = lines.filtered(lambda line: line.company_id == self.kz.company)
        for role in ("social_pedagogue", "deputy_head", "head"):
            found = self.as_(self.kz, role, self.env["vshu.finding"]).search([])
            self.assertEqual(found, mine, role)
            self.assertEqual(found.action_open_record()["res_id"], self.case.id)
        for role in ("class_teacher", "subject_teacher", "psychologist"):
            self.assertFalse(self.as_(self.kz, role, self.env["vshu.finding"]).search([]), role)
            with self.assertRaises(AccessError):
                self.as_(self.kz, role, mine).action_keep()
        with self.assertRaises(AccessError):
            self.as_(self.kz, "administrator", self.env["vshu.finding"]).search([])
        with self.assertRaises(AccessError):
            self.as_(self.kz, "social_pedagogue", lines - mine).action_open_record()
        for forged in ({"state": "kept"}, {"code": "other"}, {"res_id": 1}):
            with self.assertRaises(AccessError):
                self.as_(self.kz, "head", mine).write(forged)

    def test_one_failing_check_stops_no_other(self):
        def fails(_records):
            raise ValueError("a fault of the check")

        with (
            patch.object(self.env.registry["vshu.case"], "_findings", fails),
            patch.object(
                self.env.registry["vshu.signal"], "_findings", lambda s: {"trial": s.browse(self.case.signal_ids.ids)}
            ),
            mute_logger("odoo.addons.vshu_registry.models.school.vshu_finding"),
        ):
            lines = self.env["vshu.finding"]._look(["vshu.case", "vshu.signal"])
        self.assertEqual(lines.mapped("res_model"), ["vshu.signal"])

    def test_every_check_runs_and_speaks(self):
        """Each check has its sentence in each language, and each sentence its check; a school is known."""
        codes = set()
        for name, model in self.env.registry.items():
            if hasattr(model, "_findings") and not model._abstract:
                for code, found in self.env[name].sudo()._findings().items():
                    codes.add(code)
                    for records in found if isinstance(found, list) else [found]:
                        self.env["vshu.finding"]._schools_of(records)
        for lang in ("en_US", "ru_RU", "kk_KZ"):
            texts = self.env["vshu.finding"].with_context(lang=lang)._texts()
            self.assertEqual(texts.keys(), codes)
            self.assertTrue(all(text.strip() for text in texts.values()))
