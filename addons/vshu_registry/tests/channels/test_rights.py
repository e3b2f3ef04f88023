import base64
from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ...models.people.vshu_family_move import MOVE_REASONS
from ...tools.guard import guarded
from ..notice.test_notices import NoticeCommon

TODAY = date(2026, 10, 14)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestRights(NoticeCommon):
    """Whoever has no rights on the day is addressee of nothing, for families as for children (people.md "a family's
    case; the father is deprived of rights", "guardian who is no legal representative", "a notice in draft, then the
    guardian's right ends"; RU-5.3, KZ-9, KZ-14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.father = cls.make_guardian(cls.ru.student, "Петров Пётр", "father")
        cls.both = cls.mother.partner_id | cls.father.partner_id
        cls.family = cls.env["vshu.family"].create(
            {
                "name": "Петровы",
                "company_id": cls.ru.company.id,
                "member_ids": [Command.link(cls.ru.student.id)],
                "adult_ids": [Command.set(cls.both.ids)],
            }
        )

    def family_case(self):
        """Return a case of the family on the register, its papers aside."""
        signal = self.signal(
            self.ru,
            "class_teacher",
            intake_kind="submission",
            kind="control",
            subject="family",
            student_id=False,
            family_id=self.family.id,
            ground_id=self.ref("ru_ground_6_2_2").id,
        )
        self.as_(self.ru, "social_pedagogue", signal).action_submit()
        case = signal.sudo().case_id
        case._requirements("placement").sudo().active = False
        self.decide(self.ru, case, "ru_kind_9_1_place", form="ru_form_council_minutes")
        return case

    def ends(self):
        """Return {name: function} of all ways in which the right of the father ends."""
        ways = {
            reason: lambda reason=reason: self.as_(self.ru, "social_pedagogue", self.env["vshu.family.move"]).create(
                {
                    "student_id": self.ru.student.id,
                    "date": "2026-10-14",
                    "reason": reason,
                    "document": "Решение № 2-114 от 12.10.2026",
                    "ended_ids": [Command.link(self.father.id)],
                }
            )
            for reason, _label in MOVE_REASONS
        }
        ways["last day"] = lambda: self.father.write({"date_to": "2026-10-13"})
        ways["no legal right"] = lambda: self.father.write({"is_legal": False})
        ways["no papers"] = lambda: self.father.write({"may_receive_papers": False})
        ways["archived"] = lambda: self.father.partner_id.action_archive()
        ways["deleted"] = lambda: guarded(self.father).unlink()
        return ways

    def expected(self, case, event):
        """Return to whom the notices of an event would go now."""
        return {vals["partner_id"] for vals in case.sudo()._told_parents()[case.id]}

    def test_every_end_and_every_paper(self):
        """All reasons of an end × all events of which parents are told × child and family: the mother only."""
        cases = self.family_case() | self.ru_decree()
        rules = self.env["vshu.notice.rule"].search([("addressee", "=", "parents")])
        events = set(rules.mapped("event"))
        self.assertTrue({"placement", "removal", "hearing", "watch"} <= events)
        for way in self.ends():
            with self.subTest(way):
                with self.cr.savepoint() as savepoint:
                    self.ends()[way]()
                    today = self.notices(cases[0], addressee="parents") | self.notices(cases[1], addressee="parents")
                    waiting = today.filtered(lambda n: n.state == "to_send")
                    self.assertEqual(waiting.partner_id, self.mother.partner_id)
                    stopped = today - waiting
                    self.assertEqual(set(stopped.mapped("state")), {"not_needed"})
                    self.assertTrue(all(stopped.mapped("not_needed_reason")))
                    for case in cases:
                        self.assertEqual(self.expected(case, None), {self.mother.partner_id.id})
                        for event in events:
                            vals_list = case.sudo()._notice_vals(event, addressees=("parents",))
                            told = {vals["partner_id"] for vals in vals_list}
                            self.assertLessEqual(told, {self.mother.partner_id.id}, event)
                    # nothing prints what the father may not have, neither its button nor any report
                    paper = stopped.filtered("partner_id")[:1]
                    with self.refused(UserError, "may not be printed"):
                        self.office(paper).action_print()
                    reports = self.env["ir.actions.report"].search([("model", "=", "vshu.notice")])
                    self.assertTrue(reports)
                    for report in reports:
                        with self.refused(UserError, "may not be printed"):
                            self.env["ir.actions.report"]._render_qweb_html(report, paper.ids)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_the_other_one_gets_it(self):
        """The notice stays on record with the reason; who answers now gets one of the same, with its clock."""
        self.mother.may_receive_papers = False
        case = self.ru_decree()
        old = self.notices(case, addressee="parents")
        self.assertEqual(old.guardian_id, self.father)
        guardian = self.env["res.partner"].create({"name": "Сидорова Вера"})
        self.as_(self.ru, "social_pedagogue", self.env["vshu.family.move"]).create(
            {
                "student_id": self.ru.student.id,
                "date": "2026-10-14",
                "reason": "deprived",
                "document": "Решение № 2-114",
                "ended_ids": [Command.link(self.father.id)],
                "partner_id": guardian.id,
                "kind": "guardian",
            }
        )
        new = self.notices(case, addressee="parents") - old
        self.assertEqual((new.partner_id, new.state, new.decision_id), (guardian, "to_send", old.decision_id))
        self.assertEqual(new.deadline_ids.mapped("date_due"), old.deadline_ids.mapped("date_due"))
        self.assertEqual(set(old.deadline_ids.mapped("state")), {"cancelled"})
        self.assertIn("13", old.not_needed_reason)
        self.assertNotIn(self.father.partner_id, self.family.adult_ids)
        self.office(new)._send("in_person")
        self.office(new)._acknowledge()
        self.assertEqual(case.date_parents_informed, TODAY)

    def test_the_day_passes(self):
        """A last day that lies ahead ends the right by itself: stopped at sending, taken off in the night."""
        case = self.ru_decree()
        self.father.date_to = "2026-10-15"
        notice = self.notices(case, addressee="parents").filtered(lambda n: n.guardian_id == self.father)
        self.assertEqual(notice.state, "to_send")
        with freeze_time("2026-10-16 06:00:00"):
            for call in (self.office(notice).action_send, lambda: self.office(notice)._send("post")):
                with self.refused(UserError, "may not receive papers any more. The right of this person ended"):
                    call()
            with self.refused(UserError, "may not be printed. The right of this person ended"):
                self.office(notice).action_print()
            self.nightly()
            self.assertEqual(notice.state, "not_needed")
            before = len(self.notices(case, addressee="parents"))
            self.nightly()
            self.assertEqual(len(self.notices(case, addressee="parents")), before)

    def test_what_was_handed_over_is_printed_for_the_file(self):
        """A notice that reached its adult in time stays as it is."""
        case = self.ru_decree()
        notice = self.notices(case, addressee="parents").filtered(lambda n: n.guardian_id == self.father)
        self.office(notice)._send("in_person")
        self.father.is_legal = False
        self.assertEqual(notice.state, "sent")
        self.office(notice).action_print()

    def test_default_follows_the_legal_right(self):
        """What somebody is to the child says whether they represent it, and that whether they receive papers."""
        legal = {"mother", "father", "guardian", "trustee", "foster_parent"}
        links = self.env["vshu.guardian"]
        for kind, _label in links._fields["kind"].selection:
            link = self.make_guardian(self.kz.other_student, f"Взрослый {kind}", kind)
            expected = kind in legal
            self.assertEqual((link.is_legal, link.may_receive_papers), (expected, expected), kind)
            with self.subTest(kind), Form(links) as form:
                form.student_id = self.kz.student
                form.partner_id = self.env["res.partner"].create({"name": f"Новый {kind}"})
                form.kind = "other"
                form.kind = kind if kind != "mother" else "guardian"
                self.assertEqual(form.is_legal, kind in legal)
                self.assertEqual(form.may_receive_papers, kind in legal)
                form.date_from = "2020-01-01"
                form.date_to = "2020-01-02"

    def test_another_adult_receives_by_a_paper(self):
        """A grandmother who brings the child up receives papers by number, date and scan of a paper, nothing less."""
        grandmother = self.make_guardian(self.ru.student, "Петрова Анна", "grandparent")
        scan = self.env["ir.attachment"].create({"name": "заявление.pdf", "datas": base64.b64encode(b"%PDF")})
        paper = {
            "may_receive_papers": True,
            "receive_number": "17",
            "receive_date": "2026-09-02",
            "receive_attachment_ids": [Command.link(scan.id)],
        }
        for missing in ("receive_number", "receive_date", "receive_attachment_ids"):
            with self.subTest(missing), self.refused(ValidationError, "number, its date and the scan"):
                grandmother.write({name: value for name, value in paper.items() if name != missing})
        with self.refused(ValidationError, "dated in the future"):
            grandmother.write({**paper, "receive_date": "2026-10-15"})
        case = self.ru_decree()
        self.assertEqual(self.notices(case, addressee="parents").partner_id, self.both)
        grandmother.write(paper)
        self.assertIn(grandmother.partner_id.id, self.expected(case, None))
        with self.refused(ValidationError, "no legal representative"):
            self.as_(self.ru, "social_pedagogue", self.env["vshu.family.move"]).create(
                {
                    "student_id": self.ru.other_student.id,
                    "date": "2026-10-14",
                    "reason": "other",
                    "document": "Заявление",
                    "partner_id": grandmother.partner_id.id,
                    "kind": "grandparent",
                    "may_receive_papers": True,
                }
            )

    def test_entries_of_before(self):
        """Who was told without a paper is listed for the keeper, keeps the tick, and is addressee of nothing."""
        aunt = self.make_guardian(self.ru.student, "Тётя", "other")
        self.cr.execute("UPDATE vshu_guardian SET may_receive_papers = true WHERE id = %s", [aunt.id])
        aunt.invalidate_recordset()
        self.assertEqual(self.env["vshu.guardian"]._findings()["guardian_without_paper"], aunt)
        self.assertFalse(aunt._receives(TODAY))
        self.assertTrue(aunt.may_receive_papers)
        self.family_case()
        families = self.env["vshu.family"]
        self.assertNotIn(self.family, families._findings()["family_adult_without_right"])
        self.family.adult_ids |= aunt.partner_id
        self.assertIn(self.family, families._findings()["family_adult_without_right"])
