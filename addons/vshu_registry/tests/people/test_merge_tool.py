"""Odoo's tools for contacts against people of the register: merge, rename, move, archive (security.md 3)."""

from ast import literal_eval
from unittest.mock import patch

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.vshu_registry.tools.links_to import links_to

from ..access_common import AccessCommon

WIZARD = "base.partner.merge.automatic.wizard"


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestMergeTool(AccessCommon):
    """security.md 3: Odoo's merge moves foreign keys by SQL, past every guard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fill(cls.ru)
        bag = cls.ru
        cls.clerk = new_test_user(
            cls.env,
            "ru_clerk",
            groups="base.group_user,base.group_partner_manager",
            company_id=bag.company.id,
            company_ids=[Command.set(bag.company.ids)],
        )
        cls.outsider = cls.env["res.partner"].create({"name": "Просто контакт"})
        cls.second = cls.env["res.partner"].create({"name": "Ещё контакт"})
        cls.adult = bag.guardian.partner_id
        cls.family_adult = cls.env["res.partner"].create({"name": "Дядя Тайный"})
        bag.family.adult_ids = [Command.link(cls.family_adult.id)]

    def merge(self, user, partners, kept):
        """Merge as the wizard does for ``user``."""
        env = self.env(user=user)
        wizard = env[WIZARD].create({"partner_ids": [Command.set(partners.ids)], "dst_partner_id": kept.id})
        return wizard.action_merge()

    def known_people(self):
        """Return somebody of each kind that the register knows, by kind."""
        bag = self.ru
        return {
            "student": bag.student,
            "student without anything": self.make_student(bag, "Новый Ученик"),
            "guardian": self.adult,
            "adult of a family": self.family_adult,
            "pupil of the other school": self.kz.student,
            "receiver of a notice": bag.guardian_b.partner_id,
        }

    def test_each_kind_is_refused(self):
        """Whoever calls, whichever entry is kept: a pupil, a parent, an adult, a pupil of the other school."""
        system = self.env.ref("base.user_root")
        for kind, person in self.known_people().items():
            before = self.env["vshu.case"].search([]).mapped("student_id.id")
            for user in (self.clerk, self.env.ref("base.user_admin"), system):
                for kept in (person, self.outsider):
                    # a pupil of the other school is not even read
                    with self.refused(UserError, "not merged here|read"):
                        self.merge(user, person | self.outsider, kept)
            self.assertTrue(person.exists() and self.outsider.exists(), kind)
            self.assertEqual(self.env["vshu.case"].search([]).mapped("student_id.id"), before, kind)

    def test_listed_cases(self):
        """The four cases of security.md 3: two pupils with open cases, overlapping enrolments, a guardian entered
        twice, pupils of two schools."""
        twice = self.make_guardian(self.ru.student, "Мать Тайная дважды", kind="other").partner_id
        for pair in (
            self.ru.student | self.ru.other_student,
            self.ru.student | self.ru.fourth,
            self.adult | twice,
            self.ru.student | self.kz.student,
            self.adult | self.ru.student,
        ):
            with self.refused(UserError, "not merged here"):
                self.merge(self.clerk, pair, pair[0])

    def test_every_link_counts(self):
        """For each field of the register that refers to a contact (from the registry): who stands there is known."""
        links = links_to(self.env, "res.partner")
        self.assertGreater(len(links), 20)
        names = {(name, field.name) for name, field in links}
        for name, model in self.env.registry.items():
            if not name.startswith("vshu.") or model._abstract or model._transient:
                continue
            for field in model._fields.values():
                stored = field.store and field.comodel_name == "res.partner"
                if stored and field.type in ("many2one", "many2many") and not field.related:
                    self.assertIn((name, field.name), names)
        checked = 0
        for name, field in links:
            if name in ("vshu.import.line", "res.partner"):
                continue
            records = self.env[name].sudo().with_context(active_test=False).search([(field.name, "!=", False)])
            people = records[field.name]
            if people:
                checked += 1
                self.assertEqual(people._vshu_known(), people, (name, field.name))
        self.assertGreater(checked, 10)

    def test_words(self):
        """Who has no role learns that somebody is on file, not who and not where; staff learn what to do."""
        with self.assertRaises(UserError) as caught:
            self.merge(self.clerk, self.ru.student | self.outsider, self.outsider)
        text = str(caught.exception)
        self.assertNotIn(self.ru.student.name, text)
        self.assertIn("social pedagogue", text)
        keeper = self.ru.users["social_pedagogue"]
        keeper.group_ids += self.env.ref("base.group_partner_manager")
        with self.refused(UserError, "Merge two entries of one person"):
            self.merge(keeper, self.ru.student | self.outsider, self.outsider)

    def test_lower_steps(self):
        """Other tools that use the wizard's steps meet the same guard, in sudo too; contacts of no concern go on."""
        wizard = self.env[WIZARD].sudo()
        for call in (
            lambda: wizard._merge((self.ru.student | self.outsider).ids, self.outsider),
            lambda: wizard._update_foreign_keys(self.ru.student, self.outsider),
        ):
            with self.refused(UserError, "not merged here"):
                call()
        self.merge(self.clerk, self.outsider | self.second, self.outsider)
        self.assertFalse(self.second.exists())

    def test_groups(self):
        """By groups: people of the register are left out and said so, the others are merged."""
        twins = self.env["res.partner"].create(
            [{"name": "Двойной Контакт", "email": "d@example.com"} for _number in range(2)]
        )
        pupil = self.make_student(self.ru, "Двойной Контакт", email="d@example.com")
        namesake = self.env["res.partner"].create({"name": self.ru.student.name})
        wizard = self.env[WIZARD].with_user(self.clerk).create({"group_by_name": True, "maximum_group": 0})
        wizard.action_start_manual_process()
        proposed = {int(i) for line in wizard.line_ids for i in line.aggr_ids.strip("[]").split(",")}
        self.assertLessEqual(set(twins.ids), proposed)
        self.assertFalse({pupil.id, namesake.id, self.ru.student.id} & proposed)
        self.assertGreaterEqual(wizard.vshu_left_out, 2)
        wizard = self.env[WIZARD].with_user(self.clerk).create({"group_by_name": True, "maximum_group": 0})
        with patch.object(self.env.cr, "commit", lambda: None):
            wizard.action_start_automatic_process()
        self.assertEqual(len(twins.exists()), 1)
        self.assertTrue(pupil.exists() and namesake.exists() and self.ru.student.exists())
        self.assertEqual(wizard.state, "finished")

    # -- renaming, moving, archiving -----------------------------------------------------------------------------------

    def test_clerk_keeps_contacts(self):
        """A contact manager keeps phones and addresses; who a pupil or a parent is, the register's keepers change."""
        for person in (self.ru.student, self.adult, self.family_adult):
            seen = person.with_user(self.clerk)
            seen.write({"phone": "+7 900 111 22 33", "street": "ул. Новая, 1", "name": person.name})
            self.assertEqual(person.phone, "+7 900 111 22 33")
            for vals in (
                {"name": "Другой Человек"},
                {"active": False},
                {"company_id": self.ru.company.id},
                {"is_company": True},
            ):
                with self.refused(AccessError, "tell them what has to be corrected"):
                    seen.write(vals)
            with self.refused(AccessError, "social pedagogue"):
                seen.write({"vshu_birth_date": "2010-01-01"})
        self.outsider.with_user(self.clerk).write({"name": "Другое имя", "active": False})
        body = self.env["res.partner"].create({"name": "КДН", "is_company": True})
        self.env["vshu.external.record"].create(
            {"student_id": self.ru.student.id, "company_id": self.ru.company.id, "body_partner_id": body.id}
        )
        body.with_user(self.clerk).name = "КДН и ЗП"
        keeper = self.ru.users["social_pedagogue"]
        keeper.group_ids += self.env.ref("base.group_partner_manager")
        self.ru.student.with_user(keeper).name = "Петров Иван Иванович"
        self.assertEqual(self.ru.student.name, "Петров Иван Иванович")

    def test_clerk_does_not_delete(self):
        """A pupil without any record is deleted by who keeps people's records, not by a contact manager."""
        pupil = self.make_student(self.ru, "По Ошибке")
        with self.refused(AccessError, "social pedagogue"):
            pupil.with_user(self.clerk).unlink()
        pupil.unlink()

    def test_pupil_does_not_vanish(self):
        """openeducat.md: archiving or another company made a pupil vanish from Students; sudo or not, it is refused."""
        pupil = self.make_student(self.ru, "Новенький", self.ru.class_a)
        holding = self.env["res.company"].create({"name": "Холдинг"})
        for env in (self.env, self.env(user=self.ru.users["social_pedagogue"])):
            person = pupil.with_env(env).sudo()
            with self.refused(UserError, "would vanish from the lists"):
                person.action_archive()
            for company in (holding, self.kz.company):
                with self.refused(UserError, "would vanish from its lists"):
                    person.company_id = company
        pupil.company_id = self.ru.company
        with self.refused(UserError, "still open"):
            self.ru.fourth.vshu_enrollment_ids.write(
                {"date_to": "2026-10-01", "end_reason_id": self.ref("end_reason_moved").id}
            )
            self.ru.fourth.active = False
        pupil.vshu_enrollment_ids.write({"date_to": "2026-10-01", "end_reason_id": self.ref("end_reason_moved").id})
        pupil.active = False

    def test_old_data_are_shown(self):
        """Who was archived before, while in a class, is in the list of students and in the list of findings."""
        pupil = self.make_student(self.ru, "Архивный", self.ru.class_a)
        gone = self.make_student(self.ru, "Выбывший")
        gone.active = False
        elsewhere = self.make_student(self.ru, "Чужой", self.ru.class_b)
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET active = false WHERE id = %s", [pupil.id])
        self.env.cr.execute("UPDATE res_partner SET company_id = %s WHERE id = %s", [self.kz.company.id, elsewhere.id])
        self.env.invalidate_all()
        found = self.env["vshu.enrollment"]._findings()
        self.assertEqual(found["pupil_archived"].student_id, pupil)
        self.assertEqual(found["pupil_elsewhere"].student_id, elsewhere)
        action = self.env["ir.actions.act_window"]._for_xml_id("vshu_registry.action_vshu_student")
        context = literal_eval(action["context"])
        self.assertEqual(context["search_default_enrolled"], 1)
        keeper = self.see(self.ru, "social_pedagogue", self.env["res.partner"]).with_context(**context)
        listed = keeper.search([*literal_eval(action["domain"]), ("vshu_class_id", "!=", False)])
        self.assertIn(pupil, listed)
        self.assertNotIn(gone, listed)
