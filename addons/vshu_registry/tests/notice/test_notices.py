"""Who must be told of a decision, by when, and what they answered (RU-5.3, RU-5.4, RU-A6, KZ-9)."""

import base64
from datetime import date, timedelta
from pathlib import Path

from freezegun import freeze_time
from odoo import api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.modules.migration import load_script
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from ..case.test_flow import TODAY, FlowCommon
from ..channels.test_queries import QueryCommon
from ..web_client import specification

SCRIPT = Path(__file__).parents[2] / "migrations" / "19.0.2.0.0" / "post-notices.py"


class NoticeCommon(FlowCommon):
    """Cases on the register with their notices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mother = cls.make_guardian(cls.ru.student, "Петрова Мария")
        cls.kz_mother = cls.make_guardian(cls.kz.student, "Ахметова Сауле", lang=False)
        cls.commission = cls.env["res.partner"].create(
            {"name": "ТКДНиЗП", "is_company": True, "vshu_body": "commission"}
        )
        cls.police = cls.env["res.partner"].create({"name": "ПДН", "is_company": True})

    def notices(self, case, event="placement", addressee=None):
        """Return the notices of a case, in the order in which they were made."""
        domain = [("case_id", "=", case.id), ("event", "=", event)]
        if addressee:
            domain.append(("addressee", "=", addressee))
        return self.env["vshu.notice"].search(domain, order="id")

    def ru_decree(self, **vals):
        """Return a case placed by a commission's decree that came in the day before."""
        signal = self.notice(self.ru, issuer_id=self.commission.id, **vals)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        case = signal.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12")
        return case

    def ru_council(self, form="ru_form_council_minutes", **vals):
        """Return a case placed on the submission of the staff."""
        signal = self.signal(
            self.ru, "social_pedagogue", intake_kind="submission", ground_id=self.ref("ru_ground_3_2_4").id, **vals
        )
        self.as_(self.ru, "social_pedagogue", signal).action_submit()
        case = signal.sudo().case_id
        self.as_(self.ru, "head", case).action_consent()
        self.decide(self.ru, case, "ru_kind_5_2_place", form=form)
        return case

    def office(self, notices):
        """Return the notices as the social pedagogue of their school sees them."""
        bag = self.ru if notices.company_id == self.ru.company else self.kz
        return self.as_(bag, "social_pedagogue", notices)

    def dialog(self, action, **vals):
        """Fill in and confirm the dialog that a button has opened."""
        dialog = self.env["vshu.notice.mark"].with_user(self.ru.users["social_pedagogue"])
        dialog = dialog.with_context(**action["context"], allowed_company_ids=self.ru.company.ids)
        return dialog.create(vals).action_confirm()

    def scan(self, notice):
        """Attach a scan to the notice."""
        file = notice.env["ir.attachment"].create({"name": "корешок.pdf", "datas": base64.b64encode(b"%PDF")})
        notice.write({"attachment_ids": [Command.link(file.id)]})
        return file


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestNotices(NoticeCommon):
    def test_addressees_of_a_decree(self):
        """RU-5.3: parents, class teacher, the body that sent the paper; the commission once, as the sender; others if
        needed; not the head, who did not hear of it from the council."""
        case = self.ru_decree()
        notices = self.notices(case)
        self.assertEqual(notices.mapped("addressee"), ["parents", "class_teacher", "sender", "other"])
        self.assertEqual(notices.mapped("need"), ["required", "required", "required", "if_needed"])
        parents, teacher, sender, other = notices
        self.assertEqual((parents.guardian_id, parents.partner_id), (self.mother, self.mother.partner_id))
        self.assertEqual((teacher.user_id, teacher.state), (self.ru.users["class_teacher"], "sent"))
        self.assertEqual(sender.partner_id, self.commission)
        self.assertIn("№ 114/2", sender.reply_to)
        self.assertEqual((other.state, other.partner_id.id), ("to_send", False))
        self.assertEqual(set(notices.mapped("date_event")), {TODAY})
        self.assertEqual(set(notices.mapped("clause")), {"RU-5.3", "RU-5.3, RU-A6"})

    def test_addressees_of_the_council(self):
        """RU-5.3: where the council decided, the head hears of it; the commission hears of what the school decided."""
        case = self.ru_council()
        notices = self.notices(case)
        self.assertEqual(notices.mapped("addressee"), ["parents", "head", "class_teacher", "commission", "other"])
        self.assertEqual(notices[1].user_id, self.ru.users["head"])
        by_head = self.ru_council("ru_form_order", student_id=self.ru.other_student.id)
        self.assertNotIn("head", self.notices(by_head).mapped("addressee"))

    def test_rule_archived_makes_difference(self):
        """Who is told is data: with the rule archived the class teacher is not told."""
        self.ref("ru_notice_5_3_class_teacher").sudo().active = False
        self.assertNotIn("class_teacher", self.notices(self.ru_decree()).mapped("addressee"))

    def test_body_is_remembered(self):
        """The commission that the school wrote to last time is the one that it writes to."""
        first = self.notices(self.ru_council(), addressee="commission")
        self.assertFalse(first.partner_id)
        self.office(first).partner_id = self.commission
        second = self.ru_council(student_id=self.ru.other_student.id)
        self.assertEqual(self.notices(second, addressee="commission").partner_id, self.commission)

    def test_each_has_its_clock(self):
        """RU-5.3: three working days from the placement, one clock a notice; who is told inside has it listed."""
        case = self.ru_decree()
        parents, teacher, sender, other = self.notices(case)
        for notice, user in ((parents, "social_pedagogue"), (teacher, "class_teacher"), (sender, "social_pedagogue")):
            clock = notice.deadline_ids
            self.assertEqual((clock.date_due, clock.clause), (date(2026, 10, 19), "RU-5.3, RU-A6"))
            self.assertEqual((clock.user_id, clock.case_id), (self.ru.users[user], case))
            self.assertEqual(notice.activity_ids.user_id, self.ru.users[user])
        self.assertFalse(other.deadline_ids, "no clock runs on what is told only if needed")
        self.assertFalse(case.deadline_ids.filtered(lambda d: d.rule_id == self.ref("ru_rule_5_3")))
        with freeze_time("2026-10-20 06:00:00"):
            self.nightly()
            self.assertEqual(parents.deadline_ids.state, "overdue")
            # the receipt of the post shows the day on which it went
            self.office(sender).attachment_ids = [(0, 0, {"name": "receipt.pdf", "datas": base64.b64encode(b"%PDF")})]
            self.office(sender)._send("post", date(2026, 10, 19), "01-211")
            self.assertEqual((sender.deadline_ids.state, sender.deadline_ids.date_met), ("met", date(2026, 10, 19)))
            self.assertEqual(sender.deadline_ids.date_recorded, date(2026, 10, 20))
            self.office(parents)._send("in_person", date(2026, 10, 19))
            self.assertEqual(parents.deadline_ids.state, "overdue", "handed over is not acknowledged yet")
            self.office(parents)._acknowledge(date(2026, 10, 20))
            self.assertEqual(parents.deadline_ids.state, "met_late")
            self.assertFalse(parents.activity_ids.filtered(lambda a: a.user_id == self.ru.users["social_pedagogue"]))

    def test_clock_archived_makes_difference(self):
        """The clock is data: without it nothing is due, and who is told inside still hears of it."""
        self.ref("ru_rule_5_3_notice").sudo().active = False
        notices = self.notices(self.ru_decree())
        self.assertFalse(notices.deadline_ids)
        teacher = notices.filtered(lambda n: n.addressee == "class_teacher")
        self.assertEqual(teacher.activity_ids.user_id, self.ru.users["class_teacher"])
        self.as_(self.ru, "class_teacher", teacher).action_acknowledge()
        self.assertFalse(teacher.activity_ids)

    def test_guardians(self):
        """RU-5.3: one notice for each guardian in force who may receive papers, in their language."""
        self.make_guardian(self.ru.student, "Отец Лишённый", "father", may_receive_papers=False)
        self.make_guardian(self.ru.student, "Опекун Бывший", "guardian", date_to="2026-10-01")
        self.make_guardian(self.ru.student, "Опекун Будущий", "trustee", date_from="2026-11-01")
        self.env["res.lang"]._activate_lang("ru_RU")
        self.env["res.lang"]._activate_lang("kk_KZ")
        grandmother = self.make_guardian(
            self.ru.student, "Бабушка Казахская", "grandparent", is_legal=True, lang="kk_KZ"
        )
        parents = self.notices(self.ru_decree(), addressee="parents")
        self.assertEqual(parents.guardian_id, self.mother | grandmother)
        langs = {notice.guardian_id: notice._paper_lang() for notice in parents}
        self.assertEqual(langs, {self.mother: "ru_RU", grandmother: "kk_KZ"})
        self.assertNotEqual(*parents.mapped("display_name"))

    def test_nobody_may_receive(self):
        """Nobody may receive papers: one notice without a person, which says what to do and is not handed over."""
        self.mother.may_receive_papers = False
        case = self.ru_decree()
        parents = self.notices(case, addressee="parents")
        self.assertEqual((len(parents), parents.partner_id.id, parents.state), (1, False, "to_send"))
        view = self.office(parents)
        self.assertIn("may receive papers", view.next_step)
        for call in (view.action_send, view._send, self.as_(self.ru, "social_pedagogue", case).action_parents_informed):
            with self.refused(UserError, "nobody of the family may receive papers"):
                if call == view._send:
                    call("in_person")
                else:
                    call()
        grandmother = self.make_guardian(self.ru.student, "Бабушка", "guardian", lang="en_US")
        self.assertEqual((parents.partner_id, parents.lang), (grandmother.partner_id, "en_US"))
        self.assertNotIn("may receive", view.next_step)
        view._send("in_person")
        self.assertEqual(parents.state, "sent")

    def test_family(self):
        """RU-6.2: of a family all adults are told who may receive papers; an aunt without a right is not."""
        family = self.env["vshu.family"].create(
            {
                "name": "Петровы",
                "company_id": self.ru.company.id,
                "member_ids": [Command.link(self.ru.student.id)],
                "adult_ids": [Command.link(self.mother.partner_id.id)],
            }
        )
        banned = self.make_guardian(self.ru.student, "Отец", "father", may_receive_papers=False)
        aunt = self.env["res.partner"].create({"name": "Тётя"})
        family.adult_ids |= banned.partner_id | aunt
        signal = self.signal(
            self.ru,
            "class_teacher",
            intake_kind="submission",
            kind="control",
            subject="family",
            student_id=False,
            family_id=family.id,
            ground_id=self.ref("ru_ground_6_2_2").id,
        )
        self.as_(self.ru, "social_pedagogue", signal).action_submit()
        case = signal.sudo().case_id
        case._requirements("placement").sudo().active = False
        self.decide(self.ru, case, "ru_kind_9_1_place", form="ru_form_council_minutes")
        notices = self.notices(case)
        self.assertEqual(notices.mapped("addressee"), ["parents", "head"])
        self.assertEqual(notices.partner_id, self.mother.partner_id)
        parents = self.office(notices[:1])
        parents._send("in_person")
        parents._acknowledge()
        self.assertEqual(case.date_parents_informed, TODAY)

    def test_conversion_and_annulment(self):
        """A move to the other kind makes the notices of the new stay only; an annulled entry takes back what waits."""
        case = self.ru_decree()
        new = self.moved(self.ru, case, "control", "ru_ground_6_1_1", "ru_reason_7_1_v")
        self.assertEqual(new.converted_from_id, case)
        self.assertFalse(self.notices(case, "removal"))
        self.assertEqual(set(self.notices(case).filtered("partner_id").mapped("state")), {"not_needed"})
        notices = self.notices(new)
        self.assertEqual(notices.mapped("addressee"), ["parents", "head", "class_teacher"])
        self.assertEqual(notices[0].rule_id, self.ref("ru_notice_a6_control"))
        self.as_(self.ru, "head", new)._annul("Ошибка.")
        self.assertEqual((notices[0].state, notices[0].not_needed_reason), ("not_needed", "The entry was annulled."))
        self.assertEqual(set(notices.deadline_ids.mapped("state")), {"cancelled"})

    def test_parents_informed(self):
        """RU-5.3: the day on which the parents were told is that of the last of them, and nobody types it."""
        father = self.make_guardian(self.ru.student, "Петров Пётр", "father")
        case = self.ru_decree()
        with self.refused(UserError, "notices"):
            self.as_(self.ru, "social_pedagogue", case).date_parents_informed = TODAY
        mothers, fathers = self.notices(case, addressee="parents").sorted(lambda n: n.guardian_id == father)
        with freeze_time("2026-10-16 06:00:00"):
            self.office(mothers)._send("in_person", TODAY)
            self.office(mothers)._acknowledge(TODAY)
            self.assertFalse(case.date_parents_informed)
            witnesses = self.ru.employees["psychologist"] | self.ru.employees["deputy_head"]
            self.office(fathers)._refuse_before(witnesses, date(2026, 10, 15))
            self.assertEqual(case.date_parents_informed, date(2026, 10, 15))
            self.assertEqual(case.entry_id.date_parents_informed, date(2026, 10, 15))
            self.assertEqual((fathers.state, fathers.channel), ("refused", "in_person"))
            self.assertEqual((fathers.witness1_id | fathers.witness2_id), witnesses)
            self.assertEqual(fathers.deadline_ids.date_met, date(2026, 10, 15))

    def test_button_on_the_case(self):
        """“Parents informed today” hands over and acknowledges what still waits, in one press."""
        self.make_guardian(self.ru.student, "Петров Пётр", "father")
        case = self.ru_decree()
        mothers = self.notices(case, addressee="parents")[0]
        self.office(mothers)._send("post", TODAY, "12")
        self.as_(self.ru, "social_pedagogue", case).action_parents_informed()
        self.assertEqual(set(self.notices(case, addressee="parents").mapped("state")), {"acknowledged"})
        self.assertEqual((mothers.channel, case.date_parents_informed), ("post", TODAY))
        action = self.as_(self.ru, "class_teacher", case).action_open_notices()
        self.assertEqual(self.env["vshu.notice"].search_count(action["domain"]), 5)

    def test_dossier_paper(self):
        """RU-5.4: what says how the parents were informed is in the file by itself; which paper that is, is data."""
        case = self.ru_decree()
        paper = case.document_ids.filtered(lambda d: d.type_id == self.ref("ru_document_5_4_2"))
        self.assertEqual(paper.state, "missing")
        parents = self.notices(case, addressee="parents")
        self.office(parents)._send("post", TODAY, "12")
        self.assertEqual(paper.state, "missing")
        # the proof of posting is on file: told
        file = self.scan(self.office(parents))
        self.assertEqual((paper.state, paper.date, paper.attachment_ids), ("ready", TODAY, file))
        self.assertEqual((parents.date_told, parents.deadline_ids.state), (TODAY, "met"))
        self.ref("ru_document_5_4_2").sudo().fed_by = False
        other = self.ru_decree(student_id=self.ru.other_student.id)
        self.make_guardian(self.ru.other_student, "Сидорова")
        self.office(self.notices(other, addressee="parents")).guardian_id = self.ru.other_student.vshu_guardian_ids
        self.as_(self.ru, "social_pedagogue", other).action_parents_informed()
        paper = other.document_ids.filtered(lambda d: d.type_id == self.ref("ru_document_5_4_2"))
        self.assertEqual(paper.state, "missing")

    def test_told_inside(self):
        """RU-5.3: head and class teacher acknowledge by themselves; nobody does it for them."""
        notices = self.notices(self.ru_council())
        head = notices.filtered(lambda n: n.addressee == "head")
        teacher = notices.filtered(lambda n: n.addressee == "class_teacher")
        for role in ("social_pedagogue", "deputy_head", "class_teacher", "psychologist"):
            with self.assertRaises(AccessError):
                self.as_(self.ru, role, head).action_acknowledge()
        with self.assertRaises(AccessError):
            self.as_(self.ru, "head", teacher).action_acknowledge()
        self.assertTrue(self.as_(self.ru, "class_teacher", teacher).is_mine)
        self.as_(self.ru, "class_teacher", teacher).action_acknowledge()
        self.as_(self.ru, "head", head).action_acknowledge()
        self.assertEqual(
            (teacher.state, teacher.date_acknowledged, head.state), ("acknowledged", TODAY, "acknowledged")
        )
        self.assertEqual(teacher.deadline_ids.state, "met")
        with self.refused(UserError, "already"):
            self.as_(self.ru, "head", head).action_acknowledge()
        with self.refused(UserError, "does not refuse"):
            self.office(self.notices(self.ru_decree(student_id=self.ru.other_student.id))[1]).action_refuse()

    def test_class_without_teacher(self):
        """Without a login nobody acknowledges by themselves: the office tells them and notes it."""
        guarded(self.ru.class_a.teacher_ids).unlink()
        teacher = self.notices(self.ru_decree(), addressee="class_teacher")
        self.assertEqual((teacher.user_id.id, teacher.state), (False, "to_send"))
        self.assertIn("tell them yourself", self.office(teacher).next_step)
        self.assertEqual(teacher.deadline_ids.user_id, self.ru.users["social_pedagogue"])
        self.office(teacher)._send("in_person")
        self.office(teacher)._acknowledge()
        self.assertEqual(teacher.state, "acknowledged")

    def test_by_hand(self):
        """RU-5.3: one more body is told by hand, where the need shows; by the office only, of what was decided only."""
        case = self.ru_decree()
        rule = self.ref("ru_notice_5_3_other")
        Notice = self.as_(self.ru, "social_pedagogue", self.env["vshu.notice"])
        made = Notice.create({"case_id": case.id, "rule_id": rule.id, "partner_id": self.police.id})
        self.assertEqual((made.event, made.need, made.date_event), ("placement", "if_needed", TODAY))
        self.assertEqual((made.decision_id, made.student_id), (case.placement_decision_id, self.ru.student))
        made._send("mail", TODAY, "01-77")
        self.assertEqual((made.state, made.date_told, made.number), ("sent", TODAY, "01-77"))
        with self.refused(UserError, "nothing was decided yet"):
            Notice.create({"case_id": case.id, "rule_id": self.ref("ru_notice_7_parents").id})
        with self.refused(UserError, "Choose the case"):
            Notice.create({"rule_id": rule.id})
        with self.refused(ValidationError, "does not belong"):
            Notice.create({"case_id": case.id, "rule_id": self.ref("kz_notice_14_other").id})
        for vals in ({"state": "acknowledged"}, {"date_told": TODAY}, {"need": "if_needed"}):
            with self.refused(AccessError, "buttons"):
                Notice.create({"case_id": case.id, "rule_id": rule.id, **vals})
            with self.refused(AccessError, "buttons"):
                made.write(vals)
        with self.assertRaises(AccessError):
            self.as_(self.ru, "class_teacher", Notice).create({"case_id": case.id, "rule_id": rule.id})
        with self.refused(UserError, "stays on record"):
            made.sudo().unlink()

    def test_batch_and_print(self):
        """Several notices are marked and printed at once; what is told inside has no paper."""
        cases = self.ru_decree() | self.ru_decree(student_id=self.make_student(self.ru, "Третий", self.ru.class_a).id)
        self.make_guardian(cases[1].student_id, "Третьякова")
        notices = self.env["vshu.notice"].search([("case_id", "in", cases.ids), ("addressee", "in", ("parents",))])
        second = notices.filtered(lambda n: n.case_id == cases[1])
        self.office(second).guardian_id = cases[1].student_id.vshu_guardian_ids
        teachers = self.env["vshu.notice"].search([("case_id", "in", cases.ids), ("addressee", "=", "class_teacher")])
        action = self.office(notices | teachers).action_print()
        self.assertEqual(action["context"]["active_ids"], notices.ids)
        self.assertEqual(notices.mapped("date_printed"), [TODAY, TODAY])
        with self.refused(UserError, "no paper to print"):
            self.office(teachers).action_print()
        self.dialog(self.office(notices).action_send(), channel="in_person")
        self.assertEqual(set(notices.mapped("state")), {"sent"})
        self.dialog(self.office(notices).action_acknowledge(), date=TODAY)
        self.assertEqual(cases.mapped("date_parents_informed"), [TODAY, TODAY])
        others = self.env["vshu.notice"].search([("case_id", "in", cases.ids), ("addressee", "=", "other")])
        self.dialog(self.office(others).action_not_needed(), reason="Межведомственная работа не требуется.")
        self.assertEqual(set(others.mapped("state")), {"not_needed"})

    def test_old_case_without_notices(self):
        """A case that has no notices keeps the day by itself, as before."""
        self.ref("ru_notice_5_3_parents").sudo().active = False
        case = self.ru_decree()
        self.as_(self.ru, "social_pedagogue", case).action_parents_informed()
        self.assertEqual(case.date_parents_informed, TODAY)

    def test_own_version(self):
        """A school's own version brings its own rules; its decisions make their notices by these."""
        admin = self.as_(self.kz, "administrator", self.kz.school.regulation_id)
        own = admin._copy_for_company(self.kz.company).sudo()
        rules = own.notice_rule_ids
        self.assertEqual(len(rules), len(self.kz.school.regulation_id.notice_rule_ids))
        rules.filtered(lambda r: r.code == "4.parents").answer_needed = False
        own.date_from = "2026-09-01"
        own.action_put_in_force()
        ground = own.ground_ids.filtered(lambda g: g.code == "18.5")
        signal = self.signal(self.kz, "class_teacher", ground_id=ground.id)
        self.as_(self.kz, "deputy_head", signal).action_accept()
        case = signal.sudo().case_id
        self.as_(self.kz, "deputy_head", case).action_submit()
        kind = own.decision_kind_ids.filtered(lambda k: k.code == "4.place")
        self.as_(self.kz, "social_pedagogue", self.env["vshu.decision"]).create(
            {
                "case_id": case.id,
                "kind_id": kind.id,
                "form_id": kind.form_ids.id,
                "number": "3",
                "months": 3,
                "curator_id": self.kz.teacher_b.id,
            }
        ).action_apply()
        parents = self.notices(case, addressee="parents")
        self.assertEqual(parents.rule_id.regulation_id, own)
        self.office(parents)._send("messenger")
        self.assertEqual((parents.date_told, case.date_parents_informed), (TODAY, TODAY))

    def test_words_are_checked(self):
        """The words of a paper name what is known; a paper says something."""
        own = self.as_(self.kz, "administrator", self.kz.school.regulation_id)._copy_for_company(self.kz.company)
        rule = own.notice_rule_ids.filtered(lambda r: r.code == "4.parents")
        for words in ("Балаңыз %(оқушы)s", "100 % успеха", "%(child)d"):
            with self.refused(ValidationError, "Not understood"):
                rule.text = words
        with self.refused(ValidationError, "what the paper says"):
            rule.text = False


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestNoticesKz(NoticeCommon):
    def test_invitation(self):
        """KZ-9: the parents are invited once the council's day is set, again when it moves after they were."""
        case = self.kz_case()
        self.assertFalse(self.notices(case, "hearing"))
        keeper = self.as_(self.kz, "social_pedagogue", case)
        keeper.hearing_date = "2026-10-28"
        first = self.notices(case, "hearing")
        self.assertEqual((first.clause, first.partner_id), ("KZ-9", self.kz_mother.partner_id))
        keeper.hearing_date = "2026-10-29"
        self.assertEqual(self.notices(case, "hearing"), first)
        self.office(first)._send("in_person")
        keeper.hearing_date = "2026-10-30"
        self.assertEqual(len(self.notices(case, "hearing")), 2)
        self.ref("kz_notice_9_parents").sudo().active = False
        other = self.kz_case(student_id=self.kz.other_student.id)
        self.as_(self.kz, "social_pedagogue", other).hearing_date = "2026-10-28"
        self.assertFalse(self.notices(other, "hearing"))

    def test_whole_stay(self):
        """KZ-4, KZ-16, KZ-19: placement, extension, refused removal, removal: parents and teacher are told."""
        case = self.kz_active()
        self.assertEqual(self.notices(case).mapped("addressee"), ["parents", "class_teacher", "other"])
        self.assertTrue(all(self.notices(case).rule_id.mapped("practice")))
        self.decide(self.kz, case, "kz_kind_16_extend", months=3)
        self.assertEqual(self.notices(case, "extension").mapped("addressee"), ["parents", "class_teacher"])
        self.assertEqual(self.notices(case, "extension").deadline_ids.mapped("date_due"), [date(2026, 10, 19)] * 2)
        reason = self.ref("kz_reason_19_1")
        self.as_(self.kz, "class_teacher", case)._propose_removal(reason)
        self.decide(self.kz, case, "kz_kind_19_keep")
        self.assertEqual(self.notices(case, "keep").mapped("need"), ["required", "if_needed"])
        self.as_(self.kz, "class_teacher", case)._propose_removal(reason)
        for code in ("petition", "teacher", "psychologist"):
            self.paper(case, f"kz_document_19_{code}", "positive" if code != "petition" else False)
        self.decide(self.kz, case, "kz_kind_19_remove", removal_reason_id=reason.id)
        parents, teacher = self.notices(case, "removal")
        self.assertEqual((parents.decision_id, parents.date_event), (case.removal_decision_id, TODAY))
        # the case is closed to the class teacher; what they are told they read until the day is over
        view = self.as_(self.kz, "class_teacher", teacher)
        self.assertFalse(self.as_(self.kz, "class_teacher", case).has_access("read"))
        self.assertTrue(view.has_access("read"))
        self.assertFalse(self.as_(self.kz, "class_teacher", parents).has_access("read"))
        view.action_acknowledge()
        self.assertTrue(view.has_access("read"))
        with freeze_time("2026-10-15 06:00:00"):
            self.assertFalse(view.has_access("read"))
        # parents are told after the end too
        self.office(parents)._send("in_person")
        self.office(parents)._acknowledge()
        self.assertEqual(parents.state, "acknowledged")

    def test_transfer(self):
        """KZ-20: who changes the school is told so, not of a removal."""
        case = self.kz_active()
        keeper = self.as_(self.kz, "social_pedagogue", case)
        keeper._propose_removal(self.ref("kz_reason_19_3"))
        self.paper(case, "kz_document_19_petition")
        self.decide(self.kz, case, "kz_kind_19_remove", removal_reason_id=self.ref("kz_reason_19_3").id)
        self.assertFalse(self.notices(case, "removal"))
        self.assertEqual(self.notices(case, "transfer").mapped("addressee"), ["parents", "class_teacher"])

    def test_watch_and_decline(self):
        """KZ-4: of a watch and of a refusal the class teacher hears, the parents if needed."""
        case = self.kz_case()
        self.decide(self.kz, case, "kz_kind_4_watch", watch_until="2027-01-14")
        self.assertEqual(
            [(n.addressee, n.need) for n in self.notices(case, "watch")],
            [("class_teacher", "required"), ("parents", "if_needed")],
        )
        other = self.kz_case(student_id=self.kz.other_student.id)
        self.decide(self.kz, other, "kz_kind_4_decline")
        self.assertEqual(
            [(n.addressee, n.need) for n in self.notices(other, "decline")],
            [("class_teacher", "required"), ("parents", "if_needed")],
        )

    def test_end_by_itself(self):
        """RU-7.1: a stay that ends by force of the regulation is told of as well, without a decision."""
        adult = self.make_student(self.ru, "Взрослов Пётр", self.ru.class_b, birth_date="2008-11-01")
        case = self.ru_decree(student_id=adult.id)
        with freeze_time("2026-11-02 06:00:00"):
            self.nightly()
            notices = self.notices(case, "removal")
            self.assertEqual(notices.mapped("addressee"), ["parents", "class_teacher", "commission"])
            self.assertEqual((notices[0].date_event, notices[0].decision_id.id), (date(2026, 11, 1), False))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestNoticesBadInput(NoticeCommon):
    """Each mistake has its message; nothing is half-written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls("setUp")
        cls.case = self.ru_decree()
        cls.parents, cls.teacher, cls.sender, cls.other = self.notices(cls.case)

    def unchanged(self, notice, state):
        notice.invalidate_recordset()
        self.assertEqual((notice.state, notice.date_told), (state, False))

    def test_not_sent(self):
        """What was not handed over is not acknowledged."""
        for call in (self.office(self.parents).action_acknowledge, self.office(self.parents)._acknowledge):
            with self.refused(UserError, "not handed over yet"):
                call()
        self.unchanged(self.parents, "to_send")

    def test_witnesses(self):
        """A refusal has two witnesses, two persons of this school."""
        view = self.office(self.parents)
        view._send("in_person")
        one = self.ru.employees["psychologist"]
        for witnesses in (one.browse(), one, one | one):
            with self.refused(UserError, "two different persons"):
                view._refuse_before(witnesses)
        with self.refused(UserError, "two different persons"):
            self.dialog(view.action_refuse(), witness1_id=one.id, witness2_id=one.id)
        with self.refused(UserError, "employees of this school"):
            view._refuse_before(one | self.kz.employees["head"])
        self.unchanged(self.parents, "sent")
        self.dialog(view.action_refuse(), witness1_id=one.id, witness2_id=self.ru.teacher_b.id)
        self.assertEqual((self.parents.state, self.parents.date_told), ("refused", TODAY))
        for call in (view.action_acknowledge, view.action_refuse, view.action_send):
            with self.refused(UserError, "Refused. already"):
                call()

    def test_dates(self):
        """No day in the future, none before the decision, no acknowledgement before the handing over."""
        view = self.office(self.parents)
        with self.refused(UserError, "future"):
            view._send("in_person", TODAY + timedelta(1))
        with self.refused(UserError, "before 2026-10-14"):
            view._send("in_person", TODAY - timedelta(1))
        with freeze_time("2026-10-20 06:00:00"):
            view._send("post", date(2026, 10, 16))
            with self.refused(UserError, "before 2026-10-16"):
                view._acknowledge(date(2026, 10, 15))
            with self.refused(UserError, "future"):
                view._acknowledge(date(2026, 10, 21))
            witnesses = self.ru.employees["psychologist"] | self.ru.teacher_b
            with self.refused(UserError, "before 2026-10-16"):
                view._refuse_before(witnesses, date(2026, 10, 15))
        self.unchanged(self.parents, "sent")

    def test_twice(self):
        """Nothing is sent or acknowledged twice."""
        view = self.office(self.parents)
        with self.refused(UserError, "how the notice was handed over"):
            view._send(False)
        view._send("in_person")
        with self.refused(UserError, "already"):
            view._send("post")
        view._acknowledge()
        with self.refused(UserError, "already"):
            view._acknowledge()
        with self.refused(UserError, "stays"):
            view.guardian_id = False
        self.assertEqual((self.parents.channel, self.parents.date_acknowledged), ("in_person", TODAY))

    def test_may_not_receive_any_more(self):
        """A guardian who has lost the right to papers meanwhile gets none; who has it gets the same."""
        self.mother.may_receive_papers = False
        self.assertEqual(self.parents.state, "not_needed")
        blank = self.notices(self.case, addressee="parents") - self.parents
        self.assertFalse(blank.partner_id)
        view = self.office(blank)
        self.assertIn("nobody of the family", view.next_step)
        with self.refused(UserError, "required"):
            view._skip("Лишена прав")
        stranger = self.make_guardian(self.ru.other_student, "Чужая")
        with self.refused(ValidationError, "no parent or guardian of that child"):
            view.guardian_id = stranger
        with self.refused(UserError, "may not receive papers today"):
            view.guardian_id = self.mother
        father = self.make_guardian(self.ru.student, "Петров Пётр", "father")
        self.assertEqual(blank.guardian_id, father)
        view._send("in_person")
        view._acknowledge()
        self.assertEqual(self.case.date_parents_informed, TODAY)

    def test_not_needed(self):
        """Only what is told if needed is left out, with the reason."""
        with self.refused(UserError, "RU-5.3"):
            self.office(self.parents).action_not_needed()
        with self.refused(UserError, "Write why"):
            self.office(self.other)._skip(" ")
        with self.refused(UserError, "choose the body"):
            self.office(self.other)._send("post")
        self.unchanged(self.other, "to_send")

    def test_all_or_nothing(self):
        """One wrong notice among several: each mistake is named, none is changed."""
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            self.office(self.parents | self.sender | self.other | self.teacher)._send("post")
        self.assertEqual(len(str(caught.exception).split("\n")), 2)
        self.unchanged(self.parents, "to_send")

    def test_another_role(self):
        """Who does not hand over notices is refused, whatever the way; one foreign case among several refuses all."""
        for role in ("psychologist", "subject_teacher", "administrator"):
            view = self.as_(self.ru, role, self.parents)
            for call in (view.action_send, view.action_refuse, view.action_print, view.action_acknowledge):
                with self.assertRaises(AccessError):
                    call()
        # the class teacher is the curator here: parents only
        curator = self.as_(self.ru, "class_teacher", self.parents)
        with self.assertRaises(AccessError):
            (curator | self.as_(self.ru, "class_teacher", self.sender))._send("post")
        self.unchanged(self.parents, "to_send")
        curator._send("in_person")
        self.assertEqual(self.parents.sent_by_id, self.ru.users["class_teacher"])


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestNoticesUpgrade(NoticeCommon):
    """Cases of before: what was known of the parents becomes their notices, no clock fires twice."""

    def before(self, case, informed=False):
        """Make the case look as it did before there were notices: no notices, the old clock on the case."""
        notices = self.env["vshu.notice"].search([("case_id", "=", case.id)])
        guarded(notices.deadline_ids).unlink()
        self.cr.execute("DELETE FROM vshu_notice WHERE id IN %s", (notices._ids,))
        self.env.invalidate_all()
        self.ref("ru_rule_5_3").sudo().active = True
        case._deadline_sync()
        self.ref("ru_rule_5_3").sudo().active = False
        clock = case.deadline_ids.filtered(lambda d: d.rule_id == self.ref("ru_rule_5_3"))
        self.assertEqual(clock.state, "open")
        if informed:
            guarded(case).write({"date_parents_informed": informed})
        return clock

    def migrate(self):
        script = load_script(str(SCRIPT), "post-notices")
        script.migrate(self.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_cases(self):
        """Told: acknowledged on that day. Not told: to hand over, the running clock of the case runs on to its end."""
        told, waiting = self.ru_decree(), self.ru_decree(student_id=self.ru.other_student.id)
        self.make_guardian(self.ru.other_student, "Сидорова Нина")
        clock = self.before(told, TODAY)
        running = self.before(waiting)
        self.migrate()
        self.assertEqual(clock.state, "met")
        notice = self.notices(told)
        self.assertEqual((notice.addressee, notice.state), ("parents", "acknowledged"))
        self.assertEqual((notice.date_told, notice.date_acknowledged, told.date_parents_informed), (TODAY,) * 3)
        notice = self.notices(waiting)
        self.assertEqual((notice.state, notice.partner_id.name), ("to_send", "Сидорова Нина"))
        self.assertFalse(notice.deadline_ids)
        self.migrate()
        self.assertEqual(len(self.notices(waiting)), 1, "a second run adds nothing")
        with freeze_time("2026-10-21 06:00:00"):
            self.nightly()
            self.assertEqual(running.state, "overdue")
            self.as_(self.ru, "social_pedagogue", waiting).action_parents_informed()
            self.assertEqual((running.state, running.date_met), ("met_late", date(2026, 10, 21)))
            self.assertFalse(notice.deadline_ids)

    def test_own_version(self):
        """A version that a school made before gets the rules and clocks of the one that it was made from."""
        own = self.as_(self.ru, "administrator", self.ru.school.regulation_id)._copy_for_company(self.ru.company).sudo()
        env = api.Environment(self.cr, self.env.ref("base.user_root").id, {})
        own = own.with_env(env)
        own.notice_rule_ids.unlink()
        own.deadline_rule_ids.filtered(lambda r: r.model == "vshu.notice").unlink()
        old = (
            env["vshu.deadline.rule"]
            .with_context(active_test=False)
            .search([("regulation_id", "=", own.id), ("code", "=", "5.3")])
        )
        old.active = True
        own.document_type_ids.fed_by = False
        self.migrate()
        shipped = self.ref("ru_regulation")
        self.assertEqual(set(own.notice_rule_ids.mapped("code")), set(shipped.notice_rule_ids.mapped("code")))
        commission = own.notice_rule_ids.filtered(lambda r: r.code == "5.3.commission")
        self.assertEqual(commission.own_form_ids.regulation_id, own)
        self.assertFalse(old.active)
        clocks = own.deadline_rule_ids.filtered(lambda r: r.model == "vshu.notice")
        self.assertEqual(set(clocks.mapped("code")), {"5.3.notice", "5.3.notice.other"})
        self.assertEqual(own.document_type_ids.filtered(lambda t: t.fed_by == "notices").mapped("code"), ["5.4.2"])


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestNoticeQueries(QueryCommon):
    """Lists, forms and the making of notices work on sets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        grounds = cls.env["vshu.ground"].search([("code", "like", "18.")])
        cls.cases = cls.make_cases(cls.kz, 60, grounds, cls.env.ref("vshu_registry.kz_basis_4"))
        cls.stays = cls.cases.filtered(lambda case: case.state == "active")

    def test_making(self):
        """The notices of many stays are made in as many queries as those of a few."""
        few, many = self.stays[:4], self.stays[:12]

        def make(cases):
            return lambda: guarded(cases.sudo())._stay_changed("placement", cases.decision_ids[:1])

        first, second = self.queries(make(few)), self.queries(make(many))
        # Odoo writes and inserts a hundred rows at a time, bus messages go out by user
        self.assertLess(len(second) - len(first), 8, f"{len(first)} → {len(second)}")

    def test_marking(self):
        """Handing over and acknowledging many at once: our own queries are as many as for two."""
        self.stays._make_notices("placement")
        notices = self.env["vshu.notice"].search([("case_id", "in", self.stays.ids), ("addressee", "=", "parents")])
        self.assertEqual(len(notices), len(self.stays))

        def hand_over(records):
            def run():
                records._send("in_person")
                records._acknowledge()

            return run

        office = self.as_(self.kz, "social_pedagogue", notices)
        few, many = (self.queries(hand_over(some)) for some in (office[:2], office[2:]))
        own = [[query for query in queries if "vshu_" in str(query)] for queries in (few, many)]
        self.assertEqual(len(own[0]), len(own[1]))
        # the note that Odoo writes for each activity that is done
        self.assertLessEqual(len(many) - len(few), 5 * (len(office) - 4))

    def test_list(self):
        """A page of notices: at most 14 queries, however long."""
        self.stays._make_notices("placement")
        for role in ("social_pedagogue", "class_teacher"):
            records = self.as_(self.kz, role, self.env["vshu.notice"])
            spec = specification(records, "list")
            ids = self.env["vshu.notice"].search([]).ids

            def read(some, records=records, spec=spec):  # pylint: disable=dangerous-default-value
                return lambda: records.web_search_read([("id", "in", some)], spec, limit=80)

            with self.subTest(role=role):
                self.assertBudget(14, read(ids))
                self.assertConstant(read(ids[:10]), read(ids))

    def test_form(self):
        """Opening a notice: at most 20 queries."""
        self.stays._make_notices("placement")
        notice = self.as_(self.kz, "social_pedagogue", self.env["vshu.notice"].search([], limit=1))
        spec = specification(notice.browse(), "form")
        self.assertBudget(20, lambda: notice.web_read(spec))
