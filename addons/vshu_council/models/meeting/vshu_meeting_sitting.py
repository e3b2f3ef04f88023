from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.vshu_registry.tools.guard import guarded

from ..council.vshu_council_rule import is_share


class VshuMeetingSitting(models.AbstractModel):
    """The sitting: who is there, whether they are enough, who presides and who keeps the minutes (KZ-7, KZ-13)."""

    _name = "vshu.meeting.sitting"
    _description = "Sitting of the council"

    present_count = fields.Integer(string="Members present", compute="_compute_quorum")
    quorum_needed = fields.Integer(compute="_compute_quorum", help="Members who must be present for a decision.")
    has_quorum = fields.Boolean(compute="_compute_quorum")
    quorum_text = fields.Char(string="Quorum", compute="_compute_quorum")
    sitting_problems = fields.Text(compute="_compute_sitting_problems", help="What must be settled before votes.")

    whole_count = fields.Integer(
        string="Members in office", readonly=True, copy=False, help="On the day of the meeting; kept when it closes."
    )
    postponed_text = fields.Text(string="Goes to the next meeting", readonly=True, copy=False)

    def _whole(self):
        """Return how many the whole council was: as it was when the sitting closed, else as it is on the day (KZ-6)."""
        self.ensure_one()
        return (self.whole_count if self.state in ("held", "signed") else 0) or self._in_office_count()

    @api.depends("member_ids.attendance", "member_ids.left_before", "council_id", "state")
    def _compute_quorum(self):
        for meeting in self:
            sudo_meeting = meeting.sudo()  # sudo: how many are present is said in the minutes
            whole = sudo_meeting._whole()
            present = len(sudo_meeting.member_ids._still_here())
            facts = sudo_meeting.regulation_id._council_rule("quorum")
            needed = next((n for n in range(whole + 1) if is_share(facts, n, whole)), whole) if facts else 0
            meeting.present_count = present
            meeting.quorum_needed = needed
            meeting.has_quorum = bool(present) and present >= needed
            meeting.quorum_text = self.env._(
                "%(present)s of %(whole)s present, %(needed)s needed (%(clause)s)",
                present=present,
                whole=whole,
                needed=needed,
                clause=sudo_meeting.regulation_id._council_clause("quorum"),
            )

    @api.depends(
        "state",
        "member_ids.attendance",
        "member_ids.left_before",
        "presiding_id",
        "presiding_for",
        "presiding_against",
        "presiding_abstained",
        "secretary_id",
        "secretary_for",
        "secretary_against",
        "secretary_abstained",
    )
    def _compute_sitting_problems(self):
        for meeting in self:
            problems = meeting.sudo()._sitting_problems() if meeting.state in ("sitting", "held") else []
            # sudo: attendance and roles of colleagues
            meeting.sitting_problems = "\n".join(f"• {problem}" for problem in problems) or False

    def _sitting_problems(self, item=None):
        """Return what must be settled before the council decides: quorum, who presides, who keeps the minutes.

        :param item: the item that is decided, for which those count who are there and may decide it
        """
        self.ensure_one()
        problems = []
        if not self.has_quorum and not item:
            problems.append(self.env._("there is no quorum: %s", self.quorum_text))
        elif item and not item._has_quorum():
            problems.append(self.env._("there is no quorum: %s", item._quorum_words()))
        return problems + self._places_problems(item)

    def _places_problems(self, item=None):
        """Return what is wrong with who presides and who keeps the minutes: two people, each rightly (KZ-7, KZ-13)."""
        self.ensure_one()
        problems = self._place_problems("presiding", item) + self._place_problems("secretary", item)
        presiding, secretary = (item or self)._place_of("presiding"), (item or self)._place_of("secretary")
        if presiding and presiding == secretary:
            problems.append(
                self.env._("%s cannot preside and keep the minutes: two people sign", presiding.display_name)
            )
        return problems

    def _place_of(self, place):
        """Return who presides (``presiding``) or keeps the minutes (``secretary``) now."""
        self.ensure_one()
        return self[f"{place}_id"]

    def _place_problems(self, place, item=None):
        """Return what is wrong with who presides (``presiding``) or keeps the minutes (``secretary``) (KZ-7)."""
        self.ensure_one()
        here = item._here() if item else self.member_ids._origin._still_here()
        attended = self.member_ids._origin.filtered(lambda p: p.attendance == "present")
        matter, roles = {
            "presiding": ("chair", ("chair", "deputy")),
            "secretary": ("secretary", ("secretary", "substitute")),
        }[place]
        clause = self.regulation_id._council_clause(matter)
        person = (item or self)._place_of(place)
        label = self._fields[f"{place}_id"]._description_string(self.env)
        if not person:
            return [self.env._("name who it is: %(what)s (%(clause)s)", what=label, clause=clause)]
        # who presided over what was decided signs it, though they left before the rest
        if person._origin not in (here if item else attended):
            return [
                self.env._(
                    "%(person)s is not present, so cannot be the one who: %(what)s (%(clause)s)",
                    person=person.display_name,
                    what=label.lower(),
                    clause=clause,
                )
            ]
        if person.council_role == roles[0]:
            return []
        before = roles[: roles.index(person.council_role)] if person.council_role in roles else roles
        # whoever does not vote on an item may leave the chair to the next one for it
        able = here - item.excluded_ids._origin if item else here
        first = able.filtered(lambda p: p.council_role in before).sorted(lambda p: roles.index(p.council_role))
        if first:
            return [
                self.env._(
                    "%(person)s is present, nobody else replaces them in: %(what)s (%(clause)s)",
                    person=first[0].display_name,
                    what=label.lower(),
                    clause=clause,
                )
            ]
        if person.council_role == roles[1]:
            return []
        facts = self.regulation_id._council_rule(matter)
        if not facts.get("by_vote"):
            return [
                self.env._(
                    "%(person)s is not named for it by the order, and the regulation knows no election: %(what)s "
                    "(%(clause)s)",
                    person=person.display_name,
                    what=label.lower(),
                    clause=clause,
                )
            ]
        votes = [self[f"{place}_{choice}"] for choice in ("for", "against", "abstained")]
        if min(votes) < 0 or sum(votes) > len(attended):
            return [
                self.env._(
                    "more votes (%(votes)s) than members present (%(present)s): %(what)s",
                    votes=sum(votes),
                    present=len(attended),
                    what=label.lower(),
                )
            ]
        if votes[0] * 2 <= len(here):
            return [
                self.env._(
                    "%(person)s must be elected by more than half of the members present, write the votes: %(what)s "
                    "(%(clause)s)",
                    person=person.display_name,
                    what=label.lower(),
                    clause=clause,
                )
            ]
        return []

    def _place_reason(self, place):
        """Return by what somebody else than the chair or secretary holds the place, for the minutes; empty for them."""
        self.ensure_one()
        person = self[f"{place}_id"]
        if person.stands_in:
            return self.env._("stands in on this day")
        if person.council_role in ("chair", "secretary"):
            return ""
        if person.council_role in ("deputy", "substitute"):
            return self.env._("by the order on the composition")
        return self.env._(
            "elected by the members present: for %(ayes)s, against %(noes)s, abstained %(others)s",
            ayes=self[f"{place}_for"],
            noes=self[f"{place}_against"],
            others=self[f"{place}_abstained"],
        )

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_start(self):
        """Open the sitting. The chair presides and the secretary keeps the minutes, until somebody else is named.

        Raises AccessError for anyone but chair, secretary and keeper, UserError before the day itself.
        """
        self.ensure_one()
        self._check_flag("can_open")
        if self.date_day > self.company_id._vshu_today():
            raise UserError(
                self.env._(
                    "%s lies ahead: a meeting is opened on its day. Choose another day first.", self.display_name
                )
            )
        meeting = guarded(self.sudo())  # sudo: right and state were checked for this very meeting
        # whoever has left the school since it was convened is no member any more, stand-ins are those of the day
        meeting._renew_members()
        items = meeting.item_ids.filtered(lambda item: item.state == "scheduled")
        for number, item in enumerate(items.sorted("number"), 1):
            item.agenda_number = number
        vals = {"state": "sitting"}
        for place, role in (("presiding_id", "chair"), ("secretary_id", "secretary")):
            vals[place] = meeting[place].id or meeting.member_ids.filtered(lambda p, r=role: p.council_role == r)[:1].id
        meeting.write(vals)
        return True

    def action_all_present(self):
        """Mark all members present of whom nothing is noted yet. Raises as who keeps the minutes (KZ-13)."""
        self._check_flag("can_keep")
        waiting = self.sudo().member_ids.filtered(lambda p: p.attendance == "unknown")  # sudo: the flag was checked
        guarded(waiting).write({"attendance": "present"})
        return True

    def action_no_quorum(self):
        """End the sitting for want of a quorum: what is not decided yet waits for the next meeting.

        Where something was decided while there was one, it stands: the sitting is closed with it and its minutes wait
        for their signatures (KZ-13). Returns True, or an act_window on the minutes. Raises AccessError as closing does,
        UserError where there is a quorum.
        """
        self.ensure_one()
        self._check_flag("can_close")
        if self.has_quorum:
            raise UserError(
                self.env._(
                    "%(meeting)s: there is a quorum, %(text)s.", meeting=self.display_name, text=self.quorum_text
                )
            )
        items = self.sudo().item_ids  # sudo: the right to close was checked
        if items.filtered(lambda item: item.state == "decided"):
            guarded(items.filtered(lambda item: item.state == "scheduled"))._postpone()
            return self.action_close()
        self._end_without(self.env._("No quorum: %s", self.quorum_text), "not_held")
        return True

    def action_close(self):
        """Close the sitting: all items are decided, the minutes get their number and wait for two signatures (KZ-13).

        Returns an act_window on the minutes. Raises AccessError for anyone but those who keep the minutes, UserError
        that names the items without a decision.
        """
        self.ensure_one()
        self._check_flag("can_close")
        meeting = guarded(self.sudo())  # sudo: right and state were checked for this very meeting
        problems = meeting._places_problems()
        problems += [
            self.env._("item %(number)s is not decided yet: %(what)s", number=item.number, what=item.display_name)
            for item in meeting.item_ids.filtered(lambda item: item.state == "scheduled")
        ]
        if not meeting.item_ids.filtered(lambda item: item.state == "decided"):
            problems.append(self.env._("no item has been decided"))
        problems += meeting._decided_problems()
        problems += [
            self.env._("note whether %s was present", person.display_name)
            for person in meeting.member_ids.filtered(lambda p: p.attendance == "unknown")
        ]
        if problems:
            raise UserError(
                self.env._(
                    "%(meeting)s cannot be closed yet:\n%(problems)s",
                    meeting=self.display_name,
                    problems="\n".join(f"• {problem}" for problem in problems),
                )
            )
        minutes = meeting.minutes_ids[:1] or meeting.env["vshu.minutes"]._make(meeting)
        meeting.write({"state": "held", "date_held": meeting.date_day, "whole_count": meeting._in_office_count()})
        meeting.item_ids._close_invitations()
        meeting.item_ids._considered(meeting.date_day)
        return minutes.with_env(self.env).action_open()

    def _decided_problems(self):
        """Return what is wrong with what was decided, by who was there in the end: attendance is noted until the close.

        On a superuser set.
        """
        self.ensure_one()
        return [
            self.env._("item %(number)s: %(why)s", number=item.number, why="; ".join(problems))
            for item in self.item_ids.filtered(lambda item: item.state == "decided").sorted("number")
            if (problems := item._vote_problems())
        ]
