from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class VshuMerge(models.TransientModel):
    """Merges two entries of one child or adult: shows what comes together and what contradicts, then does it."""

    _name = "vshu.merge"
    _inherit = "vshu.link.mixin"
    _description = "Merge two entries of one person"

    kind = fields.Selection([("student", "Child"), ("adult", "Adult")], required=True, default="student")
    first_id = fields.Many2one("res.partner", string="Entry", required=True, ondelete="cascade")
    second_id = fields.Many2one(
        "res.partner",
        string="The other entry",
        required=True,
        ondelete="cascade",
        domain="[('id', '!=', first_id), ('is_company', '=', False)]",
    )
    keep = fields.Selection(
        [("first", "The first one"), ("second", "The second one")],
        string="Which is kept",
        required=True,
        default="first",
    )
    birth_from = fields.Selection(
        [("first", "Of the first one"), ("second", "Of the second one")], string="Right date of birth"
    )
    birth_differs = fields.Boolean(compute="_compute_preview")
    comparison = fields.Html(compute="_compute_preview", sanitize=False)
    problems = fields.Text(string="To be settled first", compute="_compute_preview")

    @api.depends("kind", "first_id", "second_id", "keep", "birth_from")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_preview(self):
        for dialog in self:
            dialog.update({"birth_differs": False, "comparison": False, "problems": False})
            first, second = dialog.first_id._origin, dialog.second_id._origin
            if not first or not second:
                continue
            try:
                (first | second)._vshu_check_merger()
            except AccessError:
                continue  # a dialog can be filled with any id: nothing is told of whom the user does not merge
            first, second = first.sudo(), second.sudo()  # sudo: the right was checked
            dates = {person.vshu_birth_date for person in (first, second) if person.vshu_birth_date}
            kept, gone = (first, second) if dialog.keep != "second" else (second, first)
            problems = kept._vshu_merge_problems(gone, dialog.kind, dialog._birth_date(first, second))
            names = ("", dialog._fields["first_id"]._description_string(self.env))
            rows = [(names[0], names[1], dialog._fields["second_id"]._description_string(self.env))]
            dialog.birth_differs = len(dates) > 1
            dialog.comparison = first._vshu_merge_table(
                rows + (first._vshu_merge_rows(second) if first != second else [])
            )
            dialog.problems = "\n".join(f"• {text}" for text in problems) or False

    def _birth_date(self, first, second):
        """Return the date of birth that was chosen, if any."""
        chosen = {"first": first, "second": second}.get(self.birth_from)
        return chosen.vshu_birth_date if chosen else False

    def action_merge(self):
        """Merge the two entries: everything goes to the one that is kept, the other one is archived and marked.

        Returns an act_window on the kept one. Raises AccessError but for the social pedagogue of their school,
        UserError that lists what contradicts; nothing is done then.
        """
        self.ensure_one()
        self.check_access("read")
        first, second = self.first_id, self.second_id
        (first | second)._vshu_check_merger()
        if len(first | second) < 2:
            raise UserError(self.env._("Choose two different entries."))
        kept, gone = (first, second) if self.keep == "first" else (second, first)
        # sudo: the right on both was checked; dates of birth are behind groups
        kept._vshu_merge(gone, self.kind, self._birth_date(first.sudo(), second.sudo()))
        if self.kind == "student":
            return kept.action_vshu_open_student()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": kept.id,
            "views": [(False, "form")],
        }


class VshuGuardian(models.Model):
    _inherit = "vshu.guardian"

    def action_vshu_merge(self):
        """Open “Merge two entries of one adult” for the adults of the chosen links. Returns the dialog.

        Raises AccessError but for the social pedagogue, UserError where they are not one or two.
        """
        self.check_access("read")
        return self.partner_id.action_vshu_merge()
