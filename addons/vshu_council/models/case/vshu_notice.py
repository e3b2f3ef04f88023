from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import guarded


class VshuNoticeRule(models.Model):
    _inherit = "vshu.notice.rule"

    event = fields.Selection(
        selection_add=[("hearing_off", "Meeting of the council is off")], ondelete={"hearing_off": "cascade"}
    )


class VshuNotice(models.Model):
    """Whoever has no rights on the day is not called to the council either (KZ-9)."""

    _inherit = "vshu.notice"

    event = fields.Selection(
        selection_add=[("hearing_off", "Meeting of the council is off")], ondelete={"hearing_off": "cascade"}
    )
    participant_ids = fields.One2many(
        "vshu.meeting.participant",
        "notice_id",
        string="Called to the council",
        groups="vshu_registry.group_case_reader",
    )

    @api.model
    def _followed_domain(self):
        """Invitations that were handed over follow as well, until the meeting begins."""
        awaited = Domain("participant_ids.meeting_id.state", "in", ("draft", "convened"))
        return super()._followed_domain() | (
            Domain("event", "=", "hearing") & Domain("state", "!=", "to_send") & awaited
        )

    def _stop_unlawful(self):
        """Whose invitation does not hold any more is not awaited; who is invited instead is."""
        stopped = super()._stop_unlawful()
        people = self.sudo().participant_ids.filtered(  # sudo: who is awaited follows from the rights
            lambda person: (
                person.kind == "parent"
                and person.meeting_id.state in ("draft", "convened")
                and not person.notice_id._may_receive()
            )
        )
        guarded(people).unlink()
        # sudo: see above
        items = self.sudo().case_id.agenda_item_ids.filtered(lambda item: item.meeting_id.state == "convened")
        items._call_parents()
        return stopped

    def _paper_values(self):
        """The invitation says day, hour and place of the meeting (KZ-9)."""
        values = super()._paper_values()
        if self.event == "hearing_off":
            values["hearing"] = self._paper_date(self.date_event)
        elif self.event == "hearing" and values["hearing"]:
            # sudo: hour and place of the meeting to which this very notice invites
            items = self.sudo().case_id.agenda_item_ids.filtered(
                lambda item: (
                    item.meeting_id.state in ("convened", "sitting")
                    and item.meeting_id.date_day == item.case_id.hearing_date
                )
            )
            meeting = items.meeting_id[:1]
            if meeting:
                hour = meeting._local(meeting.date).strftime("%H:%M")
                words = [format_date(self.env, meeting.date_day, date_format="long"), hour, meeting.place]
                values["hearing"] = ", ".join(filter(None, words))
        return values
