"""Stories of the council by the regulations: votes, quorum, who left, who may, papers late, posts (KZ-5 to KZ-13).

law.md 9, 13, people.md "votes 2 : 2", "quorum with excluded members", "a member leaves after item 1",
"1 for, 0 against, 4 abstained", "archived members".
"""

from datetime import date, datetime

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.vshu_council.models.council.vshu_council_rule import MATTERS, ROLES_WITHOUT_RULE

from .common import ON_THE_DAY, TODAY, CouncilCommon


class LawCommon(CouncilCommon):
    def setUp(self):
        super().setUp()
        self.make_council(self.kz)
        self.place = self.kind("kz_kind_4_place")

    def person(self, meeting, who):
        return meeting.member_ids.filtered(lambda p: p.user_id == self.kz.users[who])

    def ready(self, count=1, **vals):
        """Return (meeting that sits, its items) about cases whose papers are there."""
        cases = self.env["vshu.case"].union(*(self.submitted(self.kz) for _number in range(count)))
        for case in cases:
            self.papers(case)
        meeting = self.sitting(self.kz, cases, **vals)
        return meeting, meeting.item_ids.sorted("number")

    def excluded(self, meeting, *who):
        people = meeting.member_ids.browse().union(*(self.person(meeting, name) for name in who))
        return {"excluded_ids": [Command.set(people.ids)], "excluded_reason": "родственник ученика"}

    def votes(self, meeting, **choices):
        return {
            "vote_mode": "name",
            "vote_ids": [Command.clear()]
            + [
                Command.create({"participant_id": self.person(meeting, who).id, "choice": choice})
                for who, choice in choices.items()
            ],
        }

    def outcome(self, meeting):
        """Return what the minutes say of what decided the first item."""
        return self.closed(self.kz, meeting)._content()["lines"][0]["outcome_text"]


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestVotesByLaw(LawCommon):
    def test_casting_vote_of_an_excluded_chair(self):
        """people.md "votes 2 : 2, the chair excluded by interest, casting vote": by count and by name the chair who
        does not vote decides nothing (KZ-13)."""
        meeting, item = self.ready()
        excluded = self.excluded(meeting, "head")
        tie = {"count_for": 2, "count_against": 2, "casting_for": True}
        with self.refused(UserError, r"(?s)not carried: for 2, against 2.*kz_head name does not vote on this item"):
            self.hear(self.kz, item, self.place, months=3, **tie, **excluded)
        four = self.votes(meeting, deputy_head="for", social_pedagogue="for", member_a="against", member_b="against")
        with self.refused(UserError, "not carried: for 2, against 2"):
            self.hear(self.kz, item, self.place, months=3, **four, **excluded)
        # whoever does not vote may leave the chair to the deputy for this item: then the deputy's vote decides
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "social_pedagogue", meeting).presiding_id = self.person(meeting, "deputy_head")
        self.hear(self.kz, item, self.place, months=3, **four, **excluded)
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "social_pedagogue", meeting).presiding_id = self.person(meeting, "head")
        words = self.outcome(meeting)
        self.assertIn("The vote of kz_deputy_head name, who presided, decided", words)
        self.assertIn("Presided: kz_deputy_head name.", words)

    def test_excluded_chair_waives_no_papers(self):
        """Whoever does not vote on an item does not let it be heard without its papers either (KZ-11)."""
        case = self.submitted(self.kz)
        meeting = self.sitting(self.kz, [case])
        item = meeting.item_ids
        self.as_(self.kz, "head", item)._allow_without_papers("срочно")
        with self.refused(UserError, "let it be heard without its papers and does not vote on it"):
            self.hear(self.kz, item, self.place, months=3, count_for=4, **self.excluded(meeting, "head"))
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "social_pedagogue", item).write(self.excluded(meeting, "head"))
        self.assertFalse(self.as_(self.kz, "head", item).can_allow)
        with self.refused(UserError, "does not vote on it, so does not decide on its papers"):
            self.as_(self.kz, "head", item)._allow_without_papers("срочно")
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "social_pedagogue", meeting).presiding_id = self.person(meeting, "deputy_head")
        self.as_(self.kz, "deputy_head", item)._allow_without_papers("срочно")
        self.hear(self.kz, item, self.place, months=3, count_for=4)
        self.assertEqual(item.state, "decided")

    def test_abstentions(self):
        """people.md "1 for, 0 against, 4 abstained": a majority is one of those present, by the rule's record; of the
        votes cast where the school's version says so, and nobody decides alone."""
        meeting, item = self.ready()
        alone = {"count_for": 1, "count_against": 0, "count_abstained": 4}
        with self.refused(UserError, r"(?s)at least 2 must vote.*not carried: for 1, against 0, abstained 4"):
            self.hear(self.kz, item, self.place, months=3, **alone)
        two = {"count_for": 2, "count_against": 0, "count_abstained": 3}
        with self.refused(UserError, "not carried: for 2, against 0, abstained 3"):
            self.hear(self.kz, item, self.place, months=3, **two)
        # one for, one against, three abstained: the chair outvotes nobody who abstained
        tie = {"count_for": 1, "count_against": 1, "count_abstained": 3, "casting_for": True}
        with self.refused(UserError, "not carried: for 1, against 1"):
            self.hear(self.kz, item, self.place, months=3, **tie)
        rule = self.env.ref("vshu_council.kz_council_majority")
        self.assertTrue(rule.practice, "no clause says of whom a majority is: it is marked so")
        rule.counted_of = "cast"
        with self.refused(UserError, "at least 2 must vote"):
            self.hear(self.kz, item, self.place, months=3, **alone)
        self.hear(self.kz, item, self.place, months=3, **two)
        self.assertIn("For: 2 of 2 votes cast", self.outcome(meeting))

    def test_least_votes_where_the_rule_is_silent(self):
        """At least two vote where the rule is silent, whatever else it says; the record may ask for more."""
        _meeting, item = self.ready()
        rule = self.env.ref("vshu_council.kz_council_majority")
        rule.write({"counted_of": "cast", "least_votes": 0})
        with self.refused(UserError, "at least 2 must vote"):
            self.hear(self.kz, item, self.place, months=3, count_for=1, count_abstained=4)
        rule.least_votes = 4
        with self.refused(UserError, "at least 4 must vote"):
            self.hear(self.kz, item, self.place, months=3, count_for=3, count_abstained=2)
        rule.active = False
        with self.refused(UserError, "at least 2 must vote"):
            self.hear(self.kz, item, self.place, months=3, count_for=1, count_abstained=4)

    def test_casting_vote_is_data(self):
        """A tie without a casting vote in the rule's record decides nothing."""
        meeting, item = self.ready()
        self.env.ref("vshu_council.kz_council_majority").casting_vote = False
        tie = {"count_for": 2, "count_against": 2, "count_abstained": 1, "casting_for": True}
        with self.refused(UserError, "not carried: for 2, against 2"):
            self.hear(self.kz, item, self.place, months=3, **tie)
        self.env.ref("vshu_council.kz_council_majority").casting_vote = True
        self.hear(self.kz, item, self.place, months=3, **tie)
        self.assertIn("The vote of kz_head name, who presided, decided", self.outcome(meeting))

    def test_quorum_with_excluded(self):
        """people.md "quorum with excluded members": who does not vote on an item is not counted for it, by the rule's
        record; the item goes to the next meeting, the rest is decided and signed."""
        meeting, (first, second) = self.ready(2)
        three = self.excluded(meeting, "head", "member_a", "member_b")
        with self.refused(UserError, "present 5, counted for this item 2, needed 3"):
            self.hear(self.kz, first, self.place, months=3, count_for=2, **three)
        with freeze_time(ON_THE_DAY):
            own = self.as_(self.kz, "social_pedagogue", first)
            with self.refused(UserError, "there is a quorum for it"):
                self.as_(self.kz, "social_pedagogue", second).action_postpone()
            own.write(three)
            own.action_postpone()
        self.assertEqual((first.state, first.meeting_id.id, first.case_id.hearing_date), ("waiting", False, False))
        self.hear(self.kz, second, self.place, months=3, count_for=5)
        minutes = self.closed(self.kz, meeting)
        self.assertEqual([line["number"] for line in minutes._content()["lines"]], [2], "the agenda keeps its numbers")
        # in the language of the school's papers
        self.assertIn("нет кворума, вопрос переходит на следующее заседание", minutes._content()["postponed"])
        self.sign(self.kz, minutes)
        self.assertEqual((minutes.state, second.case_id.state), ("signed", "active"))
        self.assertIn("1. ", minutes.postponed_text)
        self.assertEqual(minutes._hash(), minutes.text_hash)

    def test_quorum_counts_excluded_where_the_rule_says_so(self):
        meeting, item = self.ready()
        self.env.ref("vshu_council.kz_council_quorum").excluded_count = True
        excluded = self.excluded(meeting, "member_a", "member_b", "deputy_head")
        self.hear(self.kz, item, self.place, months=3, count_for=2, **excluded)
        self.assertIn("counted for this item 5, needed 3", self.outcome(meeting))

    def test_minutes_say_what_decided(self):
        """The minutes say per item how many were in office, present, entitled, which majority decided; frozen, in each
        of the school's languages, on screen and paper (KZ-13)."""
        meeting, item = self.ready()
        self.hear(self.kz, item, self.place, months=3, count_for=4, **self.excluded(meeting, "member_b"))
        minutes = self.closed(self.kz, meeting)
        words = minutes._content()["lines"][0]["outcome_text"]
        for part in (
            "members in office 5, present 5, counted for this item 4, needed 3",
            "entitled to vote 4",
            "For: 4 of 4 members present who may vote. The decision is carried.",
            "By the rule: ",
        ):
            self.assertIn(part, words)
        self.sign(self.kz, minutes, "social_pedagogue")
        line = minutes.line_ids
        frozen = line.outcome_text
        self.assertTrue(frozen)
        # what was there is signed: nothing that happens later changes it
        self.kz.employees["member_b"].active = False
        self.env.ref("vshu_council.kz_council_majority").counted_of = "cast"
        self.env.invalidate_all()
        self.assertEqual((line.outcome_text, minutes._hash()), (frozen, minutes.text_hash))
        html = self.env["ir.qweb"]._render(
            "vshu_council.minutes_body", {"content": minutes._content(), "lang": "en_US"}
        )
        self.assertIn(frozen.splitlines()[1], str(html))

    def test_half_signed_before(self):
        """Minutes that bore a signature before these words came are signed by the other one as they are."""
        meeting, item = self.ready()
        self.hear(self.kz, item, self.place, months=3)
        minutes = self.closed(self.kz, meeting)
        self.sign(self.kz, minutes, "social_pedagogue")
        self.env.cr.execute("UPDATE vshu_minutes_line SET outcome_text = NULL WHERE minutes_id = %s", [minutes.id])
        self.env.invalidate_all()
        content = minutes._hash()
        self.env.cr.execute("UPDATE vshu_minutes SET text_hash = %s WHERE id = %s", [content, minutes.id])
        self.env.invalidate_all()
        self.assertNotIn("outcome_text", minutes.line_ids._values(full=False))
        self.sign(self.kz, minutes, "head")
        self.assertEqual(minutes.state, "signed")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestWhoIsThere(LawCommon):
    def test_a_member_leaves(self):
        """people.md "a member leaves after item 1": item 1 stands and is signed, what has no quorum any more waits for
        the next meeting (KZ-13)."""
        meeting, (first, second) = self.ready(2, present=False)
        for person in meeting.member_ids:
            there = (
                person.user_id in self.kz.users["head"] | self.kz.users["social_pedagogue"] | self.kz.users["member_a"]
            )
            self.as_(self.kz, "social_pedagogue", person).write({"attendance": "present" if there else "absent"})
        keeper = self.as_(self.kz, "social_pedagogue", meeting)
        leaver = self.as_(self.kz, "social_pedagogue", self.person(meeting, "member_a"))
        with freeze_time(ON_THE_DAY), self.refused(UserError, "nothing is decided yet"):
            leaver.action_left()
        self.hear(self.kz, first, self.place, months=3, count_for=3)
        with freeze_time(ON_THE_DAY):
            with self.refused(UserError, "there is a quorum"):
                keeper.action_no_quorum()
            leaver.action_left()
        self.assertEqual((leaver.left_before, meeting.has_quorum), (2, False))
        self.assertIn("there is no quorum", meeting.sitting_problems)
        with self.refused(UserError, "present 2, counted for this item 2, needed 3"):
            self.hear(self.kz, second, self.place, months=3, count_for=2)
        with freeze_time(ON_THE_DAY):
            with self.refused(UserError, "item 2 is not decided yet"):
                keeper.action_close()
            keeper.action_no_quorum()
        self.assertEqual((meeting.state, first.state), ("held", "decided"))
        self.assertEqual((second.state, second.meeting_id.id, second.number), ("waiting", False, 0))
        minutes = self.sign(self.kz, meeting.minutes_ids)
        self.assertEqual((minutes.state, first.case_id.state), ("signed", "active"))
        self.assertEqual(second.case_id.state, "submitted")
        self.assertIn("kz_member_a name, учитель, ушёл до вопроса 2", minutes.members_text)
        self.assertIn("2. ", minutes.postponed_text)
        self.assertIn("присутствуют 3", minutes.line_ids.outcome_text, "who was there for item 1")
        with freeze_time("2026-10-21 06:00:00"):
            action = self.as_(self.kz, "social_pedagogue", self.env["vshu.meeting"]).action_propose()
        self.assertEqual(second.meeting_id.id, action["res_id"])

    def test_chair_leaves(self):
        """Where the chair leaves, the deputy presides over the rest: each item says who did, the last one signs."""
        meeting, (first, second) = self.ready(2)
        self.hear(self.kz, first, self.place, months=3)
        keeper = self.as_(self.kz, "social_pedagogue", meeting)
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "social_pedagogue", self.person(meeting, "head")).action_left()
            with self.refused(UserError, "kz_head name is not present"):
                self.hear(self.kz, second, self.place, months=3, count_for=4)
            keeper.presiding_id = self.person(meeting, "deputy_head")
        self.hear(self.kz, second, self.place, months=3, count_for=4)
        minutes = self.closed(self.kz, meeting)
        lines = minutes._content()["lines"]
        self.assertIn("Presided: kz_head name", lines[0]["outcome_text"])
        self.assertNotIn("Presided", lines[1]["outcome_text"])
        self.sign(self.kz, minutes, "social_pedagogue", "deputy_head")
        self.assertEqual(minutes.state, "signed")

    def test_attendance_changed_after_the_vote(self):
        """What was decided is looked at again with who was there in the end."""
        meeting, item = self.ready()
        self.hear(self.kz, item, self.place, months=3)
        with freeze_time(ON_THE_DAY):
            people = self.as_(self.kz, "social_pedagogue", self.person(meeting, "member_a"))
            people.action_absent()
            with self.refused(UserError, r"item 1: more votes \(5\) than members present who may vote \(4\)"):
                self.as_(self.kz, "social_pedagogue", meeting).action_close()

    def test_who_came_and_left(self):
        """Nobody leaves before coming; who was there for nothing is absent; only who keeps the minutes notes it."""
        meeting, _items = self.ready(2)
        own = self.as_(self.kz, "social_pedagogue", self.person(meeting, "member_a"))
        for vals in ({"left_before": 1}, {"came_for": 2, "left_before": 2}, {"came_for": -1}):
            with self.refused(ValidationError, "nobody leaves before coming"):
                own.write(vals)
        with self.refused(ValidationError, "note the attendance first"):
            own.write({"attendance": "absent", "left_before": 2})
        with self.refused(AccessError, ""):
            self.as_(self.kz, "member_a", own).write({"left_before": 2})
        own.came_for = 2
        first, second = meeting.item_ids.sorted("number")
        self.assertNotIn(own.sudo(), first._here())
        self.assertIn(own.sudo(), second._here())

    def test_archived_members(self):
        """people.md "archived members": the whole are those in office on that day; who has left is not called and not
        counted, who leaves later still is (KZ-6)."""
        self.add_teachers(self.kz, "member_c", "member_d")
        employees = self.kz.employees
        vals = self.council_vals(self.kz, order_number="88-о", order_date=TODAY, date_from=TODAY)
        vals["member_ids"] += [
            Command.create({"employee_id": employees[who].id, "role": "member", "sequence": 90})
            for who in ("member_c", "member_d", "psychologist", "subject_teacher")
        ]
        draft = self.as_(self.kz, "social_pedagogue", self.env["vshu.council"]).create(vals)
        self.as_(self.kz, "head", draft).action_approve()
        meeting = self.make_meeting(self.kz, [self.submitted(self.kz)])
        self.assertEqual((len(meeting.member_ids), meeting.quorum_needed), (9, 5))
        employees["member_c"].active = False
        employees["member_d"].write({"active": False, "departure_date": "2026-10-19"})
        employees["psychologist"].write({"active": False, "departure_date": "2026-10-20"})
        self.as_(self.kz, "deputy_head", meeting).action_convene()
        self.env.invalidate_all()
        called = meeting.member_ids.employee_id
        self.assertNotIn(employees["member_c"], called)
        self.assertNotIn(employees["member_d"], called, "the last day was before the meeting")
        self.assertIn(employees["psychologist"], called, "works until the very day")
        self.assertEqual((len(called), meeting.quorum_needed), (7, 4))
        # one more leaves between convening and the sitting
        employees["subject_teacher"].active = False
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "social_pedagogue", meeting).action_start()
        self.env.invalidate_all()
        self.assertNotIn(employees["subject_teacher"], meeting.member_ids.employee_id)
        self.assertIn("of 6 present", meeting.quorum_text)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestRolesByLaw(LawCommon):
    def test_every_matter_has_its_record(self):
        """law.md 9: what the council goes by are records of both regulations; what no clause says is practice."""
        for bag in (self.kz, self.ru):
            regulation = bag.school.regulation_id
            rules = regulation.council_rule_ids.grouped("matter")
            missing = {matter for matter, _label in MATTERS} - rules.keys()
            self.assertEqual(missing, {"composition"} if bag.code == "ru" else set(), "RU names no number of members")
            for matter in ROLES_WITHOUT_RULE:
                self.assertTrue(rules[matter].role_ids, matter)
            for rule in regulation.council_rule_ids:
                self.assertTrue(rule.clause or rule.practice, f"{bag.code}: {rule.matter}")
                if not rule.clause:
                    self.assertTrue(rule.practice, f"{bag.code}: {rule.matter}")

    def test_secretary_is_the_social_pedagogue(self):
        """KZ-7: the social pedagogue, or who replaces them, is secretary; nobody else."""
        vals = self.council_vals(self.kz, order_number="90", order_date=TODAY, date_from=TODAY)
        vals["member_ids"][2][2]["employee_id"] = self.kz.employees["psychologist"].id
        draft = self.as_(self.kz, "social_pedagogue", self.env["vshu.council"]).create(vals)
        self.assertIn("Secretary", draft.missing_text)
        with self.refused(UserError, r"kz_psychologist name cannot be “Secretary”.*KZ-7"):
            self.as_(self.kz, "head", draft).action_approve()
        self.make_standin(self.kz, "social_pedagogue", self.kz.employees["psychologist"], "2026-10-14", "2026-10-20")
        self.as_(self.kz, "head", draft).action_approve()
        self.assertEqual(draft.state, "in_force")

    def test_found_in_old_orders(self):
        """An order from before, whose secretary the regulation does not know, is listed and not changed (KZ-7)."""
        self.assertFalse(self.env["vshu.council"]._findings()["council_places"] & self.kz.council)
        secretary = self.kz.council.member_ids.filtered(lambda m: m.role == "secretary")
        self.env.cr.execute(
            "UPDATE vshu_council_member SET employee_id = %s WHERE id = %s",
            [self.kz.employees["psychologist"].id, secretary.id],
        )
        self.env.invalidate_all()
        found = self.env["vshu.council"]._findings()["council_places"]
        self.assertIn(self.kz.council, found)
        self.assertEqual(self.kz.council.state, "in_force")

    def test_russia_names_no_chair(self):
        """RU names neither chair nor secretary: whom the order of the head names is it."""
        vals = self.council_vals(self.ru)
        members = vals["member_ids"]
        members[0][2]["employee_id"], members[2][2]["employee_id"] = (
            self.ru.employees["psychologist"].id,
            self.ru.employees["subject_teacher"].id,
        )
        draft = self.as_(self.ru, "social_pedagogue", self.env["vshu.council"]).create(vals)
        self.as_(self.ru, "head", draft).action_approve()
        self.assertEqual(draft.state, "in_force")
        self.env.ref("vshu_council.ru_council_chair").role_ids = self.ref("role_deputy_head")
        again = self.as_(self.ru, "social_pedagogue", self.env["vshu.council"]).create(
            {**vals, "order_number": "2", "order_date": TODAY, "date_from": TODAY}
        )
        with self.refused(UserError, "cannot be “Chair”: by the regulation that is"):
            self.as_(self.ru, "head", again).action_approve()

    def test_roles_are_records(self):
        """Who approves, prepares, convenes and keeps the minutes follows the record, for buttons and calls alike."""
        ref = self.env.ref
        meeting = self.make_meeting(self.kz, [self.submitted(self.kz)])
        self.assertFalse(self.as_(self.kz, "social_pedagogue", meeting).can_convene)
        ref("vshu_council.kz_council_convening").role_ids = self.ref("role_social_pedagogue")
        self.env.invalidate_all()
        with self.refused(AccessError, "KZ-5"):
            self.as_(self.kz, "head", meeting).action_convene()
        self.as_(self.kz, "social_pedagogue", meeting).action_convene()
        self.assertEqual(meeting.state, "convened")
        ref("vshu_council.kz_council_approval").role_ids = self.ref("role_deputy_head")
        draft = self.as_(self.kz, "social_pedagogue", self.env["vshu.council"]).create(
            self.council_vals(self.kz, order_number="91", order_date=TODAY, date_from=TODAY)
        )
        with self.refused(AccessError, "is approved by: Deputy head"):
            self.as_(self.kz, "head", draft).action_approve()
        self.as_(self.kz, "deputy_head", draft).action_approve()
        ref("vshu_council.kz_council_preparing").role_ids = self.ref("role_head")
        with self.refused(AccessError, "Meetings are prepared by: Head of the school"):
            self.as_(self.kz, "social_pedagogue", self.env["vshu.meeting"]).create({"company_id": self.kz.company.id})
        with self.refused(AccessError, "Orders on the council are drafted by: Head of the school"):
            self.as_(self.kz, "social_pedagogue", self.env["vshu.council"]).create(self.council_vals(self.kz))
        with freeze_time(ON_THE_DAY):
            ref("vshu_council.kz_council_keeping").role_ids = self.ref("role_psychologist")
            self.env.invalidate_all()
            self.assertFalse(self.as_(self.kz, "deputy_head", meeting).can_open)
            self.assertTrue(self.as_(self.kz, "psychologist", meeting).can_open)

    def test_one_signature(self):
        """A regulation whose minutes are signed by whoever presided needs that signature, and no other (KZ-13)."""
        self.env.ref("vshu_council.kz_council_signing").signed_by = "presiding"
        meeting, item = self.ready()
        self.hear(self.kz, item, self.place, months=3)
        minutes = self.closed(self.kz, meeting)
        self.assertFalse(self.as_(self.kz, "social_pedagogue", minutes).can_sign)
        with self.refused(AccessError, "is signed by: whoever presided, by nobody else"):
            self.as_(self.kz, "social_pedagogue", minutes).action_sign()
        self.sign(self.kz, minutes, "head")
        self.assertEqual((minutes.state, item.case_id.state), ("signed", "active"))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestBeforeAndAfter(LawCommon):
    def test_convened_with_papers_late(self):
        """law.md 13 "a meeting in two days with papers missing is convened without a word": it is said whose papers are
        missing, by number, and the reason goes on record and into the minutes (KZ-11)."""
        case, complete = self.submitted(self.kz), self.submitted(self.kz)
        self.papers(complete)
        meeting = self.make_meeting(self.kz, [case, complete], date="2026-10-16 10:00:00")
        own = self.as_(self.kz, "deputy_head", meeting)
        self.assertIn(case.display_name, own.warning_text)
        self.assertNotIn(complete.display_name, own.warning_text)
        self.assertNotIn(case.student_id.name, own.warning_text)
        action = own.action_convene()
        self.assertEqual((action["res_model"], meeting.state), ("vshu.council.reason", "draft"))
        dialog = self.as_(self.kz, "deputy_head", self.env["vshu.council.reason"])
        dialog = dialog.with_context(**action["context"]).create({})
        self.assertIn(case.display_name, dialog.late_text)
        self.assertIn(self.cited("KZ-11"), dialog.late_text)
        with self.refused(UserError, "Write why it is convened all the same"):
            dialog.action_confirm()
        dialog.reason = "суд назначен на понедельник"
        dialog.action_confirm()
        self.assertEqual(
            (meeting.state, meeting.short_reason, meeting.short_by_id),
            ("convened", "суд назначен на понедельник", self.kz.users["deputy_head"]),
        )
        with self.refused(AccessError, "buttons of the record"):
            own.write({"short_reason": ""})
        self.papers(case)
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "social_pedagogue", meeting).action_start()
            self.as_(self.kz, "social_pedagogue", meeting).action_all_present()
        for item in meeting.item_ids:
            self.hear(self.kz, item, self.place, months=3)
        self.assertIn("суд назначен на понедельник", self.closed(self.kz, meeting)._content()["decision"])

    def test_no_word_without_need(self):
        """Nothing is asked where the papers are there, or where the regulation has no such day (RU)."""
        case = self.submitted(self.kz)
        self.papers(case)
        meeting = self.make_meeting(self.kz, [case], date="2026-10-15 10:00:00")
        self.assertIs(self.as_(self.kz, "deputy_head", meeting).action_convene(), True)
        self.make_council(self.ru)
        meeting = self.make_meeting(self.ru, [self.submitted(self.ru)], date="2026-10-15 10:00:00")
        self.assertIs(self.as_(self.ru, "deputy_head", meeting).action_convene(), True)

    def test_refused_where_the_rule_refuses(self):
        """The record may refuse it: convening, an earlier day, one more item (KZ-11)."""
        self.env.ref("vshu_council.kz_council_notice").refuses = True
        case = self.submitted(self.kz)
        late = self.make_meeting(self.kz, [case], date="2026-10-16 10:00:00")
        with self.refused(UserError, rf"papers were due by .*KZ-11.*missing for: {case.display_name}"):
            self.as_(self.kz, "deputy_head", late)._convene("срочно")
        self.as_(self.kz, "social_pedagogue", late).unlink()
        meeting = self.convened(self.kz, [case])
        with self.refused(UserError, "papers were due by"):
            self.as_(self.kz, "deputy_head", meeting)._reschedule(datetime(2026, 10, 16, 9, 0), False, "срочно", True)
        with freeze_time("2026-10-19 06:00:00"):
            more = self.submitted(self.kz)
            with self.refused(UserError, f"missing for: .*{more.display_name}"):
                self.as_(self.kz, "social_pedagogue", self.item_of(more)).write({"meeting_id": meeting.id})

    def test_moved_with_papers_late(self):
        """An earlier day that leaves no time for the papers is said as well (KZ-11)."""
        meeting = self.convened(self.kz, [self.submitted(self.kz)])
        own = self.as_(self.kz, "deputy_head", meeting)
        with self.refused(UserError, "papers were due by"):
            own._reschedule(datetime(2026, 10, 16, 9, 0), False, "каникулы")
        own._reschedule(datetime(2026, 10, 16, 9, 0), False, "каникулы", True)
        self.assertEqual((meeting.date_day, meeting.short_reason), (date(2026, 10, 16), "каникулы"))

    def test_invitations_are_closed(self):
        """law.md 13 "invitations stay “to hand over” after the meeting": what nobody handed over is closed as not
        delivered, what was handed over stays as it was (KZ-9)."""
        self.make_guardian(self.kz.student, may_receive_papers=True)
        self.make_guardian(self.kz.student, "Петров Олег", kind="father", may_receive_papers=True)
        case = self.submitted(self.kz, self.kz.student)
        self.papers(case)
        meeting = self.sitting(self.kz, [case])
        given, left = meeting.guest_ids.notice_id
        self.as_(self.kz, "social_pedagogue", given)._send("in_person", TODAY)
        self.hear(self.kz, meeting.item_ids, self.place, months=3)
        self.closed(self.kz, meeting)
        self.assertEqual((given.state, left.state), ("sent", "not_needed"))
        self.assertIn("Not delivered before the meeting", left.not_needed_reason)
        self.assertFalse(left.deadline_ids.filtered(lambda clock: clock.state in ("open", "overdue")))

    def test_invitations_to_a_day_that_passed(self):
        """Where nobody opened the meeting, or the school keeps no meetings here, the night closes them (KZ-9)."""
        self.make_guardian(self.kz.student, may_receive_papers=True)
        case = self.submitted(self.kz, self.kz.student)
        self.convened(self.kz, [case])
        notice = self.env["vshu.notice"].search([("case_id", "=", case.id), ("event", "=", "hearing")])
        with freeze_time("2026-10-20 06:00:00"):
            self.nightly()
            self.assertEqual(notice.state, "to_send", "the day itself is not over")
        with freeze_time("2026-10-21 06:00:00"):
            self.nightly()
            self.assertEqual(notice.state, "not_needed")
            self.assertIn("Not delivered before the meeting", notice.not_needed_reason)

    def test_no_empty_post(self):
        """law.md 13 "minutes accept an empty post": every participant stands in the minutes with the post (KZ-13)."""
        meeting, item = self.ready()
        self.hear(self.kz, item, self.place, months=3)
        employee = self.kz.employees["member_b"]
        employee.job_title = False
        minutes = self.closed(self.kz, meeting)
        with self.refused(UserError, r"kz_member_b name has no post.*KZ-13"):
            self.sign(self.kz, minutes, "head")
        self.assertFalse(minutes.frozen)
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "social_pedagogue", self.person(meeting, "member_b")).role_text = "учитель физики"
        self.sign(self.kz, minutes)
        self.assertIn("kz_member_b name, учитель физики", minutes.members_text)

    def test_posts_are_data(self):
        """A regulation that asks for no posts has minutes without them."""
        self.env.ref("vshu_council.kz_council_posts").active = False
        meeting, item = self.ready()
        self.hear(self.kz, item, self.place, months=3)
        self.kz.employees["member_b"].job_title = False
        minutes = self.sign(self.kz, self.closed(self.kz, meeting))
        self.assertEqual(minutes.state, "signed")
