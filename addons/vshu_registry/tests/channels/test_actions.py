"""Every method that can be called from outside × everybody: who may, in the state in which its button shows.

Called as the web client and the API call it. Who may not is refused, and nothing has changed. A new public method of
the addon that is not in the table fails the test.
"""

import base64
import inspect
from contextlib import contextmanager

from freezegun import freeze_time
from odoo import fields
from odoo.api import Environment
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.vshu_import.tests.import_common import make_csv
from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_transfer.tools import transfer_package

from ..access_common import AccessCommon
from ..case.test_flow import TODAY
from ..common import REGISTER, slow
from ..sealed.test_sealed import SealedBuilders
from .test_access import OFFICE, READERS, STAFF

#: methods of Odoo that models of the addon override; rights: test_access, test_channels, test_links, test_leaving
CRUD = {"create", "write", "unlink", "copy", "message_post", "onchange", "default_get", "action_archive"}
CASE_READERS = (*READERS, "class_teacher", "curator")
ALL_STAFF = (*STAFF, "curator", "class_teacher_b")
PEOPLE = (*ALL_STAFF, "administrator")
INTERNAL = (*PEOPLE, "plain")
SENDERS = ("social_pedagogue", "deputy_head")
KEEPERS = ("social_pedagogue", "administrator")
LIST_KEEPERS = ("social_pedagogue", "administrator")

