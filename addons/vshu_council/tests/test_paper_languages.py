"""Order, invitation, minutes and extract in one language each (screens.md 3, B4)."""

from freezegun import freeze_time
from odoo.tests import Form, tagged

from odoo.addons.vshu_registry.tests.paper_languages import PaperLanguages

from .common import ON_THE_DAY, CouncilCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPaperLanguages(PaperLanguages, CouncilCommon):
    module = "vshu_council"
    makers = {
        "action_report_council": "order",
        "action_report_invitation": "invitation",
        "action_report_minutes": "minutes",
        "action_report_extract": "extract",
    }

    def setUp(self):
        super().setUp()
        self.signed = {}

    def order(self, lang):
        """An order whose language the secretary has chosen; the posts are those that the school has typed."""
        council = Form(self.as_(self.kz, "social_pedagogue", self.env["vshu.council"]))
        council.order_number = "1-о"
        council.lang = lang
        return self.kz, "head", council.save()

    def minutes(self, lang):
        """Minutes that a secretary with the other language has kept and signed."""
        if lang not in self.signed:
            other = "kk_KZ" if lang == "ru_RU" else "ru_RU"
            self.kz.company.partner_id.phone = "+7 727 000 00 00"
            for employee in self.kz.employees.values():
                employee.job_title = "№ 1"  # of no language
            if not self.kz.__dict__.get("council"):
                self.make_council(self.kz)
            case = self.submitted(self.kz, self.make_student(self.kz, "Арман", self.kz.class_a))
            self.make_guardian(case.student_id, "Мадина", may_receive_papers=True)
            self.papers(case)
            meeting = self.convened(self.kz, [case], lang=lang, place="12")
            with freeze_time(ON_THE_DAY):
                own = self.as_(self.kz, "social_pedagogue", meeting).with_context(lang=other)
                own.action_start()
                own.action_all_present()
                item = own.item_ids
                with Form(item) as form:
                    form.summary = "…"
                    form.kind_id = self.kind("kz_kind_4_place")
                    form.count_for = 5
                    form.curator_id = self.kz.employees["class_teacher"]
                item.action_decide()
                own.action_close()
                for role in ("social_pedagogue", "head"):
                    self.as_(self.kz, role, meeting.minutes_ids).with_context(lang=other).action_sign()
            self.signed[lang] = meeting.minutes_ids
        return self.kz, "head", self.signed[lang]

    def extract(self, lang):
        return self.kz, "head", self.minutes(lang)[2].extract_ids

    def invitation(self, lang):
        """Names child, question and telephone to the parent."""
        people = self.minutes(lang)[2].meeting_id.guest_ids.filtered(lambda person: person.kind == "parent")
        text = self.printed("vshu_council.report_invitation", people, self.kz, "head", "ru_RU")
        child = people.item_ids.student_id
        self.assertIn(child.name, text)
        self.assertIn("+7 727 000 00 00", text)
        topic = dict(people.item_ids._fields["topic"]._description_selection(people.with_context(lang=lang).env))
        self.assertIn(topic["placement"], text)
        return self.kz, "head", people
