from odoo import fields, models
from odoo.fields import Domain

from ...tools.dated import in_force
from ...tools.states import OVER_STATES

#: roles whose stand-ins read and write the sealed papers of the role
STOOD_IN = ("psychologist", "social_pedagogue", "deputy_head", "head")


class VshuSealed(models.Model):
    """Who reads and writes sealed papers beside those whose role it is; record rules search by it."""

    _inherit = "vshu.sealed"

    _rule_fields = ("is_mine", "is_written_by_me")

    is_mine = fields.Boolean(
        string="I read it: author, reader by its kind, or I stand in",
        compute="_compute_rule_fields",
        search="_search_is_mine",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    is_written_by_me = fields.Boolean(
        string="I write it: author, or I stand in for its role",
        compute="_compute_rule_fields",
        search="_search_is_written_by_me",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        author = Domain("state", "=", "draft") | Domain("type_id.author_reads", "=", True)
        filed, goes_on = Domain("state", "!=", "draft"), Domain("case_id.state", "not in", OVER_STATES)
        found = [
            Domain("user_id", "=", self.env.uid) & author,
            filed
            & Domain("type_id.reader_role_ids.code", "=", "class_teacher")
            & goes_on
            & Domain("case_id.student_id.vshu_my_pupil", "=", True),
            filed
            & Domain("type_id.reader_role_ids.code", "=", "curator")
            & goes_on
            & Domain("case_id.curator_id.user_id", "=", self.env.uid),
            Domain("state", "=", "draft") & self._domain_stood_in("type_id.role_id.code"),
            filed & self._domain_stood_in("type_id.reader_role_ids.code"),
        ]
        return Domain.OR(found)

    def _search_is_written_by_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("user_id", "=", self.env.uid) | self._domain_stood_in("type_id.role_id.code")
        return Domain("state", "=", "draft") & mine

    def _domain_stood_in(self, path):
        """Return the domain of the papers of schools where the user stands in for the role that ``path`` names."""
        companies = self.env["res.company"]
        return Domain.OR(
            Domain(path, "=", role) & Domain("company_id", "in", companies._vshu_stood_in((role,))) for role in STOOD_IN
        )


class VshuRecommendation(models.Model):
    _inherit = "vshu.recommendation"

    _rule_fields = ("is_mine",)

    is_mine = fields.Boolean(
        string="I see it: it is mine, was given to me, or I stand in",
        compute="_compute_rule_fields",
        search="_search_is_mine",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    def _search_is_mine(self, operator, value):
        """The psychologist who wrote it; to whom it was given, while it holds; stand-ins."""
        if operator != "in":
            return NotImplemented
        me, companies = self.env.uid, self.env["res.company"]
        to_me = Domain(
            "line_ids", "any", Domain("employee_id.user_id", "=", me) & Domain("as_class_teacher", "=", False)
        )
        as_teacher = Domain("line_ids.employee_id.user_id", "=", me) & self._domain_advised_pupils("student_id")
        given = Domain("date_given", "!=", False)
        return Domain.OR(
            [
                given & self._domain_holds("case_id") & (to_me | as_teacher),
                Domain("user_id", "=", me),
                given & Domain("company_id.vshu_office_standin", "=", True),
                Domain("company_id", "in", companies._vshu_stood_in(("psychologist",))),
            ]
        )

    def _domain_holds(self, path):
        """Return the domain of what the case at ``path`` still lets be known."""
        return Domain(f"{path}.recommendations_to", "=", False) | self.env["vshu.school"]._by_day(
            lambda day: Domain(f"{path}.recommendations_to", ">=", day)
        )

    def _domain_advised_pupils(self, path):
        """Return the domain of the pupils at ``path`` of the classes whose teachers are advised still."""
        classes = self.env["vshu.class"]._advised_ids()
        mine = Domain("class_id", "in", classes) & Domain("company_id", "in", self.env.companies.ids)
        return Domain(f"{path}.vshu_enrollment_ids", "any", mine & self.env["vshu.school"]._by_day(in_force))


class VshuRecommendationLine(models.Model):
    _inherit = "vshu.recommendation.line"

    _rule_fields = ("is_to_me",)

    is_to_me = fields.Boolean(
        string="It was given to me and holds",
        compute="_compute_rule_fields",
        search="_search_is_to_me",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    def _search_is_to_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        whole = self.env["vshu.recommendation"]
        as_teacher = whole._domain_advised_pupils("recommendation_id.student_id")
        return (
            Domain("recommendation_id.date_given", "!=", False)
            & Domain("employee_id.user_id", "=", self.env.uid)
            & whole._domain_holds("recommendation_id.case_id")
            & (Domain("as_class_teacher", "=", False) | as_teacher)
        )
