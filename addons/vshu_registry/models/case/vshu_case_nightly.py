import logging

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

from ...tools.guard import guarded
from ...tools.states import OVER_STATES, STAY_STATES

_logger = logging.getLogger(__name__)

BATCH = 500
#: how often a night looks for what its own steps have brought about
ROUNDS = 3


def born_by(day, years):
    """Return the last day of birth of those who are ``years`` old on ``day``: in a year without 29 February who was
    born on it is a year older on the 28th."""
    next_day = relativedelta(days=1)
    return max(day - relativedelta(years=years), day + next_day - relativedelta(years=years) - next_day)


class VshuCaseNightly(models.AbstractModel):
    """The nightly job: what ends by itself ends, what expires comes up, what is late goes up."""

    _name = "vshu.case.nightly"
    _description = "Nightly work on cases"

    def _terms_heard_of(self, vals):
        """Return {case id: day} of the terms that superiors have heard of, where ``vals`` set a new end or review."""
        if {"date_end", "review_date"}.isdisjoint(vals) or vals.get("term_status", "running") != "running":
            return {}
        # sudo: the state of the term and its days, of which nothing is told
        return {case.id: case._term_day() for case in self.sudo() if case.term_status in ("expiring", "over")}

    def _terms_moved(self, heard):
        """Begin anew the terms whose day is not the one that superiors have heard of.

        :param heard: what ``_terms_heard_of`` returned before the change
        """
        cases = self.sudo().browse(heard)  # sudo: the term is kept by the system
        cases.filtered(lambda case: case.state in STAY_STATES and case._term_day() != heard[case.id])._term_anew()

    def _term_day(self):
        """Return the day that the stay is measured by: its end, or the next review where it has no fixed end."""
        self.ensure_one()
        return self.date_end or self.review_date

    def _term_anew(self):
        """Begin the terms anew: reminders of the old day go, the night finds by itself what the new day asks for."""
        guarded(self).write({"term_status": "running"})
        type_id = self.env.ref("vshu_registry.activity_type_deadline").id
        self.activity_ids.filtered(lambda a: a.activity_type_id.id == type_id and not a.vshu_deadline_id).unlink()

    @api.model
    def _cron_nightly(self):
        """Do the nightly work in batches, each committed; safe to run twice or to miss nights.

        One record that fails is logged and left; it stops neither its batch nor the next night. Conditions are ranges
        ("due before today and not done"), never a date that must be hit.
        """
        # every school is looked at, whichever one the job's own user is in
        self = self.with_context(
            allowed_company_ids=self.env["vshu.school"].search([("regulation_id", "!=", False)]).company_id.ids
        )
        progress = self.env["ir.cron"]._commit_progress
        seen = set()
        for _round in range(ROUNDS):
            # what a step brings about (a review opened late, whose clock is overdue at once) is work of this same night
            steps = [
                (name, model, [id_ for id_ in ids if (name, id_) not in seen], method)
                for name, model, ids, method in self._nightly_steps()
            ]
            if not any(ids for _name, _model, ids, _method in steps):
                return
            progress(remaining=sum(len(ids) for _name, _model, ids, _method in steps))
            for name, model, ids, method in steps:
                seen.update((name, id_) for id_ in ids)
                for batch in split_every(BATCH, ids, list):
                    self._run_batch(name, self.env[model].browse(batch), method)
                    if not progress(len(batch)):
                        return

    @api.model
    def _nightly_steps(self):
        """Return what is to be done: a list of (name, model, ids, method). Other addons add theirs."""
        steps = [(name, self._name, ids, method) for name, ids, method in self._nightly_case_steps()]
        # whoever was not invited by the day of the meeting is not invited to it any more (KZ-9)
        held = self.env["vshu.school"]._by_day(
            lambda day: Domain("case_id.hearing_date", "=", False) | Domain("case_id.hearing_date", "<", day)
        )
        missed = self.env["vshu.notice"].search(
            Domain("event", "=", "hearing") & Domain("state", "=", "to_send") & held, order="id"
        )
        steps.append(("invitations not delivered", "vshu.notice", missed.ids, "_not_delivered"))
        notices = self.env["vshu.notice"]
        steps.append(
            ("rights of parents", notices._name, notices.search(notices._followed_domain()).ids, "_stop_unlawful")
        )
        steps.append(
            ("colleagues who left", "hr.employee", self.env["hr.employee"]._vshu_leaver_ids(), "_vshu_pass_on")
        )
        steps.append(("without a curator", "vshu.case", self.env["vshu.case"]._vacant_ids(), "_tell_vacant"))
        return steps + [
            (name, "vshu.deadline", ids, method) for name, ids, method in self.env["vshu.deadline"]._nightly_steps()
        ]

    @api.model
    def _run_batch(self, name, records, method):
        """Run ``method`` on a batch in a savepoint; where it fails, run it one by one and log what fails."""
        records = records.exists()
        try:
            with self.env.cr.savepoint():
                getattr(records, method)()
            return
        except Exception:
            self.env.invalidate_all()
        for record in records:
            try:
                with self.env.cr.savepoint():
                    getattr(record, method)()
            except Exception:
                self.env.invalidate_all()
                _logger.exception("Nightly step %s failed on %s; it is tried again next night", name, record)

    @api.model
    def _nightly_case_steps(self):
        by_day = self.env["vshu.school"]._by_day
        steps = []
        for reason in self.env["vshu.removal.reason"].search([("automatic", "=", True), ("is_group", "=", False)]):
            ids = self.search(by_day(lambda day, r=reason: self._automatic_domain(r, day)), order="id").ids
            if ids:
                steps.append((f"ends by itself: {reason.code}", ids, "_end_by_itself"))
        for reason in self.env["vshu.removal.reason"].search(
            [("automatic", "=", False), ("trigger", "=", "age"), ("is_group", "=", False)]
        ):
            of_age = by_day(lambda day, r=reason: self._automatic_domain(r, day))
            domain = of_age & Domain("date_age_reached", "=", False)
            steps.append((f"of age: {reason.code}", self.search(domain, order="id").ids, "_come_of_age"))
        stay = Domain("state", "in", STAY_STATES)
        over = stay & Domain("term_status", "!=", "over") & by_day(lambda day: Domain("date_end", "<", day))
        steps.append(("term over", self.search(over, order="id").ids, "_mark_over"))
        expiring = []
        for rule in self.env["vshu.term.rule"].search([("expiring_days", ">", 0)]):
            near = by_day(lambda day, r=rule: self._expiring_domain(day + relativedelta(days=r.expiring_days)))
            kind = Domain("regulation_id", "=", rule.regulation_id.id) & Domain("kind", "=", rule.kind)
            expiring += self.search(stay & kind & Domain("term_status", "=", "running") & near, order="id").ids
        steps.append(("term expires", sorted(set(expiring)), "_mark_expiring"))
        documents = self.env["vshu.document"].search(
            Domain("state", "=", "due")
            & Domain("case_id.state", "not in", OVER_STATES)
            & by_day(lambda day: Domain("date_due", "<", day))
        )
        steps.append(("papers due", sorted(set(documents.case_id.ids)), "_refresh_papers"))
        return steps

    @api.model
    def _expiring_domain(self, limit):
        """Return the domain of the stays that end by ``limit``, or are to be reviewed by then where no end is fixed."""
        end = Domain("date_end", "!=", False) & Domain("date_end", "<=", limit)
        return end | (Domain("date_end", "=", False) & Domain("review_date", "<=", limit))

    @api.model
    def _automatic_domain(self, reason, today):
        """Return the domain of the stays that ``reason`` ends by itself (RU-7.1а, RU-7.1б)."""
        domain = [
            ("state", "in", STAY_STATES),
            ("regulation_id", "=", reason.regulation_id.id),
            ("kind", "=", reason.kind),
        ]
        if reason.category_ids:
            domain.append(("ground_id.category_id", "in", reason.category_ids.ids))
        if reason.trigger == "age":
            domain.append(("student_id.vshu_birth_date", "<=", born_by(today, reason.age_years)))
        else:
            domain.append(
                (
                    "student_id.vshu_enrollment_ids",
                    "any",
                    [("end_reason_id", "in", reason.end_reason_ids.ids), ("date_to", "<", today)],
                )
            )
        return domain

    def _automatic_end(self):
        """Return {case id: (reason, date)} for the stays that have ended by themselves by their school's day."""
        result = {}
        reasons = self.env["vshu.removal.reason"].search(
            [
                ("automatic", "=", True),
                ("is_group", "=", False),
                ("regulation_id", "in", self.regulation_id.ids),
            ]
        )
        for case in self:
            for reason in reasons.filtered(
                lambda r, c=case: (
                    r.regulation_id == c.regulation_id
                    and r.kind == c.kind
                    and (not r.category_ids or c.ground_id.category_id in r.category_ids)
                )
            ):
                date = case._automatic_date(reason, case._vshu_today())
                if date and (case.id not in result or date < result[case.id][1]):
                    result[case.id] = (reason, date)
        return result

    def _automatic_date(self, reason, today):
        """Return the day on which ``reason`` ended the stay by itself, False where it has not."""
        self.ensure_one()
        student = self.student_id
        if reason.trigger == "age":
            date = self._day_of_age(reason.age_years)
            if not date or date > today:
                return False
            # no stay ends before it began
            return max(filter(None, [date, self.date_placed]))
        here = student.vshu_enrollment_ids.filtered(lambda e: e.company_id == self.company_id)
        if not here or any(not e.date_to or e.date_to >= today for e in here):
            return False
        last = here.sorted("date_to")[-1]
        if last.end_reason_id not in reason.end_reason_ids or (self.date_placed and last.date_to < self.date_placed):
            return False
        if not self._old_enough(reason, last.date_to):
            return False
        return last.date_to

    def _end_by_itself(self):
        """End the stays that the regulation ends without a decision (RU-7.1а, RU-7.1б)."""
        ends = self._automatic_end()
        groups = {}
        for case in self.filtered(lambda c: c.state in STAY_STATES):
            if case.id in ends:
                groups.setdefault(ends[case.id], self.browse())
                groups[ends[case.id]] |= case
        for (reason, date), cases in groups.items():
            guarded(cases)._close(reason, date)

    def _old_enough(self, reason, day):
        """Tell whether the student has on ``day`` the age from which ``reason`` holds (RU-7.1а)."""
        self.ensure_one()
        if not reason.age_years:
            return True
        reached = self._day_of_age(reason.age_years)
        return bool(reached and reached <= day)

    def _come_of_age(self):
        """Whom the regulation does not take off by itself comes before the deputy head and the council on coming of age
        (RU-10.1); once, whatever is decided then."""
        today = self._vshu_today()
        reasons = self.env["vshu.removal.reason"].search(
            [("automatic", "=", False), ("trigger", "=", "age"), ("is_group", "=", False)]
        )
        for case in self:
            for reason in reasons.filtered(lambda r, c=case: c._is_for(r) and c._old_enough(r, today))[:1]:
                guarded(case).write({"date_age_reached": case._day_of_age(reason.age_years)})
                case._put_forward(reason)
                case._notify_role("deputy_head", "age")

    def _put_forward(self, reason):
        """Propose the removal of stays that go on for ``reason``, by the system: what happened speaks for itself, and
        the council decides (KZ-19, RU-8, RU-10.1)."""
        running = self.filtered(lambda case: case.state == "active")
        guarded(running).write({"state": "removal_proposed", "proposed_reason_id": reason.id})
        running._add_papers("removal", reason)

    def _mark_over(self):
        """A term that passed undecided neither closes nor extends: it is over, undecided, and goes up to the head."""
        cases = self.filtered(lambda c: c.date_end and c.date_end < c._vshu_today() and c.term_status != "over")
        guarded(cases).write({"term_status": "over"})
        cases._notify_role("head", "over")

    def _mark_expiring(self):
        """A case near its end or review comes up by itself, with its removal readiness."""
        cases = self.filtered(lambda c: c.term_status == "running")
        guarded(cases).write({"term_status": "expiring"})
        cases._notify_role("deputy_head", "expiring")

    def _refresh_papers(self):
        """Papers whose day has passed are missing from now on."""
        self.document_ids._compute_state()

    def _event_summary(self, event):
        if event == "over":
            return self.env._("The term is over, nothing was decided")
        if event == "age":
            return self.env._("The pupil has come of age: put the removal before the council")
        if event == "left":
            return self.env._("The pupil leaves the school: put the removal before the council, or end the case")
        if not self.date_end:
            return self.env._("The review is near")
        return self.env._("The term is about to end: extension or removal")

    def _event_date(self, event):
        """Return the day by which ``event`` asks for something, False for today."""
        self.ensure_one()
        return False if event in ("age", "left") else self.date_end or self.review_date

    def _notify_role(self, role_code, event):
        """Make an activity on ``event`` (over, expiring) for whoever holds ``role_code``; it carries no name."""
        users = self._role_users_today(role_code)
        type_id = self.env.ref("vshu_registry.activity_type_deadline").id
        model_id = self.env["ir.model"]._get_id("vshu.case")
        vals_list = []
        for case in self:
            user = users.get(case.id)
            if user:
                vals_list.append(
                    {
                        "res_model_id": model_id,
                        "res_id": case.id,
                        "activity_type_id": type_id,
                        "user_id": user.id,
                        "date_deadline": case._event_date(event) or case._vshu_today(),
                        "summary": case.with_context(lang=user.lang)._event_summary(event),
                    }
                )
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(vals_list)
