from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.guard import guarded
from .vshu_case_notices import QUIET

#: what a notice to another adult has in common with the one that may not go out any more
SAME = ("case_id", "student_id", "family_id", "rule_id", "decision_id", "event", "addressee", "need", "answer_needed")
SAME += ("clause", "role_id", "reply_to", "date_event", "clock_on_case")


class VshuNotice(models.Model):
    """Whoever has no rights on the day is addressee of nothing (RU-5.3, KZ-9, KZ-14).

    A notice that waits for an adult who may receive papers no longer stays on record as not needed, with the reason;
    who may receive papers instead gets one of the same.
    """

    _inherit = "vshu.notice"

    # -- who may be told -------------------------------------------------------------------------------------------

    def _may_receive(self):
        """Tell whether the addressee may receive papers today; bodies may."""
        self.ensure_one()
        if self.addressee != "parents":
            return True
        # sudo: whether the right is there, nothing of the people
        notice = self.sudo()
        today = notice.company_id._vshu_today()
        if notice.guardian_id:
            return notice.guardian_id._receives(today)
        return notice.partner_id in notice.family_id._receivers(today)

    def _stop_reason(self):
        """Return why the adult may receive no papers, in the language of the environment; no name of anybody."""
        self.ensure_one()
        notice = self.sudo()  # sudo: see _may_receive
        link = notice.guardian_id
        today = notice.company_id._vshu_today()
        if not notice.partner_id.active:
            return self.env._("The contact was archived.")
        if not link and notice.student_id:
            return self.env._("This person is not entered as a parent or guardian of the child any more.")
        if not link:
            return self.env._("This person answers for no child of the family.")
        if link.date_to and link.date_to < today:
            reasons = dict(link._fields["end_reason"]._description_selection(self.env))
            return self.env._(
                "The right of this person ended on %(date)s: %(reason)s.",
                date=format_date(self.env, link.date_to),
                reason=reasons.get(link.end_reason) or self.env._("no reason is entered"),
            )
        if not link._in_force_on(today):
            return self.env._("This person does not answer for the child yet.")
        if not link.may_receive_papers:
            return self.env._("“May receive papers” is not ticked for this person.")
        return self.env._(
            "This person is no legal representative, and the paper that allows them to receive papers is not entered."
        )

    # -- following the people ----------------------------------------------------------------------------------------

    @api.model
    def _follow_people(self, students):
        """Bring what waits in step after the guardians of ``students`` changed."""
        domain = Domain("student_id", "in", students.ids) | Domain("family_id.member_ids", "in", students.ids)
        # sudo: done by the system, whoever enters the change of the guardian
        self.sudo().search(domain & self._followed_domain())._stop_unlawful()

    @api.model
    def _followed_domain(self):
        """Return the domain of the notices that follow the rights of the parents."""
        return Domain("addressee", "=", "parents") & Domain("state", "=", "to_send")

    def _stop_unlawful(self):
        """Take the notices off the list whose adult may receive papers no longer, and tell the others of the same.

        Called when the people change and each night; twice changes nothing.
        """
        waiting = guarded(self.sudo()).filtered(  # sudo: done by the system; nothing of the people is shown
            lambda notice: notice.state == "to_send" and notice.addressee == "parents"
        )
        stopped = waiting.filtered(lambda notice: notice.partner_id and not notice._may_receive())
        by_reason = {}
        for notice in stopped:
            reason = notice.with_context(lang=notice.case_id._notice_lang() or self.env.lang)._stop_reason()
            by_reason.setdefault(reason, self.browse())
            by_reason[reason] |= notice
        for reason, notices in by_reason.items():
            notices._change({"state": "not_needed", "not_needed_reason": reason})
        (stopped | waiting.filtered(lambda notice: not notice.partner_id))._tell_others()
        return stopped

    def _tell_others(self):
        """Address the same notices to the adults who may receive papers today and were not told of it yet.

        Where nobody may, one notice without a person stays, which says what to do.
        """
        if not self:
            return
        others = self.search([("case_id", "in", self.case_id.ids), ("addressee", "=", "parents")])
        by_key = others.filtered(lambda notice: notice.state != "not_needed").grouped(
            lambda notice: tuple(notice._vals_of_same().items())
        )
        targets = self.case_id._told_parents()
        vals_list = []
        for key in dict.fromkeys(tuple(notice._vals_of_same().items()) for notice in self):
            told = by_key.get(key, self.browse())
            blank = told.filtered(lambda notice: not notice.partner_id and notice.state == "to_send")
            wanted = targets[dict(key)["case_id"]]
            people = [t for t in wanted if t["partner_id"] and t["partner_id"] not in told.partner_id.ids]
            if blank and people:
                guarded(blank[:1]).write(people.pop(0))
            elif not told:
                people = people or wanted[:1]
            vals_list += [{**dict(key), **target} for target in people]
        guarded(self.with_context(**QUIET)).create(vals_list)

    def _vals_of_same(self):
        """Return the values that a notice of the same to another adult has."""
        self.ensure_one()
        return self._convert_to_write({name: self[name] for name in SAME})

    # -- printing ----------------------------------------------------------------------------------------------------

    def _check_printable(self):
        """Raise UserError, with the reason, for a paper to an adult who may not receive it (any report, any way).

        What was handed over already is printed again for the file.
        """
        checked = super()._check_printable()
        lines = [
            self.env._(
                "%(notice)s may not be printed. %(reason)s Choose another parent or guardian in the notice, or enter "
                "the paper that gives them the right.",
                notice=notice.display_name,
                reason=notice._stop_reason(),
            )
            for notice in self
            if notice.addressee == "parents"
            and notice.state in ("to_send", "not_needed")
            and notice.sudo().partner_id  # sudo: whether the right is there
            and not notice._may_receive()
        ]
        if lines:
            raise UserError("\n".join(lines))
        return checked
