from odoo import models

from odoo.addons.vshu_registry.tools.guard import guarded


class HrEmployee(models.Model):
    """Measures of those who leave go to whoever answers now: nothing of a plan in force is nobody's (KZ-15)."""

    _inherit = "hr.employee"

    def _vshu_pass_on(self):
        """Give on the open measures of plans in force as well. The plan itself is a paper and stays as it was
        approved; each measure keeps whose it was."""
        res = super()._vshu_pass_on()
        # sudo: what follows from an archive is the system's, whoever archives
        tasks = guarded(self.env["vshu.plan.task"].sudo()).search(
            [("employee_id", "in", self.ids), ("state", "=", "open"), ("plan_id.state", "=", "in_force")]
        )
        if tasks:
            heirs = tasks.employee_id._vshu_heirs()
            for leaver, own in tasks.grouped("employee_id").items():
                if heirs.get(leaver.id):
                    own.write({"employee_id": heirs[leaver.id].id, "passed_on_from_id": leaver.id})
        return res
