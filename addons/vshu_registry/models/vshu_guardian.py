from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .vshu_family_move import MOVE_REASONS

#: of these a child has one at a time
SINGLE_KINDS = ("mother", "father")


class VshuGuardian(models.Model):
    """An adult who answers for a child: parent, guardian …, from when to when, by which paper."""

    _name = "vshu.guardian"
    _inherit = ["vshu.kept.mixin", "vshu.rule.mixin", "vshu.link.mixin"]
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
    # of the adult, so that it is entered once for all children
    workplace = fields.Char(
        related="partner_id.vshu_workplace",
        readonly=False,
        groups="vshu_registry.group_staff,vshu_registry.group_administrator",
    )
    education = fields.Char(
        related="partner_id.vshu_education",
        readonly=False,
        groups="vshu_registry.group_staff,vshu_registry.group_administrator",
    )
    end_reason = fields.Selection(MOVE_REASONS, string="Why it ended", copy=False)
    end_document = fields.Char(string="Paper on the end", copy=False)
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

    @api.constrains("partner_id")
    def _check_name(self):
        for record in self:
            # sudo: the name of the adult whom the user has just chosen
            if not (record.partner_id.sudo().name or "").strip():
                raise ValidationError(
                    self.env._(
                        "%s: a parent or guardian needs a name. Open the contact and write it.", record.student_id.name
                    )
                )

    @api.constrains("student_id", "partner_id", "kind", "date_from", "date_to")
    def _check_twice(self):
        """Refuse the same adult twice, and two mothers or fathers, at one time."""
        links = defaultdict(list)
        for link in self.search([("student_id", "in", self.student_id.ids)]):
            links[link.student_id, link.partner_id].append(link)
            if link.kind in SINGLE_KINDS:
                links[link.student_id, link.kind].append(link)
        for record in self:
            if record.kind in SINGLE_KINDS:
                for other in links[record.student_id, record.kind]:
                    if other != record and record._overlaps(other) and other.partner_id != record.partner_id:
                        raise ValidationError(
                            self.env._(
                                "%(student)s has “%(adult)s” as %(kind)s for that time already. End that first: "
                                "“Change of guardian or family” on the child's form keeps the day and the paper.",
                                student=record.student_id.name,
                                adult=other.partner_id.name,
                                kind=dict(self._fields["kind"]._description_selection(self.env))[record.kind].lower(),
                            )
                        )
            for other in links[record.student_id, record.partner_id]:
                if other != record and record._overlaps(other):
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
        return self.may_receive_papers and self._in_force_on(date)

    def _overlaps(self, other):
        """Tell whether two links are in force on some day together."""
        self.ensure_one()
        return (not other.date_to or not self.date_from or other.date_to >= self.date_from) and (
            not self.date_to or not other.date_from or self.date_to >= other.date_from
        )

    def _in_force_on(self, date):
        """Tell whether the adult answers for the child on ``date``."""
        self.ensure_one()
        return (not self.date_from or self.date_from <= date) and (not self.date_to or self.date_to >= date)

    # -- moving ------------------------------------------------------------------------------------------------------

    def action_move(self):
        """Open a change of guardian: this one ends, another begins. Returns the dialog; AccessError but for whoever
        keeps people's records."""
        self.ensure_one()
        self.check_access("read")
        return self._move_dialog(self.student_id, ended=self)

    @api.model
    def _move_dialog(self, student, ended=None):
        """Return the dialog in which a change of guardian or family is entered."""
        self.env["res.partner"]._vshu_check_keeper()
        context = {"default_student_id": student.id}
        if student.vshu_class_id:
            context["default_company_id"] = student.vshu_class_id.sudo().company_id.id  # sudo: which school it is
        if ended:
            context["default_ended_ids"] = ended.ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change of guardian or family"),
            "res_model": "vshu.family.move",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }
