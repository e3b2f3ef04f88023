from markupsafe import Markup
from odoo import models

from ..regulation.vshu_notice_rule import PLACE


class VshuNotice(models.Model):
    """What the printed notice says (RU-A6): the words are those of the rule, the values those of the decision."""

    _inherit = "vshu.notice"

    def _paper_values(self):
        """Return the values of the places in the words of the paper, as they were when it was decided.

        Read with the rights of whoever prints; the class of that day is known to everybody who sees the student.
        """
        self.ensure_one()
        case, decision = self.case_id, self.decision_id
        student = self.student_id
        placed = self.event == "placement"
        until = decision.watch_until if self.event == "watch" else decision.date_end or (placed and case.date_end)
        grounds = case.ground_id | case.extra_ground_ids
        return {
            # as it is in the register, in brackets or after a colon: the program declines no names
            "child": student.name or self.family_id.name or "",
            **self._paper_kinship(student),
            "birth": self._paper_date(student.vshu_birth_date),
            "class": student._vshu_class_on(self.date_event).get(student.id, self.env["vshu.class"]).name or "",
            "school": self._paper_company().sudo().name,  # sudo: the name of the school
            "date": self._paper_date(self.date_event),
            "reason": "; ".join(grounds.mapped("display_name")),
            "because": self._paper_because(grounds),
            "until": self._paper_date(until),
            "decision": decision.display_name if decision else "",
            "removal": case.removal_reason_id.name or "",
            "hearing": self._paper_date(case.hearing_date),
        }

    def _paper_kinship(self, student):
        """Return what the child is called at school and by the parents, in the gender that is known (RU-A6)."""
        words = {
            "male": (self.env._("a schoolboy"), self.env._("my son")),
            "female": (self.env._("a schoolgirl"), self.env._("my daughter")),
        }
        unknown = (self.env._("a pupil"), self.env._("my child"))
        pupil, mine = words.get(student.vshu_sex, unknown) if student else ("", "")
        return {"pupil": pupil, "my_child": mine}

    def _paper_because(self, grounds):
        """Return the grounds as a part of a sentence; where one has no such words, by its name (RU-A6)."""
        if grounds and all(ground.phrase for ground in grounds):
            return self.env._("because of %(grounds)s", grounds="; ".join(grounds.mapped("phrase")))
        names = "; ".join(grounds.mapped("display_name"))
        return self.env._("on the ground: %(grounds)s", grounds=names) if names else ""

    def _paper_words(self, text, hints=None):
        """Return the lines of ``text`` with the values in their places, underlined as filled in by hand.

        A line whose places are all empty is left out. ``hints`` are small words under a value, by place.
        """
        self.ensure_one()
        values = self._paper_values()
        lines = []
        for line in (text or "").split("\n"):
            places = PLACE.findall(line)
            if places and not any(values[place] for place in places):
                continue
            parts, start = [], 0
            for match in PLACE.finditer(line):
                parts.append(line[start : match.start()])
                hint = (hints or {}).get(match.group(1))
                value = values[match.group(1)]
                if line[match.end() :].startswith("."):
                    value = value.removesuffix(".")  # «2011 г.» at the end of a sentence
                filled = Markup("<span class='o_filled'>%s</span>") % value
                if hint:
                    filled = Markup("<span class='o_hinted'>%s<span class='o_under'>%s</span></span>") % (filled, hint)
                parts.append(filled)
                start = match.end()
            parts.append(line[start:])
            lines.append(Markup("").join(parts))
        return lines

    def _paper_officers(self):
        """Return the names of those who sign: head, deputy head and keeper of the school."""
        school = self._paper_school()
        return {
            "head": school.head_id.name or "",
            "deputy_head": school.deputy_head_id.name or "",
            "keeper": school.keeper_id.name or "",
        }
