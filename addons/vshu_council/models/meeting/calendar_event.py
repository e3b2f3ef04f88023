from odoo import fields, models


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    # nobody reads it: the rule asks whether an event is a meeting of the council
    vshu_meeting_ids = fields.One2many("vshu.meeting", "event_id", string="Meetings", groups=fields.NO_ACCESS)
