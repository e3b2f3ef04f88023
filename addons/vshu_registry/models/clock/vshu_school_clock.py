from datetime import timedelta

from odoo import api, models

from .vshu_deadline_mixin import shift

#: days looked at beyond a clock's own length, so that long holidays are inside the window
MARGIN = 45


class VshuSchool(models.Model):
    """The school's side of the clocks: due dates on its own calendar."""

    _inherit = "vshu.school"

    @api.model
    def _by_company(self, companies):
        """Return {company id: school form} for those of ``companies`` that have one."""
        forms = ((company_id, self._id_for_company(company_id)) for company_id in companies.ids)
        # sudo: settings, read by every clock
        return {company_id: self.sudo().browse(school_id) for company_id, school_id in forms if school_id}

    def _due_dates(self, items):
        """Compute due dates on the school's calendar: working days by its week, holidays and working Saturdays.

        :param items: list of (rule or deadline, date of the event)
        :returns: list of dates, in the order of ``items``
        """
        self.ensure_one()
        if not items:
            return []
        longest = max((source.offset for source, _anchor in items if source.unit == "working_day"), default=0)
        shifted = [shift(anchor, source) for source, anchor in items]
        dates = [anchor for _source, anchor in items] + shifted
        margin = timedelta(days=2 * longest + MARGIN)
        start, end = min(dates) - margin, max(dates) + margin
        needs_calendar = any(source.unit == "working_day" or source.day_off != "keep" for source, _anchor in items)
        working = self._working_days(start, end) if needs_calendar else set()
        known = {}
        result = []
        for (source, anchor), plain in zip(items, shifted, strict=True):
            key = (source, anchor)
            if key not in known:
                if source.unit == "working_day":
                    known[key] = self._count_working_days(source, anchor, working, start, end)
                else:
                    known[key] = self._off_day_off(source.day_off, plain, working, start, end)
            result.append(known[key])
        return result

    def _count_working_days(self, source, anchor, working, start, end):
        step = timedelta(days=1 if source.direction == "after" else -1)
        day = anchor
        left = source.offset
        if source.first_day == "same" and day in working and left:
            left -= 1
        while left:
            day += step
            if not start <= day <= end:
                return self._add_working_days(
                    anchor, source.offset, first_day=source.first_day, direction=source.direction
                )
            if day in working:
                left -= 1
        return day

    def _off_day_off(self, convention, day, working, start, end):
        if convention == "keep":
            return day
        step = timedelta(days=1 if convention == "next" else -1)
        while day not in working and start < day < end:
            day += step
        return day
