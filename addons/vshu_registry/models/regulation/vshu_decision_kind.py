from odoo import fields, models

from .vshu_ground import KINDS

#: bodies that send papers to a school, by what they are
BODY_KINDS = [
    ("commission", "Commission on minors' affairs"),
    ("police", "Police"),
    ("prosecutor", "Prosecutor"),
    ("investigation", "Investigating body"),
    ("court", "Court"),
    ("guardianship", "Guardianship body"),
    ("social", "Social services"),
    ("health", "Health service"),
    ("education", "Education authority or school"),
    ("other", "Other body"),
]

BODIES = [("outside", "Outside body"), ("council", "Prevention council"), ("head", "Head of the school")]


class VshuDecisionForm(models.Model):
    """The paper in which a body decides: minutes, order, directive, resolution, decree, court act (RU-5.2, RU-A2)."""

    _name = "vshu.decision.form"
    _inherit = "vshu.catalog.mixin"
    _description = "Form of a decision"

    body = fields.Selection(BODIES, required=True)
    intake_basis_id = fields.Many2one(
        "vshu.basis", string="Basis that such a paper gives", ondelete="restrict", help="Offered for an outside notice."
    )
    sender_kind = fields.Selection(
        BODY_KINDS, string="Body that gives it", help="Such a paper comes from bodies of this kind. Empty: from any."
    )
    intake_ok = fields.Boolean(string="A paper that comes in", help="May be entered as an outside notice.")

    _code_uniq = models.Constraint("UNIQUE(regulation_id, code)", "This regulation has a form with this code already.")


class VshuDecisionKind(models.Model):
    """What a decision does to a case (RU-5.2, KZ-16, KZ-19). ``effect`` names the case's method that carries it out:
    effect ``place`` is carried out by ``_effect_place``; another addon adds an effect by extending the selection
    and the method."""

    _name = "vshu.decision.kind"
    _inherit = "vshu.catalog.mixin"
    _description = "Kind of decision"

    effect = fields.Selection(
        [
            ("place", "Place"),
            ("decline", "Do not place"),
            ("watch", "Do not place, but watch"),
            ("extend", "Extend the term"),
            ("remove", "Remove"),
            ("keep", "Keep (removal refused)"),
            ("convert", "Move to the other kind"),
        ],
        required=True,
    )
    kind = fields.Selection(KINDS, string="For cases of", help="Empty: for both kinds.")
    target_kind = fields.Selection(KINDS, string="Moves to", help="The kind that a conversion leads to.")
    form_ids = fields.Many2many("vshu.decision.form", string="Papers that it may be taken by")
    text_template = fields.Text(translate=True, help="Wording that is offered for the decision.")

    _code_uniq = models.Constraint(
        "UNIQUE(regulation_id, code)", "This regulation has a decision kind with this code already."
    )
