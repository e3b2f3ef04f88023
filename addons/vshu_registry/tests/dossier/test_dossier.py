"""The dossier: papers at a glance and across cases, forms, copies that come again, what is refused."""

import base64
from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from ..case.test_flow import TODAY, FlowCommon
from ..channels.test_queries import QueryCommon
from ..web_client import specification

#: what the author of a characteristic writes
WORDS = {
    "family_relations": "Отношения ровные, мать сына поддерживает.",
    "character": "Вспыльчивый, отходчивый.",
    "qualities_good": "Помогает младшим.",
    "qualities_bad": "Не доводит дело до конца.",
    "standing": "Дружит с двумя одноклассниками.",
    "study_progress": "Средний балл 3,4.",
    "study_motivation": "Учится под контролем.",
    "study_attendance": "Пропустил 12 уроков.",
    "activities": "Дежурит по классу.",
}


class DossierCommon(FlowCommon):
    """Cases with papers, and their forms as the people who write them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for bag in (cls.kz, cls.ru):
            cls.make_guardian(bag.student, f"Мать {bag.code}")
            bag.student.write({"street": "ул. Школьная, 3", "city": "Посёлок"})

    def ru_active(self, **vals):
        """Return a RU case on the register, by a decree of the commission, the class teacher its curator."""
        signal = self.notice(self.ru, **vals)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        case = signal.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12")
        return case

    def paper_of(self, case, code, **domain):
        """Return the paper of a kind on the list of the case that waits."""
        doctype = self.ref(code)
        return case.document_ids.filtered(lambda d: d.type_id == doctype and d.state != "ready")[:1]

    def form(self, bag, role, document, **vals):
        """Open the form of a paper as ``role`` and write the headings that are not known."""
        action = self.as_(bag, role, document).action_fill_form()
        form = self.as_(bag, role, self.env[action["res_model"]]).browse(action["res_id"])
        if form._name == "vshu.characteristic":
            vals = {**WORDS, "rating": "positive", **vals}
        form.write(vals)
        return form

    def file(self, content, name="скан.pdf", role="social_pedagogue"):
        """Upload a file as the web client does before the form is saved."""
        files = self.as_(self.ru, role, self.env["ir.attachment"])
        return files.create({"name": name, "datas": base64.b64encode(content)})


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestForms(DossierCommon):
    def test_characteristic(self):
        """RU-A4: known headings are there from the start; finishing makes the paper ready with date and rating."""
        case = self.ru_active()
        document = self.paper_of(case, "ru_document_5_4_5")
        self.assertEqual((document.form, document.state), ("characteristic", "due"))
        form = self.form(self.ru, "class_teacher", document)
        self.assertEqual(
            (form.student_name, form.class_name, form.birth_date), ("Петров Иван", "7 «А»", date(2013, 5, 20))
        )
        self.assertIn("ул. Школьная, 3", form.address)
        self.assertEqual((form.mother_name, form.mother_phone), ("Мать ru", "+7 701 000 00 00"))
        self.assertIn("Мать ru", form.upbringing_adults)
        self.assertIn("№ 1", form.stays_now)
        self.assertIn(str(case.placement_decision_id.number), form.commission)
        self.assertEqual(document.state, "due", "a draft is not there yet")
        form.action_finish()
        self.assertEqual(
            (form.state, form.author_name, form.date_finished), ("finished", "ru_class_teacher name", TODAY)
        )
        self.assertEqual((document.state, document.date, document.rating), ("ready", TODAY, "positive"))
        self.assertEqual(document.author_id, self.ru.employees["class_teacher"])
        self.assertEqual(form.author_post, "Классный руководитель", "in the language of the paper")

    def test_headings_of_annex_4(self):
        """RU-A4: all seventeen headings with their sub-headings are fields of the form."""
        headings = self.env["vshu.characteristic"]._headings()
        for names in (
            ["student_name"],
            ["class_name"],
            ["birth_date", "birth_place"],
            ["address", "phone"],
            [f"{parent}_{part}" for parent in ("mother", "father") for part in ("name", "work", "education", "phone")],
            ["upbringing_adults", "family_composition", "housing", "family_relations", "family_potential"],
            ["character", "qualities_good", "qualities_bad", "standing"],
            [f"study_{part}" for part in ("progress", "knowledge", "motivation", "attendance", "ability", "interest")],
            ["activities", "clubs_school", "clubs_outside", "friends_school", "friends_outside", "vocation"],
            ["stays_now", "stays_before", "council", "commission"],
        ):
            for name in names:
                self.assertIn(name, headings)

    def test_empty_headings(self):
        """Finishing lists the headings that are empty, and what it says; nothing is half done."""
        document = self.paper_of(self.ru_active(), "ru_document_5_4_5")
        form = self.form(self.ru, "class_teacher", document, character=" \n", standing=False, rating=False)
        self.assertRefused(["Character of the child", "Standing in the class", "What it says"], form.action_finish)
        self.assertEqual((form.state, document.state, document.form_done), ("draft", "due", False))

    def test_finished_is_locked(self):
        """A finished form is not changed, not deleted, not overruled by its paper; a new version corrects it."""
        document = self.paper_of(self.ru_active(), "ru_document_5_4_5")
        form = self.form(self.ru, "class_teacher", document)
        form.action_finish()
        for view in (form, form.sudo(), self.as_(self.ru, "head", form)):
            self.assertRefused(["finished"], view.write, {"character": "Другое"})
            self.assertRefused([], view.unlink)
        self.assertRefused(["finished"], form.action_finish)
        keeper = self.as_(self.ru, "social_pedagogue", document)
        for vals in ({"rating": "negative"}, {"date": "2026-10-01"}, {"type_id": self.ref("ru_document_5_4_6").id}):
            self.assertRefused(["form"], keeper.write, vals)
        keeper.write({"on_paper": True, "note": "Подписано", "date": TODAY})
        with freeze_time("2026-10-20 06:00:00"):
            action = form.action_correct()
            new = form.browse(action["res_id"])
            self.assertEqual((new.version, new.corrects_id, new.character, new.date), (2, form, form.character, TODAY))
            self.assertEqual(form.action_correct()["res_id"], new.id, "one draft of a correction at a time")
            self.assertEqual(document.state, "ready", "what was finished counts until the new version does")
            new.write({"character": "Спокойный.", "rating": "negative"})
            new.action_finish()
            self.assertEqual((form.state, new.state), ("replaced", "finished"))
            # a correction is no later characteristic
            self.assertEqual(
                (document.rating, document.date, new.date_finished), ("negative", TODAY, date(2026, 10, 20))
            )
            self.assertRefused(["only what is finished"], form.action_correct)

    def test_system_fields_are_not_written(self):
        """State, version, author and what makes the paper ready come from the buttons only."""
        document = self.paper_of(self.ru_active(), "ru_document_5_4_5")
        model = self.as_(self.ru, "class_teacher", self.env["vshu.characteristic"])
        for vals in ({"state": "finished"}, {"version": 5}, {"author_name": "Другой"}, {"author_id": 1}):
            self.assertRaises(AccessError, model.create, {"document_id": document.id, **vals})
            forged = {f"default_{name}": value for name, value in vals.items()}
            self.assertFalse(self.env["vshu.characteristic"].search([("document_id", "=", document.id)]))
            with self.cr.savepoint() as savepoint:
                form = model.with_context(**forged).create({"document_id": document.id})
                self.assertEqual(
                    (form.state, form.version, form.author_id), ("draft", 1, self.ru.users["class_teacher"])
                )
                savepoint.rollback()
        form = self.form(self.ru, "class_teacher", document)
        self.assertRaises(AccessError, form.write, {"state": "finished"})
        paper = self.as_(self.ru, "class_teacher", document)
        self.assertRaises(AccessError, paper.write, {"form_done": True, "date": TODAY})
        self.assertRaises(AccessError, paper.copy, {"form_done": True})
        self.assertEqual(document.state, "due")

    def test_wrong_kind(self):
        """A paper without a form has none; a form of another kind of paper is refused, so is a second one."""
        case = self.ru_active()
        other = self.as_(self.ru, "class_teacher", self.paper_of(case, "ru_document_5_4_6"))
        self.assertRefused(["has no form"], other.action_fill_form)
        model = self.as_(self.ru, "class_teacher", self.env["vshu.characteristic"])
        self.assertRefused(["RU-5.4", "Characteristic"], model.create, {"document_id": other.id})
        document = self.paper_of(case, "ru_document_5_4_5")
        form = self.form(self.ru, "class_teacher", document)
        self.assertRefused(["has its form already"], model.create, {"document_id": document.id})
        self.assertRefused(["stays with its paper"], form.write, {"document_id": other.id})
        keeper = self.as_(self.ru, "social_pedagogue", document)
        self.assertRefused(["form of its own kind"], keeper.write, {"type_id": self.ref("ru_document_5_4_6").id})
        self.assertRefused(["Delete the draft"], keeper.unlink)
        self.assertRefused(["not the one"], form.write, {"student_id": self.ru.other_student.id})
        self.assertRaises(ValidationError, self.ref("ru_document_5_4_10").sudo().write, {"form": "survey"})

    def test_author_and_take_over(self):
        """Only its author writes a draft; a colleague who gives the paper takes it over; others may not."""
        document = self.paper_of(self.ru_active(), "ru_document_5_4_5")
        form = self.form(self.ru, "class_teacher", document)
        keeper = self.as_(self.ru, "social_pedagogue", form)
        self.assertEqual((keeper.can_edit, keeper.can_take_over, form.can_edit), (False, True, True))
        for call in (lambda: keeper.write({"character": "…"}), keeper.action_finish, keeper.unlink):
            self.assertRaises(AccessError, call)
        psychologist = self.as_(self.ru, "psychologist", form)
        self.assertFalse(psychologist.can_take_over)
        self.assertRaises(AccessError, psychologist.action_take_over)
        keeper.action_take_over()
        self.assertRaises(AccessError, form.write, {"character": "…"})
        keeper.action_finish()
        self.assertEqual(document.author_id, self.ru.employees["social_pedagogue"])

    def test_class_teacher_of_another_class(self):
        """A class teacher writes of the own class only, a curator of the own cases, while they are theirs."""
        case = self.ru_active()
        document = self.paper_of(case, "ru_document_5_4_5")
        stranger = document.with_user(self.ru.user_b).with_context(allowed_company_ids=self.ru.company.ids)
        self.assertRaises(AccessError, stranger.action_fill_form)
        self.as_(self.ru, "head", case).curator_id = self.ru.teacher_b
        form = self.env["vshu.characteristic"].browse(stranger.action_fill_form()["res_id"])
        form = form.with_user(self.ru.user_b).with_context(allowed_company_ids=self.ru.company.ids)
        self.assertEqual(form.mother_name, "Мать ru", "RU-A4 asks the curator for the parents")
        form.write(WORDS)
        self.as_(self.ru, "head", case).curator_id = self.ru.employees["class_teacher"]
        self.assertRaises(AccessError, form.write, {"character": "…"})
        self.assertRaises(AccessError, form.read, ["character"])

    def test_survey(self):
        """KZ-11, RU-5.4: the survey act by the social pedagogue; the next one takes over what seldom changes."""
        case = self.ru_active()
        document = self.paper_of(case, "ru_document_5_4_4")
        self.assertRaises(AccessError, self.as_(self.ru, "class_teacher", document).action_fill_form)
        form = self.form(self.ru, "social_pedagogue", document)
        self.assertIn("ул. Школьная, 3", form.address)
        self.assertIn("Мать ru", form.residents)
        self.assertEqual(form.member_ids.mapped("name"), ["ru_social_pedagogue name", "ru_class_teacher name"])
        self.assertRefused(["Conclusion", "Whose housing", "Parents' supervision"], form.action_finish)
        form.write(
            {
                "housing_kind": "municipal",
                "rooms": 2,
                "sanitary_state": "Чисто.",
                "own_room": "shared",
                "study_place": "there",
                "supervision": "Контроль есть.",
                "relations": "Ровные.",
                "conclusion": "Условия удовлетворительные.",
                "member_ids": [Command.create({"name": "Инспектор Ли", "post": "ПДН"})],
            }
        )
        form.action_finish()
        self.assertEqual((document.state, document.date, document.not_needed), ("ready", TODAY, False))
        self.assertRefused(["finished"], form.member_ids[0].write, {"name": "…"})
        self.assertRefused(["finished"], form.member_ids[0].unlink)
        member = {"survey_id": form.id, "name": "Ещё"}
        self.assertRefused(["finished"], self.as_(self.ru, "head", self.env["vshu.survey.member"]).create, member)
        new = form.browse(form.action_correct()["res_id"])
        self.assertEqual(new.member_ids.mapped("name"), form.member_ids.mapped("name"))
        second = self.env["vshu.document"].create({"case_id": case.id, "type_id": document.type_id.id})
        again = self.form(self.ru, "social_pedagogue", second)
        self.assertEqual((again.housing_kind, again.rooms, again.conclusion), ("municipal", 2, False))

    def test_family(self):
        """RU-9.2: the characteristic of a child of a family under control; the curator writes it."""
        family = self.env["vshu.family"].create(
            {
                "name": "Петровы",
                "company_id": self.ru.company.id,
                "member_ids": [Command.link(self.ru.student.id), Command.link(self.ru.other_student.id)],
                "address": "ул. Лесная, 1",
            }
        )
        case = self.env["vshu.case"].create(
            {
                "company_id": self.ru.company.id,
                "subject": "family",
                "family_id": family.id,
                "kind": "control",
                "curator_id": self.ru.teacher_b.id,
            }
        )
        guarded(case).write({"state": "submitted"})
        case._add_papers("placement")
        document = self.paper_of(case, "ru_document_9_2_1")
        curator = document.with_user(self.ru.user_b).with_context(allowed_company_ids=self.ru.company.ids)
        form = self.env["vshu.characteristic"].browse(curator.action_fill_form()["res_id"])
        form = form.with_user(self.ru.user_b).with_context(allowed_company_ids=self.ru.company.ids)
        self.assertIn(form.student_id, family.member_ids)
        form.student_id = self.ru.other_student
        form.action_fill_known()
        self.assertEqual((form.student_name, form.address), ("Сидорова Анна", "ул. Лесная, 1"))
        mine = curator.search([("is_mine", "=", True), ("case_id", "=", case.id)])
        self.assertIn(document, mine)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPeriodic(DossierCommon):
    def test_renewal_and_changes(self):
        """RU-5.4: the next characteristic comes up by itself, its clock runs, and it says what has changed since."""
        case = self.ru_active()
        first = self.paper_of(case, "ru_document_5_4_5")
        self.assertEqual((first.date_due, first.state), (date(2027, 1, 14), "due"))
        clock = case.deadline_ids.filtered(lambda d: d.rule_id == self.ref("ru_rule_5_4_characteristic"))
        self.assertEqual(clock.date_due, first.date_due, "paper and clock say the same day")
        with freeze_time("2026-12-20 06:00:00"):
            form = self.form(self.ru, "class_teacher", first, clubs_outside="Бокс, СШ «Юность»")
            self.assertFalse(form.changes_needed)
            form.action_finish()
            second = self.paper_of(case, "ru_document_5_4_5")
            self.assertEqual((second.date_due, second.state, second.need), (date(2027, 3, 20), "due", "required"))
            self.assertEqual(clock.state, "met")
            clock = case.deadline_ids.filtered(lambda d: d.rule_id == clock.rule_id and d.state == "open")
            self.assertEqual(clock.date_due, date(2027, 3, 20))
        with freeze_time("2027-03-18 06:00:00"):
            form = self.form(self.ru, "class_teacher", second)
            self.assertTrue(form.changes_needed)
            self.assertEqual((form.clubs_outside, form.character), ("Бокс, СШ «Юность»", WORDS["character"]))
            self.assertIn("Вспыльчивый", form.previous_text)
            self.assertRefused(["what has changed", "RU-5.4"], form.action_finish)
            form.changes = "Записался в секцию, пропусков нет."
            form.action_finish()
            self.assertEqual(case.date_characteristic, date(2027, 3, 18))
            third = self.paper_of(case, "ru_document_5_4_5")
            self.assertEqual(third.date_due, date(2027, 6, 18))
        with freeze_time("2027-06-20 06:00:00"):
            self.nightly()
            self.assertEqual(third.state, "missing")
            late = self.as_(self.ru, "class_teacher", self.env["vshu.document"]).search(
                [("is_mine", "=", True), ("state", "in", ("missing", "due")), ("date_due", "<", "today")]
            )
            self.assertEqual(late, third)

    def test_one_copy_waits(self):
        """A scan brings up the next copy as well; a date put right moves it; taken back, no empty copy is left over."""
        case = self.ru_active()
        first = self.paper_of(case, "ru_document_5_4_5")
        keeper = self.as_(self.ru, "social_pedagogue", first)
        keeper.write({"date": "2026-10-13", "attachment_ids": [Command.link(self.file(b"%PDF").id)]})
        copies = case.document_ids.filtered(lambda d: d.type_id == first.type_id)
        self.assertEqual(copies.mapped("date_due"), [date(2027, 1, 14), date(2027, 1, 13)])
        keeper.date = "2026-10-12"
        self.assertEqual((copies - first).date_due, date(2027, 1, 12))
        (copies - first).write({"date": "2026-10-14", "on_paper": True})
        self.assertEqual(len(case.document_ids.filtered(lambda d: d.type_id == first.type_id)), 3)
        (copies - first).write({"on_paper": False, "date": False})
        copies = case.document_ids.filtered(lambda d: d.type_id == first.type_id)
        self.assertEqual([(d.state, d.date_due) for d in copies.sorted("id")][1:], [("due", date(2027, 1, 12))])

    def test_months_are_data(self):
        """How often a paper comes again, and when first, are the requirement's records."""
        self.ref("ru_requirement_5_4_5").sudo().write({"repeat_months": 2, "first_months": 1})
        case = self.ru_active()
        first = self.paper_of(case, "ru_document_5_4_5")
        self.assertEqual(first.date_due, date(2026, 11, 14))
        first.write({"date": TODAY, "on_paper": True})
        self.assertEqual(self.paper_of(case, "ru_document_5_4_5").date_due, date(2026, 12, 14))
        self.ref("ru_document_5_4_5").sudo().form = False
        paper = self.as_(self.ru, "class_teacher", self.paper_of(case, "ru_document_5_4_5"))
        self.assertRefused(["has no form"], paper.action_fill_form)

    def test_no_renewal_after_the_end(self):
        """A stay that is over brings up no copy."""
        case = self.ru_active()
        first = self.paper_of(case, "ru_document_5_4_5")
        guarded(case)._close(self.ref("ru_reason_7_1_k"), TODAY)
        first.write({"date": TODAY, "on_paper": True})  # by the system
        self.assertEqual(len(case.document_ids.filtered(lambda d: d.type_id == first.type_id)), 1)

    def test_hearing_papers_are_due_with_the_clock(self):
        """KZ-11: the papers of the hearing are due three days before it, and move with it."""
        case = self.kz_case()
        papers = case.document_ids.filtered(lambda d: d.stage == "hearing")
        self.assertEqual(set(papers.mapped("date_due")), {False})
        deputy = self.as_(self.kz, "deputy_head", case)
        for hearing, due in (("2026-10-26", date(2026, 10, 23)), ("2026-10-29", date(2026, 10, 26))):
            deputy.hearing_date = hearing
            self.assertEqual(set(papers.mapped("date_due")), {due})
            self.assertEqual(set(papers.mapped("state")), {"due"})
        with freeze_time("2026-10-27 06:00:00"):
            self.nightly()
            self.assertEqual(set(papers.mapped("state")), {"missing"})
        deputy.hearing_date = False
        self.assertEqual(set(papers.mapped("date_due")), {False})


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestDossier(DossierCommon):
    def test_sixteen_kinds(self):
        """RU-5.4: the case shows of each of the sixteen kinds whether it is there, expected, missing."""
        case = self.ru_active()
        kinds = [kind for kind in case._paper_kinds() if kind["stage"] == "dossier"]
        self.assertEqual([kind["type"].code for kind in kinds], [f"5.4.{number}" for number in range(1, 17)])
        states = {kind["type"].code: kind["state"] for kind in kinds}
        self.assertEqual((states["5.4.1"], states["5.4.5"], states["5.4.4"]), ("missing", "due", "asked"))
        self.paper_of(case, "ru_document_5_4_1").write({"date": TODAY, "on_paper": True})
        self.paper_of(case, "ru_document_5_4_5").write({"date": TODAY, "on_paper": True})
        self.paper_of(case, "ru_document_5_4_4").not_needed = True
        kinds = {kind["type"].code: kind for kind in case._paper_kinds()}
        self.assertEqual([kinds[f"5.4.{n}"]["state"] for n in (1, 5, 4)], ["ready", "ready", "not_needed"])
        self.assertEqual((kinds["5.4.5"]["ready"], kinds["5.4.5"]["due"]), ([TODAY], date(2027, 1, 14)))
        view = self.as_(self.ru, "class_teacher", case)
        for words in ("there: 2 of", "missing:", "if needed:", "not needed: 1"):
            self.assertIn(words, view.papers_glance)
        with freeze_time("2027-01-20 06:00:00"):
            self.nightly()
            kinds = {kind["type"].code: kind for kind in case._paper_kinds()}
            self.assertEqual(kinds["5.4.5"]["state"], "missing", "the copy that is late counts")

    def test_stages(self):
        """KZ-11, KZ-19: the glance has a line for each stage and one for all."""
        case = self.kz_active()
        self.as_(self.kz, "deputy_head", case)._propose_removal(self.ref("kz_reason_19_1"))
        glance = self.as_(self.kz, "head", case).papers_glance
        for words in ("All papers", "Before the council", "For the removal"):
            self.assertIn(words, glance)

    def test_mine(self):
        """Whose turn it is: class teacher of the own class, curator of the own cases, the others of the school."""
        case = self.ru_active()
        self.as_(self.ru, "head", case).curator_id = self.ru.teacher_b
        case.document_ids.filtered(lambda d: d.type_id.role_id.code == "curator").unlink()
        report = self.env["vshu.document"].create({"case_id": case.id, "type_id": self.ref("ru_document_9_3_1").id})

        def mine(user):
            documents = self.env["vshu.document"].with_user(user).with_context(allowed_company_ids=self.ru.company.ids)
            found = documents.search([("is_mine", "=", True)])
            self.assertEqual(found, documents.search([]).filtered("is_mine"))
            return found

        for role in ("class_teacher", "psychologist", "social_pedagogue", "deputy_head"):
            self.assertEqual(set(mine(self.ru.users[role]).type_id.role_id.mapped("code")), {role}, role)
        self.assertEqual(mine(self.ru.user_b), report)
        self.assertFalse(mine(self.ru.users["head"]))
        self.assertFalse(mine(self.ru.users["subject_teacher"]))

    def test_groups(self):
        """The list is grouped by kind, stage, class and case; the pivot crosses kind and state."""
        case = self.ru_active()
        view = self.as_(self.ru, "social_pedagogue", self.env["vshu.document"])
        for name in ("type_id", "stage", "state", "class_id", "case_id"):
            groups = view.formatted_read_group([("case_id", "=", case.id)], [name], ["__count"])
            self.assertEqual(sum(group["__count"] for group in groups), len(case.document_ids), name)
        groups = view.formatted_read_group([("case_id", "=", case.id)], ["class_id"], ["__count"])
        self.assertEqual(groups[0]["class_id"], (self.ru.class_a.id, "7 «А»"))
        self.assertTrue(view.formatted_read_group([], ["type_id", "state"], ["__count"]))

    def test_days(self):
        """A paper of a day to come, or from before the child was born, is refused, as a scan and as a form."""
        case = self.ru_active()
        document = self.paper_of(case, "ru_document_5_4_5")
        keeper = self.as_(self.ru, "social_pedagogue", document)
        self.assertRefused(["future"], keeper.write, {"date": "2026-10-15", "on_paper": True})
        self.assertRefused(["before the child was born", "2013-05-19"], keeper.write, {"date": "2013-05-19"})
        self.assertRefused(
            ["born"], keeper.create, {"case_id": case.id, "type_id": document.type_id.id, "date": "2001-01-01"}
        )
        form = self.form(self.ru, "class_teacher", document)
        self.assertRefused(["future"], form.write, {"date": "2026-10-15"})
        self.assertRefused(["born"], form.write, {"date": "2010-01-01"})
        self.assertEqual(document.state, "due")

    def test_files(self):
        """An empty file and one over the school's limit are refused, for papers as for signals; the limit is data."""
        case = self.ru_active()
        keeper = self.as_(self.ru, "social_pedagogue", self.paper_of(case, "ru_document_5_4_1"))
        empty, small = self.file(b"", "пусто.pdf"), self.file(b"x" * 1200000, "скан.pdf")
        self.assertRefused(["пусто.pdf", "0 bytes"], keeper.write, {"attachment_ids": [Command.link(empty.id)]})
        self.ru.school.file_limit_mb = 1
        link = {"attachment_ids": [Command.link(small.id)], "date": TODAY}
        self.assertRefused(["скан.pdf", "1.1", "up to 1"], keeper.write, link)
        vals = {"case_id": case.id, "type_id": keeper.type_id.id, **link}
        self.assertRefused(["1.1"], keeper.create, vals)
        self.assertRefused(["1.1"], self.signal, self.ru, "social_pedagogue", attachment_ids=link["attachment_ids"])
        self.assertFalse(keeper.attachment_ids)
        self.ru.school.file_limit_mb = 2
        keeper.write(link)
        self.assertEqual(keeper.state, "ready")
        # what lies there already is not measured again
        self.ru.school.file_limit_mb = 1
        keeper.write({"attachment_ids": [Command.link(self.file(b"ok").id)]})
        self.assertEqual(len(keeper.attachment_ids), 2)

    def test_case_over(self):
        """Papers of a case that is over are nobody's to write: office and psychologist neither, nor their files."""
        case = self.ru_active()
        document = self.paper_of(case, "ru_document_5_4_5")
        form = self.form(self.ru, "class_teacher", document)
        scan = self.file(b"%PDF", role="head")
        other = self.paper_of(case, "ru_document_5_4_1")
        self.as_(self.ru, "head", other).write({"attachment_ids": [Command.link(scan.id)], "date": TODAY})
        self.assertEqual((scan.res_model, scan.res_id), ("vshu.document", other.id))
        guarded(case)._close(self.ref("ru_reason_7_1_k"), TODAY)
        for role in ("social_pedagogue", "deputy_head", "head", "psychologist"):
            paper = self.as_(self.ru, role, document)
            with self.subTest(role=role):
                self.assertFalse(paper.can_give)
                for vals in ({"on_paper": True}, {"note": "…"}, {"date": TODAY}):
                    self.assertRaises(UserError, paper.write, vals)
                self.assertRaises(UserError, paper.action_there)
                self.assertRaises(UserError, paper.unlink)
                self.assertRaises(UserError, paper.create, {"case_id": case.id, "type_id": document.type_id.id})
                mine = self.as_(self.ru, role, form)
                for call in (mine.action_finish, mine.action_take_over, mine.unlink):
                    self.assertRaises(UserError, call)
                for call in (
                    self.as_(self.ru, role, scan).unlink,
                    lambda r=role: self.as_(self.ru, r, scan).write({"name": "…"}),
                ):
                    self.assertRaises(AccessError, call)
        self.assertRefused(["is over"], self.as_(self.ru, "head", document).write, {"on_paper": True})
        self.assertRefused(
            ["is over"],
            self.as_(self.ru, "head", self.paper_of(case, "ru_document_5_4_6")).create,
            {"case_id": case.id, "type_id": document.type_id.id},
        )

    def test_regulated_fields(self):
        """Whether a paper is required and until when is not its giver's to say."""
        document = self.paper_of(self.ru_active(), "ru_document_5_4_5")
        teacher = self.as_(self.ru, "class_teacher", document)
        for vals in ({"need": "if_needed", "not_needed": True}, {"date_due": "2030-01-01"}):
            self.assertRaises(AccessError, teacher.write, vals)
        teacher.write({"need": "required", "date_due": document.date_due, "note": "…"})

    def test_open_from_the_list(self):
        """From a paper to its case, from a case to its papers."""
        case = self.ru_active()
        teacher = self.as_(self.ru, "class_teacher", case)
        action = teacher.action_open_papers()
        self.assertEqual(
            self.as_(self.ru, "class_teacher", self.env["vshu.document"]).search(action["domain"]), case.document_ids
        )
        self.assertEqual(teacher.document_ids[0].action_open_case()["res_id"], case.id)
        form = self.form(self.ru, "class_teacher", self.paper_of(case, "ru_document_5_4_5"))
        self.assertEqual(form.search(form.action_earlier()["domain"]), form)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestDossierQueries(QueryCommon):
    @classmethod
    def decide_all(cls, cases, effect):
        """Stays of this regulation are not extended."""
        return super().decide_all(cases, "place")

    def test_papers_list(self):
        """80 papers of as many cases: at most 14 queries, as many as ten."""
        grounds = self.env["vshu.ground"].search([("code", "like", "3.2.%"), ("regulation_id.code", "=", "ru")])
        cases = self.make_cases(self.ru, 90, grounds, self.ref("ru_basis_4_2b_1"))
        papers = self.env["vshu.document"].browse(
            [case.document_ids[:1].id for case in cases if case.state not in ("closed", "declined", "annulled")]
        )
        spec_of = lambda records: specification(records, "list", self.ref("view_vshu_document_list").id)  # noqa: E731
        for role in ("social_pedagogue", "class_teacher"):
            records = self.as_(self.ru, role, self.env["vshu.document"])
            spec = spec_of(records)

            def read(ids, records=records, spec=spec):  # pylint: disable=dangerous-default-value
                return lambda: records.web_search_read([("id", "in", ids)], spec, limit=80, count_limit=10001)

            with self.subTest(role=role):
                self.assertBudget(14, read(papers.ids))
                self.assertConstant(read(papers[:10].ids), read(papers[:60].ids))
            mine = [("is_mine", "=", True), ("state", "in", ("missing", "due"))]
            self.assertBudget(
                18, lambda records=records, spec=spec, mine=mine: records.web_search_read(mine, spec, limit=80)
            )

    def test_renewals_work_on_sets(self):
        """Laying in papers of many cases takes no query per case beyond what Odoo writes in rows."""
        grounds = self.env["vshu.ground"].search([("code", "like", "3.2.%"), ("regulation_id.code", "=", "ru")])
        cases = self.make_cases(self.ru, 60, grounds, self.ref("ru_basis_4_2b_1"))
        cases = cases.filtered(lambda case: case.state == "active")
        requirement = self.ref("ru_requirement_5_4_9")
        papers = cases.document_ids.filtered(lambda d: d.requirement_id == requirement)
        self.assertGreater(len(papers), 10)

        def lay(documents):
            return lambda: documents.write({"date": TODAY, "on_paper": True})

        few, many = self.queries(lay(papers[:4])), self.queries(lay(papers[4:]))
        self.assertLess(len(many) - len(few), 6)
