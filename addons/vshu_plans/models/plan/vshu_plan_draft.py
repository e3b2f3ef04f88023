from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

STEPS = {"weekly": "weeks", "monthly": "months"}


class VshuPlanDraft(models.AbstractModel):
    """Drafting a plan from templates: goals and causes, measures with persons and dates (KZ-14, KZ-15)."""

    _name = "vshu.plan.draft"
    _description = "Drafting of a plan"

    # -- days --------------------------------------------------------------------------------------------------------

    @api.model
    def _days_proposed(self, case):
        """Return (first day, last day) of a plan for ``case`` that is drafted today.

        The plan of a case that waits for the council begins on the day of its hearing, that of a running stay today; it
        lasts as long as the term, or as long as the regulation lets a term last at least (KZ-16).
        """
        today = case.company_id._vshu_today()
        start = today
        if case.state in ("draft", "submitted"):
            start = max(case._plan_hearing_day() or today, today)
        if case.date_end and case.date_end > start:
            return start, case.date_end
        rule = case._term_rule()
        months = rule.min_months or rule.review_months or case.regulation_id._plan_rule("review").get("months", 0)
        if not months:
            raise UserError(
                self.env._(
                    "%(case)s: “%(regulation)s” says neither how long a stay lasts nor when a plan is reviewed. Write "
                    "the first and the last day of the plan by hand.",
                    case=case.display_name,
                    regulation=case.regulation_id.display_name,
                )
            )
        return start, start + relativedelta(months=months)

    def _due_days(self, calendar, line):
        """Return the days on which a measure of a template is due in the plan, working days of the school (KZ-15).

        :param calendar: working calendar of the school
        :param line: vshu.plan.template.line
        :returns: sorted list of dates within the plan, at least one
        """
        self.ensure_one()
        first, last = self.date_from, self.date_to
        if line.timing == "end":
            return [self._inside(calendar, last - timedelta(days=line.days), -1)]
        day = first + timedelta(days=line.days)
        if line.timing == "once":
            return [self._inside(calendar, day, 1)]
        return self._repeated(calendar, day, last, line.timing, line.every)

    def _inside(self, calendar, day, step):
        """Return the working day at ``day`` or, in the direction ``step``, next to it; turned at the plan's ends."""
        self.ensure_one()
        day = min(max(day, self.date_from), self.date_to)
        rolled = calendar.roll(day, step)
        return rolled if self.date_from <= rolled <= self.date_to else calendar.roll(day, -step)

    def _repeated(self, calendar, first, last, repeat, every):
        """Return the working days from ``first`` to ``last``, every so many weeks or months, each once."""
        self.ensure_one()
        days, number, day = set(), 0, first
        while day <= last or not days:
            days.add(self._inside(calendar, day, 1))
            number += 1
            day = first + relativedelta(**{STEPS[repeat]: number * every})
        return sorted(days)

    # -- people ------------------------------------------------------------------------------------------------------

    def _people(self):
        """Return {role code: employee} of those who answer for measures of the plan; nobody is left out.

        Where a role is held by nobody who works here, the curator answers, else the class teacher, else the keeper of
        the register (KZ-15).
        """
        self.ensure_one()
        case = self.case_id
        school = self.env["vshu.school"]._for_company(case.company_id)
        classes = case._classes_on(self.date_from)[case.id]
        teachers = classes._teachers_on(self.date_from, standins=False)
        teacher = next((teachers[cls.id] for cls in classes if cls.id in teachers), None)
        people = {
            "curator": case.curator_id or teacher,
            "class_teacher": teacher,
            "psychologist": school.psychologist_id,
            "social_pedagogue": school.keeper_id,
            "deputy_head": school.deputy_head_id,
        }
        people = {code: person for code, person in people.items() if person and person.sudo().active}
        instead = next(
            (people[code] for code in ("curator", "class_teacher", "social_pedagogue") if code in people), None
        )
        empty = self.env["hr.employee"]
        return {
            code: people.get(code, instead or empty)
            for code in ("curator", "class_teacher", "psychologist", "social_pedagogue", "deputy_head")
        }

    # -- filling -----------------------------------------------------------------------------------------------------

    def _fill_from(self, templates):
        """Write goals and measures of ``templates`` into the draft; a kind of measure that is there is not put twice.

        In the language of the environment. Measures of the same wording are taken once (KZ-14, KZ-15).
        """
        self.ensure_one()
        school = self.env["vshu.school"]._for_company(self.company_id)
        calendar = school._calendar(self.date_from, self.date_to)
        people = self._people()
        goals = {goal.name for goal in self.goal_ids}
        known = {measure.name for measure in self.measure_ids}
        types = set(self.measure_ids.type_id.ids)
        goal_vals, measure_vals = [], []
        for template in templates:
            for goal in template.goal_ids:
                if goal.name not in goals:
                    goals.add(goal.name)
                    goal_vals.append({"name": goal.name, "cause": goal.cause})
            taken = set()
            for line in template.line_ids:
                # the first template has brought this kind of work; the second one does not ask for it once more
                if line.name in known or line.type_id.id in types:
                    continue
                known.add(line.name)
                taken.add(line.type_id.id)
                measure_vals.append(self._measure_vals(line, calendar, people))
            types |= taken
        self.write(
            {
                "goal_ids": [
                    Command.create({**vals, "sequence": 10 * (len(self.goal_ids) + number)})
                    for number, vals in enumerate(goal_vals, 1)
                ],
                "measure_ids": [
                    Command.create({**vals, "sequence": 10 * (len(self.measure_ids) + number)})
                    for number, vals in enumerate(measure_vals, 1)
                ],
                "template_ids": [Command.link(template.id) for template in templates],
            }
        )

    def _measure_vals(self, line, calendar, people):
        days = self._due_days(calendar, line)
        repeated = line.timing in STEPS and len(days) > 1
        return {
            "type_id": line.type_id.id,
            "name": line.name,
            "result": line.result,
            "role_id": line.role_id.id,
            "employee_id": people[line.role_id.code].id,
            "date_due": days[0],
            "repeat": line.timing if repeated else False,
            "every": line.every,
            "date_until": days[-1] if repeated else False,
        }

    def action_fill(self):
        """Add goals and measures of the templates chosen on the draft, or of those that fit the grounds (KZ-14).

        Raises AccessError for whoever does not draft the plan, UserError where it is no draft or no template fits.
        """
        self.ensure_one()
        self._check_flag("can_edit")
        templates = self.template_ids - self.template_ids.filtered(
            lambda t: set(t.line_ids.mapped("name")) & self._said()
        )
        if not templates:
            templates = self.case_id._plan_templates()
        if not templates:
            raise UserError(
                self.env._(
                    "%s: no template fits the grounds of the case. Choose one, or write the measures by hand.",
                    self.display_name,
                )
            )
        lang = self.lang
        self.with_context(lang=lang)._fill_from(templates.with_context(lang=lang))
        return True

    def _said(self):
        """Return the wordings of the measures that the plan has."""
        return set(self.measure_ids.mapped("name"))

    # -- the next version --------------------------------------------------------------------------------------------

    def _next_version_vals(self, reason):
        """Return the values of the draft of the next version: what is not done yet, with its persons and dates."""
        self.ensure_one()
        start = max(self.company_id._vshu_today(), self.date_from)
        end = max(self.date_to, self.case_id.date_end or self.date_to, start)
        draft = self.new({"date_from": start, "date_to": end, "company_id": self.company_id.id})
        calendar = self.env["vshu.school"]._for_company(self.company_id)._calendar(start, end)
        measures = []
        for measure in self.measure_ids:
            waiting = measure.task_ids.filtered(lambda task: task.state == "open").sorted("date_due")
            coming = waiting.filtered(lambda task: task.date_due >= start)
            if not waiting:
                continue
            first = coming[:1].date_due or draft._inside(calendar, start, 1)
            repeated = measure.repeat and len(coming) > 1
            measures.append(
                {
                    **{name: measure[name] for name in ("sequence", "name", "result", "others", "every")},
                    "type_id": measure.type_id.id,
                    "role_id": measure.role_id.id,
                    "employee_id": measure.employee_id.id,
                    "origin_id": measure.id,
                    "date_due": first,
                    "repeat": measure.repeat if repeated else False,
                    "date_until": coming[-1:].date_due if repeated else False,
                }
            )
        return {
            "case_id": self.case_id.id,
            "version": self.version + 1,
            "lang": self.lang,
            "previous_id": self.id,
            "date_from": start,
            "date_to": end,
            "change_reason": reason,
            "template_ids": [Command.set(self.template_ids.ids)],
            "goal_ids": [
                Command.create(
                    {
                        **{name: goal[name] for name in ("sequence", "name", "cause", "rating_start", "reason_start")},
                        "origin_id": goal.id,
                    }
                )
                for goal in self.goal_ids
            ],
            "measure_ids": [Command.create(vals) for vals in measures],
        }

    # -- what changed ------------------------------------------------------------------------------------------------

    def _changes(self):
        """Return what this version changes against the one before, in plain words, a line each; empty for the first."""
        self.ensure_one()
        before = self.previous_id
        if not before:
            return False
        kept = self.measure_ids.origin_id
        lines = [self.env._("new measure: %s", m.name) for m in self.measure_ids if not m.origin_id]
        for measure in before.measure_ids - kept:
            if any(task.state == "open" for task in measure.task_ids):
                lines.append(self.env._("no longer in the plan: %s", measure.name))
        for measure in self.measure_ids.filtered("origin_id"):
            lines += measure._changes()
        lines += [self.env._("new goal: %s", goal.name) for goal in self.goal_ids if not goal.origin_id]
        gone = before.goal_ids - self.goal_ids.origin_id
        lines += [self.env._("goal no longer in the plan: %s", goal.name) for goal in gone]
        if self.date_to != before.date_to:
            lines.append(
                self.env._(
                    "the plan ends on %(new)s instead of %(old)s",
                    new=format_date(self.env, self.date_to),
                    old=format_date(self.env, before.date_to),
                )
            )
        return "\n".join(lines) or self.env._("nothing but the version")
