import ast
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.guard import guarded
from ..clock.vshu_deadline_mixin import shift


class VshuCase(models.Model):
    """Stays that were on the paper register before this one: taken over with their own numbers, dates and decisions.

    What a placement of today would cause is not caused: ``_stay_changed`` is not called, so nobody is sent a notice of
    a decision that was made known long ago, and no clock is started that would have been due before the day of the
    take-over. Clocks that run still are started; a term that is over comes up in the nightly job.
    """

    _inherit = "vshu.case"

    taken_over = fields.Boolean(
        string="Taken over",
        readonly=True,
        copy=False,
        help="Was on the register before this program: number, dates and decisions are its own.",
    )
    date_taken_over = fields.Date(string="Taken over on", readonly=True, copy=False)

    def _deadline_begins(self, due):
        return super()._deadline_begins(due) and (not self.date_taken_over or due >= self.date_taken_over)

    @api.model
    def _take_over(self, vals_list):
        """Take stays over from the paper register: cases, decisions, periods, journal rows, papers, running clocks.

        The caller has checked that the user keeps the register. RU-2.1: the information is complete from the first day.

        :param list vals_list: dicts with ``company_id``, ``regulation_id``, ``student_id``, ``kind``, ``ground_id``,
            ``basis_id``, ``route_id``, ``year_id``, ``number``, ``date_placed``, ``date_end``, ``curator_id``,
            ``date_parents_informed``, ``reason``, ``class_name``; ``decision``, the one of the placement, as values of
            ``vshu.decision``; ``extensions`` and ``removal``, each such values with ``date_end`` or
            ``removal_reason_id`` and ``date_removed`` (a removal without ``number`` makes no decision)
        :returns: the cases
        :raises UserError: a number that the journal has already, a child with an open case of the kind
        """
        self._check_free_numbers(vals_list)
        today = self._vshu_today()
        # sudo, guarded: the right was checked by the caller; states, numbers and dates are those of the paper register
        cases = guarded(self.sudo()).with_context(mail_create_nolog=True, mail_notrack=True)
        cases = cases.create([self._taken_case(vals, today) for vals in vals_list])
        placements = self._taken_decisions(cases, vals_list, "decision")
        for case, vals, placement in zip(cases, vals_list, placements, strict=True):
            case.write(
                {
                    "placement_decision_id": placement.id,
                    "date_decided": placement.date,
                    "date_considered": placement.date,
                }
            )
            self._taken_periods(case, vals, placement)
            if vals.get("removal", {}).get("number"):
                removal = self._taken_decisions(case, [vals], "removal")
                case.write({"removal_decision_id": removal.id})
        cases._link_earlier_stays()
        entries = guarded(self.env["vshu.journal.entry"].sudo())  # sudo: see above
        entries.create(
            [
                {**entry, "class_name": vals.get("class_name") or entry["class_name"]}
                for case, vals, placement in zip(cases, vals_list, placements, strict=True)
                for entry in [case._entry_vals(placement)]
            ]
        )
        staying = cases.filtered(lambda case: case.state == "active")
        for stage in ("placement", "dossier"):
            staying._add_papers(stage)
        staying._start_repeated_clocks()
        return cases.with_env(self.env)

    @api.model
    def _check_free_numbers(self, vals_list):
        """Refuse numbers that the journal has; whoever enters others at this moment waits (see ``_next_number``)."""
        entries = self.env["vshu.journal.entry"].sudo()  # sudo: whether a number is taken
        by_year = defaultdict(list)
        for vals in vals_list:
            by_year[vals["year_id"], vals["company_id"]].append(vals["number"])
        for (year_id, company_id), numbers in sorted(by_year.items()):
            double = entries._taken_numbers(company_id, year_id, numbers)
            double.update(number for number in numbers if numbers.count(number) > 1)
            if double:
                raise UserError(
                    self.env._(
                        "№ %(number)s of the school year %(year)s is in the journal already: look up the number in the "
                        "paper journal.",
                        number=min(double),
                        year=self.env["vshu.school.year"]._name_of(year_id),
                    )
                )

    @api.model
    def _taken_case(self, vals, today):
        """Return the values of the case of a stay that is taken over."""
        removal = vals.get("removal") or {}
        result = {
            name: vals.get(name) or False
            for name in (
                "company_id",
                "regulation_id",
                "student_id",
                "kind",
                "ground_id",
                "basis_id",
                "route_id",
                "year_id",
                "number",
                "date_placed",
                "date_end",
                "curator_id",
                "date_parents_informed",
                "reason",
            )
        }
        result.update(
            subject="student",
            date_entered=vals["date_placed"],
            state="closed" if removal else "active",
            term_status=False if removal else "running",
            date_removed=removal.get("date_removed"),
            date_closed=removal.get("date_removed"),
            removal_reason_id=removal.get("removal_reason_id"),
            taken_over=True,
            date_taken_over=today,
            review_date=False if removal else self._next_review(vals, today),
        )
        return result

    @api.model
    def _next_review(self, vals, today):
        """Return the day of the next review of a stay without a fixed term: its turn goes on from the placement."""
        regulation = self.env["vshu.regulation"].sudo().browse(vals["regulation_id"])  # sudo: a catalogue
        rule = regulation.term_rule_ids.filtered(lambda rule: rule.kind == vals["kind"])[:1]
        if not rule.open_ended or not rule.review_months:
            return False
        turn = 1
        while (day := fields.Date.add(vals["date_placed"], months=turn * rule.review_months)) < today:
            turn += 1
        return day

    @api.model
    def _taken_decisions(self, cases, vals_list, name):
        """Make the records of papers that were signed and carried out before: who typed them here is on record."""
        decisions = guarded(self.env["vshu.decision"].sudo())  # sudo: see _take_over
        return decisions.create(
            [
                {
                    "case_id": case.id,
                    "months": 0,
                    "date_journal": vals["date_placed"],
                    "state": "done",
                    "date_applied": fields.Datetime.now(),
                    "applied_by_id": self.env.uid,
                    **{key: value for key, value in vals[name].items() if key != "date_removed"},
                }
                for case, vals in zip(cases, vals_list, strict=True)
            ]
        )

    @api.model
    def _taken_periods(self, case, vals, placement):
        """Write the periods of the stay: the placement and each extension, by its own decision (KZ-16)."""
        extensions = vals.get("extensions") or []
        decisions = placement
        if extensions:
            decisions |= self._taken_decisions(
                case.browse([case.id] * len(extensions)),
                [{**vals, "extension": item} for item in extensions],
                "extension",
            )
        start = vals["date_placed"]
        rows = []
        for kind, decision in zip(["placement"] + ["extension"] * len(extensions), decisions, strict=True):
            rows.append(
                {
                    "case_id": case.id,
                    "kind": kind,
                    "date_from": start,
                    "date_to": decision.date_end,
                    "months": decision.months,
                    "decision_id": decision.id,
                }
            )
            start = decision.date_end or start
        self.env["vshu.case.term"].sudo().create(rows)  # sudo: see _take_over

    def _link_earlier_stays(self):
        """Link stays to the latest one of the same child that had ended before (KZ-21)."""
        closed = self.search(
            [("student_id", "in", self.student_id.ids), ("state", "=", "closed"), ("date_placed", "!=", False)],
            order="date_removed, id",
        )
        for case in self:
            earlier = closed.filtered(
                lambda other, case=case: (
                    other.student_id == case.student_id
                    and (other.company_id, other.kind) == (case.company_id, case.kind)
                    and other != case
                    and other.date_removed
                    and other.date_removed <= case.date_placed
                )
            )[-1:]
            if earlier:
                case.write({"previous_case_id": earlier.id})

    def _start_repeated_clocks(self):
        """Start the run of repeated clocks that is on today: their turns are counted from the placement."""
        Deadline = self.env["vshu.deadline"].sudo()  # sudo: clocks are kept by the system
        rules = (
            self.env["vshu.deadline.rule"]
            .sudo()  # sudo: a catalogue
            .search(
                [
                    ("model", "=", self._name),
                    ("regulation_id", "in", self.regulation_id.ids),
                    ("repeat", "=", True),
                    ("unit", "!=", "working_day"),
                    ("direction", "=", "after"),
                    ("offset", ">", 0),
                ]
            )
        )
        running = {(d.res_id, d.rule_id) for d in Deadline.search([("case_id", "in", self.ids)])}
        turns = []
        for rule in rules:
            for case in self.filtered_domain(ast.literal_eval(rule.domain)):
                anchor = case[self._deadline_events[rule.event]]
                if case.regulation_id != rule.regulation_id or not anchor or (case.id, rule) in running:
                    continue
                while shift(anchor, rule) < case.date_taken_over:
                    anchor = shift(anchor, rule)
                turns.append((case, rule, anchor))
        dues = self._deadline_due_dates([(case.company_id, rule, anchor) for case, rule, anchor in turns])
        vals_list = []
        for case, rule, anchor in turns:
            vals = case._deadline_vals(rule, anchor, dues[case.company_id.id, rule, anchor], False, "open")
            # a first run would be counted from the placement again
            vals_list.append({**vals, "cycle": 1})
        Deadline.create(vals_list)._deadline_assign()
