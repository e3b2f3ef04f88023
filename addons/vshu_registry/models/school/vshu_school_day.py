"""Which day it is: the school's own, whatever zone its server, the job or somebody's account has.

The one place that asks the clock for a day; everything else asks here (a test fails where it does not).
"""

from datetime import datetime

import pytz
from odoo import api, models, tools
from odoo.fields import Domain

#: models of others whose searches name days of the school
FOREIGN_MODELS = ("res.partner",)


class ResCompany(models.Model):
    _inherit = "res.company"

    def _vshu_today(self):
        """Return the date that it is now in the school of the company; of several the first, of none the user's.

        No query: the time zone of a school is kept in memory.
        """
        return self._vshu_day(datetime.now(pytz.utc))

    def _vshu_day(self, moment):
        """Return the day of ``moment`` (UTC, as the database keeps it) in the school of the company."""
        company = self[:1] or self.env.company
        zone = pytz.timezone(self.env["vshu.school"]._tz_for_company(company.id))
        return (moment if moment.tzinfo else pytz.utc.localize(moment)).astimezone(zone).date()


class VshuSchool(models.Model):
    _inherit = "vshu.school"

    def _today(self):
        """Return the date that it is now in the school."""
        self.ensure_one()
        return day_in(self.tz)

    @api.model
    @tools.ormcache()
    def _zones(self):
        """Return {time zone: ids of the companies whose schools have it}."""
        zones = {}
        # sudo: when it is which day is no secret
        for school in self.sudo().search_fetch([], ["company_id", "tz"]):
            zones.setdefault(school.tz, []).append(school.company_id.id)
        return zones

    @api.model
    def _by_day(self, build, company="company_id"):
        """Return the domain of what holds on each school's own day; without a query for any number of schools.

        :param build: function date → domain, called for each day that it is now in one of the schools
        :param company: path of the company in that domain
        """
        days, known = {}, []
        for zone, ids in self._zones().items():
            days.setdefault(day_in(zone), []).extend(ids)
            known += ids
        if len(days) == 1:
            return Domain(build(next(iter(days))))
        other = Domain(company, "not in", known) & Domain(build(self.env.company._vshu_today()))
        return Domain.OR([other, *(Domain(company, "in", ids) & Domain(build(day)) for day, ids in days.items())])


class Base(models.AbstractModel):
    """A word such as “today” in a record rule, a filter or a search is the school's day.

    Odoo takes it from the zone of the user's account, and UTC where there is none.
    """

    _inherit = "base"

    def _vshu_today(self):
        """Return the date that it is now in the school of the records (of one school), else in the user's current one.

        Where records of several schools come together, each asks for its own.
        """
        company = self.env.company
        if self._name.startswith("vshu.") and "company_id" in self._fields:
            # a record of a loop is not cut out of its set again: the schools of all are read at once
            record = self if len(self) == 1 else self[:1]
            company = record.sudo().company_id  # sudo: which school it is, of which only the day is told
        return company._vshu_today()

    def _vshu_in_school_zone(self):
        """Return the records in the time zone of the user's current school; those of other apps as they are."""
        ours = self._name.startswith("vshu.") or self._name in FOREIGN_MODELS
        # while addons come and go there may be no schools to ask
        if not ours or self._name == "vshu.school" or not self.env.registry.ready:
            return self
        zone = self.env["vshu.school"]._tz_for_company(self.env.company.id)
        return self if self.env.context.get("tz") == zone else self.with_context(tz=zone)

    @api.model
    def _search(self, domain, *args, **kwargs):
        return super(Base, self._vshu_in_school_zone())._search(domain, *args, **kwargs)

    def _check_access(self, operation):
        return super(Base, self._vshu_in_school_zone())._check_access(operation)


def day_in(zone):
    """Return the date that it is now in a time zone, in UTC where none is named."""
    return datetime.now(pytz.timezone(zone or "UTC")).date()
