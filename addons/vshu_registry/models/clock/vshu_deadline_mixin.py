import ast
from collections import defaultdict

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.guard import guarded

#: what a running clock copies from its rule
COPIED = ("clause", "event", "met_event", "direction", "offset", "unit", "first_day", "day_off")


class VshuDeadlineMixin(models.AbstractModel):
    """Gives a model legal clocks.

    The model says which of its date fields are events (``_deadline_events``), and which other fields decide whether
    a clock runs (``_deadline_fields``). Rules (``vshu.deadline.rule``) do the rest: whenever such a field
    changes, the clocks are started, recomputed, met or cancelled, for all records at once.
    """

    _name = "vshu.deadline.mixin"
    _description = "Has deadlines"

    #: event code → name of a Date field of the model
    _deadline_events = {}
    #: events that are dates to come: they can be met before they happen
    _deadline_planned = ()
    #: fields beside the event dates whose change may start or cancel a clock
    _deadline_fields = ()
    #: events whose day a paper of its own can show (``_deadline_documented``); the day of all others is that on which
    #: they are recorded
    _deadline_papers = ()

    deadline_ids = fields.One2many(
        "vshu.deadline", "res_id", string="Deadlines", domain=lambda self: [("res_model", "=", self._name)]
    )
    next_deadline = fields.Date(compute="_compute_next_deadline")
    deadline_state = fields.Selection(
        [("overdue", "Overdue"), ("today", "Today"), ("planned", "Planned")], compute="_compute_next_deadline"
    )

    def _compute_next_deadline(self):
        dates = dict(
            self.env["vshu.deadline"]._read_group(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("state", "in", ("open", "overdue")),
                ],
                ["res_id"],
                ["date_due:min"],
            )
        )
        for record in self:
            date, today = dates.get(record.id), record._vshu_today()
            record.next_deadline = date
            record.deadline_state = date and ("overdue" if date < today else "today" if date == today else "planned")

    @api.model_create_multi
    def create(self, vals_list):
        """Create records and start the clocks of what has happened already."""
        records = super().create(vals_list)
        events = set(self._deadline_events.values())
        # sudo: whether a date is there; nothing has happened yet in a draft, and no clock runs
        records.filtered(lambda record: any(record.sudo()[name] for name in events))._deadline_sync()
        return records

    def write(self, vals):
        """Write, and bring the clocks in step where an event or a field that they depend on changed."""
        res = super().write(vals)
        if not self._deadline_triggers().isdisjoint(vals):
            self._deadline_sync()
        return res

    def unlink(self):
        """Delete, the clocks with it."""
        # sudo: the right to delete the record is checked by super for the record itself
        guarded(self.env["vshu.deadline"].sudo()).search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()
        return super().unlink()

    @api.model
    def _deadline_triggers(self):
        return {*self._deadline_events.values(), *self._deadline_fields}

    # -- hooks -----------------------------------------------------------------------------------------------------

    def _deadline_regulations(self):
        """Return {record id: regulation} whose rules run on the records."""
        return {record.id: record.regulation_id for record in self}

    def _deadline_links(self):
        """Return the values that link a clock to its record, e.g. ``{"case_id": 5, "reference": "№ 12"}``.

        The reference is stored and read in every language: numbers and days, no words.
        """
        self.ensure_one()
        return {"reference": self.display_name}

    def _deadline_over(self):
        """Return the records on which no clock runs any more (closed, annulled, dismissed)."""
        return self.browse()

    def _deadline_begins(self, due):
        """Tell whether a clock that would be due on ``due`` is started at all on the record."""
        self.ensure_one()
        return True

    def _deadline_documented(self, event):
        """Return those of the records on which a paper with a date of its own shows when ``event`` happened.

        Where it does, a clock is met by the day of the paper. Where only somebody's word says it, a day typed
        afterwards makes nothing timely that was late when it was recorded.
        """
        return self.browse()

    def _deadline_role_users(self, role_code, date):
        """Return {record id: user who answers in ``role_code`` on ``date``}; empty user where there is none."""
        schools = self.env["vshu.school"]._by_company(self.company_id)
        users = {}
        for company in self.company_id:
            school = schools.get(company.id)
            users[company.id] = school._users_for_role(role_code, date)[:1] if school else self.env["res.users"]
        empty = self.env["res.users"]
        return {record.id: users.get(record.company_id.id, empty) for record in self}

    def _role_users_today(self, role_code):
        """Return {record id: user who answers in ``role_code``} on the day that it is now in each record's school."""
        users = {}
        for today, records in self.grouped(lambda record: record._vshu_today()).items():
            users.update(records._deadline_role_users(role_code, today))
        return users

    # -- engine ----------------------------------------------------------------------------------------------------

    def _deadline_sync(self):
        """Bring the clocks of the records in step with their dates, in a constant number of queries a batch.

        Starts clocks whose event has a date, recomputes running ones whose anchor or calendar changed (the old date
        is kept), marks met ones with the date and the person, cancels those whose anchor or record is gone.
        """
        records = self.sudo().exists()  # sudo: clocks are kept by the system, whoever causes the event
        if not records:
            return
        Deadline = self.env["vshu.deadline"].sudo()
        regulations = records._deadline_regulations()
        regulation_ids = {regulation.id for regulation in regulations.values() if regulation}
        rules = (
            self.env["vshu.deadline.rule"]
            .sudo()
            .search([("model", "=", self._name), ("regulation_id", "in", list(regulation_ids))])
        )
        existing = defaultdict(dict)
        for deadline in Deadline.search(
            [("res_model", "=", self._name), ("res_id", "in", records.ids), ("state", "!=", "cancelled")],
            order="cycle, id",
        ):
            existing[deadline.res_id][deadline.rule_id.id] = deadline
        over = records._deadline_over()
        ruled = {rule: set(records.filtered_domain(ast.literal_eval(rule.domain))._ids) for rule in rules}
        plan = []  # (record, rule or deadline, deadline or None, anchor, met date)
        for record in records:
            known = existing[record.id]
            for rule in rules:
                if rule.id in known or rule.regulation_id != regulations.get(record.id):
                    continue
                anchor = record[self._deadline_events[rule.event]]
                if anchor and record not in over and record.id in ruled[rule]:
                    plan.append((record, rule, None, anchor))
            for deadline in known.values():
                if deadline._starts_anew(record):
                    plan.append((record, deadline.rule_id, None, record[self._deadline_events[deadline.event]]))
                    continue
                anchor = (
                    deadline.date_event
                    if deadline.cycle and deadline.rule_id.repeat
                    else record[self._deadline_events[deadline.event]]
                )
                plan.append((record, deadline, deadline, anchor))
        due_dates = records._deadline_due_dates(
            [(record.company_id, source, anchor) for record, source, _d, anchor in plan if anchor]
        )
        papers = {}
        to_create, writes, cancel, done = [], defaultdict(list), Deadline.browse(), Deadline.browse()
        anew, reopened = Deadline.browse(), Deadline.browse()
        for record, source, deadline, anchor in plan:
            met = record[self._deadline_events[source.met_event]]
            if met and source.direction == "after" and anchor and source.event not in self._deadline_planned:
                repeated = source.rule_id.repeat if deadline else source.repeat
                if met < anchor or (repeated and met == anchor):
                    met = False
            if not anchor:
                if deadline and deadline.state in ("open", "overdue"):
                    cancel |= deadline
                continue
            due = due_dates[(record.company_id.id, source, anchor)]
            if deadline and deadline.state in ("met", "met_late"):
                if met or record in over or deadline.rule_id.repeat:
                    continue
            elif deadline and record in over and not met:
                cancel |= deadline
                continue
            event, today = source.met_event, record._vshu_today()
            # asked only where it makes a difference: in time by its day, too late by the day of recording
            if met and met <= due < today and event in self._deadline_papers and event not in papers:
                papers[event] = set(records._deadline_documented(event)._ids)
            shown = record.id in papers.get(event, ())
            state = record._deadline_state_on(today, due, met, shown)
            if not deadline:
                if not record._deadline_begins(due):
                    continue
                vals = record._deadline_vals(source, anchor, due, met, state)
                earlier = existing[record.id].get(source.id)
                vals["cycle"] = earlier.cycle + 1 if earlier else 0
                to_create.append(vals)
                continue
            vals = {}
            if due != deadline.date_due and state in ("open", "overdue"):
                vals.update(date_due=due, date_due_previous=deadline.date_due)
                anew |= deadline
            if anchor != deadline.date_event:
                vals["date_event"] = anchor
            if state != deadline.state:
                vals["state"] = state
                vals["date_met"] = met
                vals["date_recorded"] = today if met else False
                vals["met_by_id"] = self.env.uid if met else False
                if met:
                    done |= deadline
                elif deadline.state in ("met", "met_late"):
                    reopened |= deadline
            if deadline in anew | reopened:
                vals["escalation_level"] = 0
            if vals:
                writes[tuple(sorted(vals.items()))].append(deadline.id)
        gone = (anew.filtered("escalation_level") | cancel)._superiors_reminders() | cancel.activity_id
        for vals, ids in writes.items():
            Deadline.browse(ids).write(dict(vals))
        cancel.write({"state": "cancelled"})
        created = Deadline.create(to_create)
        (created | reopened)._deadline_assign()
        self._deadline_reschedule(Deadline.browse([id_ for ids in writes.values() for id_ in ids]))
        gone.unlink()
        done_activities = self.env["mail.activity"].sudo().search([("vshu_deadline_id", "in", done.ids)])
        if done_activities:
            done_activities._action_done()
        again = (created.filtered(lambda d: d.state in ("met", "met_late")) | done).filtered("rule_id.repeat")
        if again:
            self._deadline_restart(again, over)

    @api.model
    def _deadline_state_on(self, today, due, met, documented=False):
        """Return the state on ``today`` of a clock that is due on ``due`` and was met on ``met`` (False: not yet).

        What is recorded today and was late already stays late, unless a paper documents the earlier day.
        """
        if met:
            return "met" if max(met, met if documented else today) <= due else "met_late"
        return "overdue" if due < today else "open"

    def _deadline_vals(self, rule, anchor, due, met, state):
        self.ensure_one()
        vals = {name: rule[name] for name in COPIED}
        vals.update(
            rule_id=rule.id,
            company_id=self.company_id.id,
            res_model=self._name,
            res_id=self.id,
            date_event=anchor,
            date_due=due,
            date_due_first=due,
            date_met=met,
            date_recorded=self._vshu_today() if met else False,
            met_by_id=self.env.uid if met else False,
            state=state,
            role_id=rule.role_id.id,
            **self._deadline_links(),
        )
        return vals

    @api.model
    def _deadline_restart(self, deadlines, over):
        """Start the next run of repeated clocks that were met, from the day on which they were met."""
        Deadline = self.env["vshu.deadline"].sudo()
        records = {record.id: record for record in self.sudo().browse(deadlines.mapped("res_id"))}
        fresh = [d for d in deadlines if d.rule_id.active and records[d.res_id] not in over]
        due_dates = self._deadline_due_dates([(d.company_id, d, d.date_met) for d in fresh])
        vals_list = []
        for deadline in fresh:
            today = deadline._vshu_today()
            due = due_dates[(deadline.company_id.id, deadline, deadline.date_met)]
            vals = records[deadline.res_id]._deadline_vals(
                deadline.rule_id, deadline.date_met, due, False, "overdue" if due < today else "open"
            )
            vals["cycle"] = deadline.cycle + 1
            vals_list.append(vals)
        Deadline.create(vals_list)._deadline_assign()

    @api.model
    def _deadline_reschedule(self, deadlines):
        """Move the open activities of recomputed clocks to the new date."""
        by_date = defaultdict(lambda: self.env["mail.activity"])
        for deadline in deadlines.filtered(lambda d: d.state in ("open", "overdue") and d.activity_id):
            if deadline.activity_id.date_deadline != deadline.date_due:
                by_date[deadline.date_due] |= deadline.activity_id
        for date, activities in by_date.items():
            activities.write({"date_deadline": date})

    @api.model
    def _deadline_due_dates(self, wanted):
        """Compute due dates for many clocks with one calendar look-up a school.

        :param wanted: list of (company, rule or deadline with the fields of COPIED, anchor date)
        :returns: {(company id, rule or deadline, anchor): due date}
        :raises UserError: where working days are asked for and the school has no form filled in
        """
        schools = (
            self.env["vshu.school"]
            .sudo()
            ._by_company(self.env["res.company"].browse({company.id for company, _s, _a in wanted}))
        )
        per_company = defaultdict(list)
        for company, source, anchor in wanted:
            per_company[company.id].append((source, anchor))
        result = {}
        for company_id, items in per_company.items():
            school = schools.get(company_id)
            if not school:
                raise UserError(
                    self.env._(
                        "“%s” has no school form, so no deadline can be counted. "
                        "The register administrator fills it in under Configuration → School.",
                        self.env["res.company"].sudo().browse(company_id).name,
                    )
                )
            dues = school._due_dates(items)
            for (source, anchor), due in zip(items, dues, strict=True):
                result[(company_id, source, anchor)] = due
        return result


