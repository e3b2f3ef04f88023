from datetime import date
from types import SimpleNamespace

import holidays
from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..common import VshuCommon

#: (school, working week, day of the event, working days, first day, direction, expected). The public holidays are
#: those of the holidays library. "work" before the week adds nothing; each row says what it shows.
CASES = [
    # the examples of design/local-practice.md
    ("ru", "5", "2026-12-29", 3, "next", "after", "2027-01-12", "over the New Year holidays and the moved 31 December"),
    ("kz", "5", "2026-03-19", 3, "next", "after", "2026-03-27", "over Nowruz and its moved days"),
    ("ru", "5", "2027-02-19", 1, "next", "after", "2027-02-20", "20.02.2027 is a working Saturday"),
    # Russia, five days
    ("ru", "5", "2026-10-14", 3, "next", "after", "2026-10-19", "over a plain weekend"),
    ("ru", "5", "2026-10-14", 0, "next", "after", "2026-10-14", "no day to count"),
    ("ru", "5", "2026-10-14", 1, "same", "after", "2026-10-14", "the day itself counts first"),
    ("ru", "5", "2026-10-17", 1, "same", "after", "2026-10-19", "the day itself is a Saturday and does not count"),
    ("ru", "5", "2026-11-03", 1, "next", "after", "2026-11-05", "Unity Day"),
    ("ru", "5", "2027-02-19", 2, "next", "after", "2027-02-24", "working Saturday, moved Monday, 23 February"),
    ("ru", "5", "2027-04-30", 1, "next", "after", "2027-05-04", "1 May on a Saturday, Monday free"),
    ("ru", "5", "2027-05-07", 1, "next", "after", "2027-05-11", "9 May on a Sunday, Monday free"),
    ("ru", "5", "2027-06-11", 1, "next", "after", "2027-06-15", "Russia Day on a Saturday, Monday free"),
    ("ru", "5", "2026-10-14", 10, "next", "after", "2026-10-28", "the ten days of RU-5.2 counted as working ones"),
    ("ru", "5", "2027-01-12", 3, "next", "before", "2026-12-29", "back over the New Year holidays"),
    ("ru", "5", "2027-02-24", 1, "next", "before", "2027-02-20", "back onto the working Saturday"),
    ("ru", "5", "2026-10-19", 3, "same", "before", "2026-10-15", "back, the day itself counts first"),
    # Russia, six days
    ("ru", "6", "2026-10-16", 1, "next", "after", "2026-10-17", "Saturday is a working day"),
    ("ru", "6", "2026-12-29", 3, "next", "after", "2027-01-11", "31.12.2026 is moved from a Sunday: free here too"),
    ("ru", "6", "2027-02-19", 2, "next", "after", "2027-02-22", "22.02.2027 is moved from a Saturday: works here"),
    ("ru", "6", "2027-04-30", 1, "next", "after", "2027-05-03", "1 May on a Saturday: Monday works here"),
    ("ru", "6", "2027-05-07", 1, "next", "after", "2027-05-08", "Saturday before Victory Day"),
    ("ru", "6", "2027-05-08", 1, "next", "after", "2027-05-11", "9 May on a Sunday: Monday is free here too"),
    ("ru", "6", "2026-10-19", 3, "next", "before", "2026-10-15", "back over one Sunday only"),
    # Kazakhstan, five days
    ("kz", "5", "2026-10-14", 3, "next", "after", "2026-10-19", "over a plain weekend"),
    ("kz", "5", "2026-10-23", 1, "next", "after", "2026-10-27", "Republic Day on a Sunday, Monday free"),
    ("kz", "5", "2026-12-15", 1, "next", "after", "2026-12-17", "Independence Day"),
    ("kz", "5", "2027-01-06", 1, "next", "after", "2027-01-08", "Orthodox Christmas"),
    ("kz", "5", "2026-12-31", 1, "next", "after", "2027-01-05", "New Year, 2 January on a Saturday, Monday free"),
    ("kz", "5", "2026-03-27", 3, "next", "before", "2026-03-19", "back over Nowruz"),
    # Kazakhstan, six days
    ("kz", "6", "2026-03-19", 3, "next", "after", "2026-03-26", "only what was moved from Sunday is free"),
    ("kz", "6", "2026-10-23", 1, "next", "after", "2026-10-24", "Saturday is a working day"),
    ("kz", "6", "2026-10-24", 1, "next", "after", "2026-10-27", "Republic Day on a Sunday: Monday free here too"),
    ("kz", "6", "2026-12-31", 1, "next", "after", "2027-01-04", "2 January on a Saturday is a holiday, Monday works"),
]


