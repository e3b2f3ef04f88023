from odoo import api, fields, models


class VshuCouncilReason(models.TransientModel):
    """Asks for the reason (and, where needed, another time) before a step of the council."""

    _name = "vshu.council.reason"
    _inherit = "vshu.link.mixin"
    _description = "Reason for a step of the council"

    action = fields.Selection(
        [
            ("withdraw", "Take off the agenda"),
            ("allow", "Hear without the papers"),
            ("convene", "Convene though papers are missing"),
            ("reschedule", "Another day"),
            ("cancel", "Cancel the meeting"),
            ("correct", "Correct the wording"),
        ],
        required=True,
        readonly=True,
    )
    item_id = fields.Many2one("vshu.agenda.item", ondelete="cascade")
    meeting_id = fields.Many2one("vshu.meeting", ondelete="cascade")
    minutes_id = fields.Many2one("vshu.minutes", ondelete="cascade")
    date = fields.Datetime(string="New day and time")
    place = fields.Char(string="Where it meets")
    reason = fields.Text()
    late_text = fields.Text(compute="_compute_late_text", help="Whose papers are missing though they were due.")
    late_known = fields.Boolean(string="Convene all the same", help="The reason goes on record.")

    @api.depends("meeting_id", "date", "action")
    def _compute_late_text(self):
        for dialog in self:
            meeting = dialog.meeting_id
            asks = dialog.action in ("convene", "reschedule") and meeting and meeting.has_access("read")
            # only for who convenes: whose papers are missing is told to nobody else
            asks = asks and (meeting.can_convene or meeting.can_reschedule)
            day = meeting._day_of(dialog.date) if asks and dialog.action == "reschedule" and dialog.date else None
            dialog.late_text = meeting._origin._late_papers_text(day) if asks else False

    @api.model
    def _open(self, action, **links):
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["action"]._description_selection(self.env))[action],
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_action": action, **{f"default_{name}": value for name, value in links.items()}},
        }

    def action_confirm(self):
        """Do what the dialog was opened for; the record's own method checks role, state and reason.

        Returns an action. Raises AccessError and UserError as those methods do (KZ-5, KZ-9, KZ-11, KZ-13).
        """
        self.ensure_one()
        result = {
            "withdraw": lambda: self.item_id._withdraw(self.reason),
            "allow": lambda: self.item_id._allow_without_papers(self.reason),
            "convene": lambda: self.meeting_id._convene(self.reason),
            "reschedule": lambda: self.meeting_id._reschedule(self.date, self.place, self.reason, self.late_known),
            "cancel": lambda: self.meeting_id._cancel(self.reason),
            "correct": lambda: self.minutes_id._correct(self.reason),
        }[self.action]()
        return result if isinstance(result, dict) else {"type": "ir.actions.act_window_close"}


class VshuMeeting(models.Model):
    _inherit = "vshu.meeting"

    def action_reschedule(self):
        """Ask for another day and the reason (KZ-9). Returns the dialog; raises as rescheduling does."""
        self.ensure_one()
        self._check_flag("can_reschedule")
        return self.env["vshu.council.reason"]._open(
            "reschedule", meeting_id=self.id, date=fields.Datetime.to_string(self.date), place=self.place
        )

    def action_cancel(self):
        """Ask for the reason and cancel the meeting (KZ-9). Returns the dialog; raises as cancelling does."""
        self.ensure_one()
        self._check_flag("can_cancel")
        return self.env["vshu.council.reason"]._open("cancel", meeting_id=self.id)
