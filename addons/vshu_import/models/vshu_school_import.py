from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.vshu_registry.tools.locks import wait_for


class VshuSchool(models.Model):
    """The school's limits on the lists that are brought into the register."""

    _inherit = "vshu.school"

    import_max_rows = fields.Integer(string="Rows in a list, at most", default=20000, required=True)
    import_max_mb = fields.Integer(string="Size of a list, at most (MB)", default=10, required=True)
    import_direct_rows = fields.Integer(
        string="Rows imported at once",
        default=500,
        required=True,
        help="Longer lists are imported in the background, with a bar that shows how far it has come.",
    )
    import_keep_days = fields.Integer(
        string="Lists are kept for (days)",
        default=90,
        required=True,
        help="Imported lists hold data of children: they are deleted after so many days. What was imported stays.",
    )
    import_min_age = fields.Integer(string="Youngest child (years)", default=5, required=True)
    import_max_age = fields.Integer(string="Oldest child (years)", default=21, required=True)
    import_max_grade = fields.Integer(string="Highest grade", default=12, required=True)
    import_run = fields.Integer(
        string="Imports of lists", readonly=True, copy=False, help="Lists wait for each other by it."
    )

    def _lock_imports(self):
        """Let no other list of the school be imported until the end of the transaction.

        The row is changed, so that the database refuses whoever worked out a list on what was there before: the
        request begins anew and sees the children whom the other list brought.
        """
        school = self.sudo()  # sudo: a lock, nothing of the school is read; the right to import was checked
        school.ensure_one()
        school.flush_recordset(["import_run"])
        wait_for(school, allow_referencing=True)
        self.env.execute_query(
            SQL("UPDATE vshu_school SET import_run = COALESCE(import_run, 0) + 1 WHERE id = %s", school.id)
        )
        school.invalidate_recordset(["import_run"], flush=False)

    @api.constrains(
        "import_max_rows",
        "import_max_mb",
        "import_direct_rows",
        "import_keep_days",
        "import_min_age",
        "import_max_age",
        "import_max_grade",
    )
    def _check_import_limits(self):
        for school in self:
            names = ("import_max_rows", "import_max_mb", "import_keep_days", "import_max_age", "import_max_grade")
            for name in names:
                if school[name] < 1:
                    raise ValidationError(
                        self.env._(
                            "School “%(school)s”: “%(field)s” must be 1 or more.",
                            school=school.name,
                            field=school._fields[name]._description_string(self.env),
                        )
                    )
            if not 0 <= school.import_min_age < school.import_max_age:
                raise ValidationError(
                    self.env._("School “%s”: the youngest child must be younger than the oldest.", school.name)
                )
