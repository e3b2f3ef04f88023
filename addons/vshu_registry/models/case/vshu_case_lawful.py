from odoo import api, models

from ...tools.states import STAY_STATES

#: bases that rest on a paper or an application which somebody handed in
CAME_IN = ("application", "notice", "conclusion")


class VshuCase(models.Model):
    """What the rules of today find wrong in stays of before: it is listed for the keeper, not changed."""

    _inherit = "vshu.case"

    @api.model
    def _findings(self):
        """Return {code: cases} of stays that the regulation does not allow so; called in sudo.

        - ``conversion``: moved to the other kind without the consent, papers, basis or reason that the law asks for
          (RU-3.2, RU-4.2, RU-7.1, RU-9.2)
        - ``ended_before``: ends, or has its term end, before the placement
        - ``of_age``: placed at an age at which the regulation ends a stay (RU-1.3, RU-7.1б)
        - ``left``: the pupil has left the school, and the removal is not before the council (KZ-19, KZ-20, RU-8)
        - ``repeated``: linked to an earlier stay of the other kind as a repeated one (KZ-21)
        - ``extension``: extended to a day that was over when it was decided (KZ-16)
        """
        placed = self.search([("date_placed", "!=", False), ("state", "!=", "annulled")])
        staying = placed.filtered(lambda case: case.state in STAY_STATES)
        reasons = self.env["vshu.removal.reason"].search([("trigger", "=", "age"), ("is_group", "=", False)])
        moved = placed.filtered("converted_from_id")
        return {
            "conversion": moved.filtered(lambda case: case._moved_unlawfully())
            | placed.filtered(lambda case: case.removal_reason_id.is_conversion),
            "ended_before": placed.filtered(
                lambda case: min(filter(None, [case.date_removed, case.date_end, case.date_placed])) < case.date_placed
            ),
            "of_age": staying.filtered(
                lambda case: any(
                    case._is_for(reason) and case._old_enough(reason, case.date_placed) for reason in reasons
                )
            ),
            "left": staying.filtered(lambda case: case.state == "active" and case._has_left()),
            "repeated": placed.filtered(lambda case: case.previous_case_id and case.previous_case_id.kind != case.kind),
            "extension": self.env["vshu.case.term"]
            .search([("kind", "=", "extension"), ("date_to", "!=", False), ("case_id", "in", placed.ids)])
            .filtered(lambda term: term.decision_id.date and term.date_to <= term.decision_id.date)
            .case_id,
        }

    def _moved_unlawfully(self):
        """Tell whether the stay that a move opened lacks consent, basis or papers."""
        self.ensure_one()
        if self.route_id.consent_required and not self.consent:
            return True
        if self.basis_id.intake_kind in CAME_IN and self.basis_id not in self.signal_ids.basis_id:
            return True
        return bool(self._paper_problems("placement"))

    def _has_left(self):
        """Tell whether the pupil has left the school for a reason that the council must hear of."""
        self.ensure_one()
        here = self.student_id.vshu_enrollment_ids.filtered(lambda e: e.company_id == self.company_id)
        today = self._vshu_today()
        if not here or any(not enrollment.date_to or enrollment.date_to >= today for enrollment in here):
            return False
        end = here.sorted("date_to")[-1].end_reason_id
        return bool(
            self.regulation_id.removal_reason_ids.filtered(
                lambda reason: not reason.automatic and end in reason.end_reason_ids and self._is_for(reason)
            )
        )


class VshuDeadline(models.Model):
    _inherit = "vshu.deadline"

    @api.model
    def _findings(self):
        """Return {code: clocks}; called in sudo.

        - ``recorded_late``: met in time by the day that was typed, recorded after it was due (RU-5.1)
        """
        met = self.search([("res_model", "=", "vshu.signal"), ("met_event", "=", "entered"), ("state", "=", "met")])
        return {
            "recorded_late": met.filtered(
                lambda clock: (
                    clock.case_id.placement_decision_id.date_applied
                    and clock.case_id.placement_decision_id.date_applied.date() > clock.date_due
                    and not clock.date_recorded
                )
            )
        }
