"""Who leaves the school or ends a duty leaves nothing behind: clocks, activities, tasks go to whoever answers now."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.states import STAY_STATES
from ..school.vshu_school import ROLE_FIELDS


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    def write(self, vals):
        """Change employees; what somebody who is archived had to do goes to whoever answers now, at once."""
        res = super().write(vals)
        if "active" in vals and not vals["active"]:
            self._vshu_pass_on()
        return res

    @api.model
    def _vshu_leaver_ids(self):
        """Return the ids of those who left the schools of the register: archived, or their user is."""
        schools = self.env["vshu.school"].sudo().search([("company_id", "!=", False)])  # sudo: which are schools
        # sudo: who works there is known to everybody in the school; only ids are returned
        employees = self.sudo().with_context(active_test=False)
        domain = Domain("active", "=", False) | (Domain("user_id", "!=", False) & Domain("user_id.active", "=", False))
        return employees.search(domain & Domain("company_id", "in", schools.company_id.ids)).ids

    def _vshu_pass_on(self):
        """Give on what those who left had to do, each school for itself. Twice changes nothing.

        Other addons give on what is theirs.
        """
        leavers = self.sudo()  # sudo: what follows from an archive is the system's, whoever archives
        leavers.user_id._vshu_pass_on_activities(leavers)
        self.env["vshu.deadline"].sudo().search(
            [("state", "in", ("open", "overdue")), ("user_id", "in", leavers.user_id.ids)]
        )._hand_over()
        self.env["vshu.case"].sudo().search(
            [("curator_id", "in", leavers.ids), ("state", "in", STAY_STATES)]
        )._tell_vacant()

    def _vshu_heirs(self):
        """Return {employee id: employee who answers instead}: the stand-in of today, else, as of a vacant post, the
        deputy head, else the head; those who have left are nobody's heir."""
        Standin, result = self.env["vshu.standin"], {}
        for company, employees in self.sudo().grouped("company_id").items():  # sudo: who works at the school
            school = self.env["vshu.school"].sudo()._by_company(company).get(company.id)
            if not school:
                continue
            today = company._vshu_today()
            standins = Standin._active(company.ids, today)
            deputies = [
                standins.filtered(lambda s, r=role: s.role_code == r and not s.class_id).substitute_id or school[field]
                for role, field in (("deputy_head", "deputy_head_id"), ("head", "head_id"))
            ]
            for employee in employees:
                own = standins.filtered(
                    lambda s, e=employee, school=school: (
                        s.employee_id == e
                        or (not s.employee_id and s.role_code in ROLE_FIELDS and school[ROLE_FIELDS[s.role_code]] == e)
                        or (s.class_id and s.class_id.teacher_id == e)
                    )
                )
                heirs = [*own.substitute_id, *(person for people in deputies for person in people)]
                heirs = [person for person in heirs if person not in self and person._vshu_works()]
                result[employee.id] = heirs[0] if heirs else self.browse()
        return result

    def _vshu_works(self):
        """Tell whether the person can be given something to do: works at the school and has a login."""
        self.ensure_one()
        return bool(self.active and self.user_id.active)


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Change users; what somebody who is archived had to do goes to whoever answers now, at once."""
        leaves = "active" in vals and not vals["active"]
        people = self._vshu_employees() if leaves else None
        if leaves:
            self.check_access("write")
            self._vshu_pass_on_activities(people)
        res = super().write(vals)
        if leaves:
            people._vshu_pass_on()
        return res

    def action_archive(self):
        """Archive users; Odoo deletes the activities that they still have, so those of the register go on first.

        Returns and raises as Odoo's own: AccessError for whoever may not change users.
        """
        self.check_access("write")
        self._vshu_pass_on_activities(self._vshu_employees())
        return super().action_archive()

    def _vshu_employees(self):
        # sudo: who is behind a user, for whoever archives it
        return self.env["hr.employee"].sudo().with_context(active_test=False).search([("user_id", "in", self.ids)])

    def _vshu_pass_on_activities(self, employees):
        """Give the activities of the users on records of the register to who answers instead, so far as these may read
        the record; what belongs to a clock goes with the clock."""
        activities = (
            self.env["mail.activity"]
            .sudo()  # sudo: activities are the system's
            .search(
                [
                    ("user_id", "in", self.ids),
                    ("res_model", "=like", "vshu.%"),
                    ("res_model", "not in", self._vshu_own_activities()),
                    ("vshu_deadline_id", "=", False),
                ]
            )
        )
        heirs = employees._vshu_heirs() if activities else {}
        found = defaultdict(lambda: self.env["mail.activity"])
        for (model, user), own in activities.grouped(lambda a: (a.res_model, a.user_id)).items():
            records = {record.id: record for record in self.env[model].sudo().browse(own.mapped("res_id")).exists()}
            by_company = {e.company_id: heirs.get(e.id) for e in employees if e.user_id == user}
            for activity in own:
                record = records.get(activity.res_id)
                company = record.company_id if record and "company_id" in record._fields else user.company_id
                heir = by_company.get(company)
                if heir and record and record.with_user(heir.user_id).has_access("read"):
                    found[heir.user_id] |= activity
        for user, own in found.items():
            own.with_context(mail_activity_quick_update=True).write({"user_id": user.id})

    @api.model
    def _vshu_own_activities(self):
        """Return the models whose activities are about their person and nobody else."""
        return ["vshu.notice"]


class VshuDeadline(models.Model):
    _inherit = "vshu.deadline"

    def _hand_over(self):
        """Give running clocks to who answers today, where that is somebody else: the stand-in, the new holder of a
        duty, the deputy head of a vacant post. In a constant number of queries; twice changes nothing."""
        today = self._vshu_today()
        running = self.filtered(lambda d: d.state in ("open", "overdue"))
        owners = defaultdict(self.browse)
        for (model, code), deadlines in running.grouped(lambda d: (d.res_model, d.role_id.code)).items():
            records = self.env[model].sudo().browse(deadlines.mapped("res_id")).exists()
            users = records._deadline_role_users(code, today)
            for vacant in ("deputy_head", "head"):
                missing = records.filtered(lambda r, users=users: not users.get(r.id))
                if missing:
                    users.update(missing._deadline_role_users(vacant, today))
            for deadline in deadlines:
                user = users.get(deadline.res_id)
                if user and user != deadline.user_id:
                    owners[user] |= deadline
        # sudo: activities of clocks are the system's
        Activity = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
        changed = self.browse([deadline.id for deadlines in owners.values() for deadline in deadlines])
        changed._read_names()
        vals_list = []
        for user, deadlines in owners.items():
            deadlines.write({"user_id": user.id})
            there = deadlines.filtered("activity_id.active")
            Activity.browse(there.activity_id.ids).write({"user_id": user.id})
            vals_list += [deadline._activity_vals(user, deadline.date_due) for deadline in deadlines - there]
        for activity in Activity.create(vals_list):
            activity.vshu_deadline_id.activity_id = activity


class VshuCase(models.Model):
    _inherit = "vshu.case"

    curator_vacant = fields.Boolean(
        string="Without a curator",
        compute="_compute_curator_vacant",
        search="_search_curator_vacant",
        help="On the register, and nobody works with the child: no curator was named, or the one named has left.",
    )

    @api.depends("state", "curator_id")
    def _compute_curator_vacant(self):
        for case in self:
            curator = case.sudo().curator_id  # sudo: whether a colleague still works at the school
            case.curator_vacant = case.state in STAY_STATES and (
                not curator or not curator.active or (curator.user_id and not curator.user_id.active)
            )

    def _search_curator_vacant(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "in", STAY_STATES) & (
            Domain("curator_id", "=", False) | Domain("curator_id", "in", self.env["hr.employee"]._vshu_leaver_ids())
        )

    def _tell_vacant(self):
        """Ask the deputy head for another curator where the one named has left, one reminder a case, without a name
        (RU-1.3, RU-5.4). Where none was ever named, the case is in the list, and its papers ask for the act."""
        self._take_back_vacant()
        cases = self.filtered(lambda case: case.curator_id and case.curator_vacant)
        type_id = self.env.ref("vshu_registry.activity_type_vacant").id
        # sudo: reminders are the system's
        Activity = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
        known = Activity.search_fetch(
            [("res_model", "=", self._name), ("res_id", "in", cases.ids), ("activity_type_id", "=", type_id)],
            ["res_id"],
        )
        cases = cases.filtered(lambda case: case.id not in set(known.mapped("res_id")))
        today = self._vshu_today()
        users = cases._deadline_role_users("deputy_head", today)
        missing = cases.filtered(lambda case: not users.get(case.id))
        users.update(missing._deadline_role_users("head", today))
        model_id = self.env["ir.model"]._get_id(self._name)
        Activity.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": case.id,
                    "activity_type_id": type_id,
                    "user_id": users[case.id].id,
                    "date_deadline": today,
                    "summary": case.with_context(lang=users[case.id].lang or self.env.lang).env._(
                        "Nobody works with the child any more: name another curator"
                    ),
                }
                for case in cases
                if users.get(case.id)
            ]
        )

    def _curator_named(self):
        """A curator was named: what asked for one is done, and the curator's clocks go to the new one."""
        self._take_back_vacant()
        # sudo: clocks are kept by the system; who may name a curator was checked
        self.env["vshu.deadline"].sudo().search(
            [("case_id", "in", self.ids), ("state", "in", ("open", "overdue"))]
        )._hand_over()

    @api.model
    def _vacant_ids(self):
        """Return the ids of the cases without a curator, and of those where a reminder of it is open."""
        # sudo: called by the nightly job
        reminders = (
            self.env["mail.activity"]
            .sudo()
            .search_fetch(
                [
                    ("res_model", "=", self._name),
                    ("activity_type_id", "=", self.env.ref("vshu_registry.activity_type_vacant").id),
                ],
                ["res_id"],
            )
        )
        left = self.search([("curator_vacant", "=", True), ("curator_id", "!=", False)])
        return sorted({*left.ids, *reminders.mapped("res_id")})

    def _take_back_vacant(self):
        named = self.filtered(lambda case: not case.curator_vacant)
        # sudo: reminders are the system's
        self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", named.ids),
                ("activity_type_id", "=", self.env.ref("vshu_registry.activity_type_vacant").id),
            ]
        ).unlink()
