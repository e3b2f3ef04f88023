"""What happens in a demo school: tells the stories in the order of their days, through the register's own flows."""

from datetime import datetime, time, timedelta
from itertools import product

from dateutil.relativedelta import relativedelta
from odoo.fields import Command

from odoo.addons.vshu_registry.tools.guard import guarded

from .notices import Notices

#: from the signal to the council
LEAD = timedelta(days=10)
#: how long nobody is at school
SUMMER = timedelta(days=87)
#: the first weeks of a school year
SEPTEMBER = timedelta(days=21)


def is_summer(day):
    """Tell whether ``day`` lies in the long vacation."""
    return (6, 5) < (day.month, day.day) < (9, 1)


class Life:
    """Plays the stories of one school. Every step runs for the user who would do it, on the day on which it was done.

    States, numbers, clocks and journal rows come from the flows. Only dates that a flow sets to today (consent,
    annulment, dismissal, papers complete) are put back to the day of the story, with the guard.
    """

    def __init__(self, world, cases):
        self.world = world
        self.cases = cases
        self.today = world.today
        self.env = world.env
        start = world.last_start - timedelta(days=10)
        self.working = sorted(world.school._working_days(start, self.today + timedelta(days=90)))
        self.told = {}
        self.notices = Notices(self)
        self.papers = {}
        self.counters = {}
        regulation = world.regulation
        self.codes = {
            name: {record.code: record for record in regulation[name]}
            for name in (
                "basis_ids",
                "ground_ids",
                "decision_kind_ids",
                "decision_form_ids",
                "removal_reason_ids",
                "document_requirement_ids",
                "social_category_ids",
            )
        }
        kinds = dict(self.env["res.partner"]._fields["vshu_body"].selection)
        self.bodies = {
            code: self.env["res.partner"].create(
                {
                    "name": name,
                    "is_company": True,
                    "vshu_body": code if code in kinds else "other",
                    "city": world.names.CITY,
                }
            )
            for code, name in cases.BODIES.items()
        }

    def play(self):
        """Tell all stories, day by day, and what goes on beside them."""
        events = []
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        self._used = set(self.world.spoken_for)
        for index, tale in enumerate(self.cases.STORIES):
            self._choose(tale)
            events += [
                (day, index, number, tale["key"], name, params)
                for number, (day, name, params) in enumerate(self._days(tale))
            ]
        for day, _index, _number, key, name, params in sorted(events, key=lambda event: event[:3]):
            getattr(self, f"_step_{name}")(self.told[key], day, **params)
        self._summer_reviews()
        self.notices.hand_over()
        self._tidy(before)
        self._outside_registers()
        self._social_categories()
        self._stand_ins()
        self._calendar_change()
        self._night()
        self.notices.hand_over()

    # -- days -------------------------------------------------------------------------------------------------------

    def _back(self, day):
        """Return ``day`` or the working day before it."""
        return next((known for known in reversed(self.working) if known <= day), day)

    def _on(self, day):
        """Return ``day`` or the next working day."""
        return next((known for known in self.working if known >= day), day)

    def _ago(self, days):
        """Return the working day so many days ago; the summer behind us is left out."""
        day = self.today - timedelta(days=days)
        if day < self.world.start and not is_summer(self.today):
            day -= SUMMER
        return self._back(max(day, self.world.last_start + timedelta(days=7)))

    def _days(self, tale):
        """Return [(day, step, params)] of a story; what would lie in the future has not happened."""
        result, day, hearing, term = [], None, None, None
        months = self._terms(tale) if tale["end"] is not None else []
        for name, when, params in tale["steps"]:
            if isinstance(when, int):
                new = self._ago(when)
            elif when is None:
                new = day
            elif when == "end":
                new = self._back(self._first_council(tale, months) - LEAD)
            elif when.startswith("term"):
                new = self._back(term + timedelta(days=int(when[4:])))
            elif when[0] == "w":
                new = next(known for known in self.working if known > day)
                new = self.working[min(self.working.index(new) + int(when[1:]) - 1, len(self.working) - 1)]
            elif when[0] == "d":
                new = self._on(day + timedelta(days=int(when[1:])))
            elif when.startswith("hearing"):
                new = self._back(hearing + timedelta(days=int(when[7:] or 0)))
            else:
                month, number = map(int, when.split("-"))
                new = self._on(self.world._in_year(self.world.last_start, month, number))
            if new > self.today:
                break
            day = max(new, day or new)
            if name == "hearing":
                plan = params["plan"]
                start, ahead = (self.today, plan[2:]) if plan.startswith("in") else (day, plan[1:])
                hearing = self._on(start + timedelta(days=int(ahead)))
                params = {"plan": hearing}
            if params.get("months"):
                span = months.pop(0) if params["months"] == "auto" else params["months"]
                params = {**params, "months": span, "text": params["text"].format(months=span)}
                term = (term or day) + relativedelta(months=span)
            result.append((day, name, params))
        return result

    def _first_council(self, tale, months):
        return self.today + timedelta(days=tale["end"]) - relativedelta(months=sum(months))

    def _terms(self, tale):
        """Return how long the periods of a story with a given end are: the shortest without a council in summer."""
        number = sum(params.get("months") == "auto" for _name, _when, params in tale["steps"])
        spans = sorted(product(range(3, 7), repeat=number), key=sum)

        def awake(months):
            council = self._first_council(tale, months)
            return not any(is_summer(council + relativedelta(months=sum(months[:index]))) for index in range(number))

        return list(next((months for months in spans if awake(months)), spans[0]))

    # -- people -----------------------------------------------------------------------------------------------------

    def _choose(self, tale):
        """Choose whom the story is about: the first of the village who fits and of whom no story is told yet."""
        who, world = tale["who"], self.world
        if "same" in who:
            self.told[tale["key"]] = {**self.told[who["same"]], "signal": None, "case": None}
            return
        for child in world.village.children:
            if who["subject"] == "family":
                family = world.families.get(id(child.home))
                fits = child.grade == who["grade"] and child.before and family and id(child.home) not in self._used
            elif who.get("left"):
                fits = child.left and child.left[0] == who["left"] and who["before"] in (None, child.before)
            else:
                fits = (
                    child.grade == who["grade"]
                    and child.sex == who["sex"]
                    and child.before
                    and not child.repeats
                    and who.get("letter", child.letter) == child.letter
                )
            if fits and id(child) not in self._used and id(child.home) not in self._used:
                break
        else:
            raise ValueError(f"nobody fits the story {tale['key']}")
        self._used |= {id(child), id(child.home)}
        student = world.students[id(child)]
        if who.get("adult"):
            student.vshu_birth_date = self.today - relativedelta(years=18, days=who["adult"])
        self.told[tale["key"]] = {
            "key": tale["key"],
            "subject": who["subject"],
            "student": student,
            "family": world.families[id(child.home)] if who["subject"] == "family" else None,
            "signal": None,
            "case": None,
        }

    def _employee(self, told, key, day):
        """Return who ``key`` is for this story: a member of the staff, or the class teacher of that day."""
        if key != "class_teacher":
            return self.world.employees[key]
        student = told["student"]
        cls = student._vshu_class_on(day).get(student.id) or student.vshu_enrollment_ids[:1].class_id
        return cls._teachers_on(day, standins=False).get(cls.id, self.world.employees["social"]).with_env(self.env)

    def _user(self, told, key, day):
        return self._employee(told, key, day).user_id or self.world.users["social"]

    def _as(self, record, user):
        """Return the record for a user, with all rights: the roles are asked in the tests, not in history."""
        return record.with_user(user).sudo()  # sudo: see above; the user stays on record as who did it

    def _keeper(self, record):
        return self._as(record, self.world.users["social"])

    # -- signals ----------------------------------------------------------------------------------------------------

    def _step_signal(
        self,
        told,
        day,
        *,
        intake,
        basis,
        ground,
        text,
        done,
        by,
        kind="register",
        issuer=None,
        form=None,
        number=None,
        dated=0,
        tasks=(),
    ):
        author = self._user(told, by, day)
        vals = {
            "company_id": self.world.company.id,
            "intake_kind": intake,
            "basis_id": self.codes["basis_ids"][basis].id,
            "ground_id": self.codes["ground_ids"][ground].id if ground else False,
            "kind": kind,
            "subject": told["subject"],
            "student_id": told["student"].id if told["subject"] == "student" else False,
            "family_id": told["family"].id if told["family"] else False,
            "author_id": author.id,
            "date_received": day,
            "description": text,
            "measures_taken": done,
        }
        if number:
            vals.update(paper_number=number, paper_date=day - timedelta(days=dated))
        if issuer:
            vals.update(
                issuer_id=self.bodies[issuer].id,
                form_id=self.codes["decision_form_ids"][form].id,
                date_registered=day,
                incoming_number=f"01-{self._next('incoming', day):03d}",
                assignment_ids=[Command.create(self._task(told, day, task)) for task in tasks],
            )
        told["signal"] = self._as(self.env["vshu.signal"], author).create(vals).with_env(self.env)

    def _task(self, told, day, task):
        done = task["done"] is not None and day + timedelta(days=task["done"])
        happened = done and done <= self.today
        return {
            "name": task["name"],
            "company_id": self.world.company.id,
            "employee_id": self._employee(told, task["by"], day).id,
            "date_assigned": day,
            "date_due": day + timedelta(days=task["due"]),
            "date_done": done if happened else False,
            "report": task["report"] if happened else False,
        }

    def _submitter(self, told, day):
        """Return who submits: the deputy head in Kazakhstan (KZ-4), the author of the signal in Russia (RU-5.2)."""
        return self.world.users["deputy"] if self.world.code == "kz" else told["signal"].author_id

    def _step_accept(self, told, day):
        key = "deputy" if self.world.code == "kz" else "social"
        self._as(told["signal"], self.world.users[key]).action_accept()
        told["case"] = told["signal"].case_id

    def _step_send(self, told, day):
        self._as(told["case"], self._submitter(told, day))._submit(day)

    def _step_submit(self, told, day):
        self._as(told["signal"], self._submitter(told, day)).action_submit()
        told["case"] = told["signal"].case_id

    def _step_dismiss(self, told, day, *, reason):
        self._as(told["signal"], self.world.users["deputy"])._dismiss(reason)
        guarded(told["signal"]).write({"date_decided": day})

    def _step_join(self, told, day, *, text, by):
        kz = self.world.code == "kz"
        other = {**told, "signal": None}
        ground = told["case"].ground_id.code
        self._step_signal(
            other,
            day,
            intake="appeal",
            basis="4" if kz else "5.2.information",
            ground=ground if kz else None,
            text=text,
            done="",
            by=by,
        )
        self._as(other["signal"], self.world.users["deputy" if kz else "social"])._join(told["case"])

    # -- decisions --------------------------------------------------------------------------------------------------

    def _next(self, kind, day):
        """Return the next number of a kind of paper in the school year of ``day``."""
        key = kind, day >= self.world.start
        self.counters[key] = self.counters.get(key, 0) + 1
        return self.counters[key]

    def _paper_number(self, form, day):
        """Return the number of a paper of the school; all that one meeting decides stands in the same minutes."""
        if form.body == "council":
            if day not in self.papers:
                self.papers[day] = self._next("minutes", day)
            return str(self.papers[day])
        return f"{30 + self._next('order', day)}-в"

    def _step_second(self, told, day, **params):
        """A move to the other kind is made ready: the new stay is submitted, with the head's consent and its papers."""
        second = told["second"] = {**told, "signal": None, "case": None}
        self._step_signal(second, day, **params)
        self._step_submit(second, day)
        if second["case"].consent_needed:
            self._step_consent(second, day)
        self._step_papers(second, day, stage="placement")

    def _step_consent(self, told, day):
        case = self._as(told["case"], self.world.users["head"])
        case.action_consent()
        guarded(case).write({"consent_date": day})

    def _step_hearing(self, told, day, *, plan):
        self._as(told["case"], self.world.users["deputy"]).write({"hearing_date": plan})
        self.notices.invited(told["case"], day)

    def _step_decide(
        self,
        told,
        day,
        *,
        kind,
        form,
        text,
        curator=None,
        number=None,
        dated=0,
        months=0,
        reason=None,
        ground=None,
        until=None,
    ):
        if not told["case"] and told["signal"].form_id:
            self._keeper(told["signal"]).action_enter()
            told["case"] = told["signal"].case_id
        case, signal = told["case"], told["signal"]
        form = self.codes["decision_form_ids"][form] if form else signal.form_id
        outside = form.body == "outside"
        date = day
        if outside:
            date = signal.paper_date if number is None else day - timedelta(days=dated)
            number = number or signal.paper_number
        vals = {
            "case_id": case.id,
            "kind_id": self.codes["decision_kind_ids"][kind].id,
            "form_id": form.id,
            "number": number or self._paper_number(form, day),
            "date": date,
            "date_journal": day,
            "text": text or "Внести в журнал учёта в день поступления к ответственному.",
        }
        if curator:
            vals.update(
                curator_id=self._employee(told, curator, day).id,
                curator_act_number=f"{60 + self._next('act', day)}-о",
                curator_act_date=day,
            )
        if months:
            vals["months"] = months
        if reason:
            vals["removal_reason_id"] = self.codes["removal_reason_ids"][reason].id
        if ground:
            vals["ground_id"] = self.codes["ground_ids"][ground].id
        if until is not None:
            vals["watch_until"] = day + timedelta(days=until) if until > 0 else self.today - timedelta(days=until)
        decision = self._keeper(self.env["vshu.decision"]).create(vals)
        decision.action_apply()
        guarded(decision).write({"date_applied": datetime.combine(day, time(9, 30))})
        if decision.effect == "convert":
            told["case"] = told.pop("second")["case"]

    def _step_informed(self, told, day):
        """The parents were handed their notice and signed for it, or refused (told by ``notices``)."""
        notices = told["case"]._parents_notices().filtered(lambda notice: notice.state == "to_send")
        self.notices.parents_told(notices, day)

    def _step_annul(self, told, day, *, reason):
        case = self._as(told["case"], self.world.users["head"])
        case._annul(reason)
        guarded(case).write({"date_closed": day})
        guarded(case.entry_id).write({"date_annulled": day})

    def _step_correct(self, told, day, *, field, value, reason):
        self._keeper(self.env["vshu.journal.correction"]).create(
            {"entry_id": told["case"].entry_id.id, "field_name": field, "new_value": value, "reason": reason}
        )

    def _step_end_watch(self, told, day, *, result):
        case = self._as(told["case"], told["case"].curator_id.user_id)
        case.write({"watch_result": result})
        case.action_end_watch()

    def _step_leave(self, told, day, *, reason):
        enrollment = told["student"].vshu_enrollment_ids.filtered(lambda e: not e.date_to)
        enrollment.write(
            {
                "date_to": max(day, enrollment.date_from),
                "end_reason_id": self.env.ref(f"vshu_registry.end_reason_{reason}").id,
            }
        )

    def _step_propose(self, told, day, *, reason):
        case = self._as(told["case"], told["case"].curator_id.user_id or self.world.users["social"])
        if case.state == "removal_proposed":  # the end of the enrolment has put it before the council already
            return
        case.write({"proposed_reason_id": self.codes["removal_reason_ids"][reason].id})
        case.action_propose_removal()

    # -- papers -----------------------------------------------------------------------------------------------------

    def _ready(self, told, documents, day, rating=None):
        """Put papers into the file, each from who provides it; one write for what the clocks look at."""
        by_role = {"class_teacher": "class_teacher", "psychologist": "psych", "deputy_head": "deputy"}
        for role in documents.type_id.role_id:
            author = self._employee(told, by_role.get(role.code, "social"), day)
            documents.filtered(lambda d, r=role: d.type_id.role_id == r).write({"author_id": author.id})
        self._keeper(documents).write({"date": day, "on_paper": True})
        rated = documents.filtered("rated")
        if rated and rating:
            rated.write({"rating": rating})

    def _waiting(self, told, stage):
        return told["case"].document_ids.filtered(lambda d: d.stage == stage and d.state in ("missing", "due"))

    def _step_papers(self, told, day, *, stage, rating="positive"):
        documents = self._waiting(told, stage)
        optional = documents.filtered(lambda d: d.need == "if_needed")
        optional.write({"not_needed": True})
        if stage == "hearing":
            rating = "negative"
            # the papers of the hearing came together on that day
            guarded(told["case"]).write({"date_papers_ready": day})
        self._ready(told, documents - optional, day, rating)

    def _step_some_papers(self, told, day):
        self._ready(told, self._waiting(told, "hearing")[:1], day, "negative")

    def _step_dossier(self, told, day, *, upto=20):
        """The file fills up: the first ``upto`` required papers, and every other one that is needed at times."""
        waiting = self._waiting(told, "dossier").filtered(lambda d: not d.requirement_id.repeat_months)
        optional = waiting.filtered(lambda d: d.need == "if_needed")
        optional[::2].write({"not_needed": True})
        self._ready(told, ((waiting - optional) | optional[1:2])[:upto], day)

    def _periodic(self, told, day, rated, rating=None):
        """Put the next copy of a repeated paper into the file; its successor comes by itself."""
        documents = told["case"].document_ids.filtered(
            lambda d: d.requirement_id.repeat_months and d.rated == rated and d.state in ("missing", "due")
        )[:1]
        if not documents:
            return
        self._ready(told, documents, day, rating)

    def _step_characteristic(self, told, day, *, rating="positive"):
        self._periodic(told, day, True, rating)

    def _step_review(self, told, day):
        self._keeper(told["case"])._reviewed(day)
        self._periodic(told, day, False)

    def _step_own_paper(self, told, day, *, requirement):
        requirement = self.codes["document_requirement_ids"][requirement]
        self._keeper(self.env["vshu.document"]).create(
            {
                "case_id": told["case"].id,
                "type_id": requirement.document_type_id.id,
                "requirement_id": requirement.id,
                "date": day,
                "on_paper": True,
                "author_id": self.world.employees["social"].id,
            }
        )

    # -- beside the cases -------------------------------------------------------------------------------------------

    def _summer_reviews(self):
        """What falls due again in the summer behind us is done on its day: keepers work in summer too (RU-5.4)."""
        for key, told in self.told.items():
            case = told["case"]
            if not case or case.state != "active" or key in self.cases.NEGLECTED:
                continue
            for _cycle in range(2):
                for deadline in case.deadline_ids.filtered(
                    lambda d: d.rule_id.repeat and d.state == "overdue" and d.date_due < self.world.start + SEPTEMBER
                ):
                    step = self._step_review if deadline.met_event == "reviewed" else self._step_characteristic
                    step(told, self._back(deadline.date_due))

    def _tidy(self, before):
        """Clocks that were met long ago have left messages of today: history did not write them."""
        messages = [("id", ">", before), ("model", "in", ("vshu.case", "vshu.signal", "vshu.assignment"))]
        self.env["mail.message"].search(messages).unlink()

    def _outside_registers(self):
        names = {"police": "police", "commission": "commission"}
        rows = []
        for key, body, days, reason, summons in self.cases.OUTSIDE:
            told = self.told[key]
            rows.append(
                {
                    "student_id": False if told["family"] else told["student"].id,
                    "family_id": told["family"].id if told["family"] else False,
                    "company_id": self.world.company.id,
                    "body": body,
                    "body_partner_id": self.bodies[names[body]].id,
                    "date_from": self.today - timedelta(days=days),
                    "reason": reason,
                    "paper": told["signal"].paper_number,
                    "summons": summons or False,
                }
            )
        self.env["vshu.external.record"].create(rows)

    def _social_categories(self):
        """Spread the categories over the village, each to every so-many-th student or family that fits."""
        world = self.world
        children = [child for child in world.village.children if child.grade]
        homes = [home for home in world.village.homes if id(home) in world.families]
        shapes = {
            "incomplete": "mother",
            "single_mother": "mother",
            "A5.2": "mother",
            "single_father": "father",
            "A5.3": "father",
            "guardianship": "guardian",
            "A1.8": "guardian",
            "A5.5": "guardian",
        }
        rows = []
        for shift, (code, number) in enumerate(self.cases.SOCIAL.items()):
            category = self.codes["social_category_ids"][code]
            shape = shapes.get(code)
            vals = {
                "category_id": category.id,
                "company_id": world.company.id,
                "date_from": world.last_start + timedelta(days=14 + shift),
            }
            if category.subject == "student":
                fits = [
                    child
                    for child in children
                    if (code != "repeater" or child.repeats) and (not shape or child.home.shape == shape)
                ]
                chosen = [("student_id", world.students[id(child)]) for child in self._spread(fits, number, shift)]
            else:
                fits = [
                    home
                    for home in homes
                    if (not shape or home.shape == shape)
                    and (code not in ("large", "A5.1") or len(home.children) >= 2)
                    and any(child.grade for child in home.children)
                ]
                chosen = [("family_id", world.families[id(home)]) for home in self._spread(fits, number, shift)]
            rows += [{**vals, field: record.id} for field, record in chosen]
        self.env["vshu.category.entry"].create(rows)

    @staticmethod
    def _spread(found, number, shift):
        if not found:
            return []
        stride = max(len(found) // number, 1)
        return [found[index % len(found)] for index in range(shift % stride, len(found), stride)][:number]

    def _stand_ins(self):
        """A class teacher is ill now, the keeper was away a month ago, the deputy head will be away next month."""
        world, day = self.world, timedelta(days=1)

        def row(role, substitute, first, last, order, **vals):
            return {
                "company_id": world.company.id,
                "role_id": self.env.ref(f"vshu_registry.role_{role}").id,
                "substitute_id": world.employees[substitute].id,
                "date_from": self.today + first * day,
                "date_to": self.today + last * day,
                "order_ref": order,
                **vals,
            }

        ill = (6, "А")
        self.env["vshu.standin"].create(
            [
                row(
                    "class_teacher",
                    "english",
                    -4,
                    9,
                    "Приказ № 141-л/с",
                    class_id=world.classes[True, ill].id,
                    employee_id=world.employees[world.class_key(ill)].id,
                ),
                row(
                    "social_pedagogue", "psych", -40, -27, "Приказ № 118-л/с", employee_id=world.employees["social"].id
                ),
                row("deputy_head", "study", 20, 33, "Приказ № 146-л/с", employee_id=world.employees["deputy"].id),
            ]
        )

    def _calendar_change(self):
        """The school closes for the next working day: running clocks in working days move on."""
        self.env["vshu.calendar.exception"].create(
            {
                "school_id": self.world.school.id,
                "date": next(day for day in self.working if day > self.today),
                "kind": "off",
                "name": "Актированный день (буран)"
                if self.world.code == "kz"
                else "Авария на теплотрассе, приказ № 188-о",
            }
        )

    def _night(self):
        """Run the steps of the nightly job: what ends by itself ends, what is late goes up. Without its commits."""
        for _name, model, ids, method in self.env["vshu.case"]._nightly_steps():
            getattr(self.env[model].browse(ids).exists(), method)()
