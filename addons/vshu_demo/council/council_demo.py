from datetime import datetime, time, timedelta

import pytz
from odoo import api, models
from odoo.fields import Command, Date

from odoo.addons.vshu_registry.tools.guard import guarded

from ..registry.registry_demo import QUIET
from . import words

#: hours of a meeting on the school's clock
HOUR = time(15, 0)


class VshuCouncilDemo(models.AbstractModel):
    """Makes the councils of the demo schools: orders, the meetings behind the decisions that the register's demo typed,
    and this autumn's meetings in every state, through the flows that users go through."""

    _name = "vshu.council.demo"
    _description = "Demo councils"

    @api.model
    def _load(self):
        """Make them, unless they are there already or there are no demo schools."""
        # companies outlive a removal of the register, its schools do not
        company = (self.env.ref("vshu_demo.kz_school", raise_if_not_found=False) or self.env["vshu.school"]).company_id
        if not company or self.env["vshu.council"].search_count([("company_id", "=", company.id)], limit=1):
            return
        self = self.with_context(**QUIET)
        self.env["vshu.case"]._council_take_up()
        for code in ("kz", "ru"):
            CouncilStory(self.env, code).play()
            self.env["vshu.demo"]._recorded_on_their_days(self.env.ref(f"vshu_demo.{code}_company"))


