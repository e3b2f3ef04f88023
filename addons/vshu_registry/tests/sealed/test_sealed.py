"""Sealed papers and the psychologist's recommendations: the way through, the locks, bad input, dates, upgrade."""

import importlib.util
from datetime import date
from pathlib import Path

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from ..access_common import SECRET, AccessCommon
from ..case.test_flow import TODAY, FlowCommon
from ..channels.test_access import OFFICE, READERS

#: who reads a sealed paper of the shipped regulations
SEALED_READERS = ("psychologist", "deputy_head", "head")


class SealedBuilders(FlowCommon):
    """Makes sealed papers and recommendations as their authors do."""

    def sealed_line(self, case):
        """Return the line of a paper whose kind is sealed, a new one where the case has none that waits."""
        case = case.sudo()
        line = case.document_ids.filtered(lambda d: d.sealed and not d.sealed_filed)[:1]
        doctype = case.regulation_id.document_type_ids.filtered("sealed")[:1]
        return line or self.env["vshu.document"].create({"case_id": case.id, "type_id": doctype.id})

    def begin_sealed(self, bag, case, who="psychologist", **vals):
        """Return a sealed paper that ``who`` has begun from the line of the case."""
        line = self.as_(bag, who, self.sealed_line(case))
        action = line.action_seal()
        paper = self.as_(bag, who, self.env["vshu.sealed"]).browse(action["res_id"])
        paper.write({"text": SECRET, **vals})
        return paper

    def file_sealed(self, bag, case, who="psychologist", files=False, **vals):
        """Return a filed sealed paper of the case, with a file where one is wanted."""
        paper = self.begin_sealed(bag, case, who, **vals)
        if files:
            file = self.make_file(bag, who)
            paper.write({"attachment_ids": [Command.link(file.id)]})
        paper.action_file()
        return paper

    def recommend(self, bag, case, *people, give=True, **vals):
        """Return a recommendation of the psychologist to ``people`` (keys of employees), given at once."""
        record = self.as_(bag, "psychologist", self.env["vshu.recommendation"]).create(
            {
                "case_id": case.id,
                "text": SECRET,
                "line_ids": [Command.create({"employee_id": bag.employees[who].id}) for who in people],
                **vals,
            }
        )
        if give:
            record.action_give()
        return record

    def line_of(self, bag, recommendation, who):
        """Return the line of ``who`` as they see it."""
        employee = bag.employees[who]
        line = recommendation.sudo().line_ids.filtered(lambda record: record.employee_id == employee)
        return self.as_(bag, who, line)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestSealed(AccessCommon, SealedBuilders):
    def setUp(self):
        super().setUp()
        self.case = self.kz_case()
        self.line = self.case.document_ids.filtered("sealed")

    def line_as(self, who):
        return self.see(self.kz, who, self.line)

    def test_line_shows_that_it_is_there(self):
        """KZ-11: filed, the paper is there for everybody who sees the case: since when, from whom, no word of it."""
        self.assertEqual((self.line.state, self.line.type_id), ("missing", self.ref("kz_document_11_2")))
        paper = self.begin_sealed(self.kz, self.case, date="2026-10-12")
        self.assertEqual((paper.state, self.line.state), ("draft", "missing"))
        paper.action_file()
        self.assertEqual((paper.state, paper.date_filed), ("filed", TODAY))
        seen = self.line_as("class_teacher")
        self.assertEqual((seen.state, seen.date), ("ready", date(2026, 10, 12)))
        self.assertEqual(seen.author_name, self.kz.employees["psychologist"].name)
        self.assertTrue(seen.sealed_filed)
        self.assertFalse(seen.note or seen.attachment_ids or seen.sealed_ids)
        self.assertNotIn("11", paper.display_name.replace(str(paper.id), ""))
        self.assertNotIn("psychological", str(self.case._paper_problems("hearing")))

    def test_buttons_of_the_line(self):
        """Who provides the paper files it, its readers open it, everybody else is told who reads it."""
        table = {
            who: (self.line_as(who).can_seal, self.line_as(who).can_open_sealed) for who in (*READERS, "class_teacher")
        }
        self.assertEqual(
            table,
            {
                "psychologist": (True, False),
                "deputy_head": (True, False),
                "head": (True, False),
                "social_pedagogue": (False, False),
                "class_teacher": (False, False),
            },
        )
        self.file_sealed(self.kz, self.case)
        for who in (*READERS, "class_teacher"):
            line = self.line_as(who)
            self.assertFalse(line.can_seal, who)
            self.assertEqual(line.can_open_sealed, who in SEALED_READERS, who)
            if who in SEALED_READERS:
                self.assertEqual(line.action_open_sealed()["res_model"], "vshu.sealed")
            else:
                with self.refused(AccessError, "KZ-11.*Psychologist.*Deputy head.*Head"):
                    line.action_open_sealed()

    def test_deputy_files_when_the_psychologist_is_away(self):
        """Of the office only those who read the kind file it; as author they write it and correct it."""
        paper = self.file_sealed(self.kz, self.case, "deputy_head")
        self.assertEqual(self.line.author_id, self.kz.employees["deputy_head"])
        self.assertTrue(self.see(self.kz, "deputy_head", paper).can_correct)
        self.assertTrue(self.see(self.kz, "psychologist", paper).can_correct)
        self.assertFalse(self.see(self.kz, "head", paper).can_correct)

    def test_begun_is_gone_on_with(self):
        """Pressing the button again opens what was begun, instead of a second paper."""
        first = self.begin_sealed(self.kz, self.case)
        again = self.see(self.kz, "psychologist", self.line).action_seal()
        self.assertEqual(again["res_id"], first.id)
        other = self.see(self.kz, "head", self.line).action_seal()
        self.assertNotEqual(other["res_id"], first.id)
        # a draft is its author's and of who provides the kind
        for who in self.everybody:
            sees = who == "psychologist"
            self.assertEqual(self.see(self.kz, who, first).has_access("read"), sees, who)

    def test_openings_are_on_record(self):
        """Every opening by the button is on record for author and head; reading itself writes nothing."""
        paper = self.file_sealed(self.kz, self.case)
        deputy = self.see(self.kz, "deputy_head", paper)
        deputy.read(["text"])
        deputy.web_read({"text": {}, "reading_ids": {"fields": {"user_id": {}}}})
        self.assertFalse(paper.sudo().reading_ids)
        self.assertEqual(deputy.action_open()["res_id"], paper.id)
        self.see(self.kz, "head", self.line).action_open_sealed()
        self.assertRaises(AccessError, self.line_as("class_teacher").action_open_sealed)
        readings = paper.sudo().reading_ids
        self.assertEqual(readings.user_id, self.kz.users["deputy_head"] | self.kz.users["head"])
        for who in self.everybody:
            view = self.see(self.kz, who, readings)
            self.assertEqual(view.has_access("read"), who in ("psychologist", "head"), who)
            for call in (lambda v=view: v.write({"reason": "…"}), lambda v=view: v.unlink()):
                self.assertFalse(self._may(call), who)
        self.assertEqual(self.see(self.kz, "head", paper).can_see_readings, True)
        self.assertEqual(self.see(self.kz, "deputy_head", paper).can_see_readings, False)
        self.assertFalse(self.see(self.kz, "deputy_head", paper).reading_ids)

    def _may(self, call):
        try:
            with self.env.cr.savepoint():
                call()
        except (AccessError, UserError):
            return False
        return True

    def test_reason_is_asked(self):
        """Where the kind of paper wants it, whoever opens one says why; the author need not."""
        own = self.own_version()
        case = self.case_under(own)
        doctype = own.document_type_ids.filtered("sealed")
        doctype.ask_reason = True
        paper = self.file_sealed(self.kz, case)
        self.assertEqual(self.see(self.kz, "psychologist", paper).action_open()["res_model"], "vshu.sealed")
        action = self.see(self.kz, "head", paper).action_open()
        self.assertEqual(action["res_model"], "vshu.reason")
        self.assertEqual(len(paper.sudo().reading_ids), 1)
        dialog = self.see(self.kz, "head", self.env["vshu.reason"]).with_context(**action["context"]).create({})
        with self.refused(UserError, "write why you open it"):
            dialog.action_confirm()
        dialog.reason = "Готовлюсь к заседанию Совета."
        self.assertEqual(dialog.action_confirm()["res_id"], paper.id)
        reading = paper.sudo().reading_ids[0]
        self.assertEqual((reading.user_id, reading.reason), (self.kz.users["head"], "Готовлюсь к заседанию Совета."))

    def own_version(self):
        """Return the school's own version of its regulation, in force today."""
        own = self.kz.school.regulation_id._copy_for_company(self.kz.company)
        own.date_from = "2026-10-01"
        own.action_put_in_force()
        return own

    def case_under(self, regulation):
        case = guarded(self.env["vshu.case"]).create(
            {
                "company_id": self.kz.company.id,
                "regulation_id": regulation.id,
                "student_id": self.kz.other_student.id,
                "ground_id": regulation.ground_ids[0].id,
                "basis_id": regulation.basis_ids[0].id,
                "reason": "Пропуски",
                "curator_id": self.kz.employees["curator"].id,
                "state": "active",
            }
        )
        self.env["vshu.document"].create(
            {"case_id": case.id, "type_id": regulation.document_type_ids.filtered("sealed").id}
        )
        return case

    def test_readers_are_data(self):
        """Who reads is said by the kind of paper: any role that works with the case, with its dates, or no longer the
        author."""
        own = self.own_version()
        case = self.case_under(own)
        doctype = own.document_type_ids.filtered("sealed")
        self.assertEqual(set(doctype.reader_role_ids.mapped("code")), set(SEALED_READERS))
        paper = self.file_sealed(self.kz, case)
        tables = (
            (("class_teacher",), True, {"psychologist", "class_teacher_b"}),
            (("curator",), False, {"curator"}),
            (("social_pedagogue", "head"), False, {"social_pedagogue", "head"}),
            ((), True, {"psychologist"}),
            (("class_teacher", "curator"), False, {"curator", "class_teacher_b"}),
        )
        for codes, author_reads, readers in tables:
            doctype.write(
                {
                    "author_reads": author_reads,
                    "reader_role_ids": [Command.set([self.ref(f"role_{code}").id for code in codes])],
                }
            )
            for who in self.everybody:
                view = self.see(self.kz, who, paper)
                self.assertEqual(view.has_access("read"), who in readers, f"{codes}: {who}")
        guarded(case).write({"state": "closed"})
        for who in ("curator", "class_teacher_b"):
            self.assertFalse(self.see(self.kz, who, paper).has_access("read"), who)
        # a school's own version is changed by its administrator, who reads none of it
        admin = self.see(self.kz, "administrator", doctype)
        with self.refused(ValidationError, "is not read by: Register administrator"):
            admin.reader_role_ids = self.ref("role_administrator")
        with self.refused(ValidationError, "nobody could read it"):
            admin.write({"reader_role_ids": [Command.clear()], "author_reads": False})

    def test_standins(self):
        """A stand-in of a role that reads, reads from the first day to the last; of the social pedagogue never."""
        paper = self.file_sealed(self.kz, self.case)
        for role, reads in (
            ("psychologist", True),
            ("deputy_head", True),
            ("head", True),
            ("social_pedagogue", False),
        ):
            guarded(self.env["vshu.standin"].search([])).unlink()
            self.make_standin(self.kz, role, self.kz.employees["subject_teacher"], "2026-10-20", "2026-10-22")
            for day, stands in (("19", False), ("20", True), ("22", True), ("23", False)):
                with freeze_time(f"2026-10-{day} 06:00:00"):
                    view = self.see(self.kz, "subject_teacher", paper)
                    self.assertEqual(view.has_access("read"), reads and stands, f"{role} {day}")
                    found = view.search([("text", "ilike", SECRET)])
                    self.assertEqual(bool(found), reads and stands, f"{role} {day}")
                    self.assertFalse(view.has_access("write"), f"{role} {day}")
                    readings = self.see(self.kz, "subject_teacher", self.env["vshu.sealed.reading"])
                    if role == "head" and stands:
                        self.see(self.kz, "head", paper).action_open()
                        self.assertTrue(readings.search([]))

    def test_standin_of_psychologist_writes(self):
        """Who stands in for the psychologist goes on with what is being written, and files."""
        begun = self.begin_sealed(self.kz, self.case)
        self.make_standin(self.kz, "psychologist", self.kz.employees["subject_teacher"], "2026-10-14", "2026-10-14")
        view = self.see(self.kz, "subject_teacher", begun)
        self.assertTrue(view.can_write)
        view.write({"text": "Заключение дополнено."})
        view.action_file()
        self.assertEqual(self.line.state, "ready")
        self.assertEqual(self.line.author_id, self.kz.employees["psychologist"])

    def test_filed_is_locked(self):
        """Nobody changes, deletes or copies a filed paper or its files; nothing of it is forged from the start."""
        paper = self.file_sealed(self.kz, self.case, files=True)
        file = paper.sudo().attachment_ids
        for who in self.everybody:
            view, attachment = self.see(self.kz, who, paper), self.see(self.kz, who, file)
            for call in (
                lambda v=view: v.write({"text": "Иное"}),
                lambda v=view: v.write({"date": "2026-10-01"}),
                lambda v=view: v.write({"attachment_ids": [Command.clear()]}),
                lambda v=view: v.write({"state": "draft"}),
                lambda v=view: v.write({"user_id": v.env.uid}),
                lambda v=view: v.unlink(),
                lambda v=view: v.copy(),
                lambda v=view: v.action_file(),
                lambda a=attachment: a.write({"public": True}),
                lambda a=attachment: a.write({"res_model": "vshu.case", "res_id": self.case.id}),
                lambda a=attachment: a.generate_access_token(),
                lambda a=attachment: a.unlink(),
            ):
                self.assertFalse(self._may(call), who)
        self.env.invalidate_all()
        self.assertEqual((paper.sudo().text, paper.sudo().state), (SECRET, "filed"))
        self.assertFalse(file.public or file.access_token)
        sealed = self.see(self.kz, "psychologist", self.env["vshu.sealed"])
        line = self.env["vshu.document"].create({"case_id": self.case.id, "type_id": self.line.type_id.id})
        for forged in ({"state": "filed"}, {"user_id": self.kz.user_b.id}, {"date_filed": TODAY}, {"case_id": 1}):
            with self.refused(AccessError, "follows from the line"):
                sealed.create({"document_id": line.id, **forged})
        made = sealed.with_context(default_state="filed", default_user_id=self.kz.user_b.id).create(
            {"document_id": line.id}
        )
        self.assertEqual((made.state, made.user_id), ("draft", self.kz.users["psychologist"]))
        with self.refused(AccessError, "follows from the line"):
            made.document_id = self.line

    def test_line_of_a_filed_paper(self):
        """Kind, date and author of the line are said by the paper; the line is not taken off the list."""
        paper = self.file_sealed(self.kz, self.case)
        other = self.ref("kz_document_other")
        for who in OFFICE:
            line = self.line_as(who)
            with self.refused(UserError, "Open it and press|belongs to"):
                line.write({"date": "2026-10-01"})
            with self.refused(UserError, "Open it and press|belongs to"):
                line.write({"type_id": other.id})
            with self.refused(UserError, ""):
                line.unlink()
            line.write({"date": line.date, "on_paper": True})
        with self.refused(UserError, "its kind stays"):
            self.line.type_id = other
        self.assertEqual(paper.sudo().type_id, self.ref("kz_document_11_2"))
        with self.refused(ValidationError, "make another case"):
            guarded(self.case).write({"student_id": self.kz.other_student.id})

    def test_correction(self):
        """A correction is a new paper with its reason; the old one stays, the line says the new date."""
        paper = self.file_sealed(self.kz, self.case, files=True, date="2026-10-12")
        with self.refused(AccessError, "is corrected by its author"):
            self.see(self.kz, "deputy_head", paper).action_correct()
        action = paper.action_correct()
        dialog = self.see(self.kz, "psychologist", self.env["vshu.reason"]).with_context(**action["context"]).create({})
        with self.refused(UserError, "write why it is corrected"):
            dialog.action_confirm()
        dialog.reason = "Описка в дате обследования."
        new = self.see(self.kz, "psychologist", paper).browse(dialog.action_confirm()["res_id"])
        self.assertEqual((new.text, new.state, new.supersedes_id), (SECRET, "draft", paper))
        self.assertEqual(len(new.attachment_ids), 1)
        self.assertNotEqual(new.attachment_ids, paper.attachment_ids)
        self.assertEqual(dialog.action_confirm()["res_id"], new.id)
        new.write({"date": "2026-10-13", "text": "Исправлено"})
        self.assertEqual((paper.state, self.line.date), ("filed", date(2026, 10, 12)))
        new.action_file()
        self.env.invalidate_all()
        self.assertEqual((paper.state, new.state), ("superseded", "filed"))
        self.assertEqual((self.line.date, self.line.state), (date(2026, 10, 13), "ready"))
        self.assertEqual(new.reason, "Описка в дате обследования.")
        head = self.see(self.kz, "head", new)
        self.assertEqual(head.action_open_earlier()["res_id"], paper.id)
        self.assertEqual(paper.sudo().reading_ids.user_id, self.kz.users["head"])
        self.assertFalse(self.see(self.kz, "social_pedagogue", paper).has_access("read"))
        with self.refused(UserError, "corrects no earlier one"):
            paper.action_open_earlier()
        with self.refused(UserError, "nothing to correct"):
            paper.action_correct()

    def test_who_can_see(self):
        """“Who can see this?” is answered for a sealed paper by its rules."""
        paper = self.file_sealed(self.kz, self.case)
        action = self.see(self.kz, "deputy_head", paper).action_who_can_see()
        lines = self.env["vshu.viewers"].browse(action["res_id"]).line_ids
        self.assertEqual(lines.user_id, self.env["res.users"].union(*(self.kz.users[who] for who in SEALED_READERS)))
        author = lines.filtered(lambda line: line.user_id == self.kz.users["psychologist"])
        self.assertEqual(author.as_what, "Author, Psychologist")
        self.assertFalse(any(lines.mapped("can_write")))
        self.assertRaises(AccessError, self.see(self.kz, "social_pedagogue", paper).action_who_can_see)

    def test_rating_stays_visible(self):
        """KZ-19: the characteristic of the psychological service is rated on the open line: it decides the removal."""
        doctype = self.ref("kz_document_19_psychologist")
        self.assertFalse(doctype.sealed)
        self.assertTrue(doctype.rated)
        own = self.own_version()
        case = self.case_under(own)
        kind = own.document_type_ids.filtered(lambda t: t.code == "19.psychologist")
        kind.write({"sealed": True, "reader_role_ids": [Command.link(self.ref("role_head").id)]})
        line = self.env["vshu.document"].create({"case_id": case.id, "type_id": kind.id})
        action = self.as_(self.kz, "psychologist", line).action_seal()
        paper = self.as_(self.kz, "psychologist", self.env["vshu.sealed"]).browse(action["res_id"])
        paper.text = SECRET
        paper.action_file()
        self.as_(self.kz, "psychologist", line).rating = "positive"
        self.assertEqual(self.see(self.kz, "class_teacher_b", line).rating, "positive")

    # -- bad input -----------------------------------------------------------------------------------------------------

    def test_empty(self):
        """An empty paper is not filed; the line goes on missing."""
        paper = self.begin_sealed(self.kz, self.case, text="  \n")
        with self.refused(UserError, f"Sealed paper {paper.id} is empty"):
            paper.action_file()
        self.assertEqual((paper.state, self.line.state), ("draft", "missing"))

    def test_dates(self):
        """A paper is dated neither in the future nor before the child was born."""
        paper = self.begin_sealed(self.kz, self.case)
        with self.refused(ValidationError, "cannot lie in the future"):
            paper.date = "2026-10-15"
        with self.refused(ValidationError, "2013-05-19, before the child was born"):
            paper.date = "2013-05-19"
        paper.date = "2013-05-20"

    def test_files(self):
        """A file of 0 bytes and one that others read elsewhere are not filed."""
        paper = self.begin_sealed(self.kz, self.case)
        empty = self.as_(self.kz, "psychologist", self.env["ir.attachment"]).create({"name": "пусто.pdf", "raw": b""})
        with self.refused(ValidationError, "“пусто.pdf” is empty"):
            paper.attachment_ids = empty
        elsewhere = self.make_file(self.kz, "psychologist")
        elsewhere.sudo().write({"res_model": "vshu.case", "res_id": self.case.id})
        paper.attachment_ids = elsewhere
        with self.refused(UserError, "belongs to another record"):
            paper.action_file()
        self.assertEqual(self.line.state, "missing")

    def test_nothing_confidential_on_the_line(self):
        """A sealed kind takes neither files nor words on the open line, by no way; the error says what to do."""
        line = self.line_as("psychologist")
        file = self.make_file(self.kz, "psychologist")
        for vals in ({"note": SECRET}, {"attachment_ids": [Command.link(file.id)]}):
            with self.refused(ValidationError, "KZ-11.*File sealed paper"):
                line.write(vals)
            with self.refused(ValidationError, "File sealed paper"):
                line.create({"case_id": self.case.id, "type_id": self.line.type_id.id, **vals})
        with self.refused(ValidationError, "File sealed paper"):
            self.make_file(self.kz, "psychologist", res_model="vshu.document", res_id=self.line.id)
        with self.refused(ValidationError, "File sealed paper"):
            file.write({"res_model": "vshu.document", "res_id": self.line.id})
        # the signed original in the cabinet counts as ever
        line.action_there()
        self.assertEqual(self.line.state, "ready")

    def test_kinds(self):
        """A paper that is not sealed takes none; a role that does not give the paper, nor a second one, is refused."""
        other = self.case.document_ids.filtered(lambda d: d.type_id.code == "11.1")
        with self.refused(UserError, "is not sealed"):
            self.see(self.kz, "deputy_head", other).action_seal()
        for who in ("social_pedagogue", "class_teacher"):
            with self.refused(AccessError, "is given by: Psychologist"):
                self.line_as(who).action_seal()
        with self.refused(UserError, "no sealed paper has been filed yet"):
            self.line_as("head").action_open_sealed()
        with self.refused(UserError, "belongs to a line of the file"):
            self.see(self.kz, "psychologist", self.env["vshu.sealed"]).create({"text": SECRET})
        begun = self.see(self.kz, "deputy_head", self.line).action_seal()
        self.file_sealed(self.kz, self.case)
        with self.refused(UserError, "has been filed already"):
            self.line_as("psychologist").action_seal()
        late = self.see(self.kz, "deputy_head", self.env["vshu.sealed"]).browse(begun["res_id"])
        late.text = "Второе"
        with self.refused(UserError, "has been filed meanwhile"):
            late.action_file()
        with self.refused(UserError, "cannot be sealed any more"):
            doctype = self.own_version().document_type_ids.filtered(lambda t: t.code == "11.1")
            self.env["vshu.document"].create({"case_id": self.case.id, "type_id": doctype.id, "note": "Открыто"})
            doctype.sealed = True

    def test_draft_case_is_not_deleted_with_it(self):
        """A case that holds a sealed paper is not deleted by those who do not read it."""
        student = self.make_student(self.kz, "Новый Ученик", self.kz.class_a)
        case = self.see(self.kz, "social_pedagogue", self.env["vshu.case"]).create({"student_id": student.id})
        self.file_sealed(self.kz, case)
        with self.refused(UserError, "it is not deleted"):
            case.unlink()

    # -- upgrade -------------------------------------------------------------------------------------------------------

    def test_upgrade(self):
        """What lay open on the line of a sealed kind is filed sealed by its author; files move with it."""
        line = self.line
        line.type_id.with_context(vshu_guard=None).sudo()
        file = self.make_file(self.kz, "psychologist").sudo()
        hanging = self.make_file(self.kz, "psychologist", name="ещё.txt").sudo()
        line.write({"date": "2026-10-10", "author_id": self.kz.employees["psychologist"].id, "on_paper": True})
        self.env.flush_all()
        # as it was before kinds were sealed
        self.env.cr.execute("UPDATE vshu_document SET note = %s WHERE id = %s", (SECRET, line.id))
        relation = self.env["vshu.document"]._fields["attachment_ids"]
        self.env.cr.execute(
            f"INSERT INTO {relation.relation} ({relation.column1}, {relation.column2}) VALUES (%s, %s)",
            (line.id, file.id),
        )
        self.env.cr.execute(
            "UPDATE ir_attachment SET res_model = 'vshu.document', res_id = %s WHERE id IN %s",
            (line.id, (file.id, hanging.id)),
        )
        # a school's own version, copied before kinds named their readers
        own = self.own_version().document_type_ids.filtered("sealed")
        self.env.cr.execute("DELETE FROM vshu_document_type_vshu_role_rel WHERE vshu_document_type_id = %s", (own.id,))
        self.env.invalidate_all()
        self.migrate()
        self.env.invalidate_all()
        paper = line.sealed_ids
        self.assertEqual((paper.state, paper.text, paper.date), ("filed", SECRET, date(2026, 10, 10)))
        self.assertEqual((paper.user_id, paper.author_id), (self.kz.users["psychologist"], line.author_id))
        self.assertEqual(paper.attachment_ids, file | hanging)
        self.assertEqual(set(paper.attachment_ids.mapped("res_model")), {"vshu.sealed"})
        self.assertFalse(line.note or line.attachment_ids)
        self.assertEqual((line.state, line.date), ("ready", date(2026, 10, 10)))
        self.assertFalse(self.see(self.kz, "class_teacher", file).has_access("read"))
        self.assertTrue(self.see(self.kz, "head", file).has_access("read"))
        self.assertEqual(set(own.reader_role_ids.mapped("code")), set(SEALED_READERS))
        self.migrate()
        self.assertEqual(len(line.sealed_ids), 1)

    def migrate(self):
        path = Path(__file__).parents[2] / "migrations" / "19.0.2.0.0" / "post-sealed.py"
        spec = importlib.util.spec_from_file_location("post_sealed", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.migrate(self.env.cr, "19.0.1.0.0")


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestRecommendation(AccessCommon, SealedBuilders):
    def setUp(self):
        super().setUp()
        signal = self.notice(self.ru)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        self.case = signal.sudo().case_id
        self.decide(
            self.ru,
            self.case,
            "ru_kind_5_1_place",
            form="ru_form_commission_decree",
            date="2026-10-12",
            curator_id=self.ru.employees["curator"].id,
        )

    def test_given_and_carried_out(self):
        """RU-5.4: named people read it, are reminded, write what was done; the file shows that it is there."""
        line = self.case.document_ids.filtered("type_id.recommendation")
        self.assertEqual((line.state, line.type_id), ("missing", self.ref("ru_document_5_4_10")))
        record = self.recommend(self.ru, self.case, "subject_teacher", "class_teacher", date_due="2026-11-10")
        self.assertEqual((record.state, record.student_id, record.date_given), ("given", self.ru.student, TODAY))
        self.assertEqual((line.state, line.date, line.author_id), ("ready", TODAY, self.ru.employees["psychologist"]))
        # diagnostics of the same item are filed beside it
        self.assertTrue(self.see(self.ru, "psychologist", line).can_seal)
        activities = record.sudo().activity_ids
        self.assertEqual(activities.user_id, self.ru.users["subject_teacher"] | self.ru.users["class_teacher"])
        self.assertEqual(set(activities.mapped("date_deadline")), {date(2026, 11, 10)})
        mine = self.line_of(self.ru, record, "subject_teacher")
        with self.refused(UserError, "write what was done"):
            mine.action_done()
        mine.note = "Посажен за первую парту, задания по шагам."
        mine.action_done()
        self.assertEqual((mine.date_done, record.state), (TODAY, "given"))
        self.assertEqual(record.sudo().activity_ids.user_id, self.ru.users["class_teacher"])
        other = self.line_of(self.ru, record, "class_teacher")
        other.write({"note": "Поручение старосты.", "date_done": "2026-10-14"})
        self.assertEqual(record.state, "done")
        self.assertFalse(record.sudo().activity_ids)

    def test_named_person_sees_no_case(self):
        """A subject teacher who is named sees the recommendation and the child's name, and nothing of the case."""
        record = self.recommend(self.ru, self.case, "subject_teacher")
        view = self.see(self.ru, "subject_teacher", record)
        self.assertEqual((view.text, view.student_id.name), (SECRET, "Петров Иван"))
        for records in (self.case, self.case.document_ids[:1], self.case.decision_ids[:1]):
            self.assertFalse(self.see(self.ru, "subject_teacher", records).has_access("read"))
        with self.assertRaises(AccessError):
            view.case_id.read(["reason"])
        self.assertFalse(self.see(self.ru, "subject_teacher", self.env["vshu.case"]).search([]))

    def test_readers(self):
        """Whom it names, psychologists and the office; before it is given psychologists only; stand-ins by date."""
        draft = self.recommend(self.ru, self.case, "subject_teacher", give=False)
        given = self.recommend(self.ru, self.case, "subject_teacher", "class_teacher_b")
        for who in self.everybody:
            self.assertEqual(self.see(self.ru, who, draft).has_access("read"), who == "psychologist", who)
            sees = who in (*READERS, "subject_teacher", "class_teacher_b")
            for records in (given, given.sudo().line_ids):
                self.assertEqual(self.see(self.ru, who, records).has_access("read"), sees, f"{records}: {who}")
        for role in ("psychologist", "head"):
            guarded(self.env["vshu.standin"].search([])).unlink()
            self.make_standin(self.ru, role, self.ru.employees["curator"], "2026-10-20", "2026-10-22")
            for day, stands in (("19", False), ("20", True), ("22", True), ("23", False)):
                with freeze_time(f"2026-10-{day} 06:00:00"):
                    self.assertEqual(self.see(self.ru, "curator", given).has_access("read"), stands, f"{role} {day}")
                    self.assertEqual(
                        self.see(self.ru, "curator", draft).has_access("write"),
                        stands and role == "psychologist",
                        f"{role} {day}",
                    )

    def test_only_the_person_marks(self):
        """That it was carried out is marked by the person named; who has no log-in, by the author."""
        quiet = self.env["hr.employee"].create({"name": "Без входа", "company_id": self.ru.company.id})
        record = self.recommend(self.ru, self.case, "subject_teacher")
        record.line_ids = [Command.create({"employee_id": quiet.id})]
        mine = record.sudo().line_ids[0]
        for who in (*READERS, "class_teacher", "curator"):
            self.assertFalse(self.may(self.see(self.ru, who, mine).write, {"date_done": TODAY}), who)
            self.assertFalse(self.see(self.ru, who, mine).has_access("read") and self.see(self.ru, who, mine).mine, who)
        view = self.see(self.ru, "subject_teacher", mine)
        self.assertTrue(view.mine)
        self.assertFalse(self.may(view.write, {"employee_id": quiet.id}))
        self.assertFalse(self.may(view.unlink))
        self.assertFalse(self.may(self.see(self.ru, "subject_teacher", record).write, {"text": "…"}))
        self.assertFalse(self.may(self.see(self.ru, "subject_teacher", record).action_give))
        other = record.sudo().line_ids[1]
        self.assertFalse(self.may(self.see(self.ru, "head", other).write, {"note": "…"}))
        author = self.see(self.ru, "psychologist", other)
        author.write({"note": "Со слов.", "date_done": TODAY})
        with self.refused(UserError, "stays on record"):
            author.unlink()
        self.see(self.ru, "psychologist", mine).unlink()
        self.assertFalse(record.sudo().activity_ids)

    def test_given_is_locked(self):
        """What was given stays: text, child, dates; another person is reminded at once."""
        record = self.recommend(self.ru, self.case, "subject_teacher")
        for vals in ({"text": "…"}, {"date_due": "2027-01-01"}, {"student_id": self.ru.other_student.id}):
            with self.refused(UserError, "stays as it is"):
                record.write(vals)
        with self.refused(UserError, "stays as it is"):
            record.unlink()
        with self.refused(UserError, "stays as it is"):
            record.action_give()
        for vals in ({"date_given": TODAY}, {"document_id": self.case.document_ids[0].id}, {"user_id": 1}):
            with self.refused(AccessError, "set by the buttons"):
                record.write(vals)
        record.line_ids = [Command.create({"employee_id": self.ru.employees["class_teacher"].id})]
        self.assertIn(self.ru.users["class_teacher"], record.sudo().activity_ids.user_id)
        with self.refused(AccessError, "Who is named writes"):
            record.line_ids = [Command.create({"employee_id": self.ru.teacher_b.id, "date_done": TODAY})]

    def test_activities_and_mails_are_neutral(self):
        """Reminder and e-mail carry the number: no child, no word."""
        self.ru.users["subject_teacher"].notification_type = "email"
        before = self.env["mail.mail"].search([])
        record = self.recommend(self.ru, self.case, "subject_teacher", give=False)
        record.with_context(tracking_disable=False).action_give()
        record.with_context(tracking_disable=False).message_post(
            body=SECRET, partner_ids=self.ru.users["subject_teacher"].partner_id.ids, subtype_xmlid="mail.mt_comment"
        )
        self.env.flush_all()
        mails = self.env["mail.mail"].search([]) - before
        self.assertTrue(mails)
        activity = record.sudo().activity_ids
        words = f"{activity.summary} {activity.note} {activity.res_name} {activity.display_name}"
        for mail in mails:
            words += f"{mail.subject} {mail.body_html} {mail.body}"
        for secret in (SECRET, "Петров", "Иван "):
            self.assertNotIn(secret, words)
        self.assertIn(str(record.id), activity.summary)

    def test_family(self):
        """In the case of a family the psychologist names the child; another family's is refused."""
        family = self.env["vshu.family"].create(
            {
                "name": "Семья",
                "company_id": self.ru.company.id,
                "member_ids": [Command.link(self.ru.other_student.id)],
            }
        )
        case = guarded(self.env["vshu.case"]).create(
            {
                "company_id": self.ru.company.id,
                "regulation_id": self.ru.school.regulation_id.id,
                "subject": "family",
                "family_id": family.id,
                "state": "active",
            }
        )
        for student in (False, self.ru.student.id):
            with self.refused(ValidationError, "choose the child"):
                self.recommend(self.ru, case, "class_teacher_b", student_id=student)
        record = self.recommend(self.ru, case, "class_teacher_b", student_id=self.ru.other_student.id)
        self.assertEqual(record.state, "given")

    # -- bad input -----------------------------------------------------------------------------------------------------

    def test_bad_input(self):
        """Nobody named, somebody who left, no text, wrong dates, carried out in the future: each with its message."""
        with self.refused(UserError, "names nobody"):
            self.recommend(self.ru, self.case)
        with self.refused(UserError, "is empty"):
            self.recommend(self.ru, self.case, "subject_teacher", text=" ")
        with self.refused(ValidationError, "not one in the future"):
            self.recommend(self.ru, self.case, "subject_teacher", date="2026-10-15")
        with self.refused(ValidationError, "not one in the future"):
            self.recommend(self.ru, self.case, "subject_teacher", date="2012-01-01")
        with self.refused(ValidationError, "due before it is written"):
            self.recommend(self.ru, self.case, "subject_teacher", date_due="2026-10-01")
        draft = self.recommend(self.ru, self.case, "subject_teacher", give=False)
        self.ru.employees["subject_teacher"].active = False
        with self.refused(UserError, "ru_subject_teacher name has left the school"):
            draft.action_give()
        self.ru.employees["subject_teacher"].write({"active": True, "departure_date": "2026-10-13"})
        with self.refused(UserError, "has left the school"):
            draft.action_give()
        self.assertEqual((draft.state, draft.sudo().activity_ids.ids), ("draft", []))
        self.ru.employees["subject_teacher"].departure_date = False
        draft.action_give()
        mine = self.line_of(self.ru, draft, "subject_teacher")
        with self.refused(ValidationError, "on a date in the future"):
            mine.write({"note": "Сделано", "date_done": "2026-10-15"})
        with self.refused(ValidationError, "before it was given"):
            mine.write({"note": "Сделано", "date_done": "2026-10-13"})
        for who in (*OFFICE, "class_teacher", "subject_teacher"):
            with self.refused(AccessError, ""):
                self.as_(self.ru, who, self.env["vshu.recommendation"]).create({"case_id": self.case.id, "text": "…"})
        with self.refused(UserError, "is about a case"):
            self.as_(self.ru, "psychologist", self.env["vshu.recommendation"]).create({"text": "…"})
