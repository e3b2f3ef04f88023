from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.in_use import refuse_if_used


class VshuSchoolYear(models.Model):
    """A school year. Its last day is the day before the next one begins: the summer belongs to the year that ended."""

    _name = "vshu.school.year"
    _inherit = "vshu.link.mixin"
    _description = "School year"
    _order = "date_start desc"

    name = fields.Char(required=True, help="As it is written on papers, e.g. 2026/27.")
    company_id = fields.Many2one(
        "res.company", string="School", required=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    date_start = fields.Date(string="First day", required=True)
    date_end = fields.Date(
        string="Last day", required=True, help="With the summer: the day before the next school year begins."
    )
    term_ids = fields.One2many("vshu.school.term", "year_id", string="Terms and vacations", copy=False)
    class_ids = fields.One2many("vshu.class", "year_id", string="Classes")
    class_count = fields.Integer(string="Number of classes", compute="_compute_class_count")

    _name_uniq = models.Constraint("UNIQUE(company_id, name)", "The school has a year with this name already.")
    _dates_order = models.Constraint(
        "CHECK(date_end > date_start)", "The last day of a school year must come after its first day."
    )
    _dates_idx = models.Index("(company_id, date_start, date_end)")

    @api.depends("class_ids")
    def _compute_class_count(self):
        counts = dict(self.env["vshu.class"]._read_group([("year_id", "in", self.ids)], ["year_id"], ["__count"]))
        for year in self:
            year.class_count = counts.get(year._origin, 0)

    @api.constrains("date_start", "date_end", "company_id")
    def _check_overlap(self):
        others = self.search(Domain("company_id", "in", self.company_id.ids))
        for year in self:
            for other in others - year:
                if (
                    other.company_id == year.company_id
                    and other.date_start <= year.date_end
                    and other.date_end >= year.date_start
                ):
                    raise ValidationError(
                        self.env._(
                            "School year “%(year)s” overlaps “%(other)s” (%(start)s – %(end)s). "
                            "Each year ends on the day before the next one begins.",
                            year=year.name,
                            other=other.name,
                            start=fields.Date.to_string(other.date_start),
                            end=fields.Date.to_string(other.date_end),
                        )
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        refuse_if_used(self)

    def write(self, vals):
        """Change school years; they are closed by the wizard only (AccessError)."""
        self._check_closing(vals)
        res = super().write(vals)
        if "name" in vals:
            self.env.registry.clear_cache()
        return res

    @api.model
    @tools.ormcache("year_id")
    def _name_of(self, year_id):
        """Return the name of a school year, which every number of the journal shows."""
        # sudo: the name of a school year is no secret
        return self.sudo().browse(year_id).name if year_id else False

    @api.model
    def _for_date(self, company, date):
        """Return the school year of ``company`` that ``date`` belongs to; none where there is none.

        A day between two years that leave a gap belongs to the year that has ended.
        """
        # sudo: the name and dates of a school year are no secret
        year = self.sudo().search(
            [("company_id", "=", company.id), ("date_start", "<=", date)], order="date_start desc", limit=1
        )
        if year and year.date_end < date:
            # sudo: see above
            later = self.sudo().search_count([("company_id", "=", company.id), ("date_start", ">", date)], limit=1)
            if not later:
                year = self.browse()
        return year.sudo(False)

    def action_open_classes(self):
        """Open the classes of the year. Raises AccessError where the user may not read it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_registry.action_vshu_class")
        return dict(action, domain=[("year_id", "=", self.id)], context={"default_year_id": self.id})


class VshuSchoolTerm(models.Model):
    """A term or vacation of a school year."""

    _name = "vshu.school.term"
    _inherit = "vshu.link.mixin"
    _description = "Term or vacation"
    _order = "date_start"

    name = fields.Char(required=True, translate=True)
    year_id = fields.Many2one("vshu.school.year", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="year_id.company_id", store=True)
    kind = fields.Selection([("term", "Term"), ("vacation", "Vacation")], required=True, default="term")
    date_start = fields.Date(string="First day", required=True)
    date_end = fields.Date(string="Last day", required=True)

    _dates_order = models.Constraint(
        "CHECK(date_end >= date_start)", "The last day of a term cannot come before its first day."
    )
    _dates_idx = models.Index("(company_id, date_start, date_end)")

    @api.constrains("date_start", "date_end", "year_id")
    def _check_dates(self):
        others = self.search([("year_id", "in", self.year_id.ids)])
        for term in self:
            year = term.year_id
            if term.date_start < year.date_start or term.date_end > year.date_end:
                raise ValidationError(
                    self.env._(
                        "“%(term)s” lies outside the school year “%(year)s” (%(start)s – %(end)s).",
                        term=term.name,
                        year=year.name,
                        start=fields.Date.to_string(year.date_start),
                        end=fields.Date.to_string(year.date_end),
                    )
                )
            for other in others - term:
                if other.year_id == year and other.date_start <= term.date_end and other.date_end >= term.date_start:
                    raise ValidationError(
                        self.env._(
                            "“%(term)s” overlaps “%(other)s” (%(start)s – %(end)s).",
                            term=term.name,
                            other=other.name,
                            start=fields.Date.to_string(other.date_start),
                            end=fields.Date.to_string(other.date_end),
                        )
                    )
