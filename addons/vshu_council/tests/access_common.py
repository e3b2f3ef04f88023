"""Meetings in every state and everybody around them, for the tests of rights of the council."""

from datetime import datetime

from odoo.fields import Command

from odoo.addons.vshu_registry.tests.access_common import SECRET, AccessCommon
from odoo.addons.vshu_registry.tools.guard import guarded

from .common import TODAY, CouncilCommon


class CouncilAccessCommon(CouncilCommon, AccessCommon):
    """People beside those of the register: ``member_a`` sits in all meetings, ``elected`` keeps the minutes of the one
    that sits by a vote, ``member_other`` is called to ``convened`` only, ``guest`` is invited to the first item of the
    meeting that sits, ``standin_*`` stand in today."""

    everybody = (
        *AccessCommon.everybody,
        "member_a",
        "elected",
        "member_other",
        "guest",
        "standin_head",
        "standin_deputy_head",
        "standin_social_pedagogue",
    )

    @classmethod
    def fill_council(cls, bag):
        """Make a meeting in every state in the school ``bag``."""
        self = cls("setUp")
        bag.users["elected"], bag.employees["elected"] = bag.users["member_b"], bag.employees["member_b"]
        standins = {role: f"standin_{role}" for role in ("head", "deputy_head", "social_pedagogue")}
        cls.add_teachers(bag, "member_other", "guest", *standins.values())
        # the menu only; what they see follows from meetings
        for who in ("guest", "class_teacher_b"):
            bag.users[who].group_ids += cls.env.ref("vshu_council.group_council_member")
        for role, who in standins.items():
            cls.make_standin(bag, role, bag.employees[who], TODAY, TODAY)
        bag.ended = self.make_council(bag)
        bag.draft_council = (
            self.as_(bag, "social_pedagogue", cls.env["vshu.council"])
            .create(self.council_vals(bag, order_number="90-о", order_date=TODAY, date_from=TODAY))
            .sudo()
        )
        kinds = {"kz": "kz_kind_4_watch", "ru": "ru_kind_5_2_place"}
        bag.cases = {}
        for state in ("signed", "held", "sitting", "convened", "draft"):
            bag.cases[state] = self.submitted(bag, description=SECRET)
        bag.case_second = self.submitted(bag, self.make_student(bag, "Втор Ученик", bag.class_b))
        bag.kind_of_test = self.kind(kinds[bag.code])
        bag.meetings = {}
        for state in ("signed", "held"):
            case = bag.cases[state]
            meeting = self.sitting(bag, [case])
            self.papers(case)
            vals = {"watch_until": "2027-01-20"} if bag.code == "kz" else {}
            self.hear(bag, self.item_of(case), bag.kind_of_test, **vals)
            minutes = self.closed(bag, meeting)
            if state == "signed":
                self.sign(bag, minutes)
            bag.meetings[state] = meeting
        sitting = bag.meetings["sitting"] = self.sitting(bag, [bag.cases["sitting"], bag.case_second])
        bag.item, bag.item_second = self.item_of(bag.cases["sitting"]), self.item_of(bag.case_second)
        absent = self.person(bag, sitting, "social_pedagogue")
        absent.attendance = "absent"
        bag.elected = self.person(bag, sitting, "elected")
        sitting.write({"secretary_id": bag.elected.id, "secretary_for": 4})
        bag.invited = cls.env["vshu.meeting.participant"].create(
            {
                "meeting_id": sitting.id,
                "kind": "specialist",
                "employee_id": bag.employees["guest"].id,
                "item_ids": [Command.link(bag.item.id)],
            }
        )
        bag.item.write({"summary": SECRET, "decision_text": SECRET})
        member = self.person(bag, sitting, "member_a")
        bag.speech = cls.env["vshu.agenda.speech"].create(
            {"item_id": bag.item.id, "participant_id": member.id, "text": SECRET}
        )
        bag.vote = cls.env["vshu.agenda.vote"].create({"item_id": bag.item.id, "participant_id": member.id})
        bag.task = cls.env["vshu.agenda.assignment"].create(
            {
                "item_id": bag.item.id,
                "name": SECRET,
                "employee_id": bag.employees["member_a"].id,
                "date_due": "2026-11-20",
            }
        )
        bag.meetings["convened"] = self.convened(bag, [bag.cases["convened"]], date=datetime(2026, 10, 22, 10, 0))
        bag.other_member = guarded(cls.env["vshu.meeting.participant"]).create(
            {
                "meeting_id": bag.meetings["convened"].id,
                "kind": "member",
                "employee_id": bag.employees["member_other"].id,
            }
        )
        bag.meetings["draft"] = self.make_meeting(bag, [bag.cases["draft"]], date=datetime(2026, 10, 26, 10, 0))
        bag.other_matter = (
            self.as_(bag, "social_pedagogue", cls.env["vshu.agenda.item"])
            .create({"company_id": bag.company.id, "title": "План"})
            .sudo()
        )
        return bag

    def person(self, bag, meeting, who):
        """Return the participant who ``who`` is at ``meeting``."""
        return meeting.participant_ids.filtered(lambda p: p.employee_id == bag.employees[who])
