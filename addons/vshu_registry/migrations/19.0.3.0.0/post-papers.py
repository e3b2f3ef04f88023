"""Senders of papers become bodies, grounds get their phrases, references of clocks lose their words."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    """Bring a database of an earlier version in step; safe to run twice."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False, "tracking_disable": True})
    complete_own_versions(env)
    renew_words(env)
    mark_bodies(env)
    clear_references(env, ("vshu.petition",))


def complete_own_versions(env):
    """Give schools' own versions what the shipped record of the same code says, where it is empty there."""
    for table, column in (("vshu_ground", "phrase"), ("vshu_decision_form", "sender_kind")):
        env.cr.execute(
            SQL(
                """UPDATE %(table)s own SET %(column)s = shipped.%(column)s
                     FROM %(table)s shipped
                     JOIN vshu_regulation origin ON origin.id = shipped.regulation_id AND origin.shipped
                     JOIN vshu_regulation copy ON copy.code = origin.code AND NOT COALESCE(copy.shipped, FALSE)
                    WHERE own.regulation_id = copy.id AND own.code = shipped.code AND own.%(column)s IS NULL""",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
            )
        )
    env.invalidate_all()
    env.registry.clear_cache()


def renew_words(env):
    """Let the words of shipped notices be translated anew: Odoo keeps the old translation of words that have changed.

    Nobody edits a shipped rule, so nothing that a school wrote goes; the translations are loaded right after this.
    """
    for column in ("text", "receipt"):
        env.cr.execute(
            SQL(
                """UPDATE vshu_notice_rule rule
                      SET %(column)s = jsonb_build_object('en_US', rule.%(column)s -> 'en_US')
                     FROM vshu_regulation regulation
                    WHERE regulation.id = rule.regulation_id AND regulation.shipped
                      AND rule.%(column)s ->> 'en_US' IS NOT NULL""",
                column=SQL.identifier(column),
            )
        )
    env.invalidate_all()
    env.registry.clear_cache()


def mark_bodies(env):
    """Mark organisations that papers came from; persons are not marked but listed for the keeper."""
    papers = env["vshu.signal"].search([("intake_kind", "=", "notice"), ("issuer_id", "!=", False)])
    for issuer, signals in papers.grouped("issuer_id").items():
        if issuer.is_company and not issuer.vshu_body:
            kinds = set(signals.form_id.mapped("sender_kind")) - {False}
            issuer.vshu_body = kinds.pop() if len(kinds) == 1 else "other"


def clear_references(env, names):
    """Write the numbers of the records in place of the words that somebody's language had."""
    for deadline in env["vshu.deadline"].search([("res_model", "in", names)]):
        record = env[deadline.res_model].browse(deadline.res_id).exists()
        reference = record and record._deadline_links()["reference"]
        if reference and reference != deadline.reference:
            deadline.reference = reference
