from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: names that the holidays library has in English and not in every language of the country: translated here
LIBRARY_NAMES = {
    "New Year's Day": _lt("New Year's Day"),
    "Orthodox Christmas": _lt("Orthodox Christmas"),
    "International Women's Day": _lt("International Women's Day"),
    "Nowruz Holiday": _lt("Nowruz Holiday"),
    "Constitution Day": _lt("Constitution Day"),
    "Kazakhstan's People Solidarity Holiday": _lt("Kazakhstan's People Solidarity Holiday"),
    "Defender of the Fatherland Day": _lt("Defender of the Fatherland Day"),
    "Victory Day": _lt("Victory Day"),
    "Capital Day": _lt("Capital Day"),
    "Republic Day": _lt("Republic Day"),
    "Independence Day": _lt("Independence Day"),
    "Eid al-Adha": _lt("Eid al-Adha"),
}


class VshuCalendarException(models.Model):
    """A day taken from the working calendar of a school, or added to it (a working Saturday)."""

    _name = "vshu.calendar.exception"
    _inherit = "vshu.link.mixin"
    _description = "Day off or working day out of turn"
    _order = "date desc"

    #: they go with the form of the school
    _goes_along = True

    school_id = fields.Many2one(
        "vshu.school",
        required=True,
        ondelete="cascade",
        index=True,
        default=lambda self: self._default_school_id(),
    )
    company_id = fields.Many2one(related="school_id.company_id", store=True, index=True)
    date = fields.Date(required=True)
    kind = fields.Selection(
        [("off", "Day off"), ("work", "Working day")], required=True, default="off", help="What the day is."
    )
    name = fields.Char(required=True, translate=True)
    five_day_only = fields.Boolean(
        string="Five-day week only",
        help="Moved from a Saturday: in a six-day week it is a working day like any other.",
    )
    source = fields.Selection(
        [("library", "Public holidays"), ("manual", "Entered or changed by hand")],
        required=True,
        default="manual",
        readonly=True,
        help="What was entered or changed by hand is never overwritten.",
    )

    _school_date_uniq = models.Constraint(
        "UNIQUE(school_id, date)", "This day is in the calendar of the school already: change that row."
    )

    @api.model
    def _default_school_id(self):
        return self.env["vshu.school"].search([("company_id", "=", self.env.company.id)], limit=1)

    @api.depends("name", "date")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.name} {fields.Date.to_string(row.date)}" if row.date else row.name

    @api.model_create_multi
    def create(self, vals_list):
        """Create rows; running clocks of the school follow."""
        rows = super().create(vals_list)
        rows.school_id._calendar_changed()
        return rows

    def write(self, vals):
        """Change rows: what a user changes is the user's from then on. Running clocks of the school follow."""
        schools = self.school_id
        if "source" not in vals and {"date", "kind", "name", "five_day_only"} & set(vals):
            vals = {**vals, "source": "manual"}
        res = super().write(vals)
        if {"date", "kind", "five_day_only", "school_id"} & set(vals):
            (schools | self.school_id)._calendar_changed()
        return res

    def unlink(self):
        """Delete rows; running clocks of the school follow."""
        schools = self.school_id
        res = super().unlink()
        schools.exists()._calendar_changed()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_not_of_library(self):
        if self.env.su:
            return
        for row in self:
            if row.source == "library":
                raise UserError(
                    self.env._(
                        "“%(name)s” (%(date)s) comes from the public holidays and would come back. "
                        "Set it to “Working day” instead: what you change stays.",
                        name=row.name,
                        date=fields.Date.to_string(row.date),
                    )
                )

    @api.model
    def _library_name(self, name):
        """Return a holiday's English name of the library in the language of the context, as far as it is known."""
        if name.endswith(" (observed)"):
            return self.env._("%s (day off moved)", self._library_name(name.removesuffix(" (observed)")))
        if name.endswith(" (estimated)"):
            return self.env._("%s (estimated date)", self._library_name(name.removesuffix(" (estimated)")))
        known = LIBRARY_NAMES.get(name)
        return str(known) if known else name  # lazy: translated for the context of self

    @api.model
    def _workday_name(self):
        """Return the name of a working Saturday in the language of the context."""
        return self.env._("Working day (moved)")
