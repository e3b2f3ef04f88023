"""The demo schools before anything happens in them: company, staff, users, years, classes, students, families."""

from datetime import date, timedelta

from odoo.fields import Command

from odoo.addons.vshu_registry.models.school.vshu_school_day import day_in

from .people import Village, last_year_class

#: a hash of the users' passwords that costs next to nothing; Odoo replaces it with a strong one at the first log-in
CHEAP_ROUNDS = 1000

SCHOOLS = {
    "kz": {
        "name": "КГУ «Общеобразовательная школа № 27»",
        "country": "base.kz",
        "currency": "base.KZT",
        "tz": "Asia/Almaty",
        "street": "ул. Ерубаева, 19",
        "phone": "+7 700 000 27 27",
        "domain": "school27.example",
        "working_week": "5",
        "order": ("87-ө", 9, 2),
        "regulation": "vshu_registry.kz_regulation",
        # the head works in Kazakh
        "kazakh": ("head",),
        "guardian_langs": ("kk_KZ", "ru_RU"),
        "latin": {"А": "a", "Б": "b"},
    },
    "ru": {
        "name": "МБОУ «СОШ № 14»",
        "country": "base.ru",
        "currency": "base.RUB",
        "tz": "Asia/Yekaterinburg",
        "street": "ул. Школьная, 3",
        "phone": "+7 900 000-14-14",
        "domain": "school14.example",
        "working_week": "5",
        "order": ("112-о", 9, 1),
        "regulation": "vshu_registry.ru_regulation",
        "kazakh": (),
        "guardian_langs": ("ru_RU",),
        "latin": {"А": "a", "Б": "b"},
    },
}

#: terms and vacations: ru name, kk name, kind, first and last day (month, day)
TERMS = {
    "kz": (
        ("1 четверть", "1-тоқсан", "term", (9, 1), (10, 26)),
        ("Осенние каникулы", "Күзгі каникул", "vacation", (10, 27), (11, 2)),
        ("2 четверть", "2-тоқсан", "term", (11, 3), (12, 28)),
        ("Зимние каникулы", "Қысқы каникул", "vacation", (12, 29), (1, 7)),
        ("3 четверть", "3-тоқсан", "term", (1, 8), (3, 18)),
        ("Весенние каникулы", "Көктемгі каникул", "vacation", (3, 19), (3, 29)),
        ("4 четверть", "4-тоқсан", "term", (3, 30), (5, 25)),
        ("Летние каникулы", "Жазғы каникул", "vacation", (5, 26), (8, 31)),
    ),
    "ru": (
        ("1 четверть", "1-тоқсан", "term", (9, 1), (10, 25)),
        ("Осенние каникулы", "Күзгі каникул", "vacation", (10, 26), (11, 4)),
        ("2 четверть", "2-тоқсан", "term", (11, 5), (12, 30)),
        ("Зимние каникулы", "Қысқы каникул", "vacation", (12, 31), (1, 11)),
        ("3 четверть", "3-тоқсан", "term", (1, 12), (3, 27)),
        ("Весенние каникулы", "Көктемгі каникул", "vacation", (3, 28), (4, 5)),
        ("4 четверть", "4-тоқсан", "term", (4, 6), (5, 26)),
        ("Летние каникулы", "Жазғы каникул", "vacation", (5, 27), (8, 31)),
    ),
}


def school_year_start(today):
    """Return the first day of the school year that ``today`` belongs to; the summer belongs to the year that ended."""
    return date(today.year if today.month >= 9 else today.year - 1, 9, 1)


