from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.guard import guarded


class VshuDocumentAbsence(models.AbstractModel):
    """A required paper that does not exist: whom the regulation names writes once why there is none, and it is not
    asked for again; a paper that comes after all takes its place (RU-9.2)."""

    _name = "vshu.document.absence"
    _description = "Absence of a paper"

    absence_reason = fields.Text(string="Why there is none", readonly=True, copy=False)
    absence_by_id = fields.Many2one("res.users", string="Accepted by", readonly=True, copy=False, ondelete="restrict")
    absence_date = fields.Date(string="Accepted on", readonly=True, copy=False)
    can_accept_absence = fields.Boolean(compute="_compute_can_accept_absence", export_string_translation=False)

    @api.depends_context("uid")
    @api.depends("state", "need", "case_id.my_roles", "case_id.state", "requirement_id")
    def _compute_can_accept_absence(self):
        for document in self:
            role = document._absence_role()
            mine = set((document.case_id.my_roles or "").split(","))
            document.can_accept_absence = bool(
                document._origin and role and document._waits_for_decision() and (self.env.su or role in mine)
            )

    def _absence_role(self):
        """Return the code of the role that may accept that there is no such paper, empty where it must be there."""
        self.ensure_one()
        return self.requirement_id._facts()["absence_role"] if self.requirement_id and self.need == "required" else ""

    def _waits_for_decision(self):
        """Tell whether the paper is missing for a decision that has not been taken."""
        self.ensure_one()
        stages = {"draft": ("placement",), "submitted": ("placement",), "removal_proposed": ("removal",)}
        return self.state in ("missing", "due") and self.stage in stages.get(self.case_id.state, ())

    def action_accept_absence(self):
        """Ask for the reason why there is no such paper (RU-9.2). Returns the dialog; raises as accepting does."""
        self.ensure_one()
        self._check_accept_absence()
        return self.env["vshu.reason"]._open("absence", document_id=self.id)

    def _check_accept_absence(self):
        self.check_access("read")
        for document in self:
            clause = document.clause_text or "-"
            role = document._absence_role()
            if not role:
                raise UserError(
                    self.env._(
                        "“%(paper)s” must be there (%(clause)s): no reason stands for it.",
                        paper=document.display_name,
                        clause=clause,
                    )
                )
            if not self.env.su and role not in document.case_id._my_roles_by_case()[document.case_id.id]:
                raise AccessError(
                    self.env._(
                        "“%(paper)s”: that there is none is accepted by: %(role)s, or by whoever presides over the "
                        "council (%(clause)s).",
                        paper=document.display_name,
                        role=document.sudo().requirement_id.absence_role_id.name,  # sudo: a catalogue
                        clause=clause,
                    )
                )
            if not document._waits_for_decision():
                raise UserError(self.env._("“%s” is not awaited for a decision now.", document.display_name))

    def _accept_absence(self, reason):
        """Accept that there is no such paper, with the reason. Raises AccessError for other roles than the one that the
        regulation names, UserError where the paper must be there or the reason is missing."""
        self._check_accept_absence()
        if not (reason or "").strip():
            raise UserError(self.env._("“%s”: write why there is no such paper.", self[:1].display_name))
        self._note_absence(reason)

    def _note_absence(self, reason):
        """Write the reason on papers; the caller has checked the right."""
        guarded(self.sudo()).write(  # sudo: the right was checked for these very papers
            {
                "absence_reason": reason,
                "absence_by_id": self.env.uid,
                "absence_date": self._vshu_today(),
            }
        )
