from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import guarded, is_guarded
from odoo.addons.vshu_registry.tools.readable_fields import ReadableMany2many

from ..council.vshu_council_member import ROLES

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

    #: a draft goes with whoever is called
    _goes_along = True

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
    meeting_state = fields.Selection(
        related="meeting_id.state", string="State of the meeting", related_sudo=True, tracking=False
    )
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
    came_for = fields.Integer(
        string="Came for item №", copy=False, aggregator=None, help="Empty: was there from the beginning."
    )
    left_before = fields.Integer(
        string="Left before item №", copy=False, aggregator=None, help="Empty: stayed until the end."
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
                raise ValidationError(self.env._("Members are of the staff of the school."))
            if person.item_ids.meeting_id - person.meeting_id:
                raise ValidationError(self.env._("%s is invited to items of another meeting.", person.display_name))

    @api.constrains("came_for", "left_before", "attendance")
    def _check_items(self):
        for person in self.sudo():  # sudo: how many items there are
            came, left = person.came_for, person.left_before
            if (came or left) and person.attendance != "present":
                raise ValidationError(
                    self.env._(
                        "%s: note the attendance first: who was not there neither came nor left.", person.display_name
                    )
                )
            if came < 0 or (left and left <= max(came, 1)):
                raise ValidationError(
                    self.env._(
                        "%s: nobody leaves before coming. Who was there for no item at all is absent.",
                        person.display_name,
                    )
                )

    # -- who was there when ------------------------------------------------------------------------------------------

    def _present_at(self, number):
        """Return those of the participants who were there while the item ``number`` was heard (KZ-13)."""
        return self.filtered(
            lambda person: (
                person.attendance == "present"
                and person.came_for <= number
                and (not person.left_before or number < person.left_before)
            )
        )

    def _still_here(self):
        """Return those of the participants who came and have not left."""
        return self.filtered(lambda person: person.attendance == "present" and not person.left_before)

    def _hours_words(self):
        """Return for which items the participant was there, for the minutes; empty for all of them."""
        self.ensure_one()
        words = []
        if self.came_for > 1:
            words.append(self.env._("came for item %s", self.came_for))
        if self.left_before:
            words.append(self.env._("left before item %s", self.left_before))
        return ", ".join(words)

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Call people; members come from the order on the council (AccessError), the office calls the others."""
        self = self._guard_create(vals_list)
        kind = self.env.context.get("default_kind")
        if not is_guarded(self.env) and any(vals.get("kind", kind) == "member" for vals in vals_list):
            raise AccessError(self.env._("Members are those of the order on the composition, nobody is added."))
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
                self._check_open(attendance=bool({"attendance", "came_for", "left_before"} & vals.keys()))
            if {"kind", "employee_id", "meeting_id"} & vals.keys() and any(p.kind == "member" for p in self):
                raise AccessError(self.env._("Members are those of the order on the composition, nobody is added."))
            if vals.get("kind") == "member":
                raise AccessError(self.env._("Members are those of the order on the composition, nobody is added."))
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
        if self.env.su and any(meeting.state not in ("draft", "convened") for meeting in self.meeting_id):
            raise UserError(self.env._("Who was called to a meeting that has been held stays on record."))

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
                person.check_access("read")
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
        self.write({"attendance": "absent", "came_for": 0, "left_before": 0})
        return True

    def action_left(self):
        """Note that they leave now: what is not decided yet is heard without them; raises as action_present, and
        UserError where nothing is left to hear or they were not there (KZ-13)."""
        for meeting, people in self.grouped("meeting_id").items():
            meeting._check_flag("can_close")
            waiting = meeting.sudo().item_ids.filtered(lambda item: item.state == "scheduled")  # sudo: numbers only
            if not waiting:
                raise UserError(
                    self.env._("%s: everything is decided, nobody leaves before an item.", meeting.display_name)
                )
            number = min(waiting.mapped("number"))
            if number == 1:
                raise UserError(
                    self.env._(
                        "%s: nothing is decided yet. Who is there for no item at all is absent.", meeting.display_name
                    )
                )
            people.write({"left_before": number})
        return True

    # -- telling ---------------------------------------------------------------------------------------------------

    def _tell(self, what):
        """Tell those who have a log-in that a meeting awaits them, was moved or is off; what was told before goes.

        Others (outside specialists) get a printed invitation; parents their notice. No name, no item.

        :param what: convened, moved, cancelled or not_held
        """
        people = self.sudo()  # sudo: called by the system on behalf of who convenes
        people.activity_ids.unlink()
        today = self._vshu_today()
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
        checked = super()._check_printable()
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
        return checked

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
        return person._guardian_words() or person.role_text or person.partner_id.function or ""

    def _guardian_words(self):
        """Return as whose parent or guardian somebody is called, in the language of the environment. In sudo."""
        self.ensure_one()
        guardian = self.notice_id.guardian_id
        kinds = dict(guardian._fields["kind"]._description_selection(self.env))
        kind = kinds.get(guardian.kind)
        stored = {
            label
            for code, _name in self.env["res.lang"].get_installed()
            for value, label in guardian._fields["kind"]._description_selection(self.with_context(lang=code).env)
            if value == guardian.kind
        }
        # what somebody has written instead counts
        return kind if kind and (not self.role_text or self.role_text in stored) else ""

    def _paper_lang_chosen(self):
        """Return the language of whoever is called where it is known, else that of the meeting."""
        self.ensure_one()
        person = self.sudo()  # sudo: which language they read, in which the council writes
        own = person.notice_id.guardian_id.lang
        langs = person._paper_school()._paper_langs()
        return own if own in langs else person.meeting_id.lang

    def _paper_questions(self):
        """Return what a parent is invited to: each matter with the child, as (matter, child, class) (KZ-9).

        Others are told the day and the place only: the paper may lie open. With the rights of whoever prints: matters
        that they do not read are not named.
        """
        self.ensure_one()
        items = self._fields["item_ids"]
        if self.kind != "parent" or not (self.env.su or self._has_field_access(items, "read")):
            return []
        topics = dict(self.item_ids._fields["topic"]._description_selection(self.env))
        questions = []
        for item in self.item_ids.sorted("number"):
            # sudo: the child of an item that the reader reads; a parent is told of their own child
            student, day = item.sudo().student_id, item.sudo().meeting_id.date_day
            cls = student._vshu_class_on(day).get(student.id) if student else False
            questions.append((topics[item.topic], student.name or item.sudo().family_id.name, cls and cls.name or ""))
        return questions

    def _paper_phone(self):
        """Return the telephone of the school, which stands on every letter."""
        self.ensure_one()
        return self._paper_company().sudo().phone or ""  # sudo: see above
