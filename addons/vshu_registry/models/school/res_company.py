from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .vshu_standin import OFFICE, READERS


class ResCompany(models.Model):
    _inherit = "res.company"

    vshu_standin_ids = fields.One2many(
        "vshu.standin",
        "company_id",
        string="Stand-ins",
        groups="vshu_registry.group_staff,vshu_registry.group_administrator",
    )

    vshu_office_standin = fields.Boolean(
        string="I stand in for those who keep the register",
        compute="_compute_vshu_standins",
        search="_search_vshu_office_standin",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    vshu_reader_standin = fields.Boolean(
        string="I stand in for those who read all cases",
        compute="_compute_vshu_standins",
        search="_search_vshu_reader_standin",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_vshu_standins(self):
        for company in self:
            company.vshu_office_standin = company._origin.id in self._vshu_stood_in(OFFICE)
            company.vshu_reader_standin = company._origin.id in self._vshu_stood_in(READERS)

    def _search_vshu_office_standin(self, operator, value):
        return self._vshu_search_stood_in("vshu_office_standin", operator, OFFICE)

    def _search_vshu_reader_standin(self, operator, value):
        return self._vshu_search_stood_in("vshu_reader_standin", operator, READERS)

    @api.model
    def _vshu_search_stood_in(self, name, operator, role_codes):
        if operator != "in":
            return NotImplemented
        if not self.env.su:  # where nobody is found, Odoo does not come to ask
            self._check_field_access(self._fields[name], "read")
        return Domain("id", "in", self._vshu_stood_in(role_codes))

    @api.model
    def _vshu_stood_in(self, role_codes):
        """Return the ids of the open schools where the user stands in today for one of the roles; no query."""
        return [row[1] for row in self.env["vshu.standin"]._mine(role_codes)]

    @api.ondelete(at_uninstall=False)
    def _unlink_without_cases(self):
        # sudo: the register forbids the deletion also for whoever may not see its cases; only the count is told
        counts = (
            self.env["vshu.case"]
            .sudo()
            .with_context(active_test=False)
            ._read_group([("company_id", "in", self.ids)], ["company_id"], ["__count"])
        )
        for company, count in counts:
            raise UserError(
                self.env._(
                    "“%(company)s” cannot be deleted: its prevention register holds cases (%(count)s) that must be "
                    "kept. Archive the company instead.",
                    company=company.sudo(False).name,
                    count=count,
                )
            )
