from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ...tools.guard import guarded, is_guarded
from ...tools.locks import wait_for

#: fields that are part of what was decided: frozen once carried out
SUBSTANCE = {
    "case_id",
    "kind_id",
    "form_id",
    "number",
    "date",
    "date_journal",
    "months",
    "date_end",
    "curator_id",
    "curator_act_number",
    "curator_act_date",
    "ground_id",
    "watch_until",
    "review_date",
    "removal_reason_id",
    "state",
    "date_applied",
    "applied_by_id",
}


class VshuDecision(models.Model):
    """Who decided what on a case, when, by which paper.

    Typed by hand, or made by the council's minutes. Carrying it out is one transaction on the case.
    """

    _name = "vshu.decision"
    _inherit = ["vshu.guard.mixin", "vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Decision"
    _order = "date desc, id desc"
    _check_company_auto = True

    _guarded_fields = {"state": "draft", "date_applied": False, "applied_by_id": False}

    case_id = fields.Many2one("vshu.case", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    regulation_id = fields.Many2one(related="case_id.regulation_id")
    case_kind = fields.Selection(related="case_id.kind")
    case_state = fields.Selection(related="case_id.state", string="State of the case")
    allowed_kind_ids = fields.Many2many("vshu.decision.kind", compute="_compute_allowed", compute_sudo=True)
    allowed_form_ids = fields.Many2many("vshu.decision.form", compute="_compute_allowed", compute_sudo=True)
    allowed_reason_ids = fields.Many2many("vshu.removal.reason", compute="_compute_allowed", compute_sudo=True)
    kind_id = fields.Many2one(
        "vshu.decision.kind",
        string="What is decided",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('id', 'in', allowed_kind_ids)]",
    )
    effect = fields.Selection(related="kind_id.effect", store=True)
    form_id = fields.Many2one(
        "vshu.decision.form",
        string="Paper",
        required=True,
        ondelete="restrict",
        domain="[('id', 'in', allowed_form_ids)]",
    )
    body = fields.Selection(related="form_id.body", store=True, string="Who decided")
    number = fields.Char(string="Number of the paper", required=True)
    date = fields.Date(string="Date of the paper", required=True, default=lambda self: self.env.company._vshu_today())
    date_journal = fields.Date(string="Date of the journal entry", default=lambda self: self.env.company._vshu_today())
    text = fields.Text(string="Text of the decision")
    attachment_ids = fields.Many2many("ir.attachment", string="Scan of the signed paper", bypass_search_access=True)
    open_ended = fields.Boolean(compute="_compute_allowed", compute_sudo=True)
    months = fields.Integer(string="Term in months", compute="_compute_months", store=True, readonly=False)
    date_end = fields.Date(string="Term until", compute="_compute_date_end", store=True, readonly=False)
    curator_id = fields.Many2one("hr.employee", check_company=True, ondelete="restrict")
    curator_act_number = fields.Char(string="Act on the curator, number")
    curator_act_date = fields.Date(string="Act on the curator, date")
    watch_until = fields.Date(compute="_compute_watch_until", store=True, readonly=False)
    review_date = fields.Date(string="Next review")
    removal_reason_id = fields.Many2one(
        "vshu.removal.reason",
        ondelete="restrict",
        domain="[('id', 'in', allowed_reason_ids)]",
    )
    target_kind = fields.Selection(related="kind_id.target_kind")
    ground_id = fields.Many2one(
        "vshu.ground",
        string="Ground of the new stay",
        ondelete="restrict",
        domain="[('regulation_id', '=', regulation_id), ('kind', '=', target_kind)]",
        help="Only where the case moves to the other kind.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Carried out")], required=True, default="draft", readonly=True, copy=False
    )
    can_apply = fields.Boolean(compute="_compute_can_apply", export_string_translation=False)
    date_applied = fields.Datetime(readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", string="Recorded by", readonly=True, copy=False)

    @api.depends("case_id.state", "case_id.kind", "case_id.route_ids", "kind_id", "form_id")
    def _compute_allowed(self):
        for decision in self:
            case = decision.case_id
            decision.allowed_kind_ids = case._allowed_decision_kinds()
            forms = decision.kind_id.form_ids
            if decision.kind_id.effect in ("place", "decline", "watch"):
                bodies = set(
                    case.route_ids.filtered(
                        lambda r, k=decision.kind_id: not r.decision_kind_ids or k in r.decision_kind_ids
                    ).mapped("body")
                )
                forms = forms.filtered(lambda form, b=bodies: form.body in b)
            decision.allowed_form_ids = forms
            decision.allowed_reason_ids = case._allowed_removal_reasons()
            decision.open_ended = case._term_rule(decision.kind_id.target_kind).open_ended

    @api.depends_context("uid")
    @api.depends("state", "case_id")
    def _compute_can_apply(self):
        recorded = self.case_id._origin._filtered_access("read")._recorded_by_me()
        for decision in self:
            decision.can_apply = decision.state == "draft" and decision.case_id._origin in recorded

    @api.depends("kind_id", "case_id")
    def _compute_months(self):
        for decision in self:
            # sudo: the catalogue of terms
            rule = decision.case_id.sudo()._term_rule(decision.kind_id.target_kind) if decision.case_id else None
            if decision.months:
                continue
            if not rule or rule.open_ended or decision.kind_id.effect not in ("place", "extend", "convert"):
                decision.months = 0
            else:
                decision.months = rule.extension_min_months if decision.kind_id.effect == "extend" else rule.min_months

    @api.depends("months", "date", "date_journal", "kind_id")
    def _compute_date_end(self):
        for decision in self:
            start = decision.case_id and decision.case_id._term_start(decision)
            decision.date_end = start + relativedelta(months=decision.months) if start and decision.months else False

    @api.depends("kind_id", "date")
    def _compute_watch_until(self):
        for decision in self:
            months = decision.case_id.sudo()._term_rule().watch_months  # sudo: the catalogue of terms
            decision.watch_until = (
                decision.date + relativedelta(months=months)
                if decision.kind_id.effect == "watch" and decision.date and months
                else decision.watch_until
                if decision.kind_id.effect == "watch"
                else False
            )

    @api.depends_context("lang")
    @api.depends("form_id", "number", "date")
    def _compute_display_name(self):
        for decision in self:
            decision.display_name = self.env._(
                "%(form)s № %(number)s, %(date)s",
                form=decision.form_id.display_name or "",
                number=decision.number or "",
                date=format_date(self.env, decision.date) if decision.date else "",
            )

    @api.onchange("kind_id")
    def _onchange_kind_id(self):
        forms = self.allowed_form_ids._origin
        if self.kind_id and self.form_id not in forms:
            self.form_id = forms if len(forms) == 1 else False
        if self.kind_id.text_template and not self.text:
            self.text = self.kind_id.text_template

    @api.model_create_multi
    def create(self, vals_list):
        """Type decisions: those whom the case's route names may (AccessError)."""
        self = self._guard_create(vals_list)
        decisions = super().create(vals_list)
        decisions.case_id._check_recorder()
        return decisions

    def write(self, vals):
        """Change drafts. What was carried out stands: only a scan or the wording of the text can be added."""
        if not is_guarded(self.env):
            self._check_guarded(self._guarded_fields.keys() & vals.keys())
            if SUBSTANCE & vals.keys() and any(decision.state == "done" for decision in self):
                raise UserError(
                    self.env._(
                        "A decision that was carried out stands as it is. What follows from a mistake is put "
                        "right by a correction of the journal row or by annulling the entry."
                    )
                )
            if SUBSTANCE & vals.keys():
                if "case_id" in vals and any(decision.case_id.id != vals["case_id"] for decision in self):
                    raise UserError(self.env._("A decision stays with its case: delete the draft and type it there."))
                self.case_id._check_recorder()
        return super().write(vals)

    @api.model
    def _guarded_message(self, labels):
        return self.env._("A decision is carried out by its button, not by writing its state.")

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for decision in self:
            if decision.state == "done":
                raise UserError(self.env._("“%s” has been carried out and stays on record.", decision.display_name))

    def action_apply(self):
        """Carry the decision out on its case, in one transaction.

        Checks role, state, route, papers and dates (the case's own checker). Returns an act_window on the case
        where it was not open, else one that closes the dialog.
        Raises AccessError for a role that the route does not name, UserError that lists all that is missing with
        the clauses (KZ-4, KZ-16, KZ-19, RU-5.1, RU-5.2, RU-6, RU-7, RU-8).
        """
        self.ensure_one()
        case = self.case_id
        case._check_recorder()
        wait_for(case.sudo())  # sudo: the right was checked; two decisions on one case wait for each other
        if self.state != "draft":
            raise UserError(self.env._("“%s” has been carried out already.", self.display_name))
        problems = case._decision_problems(self)
        if problems:
            raise UserError(
                self.env._(
                    "The decision cannot be carried out yet:\n%s",
                    "\n".join(f"• {problem}" for problem in problems),
                )
            )
        decision = self.sudo()  # sudo: role and state were checked; the transitions write what no user may write
        getattr(guarded(decision.case_id), f"_effect_{decision.effect}")(decision)
        guarded(decision).write({"state": "done", "date_applied": fields.Datetime.now(), "applied_by_id": self.env.uid})
        # from the case the dialog closes over it; breadcrumbs would otherwise show the case once more for each decision
        return case.action_open() if self.env.context.get("vshu_open_case") else {"type": "ir.actions.act_window_close"}
