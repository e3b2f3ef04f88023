"""Papers of the dossier, read back from the PDF in Russian and Kazakh: characteristic, act, application, card."""

import shutil
import subprocess
import unittest

from freezegun import freeze_time
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from ..case.test_flow import TODAY
from .test_dossier import DossierCommon


class Words(str):
    """Words of a paper row by row; ``cells``: cell by cell, where a text wrapped within its cell stays whole."""

    def __new__(cls, text, cells):
        words = super().__new__(cls, text)
        words.cells = cells
        return words


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestDossierPapers(DossierCommon, HttpCase):
    def print_text(self, action):
        """Print what ``action`` is about by wkhtmltopdf; check that fonts are embedded; return the words."""
        if not shutil.which("pdftotext"):
            raise unittest.SkipTest("poppler-utils is not installed")
        env = self.env(user=action.pop("user"), context=action.pop("context_"))
        report = env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf(action["report_name"], action["ids"])
        self.assertEqual(kind, "pdf")
        command = ["pdftotext", "-layout", "-enc", "UTF-8", "-", "-"]
        text = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
        fonts = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True).stdout.decode()
        rows = fonts.splitlines()[2:]
        self.assertTrue(rows)
        for row in rows:  # … emb sub uni object ID
            self.assertEqual(row.split()[-5], "yes", row)
        self.assertTrue(text.split("\f")[-2].strip(), "no empty page at the end")
        cells = subprocess.run(
            ["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True
        ).stdout.decode()
        return Words(" ".join(text.split()), cells)

    def printed(self, bag, role, record, method, lang="ru_RU"):
        """Press the button as ``role`` with the language of the user; return the words of the PDF."""
        record = self.as_(bag, role, record).with_context(lang=lang)
        action = getattr(record, method)()
        self.assertEqual(action["type"], "ir.actions.report")
        context = {"allowed_company_ids": bag.company.ids, "lang": lang}
        return self.print_text(
            {"report_name": action["report_name"], "ids": record.ids, "user": bag.users[role], "context_": context}
        )

    def assertWords(self, text, *words):  # noqa: N802 - as unittest names them
        # a line may be broken at any blank, and after a hyphen or a bracket, as the fonts have it
        readings = ["".join(reading.split()) for reading in (text, text.cells)]
        for word in words:
            self.assertTrue(
                any("".join(word.split()) in reading for reading in readings), f"{word} not found in {text}"
            )

    def test_characteristic(self):
        """RU-A4: the seventeen headings in the statute's words and order, in Russian."""
        case = self.ru_active()
        form = self.form(self.ru, "class_teacher", self.paper_of(case, "ru_document_5_4_5"), lang="ru_RU")
        self.assertWords(self.printed(self.ru, "class_teacher", form, "action_print"), "Черновик")
        form.action_finish()
        text = self.printed(self.ru, "class_teacher", form, "action_print")
        self.assertNotIn("Черновик", text)
        place = 0
        for heading in (
            "1. Ф.И.О. ученика",
            "2. Класс",
            "3. Дата (число, месяц, год) и место рождения",
            "4. Домашний адрес, домашний телефон",
            "5. Семья ребёнка",
            "Мать (Ф.И.О., место работы, образование, контактный телефон)",
            "Отец (Ф.И.О., место работы, образование, контактный телефон)",
            "Взрослые, реально занимающиеся воспитанием ребёнка",
            "Состав семьи, её структура",
            "Жилищно-бытовые условия",
            "Взаимоотношения в семье",
            "Воспитательный потенциал семьи",
            "6. Характер ребёнка",
            "7. Качества личности",
            "8. Положение ребёнка в коллективе",
            "9. Учебная деятельность",
            "Успеваемость",
            "Уровень знаний",
            "Мотивация обучения",
            "Посещаемость уроков",
            "Способности к обучению",
            "Познавательный интерес",
            "10. Внеурочная деятельность",
            "11. Получение дополнительного образования",
            "12. Круг общения",
            "13. Профессиональная направленность",
            "14. Состоит ли на внутришкольном",
            "15. Состоял ли на внутришкольном",
            "16. Вызов на Совет",
            "17. Вызов на ТКДН и ЗП",
        ):
            found = text.find(heading, place)
            self.assertGreater(found, -1, f"{heading}: not after {text[place : place + 300]}")
            place = found
        self.assertWords(
            text,
            "Петров Иван",
            "20 мая 2013 г.",
            "Мать ru",
            "Вспыльчивый",
            "ru_class_teacher name",
            self.ru.company.name,
        )

    def test_characteristic_kazakh(self):
        """The same form in Kazakh, whatever the language of whoever prints it; a corrected one says so."""
        case = self.kz_case()
        form = self.form(
            self.kz,
            "class_teacher",
            self.paper_of(case, "kz_document_11_1"),
            lang="kk_KZ",
            character="Мінезі сабырлы, Ғани Қуанышұлымен дос, ңөүіһ.",
        )
        form.action_finish()
        new = form.browse(form.action_correct()["res_id"])
        new.action_finish()
        text = self.printed(self.kz, "head", new, "action_print")
        self.assertWords(
            text,
            "Оқушының мінездемесі",
            "1. Оқушының аты-жөні",
            "6. Баланың мінезі",
            "Ғани Қуанышұлымен дос, ңөүіһ",
            "Ахметов Арман",
            "2-редакция",
        )

    def test_survey(self):
        """KZ-11, RU-9.2: the act with commission, dwelling, conclusion and a line for each signature; ru and kk."""
        vals = {
            "housing_kind": "municipal",
            "rooms": 2,
            "heating": "stove",
            "sanitary_state": "Чисто, светло.",
            "own_room": "shared",
            "study_place": "there",
            "supervision": "Контроль есть.",
            "relations": "Ровные.",
            "conclusion": "Условия удовлетворительные.",
            "member_ids": [Command.create({"name": "Инспектор Ли", "post": "ПДН"})],
        }
        for bag, doctype, lang, words in (
            (
                self.ru,
                "ru_document_5_4_4",
                "ru_RU",
                (
                    "Акт обследования жилищно-бытовых условий",
                    "Муниципальное",
                    "Печное",
                    "Чисто, светло.",
                    "Заключение комиссии",
                    "Подписи членов комиссии",
                ),
            ),
            (
                self.kz,
                "kz_document_11_3",
                "kk_KZ",
                ("тұрғын үй-тұрмыстық жағдайын тексеру актісі", "Пешпен", "Комиссияның қорытындысы"),
            ),
        ):
            case = self.ru_active() if bag is self.ru else self.kz_case()
            form = self.form(bag, "social_pedagogue", self.paper_of(case, doctype), lang=lang, **vals)
            form.action_finish()
            text = self.printed(bag, "class_teacher", form, "action_print")
            self.assertWords(text, *words, "Инспектор Ли", f"{bag.code}_social_pedagogue name")
            self.assertEqual(text.count("Инспектор Ли"), 2, "among the commission and among the signatures")

    def test_application(self):
        """RU-A3: the application for a student from the signal, for a family from the case."""
        signal = self.signal(
            self.ru, "class_teacher", intake_kind="submission", ground_id=self.ref("ru_ground_3_2_3").id
        )
        text = self.printed(self.ru, "class_teacher", signal, "action_print_application")
        self.assertWords(
            text,
            "Заявка",
            "на постановку учащегося 7 «А» класса",
            "Ф.И.О. классного руководителя ru_class_teacher name",
            "Ф.И.О. заявленного учащегося Петров Иван",
            "Дата рождения ребёнка 20 мая 2013 г.",
            "Мать ru",
            "+7 701 000 00 00",
            "Проблема учащегося",
            "Пропустил три урока",
            "Меры, принятые классным руководителем, их результаты",
            "звонок матери",
            "14 октября 2026 г.",
        )
        family = self.env["vshu.family"].create(
            {
                "name": "Петровы",
                "company_id": self.ru.company.id,
                "member_ids": [Command.link(self.ru.student.id), Command.link(self.ru.other_student.id)],
            }
        )
        case = self.env["vshu.case"].create(
            {"company_id": self.ru.company.id, "subject": "family", "family_id": family.id, "reason": "Нет надзора."}
        )
        text = self.printed(self.ru, "head", case, "action_print_application")
        self.assertWords(text, "на постановку семьи", "7 «А»", "7 «Б»", "Сидорова Анна", "Нет надзора.")
        signal = self.signal(self.kz, "class_teacher", ground_id=self.ref("kz_ground_18_5").id)
        text = self.printed(self.kz, "class_teacher", signal, "action_print_application", lang="kk_KZ")
        self.assertWords(text, "Өтінім", "Ахметов Арман", "2013 ж. 20 мамыр")

    def test_card(self):
        """RU-5.4, RU-12: the card with the sixteen kinds, what is there and when, and the rights; KZ-22 in Kazakh."""
        case = self.ru_active(ground_id=self.ref("ru_ground_3_1_4").id)
        self.paper_of(case, "ru_document_5_4_1").write({"date": TODAY, "on_paper": True})
        text = self.printed(self.ru, "class_teacher", case, "action_print_card")
        self.assertWords(
            text,
            "Карта персонифицированного учёта № 1",
            "Петров Иван",
            "14 октября 2026 г.",
            "Мать ru",
            "есть 14.10.2026",
            "ожидается следующий до 14.01.2027",
            "отсутствует",
            "при необходимости",
            "п. 12.1 Положения",
            "Конституцией Российской Федерации",
            "ru_social_pedagogue name",
        )
        for number in range(1, 17):
            self.assertRegex(text, rf" {number} [а-яА-Я]")
        case = self.kz_active()
        text = self.printed(self.kz, "social_pedagogue", case, "action_print_card", lang="kk_KZ")
        self.assertWords(
            text, "Жеке есепке алу картасы № 1", "Ахметов Арман", "Әдістемелік ұсынымдардың 22-тармағы", "жоқ"
        )
        rights = case.with_context(lang="kk_KZ").rights_text.split(".")[0]
        self.assertIn(" ".join(rights.split()), text)
        text = self.printed(self.kz, "social_pedagogue", case, "action_print_card", lang="en_US")
        self.assertWords(text, "Карта персонифицированного учёта")
