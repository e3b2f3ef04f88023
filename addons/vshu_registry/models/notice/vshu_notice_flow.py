from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...tools.guard import guarded
from ...tools.locks import wait_for
from ..dossier.vshu_document import OFFICE_ROLES
from ..regulation.vshu_notice_rule import INSIDERS


class VshuNoticeFlow(models.AbstractModel):
    """From “to hand over” to told: one checker of right, state, dates and addressee behind buttons, dialog and calls.

    Everything works on many notices at once and does all or nothing: what is wrong is listed, notice by notice.
    """

    _name = "vshu.notice.flow"
    _description = "Flow of a notice"

    can_send = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_acknowledge = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_refuse = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_skip = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_keep = fields.Boolean(compute="_compute_can", help="Whether the user may change what is kept on the notice.")
    is_mine = fields.Boolean(compute="_compute_can", help="The user is the one who is told.")
    has_paper = fields.Boolean(compute="_compute_can")
    next_step = fields.Text(compute="_compute_next_step", help="What the notice waits for, in plain words.")

    # -- rights ----------------------------------------------------------------------------------------------------

    def _my_parts(self):
        """Return {notice id: what the user is for it}: keeper, addressee, both or neither."""
        if self.env.su:
            return {notice.id: {"keeper", "addressee"} for notice in self}
        cases = self.sudo().case_id.with_env(self.env)  # sudo: only the user's own tie to the case is looked up
        roles = cases._my_roles_by_case()
        parts = {}
        for notice in self.sudo():  # sudo: see above
            mine = roles.get(notice.case_id.id, set())
            found = parts.setdefault(notice.id, set())
            if mine & OFFICE_ROLES or (notice.addressee == "parents" and "curator" in mine):
                found.add("keeper")
            if notice.addressee in INSIDERS and (notice.user_id == self.env.user or notice.addressee in mine):
                found.add("addressee")
        return parts

    @api.depends_context("uid")
    @api.depends("state", "addressee", "user_id", "case_id", "need", "rule_id")
    def _compute_can(self):
        parts = self._my_parts()
        for notice in self:
            mine = parts.get(notice.id, set()) if notice._origin else set()
            keeper = "keeper" in mine
            notice.can_keep = keeper
            notice.is_mine = "addressee" in mine and notice.addressee in INSIDERS
            notice.can_send = keeper and notice.state == "to_send"
            notice.can_acknowledge = notice.state == "sent" and notice._may_answer(mine)
            notice.can_refuse = keeper and notice.addressee not in INSIDERS and notice.state in ("to_send", "sent")
            notice.can_skip = keeper and notice.state == "to_send" and notice.need == "if_needed"
            notice.has_paper = bool(notice.sudo().rule_id.paper)  # sudo: a catalogue

    def _may_answer(self, mine):
        """Tell whether somebody who is ``mine`` for the notice notes the acknowledgement.

        Who is told inside the program does it alone; without a login, whoever hands notices over notes it for them.
        """
        self.ensure_one()
        if self.addressee in INSIDERS and self.sudo().user_id.active:  # sudo: whether there is a login
            return "addressee" in mine
        return bool(mine)

    def _check_keeps(self):
        """Raise AccessError where the user neither keeps the register nor, for parents, is the curator of the case."""
        if not self.env.su:
            self.check_access("read")
        parts = self._my_parts()
        for notice in self:
            if "keeper" not in parts[notice.id]:
                raise AccessError(
                    self.env._(
                        "%(notice)s: handed over by the social pedagogue, the deputy head or the head, to parents also "
                        "by the curator (%(clause)s).",
                        notice=notice.display_name,
                        clause=notice.clause_text or "-",
                    )
                )

    def _check_answers(self):
        """Raise AccessError where the acknowledgement is not the user's to note."""
        if not self.env.su:
            self.check_access("read")
        parts = self._my_parts()
        for notice in self:
            if not self.env.su and not notice._may_answer(parts[notice.id]):
                raise AccessError(
                    self.env._(
                        "%(notice)s: acknowledged by the one who is told, or noted by those who hand it over "
                        "(%(clause)s).",
                        notice=notice.display_name,
                        clause=notice.clause_text or "-",
                    )
                )

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_send(self):
        """Ask how and when the notices were handed over or sent. Returns the dialog.

        Raises AccessError for a role that hands over no notices, UserError where one of them is not to be sent.
        """
        self._check_keeps()
        self._refuse(lambda notice: notice._send_problems())
        return self.env["vshu.notice.mark"]._open("send", self)

    def action_acknowledge(self):
        """Acknowledge: at once where the user is the one who is told, else ask for the day. Returns the dialog or True.

        Raises AccessError where it is not the user's to note, UserError where a notice was not sent.
        """
        self._check_answers()
        self._refuse(lambda notice: notice._acknowledge_problems())
        parts = self._my_parts()
        if all(notice.addressee in INSIDERS and "addressee" in parts[notice.id] for notice in self):
            self._acknowledge(self._vshu_today())
            return True
        return self.env["vshu.notice.mark"]._open("acknowledge", self)

    def action_refuse(self):
        """Ask for the two witnesses of a refusal. Returns the dialog; raises as ``action_send``."""
        self._check_keeps()
        self._refuse(lambda notice: notice._refusal_problems())
        return self.env["vshu.notice.mark"]._open("refuse", self)

    def action_not_needed(self):
        """Ask why the notices are not needed. Returns the dialog; raises as ``action_send``."""
        self._check_keeps()
        self._refuse(lambda notice: notice._skip_problems())
        return self.env["vshu.notice.mark"]._open("skip", self)

    def action_print(self):
        """Print the notices, one after the other in one file, and note the day (RU-A6). Returns the report.

        Raises AccessError for a role that hands over no notices, UserError where none of them is a paper.
        """
        self._check_keeps()
        papers = self.filtered("has_paper")
        if not papers:
            raise UserError(self.env._("These are told inside the program: there is no paper to print."))
        papers._check_printable()
        for today, printed in papers.sudo().grouped(lambda notice: notice._vshu_today()).items():
            guarded(printed).write({"date_printed": today})  # sudo: the right was checked for these very notices
        return self.env.ref("vshu_registry.action_report_notice").report_action(papers, config=False)

    # -- transitions -----------------------------------------------------------------------------------------------

    def _send(self, channel, date=None, number=None):
        """Note that the notices were handed over or sent on ``date`` by ``channel`` (RU-5.3).

        :param number: outgoing number, of a single notice
        :raises AccessError: for a role that hands over no notices
        :raises UserError: what is wrong, notice by notice; nothing is done then
        """
        self._check_keeps()
        date = date or self._vshu_today()
        if not channel:
            raise UserError(self.env._("Say how the notice was handed over."))
        self._refuse(lambda notice: notice._send_problems() or notice._date_problems(date, notice.date_event))
        vals = {"state": "sent", "channel": channel, "date_sent": date, "sent_by_id": self.env.uid}
        if number:
            self.ensure_one()
            vals["number"] = number
        self._change(vals)

    def _acknowledge(self, date=None):
        """Note that the addressees acknowledged on ``date``; raises as ``_send``."""
        self._check_answers()
        date = date or self._vshu_today()
        self._refuse(lambda notice: notice._acknowledge_problems() or notice._date_problems(date, notice.date_sent))
        self._change({"state": "acknowledged", "date_acknowledged": date})

    def _refuse_before(self, witnesses, date=None):
        """Note that the addressees refused to take or to sign the notice, before two witnesses; raises as ``_send``.

        :param witnesses: two employees of the school
        """
        self._check_keeps()
        date = date or self._vshu_today()
        if len(witnesses) < 2:
            raise UserError(
                self.env._("A refusal is noted before two witnesses, two different persons. Name both of them.")
            )
        self._refuse(
            lambda notice: (
                notice._refusal_problems()
                or notice._date_problems(date, notice.date_sent or notice.date_event)
                or notice._witness_problems(witnesses)
            )
        )
        vals = {
            "state": "refused",
            "date_refused": date,
            "witness1_id": witnesses[0].id,
            "witness2_id": witnesses[1].id,
        }
        offered = self.filtered(lambda notice: notice.state == "to_send")
        offered._change({**vals, "channel": "in_person", "date_sent": date, "sent_by_id": self.env.uid})
        (self - offered)._change(vals)

    def _skip(self, reason):
        """Note that the notices are not needed, and why; raises as ``_send``."""
        self._check_keeps()
        if not (reason or "").strip():
            raise UserError(self.env._("Write why it is not needed."))
        self._refuse(lambda notice: notice._skip_problems())
        self._change({"state": "not_needed", "not_needed_reason": reason.strip()})

    def _change(self, vals):
        records = guarded(self.sudo())  # sudo: right, state and dates were checked for these very notices
        wait_for(records)
        records.write(vals)
        if vals["state"] != "sent":
            # what told the addressee; the clock's own activity is closed by the clock
            records.activity_ids.filtered(lambda activity: not activity.vshu_deadline_id).unlink()
        records._settle()

    def _not_delivered(self):
        """Close invitations to a meeting that has been: they do not wait for somebody to hand them over for ever, and
        stay on record as not delivered (KZ-9)."""
        for day, notices in self.grouped(lambda notice: notice.case_id.hearing_date).items():
            reason = (
                self.env._("Not delivered before the meeting of %s.", format_date(self.env, day))
                if day
                else self.env._("Not delivered before the meeting.")
            )
            notices._change({"state": "not_needed", "not_needed_reason": reason})

    def _settle(self):
        """Say from which day the notices count as told; what hangs on it (clocks, the case) follows."""
        records = guarded(self.sudo())  # sudo: dates kept by the system
        by_date = records.filtered(lambda notice: notice.date_told != notice._told_on()).grouped(
            lambda notice: notice._told_on()
        )
        for date, notices in by_date.items():
            notices.write({"date_told": date})
        records.case_id._parents_told()

    def _told_on(self):
        """Return the day from which the addressee counts as told, False where they do not yet."""
        self.ensure_one()
        if self.state in ("acknowledged", "refused"):
            return self.date_acknowledged or self.date_refused
        if self.state == "sent" and (not self.answer_needed or self.attachment_ids):
            return self.date_sent
        return False

    # -- what is wrong: a line, or nothing ---------------------------------------------------------------------------

    def _refuse(self, problem):
        """Raise UserError with the lines that ``problem`` gives for the notices."""
        lines = [line for line in map(problem, self.sudo()) if line]  # sudo: the right was checked by the caller
        if lines:
            raise UserError("\n".join(lines))

    def _send_problems(self):
        if self.state != "to_send":
            return self.env._("%(notice)s is “%(state)s” already.", notice=self.display_name, state=self._state_label())
        if self.addressee in INSIDERS:
            return ""
        if not self.partner_id:
            return (
                self.env._(
                    "%s: nobody of the family may receive papers. Enter a parent or guardian who may, then choose "
                    "them in the notice.",
                    self.display_name,
                )
                if self.addressee == "parents"
                else self.env._("%s: choose the body that it goes to.", self.display_name)
            )
        if not self._may_receive():
            return self.env._(
                "%(notice)s: this person may not receive papers any more. %(reason)s Choose another one in the notice.",
                notice=self.display_name,
                reason=self._stop_reason(),
            )
        return ""

    def _acknowledge_problems(self):
        if self.state == "to_send":
            return self.env._(
                "%s was not handed over yet: note that first, then the acknowledgement.", self.display_name
            )
        if self.state != "sent":
            return self.env._("%(notice)s is “%(state)s” already.", notice=self.display_name, state=self._state_label())
        return ""

    def _refusal_problems(self):
        if self.addressee in INSIDERS:
            return self.env._("%s: who is told inside the program does not refuse.", self.display_name)
        return self._send_problems() if self.state != "sent" else ""

    def _skip_problems(self):
        if self.state != "to_send":
            return self.env._("%(notice)s is “%(state)s” already.", notice=self.display_name, state=self._state_label())
        if self.need == "required" and not self._replaced():
            return self.env._(
                "%(notice)s is required (%(clause)s): it cannot be left out.",
                notice=self.display_name,
                clause=self.clause_text or "-",
            )
        return ""

    def _replaced(self):
        """Tell whether the person may not receive papers any more while another one is told of the same."""
        return bool(
            self.guardian_id
            and not self._may_receive()
            and self.search_count(
                [
                    ("case_id", "=", self.case_id.id),
                    ("event", "=", self.event),
                    ("addressee", "=", "parents"),
                    ("id", "!=", self.id),
                    ("state", "!=", "not_needed"),
                ],
                limit=1,
            )
        )

    def _date_problems(self, date, first):
        if date > self._vshu_today():
            return self.env._(
                "%(notice)s: %(date)s lies in the future. Enter the day on which it was done.",
                notice=self.display_name,
                date=fields.Date.to_string(date),
            )
        if first and date < first:
            return self.env._(
                "%(notice)s: %(date)s is before %(first)s, when it was decided or handed over.",
                notice=self.display_name,
                date=fields.Date.to_string(date),
                first=fields.Date.to_string(first),
            )
        return ""

    def _witness_problems(self, witnesses):
        if any(witness.company_id and witness.company_id != self.company_id for witness in witnesses):
            return self.env._("%s: the witnesses are employees of this school.", self.display_name)
        return ""

    def _state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    @api.depends("state", "addressee", "partner_id", "guardian_id", "user_id", "answer_needed", "date_printed")
    @api.depends_context("uid")
    def _compute_next_step(self):
        for notice in self:
            record = notice.sudo()  # sudo: whether the guardian may still receive papers; no name is shown
            line = False
            if notice.state == "to_send":
                line = record._send_problems() if notice._origin else False
                if not line and notice.addressee in INSIDERS:
                    line = self.env._("Nobody with a login holds this office: tell them yourself and note it here.")
                elif not line:
                    line = self.env._("Print it, hand it over or send it, then press “Handed over”.")
            elif notice.state == "sent" and notice.addressee in INSIDERS:
                line = self.env._("Waits until the one who is told presses “I have read it”.")
            elif notice.state == "sent" and notice.answer_needed and not notice.date_told:
                line = self.env._(
                    "Waits for the tear-off part, for a refusal before two witnesses, or for the proof of sending."
                )
            notice.next_step = line
