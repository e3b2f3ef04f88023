from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.dated import in_force
from ...tools.in_use import refuse_if_used
from ...tools.states import STAY_STATES
from ..mixins.vshu_kept_mixin import may_delete


class VshuFamily(models.Model):
    """A family as the register deals with it (RU-3.3): children of the school, adults, where they live."""

    _name = "vshu.family"
    _inherit = "vshu.link.mixin"
    _description = "Family"
    _check_company_auto = True
    _order = "name, id"

    name = fields.Char(required=True, help="How the school calls the family, usually a surname.")
    company_id = fields.Many2one(
        "res.company",
        string="School",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="restrict",
    )
    active = fields.Boolean(default=True)
    member_ids = fields.One2many(
        "res.partner",
        "vshu_family_id",
        string="Children",
        domain=[("vshu_is_student", "=", True)],
    )
    member_count = fields.Integer(string="Children of the school", compute="_compute_member_count", compute_sudo=True)
    adult_ids = fields.Many2many("res.partner", "vshu_family_adult_rel", "family_id", "partner_id", string="Adults")
    address = fields.Text(string="Lives at")
    registered_address = fields.Text(string="Registered at")
    note = fields.Text()
    category_ids = fields.One2many("vshu.category.entry", "family_id", string="Social categories")
    external_record_ids = fields.One2many("vshu.external.record", "family_id", string="Outside registers")

    @api.depends("name")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        """The name for those who may read the family: the web client asks for names of Many2one fields in sudo."""
        # a family on the form of a student tells of the family: its name is not for everybody who sees the student
        readable = self if self.env.uid == SUPERUSER_ID else self._origin.sudo(False)._filtered_access("read")
        known = set(readable.ids)
        for family in self:
            hidden = family._origin and family._origin.id not in known and self.env.uid != SUPERUSER_ID
            family.display_name = self.env._("Family") if hidden else family.name

    @api.depends("member_ids")
    def _compute_member_count(self):
        counts = dict(
            self.env["res.partner"]._read_group([("vshu_family_id", "in", self.ids)], ["vshu_family_id"], ["__count"])
        )
        for family in self:
            family.member_count = counts.get(family._origin, 0)

    @api.onchange("member_ids")
    def _onchange_member_ids(self):
        """Offer the guardians of the children as adults of the family."""
        today = self._vshu_today()
        self.adult_ids |= self.member_ids.vshu_guardian_ids._on(today).partner_id

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        # entries of the family's own card go with it
        refuse_if_used(self)
        # sudo: that there are children forbids it; they are told to nobody
        if not may_delete(self.env) and (full := self.sudo().with_context(active_test=False).filtered("member_ids")):
            raise UserError(
                self.env._("“%s” cannot be deleted: children belong to it. Archive it instead.", full[0].display_name)
            )

    def _receivers(self, date):
        """Return the adults of the families who may be handed papers on ``date``: those with a right to it for one of
        its children, as for the child itself. Where no adult of the family has it, who else has it for the children."""
        lawful = self.member_ids.vshu_guardian_ids._receiving(date).partner_id
        return (self.adult_ids & lawful) or lawful

    @api.model
    def _with_enrolled_on(self, company, date):
        """Return the families of ``company`` with at least one child enrolled in it on ``date``."""
        enrolled = Domain("company_id", "=", company.id) & in_force(date)
        return self.search(
            Domain("company_id", "=", company.id)
            & Domain("member_ids", "any!", Domain("vshu_enrollment_ids", "any!", enrolled))
        )

    @api.model
    def _findings(self):
        """Return what the stricter rule on papers finds in earlier entries: families on the register with an adult who
        has no right to papers for any of the children, and was told before."""
        today = self.env.company._vshu_today()
        families = self.search([("case_ids", "any", [("state", "in", STAY_STATES)])])
        return {"family_adult_without_right": families.filtered(lambda f: f.adult_ids - f._receivers(today))}
