from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .guard import guarded

#: flag of the button → (states from which it may be pressed)
FROM_STATES = {
    "can_submit": ("draft",),
    "can_consent": ("draft", "submitted"),
    "can_decide": ("draft", "submitted", "active", "removal_proposed"),
    "can_propose_removal": ("active",),
    "can_withdraw_proposal": ("removal_proposed",),
    "can_end_watch": ("watched",),
    "can_resubmit": ("watched",),
    "can_annul": ("active", "removal_proposed", "watched", "closed"),
    "can_hand_over": ("closed",),
    "can_confirm_receipt": ("closed",),
}
#: states in which a case stays as it is
OVER_STATES = ("closed", "declined", "annulled")
#: roles that keep the case, as in its record rules
KEEPERS = {"curator", "social_pedagogue", "deputy_head", "head"}
#: decision's effect → states of the case
EFFECT_STATES = {
    "place": ("draft", "submitted"),
    "decline": ("submitted",),
    "watch": ("submitted",),
    "extend": ("active", "removal_proposed"),
    "remove": ("active", "removal_proposed"),
    "keep": ("removal_proposed",),
    "convert": ("active", "removal_proposed"),
}


class VshuCaseFlow(models.AbstractModel):
    """States of a case: one checker of right, state, route and papers feeds the buttons and guards the actions."""

    _name = "vshu.case.flow"
    _description = "Flow of a case"

    can_submit = fields.Boolean(compute="_compute_can")
    can_consent = fields.Boolean(compute="_compute_can")
    can_decide = fields.Boolean(compute="_compute_can")
    can_propose_removal = fields.Boolean(compute="_compute_can")
    can_withdraw_proposal = fields.Boolean(compute="_compute_can")
    can_end_watch = fields.Boolean(compute="_compute_can")
    can_resubmit = fields.Boolean(compute="_compute_can")
    can_annul = fields.Boolean(compute="_compute_can")
    can_hand_over = fields.Boolean(compute="_compute_can")
    can_confirm_receipt = fields.Boolean(compute="_compute_can")
    can_keep = fields.Boolean(compute="_compute_can", help="Whether the user may change what is kept on the case.")
    my_roles = fields.Char(compute="_compute_can", help="Codes of the roles that the user holds for the case today.")
    next_step = fields.Text(compute="_compute_next_step", help="What the case waits for, in plain words.")
    proposed_reason_id = fields.Many2one(
        "vshu.removal.reason",
        string="Reason proposed",
        ondelete="restrict",
        domain="[('id', 'in', allowed_reason_ids)]",
        copy=False,
    )
    allowed_reason_ids = fields.Many2many(
        "vshu.removal.reason", compute="_compute_allowed_reasons", compute_sudo=True, context={"active_test": False}
    )

    # -- rights ----------------------------------------------------------------------------------------------------

    def _my_roles_by_case(self):
        """Return {case id: role codes that the user holds for it today}, class teachers of the child's class only."""
        companies = self._vshu_roles_companies()
        roles = self.env["vshu.role"]._my_roles(companies)
        teaches = any("class_teacher" in codes for codes in roles.values())
        my_classes = self.env["vshu.role"]._my_classes() if teaches else set()
        classes = self.sudo().student_id._vshu_class_on(fields.Date.context_today(self)) if my_classes else {}
        result = {}
        # sudo: only the user's own tie to the case is read
        (self.sudo().curator_id | self.sudo().submitter_id).fetch(["user_id", "name"])
        for case in self.sudo():  # sudo: see above
            mine = set(roles.get(case.company_id.id, set())) - {"class_teacher"}
            cls = classes.get(case.student_id.id)
            if cls and cls.id in my_classes:
                mine.add("class_teacher")
            if case.curator_id.user_id == self.env.user:
                mine.add("curator")
            if case.submitter_id.user_id == self.env.user:
                mine.add("submitter")
            result[case.id] = mine
        return result

    def _vshu_roles_companies(self):
        return self.sudo().company_id  # sudo: which school a case belongs to

    def _flag_roles(self, flag):
        """Return the codes of the roles that may do what ``flag`` stands for with this case, from the regulation's records."""
        self.ensure_one()
        routes = self.route_id or self.route_ids
        if flag in ("can_submit", "can_resubmit"):
            return self.route_ids._facts()["submitters"]
        if flag == "can_decide":
            return routes._facts()["recorders"]
        if flag in ("can_propose_removal", "can_withdraw_proposal"):
            return self._allowed_removal_reasons()._proposers()
        if flag in ("can_hand_over", "can_confirm_receipt"):
            return {"social_pedagogue", "deputy_head"}
        if flag == "can_end_watch":
            return {"curator", "social_pedagogue", "deputy_head"}
        return {"head"}

    @api.depends_context("uid")
    @api.depends(
        "state",
        "route_ids",
        "route_id",
        "curator_id",
        "submitter_id",
        "student_id",
        "consent",
        "company_id",
        "transfer_state",
    )
    def _compute_can(self):
        mine = self._my_roles_by_case()
        for case in self:
            held = mine.get(case.id, set())
            case.my_roles = ",".join(sorted(held))
            # those whom the record rules let write
            case.can_keep = case.state not in OVER_STATES and (self.env.su or bool(held & KEEPERS))
            sudo_case = case.sudo()  # sudo: the route matrix and the reasons of the regulation
            for flag, states in FROM_STATES.items():
                # of the record behind the form: a form with changes keeps its buttons
                allowed = bool(case._origin) and case.state in states
                if flag == "can_consent":
                    allowed = allowed and sudo_case.consent_needed and not case.consent
                elif flag in ("can_hand_over", "can_confirm_receipt"):
                    wanted = "to_send" if flag == "can_hand_over" else "sent"
                    allowed = allowed and case.transfer_state == wanted
                elif flag in ("can_submit", "can_resubmit"):
                    allowed = allowed and sudo_case.route_ids._facts()["bodies"] - {"outside"}
                elif flag == "can_decide" and case.state == "draft":
                    allowed = allowed and "outside" in sudo_case.route_ids._facts()["bodies"]
                case[flag] = bool(allowed and (self.env.su or held & sudo_case._flag_roles(flag)))

    def _check_flag(self, flag):
        """Raise AccessError where the user's role may not do it, UserError where the case's state does not allow it."""
        for case in self:
            if not self.env.su:
                case.check_access("read")
            if case.state not in FROM_STATES[flag]:
                raise UserError(
                    self.env._(
                        "%(case)s is “%(state)s”: this cannot be done with it now.",
                        case=case.display_name,
                        state=dict(case._fields["state"]._description_selection(self.env))[case.state],
                    )
                )
            if not case[flag]:
                raise AccessError(
                    self.env._(
                        "%(case)s: your role may not do this (%(clause)s).",
                        case=case.display_name,
                        clause=case.sudo()._route_clauses(),
                    )
                )

    def _check_recorder(self):
        """Raise AccessError unless the user is one of those who record decisions on the case."""
        if self.env.su:
            return
        mine = self._my_roles_by_case()
        for case in self:
            case.check_access("read")
            sudo_case = case.sudo()  # sudo: the route matrix
            if not mine.get(case.id, set()) & sudo_case._flag_roles("can_decide"):
                raise AccessError(
                    self.env._(
                        "%(case)s: your role does not record decisions (%(clause)s).",
                        case=case.display_name,
                        clause=sudo_case._route_clauses(),
                    )
                )

    # -- routes, terms, reasons ------------------------------------------------------------------------------------

    def _matching_routes(self):
        """Return the routes of the case's regulation that fit its kind, list of grounds and basis."""
        self.ensure_one()
        return self.env["vshu.route"]._matching(self.regulation_id, self.kind, self.basis_id, self.ground_id._category())

    def _route_clauses(self):
        self.ensure_one()
        routes = self.route_id or self.route_ids
        return routes._facts()["clauses"]

    def _term_rule(self):
        """Return the rule on terms of the case's regulation and kind, empty where there is none."""
        self.ensure_one()
        return self.regulation_id.term_rule_ids.filtered(lambda rule: rule.kind == self.kind)[:1]

    def _allowed_decision_kinds(self):
        """Return the kinds of decisions that state, kind and routes allow."""
        self.ensure_one()
        kinds = self.regulation_id.decision_kind_ids.filtered(
            lambda kind: (not kind.kind or kind.kind == self.kind)
            and self.state in EFFECT_STATES.get(kind.effect, ())
        )
        placing = kinds.filtered(lambda kind: kind.effect in ("place", "decline", "watch"))
        allowed = self.route_ids.decision_kind_ids if all(r.decision_kind_ids for r in self.route_ids) else placing
        return (kinds - placing) | (placing & allowed)

    def _allowed_removal_reasons(self):
        """Return the reasons for a removal by decision: those of the case's kind and list of grounds (RU-7, RU-8, KZ-19)."""
        self.ensure_one()
        return self.env["vshu.removal.reason"]._by_decision(self.regulation_id, self.kind, self.ground_id._category())

    @api.depends("regulation_id", "kind", "ground_id")
    def _compute_allowed_reasons(self):
        for case in self:
            case.allowed_reason_ids = case._allowed_removal_reasons()

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
                    clause=self.ground_id.clause or "-",
                    basis=self.basis_id.display_name,
                )
            )
        if not (self.reason or "").strip():
            problems.append(self.env._("write what happened (%s)", clause))
        problems += self._enrolment_problems(date or fields.Date.context_today(self))
        return problems

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

    def _decision_problems(self, decision):
        """Return what keeps ``decision`` from being carried out on the case. Other addons add their lines.

        Serves KZ-4, KZ-11, KZ-16, KZ-19, RU-3.2, RU-5.1, RU-5.2, RU-6, RU-7, RU-8, RU-9.
        """
        self.ensure_one()
        case, decision = self.sudo(), decision.sudo()  # sudo: role was checked; catalogues and papers are read
        today = fields.Date.context_today(self)
        problems = []
        if decision.kind_id not in case._allowed_decision_kinds():
            problems.append(
                self.env._(
                    "“%(kind)s” (%(clause)s) cannot be decided on a case that is “%(state)s” by this route",
                    kind=decision.kind_id.name,
                    clause=decision.kind_id.clause or "-",
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
                    clause=decision.kind_id.clause or "-",
                )
            )
        if decision.date > today:
            problems.append(self.env._("the decision is dated in the future (%s)", fields.Date.to_string(decision.date)))
        if case.date_received and decision.date < case.date_received and decision.body != "outside":
            problems.append(
                self.env._(
                    "the decision of %(decision)s is older than the submission of %(received)s (%(clause)s)",
                    decision=fields.Date.to_string(decision.date),
                    received=fields.Date.to_string(case.date_received),
                    clause=case._route_clauses(),
                )
            )
        if case.date_placed and decision.date < case.date_placed:
            problems.append(
                self.env._("the decision is older than the placement of %s", fields.Date.to_string(case.date_placed))
            )
        problems += getattr(case, f"_problems_{decision.effect}", lambda d: [])(decision)
        return problems

    def _problems_place(self, decision):
        problems = []
        today = fields.Date.context_today(self)
        routes = self.route_ids.filtered(
            lambda route: route.body == decision.body
            and (not route.decision_kind_ids or decision.kind_id in route.decision_kind_ids)
        )
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
            problems.append(
                self.env._("there is no submission yet: submit the case first (%s)", self._route_clauses())
            )
        if routes and all(route.consent_required for route in routes) and not self.consent:
            problems.append(self.env._("the head's consent is not on record (%s)", routes[0].clause or "-"))
        if not decision.curator_id and not self.curator_id:
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
        problems += self._enrolment_problems(start)
        problems += self._term_problems(start, decision.date_end, "min_months", "max_months")
        problems += self._paper_problems("placement")
        return problems

    def _problems_extend(self, decision):
        rule = self._term_rule()
        problems = []
        if rule.open_ended or not self.date_end:
            return [self.env._("this stay has no fixed end, so it is not extended (%s)", rule.clause or "-")]
        if rule.max_extensions and self.extension_count >= rule.max_extensions:
            problems.append(
                self.env._(
                    "it has been extended %(count)s times already (%(clause)s)",
                    count=self.extension_count,
                    clause=rule.clause or "-",
                )
            )
        return problems + self._term_problems(
            self.date_end, decision.date_end, "extension_min_months", "extension_max_months"
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
        return [
            self.env._(
                "the term must be %(min)s to %(max)s months, that is, end from %(first)s to %(last)s (%(clause)s)",
                min=rule[minimum],
                max=rule[maximum] or "…",
                first=fields.Date.to_string(shortest),
                last=fields.Date.to_string(longest) if longest else "…",
                clause=rule.clause or "-",
            )
        ]

    def _problems_watch(self, decision):
        problems = []
        if not decision.curator_id and not self.curator_id:
            problems.append(self.env._("name who watches: the class teacher or a curator (RU-5.2)"))
        if not decision.watch_until or decision.watch_until <= decision.date:
            problems.append(self.env._("set until when the pupil is watched, after the day of the decision"))
        return problems

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
                    clause=reason.clause or "-",
                )
            )
        if reason.body and reason.body != decision.body:
            bodies = dict(reason._fields["body"]._description_selection(self.env))
            problems.append(
                self.env._(
                    "removal for this reason is decided by: %(body)s (%(clause)s)",
                    body=bodies[reason.body],
                    clause=reason.clause or "-",
                )
            )
        if reason.body != "outside" and self.state != "removal_proposed":
            problems.append(self.env._("nobody has proposed the removal yet (%s)", reason.clause or "-"))
        return problems + self._paper_problems("removal", reason)

    def _problems_convert(self, decision):
        ground = decision.ground_id
        problems = []
        if not ground or ground.kind != decision.kind_id.target_kind or ground.subject != self.subject:
            problems.append(self.env._("choose the ground of the new stay (%s)", decision.kind_id.clause or "-"))
        if not self.search([("id", "=", self.id)], limit=1):
            return problems
        other = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", decision.kind_id.target_kind),
                ("subject", "=", self.subject),
                ("student_id", "=", self.student_id.id),
                ("family_id", "=", self.family_id.id),
                ("state", "in", ("draft", "submitted", "watched", "active", "removal_proposed")),
            ],
            limit=1,
        )
        if other:
            problems.append(self.env._("there is an open case of that kind already: %s", other.display_name))
        if not decision.curator_id and not self.curator_id:
            problems.append(self.env._("name the curator"))
        return problems

    # -- papers ----------------------------------------------------------------------------------------------------

    def _requirements(self, stage, reason=None):
        """Return the papers that the regulation asks for at ``stage``, for ``reason`` where it is a removal."""
        self.ensure_one()
        requirements = self.env["vshu.document.requirement"]
        return requirements.browse(
            requirements._wanted_ids(
                self.regulation_id._origin.id,
                stage,
                self.kind,
                self.subject,
                self.ground_id._category().id,
                tuple(sorted((self.ground_id | self.extra_ground_ids)._origin.ids)),
                None if reason is None else reason._origin.id,
            )
        )

    def _paper_problems(self, stage, reason=None):
        """Return a line for each required paper of ``stage`` that is missing, or is not positive where it must be."""
        self.ensure_one()
        problems = []
        for requirement in self._requirements(stage, reason):
            facts = requirement._facts()
            if facts["need"] != "required":
                continue
            papers = self.document_ids.filtered(
                lambda d, type_id=facts["type_id"]: d.type_id.id == type_id
                and d.state == "ready"
                and (stage != "removal" or not self.date_placed or d.date >= self.date_placed)
            )
            if not papers:
                problems.append(
                    self.env._(
                        "paper missing: %(paper)s (%(clause)s)",
                        paper=requirement.display_name,
                        clause=facts["clause"] or "-",
                    )
                )
            elif facts["positive"] and papers.sorted("date")[-1].rating != "positive":
                problems.append(
                    self.env._(
                        "paper not positive: %(paper)s (%(clause)s)",
                        paper=requirement.display_name,
                        clause=facts["clause"] or "-",
                    )
                )
        return problems

    def _add_papers(self, stage, reason=None):
        """Put the papers that ``stage`` asks for on the lists of the cases as missing; what is there stays."""
        vals_list = []
        for case in self:
            known = case.document_ids.requirement_id
            for requirement in case._requirements(stage, reason):
                if requirement not in known:
                    facts = requirement._facts()
                    vals_list.append(
                        {
                            "case_id": case.id,
                            "type_id": facts["type_id"],
                            "requirement_id": requirement.id,
                            "need": facts["need"],
                        }
                    )
        self.env["vshu.document"].create(vals_list)

    def _papers_changed(self):
        """Bring what hangs on the papers in step: the hearing's papers complete, the date of the last characteristic."""
        today = fields.Date.context_today(self)
        for case in self:
            vals = {}
            if case.state == "submitted":
                complete = not case._paper_problems("hearing") and bool(case._requirements("hearing"))
                if complete != bool(case.date_papers_ready):
                    vals["date_papers_ready"] = today if complete else False
            periodic = case.document_ids.filtered(
                lambda d: d.state == "ready" and d.requirement_id.repeat_months and d.rated
            )
            latest = max(periodic.mapped("date"), default=False)
            if latest and latest != case.date_characteristic:
                vals["date_characteristic"] = latest
            if vals:
                guarded(case).write(vals)

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_submit(self):
        """Submit the case to the body that its route names; the clock runs from today (KZ-4, RU-5.2, RU-6).

        Raises AccessError for a role that the route does not name, UserError that lists what is missing.
        """
        self.ensure_one()
        self._check_flag("can_submit")
        self._submit(fields.Date.context_today(self))
        return True

    def _submit(self, date):
        """Submit without asking for the role (the caller has checked it); ``date`` is the day of receipt."""
        case = self.sudo()  # sudo: the right was checked by the caller for this very case
        problems = case._submission_problems(date)
        if problems:
            raise UserError(
                self.env._(
                    "%(case)s cannot be submitted yet:\n%(problems)s",
                    case=case.display_name,
                    problems="\n".join(f"• {problem}" for problem in problems),
                )
            )
        case.lock_for_update()
        guarded(case).write(
            {
                "state": "submitted",
                "date_received": date,
                "submitter_id": case.submitter_id.id or self.env.user.employee_id.id,
                "date_decided": False,
                "date_papers_ready": False,
                "previous_case_id": case._earlier_stay().id,
            }
        )
        case._add_papers("placement")
        case._add_papers("hearing")

    def _earlier_stay(self):
        """Return the latest ended stay of the same child or family (KZ-21)."""
        self.ensure_one()
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("subject", "=", self.subject),
                ("student_id", "=", self.student_id.id),
                ("family_id", "=", self.family_id.id),
                ("state", "=", "closed"),
                ("date_placed", "!=", False),
                ("id", "!=", self.id),
            ],
            order="date_removed desc, id desc",
            limit=1,
        )

    def action_consent(self):
        """Put the head's consent on record (RU-3.2). Raises AccessError for anyone but the head or their stand-in."""
        self._check_flag("can_consent")
        guarded(self.sudo()).write(  # sudo: the right was checked for these very cases
            {"consent": True, "consent_by_id": self.env.uid, "consent_date": fields.Date.context_today(self)}
        )
        return True

    def action_decide(self):
        """Open a decision on the case, prefilled from the outside paper or the proposal.

        Returns an act_window on a new decision in a dialog. Raises AccessError for a role that records no decisions.
        """
        self.ensure_one()
        self._check_flag("can_decide")
        case = self.sudo()  # sudo: the right was checked; the outside paper is read to prefill the form
        context = {"default_case_id": self.id}
        kinds = case._allowed_decision_kinds()
        notice = case.signal_ids.filtered("paper_number")[:1]
        if case.state == "draft" and notice:
            context.update(
                default_number=notice.paper_number,
                default_date=fields.Date.to_string(notice.paper_date),
                default_form_id=notice.form_id.id,
            )
        if case.state == "removal_proposed":
            context["default_removal_reason_id"] = case.proposed_reason_id.id
            kinds = kinds.filtered(lambda kind: kind.effect == "remove") or kinds
        elif case.state in ("draft", "submitted"):
            kinds = kinds.filtered(lambda kind: kind.effect == "place") or kinds
        if len(kinds) == 1:
            context["default_kind_id"] = kinds.id
            forms = kinds.form_ids & self.env["vshu.decision.form"].sudo().search(
                [("body", "in", case.route_ids.mapped("body"))]
            )  # sudo: catalogue
            if len(forms) == 1 and "default_form_id" not in context:
                context["default_form_id"] = forms.id
        curator = case.curator_id
        if not curator and case.subject == "student":
            cls = case.class_id  # most often it is the class teacher; the user changes it where it is not
            curator = cls._teachers_on(fields.Date.context_today(self), standins=False).get(cls.id)
        if curator:
            context["default_curator_id"] = curator.id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decision"),
            "res_model": "vshu.decision",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    def action_propose_removal(self):
        """Propose the removal for the reason chosen on the case (KZ-19, RU-7.3, RU-8).

        Puts the papers that the reason asks for on the list. Raises AccessError for a role that may not propose,
        UserError where no reason is chosen.
        """
        self.ensure_one()
        self._check_flag("can_propose_removal")
        if not self.proposed_reason_id:
            return self.env["vshu.reason"]._open("propose", case_id=self.id)
        self._propose_removal(self.proposed_reason_id)
        return True

    def _propose_removal(self, reason):
        """Propose the removal for ``reason``; checks role, state and reason. Raises as action_propose_removal."""
        self.ensure_one()
        self._check_flag("can_propose_removal")
        case = self.sudo()  # sudo: the right was checked for this very case
        if not reason:
            raise UserError(
                self.env._("%s: choose the reason for the removal, then propose it.", case.display_name)
            )
        if reason not in case._allowed_removal_reasons():
            raise UserError(
                self.env._(
                    "“%(reason)s” (%(clause)s) is no reason to remove this case by decision",
                    reason=reason.display_name,
                    clause=reason.clause or "-",
                )
            )
        if not self.env.su and not self._my_roles_by_case()[self.id] & set(reason.proposer_role_ids.mapped("code")):
            raise AccessError(
                self.env._(
                    "%(case)s: your role may not propose a removal for this reason (%(clause)s).",
                    case=case.display_name,
                    clause=reason.clause or "-",
                )
            )
        case.lock_for_update()
        guarded(case).write({"state": "removal_proposed", "proposed_reason_id": reason.id})
        case._add_papers("removal", reason)

    def action_withdraw_proposal(self):
        """Withdraw the proposal of removal; the stay goes on. Raises as action_propose_removal."""
        self._check_flag("can_withdraw_proposal")
        guarded(self.sudo()).write({"state": "active", "proposed_reason_id": False})  # sudo: the right was checked
        return True

    def action_resubmit(self):
        """Submit a watched pupil again (RU-5.2): a new consideration by the same case. Raises as action_submit."""
        self.ensure_one()
        self._check_flag("can_resubmit")
        self._submit(fields.Date.context_today(self))
        return True

    def action_end_watch(self):
        """End the watch with its result (RU-5.2). Raises UserError where no result is written."""
        self._check_flag("can_end_watch")
        for case in self:
            if not (case.watch_result or "").strip():
                raise UserError(self.env._("%s: write what the watch has shown, then end it.", case.display_name))
        guarded(self.sudo()).write(  # sudo: the right was checked for these very cases
            {"state": "closed", "date_closed": fields.Date.context_today(self)}
        )
        return True

    def action_parents_informed(self):
        """Note that the parents were told today (RU-5.3). Raises AccessError as write does."""
        self.write({"date_parents_informed": fields.Date.context_today(self)})
        return True

    def action_reviewed(self):
        """Note that the case was reviewed today and set the next review by the rule on terms (RU-5.4)."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        for case in self:
            months = case.sudo()._term_rule().review_months  # sudo: catalogue
            case.write(
                {"date_reviewed": today, "review_date": fields.Date.add(today, months=months) if months else False}
            )
        return True

    def action_hand_over(self):
        """Note that the record of the work went to the new school today (KZ-20). The keeper and the deputy head only."""
        self._check_flag("can_hand_over")
        guarded(self.sudo()).write(  # sudo: the right was checked for these very cases
            {"transfer_state": "sent", "transfer_date_sent": fields.Date.context_today(self)}
        )
        return True

    def action_confirm_receipt(self):
        """Note that the new school confirmed the receipt of the record today (KZ-20). Raises as action_hand_over."""
        self._check_flag("can_confirm_receipt")
        guarded(self.sudo()).write(  # sudo: the right was checked for these very cases
            {"transfer_state": "received", "transfer_date_received": fields.Date.context_today(self)}
        )
        return True

    def _annul(self, reason):
        """Annul an erroneous entry: struck through in the journal, its number never used again. The head only."""
        self.ensure_one()
        self._check_flag("can_annul")
        if not (reason or "").strip():
            raise UserError(self.env._("%s: write why the entry is annulled.", self.display_name))
        case = self.sudo()  # sudo: the right was checked for this very case
        case.lock_for_update()
        today = fields.Date.context_today(self)
        guarded(case).write({"state": "annulled", "annulment_reason": reason, "date_closed": today})
        guarded(case.env["vshu.journal.entry"].search([("case_id", "=", case.id)])).write(
            {"annulled": True, "annulment_reason": reason, "annulled_by_id": self.env.uid, "date_annulled": today}
        )

    @api.depends("state", "ground_id", "basis_id", "reason", "consent", "document_ids.state", "student_id", "route_ids",
                 "term_status")
    def _compute_next_step(self):
        for case in self:
            sudo_case = case.sudo()  # sudo: catalogue and route; the text names papers and clauses, not their content
            lines = []
            if not case._origin:
                lines = []
            elif case.state == "draft" and "outside" not in sudo_case.route_ids._facts()["bodies"]:
                lines = sudo_case._submission_problems() or [self.env._("submit the case")]
            elif case.state == "draft":
                lines = [self.env._("enter it in the journal: “Record decision”")]
            elif case.state == "submitted":
                if sudo_case.consent_needed and not case.consent:
                    lines.append(self.env._("the head's consent is awaited, where the head decides"))
                lines += sudo_case._paper_problems("placement") + sudo_case._paper_problems("hearing")
                lines.append(self.env._("the decision is awaited: “Record decision”"))
            elif case.state == "removal_proposed":
                lines = sudo_case._paper_problems("removal", sudo_case.proposed_reason_id)
                lines.append(self.env._("the decision on the removal is awaited"))
            elif case.state in ("active", "watched") and case.term_status == "over":
                lines = [self.env._("the term is over and nothing was decided: extend or remove by decision")]
            elif case.state == "active" and case.term_status == "expiring":
                lines = [self.env._("the term is about to end: extend, or propose the removal")]
            case.next_step = "\n".join(f"• {line}" for line in lines) or False
