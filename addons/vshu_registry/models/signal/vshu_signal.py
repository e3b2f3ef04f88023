from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.guard import is_guarded
from ..mixins.vshu_kept_mixin import may_delete
from ..regulation.vshu_basis import INTAKE_KINDS
from ..regulation.vshu_ground import KINDS, SUBJECTS

#: fields that only the signal's own actions write
GUARDED = {"name", "state", "case_id", "dismissal_reason", "decided_by_id", "date_entered", "date_decided"}
#: what the author may still change, and only while nobody has taken the signal up
OFFICE_ONLY = {"notice", "application", "conclusion"}
#: what the chatter writes
THREAD_FIELDS = {"message_follower_ids", "activity_ids", "message_main_attachment_id"}


class VshuSignal(models.Model):
    """Something that came in about a student or a family.

    An appeal of the staff (KZ-4), a reasoned submission (RU-5.2), a paper of an outside body (RU-5.1), an application
    of the minor or the parents (RU-4.2a), an approved conclusion of a check (RU-4.2b) or an automatic warning.
    """

    _name = "vshu.signal"
    # the clocks before the thread: they make activities, which subscribe people, when the thread is there
    _inherit = [
        "vshu.guard.mixin",
        "vshu.rule.mixin",
        "vshu.link.mixin",
        "vshu.deadline.mixin",
        "vshu.mail.mixin",
        "mail.activity.mixin",
        "vshu.signal.flow",
    ]
    _description = "Signal"
    _order = "date_received desc, id desc"
    _check_company_auto = True

    _guarded_fields = dict.fromkeys(GUARDED, False) | {"state": "new", "name": "/"}
    _deadline_events = {
        "received": "date_received",
        "notice_registered": "date_registered",
        "entered": "date_entered",
        "decided": "date_decided",
    }
    _deadline_fields = ("state", "intake_kind", "kind")

    name = fields.Char(string="Number", required=True, readonly=True, default="/", copy=False)
    company_id = fields.Many2one(
        "res.company", string="School", required=True, index=True, default=lambda self: self.env.company
    )
    regulation_id = fields.Many2one(
        "vshu.regulation", compute="_compute_regulation_id", store=True, ondelete="restrict"
    )
    intake_kind = fields.Selection(INTAKE_KINDS, string="What it is", required=True, default="appeal")
    intake_kind_choices = fields.Char(
        compute="_compute_intake_kind_choices",
        help="What this user may enter by this regulation; the form offers no more.",
    )
    basis_id = fields.Many2one(
        "vshu.basis",
        compute="_compute_basis_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        domain="[('regulation_id', '=', regulation_id), ('intake_kind', '=', intake_kind)]",
    )
    kind = fields.Selection(KINDS, string="Register or control", default="register", required=True)
    subject = fields.Selection(SUBJECTS, default="student", required=True)
    student_id = fields.Many2one(
        "res.partner", index=True, ondelete="restrict", domain="[('vshu_is_student', '=', True)]"
    )
    family_id = fields.Many2one("vshu.family", index=True, ondelete="restrict", check_company=True)
    class_id = fields.Many2one("vshu.class", compute="_compute_class_id", compute_sudo=True)
    author_id = fields.Many2one(
        "res.users", required=True, index=True, readonly=True, default=lambda self: self.env.user, ondelete="restrict"
    )
    author_name = fields.Char(related="author_id.name", string="Filed by")
    date_received = fields.Date(string="Received", required=True, default=lambda self: self.env.company._vshu_today())
    description = fields.Text(string="What happened", required=True)
    measures_taken = fields.Text(string="What has been done", help="What was done already and what came of it.")
    ground_id = fields.Many2one(
        "vshu.ground",
        ondelete="restrict",
        domain="[('regulation_id', '=', regulation_id), ('kind', '=', kind), ('subject', '=', subject)]",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files", bypass_search_access=True)
    issuer_id = fields.Many2one("res.partner", string="Body that sent it", ondelete="restrict")
    form_id = fields.Many2one(
        "vshu.decision.form",
        string="Kind of paper",
        ondelete="restrict",
        domain="[('regulation_id', '=', regulation_id), ('intake_ok', '=', True)]",
    )
    paper_number = fields.Char(string="Number of the paper")
    paper_date = fields.Date(string="Date of the paper")
    date_registered = fields.Date(
        string="Registered at the school", help="The clock of the entry in the journal starts here."
    )
    incoming_number = fields.Char(string="Incoming number")
    assignment_ids = fields.One2many("vshu.assignment", "signal_id", string="Assignments")
    state = fields.Selection(
        [
            ("new", "Received"),
            ("in_work", "In work"),
            ("joined", "Joined to a case"),
            ("dismissed", "Dismissed"),
            ("resolved", "Decided"),
        ],
        required=True,
        default="new",
        readonly=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    author_state = fields.Selection(
        [("received", "Received"), ("in_work", "In work"), ("decided", "Decided")],
        string="What became of it",
        compute="_compute_author_state",
    )
    case_id = fields.Many2one(
        "vshu.case",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
        groups="vshu_registry.group_case_reader",
    )
    dismissal_reason = fields.Text(readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", string="Taken up by", readonly=True, copy=False)
    date_entered = fields.Date(string="Entered in the journal", readonly=True, copy=False)
    date_decided = fields.Date(readonly=True, copy=False)
    related_signal_ids = fields.Many2many("vshu.signal", compute="_compute_related", string="Open signals")
    related_case_ids = fields.Many2many("vshu.case", compute="_compute_related", string="Cases")
    has_control = fields.Boolean(related="regulation_id.has_control")
    is_office = fields.Boolean(compute="_compute_rights")
    can_accept = fields.Boolean(compute="_compute_rights", export_string_translation=False)
    can_join = fields.Boolean(compute="_compute_rights", export_string_translation=False)
    can_dismiss = fields.Boolean(compute="_compute_rights", export_string_translation=False)
    can_submit = fields.Boolean(compute="_compute_rights", export_string_translation=False)
    can_enter = fields.Boolean(compute="_compute_rights", export_string_translation=False)

    _company_state_idx = models.Index("(company_id, state)")

    # -- computes --------------------------------------------------------------------------------------------------

    @api.depends("company_id")
    def _compute_regulation_id(self):
        regulations = {}
        for signal in self:
            if signal.regulation_id and signal.state != "new":
                continue
            company = signal.company_id
            if company not in regulations:
                regulations[company] = self.env["vshu.regulation"]._on_date(
                    company, signal.date_received or self._vshu_today()
                )
            signal.regulation_id = regulations[company]

    @api.depends("regulation_id", "intake_kind", "form_id", "ground_id", "kind")
    def _compute_basis_id(self):
        """Offer the basis: what the kind of paper gives, else the first that has a route for the ground."""
        bases = {}
        for signal in self:
            key = (signal.regulation_id, signal.intake_kind)
            if key not in bases:
                bases[key] = self.env["vshu.basis"].search(
                    [("regulation_id", "=", signal.regulation_id.id), ("intake_kind", "=", signal.intake_kind)]
                )
            fitting = bases[key]
            routed = (
                signal.regulation_id.sudo()
                .route_ids.filtered(  # sudo: the route matrix is a catalogue
                    lambda route, s=signal: (
                        route.kind == s.kind and (not s.ground_id or s.ground_id.category_id in route.category_ids)
                    )
                )
                .basis_ids
            )
            fitting = (fitting & routed) or fitting
            given = signal.form_id.intake_basis_id
            if given in fitting:
                signal.basis_id = given
            elif signal.basis_id not in fitting:
                signal.basis_id = fitting[:1] if signal.intake_kind != "notice" or len(fitting) == 1 else False

    @api.depends("student_id")
    def _compute_class_id(self):
        for signal in self:
            signal.class_id = signal.student_id.vshu_class_id

    @api.depends("state")
    def _compute_author_state(self):
        states = {"new": "received", "in_work": "in_work", "joined": "in_work"}
        for signal in self:
            signal.author_state = states.get(signal.state, "decided")

    @api.depends("student_id", "family_id")
    def _compute_related(self):
        """Open signals and cases of the same child or family that the user may see: search before create."""
        for signal in self:
            domain = False
            if signal.subject == "student" and signal.student_id:
                domain = [("student_id", "=", signal.student_id.id)]
            elif signal.subject == "family" and signal.family_id:
                domain = [("family_id", "=", signal.family_id.id)]
            if not domain:
                signal.related_signal_ids = signal.related_case_ids = False
                continue
            signal.related_signal_ids = self.search(
                [*domain, ("state", "in", ("new", "in_work")), ("id", "!=", signal._origin.id or 0)]
            )
            signal.related_case_ids = self.env["vshu.case"].search([*domain, ("state", "!=", "annulled")])

    @api.depends_context("uid")
    @api.depends("regulation_id", "company_id")
    def _compute_intake_kind_choices(self):
        """Offer only what the regulation knows and the user's role may enter."""
        roles = self.env["vshu.role"]._my_roles(self.company_id)
        for signal in self:
            mine = roles.get(signal.company_id.id, set())
            known, submitted = set(), set()
            # sudo: the route matrix is public within the school
            for route in signal.regulation_id.sudo().route_ids:
                kinds = set(route.basis_ids.mapped("intake_kind")) - {"automatic"}
                known |= kinds
                if mine & set(route.submitter_role_ids.mapped("code")):
                    submitted |= kinds
            office = OFFICE_ONLY if mine & self._office_roles() else set()
            signal.intake_kind_choices = ",".join(sorted(known & (office | (submitted - OFFICE_ONLY) | {"appeal"})))

    @api.depends_context("uid")
    @api.depends(
        "state",
        "intake_kind",
        "regulation_id",
        "basis_id",
        "kind",
        "ground_id",
        "subject",
        "student_id",
        "family_id",
        "company_id",
    )
    def _compute_rights(self):
        roles = self.env["vshu.role"]._my_roles(self.company_id)
        for signal in self:
            mine = roles.get(signal.company_id.id, set())
            routes = signal._routes()
            submitters = set(routes.submitter_role_ids.mapped("code"))
            dismissers = set(routes.dismisser_role_ids.mapped("code"))
            new = signal.state == "new"
            signal.is_office = bool(mine & self._office_roles())
            signal.can_submit = new and self._is_submission(routes) and signal._holds(mine, submitters)
            signal.can_accept = (
                new
                and not signal.can_submit
                and signal._holds(mine, submitters | dismissers)
                and not self._is_outside(routes)
            )
            signal.can_join = new and signal._holds(mine, submitters | dismissers | self._office_roles())
            signal.can_dismiss = new and signal._holds(mine, dismissers)
            # the entry is still to be made where its dialog was closed: the case is there in draft
            waits = new or (signal.state == "in_work" and signal.sudo().case_id.state == "draft")
            signal.can_enter = (
                waits and self._is_outside(routes) and bool(mine & set(routes.recorder_role_ids.mapped("code")))
            )

    @api.model
    def _office_roles(self):
        return {"social_pedagogue", "deputy_head", "head"}

    @api.model
    def _is_outside(self, routes):
        return "outside" in routes.mapped("body")

    @api.model
    def _is_submission(self, routes):
        """A submission goes to the council directly: nobody in between may dismiss it (RU-5.2)."""
        return bool(routes) and not routes.dismisser_role_ids and not self._is_outside(routes)

    def _routes(self):
        """Return the routes of the regulation that fit the signal's kind, basis and, where given, ground."""
        self.ensure_one()
        return self.regulation_id.sudo().route_ids.filtered(
            lambda route: (
                route.kind == self.kind
                and (
                    self.basis_id in route.basis_ids
                    if self.basis_id
                    else self.intake_kind in route.basis_ids.mapped("intake_kind")
                )
                and (not self.ground_id or self.ground_id.category_id in route.category_ids)
            )
        )  # sudo: the route matrix is public within the school, its catalogue needs no right of its own

    def _holds(self, mine, codes):
        """Tell whether a user with the roles ``mine`` holds one of ``codes`` for this signal: a class teacher for a
        child of the own class, or a family with one (RU-A3, RU-5.2)."""
        self.ensure_one()
        held = mine & codes
        if held - {"class_teacher"}:
            return True
        if not held:
            return False
        children = self.family_id.member_ids if self.subject == "family" else self.student_id
        # sudo: only whether they are in a class of the user's own
        classes = children.sudo()._vshu_class_on(self._vshu_today())
        return bool({cls.id for cls in classes.values()} & self.env["vshu.role"]._my_classes())

    # -- constraints and CRUD --------------------------------------------------------------------------------------

    @api.constrains("subject", "student_id", "family_id", "company_id")
    def _check_subject(self):
        for signal in self:
            if signal.subject == "student" and not signal.student_id:
                raise ValidationError(self.env._("Choose the student whom the signal is about."))
            if signal.subject == "family" and not signal.family_id:
                raise ValidationError(self.env._("Choose the family that the signal is about."))

    @api.constrains("date_received", "date_registered", "paper_date", "intake_kind")
    def _check_dates(self):
        for signal in self:
            today = signal._vshu_today()
            for name in ("date_received", "date_registered", "paper_date"):
                if signal[name] and signal[name] > today:
                    raise ValidationError(
                        self.env._(
                            "%(signal)s: “%(field)s” lies in the future. Enter the real date.",
                            signal=signal.name,
                            field=signal._fields[name]._description_string(self.env),
                        )
                    )
            if signal.paper_date and signal.date_registered and signal.date_registered < signal.paper_date:
                raise ValidationError(self.env._("%s: a paper cannot be registered before its own date.", signal.name))
            if signal.intake_kind == "notice" and not signal.date_registered:
                raise ValidationError(
                    self.env._(
                        "%s: enter the date on which the school registered the paper; the clock runs from it.",
                        signal.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """File signals. Outside notices, applications and conclusions are entered by the office (AccessError)."""
        self = self._guard_create(vals_list)
        for vals in vals_list:
            if not self.env.su:
                vals["author_id"] = self.env.uid
            company = vals.get("company_id") or self.env.company.id
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].sudo().with_company(company).next_by_code("vshu.signal") or "/"
                # sudo: a number tells nothing; teachers have no right on sequences
        signals = super().create(vals_list)
        signals._check_office()
        return signals

    def write(self, vals):
        """Change signals; state and case are written by the signal's actions only,
        a taken-up signal is not reworded."""
        if not is_guarded(self.env):
            self._check_guarded({*GUARDED, *(() if self.env.su else ("author_id",))} & vals.keys())
            frozen = {"description", "student_id", "family_id", "company_id", "intake_kind", "subject"} & vals.keys()
            if frozen and not self.env.su and any(signal.state != "new" for signal in self):
                raise UserError(
                    self.env._("The signal has been taken up: its words stay as they came in. Add a note instead.")
                )
            if not self.env.su:
                self._check_words(vals)
        res = super().write(vals)
        if {"intake_kind", "company_id"} & vals.keys():
            self._check_office()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_only_new(self):
        for signal in self:
            if signal.state != "new":
                raise UserError(
                    self.env._(
                        "%s has been taken up and stays on record. Only a new signal can be deleted.", signal.name
                    )
                )
            if signal.author_id != self.env.user and not may_delete(self.env):
                raise AccessError(
                    self.env._("%s: only its author takes a signal back; dismissing it takes a reason.", signal.name)
                )

    def _check_words(self, vals):
        """Raise where a user changes what somebody else wrote, or an author what the office works with already."""
        roles = self.env["vshu.role"]._my_roles(self.company_id)
        for signal in self:
            office = bool(roles.get(signal.company_id.id, set()) & self._office_roles())
            if not office and signal.state != "new" and not vals.keys() <= THREAD_FIELDS:
                raise UserError(
                    self.env._("The signal has been taken up: its words stay as they came in. Add a note instead.")
                )
            if "description" in vals and signal.author_id != self.env.user and signal.intake_kind not in OFFICE_ONLY:
                raise AccessError(
                    self.env._("%s: what happened is told in the words of its author. Add a note instead.", signal.name)
                )

    @api.model
    def _guarded_message(self, labels):
        return self.env._("%s: changed by the buttons of the signal only.", labels)

    def _check_office(self):
        if self.env.su:
            return
        roles = self.env["vshu.role"]._my_roles(self.company_id)
        for signal in self:
            if signal.intake_kind == "automatic":
                raise AccessError(self.env._("Automatic warnings are made by the system. File a signal instead."))
            if signal.intake_kind in OFFICE_ONLY and not roles.get(signal.company_id.id, set()) & self._office_roles():
                raise AccessError(
                    self.env._(
                        "Papers of outside bodies and applications are entered by the social pedagogue, the "
                        "deputy head or the head. File a signal instead."
                    )
                )

    def _compute_display_name(self):
        for signal in self:
            signal.display_name = signal.name if signal.name != "/" else False  # the client then says “New”

    # -- clocks ----------------------------------------------------------------------------------------------------

    def _deadline_links(self):
        self.ensure_one()
        return {"signal_id": self.id, "case_id": self.case_id.id, "reference": self.name}

    def _deadline_over(self):
        return self.filtered(lambda signal: signal.state == "dismissed")
