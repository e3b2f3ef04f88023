from odoo import api, fields, models
from odoo.tools import format_date

from ...tools.readable_fields import ReadableOne2many
from ...tools.states import STAY_STATES

#: guardians who stand in the place of parents (RU-A5, «Опекун (попечитель)»)
GUARDIAN_KINDS = ("guardian", "trustee", "foster_parent")


class VshuFamily(models.Model):
    """The record card of a family (RU-A5), filled from what is known, and the work with it (RU-3.3, RU-6.2)."""

    _name = "vshu.family"
    # rules checked in the database: in Python they would read the family's cases in sudo, and leave them in the cache
    _inherit = ["vshu.family", "vshu.rule.mixin", "vshu.paper.mixin"]

    case_ids = ReadableOne2many(
        "vshu.case", "family_id", string="Cases of the family", groups="vshu_registry.group_staff"
    )
    child_case_ids = fields.Many2many(
        "vshu.case",
        string="Cases of the children",
        compute="_compute_child_case_ids",
        groups="vshu_registry.group_staff",
        help="Only those that you may see.",
    )
    guardian_ids = fields.Many2many(
        "vshu.guardian", string="Parents and guardians", compute="_compute_guardian_ids", help="Of today."
    )
    person_ids = fields.One2many("vshu.family.person", "family_id", string="Other children and who lives there")
    marriage = fields.Selection(
        [
            ("registered", "Registered"),
            ("unregistered", "Live together, not registered"),
            ("divorced", "Divorced"),
            ("apart", "Live apart"),
            ("widowed", "Widowed"),
            ("never", "Were not married"),
        ],
        string="Parents' marriage",
        groups="vshu_registry.group_staff",
    )
    housing = fields.Text(groups="vshu_registry.group_staff", help="Whose it is, how many rooms, amenities, heating.")
    situation_ids = ReadableOne2many(
        "vshu.family.situation",
        "family_id",
        string="Situation in the family",
        groups="vshu_registry.group_staff",
        help="Read by the psychologist, those who keep the register and the curator.",
    )
    child_external_ids = fields.Many2many(
        "vshu.external.record",
        string="Outside registers of the children",
        compute="_compute_child_external_ids",
    )
    intervention_ids = ReadableOne2many(
        "vshu.intervention", "family_id", string="Preventive work", groups="vshu_registry.group_staff"
    )
    intervention_count = fields.Integer(
        string="Entries", compute="_compute_intervention_count", groups="vshu_registry.group_staff"
    )
    intervention_positive = fields.Integer(
        string="Positive entries", compute="_compute_intervention_count", groups="vshu_registry.group_staff"
    )
    move_ids = fields.Many2many(
        "vshu.family.move", string="Changes of guardian", compute="_compute_move_ids", help="Of the family's children."
    )

    # -- computes --------------------------------------------------------------------------------------------------

    @api.depends("member_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_child_case_ids(self):
        cases = self.env["vshu.case"].search(
            [("student_id", "in", self.member_ids.ids), ("company_id", "in", self.company_id.ids)]
        )
        for family in self:
            family.child_case_ids = cases.filtered(lambda c, f=family: c.student_id in f.member_ids)

    @api.depends("member_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_guardian_ids(self):
        """One link an adult: brothers and sisters share their parents."""
        links = self.env["vshu.guardian"].search(
            [
                ("student_id", "in", self.member_ids.ids),
                "|",
                ("date_from", "=", False),
                ("date_from", "<=", "today"),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", "today"),
            ]
        )
        for family in self:
            found = {}
            for link in links.filtered(lambda g, f=family: g.student_id in f.member_ids):
                found.setdefault((link.partner_id, link.kind), link)
            family.guardian_ids = self.env["vshu.guardian"].union(*found.values())

    @api.depends("member_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_child_external_ids(self):
        records = self.env["vshu.external.record"].search(
            [("student_id", "in", self.member_ids.ids), ("company_id", "in", self.company_id.ids)]
        )
        for family in self:
            family.child_external_ids = records.filtered(lambda r, f=family: r.student_id in f.member_ids)

    @api.depends("member_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_move_ids(self):
        moves = self.env["vshu.family.move"].search(
            [
                "|",
                ("student_id", "in", self.member_ids.ids),
                "|",
                ("old_family_id", "in", self.ids),
                ("family_id", "in", self.ids),
            ]
        )
        for family in self:
            family.move_ids = moves.filtered(
                lambda m, f=family: m.student_id in f.member_ids or f in (m.old_family_id, m.family_id)
            )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_intervention_count(self):
        counts = self.env["vshu.intervention"]._counts("family_id", self._origin.ids)
        for family in self:
            found = counts.get(family._origin.id, {})
            family.intervention_count = sum(found.values())
            family.intervention_positive = sum(n for (_kind, tone), n in found.items() if tone == "positive")

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_interventions(self):
        """Open the family's timeline and that of its children: what the user may read of it. Returns an act_window."""
        self.ensure_one()
        self.check_access("read")
        self.env["vshu.intervention"].check_access("read")
        return self.env["vshu.intervention"]._timeline(
            ["|", ("family_id", "=", self.id), ("student_id", "in", self.member_ids.ids)],
            {"default_family_id": self.id, "default_company_id": self.company_id.id},
            self.env._("Preventive work"),
        )

    def action_log_intervention(self):
        """Open the quick dialog for an entry about the family (RU-3.3). Returns an act_window."""
        self.ensure_one()
        self.check_access("read")
        return self.env["vshu.intervention"]._quick(family=self, company=self.company_id)

    def action_move(self):
        """Open a change of guardian or family for one of the children. Returns the dialog; AccessError but for
        whoever keeps people's records."""
        self.ensure_one()
        self.check_access("read")
        return self.env["vshu.guardian"]._move_dialog(self.member_ids[:1])

    def action_print_card(self):
        """Print the record card of the family (RU-A5), with the rights of whoever prints it. Returns the report."""
        self.check_access("read")
        self.env["vshu.case"].check_access("read")  # the card is a paper of the staff
        return self.env.ref("vshu_registry.action_report_family_card").report_action(self)

    # -- the card --------------------------------------------------------------------------------------------------

    def _card(self):
        """Return what the printed card says, in the language of the context, as far as the reader may read it."""
        self.ensure_one()
        stay = self._card_stay()
        guardians = self.guardian_ids
        statuses = self.category_ids.filtered("active_today").category_id
        situation = self.situation_ids[:1]
        return {
            "case": stay,
            "date_placed": self._paper_date(stay.date_placed),
            "grounds": "; ".join((stay.ground_id | stay.extra_ground_ids).mapped("name")),
            "mother": self._adults(guardians.filtered(lambda g: g.kind == "mother")),
            "father": self._adults(guardians.filtered(lambda g: g.kind == "father")),
            "guardian": self._adults(guardians.filtered(lambda g: g.kind in GUARDIAN_KINDS)),
            "marriage": dict(self._fields["marriage"]._description_selection(self.env)).get(self.marriage, ""),
            "children": self._children(),
            "residents": self._residents(guardians),
            "address": self.address,
            "registered": self.registered_address or (self.address and self.env._("the same address")),
            "status": ", ".join(statuses.mapped("name")),
            "housing": self.housing,
            "situation": situation.text,
            "situation_date": self._paper_date(situation.date),
            "outside": self._outside(),
            "signer": self._signer(),
            "today": self._paper_date(self._vshu_today()),
        }

    def _card_stay(self):
        """Return the family's stay on the register that the card is about: the open one, else the last."""
        stays = self.case_ids.filtered(lambda c: c.date_placed and c.state != "annulled").sorted("date_placed")
        running = stays.filtered(lambda c: c.state in STAY_STATES)
        return (running or stays)[-1:]

    def _adults(self, links):
        """Return name with phone, and place of work, of adults."""
        return {
            "name": ", ".join(filter(None, [", ".join(filter(None, [g.partner_id.name, g.phone])) for g in links])),
            "work": "; ".join(filter(None, links.mapped("workplace"))),
        }

    def _children(self):
        """Return the lines of the children: students of the school from what is known, others as entered."""
        rows = []
        today = self._vshu_today()
        enrolled = self.member_ids._vshu_class_on(today, self.company_id)
        for child in self.member_ids.sorted(lambda c: (c.vshu_birth_date or today, c.id)):
            school_class = enrolled.get(child.id)
            place = (
                self.env._(
                    "%(school)s, class %(class)s", **{"school": self.company_id.name, "class": school_class.name}
                )
                if school_class
                else ""
            )
            status = child.vshu_category_ids.filtered("active_today").category_id.mapped("name")
            rows.append(
                {
                    "name": child.name,
                    "year": child.vshu_birth_date.year if child.vshu_birth_date else "",
                    "place": place,
                    "status": ", ".join(status),
                }
            )
        for person in self.person_ids.filtered(lambda p: p.role == "child"):
            rows.append(
                {
                    "name": person.name,
                    "year": person.birth_year or "",
                    "place": person.place or "",
                    "status": person.status or "",
                }
            )
        return rows

    def _residents(self, guardians):
        """Return who else lives with the family: entered people, and adults of the links who are no parents."""
        words = [
            ", ".join(filter(None, [p.name, p.status, str(p.birth_year or ""), p.place]))
            for p in self.person_ids.filtered(lambda p: p.role == "resident")
        ]
        kinds = dict(self.env["vshu.guardian"]._fields["kind"]._description_selection(self.env))
        for link in guardians.filtered(lambda g: g.kind in ("step_parent", "grandparent", "other")):
            words.append(", ".join(filter(None, [link.partner_id.name, kinds[link.kind].lower(), link.workplace])))
        return "; ".join(words)

    def _outside(self):
        """Return the stays on outside registers, of the family and its children (RU-6.1b)."""
        bodies = dict(self.env["vshu.external.record"]._fields["body"]._description_selection(self.env))
        lines = []
        for record in (self.external_record_ids | self.child_external_ids).filtered("active_today"):
            lines.append(
                ", ".join(
                    filter(
                        None,
                        [
                            record.student_id.name,
                            record.body_partner_id.name or bodies.get(record.body),
                            self.env._("since %s", format_date(self.env, record.date_from)),
                            record.paper,
                        ],
                    )
                )
            )
        return "\n".join(lines)

    def _signer(self):
        """Return who signs the card: the class teacher of the first child at school, else the keeper."""
        today = self._vshu_today()
        classes = self.env["vshu.class"].browse(
            {c.id for c in self.member_ids._vshu_class_on(today, self.company_id).values()}
        )
        teachers = classes._teachers_on(today)
        teacher = next((teachers[cls.id] for cls in classes if cls.id in teachers), None)
        return (teacher or self._paper_school().keeper_id).name or ""