#: (model, method) → {state in which its button shows: who may}; the state is the name of a builder below
ACTIONS = {
    # signals
    ("vshu.signal", "action_accept"): {"kz_signal": ("deputy_head",), "ru_application": (), "ru_submission": ()},
    ("vshu.signal", "action_dismiss"): {"kz_signal": ("deputy_head",), "ru_submission": ()},
    ("vshu.signal", "action_join"): {"kz_signal": OFFICE, "ru_notice": OFFICE},
    ("vshu.signal", "action_enter"): {"ru_notice": OFFICE, "kz_signal": ()},
    ("vshu.signal", "action_submit"): {
        # of those whom the route names: a class teacher for the own class only
        "ru_submission": ("class_teacher", "psychologist", "social_pedagogue"),
        "ru_submission_office": ("psychologist", "social_pedagogue"),
        "ru_application": READERS,
        "kz_signal": (),
    },
    ("vshu.signal", "action_open_case"): {"kz_signal_in_work": (*READERS, "class_teacher")},
    # what is to be checked
    ("vshu.finding", "action_open_record"): {"kz_finding": OFFICE},
    ("vshu.finding", "action_keep"): {"kz_finding": OFFICE, "kz_finding_kept": ()},
    ("vshu.finding", "action_reopen"): {"kz_finding_kept": OFFICE, "kz_finding": ()},
    # cases
    ("vshu.case", "action_submit"): {"kz_draft": ("deputy_head",)},
    ("vshu.case", "action_consent"): {"ru_submitted": ("head",)},
    ("vshu.case", "action_decide"): {
        "kz_submitted": OFFICE,
        "kz_active": OFFICE,
        "kz_proposed": OFFICE,
        "ru_draft_outside": OFFICE,
    },
    ("vshu.case", "action_propose_removal"): {
        "kz_active": ("class_teacher", "curator", "social_pedagogue", "deputy_head"),
    },
    ("vshu.case", "action_withdraw_proposal"): {
        "kz_proposed": ("class_teacher", "curator", "social_pedagogue", "deputy_head"),
    },
    ("vshu.case", "action_resubmit"): {"kz_watched": ("deputy_head",)},
    ("vshu.case", "action_end_watch"): {"kz_watched": ("curator", "social_pedagogue", "deputy_head")},
    ("vshu.case", "action_parents_informed"): {"kz_active": ("curator", *OFFICE)},
    ("vshu.case", "action_reviewed"): {"kz_active": ("curator", *OFFICE)},
    ("vshu.case", "action_annul"): {"kz_active": ("head",), "kz_watched": ("head",), "kz_closed": ("head",)},
    ("vshu.case", "action_hand_over"): {"kz_moved": ("social_pedagogue", "deputy_head")},
    ("vshu.case", "action_confirm_receipt"): {"kz_moved_sent": ("social_pedagogue", "deputy_head")},
    ("vshu.case", "action_who_can_see"): {"kz_active": CASE_READERS, "kz_closed": READERS},
    ("vshu.case", "action_open"): {"kz_active": CASE_READERS, "kz_closed": READERS},
    ("vshu.case", "action_open_entry"): {"kz_active": READERS},
    ("vshu.case", "action_open_deadlines"): {"kz_active": CASE_READERS},
    ("vshu.case", "action_open_readiness"): {"kz_active": CASE_READERS, "kz_closed": READERS},
    ("vshu.case", "action_open_recommendations"): {"kz_active": CASE_READERS},
    # hand-overs
    ("vshu.case", "action_prepare_transfer"): {"kz_moved": SENDERS, "kz_moving": SENDERS},
    ("vshu.case", "action_open_transfers"): {"kz_gone": OFFICE},
    ("vshu.transfer", "action_refresh"): {"kz_transfer": OFFICE},
    ("vshu.transfer", "action_decide_sealed"): {"kz_transfer": ("head",)},
    ("vshu.transfer", "action_send"): {"kz_transfer": SENDERS},
    ("vshu.transfer", "action_cancel"): {"kz_transfer_sent": SENDERS},
    ("vshu.transfer", "action_download"): {"kz_transfer_sent": OFFICE, "kz_transfer_sealed": ("deputy_head", "head")},
    ("vshu.transfer", "action_enter_receipt"): {"kz_transfer_sent": SENDERS},
    ("vshu.transfer", "action_refuse"): {"kz_transfer_sent": SENDERS, "kz_transfer_in": OFFICE},
    ("vshu.transfer", "action_confirm_receipt"): {"kz_transfer_in": OFFICE},
    ("vshu.transfer", "action_annul"): {"kz_transfer_confirmed": ("deputy_head", "head")},
    ("vshu.transfer", "action_open_case"): {"kz_transfer_in": OFFICE},
    ("vshu.transfer", "action_open"): {"kz_transfer_sent": OFFICE},
    ("vshu.transfer", "action_print"): {"kz_transfer": OFFICE, "kz_transfer_in": OFFICE},
    ("vshu.transfer", "action_print_receipt"): {"kz_transfer_confirmed": OFFICE},
    ("vshu.transfer.dialog", "action_confirm"): {
        "dialog_receipt": SENDERS,
        "dialog_refuse": SENDERS,
        "dialog_sealed": ("head",),
    },
    ("vshu.transfer.import", "action_preview"): {"transfer_import": OFFICE},
    ("vshu.transfer.import", "action_confirm"): {"transfer_import": OFFICE},
    ("vshu.transfer.import", "action_back"): {"transfer_import": OFFICE},
    ("vshu.case", "action_open_notices"): {"kz_active": CASE_READERS},
    # notices: to parents the curator too; who is told inside acknowledges alone
    ("vshu.notice", "action_send"): {"kz_notice": ("curator", *OFFICE), "ru_notice_sender": OFFICE},
    ("vshu.notice", "action_acknowledge"): {
        "kz_notice_sent": ("curator", *OFFICE),
        "kz_notice_teacher": ("class_teacher",),
        "ru_notice_head": ("head",),
    },
    ("vshu.notice", "action_refuse"): {"kz_notice_sent": ("curator", *OFFICE), "ru_notice_sender": OFFICE},
    ("vshu.notice", "action_not_needed"): {"kz_notice_other": OFFICE},
    ("vshu.notice", "action_print"): {"kz_notice": ("curator", *OFFICE), "ru_notice_sender": OFFICE},
    ("vshu.notice.mark", "action_confirm"): {
        "mark_send": ("curator", *OFFICE),
        "mark_acknowledge": ("curator", *OFFICE),
        "mark_refuse": ("curator", *OFFICE),
        "mark_skip": OFFICE,
    },
    # decisions, papers, assignments, clocks
    ("vshu.decision", "action_apply"): {"kz_decision": OFFICE, "ru_decision": OFFICE},
    ("vshu.document", "action_there"): {
        "kz_document": ("class_teacher", "curator", *OFFICE),
        "kz_document_office": OFFICE,
        "kz_document_psychologist": ("psychologist", *OFFICE),
    },
    # only a paper that the regulation wants "where there is one", and only while a decision waits for it (RU-9.2)
    ("vshu.document", "action_accept_absence"): {"ru_paper_of_control": ("head",), "kz_document": ()},
    ("vshu.document", "action_seal"): {
        "kz_document_psychologist": ("psychologist", "deputy_head", "head"),
        "kz_document": (),
        "kz_document_sealed": (),
    },
    ("vshu.document", "action_open_sealed"): {
        "kz_document_sealed": ("psychologist", "deputy_head", "head"),
        "kz_document_psychologist": (),
    },
    ("vshu.sealed", "action_file"): {"kz_sealed_draft": ("psychologist",), "kz_sealed": ()},
    ("vshu.sealed", "action_open"): {
        "kz_sealed": ("psychologist", "deputy_head", "head"),
        "kz_sealed_draft": ("psychologist",),
    },
    ("vshu.sealed", "action_open_earlier"): {
        "kz_sealed_again": ("psychologist", "deputy_head", "head"),
        "kz_sealed": (),
    },
    ("vshu.sealed", "action_correct"): {"kz_sealed": ("psychologist",), "kz_sealed_draft": ()},
    ("vshu.sealed", "action_who_can_see"): {"kz_sealed": ("psychologist", "deputy_head", "head")},
    ("vshu.recommendation", "action_give"): {"kz_recommendation_draft": ("psychologist",), "kz_recommendation": ()},
    ("vshu.recommendation.line", "action_open"): {"kz_recommendation_line": (*READERS, "subject_teacher")},
    ("vshu.recommendation.line", "action_done"): {"kz_recommendation_line": ("subject_teacher",)},
    ("vshu.document", "action_fill_form"): {
        "kz_document": ("class_teacher", "curator", *OFFICE),
        "kz_document_closed": (),
    },
    ("vshu.document", "action_open_case"): {"kz_document": CASE_READERS},
    ("vshu.case", "action_open_papers"): {"kz_active": CASE_READERS, "kz_closed": READERS},
    ("vshu.case", "action_print_card"): {"kz_active": CASE_READERS, "kz_closed": READERS},
    ("vshu.case", "action_print_application"): {"kz_draft": (*READERS, "class_teacher")},
    ("vshu.signal", "action_print_application"): {"kz_signal": (*READERS, "class_teacher")},
    # forms of papers: the author writes, who gives the paper takes over and corrects, the readers of the case print
    ("vshu.characteristic", "action_finish"): {"kz_characteristic": ("class_teacher",)},
    ("vshu.characteristic", "action_fill_known"): {"kz_characteristic": ("class_teacher",)},
    ("vshu.characteristic", "action_take_over"): {"kz_characteristic": ("class_teacher", "curator", *OFFICE)},
    ("vshu.characteristic", "action_correct"): {"kz_characteristic_finished": ("class_teacher", "curator", *OFFICE)},
    ("vshu.characteristic", "action_print"): {"kz_characteristic": CASE_READERS},
    ("vshu.characteristic", "action_earlier"): {"kz_characteristic": CASE_READERS},
    ("vshu.survey", "action_finish"): {"kz_survey": ("social_pedagogue",)},
    ("vshu.survey", "action_fill_known"): {"kz_survey": ("social_pedagogue",)},
    ("vshu.survey", "action_take_over"): {"kz_survey": OFFICE},
    ("vshu.survey", "action_correct"): {"kz_survey_finished": OFFICE},
    ("vshu.survey", "action_print"): {"kz_survey": CASE_READERS},
    ("vshu.assignment", "action_done"): {"kz_assignment": ("curator", *OFFICE)},
    ("vshu.deadline", "action_open_record"): {"kz_deadline": ("curator", *READERS)},
    # letters to outside bodies: drafted and filed by the office, sent by the administration of the school
    ("vshu.case", "action_open_petitions"): {"kz_active": CASE_READERS},
    ("vshu.case", "action_open_parent_facts"): {"kz_active": CASE_READERS},
    ("vshu.case", "action_petition"): {"kz_active": OFFICE},
    ("vshu.petition", "action_send"): {"kz_petition": ("deputy_head", "head")},
    ("vshu.petition", "action_redraft"): {"kz_petition": OFFICE},
    ("vshu.petition", "action_answer"): {"kz_petition_sent": OFFICE},
    ("vshu.petition", "action_remind"): {"kz_petition_sent": OFFICE},
    ("vshu.petition", "action_print"): {"kz_petition": CASE_READERS},
    ("vshu.petition", "action_open_case"): {"kz_petition": CASE_READERS},
    ("vshu.petition.answer", "action_confirm"): {"petition_answer": OFFICE},
    # the end of the school year; a preview belongs to whoever opened it
    ("vshu.school.year", "action_close_year"): {"kz_year": ("social_pedagogue", "administrator")},
    ("vshu.class", "action_close_year"): {"kz_class": ("social_pedagogue", "administrator")},
    ("vshu.year.close", "action_confirm"): {
        "kz_closing": ("administrator",),
        "kz_closing_keeper": ("social_pedagogue",),
    },
    ("vshu.year.close", "action_open_lines"): {"kz_closing": ("administrator",)},
    # the journal
    ("vshu.journal.entry", "action_correct"): {"kz_entry": OFFICE},
    ("vshu.journal.entry", "action_export_xlsx"): {"kz_entry": READERS},
    ("vshu.journal.entry", "action_print_pdf"): {"kz_entry": READERS},
    # dialogs
    ("vshu.reason", "action_confirm"): {
        "reason_dismiss": ("deputy_head",),
        "reason_join": OFFICE,
        "reason_annul": ("head",),
        "reason_propose": ("class_teacher", "curator", "social_pedagogue", "deputy_head"),
        "reason_open_sealed": ("psychologist", "deputy_head", "head"),
        "reason_correct_sealed": ("psychologist",),
    },
    # the work done
    ("vshu.case", "action_interventions"): {"kz_active": CASE_READERS, "kz_closed": READERS},
    ("vshu.case", "action_log_intervention"): {"kz_active": CASE_READERS},
    ("vshu.deadline", "action_log_intervention"): {"kz_deadline": ("curator", *READERS)},
    ("vshu.intervention", "action_save"): {"kz_work": CASE_READERS},
    ("vshu.intervention", "action_save_new"): {"kz_work": CASE_READERS},
    ("vshu.intervention", "action_open_case"): {"kz_work": CASE_READERS},
    ("vshu.intervention", "action_next_done"): {"kz_work": ("class_teacher", "curator", *OFFICE)},
    ("vshu.intervention", "action_annul"): {"kz_work": ("class_teacher", *OFFICE)},
    ("vshu.intervention", "action_correct"): {"kz_work": OFFICE},
    ("vshu.intervention.change", "action_confirm"): {
        "change_annul": ("class_teacher", *OFFICE),
        "change_correct": OFFICE,
    },
    ("vshu.family", "action_interventions"): {"kz_family": (*READERS, "class_teacher")},
    ("vshu.family", "action_log_intervention"): {"kz_family": (*READERS, "class_teacher")},
    ("vshu.family", "action_print_card"): {"kz_family": (*READERS, "class_teacher")},
    ("vshu.family", "action_move"): {"kz_family": KEEPERS},
    ("vshu.guardian", "action_move"): {"kz_guardian": KEEPERS},
    ("vshu.guardian", "action_vshu_merge"): {"kz_guardian": ("social_pedagogue",)},
    ("vshu.merge", "action_merge"): {"merge_dialog": ("social_pedagogue",)},
    ("res.partner", "action_vshu_interventions"): {"kz_student": ALL_STAFF},
    ("res.partner", "action_vshu_log"): {"kz_student": ALL_STAFF},
    ("res.partner", "action_vshu_move"): {"kz_student": KEEPERS},
    ("res.partner", "action_vshu_merge"): {"kz_student": ("social_pedagogue",)},
    # settings
    ("vshu.school", "action_load_holidays"): {"kz_school": ("administrator",)},
    ("vshu.school", "action_archive_people"): {"kz_school": ("administrator",)},
    ("vshu.school", "action_bring_back_people"): {"kz_school_put_away": ("administrator",)},
    ("vshu.school", "action_open_exceptions"): {"kz_school": PEOPLE},
    ("vshu.school", "action_open_my_school"): {"kz_school": PEOPLE},
    ("res.config.settings", "action_vshu_open_school"): {"settings": PEOPLE},
    ("vshu.school.year", "action_open_classes"): {"kz_year": PEOPLE},
    ("vshu.class", "action_open_students"): {"kz_class": PEOPLE},
    ("vshu.regulation", "action_make_own_version"): {"kz_regulation": ("administrator",)},
    ("vshu.regulation", "action_put_in_force"): {"kz_own_regulation": ("administrator",)},
    # lists that are brought in
    ("vshu.import", "action_read"): {"kz_class_list": LIST_KEEPERS, "kz_takeover": OFFICE},
    ("vshu.import", "action_confirm"): {"kz_class_list_checked": LIST_KEEPERS, "kz_takeover_checked": OFFICE},
    ("vshu.import", "action_refresh"): {
        "kz_class_list_checked": ("administrator", *OFFICE),
        "kz_takeover_checked": OFFICE,
    },
    ("vshu.import", "action_open_lines"): {
        "kz_class_list_checked": ("administrator", *OFFICE),
        "kz_takeover_checked": OFFICE,
    },
    ("vshu.import", "action_problem_file"): {"kz_class_list_checked": LIST_KEEPERS, "kz_takeover_checked": OFFICE},
    # contacts
    ("res.partner", "action_vshu_open_student"): {"kz_student": PEOPLE},
    ("res.partner", "action_vshu_cases"): {"kz_student": ALL_STAFF},
    ("res.partner", "action_vshu_signal"): {"kz_student": ALL_STAFF},
}

