"""Every topic of an agenda is decided on the form, with and without a case (screens.md 1)."""

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import ON_THE_DAY, CouncilCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestTopics(CouncilCommon):
    def setUp(self):
        super().setUp()
        self.make_council(self.kz)
        meeting = self.every_topic()
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "social_pedagogue", meeting).action_start()
            self.as_(self.kz, "social_pedagogue", meeting).action_all_present()
        self.meeting = meeting

    def decide(self, item, kind):
        """Write hearing, vote and decision on the form as the secretary, and press “Decided”."""
        own = self.as_(self.kz, "social_pedagogue", item)
        with Form(own) as form:
            form.summary = "Сообщение классного руководителя."
            form.kind_id = kind
            form.count_for = 5
            if not form.decision_text:
                form.decision_text = "решение"
            for name, value in (
                ("curator_id", self.kz.employees["class_teacher"]),
                ("removal_reason_id", own.allowed_reason_ids[:1]),
                ("petition_kind_id", own.allowed_petition_ids[:1]),
            ):
                if not form._get_modifier(name, "invisible") and not form[name]:
                    form[name] = value
        own.action_decide()

    def test_every_topic_takes_every_kind_that_is_offered(self):
        items = self.meeting.item_ids
        topics = {(item.topic, bool(item.case_id)) for item in items}
        every = [value for value, _label in self.env["vshu.agenda.item"]._fields["topic"].selection]
        self.assertEqual(topics, {(topic, True) for topic in every} | {("other", False)})
        with freeze_time(ON_THE_DAY):
            for item in items:
                self.assertTrue(item.allowed_kind_ids, item.topic)
                for kind in item.allowed_kind_ids:
                    if kind.effect == "petition" and not item.allowed_petition_ids:
                        continue  # nothing is on record that a letter could be about
                    with self.subTest(topic=item.topic, case=bool(item.case_id), kind=kind.code):
                        savepoint = self.cr.savepoint()
                        try:
                            self.decide(item, kind)
                            self.assertEqual(item.state, "decided")
                        except UserError as refusal:
                            # what the law asks for beside the form: a paper, a consent; never an empty form's fault
                            self.assertIn("paper", str(refusal))
                        finally:
                            savepoint.close(rollback=True)
                            self.env.invalidate_all()

    def test_the_meeting_is_closed_with_every_topic_decided(self):
        kinds = {"placement": "place", "removal": "remove", "term": "extend"}
        with freeze_time(ON_THE_DAY):
            for item in self.meeting.item_ids.sorted("number"):
                effect = kinds.get(item.topic, "note")
                self.decide(item, item.allowed_kind_ids.filtered(lambda kind, e=effect: kind.effect == e)[:1])
        minutes = self.closed(self.kz, self.meeting)
        self.sign(self.kz, minutes)
        self.assertEqual((self.meeting.state, set(self.meeting.item_ids.mapped("state"))), ("signed", {"done"}))
