"""Reviews go by the calendar quarter, extensions never end in the past (law.md 7, law.md 8)."""

from datetime import date

from freezegun import freeze_time
from odoo.tests import tagged

from .test_law_age import AgeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLawReview(AgeCommon):
    """law.md 7: RU-5.4, RU-10."""

    def test_next_quarter(self):
        """RU-5.4: after a review the next one falls to the next calendar quarter, the summer included."""
        rule = self.ref("ru_term_10_register")
        for day, expected in (
            ("2026-10-14", "2027-01-01"),
            ("2026-12-10", "2027-01-01"),
            ("2026-12-20", "2027-04-01"),
            ("2027-01-01", "2027-04-01"),
            ("2027-04-02", "2027-07-01"),
            ("2027-07-15", "2027-10-01"),
        ):
            self.assertEqual(rule._next_review(date.fromisoformat(day)), date.fromisoformat(expected), day)
        rule.sudo().review_by_calendar = False
        self.assertEqual(rule._next_review(date(2026, 10, 14)), date(2027, 1, 14), "the quarter is data")
        self.assertFalse(self.ref("kz_term_16")._next_review(date(2026, 10, 14)))

    def test_no_stay_is_expiring_for_good(self):
        """RU-5.4, RU-10: the case comes up, is reviewed, runs on; nothing speaks of extending a term there is not."""
        for case in (self.decree_on(self.ru.student), self.control_of(self.ru.other_student)):
            with self.subTest(kind=case.kind):
                self.assertEqual(case.review_date, date(2027, 1, 14))
                with freeze_time("2027-01-05 06:00:00"):
                    self.nightly()
                    self.assertEqual(case.term_status, "expiring")
                    self.assertIn("review", case.next_step)
                    for told in (case.next_step, *case.activity_ids.mapped("summary")):
                        self.assertNotIn("extend", told)
                        self.assertNotIn("extension", told)
                    self.as_(self.ru, "social_pedagogue", case).action_reviewed()
                    self.assertEqual((case.review_date, case.date_reviewed), (date(2027, 4, 1), date(2027, 1, 5)))
                    self.assertEqual(case.term_status, "running")
                    self.assertNotIn("review", case.next_step or "")
                    self.nightly()
                    self.assertEqual(case.term_status, "running")
                with freeze_time("2027-03-20 06:00:00"):
                    self.nightly()
                    self.assertEqual(case.term_status, "expiring", "it comes up for the next quarter")

    def test_fixed_term_stays_expiring(self):
        """KZ-16: a review does not take a term that is about to end off the list; there an extension is spoken of."""
        case = self.kz_active()
        with freeze_time("2027-01-05 06:00:00"):
            self.nightly()
            self.assertIn("extend", case.next_step)
            self.as_(self.kz, "social_pedagogue", case).action_reviewed()
            self.assertEqual((case.term_status, case.review_date), ("expiring", False))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLawExtension(AgeCommon):
    """law.md 8: KZ-16."""

    def extend(self, case, day, months):
        return self.decide(self.kz, case, "kz_kind_16_extend", date=day, months=months)

    def test_never_in_the_past(self):
        """KZ-16: however late it is decided, an extension ends after the day of the decision."""
        for day, months, end in (
            ("2027-01-10", 3, "2027-04-14"),
            ("2027-01-20", 3, "2027-04-14"),
            ("2027-04-13", 3, "2027-04-14"),
            ("2027-04-14", 3, "2027-07-14"),
            ("2027-05-30", 6, "2027-11-30"),
        ):
            with self.subTest(day=day), self.cr.savepoint() as savepoint:
                case = self.kz_active()
                with freeze_time(f"{day} 06:00:00"):
                    self.extend(case, day, months)
                    self.assertEqual(case.date_end, date.fromisoformat(end))
                    self.assertGreater(case.date_end, date.fromisoformat(day))
                    term = case.term_ids.filtered(lambda t: t.kind == "extension")
                    self.assertLess(term.date_from, term.date_to)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_typed_after_its_end(self):
        """KZ-16: a decision of then, typed when its term is over, comes up in that night; an end before the day
        of the decision is refused."""
        self.ref("kz_term_16").sudo().extension_min_months = 0
        case = self.kz_active()
        with freeze_time("2027-06-01 06:00:00"):
            self.assertRefused(
                ["in the past"],
                self.decide,
                self.kz,
                case,
                "kz_kind_16_extend",
                date="2027-01-20",
                months=1,
                date_end="2027-01-19",
            )
            self.extend(case, "2027-01-10", 3)
            self.nightly()
            self.assertEqual((case.date_end, case.term_status), (date(2027, 4, 14), "over"))

    def test_law_and_practice(self):
        """KZ-16: three to six months bind the first term by the clause; for extensions they are practice, and data."""
        case = self.kz_case()
        self.assertRefused(["KZ-16"], self.decide, self.kz, case, "kz_kind_4_place", months=2)
        self.decide(self.kz, case, "kz_kind_4_place", months=3)
        with freeze_time("2027-01-10 06:00:00"):
            with self.assertRaises(Exception) as caught:
                self.extend(case, "2027-01-10", 1)
            self.assertIn("practice of the school", str(caught.exception))
            self.assertNotIn(self.cited("KZ-16"), str(caught.exception))
            self.ref("kz_term_16").sudo().extension_min_months = 1
            self.extend(case, "2027-01-10", 1)
            self.assertEqual(case.date_end, date(2027, 2, 14))
