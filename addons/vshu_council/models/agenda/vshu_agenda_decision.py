from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.vshu_registry.tools.guard import guarded

#: fields of the item that are those of the decision
SAME = (
    "months",
    "date_end",
    "curator_id",
    "curator_act_number",
    "curator_act_date",
    "watch_until",
    "review_date",
    "removal_reason_id",
    "ground_id",
    "petition_kind_id",
)
#: effects that answer a submission: after them it has been considered
SETTLING = ("place", "decline", "watch")


class VshuAgendaDecision(models.AbstractModel):
    """Hearing, vote and decision of an item (KZ-13, KZ-16, KZ-19, RU-5.2, RU-6…RU-9)."""

    _name = "vshu.agenda.decision"
    _description = "Decision on an item"

    summary = fields.Text(string="Heard", help="What was reported, in brief.")
    speech_ids = fields.One2many("vshu.agenda.speech", "item_id", string="Who spoke")
    vote_mode = fields.Selection(
        [("count", "By count"), ("name", "By name")], string="Vote", required=True, default="count"
    )
    count_for = fields.Integer(string="For")
    count_against = fields.Integer(string="Against")
    count_abstained = fields.Integer(string="Abstained")
    casting_for = fields.Boolean(
        string="Whoever presides voted for", help="Decides where as many voted for as against, if the rule says so."
    )
    vote_ids = fields.One2many("vshu.agenda.vote", "item_id", string="Votes")
    total_for = fields.Integer(string="In favour", compute="_compute_totals")
    total_against = fields.Integer(string="Opposed", compute="_compute_totals")
    total_abstained = fields.Integer(string="Abstaining", compute="_compute_totals")
    excluded_ids = fields.Many2many(
        "vshu.meeting.participant",
        "vshu_agenda_excluded_rel",
        "item_id",
        "participant_id",
        string="Do not vote",
        domain="[('meeting_id', '=', meeting_id), ('kind', '=', 'member')]",
        help="Members with an interest of their own in the matter.",
    )
    excluded_reason = fields.Char(string="Because")
    allowed_kind_ids = fields.Many2many("vshu.decision.kind", compute="_compute_allowed", compute_sudo=True)
    allowed_reason_ids = fields.Many2many("vshu.removal.reason", compute="_compute_allowed", compute_sudo=True)
    allowed_petition_ids = fields.Many2many("vshu.petition.kind", compute="_compute_allowed", compute_sudo=True)
    open_ended = fields.Boolean(compute="_compute_allowed", compute_sudo=True)
    kind_id = fields.Many2one(
        "vshu.decision.kind",
        string="What is decided",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('id', 'in', allowed_kind_ids)]",
    )
    effect = fields.Selection(related="kind_id.effect")
    target_kind = fields.Selection(related="kind_id.target_kind")
    decision_text = fields.Text(string="Decided", help="The wording for the minutes.")
    months = fields.Integer(string="Term in months")
    date_end = fields.Date(string="Term until")
    curator_id = fields.Many2one("hr.employee", check_company=True, ondelete="restrict")
    curator_act_number = fields.Char(string="Act on the curator, number")
    curator_act_date = fields.Date(string="Act on the curator, date")
    watch_until = fields.Date()
    review_date = fields.Date(string="Next review")
    removal_reason_id = fields.Many2one(
        "vshu.removal.reason", ondelete="restrict", domain="[('id', 'in', allowed_reason_ids)]"
    )
    ground_id = fields.Many2one(
        "vshu.ground",
        string="Ground of the new stay",
        ondelete="restrict",
        domain="[('kind', '=', target_kind)]",
        help="Only where the case moves to the other kind.",
    )
    petition_kind_id = fields.Many2one(
        "vshu.petition.kind",
        string="Letter to be written",
        ondelete="restrict",
        domain="[('id', 'in', allowed_petition_ids)]",
    )
    next_date = fields.Date(string="Heard again by")
    assignment_ids = fields.One2many("vshu.agenda.assignment", "item_id", string="Assignments")
    decision_id = fields.Many2one(
        "vshu.decision", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )
    can_keep = fields.Boolean(compute="_compute_can_keep", export_string_translation=False)
    can_decide = fields.Boolean(compute="_compute_can_keep", export_string_translation=False)
    can_reopen = fields.Boolean(compute="_compute_can_keep", export_string_translation=False)

    # -- computes --------------------------------------------------------------------------------------------------

    @api.depends("vote_mode", "count_for", "count_against", "count_abstained", "vote_ids.choice")
    def _compute_totals(self):
        for item in self:
            for choice in ("for", "against", "abstained"):
                named = len(item.vote_ids.filtered(lambda vote, c=choice: vote.choice == c))
                item[f"total_{choice}"] = named if item.vote_mode == "name" else item[f"count_{choice}"]

    @api.depends("case_id.state", "topic", "meeting_id", "company_id", "kind_id")
    def _compute_allowed(self):
        # computed in sudo: what is allowed tells the state of the case
        heard = self.with_env(self.env(su=self.env.uid == SUPERUSER_ID))._heard_items().sudo()
        for item in self:
            case = item.case_id if item in heard else item.case_id.browse()
            kinds = (
                case._allowed_decision_kinds()
                if case
                else item._regulation(case).decision_kind_ids.filtered(
                    lambda kind: kind.effect in ("hear_again", "note")
                )
            )
            item.allowed_kind_ids = kinds.filtered(lambda kind: "council" in kind.form_ids.mapped("body"))
            item.allowed_reason_ids = case._allowed_removal_reasons() if case else False
            item.allowed_petition_ids = case._petition_kinds() if case else False
            item.open_ended = case._term_rule(item.kind_id.target_kind).open_ended if case else True

    def _regulation(self, case=None):
        """Return the regulation that the item is decided under: that of its case, else of its meeting or school.

        :param case: the case that counts, where it is not that of the item
        """
        self.ensure_one()
        known = (self.case_id if case is None else case).regulation_id or self.meeting_id.regulation_id
        return known or self.env["vshu.regulation"]._on_date(self.company_id, self._vshu_today())

    @api.depends_context("uid")
    @api.depends("state", "meeting_id.state", "meeting_id.can_keep")
    def _compute_can_keep(self):
        for item in self:
            keeps = item.meeting_id.can_keep
            item.can_keep = keeps and item.state == "scheduled"
            item.can_decide = keeps and item.state == "scheduled" and item.meeting_id.state == "sitting"
            item.can_reopen = keeps and item.state == "decided"

    @api.onchange("kind_id")
    def _onchange_kind_id(self):
        """Offer what the regulation offers for such a decision: term, dates, wording."""
        if not self.kind_id or not self._heard_items():
            return
        self.update(dict.fromkeys(("months", "date_end", "watch_until"), False))
        draft = self.sudo()._draft_decision()  # sudo: catalogues; nothing is stored
        for name in ("months", "date_end", "watch_until"):
            self[name] = draft[name]
        if self.kind_id.effect in ("place", "watch", "convert") and not self.curator_id:
            self.curator_id = self.case_id.sudo()._likely_curator()  # sudo: a colleague
        if self.kind_id.effect in ("remove", "convert"):
            self.removal_reason_id = self.case_id.proposed_reason_id
        if self.kind_id.text_template:
            # in the language of the minutes, whatever the secretary's own is
            lang = self.sudo().meeting_id.lang or self.env.lang  # sudo: in which language the council writes
            self.decision_text = self.kind_id.with_context(lang=lang).text_template

    @api.onchange("months")
    def _onchange_months(self):
        if self.kind_id and self.months and self._heard_items():
            self.date_end = self.sudo().with_context(vshu_months=True)._draft_decision().date_end  # sudo: see above

    @api.onchange("vote_mode")
    def _onchange_vote_mode(self):
        """By name: a line for each member who is present and may vote."""
        if self.vote_mode == "name" and not self.vote_ids:
            self.vote_ids = [
                fields.Command.create({"participant_id": person.id, "choice": "for"}) for person in self._voters()
            ]

    @api.constrains("excluded_ids")
    def _check_excluded(self):
        for item in self.sudo():  # sudo: of which meeting the participants are
            if item.excluded_ids.filtered(lambda p, m=item.meeting_id: p.kind != "member" or p.meeting_id != m):
                raise ValidationError(
                    self.env._("%s: only members of this meeting are kept from the vote.", item.display_name)
                )

    # -- the decision ----------------------------------------------------------------------------------------------

    def _decision_vals(self):
        """Return the values of the decision of the register that the item becomes when the minutes are signed."""
        self.ensure_one()
        forms = self.kind_id.form_ids.filtered(lambda form: form.body == "council")
        minutes = self.meeting_id.minutes_id
        today = self.company_id._vshu_today()
        vals = {
            "case_id": self.case_id.id,
            "kind_id": self.kind_id.id,
            "form_id": forms[:1].id,
            "number": str(minutes.number) if minutes else "-",
            "date": self.meeting_id.date_day or today,
            "date_journal": max(self.meeting_id.date_day or today, today),
            "text": self.decision_text,
            "agenda_item_id": self._origin.id,
        }
        for name in SAME:
            value = self[name]
            if name in ("months", "date_end", "watch_until") and not value:
                continue
            vals[name] = value.id if isinstance(value, models.BaseModel) else value
        return vals

    def _draft_decision(self):
        """Return the decision that the item would become, not stored: to be checked, and for what it offers."""
        self.ensure_one()
        vals = self._decision_vals()
        if self.env.context.get("vshu_months"):
            vals.pop("date_end", None)
        return self.env["vshu.decision"].new(vals)

    def _content_problems(self):
        """Return what the decision itself lacks, and what the case and its regulation do not allow."""
        self.ensure_one()
        problems = []
        if not (self.summary or "").strip():
            problems.append(self.env._("write in brief what was heard"))
        if not self.kind_id:
            return [*problems, self.env._("choose what is decided")]
        if self.kind_id not in self.allowed_kind_ids:
            return [
                *problems,
                self.env._(
                    "“%(kind)s” (%(clause)s) cannot be decided here: the case's state or the regulation does not "
                    "allow it",
                    kind=self.kind_id.name,
                    clause=self.kind_id.clause_text or "-",
                ),
            ]
        if not (self.decision_text or "").strip():
            problems.append(self.env._("write the decision as it goes into the minutes"))
        if self.effect == "hear_again" and self.next_date and self.next_date <= self.meeting_id.date_day:
            problems.append(self.env._("it is heard again on a later day than this meeting's"))
        if self.case_id:
            problems += self.case_id._decision_problems(self._draft_decision())
        for assignment in self.assignment_ids:
            problems += assignment._problems()
        return problems

    def _item_problems(self):
        """Return all that keeps the item from being decided, in plain words with clauses."""
        self.ensure_one()
        return self._papers_problems() + self._content_problems() + self._vote_problems()

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_decide(self):
        """Record the decision as put to the vote; it acts once the minutes are signed (KZ-13).

        Returns an act_window on the next item that waits, or on the meeting. Raises AccessError for anyone but those
        who keep the minutes, UserError that lists what is missing or not allowed.
        """
        self.ensure_one()
        self.meeting_id._check_flag("can_keep")
        if self.state != "scheduled" or self.meeting_id.state not in ("sitting", "held"):
            raise UserError(self.env._("%s is decided already, or the council does not sit.", self.display_name))
        item = guarded(self.sudo())  # sudo: right and state were checked for this very item
        problems = item._item_problems()
        if problems:
            raise UserError(
                self.env._(
                    "%(item)s cannot be decided yet:\n%(problems)s",
                    item=self.display_name,
                    problems="\n".join(f"• {problem}" for problem in problems),
                )
            )
        meeting = item.meeting_id
        item.write({"state": "decided", "presided_id": meeting.presiding_id.id, "kept_id": meeting.secretary_id.id})
        if item.effect == "convert":
            item._release_new_stay()
        following = item.meeting_id.item_ids.filtered(lambda i: i.state == "scheduled").sorted("number")
        target = following[:1] or item.meeting_id
        return {
            "type": "ir.actions.act_window",
            "res_model": target._name,
            "res_id": target.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "main",
        }

    def _release_new_stay(self):
        """Take the submission that a move settles off the agendas: what was decided here answers it."""
        for item in self:
            target = item.case_id._conversion_target(item.target_kind)
            waiting = target.agenda_item_ids.filtered(lambda i: i.state == "scheduled" and i.topic == "placement")
            waiting.filtered(lambda i: i.meeting_id.state == "convened")._take_back_hearing(tell=True)
            waiting._back_to_waiting()

    def _considered(self, day):
        """Note on the cases on whose submission was decided that the council considered it on ``day``: the sitting is
        what the clause on considering speaks of, the minutes are signed later. False takes it back (RU-5.2).

        A guarded superuser set; the caller has checked the right.
        """
        heard = self.filtered(lambda item: item.effect in SETTLING).case_id
        for item in self.filtered(lambda item: item.effect == "convert"):
            heard |= item.case_id._conversion_target(item.target_kind)
        guarded(heard.filtered(lambda case: case.state == "submitted")).write({"date_considered": day})

    def action_reopen(self):
        """Take the decision up again before the minutes bear a signature. Raises as action_decide."""
        self.meeting_id._check_flag("can_keep")
        for item in self:
            if item.state != "decided":
                raise UserError(self.env._("%s is not decided: there is nothing to open again.", item.display_name))
        items = guarded(self.sudo())  # sudo: right and state were checked for these very items
        items.write({"state": "scheduled", "presided_id": False, "kept_id": False})
        items._considered(False)
        held = items.meeting_id.filtered(lambda meeting: meeting.state == "held")
        held.write({"state": "sitting", "date_held": False})
        return True
