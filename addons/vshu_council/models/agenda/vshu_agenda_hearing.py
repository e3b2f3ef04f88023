from odoo import fields, models

from odoo.addons.vshu_registry.tools.guard import guarded


class VshuAgendaHearing(models.AbstractModel):
    """The hearing of an item: its day on the case, who is invited to it, what becomes of it (KZ-8, KZ-9, KZ-11)."""

    _name = "vshu.agenda.hearing"
    _description = "Hearing of an item"

    def _set_hearing(self, day):
        """Write the day of the council on the cases that wait for it: papers are due, parents are invited (KZ-9,
        KZ-11)."""
        cases = self.sudo().case_id.filtered(  # sudo: the right to convene was checked by the caller
            lambda case: case.state in ("submitted", "removal_proposed")
        )
        cases.filtered(lambda case: case.hearing_date != day).write({"hearing_date": day})
        cases._remind_papers()
        self._call_parents()

    def _call_parents(self):
        """Make a participant of each parent to whom an invitation of the register goes (KZ-9)."""
        items = self.sudo().filtered("case_id")  # sudo: parents are called by the system
        notices = items.env["vshu.notice"].search(
            [
                ("case_id", "in", items.case_id.ids),
                ("event", "=", "hearing"),
                ("state", "!=", "not_needed"),
                ("partner_id", "!=", False),
            ],
            order="id",
        )
        latest = {}
        for notice in notices.filtered(lambda notice: notice._may_receive()):
            latest[(notice.case_id.id, notice.partner_id.id)] = notice
        vals_list = []
        for item in items:
            known = {p.partner_id.id: p for p in item.meeting_id.guest_ids if p.kind == "parent"}
            for (case_id, partner_id), notice in latest.items():
                # an invitation to an earlier meeting invites nobody to this one
                if case_id != item.case_id.id or notice.date_event < item.meeting_id.date_convened:
                    continue
                if partner_id in known:
                    guarded(known[partner_id]).write(
                        {"notice_id": notice.id, "item_ids": [fields.Command.link(item.id)]}
                    )
                    continue
                own = items.with_context(lang=item.meeting_id.lang).env
                kinds = dict(notice.guardian_id._fields["kind"]._description_selection(own))
                vals_list.append(
                    {
                        "meeting_id": item.meeting_id.id,
                        "kind": "parent",
                        "partner_id": partner_id,
                        "role_text": kinds.get(notice.guardian_id.kind) or False,
                        "item_ids": [fields.Command.link(item.id)],
                        "notice_id": notice.id,
                    }
                )
        guarded(items.env["vshu.meeting.participant"]).create(vals_list)

    def _close_invitations(self):
        """Close the invitations to this hearing that nobody has handed over: the meeting has been (KZ-9)."""
        for meeting, items in self.filtered("case_id").grouped("meeting_id").items():
            notices = items.env["vshu.notice"].search(
                [
                    ("case_id", "in", items.case_id.ids),
                    ("event", "=", "hearing"),
                    ("state", "=", "to_send"),
                    ("date_event", "<=", meeting.date_day),
                ]
            )
            notices._not_delivered()

    def _take_back_hearing(self, tell):
        """Take the day of the council off the cases again.

        :param tell: whether parents who have got their invitation are told that it does not hold
        """
        for meeting, items in self.sudo().grouped("meeting_id").items():  # sudo: the caller has checked the right
            cases = items.case_id.filtered("hearing_date")
            if cases:
                cases._hearing_off(tell, meeting.date_convened or self._vshu_today())

    def _specialists(self):
        """Return who is invited to the item as a specialist (KZ-8): class teacher, psychologist, who submitted it."""
        self.ensure_one()
        case, day = self.sudo().case_id, self.meeting_id.date_day  # sudo: colleagues only
        people = case.submitter_id
        classes = case._classes_on(day)[case.id] if case else self.env["vshu.class"]
        for teacher in classes._teachers_on(day).values():
            people |= teacher.sudo()  # sudo: see above
        school = self.env["vshu.school"]._for_company(self.company_id)
        people |= case.curator_id | school._officers_on("psychologist", day)
        return people.filtered(lambda person: person.active and person.company_id == self.company_id)
