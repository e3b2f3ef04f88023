"""Cases of before get the notices to their parents; schools' own versions get the rules that these come from."""

from collections import defaultdict

from odoo import SUPERUSER_ID, api

from odoo.addons.vshu_registry.tools.guard import guarded

#: in force for a stay: what was known of the parents is put into notices
STAYS = ("active", "removal_proposed")


def migrate(cr, version):
    """Bring a database of the first version in step; safe to run twice."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False, "tracking_disable": True})
    complete_own_versions(env)
    make_notices(env)


def complete_own_versions(env):
    """Copy rules and clocks on notices from the shipped version to those that schools have made from it."""
    Rule, Clock = env["vshu.notice.rule"], env["vshu.deadline.rule"]
    for own in env["vshu.regulation"].search([("shipped", "=", False)]):
        shipped = own
        while shipped.origin_id and not shipped.shipped:
            shipped = shipped.origin_id
        if not shipped.shipped or Rule.search_count([("regulation_id", "=", own.id)], limit=1):
            continue
        forms = {form.code: form.id for form in env["vshu.decision.form"].search([("regulation_id", "=", own.id)])}
        for rule in Rule.search([("regulation_id", "=", shipped.id)]):
            codes = rule.own_form_ids.mapped("code")
            rule.copy(
                {
                    "regulation_id": own.id,
                    "own_form_ids": [(6, 0, [forms[code] for code in codes if code in forms])],
                }
            )
        for clock in Clock.search([("regulation_id", "=", shipped.id), ("model", "=", "vshu.notice")]):
            clock.copy({"regulation_id": own.id})
        # each notice has its own clock now; what runs on cases runs to its end
        Clock.search(
            [
                ("regulation_id", "=", own.id),
                ("model", "=", "vshu.case"),
                ("event", "=", "placed"),
                ("met_event", "=", "parents_informed"),
            ]
        ).write({"active": False})
        types = env["vshu.document.type"]
        fed = types.search([("regulation_id", "=", shipped.id), ("fed_by", "!=", False)])
        for kind in fed:
            types.search([("regulation_id", "=", own.id), ("code", "=", kind.code)]).write({"fed_by": kind.fed_by})


def make_notices(env):
    """Make the notices to the parents of the stays that are in force: told on the day that is known, or to hand over.

    Their clocks ran, or run, on the cases: none starts here.
    """
    env = env(context={**env.context, "active_test": True})
    known = env["vshu.notice"].search([]).case_id
    cases = env["vshu.case"].search([("state", "in", STAYS), ("date_placed", "!=", False)]) - known
    groups = defaultdict(env["vshu.case"].browse)
    for case in cases:
        groups[case.placement_decision_id] |= case
    vals_list = []
    for decision, stays in groups.items():
        vals_list += stays._notice_vals("placement", decision, addressees=("parents",))
    told = {case.id: case.date_parents_informed for case in cases}
    for vals in vals_list:
        day = told[vals["case_id"]]
        vals["clock_on_case"] = True
        if day:
            vals.update(state="acknowledged", date_sent=day, date_acknowledged=day, date_told=day)
    guarded(env["vshu.notice"].with_context(mail_create_nolog=True, mail_create_nosubscribe=True)).create(vals_list)
