from odoo import api, fields, models
from odoo.fields import Command

#: what is taken over from the survey before
LASTING = ("housing_kind", "housing_type", "rooms", "area", "amenities", "heating", "own_room", "study_place")


class VshuSurvey(models.Model):
    """The act of the survey of a family's housing conditions (KZ-11, RU-5.4, RU-9.2, RU-9.3, RU-N2.2)."""

    _name = "vshu.survey"
    _inherit = "vshu.form.mixin"
    _description = "Housing survey act"

    _form = "survey"
    _form_required = (
        "address",
        "residents",
        "housing_kind",
        "sanitary_state",
        "own_room",
        "study_place",
        "supervision",
        "relations",
        "conclusion",
        "member_ids",
    )

    corrects_id = fields.Many2one("vshu.survey", readonly=True, copy=False, index="btree_not_null")
    member_ids = fields.One2many("vshu.survey.member", "survey_id", string="Commission")
    reason = fields.Char(string="Why the family is visited")
    subject_name = fields.Char(string="Child or family")
    address = fields.Char()
    residents = fields.Text(string="Who lives there", help="Name, who they are to the child, age, work or study.")
    housing_kind = fields.Selection(
        [
            ("own", "Own housing"),
            ("municipal", "Municipal"),
            ("rented", "Rented"),
            ("service", "Of the employer"),
            ("dormitory", "Hostel"),
            ("relatives", "Of relatives"),
        ],
        string="Whose housing",
    )
    housing_type = fields.Selection(
        [("flat", "Flat"), ("house", "House"), ("part", "Part of a house"), ("room", "Room")], string="Kind of housing"
    )
    rooms = fields.Integer(string="Number of rooms", aggregator=None)
    area = fields.Float(string="Area, m²", digits=(8, 1), aggregator=None)
    amenities = fields.Char(help="Electricity, water, gas, drains, bathroom, telephone, Internet.")
    heating = fields.Selection(
        [
            ("central", "Central"),
            ("stove", "Stove"),
            ("gas", "Gas boiler"),
            ("electric", "Electric"),
            ("none", "No heating"),
        ],
    )
    sanitary = fields.Selection([("good", "Good"), ("fair", "Satisfactory"), ("bad", "Bad")], string="Sanitary state")
    sanitary_state = fields.Text(string="Sanitary state in words")
    own_room = fields.Selection(
        [
            ("own", "A room of their own"),
            ("shared", "Shares a room"),
            ("corner", "A corner"),
            ("none", "No place of their own"),
        ],
        string="The child's own place",
    )
    study_place = fields.Selection(
        [("there", "There"), ("partly", "There, not fitted out"), ("none", "No place to study")],
        string="Place to study",
    )
    provided = fields.Text(string="Clothes, food, things for school")
    supervision = fields.Text(string="Parents' supervision")
    relations = fields.Text(string="Relations in the family")
    conclusion = fields.Text(string="Conclusion of the commission")
    help_needed = fields.Text(string="What help is needed")

    _one_draft = models.UniqueIndex("(document_id) WHERE state = 'draft'", "This paper is being written already.")
    _one_finished = models.UniqueIndex("(document_id) WHERE state = 'finished'", "This paper is finished already.")
    _rooms_positive = models.Constraint(
        "CHECK(rooms >= 0 AND area >= 0)", "The number of rooms and the area cannot be below zero."
    )

    @api.model
    def _known_vals(self, document, student, lang, day):
        """Return where and with whom the child lives, and what the survey before has found of the dwelling."""
        # sudo: the user gives the paper; see vshu_case_facts.py on what is told
        case = document.sudo().with_context(lang=lang).case_id
        student = student.sudo().with_context(lang=lang)
        family = case.family_id
        before = self.sudo().search(
            [("case_id", "=", case.id), ("state", "=", "finished"), ("document_id", "!=", document.id)],
            order="date desc, id desc",
            limit=1,
        )  # sudo: of the same case
        vals = {
            **{name: before[name] for name in LASTING if before[name]},
            "subject_name": family.name or student.name,
            "address": " ".join((family.address or "").split()) or case._facts_address(student),
            "residents": case._facts_family(student, day),
        }
        if not self.member_ids:
            vals["member_ids"] = [Command.create(line) for line in self._first_members(case, day)]
        return vals

    @api.model
    def _first_members(self, case, day):
        """Return the commission as it usually is: whoever writes the act, and the class teacher."""
        author = (
            self.env["hr.employee"]
            .sudo()  # sudo: names and posts of the staff who sign
            .search([("user_id", "=", self.env.uid), ("company_id", "=", case.company_id.id)], limit=1)
        )
        school_class = case._children()[:1]._vshu_class_on(day)
        school_class = next(iter(school_class.values()), self.env["vshu.class"])
        teacher = school_class._teachers_on(day).get(school_class.id, author)
        return [{"name": person.name, "post": person.job_title or False} for person in author | teacher if person.name]

    def _copied_lines(self):
        return {"member_ids": [Command.create({"name": line.name, "post": line.post}) for line in self.member_ids]}


class VshuSurveyMember(models.Model):
    """Somebody who surveyed the housing and signs the act: of the school, of the police, of the social services."""

    _name = "vshu.survey.member"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Member of the commission of a survey"
    _order = "sequence, id"

    survey_id = fields.Many2one("vshu.survey", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="survey_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Full name", required=True)
    post = fields.Char(string="Position, organisation")

    @api.model_create_multi
    def create(self, vals_list):
        """Add members to a draft of one's own."""
        members = super().create(vals_list)
        members._check_draft()
        return members

    def write(self, vals):
        """Change members of a draft of one's own."""
        self._check_draft()
        res = super().write(vals)
        if "survey_id" in vals:
            self._check_draft()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_of_draft(self):
        self._check_draft()

    def _check_draft(self):
        """Raise as the act itself: only its author, only while it is a draft."""
        surveys = self.survey_id
        surveys._check_unfinished()
        if not self.env.su:
            surveys._check_author()
