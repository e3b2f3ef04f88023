from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class VshuGuardian(models.Model):
    """An adult who answers for a child: parent, guardian …, from when to when, by which paper."""

    _name = "vshu.guardian"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Parent or guardian"
    _order = "is_legal desc, date_from desc, id"
    _rec_name = "partner_id"

    student_id = fields.Many2one(
        "res.partner", required=True, ondelete="restrict", index=True, domain="[('vshu_is_student', '=', True)]"
    )
    partner_id = fields.Many2one("res.partner", string="Adult", required=True, ondelete="restrict", index=True)
    kind = fields.Selection(
        [
            ("mother", "Mother"),
            ("father", "Father"),
            ("guardian", "Guardian"),
            ("trustee", "Trustee"),
            ("foster_parent", "Foster parent"),
            ("step_parent", "Step-parent"),
            ("grandparent", "Grandparent"),
            ("other", "Other"),
        ],
        string="Who",
        required=True,
        default="mother",
    )
    is_legal = fields.Boolean(string="Legal representative", default=True)
    document = fields.Char(help="The paper that makes them a legal representative: number, date, who issued it.")
    may_receive_papers = fields.Boolean(
        string="May receive papers", default=True, help="Notices and extracts may be handed to this person."
    )
    lang = fields.Selection(
        selection="_get_langs", string="Language", help="The language of papers and notices for this person."
    )
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="Until")
    phone = fields.Char(related="partner_id.phone", readonly=False)
    email = fields.Char(related="partner_id.email", readonly=False)
    company_ids = fields.Many2many(related="student_id.vshu_company_ids", string="Schools")

    _dates_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "The last day of a guardian cannot come before the first.",
    )

    @api.model
    def _get_langs(self):
        return self.env["res.lang"].get_installed()

    @api.depends("partner_id.name", "kind")
    def _compute_display_name(self):
        for record in self:
            record.display_name = record.partner_id.name

    @api.constrains("student_id", "partner_id")
    def _check_not_self(self):
        for record in self:
            if record.student_id == record.partner_id:
                raise ValidationError(self.env._("“%s” cannot be the guardian of themselves.", record.student_id.name))

    @api.constrains("student_id", "partner_id", "kind", "date_from", "date_to")
    def _check_twice(self):
        links = defaultdict(list)
        for link in self.search([("student_id", "in", self.student_id.ids)]):
            links[link.student_id, link.partner_id].append(link)
        for record in self:
            for other in links[record.student_id, record.partner_id]:
                if (
                    other != record
                    and (not other.date_to or not record.date_from or other.date_to >= record.date_from)
                    and (not record.date_to or not other.date_from or record.date_to >= other.date_from)
                ):
                    raise ValidationError(
                        self.env._(
                            "“%(adult)s” is entered as a guardian of %(student)s for that time already.",
                            adult=record.partner_id.name,
                            student=record.student_id.name,
                        )
                    )

    def _receives(self, date):
        """Tell whether papers may be handed to this adult on ``date``."""
        self.ensure_one()
        return bool(
            self.may_receive_papers
            and (not self.date_from or self.date_from <= date)
            and (not self.date_to or self.date_to >= date)
        )
