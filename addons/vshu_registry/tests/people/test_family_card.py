"""The card of a family (RU-A5), its cases (RU-3.3, RU-6.2), guardians who change on a day by a paper."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from ..case.test_flow import TODAY, FlowCommon
from ..intervention.test_intervention import fonts_not_embedded, print_pdf, speak_kazakh

#: headings of RU-A5 as the Kazakh card has them
KAZAKH_CARD = (
    "ӘЛЕУМЕТТІК ҚАУІПТІ ЖАҒДАЙДАҒЫ ОТБАСЫНЫҢ ЕСЕП КАРТОЧКАСЫ",
    "Мектепішілік есепке қойылған күні",
    "Мектепішілік есепке қою негіздері",
    "Анасы",
    "Жұмыс орны",
    "Әкесі",
    "Ата-ананың некесі",
    "Қорғаншы (қамқоршы)",
    "Балалар саны: 3",
    "Отбасында сондай-ақ тұрады",
    "Отбасының нақты тұратын мекенжайы",
    "Тіркелген жері",
    "Тұрғын үй жағдайлары",
    "Отбасындағы әлеуметтік-психологиялық жағдайдың қысқаша сипаттамасы",
    "Петров Лёва",
)


class FamilyCommon(FlowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ru = cls.ru
        ru.sister = cls.make_student(ru, "Петрова Дарья", ru.class_b, "2014-03-02", vshu_sex="female")
        ru.mother = cls.make_guardian(ru.student, "Петрова Мария Ивановна")
        ru.mother.write({"workplace": "ООО «Пекарня», продавец", "education": "среднее специальное"})
        cls.env["vshu.guardian"].create(
            {"student_id": ru.sister.id, "partner_id": ru.mother.partner_id.id, "kind": "mother"}
        )
        ru.father = cls.make_guardian(ru.student, "Петров Олег Сергеевич", "father")
        ru.grandmother = cls.make_guardian(ru.student, "Петрова Анна Павловна", "grandparent", is_legal=False)
        ru.family = cls.env["vshu.family"].create(
            {
                "name": "Петровы",
                "company_id": ru.company.id,
                "member_ids": [Command.set((ru.student | ru.sister).ids)],
                "address": "пгт Шаля, ул. Кирова, 4",
                "marriage": "divorced",
                "housing": "Дом, две комнаты, печное отопление.",
                "person_ids": [
                    Command.create({"name": "Петров Лёва", "birth_year": 2021, "place": "детский сад № 3"}),
                    Command.create({"name": "Смирнов Игорь", "role": "resident", "status": "отчим"}),
                ],
            }
        )
        cls.env["vshu.category.entry"].create(
            {
                "family_id": ru.family.id,
                "company_id": ru.company.id,
                "category_id": ru.school.regulation_id.social_category_ids.filtered(lambda c: c.code == "A5.1").id,
            }
        )
        cls.env["vshu.external.record"].create(
            {
                "student_id": ru.student.id,
                "company_id": ru.company.id,
                "body": "police",
                "date_from": "2026-09-20",
                "paper": "№ 17/52",
            }
        )
        ru.situation = cls.env["vshu.family.situation"].create(
            {
                "family_id": ru.family.id,
                "date": "2026-10-01",
                "text": "Мать воспитывает троих детей одна, отец не помогает.",
            }
        )

    def family_case(self, **vals):
        """Return a case of the family on control (RU-6.2)."""
        ground = self.env["vshu.ground"].search(
            [
                ("regulation_id", "=", self.ru.school.regulation_id.id),
                ("subject", "=", "family"),
                ("kind", "=", "control"),
            ],
            limit=1,
        )
        return guarded(self.env["vshu.case"]).create(
            {
                "company_id": self.ru.company.id,
                "regulation_id": self.ru.school.regulation_id.id,
                "subject": "family",
                "family_id": self.ru.family.id,
                "kind": "control",
                "ground_id": ground.id,
                "state": "active",
                "number": 7,
                "year_id": self.ru.year.id,
                "date_placed": "2026-10-05",
                **vals,
            }
        )

    def move(self, role="social_pedagogue", **vals):
        """Enter a change of guardian as ``role``."""
        return self.as_(self.ru, role, self.env["vshu.family.move"]).create(
            {
                "student_id": self.ru.student.id,
                "company_id": self.ru.company.id,
                "date": TODAY,
                "reason": "custody",
                "document": "Решение суда № 2-114 от 02.10.2026",
                **vals,
            }
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestFamilyCard(FamilyCommon):
    def test_card_is_filled(self):
        """RU-A5: every heading is filled from what is known of children, parents, categories, cases."""
        self.family_case()
        card = self.as_(self.ru, "social_pedagogue", self.ru.family)._card()
        self.assertEqual(card["mother"]["work"], "ООО «Пекарня», продавец")
        self.assertIn("Петрова Мария Ивановна", card["mother"]["name"])
        self.assertIn("Петров Олег", card["father"]["name"])
        self.assertEqual([row["year"] for row in card["children"]], [2013, 2014, 2021])
        self.assertIn("7 «А»", card["children"][0]["place"])
        self.assertEqual(card["children"][2]["place"], "детский сад № 3")
        self.assertIn("отчим", card["residents"])
        self.assertIn("Петрова Анна", card["residents"])
        self.assertIn("many children", card["status"])
        self.assertIn("троих детей", card["situation"])
        self.assertIn("17/52", card["outside"])
        self.assertTrue(card["grounds"] and card["date_placed"] and card["housing"] and card["marriage"])
        self.assertEqual(card["registered"], "the same address")

    def test_children_and_cases(self):
        """RU-3.3: the family shows its cases and those of its children, as far as the reader may see them."""
        case = self.family_case()
        child = guarded(self.env["vshu.case"]).create(
            {
                "company_id": self.ru.company.id,
                "regulation_id": self.ru.school.regulation_id.id,
                "student_id": self.ru.student.id,
                "state": "active",
            }
        )
        office = self.as_(self.ru, "social_pedagogue", self.ru.family)
        self.assertEqual((office.case_ids, office.child_case_ids), (case, child))
        self.assertEqual(office.guardian_ids.mapped("kind"), ["mother", "father", "grandparent"])
        self.assertEqual(office.child_external_ids.paper, "№ 17/52")
        found = office.search([("case_ids", "any", [("state", "=", "active")])])
        self.assertEqual(found, office)
        self.env.invalidate_all()
        teacher = self.as_(self.ru, "class_teacher", self.ru.family)
        # the class teacher of a child of the family reads its case as one of a child of the class (RU-A3)
        self.assertEqual((teacher.case_ids, teacher.child_case_ids), (case, child))
        moved = {"date_to": "2026-10-13", "end_reason_id": self.ref("end_reason_other_class").id}
        self.ru.student.vshu_enrollment_ids.write(moved)
        self.env.invalidate_all()
        self.assertFalse(teacher.search([("case_ids", "!=", False)]), "the child is in the class no more")

    def test_situation_is_confidential(self):
        """The situation is read by psychologist, office and curator; not by class teacher, nor by any way of search."""
        ru = self.ru
        ru.users["curator"], ru.employees["curator"] = self.make_user(ru, "subject_teacher", "ru_curator")
        case = self.family_case(curator_id=ru.employees["curator"].id)
        for who, reads in (
            ("class_teacher", False),
            ("subject_teacher", False),
            ("administrator", False),
            ("curator", True),
            ("psychologist", True),
            ("social_pedagogue", True),
            ("deputy_head", True),
            ("head", True),
        ):
            with self.subTest(who=who):
                self.assertEqual(self.as_(ru, who, ru.situation).has_access("read"), reads)
                if reads:
                    continue
                family = self.as_(ru, who, ru.family)
                if who == "administrator":
                    self.assertRaises(AccessError, family.read, ["situation_ids"])
                    self.assertRaises(AccessError, family.read, ["housing"])
                    continue
                if family.has_access("read"):
                    self.assertFalse(family.situation_ids)
                    self.assertFalse(family._card()["situation"])
                for domain in ([("situation_ids", "!=", False)], [("situation_ids.text", "ilike", "троих")]):
                    self.assertFalse(family.search(domain))
        curator = self.as_(ru, "curator", ru.family)
        self.assertTrue(curator.has_access("read") and curator.person_ids and not curator.has_access("write"))
        self.as_(ru, "curator", self.env["vshu.family.situation"]).create({"family_id": ru.family.id, "text": "Ровно."})
        guarded(case)._close(self.ref("ru_reason_8_1"), TODAY)
        for records in (ru.situation, ru.family, ru.family.person_ids):
            self.assertFalse(self.as_(ru, "curator", records).has_access("read"))
        record = self.as_(ru, "psychologist", self.env["vshu.family.situation"]).create(
            {"family_id": ru.family.id, "text": "Отношения ровные."}
        )
        self.assertEqual(record.author_id, ru.users["psychologist"])
        with self.assertRaises(AccessError):
            self.as_(ru, "psychologist", ru.situation).write({"text": "Чужое."})
        with self.refused(ValidationError, "future"):
            record.date = "2026-10-15"
        with self.refused(ValidationError, "few words"):
            record.text = " "
        with self.refused(UserError, "stays on record"):
            record.sudo().unlink()

    def test_bad_people(self):
        """Everybody on the card has a name, a year of birth is one."""
        for vals, words in (({"name": "  "}, "name of everybody"), ({"name": "Лёва", "birth_year": 21}, "four digits")):
            with self.refused(ValidationError, words):
                self.env["vshu.family.person"].create({"family_id": self.ru.family.id, **vals})

    # -- guardians ---------------------------------------------------------------------------------------------------

    def test_child_moves_to_another_guardian(self):
        """A guardian ends the day before, the new one begins on the day, by the paper; sisters go along."""
        ru = self.ru
        guardian = self.env["res.partner"].create({"name": "Сидорова Вера Петровна"})
        dialog = self.as_(ru, "social_pedagogue", ru.mother).action_move()
        moves = self.as_(ru, "social_pedagogue", self.env["vshu.family.move"]).with_context(**dialog["context"])
        with Form(moves) as form:
            form.reason = "guardianship"
            form.date = date(2026, 10, 12)
            form.document = "Постановление № 114 от 12.10.2026"
            form.partner_id = guardian
            form.kind = "guardian"
            form.also_ids.add(ru.sister)
        move = form.record
        self.assertEqual(move.ended_ids, ru.mother)
        self.assertEqual((ru.mother.date_to, ru.mother.end_reason), (date(2026, 10, 11), "guardianship"))
        self.assertEqual(ru.mother.end_document, "Постановление № 114 от 12.10.2026")
        for child in (ru.student, ru.sister):
            now = child.vshu_guardian_ids.filtered(lambda g: g._in_force_on(TODAY))
            self.assertIn(guardian, now.partner_id)
            self.assertNotIn(ru.mother.partner_id, now.partner_id)
            before = child.vshu_guardian_ids.filtered(lambda g: g._in_force_on(date(2026, 10, 1)))
            self.assertIn(ru.mother.partner_id, before.partner_id)
        self.assertEqual(move.started_id.partner_id, guardian)
        self.assertEqual(len(self.env["vshu.family.move"].search([("document", "like", "№ 114")])), 2)
        card = self.as_(ru, "social_pedagogue", ru.family)._card()
        self.assertIn("Сидорова Вера", card["guardian"]["name"])
        self.assertFalse(card["mother"]["name"])

    def test_rights_limited(self):
        """A parent whose rights were limited stays mother or father, without papers and the right to represent."""
        ru = self.ru
        self.move(reason="limited", ended_ids=[Command.link(ru.father.id)])
        links = ru.student.vshu_guardian_ids.filtered(lambda g: g.partner_id == ru.father.partner_id)
        now = links.filtered(lambda g: g._in_force_on(TODAY))
        self.assertEqual((now.kind, now.is_legal, now.may_receive_papers), ("father", False, False))
        self.assertEqual(len(links), 2)

    def test_child_goes_to_another_family(self):
        """A child is of one family at a time; going to another one keeps the day and the paper."""
        ru = self.ru
        other = self.env["vshu.family"].create({"name": "Сидоровы", "company_id": ru.company.id})
        for function in (
            lambda: other.write({"member_ids": [Command.link(ru.student.id)]}),
            lambda: self.as_(ru, "social_pedagogue", ru.student).write({"vshu_family_id": other.id}),
        ):
            with self.refused(ValidationError, "two families at one time"):
                function()
        aunt = self.env["res.partner"].create({"name": "Сидорова Вера"})
        move = self.move(reason="family", family_id=other.id, partner_id=aunt.id, kind="guardian")
        self.assertEqual((ru.student.vshu_family_id, move.old_family_id), (other, ru.family))
        self.assertIn(aunt, other.adult_ids)
        self.assertEqual(ru.family.member_ids, ru.sister)
        self.assertIn(move, self.as_(ru, "social_pedagogue", ru.family).move_ids)
        ru.student.vshu_family_id = False
        ru.student.vshu_family_id = ru.family

    def test_bad_moves(self):
        """Nothing chosen, no paper, ends before its start, in the future, of another child: nothing half-written."""
        ru = self.ru
        late = self.make_guardian(ru.sister, "Отчим Игорь", "step_parent", date_from="2026-10-14")
        over = self.make_guardian(ru.student, "Опекун Прежний", "guardian", date_to="2026-09-30")
        adult = self.env["res.partner"].create({"name": "Новый Опекун"})
        nameless = self.env["res.partner"].create({"name": " "})
        new = {"partner_id": adult.id, "kind": "guardian"}
        end = {"ended_ids": [Command.link(ru.mother.id)]}
        cases = (
            ({}, "choose who no longer"),
            ({**end, "document": " "}, "name the paper"),
            ({**end, "date": "2026-10-15"}, "not before"),
            ({"student_id": ru.sister.id, "ended_ids": [Command.link(late.id)]}, "before the start"),
            ({"ended_ids": [Command.link(over.id)]}, "since 2026-09-30 already"),
            ({"student_id": ru.sister.id, **end}, "no parent or guardian of"),
            ({"partner_id": adult.id, "kind": False}, "as what"),
            ({"partner_id": ru.father.partner_id.id, "kind": "guardian"}, "entered as a guardian"),
            ({"partner_id": adult.id, "kind": "mother"}, "End that first"),
            ({"partner_id": nameless.id, "kind": "guardian"}, "needs a name"),
            ({"partner_id": ru.student.id, "kind": "guardian"}, "of themselves"),
            ({"family_id": ru.family.id}, "this family already"),
            ({"student_id": adult.id, **new}, "no student"),
        )
        before = self.env["vshu.guardian"].search_count([]), ru.mother.date_to
        for vals, words in cases:
            with self.subTest(vals=vals), self.refused(UserError, words):
                self.move(**vals)
        self.assertEqual((self.env["vshu.guardian"].search_count([]), ru.mother.date_to), before)
        move = self.move(**end)
        with self.refused(UserError, "never deleted"):
            move.sudo().unlink()

    def test_two_mothers(self):
        """Two mothers in force at one time are refused, one after the other is not."""
        ru = self.ru
        with self.refused(ValidationError, "as mother for that time already"):
            self.make_guardian(ru.student, "Вторая Мать")
        ru.mother.date_to = "2026-09-30"
        self.make_guardian(ru.student, "Приёмная Мать", date_from="2026-10-01")

    def test_who_moves(self):
        """Guardians are changed by whoever keeps people's records; the others read them as they read guardians."""
        ru = self.ru
        for role in ("class_teacher", "subject_teacher", "psychologist", "deputy_head", "head"):
            with self.assertRaises(AccessError):
                self.move(role, ended_ids=[Command.link(ru.mother.id)])
        move = self.move("administrator", ended_ids=[Command.link(ru.mother.id)])
        for who, reads in (("class_teacher", True), ("subject_teacher", False), ("head", True)):
            self.assertEqual(self.as_(ru, who, move).has_access("read"), reads)
        with self.refused(AccessError, "itself"):
            self.move(old_family_id=ru.family.id, ended_ids=[Command.link(ru.father.id)])
        with self.refused(UserError, "stands as it is"):
            self.as_(ru, "social_pedagogue", move).write({"document": "…"})


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestFamilyCardPdf(HttpCase, FamilyCommon):
    def test_pdf(self):
        """RU-A5: the printed card has every heading, in the school's language, fonts embedded."""
        self.family_case()
        family = self.as_(self.ru, "social_pedagogue", self.ru.family)
        self.assertEqual(family.action_print_card()["report_name"], "vshu_registry.report_family_card")
        content, text = print_pdf(family, "vshu_registry.report_family_card")
        self.assertFalse(fonts_not_embedded(content))
        words = " ".join(text.split())
        for expected in (
            "УЧЁТНАЯ КАРТОЧКА СЕМЬИ",
            "НАХОДЯЩЕЙСЯ В СОЦИАЛЬНО ОПАСНОМ ПОЛОЖЕНИИ",
            "Дата постановки на внутришкольный учёт",
            "Основания постановки на внутришкольный учёт",
            "Мать",
            "Место работы",
            "Отец",
            "Брак родителей",
            "Опекун (попечитель)",
            "Количество детей: 3",
            "В семье также проживают",
            "Семья фактически проживает по адресу",
            "Место регистрации",
            "Социальный статус семьи",
            "Жилищные условия",
            "социально-психологической ситуации",
            "Классный руководитель (социальный педагог",
            "Петров Лёва",
            "троих детей",
        ):
            self.assertIn(expected, words)
        teacher = self.as_(self.ru, "class_teacher", self.ru.family)
        self.env.invalidate_all()
        self.assertNotIn("троих детей", print_pdf(teacher, "vshu_registry.report_family_card")[1])

    def test_kazakh(self):
        """A school that writes in Kazakh prints every heading of the card in Kazakh; the fonts have its letters."""
        speak_kazakh(self.env, self.ru)
        self.family_case()
        family = self.as_(self.ru, "social_pedagogue", self.ru.family)
        content, text = print_pdf(family, "vshu_registry.report_family_card")
        self.assertFalse(fonts_not_embedded(content))
        words = " ".join(text.split())
        for expected in KAZAKH_CARD:
            self.assertIn(expected, words)
        for heading in ("Russian Federation", "УЧЁТНАЯ", "Место работы", "Жилищные условия", "CARD"):
            self.assertNotIn(heading, words)
