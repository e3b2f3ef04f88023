"""What superiors heard of a date that has moved since is forgotten: they hear again where the new one is missed."""

from dateutil.relativedelta import relativedelta
from odoo import SUPERUSER_ID, api
from odoo.fields import Domain

from odoo.addons.vshu_registry.tools.guard import guarded


def migrate(cr, version):
    """Begin clocks and terms anew whose day lies ahead; what people entered stays. Safe to run twice."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False, "tracking_disable": True})
    forget_escalations(env)
    forget_terms(env)


def forget_escalations(env):
    """Clocks that run again with a day to come: nobody has heard of that day."""
    ahead = env["vshu.school"]._by_day(lambda day: Domain("date_due", ">=", day))
    clocks = env["vshu.deadline"].search(ahead & Domain("state", "=", "open") & Domain("escalation_level", ">", 0))
    reminders = clocks._superiors_reminders()
    clocks.write({"escalation_level": 0})
    reminders.unlink()


def forget_terms(env):
    """Stays that expire by their review, which was held since: the next one has not come up."""
    for rule in env["vshu.term.rule"].search([("expiring_days", ">", 0)]):
        later = env["vshu.school"]._by_day(
            lambda day, days=rule.expiring_days: Domain("review_date", ">", day + relativedelta(days=days))
        )
        kind = Domain("regulation_id", "=", rule.regulation_id.id) & Domain("kind", "=", rule.kind)
        running = Domain("date_end", "=", False) & Domain("term_status", "=", "expiring")
        guarded(env["vshu.case"].search(later & kind & running))._term_anew()
