"""The plan and the figures in one language each (screens.md 3, B4)."""

from freezegun import freeze_time
from odoo.tests import tagged

from odoo.addons.vshu_registry.tests.paper_languages import PaperLanguages

from .common import PlansCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPaperLanguages(PaperLanguages, PlansCommon):
    module = "vshu_plans"
    makers = {"action_report_plan": "plan_of", "action_report_figures": "figures_of"}

    def plan_of(self, lang):
        case = self.active_case(self.kz, student=self.make_student(self.kz, "Арман", self.kz.class_a))
        self.as_(self.kz, "social_pedagogue", case).with_context(lang=lang).action_draft_plan()
        return self.kz, "head", case.sudo().plan_ids

    def figures_of(self, lang):
        return self.kz, "head", self.as_(self.kz, "head", self.env["vshu.plan.figures"]).create({})
