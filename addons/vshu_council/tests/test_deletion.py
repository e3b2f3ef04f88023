"""Nothing of the council is deleted past its own guards, superuser or not (security.md 6)."""

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CouncilCommon

#: all that a signed meeting leaves; what the rules say belongs to the regulation
KEPT = {
    "vshu.agenda.assignment",
    "vshu.agenda.item",
    "vshu.agenda.speech",
    "vshu.agenda.vote",
    "vshu.council",
    "vshu.council.member",
    "vshu.council.rule",
    "vshu.extract",
    "vshu.meeting",
    "vshu.meeting.participant",
    "vshu.minutes",
    "vshu.minutes.line",
}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestDeletion(CouncilCommon):
    def test_superuser(self):
        """A meeting from the order to the signed minutes: no line of it goes, by the superuser either."""
        own = {
            name
            for name, cls in self.env.registry.items()
            if cls._original_module == "vshu_council" and not cls._abstract and not cls._transient
        }
        self.assertEqual(own, KEPT)
        self.make_council(self.kz)
        case = self.submitted(self.kz)
        self.papers(case)
        meeting = self.sitting(self.kz, [case])
        self.hear(
            self.kz,
            meeting.item_ids,
            self.kind("kz_kind_4_place"),
            months=3,
            assignment_ids=[
                Command.create(
                    {"name": "Посетить", "employee_id": self.kz.employees["member_a"].id, "date_due": "2026-11-02"}
                )
            ],
            speech_ids=[Command.create({"participant_id": meeting.participant_ids[0].id, "text": "сказано"})],
        )
        people = meeting.participant_ids.filtered(lambda person: person.kind == "member")
        self.sign(self.kz, self.closed(self.kz, meeting))
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO vshu_agenda_vote (item_id, participant_id, choice, company_id) VALUES (%s, %s, 'for', %s)",
            [meeting.item_ids.id, people[0].id, self.kz.company.id],
        )
        self.env.invalidate_all()
        for name in sorted(KEPT):
            records = self.env[name].with_context(active_test=False)
            if "company_id" in records._fields and records.search_count([("company_id", "=", self.kz.company.id)]):
                records = records.search([("company_id", "=", self.kz.company.id)])
            else:
                records = records.search([])
            self.assertTrue(records, f"{name}: nothing to test with")
            for record in self.env[name].browse(records[:2].ids):
                with self.subTest(model=name), self.assertRaises(UserError), self.env.cr.savepoint():
                    record.sudo().unlink()
                self.assertTrue(record.exists(), name)
