"""Every paper of the register in one language, whoever prints it (screens.md 3, B4)."""

from freezegun import freeze_time
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from ..case.test_flow import TODAY, FlowCommon
from ..paper_languages import PaperLanguages

#: what a user types, in no language
TYPED = "…"


@tagged("post_install", "-at_install")
@freeze_time(f"{TODAY} 12:00:00")
class TestPaperLanguages(PaperLanguages, FlowCommon):
    module = "vshu_registry"
    makers = {
        "action_report_application_signal": "signal_of",
        "action_report_application_case": "case_of",
        "action_report_card": "case_of",
        "action_report_work_sheet": "case_of",
        "action_report_characteristic": "characteristic_of",
        "action_report_survey": "survey_of",
        "action_report_family_card": "family_of",
        "action_report_journal": "entry_of",
        "action_report_notice": "notice_of",
        "action_report_petition": "petition_of",
        "action_report_transfer": "transfer_of",
        "action_report_transfer_receipt": "transfer_of",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls("setUp")
        cls.kz.student.name = "Ахметов Арман"
        cls.guardian = cls.make_guardian(cls.kz.student, "Мадина", may_receive_papers=True)
        cls.made, cls.gone = {}, {}
        for lang in ("kk_KZ", "ru_RU"):
            cls.kz.school.paper_lang = lang
            cls.made[lang] = self.placed()
            cls.gone[lang] = self.placed()

    def placed(self):
        """Return a case on the register about a pupil of its own, without a word that anybody has typed."""
        student = self.make_student(self.kz, "Ахметов Арман", self.kz.class_a)
        case = self.kz_case(student_id=student.id, description=TYPED, measures_taken=TYPED)
        self.make_guardian(student, "Мадина", may_receive_papers=True)
        self.decide(self.kz, case, "kz_kind_4_place", months=3, number="3")
        return case

    def case_of(self, lang):
        """What is made up as it is printed: in the school's language, or in the reader's where the school has it."""
        self.kz.school.paper_lang = lang
        return self.kz, "deputy_head", self.made[lang]

    def signal_of(self, lang):
        return self.kz, "deputy_head", self.made[lang].signal_ids

    def form_of(self, model, lang):
        case = self.made[lang]
        doctype = self.kz.school.regulation_id.document_type_ids.filtered(lambda t: t.form == model)[:1]
        paper = self.env["vshu.document"].create({"case_id": case.id, "type_id": doctype.id})
        other = "kk_KZ" if lang == "ru_RU" else "ru_RU"
        own = self.env[f"vshu.{model}"].with_context(lang=other)
        required = {
            name: TYPED
            for name, field in own._fields.items()
            if field.required and field.store and field.type in ("char", "text")
        }
        return self.kz, "deputy_head", own.create({**required, "document_id": paper.id, "lang": lang}).sudo()

    def characteristic_of(self, lang):
        return self.form_of("characteristic", lang)

    def survey_of(self, lang):
        return self.form_of("survey", lang)

    def family_of(self, lang):
        self.kz.school.paper_lang = lang
        student = self.made[lang].student_id
        family = student.vshu_family_id or self.env["vshu.family"].create(
            {"name": "Ахметов", "company_id": self.kz.company.id, "member_ids": [(4, student.id)]}
        )
        return self.kz, "deputy_head", family

    def entry_of(self, lang):
        """The journal is in the school's language: its rows are frozen in it."""
        self.kz.school.paper_lang = lang
        return self.kz, "deputy_head", self.env["vshu.journal.entry"].search([("case_id", "=", self.made[lang].id)])

    def notice_of(self, lang):
        notice = self.env["vshu.notice"].search(
            [("case_id", "=", self.made[lang].id), ("addressee", "=", "parents"), ("event", "=", "placement")], limit=1
        )
        guarded(notice).write({"lang": lang})
        return self.kz, "deputy_head", notice

    def petition_of(self, lang):
        other = "kk_KZ" if lang == "ru_RU" else "ru_RU"
        case = self.made[lang]
        witnesses = {
            "witness_id": self.kz.teacher_b.id,
            "witness2_id": self.kz.employees["psychologist"].id,
            "partner_ids": case.student_id.vshu_guardian_ids.partner_id.ids,
        }
        self.env["vshu.parent.fact"].create(
            [
                {"case_id": case.id, "kind": fact, "note": TYPED, **witnesses}
                for fact in ("refused", "no_measures", "harm", "no_contact")
            ]
        )
        kind = case._petition_kinds()[:1]
        petition = (
            self.env["vshu.petition"]
            .with_context(lang=other, default_case_id=self.made[lang].id)
            .create({"case_id": self.made[lang].id, "kind_id": kind.id, "lang": lang})
        )
        return self.kz, "deputy_head", petition

    def transfer_of(self, lang):
        found = self.env["vshu.transfer"].search([("case_id", "=", self.gone[lang].id)])
        if not found:
            guarded(self.gone[lang])._close(self.ref("kz_reason_19_3"), TODAY)
            found = self.env["vshu.transfer"].search([("case_id", "=", self.gone[lang].id)])
        guarded(found).write({"lang": lang})
        other = "kk_KZ" if lang == "ru_RU" else "ru_RU"
        self.as_(self.kz, "deputy_head", found).with_context(lang=other).action_refresh()
        return self.kz, "deputy_head", found
