from odoo import api, fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    vshu_standin_ids = fields.One2many(
        "vshu.standin",
        "company_id",
        string="Stand-ins",
        groups="vshu_registry.group_staff,vshu_registry.group_administrator",
    )

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
