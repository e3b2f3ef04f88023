from odoo import api, models
from odoo.tools import format_date


class VshuJournalPdf(models.AbstractModel):
    """Values of the printed journal, read with the rights of whoever prints it."""

    _name = "report.vshu_registry.report_journal"
    _description = "Printed journal"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template shows; nothing is looked up in the template itself.

        :param docids: rows by id, where the report is called for rows
        :param data: ``ids`` or ``domain`` as ``action_print_pdf`` sends them
        """
        data = data or {}
        ids, domain = docids or data.get("ids"), data.get("domain")
        Entry = self.env["vshu.journal.entry"]
        entries = Entry._journal_chosen(ids, domain)
        entries._journal_check_printable(entries)
        lang = entries._journal_paper_lang()
        entries = entries.with_context(lang=lang)
        facts = entries._journal_facts()
        return {
            "lang": lang,
            "heading": entries._journal_heading(facts, entries._journal_words(ids, domain)),
            "columns": entries._journal_columns(),
            "rows": self._rows(entries),
            "totals": entries._journal_totals(facts),
            "note": entries._journal_note(),
            "signatures": self._signatures(entries),
            # filled in when the pages are made
            "page_label": entries.env._("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
        }

    @api.model
    def _rows(self, entries):
        """Return the rows with dates written in the language of the paper."""
        rows = []
        for row in entries._journal_rows():
            cells = []
            for value in row["cells"]:
                written = format_date(entries.env, value) if hasattr(value, "strftime") else value
                cells.append("" if written is None or written is False else str(written))
            rows.append({"annulled": row["annulled"], "cells": cells})
        return rows

    @api.model
    def _signatures(self, entries):
        """Return the officers who sign: the keeper by the head's order, and the head (RU-11, KZ-10)."""
        school = entries._journal_school()
        order = ""
        if school.keeper_order_number:
            order = entries.env._(
                "order No. %(number)s of %(date)s",
                number=school.keeper_order_number,
                date=format_date(entries.env, school.keeper_order_date) or "…",
            )
        return [
            {"post": entries.env._("Keeper of the register"), "order": order, "name": school.keeper_id.name or ""},
            {"post": entries.env._("Head of the school"), "order": "", "name": school.head_id.name or ""},
        ]
