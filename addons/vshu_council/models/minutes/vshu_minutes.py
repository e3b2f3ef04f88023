import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import is_guarded

#: what may be added to signed minutes
ADDED_LATER = {"attachment_ids"}
#: what the frozen text of the minutes consists of, in the order of the hash
FROZEN = ("number", "version", "date", "place", "decision_text", "members_text", "guests_text", "absent_text", "reason")
#: what later releases added to it: it counts where it says something, so that what was signed before stays as signed
FROZEN_LATER = ("postponed_text",)


class VshuMinutes(models.Model):
    """The minutes of a meeting: composed from the sitting, frozen by the first signature, carried out by the second
    (KZ-13, RU-5.2).

    Signing in the system says who, when and which text (a hash); it is no electronic signature in the sense of the law,
    so the signed paper is scanned and attached. What is put right later is a new version that touches wording only.
    """

    _name = "vshu.minutes"
    _inherit = [
        "vshu.guard.mixin",
        "vshu.rule.mixin",
        "vshu.link.mixin",
        "vshu.number.mixin",
        "vshu.paper.mixin",
        "vshu.minutes.signing",
    ]
    _description = "Minutes"
    _order = "year_id desc, number desc, version desc"
    _check_company_auto = True

    _rec_names_search = ["line_ids.subject_name"]
    _guarded_fields = {
        "state": "draft",
        "frozen": False,
        "number": 0,
        "year_id": False,
        "version": 1,
        "corrects_id": False,
        "reason": False,
        "place": False,
        "decision_text": False,
        "members_text": False,
        "guests_text": False,
        "absent_text": False,
        "postponed_text": False,
        "text_hash": False,
        "chair_name": False,
        "chair_post": False,
        "secretary_name": False,
        "secretary_post": False,
        "chair_signed_by_id": False,
        "chair_signed_at": False,
        "chair_hash": False,
        "secretary_signed_by_id": False,
        "secretary_signed_at": False,
        "secretary_hash": False,
        "date_carried_out": False,
    }

    meeting_id = fields.Many2one(
        "vshu.meeting", required=True, readonly=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="meeting_id.company_id", store=True, index=True)
    date = fields.Date(related="meeting_id.date_day", store=True, string="Date of the meeting")
    year_id = fields.Many2one("vshu.school.year", string="School year", readonly=True, ondelete="restrict", index=True)
    number = fields.Integer(string="№", readonly=True, aggregator=None)
    version = fields.Integer(readonly=True, default=1, aggregator=None)
    corrects_id = fields.Many2one("vshu.minutes", readonly=True, ondelete="restrict", index="btree_not_null")
    reason = fields.Text(string="Why it was corrected", readonly=True)
    state = fields.Selection(
        [
            ("draft", "To be signed"),
            ("signed", "Signed"),
            ("replaced", "Replaced by a corrected version"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
    )
    frozen = fields.Boolean(readonly=True, help="The text bears a signature and does not change any more.")
    line_ids = fields.One2many("vshu.minutes.line", "minutes_id", string="Items")
    lang = fields.Selection(related="meeting_id.lang")
    place = fields.Char(string="Where it met", readonly=True)
    decision_text = fields.Char(string="Convened by", readonly=True)
    members_text = fields.Text(string="Who was present", readonly=True)
    guests_text = fields.Text(string="Invited", readonly=True)
    absent_text = fields.Text(string="Who was absent", readonly=True)
    postponed_text = fields.Text(string="Goes to the next meeting", readonly=True)
    text_hash = fields.Char(string="Hash of the text", readonly=True)
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Scan of the signed minutes", bypass_search_access=True, copy=False
    )
    extract_ids = fields.One2many("vshu.extract", "minutes_id", string="Extracts")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    _number_uniq = models.Constraint(
        "UNIQUE(company_id, year_id, number, version)", "Minutes with this number are there already in the school year."
    )
    _one_current = models.UniqueIndex("(meeting_id) WHERE state = 'signed'", "The meeting has signed minutes already.")

    # -- computes --------------------------------------------------------------------------------------------------

    @api.depends_context("lang")
    @api.depends("number", "date", "version")
    def _compute_display_name(self):
        for minutes in self:
            day = format_date(self.env, minutes.date) if minutes.date else ""
            minutes.display_name = (
                self.env._(
                    "Minutes № %(number)s of %(date)s, version %(version)s",
                    number=minutes.number,
                    date=day,
                    version=minutes.version,
                )
                if minutes.version > 1
                else self.env._("Minutes № %(number)s of %(date)s", number=minutes.number, date=day)
            )

    def _compute_preview(self):
        for minutes in self:
            # with the reader's own rights: who may read the minutes reads what they say
            paper = minutes._in_paper_lang()
            minutes.preview = (
                paper.env["ir.qweb"]._render(
                    "vshu_council.minutes_body",
                    {"record": paper, "content": paper._content(), "lang": paper.env.lang},
                )
                if minutes._origin
                else False
            )

    # -- making, content ---------------------------------------------------------------------------------------------

    @api.model
    def _make(self, meeting):
        """Make the minutes of a meeting that closes: they take the next number of the school year (KZ-13).

        To be called on a guarded superuser environment by the meeting itself.
        """
        year = self.env["vshu.school.year"]._for_date(meeting.company_id, meeting.date_day)
        if not year:
            raise UserError(
                self.env._(
                    "There is no school year for %s, in which the minutes are numbered: the register administrator "
                    "enters it under Configuration → School years.",
                    format_date(self.env, meeting.date_day),
                )
            )
        return self.create(
            {"meeting_id": meeting.id, "year_id": year.id, "number": self._next_of_year(meeting.company_id, year)}
        )

    def _paper_title(self):
        """Return the title of the paper, in the language of the environment."""
        self.ensure_one()
        return self.env._("MINUTES № %s of the meeting of the prevention council", self.number)

    def _signed_at(self, part):
        """Return when ``part`` (chair, secretary) signed, on the clock of the school."""
        self.ensure_one()
        moment = self[f"{part}_signed_at"]
        return self.meeting_id._local(moment).strftime("%d.%m.%Y %H:%M") if moment else ""

    def _in_paper_lang(self):
        """Return the minutes in the language in which the school writes its papers."""
        self.ensure_one()
        return self.with_context(lang=self._paper_lang())

    def _content(self):
        """Return what the minutes say, as a dict of plain values: frozen, or composed from the sitting as it stands.

        Keys: number, version, date, place, decision, members, guests, absent, postponed (texts, a line each), reason,
        correction (what a corrected version says of itself), lines (list of dicts, see ``vshu.minutes.line``), chair
        and secretary (post, name).
        """
        self.ensure_one()
        if self.frozen or self.corrects_id:
            head = {
                "place": self.place,
                "decision": self.decision_text,
                "members": self.members_text,
                "guests": self.guests_text,
                "absent": self.absent_text,
                "postponed": self.postponed_text,
                "chair": (self.chair_post, self.chair_name),
                "secretary": (self.secretary_post, self.secretary_name),
            }
            lines = [line._values() for line in self.line_ids.sorted("number")]
        else:
            head = self._composed()
            lines = [item._minutes_values() for item in self._decided_items()]
        return {
            "number": self.number,
            "version": self.version,
            "date": self.date,
            "reason": self.reason,
            "correction": self._correction(),
            "lines": lines,
            **head,
        }

    def _correction(self):
        """Return what a corrected version says of itself: which one it replaces and why; else nothing (KZ-13)."""
        self.ensure_one()
        if not self.corrects_id:
            return ""
        return self.env._(
            "Corrected version %(version)s, replaces version %(before)s: %(reason)s",
            version=self.version,
            before=self.corrects_id.version,
            reason=self.reason,
        )

    def _decided_items(self):
        self.ensure_one()
        items = self.meeting_id.item_ids.filtered(lambda item: item.state in ("decided", "done"))
        return items.sorted("number")

    def _composed(self):
        """Return place, decision to convene, who was there and who signs, from the sitting (KZ-13)."""
        self.ensure_one()
        meeting = self.meeting_id
        local = meeting._local(meeting.date)
        present = meeting.member_ids.filtered(lambda p: p.attendance == "present")
        absent = meeting.member_ids.filtered(lambda p: p.attendance in ("absent", "excused"))
        guests = meeting.guest_ids.filtered(lambda p: p.attendance == "present")
        chair, secretary = meeting.presiding_id, meeting.secretary_id
        reasons = {
            chair: (self.env._("presides"), meeting._place_reason("presiding")),
            secretary: (self.env._("keeps the minutes"), meeting._place_reason("secretary")),
        }

        def line(person):
            role = reasons.get(person, ("", ""))
            words = [person.display_name, person._post_now(), role[0], person._hours_words()]
            text = ", ".join(filter(None, words))
            return f"{text} ({role[1]})" if role[1] else text

        excused = dict(meeting.member_ids._fields["attendance"]._description_selection(self.env))
        decision = (
            self.env._(
                "№ %(number)s, %(date)s",
                number=meeting.decision_number,
                date=format_date(self.env, meeting.decision_date),
            )
            if meeting.decision_number
            else ""
        )
        if meeting.short_reason:
            decision = self.env._(
                "%(decision)s; papers were late, convened all the same: %(reason)s",
                decision=decision,
                reason=meeting.short_reason,
            )
        return {
            "place": ", ".join(filter(None, [meeting.place, local.strftime("%H:%M")])),
            "decision": decision,
            "members": "\n".join(line(p) for p in present.sorted(lambda p: (p != chair, p != secretary, p.sequence))),
            "guests": "\n".join(line(p) for p in guests),
            "absent": "\n".join(f"{line(p)}: {excused[p.attendance].lower()}" for p in absent),
            "postponed": meeting.postponed_text,
            "chair": (chair._post_now(), chair.display_name),
            "secretary": (secretary._post_now(), secretary.display_name),
        }

    def _hash(self):
        """Return the hash of the frozen text: SHA-256 of its content as JSON with sorted keys."""
        self.ensure_one()
        content = {name: self[name] for name in FROZEN}
        content |= {name: self[name] for name in FROZEN_LATER if self[name]}
        content["lines"] = [line._values(full=False) for line in self.line_ids.sorted("number")]
        content["signers"] = [self.chair_post, self.chair_name, self.secretary_post, self.secretary_name]
        text = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _freeze(self):
        """Freeze text, names and posts as they are now, in the language of the school's papers.

        On a guarded superuser environment; a corrected version has its text already.
        """
        self.ensure_one()
        own = self._in_paper_lang()
        if not own.corrects_id:
            content = own._content()
            own.line_ids.unlink()
            own.env["vshu.minutes.line"].create([{"minutes_id": own.id, **values} for values in content["lines"]])
            own.write(
                {
                    "place": content["place"],
                    "decision_text": content["decision"],
                    "members_text": content["members"],
                    "guests_text": content["guests"],
                    "absent_text": content["absent"],
                    "postponed_text": content["postponed"],
                    "chair_post": content["chair"][0],
                    "chair_name": content["chair"][1],
                    "secretary_post": content["secretary"][0],
                    "secretary_name": content["secretary"][1],
                }
            )
            for person in own.meeting_id.participant_ids:
                person.write({"name": person.display_name, "post": person._post_now()})
        own.write({"frozen": True, "text_hash": own._hash()})

    def _thaw(self):
        """Let the text follow the sitting again, once the only signature was taken back."""
        self.ensure_one()
        if not self.corrects_id:
            self.line_ids.unlink()
            self.meeting_id.participant_ids.write({"name": False, "post": False})
        self.write({"frozen": False, "text_hash": False})

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Minutes are made by closing the meeting (AccessError)."""
        if not is_guarded(self.env):
            raise AccessError(self.env._("Minutes come from closing a meeting: press “Close the sitting” there."))
        return super().create(vals_list)

    def write(self, vals):
        """Attach the scan of the signed paper; all else is written by the buttons (AccessError)."""
        if not is_guarded(self.env) and not self.env.su:
            self._check_guarded(self._guarded_fields.keys() & vals.keys())
            if vals.keys() - ADDED_LATER - {"line_ids"}:
                self.check_access("read")
                raise AccessError(
                    self.env._("%s: only the scan of the signed paper is added by hand.", self[:1].display_name)
                )
            self._check_keeper()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if is_guarded(self.env) and all(minutes.corrects_id and minutes.state == "draft" for minutes in self):
            return
        raise UserError(self.env._("Minutes are never deleted: their numbers have no gaps."))

    def _check_keeper(self):
        """Raise AccessError for whoever neither signs the minutes nor keeps the register."""
        if self.env.su:
            return
        for minutes in self:
            held = minutes.meeting_id._my_meeting_roles()[minutes.meeting_id.id]
            if not held & {"presiding", "secretary", "social_pedagogue", "deputy_head", "head"}:
                raise AccessError(self.env._("%s: your role may not do this.", minutes.display_name))

    @api.constrains("attachment_ids", "state")
    def _check_scan(self):
        for minutes in self:
            if minutes.attachment_ids and minutes.state == "draft":
                raise ValidationError(
                    self.env._("%s: the scan is that of the signed paper. Sign first.", minutes.display_name)
                )

    def action_print(self):
        """Print the minutes. Returns the report; AccessError where the user may not read one of them (KZ-13)."""
        self.check_access("read")
        return self.env.ref("vshu_council.action_report_minutes").report_action(self, config=False)

    def action_open_meeting(self):
        """Open the meeting of the minutes. Returns an act_window; AccessError where the user may not read it."""
        self.ensure_one()
        return self.meeting_id.action_open()

    def action_open_extracts(self):
        """Open the extracts from the minutes. Returns an act_window; AccessError without the minutes (RU-N4.2)."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_council.action_vshu_extract")
        return dict(action, domain=[("minutes_id", "=", self.id)], context={})

    def action_open(self):
        """Open the minutes. Returns an act_window; AccessError where the user may not read them."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
