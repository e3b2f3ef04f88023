from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.guard import guarded, is_guarded, without_defaults

#: follow from the case and from who writes, or are written by the buttons
GUARDED = {"author_id", "user_id", "date_given", "document_id"}
#: what changes when the recommendation has been given: who carries it out, and the thread
STILL_OPEN = {"line_ids", "activity_ids", "message_follower_ids", "message_main_attachment_id"}


class VshuRecommendation(models.Model):
    """What the psychologist recommends to named people, and how it was carried out (RU-5.4).

    Whoever is named reads it and the child's name, nothing else of the case.
    """

    _name = "vshu.recommendation"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin", "vshu.mail.mixin", "mail.activity.mixin"]
    _description = "Recommendation"
    _order = "date desc, id desc"
    _check_company_auto = True

    case_id = fields.Many2one("vshu.case", required=True, index=True, ondelete="restrict")
    # with the reader's rights: a form can be filled with any case and asked for what follows from it
    company_id = fields.Many2one(
        "res.company",
        string="School",
        compute="_compute_company_id",
        compute_sudo=False,
        store=True,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
    )
    subject = fields.Selection(
        selection=lambda self: self.env["vshu.case"]._fields["subject"]._description_selection(self.env),
        compute="_compute_subject",
        compute_sudo=False,  # empty for whoever reads the recommendation and not the case
    )
    student_id = fields.Many2one(
        "res.partner",
        string="Child",
        compute="_compute_student_id",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        index=True,
        ondelete="restrict",
        domain="[('vshu_is_student', '=', True)]",
        help="In the case of a family: which child it is about.",
    )
    author_id = fields.Many2one("hr.employee", readonly=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", string="Written by", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date = fields.Date(required=True, default=lambda self: self.env.company._vshu_today())
    date_due = fields.Date(string="Carry out by", help="By when it should be carried out.")
    text = fields.Text(string="What is recommended")
    line_ids = fields.One2many("vshu.recommendation.line", "recommendation_id", string="To whom", copy=False)
    date_given = fields.Date(string="Given on", readonly=True, copy=False)
    document_id = fields.Many2one(
        "vshu.document", string="Paper", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(
        [("draft", "Being written"), ("given", "Given"), ("done", "Carried out")],
        compute="_compute_state",
        store=True,
    )

    can_write = fields.Boolean(compute="_compute_can_write", help="Whether this user writes recommendations here.")

    @api.depends_context("uid")
    @api.depends("company_id")
    def _compute_can_write(self):
        roles = self.env["vshu.role"]._my_roles(self.company_id)
        for record in self:
            record.can_write = self.env.su or "psychologist" in roles.get(record.company_id.id, ())

    @api.depends("case_id")
    def _compute_company_id(self):
        for record in self:
            record.company_id = record.case_id.company_id or self.env.company

    @api.depends_context("uid")
    @api.depends("case_id")
    def _compute_subject(self):
        readable = self.case_id._origin._filtered_access("read")
        for record in self:
            record.subject = record.case_id.subject if record.case_id._origin in readable else False

    @api.depends("case_id")
    def _compute_student_id(self):
        for record in self:
            if record.case_id.student_id:
                record.student_id = record.case_id.student_id

    @api.depends("date_given", "line_ids.date_done")
    def _compute_state(self):
        for record in self:
            if not record.date_given:
                record.state = "draft"
            else:
                done = record.line_ids and all(line.date_done for line in record.line_ids)
                record.state = "done" if done else "given"

    def _compute_display_name(self):
        for record in self:
            record.display_name = (
                self.env._("Recommendation %s", record._origin.id) if record._origin else self.env._("Recommendation")
            )

    @api.model
    def _search_display_name(self, operator, value):
        """Recommendations are found by their number only."""
        return self.env["vshu.sealed"]._search_display_name(operator, value)

    # -- constraints -----------------------------------------------------------------------------------------------

    @api.constrains("student_id", "case_id")
    def _check_student(self):
        for record in self.sudo():  # sudo: whether the child is of this case
            if record.student_id not in record.case_id.student_id | record.case_id.family_id.member_ids:
                raise ValidationError(
                    self.env._(
                        "%(recommendation)s: choose the child, one of case %(case)s.",
                        recommendation=record.display_name,
                        case=record.case_id.display_name,
                    )
                )

    @api.constrains("date", "date_due", "student_id")
    def _check_dates(self):
        for record in self:
            today = record._vshu_today()
            birth_date = record.student_id.sudo().vshu_birth_date  # sudo: compared, not shown
            if record.date > today or (birth_date and record.date < birth_date):
                raise ValidationError(
                    self.env._(
                        "%(recommendation)s is dated %(date)s: enter the day on which it was written, not one in the "
                        "future nor before the child was born.",
                        recommendation=record.display_name,
                        date=fields.Date.to_string(record.date),
                    )
                )
            if record.date_due and record.date_due < record.date:
                raise ValidationError(
                    self.env._("%s: it cannot be due before it is written. Change the date.", record.display_name)
                )

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Write recommendations; for the psychologist, as the rules have it (AccessError for others)."""
        if not is_guarded(self.env):
            self = without_defaults(self, GUARDED)
        self._vshu_check_values(vals_list)
        ids = [vals.get("case_id") or self.env.context.get("default_case_id") for vals in vals_list]
        if not all(ids):
            raise UserError(self.env._("A recommendation is about a case: choose it."))
        cases = self.env["vshu.case"].browse(ids)
        cases.check_access("read")
        full = []
        for case, vals in zip(cases, vals_list, strict=True):
            if not is_guarded(self.env) and GUARDED & vals.keys():
                raise AccessError(self._guard_message(GUARDED & vals.keys()))
            company = case.sudo().company_id  # sudo: which school it is
            employee = (
                self.env["hr.employee"]
                .sudo()
                .search(  # sudo: the user's own card
                    [("user_id", "=", self.env.uid), ("company_id", "=", company.id)], limit=1
                )
            )
            full.append({"author_id": employee.id, "user_id": self.env.uid, **vals})
        return super().create(full)

    def write(self, vals):
        """Change recommendations; of one that has been given only who carries it out is added to (UserError)."""
        if not is_guarded(self.env):
            self.check_access("read")
            if GUARDED & vals.keys():
                raise AccessError(self._guard_message(GUARDED & vals.keys()))
            if vals.keys() - STILL_OPEN:
                self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        self._check_draft()

    def _check_draft(self):
        for record in self:
            if record.date_given:
                raise UserError(
                    self.env._(
                        "%s has been given and stays as it is. Give a new one where it no longer holds.",
                        record.display_name,
                    )
                )

    def _guard_message(self, names):
        labels = ", ".join(sorted(self._fields[name]._description_string(self.env) for name in names))
        return self.env._("%s: follows from the case and who writes, or is set by the buttons.", labels)

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_give(self):
        """Give the recommendations to the people they name: an activity reminds each (RU-5.4).

        The paper of its kind in the file is there then, where the regulation has one. Raises AccessError for anyone but
        psychologists, UserError where text or people are missing, or somebody named has left the school.
        """
        for record in self:
            record.check_access("read")
            record._check_draft()
            record.check_access("write")
            record._give(record._vshu_today())
        return True

    def _give(self, date):
        """Give the recommendation on ``date``; the caller has checked the right."""
        self.ensure_one()
        record = guarded(self.sudo())  # sudo: the right was checked for this very record
        if not (record.text or "").strip():
            raise UserError(self.env._("%s is empty: write what you recommend.", record.display_name))
        if not record.line_ids:
            raise UserError(
                self.env._("%s names nobody: choose who carries it out, then give it.", record.display_name)
            )
        record.line_ids._check_employed()
        record.write({"date_given": date, "document_id": record._counts_as().id})
        record.line_ids._remind()

    def _counts_as(self):
        """Return the line of the file that the recommendation makes ready, empty where the regulation has none."""
        documents = self.case_id.document_ids.filtered("type_id.recommendation")
        waiting = documents.filtered(lambda d: d.state in ("missing", "due"))[:1]
        if waiting:
            waiting.write({"date": self.date, "author_id": self.author_id.id, "not_needed": False})
        return waiting or documents.filtered("recommended")[:1] or documents[:1]
