from odoo import models
from odoo.exceptions import UserError

from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_registry.tools.locks import wait_for

from ..tools import transfer_package


class VshuTransferReceipt(models.AbstractModel):
    """The answer of the receiving school: the receipt, by code or by letter, or the refusal (RU-N2.6)."""

    _name = "vshu.transfer.receipt"
    _description = "Receipt of a hand-over"

    def action_enter_receipt(self):
        """Ask for the receipt of the other school: its code, or its letter. Returns the dialog; raises as others do."""
        self.ensure_one()
        self._check_flag("can_enter_receipt")
        return self.env["vshu.transfer.dialog"]._open("receipt", self)

    def _enter_receipt(self, date, code=None, number=None):
        """Note the receipt by ``code`` or by the letter ``number`` (RU-N2.6). Raises UserError where it is wrong."""
        self.ensure_one()
        self._check_flag("can_enter_receipt")
        transfer = self.sudo()  # sudo: the right was checked for this very record
        if code is not None:
            if not transfer.digest or not transfer_package.same_code(
                code, transfer_package.receipt_code_of(transfer.digest)
            ):
                raise UserError(
                    self.env._(
                        "%s: this is not the code of its receipt. Type it as it stands on the receipt of the receiving "
                        "school.",
                        self.display_name,
                    )
                )
        elif not (number or "").strip():
            raise UserError(self.env._("%s: write the number of the receiving school's letter.", self.display_name))
        if not date or date > self._vshu_today() or (transfer.date_sent and date < transfer.date_sent):
            raise UserError(
                self.env._("%s: the receipt is dated between the day of sending and today.", self.display_name)
            )
        transfer._received(date, number)

    def _received(self, date, number=None):
        """Note the receipt; the caller has checked the right."""
        transfer = guarded(self.sudo())  # sudo: see above
        wait_for(transfer)
        transfer.write({"state": "received", "date_received": date, "receipt_number": number or False})
        transfer._sync_case()

    def action_refuse(self):
        """Ask why the record is refused. Returns the dialog; raises as the other buttons do."""
        self.ensure_one()
        self._check_flag("can_refuse")
        return self.env["vshu.transfer.dialog"]._open("refuse", self)

    def _refuse(self, reason):
        """Note that the receiving school does not take the record; it is still to be handed over by the sender."""
        self.ensure_one()
        self._check_flag("can_refuse")
        if not (reason or "").strip():
            raise UserError(self.env._("%s: write why the record is refused.", self.display_name))
        self._not_taken(reason, ("sent",))

    def _not_taken(self, reason, states):
        """Note that a record is not taken, or not any more; the caller has checked the right.

        :param states: of the sender's hand-over in this database, which hears of it
        """
        both = guarded(self.sudo())  # sudo: the right was checked for this very record
        if self.direction == "in":
            # sudo: the sender of this database reads the refusal as it would in a letter
            both |= guarded(self._counterpart("out")).filtered(lambda transfer: transfer.state in states)
        for transfer in both:
            wait_for(transfer)
            transfer.write({"state": "refused", "refusal_reason": reason})
            transfer._sync_case()
            transfer._prepare_again()

    def action_annul(self):
        """Ask why a record that was confirmed is annulled: it was forged, or is about another child.

        Returns the dialog. Raises AccessError for other roles than deputy head and head, UserError in other states.
        """
        self.ensure_one()
        self._check_flag("can_annul")
        return self.env["vshu.transfer.dialog"]._open("annul", self)

    def _annul_wrong(self, reason):
        """Annul a record that was taken in wrongly: it stays on file with the reason, and makes room for the right one.

        Raises as action_annul, and UserError without a reason or where a case was opened of it.
        """
        self.ensure_one()
        self._check_flag("can_annul")
        if not (reason or "").strip():
            raise UserError(self.env._("%s: write why the record is annulled.", self.display_name))
        if self.opened_case_id:
            raise UserError(
                self.env._(
                    "%(transfer)s: the case %(case)s was opened of it. Settle that case first: delete the draft, or "
                    "have its entry annulled.",
                    transfer=self.display_name,
                    case=self.opened_case_id.display_name,
                )
            )
        self._not_taken(reason, ("sent", "received"))

    def _prepare_again(self):
        """Put the record of a case that has ended back on the list: it did not arrive, and has to go somewhere."""
        for transfer in self.filtered(lambda t: t.direction == "out" and t.case_id.transfer_state == "to_send"):
            again = transfer.case_id._prepare_transfers()
            again.write({name: transfer[name] for name in ("summary", "recommendation", "guardians_consent", "lang")})

    def action_confirm_receipt(self):
        """Confirm that the record has come; the sender of this database hears of it straight (RU-N2.6).

        Raises AccessError and UserError as the other buttons do.
        """
        self._check_flag("can_confirm")
        self._confirm(self._vshu_today())
        return True

    def _confirm(self, date):
        """Confirm the receipt on ``date``; the caller has checked the right."""
        for transfer in guarded(self.sudo()):  # sudo: see above
            wait_for(transfer)
            transfer.write({"state": "received", "date_received": date})
            # sudo: the sender of this database learns the date of the receipt, as from a letter
            transfer._counterpart("out").filtered(lambda sender: sender.state == "sent")._received(date)

    def action_print_receipt(self):
        """Print the receipt for the sending school. Returns a report action; UserError before it is confirmed."""
        self.check_access("read")
        for transfer in self:
            if transfer.direction != "in" or transfer.state != "received":
                raise UserError(self.env._("%s: confirm the receipt first, then print it.", transfer.display_name))
        return self.env.ref("vshu_transfer.action_report_transfer_receipt").report_action(self)
