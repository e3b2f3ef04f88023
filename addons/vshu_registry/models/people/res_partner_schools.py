from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

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
        if not self.env.su:  # where nobody is found, Odoo does not come to ask
            self._check_field_access(self._fields["vshu_my_pupil"], "read")
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
        # stored: the schools of a contact do not depend on who looks
        self.env["vshu.enrollment"].flush_model(["student_id", "company_id"])
        self.env["vshu.guardian"].flush_model(["partner_id", "student_id"])
        self.env["vshu.family"].flush_model(["adult_ids", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT e.student_id, e.company_id FROM vshu_enrollment e WHERE e.student_id IN %(ids)s
                   UNION
                   SELECT g.partner_id, e.company_id FROM vshu_guardian g
                     JOIN vshu_enrollment e ON e.student_id = g.student_id WHERE g.partner_id IN %(ids)s
                   UNION
                   SELECT r.partner_id, f.company_id FROM vshu_family_adult_rel r
                     JOIN vshu_family f ON f.id = r.family_id WHERE r.partner_id IN %(ids)s""",
                ids=tuple(self.ids) or (0,),
            )
        )
        schools = {}
        for partner_id, company_id in rows:
            schools.setdefault(partner_id, set()).add(company_id)
        # assigned by sets: what stood before is read at once
        for ids, partners in self.grouped(lambda partner: frozenset(schools.get(partner._origin.id, ()))).items():
            partners.vshu_company_ids = self.env["res.company"].browse(sorted(ids))

    @api.depends("vshu_company_ids", "vshu_is_student", "user_ids.share")
    def _compute_vshu_in_school(self):
        """Colleagues are seen by their colleagues, whoever their children are and wherever these learn."""
        self.env["res.users"].flush_model(["partner_id", "share", "active"])
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id FROM res_users WHERE active AND share IS NOT TRUE AND partner_id IN %s",
                tuple(self.ids) or (0,),
            )
        )
        colleagues = {partner_id for (partner_id,) in rows}
        for partner in self:
            partner.vshu_in_school = bool(partner.vshu_company_ids) and (
                partner.vshu_is_student or partner._origin.id not in colleagues
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
