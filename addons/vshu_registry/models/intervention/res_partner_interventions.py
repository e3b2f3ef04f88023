from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.readable_fields import ReadableOne2many


class ResPartner(models.Model):
    _inherit = "res.partner"

    vshu_intervention_ids = ReadableOne2many(
        "vshu.intervention", "student_id", string="Preventive work", groups="vshu_registry.group_staff"
    )
    vshu_intervention_count = fields.Integer(
        string="Entries", compute="_compute_vshu_intervention_count", groups="vshu_registry.group_staff"
    )
    vshu_intervention_positive = fields.Integer(
        string="Positive entries", compute="_compute_vshu_intervention_count", groups="vshu_registry.group_staff"
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_vshu_intervention_count(self):
        """Those that the reader may read, all and the positive ones; one query for any number of students."""
        counts = self.env["vshu.intervention"]._counts("student_id", self._origin.ids)
        for partner in self:
            found = counts.get(partner._origin.id, {})
            partner.vshu_intervention_count = sum(found.values())
            partner.vshu_intervention_positive = sum(
                number for (_kind, tone), number in found.items() if tone == "positive"
            )

    def action_vshu_interventions(self):
        """Open the student's timeline, as the user reads it. Returns an act_window; AccessError but for staff."""
        self.ensure_one()
        company = self._vshu_intervention_company()
        return self.env["vshu.intervention"]._timeline(
            [("student_id", "=", self.id)],
            {"default_student_id": self.id, "default_company_id": company.id},
            self.env._("Preventive work"),
        )

    def action_vshu_log(self):
        """Open the quick dialog for an entry about the student. Returns an act_window.

        Raises AccessError for whoever writes no entries, UserError where the contact is no student.
        """
        self.ensure_one()
        company = self._vshu_intervention_company()
        return self.env["vshu.intervention"]._quick(student=self, company=company)

    def _vshu_intervention_company(self):
        """Check that the user may name the student; return the school that the student is in, of the user's own."""
        self.check_access("read")
        self._check_field_access(self._fields["vshu_intervention_ids"], "read")
        if not self.vshu_is_student:
            raise UserError(self.env._("“%s” is no student: entries are written about students.", self.display_name))
        return self.vshu_class_id.sudo().company_id or self.env.company  # sudo: which school; the class is public
