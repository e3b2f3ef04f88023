from collections import defaultdict

from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import format_date

from ...tools.links_to import links_to
from ...tools.spans import overlapping
from ...tools.states import OPEN_STATES
from .vshu_guardian import SINGLE_KINDS


class ResPartner(models.Model):
    """Before two entries become one: what would contradict, and what comes together."""

    _inherit = "res.partner"

    # -- what contradicts --------------------------------------------------------------------------------------------

    def _vshu_merge_problems(self, gone, kind, birth_date=False):
        """Return what keeps ``gone`` from being merged into this entry: a list of sentences that say what to do first.

        In sudo, for whoever may merge. Parameters as those of ``_vshu_merge``.
        """
        both = self | gone
        if len(both) < 2:
            return [self.env._("Choose two different entries.")]
        problems = []
        for person in both.filtered("vshu_merged_into_id"):
            problems.append(self.env._("“%s” has been merged into another entry already.", person.name))
        if len(set().union(*both._vshu_schools().values())) > 1:
            problems.append(
                self.env._("The entries belong to different schools: records go from school to school by a hand-over.")
            )
        problems += both._vshu_role_problems(kind, gone)
        if kind == "student":
            problems += self._vshu_birth_problems(gone, birth_date)
            problems += self._vshu_class_problems(gone)
            problems += self._vshu_case_problems(gone)
            if self.vshu_family_id and gone.vshu_family_id and self.vshu_family_id != gone.vshu_family_id:
                problems.append(
                    self.env._(
                        "They belong to different families, “%(one)s” and “%(other)s”: put one of them into the right "
                        "family by “Change of guardian or family” first.",
                        one=self.vshu_family_id.name,
                        other=gone.vshu_family_id.name,
                    )
                )
        problems += self._vshu_guardian_problems(gone)
        return problems

    def _vshu_role_problems(self, kind, gone):
        """Return what the two are that one person cannot be."""
        problems = []
        adults = self._vshu_adults()
        users = self.with_context(active_test=False).user_ids.partner_id
        employees = self.env["hr.employee"].with_context(active_test=False)
        staff = users | employees.search([("work_contact_id", "in", self.ids)]).work_contact_id
        for person in self:
            if kind == "student" and person in adults:
                problems.append(
                    self.env._(
                        "“%s” is entered as a parent or adult of a family: nobody is merged with a child. Take the "
                        "wrong link out first.",
                        person.name,
                    )
                )
            if kind == "adult" and person.vshu_is_student:
                problems.append(self.env._("“%s” is a student: choose two entries of one adult.", person.name))
            if person in staff and (kind == "student" or person == gone):
                problems.append(
                    self.env._("“%s” is a user or an employee: a child's entry is not.", person.name)
                    if kind == "student"
                    else self.env._("“%s” is a user or an employee: keep that entry of the two.", person.name)
                )
        if len(set(self.mapped("is_company"))) > 1:
            problems.append(self.env._("One of the entries is an organisation, the other a person."))
        return problems

    def _vshu_adults(self):
        """Return those of the contacts whom the register knows as parents or adults of a family."""
        links = self.env["vshu.guardian"].search([("partner_id", "in", self.ids)])
        families = self.env["vshu.family"].with_context(active_test=False).search([("adult_ids", "in", self.ids)])
        return (links.partner_id | families.adult_ids) & self

    def _vshu_birth_problems(self, gone, birth_date):
        dates = {person.vshu_birth_date for person in self | gone if person.vshu_birth_date}
        if len(dates) < 2 or birth_date in dates:
            return []
        return [
            self.env._(
                "The dates of birth differ (%s): choose the one that the papers confirm.",
                ", ".join(format_date(self.env, day) for day in sorted(dates)),
            )
        ]

    def _vshu_class_problems(self, gone):
        mine, theirs = self.vshu_enrollment_ids, gone.vshu_enrollment_ids
        return [
            self.env._(
                "One entry is in class %(one)s and the other in class %(other)s at the same time: end the wrong "
                "enrolment first.",
                one=one.class_id.name,
                other=other.class_id.name,
            )
            for one, other in overlapping(mine, theirs)
            if one.company_id == other.company_id and one.class_id != other.class_id
        ]

    def _vshu_case_problems(self, gone):
        cases = self.env["vshu.case"].search(
            [("student_id", "in", (self | gone).ids), ("state", "in", OPEN_STATES)], order="id"
        )
        kinds = dict(self.env["vshu.case"]._fields["kind"]._description_selection(self.env))
        return [
            self.env._(
                "Both entries have an open case of the kind “%(kind)s” (%(cases)s): one of them is closed or annulled "
                "first.",
                kind=kinds.get(kind, kind),
                cases=", ".join(found.mapped("display_name")),
            )
            for (_company, kind), found in cases.grouped(lambda case: (case.company_id, case.kind)).items()
            if len(found.student_id) > 1
        ]

    def _vshu_guardian_problems(self, gone):
        """Return contradictions between the links to guardians that the one person would have."""
        ids = (self | gone).ids
        links = self.env["vshu.guardian"].search(["|", ("student_id", "in", ids), ("partner_id", "in", ids)])
        kinds = dict(links._fields["kind"]._description_selection(self.env))
        same = {gone.id: self.id}
        problems, by_child = [], defaultdict(list)
        for link in links:
            by_child[same.get(link.student_id.id, link.student_id.id)].append(link)
        for own in by_child.values():
            for number, link in enumerate(own):
                for other in own[number + 1 :]:
                    problems += self._vshu_link_problems(link, other, same, kinds)
        of_adult = {link.kind for link in links if link.partner_id.id in ids}
        if set(SINGLE_KINDS) <= of_adult:
            problems.append(
                self.env._("One entry is entered as a mother and the other as a father: correct who it is first.")
            )
        return list(dict.fromkeys(problems))

    def _vshu_link_problems(self, link, other, same, kinds):
        """Return what contradicts between two links of one child once the entries are one person."""
        if not link._overlaps(other):
            return []
        adults = {same.get(one.partner_id.id, one.partner_id.id) for one in (link, other)}
        words = {"child": link.student_id.name, "one": link.partner_id.name, "other": other.partner_id.name}
        if len(adults) > 1:
            if link.kind != other.kind or link.kind not in SINGLE_KINDS:
                return []
            return [
                self.env._(
                    "“%(child)s” would have two people as %(kind)s, “%(one)s” and “%(other)s”: merge these two first, "
                    "or end one of the links.",
                    kind=kinds[link.kind].lower(),
                    **words,
                )
            ]
        if link.kind != other.kind:
            return [
                self.env._(
                    "“%(one)s” is %(kind)s of “%(child)s” in one entry and %(other_kind)s in the other: set both alike "
                    "first.",
                    kind=kinds[link.kind].lower(),
                    other_kind=kinds[other.kind].lower(),
                    **words,
                )
            ]
        if (link.is_legal, link.may_receive_papers) != (other.is_legal, other.may_receive_papers):
            return [
                self.env._(
                    "“%(one)s”: legal representative of “%(child)s”, or may receive papers, in one entry and not in "
                    "the other. Set both alike first.",
                    **words,
                )
            ]
        return []

    # -- what comes together -----------------------------------------------------------------------------------------

    @api.model
    def _vshu_merge_parts(self):
        """Return {model: [paths to the person]} of all that the register keeps about people, found from the registry:
        what refers to the person itself, and what hangs on a case."""
        parts = defaultdict(list)
        for name, field in links_to(self.env, "res.partner"):
            if name != "res.partner" and not field.related:
                parts[name].append(field.name)
        for name, field in links_to(self.env, "vshu.case"):
            if name not in parts and name != "res.partner" and field.type == "many2one":
                parts[name].append(f"{field.name}.student_id")
        return dict(parts)

    def _vshu_merge_counts(self):
        """Return {model: {person id: number of records}}; a query for each reference, however many records."""
        counts = {}
        for name, paths in self._vshu_merge_parts().items():
            model = self.env[name].with_context(active_test=False)
            found = counts[name] = dict.fromkeys(self.ids, 0)
            for path in paths:
                first = path.split(".")[0]
                for target, count in model._read_group([(path, "in", self.ids)], [first], ["__count"]):
                    person = target.student_id if "." in path else target
                    if person.id in found:
                        found[person.id] += count
        return counts

    def _vshu_merge_rows(self, gone):
        """Return [(heading, of this entry, of ``gone``)] of what comes together; in sudo, for whoever may merge."""
        both = self | gone
        rows = [
            (self.env._("Full name"), self.name, gone.name),
            *(
                (self._fields[name]._description_string(self.env), self._vshu_word(name), gone._vshu_word(name))
                for name in ("vshu_birth_date", "vshu_sex", "vshu_file_number", "vshu_family_id", "phone", "email")
            ),
            (self.env._("Address"), self.contact_address_inline, gone.contact_address_inline),
            (self.env._("Classes"), self._vshu_class_words(), gone._vshu_class_words()),
            (self.env._("Parents, guardians"), self._vshu_guardian_words(), gone._vshu_guardian_words()),
            (self.env._("Answers for"), self._vshu_child_words(), gone._vshu_child_words()),
            (self.env._("Cases"), self._vshu_case_words(), gone._vshu_case_words()),
        ]
        for name, found in both._vshu_merge_counts().items():
            rows.append((self.env["ir.model"]._get(name).name, found[self.id] or "", found[gone.id] or ""))
        for name, model_field in (
            ("mail.message", "model"),
            ("ir.attachment", "res_model"),
            ("mail.activity", "res_model"),
        ):
            groups = dict(
                self.env[name]._read_group(
                    [(model_field, "=", "res.partner"), ("res_id", "in", both.ids)], ["res_id"], ["__count"]
                )
            )
            groups = {getattr(key, "id", key): count for key, count in groups.items()}
            rows.append((self.env["ir.model"]._get(name).name, groups.get(self.id, ""), groups.get(gone.id, "")))
        return [row for row in rows if row[1] or row[2]]

    def _vshu_merge_words(self, gone):
        """Return what is kept on record about a merge: who, when, what came together."""
        heading = self.env._(
            "%(date)s, %(user)s: “%(gone)s” (id %(id)s) was merged into this entry.",
            date=fields.Date.to_string(self._vshu_today()),
            user=self.env.user.name,
            gone=gone.name,
            id=gone.id,
        )
        lines = [
            self.env._("%(what)s: here %(here)s, there %(there)s", what=what, here=here or "–", there=there or "–")
            for what, here, there in self._vshu_merge_rows(gone)
        ]
        return "\n".join([heading, *lines])

    @api.model
    def _vshu_merge_table(self, rows):
        """Return the rows as a table for the dialog."""
        line = Markup("<tr><td class='text-muted'>%s</td><td>%s</td><td>%s</td></tr>")
        return Markup("<table class='table table-sm'>%s</table>") % Markup("").join(line % row for row in rows)

    def _vshu_word(self, name):
        field, value = self._fields[name], self[name]
        if not value:
            return ""
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        return value.display_name if field.type == "many2one" else value

    def _vshu_days(self, link):
        words = (format_date(self.env, day) if day else "…" for day in (link.date_from, link.date_to))
        return " – ".join(words)

    def _vshu_class_words(self):
        return "; ".join(f"{e.class_id.name}, {self._vshu_days(e)}" for e in self.vshu_enrollment_ids)

    def _vshu_guardian_words(self):
        kinds = dict(self.env["vshu.guardian"]._fields["kind"]._description_selection(self.env))
        return "; ".join(f"{g.partner_id.name} ({kinds[g.kind]})" for g in self.vshu_guardian_ids)

    def _vshu_child_words(self):
        links = self.env["vshu.guardian"].search([("partner_id", "=", self.id)])
        kinds = dict(links._fields["kind"]._description_selection(self.env))
        return "; ".join(f"{g.student_id.name} ({kinds[g.kind]})" for g in links)

    def _vshu_case_words(self):
        cases = self.env["vshu.case"].search([("student_id", "=", self.id)], order="id")
        states = dict(cases._fields["state"]._description_selection(self.env))
        return "; ".join(f"{case.display_name} ({states[case.state]})" for case in cases)
