"""Query budgets: signing grows linearly with the items, screens do not grow with what they show."""

from freezegun import freeze_time
from odoo.tests import tagged

from odoo.addons.vshu_registry.tests.web_client import specification
from odoo.addons.vshu_registry.tools.guard import guarded

from .common import ON_THE_DAY, CouncilCommon

#: queries that one more registered pupil costs at the signing: number, row, decision, term, papers, notices, clocks
A_PUPIL = 70
#: the page of a list
PAGE = 80


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestCouncilQueries(CouncilCommon):
    def make_cases(self, count):
        """Return submitted cases, made at once."""
        students = self.env["res.partner"].create(
            [
                {"name": f"Ученик {n}", "vshu_is_student": True, "vshu_birth_date": "2012-05-20", "vshu_sex": "male"}
                for n in range(count)
            ]
        )
        self.env["vshu.enrollment"].create(
            [
                {"student_id": s.id, "class_id": self.kz.class_a.id, "date_from": self.kz.year.date_start}
                for s in students
            ]
        )
        cases = self.env["vshu.case"].create(
            [
                {
                    "company_id": self.kz.company.id,
                    "student_id": student.id,
                    "ground_id": self.ref("kz_ground_18_5").id,
                    "basis_id": self.ref("kz_basis_4").id,
                    "reason": "Пропуски уроков",
                    "submitter_id": self.kz.employees["deputy_head"].id,
                }
                for student in students
            ]
        )
        for case in cases:
            case._submit(self.day)
        return cases

    def held(self, count, hour):
        """Return minutes of ``count`` placements that bear the first signature."""
        cases = self.make_cases(count)
        meeting = self.sitting(self.kz, cases, date=f"2026-10-20 {hour:02}:00:00", duration=0.5)
        with freeze_time(ON_THE_DAY):
            guarded(meeting.item_ids).write(
                {
                    "state": "decided",
                    "summary": "доложено",
                    "kind_id": self.kind("kz_kind_4_place").id,
                    "decision_text": "поставить",
                    "count_for": 5,
                    "months": 3,
                    "date_end": "2027-01-20",
                    "curator_id": self.kz.employees["class_teacher"].id,
                    "no_papers_reason": "готовы",
                }
            )
        minutes = self.closed(self.kz, meeting)
        self.sign(self.kz, minutes, "social_pedagogue")
        return minutes

    def count(self, function, *args, **kwargs):
        """Return how many queries the second of two calls makes: caches of the catalogues are warm."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function(*args, **kwargs)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_signing_is_linear(self):
        """Ten, thirty and fifty items: each costs the same, and not more than the budget."""
        self.make_council(self.kz)
        counts = {}
        for count, hour in ((3, 6), (10, 7), (30, 8), (50, 9)):
            minutes = self.held(count, hour)
            counts[count] = self.count(self.sign, self.kz, minutes, "head")
            self.assertEqual(len(minutes.extract_ids), count)
        first, second = (counts[30] - counts[10]) / 20, (counts[50] - counts[30]) / 20
        self.assertLessEqual(max(first, second), A_PUPIL, counts)
        self.assertLessEqual(abs(first - second), 5, counts)
        for role in ("social_pedagogue", "head"):
            call = (self.kz, role, "vshu.minutes.line", "list", [("minutes_state", "=", "signed")])
            self.assertEqual(len(self.read_page(*call)["records"]), PAGE)
            self.assertLessEqual(self.count(self.read_page, *call), 12, role)

    def read_page(self, bag, role, model, view, domain, limit=PAGE):
        """Read a page of a list as the web client does."""
        records = self.as_(bag, role, self.env[model])
        spec = specification(records, view)
        return records.web_search_read(domain, spec, limit=limit)

    def test_screens(self):
        """List of what waits, meetings, register of decisions; the form of a meeting with thirty items."""
        self.make_council(self.kz)
        self.make_cases(PAGE)
        meeting = self.convened(self.kz, self.make_cases(30))
        wanted = {
            ("vshu.agenda.item", "list", 20): [("state", "=", "waiting")],
            ("vshu.meeting", "list", 16): [],
        }
        self.env.flush_all()
        for role in ("social_pedagogue", "head"):
            for (model, view, budget), domain in wanted.items():
                self.read_page(self.kz, role, model, view, domain)
                found = self.count(self.read_page, self.kz, role, model, view, domain)
                self.assertLessEqual(found, budget, f"{model} as {role}: {found}")
        for role, budget in (("social_pedagogue", 40), ("member_a", 48)):
            records = self.as_(self.kz, role, meeting)
            spec = specification(records, "form")
            records.web_read(spec)
            found = self.count(records.web_read, spec)
            self.assertLessEqual(found, budget, f"meeting as {role}: {found}")
