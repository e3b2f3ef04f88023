from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .vshu_family_move import LEGAL_KINDS, MOVE_REASONS

#: of these a child has one at a time
SINGLE_KINDS = ("mother", "father")
#: what decides who is told
RIGHTS = {"student_id", "partner_id", "kind", "is_legal", "may_receive_papers", "date_from", "date_to"}
RIGHTS |= {"receive_number", "receive_date"}


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
    is_legal = fields.Boolean(
        string="Legal representative", compute="_compute_is_legal", store=True, readonly=False, precompute=True
    )
    document = fields.Char(help="The paper that makes them a legal representative: number, date, who issued it.")
    may_receive_papers = fields.Boolean(
        string="May receive papers",
        compute="_compute_may_receive_papers",
        store=True,
        readonly=False,
        precompute=True,
        help="Notices and extracts may be handed to this person: a legal representative, or whom a paper allows it.",
    )
    receive_number = fields.Char(
        string="May receive by paper No.",
        copy=False,
        help="Of somebody who is no legal representative: the paper that allows them to receive papers, e.g. the "
        "application of the parents or the order of the guardianship authority.",
    )
    receive_date = fields.Date(string="Date of that paper", copy=False)
    receive_attachment_ids = fields.Many2many(
        "ir.attachment",
        "vshu_guardian_receive_rel",
        "guardian_id",
        "attachment_id",
        string="Scan of that paper",
        bypass_search_access=True,
        copy=False,
        groups="vshu_registry.group_staff,vshu_registry.group_administrator",
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

    @api.depends("kind")
    def _compute_is_legal(self):
        """Whether somebody represents the child follows from what they are to it, unless a paper says otherwise."""
        for record in self:
            record.is_legal = record.kind in LEGAL_KINDS

    @api.depends("is_legal")
    def _compute_may_receive_papers(self):
        """Papers go to those who represent the child by law; to others by an explicit act only."""
        for record in self:
            record.may_receive_papers = record.is_legal

    @api.constrains("is_legal", "may_receive_papers", "receive_number", "receive_date", "receive_attachment_ids")
    def _check_receive_paper(self):
        """Raise ValidationError where somebody without the legal right is to receive papers without a paper."""
        # sudo: whether the scan is there, for whoever changes the guardian
        for record in self.sudo():
            if record.may_receive_papers and not record.is_legal:
                if not record._has_receive_paper() or not record.receive_attachment_ids:
                    raise ValidationError(
                        self.env._(
                            "%(adult)s is no legal representative of %(student)s. Notices may be handed to them only "
                            "by a paper: open the guardian under “Students → Guardians” and enter its number, its date "
                            "and the scan, or take the tick “May receive papers” away.",
                            adult=record.partner_id.name,
                            student=record.student_id.name,
                        )
                    )
                if record.receive_date > self.env.company._vshu_today():
                    raise ValidationError(
                        self.env._(
                            "%(adult)s: the paper that allows them to receive papers is dated in the future. Check the "
                            "date.",
                            adult=record.partner_id.name,
                        )
                    )

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

    # -- CRUD --------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Enter guardians; notices that wait for somebody who may receive them are addressed to them."""
        records = super().create(vals_list)
        self.env["vshu.notice"]._follow_people(records.student_id)
        return records

    def write(self, vals):
        """Change guardians; notices that wait follow the rights of the adults at once."""
        students = self.student_id
        res = super().write(vals)
        if RIGHTS & vals.keys():
            self.env["vshu.notice"]._follow_people(students | self.student_id)
        return res

    def unlink(self):
        """Delete what was entered by mistake; notices that wait follow."""
        students = self.student_id
        res = super().unlink()
        self.env["vshu.notice"]._follow_people(students)
        return res

    # -- who answers, who receives -----------------------------------------------------------------------------------

    def _receives(self, date):
        """Tell whether papers may be handed to this adult on ``date``: the one place that says so.

        The link is in force, the contact is not archived, and the right is there by law or by a paper.
        """
        self.ensure_one()
        return bool(
            self.may_receive_papers
            and self._in_force_on(date)
            and self.partner_id.sudo().active  # sudo: whether the contact is archived
            and (self.is_legal or self._has_receive_paper())
        )

    def _receiving(self, date):
        """Return those to whom papers may be handed on ``date``."""
        return self.filtered(lambda link: link._receives(date))

    def _has_receive_paper(self):
        """Tell whether the paper is entered that lets somebody without the legal right receive papers."""
        self.ensure_one()
        return bool((self.receive_number or "").strip() and self.receive_date)

    def _on(self, date):
        """Return those who answer for the child on ``date``."""
        return self.filtered(lambda link: link._in_force_on(date))

    @api.model
    def _findings(self):
        """Return what the stricter rule on papers finds in earlier entries: adults who were told without a right."""
        today = self.env.company._vshu_today()
        links = self.search([("may_receive_papers", "=", True), ("is_legal", "=", False)])._on(today)
        return {"guardian_without_paper": links.filtered(lambda link: not link._has_receive_paper())}

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
