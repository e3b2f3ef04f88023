"""What is built in for all schools is read-only for each of them, whatever the model: law.md 2."""

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.vshu_registry.tools.guard import guarded

from ..common import ROLES, VshuCommon

#: models without a school whose records are no catalogue: a person's links go with the person
NOT_SHARED = {"vshu.guardian"}


@tagged("post_install", "-at_install")
class TestShared(VshuCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = {f"vshu_registry.group_{role}" for role in ROLES}
        cls.everything = new_test_user(
            cls.env,
            "holds_every_role",
            groups=",".join(sorted(groups)),
            company_id=cls.kz.company.id,
            company_ids=[Command.set(cls.kz.company.ids)],
        )

    def shared(self, name):
        """Return a record of the model that belongs to no school, and whether the model can have one."""
        model = self.env[name].with_context(active_test=False)
        company = model._fields.get("company_id")
        if company:
            can = not (company.required or company.compute)
            return model.search([("company_id", "=", False)], limit=1) if can else model, can
        if "regulation_id" in model._fields:
            return model.search([("regulation_id.company_id", "=", False)], limit=1), True
        return model.search([], limit=1), name not in NOT_SHARED

    def models(self):
        """Yield the names of the models with a table."""
        for name, model in sorted(self.env.registry.items()):
            if name.startswith("vshu.") and not (model._abstract or model._transient):
                yield name

    def assertRefused(self, what, function, *args, **kwargs):
        with mute_logger("odoo.sql_db"):
            try:
                with self.env.cr.savepoint():
                    function(*args, **kwargs)
                    self.env.flush_all()
            except (AccessError, UserError):
                return
        self.fail(f"{what} goes through")

    def test_nobody_changes_what_is_built_in(self):
        """Each stored field of a shared record, its translations, its deletion, a new one: refused for every role."""
        seen = set()
        for name in self.models():
            record, can_be_shared = self.shared(name)
            if not can_be_shared or not record:
                continue
            seen.add(name)
            view = record.with_user(self.everything).with_context(allowed_company_ids=self.kz.company.ids)
            for field_name, field in record._fields.items():
                if (
                    not field.store
                    or field.readonly
                    or field_name in models.MAGIC_COLUMNS
                    or field.groups
                    or field.type == "one2many"
                ):
                    continue
                value = field.convert_to_write(record[field_name], record)
                self.assertRefused(f"{name}.{field_name}", view.write, {field_name: value})
                if field.translate is True and record[field_name]:
                    self.assertRefused(
                        f"{name}.{field_name} (translation)",
                        view.update_field_translations,
                        field_name,
                        {"ru_RU": "Иное"},
                    )
            self.assertRefused(f"{name}: unlink", view.unlink)
            self.assertRefused(f"{name}: archive", view.write, {"active": False})
            if "company_id" in record._fields:
                vals = {**record.copy_data()[0], "company_id": False, **({"code": "new"} if "code" in record else {})}
                self.assertRefused(f"{name}: create", view.create, vals)
        self.assertGreaterEqual(
            seen,
            {
                "vshu.enrollment.end.reason",
                "vshu.role",
                "vshu.intervention.kind",
                "vshu.regulation",
                "vshu.ground",
                "vshu.removal.reason",
            },
        )

    def test_every_shared_model_is_tried(self):
        """A model that can have records without a school has some to try with."""
        missing = {name for name in self.models() if self.shared(name)[1] and not self.shared(name)[0]}
        self.assertFalse(missing)

    def test_own_end_reason(self):
        """A school adds an end of its own; the other school neither sees nor uses it."""
        own = (
            self.env["vshu.enrollment.end.reason"]
            .with_user(self.kz.users["administrator"])
            .create({"name": "Семейное"})
        )
        self.assertEqual(own.company_id, self.kz.company)
        own.name = "Семейное обучение"
        foreign = self.env["vshu.enrollment.end.reason"].with_user(self.ru.users["administrator"])
        self.assertNotIn(own.id, foreign.search([]).ids)
        enrollment = self.ru.student.vshu_enrollment_ids
        with self.assertRaises(UserError):
            enrollment.write({"date_to": "2026-10-20", "end_reason_id": own.id})


@tagged("post_install", "-at_install")
class TestOwnVersions(VshuCommon):
    """law.md 15: a school's own version gets the rules of an addon that comes, or is updated, after it was made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.origin = cls.kz.school.regulation_id
        cls.own = cls.origin._copy_for_company(cls.kz.company)

    def earlier(self):
        """Make the version one of an earlier day than the records of the original."""
        guarded(self.own).completed_until = dict.fromkeys(self.own._catalogs(), "2020-01-01 00:00:00")

    def codes(self, regulation):
        return {
            name: sorted(regulation._records_of(name).filtered("code").mapped("code"))
            for name in regulation._catalogs()
        }

    def test_whole_catalogue_comes(self):
        """Every catalogue of every addon: gone as if the addon had come later, it is there again after the update."""
        wanted = self.codes(self.origin)
        for name in reversed(self.own._catalogs()):
            self.own._records_of(name).unlink()
        self.earlier()
        self.env["vshu.regulation"]._complete_own_versions()
        self.assertEqual(self.codes(self.own), wanted)
        for name in self.own._catalogs():
            for record in self.own._records_of(name):
                for field in record._fields.values():
                    if field.comodel_name in self.own._catalogs() and field.store and field.type != "one2many":
                        others = record.with_context(active_test=False)[field.name].regulation_id - self.own
                        self.assertFalse(others, f"{name}.{field.name} points at the original's records")

    def test_one_new_rule_comes_once(self):
        rule = self.origin.deadline_rule_ids[:1]
        new = rule.copy({"code": "new.rule", "regulation_id": self.origin.id})
        self.env["vshu.regulation"]._complete_own_versions()
        self.assertNotIn("new.rule", self.own.deadline_rule_ids.mapped("code"), "made in the same moment: known")
        self.earlier()
        self.env["vshu.regulation"]._complete_own_versions()
        copied = self.own.deadline_rule_ids.filtered(lambda r: r.code == "new.rule")
        self.assertEqual((len(copied), copied.event), (1, new.event))
        self.env["vshu.regulation"]._complete_own_versions()
        self.assertEqual(len(self.own.deadline_rule_ids.filtered(lambda r: r.code == "new.rule")), 1)

    def test_what_the_school_took_away_stays_away(self):
        rule = self.own.deadline_rule_ids[:1]
        code = rule.code
        rule.unlink()
        ground = self.own.ground_ids[:1]
        ground.name = "По-нашему"
        self.env["vshu.regulation"]._complete_own_versions()
        self.assertNotIn(code, self.own.deadline_rule_ids.mapped("code"))
        self.assertEqual(ground.name, "По-нашему")
