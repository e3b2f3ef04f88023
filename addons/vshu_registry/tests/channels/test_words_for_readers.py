"""Words are made for whoever reads them: nothing that is stored for all carries the language of the run
(screens.md 6); who looks at a signal, and whose buttons are whose (screens.md 4); who sends papers (screens.md 7)."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..case.test_flow import TODAY, FlowCommon
from ..common import REGISTER
from .test_actions import ACTIONS
from .test_actions import TestActions as Builders


@tagged("post_install", "-at_install")
@freeze_time(f"{TODAY} 12:00:00")
class TestReferences(Builders):
    """Of the builders only: the tests of actions run where they are."""

    #: model that has clocks → builder of a record of it; other addons say theirs in tests of their own
    records = {
        "vshu.case": "kz_active",
        "vshu.signal": "kz_signal",
        "vshu.assignment": "kz_assignment",
        "vshu.notice": "kz_notice",
        "vshu.petition": "kz_petition",
        "vshu.transfer": "kz_transfer",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("ru_RU", "kk_KZ"):
            cls.env["res.lang"]._activate_lang(lang)

    def test_references_are_numbers(self):
        self.assertTrue(ACTIONS)
        mixin = self.env.registry["vshu.deadline.mixin"]
        named = {
            name
            for name, model in self.env.registry.items()
            if not model._abstract and issubclass(model, mixin) and model._original_module in REGISTER
        }
        self.assertEqual(named, set(self.records), "say how a record of the model is made")
        for name, builder in self.records.items():
            savepoint = self.cr.savepoint()  # each builder has the same pupil
            record = getattr(self, builder)()[:1].sudo()
            langs = ("en_US", "ru_RU", "kk_KZ")
            said = {record.with_context(lang=lang)._deadline_links()["reference"] for lang in langs}
            savepoint.close(rollback=True)
            self.env.invalidate_all()
            self.active = None
            self.assertEqual(len(said), 1, f"{name}: {said}")
            self.assertNotEqual(said, {""}, name)


@tagged("post_install", "-at_install")
@freeze_time(f"{TODAY} 12:00:00")
class TestSignalScreens(FlowCommon):
    def test_buttons_of_a_signal_on_another_class(self):
        """screens.md 4: no button that ends in a refusal; who looks at it instead, and where the answer is."""
        for bag, kinds in ((self.ru, ("appeal", "submission")), (self.kz, ("appeal",))):
            for kind in kinds:
                for student in (bag.student, bag.other_student):
                    signal = self.signal(bag, "class_teacher", student_id=student.id, intake_kind=kind)
                    for flag, action in (("can_accept", "action_accept"), ("can_submit", "action_submit")):
                        with self.subTest(school=bag.code, kind=kind, student=student.name, flag=flag):
                            if not signal[flag]:
                                continue
                            savepoint = self.cr.savepoint()
                            try:
                                self.see(signal, action)
                            finally:
                                savepoint.close(rollback=True)
                                self.env.invalidate_all()
        foreign = self.signal(self.ru, "class_teacher", student_id=self.ru.other_student.id)
        self.assertFalse(foreign.can_accept or foreign.can_join or foreign.can_dismiss)
        self.assertIn("Who looks at it", foreign.next_text)

    def see(self, signal, action):
        """Press the button as the web client does, and open what it returns."""
        try:
            result = getattr(signal, action)()
        except AccessError as error:
            self.fail(error)
        except UserError:
            return  # what is missing is told
        if isinstance(result, dict) and result.get("res_id"):
            try:
                signal.env[result["res_model"]].browse(result["res_id"]).check_access("read")
            except AccessError as error:
                self.fail(error)

    def test_papers_come_from_bodies(self):
        """screens.md 7: a decree comes from a body of the kind that gives decrees, not from just any contact."""
        person = self.env["res.partner"].create({"name": "Administrator"})
        court = self.env["res.partner"].create({"name": "Суд", "is_company": True, "vshu_body": "court"})
        commission = court.copy({"name": "КДН", "vshu_body": "commission"})
        for wrong in (person, court, self.env["res.partner"].create({"name": "ТОО", "is_company": True})):
            with self.refused(ValidationError, wrong.name):
                self.notice(self.ru, issuer_id=wrong.id)
        signal = self.notice(self.ru, issuer_id=commission.id)
        with self.refused(ValidationError, "Суд"):
            self.as_(self.ru, "social_pedagogue", signal).issuer_id = court
        self.assertNotIn(signal, self.env["vshu.signal"]._findings()["issuer_no_body"])
        commission.vshu_body = False
        self.assertIn(signal, self.env["vshu.signal"]._findings()["issuer_no_body"])
