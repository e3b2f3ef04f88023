"""What belongs to another record is not written here, and leaves no line of history (robustness.md 5)."""

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PlansCommon

#: related fields that write through on purpose: the right on the target is asked by the target
THROUGH = {
    # the adult's own data are the contact's, which the keeper of the register enters on the guardian
    ("vshu.guardian", "phone"),
    ("vshu.guardian", "email"),
    ("vshu.guardian", "workplace"),
    ("vshu.guardian", "education"),
    # the goals are the plan's; the review rates them, and the plan's own rules refuse the rest
    ("vshu.plan.review", "goal_ids"),
}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestRelatedFields(PlansCommon):
    def related(self):
        """Yield (model, field) of all related fields that our addons define."""
        for name in sorted(self.env.registry):
            for field in self.env.registry[name]._fields.values():
                if field.related and not field.inherited and (field._module or "").startswith("vshu_"):
                    yield name, field

    def test_no_tracking(self):
        """No related field is tracked: its history is that of the record it is read from."""
        found = list(self.related())
        self.assertGreater(len(found), 50)
        self.assertFalse([(name, field.name) for name, field in found if getattr(field, "tracking", None)])

    def test_no_writing_through(self):
        """A related field is read-only, or stands on the list of those that write through with a reason."""
        writable = {(name, field.name) for name, field in self.related() if not field.readonly or field.inverse}
        self.assertEqual(writable, THROUGH)

    def test_refused(self):
        """A state that is read from the case is not written on a draft plan; no line of history comes of it."""
        case = self.active_case(self.kz)
        plan = self.draft(self.kz, case)
        keeper = self.as_(self.kz, "social_pedagogue", plan).with_context(tracking_disable=False)
        before = len(plan.message_ids)
        for name, field in (("case_state", "closed"), ("student_id", self.kz.student.id)):
            with self.refused(AccessError, ""):
                keeper.write({name: field})
            self.env.flush_all()
        self.assertEqual(len(plan.sudo().message_ids), before)

    def test_every_one_is_refused(self):
        """Every read-only related field of every model refuses a value, from whoever may write the record at all."""
        for name, field in self.related():
            model = self.env[name].with_user(self.kz.users["administrator"])
            if model._abstract or (name, field.name) in THROUGH or not name.startswith("vshu."):
                continue
            for call in (lambda m, vals: m.create([vals]), lambda m, vals: m.browse(1).write(vals)):
                with (
                    self.subTest(model=name, field=field.name),
                    self.assertRaisesRegex(AccessError, "computed by the system"),
                ):
                    call(model, {field.name: False})
