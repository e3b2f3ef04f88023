"""The council by order (KZ-6, KZ-7)."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import CouncilCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestComposition(CouncilCommon):
    def draft(self, bag, **vals):
        return self.as_(bag, "social_pedagogue", self.env["vshu.council"]).create(self.council_vals(bag, **vals))

    def test_exactly_five(self):
        """KZ-6: five are enough, four are not; the message says how many and the clause."""
        draft = self.draft(self.kz)
        self.assertEqual(len(draft.member_ids), 5)
        self.assertFalse(draft.missing_text)
        draft.member_ids[-1].unlink()
        self.assertIn(self.cited("KZ-6"), draft.missing_text)
        with self.refused(UserError, r"at least 5 members, here are 4 .KZ-6"):
            self.as_(self.kz, "head", draft).action_approve()
        self.assertEqual(draft.state, "draft")
        self.env.ref("vshu_council.kz_council_composition").active = False
        self.as_(self.kz, "head", draft).action_approve()
        self.assertEqual(draft.state, "in_force")

    def test_russia_ships_no_number(self):
        draft = self.draft(self.ru)
        draft.member_ids[2:].filtered(lambda m: m.role == "member").unlink()
        self.as_(self.ru, "head", draft).action_approve()
        self.assertEqual((draft.state, len(draft.member_ids)), ("in_force", 3))

    def test_one_in_force(self):
        """A new order ends the one before on the day before; the old one stays readable as it was."""
        first = self.make_council(self.kz)
        self.assertEqual(first.member_ids[0].post, "директор")
        action = self.as_(self.kz, "social_pedagogue", first).action_renew()
        second = self.as_(self.kz, "social_pedagogue", self.env["vshu.council"].browse(action["res_id"]))
        self.assertEqual(len(second.member_ids), 5)
        second.write({"order_number": "101-о", "order_date": "2026-10-12", "date_from": "2026-10-12"})
        self.as_(self.kz, "head", second).action_approve()
        self.assertEqual((first.state, first.date_to), ("ended", date(2026, 10, 11)))
        self.assertEqual((second.sudo().state, second.sudo().previous_id), ("in_force", first))
        Council = self.env["vshu.council"]
        self.assertEqual(Council._on_date(self.kz.company, date(2026, 10, 11)), first)
        self.assertEqual(Council._on_date(self.kz.company, date(2026, 10, 12)), second.sudo())
        self.assertFalse(Council._on_date(self.kz.company, date(2026, 8, 31)))
        with self.refused(UserError, "new order ends this one"):
            second.write({"order_number": "102"})
        with self.refused(UserError, "by a new order only"):
            second.member_ids[0].unlink()
        with self.refused(UserError, "stays on record"):
            second.unlink()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env.cr.execute("UPDATE vshu_council SET state = 'in_force' WHERE id = %s", [first.id])

    def test_only_staff(self):
        """A member who left the school is named in the refusal."""
        draft = self.draft(self.kz)
        self.kz.employees["member_b"].active = False
        with self.refused(UserError, r"kz_member_b name does not work at the school any more"):
            self.as_(self.kz, "head", draft).action_approve()

    def test_chair_is_the_head(self):
        """KZ-7: the head, or who lawfully stands in on that day."""
        vals = self.council_vals(self.kz)
        vals["member_ids"][0][2]["employee_id"] = self.kz.employees["psychologist"].id
        draft = self.as_(self.kz, "social_pedagogue", self.env["vshu.council"]).create(vals)
        with self.refused(UserError, r"cannot be “Chair”: by the regulation that is Head of the school.*KZ-7"):
            self.as_(self.kz, "head", draft).action_approve()
        self.make_standin(self.kz, "head", self.kz.employees["psychologist"], "2026-09-01", "2026-09-05")
        self.as_(self.kz, "head", draft).action_approve()
        self.assertEqual(draft.state, "in_force")

    def test_who(self):
        """The office drafts, the head approves, a teacher neither."""
        with self.refused(AccessError, ""):
            self.as_(self.kz, "member_a", self.env["vshu.council"]).create(self.council_vals(self.kz))
        draft = self.draft(self.kz)
        for role in ("social_pedagogue", "deputy_head", "member_a", "psychologist"):
            with self.refused(AccessError, "is approved by: Head of the school"):
                self.as_(self.kz, role, draft).action_approve()
        for vals in ({"state": "in_force"}, {"approved_by_id": self.env.uid}):
            with self.refused(AccessError, "changed by the buttons"):
                draft.write(vals)
        with self.refused(AccessError, "changed by the buttons"):
            self.draft(self.kz, state="in_force")
        self.make_standin(self.kz, "head", self.kz.employees["deputy_head"], "2026-10-01", "2026-10-20")
        self.as_(self.kz, "deputy_head", draft).action_approve()
        self.assertEqual(draft.state, "in_force")
        with self.refused(UserError, "approved already"):
            self.as_(self.kz, "head", draft).action_approve()

    def test_dates(self):
        with self.refused(Exception, "before its order was signed"):
            self.draft(self.kz, date_from="2026-08-01")
        self.make_council(self.kz)
        later = self.draft(self.kz, order_number="2")
        with self.refused(UserError, "must count from a later day"):
            self.as_(self.kz, "head", later).action_approve()

    def test_one_secretary(self):
        draft = self.draft(self.kz)
        draft.member_ids.filtered(lambda m: m.role == "secretary").role = "member"
        with self.refused(UserError, "Secretary"):
            self.as_(self.kz, "head", draft).action_approve()
        with mute_logger("odoo.sql_db"), self.refused(Exception, "vshu_council_member_once"):
            draft.write({"member_ids": [Command.create({"employee_id": self.kz.employees["head"].id})]})

    def test_copy_of_the_regulation(self):
        """A school's own version has rules of its own."""
        copy = self.kz.school.regulation_id._copy_for_company(self.kz.company)
        self.assertEqual(copy._council_rule("composition")["number"], 5)
        copy.council_rule_ids.filtered(lambda r: r.matter == "composition").number = 7
        self.assertEqual(copy._council_rule("composition")["number"], 7)
        self.assertEqual(self.kz.school.regulation_id._council_rule("composition")["number"], 5)

    def test_rule_that_is_missing_is_told(self):
        """law.md 15: an own version without a rule on the council, or with an empty one, is on the keeper's list."""
        copy = self.kz.school.regulation_id._copy_for_company(self.kz.company)
        quorum = copy.council_rule_ids.filtered(lambda rule: rule.matter == "quorum")
        lines = self.env["vshu.finding"]

        def told():
            lines._look(["vshu.regulation"])
            return lines.search([("code", "=", "council_rule_missing"), ("state", "=", "open")])

        self.assertFalse(told())
        for vals, back in (({"active": False}, {"active": True}), ({"number": 0}, {"number": quorum.number})):
            quorum.write(vals)
            self.assertEqual(told().mapped("res_id"), copy.ids, vals)
            keeper = self.as_(self.kz, "social_pedagogue", told())
            self.assertIn("quorum", keeper.text)
            quorum.write(back)
            self.assertFalse(told(), back)
