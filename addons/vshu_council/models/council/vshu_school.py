from odoo import models

from odoo.addons.vshu_registry.models.school.vshu_school import ROLE_FIELDS


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

    def _may_hold(self, role_code, employee, date):
        """Tell whether ``employee`` holds ``role_code`` at the school on ``date``: by the school's form, as a stand-in
        on that day, or by the group of the role (KZ-7)."""
        self.ensure_one()
        school = self.sudo()  # sudo: who holds an office is known to the whole school
        if role_code in ROLE_FIELDS and employee in (
            school._officers_on(role_code, date),
            school[ROLE_FIELDS[role_code]],
        ):
            return True
        if role_code == "head":
            return False  # a school has one head, whoever else may sign in its name
        group = school.env["vshu.role"].search([("code", "=", role_code)], limit=1).group_id
        return bool(group and employee.user_id.active and employee.user_id in group.all_user_ids)

    def _standin_of(self, employee, codes, date):
        """Return who stands in on ``date`` for ``employee`` in one of the offices ``codes``, in any that they hold
        where none is named; empty where nobody does."""
        self.ensure_one()
        school = self.sudo()  # sudo: who holds an office is known to the whole school
        for code in sorted(codes) or ROLE_FIELDS:
            if code in ROLE_FIELDS and school[ROLE_FIELDS[code]] == employee:
                person = school._officers_on(code, date)
                if len(person) == 1 and person != employee:
                    return person
        return employee.browse()
