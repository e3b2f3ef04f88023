"""Nobody learns of the council by linking to its records, opening a form, calling an action, through a dialog or by
searching the calendar."""

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.vshu_registry.tests.links_common import LinksCommon

from .access_common import CouncilAccessCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestCouncilLinks(LinksCommon, CouncilAccessCommon):
    addon = "vshu_council"
    own_people = (*LinksCommon.own_people, "member_a", "guest")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bag = cls.fill_council(cls.kz)
        cls.kz.school.regulation_id._copy_for_company(cls.kz.company)
        held = cls.bag.meetings["held"]
        cls.env["ir.attachment"].create({"name": "тайна.txt", "res_model": held._name, "res_id": held.id})

    def test_calendar(self):
        """security.md 8: no search finds the event of a meeting for who does not attend, whatever is asked of it."""
        event = self.bag.meetings["convened"].event_id
        attendee, partner = event.attendee_ids[:1], event.partner_ids[:1]
        attends = self.env["res.users"].search([("partner_id", "in", event.partner_ids.ids)])
        self.assertTrue(attends)
        asked = (
            [("name", "=", event.name)],
            [("name", "ilike", event.name[:4])],
            [("location", "=", event.location)],
            [("display_name", "=", event.display_name)],
            [("partner_ids", "in", partner.ids)],
            [("partner_ids.name", "=", partner.name)],
            [("attendee_ids", "in", attendee.ids)],
            [("attendee_ids.partner_id", "=", partner.id)],
            [("user_id", "=", event.user_id.id)],
            [("privacy", "=", "private")],
            [("start", "=", event.start)],
            [("id", "=", event.id)],
        )
        blind = [(self.bag, who) for who in ("guest", "class_teacher", "administrator", "plain", "member_other")]
        blind += [(self.ru, who) for who in ("head", "plain")]
        for bag, who in blind:
            if bag.users[who] in attends | event.user_id:
                continue
            view = self.view(bag, who, "calendar.event")
            people = self.view(bag, who, "calendar.attendee")
            for domain in asked:
                with self.subTest(who=who, domain=domain):
                    domain = [*domain, ("id", "in", event.ids)]
                    self.assertFalse(view.search(domain))
                    self.assertEqual(view.search_count(domain), 0)
                    self.assertEqual(view.formatted_read_group(domain, [], ["__count"])[0]["__count"], 0)
                    self.assertFalse(view.formatted_read_group(domain, ["user_id"], ["__count"]))
                    self.assertFalse(view._read_group(domain, ["start:day"], ["__count"], order="start:day"))
                    self.assertFalse(view.name_search(event.name, [("id", "in", event.ids)]))
            for domain in ([("event_id", "=", event.id)], [("event_id.name", "=", event.name)]):
                self.assertFalse(people.search([*domain, ("id", "in", event.attendee_ids.ids)]))
            with self.assertRaises(AccessError):
                view.browse(event.id).read(["start"])
            with self.assertRaises(AccessError):
                people.browse(attendee.id).read(["partner_id"])
        user = attends[:1]
        mine = event.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        self.assertTrue(mine.search([("name", "=", event.name), ("id", "=", event.id)]))
