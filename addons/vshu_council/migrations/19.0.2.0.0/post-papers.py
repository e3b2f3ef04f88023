"""Meetings and orders get the language in which their papers were written: nothing of their words changes."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    """Bring a database of the first version in step; safe to run twice."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False, "tracking_disable": True})
    installed = [code for code, _name in env["res.lang"].get_installed()]
    for school in env["vshu.school"].search([]):
        first = next(iter(school._paper_langs()), env.lang or "en_US")
        by_lang = {}
        for meeting in env["vshu.meeting"].search([("company_id", "=", school.company_id.id)]):
            by_lang.setdefault(frozen_lang(meeting, installed) or first, []).append(meeting.id)
        set_lang(env["vshu.meeting"], by_lang)
        by_lang = {}
        for council in env["vshu.council"].search([("company_id", "=", school.company_id.id)]):
            by_lang.setdefault(offered_lang(council, installed) or first, []).append(council.id)
        set_lang(env["vshu.council"], by_lang)
    clear_references(env)
    env.invalidate_all()


def frozen_lang(meeting, installed):
    """Return the language in which signed minutes call their decisions, None where nothing is signed."""
    for line in meeting.minutes_ids.filtered("frozen").line_ids.filtered("kind_id"):
        for code in installed:
            if line.decision_label and line.decision_label == line.kind_id.with_context(lang=code).name:
                return code
    return None


def offered_lang(council, installed):
    """Return the language in which the first words of an order were offered, None where somebody wrote their own."""
    for code in installed:
        if council.preamble and council.preamble == council.with_context(lang=code)._offered_words("preamble"):
            return code
    return None


def set_lang(model, by_lang):
    """Write {language: ids} at once: signed papers refuse every other way."""
    for code, ids in by_lang.items():
        table = SQL.identifier(model._table)
        model.env.cr.execute(SQL("UPDATE %s SET lang = %s WHERE id IN %s", table, code, tuple(ids)))


def clear_references(env):
    """Write the day of the meeting in place of the words that somebody's language had on its clocks."""
    for deadline in env["vshu.deadline"].search([("res_model", "in", ("vshu.meeting", "vshu.assignment"))]):
        record = env[deadline.res_model].browse(deadline.res_id).exists()
        reference = record and record._deadline_links()["reference"]
        if reference and reference != deadline.reference:
            deadline.reference = reference
