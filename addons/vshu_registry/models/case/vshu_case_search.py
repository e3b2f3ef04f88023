from odoo import api, models
from odoo.fields import Domain

from ...tools.search_words import is_words, number_in


class VshuCase(models.Model):
    """By which words a case is found: what people know of it, its number or the child."""

    _inherit = "vshu.case"

    @api.model
    def _search_display_name(self, operator, value):
        """Find cases by their reference, their number in the journal, the child or the family.

        With the rights of whoever searches: a case that they do not read is not found by its child either.
        """
        domain = Domain(super()._search_display_name(operator, value))
        if not is_words(operator, value):
            return domain
        domain |= Domain("student_id.name", operator, value) | Domain("family_id.name", operator, value)
        number = number_in(value)
        return domain | Domain("number", "=", number) if number else domain
