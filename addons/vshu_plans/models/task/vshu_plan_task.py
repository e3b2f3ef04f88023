from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import is_guarded

OUTCOMES = [
    ("reached", "The expected result is there"),
    ("partly", "Partly"),
    ("not_yet", "Not yet"),
]


class VshuPlanTask(models.Model):
    """One occurrence of a measure: to be done by a person by a day, and what came of it (KZ-15).

    Who answers for it reads it, even where they do not read the case: what is to be done, with whom, until when. What
    is written here is read by all who read the plan; what is confidential belongs into a sealed paper.
    """

    _name = "vshu.plan.task"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin", "vshu.plan.task.figures", "vshu.plan.task.flow"]
    _description = "Measure to be done"
    _order = "date_due, id"
    _check_company_auto = True

    measure_id = fields.Many2one(
        "vshu.plan.measure", string="Line of the plan", required=True, readonly=True, index=True, ondelete="cascade"
    )
    plan_id = fields.Many2one("vshu.plan", required=True, readonly=True, index=True, ondelete="cascade")
    plan_state = fields.Selection(related="plan_id.state", string="State of the plan")
    root_id = fields.Many2one(related="plan_id.root_id", store=True, index=True, string="First version of the plan")
    case_id = fields.Many2one(related="plan_id.case_id", store=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True, string="School")
    student_id = fields.Many2one(related="case_id.student_id", store=True, index="btree_not_null")
    family_id = fields.Many2one(related="case_id.family_id", store=True, index="btree_not_null")
    class_id = fields.Many2one(related="student_id.vshu_class_id", string="Class")
    type_id = fields.Many2one(related="measure_id.type_id", store=True, index=True)
    section_id = fields.Many2one(related="type_id.section_id", store=True)
    number = fields.Integer(string="№", readonly=True, aggregator=None)
    name = fields.Text(string="Measure", required=True, readonly=True)
    expected = fields.Text(string="Expected result", readonly=True)
    employee_id = fields.Many2one(
        "hr.employee", string="Who answers", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(related="employee_id.user_id", string="User", store=True, index="btree_not_null")
    role_id = fields.Many2one("vshu.role", string="In the role of", readonly=True, ondelete="restrict")
    passed_on_from_id = fields.Many2one(
        "hr.employee",
        string="Passed on from",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="Who answered for it by the plan, and has left the school.",
    )
    date_due = fields.Date(string="Due", required=True, readonly=True)
    state = fields.Selection(
        [("open", "To do"), ("done", "Done"), ("dropped", "Dropped")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        index=True,
    )
    due_group = fields.Selection(
        [
            ("late", "Late"),
            ("today", "Today"),
            ("week", "In the next seven days"),
            ("later", "Later"),
            ("done", "Done"),
        ],
        string="When",
        compute="_compute_due_group",
        search="_search_due_group",
    )
    date_done = fields.Date(string="Done on", readonly=True, copy=False)
    in_time = fields.Boolean(string="Done in time", compute="_compute_in_time", store=True)
    done_by_id = fields.Many2one("res.users", string="Marked by", readonly=True, copy=False, ondelete="restrict")
    outcome = fields.Selection(OUTCOMES, string="Result", readonly=True, copy=False)
    note = fields.Text(
        readonly=True,
        copy=False,
        help="Read by all who read the plan: what is confidential belongs into a sealed paper.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Files", bypass_search_access=True, copy=False, readonly=True
    )
    dropped_reason = fields.Char(string="Why it was dropped", readonly=True, copy=False)
    intervention_id = fields.Many2one(
        "vshu.intervention",
        string="Entry that did it",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    told = fields.Integer(
        readonly=True,
        default=0,
        copy=False,
        aggregator=None,
        help="Who has heard that it is late: 1 curator, 2 deputy.",
    )

    _late_idx = models.Index("(told, date_due) WHERE state = 'open'")
    _mine_idx = models.Index("(user_id, date_due) WHERE state = 'open'")

    # -- computes ----------------------------------------------------------------------------------------------------

    @api.depends("state", "date_due", "date_done")
    def _compute_in_time(self):
        for task in self:
            task.in_time = bool(task.state == "done" and task.date_done and task.date_done <= task.date_due)

    @api.depends("state", "date_due")
    def _compute_due_group(self):
        for task in self:
            day, today = task.date_due, task._vshu_today()
            if task.state != "open" or not day:
                task.due_group = "done"
            elif day < today:
                task.due_group = "late"
            elif day == today:
                task.due_group = "today"
            else:
                task.due_group = "week" if day <= fields.Date.add(today, days=7) else "later"

    @api.model
    def _search_due_group(self, operator, value):
        if operator != "in":
            return NotImplemented
        is_open = Domain("state", "=", "open")
        days = {
            "late": lambda day: Domain("date_due", "<", day),
            "today": lambda day: Domain("date_due", "=", day),
            "week": lambda day: Domain("date_due", ">", day) & Domain("date_due", "<=", fields.Date.add(day, days=7)),
            "later": lambda day: Domain("date_due", ">", fields.Date.add(day, days=7)),
        }
        by_day = self.env["vshu.school"]._by_day
        found = [is_open & by_day(days[key]) for key in value if key in days]
        return Domain.OR([*found, *([~is_open] if "done" in value else [])])

    @api.depends_context("uid", "lang", "vshu_task_words")
    @api.depends("plan_id", "date_due", "name")
    def _compute_display_name(self):
        """The number of the case and the day, neither a name nor a word of what is to be done; in the list from which
        one measure of the child is picked, its first words."""
        words = self.browse()
        if self.env.context.get("vshu_task_words"):
            # with the reader's own rights: a form can be filled with any measure
            own = self if self.env.uid == SUPERUSER_ID else self.with_env(self.env(su=False))
            words = own._filtered_access("read")
        for task in self:
            if task in words:
                task.display_name = f"{' '.join(task.name.split())[:90]} ({format_date(self.env, task.date_due)})"
                continue
            task.display_name = self.env._(
                "Measure of %(date)s, %(plan)s",
                date=format_date(self.env, task.date_due) if task.date_due else "-",
                plan=task.sudo().plan_id.display_name or "-",  # sudo: the number of the case
            )

    # -- CRUD --------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Occurrences come from approved plans (AccessError)."""
        if not is_guarded(self.env):
            raise AccessError(self.env._("Measures to be done come from an approved plan, nobody makes them by hand."))
        return super().create(vals_list)

    def write(self, vals):
        """Change occurrences by their actions only (AccessError)."""
        if not is_guarded(self.env):
            raise AccessError(
                self.env._("A measure is marked done by its button; what is to be done changes by a new version.")
            )
        day = fields.Date.to_date(vals.get("date_due"))
        moved = self.filtered(lambda task: day and task.told and task.date_due != day)
        res = super().write(vals)
        if moved:  # a new day starts anew: superiors hear again where it is missed as well
            moved.write({"told": 0})
            moved._settle_reminders()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not is_guarded(self.env):
            raise UserError(self.env._("Measures of an approved plan stay on record."))

    # -- reminders ---------------------------------------------------------------------------------------------------

    def _settle_reminders(self):
        """Take the reminders on late measures away from plans that have none any more."""
        plans = self.sudo().plan_id  # sudo: reminders are the system's
        overdue = self.env["vshu.school"]._by_day(lambda day: Domain("date_due", "<", day))
        late = self.sudo()._read_group(
            overdue & Domain("plan_id", "in", plans.ids) & Domain("state", "=", "open"), ["plan_id"]
        )
        free = plans - plans.browse([plan.id for (plan,) in late])
        if free:
            # sudo: see above
            self.env["mail.activity"].sudo().search(
                [
                    ("res_model", "=", "vshu.plan"),
                    ("res_id", "in", free.ids),
                    ("activity_type_id", "=", self.env.ref("vshu_plans.activity_type_late").id),
                ]
            ).unlink()

    @api.model
    def _for_subject(self, student, family, company):
        """Return the open measures about a child or family that the user may mark done, the most urgent first."""
        tasks = self.search(
            [
                ("company_id", "=", company.id),
                ("student_id", "=", student.id),
                ("family_id", "=", family.id),
                ("state", "=", "open"),
                ("plan_state", "=", "in_force"),
            ]
        )
        return tasks.filtered("can_do")
