import re

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

#: a place of a form, as it is written
PLACE = re.compile(r"\{(\w+)\}")


class VshuRegulation(models.Model):
    """How the clauses of a regulation are cited: records hold identifiers, people read the regulation's own words."""

    _inherit = "vshu.regulation"

    clause_forms = fields.Text(
        string="How clauses are cited",
        translate=True,
        help="One a line, “identifier = words”, e.g. “RU-{a} = clause {a} of the Statute”. What stands in braces is "
        "taken over. An identifier that fits no line is shown as it is.",
    )

    @api.constrains("clause_forms")
    def _check_clause_forms(self):
        for regulation in self:
            for line in (regulation.clause_forms or "").splitlines():
                pattern, separator, words = line.partition(" = ")
                places = set(PLACE.findall(words))
                if line.strip() and (not separator or not places <= set(PLACE.findall(pattern))):
                    raise ValidationError(
                        self.env._(
                            "“%(regulation)s”: the line “%(line)s” is not of the form “identifier = words”, "
                            "or its words take over what the identifier does not have.",
                            regulation=regulation.display_name,
                            line=line,
                        )
                    )

    @api.model
    @tools.ormcache("self.env.lang", "self.env.company.id")
    def _clause_patterns(self):
        """Return (pattern, words, code of the regulation) of each way of citing, the longest identifiers first."""
        # sudo: how a clause is cited is no secret
        regulations = self.sudo().search(Domain("company_id", "in", [False, self.env.company.id]))
        forms = {
            (pattern.strip(), words.strip(), regulation.code)
            for regulation in regulations
            for pattern, separator, words in (
                line.partition(" = ") for line in (regulation.clause_forms or "").splitlines()
            )
            if separator
        }
        return tuple(
            (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^ ,]+?)", re.escape(pattern))), words, code)
            for pattern, words, code in sorted(forms, key=lambda form: (-len(PLACE.sub("", form[0])), form))
        )

    @api.model
    @tools.ormcache("clause", "self.env.lang", "self.env.company.id")
    def _clause_words(self, clause):
        """Return ``clause`` (identifiers, parted by commas) in the words of the regulation, in the reader's language.

        Where a clause of the school's own regulation is among them, those of other regulations are left out. Empty for
        no clause; what is no identifier of a regulation is returned as it is.
        """
        parts = []
        for part in filter(None, (part.strip() for part in (clause or "").split(","))):
            found = next(
                (
                    (PLACE.sub(lambda place: match[place[1]], words), code)
                    for pattern, words, code in self._clause_patterns()
                    if (match := pattern.fullmatch(part))
                ),
                (part, None),
            )
            parts.append(found)
        school = self.env["vshu.school"]
        # sudo: which regulation a school follows is no secret
        own = school.sudo().browse(school._id_for_company(self.env.company.id)).regulation_id.code
        if any(code == own for _words, code in parts):
            parts = [(words, code) for words, code in parts if code in (own, None)]
        return ", ".join(words for words, _code in parts)
