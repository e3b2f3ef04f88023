from odoo import api, fields, models
from odoo.exceptions import UserError


class VshuReason(models.TransientModel):
    """Asks for the reason (and, where needed, the case) before a signal is dismissed or joined, an entry annulled, or
    a sealed paper opened or corrected."""

    _name = "vshu.reason"
    _inherit = "vshu.link.mixin"
    _description = "Reason"

    signal_id = fields.Many2one("vshu.signal", ondelete="cascade")
    case_id = fields.Many2one("vshu.case", ondelete="cascade")
    document_id = fields.Many2one("vshu.document", ondelete="cascade")
    sealed_id = fields.Many2one("vshu.sealed", string="Sealed paper", ondelete="cascade")
    action = fields.Selection(
        [
            ("dismiss", "Dismiss the signal"),
            ("join", "Join to a case"),
            ("annul", "Annul the entry"),
            ("propose", "Propose the removal"),
            ("absence", "There is no such paper"),
            ("open_sealed", "Open the sealed paper"),
            ("correct_sealed", "Correct the sealed paper"),
        ],
        required=True,
        readonly=True,
    )
    # with the reader's rights: a dialog can be filled with any id and asked for what follows from it
    student_id = fields.Many2one(related="signal_id.student_id", related_sudo=False)
    family_id = fields.Many2one(related="signal_id.family_id", related_sudo=False)
    target_case_id = fields.Many2one(
        "vshu.case",
        string="Join to",
        domain="[('student_id', '=', student_id), ('family_id', '=', family_id),"
        " ('state', 'not in', ('closed', 'declined', 'annulled'))]",
    )
    allowed_reason_ids = fields.Many2many(related="case_id.allowed_reason_ids", related_sudo=False)
    removal_reason_id = fields.Many2one(
        "vshu.removal.reason", string="Why", domain="[('id', 'in', allowed_reason_ids)]"
    )
    reason = fields.Text()

    @api.model
    def _open(self, action, **links):
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["action"]._description_selection(self.env))[action],
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_action": action, **{f"default_{name}": value for name, value in links.items()}},
        }

    def action_confirm(self):
        """Do what the dialog was opened for; the record's own method checks role, state and reason.

        Returns the form of a sealed paper, else an action that closes the dialog. Raises AccessError and UserError as
        those methods do (KZ-4, RU-5.2), UserError for a sealed paper without a reason.
        """
        self.ensure_one()
        if self.action == "correct_sealed":
            return self.sealed_id._correct(self.reason)
        if self.action == "open_sealed":
            if not (self.reason or "").strip():
                raise UserError(self.env._("%s: write why you open it.", self.sealed_id.display_name))
            return self.sealed_id._open(self.reason)
        if self.action == "annul":
            self.case_id._annul(self.reason)
        elif self.action == "propose":
            self.case_id._propose_removal(self.removal_reason_id)
        elif self.action == "absence":
            self.document_id._accept_absence(self.reason)
        elif self.action == "dismiss":
            self.signal_id._dismiss(self.reason)
        elif not self.target_case_id:
            raise UserError(self.env._("Choose the case that the signal is joined to."))
        else:
            self.signal_id._join(self.target_case_id)
        return {"type": "ir.actions.act_window_close"}


class VshuSignal(models.Model):
    _inherit = "vshu.signal"

    def action_dismiss(self):
        """Ask for the reason and dismiss the signal (KZ-4). Returns the dialog; raises as the dismissal does."""
        self.ensure_one()
        self._take_up("can_dismiss", self._clause())
        return self.env["vshu.reason"]._open("dismiss", signal_id=self.id)

    def action_join(self):
        """Ask for the case and join the signal to it. Returns the dialog; raises as joining does."""
        self.ensure_one()
        self._take_up("can_join", self._clause())
        return self.env["vshu.reason"]._open("join", signal_id=self.id)


class VshuCase(models.Model):
    _inherit = "vshu.case"

    def action_annul(self):
        """Ask for the reason and annul the erroneous entry. Returns the dialog; the head only (AccessError)."""
        self.ensure_one()
        self._check_flag("can_annul")
        return self.env["vshu.reason"]._open("annul", case_id=self.id)
