from odoo import api, fields, models, tools

MATTERS = [
    ("composition", "Least number of members"),
    ("quorum", "Quorum"),
    ("majority", "Majority"),
    ("chair", "Who presides where head and deputy are away"),
    ("secretary", "Who keeps the minutes where the secretary is away"),
    ("papers", "Hearing without the required papers"),
    ("access", "How long members see the cases"),
]


class VshuCouncilRule(models.Model):
    """A rule on the prevention council, one a matter: a number with its clause, or the school's practice (KZ-6,
    KZ-7, KZ-11, KZ-13)."""

    _name = "vshu.council.rule"
    _inherit = "vshu.catalog.mixin"
    _description = "Rule on the council"

    matter = fields.Selection(MATTERS, required=True)
    number = fields.Integer(help="Members (composition), or the numerator of the share (quorum, majority).")
    denominator = fields.Integer(default=1, required=True, help="Denominator of the share: 2 of “one half”.")
    more_than = fields.Boolean(string="More than the share", help="Not ticked: the share itself is enough.")
    counted_of = fields.Selection(
        [("cast", "Votes cast"), ("present", "Members present who may vote"), ("members", "All members")],
        string="Share of",
        help="What a majority is counted of. A quorum is always a share of all members.",
    )
    casting_vote = fields.Boolean(
        string="The vote of whoever presides decides", help="Where as many vote for as against."
    )
    by_vote = fields.Boolean(
        string="Elected by the members present", help="By a vote that goes into the minutes, where nobody else may."
    )
    days = fields.Integer(help="Calendar days after the signing.")

    _code_uniq = models.Constraint(
        "UNIQUE(regulation_id, code)", "This regulation has a rule on the council with this code already."
    )
    _one_a_matter = models.UniqueIndex(
        "(regulation_id, matter) WHERE active", "This regulation has a rule on this matter already."
    )
    _share_positive = models.Constraint(
        "CHECK(denominator > 0 AND number >= 0 AND days >= 0)", "Numbers of a rule on the council are not negative."
    )

    @api.model
    @tools.ormcache("regulation_id", "matter")
    def _facts_of(self, regulation_id, matter):
        """Return what the regulation says on ``matter``; empty where it says nothing."""
        # sudo: a catalogue, without a word on any child
        rule = self.with_env(self.env(su=True, context={})).search(
            [("regulation_id", "=", regulation_id), ("matter", "=", matter)], limit=1
        )
        if not rule:
            return tools.frozendict()
        return tools.frozendict(
            number=rule.number,
            denominator=rule.denominator,
            more_than=rule.more_than,
            counted_of=rule.counted_of,
            casting_vote=rule.casting_vote,
            by_vote=rule.by_vote,
            days=rule.days,
            clause=rule.clause or "",
        )


def is_share(facts, part, whole):
    """Tell whether ``part`` of ``whole`` is the share that the rule asks for, in whole numbers: no rounding."""
    have, need = part * facts["denominator"], whole * facts["number"]
    return have > need if facts["more_than"] else have >= need


class VshuRegulation(models.Model):
    _inherit = "vshu.regulation"

    council_rule_ids = fields.One2many("vshu.council.rule", "regulation_id", string="Rules on the council")

    @api.model
    def _catalogs(self):
        return (*super()._catalogs(), "vshu.council.rule")

    def _council_rule(self, matter):
        """Return the facts of the rule on ``matter``, empty where the regulation has none."""
        return self.env["vshu.council.rule"]._facts_of(self.id, matter)

    def _council_clause(self, matter):
        """Return the clause of the rule on ``matter``; where it has none, that it is the school's practice."""
        return self._clause_words(self._council_rule(matter).get("clause")) or self.env._("school's practice")
