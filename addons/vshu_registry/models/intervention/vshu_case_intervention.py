from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

from ...tools.readable_fields import ReadableOne2many
from ...tools.states import OVER_STATES

#: how many entries a letter to an outside body tells of: it is drafted, not a report
LETTER_ENTRIES = 15


class VshuCase(models.Model):
    """The work done in a case: who reads the case reads all of it, so its figures are kept on the case."""

    _name = "vshu.case"
    _inherit = ["vshu.case", "vshu.paper.mixin"]

    intervention_ids = ReadableOne2many(
        "vshu.intervention", "case_id", string="Preventive work", groups="vshu_registry.group_case_reader"
    )
    # stored: opening a case asks the database for none of them
    intervention_count = fields.Integer(
        string="Entries", compute="_compute_intervention_count", store=True, precompute=True, copy=False
    )
    intervention_positive = fields.Integer(
        string="Positive entries", compute="_compute_intervention_count", store=True, precompute=True, copy=False
    )
    intervention_concern = fields.Integer(
        string="Entries with concern", compute="_compute_intervention_count", store=True, precompute=True, copy=False
    )

    @api.depends("intervention_ids.tone", "intervention_ids.annulled")
    def _compute_intervention_count(self):
        cases = self.filtered(lambda case: isinstance(case.id, int))
        counts = {}
        if cases:
            rows = self.env["vshu.intervention"]._read_group(
                [("case_id", "in", cases.ids), ("annulled", "=", False)], ["case_id", "tone"], ["__count"]
            )
            for case, tone, number in rows:
                counts.setdefault(case.id, {})[tone] = number
        for case in self:
            found = counts.get(case.id, {})
            case.intervention_count = sum(found.values())
            case.intervention_positive = found.get("positive", 0)
            case.intervention_concern = found.get("concern", 0)

    def _intervention_lines(self):
        """Return the talks, visits and other work of the case, the latest ones, as lines for a letter."""
        self.ensure_one()
        lines = []
        entries = self.intervention_ids.filtered(lambda entry: not entry.annulled).sorted("date")[-LETTER_ENTRIES:]
        for entry in entries:
            lines.append(
                self.env._(
                    "%(date)s: %(what)s: %(text)s",
                    date=format_date(self.env, entry._day()),
                    what=entry.kind_id.display_name,
                    text=" ".join((entry.result or entry.text or "").split()),
                )
            )
        return lines

    def action_interventions(self):
        """Open what was done in the case, newest first. Returns an act_window; AccessError without the case."""
        self.ensure_one()
        self.check_access("read")
        return self.env["vshu.intervention"]._timeline(
            [("case_shown_id", "=", self.id)], self._intervention_context(), self.env._("Preventive work")
        )

    def action_log_intervention(self):
        """Open the quick dialog for an entry in the case (RU-5.4). Returns an act_window.

        Raises AccessError without the case, UserError where the case is over: an entry then goes to the child.
        """
        self.ensure_one()
        self.check_access("read")
        if self.state in OVER_STATES:
            raise UserError(
                self.env._("%s is over. Write the entry on the form of the student or the family.", self.display_name)
            )
        return self.env["vshu.intervention"]._quick(
            student=self.student_id, family=self.family_id, company=self.company_id, case=self
        )

    def _work_sheet(self):
        """Return what the printed record of the work done says: the entries that the reader may read, oldest first."""
        self.ensure_one()
        entries = self.env["vshu.intervention"].search(
            [("case_shown_id", "=", self.id), ("annulled", "=", False)], order="date, id"
        )
        school = self._paper_school()
        return {
            "subject": self.student_id.name or self.family_id.display_name,
            "case": self.display_name,
            "curator": self.curator_id.sudo().name or "",  # sudo: the name of a colleague
            "rows": [
                {
                    "date": format_datetime(self.env, entry.date, tz=school.tz, dt_format="short"),
                    "kind": entry.kind_id.display_name,
                    "text": entry.text,
                    "result": entry.result,
                    "who": entry.employee_id.sudo().name or "",  # sudo: see above
                }
                for entry in entries
            ],
            "positive": len(entries.filtered(lambda e: e.tone == "positive")),
            "signer": school.keeper_id.name or "",
            "today": self._paper_date(self._vshu_today()),
        }

    def _intervention_context(self):
        self.ensure_one()
        return {
            "default_student_id": self.student_id.id,
            "default_family_id": self.family_id.id,
            "default_company_id": self.company_id.id,
            "vshu_case_id": self.id,
        }


class VshuDeadline(models.Model):
    _inherit = "vshu.deadline"

    def action_log_intervention(self):
        """Open the quick dialog for the case that the clock runs on, from *Today*. Returns an act_window.

        Raises UserError where the clock runs on no case, and as the case's own action does.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.case_id:
            raise UserError(self.env._("%s: there is no case yet to write an entry in.", self.display_name))
        return self.case_id.action_log_intervention()
