from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.dated import find_overlap


class VshuCategoryEntry(models.Model):
    """A social category of a student or a family, from when to when, by which paper (KZ-1, RU-1.3, RU-A1b, RU-A5)."""

    _name = "vshu.category.entry"
    _inherit = ["vshu.kept.mixin", "vshu.person.record.mixin"]
    _description = "Social category of a student or family"
    _order = "date_from desc, id desc"
    _rec_name = "category_id"

    category_id = fields.Many2one("vshu.social.category", required=True, ondelete="restrict", index=True)
    document = fields.Char(help="The paper that it follows from: kind, number, date.")

    _one_subject = models.Constraint(
        "CHECK(num_nonnulls(student_id, family_id) = 1)", "A social category belongs to either a student or a family."
    )
    _dates_idx = models.Index("(company_id, category_id, date_from, date_to)")

    @api.constrains("category_id", "student_id", "family_id")
    def _check_category(self):
        for record in self:
            subject = "student" if record.student_id else "family"
            if record.category_id.subject != subject:
                raise ValidationError(
                    self.env._(
                        "The social category “%(category)s” (%(clause)s) is not of a student; put it on the family.",
                        category=record.category_id.name,
                        clause=record.category_id.clause_text or "-",
                    )
                    if subject == "student"
                    else self.env._(
                        "The social category “%(category)s” (%(clause)s) is not of a family; put it on the student.",
                        category=record.category_id.name,
                        clause=record.category_id.clause_text or "-",
                    )
                )

    @api.constrains("category_id", "student_id", "family_id", "date_from", "date_to")
    def _check_overlap(self):
        record, other = find_overlap(
            self,
            lambda r: (r.student_id, r.family_id, r.category_id, r.company_id),
            self.search(
                [
                    ("category_id", "in", self.category_id.ids),
                    "|",
                    ("student_id", "in", self.student_id.ids),
                    ("family_id", "in", self.family_id.ids),
                ]
            ),
        )
        if record:
            raise ValidationError(
                self.env._(
                    "“%(category)s” is entered for %(subject)s from %(start)s already.",
                    category=record.category_id.name,
                    subject=record.student_id.name or record.family_id.name,
                    start=fields.Date.to_string(other.date_from),
                )
            )
