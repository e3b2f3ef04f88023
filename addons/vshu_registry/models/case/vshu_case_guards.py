from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, UserError

from ...tools.guard import is_guarded
from ...tools.locks import wait_for_keys
from ...tools.states import OPEN_STATES, OVER_STATES

#: states in which a child or family has an open case of a kind
#: written by the case's transitions only
GUARDED = {
    "name",
    "state",
    "number",
    "year_id",
    "regulation_id",
    "route_id",
    "date_received",
    "date_decided",
    "date_considered",
    "date_placed",
    "date_entered",
    "date_removed",
    "date_closed",
    "removal_reason_id",
    "placement_decision_id",
    "removal_decision_id",
    "previous_case_id",
    "converted_from_id",
    "consent",
    "consent_by_id",
    "consent_date",
    "term_status",
    "annulment_reason",
    "date_papers_ready",
    "date_characteristic",
    "date_end",
    "watch_until",
    "date_age_reached",
    "transfer_state",
    "transfer_date_sent",
    "transfer_date_received",
    "taken_over",
    "date_taken_over",
}
#: named by an act of the office; a curator does not hand the case over, nor set the day of the council
OFFICE_ONLY = {"curator_id", "curator_act_number", "curator_act_date", "submitter_id", "hearing_date"}
#: what a submitted case no longer changes
FROZEN_AFTER_DRAFT = {"kind", "subject", "student_id", "family_id", "company_id", "basis_id", "ground_id"}


class VshuCaseGuards(models.AbstractModel):
    """What of a case may be made and changed, by whom: the rest is reached through its transitions."""

    _name = "vshu.case.guards"
    _inherit = "vshu.guard.mixin"
    _description = "Guards of a case"

    _guarded_fields = dict.fromkeys(GUARDED, False) | {"state": "draft", "name": "/"}

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Make cases in draft; all else is reached through the case's actions (AccessError)."""
        self._vshu_check_values(vals_list)
        self._check_may_create(vals_list)
        self = self._guard_create(vals_list)
        for vals in vals_list:
            if not is_guarded(self.env):
                company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
                vals["regulation_id"] = self.env["vshu.regulation"]._on_date(company, company._vshu_today()).id
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                vals["name"] = self.env["ir.sequence"].sudo().with_company(company).next_by_code("vshu.case") or "/"
                # sudo: a number tells nothing
        self._check_no_open_case(vals_list)
        return super().create(vals_list)

    @api.model
    def _check_may_create(self, vals_list):
        """Raise AccessError for a user who makes no cases, before anything is said of the cases that are there."""
        if self.env.su:
            return
        self.browse().check_access("create")
        companies = self.env["res.company"].browse(
            {vals.get("company_id") or self.env.company.id for vals in vals_list}
        )
        roles = self.env["vshu.role"]._my_roles(companies)
        if any(not roles.get(company.id, set()) & {"social_pedagogue", "deputy_head", "head"} for company in companies):
            raise AccessError(
                self.env._(
                    "Cases are made by the social pedagogue, the deputy head or the head. File a signal instead."
                )
            )

    @api.model
    def _check_no_open_case(self, vals_list):
        """Refuse a second open case of one kind for one child or family, naming the one that is there (KZ-21).

        Two at the same moment wait for each other here, so that the second one reads the same words; the unique
        indexes stand behind. What others committed meanwhile is read on a fresh snapshot, as in ``_next_number``.
        """
        defaults = self.default_get(["company_id", "kind"])
        wanted = {}
        for vals in vals_list:
            for name in ("student_id", "family_id"):
                if vals.get(name) and vals.get("state", "draft") in OPEN_STATES:
                    key = (
                        name,
                        vals[name],
                        vals.get("company_id") or defaults["company_id"],
                        vals.get("kind") or defaults["kind"],
                    )
                    if key in wanted:
                        raise UserError(self.env._("The same child or family is there twice: make one case for it."))
                    wanted[key] = True
        if not wanted:
            return
        wait_for_keys(self.env, [(self._name, *key) for key in wanted])
        self._refuse_open_case(wanted)
        # while modules are loaded nobody else is in, and the table is not there for other transactions yet
        if self.env.registry.ready:
            with self.env.registry.cursor() as fresh:
                # sudo: as in the check before; a new account may not be on that snapshot yet
                self.with_env(self.env(cr=fresh, user=SUPERUSER_ID))._refuse_open_case(wanted)

    @api.model
    def _refuse_open_case(self, wanted):
        """Raise UserError where one of the keys (field of the subject, its id, company id, kind) has an open case."""
        for name in ("student_id", "family_id"):
            ids = [key[1] for key in wanted if key[0] == name]
            if not ids:
                continue
            # sudo: the number of the open case is told to whoever is about to make a second one
            for case in self.sudo().search([(name, "in", ids), ("state", "in", OPEN_STATES)]):
                if (name, case[name].id, case.company_id.id, case.kind) in wanted:
                    raise UserError(
                        self.env._(
                            "There is an open case of this kind already: %s. Join the signal to it instead of making "
                            "another one.",
                            case.display_name,
                        )
                    )

    def write(self, vals):
        """Change cases; what a transition writes is refused here, so no remote call passes by the transitions.

        What the change brings about follows: terms begin anew, a set hearing invites, a new curator is told.
        """
        by_hand = not is_guarded(self.env)
        if by_hand:
            self._check_parents_day(vals)
            self._check_guarded(GUARDED & vals.keys())
            if FROZEN_AFTER_DRAFT & vals.keys() and any(case.state != "draft" for case in self):
                raise UserError(
                    self.env._(
                        "The case has been submitted: who and why it is about stays as it was. "
                        "Mistakes in the journal row are put right by a correction."
                    )
                )
            if any(case.state in OVER_STATES for case in self) and not (
                vals.keys() <= {"message_follower_ids", "activity_ids", "message_main_attachment_id"}
            ):
                raise UserError(self.env._("The case is over and stays as it is."))
            if OFFICE_ONLY & vals.keys() and not self.env.su:
                office = {"social_pedagogue", "deputy_head", "head"}
                if any(not roles & office for roles in self._my_roles_by_case().values()):
                    raise AccessError(
                        self.env._(
                            "Curator, submitter and the day of the council are set by the social pedagogue, the deputy "
                            "head or the head."
                        )
                    )
        heard = self._terms_heard_of(vals)
        res = super().write(vals)
        if heard:
            self._terms_moved(heard)
        if vals.get("hearing_date"):
            self._invite()
        if by_hand and "curator_id" in vals:
            self._curator_named()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for case in self:
            if case.state != "draft":
                raise UserError(
                    self.env._(
                        "%s has been submitted and stays on record. An erroneous entry is annulled by the head, "
                        "its number is never used again.",
                        case.display_name,
                    )
                )

    @api.model
    def _guarded_message(self, labels):
        return self.env._("%s: changed by the buttons of the case only, which check right, route and papers.", labels)
