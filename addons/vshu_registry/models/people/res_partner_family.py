from odoo import fields, models
from odoo.exceptions import ValidationError

#: who reads what an adult does: those who keep people's records or read the cases; teachers by way of the own class
KEEPERS = "vshu_registry.group_case_reader,vshu_registry.group_administrator"


class ResPartner(models.Model):
    _inherit = "res.partner"

    vshu_workplace = fields.Char(string="Place of work", groups=KEEPERS, help="Where and as what, or retired.")
    vshu_education = fields.Char(string="Education", groups=KEEPERS)

    def _vshu_notices_follow(self):
        """Bring the notices that wait in step with guardians who were archived, or taken out of the archive."""
        # sudo: notices that wait follow, whoever archives the contact
        links = self.env["vshu.guardian"].sudo().search([("partner_id", "in", self.ids)])
        if links:
            self.env["vshu.notice"]._follow_people(links.student_id)

    def _vshu_check_one_family(self, family):
        """Raise ValidationError where a child belongs to another family of the school already."""
        # sudo: the families of the school that the user is about to put the child into
        for child in self.sudo():
            other = child.vshu_family_id
            if other and other != family.sudo() and other.active and other.company_id == family.sudo().company_id:
                raise ValidationError(
                    self.env._(
                        "%(child)s belongs to “%(family)s” already, and nobody is a child of two families at one time. "
                        "Use “Change of guardian or family”: it keeps the day and the paper.",
                        child=child.name,
                        family=other.name,
                    )
                )

    def action_vshu_move(self):
        """Open a change of guardian or family for the child. Returns the dialog; AccessError but for whoever keeps
        people's records."""
        self.ensure_one()
        self.check_access("read")
        return self.env["vshu.guardian"]._move_dialog(self)
