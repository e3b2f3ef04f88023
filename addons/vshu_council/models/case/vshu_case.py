from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_registry.tools.states import OPEN_STATES

from ..agenda.vshu_agenda_item import BY_ITSELF, OPEN

#: effects of decisions that the council adds → states of the case
COUNCIL_EFFECTS = {
    "petition": ("submitted", "watched", "active", "removal_proposed"),
    "hear_again": ("submitted", "active", "removal_proposed"),
    "note": ("submitted", "watched", "active", "removal_proposed"),
}
#: fields of a case whose change may put it before the council, or take it off
TRIGGERS = {"state", "term_status", "proposed_reason_id", "date_end", "review_date", "ground_id", "basis_id"}


class VshuCase(models.Model):
    """The case before the council: it comes up by itself, and the council's decisions act on it (KZ-4, KZ-16, KZ-19,
    RU-5.2, RU-6)."""

    _inherit = "vshu.case"

    agenda_item_ids = fields.One2many(
        "vshu.agenda.item", "case_id", string="Before the council", groups="vshu_registry.group_case_reader"
    )
    extract_count = fields.Integer(
        string="Extracts", compute="_compute_council_counts", groups="vshu_registry.group_case_reader"
    )
    agenda_count = fields.Integer(
        string="Council", compute="_compute_council_counts", groups="vshu_registry.group_case_reader"
    )

    def _compute_council_counts(self):
        items = dict(self.env["vshu.agenda.item"]._read_group([("case_id", "in", self.ids)], ["case_id"], ["__count"]))
        extracts = dict(self.env["vshu.extract"]._read_group([("case_id", "in", self.ids)], ["case_id"], ["__count"]))
        for case in self:
            case.agenda_count = items.get(case._origin, 0)
            case.extract_count = extracts.get(case._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        """Create cases; those that wait for the council come up there by themselves."""
        cases = super().create(vals_list)
        cases.filtered(lambda case: case.state != "draft")._council_sync()
        return cases

    def write(self, vals):
        """Change cases; what waits for the council comes up there by itself, what does not goes off its list."""
        res = super().write(vals)
        if TRIGGERS & vals.keys():
            self._council_sync()
        return res

    # -- on the way to the council ---------------------------------------------------------------------------------

    def _council_topic(self):
        """Return the question with which the case waits for the council; False where it does not."""
        self.ensure_one()
        if self.state == "submitted":
            return "placement" if "council" in self.route_ids._facts()["bodies"] else False
        if self.state == "removal_proposed":
            return False if self.proposed_reason_id.body in ("outside", "head") else "removal"
        if self.state == "active" and self.term_status in ("expiring", "over") and self.date_end:
            return "term"
        return False

    def _council_sync(self):
        """Bring the list of what waits for the council in step with the cases, all at once (KZ-4, RU-5.2).

        What is decided at a meeting whose minutes are not signed yet stays until they are.
        """
        cases = self.sudo().exists()  # sudo: kept by the system, whoever causes the event
        items = cases.env["vshu.agenda.item"].search([("case_id", "in", cases.ids), ("state", "in", OPEN)])
        known = items.filtered(lambda item: item.topic in BY_ITSELF).grouped("case_id")
        vals_list, over = [], items.browse()
        for case in cases:
            topic = case._council_topic()
            own = known.get(case, items.browse())
            fitting = own.filtered(lambda item, t=topic: item.topic == t)
            over |= (own - fitting).filtered(lambda item: item.state in ("waiting", "scheduled"))
            if topic and not fitting:
                vals_list.append({"case_id": case.id, "company_id": case.company_id.id, "topic": topic})
        if over:
            guarded(over).write(
                {
                    "state": "withdrawn",
                    "withdrawn_reason": self.env._("The case does not wait for this decision any more."),
                }
            )
        made = guarded(items.browse()).create(vals_list) if vals_list else items.browse()
        stays = (items - over).filtered(lambda item: item.state in ("waiting", "scheduled"))
        (made | stays)._refresh_due()

    @api.model
    def _council_take_up(self):
        """Put all open cases of all schools that wait for the council on its list: the addon has just come."""
        self.sudo().search([("state", "in", OPEN_STATES)])._council_sync()  # sudo: kept by the system

    def _council_in_force(self):
        """Tell whether the school has a council by order today."""
        self.ensure_one()
        company = self.sudo().company_id  # sudo: which school it is
        return bool(self.env["vshu.council"]._on_date(company, company._vshu_today()))

    def _decision_awaited(self):
        text = super()._decision_awaited()
        if not self._council_in_force():
            return text
        # sudo: the day of the council, for the reader of the case
        items = self.sudo().agenda_item_ids.filtered(lambda item: item.state in OPEN and item.topic in BY_ITSELF)
        meeting = items.meeting_id[:1]
        if meeting:
            return self.env._("the council decides on %s", format_date(self.env, meeting.date_day))
        return self.env._("it waits for the next meeting of the council") if items else text

    @api.depends("agenda_item_ids.state")
    def _compute_next_step(self):
        return super()._compute_next_step()

    def _compute_can(self):
        """Where only the council decides, its minutes do: there is nothing to record by hand."""
        res = super()._compute_can()
        for case in self.filtered("can_decide"):
            bodies = (case.sudo().route_id or case.sudo().route_ids)._facts()["bodies"]  # sudo: the route matrix
            if case.state != "draft" and bodies == {"council"} and case._council_in_force():
                case.can_decide = False
        return res

    def _decision_problems(self, decision):
        """A decision of the council comes from its minutes, where the school had a council on that day (KZ-13)."""
        problems = super()._decision_problems(decision)
        sudo_decision = decision.sudo()  # sudo: role was checked by the caller
        if sudo_decision.body == "council" and not sudo_decision.agenda_item_id and sudo_decision.date:
            council = self.env["vshu.council"]._on_date(self.sudo().company_id, sudo_decision.date)
            if council:
                problems.append(
                    self.env._(
                        "the council (%s) decides at its meetings: the case is on its list, and the signed minutes "
                        "carry the decision out",
                        council.display_name,
                    )
                )
        return problems

    def action_open_agenda_items(self):
        """Open what the council heard and will hear of the case. Returns an act_window; AccessError without it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_council.action_vshu_agenda_item")
        return dict(action, domain=[("case_id", "=", self.id)], context={"default_case_id": self.id})

    def action_open_extracts(self):
        """Open the extracts from minutes on the case. Returns an act_window; AccessError without the case (RU-N4.2)."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_council.action_vshu_extract")
        return dict(action, domain=[("case_id", "=", self.id)], context={})

    # -- what decisions of the council do ----------------------------------------------------------------------------

    @api.model
    def _effect_states(self):
        return {**super()._effect_states(), **COUNCIL_EFFECTS}

    def _problems_petition(self, decision):
        """Return why the letter cannot be written: its kind, its condition (KZ-17)."""
        kind = decision.petition_kind_id
        if not kind:
            return [self.env._("choose the letter that is to be written")]
        return self._petition_problems(kind)

    def _effect_petition(self, decision):
        """Draft the letter that the council has decided on; the office completes and sends it (KZ-17, RU-N2.5)."""
        self.ensure_one()
        self.env["vshu.petition"].create({"case_id": self.id, "kind_id": decision.petition_kind_id.id})
        self._hearing_over()

    def _effect_hear_again(self, decision):
        """Let the case wait for another meeting; nothing of its state changes."""
        self._hearing_over()

    def _effect_note(self, decision):
        """Put on record that the council took note; nothing of the case's state changes."""
        self._hearing_over()

    def _hearing_over(self):
        """The day of this hearing has been: the next meeting sets its own."""
        self.filtered("hearing_date").write({"hearing_date": False})

    # -- invitations taken back --------------------------------------------------------------------------------------

    def _hearing_off(self, tell, since):
        """Take the day of the council off the cases: invitations that were not sent go, and parents who have theirs
        are told, if ``tell`` (KZ-9).

        :param since: the day on which the meeting was convened; invitations to earlier ones do not count
        """
        cases = self.sudo()  # sudo: the caller has checked the right on the meeting
        notices = cases.env["vshu.notice"].search(
            [("case_id", "in", cases.ids), ("event", "=", "hearing"), ("state", "!=", "not_needed")]
        )
        waiting = notices.filtered(lambda notice: notice.state == "to_send")
        waiting._change({"state": "not_needed", "not_needed_reason": self.env._("The meeting of the council is off.")})
        told = (notices - waiting).filtered(lambda n: n.addressee == "parents" and n.date_event >= since)
        if tell and told:
            told.case_id._make_notices("hearing_off")
        cases.write({"hearing_date": False})
        cases._remind_papers()

    def _deadline_documented(self, event):
        """The minutes of the sitting show on which day a submission was considered, signed or not yet."""
        shown = super()._deadline_documented(event)
        if event == "decided":
            held = self.agenda_item_ids.filtered(
                lambda item: item.state in ("decided", "done") and item.meeting_id.minutes_ids
            )
            shown |= held.case_id & self
        return shown

    def _notice_base(self, event, decision):
        """Nobody can be told of what the council decided before its minutes are signed: the clock runs from there."""
        base = super()._notice_base(event, decision)
        if decision and decision.agenda_item_id and event != "hearing_off":
            signed = decision.agenda_item_id.meeting_id.date_signed
            base["date_clock"] = max(filter(None, [base["date_clock"], signed]))
        if event == "hearing_off" and self.hearing_date:
            base["date_event"] = self.hearing_date
        return base


