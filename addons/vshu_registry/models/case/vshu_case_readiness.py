from markupsafe import Markup
from odoo import api, fields, models

from ...tools.states import STAY_STATES


class VshuCaseReadiness(models.AbstractModel):
    """What speaks for a removal and what is missing yet. Other addons add their lines."""

    _name = "vshu.case.readiness"
    _description = "Removal readiness of a case"

    readiness = fields.Html(compute="_compute_readiness", string="Removal readiness", sanitize=False)
    near_end = fields.Boolean(
        compute="_compute_near_end", help="The removal is proposed, or the term is about to end or over."
    )

    @api.depends("state", "term_status")
    def _compute_near_end(self):
        for case in self:
            case.near_end = case.state == "removal_proposed" or (
                case.state == "active" and case.term_status in ("expiring", "over")
            )

    @api.depends_context("vshu_readiness")
    @api.depends("near_end")
    def _compute_readiness(self):
        """Make the list where the end is near; else only where it is asked for, since it reads the whole file."""
        marks = {True: "fa-check text-success", False: "fa-times text-danger", None: "fa-question text-muted"}
        asked = self.env.context.get("vshu_readiness")
        words = self.env["vshu.regulation"]._clause_words
        for case in self:
            if case.state not in STAY_STATES or not case.id or not (asked or case.near_end):
                case.readiness = False
                continue
            # sudo: the caller reads the case; the list names papers, not their content
            case.readiness = Markup("<ul class='list-unstyled'>%s</ul>") % Markup("").join(
                Markup("<li><i class='fa fa-fw %s'></i> %s <span class='text-muted'>%s</span></li>")
                % (marks[line["ok"]], line["label"], words(line["clause"]))
                for line in case.sudo()._removal_readiness()
            )

    def action_open_readiness(self):
        """Show what speaks for a removal and what is missing yet (KZ-19, RU-7.1, RU-9.3).

        Returns an act_window of a dialog. Raises AccessError where the user may not read the case.
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Removal readiness"),
            "res_model": "vshu.case",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("vshu_registry.view_vshu_case_readiness_form").id, "form")],
            "target": "new",
            "context": {"vshu_readiness": True},
        }

    def _removal_readiness(self):
        """Return the checklist of the case: a list of dicts {code, label, ok, clause}. Other addons add their lines.

        ``ok`` is True, False, or None where it is for people to judge (KZ-19, RU-7.1, RU-9.3).
        """
        self.ensure_one()
        lines = []
        reasons = self._allowed_removal_reasons()
        reason = self.proposed_reason_id or reasons.browse(reasons._improved_ids()[:1])
        for requirement in self._requirements("removal", reason):
            facts = requirement._facts()
            papers = self.document_ids.filtered(
                lambda d, type_id=facts["type_id"]: (
                    d.type_id.id == type_id
                    and d.state == "ready"
                    and (not self.date_placed or d.date >= self.date_placed)
                )
            )
            ok = bool(papers) and (not facts["positive"] or papers.sorted("date")[-1].rating == "positive")
            lines.append(
                {
                    "code": f"paper_{facts['code']}",
                    "label": requirement.display_name,
                    "ok": ok if facts["need"] == "required" else ok or None,
                    "clause": facts["clause"],
                }
            )
        # clocks of its assignments, notices and letters too
        late = self.env["vshu.deadline"].search_count([("case_id", "=", self.id), ("state", "=", "overdue")], limit=1)
        lines.append(
            {
                "code": "no_overdue",
                "label": self.env._("No overdue deadline of the case"),
                "ok": not late,
                "clause": "",
            }
        )
        open_assignments = self.assignment_ids.filtered(lambda a: a.state == "open")
        lines.append(
            {
                "code": "assignments",
                "label": self.env._("Assignments of the decree are done"),
                "ok": not open_assignments,
                "clause": self.env["vshu.assignment"]._clause_of(self.regulation_id) if open_assignments else "",
            }
        )
        fresh = self.date_placed and self.signal_ids.filtered(lambda s: s.date_received > self.date_placed)
        lines.append(
            {
                "code": "no_new_signal",
                "label": self.env._("No new signal since the placement"),
                "ok": not fresh,
                "clause": "",
            }
        )
        return lines
