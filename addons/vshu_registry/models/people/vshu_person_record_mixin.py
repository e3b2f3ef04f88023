from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.dated import in_force


class VshuPersonRecordMixin(models.AbstractModel):
    """A dated record about one student or one family, seen in one school."""

    _name = "vshu.person.record.mixin"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Record about a student or a family"
    _check_company_auto = True

    _rule_fields = ("is_mine",)

    student_id = fields.Many2one(
        "res.partner", index=True, ondelete="restrict", domain="[('vshu_is_student', '=', True)]"
    )
    family_id = fields.Many2one("vshu.family", index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(
        "res.company",
        string="School",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
    )
    date_from = fields.Date(string="Since", required=True, default=lambda self: self.env.company._vshu_today())
    date_to = fields.Date(string="Until")
    active_today = fields.Boolean(
        string="In force", compute="_compute_active_today", search="_search_active_today", help="In force today."
    )

    is_mine = fields.Boolean(
        string="I see it: my class, or I stand in",
        compute="_compute_rule_fields",
        search="_search_is_mine",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return (
            Domain("student_id.vshu_my_pupil", "=", True)
            | Domain("family_id.member_ids.vshu_my_pupil", "=", True)
            | Domain("company_id.vshu_reader_standin", "=", True)
        )

    @api.depends("date_from", "date_to")
    def _compute_active_today(self):
        for record in self:
            today = record._vshu_today()
            record.active_today = bool(
                record.date_from and record.date_from <= today and (not record.date_to or record.date_to >= today)
            )

    def _search_active_today(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self.env["vshu.school"]._by_day(in_force)

    @api.constrains("student_id", "family_id")
    def _check_subject(self):
        for record in self:
            if bool(record.student_id) == bool(record.family_id):
                raise ValidationError(
                    self.env._(
                        "“%s” must belong to either a student or a family: choose one of the two.",
                        record.display_name or self._description,
                    )
                )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for record in self:
            if record.date_to and record.date_to < record.date_from:
                raise ValidationError(
                    self.env._(
                        "“%(record)s”: the last day (%(end)s) cannot come before the first (%(start)s).",
                        record=record.display_name,
                        start=fields.Date.to_string(record.date_from),
                        end=fields.Date.to_string(record.date_to),
                    )
                )
