from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.guard import guarded
from ...tools.locks import wait_for
from ...tools.states import OVER_STATES

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
#: roles that keep the case, as in its record rules
KEEPERS = {"curator", "social_pedagogue", "deputy_head", "head"}


class VshuCaseFlow(models.AbstractModel):
    """States of a case: one checker of right, state, route and papers feeds the buttons and guards the actions."""

    _name = "vshu.case.flow"
    _description = "Flow of a case"

    can_submit = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_consent = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_decide = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_propose_removal = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_withdraw_proposal = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_end_watch = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_resubmit = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_annul = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_hand_over = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_confirm_receipt = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_keep = fields.Boolean(compute="_compute_can", help="Whether the user may change what is kept on the case.")
    my_roles = fields.Char(compute="_compute_can", help="Codes of the roles that the user holds for the case today.")
    proposed_reason_id = fields.Many2one(
        "vshu.removal.reason",
        string="Reason proposed",
        ondelete="restrict",
        domain="[('id', 'in', allowed_reason_ids)]",
        copy=False,
    )

    # -- rights ----------------------------------------------------------------------------------------------------

    def _my_roles_by_case(self):
        """Return {case id: role codes that the user holds for it today}, class teachers of the child's class only, or
        of a class with a child of the family (RU-A3)."""
        companies = self._vshu_roles_companies()
        roles = self.env["vshu.role"]._my_roles(companies)
        teaches = any("class_teacher" in codes for codes in roles.values())
        my_classes = self.env["vshu.role"]._my_classes() if teaches else set()
        classes = {}
        for today, cases in self.grouped(lambda case: case._vshu_today()).items() if my_classes else ():
            classes.update(cases._classes_on(today))
        result = {}
        # sudo: only the user's own tie to the case is read
        (self.sudo().curator_id | self.sudo().submitter_id).fetch(["user_id", "name"])
        for case in self.sudo():  # sudo: see above
            mine = set(roles.get(case.company_id.id, set())) - {"class_teacher"}
            if case.id in classes and my_classes.intersection(classes[case.id].ids):
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
        """Return the codes of the roles that may do what ``flag`` stands for with this case,
        from the regulation's records."""
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
        self.check_access("read")
        for case in self - self._recorded_by_me():
            raise AccessError(
                self.env._(
                    "%(case)s: your role does not record decisions (%(clause)s).",
                    case=case.display_name,
                    clause=case.sudo()._route_clauses(),  # sudo: the route matrix
                )
            )

    def _recorded_by_me(self):
        """Return the cases on which the user is one of those who record decisions."""
        if self.env.su:
            return self
        mine = self._my_roles_by_case()
        # sudo: the route matrix
        return self.filtered(lambda case: mine.get(case.id, set()) & case.sudo()._flag_roles("can_decide"))

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_submit(self):
        """Submit the case to the body that its route names; the clock runs from today (KZ-4, RU-5.2, RU-6).

        Raises AccessError for a role that the route does not name, UserError that lists what is missing.
        """
        self.ensure_one()
        self._check_flag("can_submit")
        self._submit(self._vshu_today())
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
        wait_for(case)
        guarded(case).write(
            {
                "state": "submitted",
                "date_received": date,
                "submitter_id": case.submitter_id.id or self.env.user.employee_id.id,
                "date_decided": False,
                "date_considered": False,
                "date_papers_ready": False,
                "previous_case_id": case._earlier_stay().id,
            }
        )
        case._add_papers("placement")
        case._add_papers("hearing")

    def _earlier_stay(self):
        """Return the latest ended stay of the same kind of the same child or family (KZ-21)."""
        self.ensure_one()
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", self.kind),
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
        for today, cases in self.sudo().grouped(lambda case: case._vshu_today()).items():
            # sudo: the right was checked for these very cases
            guarded(cases).write({"consent": True, "consent_by_id": self.env.uid, "consent_date": today})
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
        notice = case.signal_ids.filtered(lambda s: s.paper_number and s.basis_id == case.basis_id)[-1:]
        notice = notice or case.signal_ids.filtered("paper_number")[:1]
        if case.state in ("draft", "submitted") and notice and "outside" in case.route_ids._facts()["bodies"]:
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
        curator = case._likely_curator()
        if curator:
            context["default_curator_id"] = curator.id
        # a decision that was typed and refused stands in draft: it is gone on with, not typed again
        drafts = case.decision_ids.filtered(lambda decision: decision.state == "draft")
        drafts.filtered(lambda decision: decision.kind_id not in case._allowed_decision_kinds()).unlink()
        draft = drafts.exists().filtered(lambda decision: decision.create_uid == self.env.user)[:1]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decision"),
            "res_model": "vshu.decision",
            "res_id": draft.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    def _likely_curator(self):
        """Return who is offered as the curator: the one that the case has, else the class teacher, who mostly is it.

        Nobody where there is no case.
        """
        if self.curator_id or self.subject != "student":
            return self.curator_id
        cls = self.class_id
        teachers = cls._teachers_on(self._vshu_today(), standins=False)
        return teachers.get(cls.id, self.curator_id)

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
            raise UserError(self.env._("%s: choose the reason for the removal, then propose it.", case.display_name))
        if reason not in case._allowed_removal_reasons():
            raise UserError(
                self.env._(
                    "“%(reason)s” (%(clause)s) is no reason to remove this case by decision",
                    reason=reason.display_name,
                    clause=reason.clause_text or "-",
                )
            )
        if not self.env.su and not self._my_roles_by_case()[self.id] & set(reason.proposer_role_ids.mapped("code")):
            raise AccessError(
                self.env._(
                    "%(case)s: your role may not propose a removal for this reason (%(clause)s).",
                    case=case.display_name,
                    clause=reason.clause_text or "-",
                )
            )
        for problem in case._reason_age_problems(reason, self._vshu_today()):
            raise UserError(self.env._("%(case)s: %(problem)s.", case=case.display_name, problem=problem))
        wait_for(case)
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
        self._submit(self._vshu_today())
        return True

    def action_end_watch(self):
        """End the watch with its result (RU-5.2). Raises UserError where no result is written."""
        self._check_flag("can_end_watch")
        for case in self:
            if not (case.watch_result or "").strip():
                raise UserError(self.env._("%s: write what the watch has shown, then end it.", case.display_name))
        for today, cases in self.sudo().grouped(lambda case: case._vshu_today()).items():
            guarded(cases).write({"state": "closed", "date_closed": today})  # sudo: the right was checked for them
        return True

    def action_reviewed(self):
        """Note that the case was reviewed today and set the next review by the rule on terms (RU-5.4)."""
        self.check_access("read")  # a curator may write to cases that are over and read no more
        self.check_access("write")
        self._reviewed(self._vshu_today())
        return True

    def _reviewed(self, day):
        """Note a review on ``day``: the next one is set by the rule on terms, and the case is not near it any more
        (RU-5.4). The caller has checked the right."""
        for case in self:
            rule = case.sudo()._term_rule()  # sudo: catalogue
            vals = {"date_reviewed": day, "review_date": rule._next_review(day) if rule else False}
            if case.term_status == "expiring" and not case.date_end:
                vals["term_status"] = "running"
            guarded(case).write(vals)

    def action_hand_over(self):
        """Note that the record of the work went to the new school today (KZ-20).
        The keeper and the deputy head only."""
        self._check_flag("can_hand_over")
        for today, cases in self.sudo().grouped(lambda case: case._vshu_today()).items():
            # sudo: the right was checked for these very cases
            guarded(cases).write({"transfer_state": "sent", "transfer_date_sent": today})
        return True

    def action_confirm_receipt(self):
        """Note that the new school confirmed the receipt of the record today (KZ-20). Raises as action_hand_over."""
        self._check_flag("can_confirm_receipt")
        for today, cases in self.sudo().grouped(lambda case: case._vshu_today()).items():
            # sudo: the right was checked for these very cases
            guarded(cases).write({"transfer_state": "received", "transfer_date_received": today})
        return True

    def _annul(self, reason):
        """Annul an erroneous entry: struck through in the journal, its number never used again. The head only."""
        self.ensure_one()
        self._check_flag("can_annul")
        if not (reason or "").strip():
            raise UserError(self.env._("%s: write why the entry is annulled.", self.display_name))
        case = self.sudo()  # sudo: the right was checked for this very case
        wait_for(case)
        today = self._vshu_today()
        guarded(case).write({"state": "annulled", "annulment_reason": reason, "date_closed": today})
        guarded(case.env["vshu.journal.entry"].search([("case_id", "=", case.id)])).write(
            {"annulled": True, "annulment_reason": reason, "annulled_by_id": self.env.uid, "date_annulled": today}
        )
        case._drop_notices(self.env._("The entry was annulled."))
