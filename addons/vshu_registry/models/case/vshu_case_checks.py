from odoo import api, fields, models
from odoo.tools import format_date


class VshuCaseChecks(models.AbstractModel):
    """What is missing before a step: lists of lines in plain words, each with its clause. Other addons add theirs."""

    _name = "vshu.case.checks"
    _description = "Checks of a case"

    next_step = fields.Text(compute="_compute_next_step", help="What the case waits for, in plain words.")

    # -- checks: lists of what is missing, in plain words ------------------------------------------------------------

    def _submission_problems(self, date=None):
        """Return what keeps the case from being submitted on ``date``, today by default (KZ-4, RU-5.2, RU-6)."""
        self.ensure_one()
        problems = []
        clause = self._route_clauses()
        if not self.ground_id:
            problems.append(self.env._("choose the ground (%s)", clause))
        if not self.basis_id:
            problems.append(self.env._("choose the basis (%s)", clause))
        if self.ground_id and self.basis_id and not self.route_ids:
            problems.append(
                self.env._(
                    "“%(regulation)s” has no route for the ground “%(ground)s” (%(clause)s) on the basis “%(basis)s”: "
                    "choose another basis or ground",
                    regulation=self.regulation_id.name,
                    ground=self.ground_id.display_name,
                    clause=self.ground_id.clause_text or "-",
                    basis=self.basis_id.display_name,
                )
            )
        if not (self.reason or "").strip():
            problems.append(self.env._("write what happened (%s)", clause))
        day = date or self._vshu_today()
        return problems + self._enrolment_problems(day) + self._age_problems(day)

    def _enrolment_problems(self, date):
        self.ensure_one()
        if self.subject == "student" and not self.student_id._vshu_enrolled_on(self.company_id, date):
            return [
                self.env._(
                    "the student is not enrolled in “%(school)s” on %(date)s: check the enrolment",
                    school=self.company_id.name,
                    date=fields.Date.to_string(date),
                )
            ]
        return []

    def _age_problems(self, day):
        """Return why nobody of this age is placed on ``day``: the stay would have ended before it began (RU-1.3,
        RU-7.1б, RU-10.1)."""
        self.ensure_one()
        problems = []
        for reason in self.regulation_id.removal_reason_ids.filtered(
            lambda r: r.trigger == "age" and not r.is_group and self._is_for(r)
        ):
            reached = self._day_of_age(reason.age_years)
            if reached and reached <= day:
                problems.append(
                    self.env._(
                        "the student turned %(age)s on %(date)s: nobody of that age is placed (%(clause)s)",
                        age=reason.age_years,
                        date=fields.Date.to_string(reached),
                        clause=reason.clause_text or "-",
                    )
                )
        return problems

    def _decision_problems(self, decision):
        """Return what keeps ``decision`` from being carried out on the case. Other addons add their lines.

        Serves KZ-4, KZ-11, KZ-16, KZ-19, RU-3.2, RU-5.1, RU-5.2, RU-6, RU-7, RU-8, RU-9.
        """
        self.ensure_one()
        case, decision = self.sudo(), decision.sudo()  # sudo: role was checked; catalogues and papers are read
        problems = []
        if decision.kind_id not in case._allowed_decision_kinds():
            problems.append(
                self.env._(
                    "“%(kind)s” (%(clause)s) cannot be decided on a case that is “%(state)s” by this route",
                    kind=decision.kind_id.name,
                    clause=decision.kind_id.clause_text or "-",
                    state=dict(case._fields["state"]._description_selection(self.env))[case.state],
                )
            )
            return problems
        if decision.form_id not in decision.kind_id.form_ids:
            problems.append(
                self.env._(
                    "“%(kind)s” is not decided by “%(form)s” (%(clause)s)",
                    kind=decision.kind_id.name,
                    form=decision.form_id.name,
                    clause=decision.kind_id.clause_text or "-",
                )
            )
        problems += case._day_problems(decision)
        problems += getattr(case, f"_problems_{decision.effect}", lambda d: [])(decision)
        return problems

    def _day_problems(self, decision):
        """Return what is wrong with the day of ``decision`` as seen from the case."""
        self.ensure_one()
        today = self.company_id._vshu_today()
        problems = []
        if decision.date > today:
            problems.append(
                self.env._("the decision is dated in the future (%s)", fields.Date.to_string(decision.date))
            )
        if self.date_received and decision.date < self.date_received and decision.body != "outside":
            problems.append(
                self.env._(
                    "the decision of %(decision)s is older than the submission of %(received)s (%(clause)s)",
                    decision=fields.Date.to_string(decision.date),
                    received=fields.Date.to_string(self.date_received),
                    clause=self._route_clauses(),
                )
            )
        if self.date_placed and decision.date < self.date_placed:
            problems.append(
                self.env._("the decision is older than the placement of %s", fields.Date.to_string(self.date_placed))
            )
        return problems

    def _problems_place(self, decision):
        problems = []
        today = self.company_id._vshu_today()
        routes = self._deciding_routes(decision)
        if not self.ground_id or not self.basis_id:
            problems.append(self.env._("choose the ground and the basis (%s)", self._route_clauses()))
        elif not routes:
            bodies = dict(decision.form_id._fields["body"]._description_selection(self.env))
            problems.append(
                self.env._(
                    "by “%(regulation)s” this is not decided by: %(body)s. Who decides: %(bodies)s (%(clause)s)",
                    regulation=self.regulation_id.name,
                    body=bodies.get(decision.body, "-"),
                    bodies=", ".join(sorted({bodies[route.body] for route in self.route_ids})) or "-",
                    clause=self._route_clauses(),
                )
            )
        elif all(route.body != "outside" for route in routes) and self.state != "submitted":
            problems.append(self.env._("there is no submission yet: submit the case first (%s)", self._route_clauses()))
        if routes and all(route.consent_required for route in routes) and not self.consent:
            problems.append(self.env._("the head's consent is not on record (%s)", routes[0].clause_text or "-"))
        # a move keeps the curator of the stay that it ends
        if not decision.curator_id and not self.curator_id and not decision.case_id.curator_id:
            problems.append(self.env._("name the curator"))
        start = self._term_start(decision)
        if decision.body == "outside":
            journal = decision.date_journal or today
            registered = [signal.date_registered for signal in self.signal_ids if signal.date_registered]
            if journal > today:
                problems.append(self.env._("the journal entry is dated in the future"))
            if journal < max([decision.date, *registered]):
                problems.append(
                    self.env._(
                        "the journal entry of %(journal)s is older than the notice (%(clause)s)",
                        journal=fields.Date.to_string(journal),
                        clause=self._route_clauses(),
                    )
                )
        problems += self._enrolment_problems(start) + self._age_problems(start)
        problems += self._term_problems(start, decision.date_end, "min_months", "max_months")
        problems += self._paper_problems("placement")
        return problems

    def _problems_extend(self, decision):
        rule = self._term_rule()
        problems = []
        if rule.open_ended or not self.date_end:
            return [self.env._("this stay has no fixed end, so it is not extended (%s)", rule.clause_text or "-")]
        if rule.max_extensions and self.extension_count >= rule.max_extensions:
            problems.append(
                self.env._(
                    "it has been extended %(count)s times already (%(clause)s)",
                    count=self.extension_count,
                    clause=rule.clause_text or "-",
                )
            )
        if decision.date_end and decision.date_end <= decision.date:
            problems.append(
                self.env._("the extension would end in the past (%s)", fields.Date.to_string(decision.date_end))
            )
        return problems + self._term_problems(
            self._term_start(decision), decision.date_end, "extension_min_months", "extension_max_months"
        )

    def _term_problems(self, start, end, minimum, maximum):
        """Return what is wrong with a term from ``start`` to ``end`` by the rule on terms (KZ-16)."""
        rule = self._term_rule()
        if not rule or (rule.open_ended and not end):
            return []
        shortest = fields.Date.add(start, months=rule[minimum])
        longest = fields.Date.add(start, months=rule[maximum]) if rule[maximum] else False
        if end and end >= shortest and (not longest or end <= longest):
            return []
        if minimum == "extension_min_months" and rule.extension_practice:
            return [
                self.env._(
                    "by the practice of the school an extension is %(min)s to %(max)s months, that is, ends from "
                    "%(first)s to %(last)s",
                    min=rule[minimum],
                    max=rule[maximum] or "…",
                    first=fields.Date.to_string(shortest),
                    last=fields.Date.to_string(longest) if longest else "…",
                )
            ]
        return [
            self.env._(
                "the term must be %(min)s to %(max)s months, that is, end from %(first)s to %(last)s (%(clause)s)",
                min=rule[minimum],
                max=rule[maximum] or "…",
                first=fields.Date.to_string(shortest),
                last=fields.Date.to_string(longest) if longest else "…",
                clause=rule.clause_text or "-",
            )
        ]

    def _problems_watch(self, decision):
        problems = []
        if not decision.curator_id and not self.curator_id:
            problems.append(self.env._("name who watches: the class teacher or a curator"))
        if not decision.watch_until or decision.watch_until <= decision.date:
            problems.append(self.env._("set until when the pupil is watched, after the day of the decision"))
        return problems

    def _reason_age_problems(self, reason, day):
        """Return why ``reason`` does not hold yet: the student has not the age that it speaks of."""
        self.ensure_one()
        if self._old_enough(reason, day):
            return []
        return [
            self.env._(
                "“%(reason)s” (%(clause)s) holds from the age of %(age)s: the student was not that old on %(date)s",
                reason=reason.display_name,
                clause=reason.clause_text or "-",
                age=reason.age_years,
                date=fields.Date.to_string(day),
            )
        ]

    def _problems_remove(self, decision):
        reason = decision.removal_reason_id
        if not reason:
            return [self.env._("choose the reason for the removal (%s)", self.regulation_id.name)]
        problems = []
        if reason not in self._allowed_removal_reasons():
            problems.append(
                self.env._(
                    "“%(reason)s” (%(clause)s) is no reason to remove this case by decision",
                    reason=reason.display_name,
                    clause=reason.clause_text or "-",
                )
            )
        problems += self._reason_age_problems(reason, decision.date)
        if reason.body and reason.body != decision.body:
            bodies = dict(reason._fields["body"]._description_selection(self.env))
            problems.append(
                self.env._(
                    "removal for this reason is decided by: %(body)s (%(clause)s)",
                    body=bodies[reason.body],
                    clause=reason.clause_text or "-",
                )
            )
        if reason.body != "outside" and self.state != "removal_proposed":
            problems.append(self.env._("nobody has proposed the removal yet (%s)", reason.clause_text or "-"))
        return problems + self._paper_problems("removal", reason)

    def _decision_awaited(self):
        """Return what a case that waits for a decision waits for, in plain words."""
        self.ensure_one()
        if self.state == "removal_proposed":
            return self.env._("the decision on the removal is awaited")
        return self.env._("the decision is awaited: “Record decision”")

    @api.depends(
        "state",
        "ground_id",
        "basis_id",
        "reason",
        "consent",
        "document_ids.state",
        "student_id",
        "route_ids",
        "term_status",
        "date_end",
        "review_date",
    )
    def _compute_next_step(self):
        for case in self:
            sudo_case = case.sudo()  # sudo: catalogue and route; the text names papers and clauses, not their content
            lines = []
            if not case._origin:
                lines = []
            elif case.state == "draft" and "outside" not in sudo_case.route_ids._facts()["bodies"]:
                lines = sudo_case._submission_problems() or [self.env._("submit the case")]
                lines += sudo_case._window_problems()
            elif case.state == "draft":
                lines = [self.env._("enter it in the journal: “Record decision”")]
            elif case.state == "submitted":
                if sudo_case.consent_needed and not case.consent:
                    lines.append(self.env._("the head's consent is awaited, where the head decides"))
                lines += sudo_case._paper_problems("placement") + sudo_case._paper_problems("hearing")
                lines += sudo_case._window_problems()
                lines.append(case._decision_awaited())
            elif case.state == "removal_proposed":
                lines = sudo_case._paper_problems("removal", sudo_case.proposed_reason_id)
                lines.append(case._decision_awaited())
            elif case.state in ("active", "watched") and case.term_status == "over":
                lines = [self.env._("the term is over and nothing was decided: extend or remove by decision")]
            elif case.state == "active" and case.term_status == "expiring" and not case.date_end:
                lines = [
                    self.env._(
                        "the review of %s is near: review the work and note it, or propose the removal",
                        format_date(self.env, case.review_date) if case.review_date else "…",
                    )
                ]
            elif case.state == "active" and case.term_status == "expiring":
                lines = [self.env._("the term is about to end: extend, or propose the removal")]
            case.next_step = "\n".join(f"• {line}" for line in lines) or False
