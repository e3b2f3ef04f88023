from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

#: how an entry sounds; a talk can be any of the three
TONES = [("positive", "Positive"), ("neutral", "Neutral"), ("concern", "Concern")]
#: icons that a kind can have, the same in every language
ICONS = [
    ("fa-comments-o", "Talk"),
    ("fa-phone", "Phone"),
    ("fa-users", "People"),
    ("fa-home", "House"),
    ("fa-eye", "Eye"),
    ("fa-exclamation-triangle", "Warning"),
    ("fa-handshake-o", "Handshake"),
    ("fa-star", "Star"),
    ("fa-balance-scale", "Scales"),
    ("fa-futbol-o", "Ball"),
    ("fa-lightbulb-o", "Lamp"),
    ("fa-globe", "Globe"),
    ("fa-book", "Book"),
    ("fa-gavel", "Council"),
    ("fa-pencil-square-o", "Note"),
]


class VshuInterventionKind(models.Model):
    """What was done with a child or family: a talk, a call, a visit, praise … (RU-5.4, RU-N6, KZ-14).

    Kinds that ship are shared by all schools and read-only; a school adds its own, and hides those that it does not
    use on its form.
    """

    _name = "vshu.intervention.kind"
    _inherit = ["vshu.shared.mixin", "vshu.clause.mixin"]
    _description = "Kind of entry"

    code = fields.Char(help="Stays the same when the name changes; kinds of a school need none.")
    clause = fields.Char(string="Clause identifier", help="The clause that asks for it, where one does.")
    tone = fields.Selection(TONES, required=True, default="neutral", help="What an entry of this kind starts with.")
    icon = fields.Selection(ICONS, required=True, default="fa-pencil-square-o")
    color = fields.Integer(default=0)
    in_use = fields.Boolean(compute="_compute_in_use", search="_search_in_use", help="Not hidden by the school.")

    _code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), code) WHERE code IS NOT NULL", "There is a kind of entry with this code already."
    )

    @api.depends_context("allowed_company_ids")
    def _compute_in_use(self):
        hidden = self._hidden_ids(self.env.company.id)
        for kind in self:
            kind.in_use = kind.id not in hidden

    def _search_in_use(self, operator, value):
        if operator != "in":
            return NotImplemented
        hidden = Domain("id", "in", self._hidden_ids(self.env.company.id))
        return ~hidden if True in value else hidden

    @api.model
    @tools.ormcache("company_id")
    def _hidden_ids(self, company_id):
        """Return the ids of the kinds that the school of a company hides."""
        schools = self.env["vshu.school"].sudo()  # sudo: which kinds a school uses is no secret
        return frozenset(schools.browse(schools._id_for_company(company_id)).hidden_kind_ids.ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        # sudo: an entry that the user may not see still forbids the deletion; only the fact is told
        used = self.env["vshu.intervention"].sudo().search([("kind_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._("Entries are of the kind “%s”: archive it instead of deleting it.", used.kind_id.name)
            )

    def _shipped_message(self):
        return self.env._(
            "“%s” comes with the program. Hide it on the form of the school and add a kind of your own.", self.name
        )
