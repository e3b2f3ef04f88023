"""Arithmetic of working days in plain Python: no record, no query."""

from datetime import timedelta

ONE_DAY = timedelta(days=1)


class WorkingCalendar:
    """Which days are working days between two dates, and what follows from it.

    :param working_days: the set of working days from ``date_from`` to ``date_to``
    :param extend: function (date_from, date_to) → set of working days, called when a day outside is asked for
    """

    def __init__(self, working_days, date_from, date_to, extend):
        self._days = set(working_days)
        self._from = date_from
        self._to = date_to
        self._extend = extend

    def _cover(self, day):
        """Read more of the calendar where ``day`` lies outside what is known, at least half a year at a time."""
        half_year = timedelta(days=183)
        if day > self._to:
            new_to = max(day, self._to + half_year)
            self._days |= self._extend(self._to + ONE_DAY, new_to)
            self._to = new_to
        elif day < self._from:
            new_from = min(day, self._from - half_year)
            self._days |= self._extend(new_from, self._from - ONE_DAY)
            self._from = new_from

    def is_working(self, day):
        """Tell whether ``day`` is a working day."""
        self._cover(day)
        return day in self._days

    def roll(self, day, step):
        """Return ``day`` itself if it is a working day, else the next one (``step`` 1) or the one before (-1)."""
        limit = day + timedelta(days=3660) * step
        while not self.is_working(day):
            day += ONE_DAY * step
            if day == limit:
                raise ValueError("no working day within ten years")
        return day

    def add(self, day, number, first_day="next", direction="after"):
        """Return the ``number``-th working day after (or before) ``day``.

        With ``first_day`` "next" the counting begins with the day after (before) ``day``; with "same" the day
        itself counts first, if it is a working day. ``number`` 0 gives ``day`` itself.
        """
        if number <= 0:
            return day
        step = 1 if direction == "after" else -1
        current = self.roll(day if first_day == "same" else day + ONE_DAY * step, step)
        for _index in range(number - 1):
            current = self.roll(current + ONE_DAY * step, step)
        return current
