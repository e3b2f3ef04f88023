"""What docs/architecture.md says about adding a question of the council: done as it says."""

from freezegun import freeze_time
from odoo.tests import tagged

from odoo.addons.vshu_registry.tests.test_how_to_add import HowToAddCommon

from .common import ON_THE_DAY, CouncilCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestHowToAdd(HowToAddCommon, CouncilCommon):
    def test_a_topic_of_the_council(self):
        """A question of the school's own stands on the agenda as another matter, and is decided by a kind of decision
        that the administrator has added, in its words."""
        own = self.own_version(self.kz)
        note = own.env["vshu.decision.kind"].search([("regulation_id", "=", own.id), ("code", "=", "council.note")])
        kind = self.add(
            own,
            "vshu.decision.kind",
            name="Провести неделю безопасности",
            effect="note",
            form_ids=[(6, 0, note.form_ids.ids)],
            text_template="Провести неделю безопасности.",
        )
        self.put_in_force(own)
        self.make_council(self.kz)
        meeting = self.sitting_on("О безопасности на дорогах")
        item = meeting.item_ids
        with freeze_time(ON_THE_DAY):
            self.assertIn(kind.sudo(), item.allowed_kind_ids.sudo())
            self.hear(self.kz, item, kind.sudo(), decision_text=kind.sudo().text_template, curator_id=False)
        self.assertEqual(item.state, "decided")
        minutes = self.closed(self.kz, meeting)
        self.sign(self.kz, minutes)
        self.assertEqual(item.state, "done")

    def sitting_on(self, title):
        """Return a meeting that sits, the only item of its agenda being the question ``title``."""
        office = self.as_(self.kz, "social_pedagogue", self.env["vshu.agenda.item"])
        item = office.create({"topic": "other", "title": title})
        meeting = self.make_meeting(self.kz)
        item.meeting_id = meeting.id
        self.as_(self.kz, "deputy_head", meeting).action_convene()
        with freeze_time(ON_THE_DAY):
            self.as_(self.kz, "social_pedagogue", meeting).action_start()
            self.as_(self.kz, "social_pedagogue", meeting).action_all_present()
        return meeting
