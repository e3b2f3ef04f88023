"""Two schools never see each other's councils, by any channel."""

from freezegun import freeze_time
from odoo.exceptions import AccessError, MissingError
from odoo.tests import tagged

from .access_common import CouncilAccessCommon
from .test_access import MODELS

#: whoever has any role in the other school
STRANGERS = (
    "head",
    "deputy_head",
    "social_pedagogue",
    "psychologist",
    "class_teacher",
    "administrator",
    "member_a",
    "plain",
)


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestCouncilCompany(CouncilAccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bag = cls.fill_council(cls.kz)
        cls("setUp").make_council(cls.ru)
        for who in STRANGERS:
            cls.ru.users[who].group_ids += cls.env.ref("base.group_allow_export")

    def assert_nothing(self, function, *args, **kwargs):
        try:
            result = function(*args, **kwargs)
        except (AccessError, MissingError):
            return
        if isinstance(result, dict):
            result = result.get("records", result.get("datas", result))
        self.assertFalse(result, f"{function}{args}{kwargs}")

    def test_every_model(self):
        """Every model × every reader of another school × every way of reading: nothing."""
        for model in MODELS.keys() - {"vshu.council.rule", "vshu.council.reason"}:
            records = self.env[model].search([("company_id", "=", self.kz.company.id)])
            self.assertTrue(records, f"no record to test with: {model}")
            mine = [("id", "in", records.ids)]
            for who in STRANGERS:
                with self.subTest(model=model, who=who):
                    view = self.see(self.ru, who, self.env[model])
                    self.assert_nothing(view.search, mine)
                    self.assert_nothing(view.search_count, mine)
                    self.assert_nothing(view.name_search, "", mine)
                    self.assert_nothing(view.search_read, mine, ["display_name"])
                    self.assert_nothing(view.web_search_read, mine, {"display_name": {}})
                    self.assert_nothing(
                        lambda v=view, d=mine: [g for g in v.formatted_read_group(d, [], ["__count"]) if g["__count"]]
                    )
                    record = self.see(self.ru, who, records[0])
                    self.assert_nothing(record.read, ["display_name"])
                    self.assert_nothing(record.web_read, {"display_name": {}})
                    self.assert_nothing(record.export_data, ["id", "display_name"])
                    self.assertFalse(record.has_access("write") or record.has_access("unlink"))

    def test_event(self):
        """The meeting is in the calendar of its members only."""
        event = self.bag.meetings["convened"].event_id
        title, place = event.name, event.location
        for who in STRANGERS:
            seen = self.see(self.ru, who, event)
            try:
                values = str(seen.read(["name", "location", "description"]))
            except AccessError:
                continue
            self.assertNotIn(place, values)
            self.assertNotIn(title, values)

    def test_orders_and_paths(self):
        """Nothing of the other school is found by a path over records of one's own."""
        bag = self.bag
        for who in ("head", "social_pedagogue", "member_a"):
            env = self.see(self.ru, who, self.env["vshu.council"]).env
            for model, domain in (
                ("vshu.council", [("member_ids.employee_id", "in", bag.council.member_ids.employee_id.ids)]),
                ("vshu.case", [("agenda_item_ids", "in", bag.item.ids)]),
                ("vshu.decision", [("agenda_item_id", "!=", False)]),
                ("vshu.assignment", [("agenda_item_id.company_id", "=", bag.company.id)]),
            ):
                self.assert_nothing(env[model].search, domain)
