from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools.guard import guarded


class ResPartner(models.Model):
    _inherit = "res.partner"

    vshu_put_away = fields.Boolean(
        string="Archived before the removal", readonly=True, copy=False, groups="vshu_registry.group_administrator"
    )


class VshuSchool(models.Model):
    """Before the program is removed: pupils and parents stay in the database as contacts, which every employee reads.

    The register's fields and rules go with the program, so whoever keeps people archives them first.
    """

    _inherit = "vshu.school"

    def _people(self):
        """Return the pupils of the schools, their guardians and the adults of their families; no users, no staff."""
        # sudo: called for the register administrator of the school, who keeps its people
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        pupils = partners.search(
            Domain("vshu_is_student", "=", True) & Domain("vshu_company_ids", "in", self.company_id.ids)
        )
        families = self.env["vshu.family"].sudo().with_context(active_test=False)
        adults = (
            pupils.vshu_guardian_ids.partner_id | families.search([("company_id", "in", self.company_id.ids)]).adult_ids
        )
        # whoever has to do with another school too stays there
        own = set(self.company_id.ids)
        people = pupils | adults
        schools = people._vshu_schools() if people else {}
        employees = self.env["hr.employee"].sudo().with_context(active_test=False)  # sudo: who is staff
        staff = employees.search([("work_contact_id", "in", people.ids)]).work_contact_id
        return people.filtered(
            lambda person: schools[person.id] <= own and not person.user_ids and not person.is_company
        ) - staff.with_env(people.env)

    def _check_keeps_people(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("vshu_registry.group_administrator"):
            raise AccessError(self.env._("Pupils and parents are archived by the register administrator only."))

    def action_archive_people(self):
        """Archive the pupils and parents of the school before the program is removed. Returns True.

        Raises AccessError but for the register administrator, UserError where there is nobody left to archive.
        """
        self._check_keeps_people()
        people = self._people().filtered("active")
        if not people:
            raise UserError(self.env._("All pupils and parents of the school are archived already."))
        guarded(people).write({"active": False, "vshu_put_away": True})
        return True

    def action_bring_back_people(self):
        """Bring back whom “Archive the pupils and parents” has archived: the program stays. Returns True.

        Raises AccessError but for the register administrator, UserError where nobody was archived so.
        """
        self._check_keeps_people()
        people = self._people().filtered("vshu_put_away")
        if not people:
            raise UserError(self.env._("Nobody of the school was archived before a removal."))
        guarded(people).write({"active": True, "vshu_put_away": False})
        return True
