from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.vshu_registry.models.guard import guarded, is_guarded
from odoo.addons.vshu_registry.models.readable_fields import ReadableMany2many

from .vshu_council import OFFICE
from .vshu_council_member import ROLES

KINDS = [("member", "Member"), ("specialist", "Specialist"), ("parent", "Parent or legal representative")]
ANSWERS = [("none", "No answer yet"), ("accepted", "Will come"), ("declined", "Cannot come")]


class VshuMeetingParticipant(models.Model):
    """Somebody who is called to a meeting: member, specialist (KZ-8) or parent (KZ-9), each for themselves.

    Specialists and parents are invited to their items and see nothing of the others. The invitation of a parent is the
    notice of the register, with its delivery and receipt.
    """

    _name = "vshu.meeting.participant"
    _inherit = [
        "vshu.guard.mixin",
        "vshu.rule.mixin",
        "vshu.link.mixin",
        "vshu.mail.mixin",
        "mail.activity.mixin",
        "vshu.paper.mixin",
    ]
    _description = "Participant of a meeting"
    _order = "meeting_id, kind, sequence, id"
    _check_company_auto = True

    _guarded_fields = {
        "name": False,
        "post": False,
        "date_told": False,
        "notice_id": False,
        "stands_in": False,
        "council_role": False,
    }

    meeting_id = fields.Many2one("vshu.meeting", required=True, index=True, ondelete="cascade", check_company=True)
    company_id = fields.Many2one(related="meeting_id.company_id", store=True, index=True)
    meeting_state = fields.Selection(related="meeting_id.state", string="State of the meeting", related_sudo=True)
    date = fields.Datetime(related="meeting_id.date", related_sudo=True)
    place = fields.Char(related="meeting_id.place", related_sudo=True, string="Where it meets")
    kind = fields.Selection(KINDS, required=True, default="specialist")
    council_role = fields.Selection(ROLES, string="Role in the council", readonly=True)
    stands_in = fields.Boolean(readonly=True, help="On this day, for the chair or the secretary.")
    sequence = fields.Integer(default=10)
    employee_id = fields.Many2one(
        "hr.employee", string="Of the staff", check_company=True, ondelete="restrict", index="btree_not_null"
    )
    user_id = fields.Many2one(related="employee_id.user_id", string="User", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="From outside",
        ondelete="restrict",
        index="btree_not_null",
        help="Police inspector, medical worker, parent.",
    )
    role_text = fields.Char(string="As whom", help="E.g. inspector of the police unit, mother of the student.")
    item_ids = ReadableMany2many(
        "vshu.agenda.item",
        "vshu_meeting_invited_rel",
        "participant_id",
        "item_id",
        string="To which items",
        domain="[('meeting_id', '=', meeting_id)]",
        groups="vshu_registry.group_case_reader,vshu_council.group_council_member",
    )
    notice_id = fields.Many2one(
        "vshu.notice",
        string="Invitation",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="vshu_registry.group_case_reader",
    )
    notice_state = fields.Selection(
        related="notice_id.state", string="Delivery", related_sudo=True, groups="vshu_registry.group_case_reader"
    )
    date_told = fields.Date(string="Called on", readonly=True, copy=False)
    answer = fields.Selection(ANSWERS, required=True, default="none", copy=False)
    answer_note = fields.Char(copy=False)
    attendance = fields.Selection(
        [("unknown", "Not noted"), ("present", "Present"), ("excused", "Absent, excused"), ("absent", "Absent")],
        required=True,
        default="unknown",
        copy=False,
    )
    name = fields.Char(readonly=True, copy=False, help="Frozen when the minutes are signed.")
    post = fields.Char(readonly=True, copy=False, help="Frozen when the minutes are signed.")
    is_mine = fields.Boolean(compute="_compute_is_mine")

    _one_person = models.Constraint(
        "CHECK(employee_id IS NULL OR partner_id IS NULL)", "A participant is one person: of the staff or from outside."
    )
    _staff_once = models.UniqueIndex(
        "(meeting_id, employee_id) WHERE employee_id IS NOT NULL", "This person is called to the meeting already."
    )

    @api.depends("employee_id", "partner_id", "name", "notice_id")
    def _compute_display_name(self):
        for person in self:
            sudo_person = person.sudo()  # sudo: names of those who sit together, for those who may read the participant
            who = sudo_person.employee_id.name or sudo_person.partner_id.name
            person.display_name = person.name or who or self.env._("Nobody is named")

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_is_mine(self):
        for person in self:
            person.is_mine = person.user_id == self.env.user

    @api.constrains("kind", "employee_id", "partner_id", "item_ids")
    def _check_person(self):
        for person in self.sudo():  # sudo: items, which not every participant reads
            if person.kind == "member" and not person.employee_id:
                raise ValidationError(self.env._("Members are of the staff of the school (KZ-6)."))
            if person.item_ids.meeting_id - person.meeting_id:
                raise ValidationError(self.env._("%s is invited to items of another meeting.", person.display_name))

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Call people; members come from the order on the council (AccessError), the office calls the others."""
        self = self._guard_create(vals_list)
        kind = self.env.context.get("default_kind")
        if not is_guarded(self.env) and any(vals.get("kind", kind) == "member" for vals in vals_list):
            raise AccessError(self.env._("Members are those of the order on the composition, nobody is added (KZ-6)."))
        people = super().create(vals_list)
        if not is_guarded(self.env):
            people._check_open(attendance=False)
            people.filtered(lambda p: p.meeting_id.state == "convened")._tell("convened")
        return people

    def write(self, vals):
        """Note answer and attendance; who is called stays as it is once the minutes bear a signature."""
        if not is_guarded(self.env) and not self.env.su:
            own = vals.keys() <= {"answer", "answer_note"}
            if own and all(person.user_id == self.env.user for person in self):
                self._check_awaited()
            else:
                self._check_open(attendance="attendance" in vals)
            if {"kind", "employee_id", "meeting_id"} & vals.keys() and any(p.kind == "member" for p in self):
                raise AccessError(
                    self.env._("Members are those of the order on the composition, nobody is added (KZ-6).")
                )
            if vals.get("kind") == "member":
                raise AccessError(
                    self.env._("Members are those of the order on the composition, nobody is added (KZ-6).")
                )
        res = super().write(vals)
        if "meeting_id" in vals and not is_guarded(self.env) and not self.env.su:
            self._check_open(attendance=False)
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_guests(self):
        if is_guarded(self.env):
            return
        if any(person.kind == "member" for person in self):
            raise UserError(self.env._("Members are called by the order on the composition: mark them absent instead."))
        self._check_open(attendance=False)

    def _check_open(self, attendance):
        """Raise where participants are not changed any more, or by this user.

        :param attendance: whether it is about who was present, which is noted while the council sits
        """
        for meeting in self.meeting_id:
            if attendance:
                meeting._check_flag("can_keep")
            elif meeting.state in ("draft", "convened"):
                meeting._check_office()
            else:
                meeting._check_flag("can_keep")

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_accept(self):
        """Answer that one will come; for oneself, or the office for whoever told it. Raises AccessError otherwise."""
        return self._answer("accepted")

    def action_decline(self):
        """Answer that one cannot come; raises as action_accept."""
        return self._answer("declined")

    def _check_awaited(self):
        """Raise UserError where the meeting is not awaited any more: answers are given before it."""
        for person in self:
            if person.meeting_id.sudo().state != "convened":  # sudo: own invitation; the meeting itself may be hidden
                raise UserError(self.env._("This meeting is not awaited any more: nothing is to be answered."))

    def _answer(self, answer):
        self._check_awaited()
        self.write({"answer": answer})
        mine = self.activity_ids.filtered(lambda a: a.user_id == self.env.user)
        mine.action_feedback()
        return True

    def action_present(self):
        """Note that they are present; for who keeps the minutes (AccessError, KZ-13)."""
        self.write({"attendance": "present"})
        return True

    def action_absent(self):
        """Note that they are absent; raises as action_present."""
        self.write({"attendance": "absent"})
        return True

    # -- telling ---------------------------------------------------------------------------------------------------

    def _tell(self, what):
        """Tell those who have a log-in that a meeting awaits them, was moved or is off; what was told before goes.

        Others (outside specialists) get a printed invitation; parents their notice. No name, no item.

        :param what: convened, moved, cancelled or not_held
        """
        people = self.sudo()  # sudo: called by the system on behalf of who convenes
        people.activity_ids.unlink()
        today = fields.Date.context_today(self)
        vals = {"date_told": today if what in ("convened", "moved") else False, "answer": "none", "answer_note": False}
        guarded(people).write(vals)
        model_id = self.env["ir.model"]._get_id(self._name)
        type_id = self.env.ref("vshu_council.activity_type_meeting").id
        values = []
        for person in people.filtered("user_id.active"):
            env = person.with_context(lang=person.user_id.lang or self.env.lang).env
            day = format_date(env, person.meeting_id.date_day)
            words = {
                "convened": env._("The council meets on %s", day),
                "moved": env._("The council meets on another day: %s", day),
                "cancelled": env._("The council of %s is cancelled", day),
                "not_held": env._("The council of %s was not held", day),
            }
            values.append(
                {
                    "res_model_id": model_id,
                    "res_id": person.id,
                    "activity_type_id": type_id,
                    "user_id": person.user_id.id,
                    "date_deadline": person.meeting_id.date_day if what in ("convened", "moved") else today,
                    "summary": words[what],
                }
            )
        # sudo: see above
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(values)

    # -- paper -----------------------------------------------------------------------------------------------------

    def action_print(self):
        """Print the invitations. Returns the report; AccessError where the user may not read one of them (KZ-8)."""
        self.check_access("read")
        return self.env.ref("vshu_council.action_report_invitation").report_action(self, config=False)

    def _check_printable(self):
        """Raise UserError for the invitation of a parent who has no right to it any more (KZ-9)."""
        super()._check_printable()
        for person in self.filtered(lambda p: p.kind == "parent"):
            # sudo: whether the right is there; of the notice only the reason is told
            notice = person.sudo().notice_id
            if notice and not notice._may_receive():
                raise UserError(
                    self.env._(
                        "%(person)s is not invited any more. %(reason)s",
                        person=person.display_name,
                        reason=notice.with_context(lang=self.env.lang)._stop_reason(),
                    )
                )

    def _paper_hour(self):
        """Return the hour of the meeting on the clock of the school."""
        self.ensure_one()
        meeting = self.sudo().meeting_id  # sudo: own invitation; the meeting itself may be hidden
        return meeting._local(meeting.date).strftime("%H:%M")

    def _paper_secretary(self):
        """Return the name of the secretary, who signs the invitation."""
        self.ensure_one()
        members = self.sudo().meeting_id.council_id._members_with("secretary")  # sudo: it hangs in the school's hall
        return members[:1].display_name

    def _post_now(self):
        """Return post or role of the participant as it is today, for invitation and minutes (KZ-13)."""
        self.ensure_one()
        person = self.sudo()  # sudo: posts of those who sit together stand in the minutes
        if person.post:
            return person.post
        if person.employee_id:
            return person.employee_id.job_title or person.employee_id.job_id.name or person.role_text or ""
        return person.role_text or person.partner_id.function or ""

    @api.model
    def _office_roles(self):
        return OFFICE
