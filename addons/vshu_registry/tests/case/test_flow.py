"""The main way: signal or submission or outside paper → journal → extension → removal (issue's acceptance 1 and 2)."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import GUARD

from ..common import VshuCommon

TODAY = date(2026, 10, 14)


class FlowCommon(VshuCommon):
    """Steps of the way, as a user of the role that takes them."""

    def as_(self, bag, role, records):
        """Return ``records`` as seen by the user who holds ``role`` in the school."""
        user = bag.users[role]
        return records.with_user(user).with_context(allowed_company_ids=bag.company.ids)

    def ref(self, name):
        return self.env.ref(f"vshu_registry.{name}")

    def signal(self, bag, role, **vals):
        """File a signal as ``role``."""
        defaults = {
            "company_id": bag.company.id,
            "student_id": bag.student.id,
            "description": "Пропустил три урока, нагрубил учителю.",
            "measures_taken": "Беседа с учеником, звонок матери.",
        }
        return self.as_(bag, role, self.env["vshu.signal"]).create({**defaults, **vals})

    def notice(self, bag, **vals):
        """Enter a commission's decree as the social pedagogue."""
        defaults = {
            "intake_kind": "notice",
            "basis_id": self.ref("ru_basis_4_2a_2").id,
            "form_id": self.ref("ru_form_commission_decree").id,
            "ground_id": self.ref("ru_ground_3_1_1").id,
            "paper_number": "114/2",
            "paper_date": "2026-10-12",
            "date_registered": "2026-10-13",
        }
        return self.signal(bag, "social_pedagogue", **{**defaults, **vals})

    def decide(self, bag, case, kind, role="social_pedagogue", form=None, **vals):
        """Type a decision on ``case`` as ``role`` and carry it out."""
        kind = self.ref(kind)
        decision = self.as_(bag, role, self.env["vshu.decision"]).create(
            {
                "case_id": case.id,
                "kind_id": kind.id,
                "form_id": (self.ref(form) if form else kind.form_ids[:1]).id,
                "number": "3",
                "date": fields_date(vals.pop("date", TODAY)),
                "curator_id": bag.employees["class_teacher"].id,
                **vals,
            }
        )
        decision.action_apply()
        return decision

    def paper(self, case, code, rating=False, **vals):
        """Lay a paper of the type ``code`` into the file."""
        doctype = self.ref(code)
        found = case.sudo().document_ids.filtered(lambda d: d.type_id == doctype and d.state != "ready")[:1]
        values = {"date": TODAY, "on_paper": True, "rating": rating, **vals}
        if found:
            found.write(values)
            return found
        return self.env["vshu.document"].create({"case_id": case.id, "type_id": doctype.id, **values})

    def kz_case(self, **vals):
        """Return a KZ case submitted by the deputy head."""
        signal = self.signal(self.kz, "class_teacher", ground_id=self.ref("kz_ground_18_5").id, **vals)
        self.as_(self.kz, "deputy_head", signal).action_accept()
        case = signal.sudo().case_id
        self.as_(self.kz, "deputy_head", case).action_submit()
        return case

    def kz_active(self, months=3, **vals):
        """Return a KZ case on the register."""
        case = self.kz_case()
        self.decide(self.kz, case, "kz_kind_4_place", months=months, **vals)
        return case

    def all_papers(self, case, stage, reason=None):
        """Lay all required papers of a stage into the file."""
        for requirement in case._requirements(stage, reason).filtered(lambda r: r.need == "required"):
            paper = case.document_ids.filtered(lambda d, r=requirement: d.requirement_id == r)[:1]
            paper.write({"date": fields_today(), "on_paper": True, "rating": "positive" if paper.rated else False})

    def to_move(self, bag, case, kind, ground, reason):
        """Prepare a move of ``case`` to the other kind: the removal proposed, the new stay submitted, all papers."""
        own = self.as_(bag, "social_pedagogue", case)
        own.proposed_reason_id = self.ref(reason)
        own.action_propose_removal()
        self.all_papers(case.sudo(), "removal", self.ref(reason))
        signal = self.signal(
            bag,
            "social_pedagogue",
            intake_kind="submission",
            kind=kind,
            subject=case.subject,
            student_id=case.student_id.id,
            family_id=case.family_id.id,
            ground_id=self.ref(ground).id,
        )
        self.as_(bag, "social_pedagogue", signal).action_submit()
        new = signal.sudo().case_id
        if new.consent_needed:
            self.as_(bag, "head", new).action_consent()
        self.all_papers(new, "placement")
        return new

    def moved(self, bag, case, kind, ground, reason):
        """Move ``case`` to the other kind by a decision of the council; return the new stay."""
        new = self.to_move(bag, case, kind, ground, reason)
        self.decide(
            bag,
            case,
            f"{bag.code}_kind_convert_{kind}",
            form=f"{bag.code}_form_council_minutes",
            removal_reason_id=self.ref(reason).id,
        )
        return new

    def nightly(self):
        """Run the nightly job as Odoo runs it."""
        with self.enter_registry_test_mode():
            self.env.ref("vshu_registry.cron_vshu_nightly").method_direct_trigger()
        self.env.invalidate_all()

    def assertRefused(self, words, function, *args, **kwargs):
        """Assert that the call is refused with a message that holds all of ``words``."""
        with self.assertRaises(UserError) as caught:
            function(*args, **kwargs)
        for word in words:
            self.assertIn(self.cited(word), str(caught.exception))


