from odoo import models
from odoo.exceptions import AccessError, UserError

from ...tools.guard import guarded
from ...tools.locks import wait_for
from ...tools.states import OVER_STATES


class VshuSignalFlow(models.AbstractModel):
    """What becomes of a signal: accepted, submitted, entered, joined, dismissed. Each step checks right and state."""

    _name = "vshu.signal.flow"
    _description = "Flow of a signal"

    # -- actions ---------------------------------------------------------------------------------------------------

    def _take_up(self, flag, clause):
        """Check that the user may take the signals up by the way that ``flag`` names, and lock them."""
        for signal in self:
            if self.env.su:
                if signal.state != "new":
                    raise UserError(self.env._("%s has been taken up already.", signal.name))
                continue
            signal.check_access("read")
            if signal.state != "new":
                raise UserError(self.env._("%s has been taken up already.", signal.name))
            if not signal[flag]:
                raise AccessError(
                    self.env._(
                        "%(signal)s: your role may not do this with this kind of signal (%(clause)s).",
                        signal=signal.name,
                        clause=clause,
                    )
                )
        wait_for(self.sudo())  # sudo: two people at one signal wait for each other

    def _clause(self):
        self.ensure_one()
        return ", ".join(sorted(set(filter(None, self._routes().mapped("clause"))))) or "-"

    def action_accept(self):
        """Take the signal up into a new case in draft and open it (KZ-4, RU-4.2a).

        Returns an act_window on the case. Raises AccessError for a role that the route does not name, UserError where
        it was taken up already.
        """
        self.ensure_one()
        self._take_up("can_accept", self._clause())
        return self._to_case().action_open()

    def action_submit(self):
        """Send a reasoned submission onto the council's waiting list; its clock runs from today (RU-5.2).

        Returns an act_window on what the user may see of it. Raises AccessError for a role that the route does not
        name, UserError naming what is missing.
        """
        self.ensure_one()
        self._take_up("can_submit", self._clause())
        case = self._to_case()
        case._submit(self.date_received if self.env.su else self._vshu_today())
        return True

    def action_enter(self):
        """Open the journal entry for an outside paper (RU-5.1): the case is made in draft, the decision is prefilled.

        Returns an act_window on the decision. Raises as action_accept.
        """
        self.ensure_one()
        case = self.sudo().case_id.with_env(self.env)  # sudo: only to learn which case; its own rights are checked next
        if case and self.can_enter:
            return self._decide_and_open(case)
        self._take_up("can_enter", self._clause())
        missing = self._entry_problems()
        if missing:
            raise UserError(
                self.env._(
                    "%(signal)s cannot be entered in the journal yet:\n%(missing)s",
                    signal=self.name,
                    missing="\n".join(missing),
                )
            )
        case = self._to_case()
        return self._decide_and_open(case)

    def _decide_and_open(self, case):
        """Return the dialog of the decision; from there the user is led on to the case, not back to the signal."""
        action = case.action_decide()
        action["context"]["vshu_open_case"] = True
        return action

    def _entry_problems(self):
        self.ensure_one()
        problems = []
        if not self.ground_id:
            problems.append(self.env._("• choose the ground that the paper names (%s)", self._clause()))
        if self.basis_id.paper_required and not (self.paper_number and self.paper_date):
            problems.append(self.env._("• enter number and date of the paper (%s)", self.basis_id.clause_text or "-"))
        return problems

    def _to_case(self):
        """Make a draft case of the signal and link the two; rights are checked by the caller."""
        self.ensure_one()
        signal = self.sudo()  # sudo: the right was checked for this very signal and action
        case = guarded(self.env["vshu.case"].sudo()).create(
            {
                "company_id": signal.company_id.id,
                "regulation_id": signal.regulation_id.id,
                "kind": signal.kind,
                "subject": signal.subject,
                "student_id": signal.student_id.id,
                "family_id": signal.family_id.id,
                "ground_id": signal.ground_id.id,
                "basis_id": signal.basis_id.id,
                "reason": signal.description,
                "measures_before": signal.measures_taken,
                "submitter_id": self.env.user.employee_id.id,
            }
        )
        guarded(signal).write({"state": "in_work", "case_id": case.id, "decided_by_id": self.env.uid})
        signal.assignment_ids.write({"case_id": case.id})
        return case.with_env(self.env) if not self.env.su else case

    def _join(self, case):
        """Join the signal to a case of the same child or family. Raises where it is of another or is over.

        A paper of an outside body is entered in the journal of the stay that runs, which meets its clock; where there
        is no stay yet, the case goes the way of the paper (RU-5.1).
        """
        self.ensure_one()
        self._take_up("can_join", self._clause())
        case.check_access("read")
        if (case.student_id, case.family_id) != (self.student_id, self.family_id):
            raise UserError(
                self.env._("%(case)s is about somebody else than %(signal)s.", case=case.display_name, signal=self.name)
            )
        if case.state in OVER_STATES:
            raise UserError(self.env._("%s is over: accept the signal into a new case instead.", case.display_name))
        paper = self._is_outside(self._routes())
        if paper:
            self._check_joins(case)
        guarded(self.sudo()).write({"state": "joined", "case_id": case.id, "decided_by_id": self.env.uid})
        self.sudo().assignment_ids.write({"case_id": case.id})  # sudo: the right was checked for this very signal
        if paper:
            case.sudo()._take_in(self.sudo())  # sudo: see above

    def _check_joins(self, case):
        """Raise UserError where an outside paper cannot be entered by joining it to ``case`` (RU-5.1)."""
        self.ensure_one()
        missing = self._entry_problems()
        if self.kind != case.kind:
            kinds = dict(case._fields["kind"]._description_selection(self.env))
            missing.append(
                self.env._(
                    "• %(case)s is “%(kind)s”: enter the paper in the journal as a case of its own",
                    case=case.display_name,
                    kind=kinds[case.kind],
                )
            )
        if missing:
            raise UserError(
                self.env._(
                    "%(signal)s cannot be entered in the journal yet:\n%(missing)s",
                    signal=self.name,
                    missing="\n".join(missing),
                )
            )

    def _dismiss(self, reason):
        """Dismiss the signal with a reason, which its author reads (KZ-4).
        RU submissions cannot be dismissed (RU-5.2)."""
        self.ensure_one()
        self._take_up("can_dismiss", self._clause())
        if self.env.su and not self._routes().dismisser_role_ids:
            raise UserError(self.env._("%s goes to the council: nobody may dismiss it.", self.name))
        if not (reason or "").strip():
            raise UserError(self.env._("%s: write why it is dismissed; its author reads the reason.", self.name))
        guarded(self.sudo()).write(  # sudo: the right was checked for this very signal
            {
                "state": "dismissed",
                "dismissal_reason": reason,
                "decided_by_id": self.env.uid,
                "date_decided": self._vshu_today(),
            }
        )

    def action_open_case(self):
        """Open the case that the signal went into; the rights on the case apply. Returns an act_window."""
        self.ensure_one()
        self.check_access("read")
        case = self.sudo().case_id.with_env(self.env)  # sudo: only to learn which case; its own rights are checked next
        if not case:
            raise UserError(self.env._("%s has no case yet.", self.name))
        return case.action_open()
