import re

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from ..mixins.vshu_kept_mixin import may_delete

#: role of the prevention work → field of the school that names who holds it
ROLE_FIELDS = {
    "social_pedagogue": "keeper_id",
    "psychologist": "psychologist_id",
    "deputy_head": "deputy_head_id",
    "head": "head_id",
}

#: what a pattern of numbers may hold: text, %%, the year, the number with or without leading zeros
NUMBER_PATTERN = re.compile(r"([^%]|%%|%\(year\)s|%\(number\)(s|0?\d?d))*")


class VshuSchool(models.Model):
    """The school's own settings: its regulation, its officers, its working calendar. One record a company."""

    _name = "vshu.school"
    _inherit = ["vshu.link.mixin", "vshu.school.calendar.mixin"]
    _description = "School"
    _check_company_auto = True
    _order = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    name = fields.Char(related="company_id.name")
    regulation_id = fields.Many2one(
        "vshu.regulation",
        ondelete="restrict",
        index=True,
        domain="[('company_id', 'in', (False, company_id)), ('state', '=', 'in_force')]",
        help="The rules that the school follows. Its own version is made on the regulation itself.",
    )
    head_id = fields.Many2one("hr.employee", check_company=True, ondelete="restrict", index=True)
    deputy_head_id = fields.Many2one(
        "hr.employee",
        string="Deputy head",
        check_company=True,
        ondelete="restrict",
        index=True,
        help="Who coordinates the prevention work.",
    )
    keeper_id = fields.Many2one(
        "hr.employee",
        string="Keeper of the register",
        check_company=True,
        ondelete="restrict",
        index=True,
        help="Who keeps the register by order of the head: the social pedagogue.",
    )
    keeper_order_number = fields.Char(string="Order number")
    keeper_order_date = fields.Date(string="Order date")
    psychologist_id = fields.Many2one("hr.employee", check_company=True, ondelete="restrict", index=True)
    working_week = fields.Selection(
        [("5", "Five days"), ("6", "Six days")], string="Working week", required=True, default="5"
    )
    tz = fields.Selection(_tz_get, string="Time zone", required=True, default=lambda self: self._default_tz())
    paper_lang = fields.Selection(
        "_selection_paper_lang",
        string="Language of the papers",
        help="In which journal, orders and minutes are written where nothing else is chosen on the paper itself. "
        "Empty: the first one of the regulation.",
    )
    journal_first_number = fields.Integer(
        string="First number of a year", default=1, required=True, help="Entries of a school year are numbered from it."
    )
    number_pattern = fields.Char(
        string="Pattern of the number",
        default="%(number)s",
        required=True,
        help="%(number)s is the number in the school year, %(year)s the school year, e.g. %(number)s/%(year)s.",
    )
    file_limit_mb = fields.Integer(
        string="Largest file, MB", default=20, required=True, help="Files of papers may not be larger than this."
    )
    current_year_id = fields.Many2one("vshu.school.year", string="School year", compute="_compute_current_year_id")
    exception_ids = fields.One2many("vshu.calendar.exception", "school_id", string="Days off and working Saturdays")
    exception_count = fields.Integer(string="Number of days", compute="_compute_exception_count")
    missing_text = fields.Text(string="Still to be set", compute="_compute_missing_text")

    _company_uniq = models.Constraint("UNIQUE(company_id)", "This company has a school form already: change that one.")
    _first_number_positive = models.Constraint(
        "CHECK(journal_first_number > 0)", "The first number of the journal must be 1 or more."
    )
    _file_limit_positive = models.Constraint("CHECK(file_limit_mb > 0)", "The largest file must be 1 MB or more.")

    @api.model
    def _selection_paper_lang(self):
        return self.env["res.lang"].get_installed()

    def _paper_langs(self):
        """Return the codes of the languages in which the school makes papers, its own first; none without regulation.

        Only such as are installed count.
        """
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        langs = self.regulation_id._languages() if self.regulation_id else []
        return sorted((code for code in langs if code in installed), key=lambda code: code != self.paper_lang)

    @api.model
    def _default_tz(self):
        return self.env.company.resource_calendar_id.tz or self.env.user.tz or "UTC"

    def _compute_current_year_id(self):
        years = self.env["vshu.school.year"]
        for school in self:
            school.current_year_id = years._for_date(school.company_id, school._today()) if school.company_id else False

    @api.depends("exception_ids")
    def _compute_exception_count(self):
        counts = dict(
            self.env["vshu.calendar.exception"]._read_group([("school_id", "in", self.ids)], ["school_id"], ["__count"])
        )
        for school in self:
            school.exception_count = counts.get(school._origin, 0)

    @api.depends(
        "regulation_id",
        "head_id",
        "deputy_head_id",
        "keeper_id",
        "keeper_order_number",
        "keeper_order_date",
        "psychologist_id",
        "exception_ids",
    )
    def _compute_missing_text(self):
        wanted = {
            "regulation_id": self.env._("the regulation that the school follows"),
            "head_id": self.env._("the head"),
            "deputy_head_id": self.env._("the deputy head for the prevention work"),
            "keeper_id": self.env._("the keeper of the register"),
            "keeper_order_number": self.env._("the number of the order that names the keeper"),
            "keeper_order_date": self.env._("the date of the order that names the keeper"),
            "psychologist_id": self.env._("the psychologist"),
            "current_year_id": self.env._("a school year for today (Configuration → School years)"),
            "exception_ids": self.env._("the public holidays: press “Load public holidays”"),
        }
        for school in self:
            school.missing_text = "\n".join(label for name, label in wanted.items() if not school[name]) or False

    @api.constrains("number_pattern")
    def _check_number_pattern(self):
        for school in self:
            pattern = school.number_pattern
            valid = NUMBER_PATTERN.fullmatch(pattern) and "%(number)" in pattern
            if not valid:
                raise ValidationError(
                    self.env._(
                        "School “%(school)s”: the pattern “%(pattern)s” gives no number. It must contain %(code)s "
                        "and may contain %(year_code)s.",
                        school=school.name,
                        pattern=pattern,
                        code="%(number)s",
                        year_code="%(year)s",
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create school forms; each takes the time zone of its company's calendar where none is given."""
        self._vshu_check_values(vals_list)
        for vals in vals_list:
            if not vals.get("tz") and vals.get("company_id"):
                company = self.env["res.company"].browse(vals["company_id"])
                vals["tz"] = company.resource_calendar_id.tz or self._default_tz()
        schools = super().create(vals_list)
        self.env.registry.clear_cache()
        return schools

    def write(self, vals):
        """Change school forms; running clocks follow a change of the working week."""
        res = super().write(vals)
        # what is offered for new entries is kept in the cache too
        if {"company_id", "number_pattern", "regulation_id", "tz", "hidden_kind_ids"} & set(vals):
            self.env.registry.clear_cache()
        if {"working_week", "tz"} & set(vals):
            self._calendar_changed()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        # sudo: that there are pupils forbids it; nothing of them is told
        rows = (
            self.env["vshu.enrollment"].sudo()._read_group([("company_id", "in", self.company_id.ids)], ["company_id"])
        )
        if rows and not may_delete(self.env):
            raise UserError(
                self.env._(
                    "The form of “%s” stays: its pupils and their records hang on it. Change the form instead.",
                    rows[0][0].name,
                )
            )

    def unlink(self):
        """Delete school forms."""
        res = super().unlink()
        self.env.registry.clear_cache()
        return res

    # -- actions -----------------------------------------------------------------------------------------------------

    @api.model
    def action_open_my_school(self):
        """Open the form of the user's current school, or a new one where there is none yet."""
        school = self.search([("company_id", "=", self.env.company.id)], limit=1)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("School"),
            "res_model": self._name,
            "res_id": school.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {} if school else {"default_company_id": self.env.company.id},
        }

    def action_open_exceptions(self):
        """Open the days off and working Saturdays of the school. Raises AccessError where the user may not read it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_registry.action_vshu_calendar_exception")
        return dict(
            action,
            domain=[("school_id", "=", self.id)],
            context={"default_school_id": self.id, "search_default_this_year": 1},
        )

    # -- which school, who -------------------------------------------------------------------------------------------

    @api.model
    @tools.ormcache("company_id")
    def _id_for_company(self, company_id):
        # sudo: which form belongs to a company is no secret; the id alone is returned
        return self.sudo().search([("company_id", "=", company_id)], limit=1).id

    @api.model
    @tools.ormcache("company_id")
    def _tz_for_company(self, company_id):
        return next((zone for zone, ids in self._zones().items() if company_id in ids), "UTC")

    @api.model
    @tools.ormcache("company_id")
    def _number_pattern(self, company_id):
        """Return how numbers of the journal are written in the school of a company."""
        # sudo: as _id_for_company
        return self.sudo().browse(self._id_for_company(company_id)).number_pattern or "%(number)s"

    @api.model
    def _for_company(self, company):
        """Return the school form of ``company``.

        It is returned in sudo: officers, calendar and regulation of a school are needed by code that runs with the
        rights of any of its users, and hold nothing about children. Raises UserError where there is none, or where
        the regulation is not set.
        """
        # sudo: see the docstring
        school = self.sudo().browse(self._id_for_company(company.id))
        if not school or not school.regulation_id:
            raise UserError(
                self.env._(
                    "“%(company)s” has no complete school form: the register administrator fills in the regulation "
                    "under Configuration → School.",
                    company=company.sudo().name or "-",
                )
            )
        return school

    @api.model
    def _check_files(self, company, files):
        """Raise ValidationError where a file is empty, or larger than the school of ``company`` takes."""
        files = files.filtered(lambda file: file.type == "binary")
        if not files:
            return
        # sudo: as _id_for_company
        limit = self.sudo().browse(self._id_for_company(company.id)).file_limit_mb
        for file in files:
            if not file.file_size:
                raise ValidationError(
                    self.env._("“%s” is empty (0 bytes): the scan did not come through. Upload it again.", file.name)
                )
            if limit and file.file_size > limit * 1024 * 1024:
                raise ValidationError(
                    self.env._(
                        "“%(file)s” has %(size)s MB, the school takes files of up to %(limit)s MB. Scan it with a "
                        "lower resolution, or lay it in as several files.",
                        file=file.name,
                        size=round(file.file_size / 1024 / 1024, 1),
                        limit=limit,
                    )
                )

    def _users_for_role(self, role_code, date, classes=None):
        """Return the active users who hold a role in the school on ``date``, stand-ins considered.

        :param role_code: code of vshu.role; for "class_teacher" the teachers of ``classes``; head, deputy head,
            keeper and psychologist come from the school form or from their stand-in on that day; any other role
            with a group gives the users of the group in this school
        :param classes: vshu.class records, any number
        :returns: res.users, in sudo
        """
        self.ensure_one()
        # sudo: who holds an office is found for users without rights on employees; only users are returned
        school = self.sudo()
        if role_code == "class_teacher":
            employees = school.env["hr.employee"]
            for employee in (classes or school.env["vshu.class"]).sudo()._teachers_on(date).values():
                employees |= employee
            return employees.filtered("active").user_id.filtered("active")
        if role_code in ROLE_FIELDS:
            standins = school.env["vshu.standin"]._active(school.company_id.ids, date)
            holder = school[ROLE_FIELDS[role_code]]
            standins = standins.filtered(
                lambda s: s.role_id.code == role_code and (not s.employee_id or s.employee_id == holder)
            )
            people = (standins.substitute_id or holder).filtered("active")
            return people.user_id.filtered("active")
        role = school.env["vshu.role"].search([("code", "=", role_code)], limit=1)
        return role.group_id.all_user_ids.filtered(lambda u: u.active and school.company_id in u.company_ids)
