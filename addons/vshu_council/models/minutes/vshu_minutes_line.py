from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import is_guarded

#: what a corrected version may change
WORDING = {"summary", "speeches", "decision_text", "note"}


class VshuMinutesLine(models.Model):
    """An item of the minutes as it was when they were signed: a line of the register of decisions (KZ-13)."""

    _name = "vshu.minutes.line"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Item of the minutes"
    _order = "minutes_id, number, id"

    minutes_id = fields.Many2one("vshu.minutes", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="minutes_id.company_id", store=True, index=True)
    meeting_id = fields.Many2one(related="minutes_id.meeting_id", store=True, index=True)
    minutes_state = fields.Selection(related="minutes_id.state", store=True, string="State of the minutes")
    date = fields.Date(related="minutes_id.date", store=True, string="Date of the meeting")
    year_id = fields.Many2one(related="minutes_id.year_id", store=True)
    item_id = fields.Many2one("vshu.agenda.item", readonly=True, index=True, ondelete="restrict")
    case_id = fields.Many2one("vshu.case", readonly=True, index="btree_not_null", ondelete="restrict")
    number = fields.Integer(string="№", readonly=True, aggregator=None)
    title = fields.Char(string="Matter", readonly=True)
    subject_name = fields.Char(string="Full name", readonly=True)
    birth_date = fields.Date(readonly=True)
    class_name = fields.Char(string="Class", readonly=True)
    curator = fields.Char(readonly=True)
    called_for = fields.Text(string="Why called", readonly=True)
    papers = fields.Text(string="Heard without papers", readonly=True)
    summary = fields.Text(string="Heard")
    speeches = fields.Text(string="Spoke")
    excluded = fields.Text(string="Did not vote", readonly=True)
    votes_for = fields.Integer(string="For", readonly=True, aggregator=None)
    votes_against = fields.Integer(string="Against", readonly=True, aggregator=None)
    votes_abstained = fields.Integer(string="Abstained", readonly=True, aggregator=None)
    votes_text = fields.Text(string="Votes by name", readonly=True)
    outcome_text = fields.Text(string="What decided", readonly=True)
    kind_id = fields.Many2one("vshu.decision.kind", string="Outcome", readonly=True, ondelete="restrict", index=True)
    decision_label = fields.Char(string="Decision", readonly=True)
    decision_text = fields.Text(string="Decided")
    until = fields.Date(string="Term until", readonly=True)
    assignments = fields.Text(readonly=True)
    remark = fields.Boolean(readonly=True)
    reprimand = fields.Boolean(readonly=True)
    note = fields.Text()

    @api.depends("minutes_id", "number")
    def _compute_display_name(self):
        for line in self:
            line.display_name = self.env._(
                "%(minutes)s, item %(number)s", minutes=line.minutes_id.display_name, number=line.number
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Lines come from the sitting (UserError)."""
        if not is_guarded(self.env):
            raise UserError(self.env._("Items of the minutes come from the sitting, nobody adds them by hand."))
        return super().create(vals_list)

    def write(self, vals):
        """Change the wording of a corrected version that bears no signature yet; nothing else (UserError)."""
        if not is_guarded(self.env):
            self.minutes_id._check_keeper()
            for minutes in self.minutes_id:
                if not minutes.corrects_id or minutes.state != "draft" or minutes.frozen:
                    raise UserError(
                        self.env._(
                            "%s: what was signed stays as it was. Press “Correct the wording” for a new version.",
                            minutes.display_name,
                        )
                    )
            if vals.keys() - WORDING:
                raise UserError(
                    self.env._(
                        "A correction touches the wording only. What was decided changes by a new item at a new "
                        "meeting."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not is_guarded(self.env):
            raise UserError(self.env._("Items of the minutes are never deleted."))

    def _values(self, full=True):
        """Return the values of the line as the minutes and their hash show them.

        :param full: with what later releases added, though it is empty; the hash leaves it out then, so that what was
            signed before stays as signed
        """
        self.ensure_one()
        names = (
            "number",
            "title",
            "subject_name",
            "birth_date",
            "class_name",
            "curator",
            "called_for",
            "papers",
            "summary",
            "speeches",
            "excluded",
            "votes_for",
            "votes_against",
            "votes_abstained",
            "votes_text",
            "decision_label",
            "decision_text",
            "until",
            "assignments",
            "remark",
            "reprimand",
            "note",
        )
        values = {name: self[name] for name in names}
        if full or self.outcome_text:
            values["outcome_text"] = self.outcome_text
        return {
            **values,
            "item_id": self.item_id.id,
            "case_id": self.case_id.id,
            "kind_id": self.kind_id.id,
        }


class VshuAgendaItem(models.Model):
    _inherit = "vshu.agenda.item"

    def _minutes_values(self):
        """Return the item as a line of the minutes (KZ-13), in the language of the environment."""
        self.ensure_one()
        case, meeting = self.case_id, self.meeting_id
        student, family = case.student_id, case.family_id
        cls = student._vshu_class_on(meeting.date_day).get(student.id) if student else False
        decision = self._draft_decision() if case else self.env["vshu.decision"]
        accepted = {}
        for paper in (case if self.topic == "placement" else case.browse()).document_ids.filtered("absence_reason"):
            accepted.setdefault((paper.absence_reason, paper.absence_by_id.name), []).append(paper.display_name)
        # said once, with the papers that it stands for
        if self.no_papers_reason:
            accepted.setdefault((self.no_papers_reason, self.no_papers_by_id.name), [])
        papers = "\n".join(
            "; ".join(names)
            + (": " if names else "")
            + self.env._("%(reason)s (allowed by %(person)s)", reason=reason, person=person)
            for (reason, person), names in accepted.items()
        )
        topics = dict(self._fields["topic"]._description_selection(self.env))
        choices = dict(self.vote_ids._fields["choice"]._description_selection(self.env))
        curator = self.curator_id or case.curator_id
        return {
            "item_id": self.id,
            "case_id": case.id,
            "number": self.number,
            "title": topics[self.topic] if case else self.title,
            "subject_name": student.name or family.name,
            "birth_date": student.vshu_birth_date,
            "class_name": cls.name if cls else False,
            "curator": curator.name,
            "called_for": "\n".join((case.ground_id | case.extra_ground_ids).mapped("display_name")) or False,
            "papers": papers or False,
            "summary": self.summary,
            "speeches": "\n".join(f"{speech.participant_id.display_name}: {speech.text}" for speech in self.speech_ids)
            or False,
            "excluded": (
                ", ".join(self.excluded_ids.mapped("display_name")) + f" ({self.excluded_reason})"
                if self.excluded_ids
                else False
            ),
            "votes_for": self.total_for,
            "votes_against": self.total_against,
            "votes_abstained": self.total_abstained,
            "votes_text": (
                "; ".join(f"{v.participant_id.display_name}: {choices[v.choice].lower()}" for v in self.vote_ids)
                if self.vote_mode == "name"
                else False
            ),
            "outcome_text": self._outcome_words(),
            "kind_id": self.kind_id.id,
            "decision_label": self.kind_id.name,
            "decision_text": self.decision_text,
            "until": decision.watch_until if self.effect == "watch" else decision.date_end or self.next_date,
            "assignments": "\n".join(
                self.env._(
                    "%(task)s: %(person)s, by %(date)s",
                    task=line.name,
                    person=line.employee_id.name,
                    date=format_date(self.env, line.date_due),
                )
                for line in self.assignment_ids
            )
            or False,
            "remark": self.remark,
            "reprimand": self.reprimand,
            "note": self.note,
        }
