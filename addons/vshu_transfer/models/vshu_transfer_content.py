import secrets

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import guarded

from ..tools import transfer_package

#: columns of the journal row that go with the record, as they were frozen
JOURNAL = (
    "number",
    "date_entered",
    "date_placed",
    "subject_name",
    "birth_date",
    "class_name",
    "address",
    "guardians",
    "ground",
    "basis",
    "paper",
    "outside_paper",
    "curator",
)


def _plain(value):
    """Return a value as the file has it: ISO dates, None for what is not there."""
    if value is False or value is None or value == "":
        return None
    return fields.Date.to_string(value) if hasattr(value, "strftime") else value


class VshuTransferContent(models.AbstractModel):
    """What goes to the other school: drafted from the case, frozen when it is sent. No ids of the database in it."""

    _name = "vshu.transfer.content"
    _description = "Content of a hand-over"

    # -- draft -----------------------------------------------------------------------------------------------------

    @api.model
    def _draft_vals(self, cases):
        """Return create values of the drafts for ``cases`` (sudo)."""
        langs = {company: self.with_company(company)._default_lang() for company in cases.company_id}
        return [
            {
                "company_id": case.company_id.id,
                "regulation_id": case.regulation_id.id,
                "direction": "out",
                "case_id": case.id,
                "student_id": case.student_id.id,
                "family_id": case.family_id.id,
                "subject_name": case.student_id.name or case.family_id.name,
                "date_closed": case.date_removed,
                "lang": langs[case.company_id],
            }
            for case in cases
        ]

    def _draft_summary(self):
        """Return the summary of the work done, drafted from the case in the language of the paper."""
        self.ensure_one()
        source = self.with_context(lang=self._paper_lang())
        case, env = source.case_id, source.env
        lines = []
        if case.date_placed:
            lines.append(
                env._(
                    "Individual prevention work was done from %(start)s to %(end)s.",
                    start=format_date(env, case.date_placed),
                    end=format_date(env, case.date_removed or case.date_end) or "…",
                )
            )
        if case.extension_count:
            lines.append(env._("Times that the term was extended: %s.", case.extension_count))
        for assignment in case.assignment_ids:
            if assignment.date_done:
                lines.append(
                    env._(
                        "Done on %(date)s: %(what)s. %(report)s",
                        date=format_date(env, assignment.date_done),
                        what=assignment.name,
                        report=assignment.report or "",
                    ).strip()
                )
            else:
                lines.append(
                    env._(
                        "Not done yet, due %(date)s: %(what)s.",
                        date=format_date(env, assignment.date_due),
                        what=assignment.name,
                    )
                )
        ratings = dict(self.env["vshu.document"]._fields["rating"]._description_selection(env))
        for document in case.document_ids.filtered(lambda d: d.state == "ready" and d.rating and not d.type_id.sealed):
            lines.append(
                env._(
                    "%(paper)s of %(date)s: %(rating)s.",
                    paper=document.display_name,
                    date=format_date(env, document.date),
                    rating=ratings[document.rating],
                )
            )
        if case.removal_reason_id:
            lines.append(
                env._(
                    "Result: the stay ended on %(date)s, reason: %(reason)s.",
                    date=format_date(env, case.date_removed),
                    reason=case.removal_reason_id.display_name,
                )
            )
        return "\n".join(lines)

    def _refresh_papers(self):
        """Bring the lists of papers in step with the files of the cases; what was chosen and counted stays."""
        vals_list = []
        for transfer in self:
            transfer = transfer.with_context(lang=transfer._paper_lang())
            known = {(paper.source_model, paper.source_id) for paper in transfer.paper_ids}
            ready = transfer.case_id.document_ids.filtered(lambda d: d.state == "ready" and not d.type_id.sealed)
            rows = [
                {
                    "source_model": document._name,
                    "source_id": document.id,
                    "name": document.display_name,
                    "type_id": document.type_id.id,
                    "date": document.date,
                    "author": document.author_id.name,
                    "included": True,
                }
                for document in ready.sorted(lambda d: (d.date, d.id))
            ]
            rows += [{**row, "sealed": True, "included": False} for row in transfer._sealed_candidates()]
            vals_list += [
                {"transfer_id": transfer.id, "sequence": 10 * (number + 1), **row}
                for number, row in enumerate(rows)
                if (row["source_model"], row["source_id"]) not in known
            ]
        guarded(self.env["vshu.transfer.paper"]).create(vals_list)

    def _sealed_candidates(self):
        """Return create values of lines for the sealed papers of the case: that they exist, since when, from whom.

        Papers of sealed kinds in the dossier, and those of ``vshu.sealed`` where it is there: that model names them by
        ``_transfer_candidates(case)``, a list of dicts {source_model, source_id, name, type_id, date, author}, and
        hands their files out by ``_transfer_files()``. They go by the head's decision only.
        """
        self.ensure_one()
        rows = [
            {
                "source_model": document._name,
                "source_id": document.id,
                "name": document.type_id.display_name,
                "type_id": document.type_id.id,
                "date": document.date,
                "author": document.author_id.name,
            }
            for document in self.case_id.document_ids.filtered(lambda d: d.state == "ready" and d.type_id.sealed)
        ]
        more = getattr(self.env.get("vshu.sealed"), "_transfer_candidates", None)
        return rows + (more(self.case_id) if more else [])

    # -- what is sent ----------------------------------------------------------------------------------------------

    def _build_payload(self, date):
        """Return (record, {member: bytes}) of a draft, as it goes into the file on ``date``. Called in sudo."""
        self.ensure_one()
        papers, files = [], {}
        for paper in self.paper_ids.filtered("included"):
            members = []
            for name, content in paper._files():
                member = transfer_package.member_name(len(files) + 1, name)
                files[member] = content
                members.append({"member": member, "name": name[:200]})
            papers.append(
                {
                    "type": self._entry(paper.type_id, "display_name") or {"words": self._texts(paper.name)},
                    "date": _plain(paper.date),
                    "author": _plain(paper.author),
                    "rating": self._paper_rating(paper),
                    "sheets": paper.sheets,
                    "sealed": paper.sealed,
                    "files": members,
                }
            )
        payload = {**self._payload(), "date": _plain(date), "uid": secrets.token_hex(16), "papers": papers}
        return payload, files

    def _paper_rating(self, paper):
        if paper.source_model != "vshu.document" or paper.sealed:
            return None
        return _plain(self.env["vshu.document"].browse(paper.source_id).exists().rating)

    def _payload(self):
        """Return the record without its papers; other addons add theirs by ``_transfer_extra``."""
        self.ensure_one()
        self = self.with_context(lang=self._paper_lang())
        case, company = self.case_id, self.company_id
        school = self.env["vshu.school"]._by_company(company).get(company.id)
        payload = {
            "format": transfer_package.FORMAT,
            "version": transfer_package.VERSION,
            "reference": self.name,
            "number": _plain(self.number),
            "date": fields.Date.to_string(self._vshu_today()),
            "sender": {
                "name": company.name,
                "address": _plain(self._address_of(company.partner_id)),
                "phone": _plain(company.phone),
                "email": _plain(company.email),
                "head": _plain(school.head_id.name),
                "keeper": _plain(school.keeper_id.name),
            },
            "regulation": {
                "regulation": case.regulation_id.code,
                "code": case.regulation_id.version,
                "words": self._words_of(case.regulation_id, "name"),
            },
            "receiver": _plain(self.receiver_id.name),
            "subject": self._payload_subject(),
            "guardians": self._payload_guardians() if self.guardians_consent else [],
            "case": self._payload_case(),
            "periods": [
                {
                    "kind": term.kind,
                    "date_from": _plain(term.date_from),
                    "date_to": _plain(term.date_to),
                    "months": term.months,
                    "paper": term.decision_id.display_name or None,
                }
                for term in case.term_ids.sorted(lambda t: (t.date_from, t.id))
            ],
            "decisions": [
                {
                    "kind": self._entry(decision.kind_id),
                    "form": self._entry(decision.form_id),
                    "number": _plain(decision.number),
                    "date": _plain(decision.date),
                    "text": _plain(decision.text),
                }
                for decision in case.decision_ids.filtered(lambda d: d.state == "done").sorted(lambda d: (d.date, d.id))
            ],
            "assignments": [
                {
                    "name": assignment.name,
                    "date_assigned": _plain(assignment.date_assigned),
                    "date_due": _plain(assignment.date_due),
                    "date_done": _plain(assignment.date_done),
                    "report": _plain(assignment.report),
                }
                for assignment in case.assignment_ids.sorted(lambda a: (a.date_due, a.id))
            ],
            "journal": self._payload_journal(),
            "summary": _plain(self.summary),
            "recommendation": _plain(self.recommendation),
            "sealed_decision": {"number": self.sealed_number, "date": _plain(self.sealed_date)}
            if self.sealed_number
            else None,
            "extra": [],
        }
        self._transfer_extra(payload)
        return payload

    @api.model
    def _address_of(self, partner):
        """Return the address of a school on one line, without its name."""
        lines = partner._display_address(without_company=True).splitlines()
        return ", ".join(filter(None, (" ".join(line.split()) for line in lines)))

    def _transfer_extra(self, payload):
        """Add sections to ``payload["extra"]``: the preventive work done, talks, visits, praise (RU-5.4).

        What was struck through stays here. Other addons add theirs: a plan …

        Each is {"title": {lang: text}, "text": text, "head": [{lang: text}], "rows": [[text]]}, so that it is read at a
        school that does not have the addon.
        """
        case = self.case_id
        # sudo: the right to hand the record over was checked; the work done with the child belongs to it
        entries = self.env["vshu.intervention"].sudo().search([("case_id", "=", case.id), ("annulled", "=", False)])
        if not entries:
            return
        langs = self._payload_langs()
        worded = {lang: self.with_context(lang=lang).env for lang in langs}
        heads = [
            {lang: env._("Date") for lang, env in worded.items()},
            {lang: env._("What") for lang, env in worded.items()},
            {lang: env._("Who") for lang, env in worded.items()},
            {lang: env._("What happened") for lang, env in worded.items()},
            {lang: env._("What came of it") for lang, env in worded.items()},
        ]
        payload["extra"].append(
            {
                "title": {lang: env._("Preventive work done") for lang, env in worded.items()},
                "text": None,
                "head": heads,
                "rows": [
                    [
                        format_date(self.env, entry._day()),
                        entry.kind_id.display_name or "",
                        entry.employee_id.name or "",
                        entry.text or "",
                        entry.result or "",
                    ]
                    for entry in entries.sorted(lambda e: (e.date, e.id))
                ],
            }
        )

    def _payload_subject(self):
        case = self.case_id
        if case.subject == "family":
            return {
                "kind": "family",
                "name": case.family_id.name,
                "members": [
                    {"name": child.name, "birth_date": _plain(child.vshu_birth_date)}
                    for child in case.family_id.member_ids
                ],
            }
        student = case.student_id
        entry = self.env["vshu.journal.entry"].search([("case_id", "=", case.id)], limit=1)
        return {
            "kind": "student",
            "name": student.name,
            "birth_date": _plain(student.vshu_birth_date),
            "sex": _plain(student.vshu_sex),
            "class_name": _plain(entry.class_name),
            "grade": entry.grade or None,
        }

    def _payload_guardians(self):
        today = self._vshu_today()
        links = (self.case_id.student_id or self.case_id.family_id.member_ids).vshu_guardian_ids._on(today)
        rows = {}
        for link in links:
            row = {"name": link.partner_id.name, "kind": link.kind, "phone": _plain(link.partner_id.phone)}
            rows.setdefault(link.partner_id.id, row)
        return list(rows.values())

    def _payload_case(self):
        case = self.case_id
        return {
            "reference": case.name,
            "kind": case.kind,
            "number": case.display_name,
            "date_received": _plain(case.date_received),
            "date_placed": _plain(case.date_placed),
            "date_entered": _plain(case.date_entered),
            "date_end": _plain(case.date_end),
            "date_removed": _plain(case.date_removed),
            "repeated": case.repeated,
            "ground": self._entry(case.ground_id),
            "extra_grounds": [self._entry(ground) for ground in case.extra_ground_ids],
            "basis": self._entry(case.basis_id),
            "removal_reason": self._entry(case.removal_reason_id),
            "curator": _plain(case.curator_id.name),
            "reason": _plain(case.reason),
            "measures_before": _plain(case.measures_before),
        }

    def _payload_journal(self):
        entry = self.env["vshu.journal.entry"].search([("case_id", "=", self.case_id.id)], limit=1)
        if not entry:
            return None
        row = {name: _plain(entry[name]) for name in JOURNAL if name != "guardians" or self.guardians_consent}
        return {**row, "year": entry.year_id.name}

    # -- words -----------------------------------------------------------------------------------------------------

    def _entry(self, record, name="name"):
        """Return a record of a catalogue as the file has it: regulation, code, clause, words; None for none."""
        if not record:
            return None
        return {
            "regulation": record.regulation_id.code,
            "code": record.code,
            "clause": _plain(record.clause),
            "words": self._words_of(record, name),
        }

    def _words_of(self, record, name):
        """Return {language code: words} in the languages of the school's papers."""
        return {lang: record.with_context(lang=lang)[name] or "" for lang in self._payload_langs()}

    def _texts(self, text):
        return dict.fromkeys(self._payload_langs(), text)

    def _payload_langs(self):
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        langs = [lang for lang in self.case_id.regulation_id._languages() if lang in installed]
        return langs or [self._paper_lang()]
