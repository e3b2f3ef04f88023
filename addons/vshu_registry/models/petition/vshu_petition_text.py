from odoo import SUPERUSER_ID, api, models
from odoo.tools import format_date, html2plaintext


class VshuPetitionText(models.AbstractModel):
    """The words of a letter, drafted from the template of its kind and from the case as it stands."""

    _name = "vshu.petition.text"
    _description = "Words of a petition"

    @api.depends("kind_id", "case_id", "lang")
    def _compute_text(self):
        for petition in self:
            if petition.kind_id and petition.case_id and petition.state == "draft" and petition._may_draft():
                petition.update(petition._drafted())

    def _may_draft(self):
        """Tell whether the user may put the case into words: the office, where it may read the case.

        A form can be filled with the number of any case, and what is stored is computed in sudo: so the user is asked
        for, not the rights of the moment.
        """
        self.ensure_one()
        if self.env.uid == SUPERUSER_ID:
            return True
        case = self.case_id._origin.sudo(False)
        company = case.sudo().company_id  # sudo: which school it is
        roles = self.env["vshu.role"].sudo(False)._my_roles(company).get(company.id, set())
        return bool(roles & self._office_roles()) and case.has_access("read")

    def _drafted(self):
        """Return subject and text as the template gives them today, in the language of the letter."""
        self.ensure_one()
        # sudo: the drafter reads the case; its papers, decisions and people are put into words
        case = self.case_id.sudo().with_context(lang=self.lang)
        kind = self.kind_id.sudo().with_context(lang=self.lang)  # sudo: a catalogue
        return {
            "subject": (kind.name or "")[:1].upper() + (kind.name or "")[1:],
            "body": kind._render(self._words(case)),
        }

    def _has_text(self):
        """Tell whether the letter says anything: an editor leaves empty paragraphs behind."""
        self.ensure_one()
        return bool(html2plaintext(self.body or "").strip())

    def _subject_line(self):
        """Return the subject as it stands under the title: a sentence that goes on, so with a small letter."""
        self.ensure_one()
        return (self.subject or "")[:1].lower() + (self.subject or "")[1:]

    def _enclosure_lines(self):
        """Return the lines of the list of enclosures: the papers of the file by name and date, then what was typed."""
        self.ensure_one()
        lines = []
        for paper in self.document_ids:
            date = format_date(self.env, paper.date) if paper.date else ""
            name = paper.type_id.display_name
            lines.append(self.env._("%(paper)s of %(date)s", paper=name, date=date) if date else name)
        return lines + [line.strip() for line in (self.enclosures or "").splitlines() if line.strip()]

    def _words(self, case):
        """Return {placeholder: text} for the case (see PLACEHOLDERS of vshu.petition.kind)."""
        student, family = case.student_id, case.family_id
        today = self._vshu_today()
        children = student or family.member_ids
        adults = case._adults_on(today)
        address = self._place(student) if student else family.address
        return {
            "school": case.company_id.name,
            "child": ", ".join(children.mapped("name")),
            "birth_date": ", ".join(filter(None, (self._day(child.vshu_birth_date, case) for child in children))),
            "class": ", ".join(filter(None, children.vshu_class_id.mapped("name"))),
            "address": " ".join((address or "").split()),
            "parents": "\n".join(self._adult_line(case, adult) for adult in adults),
            "ground": "; ".join((case.ground_id | case.extra_ground_ids).mapped("name")),
            "placed": self._placed(case),
            "happened": case.reason,
            "before": case.measures_before,
            "work": "\n".join(f"– {line}" for line in case._petition_work_done()),
            "outside": "\n".join(f"– {self._outside_line(case, record)}" for record in case._outside_records()),
            "refused": self._fact_lines(case, "refused"),
            "no_measures": self._fact_lines(case, "no_measures"),
            "harm": self._fact_lines(case, "harm"),
            "no_contact": self._fact_lines(case, "no_contact"),
            "council": "\n".join(f"– {decision.display_name}" for decision in case._council_decisions().sorted("date")),
            "assignments": "\n".join(
                f"{number}. {self._assignment_line(case, assignment)}"
                for number, assignment in enumerate(self._to_report(case), start=1)
            ),
            "letter": self._reminded(case),
        }

    @api.model
    def _place(self, partner):
        """Return where somebody lives or sits, as it is written in a letter within the country."""
        return ", ".join(filter(None, [partner.street, partner.street2, partner.city]))

    def _day(self, date, case):
        return format_date(case.env, date) if date else ""

    def _placed(self, case):
        if not case.date_placed:
            return ""
        paper = case.placement_decision_id.display_name
        day = self._day(case.date_placed, case)
        return f"{day} ({paper})" if paper else day

    def _adult_line(self, case, adult):
        links = case.student_id.vshu_guardian_ids.filtered(lambda link: link.partner_id == adult)[:1]
        label = dict(links._fields["kind"]._description_selection(case.env)).get(links.kind, "") if links else ""
        return ", ".join(filter(None, [adult.name, label.lower(), adult.phone]))

    def _outside_line(self, case, record):
        bodies = dict(record._fields["body"]._description_selection(case.env))
        parts = [
            record.body_partner_id.name or bodies.get(record.body, ""),
            case.env._("since %s", self._day(record.date_from, case)),
            record.paper,
        ]
        return ", ".join(filter(None, parts))

    def _fact_lines(self, case, kind):
        """Return what is on record of the parents, one line a fact: day, who, what, before whom."""
        lines = []
        for fact in case._parent_facts(kind).sorted("date"):
            line = ", ".join(filter(None, [self._day(fact.date, case), *fact.partner_ids.mapped("name")]))
            line = f"{line}: {fact.note.strip()}"
            witnesses = ", ".join(filter(None, [fact.witness_id.name, fact.witness2_id.name]))
            if witnesses:
                line += " " + case.env._("(in the presence of: %s)", witnesses)
            lines.append(f"– {line}")
        return "\n".join(lines)

    def _to_report(self, case):
        """Return the assignments that this letter reports: those that no letter has reported yet."""
        return case._decree_assignments().filtered(
            lambda a: not a.report_petition_id or a.report_petition_id == self._origin
        )

    def _assignment_line(self, case, assignment):
        result = (
            case.env._("done on %s", self._day(assignment.date_done, case))
            if assignment.date_done
            else case.env._("under way, due on %s", self._day(assignment.date_due, case))
        )
        return " — ".join(
            filter(None, [assignment.name.strip().rstrip("."), result, (assignment.report or "").strip().rstrip(".")])
        )

    def _reminded(self, case):
        letter = self.reminder_of_id
        if not letter:
            return ""
        return case.env._(
            "No. %(number)s of %(date)s “%(subject)s”",
            number=letter.number,
            date=self._day(letter.date_sent, case),
            subject=letter.subject,
        )


class VshuCase(models.Model):
    _inherit = "vshu.case"

    def _petition_work_done(self):
        """Return what has been done in the case so far, one line each, for letters: decisions, then the latest talks,
        visits and other work. Other addons add their lines."""
        self.ensure_one()
        lines = []
        for decision in self.decision_ids.filtered(lambda d: d.state == "done").sorted("date"):
            lines.append(
                self.env._(
                    "%(date)s: %(what)s (%(paper)s)",
                    date=format_date(self.env, decision.date),
                    what=(decision.kind_id.name or "").strip(),
                    paper=decision.display_name,
                )
            )
        return lines + self._intervention_lines()
