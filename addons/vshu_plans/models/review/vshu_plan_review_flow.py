from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_registry.tools.states import STAY_STATES

from ..plan.vshu_plan_flow import OFFICE

REVIEWERS = OFFICE | {"curator"}
#: effect of the case's own action on a conclusion → what follows
FOLLOWED = ("change", "removal", "extension", "petition")
#: conclusions that leave a step which somebody answers for; an extension comes before the council by itself
ASKED = ("change", "removal", "petition")


class VshuPlanReviewFlow(models.AbstractModel):
    """What a review is filled with, who concludes it, and what follows from the conclusion (RU-5.4, RU-13.3)."""

    _name = "vshu.plan.review.flow"
    _description = "Flow of a review"

    can_conclude = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_settle = fields.Boolean(compute="_compute_can", help="Whether the user may say that nothing follows.")
    can_follow = fields.Boolean(compute="_compute_can", help="The conclusion asks for a further step.")

    @api.model
    def _period(self, regulation, day):
        """Return (first, last) day of the part of the calendar year that ended last before ``day`` (RU-5.4).

        The length is the regulation's; empty where it asks for no reviews.
        """
        months = regulation._plan_rule("review").get("months")
        if not months:
            return False
        start = day.replace(month=(day.month - 1) // months * months + 1, day=1)
        return start - relativedelta(months=months), start - timedelta(days=1)

    # -- rights ------------------------------------------------------------------------------------------------------

    @api.depends_context("uid")
    @api.depends("state", "case_id.state", "conclusion", "settled")
    def _compute_can(self):
        mine = self.sudo().case_id.with_env(self.env)._my_roles_by_case()  # sudo: only the user's own tie to the case
        for review in self:
            held = mine.get(review.sudo().case_id.id, set())  # sudo: see above
            may = bool(review._origin) and (self.env.su or bool(held & REVIEWERS))
            review.can_conclude = may and review.state == "open"
            waits = review.state == "done" and not review.settled and review.conclusion in FOLLOWED
            review.can_follow = may and waits and (review.conclusion == "extension" or review._may_follow())
            review.can_settle = may and waits and (self.env.su or bool(held & OFFICE))

    def _check_reviewer(self):
        """Raise AccessError for anyone but the curator of the case and those who keep the register (RU-5.4)."""
        if self.env.su:
            return
        mine = self.sudo().case_id.with_env(self.env)._my_roles_by_case()  # sudo: only the user's own tie to the case
        for review in self:
            if not mine.get(review.sudo().case_id.id, set()) & REVIEWERS:  # sudo: see above
                review.check_access("read")  # its name tells case and period
                raise AccessError(
                    self.env._("%s: reviewed by the curator or by those who keep the register.", review.display_name)
                )

    # -- filling -----------------------------------------------------------------------------------------------------

    def action_refill(self):
        """Fill in anew what the program knows of the period: work done, characteristics (RU-5.4).

        Raises AccessError for whoever does not review, UserError where it is concluded already.
        """
        self.check_access("read")
        self._check_reviewer()
        for review in self:
            if review.state != "open":
                raise UserError(self.env._("%s is concluded and stays as it is.", review.display_name))
        guarded(self.sudo())._prefill()  # sudo: right and state were checked for these very reviews
        return True

    def _prefill(self):
        """Write what was done in the period, from what all who read the case may read; nothing that is sealed.

        A guarded superuser set. In the language of the plan (RU-5.4, RU-13.3).
        """
        for review in self:
            own = review.with_context(lang=review.plan_id.lang)
            review.write(
                {
                    "measures_text": own._measures_words(),
                    "work_text": own._work_words(),
                    "study_text": own._study_words(),
                    "characteristic_text": own._characteristic_words(),
                    **own._counts(),
                }
            )

    def _tasks(self):
        """Return the occurrences that were due or done in the period, all versions; none that was dropped."""
        self.ensure_one()
        first, last = self.date_from, self.date_to
        return self.env["vshu.plan.task"].search(
            [
                ("case_id", "=", self.case_id.id),
                ("state", "!=", "dropped"),
                "|",
                "&",
                ("date_due", ">=", first),
                ("date_due", "<=", last),
                "&",
                ("date_done", ">=", first),
                ("date_done", "<=", last),
            ]
        )

    def _counts(self):
        """Return the figures of the period as they are now: due, done by its end, done in time, late."""
        tasks = self._tasks()
        done = tasks.filtered(lambda t: t.state == "done" and t.date_done <= self.date_to)
        return {
            "count_due": len(tasks),
            "count_done": len(done),
            "count_in_time": len(done.filtered("in_time")),
            "count_late": len(tasks.filtered(lambda t: t not in done and t.date_due <= self.date_to)),
        }

    def _measures_words(self):
        """Return a line a measure: how often it was due and done, what came of it."""
        outcomes = dict(self.env["vshu.plan.task"]._fields["outcome"]._description_selection(self.env))
        lines = []
        for name, tasks in self._tasks().grouped("name").items():
            done = tasks.filtered(lambda t: t.state == "done" and t.date_done <= self.date_to)
            line = self.env._(
                "%(measure)s: %(done)s of %(count)s",
                measure=" ".join(name.split()),
                done=len(done),
                count=len(tasks),
            )
            results = done.filtered("outcome").sorted("date_done").mapped("outcome")
            lines.append(f"{line}. {outcomes[results[-1]]}" if results else line)
        return "\n".join(lines) or self.env._("No measure was due in this period.")

    def _work_words(self):
        """Return the entries of preventive work by kind and how they sound; what they say is not repeated here."""
        school = self.env["vshu.school"]._for_company(self.company_id)
        zone = pytz.timezone(school.tz or "UTC")

        def moment(day):
            return zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)

        rows = self.env["vshu.intervention"]._read_group(
            [
                ("case_id", "=", self.case_id.id),
                ("annulled", "=", False),
                ("date", ">=", moment(self.date_from)),
                ("date", "<", moment(self.date_to + timedelta(days=1))),
            ],
            ["kind_id", "tone"],
            ["__count"],
        )
        if not rows:
            return self.env._("No entry of preventive work in this period.")
        tones = dict(self.env["vshu.intervention"]._fields["tone"]._description_selection(self.env))
        kinds = {}
        for kind, tone, count in rows:
            kinds.setdefault(kind, []).append(f"{tones[tone].lower()} {count}")
        return "\n".join(f"{kind.display_name}: {', '.join(words)}" for kind, words in kinds.items())

    def _characteristics(self):
        """Return the finished characteristics in the file until the end of the period, the oldest first."""
        forms = self.env["vshu.characteristic"].search(
            [
                ("document_id.case_id", "=", self.case_id.id),
                ("state", "=", "finished"),
                ("date", "<=", self.date_to),
            ]
        )
        return forms.sorted(lambda form: (form.date, form.id))

    def _study_words(self):
        """Return absences and marks as the last characteristic has them, where there is one of the period."""
        latest = self._characteristics().filtered(lambda form: form.date >= self.date_from)[-1:]
        lines = [
            f"{latest._fields[name]._description_string(self.env)}: {' '.join(latest[name].split())}"
            for name in ("study_attendance", "study_progress")
            if latest[name]
        ]
        return "\n".join(lines) or self.env._(
            "Not known to the program: ask the class teacher for absences and marks of the period."
        )

    def _characteristic_words(self):
        """Return which characteristics there are and whether they are positive, the two latest, and what has changed.

        Papers are named by kind and day; what a sealed one says is read by its own readers only.
        """
        papers = self.case_id.document_ids.filtered(
            lambda d: d.rated and d.state == "ready" and d.date and d.date <= self.date_to
        ).sorted("date")[-2:]
        ratings = dict(papers._fields["rating"]._description_selection(self.env))
        lines = [
            f"{format_date(self.env, paper.date)}: {paper.display_name}"
            + (f" – {ratings[paper.rating].lower()}" if paper.rating and not paper.type_id.sealed else "")
            for paper in papers
        ]
        latest = self._characteristics().filtered(lambda form: form.date >= self.date_from)[-1:]
        if latest.changes:
            lines.append(" ".join(latest.changes.split()))
        return "\n".join(lines) or self.env._("There is no characteristic yet.")

    # -- concluding --------------------------------------------------------------------------------------------------

    def _conclusion_problems(self):
        """Return what keeps the review from being concluded, in plain words (RU-5.4)."""
        self.ensure_one()
        problems = []
        case = self.case_id
        if not self.conclusion:
            problems.append(self.env._("choose the conclusion"))
        if not (self.conclusion_text or "").strip():
            problems.append(self.env._("write in a few words why"))
        if self.conclusion == "extension" and not case.date_end:
            problems.append(self.env._("this stay has no fixed end, so it is not extended"))
        if self.conclusion == "removal" and case.state != "active":
            problems.append(self.env._("the removal is proposed already, or the stay is over"))
        return problems

    def action_conclude(self):
        """Conclude the review; what the conclusion asks for opens next (RU-5.4).

        Returns an action: the draft of the next version, the dialog of the removal or of the letters, or True. Raises
        AccessError but for curator and office, UserError that lists what is missing.
        """
        self.ensure_one()
        self.check_access("read")
        self._check_reviewer()
        if self.state != "open":
            raise UserError(self.env._("%s is concluded and stays as it is.", self.display_name))
        review = guarded(self.sudo())  # sudo: right and state were checked for this very review
        review._check_ended()
        problems = review._conclusion_problems()
        if problems:
            raise UserError(
                self.env._(
                    "%(review)s cannot be concluded yet:\n%(problems)s",
                    review=self.display_name,
                    problems="\n".join(f"• {problem}" for problem in problems),
                )
            )
        today = review.company_id._vshu_today()
        review.write(
            {
                "state": "done",
                "date_done": today,
                "reviewed_by_id": self.env.uid,
                "settled": review.conclusion == "continue",
                "date_asked": today if review.conclusion in ASKED else False,
                **review._counts(),
            }
        )
        case = review.case_id
        if not case.date_reviewed or case.date_reviewed < today:
            case._reviewed(today)
        case._plan_on_file(today)
        case._council_sync()
        self.invalidate_recordset()
        # the step itself may be another's: then the conclusion stands, and that one finds it in the list
        opens = self._may_follow() and not (self.conclusion == "removal" and case.proposed_reason_id)
        return self.action_follow() if opens else True

    def _may_follow(self):
        """Tell whether the user takes the step that the conclusion asks for."""
        self.ensure_one()
        if self.conclusion == "removal":
            return self.case_id.can_propose_removal
        if self.conclusion == "petition":
            case = self.sudo().case_id  # sudo: only the user's own tie to the case
            return self.env.su or bool(case.with_env(self.env)._my_roles_by_case()[case.id] & OFFICE)
        return self.conclusion == "change"

    def action_follow(self):
        """Go on with what the conclusion asks for. Returns an action; raises as the step itself does.

        Change: the draft of the next version. Removal: the proposal on the case. Petition: the letters whose condition
        holds. Extension: the case is on the council's list.
        """
        self.ensure_one()
        self.check_access("read")
        self._check_reviewer()
        if self.state != "done" or self.conclusion not in FOLLOWED:
            raise UserError(self.env._("%s asks for no further step.", self.display_name))
        plan = self.sudo().plan_id.with_env(self.env)  # sudo: which plan; the rights on it are checked next
        if self.conclusion == "change":
            draft = plan.next_ids.filtered(lambda p: p.state == "draft")
            if draft:
                return draft.action_open()
            current = self.sudo()._plan_now().with_env(self.env)  # sudo: which version counts
            # done once that version is approved: a draft that is thrown away changes nothing
            return current._revise(self.conclusion_text)
        if self.conclusion == "removal":
            return self.case_id.action_propose_removal()
        if self.conclusion == "petition":
            return plan.action_petitions()
        return self.case_id.action_open_agenda_items()

    # -- what the conclusion asks for --------------------------------------------------------------------------------

    def _followed(self, day):
        """Note that the step which the conclusions ask for was done on ``day``; a guarded superuser set."""
        waiting = self.filtered(lambda review: review.state == "done" and not review.settled)
        waiting.filtered("date_asked").write({"date_followed": day})
        waiting.write({"settled": True})

    @api.model
    def _follow_up(self, cases, conclusion, day):
        """Note that what reviews of ``cases`` concluded with ``conclusion`` was done on ``day``. On a superuser set."""
        waiting = [("state", "=", "done"), ("settled", "=", False), ("conclusion", "=", conclusion)]
        guarded(self.search([("case_id", "in", cases.ids), *waiting]))._followed(day)

    @api.model
    def _open_again(self, cases, conclusion):
        """Open again what the last reviews of ``cases`` asked for with ``conclusion``: the step was taken back, and
        somebody answers for it once more. On a superuser set."""
        done = [("state", "=", "done"), ("settled", "=", True), ("conclusion", "=", conclusion)]
        reviews = self.browse()
        for own in (
            self.search([("case_id", "in", cases.ids), *done, ("date_followed", "!=", False)])
            .grouped("case_id")
            .values()
        ):
            reviews |= own.sorted("date_to")[-1:]
        guarded(reviews).write({"settled": False, "date_followed": False})
        clocks = self.env["vshu.deadline"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", reviews.ids),
                ("event", "=", "asked"),
                ("state", "in", ("open", "overdue")),
            ]
        )
        # what was done stays in the history: the clock needs an activity of its own again
        clocks.filtered(lambda clock: not clock.activity_id.exists() or not clock.activity_id.active)._deadline_assign()

    @api.model
    def _findings(self):
        """Return {code: reviews} that the rules find wanting, for the keeper: concluded before each conclusion left a
        task, with a step that nobody has done (RU-5.4, KZ-17, KZ-19)."""
        domain = [("state", "=", "done"), ("conclusion", "in", ASKED), ("date_asked", "=", False)]
        reviews = self.search([*domain, ("case_id.state", "in", STAY_STATES)])
        changed = reviews.filtered(lambda review: review.conclusion == "change")
        # a new version counted as done when it was drafted: what became of it was not looked at
        dropped = changed.filtered(lambda review: review._plan_now().version <= review.plan_id.version)
        return {"review_without_step": (reviews - changed).filtered(lambda review: not review.settled) | dropped}

    def action_settle(self):
        """Ask why nothing follows from the conclusion. Returns the dialog; AccessError but for the office."""
        self.ensure_one()
        self._check_settle()
        return self.env["vshu.plan.reason"]._open("settle", self.sudo().plan_id.id, review_id=self.id)  # sudo: its id

    def _check_settle(self):
        """Raise AccessError but for the office, UserError where the conclusion asks for nothing."""
        self.check_access("read")
        if not self.can_settle:
            if self.state != "done" or self.settled:
                raise UserError(self.env._("%s asks for no further step.", self.display_name))
            raise AccessError(self.env._("%s: your role may not do this.", self.display_name))

    def _settle_by_hand(self, reason):
        """Put on record why nothing follows from the conclusion; its clock stops (RU-13.3).

        Raises as action_settle, UserError without a reason.
        """
        self.ensure_one()
        self._check_settle()
        if not (reason or "").strip():
            raise UserError(self.env._("%s: write why nothing follows.", self.display_name))
        review = guarded(self.sudo())  # sudo: right and state were checked for this very review
        review.write({"settled_reason": reason})
        review._followed(review.company_id._vshu_today())
        return True

    def _plan_now(self):
        """Return the version of the plan that is in force, or the last one."""
        self.ensure_one()
        plans = self.env["vshu.plan"].search([("root_id", "=", self.plan_id.root_id.id)], order="version desc")
        return plans.filtered(lambda plan: plan.state == "in_force")[:1] or plans[:1]

    def action_open_plan(self):
        """Open the plan in force; the user's own rights apply there. Returns an act_window."""
        self.ensure_one()
        self.check_access("read")
        return self.sudo()._plan_now().with_env(self.env).action_open()  # sudo: which version counts
