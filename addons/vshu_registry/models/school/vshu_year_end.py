"""What the end of a school year asks of years, classes, enrolments and regulations; the wizard that closes a year."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.guard import is_guarded, without_defaults

#: who closes a year
CLOSERS = {"administrator", "social_pedagogue"}
#: what closing writes on a year
CLOSING = {"date_closed", "early_reason", "early_user_id"}


class VshuRegulation(models.Model):
    _inherit = "vshu.regulation"

    primary_grade = fields.Integer(string="Last grade of the primary school", aggregator=None)
    basic_grade = fields.Integer(
        string="Last grade of the basic school", help="After it pupils may leave.", aggregator=None
    )
    last_grade = fields.Integer(string="Last grade", help="After it pupils graduate.", aggregator=None)


class VshuEnrollmentEndReason(models.Model):
    _inherit = "vshu.enrollment.end.reason"

    year_end = fields.Selection(
        [
            ("promote", "Goes to the next grade"),
            ("repeat", "Stays in the grade"),
            ("basic", "Leaves after the basic school"),
            ("graduate", "Finishes the school"),
            ("leave", "Leaves the school"),
        ],
        string="At the end of a year",
        help="What it means when a school year is closed; empty: not offered then.",
    )


class VshuSchoolYear(models.Model):
    _inherit = "vshu.school.year"

    date_closed = fields.Date(
        string="Closed on", readonly=True, copy=False, help="All pupils went on to the next year or left the school."
    )
    early_reason = fields.Char(
        string="Why it was closed early", readonly=True, copy=False, help="Before the end of the last term."
    )
    early_user_id = fields.Many2one(
        "res.users", string="Closed early by", readonly=True, copy=False, ondelete="restrict", index="btree_not_null"
    )
    can_close = fields.Boolean(compute="_compute_can_close", export_string_translation=False)

    @api.depends_context("uid")
    @api.depends("date_closed", "company_id")
    def _compute_can_close(self):
        roles = self.env["vshu.role"]._my_roles(self.company_id)
        for year in self:
            may = self.env.su or bool(roles.get(year.company_id.id, set()) & CLOSERS)
            year.can_close = bool(year._origin) and not year.date_closed and may

    @api.model_create_multi
    def create(self, vals_list):
        """Create school years; they are closed by the wizard only (AccessError)."""
        if not is_guarded(self.env):
            self = without_defaults(self, CLOSING)
            if any(vals.get(name) for vals in vals_list for name in CLOSING):
                raise AccessError(self.env._("A school year is closed by its button, not by writing a date."))
        return super().create(vals_list)

    @api.model
    def _check_closing(self, vals):
        """Raise AccessError where a user writes what closing a year writes."""
        if not CLOSING.isdisjoint(vals) and not is_guarded(self.env):
            raise AccessError(self.env._("A school year is closed by its button, not by writing a date."))

    def action_close_year(self):
        """Open the preview of closing the year, for all its classes. Returns an act_window in full.

        Raises AccessError for anyone but the administrator and the social pedagogue, UserError where it is closed.
        """
        self.ensure_one()
        return self._open_closing(self.env["vshu.class"])

    def _open_closing(self, classes):
        self._check_closer()
        self._check_not_closed()
        closing = self.env["vshu.year.close"]._prepare(self, classes)
        return closing._open()

    def _check_closer(self):
        """Raise AccessError unless the user closes the years of this school: administrator or social pedagogue."""
        self.check_access("read")
        roles = self.env["vshu.role"]._my_roles(self.company_id)
        for year in self:
            if not self.env.su and not roles.get(year.company_id.id, set()) & CLOSERS:
                raise AccessError(
                    self.env._(
                        "School year “%s” is closed by the register administrator or the social pedagogue.", year.name
                    )
                )

    def _check_not_closed(self):
        for year in self:
            if year.date_closed:
                raise UserError(
                    self.env._(
                        "School year “%(year)s” was closed on %(date)s already. A pupil who went to the wrong class is "
                        "put right on the enrolment.",
                        year=year.name,
                        date=fields.Date.to_string(year.date_closed),
                    )
                )

    def _last_day(self):
        """Return the day until which lessons go on: the end of the last term, else the last day of the year."""
        self.ensure_one()
        # sudo: the terms of a school are no secret
        terms = self.env["vshu.school.term"].sudo().search([("year_id", "=", self.id), ("kind", "=", "term")])
        return max(terms.mapped("date_end"), default=self.date_end)

    def _next_year(self):
        """Return the first school year that begins after this one, empty where there is none."""
        self.ensure_one()
        return self.search(
            [("company_id", "=", self.company_id.id), ("date_start", ">", self.date_end)], order="date_start", limit=1
        )


class VshuClass(models.Model):
    _inherit = "vshu.class"

    def action_close_year(self):
        """Open the preview of closing the year for these classes only. Returns and raises as the year's own button."""
        year = self.year_id
        if len(year) != 1:
            raise UserError(self.env._("Choose classes of one school year."))
        return year._open_closing(self)
