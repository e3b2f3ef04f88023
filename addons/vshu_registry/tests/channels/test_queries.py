"""Query budgets: what a screen or the nightly job asks the database does not grow with the records shown."""

from collections import Counter
from contextlib import closing, contextmanager
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from ..case.test_flow import TODAY, FlowCommon
from ..web_client import specification

#: cases in the school; one page of a list shows 80
CASES, PAGE = 86, 80
STATES = ("active", "active", "submitted", "draft", "watched", "removal_proposed", "closed", "declined", "annulled")
#: states in which a class teacher sees the case
TAUGHT = 6


class QueryCommon(FlowCommon):
    """A school with enough of everything, and a count of queries with warm caches."""

    @classmethod
    def make_cases(cls, bag, count, grounds, basis, **vals):
        """Make ``count`` cases of students of class 7 «А», in all open states, with papers, terms, signals, clocks."""
        env = cls.env
        students = env["res.partner"].create(
            [
                {
                    "name": f"Ученик {bag.code} {number}",
                    "vshu_is_student": True,
                    "vshu_birth_date": date(2012, 1, 1) + timedelta(days=number),
                }
                for number in range(count)
            ]
        )
        env["vshu.enrollment"].create(
            [
                {"student_id": student.id, "class_id": bag.class_a.id, "date_from": bag.year.date_start}
                for student in students
            ]
        )
        adults = env["res.partner"].create(
            [{"name": f"Мать {number}", "phone": f"+7 {number:07}"} for number in range(count)]
        )
        env["vshu.guardian"].create(
            [
                {"student_id": student.id, "partner_id": adult.id, "kind": "mother"}
                for student, adult in zip(students, adults, strict=True)
            ]
        )
        curators = bag.employees["class_teacher"] | bag.teacher_b | bag.employees["psychologist"]
        regulation = bag.school.regulation_id
        cases = guarded(env["vshu.case"]).create(
            [
                {
                    "company_id": bag.company.id,
                    "regulation_id": regulation.id,
                    "student_id": student.id,
                    "ground_id": grounds[index % len(grounds)].id,
                    "basis_id": basis.id,
                    "reason": "Пропуски уроков",
                    "state": STATES[index % len(STATES)],
                    "curator_id": curators[index % len(curators)].id,
                    "submitter_id": bag.employees["deputy_head"].id,
                    "date_received": TODAY - timedelta(days=40),
                    **cls.stay(bag, index),
                    **vals,
                }
                for index, student in enumerate(students)
            ]
        )
        cases._add_papers("placement")
        cases._add_papers("dossier")
        cases.filtered(lambda case: case.state == "removal_proposed")._add_papers("removal")
        signals = env["vshu.signal"].create(
            [
                {
                    "company_id": bag.company.id,
                    "student_id": case.student_id.id,
                    "description": "Пропустил урок",
                    "author_id": bag.users["class_teacher"].id,
                }
                for case in cases
            ]
        )
        for case, signal in zip(cases, signals, strict=True):
            guarded(signal).write({"state": "in_work", "case_id": case.id})
        cls.decide_all(cases, "extend")
        return cases

    @classmethod
    def decide_all(cls, cases, effect):
        """Lay a decision and a period into the file of every case."""
        kind = cases.regulation_id.decision_kind_ids.filtered(lambda kind: kind.effect == effect)[:1]
        decisions = cls.env["vshu.decision"].create(
            [
                {"case_id": case.id, "kind_id": kind.id, "form_id": kind.form_ids[:1].id, "number": "1", "date": TODAY}
                for case in cases
            ]
        )
        cls.env["vshu.case.term"].create(
            [
                {"case_id": decision.case_id.id, "kind": "placement", "date_from": TODAY, "decision_id": decision.id}
                for decision in decisions
            ]
        )

    @classmethod
    def stay(cls, bag, index):
        """Return what a case that is on the register has beside the others."""
        if STATES[index % len(STATES)] not in ("active", "removal_proposed"):
            return {"watch_until": TODAY + timedelta(days=30)} if STATES[index % len(STATES)] == "watched" else {}
        return {
            "number": index + 1,
            "year_id": bag.year.id,
            "date_placed": TODAY - timedelta(days=30),
            "date_entered": TODAY - timedelta(days=30),
            "date_decided": TODAY - timedelta(days=30),
            "date_end": TODAY + timedelta(days=index % 90 - 10),
            "term_status": ("running", "expiring", "over")[index % 3],
        }

    def as_(self, bag, role, records):
        """Return ``records`` one by one or many as the web client of the user who holds ``role`` asks for them."""
        records = super().as_(bag, role, records)
        # the client sends language and time zone with every call; prefetching ends at the records asked for
        return records.with_context(lang="en_US", tz=bag.school.tz).browse(records.ids)

    def queries(self, call):
        """Return the queries of ``call`` with warm caches of the registry and no record in memory."""
        with patch("random.random", lambda: 1):  # the bus cleans up at random
            self.env.flush_all()
            self.env.invalidate_all()
            for _time in range(2):  # what the first call finds in memory the second one looks up
                with closing(self.cr.savepoint(flush=False)):  # taken back
                    call()
                    self.env.flush_all()
                self.env.invalidate_all()
            queries = []
            with contextmanager(self._patchExecute)(queries):
                call()
            self.env.invalidate_all()
        return queries

    def assertBudget(self, budget, call):  # noqa: N802 - as unittest names them
        """Assert that ``call`` makes at most ``budget`` queries; returns their number."""
        queries = self.queries(call)
        self.assertLessEqual(len(queries), budget, "\n\n".join(map(brief, queries)))
        return len(queries)

    def assertConstant(self, few, many):  # noqa: N802 - as unittest names them
        """Assert that both calls make the same number of queries."""
        first, second = self.queries(few), self.queries(many)
        self.assertEqual(
            len(first), len(second), "\n\n".join(["few:", *map(brief, first), "many:", *map(brief, second)])
        )


