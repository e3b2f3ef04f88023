from odoo import fields, models
from odoo.fields import Command


class VshuViewers(models.TransientModel):
    """Answers "Who can see this?" for a case or a sealed paper, by asking the rules themselves for every user."""

    _name = "vshu.viewers"
    _inherit = "vshu.link.mixin"
    _description = "Who can see this"

    case_id = fields.Many2one("vshu.case", readonly=True, ondelete="cascade")
    sealed_id = fields.Many2one("vshu.sealed", string="Sealed paper", readonly=True, ondelete="cascade")
    line_ids = fields.One2many("vshu.viewers.line", "viewers_id", readonly=True)

    def _show(self, vals):
        viewers = self.create(vals)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who can see this?"),
            "res_model": self._name,
            "res_id": viewers.id,
            "view_mode": "form",
            "target": "new",
        }

    def _lines(self, record, case):
        """Return create commands of the people who can read ``record``, which belongs to ``case``."""
        record.ensure_one()
        staff = self.env.ref("vshu_registry.group_staff")
        company = record.sudo().company_id  # sudo: which school it is
        # sudo: whom to ask the rules about
        users = staff.sudo().all_user_ids.filtered(lambda user: company in user.company_ids and user.active)
        labels = {
            role.code: role.name
            for role in self.env["vshu.role"].sudo().search([])  # sudo: names of the roles
        }
        author = record.sudo().user_id if record._name == "vshu.sealed" else None  # sudo: who wrote it
        lines = []
        for user in users.sorted("name"):
            seen = record.with_user(user).with_company(company).with_context(allowed_company_ids=company.ids)
            if not seen.has_access("read"):
                continue
            mine = case.with_env(seen.env)._my_roles_by_case()[case.id]
            words = [labels[code] for code in sorted(mine) if code in labels]
            if user == author:
                words.insert(0, self.env._("Author"))
            lines.append(
                Command.create({"user_id": user.id, "as_what": ", ".join(words), "can_write": seen.has_access("write")})
            )
        return lines


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
        return self.env["vshu.viewers"]._show({"case_id": self.id, "line_ids": self._viewer_lines()})

    def _viewer_lines(self):
        """Return create commands of the people who can read the case, found by the rules themselves."""
        return self.env["vshu.viewers"]._lines(self, self)


class VshuSealed(models.Model):
    _inherit = "vshu.sealed"

    def action_who_can_see(self):
        """Show who can read the sealed paper and as what. Whoever may read it may ask. Returns a dialog."""
        self.ensure_one()
        self.check_access("read")
        lines = self.env["vshu.viewers"]._lines(self, self.sudo().case_id)  # sudo: whose roles are looked up
        return self.env["vshu.viewers"]._show({"sealed_id": self.id, "line_ids": lines})
