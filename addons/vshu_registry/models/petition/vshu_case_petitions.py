from odoo import fields, models
from odoo.exceptions import AccessError

OFFICE = {"social_pedagogue", "deputy_head", "head"}


class VshuCase(models.Model):
    """Letters of the case to outside bodies, and the facts on which they rest (KZ-17, RU-N2.5, RU-A7.6)."""

    _inherit = "vshu.case"

    parent_fact_ids = fields.One2many("vshu.parent.fact", "case_id", string="What is on record of the parents")
    petition_ids = fields.One2many("vshu.petition", "case_id", string="Petitions")

    def action_open_petitions(self):
        """Open the letters of the case. Returns an act_window; AccessError where the user may not read the case."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_registry.action_vshu_petition")
        return dict(
            action,
            domain=[("case_id", "=", self.id)],
            context={"default_case_id": self.id},
            views=[(False, "list"), (False, "form")],
        )

    def action_open_parent_facts(self):
        """Open what is on record of the parents. Returns an act_window; AccessError as ``action_open_petitions``."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Parents and help"),
            "res_model": "vshu.parent.fact",
            "view_mode": "list,form",
            "domain": [("case_id", "=", self.id)],
            "context": {"default_case_id": self.id},
            "help": self.env._("Record it where the parents refuse help, take no measures or cannot be reached."),
        }

    def action_petition(self):
        """Open a new letter about the case. Returns an act_window; AccessError for who drafts no letters."""
        self.ensure_one()
        self.check_access("read")
        roles = self.env["vshu.role"]._my_roles(self._vshu_roles_companies())
        if not self.env.su and not roles.get(self.sudo().company_id.id, set()) & OFFICE:  # sudo: which school it is
            raise AccessError(
                self.env._(
                    "%s: letters to outside bodies are drafted by the social pedagogue, the deputy head or the head.",
                    self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Petition"),
            "res_model": "vshu.petition",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_case_id": self.id},
        }

    # -- facts -----------------------------------------------------------------------------------------------------

    def _parent_facts(self, kind, date=None):
        """Return the facts of ``kind`` that are in force on ``date``, today by default; empty where there is none."""
        self.ensure_one()
        date = date or self._vshu_today()
        return self.parent_fact_ids.filtered(
            lambda fact: fact.kind == kind and fact.date <= date and (not fact.date_to or fact.date_to > date)
        )

    def _help_refused(self):
        """Return the facts by which the parents refuse help today (KZ-17); false where they do not."""
        return self._parent_facts("refused")

    def _no_measures(self):
        """Return the facts by which the parents take no measures today (KZ-17, RU-N2.5); false where they do."""
        return self._parent_facts("no_measures")

    def _adults_on(self, date):
        """Return the parents and guardians of the child, or the adults of the family, on ``date``."""
        return self.family_id.adult_ids | self.student_id.vshu_guardian_ids._on(date).partner_id

    def _outside_records(self):
        """Return the stays on outside registers of the child or family that run today."""
        self.ensure_one()
        records = self.student_id.vshu_external_record_ids | self.family_id.external_record_ids
        return records.filtered(lambda record: record.active_today and record.company_id == self.company_id)

    def _council_decisions(self):
        """Return the decisions of the council that were carried out on the case."""
        self.ensure_one()
        return self.decision_ids.filtered(lambda decision: decision.state == "done" and decision.body == "council")

    def _decree_assignments(self):
        """Return the assignments that decrees gave in this case (RU-2.2, RU-5.1a)."""
        self.ensure_one()
        return self.assignment_ids | self.signal_ids.assignment_ids

    # -- kinds -----------------------------------------------------------------------------------------------------

    def _petition_kinds(self):
        """Return the kinds of letters whose condition holds for the case today."""
        self.ensure_one()
        # sudo: the caller reads the case; that a fact, paper or assignment is there is all that is asked
        case = self.sudo()
        return case.regulation_id.petition_kind_ids.filtered(
            lambda kind: not kind.is_reminder and not kind._case_problems(case)
        )

    def _petition_problems(self, kind):
        """Return what keeps the school from sending a letter of ``kind`` about the case (KZ-17)."""
        self.ensure_one()
        return kind.sudo()._case_problems(self.sudo())  # sudo: see _petition_kinds
