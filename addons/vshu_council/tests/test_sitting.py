"""Attendance, quorum, who presides, papers, votes and decisions (KZ-7, KZ-11, KZ-13, KZ-16, RU-5.2)."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ON_THE_DAY, CouncilCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestSitting(CouncilCommon):
    def setUp(self):
        super().setUp()
        self.make_council(self.kz)
        self.place = self.kind("kz_kind_4_place")

    def mark(self, meeting, *present):
        """Note who is present, all other members absent."""
        for person in meeting.member_ids:
            is_there = any(person.user_id == self.kz.users[who] for who in present)
            self.as_(self.kz, "social_pedagogue", person).write({"attendance": "present" if is_there else "absent"})

    def person(self, meeting, who):
        return meeting.member_ids.filtered(lambda p: p.user_id == self.kz.users[who])

    def ready(self, **vals):
        """Return (meeting that sits, its item) about a case whose papers are there."""
        case = self.submitted(self.kz)
        self.papers(case)
        meeting = self.sitting(self.kz, [case], **vals)
        return meeting, meeting.item_ids

    def test_quorum_at_the_edge(self):
        """Of five members three are more than half; of six, exactly half is not enough, one more is."""
        meeting, _item = self.ready(present=False)
        self.mark(meeting, "head", "social_pedagogue")
        self.assertFalse(meeting.has_quorum)
        self.mark(meeting, "head", "social_pedagogue", "member_a")
        self.assertTrue(meeting.has_quorum)
        self.assertEqual(meeting.quorum_needed, 3)
        six = self.kz.council
        self.env.cr.execute(
            "INSERT INTO vshu_council_member (council_id, employee_id, role, sequence, company_id)"
            " VALUES (%s, %s, 'member', 99, %s)",
            [six.id, self.kz.employees["psychologist"].id, self.kz.company.id],
        )
        self.env.invalidate_all()
        self.assertEqual((meeting.present_count, meeting.quorum_needed, meeting.has_quorum), (3, 4, False))
        rule = self.env.ref("vshu_council.kz_council_quorum")
        rule.more_than = False
        self.env.invalidate_all()
        self.assertEqual((meeting.quorum_needed, meeting.has_quorum), (3, True), "exactly half, where half is enough")
        rule.write({"number": 2, "denominator": 3})
        self.env.invalidate_all()
        self.assertEqual((meeting.quorum_needed, meeting.has_quorum), (4, False))
        rule.active = False
        self.env.invalidate_all()
        self.assertTrue(meeting.has_quorum)

    def test_no_vote_without_quorum(self):
        meeting, item = self.ready(present=False)
        self.mark(meeting, "head", "social_pedagogue")
        with self.refused(UserError, "there is no quorum"):
            self.hear(self.kz, item, self.place, months=3, count_for=2)
        self.assertEqual(item.state, "scheduled")
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "social_pedagogue", meeting).action_no_quorum()
        self.assertEqual((meeting.state, item.state, item.meeting_id.id), ("not_held", "waiting", False))
        self.assertIn("2 of 5", meeting.end_reason)

    def test_quorum_is_there(self):
        meeting, _item = self.ready()
        with freeze_time(ON_THE_DAY), self.refused(UserError, "there is a quorum"):
            self.as_(self.kz, "social_pedagogue", meeting).action_no_quorum()

    def test_not_before_the_day(self):
        meeting = self.convened(self.kz, [self.submitted(self.kz)])
        with self.refused(UserError, "opened on its day"):
            self.as_(self.kz, "social_pedagogue", meeting).action_start()

    def test_who_presides(self):
        """KZ-7: the head; the deputy by the order where the head is away; else who is elected by a recorded vote."""
        meeting, item = self.ready(present=False)
        self.assertEqual(meeting.presiding_id, self.person(meeting, "head"))
        self.mark(meeting, "deputy_head", "social_pedagogue", "member_a", "member_b")
        own = self.as_(self.kz, "social_pedagogue", meeting)
        self.assertIn("not present", meeting.sitting_problems)
        own.presiding_id = self.person(meeting, "member_a")
        self.assertIn("is present, nobody else replaces", meeting.sitting_problems)
        own.presiding_id = self.person(meeting, "deputy_head")
        self.assertFalse(meeting.sitting_problems)
        own.secretary_id = own.presiding_id
        self.assertIn("two people sign", meeting.sitting_problems)
        own.secretary_id = self.person(meeting, "social_pedagogue")
        self.mark(meeting, "social_pedagogue", "member_a", "member_b")
        own.presiding_id = self.person(meeting, "member_a")
        self.assertIn("must be elected", meeting.sitting_problems)
        own.write({"presiding_for": 3, "presiding_against": 1})
        self.assertIn("more votes (4) than members present (3)", meeting.sitting_problems)
        own.write({"presiding_for": 1, "presiding_against": 1, "presiding_abstained": 1})
        self.assertIn("must be elected", meeting.sitting_problems)
        own.write({"presiding_for": 2, "presiding_against": 0})
        self.assertFalse(meeting.sitting_problems)
        self.hear(self.kz, item, self.place, months=3, count_for=3)
        self.assertIn("elected", self.closed(self.kz, meeting)._content()["members"])
        self.env.ref("vshu_council.kz_council_chair").active = False
        self.env.invalidate_all()
        self.assertIn("knows no election", meeting.sitting_problems)

    def test_stand_in_presides(self):
        """A stand-in of the head on that day is called as the chair."""
        self.make_standin(self.kz, "head", self.kz.employees["psychologist"], "2026-10-19", "2026-10-21")
        meeting = self.sitting(self.kz, [self.submitted(self.kz)])
        chair = meeting.member_ids.filtered(lambda p: p.council_role == "chair")
        self.assertEqual((chair.employee_id, chair.stands_in), (self.kz.employees["psychologist"], True))
        self.assertFalse(meeting.sitting_problems)

    def test_papers_gate(self):
        """KZ-11: without its papers an item is heard only with a reason of who presides, which the minutes show."""
        case = self.submitted(self.kz)
        meeting = self.sitting(self.kz, [case])
        item = meeting.item_ids
        self.assertFalse(item.papers_ok)
        self.assertIn(self.cited("KZ-11"), item.papers_text)
        self.assertIn(item, self.env["vshu.agenda.item"].search([("papers_ok", "=", False)]))
        with self.refused(UserError, r"papers are missing.*KZ-11"):
            self.hear(self.kz, item, self.place, months=3)
        with self.refused(AccessError, "whoever presides"):
            self.as_(self.kz, "social_pedagogue", item)._allow_without_papers("срочно")
        with self.refused(UserError, "write why"):
            self.as_(self.kz, "head", item)._allow_without_papers(" ")
        with self.refused(AccessError, "buttons of the record"):
            self.as_(self.kz, "head", item).write({"no_papers_reason": "x"})
        self.as_(self.kz, "head", item)._allow_without_papers("психолог болеет")
        self.hear(self.kz, item, self.place, months=3)
        line = self.closed(self.kz, meeting)._content()["lines"][0]
        self.assertIn("психолог болеет", line["papers"])
        self.env.ref("vshu_council.kz_council_papers").active = False
        other = self.submitted(self.kz)
        meeting_b = self.sitting(self.kz, [other], date="2026-10-20 13:00:00")
        self.hear(self.kz, meeting_b.item_ids, self.place, months=3)

    def test_votes(self):
        """More votes than members present, an excluded member, a tie, a decision that is not carried."""
        meeting, item = self.ready()
        with self.refused(UserError, r"more votes \(6\) than members present who may vote \(5\)"):
            self.hear(self.kz, item, self.place, months=3, count_for=6)
        excluded = {"excluded_ids": [Command.set(self.person(meeting, "member_b").ids)]}
        with self.refused(UserError, "write why a member does not vote"):
            self.hear(self.kz, item, self.place, months=3, count_for=4, **excluded)
        excluded["excluded_reason"] = "тётя ученика"
        with self.refused(UserError, r"more votes \(5\) than members present who may vote \(4\)"):
            self.hear(self.kz, item, self.place, months=3, count_for=5, **excluded)
        with self.refused(UserError, "write the votes"):
            self.hear(self.kz, item, self.place, months=3, count_for=0)
        with self.refused(UserError, "cannot be negative"):
            self.hear(self.kz, item, self.place, months=3, count_for=3, count_against=-1)
        with self.refused(UserError, "not carried: for 1, against 3"):
            self.hear(self.kz, item, self.place, months=3, count_for=1, count_against=3)
        tie = {"count_for": 2, "count_against": 2, "count_abstained": 1}
        with self.refused(UserError, "not carried: for 2, against 2"):
            self.hear(self.kz, item, self.place, months=3, **tie)
        self.hear(self.kz, item, self.place, months=3, casting_for=True, **tie)
        self.assertEqual(item.state, "decided")

    def test_votes_by_name(self):
        meeting, item = self.ready(present=False)
        self.mark(meeting, "head", "social_pedagogue", "member_a")

        def votes(**choices):
            return {
                "vote_mode": "name",
                "vote_ids": [Command.clear()]
                + [
                    Command.create({"participant_id": self.person(meeting, who).id, "choice": choice})
                    for who, choice in choices.items()
                ],
            }

        with self.refused(UserError, "not present or does not vote: kz_member_b name"):
            self.hear(self.kz, item, self.place, months=3, **votes(head="for", member_b="for"))
        self.hear(
            self.kz, item, self.place, months=3, **votes(head="for", social_pedagogue="for", member_a="abstained")
        )
        self.assertEqual((item.total_for, item.total_abstained), (2, 1))
        line = self.closed(self.kz, meeting)._content()["lines"][0]
        self.assertIn("kz_head name: for", line["votes_text"])

    def test_majority_rule(self):
        _meeting, item = self.ready()
        rule = self.env.ref("vshu_council.kz_council_majority")
        rule.counted_of = "members"
        with self.refused(UserError, "not carried: for 2"):
            self.hear(self.kz, item, self.place, months=3, count_for=2)
        rule.active = False
        self.hear(self.kz, item, self.place, months=3, count_for=1, count_against=2)

    def test_decisions_allowed(self):
        """What case, route and regulation do not allow is refused with the clause, nothing changes."""
        _meeting, item = self.ready()
        with self.refused(UserError, "cannot be decided here"):
            self.hear(self.kz, item, self.kind("kz_kind_16_extend"), months=3)
        with self.refused(UserError, r"3 to 6 months.*KZ-16"):
            self.hear(self.kz, item, self.place, months=7, date_end="2027-05-20")
        with self.refused(UserError, "in brief"):
            self.hear(self.kz, item, self.place, months=3, summary=" ")
        with self.refused(UserError, "later day than this meeting"):
            self.hear(self.kz, item, self.kind("kz_kind_hear_again"), next_date="2026-10-20")
        with self.refused(UserError, "choose the letter"):
            self.hear(self.kz, item, self.kind("kz_kind_petition"))
        self.assertEqual(item.state, "scheduled")
        self.assertEqual(item.case_id.state, "submitted")

    def test_extension_bounds(self):
        """An extension outside the bounds is refused; KZ-16 sets none for it, so they are said to be practice."""
        active = self.on_term()
        meeting = self.sitting(self.kz, [active])
        extend = self.kind("kz_kind_16_extend")
        with self.refused(UserError, r"by the practice of the school an extension is 3 to 6 months"):
            self.hear(self.kz, meeting.item_ids, extend, months=9, date_end="2027-10-14")
        self.hear(self.kz, meeting.item_ids, extend, months=3)
        self.assertEqual(meeting.item_ids.state, "decided")

    def test_offers(self):
        """Choosing what is decided offers term and wording of the regulation."""
        _meeting, item = self.ready()
        draft = self.as_(self.kz, "social_pedagogue", item)
        draft.kind_id = self.place
        draft._onchange_kind_id()
        self.assertEqual((draft.months, draft.date_end), (3, date(2027, 1, 20)))
        self.assertTrue(draft.decision_text)
        self.assertEqual(draft.curator_id, self.kz.employees["class_teacher"])
        draft.months = 5
        draft._onchange_months()
        self.assertEqual(draft.date_end, date(2027, 3, 20))

    def test_assignments(self):
        meeting, item = self.ready()
        person = self.kz.employees["member_a"]
        line = {"name": "Посетить семью", "employee_id": person.id, "date_due": "2026-10-19"}
        with self.refused(UserError, "due before the meeting"):
            self.hear(self.kz, item, self.place, months=3, assignment_ids=[Command.create(line)])
        self.hear(
            self.kz, item, self.place, months=3, assignment_ids=[Command.create({**line, "date_due": "2026-11-02"})]
        )
        self.assertEqual(meeting.decided_count, 1)

    def test_close(self):
        """Not before all is decided; then the minutes have the next number of the school year."""
        first, second = self.submitted(self.kz), self.submitted(self.kz)
        for case in (first, second):
            self.papers(case)
        meeting = self.sitting(self.kz, [first, second])
        own = self.as_(self.kz, "social_pedagogue", meeting)
        self.hear(self.kz, meeting.item_ids[0], self.place, months=3)
        with freeze_time(ON_THE_DAY), self.refused(UserError, "item 2 is not decided yet"):
            own.action_close()
        self.hear(self.kz, meeting.item_ids[1], self.kind("kz_kind_4_decline"))
        minutes = self.closed(self.kz, meeting)
        self.assertEqual((meeting.state, minutes.number, minutes.state), ("held", 1, "draft"))
        self.as_(self.kz, "social_pedagogue", meeting.item_ids[0]).action_reopen()
        self.assertEqual((meeting.state, meeting.item_ids[0].state), ("sitting", "scheduled"))
        self.hear(self.kz, meeting.item_ids[0], self.place, months=4)
        self.assertEqual(self.closed(self.kz, meeting), minutes, "the number stays")
        with self.refused(UserError, "cannot be done with it now"):
            self.as_(self.kz, "head", meeting)._cancel("поздно")

    def test_locked_when_decided(self):
        _meeting, item = self.ready()
        self.hear(self.kz, item, self.place, months=3)
        with self.refused(UserError, "press “Open again”"):
            self.as_(self.kz, "social_pedagogue", item).write({"count_for": 4})
        for vals in ({"state": "done"}, {"decision_id": 1}):
            with self.refused(AccessError, "buttons of the record"):
                self.as_(self.kz, "social_pedagogue", item).write(vals)

    def test_who_keeps(self):
        """The secretary and who presides write; members read; the psychologist, who is no member, writes nothing."""
        meeting, item = self.ready()
        for who in ("member_a", "psychologist", "class_teacher"):
            with self.refused(AccessError, ""):
                self.as_(self.kz, who, item).write({"summary": "x"})
            with self.refused(AccessError, ""):
                self.as_(self.kz, who, item).action_decide()
            with self.refused(AccessError, ""):
                self.as_(self.kz, who, meeting).action_close()
        self.hear(self.kz, item, self.place, role="head", months=3)
        self.assertEqual(item.state, "decided")
