import logging

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import split_every

from .guard import guarded
from .vshu_case_flow import OVER_STATES

_logger = logging.getLogger(__name__)

BATCH = 500


class VshuCaseNightly(models.AbstractModel):
    """The nightly job: what ends by itself ends, what expires comes up, what is late goes up."""

    _name = "vshu.case.nightly"
    _description = "Nightly work on cases"

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
        steps = self._nightly_steps()
        remaining = sum(len(ids) for _name, _model, ids, _method in steps)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=remaining)
        for name, model, ids, method in steps:
            for batch in split_every(BATCH, ids, list):
                self._run_batch(name, self.env[model].browse(batch), method)
                if not progress(len(batch)):
                    return

    @api.model
    def _nightly_steps(self):
        """Return what is to be done: a list of (name, model, ids, method). Other addons add theirs."""
        steps = [(name, self._name, ids, method) for name, ids, method in self._nightly_case_steps()]
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
        today = fields.Date.context_today(self)
        steps = []
        for reason in self.env["vshu.removal.reason"].search([("automatic", "=", True), ("is_group", "=", False)]):
            ids = self.search(self._automatic_domain(reason, today), order="id").ids
            if ids:
                steps.append((f"ends by itself: {reason.code}", ids, "_end_by_itself"))
        stay = [("state", "in", ("active", "removal_proposed"))]
        over = [*stay, ("date_end", "<", today), ("term_status", "!=", "over")]
        steps.append(("term over", self.search(over, order="id").ids, "_mark_over"))
        expiring = []
        for rule in self.env["vshu.term.rule"].search([("expiring_days", ">", 0)]):
            limit = today + relativedelta(days=rule.expiring_days)
            expiring += self.search(
                [
                    *stay,
                    ("regulation_id", "=", rule.regulation_id.id),
                    ("kind", "=", rule.kind),
                    ("term_status", "=", "running"),
                    "|",
                    "&",
                    ("date_end", "!=", False),
                    ("date_end", "<=", limit),
                    "&",
                    ("date_end", "=", False),
                    ("review_date", "<=", limit),
                ],
                order="id",
            ).ids
        steps.append(("term expires", sorted(set(expiring)), "_mark_expiring"))
        documents = self.env["vshu.document"].search(
            [("state", "=", "due"), ("date_due", "<", today), ("case_id.state", "not in", OVER_STATES)]
        )
        steps.append(("papers due", sorted(set(documents.case_id.ids)), "_refresh_papers"))
        return steps

    @api.model
    def _automatic_domain(self, reason, today):
        """Return the domain of the stays that ``reason`` ends by itself (RU-7.1а, RU-7.1б)."""
        domain = [
            ("state", "in", ("active", "removal_proposed")),
            ("regulation_id", "=", reason.regulation_id.id),
            ("kind", "=", reason.kind),
        ]
        if reason.category_ids:
            domain.append(("ground_id.category_id", "in", reason.category_ids.ids))
        if reason.trigger == "age":
            domain.append(("student_id.vshu_birth_date", "<=", today - relativedelta(years=reason.age_years)))
        else:
            domain.append(
                (
                    "student_id.vshu_enrollment_ids",
                    "any",
                    [("end_reason_id", "in", reason.end_reason_ids.ids), ("date_to", "<", today)],
                )
            )
        return domain

    def _automatic_end(self, today):
        """Return {case id: (reason, date)} for the stays that have ended by themselves by ``today``."""
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
                date = case._automatic_date(reason, today)
                if date and (case.id not in result or date < result[case.id][1]):
                    result[case.id] = (reason, date)
        return result

    def _automatic_date(self, reason, today):
        """Return the day on which ``reason`` ended the stay by itself, False where it has not."""
        self.ensure_one()
        student = self.student_id
        if reason.trigger == "age":
            if not student.vshu_birth_date:
                return False
            date = student.vshu_birth_date + relativedelta(years=reason.age_years)
            return date if date <= today else False
        here = student.vshu_enrollment_ids.filtered(lambda e: e.company_id == self.company_id)
        if not here or any(not e.date_to or e.date_to >= today for e in here):
            return False
        last = here.sorted("date_to")[-1]
        if last.end_reason_id not in reason.end_reason_ids or (self.date_placed and last.date_to < self.date_placed):
            return False
        return last.date_to

    def _end_by_itself(self):
        """End the stays that the regulation ends without a decision (RU-7.1а, RU-7.1б)."""
        today = fields.Date.context_today(self)
        ends = self._automatic_end(today)
        groups = {}
        for case in self.filtered(lambda c: c.state in ("active", "removal_proposed")):
            if case.id in ends:
                groups.setdefault(ends[case.id], self.browse())
                groups[ends[case.id]] |= case
        for (reason, date), cases in groups.items():
            guarded(cases)._close(reason, date)

    def _mark_over(self):
        """A term that passed undecided neither closes nor extends: it is over, undecided, and goes up to the head."""
        today = fields.Date.context_today(self)
        cases = self.filtered(lambda c: c.date_end and c.date_end < today and c.term_status != "over")
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
        return self.env._("The term is about to end: extension or removal")

    def _event_date(self, event):
        """Return the day by which ``event`` asks for something, False for today."""
        self.ensure_one()
        return self.date_end

    def _notify_role(self, role_code, event):
        """Make an activity on ``event`` (over, expiring) for whoever holds ``role_code``; it carries no name."""
        today = fields.Date.context_today(self)
        users = self._deadline_role_users(role_code, today)
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
                        "date_deadline": case._event_date(event) or today,
                        "summary": case.with_context(lang=user.lang)._event_summary(event),
                    }
                )
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(vals_list)
