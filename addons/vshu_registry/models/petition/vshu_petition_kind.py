import re

from markupsafe import Markup, escape
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.states import OVER_STATES, STAY_STATES
from ..regulation.vshu_ground import KINDS, SUBJECTS

ADDRESSEES = [
    ("commission", "Commission on minors' affairs"),
    ("police", "Police"),
    ("guardianship", "Guardianship authority"),
    ("education", "Education authority"),
    ("other", "Other body"),
]
#: words in braces that a template may hold; the case fills them in (vshu.petition.text)
PLACEHOLDERS = (
    "school",
    "child",
    "birth_date",
    "class",
    "address",
    "parents",
    "ground",
    "placed",
    "happened",
    "before",
    "work",
    "outside",
    "refused",
    "no_measures",
    "harm",
    "no_contact",
    "council",
    "assignments",
    "letter",
)
PLACEHOLDER = re.compile(r"\{(\w+)\}")


class VshuPetitionKind(models.Model):
    """A paper that the school sends to an outside body: to whom, on which condition, in which words (KZ-17, RU-N2.5).

    The condition is data: what must be on record of the parents, which grounds, which step of the case. A kind is
    offered only where its condition holds, and what is missing is said by name.
    """

    _name = "vshu.petition.kind"
    _inherit = "vshu.catalog.mixin"
    _description = "Kind of petition"
    _rec_names_search = ["short_name", "name", "code"]

    name = fields.Text(required=True, translate=True, help="What is asked for, in the words of the regulation.")
    short_name = fields.Char(translate=True)
    title = fields.Char(required=True, translate=True, help="Stands above the text, e.g. PETITION.")
    addressee = fields.Selection(ADDRESSEES, string="To whom", required=True, default="commission")
    kind = fields.Selection(KINDS, string="For cases of", help="Empty: register and control.")
    subject = fields.Selection(SUBJECTS, string="About", help="Empty: students and families.")
    on_register = fields.Boolean(string="Only while the stay runs", help="Else for any case that is not over.")
    needs_refusal = fields.Boolean(string="The parents refuse help")
    needs_no_measures = fields.Boolean(string="The parents take no measures")
    needs_harm = fields.Boolean(string="The parents neglect their duties or harm the child")
    needs_no_contact = fields.Boolean(string="No contact with the parents")
    needs_council = fields.Boolean(string="The council has decided on the case")
    needs_assignment = fields.Boolean(string="A decree gave an assignment")
    category_ids = fields.Many2many("vshu.ground.category", string="Only for these lists of grounds")
    ground_ids = fields.Many2many("vshu.ground", string="Only for these grounds")
    or_outside_record = fields.Boolean(
        string="Or a stay on an outside register", help="An outside register takes the place of these grounds."
    )
    unless_on = fields.Selection(
        [("police", "Police unit"), ("commission", "Commission")],
        string="Not where already on the register of",
    )
    answer_expected = fields.Boolean(string="An answer is awaited", default=True)
    is_reminder = fields.Boolean(help="Written to remind of a letter that was not answered; chosen by nobody.")
    text_template = fields.Text(
        string="Text",
        required=True,
        translate=True,
        help="Words in braces are filled in from the case; a paragraph of empty ones is left out.",
    )
    placeholder_text = fields.Char(compute="_compute_placeholder_text", string="Words in braces")
    document_type_ids = fields.Many2many("vshu.document.type", string="Papers to enclose")
    signer_role_id = fields.Many2one("vshu.role", string="Who signs", required=True, ondelete="restrict")
    sender_role_ids = fields.Many2many("vshu.role", string="Who may send it")

    _code_uniq = models.Constraint(
        "UNIQUE(regulation_id, code)", "This regulation has a kind of petition with this code already."
    )

    @api.depends("short_name")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _compute_placeholder_text(self):
        self.placeholder_text = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)

    @api.constrains("text_template")
    def _check_text_template(self):
        for kind in self:
            unknown = set(PLACEHOLDER.findall(kind.text_template or "")) - set(PLACEHOLDERS)
            if unknown:
                raise ValidationError(
                    self.env._(
                        "“%(kind)s” (%(clause)s): the text names {%(unknown)s}, which no case can fill in. "
                        "Use: %(known)s.",
                        kind=kind.display_name,
                        clause=kind.clause_text or "-",
                        unknown="}, {".join(sorted(unknown)),
                        known=kind.placeholder_text,
                    )
                )

    def _render(self, values):
        """Return the text with the words in braces filled in, as safe HTML.

        :param values: {placeholder: text}; missing ones count as empty
        """
        self.ensure_one()
        paragraphs = []
        for paragraph in re.split(r"\n[ \t]*\n", (self.text_template or "").strip()):
            names = PLACEHOLDER.findall(paragraph)
            if names and not any(values.get(name) for name in names):
                continue
            text = PLACEHOLDER.sub(lambda match: str(values.get(match[1]) or "—"), paragraph)
            lines = [escape(line.strip()) for line in text.splitlines() if line.strip()]
            paragraphs.append(Markup("<p>%s</p>") % Markup("<br/>").join(lines))
        return Markup("").join(paragraphs)

    def _case_problems(self, case):
        """Return what keeps the school from sending such a paper about ``case``: lines in plain words (KZ-17)."""
        self.ensure_one()
        case.ensure_one()
        problems = []
        if self.regulation_id != case.regulation_id:
            return [self.env._("it does not belong to “%s”", case.regulation_id.display_name)]
        if (self.kind and self.kind != case.kind) or (self.subject and self.subject != case.subject):
            problems.append(self.env._("it is not for this kind of case"))
        open_states = STAY_STATES if self.on_register else None
        if case.state in OVER_STATES:
            problems.append(self.env._("the case is over"))
        elif open_states and case.state not in open_states:
            problems.append(self.env._("the child or family is not on the register yet"))
        if self.needs_refusal and not case._help_refused():
            problems.append(self.env._("it is not on record that the parents refuse help: record it on the case"))
        if self.needs_no_measures and not case._no_measures():
            problems.append(self.env._("it is not on record that the parents take no measures: record it on the case"))
        if self.needs_harm and not case._parent_facts("harm"):
            problems.append(
                self.env._(
                    "it is not on record that the parents neglect their duties or harm the child: record it on the case"
                )
            )
        if self.needs_no_contact and not case._parent_facts("no_contact"):
            problems.append(
                self.env._("it is not on record that there is no contact with the parents: record it on the case")
            )
        return problems + self._matter_problems(case)

    def _matter_problems(self, case):
        """Return what is missing of the matter itself: ground, outside register, decision, assignment."""
        problems = []
        grounds = case.ground_id | case.extra_ground_ids
        wanted = self.category_ids or self.ground_ids
        fits = (self.category_ids and grounds.category_id & self.category_ids) or grounds & self.ground_ids
        outside = case._outside_records()
        if wanted and not fits and not (self.or_outside_record and outside):
            names = (self.category_ids or self.ground_ids).mapped("display_name")
            problems.append(
                self.env._("none of these is on the case: %s, and no outside register", "; ".join(names))
                if self.or_outside_record
                else self.env._("none of these is on the case: %s", "; ".join(names))
            )
        if self.unless_on and self.unless_on in outside.mapped("body"):
            label = dict(self._fields["unless_on"]._description_selection(self.env))[self.unless_on]
            problems.append(self.env._("they are on the register of that body already (%s)", label))
        if self.needs_council and not case._council_decisions():
            problems.append(self.env._("the council has not decided on the case yet"))
        if self.needs_assignment and not case._decree_assignments():
            problems.append(self.env._("no decree has given an assignment in this case"))
        return problems