class VshuAgendaItem(models.Model):
    _inherit = "vshu.agenda.item"

    def _refresh_due(self):
        """Write by when the items are to be considered: the clock of the submission, or the end of the term."""
        items = self.sudo()  # sudo: a date kept by the system
        clocks = items.env["vshu.deadline"].search(
            [
                ("case_id", "in", items.case_id.ids),
                ("res_model", "=", "vshu.case"),
                ("met_event", "=", "decided"),
                ("state", "in", ("open", "overdue")),
            ]
        )
        dues = {}
        for clock in clocks:
            dues[clock.case_id.id] = min(clock.date_due, dues.get(clock.case_id.id, clock.date_due))
        by_date = {}
        for item in items:
            case = item.case_id
            due = dues.get(case.id) if item.topic == "placement" else item.topic != "other" and case.date_end
            if (due or False) != item.date_due:
                by_date.setdefault(due or False, []).append(item.id)
        for due, ids in by_date.items():
            guarded(items.browse(ids)).write({"date_due": due})

    def _queue_again(self):
        """After the minutes are signed: what still waits comes up for the next meeting, by itself or because the
        council wants to hear it again."""
        cases = self.case_id
        cases._council_sync()
        again = self.filtered(lambda item: item.effect == "hear_again" and item.topic not in BY_ITSELF)
        for item in again:
            vals = {
                "company_id": item.company_id.id,
                "topic": item.topic,
                "case_id": item.case_id.id,
                "title": item.title,
                "reporter_id": item.reporter_id.id,
                "date_due": item.next_date,
            }
            guarded(self.browse()).create([vals])


class VshuDeadline(models.Model):
    _inherit = "vshu.deadline"

    def write(self, vals):
        """Change clocks; the items of the council follow when a clock moves."""
        res = super().write(vals)
        if "date_due" in vals:
            cases = self.sudo().filtered(lambda d: d.met_event == "decided").case_id  # sudo: a date kept by the system
            if cases:
                # sudo: see above
                self.env["vshu.agenda.item"].sudo().search(
                    [("case_id", "in", cases.ids), ("state", "in", ("waiting", "scheduled"))]
                )._refresh_due()
        return res
