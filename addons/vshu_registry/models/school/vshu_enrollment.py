from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError

from ...tools.dated import find_overlap
from ...tools.guard import is_guarded


class VshuEnrollment(models.Model):
    """A student's stay in a class, from when to when, and why it ended."""

    _name = "vshu.enrollment"
    _inherit = ["vshu.kept.mixin", "vshu.link.mixin"]
    _description = "Enrolment"
    _check_company_auto = True
    _order = "date_from desc, id desc"
    _rec_name = "class_id"

    student_id = fields.Many2one(
        "res.partner",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('vshu_is_student', '=', True)]",
        context={"default_vshu_is_student": True},
    )
    class_id = fields.Many2one(
        "vshu.class", required=True, ondelete="restrict", index=True, context={"vshu_with_year": True}
    )
    company_id = fields.Many2one(related="class_id.company_id", store=True)
    year_id = fields.Many2one(related="class_id.year_id", store=True, index=True)
    date_from = fields.Date(string="From", required=True, default=lambda self: self.env.company._vshu_today())
    date_to = fields.Date(string="Last day")
    end_reason_id = fields.Many2one(
        "vshu.enrollment.end.reason", string="Why it ended", check_company=True, ondelete="restrict"
    )

    _dates_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)", "The last day of an enrolment cannot come before the first."
    )
    _company_idx = models.Index("(company_id, date_from, date_to)")

    @api.constrains("student_id", "class_id", "date_from", "date_to")
    def _check_overlap(self):
        # sudo: a second enrolment is a contradiction for whoever enters it, also where the first is not theirs to see
        enrollments = self.sudo()
        record, other = find_overlap(
            enrollments,
            lambda e: (e.student_id, e.company_id),
            enrollments.search([("student_id", "in", enrollments.student_id.ids)]),
        )
        if record:
            raise ValidationError(
                self.env._(
                    "%(student)s is enrolled in class %(class)s from %(start)s already. "
                    "End that enrolment before the other one begins.",
                    **{
                        "student": record.student_id.name,
                        "class": other.class_id.name,
                        "start": fields.Date.to_string(other.date_from),
                    },
                )
            )

    @api.constrains("class_id", "date_from", "date_to", "end_reason_id")
    def _check_dates(self):
        for enrollment in self:
            year = enrollment.class_id.year_id
            names = {"student": enrollment.student_id.name, "class": enrollment.class_id.name}
            if enrollment.date_to and not enrollment.end_reason_id:
                raise ValidationError(
                    self.env._(
                        "Say why %(student)s left class %(class)s: an enrolment with a last day needs the reason.",
                        **names,
                    )
                )
            if enrollment.end_reason_id and not enrollment.date_to:
                raise ValidationError(
                    self.env._(
                        "Set the last day of %(student)s in class %(class)s: a reason for the end stands without it.",
                        **names,
                    )
                )
            outside = enrollment.date_from < year.date_start or enrollment.date_from > year.date_end
            if outside or (enrollment.date_to and enrollment.date_to > year.date_end):
                raise ValidationError(
                    self.env._(
                        "The enrolment of %(student)s in class %(class)s must lie in its school year %(year)s "
                        "(%(start)s – %(end)s).",
                        year=year.name,
                        start=fields.Date.to_string(year.date_start),
                        end=fields.Date.to_string(year.date_end),
                        **names,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Enrol students; where one has left already, the cases follow as in ``write``."""
        enrollments = super().create(vals_list)
        enrollments._left()
        return enrollments

    def write(self, vals):
        """Change enrolments; the cases of who leaves come up at once, whichever way the end is entered (KZ-19, KZ-20,
        RU-8, RU-N4.3)."""
        ends = {"date_to", "end_reason_id"} & vals.keys()
        before = {enrollment: enrollment.end_reason_id for enrollment in self} if ends else {}
        res = super().write(vals)
        # the closing of a year does it itself, once all enrolments are in place
        if ends and not is_guarded(self.env):
            changed = self.filtered(lambda enrollment: enrollment.end_reason_id != before[enrollment])
            changed._stayed(before)
            changed._left()
        return res

    def _cases_by_school(self):
        """Return [(enrolments, their cases)] by school, as the system: whoever enters the end of an enrolment sees no
        case by it, and is named on none."""
        system = self.with_user(SUPERUSER_ID)
        cases = self.env["vshu.case"].with_user(SUPERUSER_ID)
        return [
            (own, cases._of_leavers(company, own.student_id, max(own.mapped("date_to"))))
            for company, own in system.grouped("company_id").items()
        ]

    def _left(self):
        """Tell the cases of the students who leave the school by these enrolments."""
        leaving = self.filtered(lambda enrollment: enrollment.date_to and enrollment.end_reason_id.leaves_school)
        if not leaving:
            return
        # sudo: whether the student is in another class of the school
        later = self.sudo().search([("student_id", "in", leaving.student_id.ids), ("id", "not in", leaving.ids)])
        leaving = leaving.filtered(
            lambda e: (
                not later.filtered(
                    lambda o, e=e: (
                        o.student_id == e.student_id
                        and o.company_id == e.company_id
                        and (not o.date_to or o.date_to > e.date_to)
                    )
                )
            )
        )
        for own, cases in leaving._cases_by_school() if leaving else []:
            cases._left_school({enrollment.student_id.id: enrollment.end_reason_id for enrollment in own})

    def _stayed(self, before):
        """Take back what the end of these enrolments had brought about, where there is no end any more."""
        back = self.filtered(lambda enrollment: before[enrollment] and not enrollment.end_reason_id)
        for enrollment in back.with_user(SUPERUSER_ID):
            cases = (
                self.env["vshu.case"]
                .with_user(SUPERUSER_ID)
                .search([("student_id", "=", enrollment.student_id.id), ("company_id", "=", enrollment.company_id.id)])
            )
            cases._stayed(before[enrollment])

    @api.constrains("student_id")
    def _check_student(self):
        for enrollment in self:
            if not enrollment.student_id.vshu_is_student:
                raise ValidationError(
                    self.env._(
                        "“%s” is not marked as a student: tick “Student” on the person first.",
                        enrollment.student_id.name,
                    )
                )