OWN_CODE = tuple(f"odoo.addons.{addon}." for addon in REGISTER)


def transfer_file():
    """Return (file, control code) of a record that another school sent."""
    record = {
        "uid": "a" * 32,
        "date": TODAY.isoformat(),
        "sender": {"name": "Школа № 77"},
        "subject": {"kind": "student", "name": "Новый Ученик", "birth_date": "2013-05-20"},
        "case": {"kind": "register"},
    }
    content, digest = transfer_package.build(record, {})
    return content, transfer_package.code_of(digest)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestActions(AccessCommon, SealedBuilders):
    #: the case on the register that stands while :meth:`with_active` lasts: the states that start from one build on it
    active = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.counted = cls.counted_tables()

    # -- states: each returns the records that the method is called on ------------------------------------------------

    def curated(self, bag, **vals):
        return {"curator_id": bag.employees["curator"].id, **vals}

    def kz_signal(self):
        return self.signal(self.kz, "class_teacher", ground_id=self.ref("kz_ground_18_1").id)

    def kz_signal_in_work(self):
        signal = self.kz_signal()
        self.as_(self.kz, "deputy_head", signal).action_accept()
        return signal

    def kz_draft(self):
        return self.kz_signal_in_work().sudo().case_id

    def kz_submitted(self):
        case = self.kz_draft()
        self.as_(self.kz, "deputy_head", case).action_submit()
        return case

    def kz_active(self):
        return self.active or self.make_active()

    def make_active(self):
        case = self.kz_submitted()
        if not self.kz.student.vshu_guardian_ids:
            self.make_guardian(self.kz.student)
        today = fields.Date.context_today(case)
        self.decide(self.kz, case, "kz_kind_4_place", months=3, date=today, **self.curated(self.kz))
        case.proposed_reason_id = self.ref("kz_reason_19_1")
        return case

    def kz_notice(self, addressee="parents"):
        notices = self.env["vshu.notice"].search([("case_id", "=", self.kz_active().id)])
        return notices.filtered(lambda notice: notice.addressee == addressee)

    def kz_notice_sent(self):
        notice = self.kz_notice()
        notice._send("in_person")
        return notice

    def kz_notice_teacher(self):
        return self.kz_notice("class_teacher")

    def kz_notice_other(self):
        return self.kz_notice("other")

    def ru_notices(self):
        case = self.ru_submitted()
        self.as_(self.ru, "head", case).action_consent()
        vals = self.curated(self.ru, date=fields.Date.context_today(case))
        self.decide(self.ru, case, "ru_kind_5_2_place", form="ru_form_council_minutes", **vals)
        return self.env["vshu.notice"].search([("case_id", "=", case.id)])

    def ru_notice_head(self):
        return self.ru_notices().filtered(lambda notice: notice.addressee == "head")

    def ru_notice_sender(self):
        notice = self.ru_notices().filtered(lambda notice: notice.addressee == "commission")
        notice.partner_id = self.env["res.partner"].create({"name": "Комиссия"})
        return notice

    def mark_send(self):
        return {"_model": "vshu.notice.mark", "action": "send", "notice_ids": self.kz_notice().ids}

    def mark_acknowledge(self):
        return {"_model": "vshu.notice.mark", "action": "acknowledge", "notice_ids": self.kz_notice_sent().ids}

    def mark_refuse(self):
        witnesses = {"witness1_id": self.kz.employees["psychologist"].id, "witness2_id": self.kz.teacher_b.id}
        notices = self.kz_notice_sent()
        company = {"company_id": self.kz.company.id}
        return {"_model": "vshu.notice.mark", "action": "refuse", "notice_ids": notices.ids, **witnesses, **company}

    def mark_skip(self):
        notices = self.kz_notice_other()
        return {"_model": "vshu.notice.mark", "action": "skip", "notice_ids": notices.ids, "reason": "Не требуется."}

    def kz_proposed(self):
        case = self.kz_active()
        self.as_(self.kz, "deputy_head", case).action_propose_removal()
        return case

    def kz_watched(self):
        case = self.kz_submitted()
        self.decide(self.kz, case, "kz_kind_4_watch", watch_until="2027-01-14", **self.curated(self.kz))
        case.watch_result = "Замечаний нет."
        return case

    def kz_closed(self):
        case = self.kz_active()
        guarded(case)._close(self.ref("kz_reason_19_1"), TODAY)
        return case

    def kz_moved(self):
        case = self.kz_closed()
        guarded(case).write({"transfer_state": "to_send"})
        return case

    def kz_moved_sent(self):
        case = self.kz_moved()
        guarded(case).write({"transfer_state": "sent"})
        return case

    def kz_moving(self):
        case = self.kz_active()
        case.proposed_reason_id = self.ref("kz_reason_19_3")
        self.as_(self.kz, "deputy_head", case).action_propose_removal()
        return case

    def kz_gone(self):
        case = self.kz_active()
        doctype = self.kz.school.regulation_id.document_type_ids.filtered("sealed")[:1]
        self.env["vshu.document"].create({"case_id": case.id, "type_id": doctype.id, "date": TODAY, "on_paper": True})
        guarded(case)._close(self.ref("kz_reason_19_3"), TODAY)
        return case

    def kz_transfer(self):
        transfer = self.env["vshu.transfer"].search([("case_id", "=", self.kz_gone().id)])
        transfer.receiver_id = self.env["res.partner"].create({"name": "Школа № 77", "is_company": True})
        return transfer

    def kz_transfer_sent(self):
        transfer = self.kz_transfer()
        transfer._send(TODAY)
        return transfer

    def kz_transfer_sealed(self):
        transfer = self.kz_transfer()
        self.as_(self.kz, "head", transfer)._decide_sealed(transfer.paper_ids.filtered("sealed"), "5", TODAY)
        transfer._send(TODAY)
        return transfer

    def kz_transfer_in(self):
        content, code = transfer_file()
        read = transfer_package.read(content, code)
        student = self.make_student(self.kz, "Новый Ученик", self.kz.class_a)
        return self.env["vshu.transfer"]._create_incoming(self.kz.company, read, TODAY, student)

    def kz_transfer_confirmed(self):
        transfer = self.kz_transfer_in()
        transfer.action_confirm_receipt()
        return transfer

    def dialog_receipt(self):
        transfer = self.kz_transfer_sent()
        vals = {"transfer_id": transfer.id, "action": "receipt", "by": "letter", "number": "5", "date": TODAY}
        return {"_model": "vshu.transfer.dialog", **vals}

    def dialog_refuse(self):
        transfer = self.kz_transfer_sent()
        return {
            "_model": "vshu.transfer.dialog",
            "transfer_id": transfer.id,
            "action": "refuse",
            "reason": "Не прибыл.",
        }

    def dialog_sealed(self):
        transfer = self.kz_transfer()
        papers = [Command.set(transfer.paper_ids.filtered("sealed").ids)]
        vals = {"transfer_id": transfer.id, "action": "sealed", "paper_ids": papers, "number": "5", "date": TODAY}
        return {"_model": "vshu.transfer.dialog", **vals}

    def transfer_import(self):
        content, code = transfer_file()
        vals = {"company_id": self.kz.company.id, "file": base64.b64encode(content), "code": code}
        return {"_model": "vshu.transfer.import", **vals}

    def kz_decision(self):
        case, kind = self.kz_submitted(), self.ref("kz_kind_4_place")
        return self.env["vshu.decision"].create(
            {
                "case_id": case.id,
                "kind_id": kind.id,
                "form_id": kind.form_ids[0].id,
                "number": "1",
                "months": 3,
                **self.curated(self.kz),
            }
        )

    def kz_paper(self, role):
        types = self.kz.school.regulation_id.document_type_ids
        return self.env["vshu.document"].create(
            {"case_id": self.kz_active().id, "type_id": types.filtered(lambda t: t.role_id.code == role)[0].id}
        )

    def kz_document(self):
        return self.kz_paper("class_teacher")

    def ru_paper_of_control(self):
        signal = self.signal(
            self.ru,
            "social_pedagogue",
            intake_kind="submission",
            kind="control",
            ground_id=self.ref("ru_ground_6_1_1").id,
        )
        self.as_(self.ru, "social_pedagogue", signal).action_submit()
        papers = signal.sudo().case_id.document_ids.with_env(self.env)
        return papers.filtered(lambda d: d.type_id == self.ref("ru_document_9_2_3"))

    def kz_document_office(self):
        return self.kz_paper("social_pedagogue")

    def kz_document_psychologist(self):
        return self.kz_paper("psychologist")

    def kz_sealed_draft(self):
        return self.begin_sealed(self.kz, self.kz_active()).with_env(self.env)

    def kz_sealed(self):
        paper = self.kz_sealed_draft()
        self.as_(self.kz, "psychologist", paper).action_file()
        return paper

    def kz_sealed_again(self):
        paper = self.as_(self.kz, "psychologist", self.kz_sealed())
        again = paper.browse(paper._correct("Описка.")["res_id"])
        again.action_file()
        return again.with_env(self.env)

    def kz_document_sealed(self):
        return self.kz_sealed().document_id

    def kz_recommendation_draft(self):
        return self.recommend(self.kz, self.kz_active(), "subject_teacher", give=False).with_env(self.env)

    def kz_recommendation(self):
        record = self.kz_recommendation_draft()
        self.as_(self.kz, "psychologist", record).action_give()
        return record

    def kz_recommendation_line(self):
        line = self.kz_recommendation().line_ids
        line.note = "Сделано."
        return line

    def reason_open_sealed(self):
        return {"action": "open_sealed", "sealed_id": self.kz_sealed().id, "reason": "К заседанию."}

    def reason_correct_sealed(self):
        return {"action": "correct_sealed", "sealed_id": self.kz_sealed().id, "reason": "Описка."}

    def kz_document_closed(self):
        document = self.kz_document()
        guarded(document.case_id)._close(self.ref("kz_reason_19_1"), TODAY)
        return document

    def kz_form(self, model, role, doctype):
        document = self.env["vshu.document"].create({"case_id": self.kz_active().id, "type_id": self.ref(doctype).id})
        form = self.as_(self.kz, role, self.env[model]).create({"document_id": document.id})
        for name in form._form_required:
            field = form._fields[name]
            if field.type == "selection":
                form[name] = field.selection[0][0]
            elif field.type in ("char", "text") and not form[name]:
                form[name] = "…"
        return form

    def kz_characteristic(self):
        form = self.kz_form("vshu.characteristic", "class_teacher", "kz_document_11_1")
        form.rating = "positive"
        return form.sudo(False)

    def kz_characteristic_finished(self):
        form = self.kz_characteristic()
        form.action_finish()
        return form

    def kz_survey(self):
        return self.kz_form("vshu.survey", "social_pedagogue", "kz_document_11_3")

    def kz_survey_finished(self):
        form = self.kz_survey()
        form.action_finish()
        return form

    def kz_assignment(self):
        return self.env["vshu.assignment"].create(
            {
                "name": "Посетить семью",
                "company_id": self.kz.company.id,
                "case_id": self.kz_active().id,
                "employee_id": self.kz.employees["curator"].id,
                "date_due": "2026-11-20",
                "report": "Посещена.",
            }
        )

    def kz_deadline(self):
        self.kz.case = self.kz_active()
        return self.make_deadline(self.kz)

    def kz_entry(self):
        return self.env["vshu.journal.entry"].search([("case_id", "=", self.kz_active().id)])

    def kz_school(self):
        self.kz.school.exception_ids.unlink()
        return self.kz.school

    def kz_year(self):
        return self.kz.year

    def kz_class(self):
        return self.kz.class_a

    def kz_regulation(self):
        return self.kz.school.regulation_id

    def kz_own_regulation(self):
        own = self.kz.school.regulation_id._copy_for_company(self.kz.company)
        own.date_from = "2026-12-01"
        return own

    def kz_student(self):
        return self.kz.student

    def kz_list(self, kind, head, *rows):
        return self.env["vshu.import"].create(
            {
                "company_id": self.kz.company.id,
                "kind": kind,
                "file": base64.b64encode(make_csv([head, *rows])),
                "file_name": "список.csv",
            }
        )

    def kz_class_list(self):
        rows = ["Новый Олег", "01.02.2013", "7А"], ["Плохой Олег", "31.02.2013", "7А"]
        return self.kz_list("class_list", ["ФИО", "Дата рождения", "Класс"], *rows)

    def kz_class_list_checked(self):
        record = self.kz_class_list()
        record.action_read()
        return record

    def kz_takeover(self):
        head = ["№", "ФИО", "Дата рождения", "Дата постановки", "Основание", "Протокол №", "Куратор", "Срок"]
        row = ["5", self.kz.student.name, "20.05.2013", "15.09.2026", "18.5", "3", "kz_head name", "15.12.2026"]
        return self.kz_list("takeover", head, row, ["6", *row[1:3], "31.02.2026", *row[4:]])

    def kz_takeover_checked(self):
        record = self.kz_takeover()
        record.action_read()
        return record

    def settings(self):
        return self.env["res.config.settings"]

    def ru_submission(self, role="class_teacher"):
        # nobody in between: only the person who files it, by a route that names their role, sends it on
        return self.signal(self.ru, role, intake_kind="submission", ground_id=self.ref("ru_ground_3_2_3").id)

    def ru_submission_office(self):
        return self.ru_submission("social_pedagogue")

    def ru_application(self):
        basis = self.env["vshu.basis"].search(
            [("regulation_id", "=", self.ru.school.regulation_id.id), ("intake_kind", "=", "application")], limit=1
        )
        ground = self.env["vshu.ground"].search([("category_id", "in", basis.category_ids.ids)], limit=1)
        return self.signal(
            self.ru,
            "social_pedagogue",
            intake_kind="application",
            basis_id=basis.id,
            ground_id=ground.id,
            kind=ground.kind,
            paper_number="5",
            paper_date="2026-10-13",
            date_registered="2026-10-13",
        )

    def ru_notice(self):
        return self.notice(self.ru)

    def ru_draft_outside(self):
        signal = self.notice(self.ru)
        self.as_(self.ru, "social_pedagogue", signal).action_enter()
        return signal.sudo().case_id

    def ru_submitted(self):
        signal = self.ru_submission()
        self.as_(self.ru, "class_teacher", signal).action_submit()
        return signal.sudo().case_id

    def ru_decision(self):
        case, kind = self.ru_draft_outside(), self.ref("ru_kind_5_1_place")
        return self.env["vshu.decision"].create(
            {
                "case_id": case.id,
                "kind_id": kind.id,
                "form_id": self.ref("ru_form_commission_decree").id,
                "number": "1",
                "date": "2026-10-12",
                **self.curated(self.ru),
            }
        )

    def kz_work(self):
        self.kz_active()
        return self.as_(self.kz, "class_teacher", self.env["vshu.intervention"]).create(
            {
                "student_id": self.kz.student.id,
                "kind_id": self.ref("intervention_kind_talk").id,
                "text": "Беседа.",
                "next_step": "Позвонить",
                "next_date": "2026-10-30",
                "next_employee_id": self.kz.employees["curator"].id,
            }
        )

    def change_annul(self):
        return {
            "_model": "vshu.intervention.change",
            "action": "annul",
            "intervention_id": self.kz_work().id,
            "reason": "Ошибка.",
        }

    def change_correct(self):
        entry = self.kz_work()
        return {
            "_model": "vshu.intervention.change",
            "action": "correct",
            "intervention_id": entry.id,
            "kind_id": entry.kind_id.id,
            "tone": "concern",
            "date": entry.date,
            "text": "Исправлено.",
            "reason": "Уточнено.",
        }

    def kz_family(self):
        return self.env["vshu.family"].create(
            {"name": "Семья", "company_id": self.kz.company.id, "member_ids": [(4, self.kz.student.id)]}
        )

    def kz_school_put_away(self):
        self.kz.school.action_archive_people()
        return self.kz.school

    def merge_dialog(self):
        second = self.make_student(self.kz, "Ахметов Арман (ещё раз)")
        return {
            "_model": "vshu.merge",
            "kind": "student",
            "first_id": self.kz.student.id,
            "second_id": second.id,
            "keep": "first",
        }

    def kz_guardian(self):
        return self.kz.student.vshu_guardian_ids[:1] or self.make_guardian(self.kz.student)

    def kz_finding(self):
        finding = self.make_finding(self.kz_active())
        finding.note = "Сверено."
        return finding

    def kz_finding_kept(self):
        finding = self.kz_finding()
        finding.action_keep()
        return finding

    def kz_petition(self):
        case = self.kz_active()
        guardian = self.kz_guardian()
        witnesses = {"witness_id": self.kz.teacher_b.id, "witness2_id": self.kz.employees["psychologist"].id}
        self.env["vshu.parent.fact"].create(
            [
                {"case_id": case.id, "kind": kind, "note": "…", "partner_ids": guardian.partner_id.ids, **witnesses}
                for kind in ("refused", "no_measures")
            ]
        )
        return self.env["vshu.petition"].create(
            {
                "case_id": case.id,
                "kind_id": self.ref("kz_petition_17_1").id,
                "partner_id": self.env["res.partner"].create({"name": "Комиссия"}).id,
            }
        )

    def kz_petition_sent(self):
        petition = self.kz_petition()
        petition.action_send()
        return petition

    def petition_answer(self):
        return {
            "_model": "vshu.petition.answer",
            "petition_id": self.kz_petition_sent().id,
            "outcome": "granted",
            "answer_text": "Рассмотрено.",
        }

    def kz_closing(self, role="administrator"):
        year = self.as_(self.kz, role, self.kz.year)
        closing = self.env["vshu.year.close"].browse(year.action_close_year()["res_id"])
        closing.sudo().early_reason = "Школа закрывается"
        return closing

    def kz_closing_keeper(self):
        return self.kz_closing("social_pedagogue")

    def reason_dismiss(self):
        return {"action": "dismiss", "signal_id": self.kz_signal().id, "reason": "Решено беседой."}

    def reason_join(self):
        target = self.kz_active()
        return {"action": "join", "signal_id": self.kz_signal().id, "target_case_id": target.id}

    def reason_annul(self):
        return {"action": "annul", "case_id": self.kz_active().id, "reason": "Ошибка."}

    def reason_propose(self):
        return {
            "action": "propose",
            "case_id": self.kz_active().id,
            "removal_reason_id": self.ref("kz_reason_19_1").id,
        }

    # -- the table ---------------------------------------------------------------------------------------------------

    def public_methods(self):
        """Return {(model, method)} of what the addon adds that can be called from outside."""
        found = set()
        for name, cls in self.env.registry.items():
            if cls._abstract:
                continue  # reached through the models that take it
            for base in cls.__mro__:
                if not base.__module__.startswith(OWN_CODE):
                    continue
                for method, function in vars(base).items():
                    if method.startswith("_") or not inspect.isroutine(function) or method in CRUD:
                        continue
                    try:
                        get_public_method(self.env[name], method)
                    except AccessError:
                        continue  # @api.private
                    found.add((name, method))
        return found

    def test_table_is_complete(self):
        """Every public method of the addon is in the table; all of them are actions."""
        # Odoo's own method, which ours only refuses: tests/test_mail_rows.py
        self.assertEqual(self.public_methods() - {("ir.attachment", "generate_access_token")}, ACTIONS.keys())
        self.assertEqual({method for _model, method in ACTIONS if not method.startswith("action_")}, set())

    def test_mixins_add_nothing(self):
        """What a model without records offers from outside is offered by a model of the table too,
        and refused there."""
        known = {method for _model, method in ACTIONS}
        for name, cls in self.env.registry.items():
            if not cls._abstract or cls._original_module not in REGISTER:
                continue
            for base in cls.__mro__:
                if base.__module__.startswith(OWN_CODE):
                    public = {m for m, f in vars(base).items() if inspect.isroutine(f) and not m.startswith("_")}
                    self.assertFalse(public - known - CRUD, name)

    def test_reports_are_private_to_readers(self):
        """The values of the printed journal are not called from outside, and made with the reader's own rights."""
        if "report.vshu_registry.report_journal" not in self.env:
            self.skipTest("the journal's print-out is not part of this build")
        entry = self.kz_entry()
        for who in self.everybody:
            report = self.see(self.kz, who, self.env["report.vshu_registry.report_journal"])
            with self.assertRaises(AccessError):
                get_public_method(report, "_get_report_values")
            self.assertEqual(self.may(report._get_report_values, entry.ids), who in READERS, who)

    @classmethod
    def counted_tables(cls):
        """Return the identifiers that the database gives to the register's tables, activities and messages."""
        catalog = cls.env.registry["vshu.catalog.mixin"]
        tables = ["mail_activity", "mail_message"] + [
            model._table
            for name, model in cls.env.registry.items()
            if name.startswith("vshu.")
            and model._auto
            and not (model._abstract or model._transient)
            and not issubclass(model, catalog)  # they change with their regulation
        ]
        query = "SELECT oid FROM pg_class WHERE relkind = 'r' AND relname IN %s AND pg_table_is_visible(oid)"
        found = [oid for (oid,) in cls.env.execute_query(SQL(query, tuple(tables)))]
        assert len(found) == len(tables)
        return found

    def snapshot(self):
        """Return how many rows of each of the register's tables were written in this transaction, of activities and
        messages too: the database counts them itself, also those that get the same values again."""
        self.env.flush_all()
        query = (
            "SELECT oid, pg_stat_get_xact_tuples_inserted(oid), pg_stat_get_xact_tuples_updated(oid),"
            " pg_stat_get_xact_tuples_deleted(oid) FROM unnest(%s) oid"
        )
        return self.env.execute_query(SQL(query, self.counted))

    def test_what_is_counted(self):
        """A write is seen, even where it changes no value and is taken back."""
        before = self.snapshot()
        self.assertEqual(self.snapshot(), before)
        with self.env.cr.savepoint() as saved:
            self.env.cr.execute("UPDATE vshu_school SET tz = tz WHERE id = %s", [self.kz.school.id])
            saved.rollback()
        self.assertNotEqual(self.snapshot(), before)

    def call(self, bag, who, records, method):
        """Call ``method`` on ``records`` as the API does; return the error where it is refused."""
        user = bag.users[who]
        env = Environment(self.env.cr, user.id, {})
        ids = [] if getattr(getattr(type(records), method), "_api_model", False) else [records.ids]
        context = {"allowed_company_ids": user.company_ids.ids, "lang": "en_US"}
        try:
            call_kw(env[records._name], method, ids, {"context": context})
            self.env.flush_all()
        except (AccessError, UserError) as error:
            return error
        return None

    def wizard(self, bag, who, vals):
        """Return the dialog of ``who``; one who may not open it gets one that an attacker brought into being."""
        vals = dict(vals)
        model = vals.pop("_model", "vshu.reason")
        dialog = self.see(bag, who, self.env[model])
        if self.may(dialog.create, vals):
            return dialog.create(vals)
        wizard = self.env[model].create(vals)
        table = SQL.identifier(wizard._table)
        self.env.cr.execute(SQL("UPDATE %s SET create_uid = %s WHERE id = %s", table, bag.users[who].id, wizard.id))
        return wizard

    @contextmanager
    def taken_back(self):
        """Take back what is done inside: in the database, and what is kept in memory of it."""
        registry = self.env.registry
        earlier = set(registry.cache_invalidated)
        registry.cache_invalidated.clear()
        try:
            with self.env.cr.savepoint() as savepoint:
                yield
                savepoint.rollback()
        finally:
            self.env.invalidate_all()
            if registry.cache_invalidated:
                registry.clear_cache(*registry.cache_invalidated)
            registry.cache_invalidated.update(earlier)

    def starts_from_active(self, state):
        """Tell whether a builder calls ``kz_active``, itself or by another one."""
        called = [
            name
            for name in vars(TestActions)[state].__code__.co_names
            if inspect.isfunction(vars(TestActions).get(name))
        ]
        return state == "kz_active" or any(map(self.starts_from_active, called))

    def in_each_state(self, states, press):
        """Build the states one after the other, call ``press`` with the name and the records of each, take it back.

        Most of them start from a case on the register: it is made once for all of those.
        """
        from_active = [state for state in states if self.starts_from_active(state)]
        for state in states:
            if state not in from_active:
                with self.taken_back():
                    press(state, getattr(self, state)())
        if not from_active:
            return
        with self.taken_back():
            self.active = self.make_active()
            try:
                for state in from_active:
                    with self.taken_back():
                        press(state, getattr(self, state)())
            finally:
                self.active = None

    def check_models(self, *names):
        """Press every button of the models in each of its states as everybody, each time from the same state."""
        buttons = {}
        for (model, method), states in ACTIONS.items():
            if model in names:
                for state, allowed in states.items():
                    buttons.setdefault(state, []).append((model, method, allowed))
        self.assertEqual({model for in_state in buttons.values() for model, *_rest in in_state}, set(names))

        def press(state, records):
            for button in buttons[state]:
                self.check_button(state, records, *button)

        self.in_each_state(buttons, press)

    def check_button(self, state, records, model, method, allowed):
        """Press one button as everybody, one after the other."""
        bag = self.ru if state.startswith("ru_") else self.kz
        for who in self.everybody:
            with self.subTest(action=f"{model}.{method}", state=state, who=who), self.taken_back():
                mine = self.wizard(bag, who, records) if isinstance(records, dict) else records
                self.assertEqual(mine._name, model)
                before = self.snapshot()
                self.env.invalidate_all()
                error = self.call(bag, who, mine, method)
                if who in allowed:
                    self.assertIsNone(error, "refused to who may")
                else:
                    self.assertIsNotNone(error, "done by who may not")
                    self.assertEqual(self.snapshot(), before, "refused, but something changed")

    def test_signals(self):
        """Signals: only those whom the route names take them up."""
        self.check_models("vshu.signal")

    def test_cases(self):
        """Cases: each button by its roles."""
        self.check_models("vshu.case")

    def test_decisions_and_papers(self):
        """Decisions, papers, assignments, clocks, the journal."""
        self.check_models("vshu.decision", "vshu.document", "vshu.assignment", "vshu.deadline", "vshu.journal.entry")

    def test_sealed_papers(self):
        """Sealed papers, recommendations and their lines."""
        self.check_models("vshu.sealed", "vshu.recommendation", "vshu.recommendation.line")

    def test_forms(self):
        """Forms of papers."""
        self.check_models("vshu.characteristic", "vshu.survey")

    def test_notices(self):
        """Notices are handed over by the office, to parents by the curator too, acknowledged by who is told."""
        self.check_models("vshu.notice")

    def test_petitions(self):
        """Letters are drafted and filed by the office, sent by the deputy head or the head (KZ-17)."""
        self.check_models("vshu.petition", "vshu.petition.answer")

    def test_year_close(self):
        """A year is closed by the administrator or the social pedagogue, each by a preview of their own."""
        self.check_models("vshu.year.close")

    def test_dialogs(self):
        """A dialog gives no right that the record's own method does not give."""
        self.check_models("vshu.reason", "vshu.notice.mark", "vshu.merge")

    def test_findings(self):
        """What is to be checked is settled by those who keep the register."""
        self.check_models("vshu.finding")

    def test_transfers(self):
        """Hand-overs of the record: sent by social pedagogue and deputy head, sealed papers by the head."""
        self.check_models("vshu.transfer", "vshu.transfer.dialog", "vshu.transfer.import")

    def test_settings(self):
        """School form, years, classes, regulations, contacts."""
        self.check_models(
            *("vshu.school", "res.config.settings", "vshu.school.year", "vshu.class", "vshu.regulation", "res.partner")
        )

    def test_preventive_work(self):
        """Entries on the work done, families, changes of guardian."""
        self.check_models("vshu.intervention", "vshu.intervention.change", "vshu.family", "vshu.guardian")

    def test_imports(self):
        """Lists: each kind by who may bring it in."""
        self.check_models("vshu.import")

    def test_models_are_all_called(self):
        """No model of the table is left out of the tests above."""
        self.assertEqual(
            {model for model, _method in ACTIONS},
            {
                "vshu.signal",
                "vshu.case",
                "vshu.decision",
                "vshu.document",
                "vshu.sealed",
                "vshu.recommendation",
                "vshu.recommendation.line",
                "vshu.characteristic",
                "vshu.survey",
                "vshu.assignment",
                "vshu.finding",
                "vshu.deadline",
                "vshu.journal.entry",
                "vshu.notice",
                "vshu.notice.mark",
                "vshu.petition",
                "vshu.petition.answer",
                "vshu.year.close",
                "vshu.reason",
                "vshu.transfer",
                "vshu.transfer.dialog",
                "vshu.transfer.import",
                "vshu.school",
                "res.config.settings",
                "vshu.school.year",
                "vshu.class",
                "vshu.regulation",
                "res.partner",
                "vshu.intervention",
                "vshu.intervention.change",
                "vshu.family",
                "vshu.guardian",
                "vshu.merge",
                "vshu.import",
            },
        )

    def test_private_helpers(self):
        """Transitions, clocks and look-ups cannot be called from outside."""
        for model in (
            "vshu.case",
            "vshu.signal",
            "vshu.transfer",
            "vshu.deadline",
            "vshu.journal.entry",
            "vshu.role",
            "res.partner",
        ):
            cls = type(self.env[model])
            names = {
                name
                for base in cls.__mro__
                if base.__module__.startswith(OWN_CODE)
                for name in vars(base)
                if name.startswith("_") and callable(vars(base)[name])
            }
            self.assertTrue(names)
            for name in names:
                with self.assertRaises(AccessError):
                    get_public_method(self.env[model], name)

    @slow
    def test_other_school(self):
        """Every action on a record of another school is refused, to every role, and nothing changes there."""
        buttons = {}
        for (model, method), states in ACTIONS.items():
            state = next(iter(states))
            if not state.startswith("kz_") or method in ("action_make_own_version",):
                continue  # shipped regulations are everybody's
            if getattr(getattr(self.env.registry[model], method), "_api_model", False):
                continue  # without a record
            buttons.setdefault(state, []).append((model, method))

        def press(state, records):
            for model, method in buttons[state]:
                self.assertEqual(records._name, model)
                for who in ("head", "deputy_head", "social_pedagogue", "class_teacher", "administrator"):
                    with self.subTest(action=f"{model}.{method}", who=who), self.taken_back():
                        before = self.snapshot()
                        self.env.invalidate_all()
                        self.assertIsNotNone(self.call(self.ru, who, records, method))
                        self.assertEqual(self.snapshot(), before)

        self.in_each_state(buttons, press)

    def test_many_at_once(self):
        """An action on several records is refused as a whole where one of them is not the user's."""
        mine = self.kz_active()
        signal = self.signal(
            self.kz, "class_teacher", student_id=self.kz.other_student.id, ground_id=self.ref("kz_ground_18_1").id
        )
        self.as_(self.kz, "deputy_head", signal).action_accept()
        other = signal.sudo().case_id
        self.as_(self.kz, "deputy_head", other).action_submit()
        self.decide(self.kz, other, "kz_kind_4_place", months=3, curator_id=self.kz.teacher_b.id)
        for method in ("action_parents_informed", "action_reviewed"):
            before = self.snapshot()
            self.assertIsInstance(self.call(self.kz, "curator", mine | other, method), AccessError)
            self.env.invalidate_all()
            self.assertEqual(self.snapshot(), before)

    def test_standin_acts(self):
        """A stand-in presses the buttons of the office between the dates, and not after."""
        self.make_standin(self.kz, "deputy_head", self.kz.employees["subject_teacher"], "2026-10-14", "2026-10-14")
        for day, acts in (("14", True), ("15", False)):
            with freeze_time(f"2026-10-{day} 06:00:00"):
                for model, method, state in (
                    ("vshu.signal", "action_accept", "kz_signal"),
                    ("vshu.case", "action_submit", "kz_draft"),
                    ("vshu.decision", "action_apply", "kz_decision"),
                    ("vshu.journal.entry", "action_correct", "kz_entry"),
                    ("vshu.journal.entry", "action_export_xlsx", "kz_entry"),
                ):
                    with self.subTest(action=f"{model}.{method}", day=day), self.env.cr.savepoint() as savepoint:
                        records = getattr(self, state)()
                        self.env.flush_all()
                        self.env.invalidate_all()
                        self.assertEqual(self.call(self.kz, "subject_teacher", records, method) is None, acts)
                        savepoint.rollback()
                        self.env.invalidate_all()

    def test_signal_without_case(self):
        """A button pressed at the wrong moment answers in words, not with a traceback."""
        self.assertIsInstance(self.call(self.kz, "head", self.kz_signal(), "action_open_case"), UserError)
        correction = self.see(self.kz, "head", self.env["vshu.journal.correction"])
        self.assertRaises(UserError, correction.create, {"field_name": "address", "reason": "…"})
