"""Papers where there are any, moves to the other kind, minutes signed late (law.md 1, law.md 4, law.md 13)."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import GUARD

from .common import ON_THE_DAY, CouncilCommon


class LawCommon(CouncilCommon):
    def setUp(self):
        super().setUp()
        self.make_council(self.ru)

    def truant(self, *missing):
        """Return a submission for control of a truant whose papers are there but for the types ``missing``."""
        case = self.submitted(self.ru, kind="control", ground_id=self.ref("ru_ground_6_1_1").id)
        self.papers(case)
        for code in missing:
            case.document_ids.filtered(lambda d, c=code: d.type_id == self.ref(c)).write({"on_paper": False})
        return case

    def clock(self, case, rule):
        return case.deadline_ids.filtered(lambda d: d.rule_id == self.ref(rule))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLawPapers(LawCommon):
    """law.md 4: RU-9.2, RU-N2.4: each paper where there is one; the absence is accepted once, kept and shown."""

    def test_parents_who_do_not_react(self):
        """RU-N2.4: a truant whose parents make no application comes on control; who presides says why, once."""
        case = self.truant("ru_document_9_2_3")
        meeting = self.sitting(self.ru, [case])
        item = meeting.item_ids
        place = self.kind("ru_kind_9_1_place")
        with self.refused(UserError, r"papers are missing.*RU-9\.2"):
            self.hear(self.ru, item, place)
        with freeze_time(ON_THE_DAY):
            with self.refused(AccessError, "whoever presides"):
                self.as_(self.ru, "social_pedagogue", item)._allow_without_papers("не реагируют")
            self.as_(self.ru, "head", item)._allow_without_papers("родители не реагируют на вызовы")
        self.hear(self.ru, item, place)
        minutes = self.closed(self.ru, meeting)
        line = minutes._content()["lines"][0]
        self.assertIn("родители не реагируют", line["papers"])
        self.assertEqual(line["papers"].count("родители не реагируют"), 1, "said once")
        self.sign(self.ru, minutes)
        self.assertEqual((case.state, case.date_placed), ("active", date(2026, 10, 20)))
        paper = case.document_ids.filtered(lambda d: d.type_id == self.ref("ru_document_9_2_3"))
        self.assertEqual((paper.state, paper.absence_by_id), ("absent", self.ru.users["head"]))
        self.assertEqual(paper.absence_reason, "родители не реагируют на вызовы")
        self.assertEqual(paper.absence_date, date(2026, 10, 20))
        self.assertIn("absent", [kind["state"] for kind in case._paper_kinds()])

    def test_each_paper(self):
        """RU-9.2: the same for every paper that the clause lists; what comes after all takes its place."""
        required = self.ref("ru_requirement_9_2_1").search(
            [("code", "=like", "9.2.%"), ("need", "=", "required"), ("regulation_id.shipped", "=", True)]
        )
        self.assertEqual(len(required), 5)
        self.assertEqual(set(required.mapped("absence_role_id.code")), {"head"})
        case = self.truant()
        for paper in case.document_ids.filtered(lambda d: d.requirement_id in required):
            with self.subTest(paper=paper.requirement_id.code):
                paper.write({"on_paper": False})
                self.assertTrue(case._paper_problems("placement"))
                self.as_(self.ru, "head", paper)._accept_absence("такого нет")
                self.assertEqual((case._paper_problems("placement"), paper.state), ([], "absent"))
                paper.write({"on_paper": True, "date": self.day})
                self.assertEqual(paper.state, "ready")

    def test_before_the_meeting(self):
        """RU-9.2: the head accepts it on the case, with a reason; nobody else, and not twice."""
        case = self.truant("ru_document_9_2_3")
        paper = case.document_ids.filtered(lambda d: d.type_id == self.ref("ru_document_9_2_3"))
        for role in ("social_pedagogue", "deputy_head", "class_teacher"):
            with self.refused(AccessError, "is accepted by"):
                self.as_(self.ru, role, paper)._accept_absence("нет")
            with self.refused(AccessError, "buttons of the record"):
                self.as_(self.ru, role, paper).write({"absence_reason": "нет"})
        head = self.as_(self.ru, "head", paper)
        self.assertTrue(head.can_accept_absence)
        with self.refused(UserError, "write why"):
            head._accept_absence(" ")
        dialog = (
            self.env["vshu.reason"]
            .with_user(self.ru.users["head"])
            .create({"action": "absence", "document_id": paper.id, "reason": "родители отказались писать"})
        )
        dialog.action_confirm()
        with self.refused(UserError, "not awaited"):
            head._accept_absence("ещё раз")
        meeting = self.sitting(self.ru, [case])
        self.assertTrue(meeting.item_ids.papers_ok)
        self.hear(self.ru, meeting.item_ids, self.kind("ru_kind_9_1_place"))
        minutes = self.closed(self.ru, meeting)
        self.assertIn("родители отказались писать", minutes._content()["lines"][0]["papers"], "the minutes say it")

    def test_what_must_be_there(self):
        """RU-9.3, KZ-19: where the law wants the paper itself no reason is taken, so none is refused afterwards."""
        self.make_council(self.kz)
        case = self.on_term()
        self.as_(self.kz, "social_pedagogue", case)._propose_removal(self.ref("kz_reason_19_1"))
        meeting = self.sitting(self.kz, [case])
        item = meeting.item_ids.filtered(lambda i: i.topic == "removal")
        with freeze_time(ON_THE_DAY), self.refused(UserError, r"must be there(.|\n)*KZ-19"):
            self.as_(self.kz, "head", item)._allow_without_papers("нет времени")
        self.assertFalse(item.no_papers_reason)

    def test_families(self):
        """RU-9.2: the decree on a family that the commission recognised, where there is one."""
        family = self.env["vshu.family"].create({"name": "Петровы", "company_id": self.ru.company.id})
        case = self.submitted(
            self.ru,
            kind="control",
            subject="family",
            family_id=family.id,
            ground_id=self.ref("ru_ground_6_2_3").id,
            student_id=False,
        )
        self.papers(case)
        paper = case.document_ids.filtered(lambda d: d.type_id == self.ref("ru_document_9_2_6"))
        paper.write({"on_paper": False})
        meeting = self.sitting(self.ru, [case])
        with freeze_time(ON_THE_DAY):
            self.as_(self.ru, "head", meeting.item_ids)._allow_without_papers("выписка ещё не пришла")
        self.hear(self.ru, meeting.item_ids, self.kind("ru_kind_9_1_place"))
        self.sign(self.ru, self.closed(self.ru, meeting))
        self.assertEqual((case.state, paper.state), ("active", "absent"))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLawMeeting(LawCommon):
    """law.md 13: the day of the sitting, the day of the signatures."""

    def test_minutes_signed_late(self):
        """RU-5.2: considered on the day of the meeting; RU-5.3: the clock runs from the entry, made by signing."""
        case = self.submitted(self.ru)
        self.make_guardian(case.student_id)
        self.papers(case)
        meeting = self.sitting(self.ru, [case])
        self.hear(self.ru, meeting.item_ids, self.kind("ru_kind_5_2_place"))
        minutes = self.closed(self.ru, meeting)
        clock = self.clock(case, "ru_rule_5_2")
        self.assertEqual((case.date_considered, clock.state), (date(2026, 10, 20), "met"))
        self.assertEqual(clock.date_met, date(2026, 10, 20))
        with freeze_time("2026-11-10 06:00:00"):
            self.nightly()
            self.assertEqual((clock.state, case.state), ("met", "submitted"), "not overdue, though nobody has signed")
            for role in ("social_pedagogue", "head"):
                self.as_(self.ru, role, minutes).action_sign()
            notices = self.env["vshu.notice"].search([("case_id", "=", case.id), ("event", "=", "placement")])
            clocks = notices.deadline_ids
            self.assertTrue(clocks)
            self.assertEqual(set(clocks.mapped("state")), {"open"})
            self.assertEqual(set(clocks.mapped("date_event")), {date(2026, 11, 10)})
        self.assertEqual((case.date_placed, case.date_entered), (date(2026, 10, 20), date(2026, 11, 10)))
        self.assertEqual(clock.date_met, date(2026, 10, 20))

    def test_other_outcomes_signed_late(self):
        """RU-5.2: found not expedient, or watched: the same; nobody is late before it can be known."""
        cases = {}
        for effect in ("decline", "watch"):
            cases[effect] = self.submitted(self.ru)
            self.papers(cases[effect])
        meeting = self.sitting(self.ru, list(cases.values()))
        for effect, case in cases.items():
            item = meeting.item_ids.filtered(lambda i, c=case: i.case_id == c)
            watch = {"watch_until": "2026-12-20"} if effect == "watch" else {}
            self.hear(self.ru, item, self.kind(f"ru_kind_5_2_{effect}"), **watch)
        minutes = self.closed(self.ru, meeting)
        for case in cases.values():
            self.assertEqual(self.clock(case, "ru_rule_5_2").state, "met")
        with freeze_time("2026-11-10 06:00:00"):
            for role in ("social_pedagogue", "head"):
                self.as_(self.ru, role, minutes).action_sign()
            for effect, case in cases.items():
                notices = self.env["vshu.notice"].search([("case_id", "=", case.id), ("event", "=", effect)])
                self.assertEqual(set(notices.deadline_ids.mapped("state")), {"open"}, effect)

    def test_opened_again(self):
        """RU-5.2: what is taken up again has not been considered yet."""
        case = self.submitted(self.ru)
        self.papers(case)
        meeting = self.sitting(self.ru, [case])
        self.hear(self.ru, meeting.item_ids, self.kind("ru_kind_5_2_place"))
        self.closed(self.ru, meeting)
        with freeze_time(ON_THE_DAY):
            self.as_(self.ru, "social_pedagogue", meeting.item_ids).action_reopen()
        self.assertFalse(case.date_considered)
        self.assertEqual(self.clock(case, "ru_rule_5_2").state, "open")

    def test_heard_again_is_not_considered(self):
        """RU-5.2: put off is not one of the three outcomes: the ten days run on."""
        case = self.submitted(self.ru)
        self.papers(case)
        meeting = self.sitting(self.ru, [case])
        self.hear(self.ru, meeting.item_ids, self.kind("ru_kind_hear_again"))
        self.closed(self.ru, meeting)
        self.assertEqual((case.date_considered, self.clock(case, "ru_rule_5_2").state), (False, "open"))

    def test_move_by_the_council(self):
        """law.md 1: RU-8, RU-9.3, RU-5.2, RU-3.2: heard as a removal, both stays settled by one decision."""
        case = self.truant()
        meeting = self.sitting(self.ru, [case])
        self.hear(self.ru, meeting.item_ids, self.kind("ru_kind_9_1_place"))
        self.sign(self.ru, self.closed(self.ru, meeting))
        self.assertEqual(case.state, "active")
        with freeze_time("2026-10-21 06:00:00"):
            new = self.to_move(self.ru, case, "register", "ru_ground_3_2_3", "ru_reason_8_5")
            later = {"date": "2026-10-21 10:00:00", "decision_date": "2026-10-21"}
            meeting = self.make_meeting(self.ru, [case, new], **later)
            self.as_(self.ru, "deputy_head", meeting).action_convene()
            own = self.as_(self.ru, "social_pedagogue", meeting)
            own.action_start()
            own.action_all_present()
            item = meeting.item_ids.filtered(lambda i: i.case_id == case)
            self.assertEqual(item.topic, "removal")
            vals = {
                "summary": "Пропуски продолжаются.",
                "kind_id": self.kind("ru_kind_convert_register").id,
                "decision_text": "решение",
                "count_for": 5,
                "removal_reason_id": self.ref("ru_reason_8_5").id,
            }
            self.as_(self.ru, "social_pedagogue", item).write(vals)
            new.with_context(vshu_guard=GUARD).consent = False
            with self.refused(UserError, r"consent(.|\n)*RU-3\.2"):
                self.as_(self.ru, "social_pedagogue", item).action_decide()
            self.as_(self.ru, "head", new).action_consent()
            self.as_(self.ru, "social_pedagogue", item).action_decide()
            self.assertEqual(meeting.item_ids, item, "the submission of the new stay is answered by it")
            own.action_close()
            self.assertEqual(new.date_considered, date(2026, 10, 21))
            for role in ("social_pedagogue", "head"):
                self.as_(self.ru, role, meeting.minutes_ids).action_sign()
        self.assertEqual((case.state, case.removal_reason_id.code), ("closed", "8.5"))
        self.assertEqual((new.state, new.converted_from_id), ("active", case))
        self.assertEqual(new.placement_decision_id, item.decision_id)
        self.assertFalse(new.agenda_item_ids.filtered(lambda i: i.state in ("waiting", "scheduled")))

    def test_leavers_are_on_the_list(self):
        """law.md 6: KZ-19, RU-8: who leaves in the middle of the year waits for the council at once."""
        self.make_council(self.kz)
        case = self.on_term()
        case.student_id.vshu_enrollment_ids.write(
            {"date_to": "2026-10-13", "end_reason_id": self.ref("end_reason_moved").id}
        )
        waiting = case.agenda_item_ids.filtered(lambda i: i.state == "waiting")
        self.assertEqual(waiting.mapped("topic"), ["removal"])
