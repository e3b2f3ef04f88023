from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...tools.guard import is_guarded, without_defaults
from ...tools.states import OPEN_STATES
from .vshu_intervention_kind import TONES

#: written by the entry's own actions only
GUARDED = {
    "date_logged",
    "annulled",
    "annulment_reason",
    "annulled_by_id",
    "date_annulled",
    "replaced_by_id",
    "next_activity_id",
}
#: found by the system, whoever writes
FOUND = {"author_id", "case_id"}
#: which open case an entry belongs to where a child has two
CASE_ORDER = {state: index for index, state in enumerate(reversed(OPEN_STATES))}


class VshuIntervention(models.Model):
    """What was done with a child or a family, by whom, with whom, what came of it, what comes next.

    A talk, call, visit, lesson visit, incident, agreement; praise as readily as trouble (RU-5.4, RU-N6, KZ-14). It
    belongs to the open case by itself, whoever writes it; its writer learns of the case only where they may read it.

    Who reads: the author and who is named for the next step (their own words and work, also later), the class teacher
    of today on the own class and the curator, both while the case is open (a clean slate: what was written in a case
    that is over is closed to them), the psychologist and the office the whole school. Nothing is ever deleted.
    """

    _name = "vshu.intervention"
    _inherit = [
        "vshu.rule.mixin",
        "vshu.link.mixin",
        "vshu.mail.mixin",
        "mail.activity.mixin",
        "vshu.intervention.checks",
        "vshu.intervention.flow",
    ]
    _description = "Entry on the preventive work"
    _order = "date desc, id desc"
    _rec_name = "kind_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", string="School", required=True, index=True, default=lambda self: self.env.company
    )
    student_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('vshu_is_student', '=', True), ('vshu_company_ids', 'in', [company_id])]",
    )
    family_id = fields.Many2one("vshu.family", index="btree_not_null", ondelete="restrict", check_company=True)
    case_id = fields.Many2one(
        "vshu.case",
        string="Case (whoever wrote it)",
        compute="_compute_case_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="set null",
        groups="vshu_registry.group_case_reader",
    )
    case_shown_id = fields.Many2one(
        "vshu.case",
        string="Case",
        compute="_compute_case_shown_id",
        search="_search_case_shown_id",
        help="The open case that it belongs to, where you may read it.",
    )
    class_id = fields.Many2one(
        "vshu.class",
        compute="_compute_class_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The class that the student was in on that day.",
    )
    kind_id = fields.Many2one(
        "vshu.intervention.kind",
        string="What it was",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("in_use", "=", True)],
    )
    kind_icon = fields.Selection(related="kind_id.icon", string="Icon of the kind")
    tone = fields.Selection(TONES, compute="_compute_tone", store=True, precompute=True, readonly=False, required=True)
    date = fields.Datetime(string="When", required=True, default=fields.Datetime.now, index=True)
    date_logged = fields.Datetime(
        string="Written down", required=True, readonly=True, copy=False, default=fields.Datetime.now
    )
    author_id = fields.Many2one(
        "res.users",
        string="Written by",
        required=True,
        index=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    employee_id = fields.Many2one(
        "hr.employee",
        string="Who did it",
        index=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_employee(),
    )
    employee_ids = fields.Many2many(
        # public: staff without rights on employees name colleagues
        "hr.employee.public",
        "vshu_intervention_employee_rel",
        "intervention_id",
        "employee_id",
        string="Colleagues who took part",
        check_company=True,
    )
    adult_ids = fields.Many2many(
        "res.partner",
        "vshu_intervention_adult_rel",
        "intervention_id",
        "partner_id",
        string="Parents and other adults",
    )
    others = fields.Char(string="Others who took part")
    text = fields.Text(string="What happened", required=True)
    result = fields.Text(string="What came of it")
    attachment_ids = fields.Many2many("ir.attachment", string="Files", bypass_search_access=True, copy=False)
    next_step = fields.Char(
        string="Next step", copy=False, help="What comes next. Whoever is named may read this entry."
    )
    next_date = fields.Date(string="Next step by", copy=False)
    next_employee_id = fields.Many2one(
        "hr.employee", string="Who does the next step", check_company=True, ondelete="restrict", copy=False
    )
    next_user_id = fields.Many2one(
        related="next_employee_id.user_id", string="User of the next step", store=True, index="btree_not_null"
    )
    next_done = fields.Date(string="Next step done on", copy=False)
    next_activity_id = fields.Many2one("mail.activity", readonly=True, copy=False, ondelete="set null")
    annulled = fields.Boolean(readonly=True, copy=False)
    annulment_reason = fields.Text(string="Why it is struck through", readonly=True, copy=False)
    annulled_by_id = fields.Many2one("res.users", string="Struck through by", readonly=True, copy=False)
    date_annulled = fields.Date(string="Struck through on", readonly=True, copy=False)
    replaced_by_id = fields.Many2one(
        "vshu.intervention",
        string="Stands corrected in",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    previous_ids = fields.One2many("vshu.intervention", "replaced_by_id", string="What stood before", readonly=True)
    can_edit = fields.Boolean(compute="_compute_rights", export_string_translation=False)
    can_correct = fields.Boolean(compute="_compute_rights", export_string_translation=False)
    can_annul = fields.Boolean(compute="_compute_rights", export_string_translation=False)
    can_finish = fields.Boolean(compute="_compute_rights", export_string_translation=False)

    _one_subject = models.Constraint(
        "CHECK(num_nonnulls(student_id, family_id) = 1)",
        "An entry is about one student or one family: choose which.",
    )
    _student_idx = models.Index("(student_id, date DESC) WHERE student_id IS NOT NULL")
    _next_idx = models.Index("(next_user_id, next_date) WHERE next_date IS NOT NULL AND next_done IS NULL")

    # -- computes --------------------------------------------------------------------------------------------------

    @api.model
    def _default_employee(self):
        # sudo: the user's own employee, whom hr.employee shows to HR only
        return self.env.user.sudo().with_company(self.env.company).employee_id.with_env(self.env)

    @api.depends("kind_id")
    def _compute_tone(self):
        for entry in self:
            entry.tone = entry.kind_id.tone or "neutral"

    @api.depends("student_id", "family_id", "company_id")
    def _compute_case_id(self):
        """Tie an entry to the open case of its child or family, of two to the one that it was written from.

        Stored fields are computed in sudo: a teacher who does not know of the case writes into its file all the same.
        """
        cases = self.env["vshu.case"].search(
            [
                ("state", "in", OPEN_STATES),
                ("company_id", "in", self.company_id.ids),
                "|",
                ("student_id", "in", self.student_id._origin.ids),
                ("family_id", "in", self.family_id._origin.ids),
            ]
        )
        wanted = self.env.context.get("vshu_case_id")
        found = defaultdict(self.env["vshu.case"].browse)
        for case in cases:
            found[case.company_id.id, case.student_id.id, case.family_id.id] |= case
        for entry in self:
            mine = found[entry.company_id.id, entry.student_id._origin.id, entry.family_id._origin.id]
            mine = mine.sorted(lambda case: (case.id != wanted, CASE_ORDER[case.state], case.kind != "register"))
            entry.case_id = mine[:1]

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("case_id")
    def _compute_case_shown_id(self):
        entries = self.sudo()  # sudo: which case; it is searched next with the reader's own rights
        readable = set(self.env["vshu.case"].search([("id", "in", entries.case_id.ids)]).ids)
        for entry, known in zip(self, entries, strict=True):
            entry.case_shown_id = known.case_id.id if known.case_id.id in readable else False

    def _search_case_shown_id(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        if operator == "in" and False in value:
            return NotImplemented
        cases = self.env["vshu.case"].search([("id", operator, value)] if operator == "in" else value)
        # sudo: by cases that the reader may read; the entries found are narrowed by the reader's own rights
        return [("id", "in", self.sudo()._search([("case_id", "in", cases.ids)]))]

    @api.depends("student_id", "date")
    def _compute_class_id(self):
        # in sudo (stored): the class of that day does not depend on who writes
        students = self.student_id._origin
        enrollments = self.env["vshu.enrollment"].search_fetch(
            [("student_id", "in", students.ids)], ["student_id", "class_id", "company_id", "date_from", "date_to"]
        )
        by_student = enrollments.grouped("student_id")
        for entry in self:
            day = entry._day() if entry.date else None
            entry.class_id = next(
                (
                    enrollment.class_id
                    for enrollment in by_student.get(entry.student_id._origin, ())
                    if day
                    and enrollment.company_id == entry.company_id
                    and enrollment.date_from <= day
                    and (not enrollment.date_to or enrollment.date_to >= day)
                ),
                False,
            )

    @api.depends("kind_id", "date", "company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Kind and day: neither a name nor a word of what happened."""
        for entry in self:
            if not entry.kind_id:
                entry.display_name = False  # the client then says “New”
                continue
            day = entry._day() if entry.date else False
            entry.display_name = entry.env._(
                "%(kind)s, %(date)s", kind=entry.kind_id.display_name, date=format_date(entry.env, day) or "-"
            )

    @api.depends_context("uid")
    @api.depends("author_id", "date_logged", "annulled", "next_step", "next_done", "company_id")
    def _compute_rights(self):
        states = self._states()
        for entry in self:
            state = states[entry]
            entry.can_edit = not entry.annulled and state["open"]
            entry.can_correct = not entry.annulled and state["office"] and (self.env.su or not state["open"])
            entry.can_annul = not entry.annulled and (state["office"] or state["open"])
            entry.can_finish = bool(
                not entry.annulled
                and entry.next_step
                and not entry.next_done
                and (state["office"] or state["author"] or entry.next_user_id == self.env.user)
            )

    # -- onchange --------------------------------------------------------------------------------------------------

    @api.onchange("next_step")
    def _onchange_next_step(self):
        """Name who did it for the next step too, where nobody is named yet."""
        if self.next_step and not self.next_employee_id:
            self.next_employee_id = self.employee_id

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Write entries down; the author is whoever is logged in. Raises AccessError for what only actions write."""
        if not is_guarded(self.env):
            self = without_defaults(self, GUARDED | FOUND)
            names = GUARDED if self.env.su else GUARDED | {"case_id"}
            for vals in vals_list:
                forged = {name for name in names & vals.keys() if vals[name]}
                if forged:
                    raise AccessError(self._guard_message(forged))
                if not self.env.su:
                    vals["author_id"] = self.env.uid
        # an entry is a note itself: no message says that it was made, nobody follows it unasked
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        entries = super(VshuIntervention, quiet).create(vals_list).with_env(self.env)
        entries._check_next_planned()
        entries._remind()
        return entries

    def write(self, vals):
        """Change entries: the author for the school's number of days; after that the office corrects with a reason."""
        if not is_guarded(self.env):
            forged = (GUARDED if self.env.su else GUARDED | FOUND) & vals.keys()
            if forged:
                raise AccessError(self._guard_message(forged))
            self._check_may_change(vals)
        res = super().write(vals)
        if vals.get("next_date"):
            self._check_next_planned()
        if {"next_step", "next_date", "next_employee_id", "next_done", "annulled"} & vals.keys():
            self._remind()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Entries on the preventive work are never deleted. An erroneous one is struck through with a reason."
            )
        )

    # -- helpers ---------------------------------------------------------------------------------------------------

    def _guard_message(self, names):
        labels = ", ".join(sorted(self._fields[name]._description_string(self.env) for name in names))
        return self.env._("%s: changed by the buttons of the entry only.", labels)

    def _title(self):
        """Return what a message calls the entry: kind and day."""
        self.ensure_one()
        return self.display_name or self._description

    def _day(self):
        """Return the day of the entry at the school."""
        self.ensure_one()
        return self.sudo().company_id._vshu_day(self.date)  # sudo: which school it is, of which only the day is told

    @api.model
    def _counts(self, field_name, ids):
        """Return {record id: {(kind, tone): number}} of the entries that the reader may read, in one query.

        :param field_name: student_id, family_id, class_id
        :param ids: ids of the students, families, classes
        """
        counts = defaultdict(dict)
        for record, kind, tone, number in self._read_group(
            [(field_name, "in", ids), ("annulled", "=", False)], [field_name, "kind_id", "tone"], ["__count"]
        ):
            counts[record.id][kind, tone] = number
        return counts
