from odoo import api, fields, models, tools
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...tools.dated import in_force
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

        Companies that the user is not allowed in give an empty set. One query, whatever the number of companies.
        """
        user = self.env.user
        allowed = set(companies.ids).intersection(user._get_company_ids())
        own_groups = set(user._get_group_ids())
        by_group = {code for group_id, code in self._group_codes() if group_id in own_groups}
        result = {company_id: set(by_group) for company_id in companies.ids if company_id in allowed}
        # sudo: where the user stands in themselves
        standins = (
            self.env["vshu.standin"]
            .sudo()
            .search_fetch(
                Domain("user_id", "=", user.id)
                & Domain("company_id", "in", list(allowed))
                & self.env["vshu.school"]._by_day(in_force),
                ["company_id", "role_code"],
            )
        )
        for standin in standins:
            result[standin.company_id.id].add(standin.role_code)
        return result

    @api.model
    def _my_classes(self):
        """Return the ids of the classes whose class teacher the user is today, stand-ins included."""
        mine = Domain("user_id", "=", self.env.uid)
        today = self.env["vshu.school"]._by_day(in_force, "class_id.company_id")
        # sudo: only the user's own classes are looked up
        teachers = self.env["vshu.class.teacher"].sudo().search_fetch(mine & today, ["class_id"])
        # sudo: see above
        standins = (
            self.env["vshu.standin"]
            .sudo()
            .search_fetch(mine & today & Domain("role_code", "=", "class_teacher"), ["class_id"])
        )
        return set(teachers.class_id.ids) | set(standins.class_id.ids)
