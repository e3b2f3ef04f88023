from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class VshuCase(models.Model):
    """Sealed papers and recommendations of the case."""

    _inherit = "vshu.case"

    @api.constrains("student_id", "family_id", "company_id")
    def _check_sealed_subject(self):
        """A paper is about one child in one school: a case that holds one keeps them."""
        for model in ("vshu.sealed", "vshu.recommendation"):
            # sudo: that there is one; nothing of it is told
            for paper in self.env[model].sudo().search([("case_id", "in", self.ids)]):
                case = paper.case_id
                about = case.student_id or case.family_id.member_ids
                if paper.company_id != case.company_id or (paper.student_id and paper.student_id not in about):
                    raise ValidationError(
                        self.env._(
                            "%s holds confidential papers about its child: make another case for another child.",
                            case.display_name,
                        )
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_without_sealed(self):
        # sudo: see above
        held = self.env["vshu.sealed"].sudo().search([("case_id", "in", self.ids)], limit=1)
        given = self.env["vshu.recommendation"].sudo().search([("case_id", "in", self.ids)], limit=1)
        if held or given:
            raise UserError(
                self.env._(
                    "%s holds a sealed paper or a recommendation: it is not deleted.",
                    (held.case_id or given.case_id).display_name,
                )
            )

    def action_open_recommendations(self):
        """Open the recommendations on the case that the user may read. Returns an act_window; AccessError without the
        case."""
        self.ensure_one()
        self.check_access("read")
        writes = "psychologist" in self._my_roles_by_case()[self.id]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recommendations"),
            "res_model": "vshu.recommendation",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("case_id", "=", self.id)],
            "context": {"default_case_id": self.id, "create": writes},
        }
