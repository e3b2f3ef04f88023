from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import is_guarded
from odoo.addons.vshu_registry.tools.states import OVER_STATES

CONCLUSIONS = [
    ("continue", "Go on as planned"),
    ("change", "Change the plan: a new version"),
    ("removal", "Propose the removal"),
    ("extension", "Propose the extension"),
    ("petition", "Write to an outside body"),
]
#: what the reviewer writes
WRITTEN = {"measures_text", "work_text", "study_text", "characteristic_text", "conclusion", "conclusion_text"}


class VshuPlanReview(models.Model):
    """The review of a plan at the end of a part of the calendar year, summer included (RU-5.4, RU-13.3).

    It opens by itself, filled with what the program knows of the period; the reviewer concludes it.
    """

    _name = "vshu.plan.review"
    _inherit = [
        "vshu.guard.mixin",
        "vshu.rule.mixin",
        "vshu.link.mixin",
        # before the thread: clocks make activities, which subscribe people, when the thread is there
        "vshu.deadline.mixin",
        "vshu.mail.mixin",
        "mail.activity.mixin",
        "vshu.plan.review.flow",
    ]
    _description = "Review of a plan"
    _order = "date_to desc, id desc"

    _deadline_events = {
        "period_ended": "date_to",
        "concluded": "date_done",
        "asked": "date_asked",
        "followed": "date_followed",
    }
    _deadline_fields = ("state", "conclusion")
    _guarded_fields = {
        "state": "open",
        "date_done": False,
        "reviewed_by_id": False,
        "settled": False,
        "settled_reason": False,
        "date_asked": False,
        "date_followed": False,
        "count_due": 0,
        "count_done": 0,
        "count_in_time": 0,
        "count_late": 0,
    }

    plan_id = fields.Many2one("vshu.plan", required=True, index=True, ondelete="cascade")
    case_id = fields.Many2one(related="plan_id.case_id", store=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True, string="School")
    regulation_id = fields.Many2one(related="case_id.regulation_id")
    student_id = fields.Many2one(related="case_id.student_id", related_sudo=False)
    family_id = fields.Many2one(related="case_id.family_id", related_sudo=False)
    class_id = fields.Many2one(related="case_id.class_id", related_sudo=False)
    curator_id = fields.Many2one(related="case_id.curator_id", related_sudo=False)
    case_state = fields.Selection(
        related="case_id.state", string="State of the case", related_sudo=False, tracking=False
    )
    date_from = fields.Date(string="From", required=True)
    date_to = fields.Date(string="Until", required=True)
    state = fields.Selection(
        [("open", "To be reviewed"), ("done", "Concluded"), ("dropped", "Not needed")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        index=True,
    )
    count_due = fields.Integer(string="Due", readonly=True, copy=False)
    count_done = fields.Integer(string="Done", readonly=True, copy=False)
    count_in_time = fields.Integer(string="Done in time", readonly=True, copy=False)
    count_late = fields.Integer(string="Late", readonly=True, copy=False)
    measures_text = fields.Text(string="What was done")
    work_text = fields.Text(string="Preventive work")
    study_text = fields.Text(string="Absences and marks")
    characteristic_text = fields.Text(string="Characteristics")
    goal_ids = fields.One2many(related="plan_id.goal_ids", string="Goals", readonly=False, related_sudo=False)
    conclusion = fields.Selection(CONCLUSIONS)
    conclusion_text = fields.Text(string="Why")
    date_done = fields.Date(string="Concluded on", readonly=True, copy=False)
    reviewed_by_id = fields.Many2one("res.users", string="Concluded by", readonly=True, copy=False, ondelete="restrict")
    settled = fields.Boolean(
        readonly=True, copy=False, help="What the conclusion proposed was decided, or it proposed nothing."
    )
    settled_reason = fields.Text(string="Nothing follows, because", readonly=True, copy=False)
    date_asked = fields.Date(
        string="A step is due since", readonly=True, copy=False, help="Somebody answers for it until it is done."
    )
    date_followed = fields.Date(string="The step was done on", readonly=True, copy=False)

    _once = models.Constraint("UNIQUE(case_id, date_to)", "This period of the plan has its review already.")
    _dates_order = models.Constraint("CHECK(date_to >= date_from)", "The period ends before it begins.")

    @api.depends_context("lang")
    @api.depends("case_id", "date_from", "date_to")
    def _compute_display_name(self):
        """The number of the case and the period, never a name."""
        for review in self:
            # sudo: the number of the case
            case = review.sudo().case_id.with_context(prefetch_fields=False)
            review.display_name = (
                self.env._(
                    "Review, case %(case)s, %(first)s – %(last)s",
                    case=case.display_name,
                    first=format_date(self.env, review.date_from),
                    last=format_date(self.env, review.date_to),
                )
                if case and review.date_from and review.date_to
                else False
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Open reviews: by the nightly job, or by hand for a period that has ended (UserError, AccessError)."""
        self = self._guard_create(vals_list)
        reviews = super().create(vals_list)
        reviews._check_ended()
        if not is_guarded(self.env):
            reviews._check_reviewer()
            for review in reviews:
                if review.sudo().case_id.state in OVER_STATES:  # sudo: its state
                    raise UserError(self.env._("The case is over and stays as it is."))
        return reviews

    def write(self, vals):
        """Change what a review says until it is concluded; curator and office (AccessError, UserError)."""
        if not is_guarded(self.env):
            self._check_guarded(self._guarded_fields.keys() & vals.keys())
            if {"plan_id", "date_from", "date_to"} & vals.keys():
                self.check_access("read")
                raise UserError(self.env._("A review stays with its plan and period: open another one."))
            if WRITTEN & vals.keys():
                self._check_reviewer()
                for review in self:
                    if review.state != "open":
                        review.check_access("read")  # a curator reads no review of a case that is over
                        raise UserError(self.env._("%s is concluded and stays as it is.", review.display_name))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Reviews stay on record with their plan."))

    def _check_ended(self):
        """Raise UserError where the period has not ended: nobody reviews what is still going on (RU-5.4)."""
        for review in self:
            if review.date_to >= review.company_id._vshu_today():
                raise UserError(
                    self.env._(
                        "The period until %s has not ended yet: it is reviewed on the day after its last one.",
                        format_date(self.env, review.date_to),
                    )
                )

    # -- clocks ------------------------------------------------------------------------------------------------------

    def _deadline_links(self):
        self.ensure_one()
        return {"case_id": self.case_id.id, "reference": self.case_id.display_name}

    def _deadline_over(self):
        return self.filtered(lambda review: review.state == "dropped")

    def _deadline_role_users(self, role_code, date):
        users = self.case_id._deadline_role_users(role_code, date)
        empty = self.env["res.users"]
        return {review.id: users.get(review.case_id.id, empty) for review in self}
