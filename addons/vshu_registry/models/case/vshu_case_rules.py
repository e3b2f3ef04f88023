from dateutil.relativedelta import relativedelta
from odoo import api, fields, models

from ...tools.guard import guarded

#: decision's effect → states of the case
EFFECT_STATES = {
    "place": ("draft", "submitted"),
    "decline": ("submitted",),
    "watch": ("submitted",),
    "extend": ("active", "removal_proposed"),
    "remove": ("active", "removal_proposed"),
    "keep": ("removal_proposed",),
    "convert": ("active", "removal_proposed"),
}


class VshuCaseRules(models.AbstractModel):
    """What the case's regulation says of it: routes, terms, decisions, reasons, papers."""

    _name = "vshu.case.rules"
    _description = "Rules of a case"

    allowed_reason_ids = fields.Many2many(
        "vshu.removal.reason", compute="_compute_allowed_reasons", compute_sudo=True, context={"active_test": False}
    )

    # -- routes, terms, reasons ------------------------------------------------------------------------------------

    def _matching_routes(self):
        """Return the routes of the case's regulation that fit its kind, list of grounds and basis."""
        self.ensure_one()
        return self.env["vshu.route"]._matching(
            self.regulation_id, self.kind, self.basis_id, self.ground_id._category()
        )

    def _deciding_routes(self, decision):
        """Return the routes by which ``decision`` may be taken on the case; a move places by any route of its body that
        leads to a placement."""
        self.ensure_one()
        moves = decision.kind_id.effect == "convert"
        return self.route_ids.filtered(
            lambda route: (
                route.body == decision.body
                and (
                    not route.decision_kind_ids
                    or decision.kind_id in route.decision_kind_ids
                    or (moves and "place" in route.decision_kind_ids.mapped("effect"))
                )
            )
        )

    def _route_clauses(self):
        self.ensure_one()
        routes = self.route_id or self.route_ids
        return self.env["vshu.regulation"]._clause_words(routes._facts()["clauses"])

    def _term_rule(self, kind=None):
        """Return the rule on terms of the case's regulation and ``kind``, its own by default; empty where there is
        none, or no case: a form asks before it is chosen."""
        kind = kind or self.kind
        return self.regulation_id.term_rule_ids.filtered(lambda rule: rule.kind == kind)[:1]

    @api.model
    def _effect_states(self):
        """Return {effect of a decision: states of a case in which it may be decided}. Other addons add theirs."""
        return EFFECT_STATES

    def _allowed_decision_kinds(self):
        """Return the kinds of decisions that state, kind and routes allow; none where the case is not chosen yet."""
        if not self:
            return self.env["vshu.decision.kind"]
        self.ensure_one()
        states = self._effect_states()
        kinds = self.regulation_id.decision_kind_ids.filtered(
            lambda kind: (not kind.kind or kind.kind == self.kind) and self.state in states.get(kind.effect, ())
        )
        placing = kinds.filtered(lambda kind: kind.effect in ("place", "decline", "watch"))
        allowed = self.route_ids.decision_kind_ids if all(r.decision_kind_ids for r in self.route_ids) else placing
        return (kinds - placing) | (placing & allowed)

    def _allowed_removal_reasons(self):
        """Return the reasons for a removal by decision: those of the case's kind and list of grounds (RU-7,
        RU-8, KZ-19); none where the case is not chosen yet."""
        if not self:
            return self.env["vshu.removal.reason"]
        self.ensure_one()
        return self.env["vshu.removal.reason"]._by_decision(self.regulation_id, self.kind, self.ground_id._category())

    def _is_for(self, reason):
        """Tell whether a reason for removal is one of the case's regulation, kind and list of grounds."""
        self.ensure_one()
        return (
            reason.regulation_id == self.regulation_id
            and reason.kind == self.kind
            and (not reason.category_ids or self.ground_id.category_id in reason.category_ids)
        )

    def _day_of_age(self, years):
        """Return the day on which the student is ``years`` old, False where the birthday is not known; who was born on
        29 February is on the 28th in the other years."""
        self.ensure_one()
        born = self.student_id.vshu_birth_date
        return born + relativedelta(years=years) if born else False

    @api.depends("regulation_id", "kind", "ground_id")
    def _compute_allowed_reasons(self):
        for case in self:
            case.allowed_reason_ids = case._allowed_removal_reasons()

    # -- papers ----------------------------------------------------------------------------------------------------

    def _requirements(self, stage, reason=None):
        """Return the papers that the regulation asks for at ``stage``, for ``reason`` where it is a removal."""
        self.ensure_one()
        requirements = self.env["vshu.document.requirement"]
        return requirements.browse(
            requirements._wanted_ids(
                self.regulation_id._origin.id,
                stage,
                self.kind,
                self.subject,
                self.ground_id._category().id,
                tuple(sorted((self.ground_id | self.extra_ground_ids)._origin.ids)),
                None if reason is None else reason._origin.id,
            )
        )

    def _paper_problems(self, stage, reason=None):
        """Return a line for each required paper of ``stage`` that is missing, or is not positive where it must be."""
        return [text for _requirement, text in self._missing_requirements(stage, reason)]

    def _missing_requirements(self, stage, reason=None):
        """Return [(requirement, what is wrong)] of the required papers of ``stage``. A paper whose absence was accepted
        by whom the regulation names is not asked for again (RU-9.2)."""
        self.ensure_one()
        problems = []
        for requirement in self._requirements(stage, reason):
            facts = requirement._facts()
            if facts["need"] != "required":
                continue
            if facts["absence_role"] and self.document_ids.filtered(
                lambda d, r=requirement: d.requirement_id == r and d.state == "absent"
            ):
                continue
            papers = self.document_ids.filtered(
                lambda d, type_id=facts["type_id"]: (
                    d.type_id.id == type_id
                    and d.state == "ready"
                    and (stage != "removal" or not self.date_placed or d.date >= self.date_placed)
                )
            )
            if not papers:
                text = self.env._(
                    "paper missing: %(paper)s (%(clause)s)",
                    paper=requirement.display_name,
                    clause=self.env["vshu.regulation"]._clause_words(facts["clause"]) or "-",
                )
                problems.append((requirement, text))
            elif facts["positive"] and papers.sorted("date")[-1].rating != "positive":
                text = self.env._(
                    "paper not positive: %(paper)s (%(clause)s)",
                    paper=requirement.display_name,
                    clause=self.env["vshu.regulation"]._clause_words(facts["clause"]) or "-",
                )
                problems.append((requirement, text))
        return problems

    def _add_papers(self, stage, reason=None):
        """Put the papers that ``stage`` asks for on the lists of the cases as missing; what is there stays."""
        vals_list = []
        for case in self:
            known = case.document_ids.requirement_id
            for requirement in case._requirements(stage, reason):
                if requirement not in known:
                    facts = requirement._facts()
                    vals_list.append(
                        {
                            "case_id": case.id,
                            "type_id": facts["type_id"],
                            "requirement_id": requirement.id,
                            "need": facts["need"],
                        }
                    )
        self.env["vshu.document"].create(vals_list)
        self._date_papers(stage)

    def _papers_changed(self):
        """Bring what hangs on the papers in step: the hearing's papers complete, the date of the last characteristic,
        the next copies of periodic papers (RU-5.4)."""
        for case in self:
            today = case._vshu_today()
            vals = {}
            if case.state == "submitted":
                complete = not case._paper_problems("hearing") and bool(case._requirements("hearing"))
                if complete != bool(case.date_papers_ready):
                    vals["date_papers_ready"] = today if complete else False
            periodic = case.document_ids.filtered(
                lambda d: d.state == "ready" and d.requirement_id.repeat_months and d.rated
            )
            latest = max(periodic.mapped("date"), default=False)
            if latest and latest != case.date_characteristic:
                vals["date_characteristic"] = latest
            if vals:
                guarded(case).write(vals)
        self._renew_papers()
