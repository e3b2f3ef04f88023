"""Builders for the tests of the council: composition, a meeting in any state, items that are decided."""

from datetime import date, datetime

from freezegun import freeze_time
from odoo.fields import Command

from odoo.addons.vshu_registry.tests.case.test_flow import FlowCommon
from odoo.addons.vshu_registry.tools.guard import guarded

#: the day on which the tests live, and the day on which the council meets
TODAY = date(2026, 10, 14)
MEETING = datetime(2026, 10, 20, 10, 0)
ON_THE_DAY = "2026-10-20 11:00:00"


class CouncilCommon(FlowCommon):
    """Each Bag gets ``members``: the employees of the council by role, and ``council``: the order in force."""

    #: the day on which papers are given and the council is convened, and that of the order on its composition
    day = TODAY
    order_day = date(2026, 9, 1)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for bag in (cls.kz, cls.ru):
            cls.add_members(bag)

    @classmethod
    def add_members(cls, bag):
        """Add two plain members; head, deputy head, social pedagogue are there."""
        cls.add_teachers(bag, "member_a", "member_b")
        for role, job in (
            ("head", "директор"),
            ("deputy_head", "заместитель директора по ВР"),
            ("member_a", "учитель"),
        ):
            bag.employees[role].job_title = job
        # the minutes name everybody with the post (KZ-13)
        for employee in bag.employees.values():
            employee.job_title = employee.job_title or "педагог"

    @classmethod
    def add_teachers(cls, bag, *names):
        """Add subject teachers, each known by a name of their own."""
        made = cls.make_users(bag, [("subject_teacher", f"{bag.code}_{name}") for name in names])
        for name, (user, employee) in zip(names, made, strict=True):
            bag.users[name], bag.employees[name] = user, employee

    def council_vals(self, bag, **vals):
        """Return the values of an order with exactly five members."""
        roles = (
            ("head", "chair"),
            ("deputy_head", "deputy"),
            ("social_pedagogue", "secretary"),
            ("member_a", "member"),
            ("member_b", "member"),
        )
        return {
            "company_id": bag.company.id,
            "order_number": "87-о",
            "order_date": self.order_day,
            "date_from": self.order_day,
            "member_ids": [
                Command.create({"employee_id": bag.employees[who].id, "role": role, "sequence": 10 * (n + 1)})
                for n, (who, role) in enumerate(roles)
            ],
            **vals,
        }

    def make_council(self, bag, **vals):
        """Return a council in force, drafted by the social pedagogue, approved by the head."""
        draft = self.as_(bag, "social_pedagogue", self.env["vshu.council"]).create(self.council_vals(bag, **vals))
        self.as_(bag, "head", draft).action_approve()
        bag.council = draft.sudo()
        return bag.council

    def submitted(self, bag, student=None, **vals):
        """Return a case that waits for the council."""
        student = student or self.make_student(bag, f"Ученик {len(self.env['res.partner'].search([]))}", bag.class_a)
        if bag.code == "kz":
            return self.kz_case(student_id=student.id, **vals)
        signal = self.signal(
            bag,
            "social_pedagogue",
            **{
                "student_id": student.id,
                "intake_kind": "submission",
                "ground_id": self.ref("ru_ground_3_2_3").id,
                **vals,
            },
        )
        self.as_(bag, "social_pedagogue", signal).action_submit()
        case = signal.sudo().case_id
        if case.consent_needed:
            self.as_(bag, "head", case).action_consent()
        return case

    def on_term(self, student=None):
        """Return a KZ case on the register whose term is about to end: placed before there was a council."""
        case = self.submitted(self.kz, student)
        guarded(case)._effect_place(
            self.env["vshu.decision"].create(
                {
                    "case_id": case.id,
                    "kind_id": self.kind("kz_kind_4_place").id,
                    "form_id": self.kind("kz_form_council_minutes").id,
                    "number": "1",
                    "date": self.day,
                    "months": 3,
                    "curator_id": self.kz.employees["class_teacher"].id,
                }
            )
        )
        guarded(case).write({"term_status": "expiring"})
        return case

    def meeting_vals(self, **vals):
        return {
            "date": MEETING,
            "place": "кабинет 12",
            "decision_number": "12",
            "decision_date": self.day,
            **vals,
        }

    def make_meeting(self, bag, cases=(), **vals):
        """Return a draft with the items of ``cases``, prepared by the social pedagogue."""
        meeting = self.as_(bag, "social_pedagogue", self.env["vshu.meeting"]).create(
            {"company_id": bag.company.id, **self.meeting_vals(**vals)}
        )
        items = self.env["vshu.agenda.item"].search(
            [("case_id", "in", [c.id for c in cases]), ("state", "=", "waiting")]
        )
        self.as_(bag, "social_pedagogue", items).write({"meeting_id": meeting.id})
        return meeting.sudo()

    def convened(self, bag, cases=(), **vals):
        meeting = self.make_meeting(bag, cases, **vals)
        self.as_(bag, "deputy_head", meeting).action_convene()
        return meeting

    def sitting(self, bag, cases=(), present=True, **vals):
        """Return a meeting that sits; to be used on the day of the meeting (``on_the_day``)."""
        meeting = self.convened(bag, cases, **vals)
        with freeze_time(ON_THE_DAY):
            self.as_(bag, "social_pedagogue", meeting).action_start()
            if present:
                self.as_(bag, "social_pedagogue", meeting).action_all_present()
        return meeting

    def every_topic(self, **vals):
        """Return a convened KZ meeting with every topic on its agenda; the last item is about no case."""
        placed, _term, removal, heard = self.submitted(self.kz), self.on_term(), self.on_term(), self.on_term()
        self.papers(placed)
        guarded(removal | heard).write({"term_status": "running"})
        own = self.as_(self.kz, "social_pedagogue", removal)
        own.proposed_reason_id = own._allowed_removal_reasons()[:1]
        own.action_propose_removal()
        self.papers(removal)
        items = self.as_(self.kz, "social_pedagogue", self.env["vshu.agenda.item"])
        items.create(
            [
                {"topic": "progress", "case_id": heard.id},
                {"topic": "other", "case_id": heard.id},
                {"topic": "other", "title": "О дежурстве в столовой"},
            ]
        )
        meeting = self.make_meeting(self.kz, **vals)
        waiting = items.search([("company_id", "=", self.kz.company.id), ("state", "=", "waiting")])
        order = ["placement", "removal", "term", "progress", "other"]
        for item in waiting:
            item.write({"meeting_id": meeting.id, "sequence": 10 * order.index(item.topic) + (not item.case_id)})
        self.as_(self.kz, "deputy_head", meeting).action_convene()
        return meeting

    def papers(self, case):
        """Lay the papers of the hearing into the file."""
        for paper in case.sudo().document_ids.filtered(lambda d: d.need == "required" and d.state != "ready"):
            paper.write({"date": self.day, "on_paper": True, "rating": "positive" if paper.rated else False})

    def hear(self, bag, item, kind, role="social_pedagogue", **vals):
        """Write hearing, vote and decision of an item and record it, on the day of the meeting."""
        own = self.as_(bag, role, item)
        with freeze_time(ON_THE_DAY):
            own.write(
                {
                    "summary": "Классный руководитель сообщил о пропусках.",
                    "kind_id": kind.id,
                    "decision_text": "решение",
                    "count_for": 5,
                    "curator_id": bag.employees["class_teacher"].id,
                    **vals,
                }
            )
            own.action_decide()
        return item

    def item_of(self, case):
        return self.env["vshu.agenda.item"].search([("case_id", "=", case.id)], order="id desc", limit=1)

    def closed(self, bag, meeting):
        """Close the sitting; return its minutes."""
        with freeze_time(ON_THE_DAY):
            self.as_(bag, "social_pedagogue", meeting).action_close()
        return meeting.minutes_ids

    def sign(self, bag, minutes, *roles):
        """Sign as the given roles, by default both."""
        with freeze_time(ON_THE_DAY):
            for role in roles or ("social_pedagogue", "head"):
                self.as_(bag, role, minutes).action_sign()
        return minutes

    def kind(self, name):
        """Return a kind of decision of either addon."""
        return self.env.ref(f"vshu_registry.{name}", raise_if_not_found=False) or self.env.ref(f"vshu_council.{name}")
