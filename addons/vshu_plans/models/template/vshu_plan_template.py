from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class VshuPlanTemplate(models.Model):
    """What a plan begins with: goals and concrete measures for the grounds that it fits (KZ-14, KZ-15).

    Those that come with the program are read-only; a school makes its own version, which takes the place of the one
    that it was made from.
    """

    _name = "vshu.plan.template"
    _inherit = "vshu.shared.mixin"
    _description = "Template of a plan"
    _check_company_auto = True

    code = fields.Char(readonly=True, copy=False)
    description = fields.Text(translate=True, help="For whom it is, in a sentence.")
    ground_ids = fields.Many2many(
        "vshu.ground",
        string="Grounds",
        help="Grounds that it fits; those of a school's own version of the regulation count by their code.",
    )
    goal_ids = fields.One2many("vshu.plan.template.goal", "template_id", string="Goals", copy=True)
    line_ids = fields.One2many("vshu.plan.template.line", "template_id", string="Measures", copy=True)
    line_count = fields.Integer(string="Measures in all", compute="_compute_line_count")
    replaces_id = fields.Many2one(
        "vshu.plan.template",
        string="Takes the place of",
        readonly=True,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        help="The template that the school's own version was made from.",
    )

    _one_own = models.UniqueIndex(
        "(company_id, replaces_id) WHERE active AND replaces_id IS NOT NULL",
        "The school has its own version of this template already: change that one.",
    )

    @api.depends("line_ids")
    def _compute_line_count(self):
        for template in self:
            template.line_count = len(template.line_ids)

    def _shipped_message(self):
        self.ensure_one()
        return self.env._(
            "“%s” comes with the program and is read-only. Open it, choose “Make our own version” and change that.",
            self.name,
        )

    def action_make_own(self):
        """Copy the template for the user's school and open the copy, which is used in its place from now on.

        Returns an act_window on it. Raises AccessError for whoever keeps no templates, UserError where the school has
        its own version already.
        """
        self.ensure_one()
        self.check_access("read")
        self.browse().check_access("create")
        own = self._own_versions(self.env.company)
        if own:
            raise UserError(
                self.env._("The school has its own version of “%s” already: open and change that one.", self.name)
            )
        copy = self.copy({"company_id": self.env.company.id, "replaces_id": self.id, "name": self.name})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": copy.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _own_versions(self, company):
        """Return the versions of these templates that the school of ``company`` has made for itself."""
        return self.search([("replaces_id", "in", self.ids), ("company_id", "=", company.id)])

    @api.model
    def _for_school(self, company):
        """Return the templates that a school uses: its own, and those that it has put nothing in the place of."""
        templates = self.search(Domain("company_id", "in", (False, company.id)))
        return templates - templates.replaces_id

    @api.model
    def _for_grounds(self, company, grounds):
        """Return the templates of a school that fit one of ``grounds``, those of the first ground first (KZ-14)."""
        templates = self._for_school(company)
        result = self.browse()
        for ground in grounds:
            result |= templates.filtered(
                lambda template, g=ground: any(
                    fit == g or (fit.code == g.code and fit.kind == g.kind and fit._country() == g._country())
                    for fit in template.ground_ids
                )
            )
        return result


class VshuGround(models.Model):
    _inherit = "vshu.ground"

    def _country(self):
        """Return the country of the regulation that the ground belongs to."""
        self.ensure_one()
        return self.sudo().regulation_id.country_id  # sudo: a catalogue
