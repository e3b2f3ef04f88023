"""Each school's own day: in the night, in every default and comparison, whatever zone server and account have."""

import ast
import re
from datetime import date, datetime
from pathlib import Path

import pytz
from freezegun import freeze_time
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from ..case.test_flow import FlowCommon
from ..common import ADDONS, slow

ZONES = ("Asia/Almaty", "Asia/Yekaterinburg", "Europe/Moscow", "Europe/Kaliningrad")
TIMES = ("22:00", "19:05", "00:30")
#: what the account of the user says, False: nothing
ACCOUNTS = (False, "America/New_York", "Asia/Kamchatka")
#: Date fields whose default is no "today"; anything else with a default is the school's day
OTHER_DEFAULTS = {
    "vshu.plan.figures.date_from",  # the first day of the school year
}
#: the one place that asks the clock which day it is
PLACE = "vshu_registry/models/school/vshu_school_day.py"
ASKS = {"context_today", "context_timestamp", "utcnow", "_latest_today"}
CALLS = re.compile(r"^(date|datetime|fields\.Date|Date)\.today\(|^datetime\.now\(|\bnow\(\)\.date\(")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestSchoolDay(FlowCommon):
    """robustness.md 3, people.md "user without a time zone, in another zone"."""

    def moments(self):
        """Yield (moment, zone, the day there) for the two nights around the second of November."""
        for day in (1, 2, 3):
            for hour in TIMES:
                moment = f"2026-11-0{day} {hour}:00"
                for zone in ZONES:
                    utc = pytz.utc.localize(datetime.fromisoformat(moment))
                    yield moment, zone, utc.astimezone(pytz.timezone(zone)).date()

    def test_day(self):
        """The day of a school is that of its own zone, for whoever asks; without a query once it is known."""
        for moment, zone, day in self.moments():
            self.ru.school.tz = zone
            with freeze_time(moment):
                for account in ACCOUNTS:
                    self.ru.users["head"].tz = account
                    company = self.ru.company.with_user(self.ru.users["head"])
                    self.assertEqual(company._vshu_today(), day, (moment, zone, account))
                    self.assertEqual(company.with_context(tz=account)._vshu_today(), day, (moment, zone, account))
        self.ru.company._vshu_today()
        with self.assertQueryCount(0):
            self.ru.company._vshu_today()

    @slow
    def test_night(self):
        """What is due on the 2nd is overdue exactly when the 3rd has begun in the school: two schools in two zones,
        one night at each of the moments; clocks, terms, papers; and the filters of whoever looks say the same."""
        clocks, cases = {}, {}
        for bag in (self.kz, self.ru):
            signal = self.notice(self.ru) if bag is self.ru else False
            cases[bag] = self.kz_active() if bag is self.kz else self.active_ru(signal)
            clocks[bag] = self.env["vshu.deadline"].search(
                [("company_id", "=", bag.company.id), ("state", "=", "open")], limit=1
            )
        due = date(2026, 11, 2)
        for pair in (ZONES[0::3], ZONES[1::2], ZONES[2:4], ZONES[3::-3]):
            for moment in sorted({moment for moment, _zone, _day in self.moments()}):
                for bag, zone in zip((self.kz, self.ru), pair, strict=True):
                    bag.school.tz = zone
                    clocks[bag].write({"date_due": due, "state": "open", "escalation_level": 0})
                    guarded(cases[bag]).write({"date_end": due, "term_status": "running"})
                    paper = cases[bag].document_ids.filtered(lambda d: d.state in ("due", "missing"))[:1]
                    paper.write({"date_due": due})
                    self.env.flush_all()
                with freeze_time(moment):
                    self.nightly()
                    for bag, zone in zip((self.kz, self.ru), pair, strict=True):
                        utc = pytz.utc.localize(datetime.fromisoformat(moment))
                        late = utc.astimezone(pytz.timezone(zone)).date() > due
                        where = (moment, zone)
                        self.assertEqual(clocks[bag].state, "overdue" if late else "open", where)
                        self.assertEqual(clocks[bag].days_late > 0, late, where)
                        self.assertEqual(cases[bag].term_status == "over", late, where)
                        papers = cases[bag].document_ids.filtered(lambda d: d.date_due == due)
                        self.assertEqual(set(papers.mapped("state")) <= {"missing"}, late, where)
                        for account in ACCOUNTS:
                            user = bag.users["head"]
                            user.tz = account
                            mine = self.env["vshu.deadline"].with_user(user).with_context(tz=account)
                            found = mine.search([("id", "=", clocks[bag].id), ("date_due", "<", "today")])
                            self.assertEqual(bool(found), late, (*where, account))

    def active_ru(self, signal):
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        case = signal.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12")
        return case

    def test_defaults(self):
        """Every Date field with a default, of every form: the school's day, also for an account without a time zone or
        with another. A new default that is another day fails until somebody has decided."""
        user = self.kz.users["head"]
        names = []
        for name in sorted(self.env.registry):
            model = self.env.registry[name]
            if not name.startswith("vshu.") or model._abstract:
                continue
            names += [
                (name, field.name)
                for field in model._fields.values()
                if field.type == "date" and field.default and not field.related
            ]
        self.assertGreater(len(names), 10)
        for moment in ("2026-11-02 22:00:00", "2026-11-02 19:05:00", "2026-11-03 00:30:00"):
            with freeze_time(moment):
                for zone in ZONES:
                    self.kz.school.tz = zone
                    day = self.kz.company._vshu_today()
                    for account in ACCOUNTS:
                        user.tz = account
                        env = self.env(user=user, su=True, context={"tz": account} if account else {})
                        for name, field in names:
                            if f"{name}.{field}" in OTHER_DEFAULTS:
                                continue
                            value = env[name].default_get([field]).get(field)
                            self.assertEqual(str(value), str(day), (name, field, moment, zone, account))

    def test_comparisons(self):
        """What may not lie in the future is measured by the school's day."""
        user = self.kz.users["social_pedagogue"]
        case = self.kz_active()
        with freeze_time("2026-11-02 19:05:00"):  # the 3rd in Almaty, the 2nd in Moscow
            for account in ACCOUNTS:
                user.tz = account
                keeper = case.with_user(user).with_context(tz=account)
                with self.cr.savepoint():
                    keeper.write({"date_reviewed": "2026-11-03"})
                with self.refused(ValidationError, ""):
                    keeper.write({"date_reviewed": "2026-11-04"})
            self.kz.school.tz = "Europe/Moscow"
            with self.refused(ValidationError, ""):
                keeper.write({"date_reviewed": "2026-11-03"})

    def test_rights(self):
        """A stand-in of the 3rd reads the class exactly from the beginning of the school's 3rd (record rules)."""
        case = self.kz_active()
        self.make_standin(self.kz, "class_teacher", self.kz.teacher_b, "2026-11-03", "2026-11-03", self.kz.class_a)
        user = self.kz.user_b
        for moment, zone, day in self.moments():
            self.kz.school.tz = zone
            for account in ACCOUNTS:
                user.tz = account
                with freeze_time(moment):
                    mine = case.with_user(user).with_context(tz=account)
                    mine.invalidate_recordset()
                    allowed = day == date(2026, 11, 3)
                    where = (moment, zone, account)
                    self.assertEqual(mine.has_access("read"), allowed, where)
                    self.assertEqual(bool(mine.search([("id", "=", case.id)])), allowed, where)
                    if not allowed:
                        with self.assertRaises(AccessError):
                            mine.read(["name"])

    def test_by_day(self):
        """One domain for all schools; a school's records are measured by its own day."""
        schools = self.env["vshu.school"]
        self.kz.school.tz, self.ru.school.tz = "Asia/Almaty", "Europe/Kaliningrad"
        with freeze_time("2026-11-02 19:30:00"):
            found = {}
            for condition in schools._by_day(lambda day: Domain("date", "=", day)).iter_conditions():
                found.setdefault(condition.field_expr, []).append(condition.value)
            self.assertEqual({date(2026, 11, 2), date(2026, 11, 3)}, set(found["date"]))

    def test_one_place(self):
        """No other Python of ours asks the clock which day it is (neither Odoo's context_today nor date.today)."""
        root = Path(__file__).parents[3]
        bad = []
        for addon in ADDONS:
            for path in sorted((root / addon).rglob("*.py")):
                name = str(path.relative_to(root))
                if "/tests/" in name or name == PLACE:
                    continue
                text = path.read_text()
                if re.search(r"\b(CURRENT_DATE|CURRENT_TIMESTAMP|now\(\) at|LOCALTIMESTAMP)\b", text, re.IGNORECASE):
                    bad.append(name)
                for node in ast.walk(ast.parse(text)):
                    words = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Call) else ""
                    asked = isinstance(node, ast.Attribute) and node.attr in ASKS
                    if asked or CALLS.search(words):
                        bad.append(f"{name}:{node.lineno}: {words[:60]}")
        self.assertFalse(bad)