def fields_today():
    """Return today as Odoo sees it."""
    return Date.today()


def fields_date(value):
    """Return an ISO date of a date or string."""
    return value.isoformat() if isinstance(value, date) else value


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestFlowRu(FlowCommon):
    def test_outside_notice_to_journal(self):
        """RU-5.1: the paper runs for three working days, the journal date is the placement's date."""
        self.make_guardian(self.ru.student)
        signal = self.notice(self.ru)
        deadline = signal.sudo().deadline_ids
        self.assertEqual(deadline.clause, "RU-5.1")
        self.assertEqual(deadline.date_due, date(2026, 10, 16))
        self.assertEqual(deadline.user_id, self.ru.users["social_pedagogue"])
        action = self.as_(self.ru, "social_pedagogue", signal).action_enter()
        self.assertEqual(action["context"]["default_number"], "114/2")
        case = signal.sudo().case_id
        self.decide(
            self.ru, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12", date_journal=TODAY
        )
        self.assertEqual(case.state, "active")
        self.assertEqual(case.date_placed, TODAY)
        self.assertFalse(case.date_end)
        self.assertEqual(case.review_date, date(2027, 1, 14))
        entry = self.env["vshu.journal.entry"].search([("case_id", "=", case.id)])
        self.assertEqual((entry.number, entry.subject_name, entry.class_name), (1, "Петров Иван", "7 «А»"))
        self.assertEqual(signal.sudo().state, "resolved")
        self.assertEqual(deadline.state, "met")
        self.assertEqual(deadline.date_met, TODAY)
        informed = case._parents_notices().deadline_ids
        self.assertEqual(
            (informed.state, informed.date_due, informed.clause), ("open", date(2026, 10, 19), "RU-5.3, RU-A6")
        )
        self.as_(self.ru, "social_pedagogue", case).action_parents_informed()
        self.assertEqual((informed.state, case.date_parents_informed), ("met", TODAY))

    def test_submission_goes_to_council(self):
        """RU-5.2: a class teacher's submission reaches the council at once, ten days run, nobody dismisses it."""
        signal = self.signal(
            self.ru, "class_teacher", intake_kind="submission", ground_id=self.ref("ru_ground_3_2_3").id
        )
        for role in ("deputy_head", "head", "social_pedagogue"):
            view = self.as_(self.ru, role, signal)
            self.assertFalse(view.can_dismiss)
            with self.assertRaises(AccessError):
                view.action_dismiss()
        self.as_(self.ru, "class_teacher", signal).action_submit()
        case = signal.sudo().case_id
        self.assertEqual(case.state, "submitted")
        clock = case.deadline_ids.filtered(lambda d: d.clause == "RU-5.2")
        self.assertEqual(clock.date_due, date(2026, 10, 24))
        self.assertRefused(["RU-5.2"], self.decide, self.ru, case, "ru_kind_5_2_place", form="ru_form_council_minutes")
        self.as_(self.ru, "head", case).action_consent()
        self.decide(self.ru, case, "ru_kind_5_2_place", form="ru_form_council_minutes")
        self.assertEqual(case.state, "active")
        self.assertEqual(case.route_id, self.ref("ru_route_5_2_council"))
        self.assertEqual(clock.state, "met")

    def test_three_outcomes(self):
        """RU-5.2: register, not expedient, not expedient but watched until a day by a curator."""
        for kind, state in (("ru_kind_5_2_decline", "declined"), ("ru_kind_5_2_watch", "watched")):
            with self.subTest(kind=kind):
                signal = self.signal(
                    self.ru,
                    "psychologist",
                    intake_kind="submission",
                    ground_id=self.ref("ru_ground_3_2_2").id,
                    student_id=(self.ru.student if state == "declined" else self.ru.other_student).id,
                )
                self.as_(self.ru, "psychologist", signal).action_submit()
                case = signal.sudo().case_id
                self.decide(self.ru, case, kind)
                self.assertEqual(case.state, state)
                self.assertFalse(case.number)
                self.assertEqual(signal.sudo().author_state, "decided")
        self.assertEqual(case.watch_until, date(2027, 1, 14))
        curator = self.as_(self.ru, "class_teacher", case)
        self.assertRefused(["watch"], curator.action_end_watch)
        curator.watch_result = "Посещает, замечаний нет."
        curator.action_end_watch()
        self.assertEqual(case.state, "closed")

    def test_head_decides_place_only(self):
        """RU-5.2: the head decides by order, directive or resolution, on the register only, with consent stored."""
        signal = self.signal(
            self.ru, "social_pedagogue", intake_kind="submission", ground_id=self.ref("ru_ground_3_2_4").id
        )
        self.as_(self.ru, "social_pedagogue", signal).action_submit()
        case = signal.sudo().case_id
        self.assertRefused([], self.decide, self.ru, case, "ru_kind_5_2_decline", form="ru_form_resolution")
        self.as_(self.ru, "head", case).action_consent()
        self.decide(self.ru, case, "ru_kind_5_2_place", form="ru_form_resolution", role="head")
        self.assertEqual(case.route_id.body, "head")
        self.assertEqual((case.consent_by_id, case.consent_date), (self.ru.users["head"], TODAY))

    def test_control_by_council_only(self):
        """RU-6, RU-9.1: control is decided by the council alone."""
        signal = self.signal(
            self.ru, "class_teacher", intake_kind="submission", kind="control", ground_id=self.ref("ru_ground_6_1_1").id
        )
        self.as_(self.ru, "class_teacher", signal).action_submit()
        case = signal.sudo().case_id
        self.assertEqual(set(case.route_ids.mapped("body")), {"council"})
        self.assertRefused([], self.decide, self.ru, case, "ru_kind_9_1_place", form="ru_form_order")
        self.assertRefused(["RU-9.2"], self.decide, self.ru, case, "ru_kind_9_1_place", form="ru_form_council_minutes")
        for requirement in case._requirements("placement").filtered(lambda r: r.need == "required"):
            self.env["vshu.document"].search(
                [("case_id", "=", case.id), ("requirement_id", "=", requirement.id)]
            ).write({"date": TODAY, "on_paper": True})
        self.decide(self.ru, case, "ru_kind_9_1_place", form="ru_form_council_minutes")
        self.assertEqual((case.state, case.kind, case.number), ("active", "control", 1))
        # control → register by one decision: one stay ends, one begins
        new = self.moved(self.ru, case, "register", "ru_ground_3_2_3", "ru_reason_8_5")
        self.assertEqual((case.state, new.state, new.kind, new.number), ("closed", "active", "register", 2))
        self.assertEqual(case.removal_reason_id, self.ref("ru_reason_8_5"))
        self.assertEqual(
            self.env["vshu.case"].search_count(
                [("student_id", "=", self.ru.student.id), ("state", "in", ("active", "removal_proposed"))]
            ),
            1,
        )

    def test_route_archived_makes_difference(self):
        """The route is data: with its record archived the same notice is refused."""
        self.ref("ru_route_5_1").sudo().active = False
        signal = self.notice(self.ru)
        self.assertFalse(self.as_(self.ru, "social_pedagogue", signal).can_enter)
        with self.assertRaises(AccessError):
            self.as_(self.ru, "social_pedagogue", signal).action_enter()

    def test_rule_archived_makes_difference(self):
        """The clock is data: with its record archived no clock runs."""
        self.ref("ru_rule_5_1").sudo().active = False
        self.assertFalse(self.notice(self.ru).sudo().deadline_ids)

    def test_requirement_archived_makes_difference(self):
        """Required papers are data: with the records archived control is placed without them."""
        signal = self.signal(
            self.ru, "class_teacher", intake_kind="submission", kind="control", ground_id=self.ref("ru_ground_6_1_1").id
        )
        self.as_(self.ru, "class_teacher", signal).action_submit()
        case = signal.sudo().case_id
        case._requirements("placement").sudo().active = False
        self.decide(self.ru, case, "ru_kind_9_1_place", form="ru_form_council_minutes")
        self.assertEqual(case.state, "active")

    def test_reason_archived_makes_difference(self):
        """What ends a stay by itself is data: with the reason of RU-7.1б archived nobody comes off at 18."""
        self.ref("ru_reason_7_1_b").sudo().active = False
        adult = self.make_student(self.ru, "Взрослов Пётр", self.ru.class_b, birth_date="2008-11-01")
        signal = self.notice(self.ru, student_id=adult.id)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        case = signal.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12")
        with freeze_time("2026-11-02 06:00:00"):
            self.nightly()
            self.assertEqual(case.state, "active")

    def test_decision_kind_archived_makes_difference(self):
        """The outcomes are data: with the record of the watch archived it cannot be decided (RU-5.2)."""
        signal = self.signal(
            self.ru, "psychologist", intake_kind="submission", ground_id=self.ref("ru_ground_3_2_2").id
        )
        self.as_(self.ru, "psychologist", signal).action_submit()
        case = signal.sudo().case_id
        self.ref("ru_kind_5_2_watch").sudo().active = False
        self.assertRefused([], self.decide, self.ru, case, "ru_kind_5_2_watch")
        self.assertEqual(case.state, "submitted")

    def test_automatic_end_by_age_and_leaving(self):
        """RU-7.1а, RU-7.1б: the register ends by itself at 18 and with the end of the enrolment; control does not."""
        signal = self.notice(self.ru)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        case = signal.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12")
        self.nightly()
        self.assertEqual(case.state, "active")
        enrollment = self.ru.student.vshu_enrollment_ids
        enrollment.write({"date_to": "2026-11-20", "end_reason_id": self.ref("end_reason_other_school").id})
        with freeze_time("2026-11-24 06:00:00"):  # three nights missed
            self.nightly()
            self.assertEqual((case.state, case.date_removed), ("closed", date(2026, 11, 20)))
            self.assertTrue(case.removal_reason_id.automatic)
            self.assertFalse(case.removal_decision_id)
            self.assertFalse(case.deadline_ids.filtered(lambda d: d.state in ("open", "overdue")))
            self.nightly()
            self.assertEqual(case.date_removed, date(2026, 11, 20))
        adult = self.make_student(self.ru, "Взрослов Пётр", self.ru.class_b, birth_date="2008-11-01")
        signal = self.notice(self.ru, student_id=adult.id)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        case = signal.sudo().case_id
        self.decide(self.ru, case, "ru_kind_5_1_place", form="ru_form_commission_decree", date="2026-10-12")
        with freeze_time("2026-10-31 06:00:00"):
            self.nightly()
            self.assertEqual(case.state, "active")
        with freeze_time("2026-11-01 06:00:00"):
            self.nightly()
            self.assertEqual((case.state, case.date_removed), ("closed", date(2026, 11, 1)))

    def test_bad_input(self):
        """RU-5.1: journal date before the notice, a paper in the future, no ground: refused, nothing changes."""
        self.assertRefused(["the clock runs from it"], self.notice, self.ru, date_registered=False)
        with self.assertRaises(ValidationError):
            self.notice(self.ru, paper_date="2026-10-20", date_registered="2026-10-20")
        signal = self.notice(self.ru, ground_id=False)
        self.assertRefused(["ground"], self.as_(self.ru, "social_pedagogue", signal).action_enter)
        self.assertEqual(signal.sudo().state, "new")
        signal = self.notice(self.ru, student_id=self.ru.other_student.id)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        case = signal.sudo().case_id
        self.assertRefused(
            ["RU-5.1"],
            self.decide,
            self.ru,
            case,
            "ru_kind_5_1_place",
            form="ru_form_commission_decree",
            date="2026-10-12",
            date_journal="2026-10-12",
        )
        self.assertEqual((case.state, case.number), ("draft", 0))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestFlowKz(FlowCommon):
    def test_whole_way(self):
        """KZ: signal → submission → council → register for 3 months → extension → removal;
        refusals name what is missing."""
        signal = self.signal(self.kz, "subject_teacher")
        self.assertEqual(signal.author_state, "received")
        deputy = self.as_(self.kz, "deputy_head", signal)
        deputy.action_accept()
        self.assertEqual(self.as_(self.kz, "subject_teacher", signal).author_state, "in_work")
        case = signal.sudo().case_id
        deputy_case = self.as_(self.kz, "deputy_head", case)
        self.assertRefused(["ground", "KZ-4"], deputy_case.action_submit)
        deputy_case.ground_id = self.ref("kz_ground_18_4")
        with self.assertRaises(AccessError):
            self.as_(self.kz, "social_pedagogue", case).action_submit()
        deputy_case.action_submit()
        self.assertEqual((case.state, case.date_received), ("submitted", TODAY))
        for months in (2, 7):
            self.assertRefused(["KZ-16"], self.decide, self.kz, case, "kz_kind_4_place", months=months)
        self.assertRefused(["future"], self.decide, self.kz, case, "kz_kind_4_place", date="2026-10-15", months=3)
        self.assertRefused(["KZ-4"], self.decide, self.kz, case, "kz_kind_4_place", date="2026-10-13", months=3)
        self.assertEqual((case.state, case.number), ("submitted", 0))
        self.decide(self.kz, case, "kz_kind_4_place", months=3)
        self.assertEqual((case.state, case.date_end, case.number), ("active", date(2027, 1, 14), 1))
        self.assertEqual(self.as_(self.kz, "subject_teacher", signal).author_state, "decided")
        # nobody extends in silence: it comes up, then it is over and undecided
        with freeze_time("2027-01-02 06:00:00"):
            self.nightly()
            self.assertEqual(case.term_status, "expiring")
        with freeze_time("2027-01-20 06:00:00"):
            self.nightly()
            self.assertEqual((case.term_status, case.state, case.date_end), ("over", "active", date(2027, 1, 14)))
            self.assertIn(self.kz.users["head"], case.activity_ids.user_id)
            self.assertRefused(
                ["practice"], self.decide, self.kz, case, "kz_kind_16_extend", date="2027-01-20", months=2
            )
            self.decide(self.kz, case, "kz_kind_16_extend", date="2027-01-20", months=3)
            self.assertEqual((case.term_status, case.date_end), ("running", date(2027, 4, 14)))
            self.assertEqual(case.extension_count, 1)
        with freeze_time("2027-04-10 06:00:00"):
            reason = self.ref("kz_reason_19_1")
            self.assertRefused(
                ["KZ-19"],
                self.decide,
                self.kz,
                case,
                "kz_kind_19_remove",
                date="2027-04-10",
                removal_reason_id=reason.id,
            )
            curator = self.as_(self.kz, "class_teacher", case)
            self.env["vshu.reason"].with_user(self.kz.users["class_teacher"]).create(
                {"case_id": case.id, "action": "propose", "removal_reason_id": reason.id}
            ).action_confirm()
            self.assertEqual(curator.state, "removal_proposed")
            self.assertRefused(
                ["KZ-19"],
                self.decide,
                self.kz,
                case,
                "kz_kind_19_remove",
                date="2027-04-10",
                removal_reason_id=reason.id,
            )
            self.paper(case, "kz_document_19_petition", date="2027-04-09")
            self.paper(case, "kz_document_19_teacher", "positive", date="2027-04-09")
            negative = self.paper(case, "kz_document_19_psychologist", "negative", date="2027-04-09")
            self.assertRefused(
                ["KZ-19", "positive"],
                self.decide,
                self.kz,
                case,
                "kz_kind_19_remove",
                date="2027-04-10",
                removal_reason_id=reason.id,
            )
            negative.rating = "positive"
            self.decide(self.kz, case, "kz_kind_19_remove", date="2027-04-10", removal_reason_id=reason.id)
            self.assertEqual((case.state, case.date_removed), ("closed", date(2027, 4, 10)))
        # KZ-21: a repeated placement is linked
        with freeze_time("2027-05-03 06:00:00"):
            again = self.kz_case()
            self.assertEqual(again.previous_case_id, case)
            self.assertTrue(again.repeated)

    def test_transfer(self):
        """KZ-19, KZ-20: a change of school is decided by the council;
        the record of the work is handed over, receipt awaited."""
        case = self.kz_active()
        self.assertRefused([], self.as_(self.kz, "social_pedagogue", case).action_hand_over)
        keeper = self.as_(self.kz, "social_pedagogue", case)
        keeper.proposed_reason_id = self.ref("kz_reason_19_3")
        keeper.action_propose_removal()
        self.paper(case, "kz_document_19_petition")
        self.decide(self.kz, case, "kz_kind_19_remove", removal_reason_id=self.ref("kz_reason_19_3").id)
        self.assertEqual((case.state, case.transfer_state), ("closed", "to_send"))
        with self.assertRaises(AccessError):
            self.as_(self.kz, "head", case).action_hand_over()
        keeper.action_hand_over()
        self.assertEqual((case.transfer_state, case.transfer_date_sent), ("sent", TODAY))
        keeper.action_confirm_receipt()
        self.assertEqual((case.transfer_state, case.transfer_date_received), ("received", TODAY))

    def test_positive_paper_archived_makes_difference(self):
        """KZ-19's papers are data: with the record of the psychologist's paper archived it is not asked for."""
        case = self.kz_active()
        reason = self.ref("kz_reason_19_1")
        self.as_(self.kz, "class_teacher", case)._propose_removal(reason)
        self.paper(case, "kz_document_19_petition")
        self.paper(case, "kz_document_19_teacher", "positive")
        self.assertRefused(["KZ-19"], self.decide, self.kz, case, "kz_kind_19_remove", removal_reason_id=reason.id)
        self.ref("kz_requirement_19_psychologist").sudo().active = False
        self.decide(self.kz, case, "kz_kind_19_remove", removal_reason_id=reason.id)
        self.assertEqual(case.state, "closed")

    def test_no_end_at_18(self):
        """KZ has no end at 18 and none by leaving: the council decides (KZ-19)."""
        adult = self.make_student(self.kz, "Ересеков Ержан", self.kz.class_a, birth_date="2008-11-01")
        signal = self.signal(self.kz, "class_teacher", student_id=adult.id, ground_id=self.ref("kz_ground_18_1").id)
        self.as_(self.kz, "deputy_head", signal).action_accept()
        case = signal.sudo().case_id
        self.as_(self.kz, "deputy_head", case).action_submit()
        self.decide(self.kz, case, "kz_kind_4_place", months=6)
        with freeze_time("2026-11-05 06:00:00"):
            self.nightly()
            self.assertEqual(case.state, "active")

    def test_dismiss_and_join(self):
        """KZ-4: the deputy head dismisses with a reason that the author reads, or joins to the open case."""
        signal = self.signal(self.kz, "class_teacher", ground_id=self.ref("kz_ground_18_1").id)
        deputy = self.as_(self.kz, "deputy_head", signal)
        with self.assertRaises(UserError):
            deputy._dismiss(" ")
        deputy._dismiss("Вопрос решён беседой.")
        author = self.as_(self.kz, "class_teacher", signal)
        self.assertEqual((author.author_state, author.dismissal_reason), ("decided", "Вопрос решён беседой."))
        case = self.kz_case()
        second = self.signal(self.kz, "subject_teacher")
        self.as_(self.kz, "deputy_head", second)._join(self.as_(self.kz, "deputy_head", case))
        self.assertEqual(second.sudo().case_id, case)
        self.assertEqual(self.as_(self.kz, "deputy_head", second).related_case_ids, case)

    def test_two_open_cases(self):
        """Not two open cases of one kind for one child."""
        self.kz_case()
        signal = self.signal(self.kz, "class_teacher", ground_id=self.ref("kz_ground_18_1").id)
        self.assertRefused(["open case"], self.as_(self.kz, "deputy_head", signal).action_accept)

    def test_not_enrolled(self):
        """A child who is not enrolled in the school on that day is not submitted."""
        stranger = self.make_student(self.kz, "Чужой Ученик")
        signal = self.signal(self.kz, "class_teacher", student_id=stranger.id, ground_id=self.ref("kz_ground_18_1").id)
        self.as_(self.kz, "deputy_head", signal).action_accept()
        case = signal.sudo().case_id
        self.assertRefused(["enrolled"], self.as_(self.kz, "deputy_head", case).action_submit)

    def test_hearing_papers(self):
        """KZ-11: three days before the meeting; a rule before an event without a date does not run."""
        case = self.kz_case()
        self.assertFalse(case.deadline_ids.filtered(lambda d: d.clause == "KZ-11"))
        case.hearing_date = date(2026, 10, 28)
        clock = case.deadline_ids.filtered(lambda d: d.clause == "KZ-11")
        self.assertEqual((clock.date_due, clock.state), (date(2026, 10, 25), "open"))
        case.hearing_date = date(2026, 10, 30)
        self.assertEqual((clock.date_due, clock.date_due_previous), (date(2026, 10, 27), date(2026, 10, 25)))
        for code in ("kz_document_11_1", "kz_document_11_2", "kz_document_11_4"):
            self.paper(case, code)
        self.assertEqual((clock.state, clock.date_met), ("met", TODAY))

    def test_journal_frozen_correction_annulment(self):
        """The row is frozen, corrections keep what stood, annulment by the head only, the number is not reused."""
        case = self.kz_active()
        entry = self.env["vshu.journal.entry"].search([("case_id", "=", case.id)])
        self.kz.student.name = "Другое Имя"
        self.assertEqual(entry.subject_name, "Ахметов Арман")
        keeper_entry = self.as_(self.kz, "social_pedagogue", entry)
        with self.assertRaises(UserError):
            keeper_entry.write({"subject_name": "Иное"})
        correction = self.as_(self.kz, "social_pedagogue", self.env["vshu.journal.correction"]).create(
            {"entry_id": entry.id, "field_name": "subject_name", "new_value": "Ахметов Армат", "reason": "описка"}
        )
        self.assertEqual((entry.subject_name, correction.old_value), ("Ахметов Армат", "Ахметов Арман"))
        with self.assertRaises(AccessError):
            self.as_(self.kz, "social_pedagogue", case)._annul("ошибка")
        self.as_(self.kz, "head", case)._annul("Запись внесена ошибочно.")
        self.assertTrue(entry.annulled)
        second = self.kz_active()
        self.assertEqual(second.number, 2)
        with self.assertRaises(UserError):
            entry.unlink()

    def test_guard_cannot_be_forged(self):
        """State, number and dates are written by the transitions only, whatever the context says."""
        case = self.kz_case()
        for user in (self.kz.users["head"], self.kz.users["deputy_head"], self.env.user):
            forged = case.with_user(user).with_context(vshu_guard=True, allowed_company_ids=self.kz.company.ids)
            for vals in ({"state": "active"}, {"number": 7}, {"consent": True}, {"date_placed": "2026-10-01"}):
                with self.assertRaises(AccessError):
                    forged.write(vals)
        with self.assertRaises(AccessError):
            self.as_(self.kz, "head", self.env["vshu.case"]).create(
                {"student_id": self.kz.other_student.id, "state": "active"}
            )
        self.assertNotEqual(True, GUARD)

    def test_term_rule_archived_makes_difference(self):
        """The term is data: with the rule archived two months are not refused for KZ-16."""
        case = self.kz_case()
        self.ref("kz_term_16").sudo().active = False
        self.decide(self.kz, case, "kz_kind_4_place", months=2)
        self.assertEqual(case.date_end, date(2026, 12, 14))


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestFamilySubmission(FlowCommon):
    """law.md 10: the class teacher submits on a family with a pupil of the own class, as the routes name them (RU-A3,
    RU-5.2, RU-6.2); another teacher does not, and sees nothing of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.family = cls.env["vshu.family"].create(
            {"name": "Петровы", "company_id": cls.ru.company.id, "member_ids": [(4, cls.ru.student.id)]}
        )
        cls.teacher_b = cls.make_user(cls.ru, "class_teacher", "ru_class_teacher_b")
        cls.ru.users["class_teacher_b"], cls.ru.employees["class_teacher_b"] = cls.teacher_b
        cls.make_class(cls.ru, 9, "Б", cls.teacher_b[1])

    def family_routes(self):
        """Return the routes of RU on families that name the class teacher, with a ground of theirs."""
        routes = self.ru.school.regulation_id.route_ids.filtered(
            lambda route: "class_teacher" in route.submitter_role_ids.mapped("code")
        )
        grounds = self.ru.school.regulation_id.ground_ids.filtered(lambda g: g.subject == "family")
        return [
            (route, ground)
            for route in routes
            for ground in grounds.filtered(lambda g, r=route: g.category_id in r.category_ids and g.kind == r.kind)[:1]
        ]

    def file(self, role, route, ground):
        basis = route.basis_ids.filtered(lambda b: b.intake_kind in ("submission", "appeal"))[:1]
        return self.signal(
            self.ru,
            role,
            subject="family",
            family_id=self.family.id,
            student_id=False,
            kind=route.kind,
            intake_kind=basis.intake_kind,
            basis_id=basis.id,
            ground_id=ground.id,
        )

    def test_all_routes(self):
        """Every route on families that names the class teacher is open to the one of a child of the family."""
        tried = 0
        for route, ground in self.family_routes():
            if not route.basis_ids.filtered(lambda b: b.intake_kind in ("submission", "appeal")):
                continue
            tried += 1
            with self.subTest(route=route.code), self.env.cr.savepoint() as savepoint:
                with self.refused(AccessError, ""):
                    self.file("class_teacher_b", route, ground).action_submit()
                signal = self.file("class_teacher", route, ground)
                self.assertTrue(signal.can_submit)
                signal.action_submit()
                case = signal.sudo().case_id
                self.assertEqual((case.state, case.family_id), ("submitted", self.family))
                teacher = self.as_(self.ru, "class_teacher", case)
                self.assertTrue(teacher.has_access("read"))
                self.assertIn("class_teacher", teacher.my_roles)
                self.assertFalse(teacher.has_access("write"))
                self.assertFalse(self.as_(self.ru, "class_teacher_b", case).has_access("read"))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertGreater(tried, 1)

    def test_what_the_teacher_sees(self):
        """The open case of the family, its papers to give, as of a pupil of the class; nothing once it is over, or once
        the child is in the class no more."""
        route, ground = next(pair for pair in self.family_routes() if pair[0].code == "6.2")
        signal = self.file("class_teacher", route, ground)
        signal.action_submit()
        case = signal.sudo().case_id
        paper = case.document_ids.filtered(lambda d: d.type_id.role_id.code == "class_teacher")[:1]
        own = self.as_(self.ru, "class_teacher", paper)
        self.assertTrue(own.is_mine)
        own.write({"date": TODAY, "on_paper": True})
        self.assertEqual(paper.state, "ready")
        self.assertFalse(self.as_(self.ru, "class_teacher_b", paper).has_access("read"))
        users = case._deadline_role_users("class_teacher", TODAY)
        self.assertEqual(users[case.id], self.ru.users["class_teacher"])
        moved = {"date_to": "2026-10-13", "end_reason_id": self.ref("end_reason_other_class").id}
        self.ru.student.vshu_enrollment_ids.write(moved)
        self.env.invalidate_all()
        self.assertFalse(self.as_(self.ru, "class_teacher", case).has_access("read"))
