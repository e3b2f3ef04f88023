from markupsafe import Markup
from odoo import api, fields, models

#: headings in which the author judges, in the order of RU-A4
JUDGED = (
    "character",
    "qualities_good",
    "qualities_bad",
    "standing",
    "study_progress",
    "study_knowledge",
    "study_motivation",
    "study_attendance",
    "study_ability",
    "study_interest",
    "activities",
    "changes",
    "conclusion",
)
#: what seldom changes and no list of the school holds: taken over from the characteristic before
LASTING = (
    "birth_place",
    "mother_work",
    "mother_education",
    "father_work",
    "father_education",
    "housing",
    "clubs_school",
    "clubs_outside",
    "friends_school",
    "friends_outside",
    "vocation",
)


class VshuCharacteristic(models.Model):
    """The characteristic of a child by the seventeen headings of RU-A4; for KZ-11 and KZ-19 the same form.

    What the school knows stands in it from the start. One that follows another says what has changed since (RU-5.4).
    """

    _name = "vshu.characteristic"
    _inherit = "vshu.form.mixin"
    _description = "Characteristic"

    _form = "characteristic"
    _form_required = (
        "student_name",
        "class_name",
        "birth_date",
        "address",
        "upbringing_adults",
        "family_composition",
        "family_relations",
        "character",
        "qualities_good",
        "qualities_bad",
        "standing",
        "study_progress",
        "study_motivation",
        "study_attendance",
        "activities",
    )

    corrects_id = fields.Many2one("vshu.characteristic", readonly=True, copy=False, index="btree_not_null")
    student_id = fields.Many2one(required=True)
    student_name = fields.Char(string="Full name of the student")
    class_name = fields.Char(string="Class")
    birth_date = fields.Date(string="Date of birth")
    birth_place = fields.Char(string="Place of birth")
    address = fields.Char(string="Home address")
    phone = fields.Char(string="Home telephone")
    mother_name = fields.Char(string="Mother: full name")
    mother_work = fields.Char(string="Mother: place of work")
    mother_education = fields.Char(string="Mother: education")
    mother_phone = fields.Char(string="Mother: telephone")
    father_name = fields.Char(string="Father: full name")
    father_work = fields.Char(string="Father: place of work")
    father_education = fields.Char(string="Father: education")
    father_phone = fields.Char(string="Father: telephone")
    upbringing_adults = fields.Text(string="Adults who really bring the child up")
    family_composition = fields.Text(string="Who belongs to the family, its structure")
    housing = fields.Text(string="Housing and living conditions")
    family_relations = fields.Text(string="Relations in the family")
    family_potential = fields.Text(string="What the family can do for the upbringing")
    character = fields.Text(string="Character of the child")
    qualities_good = fields.Text(string="Good qualities")
    qualities_bad = fields.Text(string="Bad qualities")
    standing = fields.Text(string="Standing in the class")
    study_progress = fields.Text(string="Progress at school")
    study_knowledge = fields.Text(string="Level of knowledge")
    study_motivation = fields.Text(string="Motivation to learn")
    study_attendance = fields.Text(string="Attendance of lessons")
    study_ability = fields.Text(string="Ability to learn")
    study_interest = fields.Text(string="Interest in knowledge")
    activities = fields.Text(string="Out of lessons: own part in the life of class and school")
    clubs_school = fields.Text(string="Additional education at the school", help="Name of the group, days and hours.")
    clubs_outside = fields.Text(string="Additional education outside", help="Institution, group, days and hours.")
    friends_school = fields.Text(string="Friends at the school")
    friends_outside = fields.Text(string="Friends outside the school")
    vocation = fields.Text(string="Choice of a profession")
    stays_now = fields.Text(string="On the register now", help="Since when, why.")
    stays_before = fields.Text(string="Was on the register", help="Until when.")
    council = fields.Text(string="Summoned to the council", help="When, why.")
    commission = fields.Text(string="Summoned to the commission, outside registers", help="When, why.")
    work_done = fields.Text(string="Work done with the child and what came of it")
    changes = fields.Text(string="What has changed since the last characteristic")
    conclusion = fields.Text(string="Conclusion of the author")
    previous_id = fields.Many2one("vshu.characteristic", compute="_compute_previous", string="Characteristic before")
    previous_text = fields.Html(compute="_compute_previous", sanitize=False, string="What the last one said")
    changes_needed = fields.Boolean(compute="_compute_previous")

    _one_draft = models.UniqueIndex("(document_id) WHERE state = 'draft'", "This paper is being written already.")
    _one_finished = models.UniqueIndex("(document_id) WHERE state = 'finished'", "This paper is finished already.")

    @api.depends_context("lang")
    @api.depends("document_id", "student_id", "date", "state")
    def _compute_previous(self):
        """The characteristic of the same child before this one, in this case; what it said in its own words."""
        for form in self:
            before = form._before(form.document_id._origin, form.student_id, form.date or form._vshu_today())
            form.previous_id = before
            form.previous_text = before._told() if before else False
            form.changes_needed = form._changes_needed()

    @api.model
    def _before(self, document, student, day):
        """Return the last finished characteristic of ``student`` until ``day``, on another paper of the same case."""
        return self.search(
            [
                ("case_id", "=", document.case_id.id),
                ("student_id", "=", student.id),
                ("state", "=", "finished"),
                ("document_id", "!=", document.id),
                ("date", "<=", day),
            ],
            order="date desc, id desc",
            limit=1,
        )

    def _told(self):
        """Return what the author judged, heading by heading."""
        self.ensure_one()
        lines = [(self._paper_label(name), self[name]) for name in JUDGED if self[name]]
        title = self.env._("Characteristic of %s", self.case_id._facts_day(self.date))
        return Markup("<div class='fw-bold'>%s</div><dl class='mb-0'>%s</dl>") % (
            title,
            Markup("").join(
                Markup("<dt>%s</dt><dd style='white-space: pre-line'>%s</dd>") % (label, text) for label, text in lines
            ),
        )

    def _changes_needed(self):
        """Tell whether the paper comes again and one of its kind is there already (RU-5.4)."""
        self.ensure_one()
        document = self.document_id
        if not document.requirement_id.repeat_months:
            return False
        return bool(
            document.case_id.document_ids.filtered(
                lambda d: (
                    d.requirement_id == document.requirement_id
                    and d != document._origin
                    and d.state == "ready"
                    and (not self.date or d.date <= self.date)
                )
            )
        )

    def _author_post(self, employee):
        """Return as what the author signs: class teacher of the child, curator of the case, else the own post."""
        form = self.with_context(lang=self._paper_lang()).sudo()  # sudo: who teaches the class; names of roles
        school_class = form.student_id._vshu_class_on(form.date).get(form.student_id.id, self.env["vshu.class"])
        teachers = school_class._teachers_on(form.date)
        if employee and employee == teachers.get(school_class.id):
            return form.env.ref("vshu_registry.role_class_teacher").name
        if employee and employee == form.case_id.curator_id:
            return form.env.ref("vshu_registry.role_curator").name
        return super()._author_post(employee)

    def _finish_problems(self):
        problems = super()._finish_problems()
        # sudo: whether there was one before
        if self.sudo()._changes_needed() and not self._filled("changes"):
            problems.append(
                self.env._("write what has changed since the last characteristic (%s)", self.clause_text or "-")
            )
        return problems

    @api.model
    def _known_vals(self, document, student, lang, day):
        """Return what the lists of the school know of the child, and what seldom changes from the one before."""
        # sudo: the user gives the paper; see vshu_case_facts.py on what is told
        case = document.sudo().with_context(lang=lang).case_id
        student = student.sudo().with_context(lang=lang)
        guardians = case._facts_guardians(student, day)
        mother = guardians.filtered(lambda g: g.kind == "mother")[:1].partner_id
        father = guardians.filtered(lambda g: g.kind in ("father", "step_parent"))[:1].partner_id
        school_class = student._vshu_class_on(day).get(student.id)
        before = self.sudo()._before(document, student, day)  # sudo: of the same case
        return {
            **{name: before[name] for name in LASTING if before[name]},
            "student_name": student.name,
            "class_name": school_class.name if school_class else False,
            "birth_date": student.vshu_birth_date,
            "address": case._facts_address(student),
            "phone": student.phone,
            "mother_name": mother.name,
            "mother_work": case._facts_work(mother) or before.mother_work,
            "mother_phone": mother.phone,
            "father_name": father.name,
            "father_work": case._facts_work(father) or before.father_work,
            "father_phone": father.phone,
            "upbringing_adults": case._facts_adults(student, day),
            "family_composition": case._facts_family(student, day),
            "stays_now": case._facts_stays_now(student, day),
            "stays_before": case._facts_stays_before(student, day),
            "council": case._facts_council(student, day),
            "commission": case._facts_outside(student, day),
            "work_done": before.work_done or case.measures_before,
        }

    def action_earlier(self):
        """Open all characteristics of the child in this case, every version. Returns an act_window."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_registry.action_vshu_characteristic")
        return dict(
            action, domain=[("case_id", "=", self.case_id.id), ("student_id", "=", self.student_id.id)], context={}
        )
