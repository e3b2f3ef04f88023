import ast

from odoo import fields, models
from odoo.tools import format_date


class VshuMeetingPapers(models.AbstractModel):
    """Papers that the regulation wants so many days before a meeting, and that are not there when it is convened
    (KZ-11)."""

    _name = "vshu.meeting.papers"
    _description = "Papers before a meeting"

    short_reason = fields.Text(string="Convened though papers were late, because", readonly=True, copy=False)
    short_by_id = fields.Many2one("res.users", string="Convened so by", readonly=True, copy=False)

    def _late_papers(self, day=None):
        """Return {item: (day on which its papers were due, the rule)} of the items on the agenda whose papers are
        missing though that day has passed, were the council to meet on ``day`` (by default the day of the meeting).

        The days are those of the regulation's clock that counts back from the meeting; without one nothing is late.
        """
        self.ensure_one()
        meeting = self.sudo()  # sudo: which papers are there, told by number to who convenes
        day = day or meeting.date_day
        items = meeting.item_ids.filtered(lambda item: item.state == "scheduled" and item.case_id.state == "submitted")
        if not items or not day:
            return {}
        rules = items.case_id.regulation_id.deadline_rule_ids.filtered(
            lambda rule: (rule.model, rule.event, rule.direction) == ("vshu.case", "hearing", "before")
        )
        school = meeting.env["vshu.school"]._for_company(meeting.company_id)
        today = school._today()
        pairs = [(rule, day) for rule in rules]
        late = {}
        for rule, due in zip(rules, school._due_dates(pairs), strict=True):
            if due >= today:
                continue
            domain = ast.literal_eval(rule.domain)
            for item in items:
                case = item.case_id
                if case.regulation_id == rule.regulation_id and case.filtered_domain(domain):
                    if case._paper_problems("hearing"):
                        late[item] = (due, rule)
        return late

    def _late_papers_refused(self, day=None):
        """Tell whether the regulation lets nobody convene the council while papers are late (KZ-11)."""
        self.ensure_one()
        facts = self.sudo().regulation_id._council_rule("notice")  # sudo: a catalogue
        return bool(facts.get("refuses") and self._late_papers(day))

    def _late_papers_text(self, day=None):
        """Return whose papers are missing, by number, and since when they are late; empty where none are (KZ-11)."""
        self.ensure_one()
        late = self._late_papers(day)
        if not late:
            return ""
        due, rule = min(late.values(), key=lambda pair: pair[0])
        return self.env._(
            "papers were due by %(date)s (%(clause)s) and are missing for: %(cases)s",
            date=format_date(self.env, due),
            clause=rule.clause_text or self.env._("school's practice"),
            cases=", ".join(item.case_id.display_name for item in late),
        )
