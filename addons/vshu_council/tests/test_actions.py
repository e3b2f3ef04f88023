"""Every button × everybody over the API, in the state in which it shows; state and votes forged by every way."""

import contextlib
import inspect

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from .access_common import CouncilAccessCommon
from .common import ON_THE_DAY
from .test_access import KEEPERS, MODELS, OFFICE, OUTSIDERS, READERS

MEMBERS = ("member_a", "elected")
#: who keeps the minutes of the meeting that sits; of the one that was held by the social pedagogue
KEEPS = ("social_pedagogue", "head", "elected", "standin_social_pedagogue")
KEPT = ("social_pedagogue", "head", "standin_social_pedagogue")
CONVENERS = ("deputy_head", "head", "standin_deputy_head", "standin_head")
#: states in which a decision has a day: that of the meeting, on which nobody stands in
ON_ITS_DAY = {"ready_item", "decided_item", "decided", "leaving"}
DECIDES = ("social_pedagogue", "head", "elected")
#: (model, method) → (state, who may); ALL stands for all staff
ALL = ("staff",)
ACTIONS = {
    ("vshu.council", "action_approve"): ("draft_council", ("head", "standin_head")),
    ("vshu.council", "action_print"): ("council", (*ALL, "administrator")),
    ("vshu.council", "action_renew"): ("council", KEEPERS),
    ("vshu.meeting", "action_propose"): ("no_meeting", KEEPERS),
    ("vshu.meeting", "action_convene"): ("draft", CONVENERS),
    ("vshu.meeting", "action_reschedule"): ("convened", CONVENERS),
    ("vshu.meeting", "action_cancel"): ("convened", CONVENERS),
    ("vshu.meeting", "action_start"): ("convened_today", KEPT),
    ("vshu.meeting", "action_all_present"): ("sitting", KEEPS),
    ("vshu.meeting", "action_no_quorum"): ("no_quorum", KEEPS),
    ("vshu.meeting", "action_close"): ("decided", DECIDES),
    ("vshu.meeting", "action_open"): ("sitting", (*READERS, *MEMBERS)),
    ("vshu.meeting", "action_open_minutes"): ("signed", (*READERS, *MEMBERS)),
    ("vshu.meeting", "action_open_invitations"): ("sitting", (*READERS, *MEMBERS)),
    ("vshu.meeting.participant", "action_accept"): ("guest", ("guest", *KEEPERS)),
    ("vshu.meeting.participant", "action_decline"): ("guest", ("guest", *KEEPERS)),
    ("vshu.meeting.participant", "action_present"): ("invited", KEEPS),
    ("vshu.meeting.participant", "action_absent"): ("invited", KEEPS),
    ("vshu.meeting.participant", "action_left"): ("leaving", DECIDES),
    ("vshu.meeting.participant", "action_print"): ("invited", (*READERS, *MEMBERS, "guest")),
    ("vshu.agenda.item", "action_withdraw"): ("other_item", KEEPERS),
    ("vshu.agenda.item", "action_allow_without_papers"): ("item", ("head",)),
    ("vshu.agenda.item", "action_decide"): ("ready_item", DECIDES),
    ("vshu.agenda.item", "action_postpone"): ("no_quorum_item", KEEPS),
    ("vshu.agenda.item", "action_reopen"): ("decided_item", DECIDES),
    ("vshu.agenda.item", "action_open"): ("item", (*READERS, *MEMBERS)),
    ("vshu.agenda.item", "action_open_meeting"): ("item", (*READERS, *MEMBERS)),
    ("vshu.agenda.item", "action_open_case"): ("item", None),
    ("vshu.minutes", "action_sign"): ("held", ("social_pedagogue", "head")),
    ("vshu.minutes", "action_take_back"): ("signed_once", ("head",)),
    ("vshu.minutes", "action_correct"): ("signed_minutes", KEPT),
    ("vshu.minutes", "action_discard"): ("corrected", KEPT),
    ("vshu.minutes", "action_print"): ("signed_minutes", (*READERS, *MEMBERS)),
    ("vshu.minutes", "action_open"): ("signed_minutes", (*READERS, *MEMBERS)),
    ("vshu.minutes", "action_open_meeting"): ("signed_minutes", (*READERS, *MEMBERS)),
    ("vshu.minutes", "action_open_extracts"): ("signed_minutes", (*READERS, *MEMBERS)),
    ("vshu.extract", "action_print"): ("extract", READERS),
    ("vshu.extract", "action_file"): ("extract", KEEPERS),
    ("vshu.council.reason", "action_confirm"): ("reason", CONVENERS),
    ("vshu.case", "action_open_agenda_items"): ("case", None),
    ("vshu.case", "action_open_extracts"): ("case", None),
}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestCouncilActions(CouncilAccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bag = cls.fill_council(cls.kz)

    # -- states ------------------------------------------------------------------------------------------------------

    def records(self, state):
        """Return the records in ``state`` on which the method is called."""
        bag = self.bag
        made = getattr(self, f"state_{state}", None)
        if made:
            return made()
        if state in bag.meetings and state != "held":
            return bag.meetings[state]
        return {
            "draft_council": lambda: bag.draft_council,
            "council": lambda: bag.council,
            "no_meeting": lambda: self.env["vshu.meeting"],
            "held": lambda: bag.meetings["held"].minutes_ids,
            "invited": lambda: bag.invited,
            "item": lambda: bag.item,
            "signed_minutes": lambda: bag.meetings["signed"].minutes_ids,
            "extract": lambda: bag.meetings["signed"].minutes_ids.extract_ids,
            "case": lambda: bag.cases["sitting"],
        }[state]()

    def state_convened_today(self):
        meeting = self.bag.meetings["convened"]
        guarded(meeting).write({"date": "2026-10-14 05:30:00"})
        return meeting

    def state_no_quorum(self):
        meeting = self.bag.meetings["sitting"]
        meeting.member_ids.filtered(lambda p: p != self.bag.elected).attendance = "absent"
        return meeting

    def state_no_quorum_item(self):
        self.state_no_quorum()
        return self.bag.item

    def state_leaving(self):
        item = self.state_decided_item()
        return item.meeting_id.member_ids.filtered(lambda p: p.user_id == self.bag.users["member_a"])

    def state_guest(self):
        bag = self.bag
        return self.env["vshu.meeting.participant"].create(
            {"meeting_id": bag.meetings["convened"].id, "employee_id": bag.employees["guest"].id}
        )

    def state_other_item(self):
        item = self.bag.other_matter
        item.meeting_id = self.bag.meetings["draft"]
        return item

    def state_ready_item(self):
        bag = self.bag
        self.papers(bag.cases["sitting"])
        bag.item.write(
            {
                "kind_id": bag.kind_of_test.id,
                "watch_until": "2027-01-20",
                "count_for": 4,
                "curator_id": bag.employees["class_teacher"].id,
            }
        )
        return bag.item

    def state_decided_item(self):
        item = self.state_ready_item()
        item.action_decide()
        return item

    def state_decided(self):
        self.state_decided_item()
        guarded(self.bag.item_second).write({"state": "withdrawn"})
        meeting = self.bag.meetings["sitting"]
        meeting.member_ids.filtered(lambda p: p.attendance == "unknown").attendance = "present"
        return meeting

    def state_signed_once(self):
        return self.sign(self.bag, self.bag.meetings["held"].minutes_ids, "head")

    def state_corrected(self):
        minutes = self.bag.meetings["signed"].minutes_ids
        self.as_(self.bag, "social_pedagogue", minutes)._correct("описка")
        return self.bag.meetings["signed"].minutes_ids - minutes

    # -- who may -----------------------------------------------------------------------------------------------------

    def test_table_is_complete(self):
        """Every action of the addon is in the table."""
        own = set()
        for model in (*MODELS, "vshu.case"):
            for cls in type(self.env[model]).__mro__:
                if "odoo.addons.vshu_council." not in cls.__module__:
                    continue
                own |= {
                    (model, name) for name, _ in inspect.getmembers(cls) if name in vars(cls) and "action_" in name[:7]
                }
        self.assertEqual(own, ACTIONS.keys())

    def test_who_may(self):
        """Button × everybody: who may not is refused, over the API as at the screen."""
        staff = set(self.everybody) - set(OUTSIDERS) - {"administrator"}
        for (model, method), (state, table) in ACTIONS.items():
            if table is None or state == "reason":
                continue
            allowed = (set(table) - set(ALL)) | (staff if ALL[0] in table else set())
            day = ON_THE_DAY if state in ON_ITS_DAY else "2026-10-14 06:00:00"
            with (
                self.subTest(model=model, method=method),
                freeze_time(day),
                self.env.cr.savepoint() as savepoint,
            ):
                records = self.records(state)
                self.assertEqual(records._name, model)
                found = set()
                for who in self.everybody:
                    view = self.see(self.bag, who, records)
                    ids = [] if state == "no_meeting" else [records.ids]

                    if self.may(_Call(view.env, model, method, ids).run):
                        found.add(who)
                self.assertEqual(found, allowed)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_case_buttons(self):
        """From an item and a case one gets to what one may read."""
        for model, method in (
            ("vshu.agenda.item", "action_open_case"),
            ("vshu.case", "action_open_agenda_items"),
            ("vshu.case", "action_open_extracts"),
        ):
            for who in ("guest", "member_other", *OUTSIDERS, "administrator"):
                records = self.bag.item if model == "vshu.agenda.item" else self.bag.cases["sitting"]
                view = self.see(self.bag, who, records)
                self.assertFalse(self.may(_Call(view.env, model, method, [records.ids]).run), f"{method}: {who}")

    def test_dialog(self):
        """The dialog that asks for a reason does no more than its button, whoever fills it by hand."""
        bag = self.bag
        dialogs = (
            ({"action": "cancel", "meeting_id": bag.meetings["convened"].id}, CONVENERS),
            (
                {"action": "reschedule", "meeting_id": bag.meetings["convened"].id, "date": "2026-10-28 10:00:00"},
                CONVENERS,
            ),
            ({"action": "withdraw", "item_id": self.state_other_item().id}, KEEPERS),
            ({"action": "allow", "item_id": bag.item.id}, ("head",)),
            ({"action": "correct", "minutes_id": bag.meetings["signed"].minutes_ids.id}, KEPT),
        )
        for vals, allowed in dialogs:
            found = set()
            for who in self.everybody:
                view = self.see(bag, who, self.env["vshu.council.reason"])
                if self.may(_Dialog(view, {**vals, "reason": "так надо"}).run):
                    found.add(who)
            self.assertEqual(found, set(allowed), vals)

    # -- forging -----------------------------------------------------------------------------------------------------

    def assert_refused(self, function, *args):
        try:
            with self.env.cr.savepoint():
                function(*args)
                self.env.flush_all()
        except (AccessError, UserError):
            self.env.invalidate_all()
            return
        self.fail(f"not refused: {function} {args}")

    def test_state_is_forged_by_nobody(self):
        """Guarded fields are written by buttons only: by no write, no create, no default."""
        bag = self.bag
        records = (bag.meetings["draft"], bag.item, bag.draft_council, bag.invited, bag.meetings["held"].minutes_ids)
        for record in records:
            for name, start in record._guarded_fields.items():
                value = {"state": "signed", "number": 9, "version": 9}.get(name, start or 1)
                if record._fields[name].type == "selection":
                    value = record._fields[name].get_values(self.env)[-1]
                elif record._fields[name].type in ("date", "datetime"):
                    value = "2026-10-13"
                for who in (*OFFICE, "elected"):
                    self.assertFalse(
                        self.may(self.see(bag, who, record).write, {name: value}), f"{record} {name}: {who}"
                    )
        for model, vals, name, value in (
            ("vshu.meeting", {"company_id": bag.company.id, **self.meeting_vals()}, "state", "signed"),
            ("vshu.meeting", {"company_id": bag.company.id, **self.meeting_vals()}, "open_from", "2026-10-01"),
            ("vshu.agenda.item", {"company_id": bag.company.id, "title": "План"}, "state", "done"),
            ("vshu.council", self.council_vals(bag, order_number="95-о"), "state", "in_force"),
        ):
            env = self.as_(bag, "deputy_head", self.env[model])
            for call in (
                lambda e=env, v=vals, n=name, x=value: e.create({**v, n: x}),
                lambda e=env, v=vals, n=name, x=value: e.with_context(**{f"default_{n}": x}).create(dict(v)),
            ):
                try:
                    with self.env.cr.savepoint():
                        made = call()
                except (AccessError, UserError):
                    continue
                self.assertNotEqual(str(made.sudo()[name]), value, f"{model} {name}")

    def test_kind_and_topic_by_default(self):
        """What comes from orders and cases is not made by a default in the context either."""
        bag = self.bag
        people = self.as_(bag, "deputy_head", self.env["vshu.meeting.participant"]).with_context(default_kind="member")
        vals = {"meeting_id": bag.meetings["convened"].id, "employee_id": bag.employees["guest"].id}
        self.assert_refused(people.create, vals)
        items = self.as_(bag, "deputy_head", self.env["vshu.agenda.item"]).with_context(default_topic="placement")
        self.assert_refused(items.create, {"company_id": bag.company.id, "case_id": bag.case_second.id})
        self.assert_refused(
            self.as_(bag, "deputy_head", bag.meetings["convened"]).write,
            {"participant_ids": [Command.create({"kind": "member", "employee_id": bag.employees["guest"].id})]},
        )

    def test_other_meeting(self):
        """People, items and lines of another meeting are drawn into this one by no command."""
        bag = self.bag
        stranger = self.person(bag, bag.meetings["convened"], "member_a")
        office = self.as_(bag, "social_pedagogue", bag.item)
        for vals in (
            {"vote_ids": [Command.create({"participant_id": stranger.id})]},
            {"speech_ids": [Command.create({"participant_id": stranger.id, "text": "…"})]},
            {"excluded_ids": [Command.link(stranger.id)]},
            {"excluded_ids": [Command.link(bag.invited.id)]},
            {"vote_ids": [Command.create({"participant_id": bag.invited.id})]},
        ):
            self.assert_refused(office.write, vals)
        sitting = self.as_(bag, "social_pedagogue", bag.meetings["sitting"])
        for vals in ({"presiding_id": stranger.id}, {"secretary_id": bag.invited.id}):
            self.assert_refused(sitting.write, vals)
        done = self.item_of(bag.cases["signed"])
        for line in (bag.vote, bag.speech, bag.task):
            self.assert_refused(self.as_(bag, "social_pedagogue", line).write, {"item_id": done.id})
        self.assert_refused(self.as_(bag, "social_pedagogue", bag.invited).write, {"item_ids": [Command.set(done.ids)]})
        guest = self.state_guest()
        self.assert_refused(self.as_(bag, "deputy_head", guest).write, {"meeting_id": bag.meetings["signed"].id})
        minutes = self.as_(bag, "social_pedagogue", bag.meetings["signed"].minutes_ids)
        for command in (Command.create({"number": 2}), Command.update(minutes.line_ids.id, {"summary": "…"})):
            self.assert_refused(minutes.write, {"line_ids": [command]})
        self.assert_refused(minutes.write, {"line_ids": [Command.delete(minutes.line_ids.id)]})

    def test_nobody_takes_a_place_after_closing(self):
        """Who presided and who kept the minutes is checked again when the minutes are signed."""
        bag = self.bag
        meeting = bag.meetings["held"]
        own = self.person(bag, meeting, "social_pedagogue")
        self.as_(bag, "social_pedagogue", meeting).write({"presiding_id": own.id})
        with freeze_time(ON_THE_DAY):
            self.assert_refused(self.as_(bag, "social_pedagogue", meeting.minutes_ids).action_sign)

    def test_case_that_one_may_not_read(self):
        """A form filled with the id of a case that one does not read tells nothing of it; nothing is linked to it."""
        bag = self.bag
        case = bag.cases["draft"]
        spec = {name: {} for name in ("papers_ok", "papers_text", "papers_due", "open_ended", "sheet")}
        spec.update(allowed_kind_ids={"fields": {}}, student_id={"fields": {"display_name": {}}})
        for who, item in (
            ("guest", self.env["vshu.agenda.item"]),
            ("class_teacher_b", self.env["vshu.agenda.item"]),
            ("elected", bag.item_second),
        ):
            view = self.see(bag, who, item)
            found = {}
            with contextlib.suppress(AccessError):
                found = view.onchange({"case_id": case.id}, ["case_id"], spec)["value"]
            self.assertFalse(found.get("papers_text"), who)
            self.assertFalse(found.get("papers_due"), who)
            self.assertNotIn("Ученик", str(found), who)
            kinds = [command[1] for command in found.get("allowed_kind_ids") or [] if command[0] == Command.LINK]
            on_case = case._allowed_decision_kinds().filtered(lambda k: k.effect not in ("hear_again", "note"))
            self.assertFalse(set(kinds) & set(on_case.ids), who)
            self.assertFalse(self.may(view.create, {"case_id": case.id, "topic": "progress"}), who)

    def test_other_school(self):
        """Nothing of this school is put on a meeting of another one."""
        bag = self.bag
        foreign = self.env["vshu.meeting"].create({"company_id": self.ru.company.id, "date": "2026-10-26 10:00:00"})
        for who in OFFICE:
            item = self.see(bag, who, bag.other_matter)
            self.assertFalse(self.may(item.write, {"meeting_id": foreign.id}), who)
            self.assertFalse(
                self.may(self.see(bag, who, bag.meetings["draft"]).write, {"company_id": self.ru.company.id})
            )
            self.assertFalse(
                self.may(
                    self.see(bag, who, self.env["vshu.agenda.item"]).create,
                    {"title": "План", "company_id": bag.company.id, "meeting_id": foreign.id},
                ),
                who,
            )


class _Call:
    """A method called as the web client and the API call it."""

    def __init__(self, env, model, method, args):
        self.env, self.model, self.method, self.args = env, model, method, args

    def run(self):
        return call_kw(self.env[self.model], self.method, self.args, {})


class _Dialog:
    """A dialog filled by hand and confirmed."""

    def __init__(self, view, vals):
        self.env, self.view, self.vals = view.env, view, vals

    def run(self):
        return self.view.create(self.vals).action_confirm()
