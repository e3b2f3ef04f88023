from odoo.tools import SQL

from odoo.addons.vshu_registry.tools.uninstall import keep_used, let_tables_go

#: effects of decisions and the event of notices that only this addon knows
EFFECTS = ("petition", "hear_again", "note")
EVENT = "hearing_off"


def post_init_hook(env):
    """Put the cases that wait for the council when the addon comes on its list."""
    env["vshu.case"]._council_take_up()


def uninstall_hook(env):
    """Leave the register working: what only the council knows goes, decisions, notices and journal rows stay.

    Kinds of decisions and rules on notices that were used lose their external id, so that Odoo does not delete them
    with the addon, are archived, and are called what the register knows. Clocks and reminders of meetings go.
    """
    activities = env["mail.activity"].with_context(active_test=False)
    types = [env.ref(f"vshu_council.activity_type_{name}").id for name in ("meeting", "papers")]
    activities.search(
        [
            "|",
            ("res_model", "in", ("vshu.meeting", "vshu.meeting.participant")),
            ("activity_type_id", "in", types),
        ]
    ).unlink()
    env["calendar.event"].browse(env["vshu.meeting"].search([]).event_id.ids).unlink()
    env["vshu.deadline"].search([("res_model", "=", "vshu.meeting")]).unlink()
    env.flush_all()
    keep_used(env, "vshu_council", "vshu_decision_kind", "vshu_decision", "kind_id")
    keep_used(env, "vshu_council", "vshu_notice_rule", "vshu_notice", "rule_id")
    for table in ("vshu_decision_kind", "vshu_decision"):
        env.cr.execute(SQL("UPDATE %s SET effect = 'keep' WHERE effect IN %s", SQL.identifier(table), EFFECTS))
    for table in ("vshu_notice_rule", "vshu_notice"):
        env.cr.execute(SQL("UPDATE %s SET event = 'hearing' WHERE event = %s", SQL.identifier(table), EVENT))
    let_tables_go(env, "vshu_council")
    env.invalidate_all()
