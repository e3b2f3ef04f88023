import logging
from collections import defaultdict
from datetime import date, datetime, time, timedelta

import pytz
from odoo import api, models
from odoo.exceptions import UserError

from ...tools.working_calendar import WorkingCalendar

_logger = logging.getLogger(__name__)

try:
    import holidays
except ImportError:  # named in external_dependencies: Odoo refuses the installation with a message of its own
    holidays = None

#: a general day off of Odoo counts if it covers these hours of the school's day
DAY_STARTS, DAY_ENDS = time(9, 0), time(17, 0)
SATURDAY, SUNDAY = 5, 6


class VshuSchoolCalendarMixin(models.AbstractModel):
    """The working calendar of a school: which days count, and where the public holidays come from.

    The model that takes it has ``company_id``, ``name``, ``tz``, ``working_week`` and ``regulation_id``.
    """

    _name = "vshu.school.calendar.mixin"
    _description = "Working calendar of a school"

    def action_load_holidays(self):
        """Load public holidays, transferred days off and working Saturdays of this calendar year and the next.

        Rows that a user has entered or changed stay as they are. Raises UserError where the country is not known.
        """
        self.check_access("write")
        count = 0
        for school in self:
            count += school._load_holidays()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Days of the calendar loaded or corrected: %s. Check them.", count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # -- scheduled ---------------------------------------------------------------------------------------------------

    @api.model
    def _cron_load_holidays(self):
        """Load the public holidays of every school that has a country; one that fails does not stop the others."""
        schools = self.search([("regulation_id.country_id", "!=", False)])
        self.env["ir.cron"]._commit_progress(remaining=len(schools))
        for school in schools:
            try:
                with self.env.cr.savepoint():
                    school._load_holidays()
            except UserError as error:
                _logger.info("Holidays of school %s not loaded: %s", school.id, error)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    # -- working days ------------------------------------------------------------------------------------------------

    def _working_days(self, date_from, date_to):
        """Return the set of working days from ``date_from`` to ``date_to``, both included, in two queries.

        A weekday of the working week counts unless an exception or a general day off of the company takes it away;
        an exception "working day" counts always.
        """
        self.ensure_one()
        if date_from > date_to:
            return set()
        # sudo: the calendar is needed by code that runs with the rights of any user of the school
        rows = (
            self.sudo()
            .env["vshu.calendar.exception"]
            .search_fetch(
                [("school_id", "=", self.id), ("date", ">=", date_from), ("date", "<=", date_to)],
                ["date", "kind", "five_day_only"],
            )
        )
        six_days = self.working_week == "6"
        off = {row.date for row in rows if row.kind == "off" and not (six_days and row.five_day_only)}
        work = {row.date for row in rows if row.kind == "work"}
        off |= self._general_leave_days(date_from, date_to)
        weekdays = 6 if six_days else 5
        days = set()
        day = date_from
        while day <= date_to:
            if day in work or (day.weekday() < weekdays and day not in off):
                days.add(day)
            day += timedelta(days=1)
        return days

    def _general_leave_days(self, date_from, date_to):
        """Return the days that Odoo's own general time off of the company takes away."""
        tz = pytz.timezone(self.tz or "UTC")

        def to_utc(day, hour):
            return tz.localize(datetime.combine(day, hour)).astimezone(pytz.utc).replace(tzinfo=None)

        # sudo: the company's general days off are public inside it
        company = self.company_id.sudo()
        leaves = (
            self.sudo()
            .env["resource.calendar.leaves"]
            .search_fetch(
                [
                    ("resource_id", "=", False),
                    ("time_type", "=", "leave"),
                    ("company_id", "in", (False, company.id)),
                    ("calendar_id", "in", (False, company.resource_calendar_id.id)),
                    ("date_from", "<=", to_utc(date_to, DAY_STARTS)),
                    ("date_to", ">=", to_utc(date_from, DAY_ENDS)),
                ],
                ["date_from", "date_to"],
            )
        )
        days = set()
        for leave in leaves:
            day = max(date_from, pytz.utc.localize(leave.date_from).astimezone(tz).date())
            last = min(date_to, pytz.utc.localize(leave.date_to).astimezone(tz).date())
            while day <= last:
                if leave.date_from <= to_utc(day, DAY_STARTS) and leave.date_to >= to_utc(day, DAY_ENDS):
                    days.add(day)
                day += timedelta(days=1)
        return days

    def _calendar(self, date_from, date_to):
        """Return the working calendar of the school; it reads on by itself where days outside are asked for."""
        return WorkingCalendar(self._working_days(date_from, date_to), date_from, date_to, self._working_days)

    def _is_working_day(self, date):
        """Tell whether ``date`` is a working day of the school."""
        return date in self._working_days(date, date)

    def _add_working_days(self, date, number, first_day="next", direction="after"):
        """Return the ``number``-th working day after (or before) ``date``; see WorkingCalendar.add.

        Raises UserError where the calendar has no working day within ten years.
        """
        span = timedelta(days=number * 2 + 21)
        after = direction == "after"
        days = self._calendar(date if after else date - span, date + span if after else date)
        return self._counted(lambda: days.add(date, number, first_day, direction))

    def _counted(self, count):
        try:
            return count()
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The calendar of “%(school)s” has no working day within ten years. "
                    "Correct the days off under Configuration → School.",
                    school=self.name,
                )
            ) from error

    def _calendar_changed(self):
        """Recompute the running clocks of the schools whose calendar has changed."""
        for company in self.company_id:
            self.env["vshu.deadline"]._resync_company(company)

    # -- public holidays ---------------------------------------------------------------------------------------------

    def _load_holidays(self):
        """Bring the rows that come from the holidays library up to date; return how many were made or changed.

        Raises UserError where the school has no country, or the library does not know it.
        """
        self.ensure_one()
        country = self.regulation_id.country_id
        if not country:
            raise UserError(
                self.env._(
                    "School “%s”: set a regulation with a country first, the public holidays are those of the country.",
                    self.name,
                )
            )
        year = self._today().year
        wanted = self._library_days(country, (year, year + 1))
        rows = self.env["vshu.calendar.exception"].search(
            [("school_id", "=", self.id), ("date", ">=", date(year, 1, 1)), ("date", "<=", date(year + 1, 12, 31))]
        )
        known = {row.date: row for row in rows}
        changed = 0
        for day, vals in wanted.items():
            row = known.get(day)
            if row and row.source == "library" and any(row[name] != vals[name] for name in ("kind", "five_day_only")):
                row.write({"kind": vals["kind"], "five_day_only": vals["five_day_only"], "source": "library"})
                changed += 1
        stale = rows.filtered(lambda row: row.source == "library" and row.date not in wanted)
        changed += len(stale)
        # sudo: rows of the library are protected from deletion by hand; the right to write the school is checked
        stale.sudo().unlink()
        missing = [day for day in wanted if day not in known]
        created = self.env["vshu.calendar.exception"].create(
            [
                {
                    "school_id": self.id,
                    "date": day,
                    "kind": wanted[day]["kind"],
                    "five_day_only": wanted[day]["five_day_only"],
                    "name": wanted[day]["names"].get(self.env.lang) or wanted[day]["names"]["en_US"],
                    "source": "library",
                }
                for day in missing
            ]
        )
        for row in created:
            row.update_field_translations("name", wanted[row.date]["names"])
        # writing the translations has marked the rows as changed by hand
        created.filtered(lambda row: row.source != "library").write({"source": "library"})
        return changed + len(created)

    @api.model
    def _library_days(self, country, years):
        """Return {day: {"kind", "names": {lang: name}, "five_day_only"}} of what the library knows of a country."""
        code = country.code or ""
        try:
            table = holidays.country_holidays(code, years=years, language="en_US")
        except NotImplementedError as error:
            raise UserError(
                self.env._(
                    "The public holidays of %s are not known to the program: enter them by hand.", country.display_name
                )
            ) from error
        exceptions = self.env["vshu.calendar.exception"]
        langs = [code_ for code_, _name in self.env["res.lang"].get_installed()]
        tables = {}
        for lang in langs:
            language = lang if lang in table.supported_languages else lang.split("_")[0]
            if language in table.supported_languages:
                tables[lang] = holidays.country_holidays(code, years=years, language=language)
        five_day_only = self._five_day_only_days(years, table)
        days = {}
        for day, name in table.items():
            names = {"en_US": name}
            for lang in langs:
                names[lang] = (
                    tables[lang][day] if lang in tables else exceptions.with_context(lang=lang)._library_name(name)
                )
            days[day] = {"kind": "off", "names": names, "five_day_only": day in five_day_only}
        for day in getattr(table, "weekend_workdays", ()):
            if day.year in years:
                names = {lang: exceptions.with_context(lang=lang)._workday_name() for lang in {"en_US", *langs}}
                days[day] = {"kind": "work", "names": names, "five_day_only": False}
        return dict(sorted(days.items()))

    @api.model
    def _five_day_only_days(self, years, table):
        """Return the transferred days off that count for a five-day week only.

        A day off is moved where a holiday falls on a day of rest. In a six-day week Saturday is none, so what was
        moved from a Saturday is a working day there.
        """
        days = set()
        for year, moves in (getattr(table, "special_public_holidays", None) or {}).items():
            # each move: month and day of the day off, month and day that it was moved from; a single one stands bare
            moves = (moves,) if moves and isinstance(moves[0], int) else moves
            for move in moves if year in years else ():
                if len(move) == 4 and date(year, move[2], move[3]).weekday() == SATURDAY:
                    days.add(date(year, move[0], move[1]))
        own = holidays.country_holidays(table.country, years=years, language="en_US", observed=False)
        moved = defaultdict(list)
        for day in sorted(set(table) - set(own)):
            moved[day.year, table[day].split(" (")[0]].append(day)
        for (year, name), free_days in moved.items():
            rest_days = [day for day, own_name in own.items() if day.year == year and own_name.startswith(name)]
            saturdays = sum(day.weekday() == SATURDAY for day in rest_days)
            sundays = sum(day.weekday() == SUNDAY for day in rest_days)
            if saturdays:
                days.update(free_days[sundays:])
        return days
