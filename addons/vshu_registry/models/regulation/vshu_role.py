from odoo import api, fields, models, tools
from odoo.exceptions import AccessError

from ...tools.in_use import refuse_if_used


class VshuRole(models.Model):
    """A role of the regulations (class teacher, keeper, head …), named by rules, routes and clocks.

    A role with a group is held by the users of that group; a role without one (curator, author)
    is held through the record in question. Standing in for a person gives the role between two dates.
    """

    _name = "vshu.role"
    _inherit = "vshu.name.mixin"
    _description = "Role in the prevention work"
    _order = "sequence, id"

    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    group_id = fields.Many2one("res.groups", string="User group", ondelete="restrict")
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "There is already a role with this code.")

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        refuse_if_used(self)

    def write(self, vals):
        """Change roles; they are shared by all schools, the addon's data alone changes them (AccessError)."""
        if not self.env.su:
            raise AccessError(
                self.env._("Roles are shared by all schools: give people their role on the form of the user instead.")
            )
        return super().write(vals)

    @api.model
    @tools.ormcache()
    def _group_codes(self):
        """Return the pairs (group id, role code) of the roles that are held by a group."""
        # sudo: the list of roles is no secret
        roles = self.with_env(self.env(su=True, context={})).search([("group_id", "!=", False)])
        return tuple((role.group_id.id, role.code) for role in roles)

    @api.model
    def _my_roles(self, companies):
        """Return {company id: set of role codes} that the user holds today, by groups and as a stand-in.

        Companies that the user is not allowed in give an empty set. No query: see ``vshu.standin``.
        """
        user = self.env.user
        allowed = set(companies.ids).intersection(user._get_company_ids())
        own_groups = set(user._get_group_ids())
        by_group = {code for group_id, code in self._group_codes() if group_id in own_groups}
        result = {company_id: set(by_group) for company_id in companies.ids if company_id in allowed}
        standins = self.env["vshu.standin"]
        for _id, company_id, role_code, _class_id, *days in standins._rows_of_user():
            if company_id in result and standins._is_today(company_id, *days):
                result[company_id].add(role_code)
        return result

    @api.model
    def _my_classes(self):
        """Return the ids of the classes whose class teacher the user is today, stand-ins included."""
        return {class_id for class_id, _company_id in self.env["vshu.class"]._mine_today()}
