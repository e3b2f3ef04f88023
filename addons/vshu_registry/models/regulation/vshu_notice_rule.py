import re

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from .vshu_decision_kind import BODIES
from .vshu_ground import KINDS, SUBJECTS

EVENTS = [
    ("hearing", "Invitation to the council"),
    ("placement", "Placement"),
    ("extension", "Extension"),
    ("removal", "Removal"),
    ("transfer", "Change of school"),
    ("decline", "Not expedient"),
    ("watch", "Watch"),
    ("keep", "Removal refused"),
]
ADDRESSEES = [
    ("parents", "Parents"),
    ("head", "Head"),
    ("class_teacher", "Class teacher"),
    ("sender", "Body that sent the paper"),
    ("commission", "Commission"),
    ("police", "Police unit"),
    ("other", "Other body"),
]
#: told inside Odoo: they acknowledge by themselves
INSIDERS = ("head", "class_teacher")
#: what the words of a paper may name: %(child)s …
PLACES = (
    "child",
    "pupil",
    "my_child",
    "birth",
    "class",
    "school",
    "date",
    "reason",
    "because",
    "until",
    "decision",
    "removal",
    "hearing",
)
PLACE = re.compile(r"%\((\w*)\)s")


class VshuNoticeRule(models.Model):
    """Who must be told of what happened to a stay, and in which words (RU-5.3, RU-A6, KZ-9)."""

    _name = "vshu.notice.rule"
    _inherit = "vshu.catalog.mixin"
    _description = "Who must be told"

    event = fields.Selection(EVENTS, string="Of what", required=True)
    addressee = fields.Selection(ADDRESSEES, string="Who is told", required=True)
    kind = fields.Selection(KINDS, help="Empty: both kinds.")
    subject = fields.Selection(SUBJECTS, help="Empty: students and families.")
    only_body = fields.Selection(BODIES, string="Only where this body decided", help="Empty: whoever decided.")
    own_form_ids = fields.Many2many(
        "vshu.decision.form",
        string="Not where the case came by",
        help="Papers of this very body: it is told as the one that sent the paper, not a second time.",
    )
    need = fields.Selection([("required", "Required"), ("if_needed", "If needed")], required=True, default="required")
    answer_needed = fields.Boolean(
        string="Until they acknowledge",
        default=True,
        help="Told once they acknowledge or refuse before witnesses, or the proof of sending is on file. "
        "Not ticked: told once the paper is sent.",
    )
    role_id = fields.Many2one("vshu.role", string="Who answers", required=True, ondelete="restrict")
    paper = fields.Selection(
        [("notice", "Notice with a tear-off part"), ("letter", "Letter to a body")],
        help="Empty: told inside the program, nothing is printed.",
    )
    title = fields.Char(translate=True, help="The title of the paper.")
    text = fields.Text(
        translate=True,
        help="What the paper says. It may name %(child)s, %(birth)s, %(class)s, %(school)s, %(date)s, %(reason)s, "
        "%(until)s, %(decision)s, %(removal)s, %(hearing)s.",
    )
    receipt = fields.Text(translate=True, help="What stands on the tear-off part, with the same names.")
    with_rights = fields.Boolean(string="With the rights", help="The paper states the rights of those on the register.")

    _code_uniq = models.Constraint(
        "UNIQUE(regulation_id, code)", "This regulation has a rule on notices with this code already."
    )

    @api.constrains("text", "receipt")
    def _check_places(self):
        for rule in self:
            for text in (rule.text or "", rule.receipt or ""):
                unknown = set(PLACE.findall(text)) - set(PLACES)
                if unknown or "%" in PLACE.sub("", text):
                    raise ValidationError(
                        self.env._(
                            "“%(rule)s”: the words of the paper may name %(known)s. Not understood: %(text)s",
                            rule=rule.name,
                            known=", ".join(f"%({place})s" for place in PLACES),
                            text=", ".join(sorted(unknown)) or "%",
                        )
                    )

    @api.constrains("paper", "text", "addressee")
    def _check_paper(self):
        for rule in self:
            if rule.paper and not rule.text:
                raise ValidationError(self.env._("“%s”: write what the paper says.", rule.name))

    @api.model
    @tools.ormcache("regulation_id", "event", "kind", "subject")
    def _wanted_ids(self, regulation_id, event, kind, subject):
        """Return the ids of the rules of a regulation on ``event`` of cases of a kind and subject."""
        # sudo: a catalogue, without a word on any child
        rules = self.with_env(self.env(su=True, context={})).search(
            [("regulation_id", "=", regulation_id), ("event", "=", event)]
        )
        return rules.filtered(lambda r: (not r.kind or r.kind == kind) and (not r.subject or r.subject == subject))._ids


class VshuDocumentType(models.Model):
    _inherit = "vshu.document.type"

    fed_by = fields.Selection(
        [("notices", "The notices to the parents")],
        string="Comes from",
        help="The paper is there by itself once what it comes from is complete.",
    )


class VshuRegulation(models.Model):
    _inherit = "vshu.regulation"

    notice_rule_ids = fields.One2many("vshu.notice.rule", "regulation_id", string="Who must be told")
