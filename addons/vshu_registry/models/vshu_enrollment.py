from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .dated import find_overlap


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
