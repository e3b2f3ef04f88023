from odoo import fields, models
from odoo.tools import format_date

from ..tools import transfer_package
from .vshu_transfer_content import JOURNAL


class VshuTransferWords(models.AbstractModel):
    """A record of the work as people read it: titles in the reader's language, words as they were sent."""

    _name = "vshu.transfer.words"
    _description = "Words of a hand-over"

    def _shown_payload(self):
        """Return what was sent or has come; of a draft what would be sent now."""
        self.ensure_one()
        transfer = self.sudo()  # sudo: the caller may read the hand-over, and so what is in it
        if transfer.payload or transfer.direction == "in":
            return transfer.payload or {}
        papers = [
            {
                "type": {"words": {self.env.lang or "en_US": paper.name}},
                "date": fields.Date.to_string(paper.date) if paper.date else None,
                "author": paper.author or None,
                "sheets": paper.sheets,
                "sealed": paper.sealed,
            }
            for paper in transfer.paper_ids.filtered("included")
        ]
        return {**transfer._payload(), "papers": papers}

    def _sections_html(self):
        """Return the sections as HTML, everything escaped by the template."""
        self.ensure_one()
        sections = self._sections(self._shown_payload())
        return self.env["ir.qweb"]._render("vshu_transfer.transfer_sections", {"sections": sections})

    def _sections(self, payload, paper=False):
        """Return ``payload`` as a list of sections {title, lines [(label, text)], text, head, rows}.

        :param paper: without the list of papers, which the printed paper has apart
        """
        if not payload:
            return []
        case = payload.get("case") or {}
        sections = [
            {"title": self._subject_title(payload), "lines": self._subject_lines(payload)},
            {"title": self.env._("Stay"), "lines": self._stay_lines(payload)},
            {"title": self.env._("What happened"), "text": case.get("reason")},
            {"title": self.env._("What was done before the placement"), "text": case.get("measures_before")},
            self._periods_section(payload),
            self._decisions_section(payload),
            self._assignments_section(payload),
            {"title": self.env._("Work done and its result"), "text": payload.get("summary")},
            {"title": self.env._("Advice to the new school"), "text": payload.get("recommendation")},
            *(self._extra_section(extra) for extra in payload.get("extra") or ()),
            {"title": self.env._("Row of the journal, as it was entered"), "lines": self._journal_lines(payload)},
            self._guardians_section(payload),
        ]
        if not paper:
            sections.append(self._papers_section(payload))
        filled = []
        for section in sections:
            section["lines"] = [(label, text) for label, text in section.get("lines") or () if text]
            if section["lines"] or section.get("text") or section.get("rows"):
                filled.append(section)
        return filled

    # -- sections --------------------------------------------------------------------------------------------------

    def _subject_title(self, payload):
        family = (payload.get("subject") or {}).get("kind") == "family"
        return self.env._("Family") if family else self.env._("Student")

    def _subject_lines(self, payload):
        subject = payload.get("subject") or {}
        sexes = dict(self.env["res.partner"].sudo()._fields["vshu_sex"]._description_selection(self.env))
        return [
            (self.env._("Full name"), subject.get("name")),
            (self.env._("Date of birth"), self._day(subject.get("birth_date"))),
            (self.env._("Sex"), sexes.get(subject.get("sex"))),
            (self.env._("Class"), subject.get("class_name")),
            *(
                (
                    self.env._("Child"),
                    ", ".join(filter(None, (member.get("name"), self._day(member.get("birth_date"))))),
                )
                for member in subject.get("members") or ()
            ),
        ]

    def _stay_lines(self, payload):
        case, sender = payload.get("case") or {}, payload.get("sender") or {}
        kinds = dict(self.env["vshu.case"]._fields["kind"]._description_selection(self.env))
        return [
            (
                self.env._("School"),
                ", ".join(filter(None, (sender.get("name"), sender.get("address"), sender.get("phone")))),
            ),
            (self.env._("Regulation"), self._words((payload.get("regulation") or {}).get("words"))),
            (self.env._("Kind"), kinds.get(case.get("kind"), case.get("kind"))),
            (self.env._("Number in the journal"), case.get("number")),
            (self.env._("Placed on"), self._day(case.get("date_placed"))),
            (self.env._("Ground"), self._entry_words(case.get("ground"))),
            (self.env._("Further grounds"), "; ".join(map(self._entry_words, case.get("extra_grounds") or ()))),
            (self.env._("Basis"), self._entry_words(case.get("basis"))),
            (self.env._("Curator"), case.get("curator")),
            (self.env._("Repeated placement"), self.env._("yes") if case.get("repeated") else None),
            (self.env._("Removed on"), self._day(case.get("date_removed"))),
            (self.env._("Reason for removal"), self._entry_words(case.get("removal_reason"))),
        ]

    def _periods_section(self, payload):
        kinds = dict(self.env["vshu.case.term"]._fields["kind"]._description_selection(self.env))
        return {
            "title": self.env._("Periods"),
            "head": [self.env._("Period"), self.env._("From"), self.env._("Until"), self.env._("Decision")],
            "rows": [
                [
                    kinds.get(row.get("kind"), row.get("kind")),
                    self._day(row.get("date_from")),
                    self._day(row.get("date_to")) or self.env._("no fixed end"),
                    row.get("paper"),
                ]
                for row in payload.get("periods") or ()
            ],
        }

    def _decisions_section(self, payload):
        return {
            "title": self.env._("Decisions"),
            "head": [self.env._("Date"), self.env._("Paper"), self.env._("What was decided")],
            "rows": [
                [
                    self._day(row.get("date")),
                    self.env._(
                        "%(form)s № %(number)s",
                        form=self._entry_words(row.get("form"), clause=False),
                        number=row.get("number") or "-",
                    ),
                    row.get("text") or self._entry_words(row.get("kind"), clause=False),
                ]
                for row in payload.get("decisions") or ()
            ],
        }

    def _assignments_section(self, payload):
        return {
            "title": self.env._("Assignments"),
            "head": [self.env._("What"), self.env._("Due"), self.env._("Done on"), self.env._("Report")],
            "rows": [
                [row.get("name"), self._day(row.get("date_due")), self._day(row.get("date_done")), row.get("report")]
                for row in payload.get("assignments") or ()
            ],
        }

    def _journal_lines(self, payload):
        journal = payload.get("journal") or {}
        entry = self.env["vshu.journal.entry"]
        return [
            (
                entry._fields[name]._description_string(self.env),
                self._day(journal.get(name))
                if name.startswith(("date_", "birth_"))
                else journal.get(name) and str(journal[name]),
            )
            for name in JOURNAL
        ]

    def _guardians_section(self, payload):
        kinds = dict(self.env["vshu.guardian"]._fields["kind"]._description_selection(self.env))
        return {
            "title": self.env._("Parents, guardians"),
            "head": [self.env._("Name"), self.env._("Who"), self.env._("Phone")],
            "rows": [
                [row.get("name"), kinds.get(row.get("kind"), row.get("kind")), row.get("phone")]
                for row in payload.get("guardians") or ()
            ],
        }

    def _papers_section(self, payload):
        return {
            "title": self.env._("Papers"),
            "head": [
                self.env._("Paper"),
                self.env._("Date"),
                self.env._("Who gave it"),
                self.env._("Sheets"),
                self.env._("Files"),
            ],
            "rows": [
                [row["name"], row["date"], row["author"], str(row["sheets"] or ""), str(row["files"] or "")]
                for row in self._paper_rows(payload)
            ],
        }

    def _paper_rows(self, payload):
        """Return the list of papers as dicts {name, date, author, sheets, files}, for the printed paper too."""
        return [
            {
                "name": self.env._("%s (sealed)", self._entry_words(row.get("type"), clause=False))
                if row.get("sealed")
                else self._entry_words(row.get("type"), clause=False),
                "date": self._day(row.get("date")),
                "author": row.get("author") or "",
                "sheets": row.get("sheets") or 0,
                "files": len(row.get("files") or ()),
            }
            for row in (payload or {}).get("papers") or ()
        ]

    def _extra_section(self, extra):
        return {
            "title": self._words(extra.get("title")),
            "text": extra.get("text"),
            "head": [self._words(words) for words in extra.get("head") or ()],
            "rows": extra.get("rows") or [],
        }

    # -- words -----------------------------------------------------------------------------------------------------

    def _words(self, words):
        """Return the text in the reader's language, in any other where it was not sent in that one."""
        words = words or {}
        lang = self.env.lang or "en_US"
        near = next((code for code in words if code.split("_")[0] == lang.split("_")[0]), None)
        own = self._default_lang() if words and lang not in words and not near else None
        return words.get(lang) or words.get(near) or words.get(own) or next(iter(words.values()), "")

    def _entry_words(self, entry, clause=True):
        entry = entry or {}
        words = self._words(entry.get("words"))
        if clause and words and entry.get("clause"):
            return f"{words} · {self.env['vshu.regulation']._clause_words(entry['clause'])}"
        return words

    def _day(self, value):
        return format_date(self.env, fields.Date.to_date(value)) if value else ""

    # -- the printed paper -----------------------------------------------------------------------------------------

    def _paper_facts(self):
        """Return what the printed record shows beside its sections, read with the rights of whoever prints it."""
        self.ensure_one()
        payload = self._shown_payload()
        out = self.direction == "out"
        sender = payload.get("sender") or {}
        digest = self.sudo().digest  # sudo: the code stands on the paper for who may print it
        school = self._paper_school() if out else None
        rows = self._paper_rows(payload)
        sheets = sum(row["sheets"] for row in rows)
        subject, sealed = payload.get("subject") or {}, payload.get("sealed_decision")
        date = self._paper_date(fields.Date.to_date(payload["date"])) if payload.get("date") else ""
        number = payload.get("number") or "________"
        receiver = payload.get("receiver") or (self.receiver_id.name if out else "") or "_" * 30
        sender_name = sender.get("name") or self.sender_name or ""
        name = subject.get("name") or self.subject_name or ""
        if subject.get("birth_date"):
            name = f"{name} ({self._day(subject['birth_date'])})"
        return {
            "sections": self._sections(payload, paper=True),
            "papers": rows,
            "sheets": sheets,
            "code": digest and transfer_package.code_of(digest),
            "receipt_code": digest and not out and transfer_package.receipt_code_of(digest),
            "date": date,
            "letter": self.env._("№ %(number)s, %(date)s", number=number, date=date or "________"),
            "addressee": self.env._("To the head: %s", receiver) if out else self.env._("From: %s", sender_name),
            "back_to": self.env._("To: %s", sender_name),
            "totals": self.env._("Papers: %s, sheets in all:", len(rows)),
            "sealed": sealed
            and self.env._(
                "Sealed papers go by the head's decision: № %(number)s, %(date)s",
                number=sealed.get("number"),
                date=self._day(sealed.get("date")),
            ),
            "confirmation": self.env._(
                "We confirm in writing that we agree to the enrolment of the pupil: %(name)s. The record of the "
                "prevention work has been received: papers %(papers)s, sheets %(sheets)s.",
                name=name,
                papers=len(rows),
                sheets=sheets,
            ),
            "sent_by": self.env._("Sent by the letter № %(number)s, %(date)s", number=number, date=date),
            "received_on": self.env._("Received on %s", self._paper_date(self.date_received)),
            "head": school.head_id.name if school else sender.get("head"),
            "keeper": school.keeper_id.name if school else sender.get("keeper"),
        }
