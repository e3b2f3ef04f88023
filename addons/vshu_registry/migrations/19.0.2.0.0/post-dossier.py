from odoo import SUPERUSER_ID, api

from odoo.addons.vshu_registry.tools.states import OVER_STATES


def migrate(cr, version):
    """Bring the files of open cases in step: days of first copies and hearings, the next copies of periodic papers."""
    env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
    cases = env["vshu.case"].search([("state", "not in", OVER_STATES)])
    cases.filtered(lambda case: case.state == "submitted")._date_hearing_papers()
    cases._date_first_copies()
    cases._renew_papers()
