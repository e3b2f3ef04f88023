"""Letters to outside bodies: the condition of each kind, drafting, sending, answers, reminders (KZ-17, RU-N2.5)."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...tools.guard import guarded
from ..case.test_flow import TODAY, FlowCommon


class PetitionCommon(FlowCommon):
    """Facts about parents, letters and answers, as the one who would write them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for bag in (cls.kz, cls.ru):
            bag.guardian = cls.make_guardian(bag.student)
            bag.commission = cls.env["res.partner"].create(
                {"name": f"Комиссия {bag.code}", "is_company": True, "street": "ул. Мира, 1"}
            )

    def fact(self, bag, case, kind="refused", role="social_pedagogue", **vals):
        """Record what was found out about the parents."""
        defaults = {
            "case_id": case.id,
            "kind": kind,
            "date": "2026-10-12",
            "note": "Предложены занятия с психологом, мать отказалась.",
            "partner_ids": [Command.set(bag.guardian.partner_id.ids)],
        }
        if kind == "refused":
            defaults.update(witness_id=bag.employees["class_teacher"].id, witness2_id=bag.employees["psychologist"].id)
        return self.as_(bag, role, self.env["vshu.parent.fact"]).create({**defaults, **vals})

    def both(self, bag, case):
        """Record both halves of KZ-17."""
        return self.fact(bag, case) | self.fact(
            bag, case, "no_measures", note="На встречи не приходит, звонки сброшены."
        )

    def petition(self, bag, case, kind="kz_petition_17_1", role="social_pedagogue", **vals):
        """Draft a letter of a kind about ``case``."""
        values = {"case_id": case.id, "kind_id": self.ref(kind).id, "partner_id": bag.commission.id, **vals}
        return self.as_(bag, role, self.env["vshu.petition"]).create(values)

    def sent(self, bag, case, kind="kz_petition_17_1", **vals):
        """Return a letter that the deputy head has sent."""
        petition = self.petition(bag, case, kind, **vals)
        self.as_(bag, "deputy_head", petition).action_send()
        return petition

    def answer(self, bag, petition, role="social_pedagogue", **vals):
        """Record the answer to a letter by its dialog."""
        action = self.as_(bag, role, petition).action_answer()
        dialog = self.as_(bag, role, self.env["vshu.petition.answer"]).with_context(**action["context"])
        values = {"outcome": "granted", "answer_text": "Рассмотрено, родителям вынесено предупреждение.", **vals}
        return dialog.create(values).action_confirm()

    def ru_case(self, ground="ru_ground_3_2_3", **vals):
        """Return a RU case in draft about a pupil who does not attend."""
        values = {"ground_id": self.ref(ground).id, "basis_id": self.ref("ru_basis_4_2b_1").id, **vals}
        return self.as_(self.ru, "social_pedagogue", self.env["vshu.case"]).create(
            {
                "company_id": self.ru.company.id,
                "student_id": self.ru.student.id,
                "reason": "Пропустил 46 уроков.",
                "measures_before": "Беседы с матерью.",
                **values,
            }
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPetitionConditions(PetitionCommon):
    def offered(self, case, role="social_pedagogue"):
        return sorted(
            self.as_(self.kz if case.company_id == self.kz.company else self.ru, role, case)
            ._petition_kinds()
            .mapped("code")
        )

    def test_kz_17_needs_both_halves(self):
        """KZ-17: refuse help *and* take no measures; the missing half is named; either alone is not enough."""
        case = self.kz_active()
        self.assertEqual(self.offered(case), [])
        self.assertRefused(["KZ-17", "refuse help", "take no measures"], self.petition, self.kz, case)
        refusal = self.fact(self.kz, case)
        self.assertEqual(self.offered(case), [])
        with self.assertRaises(UserError) as caught:
            self.petition(self.kz, case)
        self.assertIn("take no measures", str(caught.exception))
        self.assertNotIn("refuse help", str(caught.exception))
        refusal.write({"date_to": "2026-10-13", "end_note": "Мать пришла к психологу."})
        self.fact(self.kz, case, "no_measures")
        with self.assertRaises(UserError) as caught:
            self.petition(self.kz, case)
        self.assertIn("refuse help", str(caught.exception))
        self.assertNotIn("take no measures", str(caught.exception))
        self.fact(self.kz, case)
        self.assertEqual(self.offered(case), ["17.1", "17.2", "17.4"])

    def test_kz_17_each_where_its_condition_holds(self):
        """KZ-17: the third only for an act with administrative liability, the fourth not for who is there already."""
        case = self.kz_active()
        self.both(self.kz, case)
        self.assertRefused(["KZ-17", "none of these"], self.petition, self.kz, case, "kz_petition_17_3")
        case.extra_ground_ids = self.ref("kz_ground_18_6")
        self.assertEqual(self.offered(case), ["17.1", "17.2", "17.3", "17.4"])
        case.extra_ground_ids = False
        self.env["vshu.external.record"].create(
            {
                "student_id": self.kz.student.id,
                "company_id": self.kz.company.id,
                "body": "police",
                "date_from": "2026-09-20",
            }
        )
        self.env.invalidate_all()
        self.assertEqual(self.offered(case), ["17.1", "17.2", "17.3"])
        self.assertRefused(["register of that body already"], self.petition, self.kz, case, "kz_petition_17_4")

    def test_kz_17_only_within_the_register(self):
        """KZ-17: help is refused within the register, so nothing is offered before the placement or after the end."""
        case = self.kz_case()
        self.both(self.kz, case)
        self.assertEqual(self.offered(case), [])
        self.assertRefused(["not on the register yet"], self.petition, self.kz, case)
        self.decide(self.kz, case, "kz_kind_4_place", months=3)
        self.assertEqual(self.offered(case), ["17.1", "17.2", "17.4"])
        guarded(case)._close(self.ref("kz_reason_19_1"), TODAY)
        self.assertEqual(self.offered(case), [])
        self.assertRefused(["over"], self.petition, self.kz, case)

    def test_condition_is_data(self):
        """A school's own version may ask for one half only; nothing of it stands in the program."""
        own = self.kz.school.regulation_id._copy_for_company(self.kz.company)
        own.date_from = "2026-09-01"
        own.petition_kind_ids.write({"needs_refusal": False})
        own.action_put_in_force()
        self.kz.school.regulation_id = own
        self.env.registry.clear_cache()
        case = guarded(self.env["vshu.case"]).create(
            {
                "company_id": self.kz.company.id,
                "regulation_id": own.id,
                "student_id": self.kz.student.id,
                "state": "active",
                "ground_id": own.ground_ids[0].id,
            }
        )
        self.fact(self.kz, case, "no_measures")
        self.assertEqual(self.offered(case), ["17.1", "17.2", "17.4"])

    def test_ru_non_attendance(self):
        """RU-N2.5, RU-N2.2, RU-N5, RU-A7.6: offered on the grounds of non-attendance, each on its own condition."""
        case = self.ru_case()
        self.assertEqual(self.offered(case), ["N5.1"])
        self.assertRefused(["RU-N2.5", "take no measures"], self.petition, self.ru, case, "ru_petition_n2_5_commission")
        self.fact(self.ru, case, "no_measures")
        self.fact(self.ru, case, "no_contact", partner_ids=False, note="Телефоны выключены, соседи не знают.")
        self.assertEqual(self.offered(case), ["N2.2", "N2.5.commission", "N5.1"])
        self.fact(self.ru, case, "harm", note="Мать злоупотребляет алкоголем.")
        self.assertEqual(self.offered(case), ["A7.note", "N2.2", "N2.5.commission", "N2.5.police", "N5.1"])
        self.assertRefused(["RU-A7.6", "council"], self.petition, self.ru, case, "ru_petition_a7_6_education")
        form = self.ref("ru_form_council_minutes")
        decision = self.env["vshu.decision"].create(
            {"case_id": case.id, "kind_id": self.ref("ru_kind_5_2_decline").id, "form_id": form.id, "number": "1"}
        )
        guarded(decision).write({"state": "done"})
        self.assertTrue({"A7.6.education", "A7.6.commission", "A7.6.guardianship"} <= set(self.offered(case)))

    def test_ru_other_grounds(self):
        """RU-N2.5 speaks of those who do not attend; for other grounds there is a kind marked as practice."""
        case = self.ru_case("ru_ground_3_2_4")
        self.fact(self.ru, case, "no_measures")
        self.assertEqual(self.offered(case), [])
        self.assertRefused(["none of these"], self.petition, self.ru, case, "ru_petition_n2_5_commission")

    def test_number_of_letters_is_not_limited(self):
        """RU-N5.2: the number of applications to outside bodies is not limited."""
        case = self.ru_case()
        for _number in range(3):
            self.petition(self.ru, case, "ru_petition_n5_1")
        self.assertEqual(sorted(case.petition_ids.mapped("number")), ["1", "2", "3"])


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestParentFacts(PetitionCommon):
    def test_refusal(self):
        """KZ-17: a refusal says who, when, before which two witnesses; the one who records is who is logged in."""
        case = self.kz_active()
        fact = self.fact(self.kz, case, user_id=self.kz.users["head"].id)
        self.assertEqual(fact.sudo().user_id, self.kz.users["social_pedagogue"])
        self.assertEqual(case._help_refused(), fact.sudo())
        self.assertFalse(case._no_measures())

    def test_bad_input(self):
        """One witness, the same person twice, nobody who refused, the future, no words, a stranger: each is refused."""
        case = self.kz_active()
        teacher = self.kz.employees["class_teacher"].id
        stranger = self.env["res.partner"].create({"name": "Чужой Взрослый"})
        for vals, words in (
            ({"witness2_id": False}, "two witnesses"),
            ({"witness_id": teacher, "witness2_id": teacher}, "same person"),
            ({"partner_ids": False}, "who of the parents"),
            ({"date": "2026-10-15"}, "future"),
            ({"note": "  "}, "write what was offered"),
            ({"partner_ids": [Command.set(stranger.ids)]}, "parents and guardians of the child"),
        ):
            with self.subTest(vals=vals), self.refused(ValidationError, words):
                self.fact(self.kz, case, **vals)
        self.assertFalse(case.parent_fact_ids)

    def test_stays_as_it_was(self):
        """What is on record is ended, not rewritten; once a letter rests on it, it is not deleted either."""
        case = self.kz_active()
        facts = self.both(self.kz, case)
        with self.refused(UserError, "stays as it is"):
            facts[0].write({"note": "Другое"})
        with self.refused(ValidationError, "before the day"):
            facts[0].write({"date_to": "2026-10-01"})
        self.sent(self.kz, case)
        with self.refused(UserError, "petition has been sent"):
            facts[0].unlink()
        facts[0].write({"date_to": "2026-10-14"})
        self.assertFalse(case._help_refused())

    def test_over(self):
        """Nothing is added to a case that is over."""
        case = self.kz_active()
        guarded(case)._close(self.ref("kz_reason_19_1"), TODAY)
        with self.refused(UserError, "over"):
            self.fact(self.kz, case)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPetitions(PetitionCommon):
    def test_draft(self):
        """The text is drafted from the case: child, parents, ground, decision, facts; the number is the next one."""
        case = self.kz_active()
        self.both(self.kz, case)
        petition = self.petition(self.kz, case)
        body = petition.body
        for word in (
            "Ахметов Арман",
            "20.05.2013",
            "7 «А»",
            "Петрова Мария",
            "Пропустил три урока",
            "Беседа с учеником",
            "мать отказалась",
            "На встречи не приходит",
            self.kz.employees["psychologist"].name,
        ):
            self.assertIn(word, body)
        self.assertNotIn("{", body)
        self.assertEqual((petition.number, petition.year_id), ("1", self.kz.year))
        self.assertEqual(petition.signer_id.sudo(), self.kz.employees["head"])
        self.assertEqual(petition.addressee_text, "Комиссия kz\nул. Мира, 1")
        self.assertNotIn("Ахметов", petition.display_name)

    def test_draft_in_both_languages(self):
        """The words of the order stand in the language of the letter."""
        for lang in ("ru_RU", "kk_KZ"):
            self.env["res.lang"]._activate_lang(lang)
        case = self.kz_active()
        self.both(self.kz, case)
        kind = self.ref("kz_petition_17_1")
        texts = {"ru_RU": "Просим рассмотреть: {child}", "kk_KZ": "Қарауыңызды сұраймыз: {child}"}
        kind.update_field_translations("text_template", texts)
        for lang, words in (("ru_RU", "Просим рассмотреть: Ахметов"), ("kk_KZ", "Қарауыңызды сұраймыз: Ахметов")):
            petition = self.petition(self.kz, case, lang=lang)
            self.assertIn(words, petition.body)
            self.assertEqual(petition._paper_lang(), lang)

    def test_empty_paragraphs_are_left_out(self):
        """A paragraph of which nothing is known does not stand in the letter, what people typed is escaped."""
        case = self.kz_active()
        self.both(self.kz, case)
        guarded(case).write({"reason": "<b>Жирный</b>"})
        body = self.petition(self.kz, case).body
        self.assertNotIn("outside registers", body)
        self.assertIn("&lt;b&gt;", body)

    def test_addressee_is_remembered(self):
        """The body of the last letter of this kind, in the words of the last letter, is suggested."""
        case = self.kz_active()
        self.both(self.kz, case)
        self.petition(self.kz, case, addressee_text="Председателю комиссии\nЖумабаевой А. К.")
        second = self.petition(self.kz, case, "kz_petition_17_2", partner_id=None)
        self.assertFalse(second.partner_id, "an empty value is kept")
        third = self.as_(self.kz, "head", self.env["vshu.petition"]).create(
            {"case_id": case.id, "kind_id": self.ref("kz_petition_17_1").id}
        )
        self.assertEqual(third.partner_id, self.kz.commission)
        self.assertEqual(third.addressee_text, "Председателю комиссии\nЖумабаевой А. К.")

    def test_numbers(self):
        """Outgoing numbers: next of the year and school, changed before sending, never twice."""
        case = self.kz_active()
        self.both(self.kz, case)
        first = self.petition(self.kz, case, number="41")
        second = self.petition(self.kz, case)
        self.assertEqual(second.number, "42")
        with self.refused(ValidationError, "41 is used already.*next free one is 43"):
            second.write({"number": "41"})
        second.write({"number": "01-12/42"})
        self.assertEqual(self.petition(self.kz, case).number, "42")
        ru = self.petition(self.ru, self.ru_case(), "ru_petition_n5_1")
        self.assertEqual(ru.number, "1", "another school")
        self.make_year(self.kz.company, "2025/26", "2025-09-01", "2026-08-31")
        earlier = self.petition(self.kz, case, date="2026-08-20")
        self.assertEqual((earlier.year_id.name, earlier.number), ("2025/26", "1"))
        self.assertTrue(first.number)

    def test_send(self):
        """KZ-17: the administration sends it; it is locked, its clock runs, what is missing is named before."""
        case = self.kz_active()
        self.both(self.kz, case)
        petition = self.petition(self.kz, case, partner_id=None, number="5")
        with self.refused(AccessError, "Head"):
            petition.action_send()
        petition.write({"number": False, "body": "<p><br></p>", "subject": False, "date": "2026-10-20"})
        deputy = self.as_(self.kz, "deputy_head", petition)
        self.assertRefused(["addressee", "number", "future", "about", "text"], deputy.action_send)
        self.assertEqual(petition.state, "draft")
        petition.action_redraft()
        petition.write({"partner_id": self.kz.commission.id, "number": "5", "date": TODAY})
        deputy.action_send()
        self.assertEqual((petition.state, petition.date_sent), ("sent", TODAY))
        self.assertEqual(petition.sent_by_id, self.kz.users["deputy_head"])
        clock = petition.sudo().deadline_ids
        self.assertEqual((clock.rule_id, clock.state), (self.ref("kz_rule_petition"), "open"))
        self.assertEqual(petition.date_due, clock.date_due)
        self.assertEqual(clock.user_id, self.kz.users["social_pedagogue"])
        self.assertEqual(clock.case_id, case)
        self.assertRefused(["already"], deputy.action_send)

    def test_condition_is_asked_again_at_sending(self):
        """A draft is not sent where its condition holds no longer."""
        case = self.kz_active()
        facts = self.both(self.kz, case)
        petition = self.petition(self.kz, case)
        facts[0].write({"date_to": TODAY})
        self.assertRefused(["KZ-17", "refuse help"], self.as_(self.kz, "head", petition).action_send)

    def test_sent_is_locked(self):
        """A letter that was sent is neither changed nor deleted; state and answer are written by the buttons only."""
        case = self.kz_active()
        self.both(self.kz, case)
        petition = self.sent(self.kz, case)
        for vals in ({"body": "<p>Другое</p>"}, {"number": "77"}, {"partner_id": False}, {"enclosures": "Акт"}):
            with self.refused(UserError, "stays as it was"):
                petition.write(vals)
        with self.refused(UserError, "stays on record"):
            petition.unlink()
        for vals in ({"state": "draft"}, {"outcome": "granted"}, {"date_sent": "2026-10-01"}):
            with self.refused(AccessError, "buttons"):
                petition.write(vals)
        with self.refused(AccessError, "buttons"):
            self.petition(self.kz, case, state="sent")
        with self.refused(UserError, "stays with its case"):
            self.petition(self.kz, case).write({"case_id": self.ru_case().id})

    def test_enclosures(self):
        """The papers that the kind names are enclosed; those of another case, missing or sealed ones are refused."""
        case = self.kz_active()
        self.both(self.kz, case)
        teacher = self.paper(case, "kz_document_11_1", rating="negative")
        petition = self.petition(self.kz, case)
        self.assertEqual(petition.document_ids, teacher)
        sealed = self.paper(case, "kz_document_11_2", rating="negative")
        if sealed.type_id.sealed:
            with self.refused(ValidationError, "sealed"):
                petition.write({"document_ids": [Command.link(sealed.id)]})
        missing = self.env["vshu.document"].create({"case_id": case.id, "type_id": teacher.type_id.id})
        other = self.paper(self.kz_case(student_id=self.kz.other_student.id), "kz_document_11_1")
        for paper in (missing, other):
            with self.refused(ValidationError, "papers of this case"):
                petition.write({"document_ids": [Command.link(paper.id)]})

    def test_answer(self):
        """RU-N5.2: date, number, outcome, words, files of the answer; the clock is met; never answered twice."""
        case = self.ru_case()
        petition = self.sent(self.ru, case, "ru_petition_n5_1", date="2026-10-05")
        self.assertEqual(petition.date_due, date(2026, 11, 4))
        file = self.as_(self.ru, "social_pedagogue", self.env["ir.attachment"]).create({"name": "a.txt", "raw": b"1"})
        self.answer(
            self.ru,
            petition,
            outcome="partly",
            answer_date="2026-10-12",
            answer_number="114",
            answer_file_ids=[Command.set(file.ids)],
        )
        self.assertEqual((petition.state, petition.outcome, petition.answer_number), ("answered", "partly", "114"))
        self.assertEqual((petition.answer_date, petition.date_answered), (date(2026, 10, 12), TODAY))
        self.assertEqual(petition.sudo().deadline_ids.state, "met")
        self.assertEqual((file.res_model, file.res_id), ("vshu.petition", petition.id))
        self.assertRefused(["answered already"], self.answer, self.ru, petition)

    def test_answer_bad_input(self):
        """Answer to a draft, before the letter, in the future: each is refused, nothing is written."""
        case = self.ru_case()
        draft = self.petition(self.ru, case, "ru_petition_n5_1")
        self.assertRefused(["not been sent"], self.answer, self.ru, draft)
        petition = self.sent(self.ru, case, "ru_petition_n5_1", date="2026-10-12")
        for vals, word in (
            ({"date_answered": "2026-10-15"}, "future"),
            ({"answer_date": "2026-10-11"}, "cannot be its answer"),
            ({"date_answered": "2026-10-10"}, "cannot be its answer"),
            ({"date_answered": "2026-10-12", "answer_date": "2026-10-13"}, "cannot be its answer"),
        ):
            with self.subTest(vals=vals):
                self.assertRefused([word], self.answer, self.ru, petition, **vals)
        self.assertEqual((petition.state, petition.outcome), ("sent", False))

    def test_overdue_and_reminder(self):
        """RU-N5.2: an answer that does not come is shown as late; a reminder names the letter."""
        case = self.ru_case()
        petition = self.sent(self.ru, case, "ru_petition_n5_1", date="2026-09-07")
        self.nightly()
        self.assertEqual(petition.deadline_state, "overdue")
        found = self.as_(self.ru, "head", self.env["vshu.petition"]).search(
            [("state", "=", "sent"), ("date_due", "<", "today")]
        )
        self.assertEqual(found, petition)
        action = petition.action_remind()
        reminder = self.env["vshu.petition"].browse(action["res_id"])
        self.assertEqual(petition.action_remind()["res_id"], reminder.id, "the draft is gone on with")
        self.assertEqual((reminder.reminder_of_id, reminder.number), (petition, "2"))
        self.assertRegex(reminder.body, "(No.|№) 1 ")
        self.as_(self.ru, "head", reminder).action_send()
        self.assertFalse(reminder.deadline_ids)
        self.assertRefused(["letter itself"], self.as_(self.ru, "head", reminder).action_answer)
        self.answer(self.ru, petition)
        self.assertRefused(["answered already"], petition.action_remind)

    def test_a_reminder_is_chosen_by_nobody(self):
        """A reminder comes by the button of the letter only."""
        with self.refused(UserError, "button of the letter"):
            self.petition(self.ru, self.ru_case(), "ru_petition_reminder")

    def test_report_on_assignments(self):
        """RU-2.2, RU-5.1a: assignments of a decree are reported by a letter, each once."""
        case = self.ru_case()
        self.assertRefused(["RU-2.2", "assignment"], self.petition, self.ru, case, "ru_petition_2_2")
        vals = {
            "case_id": case.id,
            "company_id": self.ru.company.id,
            "employee_id": self.ru.employees["class_teacher"].id,
            "date_assigned": "2026-09-10",
            "date_due": "2026-10-20",
        }
        done, still = self.env["vshu.assignment"].create(
            [
                {**vals, "name": "Посетить семью", "report": "Посещена 5 октября.", "date_done": "2026-10-06"},
                {**vals, "name": "Вовлечь в кружок"},
            ]
        )
        letter = self.sent(self.ru, case, "ru_petition_2_2")
        for word in ("Посетить семью", "Посещена 5 октября", "Вовлечь в кружок"):
            self.assertIn(word, letter.body)
        self.assertEqual(done.report_petition_id, letter)
        self.assertFalse(still.report_petition_id)
        self.assertFalse(letter.sudo().deadline_ids, "no answer is awaited")
        second = self.petition(self.ru, case, "ru_petition_2_2")
        self.assertNotIn("Посетить семью", second.body)
        mine = self.as_(self.ru, "class_teacher", self.env["vshu.assignment"])
        self.assertEqual(mine.search([("is_mine", "=", True)]), done | still)
        self.assertRefused(["nobody is reminded"], letter.action_remind)

    def test_template_of_unknown_words(self):
        """A template that asks for what no case has is refused when it is written."""
        own = self.kz.school.regulation_id._copy_for_company(self.kz.company)
        with self.refused(ValidationError, "weight"):
            own.petition_kind_ids[0].text_template = "{child} {weight}"

    def test_case_buttons(self):
        """The case leads to its letters and facts; a new letter is offered to the office."""
        case = self.kz_active()
        for role in ("social_pedagogue", "class_teacher"):
            view = self.as_(self.kz, role, case)
            self.assertEqual(view.action_open_petitions()["domain"], [("case_id", "=", case.id)])
            self.assertEqual(view.action_open_parent_facts()["context"], {"default_case_id": case.id})
        self.assertEqual(self.as_(self.kz, "head", case).action_petition()["context"], {"default_case_id": case.id})
        with self.refused(AccessError, "drafted by"):
            self.as_(self.kz, "class_teacher", case).action_petition()
