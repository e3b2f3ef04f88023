from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import guarded

from ..plan.vshu_plan_flow import OFFICE


class VshuPlanTaskFlow(models.AbstractModel):
    """Marking measures done: who may, when, with what came of it; many at once, all or nothing."""

    _name = "vshu.plan.task.flow"
    _description = "Flow of a measure"

    can_do = fields.Boolean(compute="_compute_can", help="Whether the user may mark it done.")
    can_reopen = fields.Boolean(compute="_compute_can", export_string_translation=False)

    # -- rights ------------------------------------------------------------------------------------------------------

    def _may_do(self):
        """Return {task id: whether the user may carry it out}: who answers, who holds the role that was asked for the
        child today (a stand-in too), the curator, those who keep the register."""
        if self.env.su:
            return dict.fromkeys(self.ids, True)
        tasks = self.sudo()  # sudo: only the user's own tie to the case is looked up
        roles = tasks.case_id.with_env(self.env)._my_roles_by_case()
        result = {}
        for task in tasks:
            held = roles.get(task.case_id.id, set())
            wanted = OFFICE | {"curator"} | ({task.role_id.code} - {False})
            result[task.id] = task.user_id == self.env.user or bool(held & wanted)
        return result

    @api.depends_context("uid")
    @api.depends("state", "user_id", "plan_id.state")
    def _compute_can(self):
        may = self._origin._may_do()
        for task in self:
            running = task.sudo().plan_id.state == "in_force"  # sudo: the state of the plan
            mine = may.get(task._origin.id, False)
            task.can_do = mine and running and task.state == "open"
            task.can_reopen = mine and running and task.state == "done"

    def _check_do(self, states):
        """Raise AccessError where a measure is not the user's, UserError where it is not in one of ``states``."""
        if not self.env.su:
            self.check_access("read")
        may = self._may_do()
        for task in self:
            if not may[task.id]:
                raise AccessError(
                    self.env._(
                        "%s: marked done by who answers for it, the curator or those who keep the register.",
                        task.display_name,
                    )
                )
            if task.state not in states or task.sudo().plan_id.state != "in_force":  # sudo: the state of the plan
                raise UserError(
                    self.env._(
                        "%(task)s is “%(state)s”: this cannot be done with it now.",
                        task=task.display_name,
                        state=dict(task._fields["state"]._description_selection(self.env))[task.state],
                    )
                )

    # -- actions -----------------------------------------------------------------------------------------------------

    def action_done(self):
        """Ask for day, note, result and files of the measures chosen, and mark them done. Returns the dialog.

        Raises AccessError for a measure of somebody else, UserError where one is not open.
        """
        if not self:
            raise UserError(self.env._("Choose the measures first."))
        self._check_do(("open",))
        return self.env["vshu.plan.mark"]._open(self)

    def action_done_today(self):
        """Mark the measures done today, without a word more. Raises as ``action_done``."""
        self._done({})
        return True

    def _done(self, vals, day=None):
        """Mark measures done on ``day``, today by default; all or nothing (KZ-15).

        :param vals: note, outcome and attachment_ids as for ``write``; of several tasks each gets them
        :raises AccessError: for a measure of somebody else
        :raises UserError: where one is not open, or the day lies in the future or before the plan
        """
        self._check_do(("open",))
        tasks = guarded(self.sudo())  # sudo: right and state were checked for these very measures
        for company, own in tasks.grouped("company_id").items():
            today = company._vshu_today()
            if (day or today) > today:
                raise UserError(
                    self.env._(
                        "%s: it cannot be done in the future. Enter the day on which it was done.", own[0].display_name
                    )
                )
            own._check_not_before(day or today)
            own.write({**vals, "state": "done", "date_done": day or today, "done_by_id": self.env.uid})
        tasks._settle_reminders()

    def _check_not_before(self, day):
        """Raise UserError where a measure would be done before its plan starts."""
        early = self.filtered(lambda task: day < task.root_id.date_from)[:1]
        if early:
            raise UserError(
                self.env._(
                    "%(task)s: the plan starts on %(start)s, it cannot be done before. What was done earlier is an "
                    "entry of the preventive work.",
                    task=early.display_name,
                    start=format_date(self.env, early.root_id.date_from),
                )
            )

    def action_reopen(self):
        """Take back that measures are done, with note and files: a mistake. Raises as ``action_done``."""
        self._check_do(("done",))
        tasks = guarded(self.sudo())  # sudo: right and state were checked for these very measures
        tasks.attachment_ids.unlink()
        tasks.write(
            {
                "state": "open",
                "date_done": False,
                "done_by_id": False,
                "outcome": False,
                "note": False,
                "intervention_id": False,
                "told": 0,  # the reminders went when it was done
            }
        )
        return True

    def _drop(self, reason):
        """Let open occurrences go with the reason; the caller has checked the right. A guarded superuser set."""
        tasks = guarded(self.sudo()).filtered(lambda task: task.state == "open")  # sudo: see above
        tasks.write({"state": "dropped", "dropped_reason": reason})
        tasks._settle_reminders()

    def action_open_case(self):
        """Open the case of the measure; the user's own rights apply there. Returns an act_window."""
        self.ensure_one()
        self.check_access("read")
        return self.case_id.action_open()
