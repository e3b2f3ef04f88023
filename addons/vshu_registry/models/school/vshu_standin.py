from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.dated import find_overlap, in_force

#: roles that a person can be replaced in
ROLES = ("class_teacher", "social_pedagogue", "psychologist", "deputy_head", "head")


class VshuStandin(models.Model):
    """Who replaces class teacher, keeper, psychologist, deputy head or head; the rights follow the dates."""

    _name = "vshu.standin"
    _inherit = ["vshu.kept.mixin", "vshu.link.mixin"]
    _description = "Stand-in"
    _check_company_auto = True
    _order = "date_from desc, id desc"
    _rec_name = "substitute_id"

    company_id = fields.Many2one(
        "res.company",
        string="School",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
    )
    role_id = fields.Many2one(
        "vshu.role", string="In the role of", required=True, ondelete="restrict", domain=[("code", "in", ROLES)]
    )
    role_code = fields.Char(related="role_id.code", store=True)
    class_id = fields.Many2one(
        "vshu.class", check_company=True, ondelete="restrict", index="btree_not_null", help="Of a class teacher."
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Instead of",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: of whoever holds the role.",
    )
    substitute_id = fields.Many2one(
        "hr.employee", string="Who stands in", required=True, check_company=True, ondelete="restrict", index=True
    )
    user_id = fields.Many2one(
        related="substitute_id.user_id", string="User", help="Whose rights follow the dates.", store=True
    )
    date_from = fields.Date(string="From", required=True, default=lambda self: self.env.company._vshu_today())
    date_to = fields.Date(string="Until", required=True)
    order_ref = fields.Char(string="Order", help="Number and date of the order.")

    _dates_order = models.Constraint(
        "CHECK(date_to >= date_from)", "The last day of a stand-in cannot come before the first."
    )
    _user_idx = models.Index("(user_id, date_from, date_to)")

    @api.depends("role_id", "substitute_id")
    def _compute_display_name(self):
        for record in self:
            # sudo: the name of a colleague is no secret, hr.employee is readable to HR only
            record.display_name = self.env._(
                "%(role)s: %(person)s", role=record.role_id.name, person=record.substitute_id.sudo().name or "-"
            )

    @api.constrains("role_id", "class_id", "employee_id", "substitute_id")
    def _check_role(self):
        for record in self:
            if record.role_id.code not in ROLES:
                raise ValidationError(
                    self.env._(
                        "Nobody stands in for “%s”: choose class teacher, social pedagogue, psychologist, "
                        "deputy head or head.",
                        record.role_id.name,
                    )
                )
            if (record.role_id.code == "class_teacher") != bool(record.class_id):
                raise ValidationError(
                    self.env._(
                        "“%s”: a stand-in of a class teacher needs the class, no other one has it.", record.display_name
                    )
                )
            if record.employee_id and record.employee_id == record.substitute_id:
                raise ValidationError(self.env._("“%s”: a person cannot stand in for themselves.", record.display_name))

    @api.constrains("company_id", "role_id", "class_id", "employee_id", "date_from", "date_to")
    def _check_overlap(self):
        record, other = find_overlap(
            self,
            lambda r: (r.company_id, r.role_id, r.class_id, r.employee_id),
            self.search([("company_id", "in", self.company_id.ids), ("role_id", "in", self.role_id.ids)]),
        )
        if record:
            raise ValidationError(
                self.env._(
                    "“%(record)s” overlaps “%(other)s” (%(start)s – %(end)s): one stand-in at a time.",
                    record=record.display_name,
                    other=other.display_name,
                    start=fields.Date.to_string(other.date_from),
                    end=fields.Date.to_string(other.date_to),
                )
            )

    @api.model
    def _active(self, company_ids, date):
        """Return the stand-ins in force in the given companies on ``date``, in one query.

        :returns: records in sudo: who stands in is known to everybody in the school, code of any role asks
        """
        # sudo: see above
        return self.sudo().search(Domain("company_id", "in", company_ids) & in_force(date), order="date_from, id")

    @api.model
    def _holds(self, user, role_code, companies=None):
        """Tell whether ``user`` stands in today in ``role_code`` in one of ``companies`` (the open ones by default)."""
        # sudo: a user may know where they stand in themselves
        return bool(
            self.sudo().search_count(
                Domain("user_id", "=", user.id)
                & Domain("role_code", "=", role_code)
                & Domain("company_id", "in", (companies or self.env.companies).ids)
                & self.env["vshu.school"]._by_day(in_force),
                limit=1,
            )
        )
