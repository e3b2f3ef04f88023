from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.locks import wait_for_keys
from ...tools.search_words import is_words, number_in


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
        self._lock_numbers(company.id, year.id)
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

    @api.model
    def _lock_numbers(self, company_id, year_id):
        """Let nobody else give or write a number of the year until the end of the transaction: one key a number,
        however it comes about."""
        wait_for_keys(self.env, [("number", self._table, company_id, year_id or 0)])
        self.flush_model(["company_id", "year_id", "number"])

    @api.model
    def _taken_numbers(self, company_id, year_id, numbers):
        """Return those of ``numbers`` that the year has already, by this transaction or by what others have committed.

        Whoever gives one at this moment is waited for.
        """
        self._lock_numbers(company_id, year_id)
        query = SQL(
            "SELECT number FROM %s WHERE company_id = %s AND year_id IS NOT DISTINCT FROM %s AND number IN %s",
            SQL.identifier(self._table),
            company_id,
            year_id or None,
            tuple(numbers),
        )
        taken = {number for (number,) in self.env.execute_query(query)}
        if self.env.registry.ready:  # see _next_of_year
            with self.env.registry.cursor() as fresh:
                fresh.execute(query)
                taken.update(number for (number,) in fresh.fetchall())
        return taken
