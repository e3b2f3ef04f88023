"""A move to the other kind is a removal and a placement by one decision: both sets of conditions hold (law.md 1)."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import GUARD

from .test_flow import TODAY, FlowCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestLawConversion(FlowCommon):
    """law.md 1: RU-3.2 (consent), RU-4.2 (basis), RU-7.1 and RU-8 (reason), RU-9.2 and RU-9.3 (papers)."""

    def stay(self, kind, ground, subject="student", basis=None):
        """Return a running stay of the RU school, placed by the council with all its papers."""
        family = self.env["vshu.family"].create({"name": "Петровы", "company_id": self.ru.company.id})
        signal = self.signal(
            self.ru,
            "social_pedagogue",
            intake_kind="submission",
            kind=kind,
            subject=subject,
            student_id=self.ru.student.id if subject == "student" else False,
            family_id=family.id if subject == "family" else False,
            ground_id=self.ref(ground).id,
        )
        self.as_(self.ru, "social_pedagogue", signal).action_submit()
        case = signal.sudo().case_id
        if case.consent_needed:
            self.as_(self.ru, "head", case).action_consent()
        self.all_papers(case, "placement")
        kinds = case._allowed_decision_kinds().filtered(lambda k: k.effect == "place")
        self.decide(
            self.ru, case, kinds[0].get_external_id()[kinds[0].id].split(".")[1], form="ru_form_council_minutes"
        )
        return case

    def decree(self):
        """Return a stay on the register by a decree of the commission."""
        signal = self.notice(self.ru)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        case = signal.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12")
        return case

    def convert(self, case, kind, reason=None, **vals):
        """Record the council's decision to move the case to ``kind``."""
        return self.decide(
            self.ru,
            case,
            f"ru_kind_convert_{kind}",
            form="ru_form_council_minutes",
            removal_reason_id=self.ref(reason).id if reason else False,
            **vals,
        )

    def test_nothing_submitted(self):
        """Without a submission of the new stay, a reason and a proposal there is no move, in either direction."""
        for case, kind, ground, clause in (
            (self.stay("control", "ru_ground_6_1_1"), "register", "ru_ground_3_2_3", "RU-9.3"),
            (self.stay("control", "ru_ground_6_2_2", "family"), "register", "ru_ground_3_3_1", "RU-9.3"),
        ):
            with self.subTest(kind=kind, subject=case.subject):
                self.assertRefused(
                    ["has not been submitted", "nobody has proposed", clause],
                    self.convert,
                    case,
                    kind,
                    "ru_reason_8_5",
                    ground_id=self.ref(ground).id,
                )
                self.assertEqual(case.state, "active")

    def test_control_to_register_needs_consent(self):
        """RU-3.2: on a ground of 3.2 nobody is placed without the head's consent on record, by a move neither."""
        case = self.stay("control", "ru_ground_6_1_1")
        new = self.to_move(self.ru, case, "register", "ru_ground_3_2_3", "ru_reason_8_5")
        new.with_context(vshu_guard=GUARD).write({"consent": False})
        self.assertRefused(["consent", "RU-3.2"], self.convert, case, "register", "ru_reason_8_5")
        with self.refused(AccessError, "may not do this"):
            self.as_(self.ru, "social_pedagogue", new).action_consent()
        self.as_(self.ru, "head", new).action_consent()
        self.convert(case, "register", "ru_reason_8_5")
        self.assertEqual((case.state, case.removal_reason_id.code), ("closed", "8.5"))
        self.assertEqual((new.state, new.route_id.code, new.converted_from_id), ("active", "5.2.council", case))
        self.assertEqual((new.date_placed, case.date_removed), (TODAY, TODAY))

    def test_no_application_that_nobody_made(self):
        """RU-4.2: the basis is that of the paper that came in; on 3.1 nobody is placed on a submission of the staff."""
        case = self.stay("control", "ru_ground_6_1_1")
        with self.refused(AccessError, "may not do this with this kind of signal"):
            self.to_move(self.ru, case, "register", "ru_ground_3_1_1", "ru_reason_8_5")
        self.assertFalse(self.env["vshu.case"].search([("student_id", "=", self.ru.student.id), ("id", "!=", case.id)]))
        # an application that the parents did make is a basis
        signal = self.signal(
            self.ru, "social_pedagogue", intake_kind="application", ground_id=self.ref("ru_ground_3_1_1").id
        )
        self.as_(self.ru, "social_pedagogue", signal).action_submit()
        new = signal.sudo().case_id
        self.as_(self.ru, "social_pedagogue", case)._propose_removal(self.ref("ru_reason_8_5"))
        self.all_papers(case, "removal", self.ref("ru_reason_8_5"))
        self.convert(case, "register", "ru_reason_8_5")
        self.assertEqual((new.state, new.basis_id.code, new.route_id.code), ("active", "4.2a.3", "4.2a.council"))
        self.assertEqual(new.signal_ids.basis_id, new.basis_id)
        self.assertNotIn(new, self.env["vshu.case"]._findings()["conversion"])

    def test_register_to_control_needs_papers(self):
        """RU-9.2: each paper of control is asked for; RU-7.1: the reason is one that the register knows."""
        case = self.decree()
        new = self.to_move(self.ru, case, "control", "ru_ground_6_1_1", "ru_reason_7_1_v")
        for code in ("ru_document_9_2_1", "ru_document_9_2_2", "ru_document_9_2_3"):
            paper = new.document_ids.filtered(lambda d, c=code: d.type_id == self.ref(c))
            paper.write({"on_paper": False, "date": False})
            self.assertRefused(["RU-9.2"], self.convert, case, "control", "ru_reason_7_1_v")
            paper.write({"on_paper": True, "date": TODAY})
        for reason in ("ru_reason_convert_register", "ru_reason_8_1", "ru_reason_7_1_b"):
            self.assertRefused(["is no reason"], self.convert, case, "control", reason)
        self.assertRefused(["choose the reason"], self.convert, case, "control")
        self.assertRefused(["RU-7.1 к)"], self.convert, case, "control", "ru_reason_7_1_k")
        self.convert(case, "control", "ru_reason_7_1_v")
        self.assertEqual((case.state, case.removal_reason_id), ("closed", self.ref("ru_reason_7_1_v")))
        self.assertEqual((new.state, new.kind), ("active", "control"))
        self.assertIn(case.removal_reason_id, case.regulation_id.removal_reason_ids)

    def test_removal_papers(self):
        """RU-9.3, RU-7.3: what a removal needs is asked for by a move as well."""
        for kind, ground, target, other, reason, clause in (
            ("control", "ru_ground_6_1_1", "register", "ru_ground_3_2_3", "ru_reason_8_5", "RU-9.3"),
            ("register", "ru_ground_3_2_4", "control", "ru_ground_6_1_3", "ru_reason_7_1_zh", "RU-7.3"),
        ):
            with self.subTest(kind=kind), self.cr.savepoint() as savepoint:
                case = self.stay(kind, ground)
                self.to_move(self.ru, case, target, other, reason)
                case.document_ids.filtered(lambda d: d.stage == "removal").write({"on_paper": False, "date": False})
                self.assertRefused([clause], self.convert, case, target, reason)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_body(self):
        """RU-6, RU-9.1: only the council moves a case; the head's order does not."""
        case = self.stay("register", "ru_ground_3_2_4")
        self.to_move(self.ru, case, "control", "ru_ground_6_1_3", "ru_reason_7_1_zh")
        with self.assertRaises(UserError):
            self.decide(
                self.ru,
                case,
                "ru_kind_convert_control",
                form="ru_form_order",
                removal_reason_id=self.ref("ru_reason_7_1_zh").id,
            )
        self.assertEqual(case.state, "removal_proposed")

    def test_families(self):
        """RU-3.3, RU-6.2: the same for families, there and back."""
        case = self.stay("control", "ru_ground_6_2_2", "family")
        new = self.moved(self.ru, case, "register", "ru_ground_3_3_1", "ru_reason_8_5")
        self.assertEqual(
            (new.state, new.kind, new.subject, new.family_id), ("active", "register", "family", case.family_id)
        )
        back = self.moved(self.ru, new, "control", "ru_ground_6_2_2", "ru_reason_7_1_l")
        self.assertEqual((back.state, back.kind, back.converted_from_id), ("active", "control", new))
        self.assertEqual(back.previous_case_id, case, "repeated within the kind")

    def test_nothing_counts_twice(self):
        """The child is on one list: the old stay ends on the day on which the new one begins, each with its number."""
        case = self.stay("register", "ru_ground_3_2_4")
        new = self.moved(self.ru, case, "control", "ru_ground_6_1_3", "ru_reason_7_1_zh")
        staying = self.env["vshu.case"].search(
            [("student_id", "=", self.ru.student.id), ("state", "in", ("active", "removal_proposed"))]
        )
        self.assertEqual(staying, new)
        self.assertNotEqual(case.number, new.number)
        self.assertFalse(case._converted() - case)
        self.assertEqual(case._converted(), case)

    def test_found_in_old_data(self):
        """Stays that were moved past the law before are listed for the keeper, and stay as they are."""
        case = self.stay("control", "ru_ground_6_1_1")
        new = self.moved(self.ru, case, "register", "ru_ground_3_2_3", "ru_reason_8_5")
        cases = self.env["vshu.case"]
        self.assertFalse(cases._findings()["conversion"] & (case | new))
        case.with_context(vshu_guard=GUARD).write({"removal_reason_id": self.ref("ru_reason_convert_control").id})
        self.assertIn(case, cases._findings()["conversion"])
        case.with_context(vshu_guard=GUARD).write({"removal_reason_id": self.ref("ru_reason_8_5").id})
        new.with_context(vshu_guard=GUARD).write({"consent": False})
        self.assertIn(new, cases._findings()["conversion"])
        self.assertEqual(new.date_placed, date(2026, 10, 14))
