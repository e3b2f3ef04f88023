from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.addons.vshu_registry.tools.uninstall import let_tables_go

OURS = ("vshu.transfer", "vshu.transfer.paper")


def post_init_hook(env):
    """Make the hand-overs of cases whose record was handed over, or still has to be, with the dates on the case.

    The words of what was sent before are not known and are not made up.
    """
    domain = [("transfer_state", "!=", False), ("state", "=", "closed")]
    for company in env["vshu.school"].search([("regulation_id", "!=", False)]).company_id:
        model = env["vshu.case"].with_context(allowed_company_ids=company.ids, mail_create_nolog=True)
        cases = model.search([*domain, ("company_id", "=", company.id)], order="id")
        there = env["vshu.transfer"].search([("case_id", "in", cases.ids), ("direction", "=", "out")]).case_id
        gone = (cases - there).filtered(lambda case: case.transfer_state != "to_send")
        gone._note_transfers()
        (cases - there - gone)._prepare_transfers()
    # hand-overs of a release before this addon: the words of their clocks were in the language of whoever ran the job
    for deadline in env["vshu.deadline"].search([("res_model", "in", OURS)]):
        record = env[deadline.res_model].browse(deadline.res_id).exists()
        reference = record and record._deadline_links()["reference"]
        if reference and reference != deadline.reference:
            deadline.reference = reference


def uninstall_hook(env):
    """Leave the register working: hand-overs go with their clocks and reminders, the dates on the case stay."""
    env["mail.activity"].with_context(active_test=False).search([("res_model", "in", OURS)]).unlink()
    env["vshu.deadline"].search([("res_model", "in", OURS)]).unlink()
    # clocks of schools' own versions watch a model that goes as well
    rules = env["vshu.deadline.rule"].with_context(active_test=False, **{MODULE_UNINSTALL_FLAG: True})
    rules.search([("model_id.model", "in", OURS)]).unlink()
    env.flush_all()
    let_tables_go(env, "vshu_transfer")
    env.invalidate_all()
