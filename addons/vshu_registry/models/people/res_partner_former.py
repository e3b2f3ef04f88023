import re

from odoo import fields, models

from ...tools.name_words import name_key
from .res_partner import STAFF

#: a line of the former names: the name, and the day on which it was changed
FORMER = re.compile(r"(.*) \(\d{4}-\d{2}-\d{2}\)")


class ResPartner(models.Model):
    """A child that is renamed is the same child: former names are kept, found, and known to the import of lists."""

    _inherit = "res.partner"

    vshu_former_names = fields.Text(
        string="Former names",
        readonly=True,
        copy=False,
        groups=STAFF,
        help="Each with the day on which it was changed. Searches and class lists find the child by them too.",
    )

    def _vshu_former(self, name):
        """Return {student: former names as they are to be} of those to whom another name than ``name`` is given."""
        if not (name or "").strip():
            return {}
        today = self.env.company._vshu_today()
        result = {}
        # sudo: the name is kept by the system, whoever may change it
        for student in self.sudo().filtered("vshu_is_student"):
            old = (student.name or "").strip()
            if old and name_key(old) != name_key(name) and name_key(old) not in student._vshu_former_keys():
                lines = [f"{old} ({fields.Date.to_string(today)})", student.vshu_former_names]
                result[student] = "\n".join(filter(None, lines))
        return result

    def _vshu_former_keys(self):
        """Return the former names of the student as names are compared."""
        self.ensure_one()
        found = map(FORMER.fullmatch, (self.vshu_former_names or "").splitlines())
        return [name_key(match.group(1)) for match in found if match]
