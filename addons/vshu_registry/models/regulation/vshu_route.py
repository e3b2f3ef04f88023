from dateutil.relativedelta import relativedelta
from odoo import api, fields, models, tools

from .vshu_decision_kind import BODIES
from .vshu_ground import KINDS


class VshuRoute(models.Model):
    """Who decides on a placement: regulation × kind × list of grounds × basis → body (KZ-4, RU-5.1, RU-5.2,
    RU-6, RU-9.1).

    A case may be placed only by a route that matches it; the route says who submits, whether somebody may
    dismiss the signal on the way, whether the head's consent must be on record, and which date is the placement's.
    """

    _name = "vshu.route"
    _inherit = "vshu.catalog.mixin"
    _description = "Route of a placement"

    kind = fields.Selection(KINDS, required=True)
    category_ids = fields.Many2many("vshu.ground.category", string="Lists of grounds", required=True)
    basis_ids = fields.Many2many("vshu.basis", string="Bases", required=True)
    body = fields.Selection(BODIES, string="Who decides", required=True)
    submitter_role_ids = fields.Many2many(
        "vshu.role", "vshu_route_submitter_rel", "route_id", "role_id", string="Who submits"
    )
    recorder_role_ids = fields.Many2many(
        "vshu.role", "vshu_route_recorder_rel", "route_id", "role_id", string="Who records the decision"
    )
    dismisser_role_ids = fields.Many2many(
        "vshu.role",
        "vshu_route_dismisser_rel",
        "route_id",
        "role_id",
        string="Who may dismiss the signal",
        help="Empty: nobody may; the submission goes to the council.",
    )
    consent_required = fields.Boolean(string="Head's consent on record")
    placement_date = fields.Selection(
        [("journal", "Date of the journal entry"), ("decision", "Date of the decision")],
        required=True,
        default="decision",
    )
    decision_kind_ids = fields.Many2many("vshu.decision.kind", string="Outcomes allowed")

    _code_uniq = models.Constraint("UNIQUE(regulation_id, code)", "This regulation has a route with this code already.")

    @api.model
    def _matching(self, regulation, kind, basis, category):
        """Return the routes of ``regulation`` for ``kind`` that fit a basis and a list of grounds,
        where these are given."""
        return self.browse(self._matching_ids(*(record._origin.id for record in (regulation, basis, category)), kind))

    @api.model
    @tools.ormcache("regulation_id", "basis_id", "category_id", "kind")
    def _matching_ids(self, regulation_id, basis_id, category_id, kind):
        # sudo: the route matrix is a catalogue, without a word on any child
        routes = self.with_env(self.env(su=True, context={})).search(
            [("regulation_id", "=", regulation_id), ("kind", "=", kind)]
        )
        return routes.filtered(
            lambda route: (
                (not basis_id or basis_id in route.basis_ids.ids)
                and (not category_id or category_id in route.category_ids.ids)
            )
        )._ids

    @tools.ormcache("self._ids")
    def _facts(self):
        """Return what the routes say together: bodies, role codes of submitters, recorders and dismissers, clauses.

        The catalogue does not change from one click to the next, so that it is read once for all users.
        """
        routes = self.with_env(self.env(su=True, context={}))  # sudo: see _matching_ids
        return tools.frozendict(
            bodies=frozenset(routes.mapped("body")),
            submitters=frozenset(routes.submitter_role_ids.mapped("code")),
            recorders=frozenset(routes.recorder_role_ids.mapped("code")),
            dismissers=frozenset(routes.dismisser_role_ids.mapped("code")),
            consent=any(routes.mapped("consent_required")),
            clauses=", ".join(sorted(set(filter(None, routes.mapped("clause"))))) or "-",
        )


class VshuTermRule(models.Model):
    """How long a stay lasts (KZ-16, RU-10) and when it is looked at again (RU-5.4)."""

    _name = "vshu.term.rule"
    _inherit = "vshu.catalog.mixin"
    _description = "Rule on the term"

    kind = fields.Selection(KINDS, required=True)
    open_ended = fields.Boolean(help="The stay has no fixed end: it lasts until a reason to end it.")
    min_months = fields.Integer()
    max_months = fields.Integer()
    extension_min_months = fields.Integer()
    extension_max_months = fields.Integer()
    extension_practice = fields.Boolean(
        string="Length of an extension is practice",
        help="No clause sets the length of an extension: the shortest and the longest are the school's practice.",
    )
    max_extensions = fields.Integer(help="0: no cap.")
    review_months = fields.Integer(help="Months until the next review of an open-ended stay.")
    review_by_calendar = fields.Boolean(
        string="By the calendar",
        help="After a review the next one falls to the next part of the calendar year of that length, e.g. a quarter.",
    )
    expiring_days = fields.Integer(help="A case comes up by itself this many calendar days before its end or review.")
    watch_months = fields.Integer(help="Offered as the length of a watch without placement.")

    _code_uniq = models.Constraint(
        "UNIQUE(regulation_id, kind)", "This regulation has a term rule for this kind already."
    )

    def _next_review(self, day):
        """Return the day of the next review after one on ``day``, False where the rule has none (RU-5.4). A review in
        the last days of a part of the calendar year, when the case has come up for the next one, counts for that."""
        self.ensure_one()
        months = self.review_months
        if not months:
            return False
        if not self.review_by_calendar:
            return day + relativedelta(months=months)
        following = day.replace(month=(day.month - 1) // months * months + 1, day=1) + relativedelta(months=months)
        near = (following - day).days <= self.expiring_days
        return following + relativedelta(months=months) if near else following
