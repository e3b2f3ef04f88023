from odoo import api, fields, models
from odoo.fields import Domain


class VshuPlanProgress(models.AbstractModel):
    """How far the measures are: what all rings, lists and figures count, in the same way.

    Dropped occurrences count nowhere. ``progress`` is the share of those done; ``in_time_share`` is the share, of those
    that are done or whose day has passed, that was done by its day (RU-13.3).
    """

    _name = "vshu.plan.progress"
    _description = "Progress of measures"

    task_count = fields.Integer(string="Measures", compute="_compute_progress")
    task_done = fields.Integer(string="Done", compute="_compute_progress")
    task_in_time = fields.Integer(string="Done in time", compute="_compute_progress")
    task_late = fields.Integer(string="Late", compute="_compute_progress")
    progress = fields.Integer(string="Progress, %", compute="_compute_progress", aggregator="avg")
    in_time_share = fields.Integer(string="In time, %", compute="_compute_progress", aggregator="avg")

    #: field of a task that says which record of this model it counts for, and the value of the record
    _progress_field = None

    def _progress_keys(self):
        """Return {plan: id that the tasks carry in ``_progress_field``}: all versions of a plan count together."""
        return {plan: plan._origin.root_id.id for plan in self}

    @api.depends_context("uid")
    @api.depends("task_ids.state")
    def _compute_progress(self):
        keys = self._progress_keys()
        figures = self.env["vshu.plan.task"]._figures(self._progress_field, {key for key in keys.values() if key})
        empty = self.env["vshu.plan.task"]._no_figures()
        for record in self:
            found = figures.get(keys[record], empty)
            record.task_count = found["count"]
            record.task_done = found["done"]
            record.task_in_time = found["in_time"]
            record.task_late = found["late"]
            record.progress = found["progress"]
            record.in_time_share = found["in_time_share"]


class VshuPlanTaskFigures(models.AbstractModel):
    """Counting occurrences by any of their fields, in one query."""

    _name = "vshu.plan.task.figures"
    _description = "Figures of measures"

    @api.model
    def _no_figures(self):
        """Return the figures of nothing."""
        return self._shares({"count": 0, "done": 0, "in_time": 0, "late": 0})

    @api.model
    def _figures(self, name, ids):
        """Return {id: figures} of the occurrences that carry ``ids`` in the field ``name``.

        :returns: dicts with count, done, in_time, late (open, their day has passed), progress and in_time_share in %
        """
        if not ids:
            return {}
        domain = [(name, "in", list(ids)), ("state", "!=", "dropped")]
        result = {}
        for key, state, in_time, count in self._read_group(domain, [name, "state", "in_time"], ["__count"]):
            found = result.setdefault(key.id, {"count": 0, "done": 0, "in_time": 0, "late": 0})
            found["count"] += count
            if state == "done":
                found["done"] += count
                found["in_time"] += count if in_time else 0
        late = self.env["vshu.school"]._by_day(lambda day: Domain("date_due", "<", day))
        late &= Domain([*domain, ("state", "=", "open")])
        for key, count in self._read_group(late, [name], ["__count"]):
            result[key.id]["late"] = count
        return {key: self._shares(found) for key, found in result.items()}

    @api.model
    def _shares(self, found):
        """Add the shares in whole per cent to counts; 0 where there is nothing to share."""
        answered = found["done"] + found["late"]
        return {
            **found,
            "progress": round(100 * found["done"] / found["count"]) if found["count"] else 0,
            "in_time_share": round(100 * found["in_time"] / answered) if answered else 0,
        }
