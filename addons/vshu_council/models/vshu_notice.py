from odoo import fields, models
from odoo.tools import format_date


class VshuNoticeRule(models.Model):
    _inherit = "vshu.notice.rule"

    event = fields.Selection(
        selection_add=[("hearing_off", "Meeting of the council is off")], ondelete={"hearing_off": "cascade"}
    )


class VshuNotice(models.Model):
    _inherit = "vshu.notice"

    event = fields.Selection(
        selection_add=[("hearing_off", "Meeting of the council is off")], ondelete={"hearing_off": "cascade"}
    )

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
