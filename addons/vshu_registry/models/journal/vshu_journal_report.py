from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Date, Domain
from odoo.tools import format_date, format_list

from ...tools.journal_workbook import journal_xlsx

#: what a row of the print-out is made of: one query a batch
ROW_FIELDS = [
    "company_id",
    "year_id",
    "case_id",
    "number",
    "kind",
    "subject_name",
    "birth_date",
    "class_name",
    "address",
    "guardians",
    "date_placed",
    "ground",
    "basis",
    "paper",
    "outside_paper",
    "later_papers",
    "curator",
    "date_parents_informed",
    "date_end",
    "date_removed",
    "removal_reason_id",
    "repeated",
    "annulled",
    "annulment_reason",
    "date_annulled",
]


class VshuJournalEntry(models.Model):
    """The journal on paper and as a sheet: chosen rows, heading, columns and totals, once for both."""

    _inherit = "vshu.journal.entry"

    #: rows read at once: queries grow with batches, memory does not grow with rows
    _journal_batch = 500
    #: some 250 pages, made in about ten seconds
    _journal_pdf_limit = 3000

    # -- buttons -----------------------------------------------------------------------------------------------------

    def action_export_xlsx(self):
        """Hand the journal over as an XLSX file: the selected rows, or those of the filter, or the current school year.

        Returns a client action that fetches the file; which rows are in it is decided with the user's own rights when
        it is made. Raises AccessError where the user may not read the journal or one of the rows, UserError where
        there is nothing to print or the rows belong to several schools.
        """
        request = self._journal_request()
        self._journal_chosen(**request)
        return {
            "type": "ir.actions.client",
            "tag": "vshu_registry.download",
            "params": {"url": "/vshu_registry/journal.xlsx", "data": request},
        }

    def action_print_pdf(self):
        """Print the journal: the selected rows, or those of the filter, or the current school year.

        Returns a report action. Raises as ``action_export_xlsx``, and UserError where there are more rows than
        can be printed at once.
        """
        request = self._journal_request()
        self._journal_check_printable(self._journal_chosen(**request))
        # a context of its own: the one of the list carries the selection once more
        clean = self.with_context(active_ids=None, active_id=None, active_domain=None, active_model=None)
        report = clean.env.ref("vshu_registry.action_report_journal")
        return report.report_action([], data=request, config=False)

    # -- which rows --------------------------------------------------------------------------------------------------

    def _journal_request(self):
        """Return the rows that the user asks for, as {"ids": …, "domain": …}.

        A header button of a list sends the selected rows as records, and the domain of the list as ``active_domain``.
        "Select all" sends rows up to ``web.active_ids_limit``: from there on the domain says it better.
        """
        domain = self.env.context.get("active_domain")
        domain = domain if isinstance(domain, list) else None
        # sudo: a setting of the web client that every session is told
        limit = int(self.env["ir.config_parameter"].sudo().get_param("web.active_ids_limit", 20000))
        if self and not (domain is not None and len(self) >= limit):
            return {"ids": self.ids, "domain": None}
        return {"ids": None, "domain": domain}

    @api.model
    def _journal_chosen(self, ids=None, domain=None):
        """Return the rows asked for that the user may read, in the order of the list.

        Raises AccessError, UserError as ``action_export_xlsx`` says.
        """
        self.browse().check_access("read")
        if ids:
            entries = self.browse(int(id_) for id_ in ids)
            entries.check_access("read")
        else:
            if domain is None:
                school = self.env["vshu.school"]._for_company(self.env.company)
                domain = [("company_id", "=", self.env.company.id), ("year_id", "=", school.current_year_id.id)]
            entries = self.search(Domain(domain))
        if not entries and not self._journal_readable():
            raise AccessError(self.env._("Your role does not read the journal."))
        if not entries:
            raise UserError(self.env._("There is nothing to print: no row of the journal fits the filter."))
        if len(self._read_group([("id", "in", entries.ids)], ["company_id"])) > 1:
            raise UserError(
                self.env._(
                    "The rows belong to several schools, and each keeps a journal of its own. "
                    "Choose one school at the top of the screen and try again."
                )
            )
        return entries

    @api.model
    def _journal_readable(self):
        """Tell whether the user reads the journal of the current school at all: by role, or as a stand-in today."""
        if self.env.su or self.env.user.has_group("vshu_registry.group_case_reader"):
            return True
        return bool(self.search_count([("company_id", "=", self.env.company.id)], limit=1))

    def _journal_check_printable(self, entries):
        if len(entries) > self._journal_pdf_limit:
            raise UserError(
                self.env._(
                    "%(count)s rows are too many for one print-out (at most %(limit)s). Choose a school year or class "
                    "in the filter, or export to XLSX.",
                    count=len(entries),
                    limit=self._journal_pdf_limit,
                )
            )

    # -- what stands on it -------------------------------------------------------------------------------------------

    def _journal_paper_lang(self):
        """Return the language of the print-out: the school's, in which its rows are frozen, whoever prints."""
        return next(iter(self._journal_school()._paper_langs()), self.env.lang or self.env.user.lang)

    def _journal_school(self):
        return self.env["vshu.school"]._for_company(self[:1].company_id).with_context(lang=self.env.lang)

    def _journal_facts(self):
        """Count the rows by what the heading and the totals need, in one query.

        :returns: dict with ``years`` (records), ``kinds`` (set) and ``counts`` {(name of the total, kind): number}
        """
        groups = self._read_group(
            [("id", "in", self.ids)], ["year_id", "kind", "state", "annulled", "repeated"], ["__count"]
        )
        years, kinds, counts = self.env["vshu.school.year"], set(), {}
        for year, kind, state, annulled, repeated, count in groups:
            years |= year
            kinds.add(kind)
            names = ["annulled"] if annulled else ["placed", "removed" if state == "closed" else "left"]
            if repeated and not annulled:
                names.append("repeated")
            for name in names:
                counts[name, kind] = counts.get((name, kind), 0) + count
        return {"years": years.sorted("date_start"), "kinds": kinds, "counts": counts}

    def _journal_heading(self, facts, words=None):
        """Return the heading: school, title by the regulation's own words, school years, filter, day of the print-out.

        :param dict facts: from ``_journal_facts``
        :param words: the filter in words, or nothing
        """
        school = self._journal_school()
        regulation = school.regulation_id
        label = regulation.register_label
        if regulation.control_label and "control" in facts["kinds"]:
            label = regulation.control_label
            if "register" in facts["kinds"]:
                label = format_list(self.env, [regulation.register_label, regulation.control_label], "unit")
        years = format_list(self.env, facts["years"].mapped("name"), "unit")
        lines = [
            self.env._("School year: %s", years),
            words and self.env._("Filter: %s", words),
            self.env._("Printed on %s", format_date(self.env, school._today())),
        ]
        return {
            "sheet": self.env._("Journal"),
            "school": school.company_id.name,
            "title": self.env._("Journal of the register: %s", label),
            "lines": [line for line in lines if line],
        }

    @api.model
    def _journal_columns(self):
        """Return the columns of the form that schools know: title, width in characters, percent of the page."""
        columns = [
            (self.env._("No."), 5, 2.6),
            (self.env._("Full name"), 24, 8.4),
            (self.env._("Date of birth"), 11, 5.5),
            (self.env._("Class"), 7, 3.6),
            (self.env._("Address"), 22, 8.0),
            (self.env._("Parents, phone"), 26, 9.0),
            (self.env._("Date of placement"), 11, 5.6),
            (self.env._("Ground"), 32, 10.8),
            (self.env._("Document of the ground"), 28, 10.2),
            (self.env._("Curator"), 18, 6.6),
            (self.env._("Date of notice to the parents"), 13, 6.3),
            (self.env._("Term until"), 11, 5.4),
            (self.env._("Extension"), 14, 6.3),
            (self.env._("Date of removal"), 13, 6.1),
            (self.env._("Ground for removal"), 22, 7.4),
            (self.env._("Remarks"), 26, 8.6),
        ]
        share = sum(part for _title, _width, part in columns) / 100
        return [{"title": title, "width": width, "share": part / share} for title, width, part in columns]

    def _journal_rows(self):
        """Yield {"cells": …, "annulled": …} row by row, cells in the order of ``_journal_columns``.

        Read in batches: each costs the same number of queries, whatever is in it.
        """
        school = self._journal_school()
        ids = self.ids
        for start in range(0, len(ids), self._journal_batch):
            batch = self.browse(ids[start : start + self._journal_batch])
            batch.fetch(ROW_FIELDS)
            extensions = batch._journal_extensions()
            corrections = batch._journal_corrections()
            for entry in batch:
                yield {
                    "annulled": entry.annulled,
                    "cells": entry._journal_cells(
                        school, extensions.get(entry.case_id.id), corrections.get(entry.id, [])
                    ),
                }
            batch.invalidate_recordset(ROW_FIELDS)

    def _journal_cells(self, school, extensions, corrections):
        self.ensure_one()
        remarks = []
        if self.annulled:
            remarks.append(
                self.env._(
                    "Annulled on %(date)s: %(reason)s",
                    date=format_date(self.env, self.date_annulled) or "",
                    reason=self.annulment_reason or "",
                )
            )
        if self.kind == "control":
            remarks.append(school.regulation_id.control_label or "")
        if self.repeated:
            remarks.append(self.env._("Placed repeatedly"))
        return [
            self._journal_number(school),
            self.subject_name,
            self.birth_date,
            self.class_name,
            self.address,
            self.guardians,
            self.date_placed,
            self.ground,
            _lines(self.basis, self.paper, self.outside_paper, self.later_papers),
            self.curator,
            self.date_parents_informed,
            self.date_end,
            _lines(*extensions or []),
            self.date_removed,
            self.removal_reason_id.display_name,
            _lines(*remarks, *corrections),
        ]

    def _journal_number(self, school):
        if school.number_pattern == "%(number)s":
            return self.number
        return school.number_pattern % {"number": self.number, "year": self.year_id.name}

    def _journal_extensions(self):
        """Return {case id: [from – to, …]} of the extensions."""
        result = {}
        for term in self.env["vshu.case.term"].search_fetch(
            [("case_id", "in", self.case_id.ids), ("kind", "=", "extension")],
            ["case_id", "date_from", "date_to"],
            order="date_from, id",
        ):
            text = self.env._(
                "%(start)s – %(end)s",
                start=format_date(self.env, term.date_from),
                end=format_date(self.env, term.date_to) or "…",
            )
            result.setdefault(term.case_id.id, []).append(text)
        return result

    def _journal_corrections(self):
        """Return {entry id: [correction in words, …]}."""
        Correction = self.env["vshu.journal.correction"]
        corrections = Correction.search_fetch(
            [("entry_id", "in", self.ids)], ["entry_id", "date", "field_name", "old_value", "reason"], order="id"
        )
        result = {}
        titles = dict(Correction._fields["field_name"]._description_selection(self.env)) if corrections else {}
        for correction in corrections:
            day = self.company_id._vshu_day(correction.date)
            old = correction.old_value or ""
            if correction.field_name == "birth_date" and old:
                old = format_date(self.env, Date.to_date(old))
            text = self.env._(
                "Corrected on %(date)s: %(column)s, stood “%(old)s” (%(reason)s)",
                date=format_date(self.env, day),
                column=titles.get(correction.field_name, ""),
                old=old,
                reason=correction.reason,
            )
            result.setdefault(correction.entry_id.id, []).append(text)
        return result

    def _journal_totals(self, facts):
        """Return the totals: title, titles of the number columns (empty where there is one), lines of numbers.

        Annulled rows count as annulled only; placed = removed + on the register at the end.
        """
        labels = [
            ("placed", self.env._("Placed in all")),
            ("repeated", self.env._("of these placed repeatedly")),
            ("removed", self.env._("Removed in all")),
            ("left", self.env._("On the register at the end")),
            ("annulled", self.env._("Entries annulled")),
        ]
        kind_names = dict(self._fields["kind"]._description_selection(self.env))
        kinds = [kind for kind in kind_names if kind in facts["kinds"]]
        counts = facts["counts"]
        lines = []
        for name, label in labels:
            numbers = [counts.get((name, kind), 0) for kind in kinds]
            lines.append((label, [*numbers, sum(numbers)] if len(kinds) > 1 else numbers))
        columns = [*(kind_names[kind] for kind in kinds), self.env._("Total")] if len(kinds) > 1 else [""]
        return {"title": self.env._("Totals"), "columns": columns, "lines": lines}

    def _journal_note(self):
        """Return the regulation's text on what the numbers do not say (KZ-23), with its clause; nothing without one."""
        regulation = self._journal_school().regulation_id
        if not regulation.statistics_text:
            return ""
        if not regulation.statistics_clause:
            return regulation.statistics_text
        return self.env._(
            "%(text)s (%(clause)s)",
            text=regulation.statistics_text,
            clause=regulation._clause_words(regulation.statistics_clause),
        )

    # -- XLSX --------------------------------------------------------------------------------------------------------

    @api.model
    def _journal_xlsx(self, ids=None, domain=None):
        """Return (file name, bytes) of the XLSX file with the rows asked for, in the user's language.

        The name holds no names of children. Raises as ``action_export_xlsx``.
        """
        entries = self._journal_chosen(ids, domain)
        facts = entries._journal_facts()
        content = journal_xlsx(
            entries._journal_heading(facts, entries._journal_words(ids, domain)),
            entries._journal_columns(),
            entries._journal_rows(),
            entries._journal_totals(facts),
            entries._journal_note(),
            self.env._("Page %(page)s of %(pages)s", page="&P", pages="&N"),
        )
        today = Date.to_string(entries._journal_school()._today())
        return self.env._("Journal %s.xlsx", today), content

    def _journal_words(self, ids, domain):
        """Return the choice of rows in words."""
        if ids:
            return self.env._("selected rows: %s", len(self))
        return self.env["vshu.journal.words"]._words(self, domain)


def _lines(*parts):
    return "\n".join(part for part in parts if part)
