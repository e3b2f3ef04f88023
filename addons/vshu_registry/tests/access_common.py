"""Who is who and what is there, for the tests of rights: every role, two schools, records of every kind in each."""

import base64

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from odoo.addons.vshu_registry.tools.guard import guarded

from .case.test_flow import TODAY, FlowCommon
from .common import ROLES

#: names and words that must never leave the circle of those who may know
SECRET = "Секретное слово о ребёнке"


class AccessCommon(FlowCommon):
    """``self.kz`` and ``self.ru`` get more people and, by :meth:`fill`, records of every kind.

    People beside the roles: curator (a subject teacher by group), user_b (class teacher of the other class), plain
    (any employee), portal, public.
    """

    #: everybody whom the tables of rights name, in their order
    everybody = (*ROLES, "curator", "class_teacher_b", "plain", "portal", "public")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for bag in (cls.kz, cls.ru):
            cls.add_people(bag)

    @classmethod
    def add_people(cls, bag):
        """Add the people whose rights do not come from a role of their own."""
        bag.users["class_teacher_b"], bag.employees["class_teacher_b"] = bag.user_b, bag.teacher_b
        bag.users["curator"], bag.employees["curator"] = cls.make_user(bag, "subject_teacher", f"{bag.code}_curator")
        for login, group in (("plain", "base.group_user"), ("portal", "base.group_portal")):
            bag.users[login] = new_test_user(
                cls.env,
                f"{bag.code}_{login}",
                groups=group,
                company_id=bag.company.id,
                company_ids=[Command.set(bag.company.ids)],
            )
        bag.users["public"] = cls.env.ref("base.public_user")

    @classmethod
    def fill(cls, bag):
        """Make a record of every kind in the school ``bag``;
        all is about ``student`` unless its name says otherwise."""
        self = cls("setUp")
        kz = bag.code == "kz"
        code = bag.code
        bag.third = cls.make_student(bag, "Третий Ученик", bag.class_a)
        bag.fourth = cls.make_student(bag, "Четвёртый Ученик", bag.class_a)
        bag.family = cls.env["vshu.family"].create(
            {
                "name": f"Семья Тайных {code}",
                "company_id": bag.company.id,
                "note": SECRET,
                "member_ids": [Command.link(bag.student.id)],
            }
        )
        bag.guardian = bag.student.vshu_guardian_ids.filtered(lambda g: g.kind == "mother") or cls.make_guardian(
            bag.student, f"Мать Тайная {code}"
        )
        bag.guardian_b = cls.make_guardian(bag.other_student, f"Отец Тайный {code}", kind="father")
        bag.category = cls.env["vshu.category.entry"].create(
            {"student_id": bag.student.id, "company_id": bag.company.id, "category_id": cls.make_category(bag).id}
        )
        bag.external = cls.env["vshu.external.record"].create(
            {"student_id": bag.student.id, "company_id": bag.company.id, "reason": SECRET}
        )
        curator = {"curator_id": bag.employees["curator"].id}
        bag.case = self.make_case(bag, bag.student, **curator)
        bag.case_b = self.make_case(bag, bag.other_student, curator_id=bag.teacher_b.id)
        bag.case_closed = self.make_case(bag, bag.third, **curator)
        guarded(bag.case_closed)._close(self.ref("kz_reason_19_1" if kz else "ru_reason_7_1_k"), TODAY)
        bag.case_draft = cls.env["vshu.case"].create(
            {"company_id": bag.company.id, "student_id": bag.fourth.id, "reason": SECRET, **curator}
        )
        bag.decision = bag.case.placement_decision_id
        bag.term = bag.case.term_ids
        bag.entry = cls.env["vshu.journal.entry"].search([("case_id", "=", bag.case.id)])
        bag.correction = self.as_(bag, "social_pedagogue", cls.env["vshu.journal.correction"]).create(
            {"entry_id": bag.entry.id, "field_name": "curator", "new_value": SECRET, "reason": "описка"}
        )
        types = bag.school.regulation_id.document_type_ids
        bag.document = cls.env["vshu.document"].create(
            {
                "case_id": bag.case.id,
                "type_id": types.filtered(lambda t: t.role_id.code == "class_teacher")[0].id,
                "note": SECRET,
            }
        )
        bag.document_office = cls.env["vshu.document"].create(
            {"case_id": bag.case.id, "type_id": types.filtered(lambda t: t.role_id.code == "social_pedagogue")[0].id}
        )
        for form, who in (("characteristic", "class_teacher"), ("survey", "social_pedagogue")):
            doctype = types.filtered(lambda t, f=form: t.form == f)[0]
            paper = cls.env["vshu.document"].create({"case_id": bag.case.id, "type_id": doctype.id})
            setattr(bag, form, self.as_(bag, who, cls.env[f"vshu.{form}"]).create({"document_id": paper.id}).sudo())
        bag.signal_b = self.as_(bag, "class_teacher_b", cls.env["vshu.signal"]).create(
            {"student_id": bag.other_student.id, "description": SECRET}
        )
        bag.assignment = cls.env["vshu.assignment"].create(
            {
                "name": SECRET,
                "company_id": bag.company.id,
                "case_id": bag.case.id,
                "employee_id": bag.employees["curator"].id,
                "date_due": "2026-11-20",
            }
        )
        bag.deadline = bag.case.deadline_ids[:1] or self.make_deadline(bag)
        bag.deadline.user_id = bag.users["deputy_head"]
        bag.school_term = cls.env["vshu.school.term"].create(
            {
                "year_id": bag.year.id,
                "name": "I",
                "kind": "term",
                "date_start": bag.year.date_start,
                "date_end": "2026-10-25",
            }
        )
        bag.exception = cls.add_exceptions(bag, off=["2026-11-02"])
        bag.standin = cls.make_standin(bag, "psychologist", bag.teacher_b, "2026-12-01", "2026-12-02")
        cls.fill_work(bag)
        return bag

    @classmethod
    def fill_work(cls, bag):
        """Make entries on the work done, the card of the family, a change of guardian."""
        self = cls("setUp")
        talk = self.ref("intervention_kind_talk").id
        entries = cls.env["vshu.intervention"]
        bag.intervention = self.as_(bag, "social_pedagogue", entries).create(
            {"student_id": bag.student.id, "kind_id": talk, "text": SECRET, "result": SECRET, "others": SECRET}
        )
        bag.intervention_b = self.as_(bag, "class_teacher_b", entries).create(
            {"student_id": bag.other_student.id, "kind_id": talk, "text": SECRET}
        )
        bag.family_person = cls.env["vshu.family.person"].create(
            {"family_id": bag.family.id, "name": "Бабушка Тайная", "role": "resident"}
        )
        bag.family_situation = cls.env["vshu.family.situation"].create({"family_id": bag.family.id, "text": SECRET})
        adult = cls.env["res.partner"].create({"name": "Опекун Новый"})
        bag.family_move = (
            cls.env["vshu.family.move"]
            .with_context(allowed_company_ids=bag.company.ids)
            .create(
                {
                    "student_id": bag.third.id,
                    "company_id": bag.company.id,
                    "reason": "guardianship",
                    "document": "Постановление № 5",
                    "partner_id": adult.id,
                    "kind": "guardian",
                }
            )
        )
        bag.finding = cls.make_finding(bag.case)
        bag.own_kind = cls.env["vshu.intervention.kind"].create({"name": "Своё", "company_id": bag.company.id})

    @classmethod
    def make_finding(cls, record):
        """Return a line on ``record`` in the list of what is to be checked."""
        return guarded(cls.env["vshu.finding"])._bring_in_step("trial", [record])

    def make_case(self, bag, student, **vals):
        """Return a case on the register about ``student``, its signal filed by the office."""
        if bag.code == "kz":
            signal = self.signal(
                bag, "deputy_head", student_id=student.id, ground_id=self.ref("kz_ground_18_5").id, description=SECRET
            )
            self.as_(bag, "deputy_head", signal).action_accept()
            case = signal.sudo().case_id
            self.as_(bag, "deputy_head", case).action_submit()
            self.decide(bag, case, "kz_kind_4_place", months=3, text=SECRET, **vals)
        else:
            signal = self.notice(bag, student_id=student.id, description=SECRET)
            self.as_(bag, "social_pedagogue", signal).action_enter()
            case = signal.sudo().case_id
            form = "ru_form_commission_decree"
            self.decide(bag, case, "ru_kind_5_1_place", form=form, date="2026-10-12", text=SECRET, **vals)
        return case

    def make_deadline(self, bag):
        """Return a clock on the school's case, started by the engine's own data."""
        rule = bag.school.regulation_id.deadline_rule_ids.filtered(lambda r: r.model == "vshu.case")[:1]
        return self.env["vshu.deadline"].create(
            {
                "rule_id": rule.id,
                "clause": rule.clause,
                "company_id": bag.company.id,
                "res_model": "vshu.case",
                "res_id": bag.case.id,
                "case_id": bag.case.id,
                "reference": bag.case.display_name,
                "event": rule.event,
                "met_event": rule.met_event,
                "direction": rule.direction,
                "offset": rule.offset,
                "unit": rule.unit,
                "first_day": rule.first_day,
                "day_off": rule.day_off,
                "date_event": TODAY,
                "date_due": "2026-11-20",
            }
        )

    # -- as somebody -------------------------------------------------------------------------------------------------

    def see(self, bag, who, records):
        """Return ``records`` as ``who`` of the school sees them, nothing in the cache."""
        records.env.flush_all()
        records.env.invalidate_all()
        user = bag.users[who]
        return records.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)

    def may(self, function, *args, **kwargs):
        """Tell whether the call of a record's method goes through; whatever it did is taken back.

        As in a request, the transaction is the user's: One2many commands on contacts fall back on its user.
        """
        transaction = self.env.transaction
        transaction.default_env = function.__self__.env
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint() as savepoint:
                function(*args, **kwargs)
                self.env.flush_all()
                savepoint.rollback()
        except (AccessError, MissingError, UserError, IntegrityError):
            return False
        finally:
            transaction.default_env = self.env
            self.env.invalidate_all()
        return True

    def make_file(self, bag, who, name="тайна.txt", **vals):
        """Upload a file as the web client does before the form is saved."""
        return self.as_(bag, who, self.env["ir.attachment"]).create(
            {"name": name, "datas": base64.b64encode(SECRET.encode()), **vals}
        )
