from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.states import OPEN_STATES, OVER_STATES
from ..regulation.vshu_ground import KINDS, SUBJECTS

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("watched", "Watched"),
    ("declined", "Not expedient"),
    ("active", "On the register"),
    ("removal_proposed", "Removal proposed"),
    ("closed", "Removed"),
    ("annulled", "Annulled"),
]


class VshuCase(models.Model):
    """One stay of a student or a family on register or control, from the submission to the removal."""

    _name = "vshu.case"
    _inherit = [
        "vshu.case.guards",
        "vshu.rule.mixin",
        "vshu.link.mixin",
        # before the thread: clocks make activities, which subscribe people, when the thread is there
        "vshu.deadline.mixin",
        "vshu.mail.mixin",
        "mail.activity.mixin",
        "vshu.case.rules",
        "vshu.case.checks",
        "vshu.case.flow",
        "vshu.case.effects",
        "vshu.case.conversion",
        "vshu.case.nightly",
        "vshu.case.readiness",
    ]
    _description = "Case"
    _order = "id desc"
    _check_company_auto = True

    _deadline_events = {
        "submitted": "date_received",
        "hearing": "hearing_date",
        "decided": "date_considered",
        "placed": "date_placed",
        "entered": "date_entered",
        "parents_informed": "date_parents_informed",
        "term_end": "date_end",
        "watch_end": "watch_until",
        "review_due": "review_date",
        "reviewed": "date_reviewed",
        "characteristic": "date_characteristic",
        "papers_ready": "date_papers_ready",
        "closed": "date_closed",
    }
    _deadline_planned = ("hearing", "term_end", "watch_end", "review_due")
    _deadline_papers = ("decided", "closed", "characteristic")
    _deadline_fields = ("state", "kind", "basis_id", "regulation_id")

    name = fields.Char(string="Reference", required=True, readonly=True, default="/", copy=False)
    company_id = fields.Many2one(
        "res.company", string="School", required=True, index=True, default=lambda self: self.env.company
    )
    regulation_id = fields.Many2one(
        "vshu.regulation",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_regulation(),
        help="The version that the case was placed under; it keeps it.",
    )
    kind = fields.Selection(KINDS, required=True, default="register")
    has_control = fields.Boolean(related="regulation_id.has_control")
    subject = fields.Selection(SUBJECTS, required=True, default="student")
    student_id = fields.Many2one(
        "res.partner", index=True, ondelete="restrict", domain="[('vshu_is_student', '=', True)]"
    )
    family_id = fields.Many2one("vshu.family", index=True, ondelete="restrict", check_company=True)
    class_id = fields.Many2one(related="student_id.vshu_class_id", string="Class")
    # with the reader's rights: a form can be filled with any id and asked for what follows from it
    age = fields.Integer(related="student_id.vshu_age", related_sudo=False)
    ground_id = fields.Many2one(
        "vshu.ground",
        index=True,
        ondelete="restrict",
        domain="[('regulation_id', '=', regulation_id), ('kind', '=', kind), ('subject', '=', subject)]",
    )
    extra_ground_ids = fields.Many2many(
        "vshu.ground",
        string="Further grounds",
        domain="[('regulation_id', '=', regulation_id), ('kind', '=', kind), ('subject', '=', subject)]",
    )
    ground_window = fields.Char(related="ground_id.window_text", string="Window of the ground")
    basis_id = fields.Many2one(
        "vshu.basis", index=True, ondelete="restrict", domain="[('regulation_id', '=', regulation_id)]"
    )
    intake_kind = fields.Selection(related="basis_id.intake_kind", store=True)
    route_ids = fields.Many2many(
        "vshu.route",
        compute="_compute_route_ids",
        compute_sudo=True,
        string="Possible routes",
        context={"active_test": False},
    )
    route_id = fields.Many2one("vshu.route", readonly=True, ondelete="restrict", copy=False)
    reason = fields.Text(string="What happened")
    measures_before = fields.Text(string="What was done before")
    signal_ids = fields.One2many("vshu.signal", "case_id", string="Signals", groups="vshu_registry.group_case_reader")
    assignment_ids = fields.One2many("vshu.assignment", "case_id", string="Assignments")
    state = fields.Selection(
        STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        group_expand="_group_expand_state",
    )
    submitter_id = fields.Many2one("hr.employee", string="Submitted by", check_company=True, ondelete="restrict")
    date_received = fields.Date(string="Submission received", readonly=True, copy=False)
    hearing_date = fields.Date(string="Council meets on", copy=False, help="Planned date of the council's meeting.")
    consent = fields.Boolean(string="Head consents", readonly=True, copy=False)
    consent_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    consent_date = fields.Date(readonly=True, copy=False)
    consent_needed = fields.Boolean(compute="_compute_route_ids", compute_sudo=True)
    decision_ids = fields.One2many("vshu.decision", "case_id", string="Decisions")
    placement_decision_id = fields.Many2one("vshu.decision", readonly=True, copy=False, ondelete="restrict")
    removal_decision_id = fields.Many2one("vshu.decision", readonly=True, copy=False, ondelete="restrict")
    date_decided = fields.Date(readonly=True, copy=False)
    date_considered = fields.Date(
        string="Considered on",
        readonly=True,
        copy=False,
        help="The day of the sitting, whenever its minutes are signed.",
    )
    year_id = fields.Many2one("vshu.school.year", readonly=True, copy=False, index=True, ondelete="restrict")
    number = fields.Integer(string="№", readonly=True, copy=False, aggregator=None)
    entry_id = fields.Many2one("vshu.journal.entry", compute="_compute_entry_id", string="Journal row")
    date_placed = fields.Date(string="Placed on", readonly=True, copy=False, index="btree_not_null")
    date_entered = fields.Date(string="Entered in the journal", readonly=True, copy=False)
    date_parents_informed = fields.Date(string="Parents informed", copy=False)
    curator_id = fields.Many2one("hr.employee", index=True, check_company=True, ondelete="restrict")
    curator_act_number = fields.Char(string="Act on the curator, number", copy=False)
    curator_act_date = fields.Date(string="Act on the curator, date", copy=False)
    term_ids = fields.One2many("vshu.case.term", "case_id", string="Periods", readonly=True)
    date_end = fields.Date(string="Term until", readonly=True, copy=False, index="btree_not_null")
    extension_count = fields.Integer(compute="_compute_extension_count")
    term_status = fields.Selection(
        [("running", "Running"), ("expiring", "Expiring"), ("over", "Over, undecided")], readonly=True, copy=False
    )
    review_date = fields.Date(string="Next review", copy=False)
    date_reviewed = fields.Date(string="Last review", copy=False)
    watch_until = fields.Date(readonly=True, copy=False)
    date_age_reached = fields.Date(
        string="Came of age on", readonly=True, copy=False, help="The case came up for it, once."
    )
    watch_result = fields.Text(copy=False)
    document_ids = fields.One2many("vshu.document", "case_id", string="Papers")
    papers_missing = fields.Integer(compute="_compute_papers_missing")
    date_papers_ready = fields.Date(readonly=True, copy=False)
    date_characteristic = fields.Date(string="Last characteristic", readonly=True, copy=False)
    removal_reason_id = fields.Many2one("vshu.removal.reason", readonly=True, copy=False, ondelete="restrict")
    removal_automatic = fields.Boolean(related="removal_reason_id.automatic")
    date_removed = fields.Date(string="Removed on", readonly=True, copy=False)
    date_closed = fields.Date(readonly=True, copy=False)
    transfer_state = fields.Selection(
        [
            ("to_send", "Record to be handed over"),
            ("sent", "Record handed over"),
            ("received", "Receipt confirmed"),
        ],
        string="Hand-over to the new school",
        readonly=True,
        copy=False,
        help="Where the pupil goes to another school, the record of the work goes with them.",
    )
    transfer_date_sent = fields.Date(string="Handed over on", readonly=True, copy=False)
    transfer_date_received = fields.Date(string="Receipt confirmed on", readonly=True, copy=False)
    previous_case_id = fields.Many2one(
        "vshu.case", string="Earlier stay", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    converted_from_id = fields.Many2one(
        "vshu.case", string="Moved from", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    repeated = fields.Boolean(compute="_compute_repeated", store=True, precompute=True)
    annulment_reason = fields.Text(readonly=True, copy=False)
    rights_text = fields.Text(related="regulation_id.rights_text")
    rights_clause = fields.Char(compute="_compute_rights_clause")

    _one_open_student = models.UniqueIndex(
        "(company_id, kind, student_id) WHERE student_id IS NOT NULL"
        " AND state IN ('draft', 'submitted', 'watched', 'active', 'removal_proposed')",
        "This student has an open case of this kind already. Open it and add to it instead of making another.",
    )
    _one_open_family = models.UniqueIndex(
        "(company_id, kind, family_id) WHERE family_id IS NOT NULL"
        " AND state IN ('draft', 'submitted', 'watched', 'active', 'removal_proposed')",
        "This family has an open case of this kind already. Open it and add to it instead of making another.",
    )
    _state_idx = models.Index("(company_id, state)")
    _one_subject = models.Constraint(
        "CHECK((subject = 'student' AND student_id IS NOT NULL AND family_id IS NULL)"
        " OR (subject = 'family' AND family_id IS NOT NULL AND student_id IS NULL))",
        "A case is about one student or one family: choose which.",
    )

    # -- computes --------------------------------------------------------------------------------------------------

    @api.model
    def _default_regulation(self):
        return self.env["vshu.regulation"]._on_date(self.env.company, self._vshu_today())

    @api.depends("regulation_id", "kind", "ground_id", "basis_id")
    def _compute_route_ids(self):
        for case in self:
            case.route_ids = routes = case._matching_routes()
            case.consent_needed = routes._facts()["consent"]

    @api.depends("number", "year_id", "name", "company_id")
    def _compute_display_name(self):
        schools = self.env["vshu.school"]
        patterns = {company.id: schools._number_pattern(company.id) for company in self.company_id}
        for case in self:
            year = self.env["vshu.school.year"]._name_of(case.year_id.id)
            if not case.number:
                case.display_name = case.name
                continue
            pattern = patterns.get(case.company_id.id) or "%(number)s"
            number = pattern % {"number": case.number, "year": year}
            case.display_name = (
                self.env._("№ %s", number)
                if "%(year)s" in pattern
                else self.env._("№ %(number)s (%(year)s)", number=number, year=year)
            )

    @api.depends("term_ids")
    def _compute_extension_count(self):
        for case in self:
            case.extension_count = len(case.term_ids.filtered(lambda term: term.kind == "extension"))

    @api.depends("document_ids.state")
    def _compute_papers_missing(self):
        counts = dict(
            self.env["vshu.document"]._read_group(
                [("case_id", "in", self.ids), ("state", "=", "missing"), ("need", "=", "required")],
                ["case_id"],
                ["__count"],
            )
        )
        for case in self:
            case.papers_missing = counts.get(case._origin, 0)

    def _compute_entry_id(self):
        entries = self.env["vshu.journal.entry"].search([("case_id", "in", self.ids)])
        by_case = {entry.case_id.id: entry for entry in entries}
        for case in self:
            case.entry_id = by_case.get(case.id, False)

    @api.depends("regulation_id")
    @api.depends_context("lang")
    def _compute_rights_clause(self):
        for case in self:
            case.rights_clause = self.env["vshu.regulation"]._clause_words(case.regulation_id.rights_clause)

    @api.depends("previous_case_id")
    def _compute_repeated(self):
        for case in self:
            case.repeated = bool(case.previous_case_id)

    @api.model
    def _group_expand_state(self, states, domain):
        """Columns of the kanban: the states of open cases always, the others where there is a card."""
        return [state for state, _label in STATES if state in OPEN_STATES or state in states]

    def _web_read_group_format(self, groupby, aggregates, groups):
        """Fold the columns of what is over: they grow every year, and the board is for what goes on."""
        result = super()._web_read_group_format(groupby, aggregates, groups)
        if tuple(groupby) == ("state",):
            for group in result:
                if group["state"] not in OPEN_STATES:
                    group["__fold"] = True
        return result

    # -- constraints -----------------------------------------------------------------------------------------------

    @api.constrains("curator_act_date", "date_parents_informed", "date_reviewed")
    def _check_no_future(self):
        for case in self:
            today = case.company_id._vshu_today()
            for name in ("curator_act_date", "date_parents_informed", "date_reviewed"):
                if case[name] and case[name] > today:
                    raise ValidationError(
                        self.env._(
                            "%(case)s: “%(field)s” lies in the future. Enter the day on which it was done.",
                            case=case.display_name,
                            field=case._fields[name]._description_string(self.env),
                        )
                    )
            if case.date_parents_informed and case.date_decided and case.date_parents_informed < case.date_decided:
                raise ValidationError(
                    self.env._(
                        "%s: the parents cannot have been informed of a decision before it was taken.",
                        case.display_name,
                    )
                )

    @api.constrains("date_placed", "date_removed", "date_end")
    def _check_order(self):
        for case in self:
            for name in ("date_removed", "date_end"):
                if case.date_placed and case[name] and case[name] < case.date_placed:
                    raise ValidationError(
                        self.env._(
                            "%(case)s: “%(field)s” (%(day)s) lies before the placement of %(placed)s. No stay ends "
                            "before it began.",
                            case=case.display_name,
                            field=case._fields[name]._description_string(self.env),
                            day=fields.Date.to_string(case[name]),
                            placed=fields.Date.to_string(case.date_placed),
                        )
                    )

    @api.constrains("ground_id", "extra_ground_ids", "basis_id", "regulation_id", "kind", "subject")
    def _check_catalogues(self):
        for case in self:
            for ground in case.ground_id | case.extra_ground_ids:
                if ground.regulation_id != case.regulation_id or (ground.kind, ground.subject) != (
                    case.kind,
                    case.subject,
                ):
                    raise ValidationError(
                        self.env._(
                            "%(case)s: “%(ground)s” is no ground for this kind of case in “%(regulation)s”.",
                            case=case.display_name,
                            ground=ground.display_name,
                            regulation=case.regulation_id.display_name,
                        )
                    )
            if case.basis_id and case.basis_id.regulation_id != case.regulation_id:
                raise ValidationError(
                    self.env._(
                        "%(case)s: “%(basis)s” does not belong to “%(regulation)s”.",
                        case=case.display_name,
                        basis=case.basis_id.display_name,
                        regulation=case.regulation_id.display_name,
                    )
                )

    def action_open(self):
        """Return an act_window on the case. Raises AccessError where the user may not read it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_open_entry(self):
        """Open the journal row of the case; the user's own rights on the journal apply. Returns an act_window.

        Raises AccessError where the user may not read the case or its row, UserError where there is none.
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: whether there is a row; the user's right on it is checked next
        entry = self.env["vshu.journal.entry"].sudo().search([("case_id", "=", self.id)]).with_env(self.env)
        if not entry:
            raise UserError(self.env._("%s is not in the journal yet.", self.display_name))
        entry.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "vshu.journal.entry",
            "res_id": entry.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_open_deadlines(self):
        """Open the deadlines of the case, those cancelled too. Returns an act_window; AccessError without the case."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deadlines"),
            "res_model": "vshu.deadline",
            "view_mode": "list,calendar,form",
            "views": [(False, "list"), (False, "calendar"), (False, "form")],
            "domain": [("case_id", "=", self.id)],
        }

    # -- clocks ----------------------------------------------------------------------------------------------------

    def _deadline_links(self):
        self.ensure_one()
        return {"case_id": self.id, "reference": self.display_name}

    def _deadline_over(self):
        return self.filtered(lambda case: case.state in OVER_STATES)

    def _deadline_documented(self, event):
        """A decision is a paper with its number and date; so is a characteristic of which the file holds the text."""
        if event == "decided":
            return self.filtered("placement_decision_id")
        if event == "closed":
            return self.filtered(lambda case: case.removal_decision_id or case.removal_reason_id.automatic)
        if event == "characteristic":
            return self.document_ids.filtered(
                lambda d: (
                    d.rated
                    and d.requirement_id.repeat_months
                    and d.date == d.case_id.date_characteristic
                    and (d.attachment_ids or d._forms())
                )
            ).case_id
        return super()._deadline_documented(event)

    def _deadline_role_users(self, role_code, date):
        empty = self.env["res.users"]
        if role_code == "curator":
            return {case.id: case.curator_id.filtered("active").user_id.filtered("active") or empty for case in self}
        if role_code == "class_teacher":
            classes = self._classes_on(date)
            teachers = self.env["vshu.class"].union(*classes.values())._teachers_on(date)
            # a family with children in several classes has several teachers, of whom the first answers
            return {
                case.id: self.env["hr.employee"]
                .union(*(teachers[cls.id] for cls in classes[case.id] if cls.id in teachers))
                .filtered("active")
                .user_id.filtered("active")[:1]
                for case in self
            }
        if role_code == "submitter":
            return {case.id: case.submitter_id.filtered("active").user_id.filtered("active") or empty for case in self}
        return super()._deadline_role_users(role_code, date)
