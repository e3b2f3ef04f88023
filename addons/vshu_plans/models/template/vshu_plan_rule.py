from odoo import api, fields, models, tools

MATTERS = [
    ("approval", "Who approves the plan"),
    ("review", "Review of the plan"),
    ("overdue", "Who hears of a measure that is late"),
    ("small_group", "Smallest group that is shown in figures"),
]


class VshuPlanRule(models.Model):
    """A rule on individual plans, one a matter: a number with its clause, or the school's practice (KZ-12, RU-5.4,
    RU-13.3)."""

    _name = "vshu.plan.rule"
    _inherit = "vshu.catalog.mixin"
    _description = "Rule on plans"

    matter = fields.Selection(MATTERS, required=True)
    by_council = fields.Boolean(
        string="By the council", help="Where the school has a council by order, an item of its meeting approves plans."
    )
    months = fields.Integer(help="The plan is reviewed at the end of each such part of the calendar year.")
    days = fields.Integer(help="Calendar days late after which the deputy head hears of it, after the curator.")
    number = fields.Integer(help="Groups of fewer children are shown together with others.")

    _code_uniq = models.Constraint(
        "UNIQUE(regulation_id, code)", "This regulation has a rule on plans with this code already."
    )
    _one_a_matter = models.UniqueIndex(
        "(regulation_id, matter) WHERE active", "This regulation has a rule on this matter already."
    )
    _numbers_positive = models.Constraint(
        "CHECK(months >= 0 AND months <= 12 AND days >= 0 AND number >= 0)",
        "Months lie between 0 and 12, days and numbers are not negative.",
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
            by_council=rule.by_council,
            months=rule.months,
            days=rule.days,
            number=rule.number,
            clause=rule.clause or "",
        )


class VshuRegulation(models.Model):
    _inherit = "vshu.regulation"

    plan_rule_ids = fields.One2many("vshu.plan.rule", "regulation_id", string="Rules on plans")

    @api.model
    def _catalogs(self):
        return (*super()._catalogs(), "vshu.plan.rule")

    def _plan_rule(self, matter):
        """Return the facts of the rule on ``matter``, empty where the regulation has none."""
        return self.env["vshu.plan.rule"]._facts_of(self.id, matter)

    def _plan_clause(self, matter):
        """Return the clause of the rule on ``matter``; where it has none, that it is the school's practice."""
        return self._clause_words(self._plan_rule(matter).get("clause")) or self.env._("school's practice")
