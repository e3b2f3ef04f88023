from odoo import models
from odoo.tools import format_date


class VshuCase(models.Model):
    """What the school knows of the child of a case, in words for its papers (RU-A3, RU-A4).

    Called in sudo for a case whose paper the user gives: who writes the characteristic is asked for parents, earlier
    stays and summonses by RU-A4, whatever lists they may open. Of earlier stays the dates are told, not the file.
    """

    _name = "vshu.case"
    _inherit = ["vshu.case", "vshu.paper.mixin"]

    def _children(self):
        """Return the children whom the cases are about: the student, or the children of the family."""
        return self.student_id | self.family_id.member_ids

    def _classes_on(self, date):
        """Return {case id: classes in which the child, or the children of the family, are on ``date``}, in one query
        for any number of cases (RU-A3, RU-5.2). In sudo: the class of a child is known to whoever may see the case."""
        cases = self.sudo()  # sudo: see above
        classes = cases._children()._vshu_class_on(date)
        empty = self.env["vshu.class"].sudo()  # sudo: see above
        return {
            case.id: empty.union(*(classes[child.id] for child in case._children() if child.id in classes))
            for case in cases
        }

    def _facts_day(self, date):
        return format_date(self.env, date) if date else ""

    # -- people ----------------------------------------------------------------------------------------------------

    def _facts_guardians(self, student, day):
        """Return the guardians on ``day``, those who answer for the child first."""
        return student.vshu_guardian_ids._on(day)

    def _facts_work(self, adult):
        """Return where an adult works, as the contact has it."""
        return ", ".join(filter(None, [adult.parent_id.name or adult.company_name, adult.function]))

    def _facts_address(self, student):
        """Return where the child lives: the family's own entry, else the contact's address, without the country."""
        address = student.vshu_family_id.address or ", ".join(
            filter(None, [student.city, student.street, student.street2])
        )
        return " ".join((address or "").split())

    def _facts_adults(self, student, day):
        """Return a line for each adult who answers for the child."""
        guardians = self._facts_guardians(student, day)
        kinds = dict(guardians._fields["kind"]._description_selection(self.env))
        return "\n".join(
            ", ".join(filter(None, [guardian.partner_id.name, kinds[guardian.kind].lower(), guardian.partner_id.phone]))
            for guardian in guardians
        )

    def _facts_family(self, student, day):
        """Return who belongs to the family and its social categories on ``day`` (KZ-1, RU-1.3)."""
        guardians = self._facts_guardians(student, day)
        kinds = dict(guardians._fields["kind"]._description_selection(self.env))
        lines = [f"{guardian.partner_id.name} ({kinds[guardian.kind].lower()})" for guardian in guardians]
        family = student.vshu_family_id
        lines += [adult.name for adult in family.adult_ids - guardians.partner_id]
        lines += [
            self.env._("%(child)s, born %(date)s", child=child.name, date=self._facts_day(child.vshu_birth_date) or "…")
            for child in family.member_ids - student
        ]
        entries = (student.vshu_category_ids | family.category_ids).filtered(
            lambda e: e.date_from <= day and (not e.date_to or e.date_to >= day)
        )
        if entries:
            names = ", ".join(dict.fromkeys(entries.category_id.mapped("display_name")))
            lines.append(self.env._("Social categories: %s", names))
        return "\n".join(filter(None, lines))

    # -- stays and summonses -----------------------------------------------------------------------------------------

    def _facts_cases(self, student):
        """Return all cases of the child in this school that count."""
        return self.search(
            [("company_id", "=", self.company_id.id), ("student_id", "=", student.id), ("state", "!=", "annulled")],
            order="date_placed, id",
        )

    def _facts_label(self):
        """Return what the regulation calls the list that the case is on."""
        regulation = self.regulation_id
        return (self.kind == "control" and regulation.control_label) or regulation.register_label

    def _facts_stays_now(self, student, day):
        """Return the running stays: since when, why (RU-A4.14)."""
        cases = self._facts_cases(student).filtered(
            lambda case: (
                case.date_placed and case.date_placed <= day and (not case.date_removed or case.date_removed > day)
            )
        )
        return "\n".join(
            self.env._(
                "%(register)s since %(date)s, № %(number)s: %(ground)s",
                register=case._facts_label(),
                date=self._facts_day(case.date_placed),
                number=case.number,
                ground=case.ground_id.name or "",
            )
            for case in cases
        )

    def _facts_stays_before(self, student, day):
        """Return the earlier stays: from when to when, nothing else of them (RU-A4.15)."""
        cases = self._facts_cases(student).filtered(
            lambda case: case.date_placed and case.date_removed and case.date_removed <= day
        )
        return "\n".join(
            self.env._(
                "%(register)s: %(start)s – %(end)s",
                register=case._facts_label(),
                start=self._facts_day(case.date_placed),
                end=self._facts_day(case.date_removed),
            )
            for case in cases
        )

    def _facts_decisions(self, student, day, body):
        """Return what ``body`` has decided on the child until ``day``."""
        decisions = self._facts_cases(student).decision_ids
        return decisions.filtered(lambda d: d.state == "done" and d.body == body and d.date <= day).sorted("date")

    def _facts_council(self, student, day):
        """Return what the council has decided on the child: when, what (RU-A4.16)."""
        decisions = self._facts_cases(student).decision_ids.filtered(
            lambda d: d.state == "done" and d.body == "council"
        )
        return "\n".join(f"{self._facts_day(decision.date)}: {decision.kind_id.display_name}" for decision in decisions)

    def _facts_outside(self, student, day):
        """Return the decrees on the child, the outside registers and the summonses there (RU-6.1b, RU-A4.17)."""
        decisions = self._facts_decisions(student, day, "outside")
        lines = [f"{self._facts_day(decision.date)}: {decision.display_name}" for decision in decisions]
        records = student.vshu_external_record_ids.filtered(
            lambda record: record.company_id == self.company_id and record.date_from <= day
        )
        bodies = dict(records._fields["body"]._description_selection(self.env))
        for record in records.sorted("date_from"):
            days = " – ".join(filter(None, [self._facts_day(record.date_from), self._facts_day(record.date_to)]))
            words = [record.body_partner_id.name or bodies[record.body], days, record.reason, record.paper]
            lines += [", ".join(filter(None, words))] + ([record.summons] if record.summons else [])
        return "\n".join(lines)
