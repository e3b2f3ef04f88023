from collections import defaultdict

from odoo import models

from ...tools.guard import guarded
from ...tools.states import OPEN_STATES, STAY_STATES


class VshuCase(models.Model):
    """What becomes of the cases of pupils who leave the school at the end of a year (RU-7.1а, RU-8, RU-N4.3, KZ-19)."""

    _inherit = "vshu.case"

    def _fates_of_leavers(self, end_reasons):
        """Sort the cases by what the regulation says of the end of the enrolment.

        :param end_reasons: {student id: reason for the end of the enrolment}
        :returns: {"ends": cases that end by themselves, "council": {reason for removal: cases}, "people": the others}
        """
        reasons = self.env["vshu.removal.reason"].search(
            [("regulation_id", "in", self.regulation_id.ids), ("is_group", "=", False), ("end_reason_ids", "!=", False)]
        )
        today = self._vshu_today()
        fates = {"ends": self.browse(), "council": defaultdict(self.browse), "people": self.browse()}
        for case in self:
            end = end_reasons.get(case.student_id.id)
            fitting = reasons.filtered(
                lambda r, c=case, end=end: (
                    end and c._is_for(r) and end in r.end_reason_ids and c._old_enough(r, c._last_day(today))
                )
            )
            if case.state not in STAY_STATES:
                fates["people"] |= case
            elif fitting.filtered("automatic"):
                fates["ends"] |= case
            elif fitting:
                fates["council"][fitting[0]] |= case
            else:
                fates["people"] |= case
        return fates

    def _left_school(self, end_reasons):
        """Carry out what ``_fates_of_leavers`` says: what ends by itself ends when its day has passed (else the night
        does it), the others come before the deputy head and onto the council's list at once, and the hand-over is begun
        where the pupil goes to another school (KZ-19, KZ-20, RU-8, RU-N4.3).

        :returns: fates as ``_fates_of_leavers``
        """
        fates = self._fates_of_leavers(end_reasons)
        fates["ends"]._end_by_itself()
        council = self.browse()
        for reason, cases in fates["council"].items():
            cases._put_forward(reason)
            cases.filtered(lambda case, r=reason: r.is_transfer and case.proposed_reason_id == r)._leaves_for_a_school()
            council |= cases
        (council | fates["people"])._notify_role("deputy_head", "left")
        return fates

    def _leaves_for_a_school(self):
        """Hook: their move to another school is proposed, the record of the work will go along (KZ-20)."""

    def _last_day(self, today):
        """Return the last day of the student at the school of the case, ``today`` where there is none yet."""
        self.ensure_one()
        days = self.student_id.vshu_enrollment_ids.filtered(lambda e: e.company_id == self.company_id).mapped("date_to")
        return max(days) if days and all(days) else today

    def _stayed(self, end_reason):
        """Take back what the end of the enrolment for ``end_reason`` had put before the council: it did not end."""
        put = self.filtered(
            lambda case: case.state == "removal_proposed" and end_reason in case.proposed_reason_id.end_reason_ids
        )
        guarded(put).write({"state": "active", "proposed_reason_id": False})
        put._drop_drafts()

    def _of_leavers(self, companies, students, date):
        """Return the open cases of ``students``, and of the families of which no child stays after ``date``."""
        own = [("company_id", "in", companies.ids), ("state", "in", OPEN_STATES)]
        cases = self.search([*own, ("student_id", "in", students.ids)])
        families = students.vshu_family_id
        staying = families.member_ids.vshu_enrollment_ids.filtered(
            lambda e: e.company_id in companies and e.student_id not in students and (not e.date_to or e.date_to > date)
        )
        gone = families - staying.student_id.vshu_family_id
        return cases | self.search([*own, ("family_id", "in", gone.ids)])
