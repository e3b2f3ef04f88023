from odoo import models


class VshuCaseConversion(models.AbstractModel):
    """A move to the other kind: a removal and a placement by one decision. Both sets of conditions hold: the reason,
    the papers and the body of the removal, the submission, the basis, the papers and the consent of the placement
    (RU-3.2, RU-4.2, RU-7.1, RU-8, RU-9.2, RU-9.3)."""

    _name = "vshu.case.conversion"
    _description = "Move of a case to the other kind"

    def _conversion_target(self, kind):
        """Return the submitted case of ``kind`` about the same child or family, which a move would place."""
        self.ensure_one()
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", kind),
                ("subject", "=", self.subject),
                ("student_id", "=", self.student_id.id),
                ("family_id", "=", self.family_id.id),
                ("state", "=", "submitted"),
            ],
            limit=1,
        )

    def _problems_convert(self, decision):
        clause = decision.kind_id.clause_text or "-"
        target = self._conversion_target(decision.kind_id.target_kind)
        problems = self._problems_remove(decision)
        if not target:
            kinds = dict(self._fields["kind"]._description_selection(self.env))
            return problems + [
                self.env._(
                    "the new stay has not been submitted (%(clause)s): file a signal for “%(kind)s”, with its ground "
                    "and basis, and submit it; its papers and the consent are asked for as for any placement",
                    clause=clause,
                    kind=kinds[decision.kind_id.target_kind],
                )
            ]
        if decision.ground_id and decision.ground_id != target.ground_id:
            problems.append(
                self.env._(
                    "the ground of the new stay is the one that was submitted: %s", target.ground_id.display_name
                )
            )
        return problems + [
            self.env._("the new stay, %(case)s: %(problem)s", case=target.display_name, problem=problem)
            for problem in target._day_problems(decision) + target._problems_place(decision)
        ]

    def _effect_convert(self, decision):
        """End this stay for its reason and place the one that was submitted, by the same decision: the child counts
        once."""
        self.ensure_one()
        target = self._conversion_target(decision.kind_id.target_kind)
        vals = {"converted_from_id": self.id}
        if not decision.curator_id and not target.curator_id:
            vals["curator_id"] = self.curator_id.id
        target.write(vals)
        if decision.ground_id != target.ground_id:
            decision.write({"ground_id": target.ground_id.id})
        self._close(decision.removal_reason_id, decision.date, decision)
        target._effect_place(decision)
        return target

    def _converted(self):
        """Return those of the stays that ended by a move to the other kind."""
        # those of before ended for a reason of their own; the later ones for one that the regulation knows
        moved = self.filtered(lambda case: case.removal_reason_id.is_conversion)
        return moved | self.search([("converted_from_id", "in", self.ids)]).converted_from_id
