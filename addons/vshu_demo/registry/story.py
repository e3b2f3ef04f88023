"""Words in which the stories of the demo are told (see cases_ru.py, cases_kz.py).

A day is written as
- a number: that many days ago, moved back to a working day; the summer is left out, schools sleep then;
- ``"MM-DD"``: that day of the last school year;
- ``"w3"``: three working days after the step before; ``"d10"``: ten days after it, moved on to a working day;
- ``"end"``: so that the last period ends as many days from now as the story says (``end=``);
- ``"term-6"``: six days before the period that runs then ends;
- ``"hearing"``, ``"hearing-1"``: the planned day of the council, the day before it;
- ``"in5"``: in five days (planned dates only);
- nothing: the day of the step before.

A step that would lie in the future has not happened yet and is left out.
"""


def story(key, who, *steps, end=None):
    """Tell one story: ``who`` it is about, then what happened, step by step."""
    return {"key": key, "who": who, "steps": steps, "end": end}


def student(sex, grade, **more):
    """Choose a student of a grade of this year. ``adult``: came of age that many days ago."""
    return {"subject": "student", "sex": sex, "grade": grade, **more}


def leaver(reason, before=None):
    """Choose a student who left last year for ``reason``, from the class ``before``."""
    return {"subject": "student", "left": reason, "before": before}


def same(key):
    """Choose the student of another story."""
    return {"same": key}


def family(grade):
    """Choose a family with a child in a grade of this year."""
    return {"subject": "family", "grade": grade}


def step(name, when=None, **params):
    """Do ``name`` (a method of ``life.Life``) on a day."""
    return name, when, params


def signal(when, intake, basis, ground, text, done="", by="class_teacher", **params):
    """A signal is filed or a paper comes in."""
    return step("signal", when, intake=intake, basis=basis, ground=ground, text=text, done=done, by=by, **params)


def paper(when, basis, ground, issuer, form, number, text, **params):
    """A paper of an outside body is registered by the office; ``dated`` days before."""
    return signal(when, "notice", basis, ground, text, by="social", issuer=issuer, form=form, number=number, **params)


def council(when, kind, text, **params):
    """The council decides; its minutes are recorded."""
    return step("decide", when, kind=kind, form="council_minutes", text=text, **params)


def head(when, kind, text, form="order", **params):
    """The head decides."""
    return step("decide", when, kind=kind, form=form, text=text, **params)


def entered(when, kind, **params):
    """The paper of an outside body is entered in the journal."""
    return step("decide", when, kind=kind, form=None, text="", **params)


def task(name, by, due, done=None, report=""):
    """An assignment of a decree: ``due`` and ``done`` in days after the paper was registered."""
    return {"name": name, "by": by, "due": due, "done": done, "report": report}
