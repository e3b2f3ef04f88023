"""Cases whose record was handed over, or still has to be, get their hand-over with the dates that stand on the case."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Make the hand-overs; the words of what was sent then are not known and are not made up.

    :param cr: cursor of the database that is being brought up to date
    :param version: the version it comes from
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    domain = [("transfer_state", "!=", False), ("state", "=", "closed")]
    for company in env["vshu.school"].search([("regulation_id", "!=", False)]).company_id:
        model = env["vshu.case"].with_context(allowed_company_ids=company.ids, mail_create_nolog=True)
        cases = model.search([*domain, ("company_id", "=", company.id)], order="id")
        there = env["vshu.transfer"].search([("case_id", "in", cases.ids), ("direction", "=", "out")]).case_id
        gone = (cases - there).filtered(lambda case: case.transfer_state != "to_send")
        gone._note_transfers()
        (cases - there - gone)._prepare_transfers()
