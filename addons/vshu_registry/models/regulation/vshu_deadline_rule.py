import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class VshuDeadlineRule(models.Model):
    """A legal clock: from which event, how long, how it is counted, who answers, who hears when it is late."""

    _name = "vshu.deadline.rule"
    _inherit = "vshu.catalog.mixin"
    _description = "Rule of a clock"

    model_id = fields.Many2one(
        "ir.model",
        string="Runs on",
        required=True,
        ondelete="cascade",
        domain="[('model', 'like', 'vshu.')]",
    )
    model = fields.Char(related="model_id.model", store=True, string="Model name")
    event = fields.Char(required=True, help="The event that starts the clock, e.g. notice_registered.")
    met_event = fields.Char(required=True, help="The event that stops it, e.g. entered.")
    domain = fields.Char(default="[]", required=True, help="Records that it runs on.")
    direction = fields.Selection([("after", "After"), ("before", "Before")], required=True, default="after")
    offset = fields.Integer(required=True)
    unit = fields.Selection(
        [("working_day", "Working days"), ("day", "Calendar days"), ("month", "Months")], required=True
    )
    first_day = fields.Selection(
        [("next", "The day after the event counts first"), ("same", "The day of the event counts first")],
        required=True,
        default="next",
    )
    day_off = fields.Selection(
        [
            ("keep", "Stays on the day off"),
            ("next", "Moves to the next working day"),
            ("previous", "Moves to the working day before"),
        ],
        string="End on a day off",
        required=True,
        default="keep",
    )
    role_id = fields.Many2one("vshu.role", string="Who answers", required=True, ondelete="restrict")
    escalation_role_id = fields.Many2one("vshu.role", string="Who hears of a delay", ondelete="restrict")
    escalation_days = fields.Integer(string="After days", help="Days late after which they hear of it.")
    escalation2_role_id = fields.Many2one("vshu.role", string="Who hears next", ondelete="restrict")
    escalation2_days = fields.Integer(string="After more days", help="Days late after which the next one hears.")
    repeat = fields.Boolean(help="When it is met, it starts again from that day.")

    _code_uniq = models.Constraint("UNIQUE(regulation_id, code)", "This regulation has a clock with this code already.")
    _offset_not_negative = models.Constraint('CHECK("offset" >= 0)', "The length of a clock cannot be negative.")

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            try:
                parsed = ast.literal_eval(rule.domain)
                valid = isinstance(parsed, list)
                if valid and rule.model in self.env:
                    self.env[rule.model].sudo().search_count(parsed, limit=1)
            except (ValueError, SyntaxError, TypeError, KeyError) as error:
                raise ValidationError(
                    self.env._(
                        "Clock “%(rule)s”: its domain is not a list of conditions (%(error)s).",
                        rule=rule.name,
                        error=str(error),
                    )
                ) from error
            if not valid:
                raise ValidationError(
                    self.env._("Clock “%(rule)s”: its domain must be a list of conditions.", rule=rule.name)
                )

    @api.constrains("event", "met_event", "model_id")
    def _check_events(self):
        for rule in self:
            model = self.env.get(rule.model)
            events = getattr(model, "_deadline_events", {}) if model is not None else {}
            for event in (rule.event, rule.met_event):
                if event not in events:
                    raise ValidationError(
                        self.env._(
                            "Clock “%(rule)s” (%(clause)s): “%(event)s” is not an event of “%(model)s”. "
                            "Choose one of: %(events)s.",
                            rule=rule.name,
                            clause=rule.clause_text or "-",
                            event=event,
                            model=rule.model_id.name,
                            events=", ".join(sorted(events)) or "-",
                        )
                    )
