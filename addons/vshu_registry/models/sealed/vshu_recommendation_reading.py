"""Until when those whom a recommendation names read it: as long as they work with the child, and the days that the
regulation's rule gives after that."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError


def read_until(date, regulation):
    """Return the last day of reading where duty or stay ended on ``date``; False while it goes on."""
    return date + relativedelta(days=regulation.recommendation_days) if date else False


class VshuRegulation(models.Model):
    _inherit = "vshu.regulation"

    recommendation_days = fields.Integer(
        string="Recommendations are read after the duty or the stay ended (days)",
        default=14,
        required=True,
        aggregator=None,
        help="By those whom they name: class teacher, teachers, curator. The psychologist and the office read on.",
    )
    recommendation_days_clause = fields.Char(string="Clause on the reading of recommendations")
    recommendation_days_practice = fields.Boolean(
        string="Reading of recommendations: school's practice", default=True, help="The regulation does not say it."
    )

    @api.constrains("recommendation_days")
    def _check_recommendation_days(self):
        for regulation in self:
            if not 0 <= regulation.recommendation_days <= 3660:
                raise ValidationError(
                    self.env._(
                        "“%s”: recommendations are read from 0 to 3660 days after the duty ended.",
                        regulation.display_name,
                    )
                )


class VshuCase(models.Model):
    _inherit = "vshu.case"

    recommendations_to = fields.Date(
        string="Recommendations are read until", compute="_compute_recommendations_to", store=True
    )

    @api.depends("date_closed", "regulation_id.recommendation_days")
    def _compute_recommendations_to(self):
        for case in self:
            case.recommendations_to = case.date_closed and read_until(case.date_closed, case.regulation_id)


class VshuClassTeacher(models.Model):
    _inherit = "vshu.class.teacher"

    recommendations_to = fields.Date(
        string="Recommendations are read until", compute="_compute_recommendations_to", store=True
    )

    @api.depends("date_to", "company_id")
    def _compute_recommendations_to(self):
        for link in self:
            regulation = link.date_to and self.env["vshu.regulation"]._on_date(link.company_id, link.date_to)
            link.recommendations_to = regulation and read_until(link.date_to, regulation.sudo())


class VshuRecommendationLine(models.Model):
    _inherit = "vshu.recommendation.line"

    as_class_teacher = fields.Boolean(
        string="As class teacher",
        compute="_compute_as_class_teacher",
        store=True,
        help="Named as the class teacher of the child: reads it as long as that lasts.",
    )

    @api.depends("employee_id", "recommendation_id.date_given", "recommendation_id.student_id")
    def _compute_as_class_teacher(self):
        today = self._vshu_today()
        # sudo: who teaches the child's class is known to all staff
        for (date, company), lines in (
            self.sudo()
            .grouped(lambda line: (line.recommendation_id.date_given or today, line.recommendation_id.company_id))
            .items()
        ):
            classes = lines.recommendation_id.student_id._vshu_class_on(date, company)
            taught = self.env["vshu.class"].sudo().union(*classes.values())  # sudo: see above
            teachers, substitutes = taught._teachers_on(date, standins=False), taught._teachers_on(date)
            for line in lines:
                school_class = classes.get(line.recommendation_id.student_id.id)
                named = school_class and (teachers.get(school_class.id), substitutes.get(school_class.id))
                line.as_class_teacher = bool(named) and line.employee_id in named
