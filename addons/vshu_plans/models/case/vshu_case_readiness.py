from odoo import models


class VshuCase(models.Model):
    """The plan's lines of the removal readiness: carried out, goals reached, what the last review concluded (KZ-19,
    RU-9.3)."""

    _inherit = "vshu.case"

    def _removal_readiness(self):
        lines = super()._removal_readiness()
        plan = self.plan_id  # stored: a case without a plan costs nothing
        if plan and self.plan_state not in ("in_force", "closed"):
            plan = self.plan_ids.filtered(lambda p: p.state == "closed").sorted("id")[-1:]
        if not plan:
            lines.append(
                {
                    "code": "plan",
                    "label": self.env._("An individual plan was approved"),
                    "ok": False,
                    "clause": self.regulation_id._plan_rule("approval").get("clause", ""),
                }
            )
            return lines
        tasks = self.env["vshu.plan.task"]
        figures = tasks._figures("case_id", set(self.ids)).get(self.id) or tasks._no_figures()
        lines.append(
            {
                "code": "plan",
                "label": self.env._(
                    "The plan is carried out: %(done)s of %(count)s, late %(late)s",
                    done=figures["done"],
                    count=figures["count"],
                    late=figures["late"],
                ),
                "ok": not figures["late"] and bool(figures["done"]),
                "clause": "",
            }
        )
        reached = plan.goal_ids.filtered("reached")
        rated = plan.goal_ids.filtered("rating_end")
        lines.append(
            {
                "code": "plan_goals",
                "label": self.env._(
                    "Goals of the plan reached: %(reached)s of %(count)s, rated %(rated)s",
                    reached=len(reached),
                    count=len(plan.goal_ids),
                    rated=len(rated),
                ),
                "ok": bool(reached) and reached == plan.goal_ids,
                "clause": "",
            }
        )
        review = self.env["vshu.plan.review"].search(
            [("case_id", "=", self.id), ("state", "=", "done")], order="date_to desc", limit=1
        )
        conclusions = dict(review._fields["conclusion"]._description_selection(self.env))
        lines.append(
            {
                "code": "plan_review",
                "label": (
                    self.env._("Last review: %s", conclusions[review.conclusion])
                    if review
                    else self.env._("The plan was not reviewed yet")
                ),
                "ok": True if review.conclusion == "removal" else None if not review else False,
                "clause": self.regulation_id._plan_rule("review").get("clause", ""),
            }
        )
        return lines
