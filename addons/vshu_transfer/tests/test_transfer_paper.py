"""The printed record and the receipt, read back in Russian and Kazakh."""

import shutil
import subprocess
import unittest

from freezegun import freeze_time
from odoo.tests import HttpCase, tagged

from odoo.addons.vshu_registry.tests.case.test_flow import TODAY

from .test_transfer import TransferCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestTransferPaper(TransferCommon, HttpCase):
    def print_text(self, report, record):
        """Print ``record`` by wkhtmltopdf; return (bytes, text)."""
        if not shutil.which("pdftotext"):
            raise unittest.SkipTest("poppler-utils is not installed")
        model = record.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = model._render_qweb_pdf(f"vshu_transfer.{report}", record.ids)
        self.assertEqual(kind, "pdf")
        text = subprocess.run(
            ["pdftotext", "-layout", "-enc", "UTF-8", "-", "-"], input=content, capture_output=True, check=True
        ).stdout.decode()
        fonts = subprocess.run(["pdffonts", "-"], input=content, capture_output=True, check=True).stdout.decode()
        rows = fonts.splitlines()[2:]
        self.assertTrue(rows)
        for row in rows:  # … emb sub uni object ID
            self.assertEqual(row.split()[-5], "yes", row)
        return " ".join(text.split())

    def ready(self, *args, **kwargs):
        """Return a draft with a sealed paper that the head has let go."""
        transfer = super().ready(*args, **kwargs)
        sealed = transfer.paper_ids.filtered("sealed")
        self.as_(self.kz, "head", transfer)._decide_sealed(sealed, "12-с", TODAY)
        transfer.paper_ids.filtered(lambda p: not p.sealed).sheets = 4
        return transfer

    def test_record(self):
        """KZ-20: who, stay, what happened, what was done, papers with sheets, code, signatures, receipt to tear off."""
        for student, lang, words in (
            (
                self.kz.student,
                "ru_RU",
                (
                    "Сведения о проведённой профилактической работе",
                    "Руководителю: Школа № 77",
                    "Дата рождения 20.05.2013",
                    "систематические пропуски занятий без уважительной причины",
                    "Документов: 2, всего листов: 5",
                    "(закрытый)",
                    "по решению руководителя: № 12-с, 14.10.2026",
                    "Контрольный код файла",
                    "линия отрыва",
                    "Подтверждаем согласие на зачисление",
                ),
            ),
            (
                self.kz.other_student,
                "kk_KZ",
                (
                    "Жүргізілген профилактикалық жұмыс туралы мәліметтер",
                    "Туған күні 20.05.2013",
                    "сабақтарға дәлелсіз себептермен жүйелі түрде қатыспау",
                    "(жабық)",
                    "Файлдың бақылау коды",
                ),
            ),
        ):
            transfer = self.ready(student=student)
            transfer.lang = lang
            transfer.action_refresh()
            draft = self.print_text("report_transfer", transfer)
            transfer.action_send()
            text = self.print_text("report_transfer", transfer)
            common = (
                student.name,
                "Пропустил шесть уроков подряд.",
                "два звонка матери",
                "Посещена, условия хорошие.",
                "№ 01-15/88",
                self.kz.company.name,
                "kz_head name",
                "kz_social_pedagogue name",
            )
            for word in (*common, *words, transfer.control_code):
                self.assertIn(word, text, lang)
            self.assertNotIn("0000", draft)
            self.assertIn(student.name, draft)
            for english in ("Student", "Stay", "Papers", "Receipt", "School", "sheets"):
                self.assertNotIn(english, text, lang)

    def test_receipt(self):
        """RU-N2.6: the receiving school confirms in writing; the paper carries the code that the sender types."""
        transfer = self.ready()
        transfer.action_send()
        come = self.take_in(self.ru, *self.head_file(transfer))
        come.action_confirm_receipt()
        text = self.print_text("report_transfer_receipt", come)
        for word in (
            "Подтверждаем согласие на зачисление",
            "Ахметов Арман (20.05.2013)",
            "документов — 2, листов — 5",
            "14 октября 2026",
            "ru_head name",
            come.receipt_code,
            self.kz.company.name,
        ):
            self.assertIn(word, text)
        # the record itself is printed at the receiving school too
        text = self.print_text("report_transfer", come)
        for word in (self.kz.company.name, "Пропустил шесть уроков подряд.", "систематические пропуски"):
            self.assertIn(word, text)

    def head_file(self, transfer):
        """Return (file, code): with a sealed paper in it the head hands it out."""
        return self.as_(self.kz, "head", transfer)._download()[1], transfer.control_code
