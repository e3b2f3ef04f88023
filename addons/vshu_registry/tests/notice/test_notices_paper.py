"""Notices on paper: read back from the PDF, in Russian and Kazakh (RU-A6, RU-5.3, KZ-9)."""

import re
import subprocess

from freezegun import freeze_time
from odoo.tests import HttpCase, tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from ..intervention.test_intervention import fonts_not_embedded
from .test_notices import NoticeCommon

#: the lines of annex 6 as they are printed there, without the gaps
A6 = (
    "РОДИТЕЛЯМ",
    "ученика",
    "класса",
    "образовательной организации",
    "Ф.И.О. родител",
    "ОФИЦИАЛЬНОЕ УВЕДОМЛЕНИЕ",
    "О постановке на внутришкольный контроль Вашего ребёнка",
    "ученика",
    "в связи с",
    "Директор школы",
    "(подпись)",
    "(расшифровка подписи)",
    "Заместитель директора по ВР",
    "М.П.",
    "Линия отрыва",
    "С уведомлением о постановке моего сына,",
    "(фамилия, имя)",
    "внутришкольный профилактический учёт ознакомлен (-на)",
    "(Ф.И.О. родителя)",
)


def words(text):
    """Return a text without line breaks, soft hyphens and runs of blanks."""
    return re.sub(r"\s+", " ", text.replace("\xad", "")).strip()


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestNoticePaper(NoticeCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("ru_RU", "kk_KZ"):
            cls.env["res.lang"]._activate_lang(code)
        cls.env["ir.module.module"].search([("name", "=", "vshu_registry")])._update_translations(["ru_RU", "kk_KZ"])

    def print_notices(self, notices):
        """Return PDF and text of the printed notices, as the social pedagogue prints them; the styles come by HTTP."""
        report = self.office(notices).env["ir.actions.report"]
        content, _kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            "vshu_registry.report_notice", notices.ids
        )
        text = subprocess.run(
            ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
        ).stdout.decode()
        return content, text

    def control(self):
        """Return the notice to the parents of a pupil placed on control."""
        signal = self.signal(
            self.ru, "class_teacher", intake_kind="submission", kind="control", ground_id=self.ref("ru_ground_6_1_1").id
        )
        self.as_(self.ru, "class_teacher", signal).action_submit()
        case = signal.sudo().case_id
        case._requirements("placement").sudo().active = False
        self.decide(self.ru, case, "ru_kind_9_1_place", form="ru_form_council_minutes")
        return self.notices(case, addressee="parents")

    def test_annex_6(self):
        """RU-A6: every line of the form, filled in, with the tear-off part; fonts are embedded, one page."""
        content, text = self.print_notices(self.control())
        plain = words(text)
        # a line may be broken at any blank, and after a hyphen or a bracket, as the fonts have it
        # as it is written (-raw): what is wrapped stays together, whatever stands beside it
        written = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True).stdout
        readings = ["".join(reading.split()) for reading in (plain, written.decode())]
        for line in A6:
            self.assertTrue(any("".join(line.split()) in reading for reading in readings), f"{line} not in {readings}")
        for value in ("Петров Иван", "7 «А»", "14 октября 2026", "Петрова Мария", self.ru.company.name, "ru_head name"):
            self.assertIn(value, plain)
        self.assertEqual(plain.count("Петров Иван"), 2)
        # screens.md 8: the ground once, in the case that the sentence asks for; the gender that is known
        self.assertIn("в связи с систематическими пропусками занятий без уважительных причин", plain)
        self.assertEqual(plain.lower().count("без уважительных причин"), 1)
        self.assertNotIn("(цы)", plain)
        self.assertGreater(plain.index("ознакомлен"), plain.index("Линия отрыва"))
        self.assertEqual(len([page for page in text.split("\f") if page.strip()]), 1)
        self.assertFalse(fonts_not_embedded(content))

    def test_many_in_one_file(self):
        """Several notices come in one file, each on its own page, each in the language of its addressee."""
        kazakh = self.make_guardian(self.kz.student, "Ахметов Болат", "father", lang="kk_KZ")
        case = self.kz_active()
        notices = self.notices(case, addressee="parents")
        self.assertIn(kazakh, notices.guardian_id)
        content, text = self.print_notices(notices)
        self.assertFalse(fonts_not_embedded(content))
        pages = [words(page) for page in text.split("\f") if page.strip()]
        self.assertEqual(len(pages), 2)
        russian = next(page for page in pages if "Ахметова Сауле" in page)
        other = next(page for page in pages if "Ахметов Болат" in page)
        for line in (
            "УВЕДОМЛЕНИЕ РОДИТЕЛЕЙ (ЗАКОННЫХ ПРЕДСТАВИТЕЛЕЙ)",
            "Уведомляем Вас о постановке на внутришкольный учёт Вашего ребёнка, ученика 7 «А» класса (Ахметов Арман)",
            "14 января 2027",
            "Линия отрыва",
            "не влечет правовых последствий",
        ):
            self.assertIn(line, russian)
        for line in (
            "АТА-АНАҒА (ЗАҢДЫ ӨКІЛГЕ) ХАБАРЛАМА",
            "мектепішілік есепке қойылғанын хабарлаймыз",
            "Сабақтарға дәлелсіз себептермен жүйелі түрде қатыспау",
            "Жырту сызығы",
            "құқықтық салдарға әкеп соқпайды",
        ):
            self.assertIn(line, other)
        self.assertNotRegex(other, r"%\(|Placement|student of")

    def test_events(self):
        """Extension, removal, change of school, invitation: each says what was decided; empty lines are left out."""
        case = self.kz_case()
        self.as_(self.kz, "social_pedagogue", case).hearing_date = "2026-10-28"
        _content, text = self.print_notices(self.notices(case, "hearing"))
        self.assertIn("Дата заседания: 28 октября 2026", words(text))
        self.decide(self.kz, case, "kz_kind_4_place", months=3)
        self.decide(self.kz, case, "kz_kind_16_extend", months=3)
        _content, text = self.print_notices(self.notices(case, "extension", "parents"))
        self.assertIn("Новый срок: до 14 апреля 2027", words(text))
        # the placement's notice keeps the term that was set then
        _content, text = self.print_notices(self.notices(case, addressee="parents"))
        self.assertIn("Срок: до 14 января 2027", words(text))
        self.as_(self.kz, "social_pedagogue", case)._propose_removal(self.ref("kz_reason_19_3"))
        self.paper(case, "kz_document_19_petition")
        self.decide(self.kz, case, "kz_kind_19_remove", removal_reason_id=self.ref("kz_reason_19_3").id)
        _content, text = self.print_notices(self.notices(case, "transfer", "parents"))
        self.assertIn("в связи со сменой места учёбы", words(text))
        adult = self.make_student(self.ru, "Взрослов Пётр", self.ru.class_b, birth_date="2008-11-01")
        self.make_guardian(adult, "Взрослова Анна")
        decree = self.ru_decree(student_id=adult.id)
        with freeze_time("2026-11-02 06:00:00"):
            guarded(decree)._end_by_itself()
            _content, text = self.print_notices(self.notices(decree, "removal", "parents"))
        self.assertIn(
            "О снятии с внутришкольного учёта Вашего ребёнка, ученика 7 «Б» класса (Взрослов Пётр)", words(text)
        )

    def test_letter(self):
        """RU-5.3: the letter to the body that sent the paper: numbers, addressee, what was decided, who signs."""
        self.commission.write({"street": "ул. Ленина, 1", "city": "Шаля"})
        case = self.ru_decree()
        sender = self.notices(case, addressee="sender")
        self.office(sender)._send("post", None, "01-211")
        _content, text = self.print_notices(sender)
        plain = words(text)
        for value in (
            "ТКДНиЗП",
            "ул. Ленина, 1",
            "01-211",
            "114/2",
            "О постановке на учёт",
            "поставлен(а): Петров Иван",
            "Дата рождения: 20 мая 2013 г. Класс",
            "Исполнитель: ru_social_pedagogue name",
        ):
            self.assertIn(value, plain)
        self.assertNotIn("Линия отрыва", plain)

    def test_html_escaped(self):
        """What people typed is text on the paper."""
        self.ru.student.name = "<b>Иван</b> & Ко"
        notice = self.notices(self.ru_decree(), addressee="parents")
        report = self.office(notice).env["ir.actions.report"]
        html, _kind = report._render_qweb_html("vshu_registry.report_notice", notice.ids)
        self.assertIn(b"&lt;b&gt;", html)
        self.assertNotIn(b"<b>\xd0\x98", html)

    def test_words_of_every_ground(self):
        """screens.md 8: each ground has a short name, a phrase and the words of the clause in each language."""
        for ground in self.env["vshu.ground"].search([("regulation_id.shipped", "=", True)]):
            for lang in ("en_US", "ru_RU", "kk_KZ"):
                own = ground.with_context(lang=lang)
                self.assertTrue(own.short_name and own.phrase and own.name, (ground.code, lang))
                if lang != "en_US":
                    self.assertNotEqual(own.phrase, ground.with_context(lang="en_US").phrase, (ground.code, lang))

    def test_own_ground_without_a_phrase(self):
        """A ground of the school's own is named in the nominative; a girl is a girl."""
        notice = self.control()
        notice.case_id.ground_id.sudo().phrase = False
        notice.student_id.vshu_sex = "female"
        _content, text = self.print_notices(notice)
        self.assertIn("по основанию: Систематические пропуски без уважительных причин", words(text))
        self.assertIn("ученицы", words(text))
        self.assertIn("моей дочери", words(text))
