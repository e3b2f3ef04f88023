from odoo import api, fields, models


class VshuExternalRecord(models.Model):
    """A stay of a student or family on an outside register: police unit, commission … (RU-6.1b, RU-A4.17)."""

    _name = "vshu.external.record"
    _inherit = ["vshu.kept.mixin", "vshu.person.record.mixin"]
    _description = "Stay on an outside register"
    _order = "date_from desc, id desc"

    body = fields.Selection(
        [("police", "Police unit"), ("commission", "Commission"), ("other", "Other body")],
        required=True,
        default="police",
    )
    body_partner_id = fields.Many2one("res.partner", string="Body by name", ondelete="restrict", index="btree_not_null")
    reason = fields.Text()
    paper = fields.Char(string="Number and date of the paper")
    summons = fields.Text(help="When the student or parents were summoned there, and why.")

    _one_subject = models.Constraint(
        "CHECK(num_nonnulls(student_id, family_id) = 1)",
        "A stay on an outside register belongs to either a student or a family.",
    )
    _dates_idx = models.Index("(company_id, body, date_from, date_to)")

    @api.depends("body", "date_from")
    def _compute_display_name(self):
        bodies = dict(self._fields["body"]._description_selection(self.env))
        for record in self:
            record.display_name = self.env._(
                "%(body)s, since %(date)s",
                body=bodies.get(record.body, ""),
                date=fields.Date.to_string(record.date_from) or "-",
            )
