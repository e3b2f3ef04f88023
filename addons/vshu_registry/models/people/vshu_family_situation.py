from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.guard import without_defaults


class VshuFamilySituation(models.Model):
    """How it stands in a family, socially and psychologically, as seen on a day (RU-A5, last heading).

    A model of its own, since hiding a field would not do: read by the psychologist, those who keep the register and the
    curator of an open case of the family.
    """

    _name = "vshu.family.situation"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Situation in a family"
    _order = "date desc, id desc"

    family_id = fields.Many2one("vshu.family", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="family_id.company_id", store=True, index=True)
    date = fields.Date(string="Seen on", required=True, default=lambda self: self.env.company._vshu_today())
    text = fields.Text(string="Situation in the family", required=True)
    author_id = fields.Many2one(
        "res.users", string="Written by", required=True, readonly=True, default=lambda self: self.env.user
    )

    @api.depends("date")
    def _compute_display_name(self):
        for record in self:
            record.display_name = fields.Date.to_string(record.date) or ""

    @api.constrains("date", "text")
    def _check_content(self):
        for record in self:
            today = record._vshu_today()
            if record.date > today:
                raise ValidationError(
                    self.env._("The situation in a family is described as it was seen: the date lies in the future.")
                )
            if not (record.text or "").strip():
                raise ValidationError(self.env._("Describe the situation in the family in a few words."))

    @api.model_create_multi
    def create(self, vals_list):
        """Describe situations; the author is whoever is logged in."""
        if not self.env.su:
            self = without_defaults(self, {"author_id"})
            for vals in vals_list:
                vals["author_id"] = self.env.uid
        return super().create(vals_list)

    def write(self, vals):
        """Change a description; the family and the author stay (AccessError)."""
        if {"author_id", "family_id"} & vals.keys() and not self.env.su:
            raise AccessError(self.env._("Who has described which family stays as it is: write a new description."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was seen in a family stays on record: write a new description."))
