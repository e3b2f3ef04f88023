"""Children already on the register: taken over with their own numbers, dates, decisions; the past fires nothing."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .import_common import ImportCommon, make_xlsx

HEAD = [
    "№ п/п",
    "ФИО",
    "Дата рождения",
    "Класс",
    "Дата постановки",
    "Основание",
    "Протокол №",
    "Дата протокола",
    "Куратор",
    "Срок до",
    "Продление",
    "Дата уведомления родителей",
    "Дата снятия",
    "Основание снятия",
]


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestTakeover(ImportCommon):
    def setUp(self):
        super().setUp()
        self.last = {
            bag.code: self.make_year(bag.company, "2025/26", date(2025, 9, 1), date(2026, 8, 31))
            for bag in (self.kz, self.ru)
        }

    def row(self, **vals):
        """Return a row of a paper journal of the KZ school."""
        cells = {
            "number": "7",
            "name": "Ахметов Арман",
            "born": "20.05.2013",
            "class": "7А",
            "placed": "15.09.2026",
            "ground": "18.5",
            "decision": "3",
            "decided": "15.09.2026",
            "curator": "kz_class_teacher name",
            "until": "15.12.2026",
            "extensions": "",
            "informed": "",
            "removed": "",
            "reason": "",
            **vals,
        }
        return list(cells.values())

    def take(self, bag, rows, role="social_pedagogue"):
        """Check a list of ``rows`` and take it over."""
        record = self.check(bag, [HEAD, *rows], role=role, kind="takeover", date="2026-10-14")
        self.assertFalse(record.count_problem, record.problem_line_ids.mapped("problem"))
        record.action_confirm()
        self.assertFalse(record.count_problem, record.problem_line_ids.mapped("problem"))
        return record.sudo().line_ids.case_id

    def problem(self, **vals):
        """Return what is wrong with a row."""
        bag = self.kz
        record = self.check(bag, [HEAD, self.row(**vals)], role="social_pedagogue", kind="takeover", date="2026-10-14")
        self.assertEqual(record.count_problem, 1, vals)
        return record.line_ids.problem

    def test_kz(self):
        """Number, dates, ground, decision, curator and term are those of the paper journal; its row too."""
        bag = self.kz
        case = self.take(bag, [self.row(informed="16.09.2026")])
        self.assertEqual((case.state, case.number, case.year_id), ("active", 7, bag.year))
        self.assertEqual((case.taken_over, case.date_taken_over), (True, date(2026, 10, 14)))
        self.assertEqual((case.date_placed, case.date_entered, case.date_decided), (date(2026, 9, 15),) * 3)
        self.assertEqual((case.date_end, case.term_status), (date(2026, 12, 15), "running"))
        self.assertEqual(case.date_parents_informed, date(2026, 9, 16))
        self.assertEqual((case.ground_id, case.basis_id), (self.ref("kz_ground_18_5"), self.ref("kz_basis_4")))
        self.assertEqual((case.route_id, case.curator_id), (self.ref("kz_route_4"), bag.employees["class_teacher"]))
        decision = case.placement_decision_id
        self.assertEqual(
            (decision.state, decision.number, decision.date, decision.form_id, decision.effect),
            ("done", "3", date(2026, 9, 15), self.ref("kz_form_council_minutes"), "place"),
        )
        self.assertEqual((decision.applied_by_id, decision.months), (bag.users["social_pedagogue"], 3))
        term = case.term_ids
        self.assertEqual((term.kind, term.date_to, term.decision_id), ("placement", date(2026, 12, 15), decision))
        entry = case.entry_id
        self.assertEqual((entry.number, entry.class_name, entry.subject_name), (7, "7 «А»", "Ахметов Арман"))
        self.assertIn("3", entry.paper)
        wanted = case._requirements("placement") | case._requirements("dossier")
        self.assertEqual(case.document_ids.requirement_id, wanted)

    def test_numbering_goes_on(self):
        """The next number comes after those taken over; a number of the journal is not used a second time."""
        self.take(self.kz, [self.row()])
        other = self.make_student(self.kz, "Новый Ученик", self.kz.class_a)
        case = self.kz_case(student_id=other.id)
        self.decide(self.kz, case, "kz_kind_4_place", months=3)
        self.assertEqual(case.number, 8)
        rows = [self.row(name="Оспанова Айша", number="8", **{"class": "7Б"})]
        record = self.check(self.kz, [HEAD, *rows], role="head", kind="takeover")
        self.assertIn("№ 8 of the school year 2026/27 is in the journal already", record.line_ids.problem)
        self.assertRefused(["no row"], record.action_confirm)

    def test_number_twice_at_the_same_time(self):
        """A number that was given between check and confirmation is refused when it is written, the row says so."""
        rows = [self.row(), self.row(name="Оспанова Айша", number="9", **{"class": "7Б"})]
        one = self.check(self.kz, [HEAD, *rows], role="head", kind="takeover")
        two = self.check(self.kz, [HEAD, rows[0]], role="deputy_head", kind="takeover")
        one.action_confirm()
        self.assertEqual(one.count_problem, 0)
        two.action_confirm()
        self.assertEqual((two.state, two.count_problem), ("done", 1))
        stay = {"year_id": self.kz.year.id, "company_id": self.kz.company.id, "number": 9}
        with self.refused(UserError, "№ 9 of the school year 2026/27"):
            self.env["vshu.case"]._check_free_numbers([stay])
        with self.refused(UserError, "№ 11"):
            self.env["vshu.case"]._check_free_numbers([{**stay, "number": 11}] * 2)

    def test_past_clocks_do_not_fire(self):
        """What was due before the take-over is not started; what runs is; repeated clocks are at their turn."""
        case = self.take(self.kz, [self.row()])
        clock = case.deadline_ids
        self.assertEqual((clock.clause, clock.state, clock.date_due), ("KZ-16", "open", date(2026, 12, 15)))
        self.assertEqual(clock.user_id, self.kz.users["social_pedagogue"])
        # RU: placed eight months ago
        bag = self.ru
        rows = [
            self.row(
                name="Петров Иван",
                placed="10.02.2026",
                decided="10.02.2026",
                ground="3.2.3",
                curator="ru_class_teacher name",
                until="",
            )
        ]
        case = self.take(bag, rows)
        self.assertEqual((case.year_id, case.date_end), (self.last["ru"], False))
        self.assertEqual(case.review_date, date(2026, 11, 10))
        self.assertEqual(case.entry_id.class_name, "7 «А»")
        self.assertIn("dossier", case.document_ids.mapped("stage"))
        clocks = {deadline.clause: deadline for deadline in case.deadline_ids}
        self.assertNotIn("RU-5.3, RU-A6", clocks)
        self.assertNotIn("RU-5.2", clocks)
        self.assertEqual(set(case.deadline_ids.mapped("date_due")), {date(2026, 11, 10)})
        self.assertEqual(set(case.deadline_ids.mapped("state")), {"open"})
        self.assertEqual(set(case.deadline_ids.mapped("rule_id.code")), {"5.4.characteristic", "5.4.review"})
        # brought in step again, nothing old comes up; reviewed, the next turn begins
        case._deadline_sync()
        self.assertEqual(len(case.deadline_ids), 2)
        self.as_(bag, "social_pedagogue", case).action_reviewed()
        review = case.deadline_ids.filtered(lambda d: d.rule_id.code == "5.4.review").sorted("cycle")
        self.assertEqual(review.mapped("state"), ["met", "open"])
        self.assertEqual(review[1].date_due, date(2027, 1, 14))

    def test_fresh_clocks_run(self):
        """A child placed yesterday: what is due in the months to come is waited for."""
        rows = [
            self.row(
                name="Петров Иван",
                placed="13.10.2026",
                decided="13.10.2026",
                ground="3.2.3",
                curator="ru_class_teacher name",
                until="",
            )
        ]
        case = self.take(self.ru, rows)
        clock = case.deadline_ids.filtered(lambda d: d.rule_id == self.ref("ru_rule_5_4_characteristic"))
        self.assertEqual((clock.state, clock.date_due), ("open", date(2027, 1, 13)))

    def test_nobody_is_told(self):
        """A take-over is no placement of today: the hook of what follows from decisions is not called."""
        called = []
        self.patch(type(self.env["vshu.case"]), "_stay_changed", lambda *args: called.append(args))
        self.take(self.kz, [self.row(), self.row(number="8", removed="01.10.2026", reason="19.1")])
        self.assertFalse(called)

    def test_over_and_expiring(self):
        """A term that is over or about to end comes up in the nightly job, as any other."""
        rows = [
            self.row(placed="15.03.2026", decided="15.03.2026", until="15.09.2026"),
            self.row(number="9", name="Оспанова Айша", until="20.10.2026", **{"class": "7Б"}),
        ]
        over, expiring = self.take(self.kz, rows).sorted("date_end")
        self.assertFalse(over.deadline_ids)
        self.nightly()
        self.assertEqual((over.term_status, over.state), ("over", "active"))
        self.assertEqual(expiring.term_status, "expiring")
        self.assertIn(self.kz.users["head"], over.activity_ids.user_id)
        # extended by a decision of today, its clock runs
        self.decide(self.kz, over, "kz_kind_16_extend", date_end="2026-12-15", months=3)
        self.assertEqual(over.deadline_ids.mapped("date_due"), [date(2026, 12, 15)])

    def test_extensions(self):
        """Each extension is a period of its own, by its own decision (KZ-16)."""
        text = "до 15.06.2026, протокол № 4 от 10.03.2026; до 15.11.2026 (протокол №9 от 11.06.2026)"
        case = self.take(
            self.kz, [self.row(placed="15.12.2025", decided="15.12.2025", until="15.03.2026", extensions=text)]
        )
        self.assertEqual((case.extension_count, case.date_end, case.year_id), (2, date(2026, 11, 15), self.last["kz"]))
        self.assertEqual(
            case.term_ids.mapped(lambda t: (t.kind, t.date_from, t.date_to, t.months, t.decision_id.number)),
            [
                ("placement", date(2025, 12, 15), date(2026, 3, 15), 3, "3"),
                ("extension", date(2026, 3, 15), date(2026, 6, 15), 3, "4"),
                ("extension", date(2026, 6, 15), date(2026, 11, 15), 5, "9"),
            ],
        )
        self.assertEqual(case.decision_ids.mapped("state"), ["done"] * 3)
        # the list gives only the end that holds now
        other = self.row(
            number="8",
            name="Оспанова Айша",
            placed="15.12.2025",
            decided="15.12.2025",
            until="15.06.2026",
            extensions="15.06.2026 протокол № 4 от 10.03.2026",
            **{"class": "7Б"},
        )
        case = self.take(self.kz, [other])
        self.assertEqual(case.term_ids[0].date_to, date(2026, 3, 10))
        self.assertEqual(case.date_end, date(2026, 6, 15))

    def test_removed_stays(self):
        """A stay that has ended keeps its number and reason; a later one of the same child is linked to it (KZ-21)."""
        rows = [
            self.row(),
            self.row(
                number="4",
                placed="15.10.2025",
                decided="15.10.2025",
                until="15.01.2026",
                removed="20.01.2026",
                reason="19.1, протокол № 5 от 20.01.2026",
            ),
        ]
        cases = self.take(self.kz, rows)
        ended = cases.filtered(lambda case: case.state == "closed")
        self.assertEqual((ended.number, ended.date_removed), (4, date(2026, 1, 20)))
        self.assertEqual(ended.removal_reason_id, self.ref("kz_reason_19_1"))
        self.assertEqual((ended.removal_decision_id.number, ended.removal_decision_id.effect), ("5", "remove"))
        self.assertFalse(ended.document_ids)
        self.assertFalse(ended.deadline_ids)
        self.assertEqual((cases - ended).previous_case_id, ended)
        self.assertTrue((cases - ended).repeated)

    def test_words_of_the_regulation(self):
        """A ground is named by its number, or by its words in Russian, Kazakh or English; the basis and paper too."""
        ground = self.ref("kz_ground_18_5")
        record = self.start(self.kz, b"x", role="head", kind="takeover")._working()
        for text in (
            "18.5",
            "п. 18 пп. 5",
            "KZ-18 5)",
            ground.name,
            ground.with_context(lang="ru_RU").name.upper(),
            ground.with_context(lang="kk_KZ").name,
        ):
            book = {"texts": {}}
            self.assertEqual(record._find(text, ground.regulation_id.ground_ids, book), ground, text)
        self.assertFalse(record._find("плохо себя вёл", ground.regulation_id.ground_ids, {"texts": {}}))
        # an outside paper names the route
        head = [*HEAD, "Вид документа"]
        row = self.row(name="Петров Иван", ground="3.1.1", curator="ru_class_teacher name", until="")
        record = self.check(self.ru, [head, [*row, "постановление"]], role="head", kind="takeover")
        self.assertIn("is not understood", record.line_ids.problem)
        form = self.ref("ru_form_commission_decree").with_context(lang="ru_RU").name
        record = self.check(self.ru, [head, [*row, form]], role="head", kind="takeover")
        record.action_confirm()
        case = record.sudo().line_ids.case_id
        self.assertEqual((case.route_id.body, case.basis_id), ("outside", self.ref("ru_basis_4_2a_2")))
        self.assertEqual(case.placement_decision_id.form_id, self.ref("ru_form_commission_decree"))

    def test_refused(self):
        """Each mistake of a row is told in plain words, and nothing is made of it."""
        for words, vals in (
            ("No number", {"number": ""}),
            ("not in the list of the school", {"name": "Чужой Ребёнок"}),
            ("No date of placement", {"placed": ""}),
            ("no such date", {"placed": "31.02.2026"}),
            ("lies in the future", {"placed": "15.11.2026"}),
            ("decision (12/01/2026) lies in the future", {"decided": "01.12.2026"}),
            ("after the day of placement", {"placed": "15.09.2012", "decided": "15.09.2012"}),
            ("The term ends", {"until": "01.09.2026"}),
            ("No term", {"until": ""}),
            ("No ground", {"ground": ""}),
            ("Ground “курил” is not known", {"ground": "курил"}),
            ("No decision", {"decision": ""}),
            ("No curator", {"curator": ""}),
            ("nobody of this name", {"curator": "Чужой Учитель"}),
            ("no school year on 09/15/2024", {"placed": "15.09.2024", "decided": "15.09.2024"}),
            ("Extension “2 раза”", {"extensions": "2 раза"}),
            ("do not follow one another", {"extensions": "до 01.12.2026, протокол № 4 от 10.12.2026"}),
            ("before the decision", {"informed": "10.09.2026"}),
            ("removal (09/01/2026) comes before", {"removed": "01.09.2026", "reason": "19.1"}),
            ("No reason for the removal", {"removed": "01.10.2026"}),
            ("Reason for removal “надоело”", {"removed": "01.10.2026", "reason": "надоело"}),
        ):
            with self.subTest(words=words):
                self.assertIn(words, self.problem(**vals))
        self.assertFalse(self.env["vshu.case"].search_count([("company_id", "=", self.kz.company.id)]))

    def test_refused_by_what_is_there(self):
        """A child with an open case, who left the school, who stands there twice; a number that stands there twice."""
        bag = self.kz
        self.kz_case()
        self.assertIn("open case of this kind already", self.problem())
        left = self.make_student(bag, "Ушедший Олег")
        self.enroll(left, bag.class_a, "2026-09-01", "2026-09-30", self.ref("end_reason_other_school"))
        self.assertIn("not at this school today", self.problem(name="Ушедший Олег"))
        rows = [
            self.row(name="Оспанова Айша", **{"class": "7Б"}),
            self.row(number="8", name="Оспанова Айша", **{"class": "7Б"}),
            self.row(name="Третий Олег"),
        ]
        self.make_student(bag, "Третий Олег", bag.class_a)
        record = self.check(bag, [HEAD, *rows], role="head", kind="takeover")
        lines = self.by_row(record)
        self.assertEqual(lines[2].action, "create")
        self.assertIn("stands in row 2 already", lines[3].problem)
        self.assertIn("№ 7 stands in row 2 already", lines[4].problem)
        for name in ("Третий Учитель", "Третий Учитель"):
            self.env["hr.employee"].create({"name": name, "company_id": bag.company.id})
        self.assertIn("several people", self.problem(name="Третий Олег", curator="Третий Учитель"))

    def test_two_children(self):
        """Two children who may be meant: the user chooses; a new child is not made by a take-over."""
        bag = self.kz
        one = self.make_student(bag, "Близнецов Олег", bag.class_a)
        self.make_student(bag, "Близнецов Олег", bag.class_b)
        record = self.check(bag, [HEAD, self.row(name="Близнецов Олег")], role="head", kind="takeover")
        line = record.line_ids
        self.assertIn("Choose the child", line.problem)
        with self.refused(UserError, "list of the school"):
            line.as_new = True
        line.student_id = one
        self.assertEqual((line.action, line.problem), ("create", False))
        record.action_confirm()
        self.assertEqual(line.sudo().case_id.student_id, one)

    def test_who_may(self):
        """The register is taken over by who keeps it, also as a stand-in; a class list is not their business there."""
        bag = self.kz
        for role in ("administrator", "psychologist", "class_teacher", "subject_teacher"):
            with self.refused(AccessError, ""):
                self.check(bag, [HEAD, self.row()], role=role, kind="takeover")
        with self.refused(AccessError, ""):
            self.check(bag, [HEAD, self.row()], role="deputy_head", kind="class_list")
        self.make_standin(bag, "deputy_head", bag.employees["subject_teacher"], "2026-10-14", "2026-10-15")
        record = self.check(bag, [HEAD, self.row()], role="subject_teacher", kind="takeover")
        with freeze_time("2026-10-16 06:00:00"):
            self.env.invalidate_all()
            self.assertRaises(AccessError, record.action_confirm)
        self.env.invalidate_all()
        record.action_confirm()
        self.assertEqual(record.sudo().line_ids.case_id.number, 7)

    def test_case_form(self):
        """A taken-over case is marked and found by its mark; the mark is written by nobody else."""
        case = self.take(self.kz, [self.row()])
        self.assertEqual(self.env["vshu.case"].search([("taken_over", "=", True)]), case)
        for vals in ({"taken_over": False}, {"date_taken_over": "2026-01-01"}):
            with self.refused(AccessError, ""):
                self.as_(self.kz, "head", case).write(vals)

    def test_queries(self):
        """Thirty stays at once: the check is set-based, writing takes a small number a stay."""
        bag = self.kz
        students = [
            self.make_student(bag, f"Ученик Номер{chr(1040 + n)}", bag.class_a, birth_date="2013-05-20")
            for n in range(30)
        ]
        rows = [self.row(name=student.name, number=str(20 + n)) for n, student in enumerate(students)]
        self.check(bag, [HEAD, *rows[:1]], role="social_pedagogue", kind="takeover")
        record = self.start(bag, make_xlsx([HEAD, *rows]), role="social_pedagogue", kind="takeover")
        self.env.flush_all()
        before = self.cr.sql_log_count
        record.action_read()
        self.env.flush_all()
        self.assertLess(self.cr.sql_log_count - before, 110)
        before = self.cr.sql_log_count
        record.action_confirm()
        self.env.flush_all()
        used = self.cr.sql_log_count - before
        self.assertEqual(len(record.sudo().line_ids.case_id), 30)
        self.assertLess(used / 30, 40, f"{used} queries")
