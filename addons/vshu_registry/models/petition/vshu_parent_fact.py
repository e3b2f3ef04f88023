from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.states import OVER_STATES

FACTS = [
    ("refused", "They refuse the help that the school offers"),
    ("no_measures", "They take no measures"),
    ("harm", "They neglect their duties, influence the child badly or treat it cruelly"),
    ("no_contact", "No contact, nobody knows where the family is"),
]


class VshuParentFact(models.Model):
    """What was found out about the parents of a case: they refuse help, take no measures … (KZ-17, RU-N2.2, RU-N2.5).

    Petitions rest on these facts. A fact stays as it was recorded; when it is no longer so, it gets a last day.
    """

    _name = "vshu.parent.fact"
    _inherit = ["vshu.kept.mixin", "vshu.rule.mixin", "vshu.link.mixin"]
    _description = "What is on record of the parents"
    _check_company_auto = True
    _order = "date desc, id desc"

    case_id = fields.Many2one("vshu.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    kind = fields.Selection(FACTS, string="What", required=True, default="refused")
    date = fields.Date(required=True, default=lambda self: self.env.company._vshu_today())
    partner_ids = fields.Many2many(
        "res.partner", string="Who", domain="[('id', 'in', adult_ids)]", help="The parents or guardians concerned."
    )
    adult_ids = fields.Many2many("res.partner", compute="_compute_adult_ids")
    witness_id = fields.Many2one("hr.employee", string="First witness", check_company=True, ondelete="restrict")
    witness2_id = fields.Many2one("hr.employee", string="Second witness", check_company=True, ondelete="restrict")
    note = fields.Text(
        string="What was offered or seen", required=True, help="What was offered, when and how; what was seen since."
    )
    date_to = fields.Date(string="No longer so since", copy=False)
    end_note = fields.Char(string="Why no longer", copy=False)
    user_id = fields.Many2one(
        "res.users", string="Recorded by", default=lambda self: self.env.user, readonly=True, ondelete="restrict"
    )

    @api.depends("case_id")
    def _compute_adult_ids(self):
        for fact in self:
            today = fact._vshu_today()
            # with the reader's rights: the dialog can be filled with any case
            fact.adult_ids = fact.case_id._adults_on(today)

    @api.depends("kind", "date")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for fact in self:
            fact.display_name = f"{labels.get(fact.kind, '')}, {fields.Date.to_string(fact.date) or '-'}"

    @api.constrains("kind", "date", "date_to", "partner_ids", "witness_id", "witness2_id", "note")
    def _check_fact(self):
        for fact in self:
            today = fact._vshu_today()
            if fact.date > today or (fact.date_to and fact.date_to > today):
                raise ValidationError(
                    self.env._("“%s”: the date lies in the future. Enter the day on which it was.", fact.display_name)
                )
            if fact.date_to and fact.date_to < fact.date:
                raise ValidationError(
                    self.env._("“%s”: it cannot end before the day on which it was recorded.", fact.display_name)
                )
            if not (fact.note or "").strip():
                raise ValidationError(self.env._("“%s”: write what was offered, or what was seen.", fact.display_name))
            # sudo: who are the guardians; the link is what is checked
            foreign = fact.sudo().partner_ids - fact.sudo().case_id._adults_on(fact.date)
            if foreign:
                raise ValidationError(
                    self.env._(
                        "“%s”: choose among the parents and guardians of the child; enter them on the student first.",
                        fact.display_name,
                    )
                )
            if fact.kind == "refused":
                fact._check_refusal()

    def _check_refusal(self):
        if not self.partner_ids:
            raise ValidationError(self.env._("“%s”: say who of the parents refused.", self.display_name))
        if not self.witness_id or not self.witness2_id:
            raise ValidationError(
                self.env._("“%s”: a refusal is recorded before two witnesses; name both.", self.display_name)
            )
        if self.witness_id == self.witness2_id:
            raise ValidationError(
                self.env._("“%s”: the two witnesses are one and the same person; name two.", self.display_name)
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Record facts; raises UserError where the case is over. The one who records is who is logged in."""
        for vals in vals_list:
            vals["user_id"] = self.env.uid
        facts = super().create(vals_list)
        facts._check_open()
        return facts

    def write(self, vals):
        """Set the day since when it is no longer so; what was recorded stays as it was (UserError)."""
        self.check_access("write")
        if vals.keys() - {"date_to", "end_note"}:
            raise UserError(
                self.env._("What is on record of the parents stays as it is: end it by its last day, record the new.")
            )
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        for fact in self:
            # sudo: that a letter was sent, nothing of it
            if fact.sudo().case_id.petition_ids.filtered(lambda p: p.state != "draft"):
                raise UserError(
                    self.env._(
                        "“%s”: a petition has been sent since. It stays on record; end it by its last day.",
                        fact.display_name,
                    )
                )

    def _check_open(self):
        for fact in self:
            # sudo: the state of the case
            if fact.sudo().case_id.state in OVER_STATES:
                raise UserError(self.env._("The case is over and stays as it is."))
