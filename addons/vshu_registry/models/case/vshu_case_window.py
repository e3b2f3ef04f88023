from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import format_date


class VshuCase(models.Model):
    """The window of time of a ground: what happened within it is counted and shown, not only said (RU-3.2)."""

    _inherit = "vshu.case"

    window_facts = fields.Text(
        compute="_compute_window_facts",
        string="Within the window",
        help="Violations within the time that the ground speaks of: entries with concern and signals, day by day.",
    )

    @api.depends("ground_id", "student_id", "date_received", "date_decided")
    def _compute_window_facts(self):
        for case in self:
            # sudo: whoever reads the case is told on which days something happened, and of which kind
            sudo_case = case.sudo()
            case.window_facts = sudo_case._window_words() if case._origin else False

    def _window(self):
        """Return (first day, last day) of the window of the main ground, up to the decision or today; False where the
        ground counts nothing."""
        self.ensure_one()
        ground = self.ground_id
        if not ground.window_min or not ground.window_count or not ground.window_unit:
            return False
        last = self.date_decided or self._vshu_today()
        span = {f"{ground.window_unit}s": ground.window_count}
        return last - relativedelta(**span), last

    def _window_events(self):
        """Return [(day, what it was)] of the violations within the window, oldest first."""
        first, last = self._window()
        zone = pytz.timezone(self.env["vshu.school"]._for_company(self.company_id).tz or "UTC")

        def moment(day):
            return zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)

        whose = [("student_id", "=", self.student_id.id), ("family_id", "=", self.family_id.id)]
        entries = self.env["vshu.intervention"].search(
            [
                *whose,
                ("company_id", "=", self.company_id.id),
                ("tone", "=", "concern"),
                ("annulled", "=", False),
                ("date", ">=", moment(first)),
                ("date", "<", moment(last + timedelta(days=1))),
            ]
        )
        signals = self.env["vshu.signal"].search(
            [
                *whose,
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "dismissed"),
                ("date_received", ">=", first),
                ("date_received", "<=", last),
                "|",
                ("ground_id", "=", self.ground_id.id),
                ("ground_id", "=", False),
            ]
        )
        events = [
            (pytz.utc.localize(entry.date).astimezone(zone).date(), entry.kind_id.display_name) for entry in entries
        ]
        # a signal reports what an entry of the same day may have noted already: it counts once
        noted = {day for day, _what in events}
        events += [
            (signal.date_received, self.env._("Signal %s", signal.name))
            for signal in signals
            if signal.date_received not in noted
        ]
        return sorted(events)

    def _window_words(self):
        """Return the count and the days in words, False where the ground counts nothing."""
        window = self._window()
        if not window:
            return False
        events = self._window_events()
        head = self.env._(
            "%(first)s – %(last)s: %(count)s (the ground speaks of %(least)s or more)",
            first=format_date(self.env, window[0]),
            last=format_date(self.env, window[1]),
            count=len(events),
            least=self.ground_id.window_min,
        )
        return "\n".join([head, *(f"• {format_date(self.env, day)}: {what}" for day, what in events)])

    def _window_problems(self):
        """Return a line where fewer violations are on record than the ground speaks of: the council hears why."""
        if not self._window():
            return []
        count = len(self._window_events())
        if count >= self.ground_id.window_min:
            return []
        return [
            self.env._(
                "on record within the window are %(count)s, the ground speaks of %(least)s or more (%(clause)s): note "
                "what happened, or choose another ground",
                count=count,
                least=self.ground_id.window_min,
                clause=self.ground_id.clause_text or "-",
            )
        ]
