"""Nobody learns of a plan by linking to its records, opening a form, calling an action or through a dialog."""

from freezegun import freeze_time
from odoo.tests import tagged

from odoo.addons.vshu_registry.tests.access_common import SECRET
from odoo.addons.vshu_registry.tests.links_common import LinksCommon

from .access_common import PlanAccessCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestPlanLinks(LinksCommon, PlanAccessCommon):
    addon = "vshu_plans"
    own_people = (*LinksCommon.own_people, "answers", "member_a")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bag = cls.fill_plans(cls.kz)
        shipped = cls.env["vshu.plan.template"].search([("company_id", "=", False)], limit=1)
        template = shipped.copy({"company_id": cls.kz.company.id, "replaces_id": shipped.id, "name": SECRET})
        template.line_ids[:1].type_id.copy({"company_id": cls.kz.company.id, "code": False, "name": SECRET})
        cls.kz.school.regulation_id._copy_for_company(cls.kz.company)
