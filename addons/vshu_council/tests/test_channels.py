"""What is heard in the council leaks by no side way: search, export, chatter, activities, calendar, papers."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged

from odoo.addons.vshu_registry.tests.access_common import SECRET

from .access_common import CouncilAccessCommon
from .test_access import OUTSIDERS

#: whoever is no member of the meeting that sits and keeps no register
BLIND = ("guest", "member_other", "subject_teacher", "class_teacher", "curator", "administrator", *OUTSIDERS)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestCouncilChannels(CouncilAccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_guardian(cls.kz.student, "Мать Тайная")
        cls.bag = cls.fill_council(cls.kz)
        for who in BLIND:
            if who not in ("portal", "public"):
                cls.bag.users[who].group_ids += cls.env.ref("base.group_allow_export")

    def assert_hidden(self, function, *args, **kwargs):
        """Assert that the call is refused or gives nothing at all."""
        try:
            result = function(*args, **kwargs)
        except (AccessError, MissingError, UserError, ValueError):
            return
        if isinstance(result, dict):
            result = result.get("records", result.get("datas", result))
        self.assertFalse(result, f"{function} {args} {kwargs}")

    def test_items_by_every_way(self):
        """Items, lines, minutes and other people's invitations are found by no way of reading."""
        bag = self.bag
        signed = bag.meetings["signed"].minutes_ids
        own = bag.invited
        others = bag.meetings["sitting"].participant_ids.filtered(lambda p: p != own and p.kind == "member")
        hidden = (bag.meetings["sitting"], bag.item, bag.item_second, bag.speech, bag.vote, bag.task, others, signed)
        for records in (*hidden, signed.line_ids, signed.extract_ids):
            mine = [("id", "in", records.ids)]
            for who in BLIND:
                with self.subTest(records=records, who=who):
                    view = self.see(bag, who, records.browse())
                    self.assert_hidden(view.search, mine)
                    self.assert_hidden(view.search_count, mine)
                    self.assert_hidden(view.name_search, "", mine)
                    self.assert_hidden(view.search_read, mine, ["display_name"])
                    self.assert_hidden(view.web_search_read, mine, {"display_name": {}})
                    self.assert_hidden(
                        lambda v=view, d=mine: [g for g in v.formatted_read_group(d, [], ["__count"]) if g["__count"]]
                    )
                    record = self.see(bag, who, records[0])
                    self.assert_hidden(record.read, ["display_name"])
                    self.assert_hidden(record.web_read, {"create_date": {}})
                    self.assert_hidden(record.export_data, ["id", "display_name"])
                    self.assert_hidden(record.copy_data)

    def test_own_invitation_tells_nothing_of_items(self):
        """Who is invited finds nothing of the items by the own invitation, by no path."""
        bag = self.bag
        view = self.see(bag, "guest", self.env["vshu.meeting.participant"])
        self.assertIn(bag.invited, view.search([]))
        for domain in (
            [("item_ids", "in", bag.item.ids)],
            [("item_ids", "!=", False)],
            [("item_ids.case_id.student_id.name", "ilike", "Ученик")],
            [("meeting_id.item_ids", "in", bag.item.ids)],
            [("meeting_id.item_ids.summary", "ilike", SECRET)],
            [("meeting_id.minutes_ids.number", ">", 0)],
            [("meeting_id.participant_ids.kind", "=", "parent")],
            [("notice_id", "!=", False)],
            [("notice_state", "!=", False)],
            [("notice_id.case_id.reason", "ilike", SECRET)],
        ):
            with self.subTest(domain=domain):
                self.assert_hidden(view.search, domain)
                self.assert_hidden(view.search_count, domain)
        own = self.see(bag, "guest", bag.invited)
        names = [name for name in own.fields_get() if name not in ("activity_ids", "message_ids")]
        text = str(own.read(names))
        for secret in (SECRET, "Ученик", bag.cases["sitting"].display_name):
            self.assertNotIn(secret, text)
        for path in ("item_ids/summary", "meeting_id/item_ids/summary", "meeting_id/participant_ids/display_name"):
            try:
                data = str(own.export_data([path]))
            except (AccessError, UserError):
                continue
            self.assertNotIn(SECRET, data)
            self.assertNotIn(bag.employees["member_a"].name, data)

    def test_member_does_not_see_notices(self):
        """Whether a parent has got the notice is for those who keep the register."""
        bag = self.bag
        person = self.see(bag, "member_a", bag.invited)
        for name in ("notice_id", "notice_state"):
            self.assertRaises(AccessError, person.read, [name])
            self.assert_hidden(person.search, [(name, "!=", False)])

    def test_chatter(self):
        """Messages and activities of meetings, invitations and cases are read with the record, and name no child."""
        bag = self.bag
        meeting = bag.meetings["sitting"]
        self.as_(bag, "head", meeting).message_post(body=SECRET)
        for model, ids in (("vshu.meeting", meeting.ids), ("vshu.meeting.participant", meeting.member_ids.ids)):
            domain = [("res_id", "in", ids)]
            for who in BLIND:
                message = self.see(bag, who, self.env["mail.message"])
                self.assert_hidden(message.search, [("model", "=", model), *domain])
                activity = self.see(bag, who, self.env["mail.activity"])
                self.assert_hidden(activity.search, [("res_model", "=", model), *domain])

    def test_no_names_in_titles_and_mails(self):
        """Events, activities, messages, mails and display names of the council name no child and no parent."""
        bag = self.bag
        cases = self.env["vshu.case"].union(*bag.cases.values(), bag.case_second)
        names = cases.student_id.mapped("name")
        meetings = self.env["vshu.meeting"].union(*bag.meetings.values())
        self.as_(bag, "deputy_head", bag.meetings["convened"])._reschedule(
            bag.meetings["convened"].date.replace(day=23), False, "Каникулы"
        )
        own = ["vshu.meeting", "vshu.meeting.participant", "vshu.agenda.item", "vshu.minutes", "vshu.extract"]
        texts = []
        for model in own:
            texts += self.env[model].search([]).mapped("display_name")
        events = meetings.event_id
        for name in ("name", "description", "location"):
            texts += [str(value) for value in events.mapped(name)]
        for activity in self.env["mail.activity"].search([("res_model", "in", [*own, "vshu.case"])]):
            texts += [activity.summary or "", str(activity.note or "")]
        messages = self.env["mail.message"].search([("model", "in", own)])
        texts += [str(body) for body in messages.mapped("body")] + [s or "" for s in messages.mapped("subject")]
        for values in messages.tracking_value_ids:
            texts += [values.old_value_char or "", values.new_value_char or ""]
        for mail in self.env["mail.mail"].search([]):
            texts += [str(mail.body_html or ""), mail.subject or ""]
        self.assertTrue(events)
        for name in names:
            self.assertFalse([text for text in texts if name in text], name)
        members = bag.meetings["convened"].member_ids.user_id.partner_id
        self.assertLessEqual(bag.meetings["convened"].event_id.partner_ids, members)
        self.assertEqual(set(events.mapped("privacy")), {"private"})

    def test_event_of_others(self):
        """Who does not attend sees neither title nor place of the event."""
        event = self.bag.meetings["convened"].event_id
        title, place = event.name, event.location
        for who in ("guest", "class_teacher", "administrator", "plain"):
            seen = self.see(self.bag, who, event)
            try:
                values = str(seen.read(["name", "location", "description"]))
            except AccessError:
                continue
            self.assertNotIn(title, values, who)
            self.assertNotIn(place, values, who)

    def test_papers(self):
        """PDFs are made with the reader's own rights."""
        bag = self.bag
        minutes = bag.meetings["signed"].minutes_ids
        others = self.person(bag, bag.meetings["sitting"], "member_a")
        for report, records in (
            ("action_report_minutes", minutes),
            ("action_report_extract", minutes.extract_ids),
            ("action_report_invitation", others),
        ):
            for who in ("guest", "member_other", "class_teacher", "administrator", "plain", "portal"):
                env = self.see(bag, who, records).env
                try:
                    html = env["ir.actions.report"]._render_qweb_html(f"vshu_council.{report}", records.ids)[0]
                except (AccessError, MissingError, UserError):
                    continue
                self.fail(f"{report}: {who}: {html[:80]}")

    def test_files(self):
        """A scan of the minutes is read by who reads the minutes; nobody draws a foreign file into them."""
        bag = self.bag
        minutes = bag.meetings["signed"].minutes_ids
        scan = self.make_file(bag, "social_pedagogue")
        self.as_(bag, "social_pedagogue", minutes).write({"attachment_ids": [(4, scan.id)]})
        for who in BLIND:
            self.assert_hidden(self.see(bag, who, scan).read, ["name", "datas"])
            self.assert_hidden(self.see(bag, who, self.env["ir.attachment"]).search, [("id", "=", scan.id)])
        self.assertTrue(self.see(bag, "member_a", scan).read(["datas"]))
        foreign = self.make_file(bag, "guest")
        self.assertFalse(self.may(self.see(bag, "head", minutes).write, {"attachment_ids": [(4, foreign.id)]}))
