"""The forms behind the papers of the demo: characteristics and survey acts, written by who gave the papers."""

from datetime import timedelta

from odoo.fields import Command

from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_registry.tools.states import OVER_STATES

from .dossier_words import BY_CAUSE, BY_RATING, CAUSES, SHARED, SURVEYS, VISIT


class Dossier:
    """Fills in forms of papers that are there, begins drafts of those that wait; the others stay scans.

    Each form is written and finished as the user who gave the paper, on the day of the paper.
    """

    def __init__(self, world):
        self.world = world
        self.env = world.env
        self.installed = world.installed

    def play(self):
        """Fill in the forms of the school, the older papers first: a later one looks at those before it."""
        documents = self.env["vshu.document"].search(
            [("company_id", "=", self.world.company.id), ("form", "!=", False)]
        )
        there = documents.filtered(lambda d: d.state == "ready").sorted(lambda d: (d.date, d.id))
        # one in four came as a scan
        written = there.browse([document.id for number, document in enumerate(there) if number % 4 != 3])
        finished = [self._write(document) for document in written]
        self._correct([form for form in finished if form._name == "vshu.characteristic"][-5:-4])
        waiting = documents.filtered(lambda d: d.state != "ready" and d.case_id.state not in OVER_STATES).sorted("id")
        characteristics = waiting.filtered(lambda d: d.form == "characteristic" and d.state in ("missing", "due"))
        surveys = waiting.filtered(lambda d: d.form == "survey")
        for document in characteristics[:5] | surveys[:1]:
            self._write(document, draft=True)
        # families that were visited this month, also where nobody had thought it necessary before
        for number, document in enumerate(surveys[1:5]):
            placed = document.case_id.date_placed or document.case_id.date_received or self.world.today
            self._write(document, day=max(self.world.today - timedelta(days=3 + 4 * number), placed))

    def _lang(self, case):
        """Return the language in which the class is taught."""
        name = case._children()[:1].vshu_class_id.name or ""
        return "kk" if self.world.code == "kz" and name.endswith("«А»") and "kk_KZ" in self.installed else "ru"

    def _user(self, document):
        case = document.case_id
        user = document.author_id.user_id
        if not user and document.form == "characteristic":
            school_class = case._children()[:1].vshu_class_id
            user = school_class.teacher_id.user_id or case.curator_id.user_id
        return user or self.world.users["social"]

    def _write(self, document, draft=False, day=None):
        """Write the form of a paper and, where it is no draft, finish it on its day."""
        lang = self._lang(document.case_id)
        code = self.world.lang("kk_KZ" if lang == "kk" else "ru_RU")
        day = day or document.date
        user = self._user(document)
        model = self.env[f"vshu.{document.form}"].with_user(user).sudo()  # sudo: as in life.py
        words = getattr(self, f"_{document.form}_words")(document, lang, draft)
        vals = {"document_id": document.id, "lang": code, **words}
        if day:
            vals["date"] = day
        form = model.with_context(lang=code).create(vals)
        if draft:
            return form
        if form._name == "vshu.characteristic" and not form.class_name:
            form.class_name = form.student_id.vshu_enrollment_ids.sorted("date_from")[-1:].class_id.name
        if form._name == "vshu.characteristic" and form.changes_needed:
            form.changes = BY_RATING[lang][form.rating or "negative"]["changes"]
        form.action_finish()
        guarded(form).write({"date_finished": day})
        return form

    def _characteristic_words(self, document, lang, draft):
        case, number = document.case_id, document.id
        cause = BY_CAUSE[lang][CAUSES.get(case.ground_id.code, "offence")]
        says = BY_RATING[lang][document.rating or "negative"]
        shared = {
            name: choices[(number + shift) % len(choices)] for shift, (name, choices) in enumerate(SHARED[lang].items())
        }
        words = {
            **shared,
            **cause,
            "study_progress": says["study_progress"],
            "study_attendance": says["study_attendance"],
        }
        words["birth_place"] = self.world.names.CITY
        if not case._facts_guardians(case._children()[:1], self.world.today).filtered(
            lambda g: g.kind in ("father", "step_parent")
        ):
            words = {name: text for name, text in words.items() if not name.startswith("father_")}
        if draft:
            # begun, not ended
            return {name: text for name, text in words.items() if not name.startswith(("study_", "qualities_"))}
        return {**words, "rating": document.rating or "negative", "conclusion": says["conclusion"]}

    def _survey_words(self, document, lang, draft):
        choices = SURVEYS[lang]
        words = dict(choices[document.id % len(choices)])
        case = document.case_id
        people = [self.world.employees["social"]]
        school_class = case._children()[:1].vshu_class_id
        people += school_class.sudo().teacher_id or self.world.employees["deputy"]
        members = [Command.create({"name": person.name, "post": person.job_title}) for person in people]
        if draft:
            words = {name: words[name] for name in ("housing_kind", "housing_type", "rooms", "heating")}
        return {**words, "member_ids": members, "reason": VISIT[lang]}

    def _correct(self, forms):
        """One characteristic was put right afterwards: its first version stays beside it."""
        for form in forms:
            new = form.browse(form.action_correct()["res_id"]).with_env(form.env)
            new.write({"family_potential": SHARED[self._lang(form.case_id)]["family_potential"][1]})
            new.action_finish()
            guarded(new).write({"date_finished": min(form.date + timedelta(days=5), self.world.today)})
