from odoo import models
from odoo.tools import format_date


class VshuPaperMixin(models.AbstractModel):
    """A record that is printed as a paper of the school: its language, its school, its dates and who signs.

    Templates call ``vshu_registry.paper_layout`` with ``lang`` and ``record``; everything that a paper shows is read
    with the rights of whoever prints it.
    """

    _name = "vshu.paper.mixin"
    _description = "Printed as a paper"

    def _check_printable(self):
        """Raise UserError where one of the records may not be printed; whatever report prints it asks here first."""

    def _paper_lang(self):
        """Return the code of the language of the paper: the one chosen for it, else the school's first one.

        A paper has one language, whoever prints it: headings, frozen words and signatures are all in it.
        """
        self.ensure_one()
        self.check_access("read")  # first of all: in which language a paper is tells that it is there
        own = self._paper_lang_chosen()
        if own and own in {code for code, _name in self.env["res.lang"].get_installed()}:
            return own
        return next(iter(self._paper_school()._paper_langs()), self.env.lang or "en_US")

    def _paper_lang_chosen(self):
        """Return the language that is stored with the paper, false where nothing of it is written down before."""
        self.ensure_one()
        return "lang" in self._fields and self["lang"]

    def _paper_lang_of_reader(self):
        """Return the language of a paper that is made up as it is printed.

        The one chosen for it; else the reader's own where the school's papers are made in it, else the school's.
        """
        self.ensure_one()
        self.check_access("read")
        if not self._paper_lang_chosen() and self.env.lang in self._paper_school()._paper_langs():
            return self.env.lang
        return self._paper_lang()

    def _paper_company(self):
        """Return the school (company) that issues the paper."""
        self.ensure_one()
        return self.company_id

    def _paper_school(self):
        """Return the form of the school that issues the paper: its officers sign it."""
        self.ensure_one()
        # sudo: names of the school's officers, which stand on every paper
        return self.env["vshu.school"].sudo()._for_company(self._paper_company())

    def _paper_address(self):
        """Return the address of the school on one line, without its name and its country, as on a letterhead."""
        self.ensure_one()
        # sudo: the address of the school stands on every paper
        school = self._paper_company().sudo().partner_id
        lines = [" ".join(line.split()) for line in school._display_address(without_company=True).splitlines()]
        return ", ".join(line for line in lines if line and line != school.country_id.name)

    def _paper_date(self, date):
        """Return ``date`` in words of the paper's language, e.g. «15 октября 2026 г.»; a gap where there is none."""
        self.ensure_one()
        return format_date(self.env, date, date_format="long") if date else ""
