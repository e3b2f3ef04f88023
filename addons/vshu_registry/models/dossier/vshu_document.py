from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.guard import is_guarded, without_defaults
from ...tools.states import OVER_STATES

#: what makes a paper be there, and what it says
CONTENT = {"date", "on_paper", "attachment_ids", "rating", "not_needed", "type_id", "requirement_id"}
#: who may lay any paper into the file
OFFICE_ROLES = {"social_pedagogue", "deputy_head", "head"}


class VshuDocument(models.Model):
    """A paper of the case: there, due or missing (RU-5.4, KZ-11, KZ-19, RU-9.2, RU-9.3)."""

    _name = "vshu.document"
    _inherit = ["vshu.guard.mixin", "vshu.rule.mixin", "vshu.link.mixin", "vshu.document.absence", "vshu.clause.mixin"]
    _description = "Paper of the case"
    _order = "case_id, sequence, id"

    _guarded_fields = {"absence_reason": False, "absence_by_id": False, "absence_date": False}

    case_id = fields.Many2one("vshu.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    regulation_id = fields.Many2one(related="case_id.regulation_id")
    type_id = fields.Many2one(
        "vshu.document.type",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('regulation_id', '=', regulation_id)]",
    )
    requirement_id = fields.Many2one("vshu.document.requirement", ondelete="restrict", index="btree_not_null")
    stage = fields.Selection(related="requirement_id.stage", store=True)
    clause = fields.Char(string="Clause identifier", related="requirement_id.clause", store=True)
    sequence = fields.Integer(related="requirement_id.sequence", store=True)
    need = fields.Selection([("required", "Required"), ("if_needed", "If needed")], default="required", required=True)
    not_needed = fields.Boolean(help="Only where the regulation asks for the paper “if needed”.")
    rated = fields.Boolean(related="type_id.rated", store=True)
    rating = fields.Selection([("positive", "Positive"), ("negative", "Negative")], help="What the paper says.")
    date = fields.Date(string="Date of the paper")
    date_due = fields.Date(string="Due")
    author_id = fields.Many2one("hr.employee", string="Who gave it", ondelete="restrict")
    role_id = fields.Many2one(related="type_id.role_id", string="Who provides it")
    on_paper = fields.Boolean(string="Lies in the file", help="The signed paper lies in the paper file.")
    attachment_ids = fields.Many2many("ir.attachment", string="Files", bypass_search_access=True)
    note = fields.Char()
    state = fields.Selection(
        [
            ("missing", "Missing"),
            ("due", "Expected"),
            ("ready", "There"),
            ("not_needed", "Not needed"),
            ("absent", "There is none, accepted"),
        ],
        compute="_compute_state",
        store=True,
    )

    can_give = fields.Boolean(compute="_compute_can_give", help="Whether this user may lay the paper into the file.")

    _required_once = models.UniqueIndex(
        "(case_id, requirement_id, date_due) WHERE requirement_id IS NOT NULL AND state IN ('missing', 'due')",
        "The case waits for this paper already.",
    )

    @api.depends(
        "date",
        "not_needed",
        "date_due",
        "absence_reason",
        "on_paper",
        "attachment_ids",
        "form_done",
        "sealed_filed",
        "recommended",
    )
    def _compute_state(self):
        for document in self:
            today = document._vshu_today()
            if document.date and document._content_there():
                document.state = "ready"
            elif document.not_needed:
                document.state = "not_needed"
            elif document.absence_reason:
                document.state = "absent"
            else:
                document.state = "due" if document.date_due and document.date_due >= today else "missing"

    def _content_there(self):
        """Tell whether something stands behind the line: a paper in the file, a scan, a finished form, a sealed paper,
        a recommendation."""
        self.ensure_one()
        return bool(self.on_paper or self.attachment_ids or self.form_done or self.sealed_filed or self.recommended)

    @api.depends("type_id", "case_id")
    def _compute_display_name(self):
        for document in self:
            document.display_name = document.type_id.display_name or ""

    @api.depends_context("uid")
    @api.depends("case_id.my_roles", "case_id.state", "type_id")
    def _compute_can_give(self):
        for document in self:
            mine = set((document.case_id.my_roles or "").split(","))
            is_open = document.case_id.state not in OVER_STATES
            document.can_give = is_open and (self.env.su or document._is_giver(mine))

    def _is_giver(self, mine):
        """Tell whether somebody with the roles ``mine`` gives this paper;
        the curator gives what a class teacher does."""
        self.ensure_one()
        provider = self.type_id._provider_code()
        held = mine | {"class_teacher"} if "curator" in mine else mine
        return not provider or bool(held & (OFFICE_ROLES | {provider}))

    @api.constrains("date", "case_id")
    def _check_date(self):
        for document in self:
            today = document._vshu_today()
            if document.date and document.date > today:
                raise ValidationError(
                    self.env._("“%s”: the date of a paper cannot lie in the future.", document.display_name)
                )

    @api.constrains("not_needed", "need")
    def _check_not_needed(self):
        for document in self:
            if document.not_needed and document.need == "required":
                raise ValidationError(
                    self.env._(
                        "“%(paper)s” is required (%(clause)s): it cannot be marked as not needed.",
                        paper=document.display_name,
                        clause=document.clause_text or "-",
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Add papers, not to a case that is over (UserError); files become part of the case's rights."""
        if not is_guarded(self.env):
            self = without_defaults(self, ("form_done",))
            if any(vals.get("form_done") for vals in vals_list):
                raise AccessError(self._form_message())
        self._vshu_check_values(vals_list)
        default = self.env.context.get("default_case_id")
        ids = {int(vals.get("case_id") or default or 0) for vals in vals_list} - {0}
        self._refuse_over(self.env["vshu.case"].browse(sorted(ids))._filtered_access("read"))
        self = self._guard_create(vals_list)
        documents = super().create(vals_list)
        documents._check_giver()
        documents._after_change()
        return documents

    def write(self, vals):
        """Change papers; what hangs on them (clocks, readiness) follows.

        Not those of a case that is over, nor what a finished form or a filed sealed paper says (UserError).
        """
        self._check_sealed(vals)
        self._check_case_open()
        if not is_guarded(self.env):
            if "form_done" in vals:
                raise AccessError(self._form_message())
            self._check_said_by_form(vals)
        self._check_regulated(vals)
        if {"date", "on_paper", "attachment_ids"} & vals.keys():
            self._free_next_copies()
        if "case_id" in vals and any(document.case_id.id != vals["case_id"] for document in self):
            raise UserError(self.env._("A paper stays in its file: add it to the other case instead."))
        if CONTENT & vals.keys():
            self._check_giver()
        res = super().write(vals)
        if {"date", "on_paper", "attachment_ids", "not_needed", "rating", "absence_reason"} & vals.keys():
            self._after_change()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_only_missing(self):
        wanted = self.filtered("requirement_id")
        if wanted and not self.env.su:
            roles = wanted.case_id._my_roles_by_case()
            if any(not roles.get(document.case_id.id, set()) & OFFICE_ROLES for document in wanted):
                raise AccessError(
                    self.env._(
                        "The regulation asks for this paper: only those who keep the register take it off the list."
                    )
                )
        for document in self:
            if document.state == "ready":
                raise UserError(
                    self.env._(
                        "“%s” is part of the file and is not deleted. Correct it instead.", document.display_name
                    )
                )

    def _check_giver(self):
        """Raise AccessError where a teacher or psychologist gives a paper that another role provides (KZ-19,
        RU-5.4)."""
        if self.env.su:
            return
        roles = self.case_id._my_roles_by_case()
        for document in self:
            if not document._is_giver(roles.get(document.case_id.id, set())):
                raise AccessError(
                    self.env._(
                        "“%(paper)s” is given by: %(role)s. Hand it to the social pedagogue if you have it.",
                        paper=document.display_name,
                        role=document.type_id.role_id.name,
                    )
                )

    def _after_change(self):
        self.sudo().case_id._papers_changed()  # sudo: dates kept by the system

    def action_there(self):
        """Mark papers as lying in the file, dated today where no date was given. Raises AccessError as write does."""
        for document in self:
            document.write({"on_paper": True, "date": document.date or document._vshu_today(), "not_needed": False})
        return True

    def _renewals(self):
        """Return create values for the next copies of periodic papers that are there (RU-5.4)."""
        vals_list = []
        for document in self.filtered(lambda d: d.state == "ready" and d.requirement_id.repeat_months):
            vals_list.append(
                {
                    "case_id": document.case_id.id,
                    "type_id": document.type_id.id,
                    "requirement_id": document.requirement_id.id,
                    "need": document.requirement_id.need,
                    "date_due": document.date + relativedelta(months=document.requirement_id.repeat_months),
                }
            )
        return vals_list
