"""Who lives in the demo schools: plain Python, no record. The same school year gives the same people, always."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from . import names_kz, names_ru

#: students of a class, at least and at most
CLASS_SIZE = (18, 20)
#: students of last year who are not at the school any more: class of last year → number, why, last day (month, day)
LEAVERS = (
    ((11, "А"), 16, "graduated", (6, 25)),
    ((9, "А"), 4, "after_grade_9", (6, 20)),
    ((9, "Б"), 11, "after_grade_9", (6, 20)),
    ((3, "А"), 1, "other_school", (11, 14)),
    ((5, "А"), 2, "moved", (4, 18)),
    ((6, "Б"), 1, "other_school", (3, 1)),
    ((7, "А"), 2, "other_school", (1, 15)),
)
AGE_AT_START = 6.6


@dataclass
class Home:
    """A household: two parents and whoever else answers for the children."""

    surname: str
    mixed: bool
    father: str
    mother: str
    street: str
    house: int
    flat: int
    #: who there is: pair, mother, father, step, grandmother, guardian, deprived
    shape: str
    children: list = field(default_factory=list)


@dataclass
class Child:
    """A student: the class of this year (or none), the class of last year (or none)."""

    name: str
    sex: str
    birth: date
    home: Home
    grade: int
    letter: str
    before: tuple | None
    left: tuple | None = None
    repeats: bool = False
    number: str = ""


def surname(form, sex):
    """Return a surname in the form of a man or a woman."""
    if sex == "male":
        return form
    if form.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return form + "а"
    if form.endswith(("ский", "цкий", "ный")):
        return form[:-2] + "ая"
    return form


def last_year_class(grade, letter):
    """Return the class of last year that became this one."""
    return (grade - 1, letter) if grade > 1 else None


class Village:
    """All people of one school, made from tables by a generator with a fixed seed."""

    def __init__(self, code, year_start):
        self.names = {"kz": names_kz, "ru": names_ru}[code]
        self.code = code
        self.year_start = year_start
        self.random = random.Random(f"vshu-demo-{code}")
        self.homes = []
        self.children = []
        self._taken = set()
        self._populate()

    # -- one after another ------------------------------------------------------------------------------------------

    def _populate(self):
        classes = [(grade, letter) for grade, letter, *_rest in self.names.TEACHERS]
        for grade, letter in classes:
            for index in range(self.random.randint(*CLASS_SIZE)):
                # the first of a class came this year, from another school
                newcomer = grade > 1 and index == 0
                before = None if newcomer else last_year_class(grade, letter)
                self._add(grade, letter, before, mixed=letter == "Б")
        for before, number, reason, last_day in LEAVERS:
            for _index in range(number):
                self._add(before[0] + 1, before[1], before, mixed=before[1] == "Б", left=(reason, last_day))
        # one child repeats the class of last year
        repeater = next(child for child in self.children if (child.grade, child.letter) == (8, "А") and child.before)
        repeater.before, repeater.repeats = (8, "А"), True
        repeater.birth -= timedelta(days=365)
        for number, child in enumerate(self.children, start=1):
            child.number = f"{child.name[0]}-{number:03d}"

    def _add(self, grade, letter, before, mixed, left=None):
        sex = self.random.choice(("male", "female"))
        home = self._home(grade, mixed, left)
        for _attempt in range(50):
            name = self._child_name(home, sex)
            if name not in self._taken:
                break
        self._taken.add(name)
        age = AGE_AT_START + grade - 1
        birth = self.year_start - timedelta(days=int(age * 365.25) + self.random.randrange(360))
        child = Child(name, sex, birth, home, 0 if left else grade, letter, before, left)
        home.children.append(child)
        self.children.append(child)

    def _home(self, grade, mixed, left):
        if not left and self.random.random() < 0.27:
            fits = [
                home
                for home in self.homes
                if home.mixed == mixed
                and len(home.children) < 3
                and all(abs(child.grade - grade) >= 2 and not child.left for child in home.children)
            ]
            if fits:
                return self.random.choice(fits)
        home = self._new_home(mixed)
        self.homes.append(home)
        return home

    def _new_home(self, mixed):
        choice = self.random.choice
        # in the Kazakhstani school a Russian-language class has children of every origin
        own = not (self.code == "kz" and mixed and self.random.random() < 0.55)
        table = self.names if own else names_ru
        form = choice(self.names.SURNAMES if own else self.names.MIXED_SURNAMES)
        shape = self.random.choices(
            ("pair", "mother", "father", "step", "grandmother", "guardian", "deprived"),
            weights=(60, 24, 3, 5, 4, 3, 1),
        )[0]
        father = choice(tuple(table.FATHERS))
        given = choice(table.MOTHERS)
        mother = f"{surname(form, 'female')} {given} {self._patronymic(choice(tuple(table.FATHERS)), 'female')}"
        return Home(
            form,
            not own or mixed,
            father,
            mother,
            choice(self.names.STREETS),
            self.random.randint(1, 96),
            self.random.randint(1, 120),
            shape,
        )

    # -- names ------------------------------------------------------------------------------------------------------

    def _patronymic(self, father, sex):
        if father in names_ru.FATHERS:
            return names_ru.FATHERS[father][sex == "female"]
        return father + ("ұлы" if sex == "male" else "қызы")

    def _child_name(self, home, sex):
        if self.code == "kz" and home.father in names_ru.FATHERS:
            given = names_kz.MIXED_BOYS if sex == "male" else names_kz.MIXED_GIRLS
        else:
            given = self.names.BOYS if sex == "male" else self.names.GIRLS
        return f"{surname(home.surname, sex)} {self.random.choice(given)} {self._patronymic(home.father, sex)}"

    def father_name(self, home):
        """Return the full name of the father of a household."""
        return f"{surname(home.surname, 'male')} {home.father} {self._elder(home, 'male')}"

    def step_father_name(self, home):
        """Return the full name of a stepfather: a surname of his own."""
        table = names_ru if home.father in names_ru.FATHERS else self.names
        forms, fathers = table.SURNAMES, tuple(table.FATHERS)
        number = home.house * 7 + home.flat
        return f"{forms[number % len(forms)]} {fathers[number % len(fathers)]} {self._elder(home, 'male')}"

    def grandmother_name(self, home):
        """Return the full name of a grandmother."""
        table = names_ru if home.father in names_ru.FATHERS else self.names
        given = table.GRANDMOTHERS[(home.house + home.flat) % len(table.GRANDMOTHERS)]
        return f"{surname(home.surname, 'female')} {given} {self._elder(home, 'female')}"

    def _elder(self, home, sex):
        table = names_ru if home.father in names_ru.FATHERS else self.names
        fathers = tuple(table.FATHERS)
        return self._patronymic(fathers[(home.house * 3 + home.flat) % len(fathers)], sex)

    def address(self, home):
        """Return street, house and flat as they are written."""
        return self.names.ADDRESS.format(street=home.street, house=home.house, flat=home.flat)

    def guardians(self, home):
        """Return the adults of a household: (name, kind, legal representative, may receive papers, document)."""
        mother = (home.mother, "mother", True, True, "")
        father = (self.father_name(home), "father", True, True, "")
        grandmother = self.grandmother_name(home)
        # a guardian for children under 14, a trustee from 14 on
        guardian = (
            (grandmother, "trustee", True, True, "Постановление о назначении попечителя № 87 от 20.09.2023")
            if all(child.left or child.grade >= 9 for child in home.children)
            else (grandmother, "guardian", True, True, "Постановление об установлении опеки № 114 от 12.03.2021")
        )
        return {
            "pair": (mother, father),
            "mother": (mother,),
            "father": (father,),
            "step": (mother, (self.step_father_name(home), "step_parent", False, False, "")),
            "grandmother": (mother, (grandmother, "grandparent", False, True, "")),
            "guardian": (guardian,),
            "deprived": (mother, (*father[:2], False, False, "Решение суда о лишении родительских прав от 14.02.2024")),
        }[home.shape]
