"""Two signatures, and what the second one does (KZ-13, KZ-16, RU-5.2, RU-N4.2)."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from .common import ON_THE_DAY, TODAY, CouncilCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestSigning(CouncilCommon):
    def setUp(self):
        super().setUp()
        self.make_council(self.kz)

    def three(self):
        """Return minutes to be signed: one registered, one watched, one extended (acceptance 1)."""
        self.placed, self.watched = self.submitted(self.kz), self.submitted(self.kz)
        self.make_guardian(self.placed.student_id, may_receive_papers=True)
        self.extended = self.on_term()
        for case in (self.placed, self.watched):
            self.papers(case)
        meeting = self.sitting(self.kz, [self.placed, self.watched, self.extended])
        # the order of the agenda is not that in which the items came up
        guarded(meeting.item_ids).write({"sequence": 10})
        guarded(self.item_of(self.placed)).write({"date_due": "2026-10-30"})
        guarded(self.item_of(self.watched)).write({"date_due": "2026-10-25"})
        by_case = {item.case_id: item for item in meeting.item_ids}
        task = {
            "name": "Посетить семью",
            "employee_id": self.kz.employees["member_a"].id,
            "date_due": "2026-11-02",
        }
        self.hear(
            self.kz, by_case[self.placed], self.kind("kz_kind_4_place"), months=3, assignment_ids=[Command.create(task)]
        )
        self.hear(self.kz, by_case[self.watched], self.kind("kz_kind_4_watch"), watch_until="2027-01-20")
        self.hear(self.kz, by_case[self.extended], self.kind("kz_kind_16_extend"), months=3, date_end="2027-04-14")
        return self.closed(self.kz, meeting)

    def test_day_of_the_school(self):
        """Half past one in the night of Almaty it is still the day before in UTC, the clock of the accounts here."""
        case = self.submitted(self.kz)
        self.papers(case)
        night = "2026-10-19 20:30:00"
        with patch("odoo.addons.vshu_council.tests.common.ON_THE_DAY", night):
            meeting = self.sitting(self.kz, [case], date="2026-10-19 20:15:00")
            self.hear(self.kz, meeting.item_ids, self.kind("kz_kind_4_place"), months=3)
            self.sign(self.kz, self.closed(self.kz, meeting))
        self.assertEqual((meeting.date_day, meeting.date_signed), (date(2026, 10, 20), date(2026, 10, 20)))
        self.assertEqual((case.state, case.date_placed), ("active", date(2026, 10, 20)))
        self.assertEqual(case.date_end, date(2027, 1, 20))

    def test_signing_carries_out(self):
        minutes = self.three()
        meeting = minutes.meeting_id
        self.sign(self.kz, minutes, "social_pedagogue")
        self.assertEqual((minutes.state, minutes.frozen, self.placed.state), ("draft", True, "submitted"))
        self.sign(self.kz, minutes, "head")
        self.assertEqual((minutes.state, meeting.state), ("signed", "signed"))
        self.assertEqual(self.placed.state, "active")
        self.assertEqual((self.placed.date_placed, self.placed.date_end), (date(2026, 10, 20), date(2027, 1, 20)))
        self.assertEqual(self.watched.state, "watched")
        self.assertEqual((self.extended.date_end, self.extended.term_status), (date(2027, 4, 14), "running"))
        entry = self.env["vshu.journal.entry"].search([("case_id", "=", self.placed.id)])
        self.assertTrue(entry.number)
        decision = self.placed.placement_decision_id
        self.assertEqual((decision.number, decision.date, decision.state), ("1", date(2026, 10, 20), "done"))
        self.assertEqual(decision.agenda_item_id.meeting_id, meeting)
        notices = self.env["vshu.notice"].search([("case_id", "=", self.placed.id), ("event", "=", "placement")])
        self.assertTrue(notices.filtered(lambda n: n.addressee == "parents"))
        self.assertEqual(set(meeting.item_ids.mapped("state")), {"done"})
        self.assertEqual(minutes.extract_ids.case_id, self.placed | self.watched | self.extended)
        task = self.env["vshu.assignment"].search([("agenda_item_id.meeting_id", "=", meeting.id)])
        self.assertEqual((task.case_id, task.date_due), (self.placed, date(2026, 11, 2)))
        self.assertTrue(task.deadline_ids)
        self.assertEqual(meeting.open_until, date(2026, 11, 3))
        clocks = {clock.rule_id.code: clock for clock in meeting.deadline_ids}
        self.assertEqual({clock.state for clock in clocks.values()}, {"met"})
        self.assertEqual(clocks["council.minutes"].date_due, date(2026, 10, 23), "three working days, practice")
        with freeze_time(ON_THE_DAY), self.refused(UserError, "both have signed already"):
            self.as_(self.kz, "head", minutes).action_sign()
        self.assertEqual(len(self.placed.decision_ids), 1)

    def test_who_signs(self):
        """Whoever presided and whoever kept the minutes, nobody else, each once (KZ-13)."""
        minutes = self.three()
        for who in ("deputy_head", "psychologist", "member_a"):
            with self.refused(AccessError, "nobody else|not allowed"):
                self.sign(self.kz, minutes, who)
        self.sign(self.kz, minutes, "head")
        with self.refused(UserError, "you have signed already"):
            self.sign(self.kz, minutes, "head")
        for vals in ({"state": "signed"}, {"secretary_signed_at": "2026-10-20"}, {"frozen": False}, {"number": 5}):
            with self.refused(AccessError, "buttons of the record"):
                self.as_(self.kz, "social_pedagogue", minutes).write(vals)
        with self.refused(AccessError, "Minutes come from closing|not allowed"):
            self.as_(self.kz, "social_pedagogue", self.env["vshu.minutes"]).create(
                {"meeting_id": minutes.meeting_id.id}
            )
        with self.refused(UserError, "never deleted"):
            minutes.unlink()

    def test_first_signature_locks(self):
        """The text does not change under a signature; taking it back opens it again."""
        minutes = self.three()
        item = minutes.meeting_id.item_ids[0]
        self.sign(self.kz, minutes, "social_pedagogue")
        hash_ = minutes.text_hash
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(minutes._hash(), hash_, "the same text read anew")
        self.assertEqual((minutes.secretary_hash, len(hash_)), (hash_, 64))
        with self.refused(UserError, "bear a signature"):
            self.as_(self.kz, "social_pedagogue", item).action_reopen()
        with self.refused(UserError, "stays as it was"):
            self.as_(self.kz, "social_pedagogue", minutes.line_ids[0]).write({"summary": "иначе"})
        self.env.cr.execute("UPDATE vshu_minutes_line SET summary = 'подмена' WHERE id = %s", [minutes.line_ids[0].id])
        self.env.invalidate_all()
        with self.refused(UserError, "not the one that was signed first"):
            self.sign(self.kz, minutes, "head")
        with self.refused(AccessError, "does not bear your signature"):
            self.as_(self.kz, "head", minutes).action_take_back()
        self.as_(self.kz, "social_pedagogue", minutes).action_take_back()
        self.assertFalse(minutes.frozen or minutes.line_ids or minutes.secretary_signed_at)
        self.as_(self.kz, "social_pedagogue", item).action_reopen()
        self.assertEqual(minutes.meeting_id.state, "sitting")

    def test_all_or_nothing(self):
        """If one decision cannot be carried out nothing is, and the message names the item and why."""
        minutes = self.three()
        self.sign(self.kz, minutes, "social_pedagogue")
        student = self.watched.student_id
        self.placed.curator_id = False
        enrollment = self.placed.student_id.vshu_enrollment_ids
        enrollment.write(
            {"date_to": "2026-10-15", "end_reason_id": self.env["vshu.enrollment.end.reason"].search([], limit=1).id}
        )
        number = minutes.meeting_id.item_ids.filtered(lambda i: i.case_id == self.placed).number
        with self.refused(UserError, f"item {number}: .*not enrolled"):
            self.sign(self.kz, minutes, "head")
        self.env.invalidate_all()
        self.assertEqual(
            (minutes.state, self.watched.state, self.extended.date_end), ("draft", "submitted", date(2027, 1, 14))
        )
        self.assertFalse(minutes.extract_ids or minutes.chair_signed_at)
        self.assertTrue(student)

    def test_fifth_fails(self):
        """An error in the middle of carrying out takes back what came before it."""
        minutes = self.three()
        self.sign(self.kz, minutes, "social_pedagogue")
        case = type(self.env["vshu.case"])
        self.patch(case, "_effect_extend", lambda cases, decision: (_ for _ in ()).throw(UserError("сбой")))
        with self.refused(UserError, "сбой"):
            self.sign(self.kz, minutes, "head")
        self.env.invalidate_all()
        self.assertEqual((self.placed.state, minutes.state), ("submitted", "draft"))

    def test_correction(self):
        """Wording only, by a new version that both sign; the old one stays readable, nothing is carried out twice."""
        minutes = self.three()
        self.sign(self.kz, minutes)
        own = self.as_(self.kz, "social_pedagogue", minutes)
        with self.refused(UserError, "write why it is corrected"):
            own._correct("")
        with self.refused(AccessError, "your role|not allowed"):
            self.as_(self.kz, "psychologist", minutes)._correct("опечатка")
        new = self.env["vshu.minutes"].browse(own._correct("опечатка в фамилии")["res_id"])
        self.assertEqual((new.version, new.number, new.state), (2, minutes.number, "draft"))
        with self.refused(UserError, "already that waits"):
            own._correct("ещё")
        with self.refused(AccessError, ""):
            self.as_(self.kz, "psychologist", new).action_discard()
        with self.refused(UserError, "without a signature goes"):
            own.action_discard()
        self.as_(self.kz, "social_pedagogue", new).action_discard()
        self.assertFalse(new.exists())
        new = self.env["vshu.minutes"].browse(own._correct("опечатка в фамилии")["res_id"])
        line = self.as_(self.kz, "social_pedagogue", new.line_ids[0])
        line.summary = "Исправленный текст."
        with self.refused(UserError, "touches the wording only"):
            line.write({"votes_for": 4})
        with self.refused(UserError, "touches the wording only"):
            line.write({"kind_id": self.kind("kz_kind_4_decline").id})
        self.assertEqual(minutes.meeting_id.minutes_id, minutes)
        decisions = self.env["vshu.decision"].search_count([])
        self.sign(self.kz, new)
        self.assertEqual((minutes.state, new.state), ("replaced", "signed"))
        self.assertEqual(minutes.meeting_id.minutes_id, new)
        self.assertEqual(minutes.extract_ids[0].line_id.minutes_id, new)
        self.assertNotEqual(minutes.text_hash, new.text_hash)
        self.assertEqual(minutes._hash(), minutes.text_hash)
        self.assertEqual(self.env["vshu.decision"].search_count([]), decisions)

    def test_numbers(self):
        """Per school and school year, without gaps, whatever is cancelled between."""
        self.three()
        self.convened(self.kz, [self.submitted(self.kz)], date="2026-10-20 15:00:00")
        gone = self.convened(self.kz, [self.submitted(self.kz)], date="2026-10-21 15:00:00")
        self.as_(self.kz, "head", gone)._cancel("карантин")
        case = self.submitted(self.kz)
        self.papers(case)
        meeting = self.sitting(self.kz, [case], date="2026-10-20 06:30:00")
        self.hear(self.kz, meeting.item_ids, self.kind("kz_kind_4_decline"))
        self.assertEqual(self.closed(self.kz, meeting).number, 2)
        self.make_council(self.ru)
        ru = self.submitted(self.ru)
        meeting = self.sitting(self.ru, [ru])
        self.hear(self.ru, meeting.item_ids, self.kind("ru_kind_5_2_decline"))
        self.assertEqual(self.closed(self.ru, meeting).number, 1)

    def test_hear_again(self):
        """The case stays as it is and waits for the next meeting."""
        case = self.submitted(self.kz)
        self.papers(case)
        meeting = self.sitting(self.kz, [case])
        first = meeting.item_ids
        self.hear(self.kz, first, self.kind("kz_kind_hear_again"), next_date="2026-11-10")
        self.sign(self.kz, self.closed(self.kz, meeting))
        self.assertEqual((case.state, case.hearing_date, first.state), ("submitted", False, "done"))
        again = self.item_of(case)
        self.assertEqual((again.state, again.topic), ("waiting", "placement"))
        self.assertNotEqual(again, first)

    def test_petition(self):
        """A letter is drafted by the decision, where its condition holds (KZ-17)."""
        case = self.on_term()
        meeting = self.sitting(self.kz, [case])
        item = meeting.item_ids
        kinds = self.kz.school.regulation_id.petition_kind_ids
        wrong = (kinds - item.allowed_petition_ids)[:1]
        with self.refused(UserError, "not on record that the parents refuse help"):
            self.hear(self.kz, item, self.kind("kz_kind_petition"), petition_kind_id=wrong.id)
        mother = self.make_guardian(case.student_id).partner_id
        for fact in ("refused", "no_measures"):
            self.env["vshu.parent.fact"].create(
                {
                    "case_id": case.id,
                    "kind": fact,
                    "date": TODAY,
                    "note": "Отказ от помощи психолога.",
                    "partner_ids": [Command.link(mother.id)],
                    "witness_id": self.kz.employees["member_a"].id,
                    "witness2_id": self.kz.employees["member_b"].id,
                }
            )
        self.env.invalidate_all()
        kind = item.allowed_petition_ids[:1]
        self.assertTrue(kind)
        self.hear(self.kz, item, self.kind("kz_kind_petition"), petition_kind_id=kind.id)
        self.sign(self.kz, self.closed(self.kz, meeting))
        self.assertEqual((case.petition_ids.kind_id, case.petition_ids.state), (kind, "draft"))
        self.assertEqual(self.item_of(case).state, "waiting", "the term is still undecided")

    def test_other_matter(self):
        """A matter without a case is noted; its task has a clock of its own."""
        item = self.as_(self.kz, "social_pedagogue", self.env["vshu.agenda.item"]).create(
            {"company_id": self.kz.company.id, "topic": "other", "title": "Неделя профилактики"}
        )
        meeting = self.make_meeting(self.kz)
        self.as_(self.kz, "social_pedagogue", item).write({"meeting_id": meeting.id})
        self.as_(self.kz, "deputy_head", meeting).action_convene()
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "social_pedagogue", meeting).action_start()
            self.as_(self.kz, "social_pedagogue", meeting).action_all_present()
        task = {"name": "План недели", "employee_id": self.kz.employees["member_b"].id, "date_due": "2026-11-02"}
        self.hear(self.kz, item.sudo(), self.kind("kz_kind_note"), assignment_ids=[Command.create(task)])
        self.sign(self.kz, self.closed(self.kz, meeting))
        self.assertEqual(item.sudo().state, "done")
        made = self.env["vshu.assignment"].search([("agenda_item_id", "=", item.id)])
        self.assertEqual(made.deadline_ids.user_id, self.kz.users["member_b"])

    def test_not_by_hand(self):
        """While a council is in force its decisions come from minutes; before, they were typed (KZ-13)."""
        case = self.submitted(self.kz)
        self.papers(case)
        self.assertFalse(self.as_(self.kz, "social_pedagogue", case).can_decide)
        self.assertIn("next meeting", case.next_step)
        with self.refused(UserError, "signed minutes"):
            self.decide(self.kz, case, "kz_kind_4_place", months=3)
        with self.refused(AccessError, "signed minutes"):
            self.decide(self.kz, case, "kz_kind_4_place", months=3, agenda_item_id=self.item_of(case).id)
        guarded(self.kz.council).write({"state": "draft"})
        self.env.registry.clear_cache()
        self.decide(self.kz, case, "kz_kind_4_place", months=3)
        self.assertEqual(case.state, "active")
        self.assertEqual(self.item_of(case).state, "withdrawn")

    def test_extract(self):
        minutes = self.three()
        self.sign(self.kz, minutes)
        extract = minutes.extract_ids[0]
        with self.refused(AccessError, ""):
            self.as_(self.kz, "psychologist", extract).action_file()
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "social_pedagogue", extract).action_file()
        self.assertEqual((extract.state, extract.date_filed), ("filed", date(2026, 10, 20)))
        with self.refused(UserError, "already"):
            self.as_(self.kz, "social_pedagogue", extract).action_file()

    def test_control(self):
        """RU-6, RU-8, RU-9.1, RU-N3.1, RU-N4.1: placed on control for non-attendance and taken off, both by minutes."""
        self.make_council(self.ru)
        case = self.submitted(self.ru, kind="control", ground_id=self.ref("ru_ground_6_1_1").id)
        self.papers(case)
        meeting = self.sitting(self.ru, [case])
        self.hear(self.ru, meeting.item_ids, self.kind("ru_kind_9_1_place"))
        self.assertEqual(case.state, "submitted", "nothing before both have signed")
        self.sign(self.ru, self.closed(self.ru, meeting))
        self.assertEqual((case.state, case.kind), ("active", "control"))
        with freeze_time("2026-10-20 12:00:00"):
            case.proposed_reason_id = case.allowed_reason_ids[:1]
            self.as_(self.ru, "social_pedagogue", case).action_propose_removal()
            for paper in case.document_ids.filtered(lambda d: d.need == "required" and d.state != "ready"):
                paper.write({"date": "2026-10-20", "on_paper": True, "rating": "positive" if paper.rated else False})
            again = self.sitting(self.ru, [case], date="2026-10-20 12:30:00")
        with freeze_time("2026-10-20 13:00:00"):
            self.as_(self.ru, "social_pedagogue", again.item_ids).write(
                {
                    "summary": "Занятия посещает.",
                    "kind_id": self.kind("ru_kind_8_remove").id,
                    "removal_reason_id": case.proposed_reason_id.id,
                    "decision_text": "снять",
                    "count_for": 5,
                }
            )
            self.as_(self.ru, "social_pedagogue", again.item_ids).action_decide()
            self.as_(self.ru, "social_pedagogue", again).action_close()
            for role in ("head", "social_pedagogue"):
                self.as_(self.ru, role, again.minutes_ids).action_sign()
        self.assertEqual((case.state, case.date_removed), ("closed", date(2026, 10, 20)))
        self.assertEqual(again.minutes_ids.number, 2)

    def test_russia(self):
        """RU-5.2's three outcomes and RU-6's control come from minutes as well."""
        self.make_council(self.ru)
        placed, declined = self.submitted(self.ru), self.submitted(self.ru)
        meeting = self.sitting(self.ru, [placed, declined])
        by_case = {item.case_id: item for item in meeting.item_ids}
        self.hear(self.ru, by_case[placed], self.kind("ru_kind_5_2_place"))
        self.hear(self.ru, by_case[declined], self.kind("ru_kind_5_2_decline"))
        clocks = (placed | declined).deadline_ids.filtered(lambda d: d.clause == "RU-5.2")
        self.assertEqual(set(clocks.mapped("state")), {"open"})
        self.sign(self.ru, self.closed(self.ru, meeting))
        self.assertEqual((placed.state, declined.state), ("active", "declined"))
        self.assertEqual(set(clocks.mapped("state")), {"met"})
        self.assertEqual(placed.placement_decision_id.form_id, self.ref("ru_form_council_minutes"))
