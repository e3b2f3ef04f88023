"""Every button of the plans that a form shows ends in what it says, or in words that say what to do (screens.md 4)."""

from freezegun import freeze_time
from odoo.tests import tagged

from odoo.addons.vshu_registry.tests.buttons_common import ButtonsCommon

from .access_common import PlanAccessCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanButtons(ButtonsCommon, PlanAccessCommon):
    """In a school with a plan in every state."""

    addon = "vshu_plans"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for bag in (cls.kz, cls.ru):
            cls.fill_plans(bag)

    def test_no_button_ends_in_a_refusal_of_rights(self):
        pressed = self.press_all((self.kz, self.ru), self.staff())
        self.assertGreater(len(pressed), 20)
