from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.vshu_registry.tools.guard import guarded

from ..council.vshu_council_rule import LEAST_VOTES, is_share


class VshuAgendaVoting(models.AbstractModel):
    """The vote on an item: who is there for it, whether they are enough, who may vote, what decides (KZ-13, RU-5.2).

    All numbers are the regulation's. Whoever is kept from the vote by an interest of their own decides nothing, however
    the votes are entered.
    """

    _name = "vshu.agenda.voting"
    _description = "Vote on an item"

    presided_id = fields.Many2one(
        "vshu.meeting.participant",
        string="Presided over the item",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    kept_id = fields.Many2one(
        "vshu.meeting.participant",
        string="Kept the minutes of the item",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )

    def _place_of(self, place):
        """Return who presides over the item (``presiding``) or keeps its minutes (``secretary``): as it was when it was
        decided, else as it is now."""
        self.ensure_one()
        known = self.presided_id if place == "presiding" else self.kept_id
        return known or self.meeting_id[f"{place}_id"]

    def _here(self):
        """Return the members who are present while the item is heard."""
        self.ensure_one()
        return self.meeting_id.member_ids._origin._present_at(self.number)

    def _voters(self):
        """Return the members who are present and may vote on the item."""
        self.ensure_one()
        return self._here() - self.excluded_ids._origin

    def _quorum_facts(self):
        """Return what the quorum of the item is: dict of whole, present, counted, needed."""
        self.ensure_one()
        meeting = self.meeting_id
        facts = meeting.regulation_id._council_rule("quorum")
        present = self._here()
        counted = present if facts.get("excluded_count") else present - self.excluded_ids._origin
        return {
            "whole": meeting._whole(),
            "present": len(present),
            "counted": len(counted),
            "needed": meeting.quorum_needed,
        }

    def _has_quorum(self):
        facts = self._quorum_facts()
        return bool(facts["counted"]) and facts["counted"] >= facts["needed"]

    def _quorum_words(self):
        """Return how many are in office, present, counted and needed for the item, in words."""
        self.ensure_one()
        return self.env._(
            "members in office %(whole)s, present %(present)s, counted for this item %(counted)s, needed %(needed)s "
            "(%(clause)s)",
            clause=self.meeting_id.regulation_id._council_clause("quorum"),
            **self._quorum_facts(),
        )

    def _presiding_voted_for(self):
        """Tell whether who presides voted for; whoever is kept from the vote, or not there, did not vote at all."""
        self.ensure_one()
        presiding = self._place_of("presiding")
        if presiding not in self._voters():
            return False
        if self.vote_mode == "count":
            return self.casting_for
        return any(vote.participant_id == presiding and vote.choice == "for" for vote in self.vote_ids)

    def _vote_result(self):
        """Return what the votes come to by the rule on the majority: dict of carried, casting (the vote of who presides
        decided), of (what the majority is counted of), whole."""
        self.ensure_one()
        facts = self.meeting_id.regulation_id._council_rule("majority")
        ayes, noes = self.total_for, self.total_against
        if not facts:
            return {"carried": True, "casting": False, "of": False, "whole": 0}
        of = facts["counted_of"]
        whole = {"present": len(self._voters()), "members": self.meeting_id._whole()}.get(of, ayes + noes)
        carried = bool(ayes) and is_share(facts, ayes, whole)
        casting = False
        if not carried and facts["casting_vote"] and ayes and ayes == noes and self._presiding_voted_for():
            # counted twice, and no more than that: abstentions are not outvoted by one who presides
            casting = is_share(facts, ayes + 1, whole + 1 if of == "cast" else whole)
        return {"carried": carried or casting, "casting": casting, "of": of, "whole": whole}

    def _vote_problems(self):
        """Return what is wrong with the vote: quorum, who voted, how many, whether it is carried (KZ-13)."""
        self.ensure_one()
        regulation = self.meeting_id.regulation_id
        voters = self._voters()
        problems = self.meeting_id._sitting_problems(self)
        if self.excluded_ids and not (self.excluded_reason or "").strip():
            problems.append(self.env._("write why a member does not vote"))
        votes = {choice: self[f"total_{choice}"] for choice in ("for", "against", "abstained")}
        if min(votes.values()) < 0:
            problems.append(self.env._("a number of votes cannot be negative"))
        if sum(votes.values()) > len(voters):
            problems.append(
                self.env._(
                    "more votes (%(votes)s) than members present who may vote (%(voters)s)",
                    votes=sum(votes.values()),
                    voters=len(voters),
                )
            )
        if self.vote_mode == "name":
            strangers = self.vote_ids.participant_id - voters
            if strangers:
                problems.append(
                    self.env._(
                        "votes of whoever is not present or does not vote: %s",
                        ", ".join(strangers.mapped("display_name")),
                    )
                )
        if problems or not sum(votes.values()):
            return problems or [self.env._("write the votes")]
        least = regulation._council_rule("majority").get("least_votes", LEAST_VOTES)
        if votes["for"] + votes["against"] < least:
            problems.append(
                self.env._(
                    "at least %(least)s must vote for or against, here are %(votes)s (%(clause)s)",
                    least=least,
                    votes=votes["for"] + votes["against"],
                    clause=regulation._council_clause("majority"),
                )
            )
        if not self._vote_result()["carried"]:
            problems.append(
                self.env._(
                    "the decision is not carried: for %(ayes)s, against %(noes)s, abstained %(others)s "
                    "(%(clause)s). Put another decision to the vote",
                    ayes=votes["for"],
                    noes=votes["against"],
                    others=votes["abstained"],
                    clause=regulation._council_clause("majority"),
                )
            )
            presiding = self._place_of("presiding")
            if votes["for"] == votes["against"] and presiding not in voters:
                problems.append(
                    self.env._("%s does not vote on this item, so has no casting vote", presiding.display_name)
                )
        return problems

    def _outcome_words(self):
        """Return what decided the item, for the minutes: who was there, who could vote, which majority, whether the
        vote of who presided decided (KZ-13)."""
        self.ensure_one()
        env, result = self.env, self._vote_result()
        lines = [
            env._("%(quorum)s; entitled to vote %(voters)s.", quorum=self._quorum_words(), voters=len(self._voters()))
        ]
        presiding = self._place_of("presiding")
        if presiding != self.meeting_id.presiding_id:
            lines.append(env._("Presided: %s.", presiding.display_name))
        values = {"ayes": self.total_for, "whole": result["whole"]}
        if result["casting"]:
            lines.append(
                env._(
                    "As many were for as against. The vote of %s, who presided, decided: the decision is carried.",
                    presiding.display_name,
                )
            )
        elif result["of"] == "present":
            lines.append(
                env._("For: %(ayes)s of %(whole)s members present who may vote. The decision is carried.", **values)
            )
        elif result["of"] == "members":
            lines.append(env._("For: %(ayes)s of %(whole)s members of the council. The decision is carried.", **values))
        elif result["of"]:
            lines.append(env._("For: %(ayes)s of %(whole)s votes cast. The decision is carried.", **values))
        rule = self.meeting_id.regulation_id._council_name("majority")
        if rule:
            lines.append(env._("By the rule: %s.", rule))
        return "\n".join(lines)

    # -- to the next meeting -----------------------------------------------------------------------------------------

    def _postpone_problems(self):
        """Return why the item does not go to the next meeting: there are enough members to decide it."""
        self.ensure_one()
        return [self.env._("there is a quorum for it: %s", self._quorum_words())] if self._has_quorum() else []

    def action_postpone(self):
        """Let items without a quorum of their own wait for the next meeting; the minutes say so (KZ-13).

        For members who left, or who do not vote on them. Raises AccessError for anyone but those who keep the minutes,
        UserError for an item that is decided, or that there is a quorum for.
        """
        self.meeting_id._check_flag("can_close")
        for item in self:
            if item.state != "scheduled":
                raise UserError(self.env._("%s is decided already, or the council does not sit.", item.display_name))
            problems = item.sudo()._postpone_problems()  # sudo: how many are present; the flag was checked
            if problems:
                raise UserError(self.env._("%(item)s: %(why)s.", item=item.display_name, why="; ".join(problems)))
        guarded(self.sudo())._postpone()  # sudo: right and state were checked for these very items
        return True

    def _postpone(self):
        """Put items without a quorum back on the list, and what became of them on record; a guarded superuser set."""
        for meeting, items in self.grouped("meeting_id").items():
            lines = [meeting.postponed_text] if meeting.postponed_text else []
            for item in items.sorted("number"):
                own = item.with_context(lang=meeting._paper_lang())
                lines.append(
                    own.env._(
                        "%(number)s. %(item)s: no quorum, goes to the next meeting: %(quorum)s.",
                        number=own.number,
                        item=own.display_name,
                        quorum=own._quorum_words(),
                    )
                )
            meeting.postponed_text = "\n".join(lines)
            items._take_back_hearing(tell=False)
            items._back_to_waiting()