@tagged("post_install", "-at_install")
class TestWorkingDays(VshuCommon):
    """Working-day arithmetic on the calendars of both countries (acceptance 5 of the issue)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-02-02 06:00:00"):
            for bag in (cls.ru, cls.kz):
                bag.school._load_holidays()

    def test_table(self):
        """Every row of the table; at least 25 of them, both countries, both weeks, both directions."""
        self.assertGreaterEqual(len(CASES), 25)
        for code, week, start, number, first_day, direction, expected, why in CASES:
            school = self[code].school
            school.working_week = week
            with self.subTest(why, country=code, week=week, start=start):
                due = school._add_working_days(date.fromisoformat(start), number, first_day, direction)
                self.assertEqual(due.isoformat(), expected)

    def __getitem__(self, code):
        return getattr(self, code)

    def test_table_agrees_with_the_clock(self):
        """The engine's own due dates are those of the table."""
        for code, week, start, number, first_day, direction, expected, why in CASES:
            school = self[code].school
            if not hasattr(school, "_due_dates"):
                self.skipTest("the engine of the clocks is not installed")
            school.working_week = week
            rule = SimpleNamespace(
                direction=direction, offset=number, unit="working_day", first_day=first_day, day_off="keep"
            )
            # not hashable by content, but one object is one rule
            with self.subTest(why):
                due = school._due_dates([(_HashableRule(rule), date.fromisoformat(start))])[0]
                self.assertEqual(due.isoformat(), expected)

    def test_exceptions_change_the_count(self):
        """A day off of the school's own takes a day away, a working Saturday adds one."""
        school = self.ru.school
        self.add_exceptions(self.ru, off=["2026-10-15"], work=["2026-10-17"])
        self.assertEqual(school._add_working_days(date(2026, 10, 14), 1), date(2026, 10, 16))
        self.assertEqual(school._add_working_days(date(2026, 10, 14), 2), date(2026, 10, 17))
        self.assertTrue(school._is_working_day(date(2026, 10, 17)))
        self.assertFalse(school._is_working_day(date(2026, 10, 15)))
        # the other school is not touched
        self.assertTrue(self.kz.school._is_working_day(date(2026, 10, 15)))

    def test_general_time_off_of_odoo(self):
        """A general day off of Odoo's own calendar counts, a part of a day or another school's does not."""
        school = self.ru.school
        calendar = self.ru.company.resource_calendar_id
        self.env["resource.calendar.leaves"].create(
            [
                {
                    # 20 October in Moscow, from midnight to midnight
                    "name": "Day of the town",
                    "calendar_id": calendar.id,
                    "date_from": "2026-10-19 21:00:00",
                    "date_to": "2026-10-20 20:59:59",
                },
                {
                    "name": "Half a day",
                    "calendar_id": calendar.id,
                    "date_from": "2026-10-21 10:00:00",
                    "date_to": "2026-10-21 18:00:00",
                },
                {
                    "name": "Elsewhere",
                    "calendar_id": self.kz.company.resource_calendar_id.id,
                    "date_from": "2026-10-21 19:00:00",
                    "date_to": "2026-10-22 18:59:59",
                },
            ]
        )
        self.assertEqual(
            school._working_days(date(2026, 10, 19), date(2026, 10, 23)),
            {date(2026, 10, 19), date(2026, 10, 21), date(2026, 10, 22), date(2026, 10, 23)},
        )
        self.add_exceptions(self.ru, work=["2026-10-20"])
        self.assertTrue(school._is_working_day(date(2026, 10, 20)), "an exception of the school has the last word")

    def test_constant_queries(self):
        """Two queries whatever the length."""
        school = self.ru.school
        self.assertTrue(school.company_id.resource_calendar_id.tz and school._zones())  # warm
        for days in (7, 700):
            self.env.invalidate_all()
            self.assertTrue(school.working_week and school.tz and school.company_id.resource_calendar_id.id)  # warm
            with self.assertQueryCount(2):
                school._working_days(date(2026, 1, 1), date.fromordinal(date(2026, 1, 1).toordinal() + days))

    def test_no_working_day_at_all(self):
        """A calendar without a working day is refused with words, not with an endless loop."""
        school = self.ru.school
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": self.ru.company.resource_calendar_id.id,
                "date_from": "2025-01-01 00:00:00",
                "date_to": "2050-01-01 00:00:00",
            }
        )
        with self.refused(UserError, "no working day"):
            school._add_working_days(date(2026, 10, 14), 3)

    def test_today_is_the_schools(self):
        """The school's day begins in its own time zone."""
        with freeze_time("2026-10-14 20:00:00"):
            self.assertEqual(self.kz.school._today(), date(2026, 10, 15))
            self.assertEqual(self.ru.school._today(), date(2026, 10, 14))

    def test_whoever_asks(self):
        """The school's day, whatever zone the reader's account has; it follows a change of the school's time zone."""
        company, school = self.kz.company, self.kz.school
        with freeze_time("2026-10-14 20:30:00"):
            for zone in ("UTC", "Asia/Kamchatka", "America/New_York", False):
                asked = company.with_context(tz=zone)
                school.tz = "Asia/Almaty"
                self.assertEqual(asked._vshu_today(), date(2026, 10, 15), zone)
                school.tz = "UTC"
                self.assertEqual(asked._vshu_today(), date(2026, 10, 14), zone)


