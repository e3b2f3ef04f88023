from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.dated import find_overlap, in_force

#: who keep the register, and those who read all cases of the school
OFFICE = ("social_pedagogue", "deputy_head", "head")
READERS = (*OFFICE, "psychologist")
#: roles that a person can be replaced in
ROLES = ("class_teacher", "social_pedagogue", "psychologist", "deputy_head", "head")


class VshuStandin(models.Model):
    """Who replaces class teacher, keeper, psychologist, deputy head or head; the rights follow the dates."""

    _name = "vshu.standin"
    _inherit = ["vshu.kept.mixin", "vshu.cache.mixin", "vshu.link.mixin"]
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
    is_mine = fields.Boolean(
        compute="_compute_is_mine", search="_search_is_mine", groups=fields.NO_ACCESS, export_string_translation=False
    )

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

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_mine(self):
        mine = {row[0] for row in self._mine()}
        for record in self:
            record.is_mine = record._origin.id in mine

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in", [row[0] for row in self._mine()])

    def _write_multi(self, vals_list):
        # the user of a colleague passes by write()
        super()._write_multi(vals_list)
        if any("user_id" in vals for vals in vals_list):
            self.env.registry.clear_cache()

    @api.model
    @tools.ormcache("self.env.uid")
    def _rows_of_user(self):
        """Return all stand-ins of the user, kept in memory: ((id, company id, role, class id, from, to), …)"""
        # sudo: a user may know where they stand in themselves
        names = ("company_id", "role_code", "class_id", "date_from", "date_to")
        rows = self.sudo().search_fetch([("user_id", "=", self.env.uid)], names, order="id")
        return tuple((r.id, r.company_id.id, r.role_code, r.class_id.id, r.date_from, r.date_to) for r in rows)

    @api.model
    def _mine(self, role_codes=ROLES):
        """Return the rows of the user that are in force on the day of their school, in the open schools.

        :param role_codes: only of these roles
        :returns: list as ``_rows_of_user``; no query
        """
        open_schools = self.env.companies._ids
        return [
            row
            for row in self._rows_of_user()
            if row[1] in open_schools and row[2] in role_codes and self._is_today(row[1], *row[-2:])
        ]

    @api.model
    def _is_today(self, company_id, date_from, date_to):
        """Tell whether today, in the school ``company_id``, lies between the days (the last may be missing)."""
        today = self.env["res.company"].browse(company_id)._vshu_today()
        return date_from <= today and (not date_to or today <= date_to)

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
        rows = self.with_user(user).with_context(allowed_company_ids=(companies or self.env.companies).ids)._mine()
        return any(row[2] == role_code for row in rows)
