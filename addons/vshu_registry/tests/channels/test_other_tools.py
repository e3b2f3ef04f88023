"""Odoo's tools that go through every model as the superuser: the register is out of them (security.md 6)."""

import inspect

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.vshu_registry import hooks
from odoo.addons.vshu_registry.models.channels import other_tools

from ..access_common import AccessCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestOtherTools(AccessCommon):
    """security.md 6, robustness.md 9."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fill(cls.kz)
        cls.technical = new_test_user(
            cls.env,
            "kz_technical",
            groups="base.group_user,base.group_system,base.group_partner_manager",
            company_id=cls.kz.company.id,
            company_ids=[(6, 0, cls.kz.company.ids)],
        )

    def test_privacy_lookup(self):
        """The look-up shows nothing of the register and deletes or archives nothing of it."""
        if "privacy.lookup.wizard" not in self.env:
            self.fail("privacy_lookup installs itself with mail: this test needs it")
        mother = self.kz.guardian.partner_id
        mother.email = "mother@example.com"
        env = self.env(user=self.technical)
        wizard = env["privacy.lookup.wizard"].create({"name": mother.name, "email": mother.email})
        ours = {name for name in self.env if name.startswith("vshu.")}
        self.assertLessEqual(ours, set(wizard._get_query_models_blacklist()))
        wizard.action_lookup()
        self.assertTrue(wizard.line_ids)
        self.assertFalse([line.res_model for line in wizard.line_ids if line.res_model.startswith("vshu.")])
        line = wizard.line_ids.filtered(lambda found: found.res_model == "res.partner" and found.res_id == mother.id)
        self.assertTrue(line)
        with self.refused(UserError, "cannot be deleted"):
            line.action_unlink()
        with self.refused(UserError, "is archived by"):
            line.action_archive_all()
        # by hand, for any record of the register
        for model in sorted(ours):
            if self.env[model]._abstract:
                continue
            vals = {"wizard_id": wizard.id, "res_model_id": self.env["ir.model"]._get_id(model), "res_id": 1}
            with self.refused(UserError, "does not look into it"):
                env["privacy.lookup.wizard.line"].create(vals)
            with self.refused(UserError, "does not look into it"):
                line.write({"res_model_id": vals["res_model_id"]})
        self.assertTrue(mother.exists() and mother.active)

    def test_guards_of_absent_tools(self):
        """Data recycling may come later: its guards refuse the register's models and skip rules on them."""
        tools = self.env["vshu.other.tools"]
        self.assertIn("data_recycle.model", tools._guards())
        if "data_recycle.model" in self.env:
            for name, guard in tools._guards()["data_recycle.model"].items():
                self.assertIs(getattr(self.env.registry["data_recycle.model"], name).vshu_guard, guard)

        class Rule:
            res_model_name = "vshu.enrollment"

        class Rules(list):
            def filtered(self, function):
                return Rules(rule for rule in self if function(rule))

        other = Rule()
        other.res_model_name = "res.partner"
        self.assertEqual(other_tools._without_ours(lambda rules: list(rules), Rules([Rule(), other]), (), {}), [other])
        enrollment = self.env["ir.model"]._get_id("vshu.enrollment")
        partner = self.env["ir.model"]._get_id("res.partner")
        records = self.env["res.partner"]
        for args, kwargs in (
            (([{"res_model_id": enrollment}],), {}),
            (({"res_model_id": enrollment},), {}),
            ((), {"vals_list": [{"res_model_id": partner}, {"res_model_id": enrollment}]}),
        ):
            with self.refused(UserError, "does not look into it"):
                other_tools._refuse_ours(lambda *_args, **_kwargs: True, records, args, kwargs)
        with self.refused(UserError, "does not look into it"):
            other_tools._refuse_ours(
                lambda *_args: True, records.with_context(default_res_model_id=enrollment), ([{}],), {}
            )
        self.assertTrue(other_tools._refuse_ours(lambda *_args: True, records, ([{"res_model_id": partner}],), {}))

    def test_tracked_changes(self):
        """Who administers the database reads no state of a case or plan from the tracked changes."""
        values = self.env["mail.tracking.value"]
        field = self.env["ir.model.fields"]._get("vshu.case", "state")
        message = self.env["mail.message"].create({"model": "vshu.case", "res_id": self.kz.case.id, "body": "…"})
        other = self.env["mail.message"].create({"model": "res.partner", "res_id": self.kz.student.id, "body": "…"})
        loose = self.env["mail.message"].create({"body": "…"})
        made = values.create(
            [
                {
                    "field_id": field.id,
                    "mail_message_id": mail.id,
                    "old_value_char": "draft",
                    "new_value_char": "active",
                }
                for mail in (message, other, loose)
            ]
        )
        ids = [("id", "in", made.ids)]
        self.assertEqual(values.with_user(self.technical).search(ids), made[1:])
        self.assertFalse(values.with_user(self.technical).search([("mail_message_id.model", "=like", "vshu.%")]))
        self.assertFalse(made[0].with_user(self.technical).has_access("read"))
        self.assertEqual(values.sudo().search(ids), made)

    def test_before_the_removal(self):
        """robustness.md 9: pupils and parents are archived by the register administrator, and brought back."""
        school = self.see(self.kz, "administrator", self.kz.school)
        people = self.kz.student | self.kz.guardian.partner_id | self.kz.other_student
        shared = self.make_guardian(self.ru.student, "Общая Мать").partner_id
        self.env["vshu.guardian"].create({"student_id": self.kz.third.id, "partner_id": shared.id, "kind": "other"})
        teacher = self.kz.users["class_teacher"].partner_id
        self.env["vshu.guardian"].create({"student_id": self.kz.third.id, "partner_id": teacher.id, "kind": "mother"})
        before = self.make_student(self.kz, "Давно ушёл")
        self.enroll(before, self.kz.class_a, date_to="2026-10-01", reason=self.ref("end_reason_moved"))
        before.active = False
        school.action_archive_people()
        self.env.invalidate_all()
        self.assertFalse(any(people.mapped("active")))
        self.assertTrue(shared.active and teacher.active and self.ru.student.active)
        with self.refused(UserError, "archived already"):
            school.action_archive_people()
        school.action_bring_back_people()
        self.env.invalidate_all()
        self.assertTrue(all(people.mapped("active")))
        self.assertFalse(before.active)
        module = self.env["ir.module.module"].search([("name", "=", "vshu_registry")])
        dialog = self.env["base.module.uninstall"].create({"module_ids": [(6, 0, module.ids)]})
        self.assertTrue(dialog.vshu_people_stay)
        other = self.env["ir.module.module"].search([("name", "=", "web_tour")])
        if "vshu_registry" not in other.downstream_dependencies(other).mapped("name"):
            dialog = self.env["base.module.uninstall"].create({"module_ids": [(6, 0, other.ids)]})
            self.assertFalse(dialog.vshu_people_stay)
        self.assertIn("archive", inspect.getdoc(hooks.uninstall_hook))

    def test_demo_again(self):
        """robustness.md 9: names of the demo's records that are gone are forgotten, people keep theirs."""
        data = self.env["ir.model.data"]
        data.create(
            [
                {"module": "vshu_demo", "name": "test_school", "model": "vshu.school", "res_id": self.kz.school.id},
                {"module": "vshu_demo", "name": "test_company", "model": "res.company", "res_id": self.kz.company.id},
            ]
        )
        self.env.flush_all()
        hooks.forget_demo(self.env)
        self.env.invalidate_all()
        self.assertFalse(self.env.ref("vshu_demo.test_school", raise_if_not_found=False))
        self.assertEqual(self.env.ref("vshu_demo.test_company"), self.kz.company)
        # with the companies alone no demo is made, of the other addons neither
        if not self.env.ref("vshu_demo.kz_company", raise_if_not_found=False):
            data.create(
                {"module": "vshu_demo", "name": "kz_company", "model": "res.company", "res_id": self.kz.company.id}
            )
        schools = self.env["vshu.school"].search_count([])
        for model in ("vshu.demo", "vshu.council.demo", "vshu.plans.demo"):
            if model in self.env:
                self.env[model]._load()
        self.assertEqual(self.env["vshu.school"].search_count([]), schools)
        self.assertEqual(fields.Date.to_string(fields.Date.today()), "2026-10-14")
