import re

from dateutil.relativedelta import relativedelta
from odoo import fields, models

from ..tools.import_words import name_key, same_person, words


class VshuImport(models.Model):
    """What the words of a paper register mean here: curators, grounds, bases, papers, periods, reasons."""

    _inherit = "vshu.import"

    def _staff(self):
        """Return [(key of the name, employee)] of the school."""
        # sudo: the names of those who work at the school are known to those who keep the register
        employees = self.env["hr.employee"].sudo().search_fetch([("company_id", "=", self.company_id.id)], ["name"])
        return [(name_key(employee.name), employee) for employee in employees]

    def _find_curator(self, plan, stay, book):
        name = plan.row.values.get("curator")
        if not name:
            plan.problems.append(self.env._("No curator: fill in who works with the child."))
            return
        found = [employee for key, employee in book["staff"] if same_person(key, name_key(name))]
        if len(found) == 1:
            stay["curator_id"] = found[0].id
        elif found:
            plan.problems.append(
                self.env._("Curator “%s”: several people of the school are called so. Write the full name.", name)
            )
        else:
            plan.problems.append(
                self.env._(
                    "Curator “%s”: nobody of this name works at the school. Write the name as it stands among the "
                    "employees.",
                    name,
                )
            )

    def _find(self, text, records, book):
        """Return those of the catalogue ``records`` that ``text`` names: by number, or by words in any language."""
        code = re.sub(r"\s", "", text.casefold())
        numbers = ".".join(re.findall(r"\d+", text))
        for wanted in (code, numbers):
            found = records.filtered(lambda r, wanted=wanted: wanted and r.code.casefold() == wanted)
            if found:
                return found
        key = words(text)
        texts = [(record, names) for record in records for names in [self._names(record, records, book)]]
        for matches in (
            lambda name: name == key,
            lambda name: len(key) > 7 and key in name,
            lambda name: len(name) > 7 and name in key,
        ):
            found = records.browse([record.id for record, names in texts if any(matches(name) for name in names)])
            if found:
                return found
        return records.browse()

    def _names(self, record, records, book):
        """Return the names of a catalogue record in every language, as words are compared."""
        known = book["texts"]
        if (record._name, record.id) not in known:
            for lang, _label in self.env["res.lang"].get_installed():
                for each in records.with_context(lang=lang):
                    names = known.setdefault((each._name, each.id), set())
                    for field in ("name", "short_name"):
                        if field in each._fields and each[field]:
                            names.add(words(each[field]))
        return known[record._name, record.id]

    def _find_one(self, plan, text, records, label, book):
        """Return the one record that ``text`` names; a problem is added where it names none or several."""
        found = self._find(text, records, book)
        if len(found) == 1:
            return found
        if found:
            plan.problems.append(
                self.env._(
                    "%(label)s “%(text)s” may mean several: %(several)s. Write its number.",
                    label=label,
                    text=text[:80],
                    several="; ".join(f"{record.code} {record.display_name}" for record in found[:4]),
                )
            )
        else:
            plan.problems.append(
                self.env._(
                    "%(label)s “%(text)s” is not known to the regulation. Write its number or its words, e.g. "
                    "%(example)s.",
                    label=label,
                    text=text[:80],
                    example=f"{records[:1].code} {records[:1].display_name}" if records else "–",
                )
            )
        return records.browse()

    def _find_ground(self, plan, stay, regulation, book):
        text = plan.row.values.get("ground")
        if not text:
            plan.problems.append(self.env._("No ground: fill in its number or its words, as in the regulation."))
            return
        grounds = regulation.ground_ids.filtered(lambda g: g.kind == stay["kind"] and g.subject == "student")
        stay["ground_id"] = self._find_one(plan, text, grounds, self.env._("Ground"), book).id

    def _find_decision(self, plan, stay, regulation, book):
        """Find basis, route and paper of the placement; where the list is silent, the first that the routes allow."""
        values = plan.row.values
        if not values.get("decision"):
            plan.problems.append(
                self.env._("No decision: fill in number and date of the paper by which the child was placed.")
            )
            return
        category = regulation.ground_ids.browse(stay["ground_id"]).category_id
        routes = (
            self.env["vshu.route"]
            .sudo()
            ._matching(  # sudo: a catalogue
                regulation, stay["kind"], self.env["vshu.basis"], category
            )
        )
        basis = None
        if values.get("basis"):
            basis = self._find_one(plan, values["basis"], routes.basis_ids, self.env._("Basis"), book)
            routes = routes.filtered(lambda route: basis in route.basis_ids)
        kinds = regulation.decision_kind_ids.filtered(
            lambda kind: kind.effect == "place" and kind.kind in (False, stay["kind"])
        )
        forms = kinds.form_ids.filtered(lambda form: form.body in routes.mapped("body"))
        form = self._find_form(values, forms, basis, book)
        if plan.problems:
            return
        if not form:
            plan.problems.append(
                self.env._(
                    "The paper of the decision “%(text)s” is not understood. Write one of these: %(several)s.",
                    text=values.get("form") or "–",
                    several="; ".join(forms.mapped("name")),
                )
            )
            return
        route = routes.filtered(lambda route: route.body == form.body).sorted("sequence")[:1]
        basis = basis or form.intake_basis_id & route.basis_ids or route.basis_ids.sorted("sequence")[:1]
        kind = kinds.filtered(
            lambda kind: form in kind.form_ids and (not route.decision_kind_ids or kind in route.decision_kind_ids)
        )[:1]
        decided = plan.row.day("decided") or stay["date_placed"]
        stay.update(basis_id=basis.id, route_id=route.id)
        stay["decision"] = {
            "kind_id": (kind or kinds[:1]).id,
            "form_id": form.id,
            "number": values["decision"],
            "date": decided,
            "curator_id": stay["curator_id"],
        }

    def _find_form(self, values, forms, basis, book):
        """Return the one of ``forms`` that the list names, or the usual one; none where it is not understood."""
        if values.get("form"):
            named = self._find(values["form"], forms, book)
            if len(named) == 1:
                return named
            if named or values.get("form_column"):
                return forms.browse()
        usual = forms.filtered(lambda form: basis and form.intake_basis_id == basis)
        usual = usual or forms.filtered(lambda form: form.body == "council")
        return usual[:1] or (forms if len(forms) == 1 else forms.browse())

    def _find_periods(self, plan, stay, regulation):
        """Lay out the periods: the first one ends where the first extension begins (KZ-16)."""
        row = plan.row
        until, placed = row.day("until"), stay["date_placed"]
        rule = regulation.term_rule_ids.filtered(lambda rule: rule.kind == stay["kind"])[:1]
        extensions = [
            {
                "until": fields.Date.to_date(item["until"]),
                "number": item["number"],
                "date": fields.Date.to_date(item["date"]),
            }
            for item in row.values.get("extensions", [])
        ]
        first = until
        if extensions and (not until or until >= extensions[0]["until"]):
            first = extensions[0]["date"]  # its own end is not in the list: it was decided on when it was about to end
        if not first and not rule.open_ended:
            plan.problems.append(
                self.env._("No term: fill in until when the child was placed (%s).", rule.clause_text or "-")
            )
            return
        ends = [placed, first, *(item["until"] for item in extensions)]
        if extensions and any(one >= other for one, other in zip(ends, ends[1:], strict=False)):
            plan.problems.append(
                self.env._("The extensions do not follow one another: each must end after the period before it.")
            )
            return
        stay["decision"].update(date_end=first or False, months=self._months(placed, first))
        kinds = regulation.decision_kind_ids.filtered(
            lambda kind: kind.effect == "extend" and kind.kind in (False, stay["kind"])
        )
        if extensions and not kinds:
            plan.problems.append(self.env._("The regulation of the school knows no extension: leave the column empty."))
            return
        stay["extensions"] = [
            {
                "months": self._months(start, item["until"]),
                "kind_id": kinds[0].id,
                "form_id": kinds[0].form_ids[:1].id,
                "number": item["number"],
                "date": item["date"],
                "date_end": item["until"],
            }
            for start, item in zip(ends[1:], extensions, strict=False)
        ]
        stay["date_end"] = max((day for day in (until, *ends[1:]) if day), default=False)

    def _find_removal(self, plan, stay, regulation, book):
        values, removed = plan.row.values, plan.row.day("removed")
        if not removed:
            return
        if not values.get("removal_reason"):
            plan.problems.append(self.env._("No reason for the removal: fill it in as it stands in the journal."))
            return
        reasons = regulation.removal_reason_ids.filtered(
            lambda reason: reason.kind == stay["kind"] and not reason.is_group and not reason.is_conversion
        )
        reason = self._find_one(plan, values["removal_reason"], reasons, self.env._("Reason for removal"), book)
        if not reason:
            return
        stay["removal"] = {"removal_reason_id": reason.id, "date_removed": removed}
        kinds = regulation.decision_kind_ids.filtered(
            lambda kind: kind.effect == "remove" and kind.kind in (False, stay["kind"])
        )
        forms = kinds.form_ids.filtered(lambda form: form.body == (reason.body or form.body))
        if values.get("removal_number") and forms:
            kind = kinds.filtered(lambda kind: forms[0] in kind.form_ids)[:1]
            stay["removal"].update(
                kind_id=kind.id,
                form_id=forms[0].id,
                number=values["removal_number"],
                date=plan.row.day("removal_date") or removed,
            )

    @staticmethod
    def _months(start, end):
        """Return the full months from ``start`` to ``end``, 0 where there is no end."""
        delta = relativedelta(end, start) if end else relativedelta()
        return delta.years * 12 + delta.months
