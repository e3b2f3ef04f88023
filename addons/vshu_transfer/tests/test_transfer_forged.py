"""security.md 12, people.md "transfer and return": forged records, a record twice, a pupil who comes back."""

import io
import json
import zipfile

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_transfer.tools import transfer_package as package

from .test_transfer import TransferCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestTransferForged(TransferCommon):
    def forged(self, content, **subject):
        """Return (file, its own valid control code) with the same mark and about another child."""
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            record = json.loads(archive.read(package.RECORD))
            files = {name: archive.read(name) for name in archive.namelist() if name.startswith("papers/")}
        record["subject"].update(subject)
        data, digest = package.build(record, files)
        return data, package.code_of(digest)

    def sent_file(self):
        sent = self.ready()
        sent.action_send()
        return (sent, *self.file_of(sent))

    def annul(self, transfer, role="head", reason="Подделка: школа такого не посылала."):
        """Annul by the dialog, as ``role``."""
        view = self.as_(self.kz2, role, transfer)
        values = view.action_annul()["context"]
        self.as_(self.kz2, role, self.env["vshu.transfer.dialog"]).create(
            {"transfer_id": values["default_transfer_id"], "action": values["default_action"], "reason": reason}
        ).action_confirm()

    def test_wrong_one_gives_way(self):
        """A forged file with the mark of the right one is taken in by mistake: refused or annulled, the right one
        comes in; the reader of both codes is told which is which."""
        _sent, content, code = self.sent_file()
        false, false_code = self.forged(content, name="Чужой Ребёнок", birth_date="2012-02-02")
        self.assertNotEqual(code, false_code)
        for annul in (
            lambda wrong: wrong._refuse("Подделка."),
            lambda wrong: (wrong.action_confirm_receipt(), self.annul(wrong)),
        ):
            wrong = self.take_in(self.kz2, false, false_code)
            self.assertEqual(wrong.control_code, false_code)
            with self.refused(UserError, f"another content.*{false_code} is here, {code} belongs to this file"):
                self.take_in(self.kz2, content, code)
            annul(wrong)
            self.assertEqual((wrong.state, bool(wrong.refusal_reason)), ("refused", True))
            right = self.take_in(self.kz2, content, code)
            self.assertEqual((right.state, right.subject_name), ("arrived", self.kz.student.name))
            # the wrong one stays on file, with its words and papers
            self.assertIn("Чужой Ребёнок", str(wrong.content))
            self.assertTrue(wrong.paper_ids)
            with self.refused(UserError, "here already.*Nothing was taken in twice"):
                self.take_in(self.kz2, content, code)
            right._refuse("Проба.")

    def test_preview_says_how_to_compare(self):
        """Before anything is taken in, the office reads the code, and that the paper that came along proves nothing."""
        _sent, content, code = self.sent_file()
        wizard = self.wizard(self.kz2, content, code)
        wizard.action_preview()
        self.assertIn(code, wizard.preview)
        self.assertIn("Ring the school", wizard.preview)

    def test_endless_words(self):
        """security.md 9: a record is bounded when it is made and when it is read."""
        _sent, content, code = self.sent_file()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            record = json.loads(archive.read(package.RECORD))
        self.patch(package, "MAX_JSON", 100)
        with self.assertRaises(package.PackageError) as caught:
            package.build({**record, "papers": []}, {})
        self.assertEqual(caught.exception.reason, "too_large")
        with self.refused(UserError, "cannot be read"):
            self.take_in(self.kz2, content, code)

    def test_who_annuls(self):
        """Deputy head and head, with a reason, and not while a case hangs on it."""
        _sent, content, code = self.sent_file()
        come = self.take_in(self.kz2, content, code)
        for role in ("head", "social_pedagogue"):
            with self.refused(UserError, "."):
                self.as_(self.kz2, role, come).action_annul()
        come.action_confirm_receipt()
        for role in ("social_pedagogue", "class_teacher", "psychologist", "administrator"):
            with self.refused(AccessError, "."):
                self.as_(self.kz2, role, come).action_annul()
            with self.refused(AccessError, "."):
                self.as_(self.kz2, role, come)._annul_wrong("…")
        with self.refused(UserError, "write why"):
            self.as_(self.kz2, "head", come)._annul_wrong("  ")
        student = self.make_student(self.kz2, self.kz.student.name, self.kz2.class_a)
        come.student_id = student
        self.as_(self.kz2, "deputy_head", come).action_open_case()
        with self.refused(UserError, "was opened of it"):
            self.as_(self.kz2, "head", come)._annul_wrong("Не тот ребёнок.")

    def test_forged_mark_of_this_database(self):
        """A forged file with the mark of a record that another school of this database sends: confirming or refusing
        it tells the true sender nothing."""
        sent = self.ready(receiver=self.kz2.company.partner_id)
        sent.action_send()
        content, _code = self.file_of(sent)
        come = self.env["vshu.transfer"].search([("company_id", "=", self.kz2.company.id)])
        come = self.as_(self.kz2, "social_pedagogue", come)
        false, false_code = self.forged(content, name="Чужой Ребёнок")
        with self.refused(UserError, "another content"):
            self.take_in(self.kz2, false, false_code)
        # the right one is lost here, while its sender still waits for the receipt
        guarded(come.sudo()).state = "cancelled"
        wrong = self.take_in(self.kz2, false, false_code)
        wrong.action_confirm_receipt()
        self.assertEqual((sent.state, sent.date_received), ("sent", False))
        self.annul(wrong)
        self.assertEqual(sent.state, "sent")

    def test_annulled_in_house(self):
        """The sender of this database reads that its record was annulled, and has it on the list again."""
        sent = self.ready(receiver=self.kz2.company.partner_id)
        sent.action_send()
        come = self.env["vshu.transfer"].search([("company_id", "=", self.kz2.company.id)])
        self.as_(self.kz2, "social_pedagogue", come).action_confirm_receipt()
        self.assertEqual(sent.state, "received")
        self.annul(come, reason="Ребёнок к нам не прибыл.")
        self.assertEqual((sent.state, sent.refusal_reason), ("refused", "Ребёнок к нам не прибыл."))
        self.assertEqual(sent.case_id.transfer_state, "to_send")
        again = self.env["vshu.transfer"].search([("case_id", "=", sent.case_id.id), ("state", "=", "draft")])
        self.assertEqual(len(again), 1)

    def test_leaves_and_comes_back(self):
        """Leaves on the 10th, arrives at B the same day, comes back to A: one open case a kind in each school, both
        histories, no number twice, each record once."""
        kz, kz2 = self.kz, self.kz2
        student = kz.student
        leaves = self.env["vshu.enrollment.end.reason"].search([], limit=1)
        with freeze_time("2026-11-10 06:00:00"):
            with freeze_time("2026-10-14 06:00:00"):
                first = self.moved()
            sent = self.as_(kz, "social_pedagogue", self.transfer_of(first))
            sent.write({"receiver_id": kz2.company.partner_id.id})
            student.vshu_enrollment_ids.sudo().write({"date_to": "2026-11-10", "end_reason_id": leaves.id})
            self.enroll(student, kz2.class_a, date_from="2026-11-10")
            sent.action_send()
            come = self.env["vshu.transfer"].search([("company_id", "=", kz2.company.id)])
            come = self.as_(kz2, "social_pedagogue", come)
            come.student_id = student
            come.action_confirm_receipt()
            second = self.env["vshu.case"].browse(self.as_(kz2, "deputy_head", come).action_open_case()["res_id"])
            second.sudo().write({"ground_id": self.ref("kz_ground_18_5").id, "basis_id": first.basis_id.id})
            self.as_(kz2, "deputy_head", second).action_submit()
            curator = kz2.employees["class_teacher"].id
            self.decide(kz2, second, "kz_kind_4_place", months=3, curator_id=curator, date="2026-11-10")
            content, code = self.file_of(sent)
            with self.refused(UserError, "here already"):
                self.take_in(kz2, content, code)
        with freeze_time("2026-12-01 06:00:00"):
            guarded(second)._close(self.ref("kz_reason_19_3"), "2026-12-01")
            back = self.as_(kz2, "social_pedagogue", self.transfer_of(second))
            back.write({"receiver_id": kz.company.partner_id.id})
            self.env["vshu.enrollment"].search(
                [("student_id", "=", student.id), ("class_id", "=", kz2.class_a.id)]
            ).write({"date_to": "2026-12-01", "end_reason_id": leaves.id})
            self.enroll(student, kz.class_a, date_from="2026-12-01")
            back.action_send()
            again = self.env["vshu.transfer"].search([("company_id", "=", kz.company.id), ("direction", "=", "in")])
            self.assertEqual(len(again), 1)
            again = self.as_(kz, "social_pedagogue", again)
            again.student_id = student
            again.action_confirm_receipt()
            third = self.env["vshu.case"].browse(self.as_(kz, "deputy_head", again).action_open_case()["res_id"])
            with self.refused(UserError, "."):
                self.env["vshu.case"].create(
                    {"company_id": kz.company.id, "student_id": student.id, "reason": "…"}
                ).flush_recordset()
            third.sudo().write({"ground_id": self.ref("kz_ground_18_5").id, "basis_id": first.basis_id.id})
            self.as_(kz, "deputy_head", third).action_submit()
            curator = kz.employees["class_teacher"].id
            self.decide(kz, third, "kz_kind_4_place", months=3, curator_id=curator, date="2026-12-01")
        self.env.invalidate_all()
        cases = self.env["vshu.case"].search([("student_id", "=", student.id)])
        self.assertEqual(cases, first | second | third)
        for bag, mine in ((kz, first | third), (kz2, second)):
            of_school = self.as_(bag, "head", self.env["vshu.case"]).search([("student_id", "=", student.id)])
            self.assertEqual(of_school, mine)
            live = mine.filtered(lambda case: case.state not in ("closed", "annulled", "declined"))
            self.assertLessEqual(len(live), 1)
        entries = self.env["vshu.journal.entry"].search([("case_id", "in", cases.ids)])
        self.assertEqual(len(entries), 3)
        mine = entries.filtered(lambda entry: entry.company_id == kz.company)
        self.assertEqual(len(set(mine.mapped("number"))), 2)
        self.assertIn(kz2.company.name, third.reason)
        self.assertIn(kz.company.name, second.reason)
        self.assertEqual(len(student.vshu_enrollment_ids), 3)
