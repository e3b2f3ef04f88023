from odoo import api, fields, models
from odoo.exceptions import ValidationError


class VshuFamilyPerson(models.Model):
    """Somebody of a family who is no student of the school: another child, who else lives there (RU-A5)."""

    _name = "vshu.family.person"
    _inherit = ["vshu.kept.mixin", "vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Person of a family"
    _order = "role, birth_year, id"

    family_id = fields.Many2one("vshu.family", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="family_id.company_id", store=True, index=True)
    role = fields.Selection(
        [("child", "Child"), ("resident", "Lives with the family")], string="Who", required=True, default="child"
    )
    name = fields.Char(string="Full name", required=True)
    birth_year = fields.Integer(string="Year of birth", aggregator=None)
    place = fields.Char(string="Where they study or work", help="Nursery, school, college, work, at home.")
    status = fields.Char(string="Social status", help="Of a child: disability, guardianship …; of others: kinship.")

    @api.depends("role")
    def _compute_display_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        for person in self:
            person.display_name = roles.get(person.role, "")

    @api.constrains("name", "birth_year")
    def _check_person(self):
        for person in self:
            this_year = person._vshu_today().year
            if not (person.name or "").strip():
                raise ValidationError(self.env._("Write the name of everybody on the card of the family."))
            if person.birth_year and not 1900 <= person.birth_year <= this_year:
                raise ValidationError(
                    self.env._(
                        "%(name)s: %(year)s cannot be a year of birth. Write it with four digits.",
                        name=person.name,
                        year=person.birth_year,
                    )
                )
