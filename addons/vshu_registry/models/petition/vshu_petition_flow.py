from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.guard import guarded
from ...tools.locks import wait_for


class VshuPetitionFlow(models.AbstractModel):
    """What becomes of a letter: sent, reminded of, answered. Each step checks right and state."""

    _name = "vshu.petition.flow"
    _description = "Flow of a petition"

    can_send = fields.Boolean(compute="_compute_can_flow", export_string_translation=False)
    can_answer = fields.Boolean(compute="_compute_can_flow", export_string_translation=False)
    can_draft = fields.Boolean(compute="_compute_can_flow", help="Whether the user may change the draft.")

    @api.depends_context("uid")
    @api.depends("state", "kind_id", "company_id")
    def _compute_can_flow(self):
        mine = self._my_letter_roles()
        for petition in self:
            held = mine.get(petition.company_id.id, set())
            office = self.env.su or bool(held & petition._office_roles())
            senders = petition.sudo().kind_id.sender_role_ids  # sudo: a catalogue
            sends = self.env.su or bool(held & set(senders.mapped("code")))
            petition.can_draft = petition.state == "draft" and office
            petition.can_send = bool(petition._origin) and petition.state == "draft" and sends
            petition.can_answer = petition.state == "sent" and office and not petition.reminder_of_id

    def _my_letter_roles(self):
        companies = self.sudo().company_id  # sudo: which school a letter is of
        # a letter that is being filled in has no school yet
        return self.env["vshu.role"]._my_roles(companies) if companies else {}

    def _check_office(self):
        """Raise AccessError unless the user is one of those who draft and file the letters of the school."""
        for petition in self:
            if self.env.su:
                continue
            petition.check_access("read")
            held = petition._my_letter_roles().get(petition.company_id.id, set())
            if not held & petition._office_roles():
                raise AccessError(
                    self.env._(
                        "%s: letters are drafted and filed by the social pedagogue, the deputy head or the head.",
                        petition.display_name,
                    )
                )

    def _check_draft(self):
        for petition in self:
            if petition.state != "draft":
                raise UserError(self.env._("%s has been sent already.", petition.display_name))

    # -- sending ---------------------------------------------------------------------------------------------------

    def _refuse_without_condition(self):
        """Raise UserError that says which part of the kind's condition does not hold (KZ-17)."""
        self.ensure_one()
        kind = self.kind_id.sudo()  # sudo: a catalogue
        if kind.is_reminder:
            problems = [] if self.reminder_of_id else [self.env._("a reminder is written by the button of the letter")]
        else:
            problems = self.case_id._petition_problems(kind)
        if problems:
            raise UserError(
                self.env._(
                    "“%(kind)s” (%(clause)s) cannot be sent in this case:\n%(problems)s",
                    kind=kind.display_name,
                    clause=kind.clause_text or "-",
                    problems="\n".join(f"• {problem}" for problem in problems),
                )
            )

    def _sending_problems(self):
        """Return what is missing before the letter can be sent: lines in plain words."""
        self.ensure_one()
        problems = []
        if not self.partner_id or not (self.addressee_text or "").strip():
            problems.append(self.env._("choose the addressee"))
        if not (self.number or "").strip():
            problems.append(self.env._("enter the outgoing number"))
        if self.date > self._vshu_today():
            problems.append(self.env._("the letter is dated in the future (%s)", fields.Date.to_string(self.date)))
        if not self.year_id:
            problems.append(self.env._("there is no school year on the day of the letter"))
        if not (self.subject or "").strip():
            problems.append(self.env._("write what the letter is about"))
        if not self._has_text():
            problems.append(self.env._("write the text of the letter"))
        if not self.signer_id:
            problems.append(self.env._("choose who signs"))
        if self.reminder_of_id and self.reminder_of_id.state == "answered":
            problems.append(self.env._("the letter that it reminds of has been answered"))
        return problems

    def action_send(self):
        """Send the letters: locked from now on, their clocks run from the day of the letter (KZ-17, RU-N2.5).

        Raises AccessError for a role that the kind does not name, UserError that lists what is missing.
        """
        for petition in self:
            petition._check_sender()
        letters = self.sudo()  # sudo: the right was checked for these very letters
        wait_for(letters)
        letters.invalidate_recordset(["state"])
        letters._check_draft()
        for letter in letters:
            letter._refuse_without_condition()
            problems = letter._sending_problems()
            if problems:
                raise UserError(
                    self.env._(
                        "%(letter)s cannot be sent yet:\n%(problems)s",
                        letter=letter.display_name,
                        problems="\n".join(f"• {problem}" for problem in problems),
                    )
                )
        for date, sent in letters.grouped("date").items():
            guarded(sent).write({"state": "sent", "date_sent": date, "sent_by_id": self.env.uid})
        for letter in letters:
            letter._mark_reported()
        return True

    def _check_sender(self):
        """Raise AccessError unless the user holds one of the roles that send this kind of letter."""
        self.ensure_one()
        if self.env.su:
            return
        self.check_access("read")
        senders = self.sudo().kind_id.sender_role_ids  # sudo: a catalogue
        held = self._my_letter_roles().get(self.company_id.id, set())
        if not held & set(senders.mapped("code")):
            raise AccessError(
                self.env._(
                    "%(letter)s is sent by: %(roles)s (%(clause)s).",
                    letter=self.display_name,
                    roles=", ".join(senders.mapped("name")) or "-",
                    clause=self.clause_text or "-",
                )
            )

    def _mark_reported(self):
        """Note on the assignments of the case that this letter reported them (RU-2.2, RU-5.1a)."""
        self.ensure_one()
        if self.kind_id.needs_assignment:
            done = self.case_id._decree_assignments().filtered(lambda a: a.state == "done")
            done.filtered(lambda a: not a.report_petition_id).write({"report_petition_id": self.id})

    # -- answer, reminder ------------------------------------------------------------------------------------------

    def action_answer(self):
        """Open the record of the answer (RU-N5.2). Returns a dialog.

        Raises AccessError for who does not file letters, UserError where the letter was not sent or is answered.
        """
        self.ensure_one()
        self._check_awaits_answer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer"),
            "res_model": "vshu.petition.answer",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_petition_id": self.id},
        }

    def _check_awaits_answer(self):
        self._check_office()
        if self.state == "draft":
            raise UserError(
                self.env._("%s has not been sent yet, so nothing can answer it. Send it first.", self.display_name)
            )
        if self.reminder_of_id:
            raise UserError(self.env._("Record the answer on the letter itself: %s.", self.reminder_of_id.display_name))
        if self.state == "answered":
            raise UserError(
                self.env._(
                    "%(letter)s has been answered already, on %(date)s.",
                    letter=self.display_name,
                    date=fields.Date.to_string(self.date_answered),
                )
            )

    def _answer(self, vals):
        """Record the answer: ``vals`` of answer_date, answer_number, date_answered, outcome, answer_text, files.

        Raises as ``action_answer``, and UserError for dates before the letter or in the future.
        """
        self.ensure_one()
        self._check_awaits_answer()
        wait_for(self.sudo())  # sudo: the right was checked for this very letter
        self.invalidate_recordset(["state"])
        self._check_awaits_answer()
        today = self._vshu_today()
        received = vals["date_answered"]
        written = vals.get("answer_date") or received
        if received > today or written > today:
            raise UserError(
                self.env._("%s: an answer cannot be dated in the future. Enter its own date.", self.display_name)
            )
        if written < self.date_sent or received < written:
            raise UserError(
                self.env._(
                    "%(letter)s was sent on %(sent)s: an answer written on %(written)s and received on %(received)s "
                    "cannot be its answer. Check the dates.",
                    letter=self.display_name,
                    sent=fields.Date.to_string(self.date_sent),
                    written=fields.Date.to_string(written),
                    received=fields.Date.to_string(received),
                )
            )
        guarded(self).write({**vals, "answer_date": written, "answered_by_id": self.env.uid, "state": "answered"})

    def action_remind(self):
        """Draft a reminder of the letter that was not answered, or open the draft (RU-N5.2). Returns an act_window.

        Raises AccessError for who does not draft letters, UserError where no answer is awaited.
        """
        self.ensure_one()
        self._check_awaits_answer()
        kind = self._reminder_kind()
        if not self.answer_expected or not kind:
            raise UserError(self.env._("%s: no answer is awaited, so nobody is reminded.", self.display_name))
        reminder = self.reminder_ids.filtered(lambda letter: letter.state == "draft")[:1]
        if not reminder:
            reminder = guarded(self.browse()).create(
                {
                    "case_id": self.case_id.id,
                    "kind_id": kind.id,
                    "reminder_of_id": self.id,
                    "lang": self.lang,
                    "partner_id": self.partner_id.id,
                    "addressee_text": self.addressee_text,
                }
            )
        return reminder.with_env(reminder.env(context=self.env.context))._open_form()

    def _reminder_kind(self):
        """Return the kind of the reminder: to the same kind of body where there is one, else to anybody."""
        # sudo: a catalogue
        return self.sudo().case_id.regulation_id.petition_kind_ids.filtered("is_reminder")[:1]

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_redraft(self):
        """Write the text anew from the case as it stands today; what was typed is lost. Raises as ``action_send``."""
        self._check_office()
        self._check_draft()
        for petition in self:
            petition.write(petition._drafted())
        return True

    def action_print(self):
        """Print the letters. Returns the report; AccessError where the user may not read one of them."""
        self.check_access("read")
        return self.env.ref("vshu_registry.action_report_petition").report_action(self)

    def action_open_case(self):
        """Open the case of the letter. Returns an act_window; AccessError where the user may not read it."""
        self.ensure_one()
        return self.case_id.action_open()

    def _keep_date_due(self):
        """Keep the day on which the answer is awaited in step with the running clock."""
        dates = dict(
            self.env["vshu.deadline"]._read_group(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("met_event", "=", "answered"),
                    ("state", "in", ("open", "overdue")),
                ],
                ["res_id"],
                ["date_due:min"],
            )
        )
        waiting = self.filtered(lambda p: p.state == "sent" and p.date_due != dates.get(p.id, False))
        for due, petitions in waiting.grouped(lambda p: dates.get(p.id, False)).items():
            guarded(petitions).write({"date_due": due})
