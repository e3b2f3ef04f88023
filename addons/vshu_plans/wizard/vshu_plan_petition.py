from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.plan.vshu_plan_flow import OFFICE


class VshuPlanPetition(models.TransientModel):
    """Offers the letters whose condition holds for a case; those that are picked are drafted (KZ-17)."""

    _name = "vshu.plan.petition"
    _inherit = "vshu.link.mixin"
    _description = "Letters after the parents refused"

    case_id = fields.Many2one("vshu.case", required=True, readonly=True, ondelete="cascade")
    allowed_kind_ids = fields.Many2many("vshu.petition.kind", compute="_compute_allowed_kind_ids")
    kind_ids = fields.Many2many(
        "vshu.petition.kind",
        "vshu_plan_petition_kind_rel",
        "dialog_id",
        "kind_id",
        string="Letters",
        domain="[('id', 'in', allowed_kind_ids)]",
    )
    missing_text = fields.Text(string="Not offered", compute="_compute_allowed_kind_ids")

    @api.depends("case_id")
    def _compute_allowed_kind_ids(self):
        for dialog in self:
            case = dialog.case_id
            # only for those who draft letters: what is on record of the parents is told by what is offered
            roles = case._my_roles_by_case().get(case.id, set()) if case else set()
            readable = case.has_access("read") and (self.env.su or roles & OFFICE)
            kinds = case._petition_kinds() if readable else case.env["vshu.petition.kind"]
            dialog.allowed_kind_ids = kinds
            dialog.missing_text = dialog._why_not(case, kinds) if readable else False

    def _why_not(self, case, kinds):
        """Return why the other letters to the commission are not offered, a line each (KZ-17)."""
        others = case.sudo().regulation_id.petition_kind_ids - kinds  # sudo: a catalogue
        lines = []
        for kind in others.filtered(lambda k: k.needs_refusal or k.needs_no_measures):
            problems = case._petition_problems(kind)
            lines.append(f"{kind.display_name}: {'; '.join(problems)}")
        return "\n".join(lines) or False

    @api.model
    def _open(self, case):
        """Return the dialog for ``case``; AccessError for who drafts no letters."""
        case.action_petition()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letters to outside bodies"),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_case_id": case.id},
        }

    def action_confirm(self):
        """Draft the letters that were picked, each only where its condition holds (KZ-17).

        Returns an act_window on them. Raises AccessError for who drafts no letters, UserError where none is picked or a
        condition does not hold.
        """
        self.ensure_one()
        case = self.case_id
        case.action_petition()
        kinds = self.sudo().kind_ids.with_env(self.env)  # sudo: the ids alone, a catalogue
        if not kinds:
            raise UserError(self.env._("Pick the letters that are to be written."))
        for kind in kinds:
            problems = case._petition_problems(kind)
            if problems:
                raise UserError(
                    self.env._(
                        "“%(kind)s” (%(clause)s) is not written yet:\n%(problems)s",
                        kind=kind.display_name,
                        clause=kind.clause_text or "-",
                        problems="\n".join(f"• {problem}" for problem in problems),
                    )
                )
        self.env["vshu.petition"].create([{"case_id": case.id, "kind_id": kind.id} for kind in kinds])
        return case.action_open_petitions()
