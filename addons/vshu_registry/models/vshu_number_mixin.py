from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .search_words import is_words, number_in


class VshuNumberMixin(models.AbstractModel):
    """Records that are numbered in a school year: consecutive, no gap, no double.

    The model has the stored fields company_id, year_id and number.
    """

    _name = "vshu.number.mixin"
    _description = "Numbered in a school year"

    @api.model
    def _search_display_name(self, operator, value):
        """Find records by their number too, however it is written."""
        domain = super()._search_display_name(operator, value)
        number = is_words(operator, value) and number_in(value)
        return Domain(domain) | Domain("number", "=", number) if number else domain

    @api.model
    def _next_of_year(self, company, year, first=1):
        """Return the next number of ``company`` in ``year``, at least ``first``.

        Those who take one at the same moment wait for each other on a lock that is held until the end of the
        transaction. The numbers given by others meanwhile are read on a fresh snapshot, since this transaction's own
        may be older; a transaction rolled back leaves its number to the next one.
        """
        cr = self.env.cr
        cr.execute(SQL("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", f"{self._table}/{year.id}", company.id))
        self.flush_model(["company_id", "year_id", "number"])
        query = SQL(
            "SELECT MAX(number) FROM %s WHERE company_id = %s AND year_id IS NOT DISTINCT FROM %s",
            SQL.identifier(self._table),
            company.id,
            year.id or None,
        )
        cr.execute(query)
        own = cr.fetchone()[0] or 0
        others = 0
        # while modules are loaded (demo data) nobody else is in, and the table is not there for other transactions yet
        if self.env.registry.ready:
            with self.env.registry.cursor() as fresh:
                fresh.execute(query)
                others = fresh.fetchone()[0] or 0
        return max(own + 1, others + 1, first)
