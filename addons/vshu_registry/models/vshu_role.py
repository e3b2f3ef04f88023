from odoo import api, fields, models


class VshuRole(models.Model):
    """A role of the regulations (class teacher, keeper, head …), named by rules, routes and clocks.

    A role with a group is held by the users of that group; a role without one (curator, author)
    is held through the record in question. Standing in for a person gives the role between two dates.
    """

    _name = "vshu.role"
    _description = "Role in the prevention work"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    group_id = fields.Many2one("res.groups", string="User group", ondelete="restrict")
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "There is already a role with this code.")

    @api.model
    def _my_roles(self, companies):
        """Return {company id: set of role codes} that the user holds today, by groups and as a stand-in.

        Companies that the user is not allowed in give an empty set. Two queries, whatever the number of companies.
        """
        user = self.env.user
        allowed = companies & user.company_ids
        own_groups = set(user.all_group_ids.ids)
        by_group = {
            role.code
            for role in self.sudo().search([("group_id", "!=", False)])  # sudo: the list of roles is no secret
            if role.group_id.id in own_groups
        }
        result = {company.id: set(by_group) for company in allowed}
        standins = self.env["vshu.standin"].sudo()._active(allowed.ids, fields.Date.context_today(self))
        for standin in standins:
            if standin.user_id == user:
                result[standin.company_id.id].add(standin.role_id.code)
        return result

    @api.model
    def _my_classes(self):
        """Return the ids of the classes whose class teacher the user is today, stand-ins included."""
        today = fields.Date.context_today(self)
        teachers = (
            self.env["vshu.class.teacher"]
            .sudo()  # sudo: only the user's own classes are looked up
            .search(
                [
                    ("employee_id.user_id", "=", self.env.uid),
                    ("date_from", "<=", today),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", today),
                ]
            )
        )
        standins = self.env["vshu.standin"].sudo()._active(self.env.user.company_ids.ids, today)
        mine = standins.filtered(lambda s: s.user_id == self.env.user and s.role_id.code == "class_teacher")
        return set(teachers.class_id.ids) | set(mine.class_id.ids)
