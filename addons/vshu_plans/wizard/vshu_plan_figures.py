from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..tools.small_groups import add_up, merge_small

READERS = {"psychologist", "social_pedagogue", "deputy_head", "head"}
NUMBERS = ("plans", "measures", "done", "in_time", "goals", "improved", "reached")


class VshuPlanFigures(models.TransientModel):
    """How effective the work was in a period: measures and goals by ground and by kind (RU-2.2, RU-13.3).

    Without names; groups of fewer children than the regulation's rule says are shown together. In the order of the
    regulation, never of the figures: they rank nobody (KZ-23).
    """

    _name = "vshu.plan.figures"
    _inherit = ["vshu.link.mixin", "vshu.paper.mixin"]
    _description = "Effectiveness of the work"

    company_id = fields.Many2one("res.company", string="School", required=True, default=lambda self: self.env.company)
    date_from = fields.Date(string="From", required=True, default=lambda self: self._default_period()[0])
    date_to = fields.Date(string="Until", required=True, default=lambda self: self._default_period()[1])
    table = fields.Html(compute="_compute_table", sanitize=False)

    @api.model
    def _default_period(self):
        """Return the school year until today, or the calendar year where none is entered."""
        today = self.env.company._vshu_today()
        year = self.env["vshu.school.year"]._for_date(self.env.company, today)
        return (year.date_start if year else today.replace(month=1, day=1)), today

    @api.model
    def _check_reader(self, company):
        """Raise AccessError for anyone but those who read all cases of the school, stand-ins included."""
        if self.env.su:
            return
        roles = self.env["vshu.role"]._my_roles(company).get(company.id, set())
        if not roles & READERS:
            raise AccessError(
                self.env._("Figures on the work are read by psychologist, social pedagogue, deputy head and head.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Open the figures of a school; raises AccessError for whoever does not read its cases."""
        figures = super().create(vals_list)
        for record in figures:
            record._check_reader(record.company_id)
        return figures

    @api.constrains("date_from", "date_to")
    def _check_days(self):
        for record in self:
            if record.date_to < record.date_from:
                raise UserError(self.env._("The last day of the period comes before the first."))

    @api.depends_context("lang")
    def _compute_display_name(self):
        """What the figures are about."""
        self.display_name = self.env._("Effectiveness of the work")

    # -- counting ----------------------------------------------------------------------------------------------------

    def _facts(self):
        """Return what was counted: one dict for each case and kind of measure, and one for each case.

        Measures count whose day lies in the period and is not still to come, or that were done in it; goals count that
        were rated at the start and at the end, of plans that ran in the period.

        :returns: (by case, by case and kind): {case: numbers}, {(case, vshu.measure.type): numbers}
        """
        self.ensure_one()
        self._check_reader(self.company_id)
        figures = self.sudo()  # sudo: the right was checked; figures only, no record is told
        last = min(self.date_to, self.company_id._vshu_today())
        tasks = figures.env["vshu.plan.task"]
        within = [("company_id", "=", self.company_id.id), ("state", "!=", "dropped")]
        due = [("date_due", ">=", self.date_from), ("date_due", "<=", last)]
        done = [("date_done", ">=", self.date_from), ("date_done", "<=", last)]
        by_case, by_kind = {}, {}
        rows = tasks._read_group(
            [*within, "|", "&", *due, "&", *done], ["case_id", "type_id", "state", "in_time"], ["__count"]
        )
        for case, kind, state, in_time, count in rows:
            for found in (by_case.setdefault(case, self._zero()), by_kind.setdefault((case, kind), self._zero())):
                found["measures"] += count
                found["done"] += count if state == "done" else 0
                found["in_time"] += count if in_time else 0
        plans = figures.env["vshu.plan"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("in_force", "closed")),
                ("date_approved", "<=", last),
                ("root_id.date_from", "<=", last),
                "|",
                ("date_closed", "=", False),
                ("date_closed", ">=", self.date_from),
            ]
        )
        for plan in plans:
            found = by_case.setdefault(plan.case_id, self._zero())
            found["plans"] += 1
            for goal in plan.goal_ids:
                if goal.rating_start and goal.rating_end:
                    found["goals"] += 1
                    found["improved"] += 1 if goal.change > 0 else 0
                    found["reached"] += 1 if goal.reached else 0
        return by_case, by_kind

    @api.model
    def _zero(self):
        return dict.fromkeys(NUMBERS, 0)

    def _rows(self):
        """Return what is shown: {"ground": rows, "kind": rows, "total": row, "smallest": number}.

        Rows are dicts of label, children (a number) and the counts, with shares in per cent; small groups are one row
        without a label. Both lists are empty where all children together are too few.
        """
        self.ensure_one()
        by_case, by_kind = self._facts()
        school = self.env["vshu.school"]._for_company(self.company_id)
        smallest = school.regulation_id._plan_rule("small_group").get("number", 0)

        def child(case):
            return ("student", case.student_id.id) if case.student_id else ("family", case.family_id.id)

        grounds, kinds = {}, {}
        for case, numbers in by_case.items():
            ground = case.ground_id
            grounds.setdefault(ground, []).append({"label": "", "children": {child(case)}, **numbers})
        for (case, kind), numbers in by_kind.items():
            kinds.setdefault(kind, []).append({"label": "", "children": {child(case)}, **numbers})
        total = add_up([row for rows in grounds.values() for row in rows]) if grounds else None
        result = {"ground": [], "kind": [], "total": False, "smallest": smallest}
        if not total or len(total["children"]) < smallest:
            return result
        result["total"] = self._shown(total, self.env._("All grounds"))
        for name, groups, order in (
            ("ground", grounds, lambda ground: (ground.category_id.sequence, ground.sequence, ground.id)),
            ("kind", kinds, lambda kind: (kind.section_id.sequence, kind.sequence, kind.id)),
        ):
            rows = [
                {**add_up(groups[record]), "label": record.with_env(self.env).display_name}
                for record in sorted(groups, key=order)
            ]
            kept, merged = merge_small(rows, smallest)
            result[name] = [self._shown(row, row["label"]) for row in kept]
            if merged:
                result[name].append(self._shown(merged, self.env._("Others, shown together")))
        return result

    @api.model
    def _shown(self, row, label):
        """Return a row as it is shown: the number of children instead of who they are, shares in whole per cent."""

        def share(part, whole):
            return round(100 * row[part] / row[whole]) if row[whole] else 0

        return {
            **{name: row[name] for name in NUMBERS},
            "label": label,
            "children": len(row["children"]),
            "in_time_share": share("in_time", "measures"),
            "done_share": share("done", "measures"),
            "improved_share": share("improved", "goals"),
            "reached_share": share("reached", "goals"),
        }

    # -- shown -------------------------------------------------------------------------------------------------------

    @api.depends_context("lang")
    @api.depends("date_from", "date_to", "company_id")
    def _compute_table(self):
        for record in self:
            record.table = record._html() if record.date_from and record.date_to else False

    def _html(self):
        self.ensure_one()
        return Markup("").join(
            [self.env["ir.qweb"]._render("vshu_plans.figures_tables", {"figures": self._rows()}, minimal_qcontext=True)]
        )

    def action_show(self):
        """Show the figures of the period chosen. Returns an act_window; AccessError for whoever does not read them."""
        self.ensure_one()
        self._check_reader(self.company_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Effectiveness of the work"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }

    def action_print(self):
        """Print the figures (RU-13.3). Returns the report; AccessError for whoever does not read them."""
        self.ensure_one()
        self._check_reader(self.company_id)
        return self.env.ref("vshu_plans.action_report_figures").report_action(self, config=False)

    def _paper_period(self):
        """Return the period in words of the paper."""
        self.ensure_one()
        return f"{format_date(self.env, self.date_from)} – {format_date(self.env, self.date_to)}"