class VshuDeadlineAssign(models.Model):
    _inherit = "vshu.deadline"

    def _starts_anew(self, record):
        """Tell whether the event happened again after the clock was met, e.g. a second submission of one case."""
        self.ensure_one()
        if self.state not in ("met", "met_late") or self.rule_id.repeat or not self.rule_id.active:
            return False
        anchor = record[record._deadline_events[self.event]]
        return bool(anchor and self.date_met and anchor > self.date_met and self.event not in record._deadline_planned)

    def _deadline_assign(self):
        """Give each running clock to the person who answers:
        their stand-in if they are away, the deputy head if none."""
        running = self.filtered(lambda d: d.state in ("open", "overdue"))
        groups = defaultdict(lambda: self.browse())
        for deadline in running:
            groups[(deadline.res_model, deadline.role_id.code, deadline._vshu_today())] |= deadline
        vals_list, owners = [], defaultdict(lambda: self.browse())
        for (model, code, today), deadlines in groups.items():
            records = self.env[model].sudo().browse(deadlines.mapped("res_id"))
            users = records._deadline_role_users(code, today)
            missing = records.filtered(lambda r, users=users: not users.get(r.id))
            users.update(missing._deadline_role_users("deputy_head", today))
            for deadline in deadlines:
                user = users.get(deadline.res_id)
                if user:
                    owners[user] |= deadline
                    vals_list.append(deadline._activity_vals(user, deadline.date_due))
        for user, deadlines in owners.items():
            deadlines.write({"user_id": user.id})
        running._read_names()
        activities = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(vals_list)
        for activity in activities:
            activity.vshu_deadline_id.activity_id = activity


def shift(anchor, source):
    """Return ``anchor`` moved by the months or calendar days of ``source`` (no working days), before or after."""
    sign = 1 if source.direction == "after" else -1
    if source.unit == "month":
        return anchor + relativedelta(months=sign * source.offset)
    days = source.offset
    if days and source.first_day == "same":
        days -= 1
    return anchor + relativedelta(days=sign * days)
