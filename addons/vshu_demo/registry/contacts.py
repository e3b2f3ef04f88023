"""What the staff wrote down of their work, the cards of the families, and a child whose guardian changed."""

import random
from datetime import datetime, time, timedelta

from odoo.fields import Command

from odoo.addons.vshu_registry.tools.guard import guarded

from . import contacts_words as words
from .life import is_summer

#: entries of a case, at least and at most
MANY = (2, 12)


class Contacts:
    """Writes the record of the work of one school, as those who did it, on the days on which it was done."""

    def __init__(self, life):
        self.life = life
        self.world = life.world
        self.env = life.env
        self.today = life.today
        self.random = random.Random(f"vshu-contacts-{self.world.code}")
        kinds = self.env["vshu.intervention.kind"].search([("company_id", "=", False)])
        self.kinds = {kind.code: kind.id for kind in kinds}
        self._teachers = {}

    def play(self):
        """Write all down."""
        rows = [row for key, told in self.life.told.items() for row in self._of_case(key, told)]
        rows += self._of_others()
        rows.sort(key=lambda row: row["date"])
        # sudo: as Life does it; the author of each stays on record
        entries = guarded(self.env["vshu.intervention"].sudo()).create(rows)
        self._correct_and_annul(entries)
        self._families()
        self._moves()

    # -- entries -----------------------------------------------------------------------------------------------------

    def _bank(self, told, key):
        kk = self.world.code == "kz" and key.endswith("_kk")
        case = told["case"] or told["signal"].case_id
        code = (case.ground_id or told["signal"].ground_id).code or ""
        theme = "family" if told["subject"] == "family" else words.THEMES.get(code, "rules")
        return (words.KK if kk else words.RU)[theme], "kk" if kk else "ru"

    def _of_case(self, key, told):
        """Return the entries of a story: from the signal to the end of the stay, or to today."""
        signal, case = told["signal"], told["case"]
        if not signal:
            return []
        start = signal.date_received
        end = min((case and case.date_closed) or self.today, self.today - timedelta(days=1))
        days = [day for day in self.life.working if start <= day <= end and not is_summer(day)]
        if told["subject"] == "student":
            first = min(told["student"].vshu_enrollment_ids.mapped("date_from"))
            last = max((e.date_to or self.today) for e in told["student"].vshu_enrollment_ids)
            days = [day for day in days if first <= day <= last]
        bank, lang = self._bank(told, key)
        if not days:
            return []
        low, high = MANY
        number = min(low + min(len(days) // 12, high - low), len(days))
        chosen = sorted(self.random.sample(days, number))
        everyday = self.random.sample(words.EVERYDAY[lang], len(words.EVERYDAY[lang]))
        rows = []
        for index, day in enumerate(chosen):
            # each line of the theme once, in its order; what goes on for long has everyday entries as well
            line = bank[index] if index < len(bank) else everyday[(index - len(bank)) % len(everyday)]
            rows.append(self._row(told, day, line, case_id=case.id if case and day >= self._since(case) else False))
        open_case = case and case.state in ("active", "removal_proposed", "watched", "submitted")
        if rows:
            self._plan_next(rows[-1], lang, open_case)
        if len(rows) > 3:
            self._plan_next(rows[1], lang, False)
        return rows

    def _since(self, case):
        return case.date_received or case.date_decided or case.create_date.date()

    def _row(self, told, day, line, **vals):
        kind, who, text, result = line
        employee = self._who(told, who, day)
        author = employee.user_id or self.world.users["social"]
        moment = datetime.combine(day, time(self.random.randint(4, 9), self.random.choice((0, 10, 20, 30, 40, 50))))
        row = {
            "company_id": self.world.company.id,
            "kind_id": self.kinds[kind],
            "date": moment,
            "date_logged": moment + timedelta(hours=self.random.choice((0, 0, 1, 20))),
            "employee_id": employee.id,
            "author_id": author.id,
            "text": text,
            "result": result or False,
            **vals,
        }
        if told["subject"] == "family":
            row["family_id"] = told["family"].id
        else:
            row["student_id"] = told["student"].id
        if kind in ("parents", "call"):
            adult = self._adult(told, day)
            row["adult_ids"] = [Command.link(adult.id)] if adult else []
        if kind == "home_visit":
            row["employee_ids"] = [Command.link(self._who(told, "class_teacher", day).id)]
            row["others"] = "инспектор ПДН" if self.world.code == "ru" else "инспектор ЮПП"
        return row

    def _who(self, told, key, day):
        """Return the employee; the class teacher of a student and a school year is looked up once."""
        if key != "class_teacher":
            return self.world.employees[key]
        cache = (told["student"].id, day >= self.world.start)
        if cache not in self._teachers:
            self._teachers[cache] = self.life._employee(told, "class_teacher", day)
        return self._teachers[cache]

    def _adult(self, told, day):
        links = told["student"].vshu_guardian_ids.filtered(lambda g: g._in_force_on(day))
        return links[:1].partner_id

    def _plan_next(self, row, lang, is_open):
        """Plan a next step: still ahead, late, or done in time."""
        day = row["date"].date()
        row["next_step"] = self.random.choice(words.NEXT[lang])
        row["next_employee_id"] = row["employee_id"]
        if is_open and self.random.random() < 0.7:
            ahead = self.random.randint(1, 12)
            row["next_date"] = self.life._on(self.today + timedelta(days=ahead))
        elif is_open:
            row["next_date"] = self.life._on(day + timedelta(days=2))
        else:
            row["next_date"] = self.life._on(day + timedelta(days=7))
            row["next_done"] = min(row["next_date"], self.today)

    def _of_others(self):
        """Return entries on children who have no case: mostly good ones."""
        told = {tale["student"].id for tale in self.life.told.values()}
        children = [
            child
            for child in self.world.village.children
            if child.grade and self.world.students[id(child)].id not in told and child.grade >= 2
        ]
        rows = []
        days = [day for day in self.life.working if self.world.start <= day < self.today]
        if not days:
            return rows
        for child in self.random.sample(children, 48):
            kk = self.world.code == "kz" and child.letter == "А"
            bank = words.FREE_KK if kk else words.FREE_RU
            student = {"student": self.world.students[id(child)], "subject": "student"}
            first = min(student["student"].vshu_enrollment_ids.mapped("date_from"))
            fits = [day for day in days if day >= first]
            for day in self.random.sample(fits, min(len(fits), self.random.randint(1, 2))):
                rows.append(self._row(student, day, self.random.choice(bank)))
        return rows

    def _correct_and_annul(self, entries):
        """One entry is put right by the office, one is struck through by its author."""
        users = self.world.users
        social = self.life._as(entries, users["social"])
        incidents = social.filtered(lambda e: e.kind_id.code == "incident" and e.author_id != users["social"])
        if incidents:
            entry = incidents[-1]
            lang = "kk" if set(entry.text.lower()) & set("әғқңөұүһі") else "ru"
            entry._correct({"text": words.CORRECTION[lang][0], "tone": "neutral"}, words.CORRECTION[lang][1])
        wrong = social.filtered(lambda e: e.kind_id.code == "call" and not e.case_id)[-1:]
        if wrong:
            lang = "kk" if set(wrong.text.lower()) & set("әғқңөұүһі") else "ru"
            self.life._as(wrong, wrong.author_id)._annul(words.ANNULMENT[lang])

    # -- families ----------------------------------------------------------------------------------------------------

    def _families(self):
        """Fill the cards of the families of the stories, and of a dozen others."""
        told = [tale["family"] for tale in self.life.told.values() if tale["family"]]
        others = [family for family in self.world.families.values() if family not in told]
        chosen = [*told, *others[::7][:14]]
        shapes = {
            self.world.families[id(home)].id: home.shape
            for home in self.world.village.homes
            if id(home) in self.world.families
        }
        persons, situations = [], []
        social, psych = self.world.users["social"], self.world.users["psych"]
        for number, family in enumerate(chosen):
            shape = shapes[family.id]
            for index, link in enumerate(family.member_ids.vshu_guardian_ids):
                adult = link.partner_id
                if adult.vshu_workplace:
                    continue
                jobs = words.WORK["male" if link.kind in ("father", "step_parent") else "female"]
                if link.kind in ("grandparent", "guardian", "trustee"):
                    jobs = words.WORK["old"]
                adult.write(
                    {
                        "vshu_workplace": jobs[(number * 3 + index) % len(jobs)],
                        "vshu_education": words.EDUCATION[(number + index) % len(words.EDUCATION)],
                    }
                )
            marriages = words.MARRIAGE[shape]
            family.write(
                {
                    "marriage": marriages[number % len(marriages)],
                    "housing": words.HOUSING[number % len(words.HOUSING)],
                    "registered_address": family.address if number % 3 else False,
                }
            )
            if number % 2 == 0:
                year, place = words.SIBLINGS[number // 2 % len(words.SIBLINGS)]
                surname = family.member_ids[:1].name.split()[0]
                given = ("Артём", "Алина", "Дмитрий", "Амина")[number // 2 % 4]
                persons.append(
                    {"family_id": family.id, "name": f"{surname} {given}", "birth_year": int(year), "place": place}
                )
            if family in told or number % 4 == 0:
                situations.append(
                    {
                        "family_id": family.id,
                        "date": self.life._back(self.today - timedelta(days=9 + number)),
                        "text": words.SITUATION[shape],
                        "author_id": (psych if number % 2 else social).id,
                    }
                )
        self.env["vshu.family.person"].create(persons)
        self.env["vshu.family.situation"].sudo().create(situations)  # sudo: as Life does it

    def _moves(self):
        """A grandmother became the guardian of a child this autumn; a father's rights were limited."""
        used = {tale["student"].id for tale in self.life.told.values()}
        keeper = self.life._as(self.env["vshu.family.move"], self.world.users["social"])
        day = self.life._back(self.today - timedelta(days=18))
        done = set()
        for shape, reason, paper in (
            ("grandmother", "guardianship", "Постановление об установлении опеки № 61"),
            ("pair", "limited", "Решение суда об ограничении родительских прав № 2-318"),
            ("step", "custody", "Соглашение родителей о месте жительства детей"),
        ):
            for child in self.world.village.children:
                student = self.world.students[id(child)]
                if child.home.shape != shape or not child.grade or student.id in used or reason in done:
                    continue
                links = student.vshu_guardian_ids.filtered(lambda g: g._in_force_on(day))
                vals = {
                    "student_id": student.id,
                    "company_id": self.world.company.id,
                    "date": day,
                    "reason": reason,
                    "document": f"{paper} от {day:%d.%m.%Y}",
                }
                if reason == "guardianship":
                    grandmother = links.filtered(lambda g: g.kind == "grandparent")
                    vals.update(
                        ended_ids=[Command.set(links.ids)], partner_id=grandmother.partner_id.id, kind="guardian"
                    )
                elif reason == "limited":
                    vals["ended_ids"] = [Command.set(links.filtered(lambda g: g.kind == "father").ids)]
                else:
                    vals["ended_ids"] = [Command.set(links.filtered(lambda g: g.kind == "step_parent").ids)]
                keeper.create([vals])
                done.add(reason)
