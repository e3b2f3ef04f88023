from odoo import fields, models


class VshuViewers(models.TransientModel):
    """Answers "Who can see this?" for a case, by asking the access rules themselves for every user of the school."""

    _name = "vshu.viewers"
    _inherit = "vshu.link.mixin"
    _description = "Who can see this"

    case_id = fields.Many2one("vshu.case", required=True, readonly=True, ondelete="cascade")
    line_ids = fields.One2many("vshu.viewers.line", "viewers_id", readonly=True)


class VshuViewersLine(models.TransientModel):
    """One person who can see the case, and as what."""

    _name = "vshu.viewers.line"
    _inherit = "vshu.link.mixin"
    _description = "Person who can see this"

    viewers_id = fields.Many2one("vshu.viewers", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Person", required=True, ondelete="cascade")
    as_what = fields.Char(string="As")
    can_write = fields.Boolean(string="May change")


class VshuCase(models.Model):
    _inherit = "vshu.case"

    def action_who_can_see(self):
        """Show who can see the case and as what. Whoever may read the case may ask. Returns a dialog."""
        self.ensure_one()
        self.check_access("read")
        viewers = self.env["vshu.viewers"].create({"case_id": self.id, "line_ids": self._viewer_lines()})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who can see this?"),
            "res_model": "vshu.viewers",
            "res_id": viewers.id,
            "view_mode": "form",
            "target": "new",
        }

    def _viewer_lines(self):
        """Return create commands of the people who can read the case, found by the rules themselves."""
        self.ensure_one()
        staff = self.env.ref("vshu_registry.group_staff")
        company = self.sudo().company_id  # sudo: which school it is
        # sudo: whom to ask the rules about
        users = staff.sudo().all_user_ids.filtered(lambda user: company in user.company_ids and user.active)
        labels = {
            role.code: role.name
            for role in self.env["vshu.role"].sudo().search([])  # sudo: names of the roles
        }
        lines = []
        for user in users.sorted("name"):
            case = self.with_user(user).with_company(company).with_context(allowed_company_ids=company.ids)
            if not case.has_access("read"):
                continue
            codes = case._my_roles_by_case()[self.id]
            lines.append(
                (
                    0,
                    0,
                    {
                        "user_id": user.id,
                        "as_what": ", ".join(labels[code] for code in sorted(codes) if code in labels),
                        "can_write": case.has_access("write"),
                    },
                )
            )
        return lines
