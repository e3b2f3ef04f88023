"""The lists that the demo schools have brought in: stays of the old paper journal, a class list done, one checked."""

import base64
import csv
import io
from datetime import timedelta

from dateutil.relativedelta import relativedelta

#: headings of the paper journal
JOURNAL = (
    "№ в журнале",
    "ФИО",
    "Дата рождения",
    "Класс",
    "Дата постановки",
    "Основание",
    "Решение",
    "Куратор",
    "Срок до",
    "Продление",
    "Родители уведомлены",
    "Обстоятельства",
)
#: school → what stands in its paper journal of two children: ground, circumstances
STAYS = {
    "kz": (
        ("18.5", "С начала года пропустил 46 уроков без уважительной причины, беседы с родителями результата не дали."),
        ("18.4", "Неоднократно срывал уроки, ударил одноклассника в столовой, на замечания учителей не реагировал."),
    ),
    "ru": (
        ("3.2.4", "Неоднократно нарушал устав школы: драки на переменах, порча имущества, самовольные уходы с уроков."),
        ("3.2.3", "Систематически не готов к урокам, по трём предметам не аттестован за две четверти подряд."),
    ),
}
CLASS_LIST = ("№ п/п", "ФИО", "Дата рождения", "Класс", "Пол", "ФИО родителя", "Телефон", "Кружок")


class Lists:
    """Brings lists into one demo school as its staff would do it, each with their own rights."""

    def __init__(self, world):
        self.world = world
        self.env = world.env
        self.code = world.code

    def take_over(self):
        """Take two stays of the paper journal over, before the first number is given here."""
        world = self.world
        days = [world.last_start + timedelta(days=1), world.last_start + timedelta(days=2)]
        rows = []
        for number, (child, (ground, text)) in enumerate(zip(self._children(), STAYS[self.code], strict=True), start=1):
            placed = days[number - 1]
            periods = self._periods(placed) if self.code == "kz" else []
            form = "протокол" if self.code == "kz" else "Протокол Совета профилактики"
            rows.append(
                [
                    number,
                    child.name,
                    f"{child.birth:%d.%m.%Y}",
                    f"{child.grade}{child.letter}",
                    f"{placed:%d.%m.%Y}",
                    ground,
                    f"{form} № 1 от {placed:%d.%m.%Y}",
                    self._teacher(child),
                    f"{periods[0]:%d.%m.%Y}" if periods else "",
                    "; ".join(
                        f"до {until:%d.%m.%Y}, протокол № {3 + 2 * turn} от {start - timedelta(days=1):%d.%m.%Y}"
                        for turn, (start, until) in enumerate(zip(periods, periods[1:], strict=False))
                    ),
                    f"{placed + timedelta(days=1):%d.%m.%Y}",
                    text,
                ]
            )
        record = self._bring("social", "takeover", "журнал_учета.csv", [JOURNAL, *rows])
        record.action_confirm()

    def bring_in(self):
        """Import the list of a class, and check another one that has a number of mistakes."""
        done = self._bring("admin", "class_list", "8Б_сентябрь.csv", [CLASS_LIST, *self._september()])
        done.action_confirm()
        self._bring("admin", "class_list", "Список_5-6_классов.csv", self._messy())

    def _bring(self, key, kind, name, rows, **vals):
        """Upload a list as the user ``key`` and check it."""
        world = self.world
        text = io.StringIO()
        csv.writer(text, delimiter=";").writerows(rows)
        imports = self.env["vshu.import"].with_user(world.users[key])
        record = imports.with_context(allowed_company_ids=world.company.ids, lang=world.users[key].lang).create(
            {
                "kind": kind,
                "company_id": world.company.id,
                "file": base64.b64encode(text.getvalue().encode("cp1251" if self.code == "ru" else "utf-8-sig")),
                "file_name": name,
                "date": world.today if kind == "takeover" else world.start,
                **vals,
            }
        )
        record.action_read()
        return record

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _children(self):
        """Choose two boys of grades 7 and 8, the last ones of their class; the stories leave them alone."""
        village = self.world.village
        chosen = []
        for grade in (7, 8):
            child = next(
                c
                for c in reversed(village.children)
                if c.grade == grade and c.sex == "male" and c.before and not c.repeats
            )
            chosen.append(child)
            self.world.spoken_for |= {id(child), id(child.home)}
        return chosen

    def _teacher(self, child):
        cls = self.world.classes[True, (child.grade, child.letter)]
        return cls._teachers_on(self.world.today, standins=False)[cls.id].name

    def _periods(self, placed):
        """Return the ends of the periods of six months, up to one that goes on today."""
        ends = [placed + relativedelta(months=6)]
        while ends[-1] <= self.world.today + timedelta(days=20):
            ends.append(ends[-1] + relativedelta(months=6))
        return ends

    def _pupils(self, grade, letter):
        return [c for c in self.world.village.children if (c.grade, c.letter) == (grade, letter)]

    def _row(self, number, child, phone=""):
        adults = self.world.village.guardians(child.home)
        return [
            number,
            child.name,
            f"{child.birth:%d.%m.%Y}",
            f"{child.grade} «{child.letter}»",
            "м" if child.sex == "male" else "ж",
            adults[0][0],
            phone,
            "",
        ]

    def _september(self):
        """A class as the school's system gives it: two mothers have new phones, one row is wrong."""
        phone = self.world.names.PHONE
        rows = []
        for number, child in enumerate(self._pupils(8, "Б"), start=1):
            rows.append(self._row(number, child, phone.format(77, number) if number in (4, 11) else ""))
        rows[6][2] = "31.06.2013"
        return rows

    def _messy(self):
        """Two classes typed by hand: titles, other ways of writing, mistakes, children who are new."""
        phone = self.world.names.PHONE
        rows = [["Список учащихся 5–6 классов"] + [""] * 7, [""] * 8, list(CLASS_LIST)]
        pupils = self._pupils(5, "А")[:9] + self._pupils(6, "А")[:7]
        for number, child in enumerate(pupils, start=1):
            rows.append(self._row(number, child))
        born = self.world.start.year - 11
        body = rows[3:]
        body[0][1] = body[0][1].upper()
        body[1][3] = "5-А"
        body[2][2] = f"{pupils[2].birth:%Y-%m-%d}"
        body[3][2] = f"{pupils[3].birth + timedelta(days=1):%d.%m.%Y}"
        body[4][2] = f"31.02.{born}"
        body[5][5], body[5][6] = "", phone.format(78, 1)
        body[6][3] = "пятый А"
        body[10][6] = phone.format(78, 2)
        body[12][3] = "6 «Г»"
        rows += [
            body[9][:],
            [
                17,
                "Новосёлов Артём Игоревич",
                f"12.04.{born}",
                "5 «А»",
                "м",
                "Новосёлова Инна Петровна",
                phone.format(78, 3),
                "хор",
            ],
            [
                18,
                "Новосёлова Алёна Игоревна",
                f"30.05.{born - 1}",
                "6 «А»",
                "ж",
                "Новосёлова Инна Петровна",
                phone.format(78, 3),
                "",
            ],
            [19, "Приезжая Дарина", f"02.11.{born}", "5 «В»", "ж", "", "", "шахматы"],
            [20, "Иванов", f"07.07.{born}", "5 «А»", "м", "", "", ""],
            ["Итого: 20", "", "", "", "", "", "", ""],
        ]
        return rows
