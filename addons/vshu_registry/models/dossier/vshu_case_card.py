from odoo import models


class VshuCase(models.Model):
    """The personal card of the case: who, since when, why, and which of its papers are there (RU-5.4)."""

    _inherit = "vshu.case"

    def action_print_card(self):
        """Return the printed personal card (RU-5.4). Raises AccessError where the user may not read the case."""
        self.check_access("read")
        return self.env.ref("vshu_registry.action_report_card").report_action(self)

    def _card_title(self):
        self.ensure_one()
        return self.env._("Personal card %s", self.display_name)

    def _card_day(self):
        return self._vshu_today()

    def _card_facts(self):
        """Return [(label, text)] of the head of the card, read with the rights of whoever prints it."""
        self.ensure_one()
        student, family = self.student_id, self.family_id
        today = self._card_day()

        def in_force(records):
            return records.filtered(lambda r: r.date_from <= today and (not r.date_to or r.date_to >= today))

        subject = student or family
        categories = in_force(student.vshu_category_ids if student else family.category_ids)
        outside = in_force(student.vshu_external_record_ids if student else family.external_record_ids)
        address = student.contact_address_inline if student else family.address
        curator = self.curator_id.sudo().name or ""  # sudo: the name of a colleague
        if self.curator_act_number:
            curator = self.env._(
                "%(name)s, act No. %(number)s of %(date)s",
                name=curator,
                number=self.curator_act_number,
                date=self._facts_day(self.curator_act_date) or "…",
            )
        facts = [
            (self.env._("Full name"), subject.name),
            (self.env._("Date of birth"), self._paper_date(student.vshu_birth_date) if student else ""),
            (self.env._("Class"), self.class_id.name),
            (self.env._("Children"), "" if student else ", ".join(family.member_ids.mapped("name"))),
            (self.env._("Address"), " ".join((address or "").split())),
            (
                self.env._("Parents, guardians"),
                student.vshu_guardian_names if student else ", ".join(family.adult_ids.mapped("name")),
            ),
            (self.env._("Telephone"), student.vshu_guardian_phones if student else ""),
            (self.env._("Register"), self._facts_label()),
            (self.env._("Placed on"), self._paper_date(self.date_placed)),
            (self.env._("Ground"), "\n".join((self.ground_id | self.extra_ground_ids).mapped("name"))),
            (self.env._("Basis"), self.basis_id.name),
            (self.env._("Decision"), self.placement_decision_id.display_name if self.placement_decision_id else ""),
            (self.env._("Curator"), curator),
            (self.env._("Term until"), self._paper_date(self.date_end)),
            (self.env._("Removed on"), self._paper_date(self.date_removed)),
            (self.env._("Social categories"), ", ".join(categories.category_id.mapped("display_name"))),
            (self.env._("Outside registers"), "; ".join(outside.mapped("display_name"))),
        ]
        return [(label, text) for label, text in facts if text]

    def _card_papers(self):
        """Return the papers by stages: what is there, expected, missing; the kinds that RU-5.4 lists first."""
        self.ensure_one()
        words = {
            "missing": self.env._("missing"),
            "due": self.env._("expected"),
            "ready": self.env._("there"),
            "asked": self.env._("if needed"),
            "absent": self.env._("there is none, accepted"),
            "not_needed": self.env._("not needed"),
        }
        stages = dict(self.env["vshu.document.requirement"]._fields["stage"]._description_selection(self.env))
        parts = {}
        for kind in self._paper_kinds():
            part = parts.setdefault(kind["stage"], [])
            dates = [self._facts_day(day) for day in kind["ready"]]
            if kind["due"]:
                dates.append(self.env._("next by %s", self._facts_day(kind["due"])))
            part.append(
                {
                    "number": len(part) + 1,
                    "name": kind["type"].name,
                    "state": words[kind["state"]],
                    "dates": ", ".join(dates),
                }
            )
        # the list of the card itself comes first, what decisions asked for after it
        order = sorted(
            parts, key=lambda stage: (stage != "dossier", list(stages).index(stage) if stage else len(stages))
        )
        return [{"title": stages.get(stage) or self.env._("Further papers"), "rows": parts[stage]} for stage in order]
