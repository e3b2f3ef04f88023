"""One stay with its plan: version by version, what was done, the reviews, the end."""

from datetime import datetime, time, timedelta
from random import Random

from dateutil.relativedelta import relativedelta
from odoo.fields import Command

from odoo.addons.vshu_registry.tools.states import OVER_STATES

from . import words

#: how long a plan of an open-ended stay runs, in months: short, and where the stay is a long one
SHORT, LONG = 3, 6
#: share of measures done late, left undone in what is over, with an entry of the work, with a note
LATE, UNDONE, ENTRY, NOTE = 0.1, 0.06, 0.3, 0.35
#: kinds of measures that are about lessons
LESSONS = {
    "attendance",
    "absence_reaction",
    "parents_informed",
    "extra_lessons",
    "arrears",
    "difficulties",
    "gaps",
    "lesson_visits",
    "teacher_advice",
}
#: a version that would run fewer days is not made
LEAST = timedelta(days=4)


class Course:
    """Tells the plan of one case, in the order of its days, as the flows would have left it."""

    def __init__(self, story, case, index):
        self.story, self.case, self.index = story, case, index
        self.env, self.today = story.env, story.today
        self.random = Random(f"vshu-plans-{story.code}-{index}")
        self.lang = story.lang(case)
        self.curator = story.user(case.curator_id)
        self.plan = self.env["vshu.plan"]
        self.over = case.state in OVER_STATES
        self.stop = (case.date_removed or case.date_closed) if self.over else None
        #: some plans lag behind, with late measures
        self.behind = index % 3 == 1
        #: some goals hardly come nearer
        self.slow = index % 4 == 2
        #: the review of the last period: it proposes an extension, or nobody has got to it
        self.extension = self.forgotten = False
        clocks = case.deadline_ids
        self.neglected = any(clock.met_event == "reviewed" and clock.state == "overdue" for clock in clocks)
        self.versions = self._versions()
        self.used = set()

    def text(self, name):
        """Return the words of the case's language."""
        return self.story.words(self.lang, name)

    # -- versions ------------------------------------------------------------------------------------------------------

    def _versions(self):
        """Return the versions as dicts: start, end, decision with the council's item, why there is a new one."""
        case, story = self.case, self.story
        done = case.decision_ids.filtered(lambda d: d.state == "done").sorted(lambda d: (d.date, d.id))
        placed = done.filtered(lambda d: d.effect == "place")[:1]
        item = placed.agenda_item_id
        rows = []
        if placed.date_end:
            rows.append({"start": placed.date, "end": placed.date_end, "item": item, "why": None})
            rows += [
                {"start": d.date, "end": d.date_end, "item": d.agenda_item_id, "why": "extend"}
                for d in done.filtered(lambda d: d.effect == "extend")
            ]
        else:
            start = placed.date if item else story.shift(case.date_placed, 4 + self.index % 4)
            last = self.stop or self.today
            months = LONG if last - start > timedelta(days=100) else SHORT
            row = {"start": start, "end": start + relativedelta(months=months), "item": item, "why": None}
            rows.append(row)
            while last - row["end"] > timedelta(days=21):
                start = story.shift(row["end"], -1)
                row = {"start": start, "end": start + relativedelta(months=months), "why": "renew"}
                rows.append(row)
            self._change(rows)
        rows = [
            row for row in rows if row["start"] <= self.today and (not self.stop or row["start"] + LEAST <= self.stop)
        ]
        for number, row in enumerate(rows, 1):
            row["until"] = rows[number]["start"] if number < len(rows) else self.stop
        return rows

    def _change(self, rows):
        """Let the review of a quarter change the plans of some open-ended stays."""
        row = rows[-1]
        if self.neglected or (self.index % 4 != 3 if self.over else self.index % 2):
            return
        for _first, last in self._quarters(row["start"] + timedelta(days=20), self.stop):
            start = self.story.shift(self._concluded_on(last), 2)
            if start < min(self.stop or self.today, row["end"]) - timedelta(days=14):
                end = max(row["end"], start + relativedelta(months=SHORT))
                rows.append({"start": start, "end": end, "why": "change"})
                return

    def play(self):
        """Tell it; a plan that nobody has approved yet stays a draft."""
        for row in self.versions:
            self._approve(row)
            if not self.plan:
                return
            self._carry_out(row)
            self._review(row)
        if not self.versions and not self.over:
            self.story.draft(self.case, self.curator, self.today, self.today + relativedelta(months=SHORT))
        if self.stop and self.plan:
            self._close()

    def _approve(self, row):
        story, before = self.story, self.plan
        if before:
            plan = self._next(before, row)
        else:
            plan = story.draft(self.case, self.curator, row["start"], row["end"])
            for goal in plan.goal_ids:
                rating = self.random.choice("1222")
                goal.write({"rating_start": rating, "reason_start": story.rated(self.lang, goal, 0)})
        if not plan:
            return
        item = row.get("item")
        if not item:
            number = f"{self.random.randint(40, 190)}-о"
            plan.write({"approval_number": number, "approval_date": row["start"]})
        plan = story.by(story.users["head" if item else "deputy"], plan)
        plan._approve(row["start"], item or None)
        if item:
            item.with_env(self.env).plan_id = plan
            story.approved[item] = plan
        self.plan = plan

    def _next(self, before, row):
        """Return the draft of the next version, as it was drafted on the day on which it starts."""
        start, story = row["start"], self.story
        vals = before._next_version_vals(self.random.choice(self.text("CHANGED")[row["why"]]))
        vals.update(date_from=start, date_to=row["end"])
        for _command, _id, line in vals["measure_ids"]:
            measure = before.measure_ids.browse(line["origin_id"])
            waiting = measure.task_ids.filtered(lambda task: task.state == "open").sorted("date_due")
            coming = waiting.filtered(lambda task: task.date_due >= start)
            repeated = measure.repeat and len(coming) > 1
            line.update(
                date_due=coming[:1].date_due or story.shift(start, 0),
                repeat=measure.repeat if repeated else False,
                date_until=coming[-1:].date_due if repeated else False,
            )
        plan = story.by(self.curator, before).create([vals])
        if row["why"] == "change":
            self.add_measure(plan)
        else:
            plan._fill_from(self.case._plan_templates().with_env(plan.env))
            # what is done once was done in the version before
            fresh = plan.measure_ids.filtered(
                lambda m: not m.origin_id and not m.repeat and m.date_due < row["end"] - timedelta(days=30)
            )
            if len(plan.measure_ids - fresh) > 2:
                fresh.unlink()
        return plan

    def add_measure(self, plan):
        """Put one more measure into a draft: a kind that the plan has not got, if there is one."""
        added = self.text("ADDED")
        kinds = plan.measure_ids.type_id.mapped("code")
        code, name, result, role = next((row for row in added if row[0] not in kinds), added[-1])
        due = self.story.shift(plan.date_from, 8)
        plan.write(
            {
                "measure_ids": [
                    Command.create(
                        {
                            "type_id": self.story.types[code].id,
                            "name": name,
                            "result": result,
                            "role_id": self.env.ref(f"vshu_registry.role_{role}").id,
                            "employee_id": plan.sudo()._people()[role].id,
                            "date_due": min(due, plan.date_to),
                            "sequence": 900,
                        }
                    )
                ]
            }
        )

    # -- what was done -------------------------------------------------------------------------------------------------

    def _carry_out(self, row):
        """Mark what was due in a version done, by who answers for it, with a note or by an entry of the work."""
        limit = row["until"] or self.today
        tasks = self.plan.task_ids.filtered(lambda t: t.state == "open" and t.date_due < limit).sorted("date_due")
        left = self._left(tasks, row)
        entries = {}
        for task in tasks - left:
            day = self._done_on(task, row["start"], limit)
            if not day:
                continue
            user = self.story.user(task.employee_id)
            idle = task.type_id.code in LESSONS and any(first <= day <= last for first, last in self.story.vacations)
            entry = None if idle else self._entry(task, day, user)
            if entry:
                entries.setdefault(user, []).append(entry)
            else:
                task.write({"state": "done", "date_done": day, "done_by_id": user.id, **self._said(task, idle)})
        for user, rows in entries.items():
            self.story.by(user, self.env["vshu.intervention"]).create(rows)

    def _left(self, tasks, row):
        """Return the measures that were not done: of a plan that lags behind, mostly those of the last weeks."""
        if row["until"]:
            late = row["until"] - timedelta(days=30)
            return tasks.filtered(lambda task: self.random.random() < UNDONE and (self.over or task.date_due >= late))
        if not self.behind:
            return tasks.browse()
        recent = tasks.filtered(lambda task: task.date_due >= self.today - timedelta(days=24))
        old = tasks - recent
        left = [*self.random.sample(recent.ids, min(3, len(recent))), *old.ids[-1:]]
        return tasks.browse(left)

    def _done_on(self, task, start, limit):
        """Return the working day on which it was done: a little before its day, at times after it; False: not yet."""
        story, due = self.story, task.date_due
        if due < start:
            day = story.shift(start, self.random.randint(1, 5))
            return day if day < limit else False
        if self.random.random() < LATE:
            day = story.shift(due, self.random.randint(1, 6))
            if due < day < limit:
                return day
        day = story.shift(due, -self.random.randint(0, 2))
        return max(day if day <= due else due, start)

    def _said(self, task, idle):
        """Return the values that say what came of a measure: a note that fits, or the result alone."""
        if idle:
            return {"note": self.random.choice(self.text("VACATION"))} if self.random.random() < NOTE else {}
        notes = self.text("NOTES").get(task.type_id.code)
        chance = self.random.random()
        if notes and chance < NOTE:
            outcome, note = self.random.choice(notes)
            return {"outcome": outcome, "note": note}
        if chance < 0.8:
            return {
                "outcome": self.random.choice(("reached", "partly", "partly", "not_yet" if self.slow else "reached"))
            }
        return {}

    def _entry(self, task, day, user):
        """Return the values of an entry of the preventive work that does a measure; each is written once a case."""
        found = [line for line in self.text("ENTRIES").get(task.type_id.code, ()) if line not in self.used]
        if not found or self.random.random() > ENTRY:
            return None
        kind, text, result = found[0]
        self.used.add(found[0])
        case = self.case
        moment = datetime.combine(day, time(self.random.randint(4, 8), self.random.choice((0, 15, 30, 45))))
        adults = case._adults_on(day)[:1] if kind in ("parents", "call", "home_visit") else False
        return {
            "company_id": case.company_id.id,
            "kind_id": self.story.kinds[kind],
            "student_id": case.student_id.id,
            "family_id": case.family_id.id,
            "case_id": case.id,
            "date": moment,
            "date_logged": moment + timedelta(hours=1),
            "employee_id": task.employee_id.id,
            "author_id": user.id,
            "adult_ids": [Command.set(adults.ids)] if adults else [],
            "text": text,
            "result": result,
            "task_id": task.id,
        }

    # -- reviews -------------------------------------------------------------------------------------------------------

    def _quarters(self, first, last):
        """Return the (first, last) days of the periods that ended from ``first`` on and before ``last``, or today."""
        reviews, found = self.env["vshu.plan.review"], []
        last = min(last or self.today, self.today)
        period = reviews._period(self.case.regulation_id, last)
        while period and period[1] >= first:
            found.insert(0, period)
            period = reviews._period(self.case.regulation_id, period[0])
        return found

    def _concluded_on(self, last):
        """Return the day on which the period that ends on ``last`` was reviewed."""
        return self.story.shift(last + timedelta(days=1), 1 + self.index % 8)

    def concludes_last(self):
        """Tell whether the period that ended last is reviewed while the last version is in force, by today."""
        rows = self.versions
        periods = self._quarters(rows[-1]["start"], self.stop) if rows else []
        return bool(periods) and self._concluded(periods[-1][1])

    def _concluded(self, last):
        """Tell whether the period was reviewed: not where nobody has caught up, not where the day is to come."""
        forgotten = self.neglected or self.forgotten
        latest = not self._quarters(last + timedelta(days=1), None)
        return self._concluded_on(last) < self.today and not (latest and forgotten and not self.over)

    def _review(self, row):
        """Write the reviews of the periods that ended while a version was in force; what is open the night opens."""
        for first, last in self._quarters(row["start"], row["until"]):
            day = self._concluded_on(last)
            if not self._concluded(last) or (self.stop and day >= self.stop):
                continue
            conclusion, settled = self._conclusion(row, last)
            texts = self.text("CONCLUDED")[conclusion]
            reviewer = self.curator if self.index % 3 else self.story.users["social"]
            quiet = {"mail_create_nolog": True, "mail_create_nosubscribe": True, "tracking_disable": True}
            review = self.story.by(reviewer, self.env["vshu.plan.review"].with_context(**quiet)).create(
                {
                    "plan_id": self.plan.id,
                    "date_from": first,
                    "date_to": last,
                    "state": "done",
                    "date_done": day,
                    "reviewed_by_id": reviewer.id,
                    "conclusion": conclusion,
                    "conclusion_text": self.random.choice(texts),
                    "settled": settled,
                }
            )
            review._prefill()
            review.write({"study_text": self.random.choice(self.text("STUDY"))})
            if not self.over and (not self.case.date_reviewed or self.case.date_reviewed < day):
                self.case.with_env(review.env)._reviewed(day)
            if row is self.versions[-1]:
                self._rate(final=False)
        if self.extension:
            self.case._council_sync()

    def _conclusion(self, row, last):
        """Return (conclusion, whether what it proposes was settled since) of the period that ends on ``last``."""
        after = self.versions[self.versions.index(row) + 1 :][:1]
        final = not self._quarters(last + timedelta(days=1), row["until"])
        if after and final and after[0]["why"] in ("extend", "change"):
            return {"extend": "extension"}.get(after[0]["why"], "change"), True
        if final and not after:
            reason = self.case.removal_reason_id
            if self.case.state == "closed" and not reason.is_transfer and not reason.is_conversion:
                return "removal", True
            if self.case.state == "removal_proposed":
                return "removal", False
            if self.extension:
                return "extension", False
        return "continue", True

    # -- the end -------------------------------------------------------------------------------------------------------

    def _rate(self, final):
        """Rate the goals as they are now, with the reason; at the end most are reached."""
        for goal in self.plan.goal_ids:
            start = int(goal.rating_start or 1)
            now = start if self.slow else start + (2 if self.random.random() < 0.35 else 1)
            if final:
                now = 3 if self.slow else self.random.choice((3, 4, 4, 4))
            now = min(max(now, start), 4)
            slow = now < 3
            goal.write({"rating_end": str(now), "reason_end": self.story.rated(self.lang, goal, 1, slow)})

    def _close(self):
        """The plan ends with the stay, on its last day."""
        annulled = self.case.state == "annulled"
        if not annulled:
            self._rate(final=not (self.case.removal_reason_id.is_transfer or self.case.removal_reason_id.is_conversion))
        self.case._end_plans(words.CLOSED["annulled" if annulled else "removed"])
        self.plan.write({"date_closed": self.stop})
