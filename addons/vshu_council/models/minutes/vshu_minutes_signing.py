from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_registry.tools.locks import wait_for

SIGNERS = {"chair": "presiding", "secretary": "secretary"}


class VshuMinutesSigning(models.AbstractModel):
    """Two signatures; the second one carries out all decisions of the meeting in one transaction (KZ-13)."""

    _name = "vshu.minutes.signing"
    _description = "Signing of minutes"

    chair_name = fields.Char(string="Presided", readonly=True)
    chair_post = fields.Char(string="Post of who presided", readonly=True)
    chair_signed_by_id = fields.Many2one("res.users", string="Signed by who presided", readonly=True, copy=False)
    chair_signed_at = fields.Datetime(string="Signed by who presided at", readonly=True, copy=False)
    chair_hash = fields.Char(readonly=True, copy=False)
    secretary_name = fields.Char(string="Kept the minutes", readonly=True)
    secretary_post = fields.Char(string="Post of the secretary", readonly=True)
    secretary_signed_by_id = fields.Many2one("res.users", string="Signed by the secretary", readonly=True, copy=False)
    secretary_signed_at = fields.Datetime(string="Signed by the secretary at", readonly=True, copy=False)
    secretary_hash = fields.Char(readonly=True, copy=False)
    date_carried_out = fields.Datetime(string="Carried out at", readonly=True, copy=False)
    my_part = fields.Char(compute="_compute_my_part", help="chair or secretary, where it is for the user to sign.")
    can_sign = fields.Boolean(compute="_compute_my_part", export_string_translation=False)
    can_take_back = fields.Boolean(compute="_compute_my_part", export_string_translation=False)
    can_correct = fields.Boolean(compute="_compute_my_part", export_string_translation=False)

    @api.depends_context("uid")
    @api.depends("state", "chair_signed_at", "secretary_signed_at", "meeting_id.state")
    def _compute_my_part(self):
        for minutes in self:
            meeting = minutes.sudo().meeting_id  # sudo: whether the user presided or kept the minutes
            mine = [
                part
                for part, place in SIGNERS.items()
                if part in minutes._parts_needed()
                and meeting[f"{place}_id"].user_id
                and meeting[f"{place}_id"].user_id == self.env.user
            ]
            unsigned = [part for part in mine if not minutes[f"{part}_signed_at"]]
            minutes.my_part = (unsigned or mine or [False])[0]
            ready = minutes.state == "draft" and (meeting.state == "held" or bool(minutes.corrects_id))
            minutes.can_sign = bool(unsigned) and ready
            minutes.can_take_back = minutes.state == "draft" and bool(mine) and not unsigned
            minutes.can_correct = minutes.state == "signed" and bool(minutes._origin) and minutes._is_keeper()

    def _is_keeper(self):
        """Tell whether the user is one of those who keep the minutes."""
        self.ensure_one()
        if self.env.su:
            return True
        held = self.meeting_id._my_meeting_roles()[self.meeting_id.id]
        return bool(held & {"presiding", "secretary", "social_pedagogue"})

    def _wait_for_lock(self):
        """Wait until nobody else signs these minutes. Whoever comes second reads anew what the first one did."""
        self.flush_recordset()
        wait_for(self)
        self.invalidate_recordset()

    def action_sign(self):
        """Sign the minutes in the system: who, when, which text. The second signature carries the decisions out.

        Signing is for whoever presided and whoever kept the minutes, each once (KZ-13). Raises AccessError for anyone
        else, UserError where items are undecided or a decision cannot be carried out: then nothing is, and the message
        names the item and why.
        """
        self.ensure_one()
        self.check_access("read")
        self._wait_for_lock()
        if self.state != "draft":
            raise UserError(self.env._("%s: both have signed already.", self.display_name))
        if not self.my_part:
            raise AccessError(
                self.env._(
                    "%(minutes)s is signed by: %(signers)s, by nobody else.",
                    minutes=self.display_name,
                    signers=self._signers_words(),
                )
            )
        if self[f"{self.my_part}_signed_at"]:
            raise UserError(self.env._("%s: you have signed already.", self.display_name))
        minutes = guarded(self.sudo())  # sudo: right and state were checked for these very minutes
        part = self.my_part
        if not minutes.corrects_id:
            minutes._check_complete()
        if not minutes.frozen:
            minutes._freeze()
        elif minutes._hash() != minutes.text_hash:
            raise UserError(self.env._("%s: the text is not the one that was signed first.", self.display_name))
        minutes.write(
            {
                f"{part}_signed_by_id": self.env.uid,
                f"{part}_signed_at": fields.Datetime.now(),
                f"{part}_hash": minutes.text_hash,
            }
        )
        if all(minutes[f"{name}_signed_at"] for name in minutes._parts_needed()):
            minutes._both_signed()
        return True

    def _check_complete(self):
        """Raise UserError where an item is undecided: minutes are signed when all are."""
        self.ensure_one()
        meeting = self.meeting_id
        undecided = meeting.item_ids.filtered(lambda item: item.state == "scheduled")
        if meeting.state != "held" or undecided:
            raise UserError(
                self.env._(
                    "%(minutes)s cannot be signed before all items are decided and the sitting is closed: %(items)s",
                    minutes=self.display_name,
                    items=", ".join(undecided.mapped("display_name")) or "-",
                )
            )
        # places may be written until the first signature: nobody puts themselves into one that is not theirs
        problems = meeting._places_problems() + meeting._decided_problems() + self._posts_problems()
        if problems:
            raise UserError(
                self.env._(
                    "%(minutes)s cannot be signed yet:\n%(problems)s",
                    minutes=self.display_name,
                    problems="\n".join(f"• {problem}" for problem in problems),
                )
            )

    def _posts_problems(self):
        """Return a line for each participant without a post, where the regulation wants posts there (KZ-13)."""
        self.ensure_one()
        regulation = self.meeting_id.regulation_id
        if not regulation._council_rule("posts"):
            return []
        return [
            self.env._(
                "%(person)s has no post: write it in the staff list, or as “As whom” of the participant (%(clause)s)",
                person=person.display_name,
                clause=regulation._council_clause("posts"),
            )
            for person in self.meeting_id.participant_ids
            if person.attendance == "present" and not person._post_now().strip()
        ]

    def _signers_words(self):
        """Return who signs the minutes by the regulation, in words."""
        self.ensure_one()
        field = self.env["vshu.council.rule"]._fields["signed_by"]
        facts = self.meeting_id.sudo().regulation_id._council_rule("signing")  # sudo: a catalogue
        return dict(field._description_selection(self.env))[facts.get("signed_by", "both")].lower()

    def _parts_needed(self):
        """Return who must sign by the regulation: a tuple of the parts chair, secretary (KZ-13)."""
        self.ensure_one()
        signed_by = self.meeting_id.sudo().regulation_id._council_rule("signing").get("signed_by")  # sudo: a catalogue
        return {"presiding": ("chair",), "secretary": ("secretary",)}.get(signed_by, ("chair", "secretary"))

    def action_take_back(self):
        """Take one's signature back while the other one is missing; the text follows the sitting again.

        Raises AccessError for who has not signed, UserError once both have.
        """
        self.ensure_one()
        self.check_access("read")
        self._wait_for_lock()
        if self.state != "draft":
            raise UserError(self.env._("%s: both have signed already.", self.display_name))
        part = self.my_part
        if not part or self[f"{part}_signed_by_id"] != self.env.user:
            raise AccessError(self.env._("%s does not bear your signature.", self.display_name))
        minutes = guarded(self.sudo())  # sudo: right and state were checked for these very minutes
        for name in SIGNERS:
            if minutes[f"{name}_signed_by_id"] == self.env.user:
                minutes.write({f"{name}_signed_by_id": False, f"{name}_signed_at": False, f"{name}_hash": False})
        if not minutes.chair_signed_at and not minutes.secretary_signed_at:
            minutes._thaw()
        return True

    # -- what the second signature does ------------------------------------------------------------------------------

    def _both_signed(self):
        """Lock the minutes and carry out what was decided; a corrected version takes the place of the one before."""
        self.ensure_one()
        today = self.company_id._vshu_today()
        if self.corrects_id:
            self.corrects_id.write({"state": "replaced"})
            self.corrects_id.flush_recordset()
            self.write({"state": "signed"})
            return
        self.write({"state": "signed", "date_carried_out": fields.Datetime.now()})
        meeting = self.meeting_id
        days = meeting.regulation_id._council_rule("access").get("days", 0)
        meeting.write({"state": "signed", "date_signed": today, "open_until": fields.Date.add(today, days=days)})
        self._carry_out()

    def _carry_out(self):
        """Carry out every decision on its case through the case's own transitions, in one transaction (RU-5.2).

        Raises UserError that names every item that cannot be carried out, and why: then nothing is.
        """
        self.ensure_one()
        items = self._decided_items()
        on_cases = items.filtered("case_id")
        problems = {}
        for item in on_cases:
            found = item.case_id._decision_problems(item._draft_decision())
            if found:
                problems[item] = found
        if problems:
            raise UserError(
                self.env._(
                    "%(minutes)s cannot be carried out, so nothing is signed and nothing is done:\n%(problems)s",
                    minutes=self.display_name,
                    problems="\n".join(
                        self.env._("• item %(number)s: %(why)s", number=item.number, why="; ".join(found))
                        for item, found in problems.items()
                    ),
                )
            )
        decisions = self.env["vshu.decision"].create([item._decision_vals() for item in on_cases])
        for item, decision in zip(on_cases, decisions, strict=True):
            # done before it acts: what the case then waits for is a new item
            item.write({"state": "done", "decision_id": decision.id})
            decision._carry_out()
        (items - on_cases).write({"state": "done"})
        self._make_assignments(items)
        self._make_extracts(on_cases)
        items._queue_again()

    def _make_assignments(self, items):
        """Give the tasks of the council their clocks (RU-2.2)."""
        self.env["vshu.assignment"].create(
            [
                {
                    "name": line.name,
                    "case_id": item.case_id.id,
                    "company_id": item.company_id.id,
                    "employee_id": line.employee_id.id,
                    "date_assigned": self.date,
                    "date_due": line.date_due,
                    "agenda_item_id": item.id,
                }
                for item in items
                for line in item.assignment_ids
            ]
        )

    def _make_extracts(self, items):
        """Make the extract for the personal file of each student (RU-N4.2)."""
        self.env["vshu.extract"].create(
            [{"minutes_id": self.id, "item_id": item.id, "case_id": item.case_id.id} for item in items]
        )

    # -- corrections -------------------------------------------------------------------------------------------------

    def action_correct(self):
        """Ask for the reason and open a corrected version. Returns the dialog; raises as the correction does."""
        self.ensure_one()
        self._check_correct()
        return self.env["vshu.council.reason"]._open("correct", minutes_id=self.id)

    def action_discard(self):
        """Throw away a corrected version that bears no signature. Returns an act_window on the minutes in force.

        Raises AccessError for who does not keep the minutes, UserError for anything else than such a version.
        """
        self.ensure_one()
        self.check_access("read")
        if not self._is_keeper():
            raise AccessError(self.env._("%s: your role may not do this.", self.display_name))
        if not self.corrects_id or self.state != "draft" or self.frozen:
            raise UserError(self.env._("%s: only a corrected version without a signature goes.", self.display_name))
        kept = self.corrects_id
        guarded(self.sudo()).unlink()  # sudo: right and state were checked for this very version
        return kept.action_open()

    def _check_correct(self):
        self.check_access("read")
        if self.state != "signed":
            raise UserError(self.env._("%s: only signed minutes are corrected.", self.display_name))
        if not self._is_keeper():
            raise AccessError(self.env._("%s: your role may not do this.", self.display_name))
        waiting = self.search([("corrects_id", "=", self.id), ("state", "=", "draft")], limit=1)
        if waiting:
            raise UserError(
                self.env._("There is a corrected version already that waits for signatures: %s.", waiting.display_name)
            )

    def _correct(self, reason):
        """Make a version whose wording can be put right; it counts once both have signed it, the old one stays.

        Returns an act_window on it. Raises AccessError for who does not keep the minutes, UserError without reason.
        """
        self.ensure_one()
        self._check_correct()
        if not (reason or "").strip():
            raise UserError(self.env._("%s: write why it is corrected.", self.display_name))
        old = guarded(self.sudo())  # sudo: right and state were checked for these very minutes
        copied = (
            "place",
            "decision_text",
            "members_text",
            "guests_text",
            "absent_text",
            "postponed_text",
            "chair_post",
            "chair_name",
            "secretary_post",
            "secretary_name",
            "number",
        )
        new = old.create(
            {
                "meeting_id": old.meeting_id.id,
                "year_id": old.year_id.id,
                "version": old.version + 1,
                "corrects_id": old.id,
                "reason": reason,
                **{name: old[name] for name in copied},
            }
        )
        old.env["vshu.minutes.line"].create([{"minutes_id": new.id, **line._values()} for line in old.line_ids])
        return new.with_env(self.env).action_open()
