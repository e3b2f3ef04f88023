from collections import defaultdict

from dateutil.relativedelta import relativedelta
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.dated import in_force
from ...tools.guard import is_guarded
from ...tools.in_use import refuse_if_used
from ...tools.readable_fields import ReadableOne2many

#: who may see that a person is a student and what goes with it
STAFF = "vshu_registry.group_staff,vshu_registry.group_administrator"
#: who sees a contact follows from other records: nobody writes it
FOLLOWS = frozenset(("vshu_company_ids", "vshu_in_school"))
#: what only those who keep people's records may write, whatever their right on contacts
PROTECTED = frozenset(
    (
        "vshu_is_student",
        "vshu_birth_date",
        "vshu_sex",
        "vshu_file_number",
        "vshu_family_id",
    )
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    vshu_is_student = fields.Boolean(string="Student", groups=STAFF, index="btree_not_null")
    vshu_birth_date = fields.Date(string="Date of birth", groups=STAFF)
    vshu_age = fields.Integer(string="Age", compute="_compute_vshu_age", groups=STAFF)
    vshu_sex = fields.Selection([("male", "Boy"), ("female", "Girl")], string="Sex", groups=STAFF)
    vshu_file_number = fields.Char(
        string="File number", groups=STAFF, index="trigram", copy=False, help="Number of the personal file."
    )
    vshu_family_id = fields.Many2one(
        "vshu.family", string="Family", groups=STAFF, index="btree_not_null", ondelete="restrict", copy=False
    )
    vshu_enrollment_ids = ReadableOne2many("vshu.enrollment", "student_id", string="Enrolments", groups=STAFF)
    vshu_class_id = fields.Many2one(
        "vshu.class",
        string="Class",
        compute="_compute_vshu_class_id",
        search="_search_vshu_class_id",
        compute_sudo=True,
        groups=STAFF,
        help="The class that the student is in today.",
    )
    vshu_grade = fields.Integer(
        string="Grade",
        compute="_compute_vshu_class_id",
        search="_search_vshu_grade",
        compute_sudo=True,
        groups=STAFF,
        aggregator=None,
    )
    vshu_teacher_id = fields.Many2one(related="vshu_class_id.teacher_id", string="Class teacher", groups=STAFF)
    vshu_guardian_ids = ReadableOne2many("vshu.guardian", "student_id", string="Guardians", groups=STAFF)
    vshu_guardian_names = fields.Char(string="Parents, guardians", compute="_compute_vshu_guardian_names", groups=STAFF)
    vshu_guardian_phones = fields.Char(
        string="Phones of guardians", compute="_compute_vshu_guardian_names", groups=STAFF
    )
    vshu_category_ids = ReadableOne2many("vshu.category.entry", "student_id", string="Social categories", groups=STAFF)
    vshu_external_record_ids = ReadableOne2many(
        "vshu.external.record", "student_id", string="Outside registers", groups=STAFF
    )

    vshu_can_edit = fields.Boolean(string="May change student data", compute="_compute_vshu_can_edit", groups=STAFF)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_vshu_can_edit(self):
        self.vshu_can_edit = self._vshu_is_keeper()

    @api.depends("vshu_birth_date")
    def _compute_vshu_age(self):
        for partner in self:
            today = partner._vshu_today()
            born = partner.vshu_birth_date
            partner.vshu_age = relativedelta(today, born).years if born and born <= today else 0

    @api.depends("vshu_enrollment_ids.class_id", "vshu_enrollment_ids.date_from", "vshu_enrollment_ids.date_to")
    @api.depends_context("allowed_company_ids")
    def _compute_vshu_class_id(self):
        companies = self.env.companies
        if self.env.uid != SUPERUSER_ID:
            # in sudo nobody checks the schools that a caller names in the context
            companies = companies.browse(set(companies.ids).intersection(self.env.user._get_company_ids()))
        classes = self._vshu_class_on(self._vshu_today(), companies)
        none = self.env["vshu.class"]
        for partner in self:
            record = classes.get(partner._origin.id, none)
            partner.vshu_class_id = record
            partner.vshu_grade = record.grade

    @api.model
    def _vshu_enrolled_domain(self):
        """Return the domain of the enrolments of today in the open schools."""
        return self.env["vshu.school"]._by_day(in_force) & Domain("company_id", "in", self.env.companies.ids)

    def _search_vshu_class_id(self, operator, value):
        today = self._vshu_enrolled_domain()
        if operator == "in":
            values = [v for v in value if v]
            found = Domain("vshu_enrollment_ids", "any!", today & Domain("class_id", "in", values))
            if len(values) < len(value):
                found |= ~Domain("vshu_enrollment_ids", "any!", today)
            return found
        if operator in ("any", "any!", "ilike", "=ilike", "like"):
            return Domain("vshu_enrollment_ids", "any!", today & Domain("class_id", operator, value))
        return NotImplemented

    def _search_vshu_grade(self, operator, value):
        if operator not in ("in", "<", ">", "<=", ">="):
            return NotImplemented
        today = self._vshu_enrolled_domain()
        return Domain("vshu_enrollment_ids", "any!", today & Domain("class_id.grade", operator, value))

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let lists be grouped and sorted by today's class and grade, which no column holds."""
        if field_expr not in ("vshu_class_id", "vshu_grade"):
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        column = SQL.identifier("c", "id" if field_expr == "vshu_class_id" else "grade")
        self.env["vshu.enrollment"].flush_model(["student_id", "class_id", "company_id", "date_from", "date_to"])
        self.env["vshu.class"].flush_model(["grade"])
        today = self._vshu_today()
        return SQL(
            """(SELECT %(column)s FROM vshu_enrollment e JOIN vshu_class c ON c.id = e.class_id
                WHERE e.student_id = %(partner)s AND e.date_from <= %(today)s
                  AND (e.date_to IS NULL OR e.date_to >= %(today)s) AND e.company_id IN %(companies)s
                ORDER BY e.date_from DESC, e.id DESC LIMIT 1)""",
            column=column,
            partner=SQL.identifier(alias, "id"),
            today=today,
            companies=tuple(self.env.companies.ids) or (0,),
        )

    def _read_group_groupby(self, alias, groupby_spec, query):
        # Odoo asks for the groups of every field but a Many2many
        _check_groupby(self, groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    @api.depends(
        "vshu_guardian_ids.partner_id.name",
        "vshu_guardian_ids.partner_id.phone",
        "vshu_guardian_ids.date_from",
        "vshu_guardian_ids.date_to",
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_vshu_guardian_names(self):
        # with the rights of the reader: whoever may not see the guardians gets empty texts
        today = self._vshu_today()
        guardians = self.vshu_guardian_ids._on(today)
        # sudo: whoever sees that an adult is the guardian may see the name and the phone; one query for all
        adults = guardians.partner_id.sudo()
        adults.fetch(["name", "phone"])
        by_student = defaultdict(list)
        for guardian in guardians:
            by_student[guardian.student_id.id].append(adults.browse(guardian.partner_id.id))
        for partner in self:
            people = by_student[partner._origin.id or partner.id]
            partner.vshu_guardian_names = ", ".join(adult.name or "" for adult in people) or False
            partner.vshu_guardian_phones = ", ".join(adult.phone for adult in people if adult.phone) or False

    @api.constrains("vshu_birth_date")
    def _check_vshu_birth_date(self):
        # sudo: the date is behind groups; only the person who has just written it sees the message
        for partner in self.sudo():
            today = partner._vshu_today()
            if partner.vshu_birth_date and partner.vshu_birth_date > today:
                raise ValidationError(
                    self.env._(
                        "The date of birth of %(student)s (%(date)s) lies in the future.",
                        student=partner.name,
                        date=fields.Date.to_string(partner.vshu_birth_date),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create contacts; a student's own data need the right to keep people's records, and what a merge leaves behind
        is written by the merge only (AccessError)."""
        if not is_guarded(self.env):
            self._vshu_check_merged([{name for name, value in vals.items() if value} for vals in vals_list])
        if any(vals.get("vshu_former_names") for vals in vals_list) and not self.env.su:
            raise AccessError(self.env._("Former names are kept by the system when a student is renamed."))
        if any(PROTECTED & {name for name, value in vals.items() if value} for vals in vals_list):
            self._vshu_check_keeper()
            self.env["vshu.family"].browse(
                sorted({vals["vshu_family_id"] for vals in vals_list if vals.get("vshu_family_id")})
            ).check_access("read")
        return super().create(vals_list)

    def write(self, vals):
        """Change contacts; a student's own data need the right to keep people's records, as does who somebody known to
        the register is (AccessError). A child goes from one family to another by “Change of guardian” only.

        Raises UserError for whoever archives a pupil of a class or puts one out of sight of the school.
        """
        if not is_guarded(self.env):
            self._vshu_check_known(vals)
            if vals.get("vshu_family_id"):
                self._vshu_check_one_family(self.env["vshu.family"].browse(vals["vshu_family_id"]))
        if FOLLOWS & vals.keys() and not self.env.su:
            raise AccessError(self.env._("The schools of a student follow from the enrolments: change those."))
        if "vshu_former_names" in vals and not self.env.su:
            raise AccessError(self.env._("Former names are kept by the system when a student is renamed."))
        if PROTECTED & set(vals):
            self._vshu_check_keeper()
            self.env["vshu.family"].browse(vals.get("vshu_family_id") or []).check_access("read")
        former = self._vshu_former(vals["name"]) if "name" in vals else {}
        res = super().write(vals)
        for student, names in former.items():
            super(ResPartner, student).write({"vshu_former_names": names})
        if "active" in vals:
            self._vshu_notices_follow()
        return res

    @api.model
    def _vshu_is_keeper(self):
        """Tell whether the user keeps people's records: social pedagogue (or stand-in today), administrator."""
        user = self.env.user
        return bool(
            self.env.su
            or user.has_group("vshu_registry.group_administrator")
            or user.has_group("vshu_registry.group_social_pedagogue")
            or self.env["vshu.standin"]._holds(user, "social_pedagogue")
        )

    @api.model
    def _vshu_check_keeper(self):
        """Raise AccessError unless the user keeps people's records."""
        if not self._vshu_is_keeper():
            raise AccessError(
                self.env._(
                    "A student's data are changed by the social pedagogue or the register administrator. "
                    "Tell them what has to be corrected."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_not_in_register(self):
        refuse_if_used(self)

    def _search_display_name(self, operator, value):
        """Find people by the names of merged entries, and students by their file number and former names, for those
        who may see these."""
        domain = super()._search_display_name(operator, value)
        if not isinstance(value, str) or not value or operator in Domain.NEGATIVE_OPERATORS:
            return domain
        names = [
            name
            for name in ("vshu_file_number", "vshu_former_names", "vshu_merged_names")
            if self.env.su or self._has_field_access(self._fields[name], "read")
        ]
        return Domain.OR([domain, *(Domain(name, operator, value) for name in names)])

    def _vshu_class_on(self, date, companies=None):
        """Return {partner id: class} of those of the students who are in a class on ``date``, in one query.

        :param companies: only classes of these schools; of any school where it is not given (jobs run in one company)
        :returns: classes in sudo: the class of a student is known to everybody who may see the student
        """
        domain = Domain("student_id", "in", self.ids) & in_force(date)
        if companies is not None:
            domain &= Domain("company_id", "in", companies.ids)
        # sudo: see above
        enrollments = (
            self.env["vshu.enrollment"].sudo().search_fetch(domain, ["student_id", "class_id"], order="date_from, id")
        )
        return {enrollment.student_id.id: enrollment.class_id for enrollment in enrollments}

    def _vshu_enrolled_on(self, company, date):
        """Return those of the students who are enrolled in the school ``company`` on ``date``, in one query."""
        # sudo: the caller has the students; whether one is enrolled is no secret to whoever may see the student
        rows = (
            self.env["vshu.enrollment"]
            .sudo()
            ._read_group(
                Domain("student_id", "in", self.ids) & Domain("company_id", "=", company.id) & in_force(date),
                ["student_id"],
            )
        )
        ids = {student.id for (student,) in rows}
        return self.filtered(lambda partner: partner.id in ids)

    def action_vshu_open_student(self):
        """Open the student's own form. Raises AccessError for whoever does not see students."""
        self.ensure_one()
        self.check_access("read")
        self._check_field_access(self._fields["vshu_is_student"], "read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.id,
            "views": [(self.env.ref("vshu_registry.view_vshu_student_form").id, "form")],
        }


class ResUsers(models.Model):
    _inherit = "res.users"

    def _read_group_groupby(self, alias, groupby_spec, query):
        # users have the fields of their contact
        _check_groupby(self, groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)


def _check_groupby(model, groupby_spec):
    """Raise AccessError where the user may not read the field that is grouped by."""
    field = model._fields.get(groupby_spec.split(".")[0].split(":")[0])
    if field is not None:
        model._check_field_access(field, "read")
