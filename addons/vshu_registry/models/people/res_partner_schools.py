from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from ...tools.dated import in_force
from ...tools.readable_fields import ReadableMany2many, ReadableOne2many
from .res_partner import STAFF


class ResPartner(models.Model):
    """The schools of a contact: pupils, and the adults who answer for them, are seen in these and in no other."""

    _inherit = "res.partner"

    vshu_ward_ids = ReadableOne2many("vshu.guardian", "partner_id", string="Answers for", groups=STAFF)
    vshu_adult_family_ids = ReadableMany2many(
        "vshu.family", "vshu_family_adult_rel", "partner_id", "family_id", string="Adult of", groups=STAFF
    )
    vshu_company_ids = ReadableMany2many(
        "res.company",
        "vshu_partner_company_rel",
        "partner_id",
        "company_id",
        string="Schools",
        compute="_compute_vshu_company_ids",
        store=True,
        groups=STAFF,
        help="Where the student is or was enrolled; of an adult, the schools of the children and of the family.",
    )
    vshu_in_school = fields.Boolean(
        string="Seen in the own schools only",
        compute="_compute_vshu_in_school",
        store=True,
        groups=STAFF,
        export_string_translation=False,
    )

    vshu_my_pupil = fields.Boolean(
        string="Pupil of my class",
        compute="_compute_vshu_my_pupil",
        search="_search_vshu_my_pupil",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_vshu_my_pupil(self):
        mine = self.search([("id", "in", self.ids), ("vshu_my_pupil", "=", True)])
        for partner in self:
            partner.vshu_my_pupil = partner._origin in mine

    def _search_vshu_my_pupil(self, operator, value):
        if operator != "in":
            return NotImplemented
        classes = self.env["vshu.class"]._mine_ids()
        if not classes:
            return Domain.FALSE
        mine = Domain("class_id", "in", classes) & Domain("company_id", "in", self.env.companies.ids)
        return Domain("vshu_enrollment_ids", "any", mine & self.env["vshu.school"]._by_day(in_force))

    @api.depends(
        "vshu_enrollment_ids.company_id",
        "vshu_ward_ids.student_id.vshu_enrollment_ids.company_id",
        "vshu_adult_family_ids.company_id",
    )
    def _compute_vshu_company_ids(self):
        # sudo by the field (stored): the schools of a contact do not depend on who looks
        none = self.env["res.company"]
        wards = dict(
            self.env["vshu.guardian"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["student_id:recordset"]
            )
        )
        pupils = self.browse({*self.ids, *(child.id for children in wards.values() for child in children)})
        enrolled = dict(
            self.env["vshu.enrollment"]._read_group(
                [("student_id", "in", pupils.ids)], ["student_id"], ["company_id:recordset"]
            )
        )
        schools = {}
        for family in self.env["vshu.family"].with_context(active_test=False).search([("adult_ids", "in", self.ids)]):
            for adult in family.adult_ids:
                schools[adult] = schools.get(adult, none) | family.company_id

        def schools_of(partner):
            found = schools.get(partner, none) | enrolled.get(partner, none)
            for child in wards.get(partner, ()):
                found |= enrolled.get(child, none)
            return found

        # assigned by sets: what stood before is read at once
        for companies, partners in self.grouped(lambda partner: schools_of(partner._origin)).items():
            partners.vshu_company_ids = companies

    @api.depends("vshu_company_ids", "vshu_is_student", "user_ids.share")
    def _compute_vshu_in_school(self):
        """Colleagues are seen by their colleagues, whoever their children are and wherever these learn."""
        for partner in self:
            partner.vshu_in_school = bool(partner.vshu_company_ids) and (
                partner.vshu_is_student or not partner.user_ids.filtered(lambda user: not user.share)
            )

    @api.depends("vshu_in_school", "vshu_company_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        """Hide the names of another school's people: the web client asks for names of Many2one fields in sudo."""
        super()._compute_display_name()
        if self.env.uid == SUPERUSER_ID:
            return
        people = self._origin.sudo().filtered("vshu_in_school")  # sudo: behind groups; only the name is hidden
        if not people:
            return
        own = set(self.env.companies.ids).intersection(self.env.user._get_company_ids())
        foreign = set(
            people.with_context(active_test=False)
            .search(
                Domain("id", "in", people.ids)
                & Domain("vshu_in_school", "=", True)
                & Domain("vshu_company_ids", "not in", list(own)),
                order="id",
            )
            .ids
        )
        for partner in self:
            if partner._origin.id in foreign:
                partner.display_name = (
                    self.env._("Student of another school")
                    if partner._origin.sudo().vshu_is_student  # sudo: see above
                    else self.env._("Contact of another school")
                )
