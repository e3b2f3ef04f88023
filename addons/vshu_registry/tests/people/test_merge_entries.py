"""Merge two entries of one child, of one adult: the register's own way (security.md 3, second half)."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_registry.tools.links_to import linked_ids, links_to

from ..access_common import SECRET, AccessCommon


class MergeCommon(AccessCommon):
    """A pupil of the Kazakh school with a record of every kind, and a second entry of the same child."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fill(cls.kz)
        cls.bag = cls.kz
        cls.first = cls.make_student(cls.kz, "Ахметов Арман Болатович")

    def merge(self, kept, gone, who="social_pedagogue", kind="student", **vals):
        """Merge by the dialog, as ``who``."""
        return (
            self.see(self.kz, who, self.env["vshu.merge"])
            .create({"kind": kind, "first_id": kept.id, "second_id": gone.id, "keep": "first", **vals})
            .action_merge()
        )

    def assertContradiction(self, words, kept, gone, **vals):
        """Assert that a merge is refused in words and that nothing was done."""
        links = self.links(kept), self.links(gone)
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self.merge(kept, gone, **vals)
        self.assertIn(words, str(caught.exception))
        self.env.invalidate_all()
        self.assertEqual((self.links(kept), self.links(gone)), links)
        self.assertTrue(gone.active and not gone.vshu_merged_into_id)

    def links(self, person):
        """Return {(model, field): ids of the records that refer to the person}."""
        self.env.flush_all()
        found = {}
        for name, field in links_to(self.env, "res.partner"):
            records = self.env[name].sudo().with_context(active_test=False).search([(field.name, "in", person.ids)])
            if records:
                found[name, field.name] = set(records.ids)
        return found


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestMergeChild(MergeCommon):
    """security.md 3: what schools need instead of Odoo's merge."""

    def test_everything_goes_over(self):
        """Whatever refers to the one entry refers to the other afterwards: fields found from the registry; words,
        numbers, rows and hashes as they were; both histories; the entry found by its former name."""
        gone, kept = self.kz.student, self.first
        entry, case = self.kz.entry, self.kz.case
        gone.with_context(tracking_disable=False).message_post(body="Звонила мать")
        file = self.env["ir.attachment"].create(
            {"name": "справка.txt", "raw": b"text", "res_model": "res.partner", "res_id": gone.id}
        )
        gone.activity_schedule("mail.mail_activity_data_todo", user_id=self.kz.users["social_pedagogue"].id)
        gone.message_subscribe(self.kz.users["deputy_head"].partner_id.ids)
        gone.write({"vshu_file_number": "77", "phone": "+7 701 000 11 22"})
        messages = self.env["mail.message"].search([("model", "=", "res.partner"), ("res_id", "=", gone.id)])
        before = self.links(gone)
        self.assertGreaterEqual(len(before), 9, before)
        frozen = [(record, record.read()) for record in (entry, self.kz.correction, self.kz.decision, self.kz.term)]
        family = gone.vshu_family_id
        words = entry.read()[0]
        self.merge(kept, gone)
        self.env.invalidate_all()
        after = self.links(kept)
        for key, ids in before.items():
            self.assertLessEqual(ids, after.get(key, set()), key)
        self.assertFalse(linked_ids(self.env, "res.partner", gone.ids))
        for record, old in frozen:
            self.assertEqual(
                {k: v for k, v in record.read()[0].items() if "student" not in k and "__" not in k},
                {k: v for k, v in old[0].items() if "student" not in k and "__" not in k},
                record,
            )
        self.assertEqual(entry.read()[0]["display_name"], words["display_name"])
        self.assertEqual(case.student_id, kept)
        self.assertEqual(kept.vshu_class_id, self.kz.class_a)
        self.assertEqual(kept.vshu_company_ids, self.kz.company)
        self.assertFalse(gone.vshu_company_ids)
        self.assertEqual((kept.vshu_file_number, kept.phone, kept.vshu_family_id), ("77", "+7 701 000 11 22", family))
        # both histories
        self.assertEqual(set(messages.mapped("res_id")), {kept.id})
        self.assertEqual(file.res_id, kept.id)
        self.assertTrue(kept.activity_ids)
        self.assertIn(self.kz.users["deputy_head"].partner_id, kept.message_partner_ids)
        note = kept.message_ids[:1]
        self.assertIn(gone.name, note.body)
        self.assertNotIn(case.display_name, note.body)
        self.assertIn("kz_social_pedagogue name", kept.vshu_merge_note)
        self.assertIn(case.display_name, kept.vshu_merge_note)
        # the other entry
        self.assertFalse(gone.active or gone.vshu_is_student)
        self.assertEqual(gone.vshu_merged_into_id, kept)
        self.assertEqual(gone.name, "Ахметов Арман")
        keeper = self.see(self.kz, "social_pedagogue", self.env["res.partner"])
        kept.name = "Иной Болат"
        self.assertIn(kept.id, [found for found, _name in keeper.name_search("Ахметов Арман")])
        with self.refused(UserError, "stays on record"):
            gone.unlink()
        with self.refused(AccessError, "by the merge itself"):
            kept.with_user(self.kz.users["administrator"]).write({"vshu_merged_names": False})
        # the case goes on
        self.as_(self.kz, "head", case).action_annul()

    def test_nothing_is_missed(self):
        """Each model that refers to a contact or a case is in the comparison, counted: a new one too."""
        parts = self.env["res.partner"]._vshu_merge_parts()
        for name, model in self.env.registry.items():
            if not name.startswith("vshu.") or model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                if not field.store or field.type not in ("many2one", "many2many") or field.related:
                    continue
                if field.comodel_name == "res.partner" and not (field.type == "many2many" and field.compute):
                    self.assertIn(field.name, parts.get(name, ()), (name, field.name))
                if field.comodel_name == "vshu.case" and field.type == "many2one":
                    self.assertIn(name, parts, (name, field.name))
        counts = self.kz.student._vshu_merge_counts()
        self.assertEqual(counts.keys(), parts.keys())
        mine = {name: found[self.kz.student.id] for name, found in counts.items() if found[self.kz.student.id]}
        for name in (
            "vshu.case",
            "vshu.signal",
            "vshu.journal.entry",
            "vshu.decision",
            "vshu.document",
            "vshu.notice",
            "vshu.intervention",
            "vshu.enrollment",
            "vshu.guardian",
            "vshu.category.entry",
            "vshu.external.record",
            "vshu.characteristic",
            "vshu.assignment",
        ):
            self.assertTrue(mine.get(name), name)
        cases = self.env["vshu.case"].search_count([("student_id", "=", self.kz.student.id)])
        self.assertEqual(mine["vshu.case"], cases)

    def test_dialog(self):
        """Side by side before anything is done; who may not merge gets nothing, whatever ids are put in."""
        action = self.see(self.kz, "social_pedagogue", self.first | self.kz.student).action_vshu_merge()
        self.assertEqual(action["name"], "Merge two entries of one child")
        context = action["context"]
        vals = {name: context[f"default_{name}"] for name in ("kind", "first_id", "second_id")}
        dialog = self.see(self.kz, "social_pedagogue", self.env["vshu.merge"]).create(vals)
        for word in (self.first.name, self.kz.student.name, self.kz.case.display_name, "7 «А»", "Signal"):
            self.assertIn(word, dialog.comparison)
        self.assertNotIn(SECRET, dialog.comparison)
        self.assertFalse(dialog.problems)
        spec = {name: {} for name in ("comparison", "problems", "birth_differs")}
        for who in ("class_teacher", "deputy_head", "head", "administrator", "psychologist"):
            self.assert_no_comparison(self.see(self.kz, who, self.env["vshu.merge"]), spec)
        self.assert_no_comparison(self.see(self.ru, "social_pedagogue", self.env["vshu.merge"]), spec)

    def assert_no_comparison(self, dialogs, spec):
        """Assert that a dialog filled in with the two entries is refused or compares nothing."""
        try:
            got = dialogs.onchange({"first_id": self.first.id, "second_id": self.kz.student.id}, ["second_id"], spec)
        except AccessError:
            return
        self.assertFalse(got.get("value", {}).get("comparison"))

    def test_who_may(self):
        """The social pedagogue and who stands in; nobody else, by no way."""
        for who in self.everybody:
            if who == "social_pedagogue":
                continue
            with self.refused(UserError, ".+"):
                self.merge(self.first, self.kz.student, who=who)
        for who in ("class_teacher", "head", "administrator"):
            with self.refused(AccessError, "social pedagogue only"):
                self.see(self.kz, who, self.first | self.kz.student).action_vshu_merge()
        self.make_standin(self.kz, "social_pedagogue", self.kz.teacher_b, "2026-10-14", "2026-10-14")
        self.merge(self.first, self.kz.student, who="class_teacher_b")
        self.assertEqual(self.kz.case.student_id, self.first)

    def test_same_class_is_joined(self):
        """Two enrolments in one class are one with the longer span; in different classes one has to end first."""
        year = self.kz.year
        self.enroll(self.first, self.kz.class_a, date_from="2026-10-01")
        mine = self.kz.student.vshu_enrollment_ids
        self.assertEqual(mine.date_from, year.date_start)
        self.merge(self.first, self.kz.student)
        self.assertEqual(self.first.vshu_enrollment_ids.class_id, self.kz.class_a)
        self.assertEqual(len(self.first.vshu_enrollment_ids), 1)
        self.assertEqual(self.first.vshu_enrollment_ids.date_from, year.date_start)
        self.assertFalse(self.first.vshu_enrollment_ids.date_to)

    def test_contradictions(self):
        """Refused before anything is done, each with what to settle first."""
        kz = self.kz
        self.assertContradiction("at the same time", kz.student, kz.other_student)
        self.assertContradiction("open case of the kind", kz.student, kz.fourth)
        self.assertContradiction("two different entries", kz.student, kz.student)
        self.first.vshu_birth_date = "2013-05-21"
        self.assertContradiction("dates of birth differ", self.first, kz.student)
        self.first.vshu_birth_date = "2013-05-20"
        self.assertContradiction("parent or adult", self.first, kz.guardian.partner_id)
        self.assertContradiction("is a student", kz.guardian.partner_id, self.first, kind="adult")
        other = self.env["vshu.family"].create(
            {"name": "Другая", "company_id": kz.company.id, "member_ids": [Command.link(self.first.id)]}
        )
        self.assertContradiction("different families", self.first, kz.student)
        other.member_ids = False
        mother = self.make_guardian(self.first, "Мать Другая")
        self.assertContradiction("two people as mother", self.first, kz.student)
        mother.kind = "other"
        teacher = kz.users["class_teacher"].partner_id
        self.assertContradiction("user or an employee", self.first, teacher)
        self.merge(self.first, kz.student)

    def test_birth_date_is_chosen(self):
        """Different dates of birth, both given: the one that was chosen stands."""
        self.first.vshu_birth_date = "2013-05-21"
        self.merge(self.first, self.kz.student, birth_from="second")
        self.assertEqual(str(self.first.vshu_birth_date), "2013-05-20")

    def test_other_school(self):
        """Never across schools: the keeper of the one is refused, and the system too."""
        with self.refused(AccessError, ".+"):
            self.merge(self.first, self.ru.student)
        self.enroll(self.first, self.kz.class_b)
        with self.refused(UserError, "different schools"):
            self.first._vshu_merge(self.ru.student, "student")

    def test_constraints_are_asked_again(self):
        """What the checks before do not know is found by the constraints, and nothing is done then."""
        third = self.make_student(self.kz, "Третий")
        category = self.kz.category
        self.env["vshu.category.entry"].create(
            {
                "student_id": third.id,
                "company_id": self.kz.company.id,
                "category_id": category.category_id.id,
                "date_from": category.date_from,
                "document": "Справка 2",
            }
        )
        self.merge(third, self.kz.student)
        self.assertEqual(len(third.vshu_category_ids), 1)
        self.assertIn("Справка 2", third.vshu_category_ids.document)

    def test_queries(self):
        """A statement a field, however many records."""
        self.env["vshu.external.record"].create(
            [
                {"student_id": self.kz.student.id, "company_id": self.kz.company.id, "reason": str(number)}
                for number in range(30)
            ]
        )
        gone, kept = guarded(self.kz.student.sudo()), guarded(self.first.sudo())
        few = guarded(self.make_student(self.kz, "Мало").sudo())
        self.env["vshu.external.record"].create({"student_id": few.id, "company_id": self.kz.company.id})
        self.env.flush_all()
        self.env.invalidate_all()
        counts = []
        for person in (kept, few, gone):  # the first one fills the caches
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            person._vshu_merge_counts()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(abs(counts[1] - counts[2]), 2, counts)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestMergeAdult(MergeCommon):
    """security.md 3: guardians likewise."""

    def test_joined(self):
        """A mother entered twice for two children and one of them: one adult, one link a child."""
        mother = self.kz.guardian
        twin = self.make_guardian(self.kz.other_student, "Мать Тайная-вторая", kind="mother", lang="kk_KZ")
        double = self.make_guardian(self.kz.student, "Мать дважды", kind="other").partner_id
        self.kz.family.adult_ids = [Command.link(mother.partner_id.id), Command.link(twin.partner_id.id)]
        kept, gone = mother.partner_id, twin.partner_id
        before = self.links(gone)
        self.merge(kept, gone, kind="adult")
        self.assertLessEqual(before["vshu.guardian", "partner_id"], self.links(kept)["vshu.guardian", "partner_id"])
        self.assertEqual(twin.partner_id, kept)
        self.assertEqual(self.kz.family.adult_ids, kept)
        self.assertFalse(gone.active)
        self.assertContradiction("set both alike", kept, double, kind="adult")

    def test_same_child_joined(self):
        """The same child and kind: the links are one, what referred to the other goes to it."""
        pupil = self.make_student(self.kz, "Со Двумя")
        link = self.make_guardian(pupil, "Мать Первая", date_from="2026-09-01", document="Свид. 1")
        again = self.env["res.partner"].create({"name": "Мать Первая (ещё раз)"})
        self.env.cr.execute(
            "INSERT INTO vshu_guardian (student_id, partner_id, kind, is_legal, may_receive_papers, document)"
            " VALUES (%s, %s, 'mother', true, true, 'Свид. 2') RETURNING id",
            [pupil.id, again.id],
        )
        other = self.env["vshu.guardian"].browse(self.env.cr.fetchone())
        move = self.kz.family_move
        self.env.cr.execute(
            "INSERT INTO vshu_family_move_ended_rel (move_id, guardian_id) VALUES (%s, %s)", [move.id, other.id]
        )
        self.env.invalidate_all()
        self.merge(link.partner_id, again, kind="adult")
        self.assertEqual(pupil.vshu_guardian_ids, link)
        self.assertFalse(link.date_from)
        self.assertEqual(link.document, "Свид. 2; Свид. 1")
        self.assertEqual(move.ended_ids, link)
        self.assertFalse(other.exists())

    def test_contradictions(self):
        """A mother is no father; a right that one entry denies is not given; a user's entry is the one kept."""
        mother = self.kz.guardian.partner_id
        father = self.make_guardian(self.kz.third, "Отец", kind="father").partner_id
        self.assertContradiction("mother and the other as a father", mother, father, kind="adult")
        denied = self.make_guardian(self.kz.third, "Мать без прав", kind="mother", may_receive_papers=False)
        again = self.make_guardian(self.kz.fourth, "Мать", kind="mother").partner_id
        self.env.cr.execute(
            "INSERT INTO vshu_guardian (student_id, partner_id, kind, is_legal, may_receive_papers)"
            " VALUES (%s, %s, 'mother', true, true)",
            [self.kz.third.id, again.id],
        )
        self.env.invalidate_all()
        self.assertContradiction("Set both alike", denied.partner_id, again, kind="adult")
        teacher = self.kz.users["class_teacher"].partner_id
        self.assertContradiction("keep that entry", mother, teacher, kind="adult")
        body = self.env["res.partner"].create({"name": "КДН", "is_company": True})
        self.assertContradiction("organisation", mother, body, kind="adult")
        self.merge(teacher, mother, kind="adult")
        self.assertEqual(self.kz.guardian.partner_id, teacher)
        self.assertTrue(teacher.active)
