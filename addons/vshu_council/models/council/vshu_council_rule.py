from odoo import api, fields, models, tools

MATTERS = [
    ("composition", "Least number of members"),
    ("quorum", "Quorum"),
    ("majority", "Majority"),
    ("chair", "Who is chair, who presides where the chair is away"),
    ("secretary", "Who is secretary, who keeps the minutes where the secretary is away"),
    ("papers", "Hearing without the required papers"),
    ("access", "How long members see the cases"),
    ("approval", "Who approves the composition"),
    ("preparing", "Who prepares orders and agendas"),
    ("convening", "Who convenes the council"),
    ("notice", "Convening later than the papers are due"),
    ("keeping", "Who else opens the sitting and keeps the minutes"),
    ("signing", "Who signs the minutes"),
    ("posts", "Posts of the participants in the minutes"),
]
#: who drafts orders, agendas and minutes where the regulation has no record on it
OFFICE = frozenset({"social_pedagogue", "deputy_head", "head"})
#: matter → codes of roles, where the regulation has no record on it
ROLES_WITHOUT_RULE = {
    "approval": frozenset({"head"}),
    "preparing": OFFICE,
    "convening": frozenset({"deputy_head", "head"}),
    "keeping": frozenset({"social_pedagogue"}),
}
#: a council decides by more than one vote, where the rule on the majority is silent
LEAST_VOTES = 2


class VshuCouncilRule(models.Model):
    """A rule on the prevention council, one a matter: a number or roles with the clause, or the school's practice
    (KZ-5, KZ-6, KZ-7, KZ-11, KZ-13)."""

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
        default="present",
        help="What a majority is counted of; votes cast are those for and against. A quorum is always a share of all "
        "members in office on that day.",
    )
    excluded_count = fields.Boolean(
        string="Who does not vote counts for the quorum",
        help="Not ticked: a member who is present and kept from the vote is not counted for the quorum of that item.",
    )
    least_votes = fields.Integer(
        string="Least votes", help="So many must vote for or against. Empty: two, for nobody decides alone."
    )
    casting_vote = fields.Boolean(
        string="The vote of whoever presides decides", help="Where as many vote for as against."
    )
    by_vote = fields.Boolean(
        string="Elected by the members present", help="By a vote that goes into the minutes, where nobody else may."
    )
    days = fields.Integer(help="Calendar days after the signing.")
    role_ids = fields.Many2many(
        "vshu.role",
        "vshu_council_rule_role_rel",
        "rule_id",
        "role_id",
        string="Who may",
        help="Chair and secretary: who may be it, or stands in for them; empty: whoever the order names.",
    )
    signed_by = fields.Selection(
        [
            ("both", "Whoever presided and whoever kept the minutes"),
            ("presiding", "Whoever presided"),
            ("secretary", "Whoever kept the minutes"),
        ],
        help="What the minutes need before they are carried out.",
    )
    refuses = fields.Boolean(
        string="Refused",
        help="Ticked: the council is not convened then. Not ticked: it is, with the reason on record.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE(regulation_id, code)", "This regulation has a rule on the council with this code already."
    )
    _one_a_matter = models.UniqueIndex(
        "(regulation_id, matter) WHERE active", "This regulation has a rule on this matter already."
    )
    _share_positive = models.Constraint(
        "CHECK(denominator > 0 AND number >= 0 AND days >= 0 AND COALESCE(least_votes, 0) >= 0)",
        "Numbers of a rule on the council are not negative.",
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
            counted_of=rule.counted_of or "present",
            excluded_count=rule.excluded_count,
            least_votes=rule.least_votes or LEAST_VOTES,
            casting_vote=rule.casting_vote,
            by_vote=rule.by_vote,
            days=rule.days,
            roles=frozenset(rule.role_ids.mapped("code")),
            signed_by=rule.signed_by or "both",
            refuses=rule.refuses,
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

    @api.model
    def _findings(self):
        """Return {code: own versions} whose council decides without a rule that the original has; called in sudo.

        - ``council_rule_missing``: a rule is archived or gone, or its number is 0: nobody counts, and nothing says so
        """
        missing = self.browse()
        for own in self.search([("origin_id", "!=", False), ("company_id", "!=", False)]):
            wanted = {rule.matter: rule for rule in own.origin_id.council_rule_ids.filtered("active")}
            there = {rule.matter: rule for rule in own.council_rule_ids.filtered("active")}
            for matter, rule in wanted.items():
                if matter not in there or (rule.number and not there[matter].number):
                    missing |= own
        return {"council_rule_missing": missing}

    def _council_rule(self, matter):
        """Return the facts of the rule on ``matter``, empty where the regulation has none."""
        return self.env["vshu.council.rule"]._facts_of(self.id, matter)

    def _council_clause(self, matter):
        """Return the clause of the rule on ``matter``; where it has none, that it is the school's practice."""
        return self._clause_words(self._council_rule(matter).get("clause")) or self.env._("school's practice")

    def _council_name(self, matter):
        """Return the rule on ``matter`` in its own words; empty where the regulation has none."""
        # sudo: a catalogue, without a word on any child
        return self.sudo().council_rule_ids.filtered(lambda rule: rule.matter == matter)[:1].name or ""

    def _council_roles(self, matter):
        """Return the codes of the roles that the rule on ``matter`` names.

        Who approves, prepares, convenes and keeps is the office where the regulation has no record on it; who may be
        chair or secretary then follows the order alone.
        """
        facts = self._council_rule(matter)
        return facts["roles"] if facts else ROLES_WITHOUT_RULE.get(matter, frozenset())

    @api.model
    def _council_codes(self, matter, companies):
        """Return {company id: codes of the roles that the rule on ``matter`` names today}."""
        today = self._vshu_today()
        return {
            company.id: self.browse(self._council_regulation_id(company.id, today))._council_roles(matter)
            for company in companies
        }

    @api.model
    @tools.ormcache("company_id", "date")
    def _council_regulation_id(self, company_id, date):
        """Return the id of the regulation that a school follows on ``date``; False where its form is not filled in."""
        company = self.env["res.company"].browse(company_id)
        school = self.env["vshu.school"]._by_company(company).get(company_id)
        return self._on_date(company, date).id if school and school.regulation_id else False

    def _council_role_names(self, matter):
        """Return the names of the roles that may do what ``matter`` is about, for messages."""
        codes = self._council_roles(matter)
        roles = self.env["vshu.role"].sudo().search([("code", "in", list(codes))])  # sudo: a catalogue
        return ", ".join(roles.mapped("name")) or "-"
