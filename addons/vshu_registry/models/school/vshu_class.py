from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.dated import find_overlap, in_force
from ...tools.in_use import refuse_if_used


class VshuClass(models.Model):
    """A class of one school year, e.g. 7 «Б» of 2026/27."""

    _name = "vshu.class"
    _inherit = "vshu.link.mixin"
    _description = "Class"
    _check_company_auto = True
    _order = "year_id desc, grade, letter, id"

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company",
        string="School",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
    )
    year_id = fields.Many2one(
        "vshu.school.year",
        string="School year",
        required=True,
        check_company=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["vshu.school.year"]._for_date(self.env.company, self._vshu_today()),
    )
    grade = fields.Integer(required=True, aggregator=None)
    letter = fields.Char()
    teacher_ids = fields.One2many("vshu.class.teacher", "class_id", string="Class teachers")
    standin_ids = fields.One2many("vshu.standin", "class_id", string="Stand-ins")
    teacher_id = fields.Many2one(
        "hr.employee", string="Class teacher", compute="_compute_teacher_id", compute_sudo=True, help="Of today."
    )
    is_mine = fields.Boolean(
        string="My class", compute="_compute_is_mine", search="_search_is_mine", help="Class teacher or stand-in today."
    )
    enrollment_ids = fields.One2many("vshu.enrollment", "class_id", string="Enrolments")
    student_count = fields.Integer(string="Students", compute="_compute_student_count", compute_sudo=True)

    _grade_positive = models.Constraint("CHECK(grade BETWEEN 0 AND 20)", "The grade must be between 0 and 20.")
    _name_uniq = models.UniqueIndex("(year_id, grade, COALESCE(letter, ''))", "The school year has this class already.")

    @api.depends("grade", "letter")
    def _compute_name(self):
        for record in self:
            record.name = f"{record.grade} «{record.letter}»" if record.letter else str(record.grade)

    @api.depends("name", "year_id.name")
    @api.depends_context("vshu_with_year")
    def _compute_display_name(self):
        with_year = self.env.context.get("vshu_with_year")
        for record in self:
            record.display_name = f"{record.name} ({record.year_id.name})" if with_year else record.name

    @api.depends("teacher_ids.employee_id", "teacher_ids.date_from", "teacher_ids.date_to", "standin_ids")
    def _compute_teacher_id(self):
        teachers = {}
        for today, classes in self.grouped(lambda record: record._vshu_today()).items():
            teachers.update(classes._teachers_on(today, standins=False))
        for record in self:
            record.teacher_id = teachers.get(record._origin.id, False)

    @api.depends_context("uid")
    @api.depends("teacher_ids", "standin_ids")
    def _compute_is_mine(self):
        mine = self.search([("id", "in", self.ids), ("is_mine", "=", True)])
        for record in self:
            record.is_mine = record._origin in mine

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in", self._mine_ids())

    @api.model
    def _mine_ids(self):
        """Return the ids of the classes of the open schools that the user is class teacher of today, or stands in."""
        open_schools = set(self.env.companies._ids)
        return [class_id for class_id, company_id in self._mine_today() if company_id in open_schools]

    @api.model
    def _mine_today(self):
        """Return [(class id, company id)] of the user's classes of today in all schools; no query."""
        standins = self.env["vshu.standin"]
        taught = self.env["vshu.class.teacher"]._rows_of_user()
        return [
            *(row[:2] for row in taught if standins._is_today(*row[1:])),
            *(
                (class_id, company_id)
                for _id, company_id, _role, class_id, *days in standins._rows_of_user()
                if class_id and standins._is_today(company_id, *days)
            ),
        ]

    @api.model
    def _advised_ids(self):
        """Return the ids of the classes that the user teaches, or taught not long ago: recommendations hold on."""
        today = self.env["vshu.school"]._by_day(
            lambda day: (
                Domain("date_from", "<=", day)
                & (Domain("recommendations_to", "=", False) | Domain("recommendations_to", ">=", day))
            )
        )
        # sudo: a user may know which classes are their own
        taught = self.env["vshu.class.teacher"].sudo().search(Domain("user_id", "=", self.env.uid) & today, order="id")
        return [
            *taught.class_id.ids,
            *(row[3] for row in self.env["vshu.standin"]._mine(("class_teacher",)) if row[3]),
        ]

    @api.depends("enrollment_ids.date_from", "enrollment_ids.date_to")
    def _compute_student_count(self):
        counts = dict(
            self.env["vshu.enrollment"]._read_group(
                Domain("class_id", "in", self.ids) & self.env["vshu.school"]._by_day(in_force),
                ["class_id"],
                ["__count"],
            )
        )
        for record in self:
            record.student_count = counts.get(record._origin, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        refuse_if_used(self)

    def action_open_students(self):
        """Open the students who are in the class today. Raises AccessError where the user may not read the class."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_registry.action_vshu_student")
        return dict(
            action, domain=[("vshu_is_student", "=", True), ("vshu_class_id", "=", self.id)], display_name=self.name
        )

    def _teachers_on(self, date, standins=True):
        """Return {class id: employee} of the class teachers on ``date``, in two queries for any number of classes.

        :param standins: put the stand-in of that day in the teacher's place
        :returns: employees in sudo, to reach their users
        """
        # sudo: who teaches a class is known to everybody in the school; employees are readable to HR only
        links = (
            self.env["vshu.class.teacher"]
            .sudo()
            .search_fetch(Domain("class_id", "in", self.ids) & in_force(date), ["class_id", "employee_id"])
        )
        teachers = {link.class_id.id: link.employee_id for link in links}
        if standins:
            # sudo: see above
            active = (
                self.env["vshu.standin"]
                .sudo()
                .search_fetch(Domain("class_id", "in", self.ids) & in_force(date), ["class_id", "substitute_id"])
            )
            teachers.update({standin.class_id.id: standin.substitute_id for standin in active})
        return teachers


class VshuClassTeacher(models.Model):
    """Who is class teacher of a class, from when to when."""

    _name = "vshu.class.teacher"
    _inherit = ["vshu.kept.mixin", "vshu.cache.mixin", "vshu.link.mixin"]
    _description = "Class teacher of a class"
    _check_company_auto = True
    _order = "date_from desc, id desc"
    _rec_name = "employee_id"

    #: a class without pupils goes with its teachers
    _goes_along = True

    class_id = fields.Many2one("vshu.class", required=True, ondelete="cascade", check_company=True, index=True)
    company_id = fields.Many2one(related="class_id.company_id", store=True, index=True)
    employee_id = fields.Many2one(
        "hr.employee", string="Class teacher", required=True, check_company=True, ondelete="restrict", index=True
    )
    user_id = fields.Many2one(
        related="employee_id.user_id", string="User", help="Whose rights follow the dates.", store=True
    )
    date_from = fields.Date(string="From", required=True, default=lambda self: self.env.company._vshu_today())
    date_to = fields.Date(string="Until")

    _dates_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "A class teacher's last day cannot come before the first."
    )
    # the record rules ask for the classes of a user on a day
    _user_idx = models.Index("(user_id, date_from, date_to)")

    def _write_multi(self, vals_list):
        # the user of a colleague passes by write()
        super()._write_multi(vals_list)
        if any("user_id" in vals for vals in vals_list):
            self.env.registry.clear_cache()

    @api.model
    @tools.ormcache("self.env.uid")
    def _rows_of_user(self):
        """Return the classes that the user is or was class teacher of, kept in memory:
        ((class id, company id, first day, last day), …)"""
        # sudo: a user may know which classes are their own
        names = ("class_id", "company_id", "date_from", "date_to")
        rows = self.sudo().search_fetch([("user_id", "=", self.env.uid)], names, order="id")
        return tuple((r.class_id.id, r.company_id.id, r.date_from, r.date_to) for r in rows)

    @api.constrains("class_id", "employee_id", "date_from", "date_to")
    def _check_overlap(self):
        record, other = find_overlap(
            self, lambda link: link.class_id, self.search([("class_id", "in", self.class_id.ids)])
        )
        if record:
            raise ValidationError(
                self.env._(
                    "Class %(class)s has a class teacher at that time already: %(teacher)s from %(start)s. "
                    "Set the last day of the one before the other begins.",
                    **{
                        "class": record.class_id.name,
                        "teacher": other.employee_id.sudo().name,  # sudo: the name is shown to whoever edits the class
                        "start": fields.Date.to_string(other.date_from),
                    },
                )
            )