class CouncilStory:
    """The council of one school, from last year's order to the meeting of next week."""

    def __init__(self, env, code):
        self.code = code
        self.school = env.ref(f"vshu_demo.{code}_school")
        self.company = self.school.company_id
        self.env = env(context=dict(env.context, allowed_company_ids=self.company.ids, lang="ru_RU"))
        self.today = self.school._today()
        self.system = guarded(self.env["vshu.meeting"].sudo()).env
        self.staff = {}
        for key, _role in (*words.MEMBERS, *words.EARLIER):
            user = env.ref(f"vshu_demo.{code}_user_{key}")
            self.staff[key] = env["hr.employee"].search(
                [("user_id", "=", user.id), ("company_id", "=", self.company.id)], limit=1
            )
        days = self.school._working_days(self.today - timedelta(days=460), self.today + timedelta(days=60))
        self.working = sorted(days)

    def as_(self, key, records):
        """Return ``records`` as a member of the staff works with them."""
        user = self.env.ref(f"vshu_demo.{self.code}_user_{key}")
        return records.with_env(self.env(user=user.id, su=False))

    def ahead(self, number):
        """Return the working day so many working days ahead (behind, where it is negative)."""
        later = [day for day in self.working if day > self.today]
        before = [day for day in self.working if day < self.today]
        return later[number - 1] if number > 0 else before[number]

    def moment(self, day, hour=HOUR):
        """Return the hour of a meeting as Odoo keeps it."""
        local = pytz.timezone(self.school.tz).localize(datetime.combine(day, hour))
        return local.astimezone(pytz.utc).replace(tzinfo=None)

    def play(self):
        """Tell all of it."""
        # what the case's decisions were typed before there was a council in Odoo
        decisions = self.env["vshu.decision"].search(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "done"),
                ("body", "=", "council"),
                ("case_id.taken_over", "=", False),
            ],
            order="date, id",
        )
        self._orders(decisions)
        self._members_log_in()
        self._history(decisions)
        self._autumn()

    # -- orders ------------------------------------------------------------------------------------------------------

    def _orders(self, decisions):
        years = self.env["vshu.school.year"]
        this = years._for_date(self.company, self.today)
        first = min([this.date_start, *decisions.mapped("date")])
        for day, number, members in (
            (first, "64-о", words.EARLIER),
            (max(this.date_start, first + timedelta(days=1)), "71-о", words.MEMBERS),
        ):
            order = self.as_("social", self.env["vshu.council"]).create(
                {
                    "company_id": self.company.id,
                    "order_number": number,
                    "order_date": day,
                    "date_from": day,
                    "member_ids": [
                        Command.create({"employee_id": self.staff[key].id, "role": role, "sequence": 10 * (n + 1)})
                        for n, (key, role) in enumerate(members)
                    ],
                }
            )
            self.as_("head", order).action_approve()
            guarded(order.sudo()).write({"date_approved": day})

    def _members_log_in(self):
        group = self.env.ref("vshu_council.group_council_member")
        for key, _role in words.MEMBERS:
            self.env.ref(f"vshu_demo.{self.code}_user_{key}").group_ids = [Command.link(group.id)]

    # -- what was decided before -------------------------------------------------------------------------------------

    def _history(self, decisions):
        """Make the signed meeting behind each day on which the council decided."""
        by_day = {}
        for decision in decisions:
            by_day.setdefault((decision.date, decision.number), self.env["vshu.decision"])
            by_day[(decision.date, decision.number)] |= decision
        numbers = {}
        last = False
        for index, (day, _number) in enumerate(sorted(by_day, key=lambda key: (key[0], int(key[1])))):
            own = by_day[(day, _number)]
            year = self.env["vshu.school.year"]._for_date(self.company, day)
            numbers[year.id] = numbers.get(year.id, 0) + 1
            last = self._signed(own, day, year, numbers[year.id], index)
        if last:
            extracts = self.env["vshu.extract"].search(
                [("company_id", "=", self.company.id), ("date", "<", self.today - timedelta(days=14))]
            )
            for extract in extracts:
                guarded(extract).write(
                    {"state": "filed", "date_filed": extract.date, "filed_by_id": self.staff["social"].user_id.id}
                )
            self._correct(last)

    def _signed(self, decisions, day, year, number, index):
        council = self.env["vshu.council"]._on_date(self.company, day)
        Meeting, Minutes = self.system["vshu.meeting"], self.system["vshu.minutes"]
        language = "kk" if self.code == "kz" and index % 3 == 1 else "ru"
        meeting = Meeting.create(
            {
                "company_id": self.company.id,
                "lang": "kk_KZ" if language == "kk" else "ru_RU",
                "date": self.moment(day),
                "place": words.PLACES[index % len(words.PLACES)],
                "decision_number": str(number),
                "decision_date": day - timedelta(days=4),
                "state": "held",
                "date_convened": day - timedelta(days=4),
                "convened_by_id": self.staff["deputy"].user_id.id,
                "date_held": day,
                "regulation_id": decisions[0].case_id.regulation_id.id,
            }
        )
        people = self._people(meeting, council, index)
        for position, decision in enumerate(decisions):
            self._item(meeting, decision, people, language, index + position, position)
        deputy = index % 9 == 7
        meeting.write(
            {
                "presiding_id": people["deputy" if deputy else "head"].id,
                "secretary_id": people["social"].id,
            }
        )
        if deputy:
            people["head"].attendance = "excused"
        minutes = Minutes.create({"meeting_id": meeting.id, "year_id": year.id, "number": number})
        minutes._freeze()
        signed = {"chair": people["deputy" if deputy else "head"], "secretary": people["social"]}
        for part, person in signed.items():
            minutes.write(
                {
                    f"{part}_signed_by_id": person.user_id.id,
                    f"{part}_signed_at": self.moment(day, time(16, 30 if part == "secretary" else 50)),
                    f"{part}_hash": minutes.text_hash,
                }
            )
        days = meeting.regulation_id._council_rule("access").get("days", 0)
        minutes.write({"state": "signed", "date_carried_out": self.moment(day, time(16, 50))})
        meeting.write(
            {
                "state": "signed",
                "date_signed": day,
                "open_from": day - timedelta(days=4),
                "open_until": Date.add(day, days=days),
            }
        )
        minutes._make_extracts(meeting.item_ids.filtered("case_id"))
        return minutes

    def _people(self, meeting, council, index):
        vals_list = [
            {
                "meeting_id": meeting.id,
                "kind": "member",
                "council_role": member.role,
                "employee_id": member.employee_id.id,
                "sequence": member.sequence,
                "attendance": "excused"
                if member.role == "member" and (index + member.sequence) % 70 == 50
                else "present",
                "answer": "accepted",
            }
            for member in council.member_ids
        ]
        people = self.system["vshu.meeting.participant"].create(vals_list)
        keys = {employee.id: key for key, employee in self.staff.items()}
        return {keys[person.employee_id.id]: person for person in people}

    def _item(self, meeting, decision, people, language, index, position):
        effect = decision.effect
        present = [person for person in people.values() if person.attendance == "present"]
        heard = words.HEARD[language].get(effect) or words.HEARD["ru"]["place"]
        speaker, speech = words.SPOKE[language][index % len(words.SPOKE[language])]
        person = people.get(speaker) or people["deputy"]
        abstained = 1 if index % 5 == 3 else 0
        topics = {"extend": "term", "remove": "removal", "keep": "removal", "convert": "removal"}
        named = index % 6 == 2
        # an order to vote by name, all present for but the last one who abstains
        votes = [
            Command.create({"participant_id": p.id, "choice": "abstained" if abstained and p == present[-1] else "for"})
            for p in present
        ]
        text = decision.text if language == "ru" else words.DECIDED["kk"].get(effect)
        item = self.system["vshu.agenda.item"].create(
            {
                "company_id": self.company.id,
                "meeting_id": meeting.id,
                "sequence": 10 * (position + 1),
                "topic": topics.get(effect, "placement"),
                "case_id": decision.case_id.id,
                "state": "done",
                "decision_id": decision.id,
                "summary": heard[index % len(heard)],
                "speech_ids": [Command.create({"participant_id": person.id, "text": speech})],
                "vote_mode": "name" if named else "count",
                "count_for": len(present) - abstained,
                "count_abstained": abstained,
                "vote_ids": votes if named else [],
                "kind_id": decision.kind_id.id,
                "decision_text": text or words.DECIDED["ru"].get(effect),
                "months": decision.months,
                "date_end": decision.date_end,
                "curator_id": decision.curator_id.id,
                "watch_until": decision.watch_until,
                "removal_reason_id": decision.removal_reason_id.id,
            }
        )
        guarded(decision.sudo()).write({"agenda_item_id": item.id})

    def _correct(self, minutes):
        """Let the last minutes have a corrected version."""
        own = self.as_("social", self.env["vshu.minutes"].browse(minutes.id))
        new = own.browse(own._correct(words.REASONS["correction"])["res_id"])
        line = new.line_ids[0]
        line.write({"speeches": (line.speeches or "").replace("прошу", "просит") + " Исправлено."})
        for key, part in (("social", "secretary"), ("head", "chair")):
            signer = minutes[f"{part}_signed_by_id"]
            version = new.with_env(self.env(user=signer.id or self.staff[key].user_id.id, su=False))
            version.action_sign()

    # -- this autumn -------------------------------------------------------------------------------------------------

    def _autumn(self):
        """Go through the flow with what waits now: meetings in every state."""
        waiting = self.env["vshu.agenda.item"].search(
            [("company_id", "=", self.company.id), ("state", "=", "waiting")], order="date_due, id"
        )
        take = iter(waiting)
        # a small list is not used up at once
        pair = 2 if len(waiting) > 6 else 1
        self._off("cancelled", self.ahead(-12), words.OTHER[0])
        self._off("not_held", self.ahead(-9), words.OTHER[1])
        held = self._prepare(self.ahead(-1), [next(take, None) for _n in range(pair)], words.OTHER[2])
        self._sit(held)
        for item in held.item_ids:
            self._hear(held, item)
        self.as_("social", held).action_close()
        self.as_("social", held.minutes_ids).action_sign()
        own = [next(take, None) for _n in range(pair)]
        sitting = self._prepare(self.today, own, words.OTHER[1], hour=time(8, 30))
        self._sit(sitting, late=True)
        self._hear(sitting, sitting.item_ids[:1])
        # something is left for “Propose a meeting”
        coming = next(take, None) if len(waiting) > 3 else None
        self._prepare(self.ahead(5), [coming], False if coming else words.OTHER[2])
        draft = self.as_("social", self.env["vshu.meeting"]).create(
            {"company_id": self.company.id, "date": self.moment(self.ahead(9)), "place": words.PLACES[0]}
        )
        self._other(draft, words.OTHER[0])

    def _other(self, meeting, title):
        self.as_("social", self.env["vshu.agenda.item"]).create(
            {
                "company_id": self.company.id,
                "topic": "other",
                "title": title,
                "meeting_id": meeting.id,
                "sequence": 90,
                "reporter_id": self.staff["deputy"].id,
            }
        )

    def _prepare(self, day, items, other, hour=HOUR):
        """Convene a meeting, then put its day where the story wants it: nobody convenes for a day that has passed."""
        meeting = self.as_("social", self.env["vshu.meeting"]).create(
            {
                "company_id": self.company.id,
                "lang": "ru_RU",
                "date": self.moment(max(day, self.ahead(20)) if day <= self.today else day, hour),
                "place": words.PLACES[day.day % len(words.PLACES)],
                "decision_number": str(100 + day.day),
                "decision_date": min(self.today, day - timedelta(days=4)),
            }
        )
        for item in filter(None, items):
            self.as_("social", item).write({"meeting_id": meeting.id})
        if other:
            self._other(meeting, other)
        self.as_("deputy", meeting).action_convene()
        meeting = meeting.sudo().with_env(self.system)
        if day <= self.today:
            meeting.write({"date": self.moment(day, hour), "date_convened": min(self.today, day - timedelta(days=4))})
            meeting._keep_event()
        return meeting.with_env(self.env)

    def _sit(self, meeting, late=False):
        self.as_("social", meeting).action_start()
        for person in meeting.member_ids[-1:] if late else ():
            self.as_("social", person).write({"attendance": "excused"})
        self.as_("social", meeting).action_all_present()
        for guest in meeting.guest_ids:
            self.as_("social", guest).write({"attendance": "absent" if guest.kind == "parent" else "present"})

    def _hear(self, meeting, item):
        """Hear an item: place, extend or remove where the case allows it, else hear again; a matter without a case is
        noted."""
        own = self.as_("social", item)
        kinds = item.allowed_kind_ids
        wanted = {"placement": ("place",), "term": ("extend",), "removal": ("remove", "keep")}.get(
            item.topic, ("note",)
        )
        chosen = kinds.filtered(lambda kind: kind.effect in wanted)
        if not item.papers_ok:
            self.as_("head", item)._allow_without_papers(words.REASONS["papers"])
        present = item._voters()
        for kind in [*chosen, *kinds.filtered(lambda k: k.effect == "hear_again")]:
            effect = kind.effect
            vals = {
                "summary": words.HEARD["ru"].get(effect, words.HEARD["ru"]["note"])[0],
                "kind_id": kind.id,
                "decision_text": words.DECIDED["ru"][effect],
                "count_for": len(present),
                "excluded_ids": [Command.clear()],
                "excluded_reason": False,
                "curator_id": item.case_id.curator_id.id or self.staff["social"].id,
                "removal_reason_id": item.case_id.proposed_reason_id.id if effect == "remove" else False,
                "assignment_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "name": "Посетить семью, составить акт" if item.case_id else "Подготовить отчёт",
                            "employee_id": self.staff["social"].id,
                            "date_due": meeting.date_day + timedelta(days=14),
                        }
                    ),
                ],
            }
            if effect == "place" and not vals["removal_reason_id"]:
                vals["excluded_ids"] = [Command.set(meeting.member_ids[-1:].ids)]
                vals["excluded_reason"] = words.REASONS["excluded"]
                vals["count_for"] = len(present) - (1 if meeting.member_ids[-1:] in present else 0)
            own.write(dict.fromkeys(("months", "date_end", "watch_until"), False))
            own.write(vals)
            own.write(
                {
                    name: own.sudo()._draft_decision()[name]
                    for name in ("months", "date_end")
                    if effect in ("place", "extend")
                }
            )
            if not item.sudo()._item_problems():
                own.write({"speech_ids": [self._speech(meeting)]})
                own.action_decide()
                return
        raise ValueError(f"nothing can be decided on {item.display_name}: {item.sudo()._item_problems()}")

    def _speech(self, meeting):
        key, text = words.SPOKE["ru"][0]
        person = meeting.member_ids.filtered(lambda p: p.employee_id == self.staff[key])
        return Command.create({"participant_id": (person or meeting.member_ids[:1]).id, "text": text})

    def _off(self, state, day, title):
        meeting = self._prepare(day, [], title)
        if state == "cancelled":
            self.as_("head", meeting)._cancel(words.REASONS["cancelled"])
            return
        self.as_("social", meeting).action_start()
        for position, person in enumerate(meeting.member_ids):
            self.as_("social", person).write({"attendance": "present" if position < 2 else "absent"})
        self.as_("social", meeting).action_no_quorum()
        for item in self.env["vshu.agenda.item"].search(
            [("company_id", "=", self.company.id), ("topic", "=", "other"), ("state", "=", "waiting")]
        ):
            self.as_("social", item)._withdraw(words.REASONS["moved"])
