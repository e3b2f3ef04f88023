from odoo import fields, models, tools
from odoo.exceptions import AccessError, UserError

from odoo.addons.vshu_registry.tools.guard import guarded

from .vshu_transfer import LIVE_STATES
from .vshu_transfer_flow import OFFICE, SENDERS


class VshuRemovalReason(models.Model):
    _inherit = "vshu.removal.reason"

    @tools.ormcache("self.id")
    def _goes_to_another_school(self):
        """Tell whether the record of the work goes with the pupil (KZ-20)."""
        return bool(self.sudo().is_transfer)  # sudo: a catalogue


class VshuCase(models.Model):
    _inherit = "vshu.case"

    can_prepare_transfer = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_see_transfers = fields.Boolean(compute="_compute_can", export_string_translation=False)

    def _compute_can(self):
        res = super()._compute_can()
        for case in self:
            held = set((case.my_roles or "").split(","))
            ends = case.state == "removal_proposed" and (
                case.proposed_reason_id and case.proposed_reason_id._origin._goes_to_another_school()
            )
            wanted = bool(case._origin and (case.transfer_state == "to_send" or ends))
            case.can_prepare_transfer = bool(wanted and (self.env.su or held & SENDERS))
            case.can_see_transfers = bool((wanted or case.transfer_state) and (self.env.su or held & OFFICE))
        return res

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_prepare_transfer(self):
        """Open the hand-over of the record, made where it is not there yet: before the end while the move to another
        school is proposed, and after it (KZ-20).

        Returns an act_window. Raises AccessError for other roles than social pedagogue and deputy head.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.can_prepare_transfer:
            if self.env.su or self._my_roles_by_case()[self.id] & SENDERS:
                raise UserError(
                    self.env._(
                        "%s: the record is handed over where the pupil goes to another school.", self.display_name
                    )
                )
            raise AccessError(self.env._("%s: your role does not hand records over.", self.display_name))
        transfer = self.sudo()._prepare_transfers()  # sudo: the right was checked for this very case
        return transfer.with_env(self.env)._open_form()

    def action_open_transfers(self):
        """Open the hand-overs of the case. Returns an act_window; AccessError for whoever may not see them."""
        self.ensure_one()
        self.check_access("read")
        transfers = self.env["vshu.transfer"].search([("case_id", "=", self.id)])
        if not transfers and not (self.env.su or self._my_roles_by_case()[self.id] & OFFICE):
            raise AccessError(self.env._("%s: your role does not see hand-overs.", self.display_name))
        if len(transfers) == 1:
            return transfers._open_form()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand-overs"),
            "res_model": "vshu.transfer",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("case_id", "=", self.id)],
        }

    def action_hand_over(self):
        """Note that the record of the work went to the new school on paper today (KZ-20): the hand-over that was
        prepared is sent, else one is made for it.

        The keeper and the deputy head only (AccessError).
        """
        self._check_flag("can_hand_over")
        for transfer in self.sudo()._prepare_transfers():  # sudo: the right was checked for these very cases
            transfer.with_env(self.env)._send(self._vshu_today(), noted=not transfer.receiver_id)
        return True

    def action_confirm_receipt(self):
        """Note that the new school confirmed the receipt of the record today (KZ-20). Raises as action_hand_over."""
        self._check_flag("can_confirm_receipt")
        today = self._vshu_today()
        # sudo: the right was checked for these very cases
        for transfer in self.sudo()._sent_transfers():
            transfer.with_env(self.env)._received(today)
        return True

    def action_withdraw_proposal(self):
        """Withdraw the proposal of removal; a hand-over that was prepared for it is cancelled. Raises as before."""
        res = super().action_withdraw_proposal()
        self.sudo()._drop_drafts()  # sudo: the right was checked for these very cases
        return res

    def _annul(self, reason):
        res = super()._annul(reason)
        self.sudo()._drop_drafts()  # sudo: the right was checked for this very case
        return res

    # -- what decisions do -------------------------------------------------------------------------------------------

    def _stay_changed(self, event, decision=None):
        """Where the pupil goes to another school the hand-over is put on the list, and its clock runs."""
        res = super()._stay_changed(event, decision)
        if event in ("removal", "keep", "extension"):
            leaving = self.filtered(lambda case: case.transfer_state == "to_send")
            if leaving:
                leaving._prepare_transfers()
            (self - leaving)._drop_drafts()
        return res

    def _leaves_for_a_school(self):
        res = super()._leaves_for_a_school()
        self._prepare_transfers()
        return res

    # -- helpers (called in sudo) ----------------------------------------------------------------------------------

    def _transfers(self, *states):
        domain = [("case_id", "in", self.ids), ("direction", "=", "out"), ("state", "in", states)]
        return guarded(self.env["vshu.transfer"]).search(domain, order="id")

    def _prepare_transfers(self):
        """Return the drafts of the hand-overs, one a case: made where they are missing, else brought in step."""
        transfers = self._transfers("draft")
        known = transfers.case_id
        for transfer in transfers:
            if transfer.case_id.date_removed != transfer.date_closed:
                transfer.write({"date_closed": transfer.case_id.date_removed})
        transfers._refresh_papers()
        missing = self - known
        if missing:
            model = guarded(self.env["vshu.transfer"]).with_context(mail_create_nosubscribe=True)
            created = model.create(model._draft_vals(missing))
            for transfer in created:
                transfer.summary = transfer._draft_summary()
            created._refresh_papers()
            transfers |= created
        return transfers

    def _sent_transfers(self):
        """Return the hand-overs of the cases that wait for a receipt; made for what was sent before there were any."""
        transfers = self._transfers("sent")
        missing = self - transfers.case_id
        if missing:
            transfers |= missing._note_transfers()
        return transfers

    def _note_transfers(self):
        """Make the hand-overs of cases whose dates alone are known: sent on paper. Returns them."""
        model = guarded(self.env["vshu.transfer"]).with_context(mail_create_nosubscribe=True)
        vals_list = model._draft_vals(self)
        for case, vals in zip(self, vals_list, strict=True):
            vals.update(
                state=case.transfer_state if case.transfer_state in LIVE_STATES else "draft",
                noted=case.transfer_state in LIVE_STATES,
                date_sent=case.transfer_date_sent,
                date_received=case.transfer_date_received,
            )
        return model.create(vals_list)

    def _drop_drafts(self):
        """Cancel the hand-overs that were only prepared: the pupil stays, or the stay ended otherwise."""
        drafts = self._transfers("draft")
        if drafts:
            drafts.write({"state": "cancelled"})
