from odoo import fields, models


class VshuDocumentType(models.Model):
    """The paper of individual planning is in the file by itself: it comes from the plan (RU-5.4)."""

    _inherit = "vshu.document.type"

    fed_by = fields.Selection(selection_add=[("plan", "The plan and its reviews")], ondelete={"plan": "set null"})


class VshuCase(models.Model):
    _inherit = "vshu.case"

    def _plan_on_file(self, day):
        """Note that the paper that plans feed is in the file since ``day``; its next copy comes up by itself.

        Called on a superuser set by what makes or renews the plan (RU-5.4).
        """
        papers = self.env["vshu.document"].search(
            [
                ("case_id", "in", self.ids),
                ("type_id.fed_by", "=", "plan"),
                ("state", "in", ("missing", "due")),
                ("not_needed", "=", False),
            ]
        )
        papers.write({"date": day, "on_paper": True})
