from datetime import timedelta

from odoo import api, models

from odoo.addons.vshu_plans.models.case.vshu_agenda_item import APPROVING
from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_registry.tools.states import OVER_STATES

from ..registry.registry_demo import QUIET
from . import words, words_kk
from .copies import Copies
from .course import Course

#: letters that only Kazakh has
KAZAKH = set("әғқңөұүһі")
#: effects of decisions with which a case is not taken on the register
NOT_PLACED = ("declined",)


class VshuPlansDemo(models.AbstractModel):
    """Makes the plans of the demo schools: one for each stay of the register's demo, through its versions, measures and
    reviews to its end or to today."""

    _name = "vshu.plans.demo"
    _description = "Demo data of plans"

    @api.model
    def _load(self):
        """Make the plans, unless they are there already or there are no demo schools."""
        # companies outlive a removal of the register, its schools do not
        company = (self.env.ref("vshu_demo.kz_school", raise_if_not_found=False) or self.env["vshu.school"]).company_id
        if not company or self.env["vshu.plan"].search_count([("company_id", "=", company.id)], limit=1):
            return
        self = self.with_context(**QUIET)
        for code in ("kz", "ru"):
            PlanStory(self.env, code).play()
            self.env["vshu.demo"]._recorded_on_their_days(self.env.ref(f"vshu_demo.{code}_company"))


