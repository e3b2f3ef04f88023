from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.guard import without_defaults

#: what the person who carries it out writes
OWN = {"date_done", "note"}


class VshuRecommendationLine(models.Model):
    """Who carries a recommendation out, and how it was done (RU-5.4: сведения об их реализации)."""

    _name = "vshu.recommendation.line"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Carrying out of a recommendation"
    _order = "recommendation_id desc, id"
    _check_company_auto = True

    recommendation_id = fields.Many2one("vshu.recommendation", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="recommendation_id.company_id", store=True, index=True)
    employee_id = fields.Many2one(
        "hr.employee", string="Who", required=True, index=True, check_company=True, ondelete="restrict"
    )
    note = fields.Text(string="What was done")
    date_done = fields.Date(string="Carried out on", copy=False)
    # with the reader's rights: a form can be filled with any id and asked for what follows from it
    student_id = fields.Many2one(related="recommendation_id.student_id", related_sudo=False)
    text = fields.Text(related="recommendation_id.text", related_sudo=False)
    author_id = fields.Many2one(related="recommendation_id.author_id", related_sudo=False)
    date = fields.Date(related="recommendation_id.date", related_sudo=False)
    date_due = fields.Date(related="recommendation_id.date_due", related_sudo=False)
    date_given = fields.Date(related="recommendation_id.date_given", related_sudo=False)
    mine = fields.Boolean(compute="_compute_mine", help="Whether this user marks it as carried out.")

    _once_uniq = models.Constraint(
        "UNIQUE(recommendation_id, employee_id)", "The recommendation names this person already."
    )

    @api.depends("recommendation_id", "employee_id")
    def _compute_display_name(self):
        for line in self:
            # sudo: number of the recommendation and name of a colleague
            line.display_name = self.env._(
                "%(recommendation)s: %(person)s",
                recommendation=line.recommendation_id.sudo().display_name,
                person=line.employee_id.sudo().name or "-",
            )

    @api.depends_context("uid")
    @api.depends("employee_id", "date_given")
    def _compute_mine(self):
        for line in self:
            line.mine = bool(line.date_given) and line._is_mine()

    def _is_mine(self):
        """Tell whether the user marks the line: the person named, or for one without a log-in the author."""
        self.ensure_one()
        user = self.sudo().employee_id.user_id  # sudo: whose log-in it is
        return self.env.su or (user or self.sudo().recommendation_id.user_id) == self.env.user

    @api.constrains("date_done", "recommendation_id")
    def _check_done(self):
        for line in self.filtered("date_done"):
            today = line._vshu_today()
            if line.date_done > today:
                raise ValidationError(
                    self.env._(
                        "%s: it cannot be carried out on a date in the future. Enter the day on which it was done.",
                        line.display_name,
                    )
                )
            recommendation = line.sudo().recommendation_id  # sudo: compared with its date
            if not recommendation.date_given or line.date_done < recommendation.date:
                raise ValidationError(
                    self.env._("%s: it cannot be carried out before it was given. Correct the date.", line.display_name)
                )

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Name people; of a recommendation that has been given they are reminded at once. Nobody is named as having
        carried it out (AccessError)."""
        if not self.env.su and any(OWN & {key for key, value in vals.items() if value} for vals in vals_list):
            raise AccessError(self.env._("Who is named writes what was done, and when."))
        if not self.env.su:
            self = without_defaults(self, OWN)
        lines = super().create(vals_list)
        late = lines.filtered(lambda line: line.sudo().recommendation_id.date_given)  # sudo: whether it has been given
        late._check_employed()
        late._remind()
        return lines

    def write(self, vals):
        """Change lines: the mark is written by the person named, who is named by the psychologist until it is given."""
        if not self.env.su:
            self.check_access("write")
            if OWN & vals.keys() and any(not line._is_mine() for line in self):
                raise AccessError(
                    self.env._("That a recommendation was carried out is marked by the person whom it names.")
                )
            if vals.keys() - OWN and any(line.recommendation_id.date_given for line in self):
                raise UserError(
                    self.env._(
                        "The recommendation has been given: add another person, or take out one who has not carried it "
                        "out."
                    )
                )
        res = super().write(vals)
        if "date_done" in vals:
            self.filtered("date_done")._reminder_done()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_only_open(self):
        for line in self:
            if line.date_done:
                raise UserError(self.env._("%s: carried out, and stays on record.", line.display_name))

    def unlink(self):
        """Take people out; their reminders go too. Raises UserError where one has carried it out."""
        reminders = self._reminders()
        res = super().unlink()
        reminders.unlink()
        return res

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_done(self):
        """Mark recommendations as carried out today; for the person named (RU-5.4).

        Raises AccessError for anybody else, UserError where what was done is not written down.
        """
        self.check_access("write")
        for line in self.filtered(lambda record: not record.date_done):
            if not (line.note or "").strip():
                raise UserError(self.env._("%s: write what was done, then mark it as carried out.", line.display_name))
            line.write({"date_done": line._vshu_today()})
        return True

    def action_open(self):
        """Open the line, where what was done is written. Returns an act_window; raises AccessError for whoever may not
        read it."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recommendation"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # -- people and reminders --------------------------------------------------------------------------------------

    def _check_employed(self):
        """Raise UserError where somebody named has left the school."""
        for line in self:
            today = line._vshu_today()
            employee = line.sudo().employee_id  # sudo: whether they work here still
            if not employee.active or (employee.departure_date and employee.departure_date <= today):
                raise UserError(
                    self.env._(
                        "%(recommendation)s: %(person)s has left the school. Choose who carries it out.",
                        recommendation=line.recommendation_id.display_name,
                        person=employee.name,
                    )
                )

    def _remind(self):
        """Lay the recommendation on the desk of everybody named; the activity carries its number, no names."""
        vals_list = []
        for line in self.sudo():  # sudo: whose log-in it is; the right was checked by the caller
            today = line._vshu_today()
            user = line.employee_id.user_id.filtered("active")
            if user and not line.date_done:
                record = line.recommendation_id
                vals_list.append(
                    {
                        "res_model_id": self.env["ir.model"]._get_id(record._name),
                        "res_id": record.id,
                        "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                            "vshu_registry.activity_type_recommendation", raise_if_not_found=True
                        ),
                        "user_id": user.id,
                        "date_deadline": max(record.date_due or today, today),
                        "summary": record.with_context(lang=user.lang or self.env.lang).display_name,
                    }
                )
        # sudo: laid on another person's desk
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(vals_list)

    def _reminders(self):
        """Return the open activities of the people named, in sudo."""
        activities = self.env["mail.activity"].sudo()  # sudo: of other people's desks, on the records checked
        reminders = activities.search(
            [("res_model", "=", "vshu.recommendation"), ("res_id", "in", self.recommendation_id.ids)]
        )
        pairs = {(line.recommendation_id.id, line.sudo().employee_id.user_id.id) for line in self}
        return reminders.filtered(lambda activity: (activity.res_id, activity.user_id.id) in pairs)

    def _reminder_done(self):
        reminders = self._reminders()
        if reminders:
            reminders._action_done()
