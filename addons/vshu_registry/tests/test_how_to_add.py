"""What docs/architecture.md says about adding a ground, a deadline, a document, a role, a letter: done as it says."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .case.test_flow import FlowCommon


class HowToAddCommon(FlowCommon):
    """An administrator of the register changes the school's own version of the regulation."""

    def own_version(self, bag):
        """Return the school's own version of its regulation, in draft, as the administrator sees it."""
        regulation = self.as_(bag, "administrator", bag.school.regulation_id)
        return regulation.browse(regulation.action_make_own_version()["res_id"])

    def put_in_force(self, own):
        """Let the version count for whatever begins from today on."""
        own.date_from = "2026-10-01"
        own.action_put_in_force()

    def add(self, own, model, **vals):
        """Add a record to the version, with the administrator's own rights."""
        return own.env[model].create({"regulation_id": own.id, "code": "school_1", **vals})

    def copied(self, own, model, name):
        """Return the version's own record of what ships as ``name``."""
        return own.env[model].search([("regulation_id", "=", own.id), ("code", "=", self.ref(name).code)])

    def submitted(self, own, ground=None):
        """Return a case that the deputy head has submitted under the version: from the class teacher's signal on."""
        ground = ground or self.copied(own, "vshu.ground", "kz_ground_18_5")
        signal = self.signal(self.kz, "class_teacher", ground_id=ground.id)
        self.as_(self.kz, "deputy_head", signal).action_accept()
        case = self.as_(self.kz, "deputy_head", signal.sudo().case_id)
        case.action_submit()
        self.assertEqual(case.sudo().regulation_id, own.sudo())
        return case.sudo()

    def place(self, case):
        """Carry out the council's decision to place, typed by the social pedagogue from its minutes."""
        kind = self.copied(case.sudo().regulation_id, "vshu.decision.kind", "kz_kind_4_place")
        self.as_(self.kz, "social_pedagogue", self.env["vshu.decision"]).create(
            {
                "case_id": case.id,
                "kind_id": kind.id,
                "form_id": kind.form_ids[:1].id,
                "number": "3",
                "date": "2026-10-14",
                "months": 3,
                "curator_id": self.kz.employees["class_teacher"].id,
            }
        ).action_apply()


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestHowToAdd(HowToAddCommon):
    def setUp(self):
        super().setUp()
        self.own = self.own_version(self.kz)

    def call_rule(self, role):
        """Add a clock to the version: two working days from the submission, for ``role``."""
        return self.add(
            self.own,
            "vshu.deadline.rule",
            name="Call the parents",
            model_id=self.env["ir.model"]._get_id("vshu.case"),
            event="submitted",
            met_event="decided",
            offset=2,
            unit="working_day",
            role_id=role.id,
        )

    def test_shipped_regulations_stay(self):
        """What comes with the addon is changed by nobody: the message names the way."""
        shipped = self.as_(self.kz, "administrator", self.kz.school.regulation_id)
        with self.refused(UserError, "Make our own version"):
            shipped.ground_ids[:1].name = "our own words"
        with self.refused(UserError, "Make our own version"):
            self.add(shipped, "vshu.social.category", name="Ours", subject="student")

    def test_a_ground(self):
        """A ground of the school's own places a child, and stands in the row of the journal."""
        category = self.copied(self.own, "vshu.ground", "kz_ground_18_5").category_id
        ground = self.add(self.own, "vshu.ground", name="Опасные игры на крыше", category_id=category.id)
        self.put_in_force(self.own)
        case = self.submitted(self.own, ground)
        self.assertEqual(case.ground_id, ground.sudo())
        self.place(case)
        self.assertEqual(case.state, "active")
        self.assertIn("Опасные игры на крыше", case.entry_id.ground)

    def test_a_deadline(self):
        """A rule of the school's own starts a clock on the next case, for the role that it names; older cases keep
        the version that they were placed under."""
        before = self.kz_case(student_id=self.kz.other_student.id)
        rule = self.call_rule(self.ref("role_social_pedagogue"))
        self.put_in_force(self.own)
        case = self.submitted(self.own)
        clock = case.deadline_ids.filtered(lambda deadline: deadline.rule_id == rule.sudo())
        self.assertEqual((str(clock.date_due), clock.state), ("2026-10-16", "open"))
        self.assertEqual(clock.user_id, self.kz.users["social_pedagogue"])
        self.assertNotIn(rule.sudo(), before.deadline_ids.rule_id)
        with self.refused(UserError, "is not an event of"):
            rule.event = "full_moon"

    def test_a_kind_of_document(self):
        """A required kind of document is on the list of the next case, missing, and asked for by name."""
        doctype = self.add(
            self.own,
            "vshu.document.type",
            name="Справка секции",
            role_id=self.ref("role_class_teacher").id,
        )
        self.add(self.own, "vshu.document.requirement", document_type_id=doctype.id, stage="hearing")
        self.put_in_force(self.own)
        case = self.submitted(self.own)
        line = case.document_ids.filtered(lambda document: document.type_id == doctype.sudo())
        self.assertEqual((line.need, line.stage), ("required", "hearing"))
        self.assertIn("Справка секции", "\n".join(case._paper_problems("hearing")))
        self.as_(self.kz, "class_teacher", line).write({"date": "2026-10-14", "on_paper": True})
        self.assertEqual(line.state, "ready")
        self.assertNotIn("Справка секции", "\n".join(case._paper_problems("hearing")))

    def test_a_role(self):
        """A role is given between two dates by a stand-in, and a rule names who answers; the list of roles is shared
        by all schools and comes with an addon."""
        roles = self.as_(self.kz, "administrator", self.env["vshu.role"])
        with self.refused(AccessError, "."):
            roles.create({"name": "Медсестра", "code": "nurse"})
        teacher = self.kz.users["subject_teacher"]
        held = self.env["vshu.role"].with_user(teacher)
        self.assertNotIn("psychologist", held._my_roles(self.kz.company)[self.kz.company.id])
        self.as_(self.kz, "administrator", self.env["vshu.standin"]).create(
            {
                "company_id": self.kz.company.id,
                "role_id": self.ref("role_psychologist").id,
                "substitute_id": self.kz.employees["subject_teacher"].id,
                "date_from": "2026-10-14",
                "date_to": "2026-10-20",
            }
        )
        self.assertIn("psychologist", held._my_roles(self.kz.company)[self.kz.company.id])
        with freeze_time("2026-10-21 06:00:00"):
            self.assertNotIn("psychologist", held._my_roles(self.kz.company)[self.kz.company.id])

    def test_a_role_of_an_addon(self):
        """What an addon brings for a new role: a group and a record that names it. Rules then find who answers."""
        group = self.env["res.groups"].create({"name": "School nurse"})
        role = self.env["vshu.role"].create({"name": "School nurse", "code": "nurse", "group_id": group.id})
        nurse = self.kz.users["subject_teacher"]
        nurse.group_ids = [Command.link(group.id)]
        held = self.env["vshu.role"].with_user(nurse)._my_roles(self.kz.company)
        self.assertIn("nurse", held[self.kz.company.id])
        rule = self.call_rule(role)
        self.put_in_force(self.own)
        clock = self.submitted(self.own).deadline_ids.filtered(lambda deadline: deadline.rule_id == rule.sudo())
        self.assertEqual(clock.user_id, nurse)

    def test_a_letter(self):
        """A kind of petition of the school's own is offered where its condition holds, and its words are filled in."""
        kind = self.add(
            self.own,
            "vshu.petition.kind",
            name="О летнем лагере",
            title="ХОДАТАЙСТВО",
            addressee="education",
            on_register=True,
            text_template="{school} просит путёвку: {child}.",
            signer_role_id=self.ref("role_deputy_head").id,
        )
        with self.refused(UserError, "which no case can fill in"):
            kind.text_template = "{weather}"
        self.put_in_force(self.own)
        office = self.as_(self.kz, "social_pedagogue", self.env["vshu.petition"])
        case = self.as_(self.kz, "social_pedagogue", self.submitted(self.own))
        self.assertNotIn(kind.sudo(), case._petition_kinds().sudo(), "the child is not on the register yet")
        self.place(case)
        self.assertIn(kind.sudo(), case._petition_kinds().sudo())
        body = self.env["res.partner"].create({"name": "Управление образования", "is_company": True})
        letter = office.create({"case_id": case.id, "kind_id": kind.id, "partner_id": body.id})
        self.assertIn(f"{self.kz.company.name} просит путёвку", letter.body)
        self.assertIn("Ахметов Арман", letter.body)