class PlanStory:
    """The plans of one school: first what is behind, stay by stay, then what waits for the council."""

    def __init__(self, env, code):
        self.code = code
        self.school = env.ref(f"vshu_demo.{code}_school")
        company = self.school.company_id
        context = {"allowed_company_ids": company.ids, "lang": "ru_RU", "tz": self.school.tz}
        self.env = guarded(env["vshu.plan"].with_context(**context).sudo()).env
        self.company = company.with_env(self.env)
        self.school = self.school.with_env(self.env)
        self.today = self.school._today()
        self.working = sorted(
            self.school._working_days(self.today - timedelta(days=520), self.today + timedelta(days=60))
        )
        years = self.env["vshu.school.year"].search([("company_id", "=", company.id)])
        terms = years.term_ids.filtered(lambda term: term.kind == "vacation")
        self.vacations = [(term.date_start, term.date_end) for term in terms]
        self.users = {key: env.ref(f"vshu_demo.{code}_user_{key}") for key in ("head", "deputy", "social", "psych")}
        self.kinds = {
            kind.code: kind.id for kind in self.env["vshu.intervention.kind"].search([("company_id", "=", False)])
        }
        self.types = {kind.code: kind for kind in self.env["vshu.measure.type"].search([("company_id", "=", False)])}
        self.goals = {lang: self._goal_codes(lang) for lang in ("ru_RU", "kk_KZ")}
        self.council = [("company_id", "=", company.id), ("state", "in", ("waiting", "scheduled", "decided"))]
        #: items of the council → plan that was approved with them
        self.approved = {}

    def _goal_codes(self, lang):
        """Return {wording of a goal: (code of its template, which goal of it)} in a language."""
        templates = self.env["vshu.plan.template"].with_context(lang=lang).search([("company_id", "=", False)])
        return {
            goal.name: (template.code, number)
            for template in templates
            for number, goal in enumerate(template.goal_ids)
        }

    # -- days and people ---------------------------------------------------------------------------------------------

    def shift(self, day, number):
        """Return the working day so many working days after ``day`` (before, where negative); 0: the next from it."""
        index = next((i for i, known in enumerate(self.working) if known >= day), len(self.working) - 1)
        return self.working[max(0, min(index + number, len(self.working) - 1))]

    def lang(self, case):
        """Return the language in which a case is kept: classes «А» of the Kazakhstani school learn in Kazakh."""
        kazakh = self.code == "kz" and case.class_id.letter == "А"
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        return "kk_KZ" if kazakh and "kk_KZ" in installed else "ru_RU"

    def words(self, lang, name):
        """Return the table ``name`` of words in a language."""
        return getattr(words_kk if lang == "kk_KZ" else words, name)

    def user(self, employee):
        """Return the account of an employee, that of the keeper of the register where they have none."""
        return employee.user_id or self.users["social"]

    def by(self, user, records):
        """Return guarded records with all rights; the user stays on record as who did it."""
        return records.with_user(user).sudo()  # sudo: history is told, roles are asked in the tests

    def own(self, key, records, lang="ru_RU"):
        """Return records as a member of the staff works with them, in a language: the buttons are pressed for real."""
        context = {key: value for key, value in self.env.context.items() if key != "vshu_guard"}
        return records.with_env(self.env(user=self.users[key].id, su=False, context={**context, "lang": lang}))

    # -- the story -----------------------------------------------------------------------------------------------------

    def play(self):
        """Tell all of it."""
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        cases = self.env["vshu.case"].search(
            [("company_id", "=", self.company.id), ("taken_over", "=", False)], order="date_placed, id"
        )
        placed = cases.filtered(lambda case: case.date_placed)
        courses = [Course(self, case, index) for index, case in enumerate(placed)]
        self._choose_reviews(courses)
        for course in courses:
            course.play()
        self._not_needed(cases.filtered(lambda case: case.state in NOT_PLACED))
        self._drafts(cases.filtered(lambda case: case.state in ("draft", "submitted")))
        self._next_versions(courses)
        self._minutes()
        Copies(self).hand_over()
        self._nights()
        # what clocks that were met long ago said was not said today
        models_told = ("vshu.plan", "vshu.plan.review", "vshu.notice", "vshu.case")
        self.env["mail.message"].search([("id", ">", before or 0), ("model", "in", models_told)]).unlink()

    def _choose_reviews(self, courses):
        """Of the reviews of the last period one is forgotten, one proposes to extend a stay that is far from its end:
        its case comes before the council."""
        reviewed = [c for c in courses if c.case.state == "active" and not c.neglected and c.concludes_last()]
        for course in reviewed[-1:]:
            course.forgotten = True
        busy = self.env["vshu.agenda.item"].search(self.council).case_id
        edge = self.today + timedelta(days=20)
        for course in reviewed[:-1]:
            if course.case.date_end and course.case.date_end > edge and course.case not in busy:
                course.extension = True
                break

    def _not_needed(self, cases):
        """Plans that were drafted before the council declined."""
        for case in cases:
            heard = case.date_closed
            drafter = self.user(case.curator_id)
            plan = self.draft(case, drafter, heard, heard + timedelta(days=91))
            if plan:
                case._end_plans(words.CLOSED["removed"])
                plan.write({"date_closed": heard})

    def draft(self, case, user, start, end):
        """Return a draft from the templates of the case, as ``user`` wrote it; empty where no template fits."""
        lang = self.lang(case)
        templates = case._plan_templates().with_context(lang=lang)
        plan = self.by(user, self.env["vshu.plan"]).with_context(lang=lang)
        if not templates:
            return plan
        plan = plan.create({"case_id": case.id, "date_from": start, "date_to": end})
        plan._fill_from(templates.with_env(plan.env))
        return plan

    def rated(self, lang, goal, position, slow=False):
        """Return why a goal is rated as it is; ``position`` 0: at the start, 1: later."""
        code, number = self.goals[lang].get(goal.name, (None, 0))
        if slow:
            return self.words(lang, "SLOWLY")[number % 2]
        texts = self.words(lang, "RATED").get(code)
        return texts[number % len(texts)][position] if texts else self.words(lang, "RATED_OTHER")[position]

    def _drafts(self, cases):
        """What waits for the council has its draft, rated; of those not submitted yet one is begun."""
        begun = False
        for case in cases.sorted(lambda case: (case.state == "draft", case.id)):
            items = case.agenda_item_ids.filtered(lambda item: item.state == "decided")
            frozen = items.filtered(lambda item: item.meeting_id.minutes_ids and item.effect in APPROVING)
            if frozen or not case._plan_templates() or (case.state == "draft" and begun):
                continue
            lang = self.lang(case)
            if items:
                # it was there before the council decided
                plan = self.draft(case, self.users["social"], *self.env["vshu.plan"]._days_proposed(case))
            else:
                action = self.own("social", case, lang).action_draft_plan()
                plan = self.own("social", self.env["vshu.plan"].browse(action["res_id"]), lang)
            if case.state == "draft":
                begun = True
                continue
            for number, goal in enumerate(plan.goal_ids):
                goal.write({"rating_start": "12"[number % 2], "reason_start": self.rated(lang, goal, 0)})

    def _next_versions(self, courses):
        """Next versions in draft: for stays that the council is to extend, one put before it, one left lying."""
        put = False
        for course in courses:
            case, plan = course.case, course.plan
            if case.state in OVER_STATES or not plan or plan.state != "in_force":
                continue
            items = self.env["vshu.agenda.item"].search([*self.council, ("case_id", "=", case.id)])
            extends = items.filtered(lambda item: item.topic == "term" and item.state == "scheduled")
            ahead = plan.date_to > self.today + timedelta(days=21)
            usual = not items and not put and case.state == "active" and course.behind and ahead
            if not extends and not usual:
                continue
            reason = self.words(course.lang, "CHANGED")["extend" if extends else "draft"][0]
            own = self.own("social", plan, course.lang)
            draft = own.browse(own._revise(reason)["res_id"])
            if extends:
                draft.write({"date_to": draft.date_to + timedelta(days=91)})
                draft._fill_from(case._plan_templates().with_env(draft.env))
            course.add_measure(draft)
            if usual:
                put = True
                if self.code == "kz":
                    draft.action_put_forward()

    def _minutes(self):
        """The signed minutes say of each plan that was approved by them (KZ-13)."""
        lines = self.env["vshu.minutes.line"].search([("item_id", "in", [item.id for item in self.approved])])
        for line in lines:
            lang = "kk_KZ" if set((line.decision_text or "").lower()) & KAZAKH else "ru_RU"
            said = line.item_id.with_context(lang=lang)._minutes_values()["decision_text"] or ""
            line.write({"decision_text": "\n".join(filter(None, [line.decision_text, said.splitlines()[-1]]))})
        for minutes in lines.minutes_id.filtered("frozen"):
            text = minutes._hash()
            parts = [name for name in ("chair_hash", "secretary_hash") if minutes[name]]
            minutes.write(dict.fromkeys(["text_hash", *parts], text))

    def _nights(self):
        """Run the steps of the nightly job that are about plans, two nights: curators hear first, deputies then."""
        self.env.flush_all()
        for _night in range(2):
            for _name, model, ids, method in self.env["vshu.case"]._nightly_steps():
                if model in ("vshu.plan", "vshu.plan.task"):
                    getattr(self.env[model].browse(ids).exists(), method)()