class World:
    """Makes one school and remembers its records by key."""

    def __init__(self, env, code):
        self.code = code
        self.config = SCHOOLS[code]
        self.env = env(context={**env.context, "tz": self.config["tz"]})
        self.today = day_in(self.config["tz"])
        self.start = school_year_start(self.today)
        self.last_start = self.start.replace(year=self.start.year - 1)
        self.village = Village(code, self.start)
        self.names = self.village.names
        self.installed = {lang for lang, _name in self.env["res.lang"].get_installed()}
        self.users, self.employees, self.classes, self.students = {}, {}, {}, {}
        #: ids of the children and homes that the stories leave alone
        self.spoken_for = set()

    def build(self):
        """Make everything, in an order in which each thing finds what it needs."""
        self._make_company()
        self._make_staff()
        self._make_school()
        self._make_years()
        self._make_holidays()
        self._make_classes()
        self._make_people()
        self._make_enrollments()
        return self

    def lang(self, *wanted):
        """Return the first of the wanted languages that is installed, else English."""
        return next((code for code in wanted if code in self.installed), "en_US")

    def name_record(self, key, record):
        """Give a record an external identifier.

        It is not one of the addon: whoever removes the addon keeps companies and people.
        """
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"vshu_demo.{self.code}_{key}", "record": record, "noupdate": True}]
        )

    # -- school -----------------------------------------------------------------------------------------------------

    def _make_company(self):
        config, names = self.config, self.names
        self.company = self.env["res.company"].create(
            {
                "name": config["name"],
                "country_id": self.env.ref(config["country"]).id,
                "currency_id": self.env.ref(config["currency"]).id,
                "street": config["street"],
                "city": names.CITY,
                "zip": names.ZIP,
                # no e-mail address: Odoo would ask a service on the Internet who that is
                "phone": config["phone"],
            }
        )
        self.name_record("company", self.company)
        self.env = self.env(context={**self.env.context, "allowed_company_ids": self.company.ids})
        self.company = self.company.with_env(self.env)
        if self.company.resource_calendar_id:
            self.company.resource_calendar_id.tz = config["tz"]

    def _staff(self):
        """Return (key, login, name, sex, position, role) of everybody who works at the school."""
        staff = [(key, f"{self.code}_{key}", *rest) for key, *rest in self.names.OFFICE]
        for grade, letter, name, sex, position in self.names.TEACHERS:
            key = f"class_{grade}{self.config['latin'][letter]}"
            staff.append((key, f"{self.code}_{key}", name, sex, position, "class_teacher"))
        return staff

    def _make_staff(self):
        staff = self._staff()
        group = self.env.ref("base.group_user").id
        with_user = [row for row in staff if row[5]]
        # passwords are set below: the usual hash takes half a second each
        users = self.env["res.users"].create(
            [
                {
                    "name": name,
                    "login": login,
                    "email": f"{login}@{self.config['domain']}",
                    "lang": self.lang(*(("kk_KZ",) if key in self.config["kazakh"] else ()), "ru_RU"),
                    "tz": self.config["tz"],
                    "company_id": self.company.id,
                    "company_ids": [Command.set(self.company.ids)],
                    "group_ids": [Command.set([group, self.env.ref(f"vshu_registry.group_{role}").id])],
                    "notification_type": "inbox",
                }
                for key, login, name, _sex, _position, role in with_user
            ]
        )
        cheap = self.env["res.users"]._crypt_context()
        cheap.update(pbkdf2_sha512__rounds=CHEAP_ROUNDS)
        for row, user in zip(with_user, users, strict=True):
            user._set_encrypted_password(user.id, cheap.hash(user.login))
            self.users[row[0]] = user
            self.name_record(f"user_{row[0]}", user)
        employees = self.env["hr.employee"].create(
            [
                {
                    "name": name,
                    "user_id": self.users[key].id if key in self.users else False,
                    "company_id": self.company.id,
                    "job_title": position,
                    "sex": sex,
                    "work_email": f"{login}@{self.config['domain']}",
                    "work_phone": self.names.PHONE.format(0, number),
                    "tz": self.config["tz"],
                }
                for number, (key, login, name, sex, position, _role) in enumerate(staff, start=1)
            ]
        )
        self.employees = {row[0]: employee for row, employee in zip(staff, employees, strict=True)}

    def _make_school(self):
        number, month, day = self.config["order"]
        order_date = min(date(self.start.year, month, day), self.today)
        self.school = self.env["vshu.school"].create(
            {
                "company_id": self.company.id,
                "regulation_id": self.env.ref(self.config["regulation"]).id,
                "head_id": self.employees["head"].id,
                "deputy_head_id": self.employees["deputy"].id,
                "keeper_id": self.employees["social"].id,
                "keeper_order_number": number,
                "keeper_order_date": order_date,
                "psychologist_id": self.employees["psych"].id,
                "working_week": self.config["working_week"],
                "tz": self.config["tz"],
            }
        )
        self.name_record("school", self.school)
        self.regulation = self.school.regulation_id

    def _make_years(self):
        self.years = []
        for start in (self.last_start, self.start):
            end = start.replace(year=start.year + 1) - timedelta(days=1)
            terms = [
                Command.create(
                    {
                        "name": name,
                        "kind": kind,
                        "date_start": self._in_year(start, *first),
                        "date_end": self._in_year(start, *last),
                    }
                )
                for name, _kk, kind, first, last in TERMS[self.code]
            ]
            year = self.env["vshu.school.year"].create(
                {
                    "name": f"{start.year}/{(start.year + 1) % 100:02d}",
                    "company_id": self.company.id,
                    "date_start": start,
                    "date_end": end,
                    "term_ids": terms,
                }
            )
            self.years.append(year)
            if "kk_KZ" in self.installed:
                for term, (_name, kk, *_rest) in zip(year.term_ids.sorted("date_start"), TERMS[self.code], strict=True):
                    term.update_field_translations("name", {"kk_KZ": kk})

    @staticmethod
    def _in_year(start, month, day):
        return date(start.year if month >= 9 else start.year + 1, month, day)

    def _make_holidays(self):
        """Load the holidays of this year and the next as the button does, and those of the history behind."""
        self.school._load_holidays()
        years = range(self.last_start.year, self.school._today().year)
        days = self.school._library_days(self.regulation.country_id, tuple(years)) if years else {}
        rows = self.env["vshu.calendar.exception"].create(
            [
                {
                    "school_id": self.school.id,
                    "date": day,
                    "kind": vals["kind"],
                    "five_day_only": vals["five_day_only"],
                    "name": vals["names"]["en_US"],
                    "source": "library",
                }
                for day, vals in days.items()
            ]
        )
        for row in rows:
            row.update_field_translations("name", days[row.date]["names"])
        rows.write({"source": "library"})

    # -- classes ----------------------------------------------------------------------------------------------------

    def _make_classes(self):
        """Make the classes of both years; a class keeps its teacher, the primary teachers begin anew with grade 1."""
        last, this = self.years
        now = [(grade, letter) for grade, letter, *_rest in self.names.TEACHERS]
        before = [last_year_class(*key) for key in now if key[0] > 1]
        for child in self.village.children:
            if child.before and child.before not in before:
                before.append(child.before)
        rows = [(this, key) for key in now] + [(last, key) for key in sorted(before)]
        classes = self.env["vshu.class"].create(
            [
                {"company_id": self.company.id, "year_id": year.id, "grade": grade, "letter": letter}
                for year, (grade, letter) in rows
            ]
        )
        self.classes = {(year == this, key): record for (year, key), record in zip(rows, classes, strict=True)}
        self.env["vshu.class.teacher"].create(self._teacher_rows())

    def _teacher_rows(self):
        rows = []
        changed, former = self.names.CHANGED_CLASS
        # whose class was what last year where it did not just move up
        moved = {(4, "А"): (1, "А"), (4, "Б"): (1, "Б"), (11, "А"): (5, "А"), (9, "Б"): (5, "Б")}
        for (is_now, key), record in self.classes.items():
            year = record.year_id
            own = key if is_now else moved.get(key, (key[0] + 1, key[1]))
            teacher = self.employees.get(self.class_key(own))
            if not is_now and not teacher:
                continue
            start = year.date_start
            if is_now and key == changed:
                change = max(start + timedelta(days=1), self.today - timedelta(days=30))
                rows.append(
                    {
                        "class_id": record.id,
                        "employee_id": self.employees[former].id,
                        "date_from": start,
                        "date_to": change - timedelta(days=1),
                    }
                )
                start = change
            rows.append(
                {
                    "class_id": record.id,
                    "employee_id": teacher.id,
                    "date_from": start,
                    "date_to": False if is_now else year.date_end,
                }
            )
        return rows

    def class_key(self, key):
        """Return the key of the class teacher of a class of this year."""
        return f"class_{key[0]}{self.config['latin'][key[1]]}"

    # -- people -----------------------------------------------------------------------------------------------------

    def _phone(self, number):
        return self.names.PHONE.format(*divmod(number, 100))

    def _make_people(self):
        village, names = self.village, self.names
        country = self.env.ref(self.config["country"]).id

        def place(home):
            return {"street": village.address(home), "city": names.CITY, "zip": names.ZIP, "country_id": country}

        adults = [(home, row) for home in village.homes for row in village.guardians(home)]
        partners = self.env["res.partner"].create(
            [
                {"name": row[0], "phone": self._phone(100 + number), **place(home)}
                for number, (home, row) in enumerate(adults)
            ]
        )
        adult_ids = {}
        for (home, row), partner in zip(adults, partners, strict=True):
            adult_ids.setdefault(id(home), []).append((partner.id, row))
        # every household with two children has a family card; others get one where they are spoken of
        homes = [home for home in village.homes if len(home.children) > 1 or home.shape in ("guardian", "deprived")]
        homes += [home for home in village.homes if home.shape == "mother"][:40]
        homes = list({id(home): home for home in homes}.values())
        families = self.env["vshu.family"].create(
            [
                {
                    "name": f"Семья: {adult_ids[id(home)][0][1][0]}",
                    "company_id": self.company.id,
                    "address": f"{names.CITY}, {village.address(home)}",
                    "adult_ids": [Command.set([adult for adult, _row in adult_ids[id(home)]])],
                }
                for home in homes
            ]
        )
        self.families = {id(home): record for home, record in zip(homes, families, strict=True)}
        students = self.env["res.partner"].create(
            [
                {
                    "name": child.name,
                    "vshu_is_student": True,
                    "vshu_birth_date": child.birth,
                    "vshu_sex": child.sex,
                    "vshu_file_number": child.number,
                    "vshu_family_id": self.families[id(child.home)].id if id(child.home) in self.families else False,
                    **place(child.home),
                }
                for child in village.children
            ]
        )
        self.students = {id(child): record for child, record in zip(village.children, students, strict=True)}
        langs = self.config["guardian_langs"]
        self.env["vshu.guardian"].create(
            [
                {
                    "student_id": self.students[id(child)].id,
                    "partner_id": adult,
                    "kind": row[1],
                    "is_legal": row[2],
                    "may_receive_papers": row[3],
                    "document": row[4] or False,
                    **(self._allowed(child) if row[3] and not row[2] else {}),
                    "lang": self.lang(langs[-1] if child.home.mixed else langs[0], "ru_RU"),
                    "date_to": date(2024, 2, 14) if row[4].startswith("Решение") else False,
                }
                for child in village.children
                for adult, row in adult_ids[id(child.home)]
            ]
        )

    def _allowed(self, child):
        """Return the paper by which somebody who is no legal representative of ``child`` may receive papers."""
        day = date(2026, 9, 2) if self.today >= date(2026, 9, 2) else self.today
        scan = {"name": "заявление.pdf", "raw": b"%PDF-1.4", "mimetype": "application/pdf"}
        return {
            "receive_number": f"{len(self.village.children)}-з",
            "receive_date": day,
            "receive_attachment_ids": [Command.create(scan)],
        }

    def _make_enrollments(self):
        last, this = self.years
        reasons = {reason.code: reason.id for reason in self.env["vshu.enrollment.end.reason"].search([])}
        rows = []
        for child in self.village.children:
            student = self.students[id(child)].id
            if child.before:
                day = self._in_year(last.date_start, *child.left[1]) if child.left else last.date_end
                reason = child.left[0] if child.left else "repeats" if child.repeats else "promoted"
                rows.append(
                    {
                        "student_id": student,
                        "class_id": self.classes[False, child.before].id,
                        "date_from": last.date_start,
                        "date_to": day,
                        "end_reason_id": reasons[reason],
                    }
                )
            if child.grade:
                rows.append(
                    {
                        "student_id": student,
                        "class_id": self.classes[True, (child.grade, child.letter)].id,
                        "date_from": this.date_start,
                    }
                )
        self.env["vshu.enrollment"].create(rows)
        self._change_class()

    def _change_class(self):
        """One student moved to the parallel class a month ago."""
        child = next(c for c in self.village.children if (c.grade, c.letter) == (5, "А") and c.before)
        record = self.students[id(child)].vshu_enrollment_ids.filtered(lambda e: not e.date_to)
        day = max(self.start + timedelta(days=1), self.today - timedelta(days=25))
        if day > self.today:
            return
        record.write(
            {
                "date_to": day - timedelta(days=1),
                "end_reason_id": self.env.ref("vshu_registry.end_reason_other_class").id,
            }
        )
        self.env["vshu.enrollment"].create(
            {"student_id": record.student_id.id, "class_id": self.classes[True, (5, "Б")].id, "date_from": day}
        )