class _HashableRule:
    """A rule of a clock outside the database."""

    def __init__(self, rule):
        self.__dict__.update(vars(rule))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestHolidays(VshuCommon):
    """Loading of the public holidays; the user's own rows."""

    def rows(self, bag):
        """Return {iso date: row}."""
        found = self.env["vshu.calendar.exception"].search([("school_id", "=", bag.school.id)])
        return {row.date.isoformat(): row for row in found}

    def test_load_by_administrator(self):
        """The button loads this and the next calendar year: days off, moved days, the working Saturday."""
        school = self.ru.school.with_user(self.ru.users["administrator"])
        school.action_load_holidays()
        rows = self.rows(self.ru)
        for day in ("2026-11-04", "2026-12-31", "2027-01-08", "2027-02-22", "2027-05-01", "2027-12-31"):
            self.assertEqual(rows[day].kind, "off", day)
            self.assertEqual(rows[day].source, "library", day)
        self.assertEqual(rows["2027-02-20"].kind, "work")
        self.assertTrue(rows["2027-02-22"].five_day_only, "moved from Saturday")
        self.assertFalse(rows["2026-12-31"].five_day_only, "moved from Sunday")
        self.assertFalse({day[:4] for day in rows} - {"2026", "2027"})
        self.assertFalse(self.rows(self.kz), "the other school has its own calendar")

    def test_twice_changes_nothing(self):
        """Loading again makes no row and changes none."""
        self.ru.school._load_holidays()
        before = {day: row.id for day, row in self.rows(self.ru).items()}
        self.assertEqual(self.ru.school._load_holidays(), 0)
        self.assertEqual({day: row.id for day, row in self.rows(self.ru).items()}, before)

    def test_users_rows_survive(self):
        """What a user entered or changed stays; what the library does not know any more goes."""
        own = self.add_exceptions(self.ru, work=["2026-11-04"])
        self.ru.school._load_holidays()
        rows = self.rows(self.ru)
        self.assertEqual((rows["2026-11-04"], own.kind, own.source), (own, "work", "manual"))
        rows["2027-06-14"].with_user(self.ru.users["administrator"]).kind = "work"
        self.assertEqual(rows["2027-06-14"].source, "manual")
        stale = self.env["vshu.calendar.exception"].create(
            {"school_id": self.ru.school.id, "date": "2027-03-03", "name": "Old", "source": "library"}
        )
        self.ru.school._load_holidays()
        self.assertFalse(stale.exists())
        self.assertEqual(rows["2027-06-14"].kind, "work")

    def test_names_in_languages(self):
        """Russian names come from the library; where it has none, from the addon's translations."""
        self.env["res.lang"]._activate_lang("ru_RU")
        self.ru.school._load_holidays()
        row = self.rows(self.ru)["2027-05-09"]
        self.assertEqual(row.with_context(lang="ru_RU").name, "День Победы")
        self.assertEqual(row.with_context(lang="en_US").name, "Victory Day")

    def test_library_rows_are_not_deleted_by_hand(self):
        """A deleted public holiday would come back: the message says what to do."""
        self.ru.school._load_holidays()
        row = self.rows(self.ru)["2026-11-04"].with_user(self.ru.users["administrator"])
        with self.refused(UserError, "would come back"):
            row.unlink()
        own = self.add_exceptions(self.ru, off=["2026-10-30"]).with_user(self.ru.users["administrator"])
        own.unlink()

    def test_cron(self):
        """The yearly job loads for every school; one without a known country does not stop it."""
        known = set(holidays.list_supported_countries())
        nowhere = self.env["res.country"].search([]).filtered(lambda country: country.code not in known)[:1]
        self.kz.school.regulation_id = self.make_regulation("nowhere", nowhere or self._new_country())
        with self.enter_registry_test_mode():
            self.env.ref("vshu_registry.ir_cron_vshu_load_holidays").method_direct_trigger()
        self.assertTrue(self.rows(self.ru))
        self.assertFalse(self.rows(self.kz))

    def _new_country(self):
        return self.env["res.country"].create({"name": "Nowhere", "code": "XX"})

    def test_country_is_needed(self):
        """Without a country there are no public holidays: said, not guessed."""
        self.kz.school.regulation_id = self.make_regulation("anywhere", self.env["res.country"])
        with self.refused(UserError, "country"):
            self.kz.school.action_load_holidays()

    def test_one_row_a_day(self):
        """The same day twice is refused."""
        self.add_exceptions(self.ru, off=["2026-10-30"])
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.add_exceptions(self.ru, work=["2026-10-30"])
