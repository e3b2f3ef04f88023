"""What the records of the regulations say and count: clauses, windows, who is told, repeated stays (law.md 13)."""

import re
from datetime import date

from freezegun import freeze_time
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import GUARD

from .test_law_age import AgeCommon

#: clauses of the two regulations, as far as they can be cited: KZ-1 to KZ-23; RU by sections, annexes, instruction
KZ = {str(number) for number in range(1, 24)}
SECTIONS = {1: 3, 2: 3, 3: 3, 4: 2, 5: 4, 6: 2, 7: 3, 8: 0, 9: 3, 10: 1, 11: 3, 12: 1, 13: 3}
INSTRUCTION = {1: 2, 2: 6, 3: 3, 4: 3, 5: 3, 6: 6}
RU = {
    # the paragraph 4.2 is printed twice
    *("4.2a", "4.2b"),
    *(str(section) for section in SECTIONS),
    *(f"{section}.{number}" for section, last in SECTIONS.items() for number in range(1, last + 1)),
    *(f"A{annex}" for annex in range(1, 8)),
    *(f"A7.{number}" for number in range(1, 7)),
    *(f"N{part}" for part in INSTRUCTION),
    *(f"N{part}.{number}" for part, last in INSTRUCTION.items() for number in range(1, last + 1)),
}
#: items that are printed under a clause
ITEMS = {
    "RU-7.1": set("абвгдежзикл"),
    "RU-A1": {str(n) for n in range(1, 8)},
    "RU-A2": {str(n) for n in range(1, 6)},
    "KZ-18": {str(n) for n in range(1, 8)},
}
CLAUSE = re.compile(r"^(KZ|RU)-([\w.]+?)(?: (\w+)\))?$")
#: what RU-4.2 and annex 2 name as bases; every other basis is practice
NAMED_BASES = {"4.2a.1", "4.2a.2", "4.2a.3", "4.2b.1", "4.2b.2", "A2.2", "A2.3", "A2.4"}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLawRules(AgeCommon):
    def shipped(self):
        """Yield every record of the shipped regulations, of every model that has such records, archived too."""
        for name, model in sorted(self.env.registry.items()):
            fields = model._fields
            if not model._abstract and {"clause", "practice", "regulation_id"} <= fields.keys():
                yield (
                    name,
                    self.env[name].with_context(active_test=False).search([("regulation_id.shipped", "=", True)]),
                )

    def test_every_clause_is_one_of_the_regulation(self):
        """law.md 13: a record cites clauses that its regulation has; where none says it, it is marked as practice."""
        count = 0
        for model, records in self.shipped():
            for record in records:
                code = record.regulation_id.code.upper()
                with self.subTest(model=model, code=record.code):
                    self.assertTrue(record.clause or record.practice, "neither a clause nor the mark of practice")
                    for cited in filter(None, re.split(r", |,|; | · |…|\n", record.clause or "")):
                        found = CLAUSE.match(cited.strip())
                        self.assertTrue(found, cited)
                        self.assertEqual(found.group(1), code)
                        self.assertIn(found.group(2), KZ if code == "KZ" else RU)
                        if found.group(3) and f"{code}-{found.group(2)}" in ITEMS:
                            self.assertIn(found.group(3), ITEMS[f"{code}-{found.group(2)}"])
                    count += 1
        self.assertGreater(count, 300)

    def test_bases_that_no_clause_names(self):
        """law.md 13: RU-4.2 and annex 2 name the bases; 5.2.information, A3, 9.2.3, 9.2.5, 9.2.6, N3.2 are practice."""
        bases = self.env["vshu.basis"].search([("regulation_id", "=", self.ru.school.regulation_id.id)])
        self.assertEqual(set(bases.filtered(lambda b: not b.practice).mapped("code")), NAMED_BASES)
        self.assertLessEqual(
            {"5.2.information", "A3", "9.2.3", "9.2.5", "9.2.6", "N3.2"}, set(bases.filtered("practice").mapped("code"))
        )

    def test_repeated_within_a_kind(self):
        """KZ-21, RU: a stay on the register does not make the first stay on control a repeated one."""
        case = self.decree_on(self.ru.student)
        own = self.as_(self.ru, "social_pedagogue", case)
        own._propose_removal(self.ref("ru_reason_7_1_v"))
        self.all_papers(case, "removal", self.ref("ru_reason_7_1_v"))
        self.decide(
            self.ru,
            case,
            "ru_kind_7_remove",
            form="ru_form_council_minutes",
            removal_reason_id=self.ref("ru_reason_7_1_v").id,
        )
        control = self.control_of(self.ru.student)
        self.assertEqual((control.previous_case_id.id, control.repeated), (False, False))
        again = self.decree_on(self.ru.student, paper_number="5")
        self.assertEqual((again.previous_case_id, again.repeated), (case, True))
        self.assertFalse(self.env["vshu.case"]._findings()["repeated"] & (control | again))

    # -- RU-3.2: repeatedly within six months ------------------------------------------------------------------------

    def breach(self, day, **vals):
        """Note an incident with the student, as the social pedagogue."""
        return self.as_(self.ru, "social_pedagogue", self.env["vshu.intervention"]).create(
            {
                "company_id": self.ru.company.id,
                "student_id": self.ru.student.id,
                "kind_id": self.ref("intervention_kind_incident").id,
                "date": f"{day} 05:00:00",
                "text": "Сорвал урок.",
                **vals,
            }
        )

    def submission(self, ground="ru_ground_3_2_4"):
        signal = self.signal(self.ru, "class_teacher", intake_kind="submission", ground_id=self.ref(ground).id)
        self.as_(self.ru, "class_teacher", signal).action_submit()
        return signal.sudo().case_id

    def test_window_counts(self):
        """RU-3.2: «неоднократно в течение шести месяцев»: what lies within is counted and shown day by day."""
        year = self.make_year(self.ru.company, "2025/26", date(2025, 9, 1), date(2026, 8, 31))
        promoted = self.ref("end_reason_promoted")
        sixth = self.make_class(self.ru, 6, "А", year=year)
        self.enroll(self.ru.student, sixth, date(2025, 9, 1), date(2026, 8, 31), promoted)
        case = self.submission()
        self.assertEqual(case._window(), (date(2026, 4, 14), date(2026, 10, 14)))
        self.assertEqual(len(case._window_events()), 1, "the submission itself")
        self.assertIn(self.cited("RU-3.2"), case._window_problems()[0])
        self.assertIn("on record within the window are 1", case.next_step)
        self.breach("2026-04-13")
        self.env.invalidate_all()
        self.assertEqual(len(case._window_events()), 1, "a day before the window")
        self.breach("2026-09-30", tone="positive")
        mistaken = self.breach("2026-09-29")
        inside = self.breach("2026-04-14")
        self.env.invalidate_all()
        self.assertEqual(len(case._window_events()), 3)
        self.breach("2026-10-14")
        self.env.invalidate_all()
        self.assertEqual(len(case._window_events()), 3, "what the signal tells of counts once")
        mistaken.sudo().with_context(vshu_guard=GUARD).write({"annulled": True})
        self.env.invalidate_all()
        self.assertEqual([day for day, _what in case._window_events()], [date(2026, 4, 14), date(2026, 10, 14)])
        shown = self.as_(self.ru, "head", case).window_facts
        self.assertIn(": 2 (", shown)
        self.assertIn(inside.kind_id.display_name, shown)
        self.assertNotIn("Сорвал", shown, "days and kinds, no words of anybody")
        self.assertNotIn("on record within", case.next_step or "")

    def test_window_is_data(self):
        """RU-3.2: other grounds count nothing; the window and the number are those of the record."""
        case = self.submission("ru_ground_3_2_3")
        self.assertFalse(case.window_facts)
        ground = self.ref("ru_ground_3_2_4").sudo()
        self.assertEqual((ground.window_min, ground.window_count, ground.window_unit), (2, 6, "month"))
        ground.window_count = 2
        other = self.signal(
            self.ru,
            "psychologist",
            intake_kind="submission",
            ground_id=ground.id,
            student_id=self.ru.other_student.id,
        )
        self.as_(self.ru, "psychologist", other).action_submit()
        self.assertEqual(other.sudo().case_id._window()[0], date(2026, 8, 14))

    # -- who is told that it was not expedient -----------------------------------------------------------------------

    def test_not_expedient_is_told(self):
        """RU-5.2, RU-5.3, KZ-4: of the decision not to place the class teacher hears, the head of the council's; each
        has three working days, as practice."""
        self.make_guardian(self.ru.student)
        case = self.submission("ru_ground_3_2_3")
        self.as_(self.ru, "head", case).action_consent()
        self.decide(self.ru, case, "ru_kind_5_2_decline", form="ru_form_council_minutes")
        notices = self.env["vshu.notice"].search([("case_id", "=", case.id), ("event", "=", "decline")])
        self.assertEqual(set(notices.mapped("addressee")), {"head", "class_teacher", "parents"})
        needed = {notice.addressee: notice.need for notice in notices}
        self.assertEqual(needed, {"head": "required", "class_teacher": "required", "parents": "if_needed"})
        self.assertTrue(all(rule.practice for rule in notices.rule_id))
        teacher = notices.filtered(lambda n: n.addressee == "class_teacher")
        self.assertEqual(teacher.user_id, self.ru.users["class_teacher"])
        self.assertEqual((teacher.deadline_ids.date_due, teacher.deadline_ids.state), (date(2026, 10, 19), "open"))
        parents = notices.filtered(lambda n: n.addressee == "parents")
        self.assertIn(self.ru.student.name, str(parents._paper_words(parents.rule_id.text)))
        kz = self.kz_case()
        self.decide(self.kz, kz, "kz_kind_4_decline")
        told = self.env["vshu.notice"].search([("case_id", "=", kz.id), ("event", "=", "decline")])
        self.assertEqual(set(told.mapped("addressee")), {"class_teacher", "parents"})

    def test_every_decision_is_told_to_somebody(self):
        """RU-5.2, RU-5.3: no event of a stay that a decision brings about goes unheard, for students of either kind."""
        Rule = self.env["vshu.notice.rule"]
        for bag, kinds in ((self.kz, ("register",)), (self.ru, ("register", "control"))):
            regulation = bag.school.regulation_id
            effects = set(regulation.decision_kind_ids.mapped("effect"))
            names = {"place": "placement", "extend": "extension", "remove": "removal"}
            for effect in effects & {"place", "extend", "remove", "decline", "watch", "keep"}:
                for kind in kinds:
                    with self.subTest(regulation=regulation.code, effect=effect, kind=kind):
                        event = names.get(effect, effect)
                        rules = Rule.browse(Rule._wanted_ids(regulation.id, event, kind, "student"))
                        self.assertIn("class_teacher" if event != "placement" else "parents", rules.mapped("addressee"))

    def test_clock_of_a_late_entry(self):
        """RU-5.3: three working days run from «осуществление учёта», which is the entry in the journal."""
        self.make_guardian(self.ru.student)
        case = self.submission("ru_ground_3_2_3")
        self.as_(self.ru, "head", case).action_consent()
        with freeze_time("2026-11-02 06:00:00"):
            self.decide(self.ru, case, "ru_kind_5_2_place", form="ru_form_council_minutes", date="2026-10-20")
            notices = self.env["vshu.notice"].search([("case_id", "=", case.id), ("event", "=", "placement")])
            clocks = notices.deadline_ids
            self.assertEqual(set(clocks.mapped("date_event")), {date(2026, 11, 2)})
            self.assertEqual(set(clocks.mapped("state")), {"open"}, "none is overdue when it is born")
            self.assertEqual(set(notices.mapped("date_event")), {date(2026, 10, 20)})
