from odoo import api, fields, models, tools

from ...tools.in_use import refuse_if_used
from .vshu_decision_kind import BODIES
from .vshu_ground import KINDS


class VshuEnrollmentEndReason(models.Model):
    """Why a student left a class: promoted, graduated, moved to another school …

    Those that ship are shared by all schools and read-only: stays end by some of them. A school adds its own.
    """

    _name = "vshu.enrollment.end.reason"
    _inherit = "vshu.shared.mixin"
    _description = "Reason for the end of an enrolment"

    code = fields.Char(help="Stays the same when the name changes; reasons of a school need none.")
    leaves_school = fields.Boolean(help="The student is no longer of this school.")

    _school_code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), code) WHERE code IS NOT NULL", "There is already a reason with this code."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        refuse_if_used(self)


class VshuRemovalReason(models.Model):
    """Why a stay ends (RU-7.1, RU-7.2, RU-8, KZ-19), and whether it ends by itself."""

    _name = "vshu.removal.reason"
    _inherit = "vshu.catalog.mixin"
    _description = "Reason for removal"
    _rec_names_search = ["short_name", "name", "code"]

    name = fields.Text(required=True, translate=True)
    short_name = fields.Char(translate=True)
    parent_id = fields.Many2one("vshu.removal.reason", index=True, ondelete="restrict")
    is_group = fields.Boolean(help="Only a heading of the reasons below it: cannot be chosen.")
    kind = fields.Selection(KINDS, required=True)
    category_ids = fields.Many2many("vshu.ground.category", string="Only for these lists of grounds")
    automatic = fields.Boolean(
        string="Ends by itself", help="The stay ends by force of the regulation, without a decision."
    )
    trigger = fields.Selection([("enrollment_end", "End of the enrolment"), ("age", "Age")])
    end_reason_ids = fields.Many2many("vshu.enrollment.end.reason", string="Ends of enrolment that trigger it")
    age_years = fields.Integer(
        help="Full years of age: reached, they end the stay or bring it before the council; beside an end of the "
        "enrolment, the age from which the reason holds."
    )
    body = fields.Selection(BODIES, string="Who decides", help="Empty where the stay ends by itself.")
    proposer_role_ids = fields.Many2many("vshu.role", string="Who may propose")
    is_conversion = fields.Boolean(
        string="Move to the other kind",
        help="Written by a decision that moves the case to the other kind: nobody proposes or chooses it.",
    )
    is_transfer = fields.Boolean(help="The student goes to another school: the record of the work goes with them.")
    outcome = fields.Selection(
        [
            ("improved", "Improvement"),
            ("graduated", "Graduation"),
            ("left", "Leaving the school"),
            ("adult", "Came of age"),
            ("other", "Other"),
        ],
        required=True,
        help="The column of the monitoring that it is counted in.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE(regulation_id, code)", "This regulation has a removal reason with this code already."
    )

    @api.depends("short_name")
    def _compute_display_name(self):
        return super()._compute_display_name()

    @api.model
    def _by_decision(self, regulation, kind, category):
        """Return the reasons for a removal by decision from a stay of ``kind`` on the list ``category`` of grounds."""
        return self.browse(self._by_decision_ids(regulation._origin.id, kind, category._origin.id))

    @api.model
    @tools.ormcache("regulation_id", "kind", "category_id")
    def _by_decision_ids(self, regulation_id, kind, category_id):
        # sudo: a catalogue, without a word on any child
        reasons = self.with_env(self.env(su=True, context={})).search(
            [("regulation_id", "=", regulation_id), ("kind", "=", kind)]
        )
        return reasons.filtered(
            lambda reason: (
                not reason.automatic
                and not reason.is_group
                and not reason.is_conversion
                and (not reason.category_ids or category_id in reason.category_ids.ids)
            )
        )._ids

    @tools.ormcache("self._ids")
    def _improved_ids(self):
        # sudo: a catalogue
        return self.sudo().filtered(lambda reason: reason.outcome == "improved")._ids

    @tools.ormcache("self._ids")
    def _proposers(self):
        """Return the codes of the roles that may propose a removal for one of the reasons."""
        # sudo: a catalogue
        return frozenset(self.with_env(self.env(su=True, context={})).proposer_role_ids.mapped("code"))