def brief(query):
    """Return a query shortened so that a failure can be read."""
    text = " ".join(str(query).split())
    cut = text.find(" FROM ")
    return text[:90] + (" …" + text[cut : cut + 400] if cut > 90 else text[90:400])


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestScreenQueries(QueryCommon):
    """Issue 2, section 8: as the user of a role, with the specification of the view."""

    roles = ("social_pedagogue", "class_teacher")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        grounds = cls.env["vshu.ground"].search([("code", "like", "18.")])
        cls.cases = cls.make_cases(cls.kz, CASES, grounds, cls.env.ref("vshu_registry.kz_basis_4"))

    def read_list(self, role, model, domain, view=False, limit=PAGE):
        """Return a function that reads a list as the client does, for ``domain``."""
        records = self.as_(self.kz, role, self.env[model])
        spec = specification(records, "list", view)
        return lambda: records.web_search_read(domain, spec, limit=limit, count_limit=10001)

    def check_list(self, role, model, budget, ids, domain=(), view=False):
        """Assert the budget of a page, and that ten records take as many queries as a page."""
        domain = [*domain]
        self.assertBudget(budget, self.read_list(role, model, domain, view))
        self.assertConstant(
            self.read_list(role, model, [*domain, ("id", "in", ids[:10])], view, limit=100),
            self.read_list(role, model, [*domain, ("id", "in", ids[:PAGE])], view, limit=100),
        )

    def test_case_list(self):
        """80 cases: at most 12 queries."""
        for role in self.roles:
            with self.subTest(role=role):
                self.check_list(role, "vshu.case", 12, self.cases.ids)

    def kanban_reader(self, records, spec):
        """Return a function that gives, for a domain, the read of the kanban as the web client makes it."""
        return lambda domain: (
            lambda: records.web_read_group(domain, ["state"], [], auto_unfold=True, unfold_read_specification=spec)
        )

    def test_case_kanban(self):
        """The board by state: at most 15 queries."""
        for role in self.roles:
            records = self.as_(self.kz, role, self.env["vshu.case"])
            spec = specification(records, "kanban")

            read = self.kanban_reader(records, spec)

            with self.subTest(role=role):
                self.assertBudget(15, read([]))
                self.assertConstant(
                    read([("id", "in", self.cases[:12].ids)]), read([("id", "in", self.cases[:PAGE].ids)])
                )

    def read_form(self, role, record):
        """Return a function that opens ``record`` in its form."""
        record = self.as_(self.kz, role, record)
        spec = specification(record.browse(), "form")
        return lambda: record.web_read(spec)

    def test_case_form(self):
        """Opening a case in any state: at most 27 queries (the goal is 30)."""
        for role in self.roles:
            for case in self.cases[: TAUGHT if role == "class_teacher" else len(STATES)]:
                with self.subTest(role=role, state=case.state):
                    self.assertBudget(27, self.read_form(role, case))

    def test_case_form_with_a_long_file(self):
        """A case with many papers, signals, clocks takes as many queries as one with few."""
        few, many = self.cases[5], self.cases[5 + len(STATES)]
        self.env["vshu.document"].create(
            [
                {"case_id": many.id, "type_id": many.document_ids[:1].type_id.id, "date": TODAY, "on_paper": True}
                for _number in range(20)
            ]
        )
        signals = self.env["vshu.signal"].create(
            [
                {"company_id": self.kz.company.id, "student_id": many.student_id.id, "description": str(number)}
                for number in range(20)
            ]
        )
        guarded(signals).write({"state": "joined", "case_id": many.id})
        for role in self.roles:
            with self.subTest(role=role):
                self.assertConstant(self.read_form(role, few), self.read_form(role, many))

    def test_today(self):
        """*Today*: at most 12 queries, mine and my school's."""
        clocks = self.cases.deadline_ids.filtered(lambda clock: clock.state in ("open", "overdue"))
        clocks |= clocks.create([{**values, "cycle": number} for number in (1, 2, 3) for values in clocks.copy_data()])
        self.assertGreater(len(clocks), PAGE)
        for role in self.roles:
            user = self.kz.users[role]
            clocks.write({"user_id": user.id})
            for name, domain in (
                ("mine", [("user_id", "=", user.id), ("state", "in", ("open", "overdue"))]),
                ("school", [("state", "in", ("open", "overdue"))]),
            ):
                with self.subTest(role=role, list=name):
                    self.check_list(role, "vshu.deadline", 12, clocks.ids, domain)

    def test_students(self):
        """80 students with class, guardians and open cases: at most 12 queries."""
        view = self.ref("view_vshu_student_list").id
        domain = [("vshu_is_student", "=", True), ("vshu_class_id", "!=", False)]
        for role in self.roles:
            with self.subTest(role=role):
                self.check_list(role, "res.partner", 12, self.cases.student_id.ids, domain, view)

    def test_signals(self):
        """80 signals: at most 12 queries."""
        for role in self.roles:
            with self.subTest(role=role):
                self.check_list(role, "vshu.signal", 12, self.cases.signal_ids.ids)

    def test_journal(self):
        """80 rows of the journal: at most 12 queries."""
        entries = guarded(self.env["vshu.journal.entry"]).create(
            [
                {
                    "case_id": case.id,
                    "company_id": case.company_id.id,
                    "year_id": self.kz.year.id,
                    "number": number + 1,
                    "kind": case.kind,
                    "subject": case.subject,
                    "date_entered": TODAY,
                    "date_placed": TODAY,
                    "subject_name": case.student_id.name,
                    "ground_id": case.ground_id.id,
                }
                for number, case in enumerate(self.cases)
            ]
        )
        self.check_list("social_pedagogue", "vshu.journal.entry", 12, entries.ids)

    def test_save(self):
        """Saving a change of a case takes as many queries whatever the school holds, and reads the form back."""
        case = self.as_(self.kz, "social_pedagogue", self.cases[3])
        spec = specification(case.browse(), "form")
        number = iter(range(100))
        self.assertBudget(40, lambda: case.web_save({"reason": f"Изменено {next(number)}"}, spec))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestSetQueries(QueryCommon):
    """The nightly job and the clocks work on sets."""

    def test_clocks_of_signals(self):
        """Starting, recomputing and meeting the clocks of n signals takes a constant number of queries."""

        def notices(count):
            return self.env["vshu.signal"].create(
                [
                    {
                        "company_id": self.ru.company.id,
                        "student_id": self.ru.student.id,
                        "intake_kind": "notice",
                        "basis_id": self.ref("ru_basis_4_2a_2").id,
                        "description": "Постановление",
                        "date_received": TODAY,
                        "date_registered": TODAY - timedelta(days=number % 5),
                        "paper_number": str(number),
                        "paper_date": TODAY - timedelta(days=9),
                    }
                    for number in range(count)
                ]
            )

        few, many = notices(10), notices(80)
        self.assertEqual(len(many.deadline_ids), 80)
        self.assertConstant(few._deadline_sync, many._deadline_sync)

        def move(signals):
            days = iter((5, 6, 7))  # twice to warm up, once to count
            return lambda: signals.write({"date_registered": TODAY - timedelta(days=next(days))})

        self.assertConstant(move(few), move(many))

        def restart(signals):
            def run():
                guarded(signals.deadline_ids).unlink()
                signals._deadline_sync()

            return run

        self.assertConstant(restart(few), restart(many))

    def test_nightly(self):
        """The nightly job takes as many queries for 200 cases of one batch as for 20."""
        grounds = self.env["vshu.ground"].search([("code", "like", "18.")])
        runs = []
        for count in (20, 180):
            self.make_cases(self.kz, count, grounds, self.ref("kz_basis_4"))
            runs.append(self.queries(self.nightly))
        few, many = (Counter(map(brief, queries)) for queries in runs)
        # Odoo writes and inserts a hundred rows at a time: a few queries more, nowhere near one a record
        self.assertLess(len(runs[1]) - len(runs[0]), 180 / 10, "\n\n".join(map(str, (many - few).items())))
