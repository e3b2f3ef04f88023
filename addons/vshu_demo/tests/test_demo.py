"""The demo schools: what they must show, that they are always the same, that loading them twice changes nothing."""

from datetime import date, timedelta

from odoo.tests import TransactionCase, tagged

from ..registry import cases_kz, cases_ru
from ..registry.people import Village
from ..registry.world import school_year_start

CASE_STATES = {"draft", "submitted", "watched", "declined", "active", "removal_proposed", "closed", "annulled"}
SIGNAL_STATES = {"new", "in_work", "joined", "dismissed", "resolved"}
DEADLINE_STATES = {"open", "overdue", "met", "met_late", "cancelled"}
ROLES = ("head", "deputy", "social", "psych", "admin", "subject", "class_9b")


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """Looks at the demo schools, which are there where the addon is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.schools = {
            code: cls.env.ref(f"vshu_demo.{code}_school").with_context(
                allowed_company_ids=cls.env.ref(f"vshu_demo.{code}_company").ids
            )
            for code in ("kz", "ru")
        }
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=[school.company_id.id for school in cls.schools.values()])
        )

    def records(self, model, school, *domain):
        """Return the records of a school."""
        return self.env[model].search([("company_id", "=", school.company_id.id), *domain])

    def values(self, model, school, name, *domain):
        """Return the values that a field takes in a school."""
        return set(self.records(model, school, *domain).mapped(name))

    def test_people(self):
        """Eleven parallels, about 300 students with guardians, 30 staff, users in every role, two years."""
        for code, school in self.schools.items():
            company = school.company_id
            students = self.env["res.partner"].search(
                [("vshu_is_student", "=", True), ("vshu_company_ids", "in", company.ids)]
            )
            self.assertGreaterEqual(len(students.filtered("vshu_class_id")), 280, code)
            self.assertEqual(set(students.vshu_class_id.mapped("grade")), set(range(1, 12)), code)
            for student in students:
                self.assertTrue(student.vshu_guardian_ids, student.vshu_file_number)
                if student.vshu_grade:
                    years = student.vshu_age - student.vshu_grade
                    self.assertIn(years, (5, 6, 7, 8), student.vshu_file_number)
            self.assertTrue(
                {"mother", "father", "guardian", "trustee", "grandparent", "step_parent"}
                <= set(students.vshu_guardian_ids.mapped("kind"))
            )
            self.assertTrue(any(family.member_count > 1 for family in self.records("vshu.family", school)))
            self.assertEqual(len(self.records("hr.employee", school)), 30, code)
            for role in ROLES:
                user = self.env.ref(f"vshu_demo.{code}_user_{role}")
                self.assertEqual(user.company_ids, company)
            self.assertEqual(len(self.records("vshu.school.year", school)), 2)
            self.assertFalse(school.missing_text)
            self.assertEqual(len(self.records("vshu.standin", school)), 3)
            reasons = set(self.records("vshu.enrollment", school).end_reason_id.mapped("code"))
            self.assertTrue({"promoted", "graduated", "after_grade_9", "other_school", "moved", "repeats"} <= reasons)

    def test_signals(self):
        """Signals of every kind that the regulation knows and in every state that it allows."""
        for code, school in self.schools.items():
            regulation = school.regulation_id
            kinds = set(regulation.basis_ids.mapped("intake_kind"))
            self.assertEqual(self.values("vshu.signal", school, "intake_kind"), kinds, code)
            states = SIGNAL_STATES if regulation.route_ids.dismisser_role_ids else SIGNAL_STATES - {"dismissed"}
            self.assertEqual(self.values("vshu.signal", school, "state"), states, code)
            self.assertEqual(self.values("vshu.assignment", school, "state"), {"open", "done"}, code)

    def test_cases(self):
        """At least 30 cases a school, in every state and by every route, with all that can happen to a stay."""
        for code, school in self.schools.items():
            cases = self.records("vshu.case", school)
            self.assertGreaterEqual(len(cases), 30, code)
            self.assertEqual(set(cases.mapped("state")), CASE_STATES, code)
            self.assertEqual(cases.route_id, school.regulation_id.route_ids, code)
            self.assertIn("expiring", cases.mapped("term_status"))
            self.assertTrue(cases.filtered("repeated"), code)
            self.assertGreaterEqual(len(cases.removal_reason_id), 4, code)
            self.assertTrue(self.env["vshu.journal.correction"].search([("company_id", "=", school.company_id.id)]))
            for case in cases.filtered(lambda c: c.state not in ("draft", "watched", "declined", "submitted")):
                self.assertTrue(case.number or not case.date_placed, case.name)
        kz, ru = (self.records("vshu.case", school) for school in self.schools.values())
        self.assertIn("over", kz.mapped("term_status"))
        self.assertGreaterEqual(max(kz.mapped("extension_count")), 2)
        self.assertEqual(set(ru.mapped("kind")), {"register", "control"})
        self.assertEqual(set(ru.mapped("subject")), {"student", "family"})
        self.assertEqual(set(ru.converted_from_id.mapped("kind")), {"register", "control"})
        by_itself = ru.filtered("removal_automatic").removal_reason_id
        self.assertEqual(set(by_itself.mapped("trigger")), {"age", "enrollment_end"})

    def test_deadlines_and_papers(self):
        """Clocks in every state, some recomputed; papers there, due, missing."""
        for code, school in self.schools.items():
            self.assertEqual(self.values("vshu.deadline", school, "state"), DEADLINE_STATES, code)
            self.assertTrue(self.records("vshu.deadline", school, ("date_due_previous", "!=", False)), code)
            self.assertTrue({"ready", "missing", "not_needed"} <= self.values("vshu.document", school, "state"), code)
        self.assertIn("due", self.values("vshu.document", self.schools["ru"], "state"))

    def test_petitions(self):
        """Letters in every state, some answered, some late, one reminded of; what is on record of the parents."""
        for code, school in self.schools.items():
            letters = self.records("vshu.petition", school)
            self.assertEqual(set(letters.mapped("state")), {"draft", "sent", "answered"}, code)
            self.assertTrue({"granted", "forwarded"} <= set(letters.mapped("outcome")), code)
            self.assertIn("overdue", letters.mapped("deadline_state"), code)
            self.assertTrue(letters.reminder_of_id, code)
            facts = self.records("vshu.parent.fact", school)
            self.assertTrue({"refused", "no_measures", "harm"} <= set(facts.mapped("kind")), code)
            self.assertTrue(facts.filtered("date_to"), code)
            self.assertEqual(len({(letter.year_id, letter.number) for letter in letters}), len(letters), code)
            years = self.records("vshu.school.year", school)
            self.assertEqual(len(years.filtered("date_closed")), 1, code)

    def test_sealed_papers(self):
        """Sealed papers and recommendations in every state, openings on record, nothing open on the line."""
        for code, school in self.schools.items():
            self.assertEqual(self.values("vshu.sealed", school, "state"), {"draft", "filed", "superseded"}, code)
            self.assertEqual(self.values("vshu.recommendation", school, "state"), {"draft", "given", "done"}, code)
            self.assertTrue(self.records("vshu.sealed.reading", school), code)
            lines = self.records("vshu.document", school, ("sealed", "=", True))
            self.assertFalse(lines.filtered(lambda line: line.note or line.attachment_ids), code)

    def test_journal(self):
        """The numbers of each school year run from the first without a gap, in the order of the days."""
        for code, school in self.schools.items():
            entries = self.records("vshu.journal.entry", school).sorted(lambda e: (e.year_id.date_start, e.number))
            year_start = school.current_year_id.date_start
            self.assertTrue(entries.filtered(lambda e, start=year_start: e.date_entered < start), code)
            if school._today() >= year_start + timedelta(days=45):
                self.assertTrue(entries.filtered(lambda e, start=year_start: e.date_entered >= start), code)
            for year in entries.year_id:
                own = entries.filtered(lambda e, y=year: e.year_id == y)
                self.assertEqual(own.mapped("number"), list(range(1, len(own) + 1)), (code, year.name))
                self.assertEqual(own.mapped("date_entered"), sorted(own.mapped("date_entered")), (code, year.name))
            self.assertEqual(len(entries.filtered("annulled")), 1, code)

    def test_preventive_work(self):
        """A record of the work: of cases and of children without one, of every tone, with next steps; families."""
        for code, school in self.schools.items():
            entries = self.records("vshu.intervention", school)
            self.assertGreaterEqual(len(entries), 150, code)
            self.assertEqual(set(entries.mapped("tone")), {"positive", "neutral", "concern"}, code)
            self.assertGreaterEqual(len(entries.kind_id), 12, code)
            self.assertTrue(entries.filtered("annulled") and entries.filtered("replaced_by_id"), code)
            self.assertTrue(entries.filtered(lambda e: e.next_step and not e.next_done), code)
            self.assertTrue(entries.filtered("next_done"), code)
            self.assertTrue(entries.filtered(lambda e: not e.case_id and e.tone == "positive"), code)
            self.assertTrue(any(2 <= case.intervention_count <= 12 for case in self.records("vshu.case", school)))
            self.assertEqual(len(self.records("vshu.family.move", school)), 3, code)
            self.assertGreaterEqual(len(self.records("vshu.family", school, ("housing", "!=", False))), 10, code)
        self.assertTrue(self.records("vshu.intervention", self.schools["ru"], ("family_id", "!=", False)))

    def test_administrator_of_both(self):
        """The administrator of Odoo keeps both schools and reads no case."""
        admin = self.env.ref("base.user_admin")
        self.assertEqual(admin.company_ids, self.env.companies)
        self.assertTrue(admin.has_group("vshu_registry.group_administrator"))
        self.assertFalse(admin.has_group("vshu_registry.group_staff"))
        self.assertFalse(self.env["vshu.case"].with_user(admin).has_access("read"))

    def test_no_mail(self):
        """Loading the demo tells nobody anything."""
        self.assertFalse(self.env["mail.mail"].search([("model", "=like", "vshu.%")]))

    def test_always_the_same(self):
        """Names, classes and files of the village do not depend on the run; another year moves the birth dates only."""
        for code, cases in (("kz", cases_kz), ("ru", cases_ru)):
            first, again, later = (
                Village(code, start) for start in (date(2026, 9, 1), date(2026, 9, 1), date(2027, 9, 1))
            )

            def facts(village, birth=True):
                return [(c.name, c.number, c.grade, c.letter, birth and c.birth) for c in village.children]

            self.assertEqual(facts(first), facts(again))
            self.assertEqual(facts(first, False), facts(later, False))
            keys = [tale["key"] for tale in cases.STORIES]
            self.assertEqual(len(keys), len(set(keys)))
            village = Village(code, school_year_start(self.schools[code]._today()))
            numbers = {child.number: child.name for child in village.children}
            here = [("vshu_is_student", "=", True), ("vshu_company_ids", "in", self.schools[code].company_id.ids)]
            students = self.env["res.partner"].search(here)
            self.assertEqual({s.vshu_file_number: s.name for s in students}, numbers)

    def test_second_load(self):
        """A second call adds nothing."""
        models = ("res.company", "res.users", "res.partner", "vshu.case", "vshu.signal", "vshu.deadline")
        before = [self.env[name].search_count([]) for name in models]
        self.env["vshu.demo"]._load()
        self.assertEqual([self.env[name].search_count([]) for name in models], before)
