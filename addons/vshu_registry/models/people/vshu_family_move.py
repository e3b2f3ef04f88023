from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.guard import guarded, without_defaults

#: reasons after which the adult stays mother or father, without the right to represent the child
KEEPS_KIN = ("limited",)
#: who represents the child by what they are; others do by a paper, which somebody enters
LEGAL_KINDS = ("mother", "father", "guardian", "trustee", "foster_parent")
MOVE_REASONS = [
    ("custody", "The child lives with another parent or guardian"),
    ("guardianship", "Guardianship was set up or handed over"),
    ("ended", "Guardianship has ended"),
    ("limited", "Parental rights were limited"),
    ("deprived", "Parental rights were taken away"),
    ("died", "The parent or guardian has died"),
    ("family", "The child has gone to another family"),
    ("other", "Another reason"),
]


class VshuFamilyMove(models.Model):
    """A child's guardians or family change on a day, for a reason, by a paper: who no longer answers, who does now.

    Making the record carries it out: links end the day before, the new one begins on the day, the child goes to the
    other family. It is never changed or deleted; whatever asks for guardians in force follows the dates.
    """

    _name = "vshu.family.move"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Change of guardian or family"
    _order = "date desc, id desc"

    student_id = fields.Many2one(
        "res.partner",
        string="Child",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('vshu_is_student', '=', True)]",
    )
    company_id = fields.Many2one(
        "res.company",
        string="School",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    also_ids = fields.Many2many(
        "res.partner",
        store=False,
        string="Also for",
        help="Brothers and sisters for whom the same adults end and begin.",
        domain="[('vshu_is_student', '=', True), ('id', '!=', student_id)]",
    )
    date = fields.Date(string="Since", required=True, default=lambda self: self.env.company._vshu_today())
    reason = fields.Selection(MOVE_REASONS, required=True)
    document = fields.Char(
        string="Paper", required=True, help="Court decision, order, certificate, application: number and date."
    )
    ended_ids = fields.Many2many(
        "vshu.guardian",
        "vshu_family_move_ended_rel",
        "move_id",
        "guardian_id",
        string="No longer",
        domain="[('student_id', '=', student_id), '|', ('date_to', '=', False), ('date_to', '>=', date)]",
    )
    partner_id = fields.Many2one("res.partner", string="Who answers now", ondelete="restrict")
    kind = fields.Selection(selection="_selection_kind", string="As")
    is_legal = fields.Boolean(
        string="Legal representative", compute="_compute_is_legal", store=True, readonly=False, precompute=True
    )
    may_receive_papers = fields.Boolean(
        string="May receive papers",
        compute="_compute_may_receive_papers",
        store=True,
        readonly=False,
        precompute=True,
    )
    started_id = fields.Many2one("vshu.guardian", string="New link", readonly=True, ondelete="set null")
    old_family_id = fields.Many2one("vshu.family", string="Family before", readonly=True, ondelete="restrict")
    family_id = fields.Many2one(
        "vshu.family", string="Goes to the family", ondelete="restrict", domain="[('company_id', '=', company_id)]"
    )

    @api.model
    def _selection_kind(self):
        return self.env["vshu.guardian"]._fields["kind"]._description_selection(self.env)

    @api.depends("kind")
    def _compute_is_legal(self):
        """As on the guardian: it follows from what they are to the child, unless the paper says otherwise."""
        for move in self:
            move.is_legal = move.kind in LEGAL_KINDS

    @api.depends("is_legal")
    def _compute_may_receive_papers(self):
        """As on the guardian: papers go to those who represent the child by law."""
        for move in self:
            move.may_receive_papers = move.is_legal

    @api.depends("date", "reason")
    def _compute_display_name(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for move in self:
            move.display_name = self.env._(
                "%(reason)s, %(date)s",
                reason=reasons.get(move.reason, ""),
                date=fields.Date.to_string(move.date) or "-",
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Carry changes out, for brothers and sisters as well where they are named.

        Returns the changes, those of the brothers and sisters not among them. Raises AccessError for whoever does not
        keep people's records, UserError and ValidationError in words where dates or people do not fit together.
        """
        self.env["res.partner"]._vshu_check_keeper()
        self = without_defaults(self, {"started_id", "old_family_id"})
        self._vshu_check_values(vals_list)
        own, more = [], []
        for vals in vals_list:
            vals = dict(vals)
            if not self.env.su and {"started_id", "old_family_id"} & vals.keys():
                raise AccessError(self.env._("What a change brings about is written by the change itself."))
            others = self._ids_of(vals.pop("also_ids", None)) - {vals.get("student_id")}
            own.append(self._with_family(vals))
            more += self._for_others(vals, others)
        moves = super().create(own + more)
        for move in moves:
            move._check()
        for move in moves:
            move._carry_out()
        return moves[: len(own)]

    def write(self, vals):
        """Changes of guardians stand as they are (UserError)."""
        if not self.env.su:
            self.check_access("read")
            raise UserError(self.env._("A change of guardian stands as it is: enter another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A change of guardian is never deleted: enter another one."))

    # -- helpers ---------------------------------------------------------------------------------------------------

    @api.model
    def _ids_of(self, commands):
        """Return the ids that commands of a Many2many name."""
        ids = set()
        for command in commands or ():
            if isinstance(command, int):
                ids.add(command)
            elif command[0] == 4:
                ids.add(command[1])
            elif command[0] == 6:
                ids.update(command[2])
        return ids

    def _with_family(self, vals):
        student = self.env["res.partner"].browse(vals.get("student_id"))
        student.check_access("read")
        # sudo: the family that the child belongs to; who moves children keeps people's records
        return {**vals, "old_family_id": student.sudo().vshu_family_id.id} if vals.get("family_id") else vals

    def _for_others(self, vals, student_ids):
        """Return the same change for brothers and sisters: links of the same adults end, where they have them."""
        guardians = self.env["vshu.guardian"]
        adults = guardians.browse(self._ids_of(vals.get("ended_ids"))).partner_id
        students = self.env["res.partner"].browse(sorted(student_ids))
        students.check_access("read")
        date = fields.Date.to_date(vals.get("date")) or self._vshu_today()
        links = guardians.search([("student_id", "in", students.ids), ("partner_id", "in", adults.ids)])
        result = []
        for student in students:
            mine = links.filtered(lambda g, s=student: g.student_id == s and g._in_force_on(date))
            result.append(
                self._with_family({**vals, "student_id": student.id, "ended_ids": [fields.Command.set(mine.ids)]})
            )
        return result

    def _check(self):
        """Raise ValidationError where the change says nothing, or people and dates do not fit together."""
        self.ensure_one()
        name = self.student_id.name
        if not self.student_id.vshu_is_student:
            raise ValidationError(self.env._("“%s” is no student: choose the child whose guardians change.", name))
        if self.date > self._vshu_today():
            raise ValidationError(
                self.env._("%s: a change of guardian is entered on its day, not before. Check the date.", name)
            )
        if not (self.document or "").strip():
            raise ValidationError(self.env._("%s: name the paper that the change follows from: number and date.", name))
        if not (self.ended_ids or self.partner_id or self.family_id):
            raise ValidationError(
                self.env._("%s: choose who no longer answers for the child, who does now, or the other family.", name)
            )
        if bool(self.partner_id) != bool(self.kind):
            raise ValidationError(self.env._("%s: choose both who answers for the child now and as what.", name))
        if self.partner_id and self.may_receive_papers and not self.is_legal:
            raise ValidationError(
                self.env._(
                    "%s is no legal representative: take the tick “May receive papers” away here. By what paper "
                    "notices may be handed to them is entered on the guardian afterwards.",
                    self.partner_id.name,
                )
            )
        for link in self.ended_ids:
            if link.student_id != self.student_id:
                raise ValidationError(
                    self.env._(
                        "%(adult)s is no parent or guardian of %(student)s.", adult=link.partner_id.name, student=name
                    )
                )
            if link.date_to and link.date_to < self.date:
                raise ValidationError(
                    self.env._(
                        "%(student)s: %(adult)s has not answered for the child since %(end)s already.",
                        student=name,
                        adult=link.partner_id.name,
                        end=fields.Date.to_string(link.date_to),
                    )
                )
            if link.date_from and link.date_from >= self.date:
                raise ValidationError(
                    self.env._(
                        "%(student)s: %(adult)s answers for the child since %(start)s only: the end cannot come before "
                        "the start.",
                        student=name,
                        adult=link.partner_id.name,
                        start=fields.Date.to_string(link.date_from),
                    )
                )
        if self.family_id and self.family_id == self.old_family_id:
            raise ValidationError(self.env._("%s belongs to this family already.", name))

    def _carry_out(self):
        self.ensure_one()
        day_before = self.date - timedelta(days=1)
        limited = self.ended_ids if self.reason in KEEPS_KIN else self.env["vshu.guardian"]
        self.ended_ids.write({"date_to": day_before, "end_reason": self.reason, "end_document": self.document})
        begin = [
            {
                **link.copy_data()[0],
                "is_legal": False,
                "may_receive_papers": False,
                "document": self.document,
                "date_from": self.date,
                "date_to": False,
            }
            for link in limited
        ]
        if self.partner_id:
            begin.append(
                {
                    "student_id": self.student_id.id,
                    "partner_id": self.partner_id.id,
                    "kind": self.kind,
                    "is_legal": self.is_legal,
                    "may_receive_papers": self.may_receive_papers,
                    "document": self.document,
                    "date_from": self.date,
                }
            )
        started = self.env["vshu.guardian"].create(begin)
        if self.partner_id:
            self.sudo().write({"started_id": started[-1].id})  # sudo: written by the change itself
        if self.family_id:
            guarded(self.student_id).write({"vshu_family_id": self.family_id.id})
            self._move_adults()
        elif self.reason not in KEEPS_KIN:
            self._part_adults()

    def _part_adults(self):
        """Whoever answers for no child of the family any more is no adult of it: a case of the family does not count
        them, and no paper of it goes to them. The change itself keeps who it was, since when, by which paper."""
        # sudo: the adults follow from the change; who enters it was checked
        family = self.student_id.sudo().vshu_family_id
        staying = family.member_ids.vshu_guardian_ids._on(self.date).partner_id
        gone = (self.ended_ids.partner_id & family.adult_ids) - staying
        if gone:
            family.write({"adult_ids": [fields.Command.unlink(adult.id) for adult in gone]})

    def _move_adults(self):
        """The adult who answers now belongs to the new family."""
        if self.partner_id and self.partner_id not in self.family_id.adult_ids:
            self.family_id.write({"adult_ids": [fields.Command.link(self.partner_id.id)]})
