"""What one part of the file gives to another: the work done goes into letters and to the new school."""

from freezegun import freeze_time
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from .test_flow import TODAY, FlowCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestJoints(FlowCommon):
    def setUp(self):
        super().setUp()
        self.case = self.kz_active()
        self.entry = self.as_(self.kz, "class_teacher", self.env["vshu.intervention"]).create(
            {
                "student_id": self.kz.student.id,
                "company_id": self.kz.company.id,
                "kind_id": self.ref("intervention_kind_talk").id,
                "text": "Поговорили о пропусках.",
                "result": "Обещал ходить на все уроки.",
            }
        )

    def test_letters_tell_of_the_work(self):
        """KZ-17: the draft of a letter tells what was done; what was struck through is left out."""
        self.assertIn("Обещал ходить на все уроки.", "\n".join(self.case._petition_work_done()))
        guarded(self.entry.sudo()).write({"annulled": True})
        self.assertNotIn("Обещал ходить на все уроки.", "\n".join(self.case._petition_work_done()))

    def test_hand_over_tells_of_the_work(self):
        """KZ-20: the record that goes to the new school holds the preventive work."""
        guarded(self.case)._close(self.ref("kz_reason_19_3"), TODAY)
        transfer = self.env["vshu.transfer"].search([("case_id", "=", self.case.id)])
        (section,) = transfer.sudo()._payload()["extra"]
        self.assertEqual(len(section["head"]), len(section["rows"][0]))
        self.assertEqual(section["rows"][0][3:], ["Поговорили о пропусках.", "Обещал ходить на все уроки."])

    def test_hand_over_takes_the_words_of_forms(self):
        """A characteristic that was filled in as a form goes as text, heading by heading."""
        document = self.env["vshu.document"].create(
            {"case_id": self.case.id, "type_id": self.ref("kz_document_11_1").id}
        )
        form = self.env["vshu.characteristic"].create(
            {"document_id": document.id, "character": "Спокойный, отзывчивый."}
        )
        guarded(form).write({"state": "finished"})
        ((name, content),) = document._transfer_files()
        self.assertTrue(name.endswith(".txt"))
        self.assertIn("Спокойный, отзывчивый.", content.decode())
