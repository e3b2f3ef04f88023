from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import is_guarded
from odoo.addons.vshu_registry.tools.states import OVER_STATES

STATES = [
    ("draft", "Draft"),
    ("in_force", "In force"),
    ("replaced", "Replaced by a new version"),
    ("closed", "Closed"),
    ("dropped", "Not needed"),
]


class VshuPlan(models.Model):
    """The individual plan of prevention work (ИППР) of a case, one version of it (KZ-12, KZ-14, KZ-15, RU-5.4, RU-7).

    Drafted from templates by the grounds, approved by the council or by a typed paper, carried out measure by measure,
    reviewed each quarter. What was approved stays as it is: a change is a new version.
    """

    _name = "vshu.plan"
    _inherit = [
        "vshu.guard.mixin",
        "vshu.rule.mixin",
        "vshu.link.mixin",
        "vshu.paper.mixin",
        "vshu.mail.mixin",
        "mail.activity.mixin",
        "vshu.plan.draft",
        "vshu.plan.flow",
        "vshu.plan.open",
        "vshu.plan.progress",
    ]
    _description = "Individual plan"
    _order = "id desc"
    _check_company_auto = True
    _progress_field = "root_id"

    _guarded_fields = {
        "state": "draft",
        "version": 1,
        "previous_id": False,
        "change_reason": False,
        "changes": False,
        "date_approved": False,
        "approved_by_id": False,
        "agenda_item_id": False,
        "date_closed": False,
        "close_reason": False,
        "over_told": False,
    }

    case_id = fields.Many2one("vshu.case", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True, string="School")
    # with the reader's rights: a form can be filled with any id and asked for what follows from it
    student_id = fields.Many2one(related="case_id.student_id", related_sudo=False)
    family_id = fields.Many2one(related="case_id.family_id", related_sudo=False)
    class_id = fields.Many2one(related="case_id.class_id", related_sudo=False)
    curator_id = fields.Many2one(related="case_id.curator_id", related_sudo=False)
    ground_id = fields.Many2one(related="case_id.ground_id", related_sudo=False)
    case_state = fields.Selection(
        related="case_id.state", string="State of the case", related_sudo=False, tracking=False
    )
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, index=True, tracking=True
    )
    version = fields.Integer(default=1, required=True, readonly=True, copy=False, aggregator=None)
    previous_id = fields.Many2one(
        "vshu.plan", string="Version before", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    next_ids = fields.One2many("vshu.plan", "previous_id", string="Next versions")
    root_id = fields.Many2one(
        "vshu.plan",
        string="First version",
        compute="_compute_root_id",
        store=True,
        recursive=True,
        index=True,
        ondelete="cascade",
    )
    change_reason = fields.Text(string="Why it changes", readonly=True, copy=False)
    changes = fields.Text(string="What changed", readonly=True, copy=False)
    lang = fields.Selection(
        "_get_langs",
        string="Language",
        required=True,
        compute="_compute_lang",
        store=True,
        precompute=True,
        readonly=False,
        help="The language that its goals and measures are written in; it is printed in it.",
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until", required=True)
    template_ids = fields.Many2many(
        "vshu.plan.template",
        string="Templates",
        check_company=True,
        help="Drafted from these; choose more and press “Fill in”.",
    )
    goal_ids = fields.One2many("vshu.plan.goal", "plan_id", string="Goals", copy=True)
    measure_ids = fields.One2many("vshu.plan.measure", "plan_id", string="Measures of this version", copy=True)
    task_ids = fields.One2many("vshu.plan.task", "plan_id", string="Occurrences", readonly=True)
    approval_number = fields.Char(
        string="Approved by, number",
        copy=False,
        help="Number of the minutes or order, where the council is not kept here.",
    )
    approval_date = fields.Date(string="Approved by, date", copy=False)
    date_approved = fields.Date(string="Approved on", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    agenda_item_id = fields.Many2one(
        "vshu.agenda.item",
        string="Item of the council",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    date_closed = fields.Date(string="Ended on", readonly=True, copy=False)
    close_reason = fields.Text(string="Why it ended", readonly=True, copy=False)
    over_told = fields.Boolean(readonly=True, copy=False, help="The curator has heard that its last day has passed.")
    notice_ids = fields.One2many("vshu.notice", "plan_id", string="The parents' copy", readonly=True)
    copy_text = fields.Char(string="Copy for the parents", compute="_compute_copy_text")
    refused = fields.Boolean(string="The parents refuse help", compute="_compute_refused", compute_sudo=True)
    review_count = fields.Integer(string="Reviews", compute="_compute_review_count")

    _one_in_force = models.UniqueIndex(
        "(case_id) WHERE state = 'in_force'",
        "This case has a plan in force already: change that one, or close it first.",
    )
    _one_draft = models.UniqueIndex(
        "(case_id) WHERE state = 'draft'", "This case has a draft of a plan already: go on with that one."
    )
    _dates_order = models.Constraint(
        "CHECK(date_to >= date_from)", "The last day of the plan cannot come before the first."
    )

    @api.model
    def _get_langs(self):
        return self.env["res.lang"].get_installed()

    # -- computes ----------------------------------------------------------------------------------------------------

    @api.depends("case_id")
    def _compute_lang(self):
        """The writer's language where the school's papers are made in it, else the school's first one."""
        for plan in self:
            plan.lang = plan.lang or (plan.case_id._paper_lang_of_reader() if plan.case_id else self.env.lang)

    @api.depends("previous_id.root_id")
    def _compute_root_id(self):
        for plan in self:
            plan.root_id = plan.previous_id.root_id or plan._origin or plan

    @api.depends_context("lang")
    @api.depends("case_id", "version")
    def _compute_display_name(self):
        """The number of the case and the version, never a name."""
        for plan in self:
            # sudo: the number of the case, which tells nothing of the child; nothing else of it gets into the cache
            case = plan.sudo().case_id.with_context(prefetch_fields=False)
            if not case:
                plan.display_name = False  # the client then says “New”
            elif plan.version > 1:
                plan.display_name = self.env._(
                    "Plan, case %(case)s, version %(version)s", case=case.display_name, version=plan.version
                )
            else:
                plan.display_name = self.env._("Plan, case %s", case.display_name)

    @api.depends_context("lang")
    @api.depends("notice_ids.state")
    def _compute_copy_text(self):
        for plan in self:
            # sudo: who reads the plan reads whether the copy was given; of what is stored, not of a form's own lines
            plan.copy_text = plan._origin.sudo()._copy_words() if plan._origin else False

    def _copy_words(self):
        """Return how the parents' copy was handed over: when, acknowledged, refused, or that it waits (KZ-14)."""
        self.ensure_one()
        states = dict(self.notice_ids._fields["state"]._description_selection(self.env))
        words = []
        for notice in self.notice_ids:
            day = notice.date_refused or notice.date_acknowledged or notice.date_sent
            words.append(f"{states[notice.state]} {format_date(self.env, day)}" if day else states[notice.state])
        return "; ".join(words) or False

    def _compute_refused(self):
        for plan in self:
            # of what is stored: a form can be filled with any case
            plan.refused = bool(plan._origin and plan._origin.case_id._help_refused())

    @api.depends_context("uid")
    def _compute_review_count(self):
        counts = dict(
            self.env["vshu.plan.review"]._read_group([("case_id", "in", self.case_id.ids)], ["case_id"], ["__count"])
        )
        for plan in self:
            plan.review_count = counts.get(plan.case_id._origin, 0)

    # -- constraints, CRUD -------------------------------------------------------------------------------------------

    @api.constrains("date_from", "date_to", "case_id")
    def _check_days(self):
        for plan in self:
            placed = plan.case_id.date_placed
            if placed and plan.date_to < placed:
                raise ValidationError(
                    self.env._(
                        "%(plan)s ends before the child was placed (%(date)s).",
                        plan=plan.display_name,
                        date=fields.Date.to_string(placed),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Draft plans: curator and office (AccessError), for a case that is not over (UserError)."""
        self = self._guard_create(vals_list)
        # what is a draft no more is none, before the next draft of the case comes
        self.flush_model(["state"])
        plans = super().create(vals_list)
        if not is_guarded(self.env):
            for plan in plans:
                if plan.sudo().case_id.state in OVER_STATES:  # sudo: its state
                    raise UserError(self.env._("The case is over and stays as it is."))
                running = plan.sudo().search(  # sudo: that there is one
                    [("case_id", "=", plan.case_id.id), ("state", "=", "in_force")], limit=1
                )
                if running:
                    raise UserError(
                        self.env._(
                            "%(plan)s is in force: press “Change the plan” there, two plans for a case would "
                            "contradict each other.",
                            plan=running.display_name,
                        )
                    )
            if not self.env.su:
                plans._check_flag("can_edit")
        return plans

    def write(self, vals):
        """Change drafts; what was approved stays as it is (UserError)."""
        if not is_guarded(self.env):
            changed = vals.keys() - {"message_follower_ids", "activity_ids", "message_main_attachment_id", "goal_ids"}
            self._check_guarded(self._guarded_fields.keys() & vals.keys())
            if changed:
                self._check_editable()
            if "case_id" in vals and any(plan.case_id.id != vals["case_id"] for plan in self):
                raise UserError(self.env._("A plan stays with its case: draft another one for the other case."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for plan in self:
            if plan.state != "draft":
                raise UserError(
                    self.env._("%s was approved and stays on record. Close it with the reason.", plan.display_name)
                )
        if not is_guarded(self.env):
            self._check_editable()

    # -- printed -----------------------------------------------------------------------------------------------------

    def _paper_lang_of_reader(self):
        """Return the language that the plan is written in: nobody reads half of a paper in another one."""
        self.ensure_one()
        return self.lang

    def _paper_sections(self):
        """Return the measures as the paper shows them: a list of (section, [measures]) in the order of the sections."""
        self.ensure_one()
        sections = self.measure_ids.grouped("section_id")
        return sorted(sections.items(), key=lambda pair: (pair[0].sequence, pair[0].id))

    def _paper_approval(self):
        """Return by what the plan was approved, in words of the paper."""
        self.ensure_one()
        plan = self.sudo()  # sudo: number and day of the minutes that approve it
        minutes = plan.agenda_item_id.meeting_id.minutes_id
        if minutes:
            return self.env._(
                "by the prevention council, minutes № %(number)s of %(date)s",
                number=minutes.number,
                date=self._paper_date(minutes.date),
            )
        return self.env._(
            "by paper № %(number)s of %(date)s",
            number=plan.approval_number or "___",
            date=self._paper_date(plan.approval_date or plan.date_approved),
        )

    def _paper_version(self):
        """Return which version the paper is, in words."""
        self.ensure_one()
        return self.env._("version %s", self.version)

    def _paper_officers(self):
        """Return the names of those who sign the plan: deputy head and keeper of the register."""
        school = self._paper_school()
        return {"deputy_head": school.deputy_head_id.name or "", "keeper": school.keeper_id.name or ""}
