from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import guarded


class VshuAgendaPapers(models.AbstractModel):
    """The papers of an item: what is there three days before, what is missing, the one-sheet of the case (KZ-11)."""

    _name = "vshu.agenda.papers"
    _description = "Papers of an item"

    papers_ok = fields.Boolean(string="Papers are there", compute="_compute_papers", search="_search_papers_ok")
    papers_text = fields.Text(string="Papers that are missing", compute="_compute_papers")
    papers_due = fields.Date(string="Papers by", compute="_compute_papers_due")
    no_papers_reason = fields.Text(string="Heard without the papers, because", readonly=True, copy=False)
    no_papers_by_id = fields.Many2one("res.users", string="Allowed by", readonly=True, copy=False)
    no_papers_date = fields.Date(string="Allowed on", readonly=True, copy=False)
    sheet = fields.Html(string="The case on one sheet", compute="_compute_sheet", sanitize=False)
    can_allow = fields.Boolean(compute="_compute_can_allow", export_string_translation=False)

    def _heard_items(self):
        """Return the items of which more is told than their own fields: of a case that the user reads, or as they are
        stored for a reader of the item. A form can be filled with any id and asked for what follows from it."""
        if self.env.su:
            return self
        readable = self._origin._filtered_access("read")
        # sudo: which case the item is about, only compared
        cases = {item.id: item.case_id for item in readable.sudo()}
        return self.filtered(
            lambda item: (
                (item._origin.id in cases and cases[item._origin.id] == item.sudo().case_id._origin)
                or item.case_id._origin.has_access("read")
            )
        )

    @api.depends("case_id", "topic", "kind_id", "case_id.document_ids.state")
    def _compute_papers(self):
        heard = self._heard_items()
        for item in self:
            # sudo: the reader of the item is told which papers are missing, nothing of their content
            missing = item.sudo()._missing_papers() if item in heard else []
            item.papers_ok = not missing
            item.papers_text = "\n".join(f"• {line}" for line in missing) or False

    def _missing_papers(self):
        """Return a line for each paper that the regulation asks for before the hearing and that is missing (KZ-11,
        KZ-19, RU-9.2, RU-9.3)."""
        self.ensure_one()
        case = self.case_id
        if not case:
            return []
        return [text for _case, _requirement, text in self._missing_requirements()]

    def _missing_requirements(self):
        """Return [(case, requirement, what is wrong)] of the papers that the council does not have; a move to the other
        kind needs those of the new stay too."""
        self.ensure_one()
        case = self.case_id
        wanted = []
        if self.topic == "placement":
            wanted = [(case, "hearing", None), (case, "placement", None)]
        elif self.topic == "removal":
            wanted = [(case, "removal", case.proposed_reason_id)]
        if self.effect == "convert" and case:
            target = case._conversion_target(self.target_kind)
            wanted += [(target, stage, None) for stage in ("hearing", "placement") if target]
        return [
            (of, requirement, text)
            for of, stage, reason in wanted
            for requirement, text in of._missing_requirements(stage, reason)
        ]

    def _must_be_there(self):
        """Return the missing papers for which no reason stands: a decision without them would be refused again."""
        self.ensure_one()
        return [
            text
            for _case, requirement, text in self._missing_requirements()
            if requirement.stage != "hearing" and not requirement._facts()["absence_role"]
        ]

    def _search_papers_ok(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        open_items = self.search([("state", "in", ("waiting", "scheduled")), ("case_id", "!=", False)])
        lacking = open_items.filtered(lambda item: not item.papers_ok)
        wanted = (True in value) == (operator == "in")
        return [("id", "not in" if wanted else "in", lacking.ids)]

    @api.depends("meeting_id.date_day", "case_id")
    def _compute_papers_due(self):
        clocks = (
            self.env["vshu.deadline"]
            .sudo()  # sudo: by when papers are due, for the reader of the item
            .search(
                [
                    ("case_id", "in", self.sudo().case_id.ids),
                    ("met_event", "=", "papers_ready"),
                    ("state", "in", ("open", "overdue")),
                ]
            )
        )
        days = {clock.case_id.id: clock.date_due for clock in clocks}
        heard = self._heard_items()
        for item in self:
            # sudo: see above
            item.papers_due = item in heard and days.get(item.sudo().case_id._origin.id, False)

    # -- hearing without papers ------------------------------------------------------------------------------------

    @api.depends_context("uid")
    @api.depends("papers_ok", "state", "meeting_id.presiding_id", "excluded_ids")
    def _compute_can_allow(self):
        for item in self:
            sudo_item = item.sudo()  # sudo: whether it is the user who presides, and decides here
            presides = (sudo_item.meeting_id.presiding_id - sudo_item.excluded_ids).user_id
            item.can_allow = (
                item.state == "scheduled"
                and not item.papers_ok
                and (not item.no_papers_reason or sudo_item._papers_by_interested())
                and item.meeting_id.state == "sitting"
                and (self.env.su or presides == self.env.user)
            )

    def action_allow_without_papers(self):
        """Ask whoever presides for the reason why the item is heard without its papers (KZ-11). Returns the dialog."""
        self.ensure_one()
        self._check_allow()
        return self.env["vshu.council.reason"]._open("allow", item_id=self.id)

    def _check_allow(self):
        self.ensure_one()
        self.check_access("read")
        meeting = self.meeting_id
        if meeting.state != "sitting" or self.state != "scheduled":
            raise UserError(
                self.env._("%s: this is settled while the council sits, before the item is decided.", self.display_name)
            )
        if self.papers_ok:
            raise UserError(self.env._("%s: all papers are there.", self.display_name))
        refused = self.sudo()._must_be_there()  # sudo: which papers are missing, for who decides on them
        if refused:
            raise UserError(
                self.env._(
                    "%(item)s: these papers must be there, no reason stands for them:\n%(papers)s",
                    item=self.display_name,
                    papers="\n".join(f"• {line}" for line in refused),
                )
            )
        if not self.env.su and meeting.sudo().presiding_id.user_id != self.env.user:  # sudo: who presides
            raise AccessError(
                self.env._(
                    "%(item)s: whoever presides lets it be heard without its papers (%(clause)s).",
                    item=self.display_name,
                    clause=meeting.sudo().regulation_id._council_clause("papers"),
                )
            )

        if meeting.sudo().presiding_id in self.sudo().excluded_ids:  # sudo: who presides, and does not vote
            raise UserError(self._interested_text())

    def _papers_by_interested(self):
        """Return the member who waived the papers and is kept from the vote; mostly nobody."""
        self.ensure_one()
        return self.excluded_ids.filtered(lambda person: person.user_id and person.user_id == self.no_papers_by_id)

    def _interested_text(self):
        self.ensure_one()
        return self.env._(
            "%(item)s: %(person)s does not vote on it, so does not decide on its papers. Let somebody else preside "
            "over this item",
            item=self.display_name,
            person=self.sudo().meeting_id.presiding_id.display_name,  # sudo: a colleague
        )

    def _allow_without_papers(self, reason):
        """Let the item be heard without its papers; the reason goes into the minutes. For whoever presides (KZ-11).

        Raises AccessError for anyone else, UserError without a reason.
        """
        self._check_allow()
        if not (reason or "").strip():
            raise UserError(self.env._("%s: write why it is heard without its papers.", self.display_name))
        guarded(self.sudo()).write(  # sudo: right and state were checked for this very item
            {
                "no_papers_reason": reason,
                "no_papers_by_id": self.env.uid,
                "no_papers_date": self._vshu_today(),
            }
        )
        # accepted once: what the regulation wants "where there is one" is not asked for again by the decision
        for case, requirement, _text in self.sudo()._missing_requirements():  # sudo: see above
            if requirement._facts()["absence_role"]:
                papers = case.document_ids.filtered(lambda d, r=requirement: d.requirement_id == r)
                papers.filtered(lambda d: d.state in ("missing", "due")).with_env(self.env)._note_absence(reason)
        return True

    def _papers_problems(self):
        """Return what keeps the item from being decided for want of papers (KZ-11)."""
        self.ensure_one()
        rule = self.meeting_id.regulation_id._council_rule("papers")
        missing = self._missing_papers()
        if not missing or not rule:
            return []
        if self.no_papers_reason:
            # an interest may come up after the papers were waived
            interested = self._papers_by_interested()
            return (
                [
                    self.env._(
                        "%s let it be heard without its papers and does not vote on it: whoever presides then "
                        "settles it",
                        interested[0].display_name,
                    )
                ]
                if interested
                else []
            )
        return [
            self.env._(
                "papers are missing; whoever presides writes why it is heard without them (%(clause)s): %(papers)s",
                clause=self.meeting_id.regulation_id._council_clause("papers"),
                papers="; ".join(missing),
            )
        ]

    # -- the sheet -------------------------------------------------------------------------------------------------

    def _compute_sheet(self):
        heard = self._heard_items()
        for item in self:
            # sudo: who may read the item hears the case; sealed papers are no part of it
            item.sheet = item.sudo()._sheet_html() if item.case_id and item._origin and item in heard else False

    def _sheet_rows(self):
        """Return what the council must know of the case: a list of (heading, text). Other addons add their rows."""
        self.ensure_one()
        case = self.case_id
        env = self.env

        def day(date):
            return format_date(env, date) if date else ""

        grounds = case.ground_id | case.extra_ground_ids
        rows = [
            (env._("Ground"), "; ".join(f"{g.name} ({g.clause_text})" if g.clause else g.name for g in grounds)),
            (env._("Within the window of the ground"), case.window_facts),
            (env._("Basis"), case.basis_id.name),
            (env._("What happened"), case.reason),
            (env._("What was done before"), case.measures_before),
            (env._("Submission received"), " · ".join(filter(None, [day(case.date_received), case.submitter_id.name]))),
        ]
        if case.date_placed:
            term = " – ".join(filter(None, [day(case.date_placed), day(case.date_end)]))
            rows += [
                (env._("On the register"), term),
                (env._("Extended"), env._("%s times", case.extension_count) if case.extension_count else ""),
                (env._("Curator"), case.curator_id.name),
                (env._("Reason proposed"), case.proposed_reason_id.name),
            ]
        earlier = case.decision_ids.filtered(lambda d: d.state == "done").sorted("date")
        rows.append((env._("Decided before"), "\n".join(f"{day(d.date)}: {d.kind_id.name}" for d in earlier[-5:])))
        late = env["vshu.deadline"].search_count([("case_id", "=", case.id), ("state", "=", "overdue")])
        rows.append((env._("Overdue"), env._("%s deadlines", late) if late else ""))
        return rows

    def _sheet_html(self):
        self.ensure_one()
        rows = [row for row in self._sheet_rows() if row[1]]
        body = Markup("").join(
            Markup(
                "<tr><th class='text-muted fw-normal pe-3 align-top'>%s</th>"
                "<td style='white-space: pre-line'>%s</td></tr>"
            )
            % row
            for row in rows
        )
        return Markup("<table class='table table-sm mb-2'>%s</table>%s") % (body, self.case_id.papers_glance or "")
