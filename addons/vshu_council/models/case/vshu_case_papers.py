from odoo import models


class VshuCase(models.Model):
    """Who owes papers to the council is reminded of them (KZ-11)."""

    _inherit = "vshu.case"

    def _owed_papers(self):
        """Return {(case, user): papers} of the required papers that are missing before the hearing, by who gives them.

        Papers of a role that nobody holds are owed by the keeper of the register.
        """
        stages = {"submitted": ("hearing", "placement"), "removal_proposed": ("removal",)}
        missing = self.document_ids.filtered(
            lambda d: (
                d.need == "required" and d.state in ("missing", "due") and d.stage in stages.get(d.case_id.state, ())
            )
        )
        owed = {}
        for code, papers in missing.grouped(lambda d: d.type_id._provider_code() or "social_pedagogue").items():
            cases = papers.case_id
            users = cases._role_users_today(code)
            keepers = cases._role_users_today("social_pedagogue")
            for paper in papers:
                user = users.get(paper.case_id.id) or keepers.get(paper.case_id.id)
                if user:
                    owed.setdefault((paper.case_id, user), self.env["vshu.document"])
                    owed[(paper.case_id, user)] |= paper
        return owed

    def _remind_papers(self):
        """Remind those who owe papers of the hearing, once a case and person: by when, which papers, no name (KZ-11).

        What was reminded of before is brought in step: another day, fewer papers, none any more.
        """
        cases = self.sudo()  # sudo: reminders are the system's, whoever convenes or lays a paper in
        Activity = cases.env["mail.activity"]
        type_id = self.env.ref("vshu_council.activity_type_papers").id
        known = {}
        for activity in Activity.search(
            [("res_model", "=", self._name), ("res_id", "in", cases.ids), ("activity_type_id", "=", type_id)]
        ):
            known[(activity.res_id, activity.user_id.id)] = activity
        clocks = cases.env["vshu.deadline"].search(
            [
                ("case_id", "in", cases.ids),
                ("met_event", "=", "papers_ready"),
                ("state", "in", ("open", "overdue")),
            ]
        )
        dues = {clock.case_id.id: clock.date_due for clock in clocks}
        model_id = self.env["ir.model"]._get_id(self._name)
        waiting = cases.filtered("hearing_date")
        vals_list = []
        for (case, user), papers in waiting._owed_papers().items():
            words = papers.with_context(lang=user.lang or self.env.lang)
            vals = {
                "date_deadline": dues.get(case.id) or case.hearing_date,
                "summary": words.env._("Papers for the council: %s", "; ".join(words.mapped("display_name"))),
            }
            activity = known.pop((case.id, user.id), None)
            if activity:
                if activity.summary != vals["summary"] or activity.date_deadline != vals["date_deadline"]:
                    activity.write(vals)
                continue
            vals_list.append(
                {
                    "res_model_id": model_id,
                    "res_id": case.id,
                    "activity_type_id": type_id,
                    "user_id": user.id,
                    **vals,
                }
            )
        Activity.browse([activity.id for activity in known.values()]).unlink()
        Activity.with_context(mail_activity_quick_update=True).create(vals_list)

    def _papers_changed(self):
        """Whoever has given a paper to the council is not reminded of it any more (KZ-11)."""
        res = super()._papers_changed()
        self.filtered("hearing_date")._remind_papers()
        return res
