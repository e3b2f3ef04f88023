import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_registry.tools.locks import wait_for

from ..tools import transfer_package

SENDERS = frozenset(("social_pedagogue", "deputy_head"))
OFFICE = frozenset(("social_pedagogue", "deputy_head", "head"))
#: who opens a file with sealed papers in it
SEALED_READERS = frozenset(("deputy_head", "head"))
#: flag of the button → {direction: (states, roles)}
FROM_STATES = {
    "can_edit": {"out": (("draft",), SENDERS | {"head"}), "in": (("arrived", "received"), OFFICE)},
    "can_send": {"out": (("draft",), SENDERS)},
    "can_cancel": {"out": (("draft", "sent"), SENDERS)},
    "can_decide_sealed": {"out": (("draft",), frozenset(("head",)))},
    "can_download": {"out": (("sent", "received"), OFFICE)},
    "can_enter_receipt": {"out": (("sent",), SENDERS)},
    "can_refuse": {"out": (("sent",), SENDERS), "in": (("arrived",), OFFICE)},
    "can_confirm": {"in": (("arrived",), OFFICE)},
    "can_annul": {"in": (("received",), frozenset(("deputy_head", "head")))},
    "can_open_case": {"in": (("arrived", "received"), OFFICE)},
}


class VshuTransferFlow(models.AbstractModel):
    """States of a hand-over: one checker of right and state feeds the buttons and guards the actions."""

    _name = "vshu.transfer.flow"
    _description = "Flow of a hand-over"

    can_edit = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_send = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_cancel = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_decide_sealed = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_download = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_enter_receipt = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_refuse = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_confirm = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_annul = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_open_case = fields.Boolean(compute="_compute_can", export_string_translation=False)

    # -- rights ----------------------------------------------------------------------------------------------------

    @api.depends_context("uid")
    @api.depends("state", "direction", "company_id", "case_id.state", "opened_case_id", "paper_ids.included")
    def _compute_can(self):
        # sudo: which school it is, and the state of its case
        roles = self.env["vshu.role"]._my_roles(self.sudo().company_id)
        for transfer, source in zip(self, self.sudo(), strict=True):
            held = roles.get(source.company_id.id, set())
            for flag, ways in FROM_STATES.items():
                states, allowed = ways.get(transfer.direction, ((), frozenset()))
                may = bool(transfer._origin) and transfer.state in states
                if flag == "can_send":
                    may = may and source.case_id.state == "closed"
                elif flag == "can_cancel":
                    # after the end the record has to go somewhere
                    may = may and (transfer.state == "sent" or not transfer.date_closed)
                elif flag == "can_decide_sealed":
                    may = may and bool(transfer.sealed_count)
                elif flag == "can_download":
                    may = may and bool(source.digest)
                    allowed = SEALED_READERS if transfer.sealed_included else allowed
                elif flag == "can_open_case":
                    may = may and not transfer.opened_case_id
                transfer[flag] = bool(may and (self.env.su or held & allowed))

    def _check_flag(self, flag):
        """Raise AccessError where the user's role may not do it, UserError where the state does not allow it."""
        for transfer in self:
            if not self.env.su:
                transfer.check_access("read")
            states, _roles = FROM_STATES[flag].get(transfer.direction, ((), ()))
            if transfer.state not in states:
                raise UserError(
                    self.env._(
                        "%(transfer)s is “%(state)s”: this cannot be done with it now.",
                        transfer=transfer.display_name,
                        state=transfer._state_label(),
                    )
                )
            # sudo: the state of its case, for who may read the hand-over
            if flag == "can_send" and transfer.sudo().case_id.state != "closed":
                raise UserError(
                    self.env._(
                        "%s: the stay has not ended yet. The record is prepared now and sent after the removal.",
                        transfer.display_name,
                    )
                )
            if flag == "can_cancel" and transfer.state == "draft" and transfer.date_closed:
                raise UserError(
                    self.env._("%s: the stay has ended, so the record is to be handed over.", transfer.display_name)
                )
            if not transfer[flag]:
                raise AccessError(self.env._("%s: your role may not do this.", transfer.display_name))

    @api.model
    def _check_office(self, company, roles=OFFICE):
        """Raise AccessError unless the user is of those who keep the register in ``company``."""
        held = self.env["vshu.role"]._my_roles(company).get(company.id, set())
        if not self.env.su and not held & roles:
            raise AccessError(
                self.env._(
                    "Records of other schools are taken in by the social pedagogue, the deputy head or the head."
                )
            )

    # -- sending ---------------------------------------------------------------------------------------------------

    def action_refresh(self):
        """Take summary and papers anew from the case. Raises as the other buttons of a draft do."""
        for transfer in self:
            transfer._check_flag("can_edit")
            if transfer.state != "draft":
                raise UserError(self.env._("%s has been sent and stays as it is.", transfer.display_name))
            source = guarded(transfer.sudo())  # sudo: right and state were checked for this very record
            source.write({"summary": source._draft_summary()})
            source._refresh_papers()
        return True

    def action_decide_sealed(self):
        """Ask for the head's decision on the sealed papers. Returns the dialog; AccessError for anyone else."""
        self.ensure_one()
        self._check_flag("can_decide_sealed")
        return self.env["vshu.transfer.dialog"]._open("sealed", self)

    def _decide_sealed(self, papers, number, date):
        """Let the sealed ``papers`` go, the others stay, by the head's decision ``number`` of ``date``."""
        self.ensure_one()
        self._check_flag("can_decide_sealed")
        transfer = self.sudo()  # sudo: the right was checked for this very record
        sealed = transfer.paper_ids.filtered("sealed")
        if papers.sudo() - sealed:
            raise UserError(self.env._("%s: choose from its own sealed papers.", transfer.display_name))
        if papers and not ((number or "").strip() and date):
            raise UserError(
                self.env._("%s: write number and date of the head's decision on the sealed papers.", self.display_name)
            )
        if date and date > self._vshu_today():
            raise UserError(self.env._("%s: the decision cannot be dated in the future.", self.display_name))
        guarded(sealed - papers.sudo()).write({"included": False})
        guarded(sealed & papers.sudo()).write({"included": True})
        guarded(transfer).write(
            {
                "sealed_number": number if papers else False,
                "sealed_date": date if papers else False,
                "sealed_by_id": self.env.uid if papers else False,
            }
        )

    def action_send(self):
        """Send the record: freeze it, make its file, put it on the receiving school's list where it is in this
        database (KZ-20).

        Raises AccessError for other roles than social pedagogue and deputy head, UserError that lists what is missing.
        """
        for transfer in self:
            transfer._check_flag("can_send")
            problems = transfer._send_problems()
            if problems:
                raise UserError(
                    self.env._(
                        "%(transfer)s cannot be sent yet:\n%(problems)s",
                        transfer=transfer.display_name,
                        problems="\n".join(f"• {problem}" for problem in problems),
                    )
                )
            transfer._send(transfer._vshu_today())
        return True

    def _send_problems(self):
        """Return what keeps the record from being sent, in plain words. Other addons add their lines."""
        self.ensure_one()
        problems = []
        if not self.receiver_id:
            problems.append(self.env._("choose the school that it goes to"))
        if not (self.summary or "").strip():
            problems.append(self.env._("write what was done and with which result"))
        sealed = self.sudo().paper_ids.filtered(lambda paper: paper.sealed and paper.included)
        if sealed and not (self.sealed_number and self.sealed_date and self.sealed_by_id):
            problems.append(self.env._("the head's decision on the sealed papers is not on record"))
        return problems

    def _send(self, date, noted=False):
        """Freeze and send on ``date``; the caller has checked the right.

        :param noted: it went on paper, without a school chosen
        """
        self.ensure_one()
        transfer = guarded(self.sudo())  # sudo: the right was checked by the caller for this very record
        wait_for(transfer)
        if transfer.state != "draft":
            raise UserError(self.env._("%s has been sent already.", transfer.display_name))
        payload, files = transfer._build_payload(date)
        try:
            content, digest = transfer_package.build(payload, files)
        except transfer_package.PackageError as error:
            raise UserError(transfer._package_message(error)) from error
        company = transfer._receiver_companies().get(transfer.receiver_id.id)
        transfer.write(
            {
                "state": "sent",
                "date_sent": date,
                "noted": noted,
                "payload": payload,
                "uid": payload["uid"],
                "digest": digest,
                "file": base64.b64encode(content),
                "subject_name": payload["subject"]["name"],
                "receiver_company_id": company.id if company else False,
            }
        )
        transfer._sync_case()
        if company:
            transfer._deliver(company, content, date)

    def _deliver(self, company, content, date):
        """Put the record on the list of a school of this database: what it holds is copied, nothing is shared."""
        # sudo: the sender may not see anything of the other school. What is made there is made of the file that the
        # sender has the right to send, and of nothing else; the sender gets nothing back, not even its id.
        there = self.sudo().with_context(
            allowed_company_ids=company.ids, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        package = transfer_package.read(content, transfer_package.code_of(self.digest))
        there._create_incoming(company, package, date)

    @api.model
    def _package_message(self, error):
        """Return what is wrong with a file, for the user."""
        messages = {
            "too_large": self.env._(
                "The record with its papers is larger than %s MB: leave out some papers and send them on paper.",
                transfer_package.MAX_BYTES // 2**20,
            ),
            "not_zip": self.env._("This is not a file with a record: choose the ZIP file that the other school sent."),
            "unknown_member": self.env._(
                "There is something in the file that does not belong there (%s). It is not taken: "
                "ask the other school to send it again.",
                error.detail,
            ),
            "format": self.env._("This ZIP file holds no record of a prevention register: choose the right file."),
            "version": self.env._(
                "The file is of version %(found)s of the format, this program reads version %(known)s: "
                "ask for an update of the program, or for the record on paper.",
                found=error.detail or "?",
                known=transfer_package.VERSION,
            ),
            "code": self.env._(
                "The control code does not belong to this file. Type it as it stands on the paper; if it is typed "
                "right, the file was altered on its way: ask the other school to send it again."
            ),
            "altered": self.env._(
                "The file was altered or damaged on its way and is not taken: ask the other school to send it again."
            ),
            "content": self.env._(
                "The record in the file cannot be read (%s): ask the other school to send it again.", error.detail
            ),
        }
        return messages[error.reason]

    def action_cancel(self):
        """Cancel a hand-over that was not confirmed; what already lies at a school of this database is taken back.

        Raises AccessError and UserError as the other buttons do.
        """
        self._check_flag("can_cancel")
        for transfer in guarded(self.sudo()):  # sudo: the right was checked for these very records
            wait_for(transfer)
            transfer._withdraw()
            transfer.write({"state": "cancelled"})
            transfer._sync_case()
            transfer._prepare_again()
        return True

    def _withdraw(self):
        """Empty what the receiving school of this database has not confirmed yet: it went to the wrong place."""
        # sudo: see _deliver; only the copy of this very record is touched
        there = guarded(self._counterpart("in")).filtered(lambda transfer: transfer.state == "arrived")
        there.paper_ids.attachment_ids.unlink()
        there.paper_ids.unlink()
        emptied = ("payload", "subject_name", "student_id", "family_id", "summary", "recommendation", "number")
        there.write({"state": "cancelled", **dict.fromkeys(emptied, False)})

    def _counterpart(self, direction):
        """Return the record of the other school of this database that was sent to it, or that sent this one."""
        self.ensure_one()
        source = self.sudo()  # sudo: the two are found by what only they share; the caller checks what is done
        if not source.uid:
            return source.browse()
        # the digest too: a file from elsewhere may bear the same mark, and speaks for nobody
        domain = [("uid", "=", source.uid), ("digest", "=", source.digest), ("direction", "=", direction)]
        if direction == "in":
            domain.append(("company_id", "=", source.receiver_company_id.id))
        else:
            domain.append(("receiver_company_id", "=", source.company_id.id))
        found = source.search(domain, order="id desc", limit=1)
        return found.with_context(allowed_company_ids=found.company_id.ids) if found else found

    def _sync_case(self):
        """Bring the case in step: to be handed over, handed over, received."""
        for transfer in self.filtered(lambda t: t.direction == "out" and t.case_id.state == "closed"):
            if not transfer.case_id.transfer_state:
                continue
            gone = transfer.state in ("sent", "received")
            guarded(transfer.case_id).write(
                {
                    "transfer_state": transfer.state if gone else "to_send",
                    "transfer_date_sent": transfer.date_sent if gone else False,
                    "transfer_date_received": transfer.date_received if gone else False,
                }
            )

    # -- helpers, files, papers -----------------------------------------------------------------------------------

    def action_download(self):
        """Hand out the file for the other school. Returns an act_url; AccessError for whoever may not have it."""
        self.ensure_one()
        self._check_flag("can_download")
        return {"type": "ir.actions.act_url", "url": f"/vshu_registry/transfer/{self.id}", "target": "download"}

    def _download(self):
        """Return (name, bytes) of the file. Raises as action_download."""
        self.ensure_one()
        self._check_flag("can_download")
        # sudo: nobody reads the field itself; the right on this very file was checked
        return f"{self.name}.zip", base64.b64decode(self.sudo().with_context(bin_size=False).file)

    def action_open(self):
        """Open the case that the record comes from, or that was opened here. Returns an act_window; the user's own
        rights on the case apply. Raises UserError where there is none.
        """
        self.ensure_one()
        self.check_access("read")
        case = self.case_id or self.opened_case_id
        if not case:
            raise UserError(self.env._("%s: no case was opened of it yet.", self.display_name))
        return case.action_open()

    def action_print(self):
        """Print the record of the work. Returns a report action; AccessError for whoever may not read it."""
        self.check_access("read")
        return self.env.ref("vshu_transfer.action_report_transfer").report_action(self)

    def _open_form(self):
        """Return an act_window on the hand-over."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _receiver_companies(self):
        """Return {contact id: company} of the receivers that keep their register in this database."""
        # sudo: whether a contact is a school of this database; nothing of that school is read
        contacts = self.sudo().receiver_id
        companies = self.env["res.company"].sudo().search([("partner_id", "in", contacts.ids)])
        schools = self.env["vshu.school"]._by_company(companies)
        return {
            company.partner_id.id: company
            for company in companies
            if company.id in schools and schools[company.id].regulation_id
        }
