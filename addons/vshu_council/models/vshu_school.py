from odoo import models

from odoo.addons.vshu_registry.models.vshu_school import ROLE_FIELDS


class VshuSchool(models.Model):
    _inherit = "vshu.school"

    def _officers_on(self, role_code, date):
        """Return who lawfully holds an office on ``date``: the stand-in of that day where there is one, else the
        holder (KZ-7).

        :returns: hr.employee, in sudo
        """
        self.ensure_one()
        school = self.sudo()  # sudo: who holds an office is known to the whole school
        holder = school[ROLE_FIELDS[role_code]]
        standins = school.env["vshu.standin"]._active(school.company_id.ids, date)
        standins = standins.filtered(
            lambda s: s.role_id.code == role_code and (not s.employee_id or s.employee_id == holder)
        )
        return standins.substitute_id or holder
