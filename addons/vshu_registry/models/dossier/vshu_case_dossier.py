from dateutil.relativedelta import relativedelta
from markupsafe import Markup
from odoo import api, fields, models

from ...tools.states import STAY_STATES

#: states of a kind of paper, the worst first
KIND_STATES = ("missing", "due", "ready", "asked", "absent", "not_needed")


class VshuCase(models.Model):
    """The dossier of the case: what of each kind of paper is there, due, missing; papers that come again."""

    _inherit = "vshu.case"

    papers_glance = fields.Html(compute="_compute_papers_glance", sanitize=False, string="Papers at a glance")

    # -- at a glance -----------------------------------------------------------------------------------------------

    @api.depends("document_ids.state", "document_ids.stage", "document_ids.need", "document_ids.date_due")
    def _compute_papers_glance(self):
        for case in self:
            # sudo: the reader of the case reads its papers; only how many of which state is told
            case.papers_glance = case.sudo()._papers_glance_html() if case._origin else False

    def _paper_kinds(self):
        """Return what the file holds by kinds, in the order of the regulation: a list of dicts.

        Each has stage (or False), clause, need, type (record), documents (all copies), ready (dates of those that
        are there), due (the next day) and state: missing, due, ready, asked (if needed, not there yet),
        absent (accepted that there is none), not_needed.
        Copies of a paper that comes again are one kind. Serves RU-5.4, KZ-11, KZ-19, RU-9.2, RU-9.3.
        """
        self.ensure_one()
        stages = [code for code, _label in self.env["vshu.document.requirement"]._fields["stage"].selection]
        kinds = {}
        for document in self.document_ids:
            kinds.setdefault((document.stage or "", document.requirement_id.id or -document.type_id.id), []).append(
                document
            )
        rows = []
        for (stage, _key), copies in kinds.items():
            waiting = [d for d in copies if d.state in ("missing", "due")]
            ready = [d for d in copies if d.state == "ready"]
            late = [d for d in waiting if d.state == "missing" and (not ready or d.date_due)]
            if any(d.need == "required" for d in late):
                state = "missing"
            elif ready:
                state = "ready"
            elif any(d.state == "due" and d.need == "required" for d in waiting):
                state = "due"
            elif waiting:
                state = "asked"
            elif any(d.state == "absent" for d in copies):
                state = "absent"
            else:
                state = "not_needed"
            rows.append(
                {
                    "stage": stage,
                    "clause": copies[0].clause or "",
                    "need": copies[0].need,
                    "type": copies[0].type_id,
                    "documents": copies,
                    "ready": sorted(d.date for d in ready),
                    "due": min((d.date_due for d in waiting if d.date_due), default=False),
                    "state": state,
                    "order": (stages.index(stage) if stage in stages else len(stages), copies[0].sequence),
                }
            )
        return sorted(rows, key=lambda row: row["order"])

    def _papers_glance_html(self):
        self.ensure_one()
        stages = dict(self.env["vshu.document.requirement"]._fields["stage"]._description_selection(self.env))
        kinds = self._paper_kinds()
        if not kinds:
            return False
        parts = {}
        for kind in kinds:
            parts.setdefault(stages.get(kind["stage"]) or self.env._("Further papers"), []).append(kind["state"])
        rows = list(parts.items())
        if len(rows) > 1:
            rows.insert(0, (self.env._("All papers"), [state for states in parts.values() for state in states]))
        return Markup("<div class='o_vshu_glance'>%s</div>") % Markup("").join(
            self._glance_line(label, states) for label, states in rows
        )

    def _glance_line(self, label, states):
        """Return one line: how many kinds are there, a bar, what is missing or awaited."""
        count = {state: states.count(state) for state in KIND_STATES}
        total = len(states) - count["asked"] - count["not_needed"] - count["absent"]
        words = {
            "missing": ("text-bg-danger", self.env._("missing: %s", count["missing"])),
            "due": ("text-bg-warning", self.env._("expected: %s", count["due"])),
            "asked": ("text-bg-light border", self.env._("if needed: %s", count["asked"])),
            "absent": ("text-bg-light border", self.env._("accepted that there is none: %s", count["absent"])),
            "not_needed": ("text-bg-light border", self.env._("not needed: %s", count["not_needed"])),
        }
        badges = Markup(" ").join(
            Markup("<span class='badge rounded-pill %s'>%s</span>") % words[state] for state in words if count[state]
        )
        share = round(100 * count["ready"] / total) if total else 100
        return Markup(
            "<div class='d-flex flex-wrap align-items-center gap-2 mb-1'>"
            "<span style='min-width: 11rem'>%s</span>"
            "<div class='progress flex-grow-1' style='min-width: 6rem; max-width: 16rem; height: .6rem'>"
            "<div class='progress-bar bg-success' style='width: %s%%'></div></div>"
            "<span>%s</span> %s</div>"
        ) % (label, share, self.env._("there: %(ready)s of %(total)s", ready=count["ready"], total=total), badges)

    def action_open_papers(self):
        """Open the papers of the case as a list. Returns an act_window; AccessError without the case."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_registry.action_vshu_document")
        return dict(
            action,
            domain=[("case_id", "=", self.id)],
            context={"default_case_id": self.id, "search_default_group_stage": 1},
        )

    # -- days and copies -------------------------------------------------------------------------------------------

    def _date_papers(self, stage):
        """Papers of the hearing are due with its clock, the first copy of some periodic ones later (KZ-11, RU-5.4).
        Called when the papers of ``stage`` were put on the lists."""
        if stage == "hearing":
            self._date_hearing_papers()
        elif stage == "dossier":
            self._date_first_copies()

    def _deadline_sync(self):
        """The papers of the hearing move with its clock (KZ-11)."""
        res = super()._deadline_sync()
        # sudo: days kept by the system
        self.sudo().filtered(lambda case: case.state == "submitted")._date_hearing_papers()
        return res

    def _date_hearing_papers(self):
        """Write on the papers of the hearing until when the clock wants them."""
        waiting = self.document_ids.filtered(lambda d: d.stage == "hearing" and d.state in ("missing", "due"))
        if not waiting:
            return
        clocks = self.env["vshu.deadline"].search(
            [
                ("case_id", "in", waiting.case_id.ids),
                ("met_event", "=", "papers_ready"),
                ("state", "in", ("open", "overdue")),
            ]
        )
        days = {clock.case_id.id: clock.date_due for clock in clocks}
        self._write_days({document: days.get(document.case_id.id) for document in waiting})

    def _date_first_copies(self):
        """Write on the first copies of periodic papers when they are due, counted from the placement."""
        days = {}
        for document in self.document_ids:
            months = document.requirement_id.first_months
            placed = document.case_id.date_placed
            if months and placed and not document.date_due and document.state == "missing":
                days[document] = placed + relativedelta(months=months)
        self._write_days(days)

    @api.model
    def _write_days(self, days):
        """Write {document: day}, one write a day."""
        groups = {}
        for document, day in days.items():
            if document.date_due != (day or False):
                groups.setdefault(day or False, self.env["vshu.document"])
                groups[day or False] |= document
        for day, documents in groups.items():
            documents.write({"date_due": day})

    def _renew_papers(self):
        """Keep one next copy of each periodic paper on the list, due so many months after the last one (RU-5.4)."""
        days, spare, vals_list = {}, self.env["vshu.document"], []
        for case in self.filtered(lambda c: c.state in STAY_STATES):
            periodic = case.document_ids.filtered(lambda d: d.requirement_id.repeat_months)
            for requirement, copies in periodic.grouped("requirement_id").items():
                waiting = copies.filtered(lambda d: d.state in ("missing", "due")).sorted("id")
                # a copy taken back leaves two: the empty one that it had brought up goes
                spare |= waiting[1:].filtered(lambda d: not d.date and not d.attachment_ids and not d._forms())
                ready = copies.filtered(lambda d: d.state == "ready").sorted("date")[-1:]
                if ready and waiting:
                    days[waiting[0]] = ready.date + relativedelta(months=requirement.repeat_months)
                else:
                    vals_list += ready._renewals()
        spare.unlink()
        self._write_days(days)
        if vals_list:
            # what is there now does not wait any more, before another copy waits for the same day
            self.env["vshu.document"].flush_model(["state"])
            self.env["vshu.document"].create(vals_list)
