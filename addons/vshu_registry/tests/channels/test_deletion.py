"""Nothing of the register is deleted past its own guards, superuser or not (security.md 6)."""

from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.addons.vshu_registry.tools.guard import guarded

from ..access_common import AccessCommon
from ..common import REGISTER
from ..sealed.test_sealed import SealedBuilders

#: refused for everybody once it was used, the superuser too: what the register holds about people and what it did
KEPT = "kept"
#: may go as long as nothing refers to it: settings, lists that are read in, drafts are tested with their own flows
FREE = "free"
EXPECTED = {
    **dict.fromkeys(
        (
            "vshu.assignment",
            "vshu.basis",
            "vshu.case",
            "vshu.case.term",
            "vshu.category.entry",
            "vshu.characteristic",
            "vshu.class",
            "vshu.class.teacher",
            "vshu.deadline",
            "vshu.deadline.rule",
            "vshu.decision",
            "vshu.decision.form",
            "vshu.decision.kind",
            "vshu.document",
            "vshu.document.requirement",
            "vshu.document.type",
            "vshu.enrollment",
            "vshu.enrollment.end.reason",
            "vshu.external.record",
            "vshu.family",
            "vshu.family.move",
            "vshu.family.person",
            "vshu.family.situation",
            "vshu.ground",
            "vshu.ground.category",
            "vshu.guardian",
            "vshu.intervention",
            "vshu.intervention.kind",
            "vshu.journal.correction",
            "vshu.journal.entry",
            "vshu.notice",
            "vshu.notice.rule",
            "vshu.parent.fact",
            "vshu.petition",
            "vshu.petition.kind",
            "vshu.recommendation",
            "vshu.recommendation.line",
            "vshu.regulation",
            "vshu.removal.reason",
            "vshu.role",
            "vshu.route",
            "vshu.school",
            "vshu.school.year",
            "vshu.sealed",
            "vshu.sealed.reading",
            "vshu.signal",
            "vshu.social.category",
            "vshu.standin",
            "vshu.survey",
            "vshu.survey.member",
            "vshu.term.rule",
            "vshu.transfer",
            "vshu.transfer.paper",
        ),
        KEPT,
    ),
    # working days and terms are counted anew; the list of findings is made anew every night
    **dict.fromkeys(("vshu.calendar.exception", "vshu.school.term", "vshu.finding"), FREE),
    # kept for as long as the form of the school says
    **dict.fromkeys(("vshu.import", "vshu.import.line", "vshu.import.column"), FREE),
}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestDeletion(AccessCommon, SealedBuilders):
    """security.md 6: *Delete* of another tool removed enrolments, the guardian, the category."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fill(cls.kz)
        self = cls("setUp")
        bag = cls.kz
        cls.paper = self.file_sealed(bag, bag.case)
        self.as_(bag, "head", cls.paper).action_open()
        cls.recommendation = self.recommend(bag, bag.case, "subject_teacher")
        cls.member = cls.env["vshu.survey.member"].create({"survey_id": bag.survey.id, "name": "Член комиссии"})
        guarded(bag.characteristic).write({"state": "finished"})
        guarded(bag.survey).write({"state": "finished"})
        bag.document.write({"date": "2026-10-14", "on_paper": True})
        cls.env["vshu.parent.fact"].create(
            [
                {
                    "case_id": bag.case.id,
                    "kind": kind,
                    "note": "…",
                    "partner_ids": bag.guardian.partner_id.ids,
                    "witness_id": bag.teacher_b.id,
                    "witness2_id": bag.employees["psychologist"].id,
                }
                for kind in ("refused", "no_measures")
            ]
        )
        cls.petition = guarded(cls.env["vshu.petition"]).create(
            {
                "case_id": bag.case.id,
                "kind_id": cls.env.ref("vshu_registry.kz_petition_17_1").id,
                "partner_id": bag.guardian.partner_id.id,
            }
        )
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE vshu_petition SET state = 'sent' WHERE id = %s", [cls.petition.id])
        cls.env.invalidate_all()
        # all that was made was made long ago
        for name in cls.kept():
            cls.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_date = %s",
                    SQL.identifier(cls.env[name]._table),
                    cls.env.cr.now() - timedelta(days=3),
                )
            )

    @classmethod
    def kept(cls):
        return [name for name, what in EXPECTED.items() if what == KEPT and name in cls.env]

    def used(self, name):
        """Return records of the model that were more than a draft."""
        records = self.env[name].sudo().with_context(active_test=False)
        bag = self.kz
        special = {
            "vshu.case": lambda: bag.case | bag.case_closed,
            "vshu.class": lambda: bag.class_a,
            "vshu.decision": lambda: bag.decision,
            "vshu.document": lambda: bag.document,
            "vshu.enrollment.end.reason": lambda: self.ref("end_reason_guess"),
            "vshu.intervention.kind": lambda: bag.intervention.kind_id,
            "vshu.regulation": lambda: bag.school.regulation_id,
            "vshu.role": lambda: self.ref("role_social_pedagogue"),
            "vshu.signal": lambda: bag.case.signal_ids if "signal_ids" in bag.case._fields else records,
        }
        if name == "vshu.enrollment.end.reason":
            reason = self.ref("end_reason_moved")
            pupil = self.make_student(bag, "Ушедший")
            self.enroll(pupil, bag.class_a, date_to="2026-10-01", reason=reason)
            return reason
        if name == "vshu.transfer":
            return self.transfer()
        if name == "vshu.transfer.paper":
            return self.transfer().paper_ids
        if name == "vshu.recommendation.line":
            guarded(self.recommendation.line_ids.sudo()).write({"date_done": "2026-10-14"})
            return self.recommendation.line_ids
        if name == "vshu.family":
            return bag.family
        found = (
            special[name]()
            if name in special
            else records.search([("company_id", "=", bag.company.id)])
            if ("company_id" in records._fields and records._fields["company_id"].store)
            else records.search([])
        )
        if "regulation_id" in records._fields and not found:
            found = records.search([("regulation_id", "=", bag.school.regulation_id.id)])
        return found

    def transfer(self):
        """Return a hand-over that was sent."""
        if not hasattr(self, "_transfer"):
            case = guarded(self.kz.case_closed.sudo())
            self._transfer = guarded(self.env["vshu.transfer"].sudo()).create(
                {
                    "company_id": self.kz.company.id,
                    "case_id": case.id,
                    "direction": "out",
                    "state": "sent",
                    "subject_name": "…",
                    "regulation_id": case.regulation_id.id,
                }
            )
            guarded(self.env["vshu.transfer.paper"].sudo()).create({"transfer_id": self._transfer.id, "name": "Бумага"})
        return self._transfer

    def test_table_is_complete(self):
        """A new model of the addon fails until somebody says whether it may be deleted."""
        own = {
            name
            for name, cls in self.env.registry.items()
            if cls._original_module in REGISTER and not cls._abstract and not cls._transient
        }
        self.assertEqual(own, {name for name in EXPECTED if name in self.env})

    def test_superuser(self):
        """Each record that was more than a draft, by the superuser, with the words of an uninstallation too."""
        for name in self.kept():
            records = self.env[name].browse(self.used(name).ids)  # without the guard of those who made them
            self.assertTrue(records, f"{name}: nothing to test with")
            for number, record in enumerate(records[:3]):
                for context in ({}, {MODULE_UNINSTALL_FLAG: True}, {"vshu_guard": True})[: 1 if number else 3]:
                    with (
                        self.subTest(model=name, context=context),
                        self.assertRaises(UserError),
                        self.env.cr.savepoint(),
                    ):
                        record.sudo().with_context(**context).unlink()
                self.assertTrue(record.exists(), name)

    def test_people(self):
        """Pupils, parents, adults, the school's company and staff: refused, also with the word of an uninstallation."""
        for record in (
            self.kz.student,
            self.kz.guardian.partner_id,
            self.kz.company,
            self.kz.employees["social_pedagogue"],
        ):
            for context in ({}, {MODULE_UNINSTALL_FLAG: True}):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    record.sudo().with_context(**context).unlink()

    def test_by_hand(self):
        """A slip is taken out by who keeps the records, within a day and while nothing refers to it."""
        pupil = self.make_student(self.kz, "Ошибка", self.kz.class_b)
        slip = pupil.vshu_enrollment_ids
        keeper = self.see(self.kz, "administrator", slip)
        with self.refused(UserError, "within a day"):
            slip.sudo().unlink()
        with self.env.cr.savepoint() as saved:
            keeper.unlink()
            saved.rollback()
        self.env.invalidate_all()
        self.env.cr.execute(
            "UPDATE vshu_enrollment SET create_date = %s WHERE id = %s",
            [self.env.cr.now() - timedelta(hours=25), slip.id],
        )
        with self.refused(UserError, "within a day"):
            self.see(self.kz, "administrator", slip).unlink()
        with self.refused(AccessError, ".+"):
            self.see(self.kz, "class_teacher", slip).unlink()
        # a notice names the link: no slip any more
        notice = self.env["vshu.notice"].search([("guardian_id", "!=", False)], limit=1)
        if notice:
            self.env.cr.execute(
                "UPDATE vshu_guardian SET create_date = %s WHERE id = %s", [self.env.cr.now(), notice.guardian_id.id]
            )
            with self.refused(UserError, "nothing refers"):
                self.see(self.kz, "social_pedagogue", notice.guardian_id).unlink()

    def test_along(self):
        """What guards itself does not go along with a parent that may be deleted."""
        case = self.env["vshu.case"].create({"company_id": self.kz.company.id, "student_id": self.kz.third.id})
        kind = self.kz.school.regulation_id.document_type_ids.filtered(lambda t: t.role_id.code == "class_teacher")[0]
        paper = self.env["vshu.document"].create(
            {"case_id": case.id, "type_id": kind.id, "date": "2026-10-14", "on_paper": True}
        )
        self.assertEqual(paper.state, "ready")
        with self.refused(UserError, "part of the file"):
            case.unlink()
        paper.write({"on_paper": False, "date": False})
        case.unlink()
        family = self.env["vshu.family"].create({"name": "Пустая", "company_id": self.kz.company.id})
        self.env["vshu.family.person"].create({"family_id": family.id, "name": "Кто-то", "role": "resident"})
        with self.refused(UserError, "stays on record"):
            family.unlink()

    def test_transitions(self):
        """The register's own transitions hold the guard, which no remote call can send."""
        standin = self.make_standin(self.kz, "head", self.kz.teacher_b, "2026-10-14", "2026-10-20")
        with self.refused(UserError, "stays on record"):
            standin.unlink()
        guarded(standin).unlink()
