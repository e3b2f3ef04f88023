from odoo import api, fields, models
from odoo.fields import Domain


class VshuDeadline(models.Model):
    """One running legal clock: what is due, when it was met, by whom, what is late.

    The clause and the way of counting are copied from the rule when the clock starts: a regulation that changes
    later changes no running clock.
    """

    _name = "vshu.deadline"
    _inherit = ["vshu.kept.mixin", "vshu.rule.mixin", "vshu.clause.mixin"]
    _description = "Deadline"
    _order = "date_due, id"

    #: it is there with its record
    _slip_hours = None
    _goes_along = True

    rule_id = fields.Many2one("vshu.deadline.rule", index=True, ondelete="restrict")
    name = fields.Char(related="rule_id.name")
    clause = fields.Char(string="Clause identifier", readonly=True)
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    res_model = fields.Char(string="Runs on", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True, index=True
    )
    case_id = fields.Many2one("vshu.case", index=True, readonly=True, ondelete="cascade")
    signal_id = fields.Many2one("vshu.signal", index=True, readonly=True, ondelete="cascade")
    reference = fields.Char(string="Number", readonly=True, help="Number of the case or signal.")
    event = fields.Char(required=True, readonly=True)
    met_event = fields.Char(required=True, readonly=True)
    direction = fields.Selection([("after", "After"), ("before", "Before")], required=True, readonly=True)
    offset = fields.Integer(readonly=True)
    unit = fields.Selection(
        [("working_day", "Working days"), ("day", "Calendar days"), ("month", "Months")], required=True, readonly=True
    )
    first_day = fields.Selection([("next", "The day after"), ("same", "The same day")], required=True, readonly=True)
    day_off = fields.Selection(
        [("keep", "Stays"), ("next", "Next working day"), ("previous", "Working day before")],
        required=True,
        readonly=True,
    )
    cycle = fields.Integer(readonly=True, help="0 for the first run of a repeated clock.")
    date_event = fields.Date(string="Counted from", required=True, readonly=True)
    date_due = fields.Date(required=True, readonly=True)
    date_due_first = fields.Date(string="First due", readonly=True, help="As it was computed when the clock started.")
    date_due_previous = fields.Date(string="Due before", readonly=True, help="As it was before the last recomputation.")
    date_met = fields.Date(readonly=True)
    date_recorded = fields.Date(
        string="Recorded on",
        readonly=True,
        help="The day on which it was recorded that it is met. What was late on that day stays late, unless a paper of "
        "its own shows the earlier day.",
    )
    met_by_id = fields.Many2one("res.users", string="Met by", readonly=True)
    days_late = fields.Integer(compute="_compute_days_late")
    state = fields.Selection(
        [
            ("open", "Running"),
            ("overdue", "Overdue"),
            ("met", "Met"),
            ("met_late", "Met late"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="open",
        readonly=True,
    )
    role_id = fields.Many2one("vshu.role", string="Who answers", readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", readonly=True, index=True)
    escalation_level = fields.Integer(readonly=True, help="0: nobody, 1: the first, 2: the second superior has heard.")
    can_open = fields.Boolean(compute="_compute_can_open", export_string_translation=False)
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null", index="btree_not_null")

    _record_idx = models.Index("(res_model, res_id)")
    _running_idx = models.Index("(date_due) WHERE state IN ('open', 'overdue')")
    _once_uniq = models.UniqueIndex(
        "(res_model, res_id, rule_id, cycle) WHERE state != 'cancelled'", "This clock runs already."
    )

    @api.depends("clause_text", "reference")
    def _compute_display_name(self):
        for deadline in self:
            parts = [deadline.clause_text, deadline.reference]
            deadline.display_name = " · ".join(filter(None, parts)) or str(deadline.id)

    @api.depends_context("uid")
    @api.depends("res_model", "res_id")
    def _compute_can_open(self):
        for model, deadlines in self.grouped("res_model").items():
            readable = set()
            if model in self.env:
                readable.update(self.env[model].browse(deadlines.mapped("res_id"))._filtered_access("read").ids)
            for deadline in deadlines:
                deadline.can_open = deadline.res_id in readable

    def _compute_days_late(self):
        for deadline in self:
            today = deadline._vshu_today()
            end = deadline.date_met or (today if deadline.state in ("open", "overdue") else deadline.date_due)
            if deadline.state == "met_late" and end <= deadline.date_due:
                end = deadline.date_recorded or end
            deadline.days_late = max((end - deadline.date_due).days, 0) if deadline.date_due and end else 0

    def action_open_record(self):
        """Open the case or signal that the clock runs on; the user's own rights apply there.

        Returns an act_window. Raises AccessError where the user may not read the record.
        """
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id)
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    @api.model
    def _resync_company(self, company):
        """Recompute the running clocks of a school after its calendar changed. Old dates are kept beside the new."""
        running = self.sudo().search([("company_id", "=", company.id), ("state", "in", ("open", "overdue"))])
        by_model = {}
        for deadline in running:
            by_model.setdefault(deadline.res_model, set()).add(deadline.res_id)
        for model, ids in by_model.items():
            self.env[model].sudo().browse(ids).exists()._deadline_sync()

    # -- nightly ---------------------------------------------------------------------------------------------------

    @api.model
    def _nightly_steps(self):
        """Return the deadline part of the nightly job: a list of (name, ids, method on a batch of deadlines)."""
        late = self.env["vshu.school"]._by_day(lambda day: Domain("date_due", "<", day))
        running = Domain("state", "in", ("open", "overdue")) & Domain("escalation_level", "<", 2)
        return [
            # before all else: what is late is told to whoever answers today
            ("hand over", self.search(Domain("state", "in", ("open", "overdue")), order="id").ids, "_hand_over"),
            ("overdue", self.search(Domain("state", "=", "open") & late, order="id").ids, "_mark_overdue"),
            ("escalate", self.search(running & late, order="id").ids, "_escalate"),
        ]

    def _mark_overdue(self):
        """Write the state of clocks that have run out; running it twice changes nothing."""
        self.filtered(lambda d: d.state == "open" and d.date_due < d._vshu_today()).write({"state": "overdue"})

    def _escalate(self):
        """Tell the deputy head, then the head, of clocks that are late for as many days as their rule says.

        Each superior hears once per clock; three missed nights make no difference but the day.
        """
        steps = []
        for deadline in self.filtered(lambda d: d.state in ("open", "overdue")):
            rule, today = deadline.rule_id, deadline._vshu_today()
            late = (today - deadline.date_due).days
            level = deadline.escalation_level
            if level < 1 and rule.escalation_role_id and late >= rule.escalation_days:
                steps.append((deadline, rule.escalation_role_id, 1))
                level = 1
            if level == 1 and rule.escalation2_role_id and late >= rule.escalation_days + rule.escalation2_days:
                steps.append((deadline, rule.escalation2_role_id, 2))
        schools = self.env["vshu.school"]._by_company(self.company_id)
        users = {}
        vals_list = []
        levels = {}
        for deadline, role, level in steps:
            today = deadline._vshu_today()
            key = (deadline.company_id.id, role.code)
            if key not in users:
                school = schools.get(deadline.company_id.id)
                users[key] = school._users_for_role(role.code, today)[:1] if school else self.env["res.users"]
            if users[key]:
                vals_list.append(deadline._activity_vals(users[key], today, late=True))
            levels.setdefault(level, self.browse())
            levels[level] |= deadline
        if vals_list:
            self._read_names()
            self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(vals_list)
        for level in sorted(levels):
            levels[level].write({"escalation_level": level})

    def _superiors_reminders(self):
        """Return the reminders of those who were told that the clocks are late; a new date or the end takes them away.

        The clock starts anew with its new date: whoever it went up to hears again where that is missed as well.
        """
        told = self.filtered("escalation_level")
        if not told:
            return self.env["mail.activity"]
        return self.env["mail.activity"].search(
            [("vshu_deadline_id", "in", told.ids), ("id", "not in", told.activity_id.ids)]
        )

    def _read_names(self):
        """Read the records of the clocks at once: each activity asks its record for its name, one by one."""
        for model, deadlines in self.grouped("res_model").items():
            # sudo: the numbers of cases and signals, which activities show
            self.env[model].sudo().browse(set(deadlines.mapped("res_id"))).fetch(["display_name"])

    def _activity_vals(self, user, date, late=False):
        """Return the values of the activity that takes the clock to ``user``; it carries numbers, never names."""
        self.ensure_one()
        lang = user.lang or self.env.lang
        record = self.with_context(lang=lang)
        pattern = (
            self.with_context(lang=lang).env._("Late: %(what)s (%(clause)s)")
            if late
            else self.with_context(lang=lang).env._("%(what)s (%(clause)s)")
        )
        return {
            "res_model_id": self.env["ir.model"]._get_id(self.res_model),
            "res_id": self.res_id,
            # env.ref() would ask the database at each clock whether the type is there
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                "vshu_registry.activity_type_deadline", raise_if_not_found=True
            ),
            "user_id": user.id,
            "date_deadline": date,
            "summary": pattern % {"what": record.rule_id.name or "", "clause": self.clause_text or "-"},
            "vshu_deadline_id": self.id,
        }


class MailActivity(models.Model):
    _inherit = "mail.activity"

    vshu_deadline_id = fields.Many2one(
        "vshu.deadline",
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
        help="Written and read by the clocks themselves.",
    )
