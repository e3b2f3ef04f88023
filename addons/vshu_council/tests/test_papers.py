"""Order, invitation, minutes and extract as PDF, read back in Russian and Kazakh."""

import subprocess

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from .common import ON_THE_DAY, CouncilCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPapers(CouncilCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("ru_RU", "kk_KZ"):
            cls.env["res.lang"]._activate_lang(lang)

    def text(self, bag, role, report, record, lang="ru_RU"):
        """Print as ``role`` in a language of the reader; return the words of the PDF, its fonts being embedded."""
        env = self.as_(bag, role, self.env["ir.actions.report"]).with_context(lang=lang, force_report_rendering=True)
        content, kind = env._render_qweb_pdf(f"vshu_council.report_{report}", record.ids)
        self.assertEqual(kind, "pdf")
        fonts = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True).stdout.decode()
        rows = fonts.splitlines()[2:]
        self.assertTrue(rows)
        for row in rows:  # … emb sub uni object ID
            self.assertEqual(row.split()[-5], "yes", row)
        out = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
        # a line may be broken at any space or after a hyphen
        return "".join(out.split())

    def html(self, role, report, record):
        """Return the paper as ``role`` gets it when nothing was read before."""
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.as_(self.kz, role, self.env["ir.actions.report"])
        return env._render_qweb_html(f"vshu_council.report_{report}", record.ids)[0].decode()

    def in_kazakh(self, meeting):
        """Let the papers of the meeting be Kazakh ones: the reader's own language, here Russian, does not count."""
        guarded(meeting).write({"lang": "kk_KZ"})

    def assertSays(self, text, *words):  # noqa: N802 - as unittest names them
        for word in words:
            self.assertIn("".join(word.split()), text)

    def signed(self):
        """Return signed minutes about two pupils of the Kazakh school, one of them heard without a paper."""
        self.make_council(self.kz)
        first = self.submitted(self.kz, self.kz.student)
        second = self.submitted(self.kz, self.kz.other_student)
        self.papers(first)
        meeting = self.sitting(self.kz, [first, second])
        items = {item.case_id: item for item in meeting.item_ids}
        member = meeting.member_ids.filtered(lambda p: p.user_id == self.kz.users["member_a"])
        absent = meeting.member_ids.filtered(lambda p: p.user_id == self.kz.users["member_b"])
        self.as_(self.kz, "social_pedagogue", absent).write({"attendance": "excused"})
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "head", items[second])._allow_without_papers("психолог болеет")
        speech = [Command.create({"participant_id": member.id, "text": "поддерживаю"})]
        self.hear(self.kz, items[first], self.kind("kz_kind_4_place"), months=3, count_for=4, speech_ids=speech)
        self.hear(self.kz, items[second], self.kind("kz_kind_4_decline"), count_for=3, count_against=1)
        return self.sign(self.kz, self.closed(self.kz, meeting))

    def test_order(self):
        """KZ-6: preamble, table of names, posts and roles, who answers, the head's signature."""
        council = self.make_council(self.kz)
        text = self.text(self.kz, "head", "council", council)
        self.assertSays(text, "ПРИКАЗ", "О составе Совета профилактики", "87-о", "1 сентября 2026", "ПРИКАЗЫВАЮ")
        self.assertSays(text, "kz_head name", "директор", "Председатель", "Секретарь", "Контроль за исполнением")
        guarded(council).write({"lang": "kk_KZ"})
        text = self.text(self.kz, "head", "council", council)
        self.assertSays(text, "БҰЙРЫҚ", "Профилактика кеңесінің құрамы туралы", "Төраға", "Хатшы")
        self.assertSays(text, "құрамы бекітілсін (қолданысқа енетін күні: 2026 ж. 1 қыркүйек):")

    def test_invitation(self):
        """KZ-8: day, hour and place for the one who is called, not a word on any child."""
        self.make_council(self.kz)
        meeting = self.convened(self.kz, [self.submitted(self.kz, self.kz.student)])
        teacher = meeting.guest_ids.filtered(lambda p: p.user_id == self.kz.users["class_teacher"])
        text = self.text(self.kz, "class_teacher", "invitation", teacher)
        self.assertSays(text, "ПРИГЛАШЕНИЕ", "kz_class_teacher name", "20 октября 2026", "15:00", "Место", "кабинет 12")
        self.assertNotIn("Ахметов", text)
        self.in_kazakh(meeting)
        text = self.text(self.kz, "class_teacher", "invitation", teacher)
        self.assertSays(text, "ШАҚЫРУ", "15:00")

    def test_minutes(self):
        """KZ-13: date, participants with name and post, agenda, what was heard, who spoke, what was decided, votes."""
        minutes = self.signed()
        text = self.text(self.kz, "head", "minutes", minutes)
        self.assertSays(
            text,
            "ПРОТОКОЛ № 1",
            "20 октября 2026",
            "кабинет 12, 15:00",
            "Присутствовали",
            "kz_head name, директор, председательствует",
            "Отсутствуют",
            "kz_member_b name",
            "ПОВЕСТКА ДНЯ",
            "СЛУШАЛИ",
            self.kz.student.name,
            "Классный руководитель сообщил о пропусках",
            "ВЫСТУПИЛИ",
            "kz_member_a name: поддерживаю",
            "РЕШИЛИ",
            "за 4, против 0, воздержались 0",
            "за 3, против 1",
            "психолог болеет",
            "Председательствующий",
            "ЭЦП",
            minutes.text_hash,
        )
        self.in_kazakh(minutes.meeting_id)
        text = self.text(self.kz, "head", "minutes", minutes)
        self.assertSays(text, "ХАТТАМАСЫ", "КҮН ТӘРТІБІ", "ТЫҢДАЛДЫ", "ШЕШІЛДІ")

    def test_extract(self):
        """RU-N4.2: number and date of the minutes, one item, nothing of the others, «Выписка верна»."""
        minutes = self.signed()
        extract = minutes.extract_ids.filtered(lambda e: e.student_id == self.kz.student)
        text = self.text(self.kz, "social_pedagogue", "extract", extract)
        self.assertSays(text, "ВЫПИСКА", "из протокола № 1", "20 октября 2026", self.kz.student.name, "Выписка верна")
        self.assertSays(text, "kz_social_pedagogue name")
        self.assertNotIn("".join(self.kz.other_student.name.split()), text)
        self.in_kazakh(minutes.meeting_id)
        text = self.text(self.kz, "social_pedagogue", "extract", extract)
        self.assertSays(text, "ҮЗІНДІ КӨШІРМЕ", "Үзінді көшірме дұрыс")
        self.assertSays(text, "Профилактика кеңесі отырысының № 1 хаттамасынан (2026 ж. 20 қазан)")

    def test_not_signed(self):
        """What is not signed says so; a corrected version names its reason."""
        minutes = self.signed()
        extract = minutes.extract_ids.filtered(lambda e: e.student_id == self.kz.student)
        new = self.env["vshu.minutes"].browse(
            self.as_(self.kz, "head", minutes)._correct("описка в отчестве")["res_id"]
        )
        text = self.text(self.kz, "head", "minutes", new)
        self.assertSays(text, "Не подписан", "Исправленная редакция 2, заменяет редакцию 1: описка в отчестве")
        self.sign(self.kz, new)
        self.assertSays(self.text(self.kz, "head", "minutes", minutes), "Заменён исправленной редакцией")
        self.in_kazakh(minutes.meeting_id)
        text = self.text(self.kz, "head", "minutes", new)
        self.assertSays(text, "Түзетілген 2-редакция, 1-редакцияның орнына: описка в отчестве")
        self.assertNotIn("Қолқойылмаған", text)
        guarded(minutes.meeting_id).write({"lang": "ru_RU"})
        text = self.text(self.kz, "social_pedagogue", "extract", extract)
        self.assertSays(text, "из протокола № 1 от 20 октября 2026 г.", "в исправленной редакции 2", "Выписка верна")

    def test_access(self):
        """KZ-13, RU-N4.2: papers are printed with the reader's own rights, on a cold cache as in a request."""
        minutes = self.signed()
        extract = minutes.extract_ids.filtered(lambda e: e.student_id == self.kz.student)
        invited = minutes.meeting_id.member_ids.filtered(lambda p: p.user_id == self.kz.users["member_a"])
        refused = {
            "minutes": (minutes, ("class_teacher", "subject_teacher", "administrator")),
            "extract": (extract, ("class_teacher", "subject_teacher", "administrator", "member_a")),
            "invitation": (invited, ("class_teacher", "subject_teacher", "administrator")),
        }
        for report, (record, roles) in refused.items():
            for role in roles:
                with self.subTest(report=report, role=role), self.assertRaises(AccessError):
                    self.html(role, report, record)
        self.assertIn(self.kz.other_student.name, self.html("member_a", "minutes", minutes))
        with freeze_time("2027-10-14 06:00:00"), self.assertRaises(AccessError):
            self.html("member_a", "minutes", minutes)
        self.assertIn(self.kz.student.name, self.html("psychologist", "extract", extract))
        self.assertNotIn(self.kz.other_student.name, self.html("psychologist", "extract", extract))
