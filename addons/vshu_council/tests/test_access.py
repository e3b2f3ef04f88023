"""Every model of the council × everybody × every operation, and the window of the members."""

from freezegun import freeze_time
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.vshu_registry.tools.guard import guarded

from .access_common import CouncilAccessCommon

OFFICE = ("social_pedagogue", "deputy_head", "head")
STANDINS = ("standin_head", "standin_deputy_head", "standin_social_pedagogue")
KEEPERS = (*OFFICE, *STANDINS)
READERS = ("psychologist", *KEEPERS)
OUTSIDERS = ("plain", "portal", "public")
OPERATIONS = {"r": "read", "c": "create", "w": "write", "u": "unlink"}
#: model → (what all staff have, what the administrator has) before any rule narrows it
MODELS = {
    "vshu.council.rule": ("r", "rcwu"),
    "vshu.council": ("rcwu", "r"),
    "vshu.council.member": ("rcwu", "r"),
    "vshu.meeting": ("rcwu", ""),
    "vshu.meeting.participant": ("rcwu", ""),
    "vshu.agenda.item": ("rcwu", ""),
    "vshu.agenda.speech": ("rcwu", ""),
    "vshu.agenda.vote": ("rcwu", ""),
    "vshu.agenda.assignment": ("rcwu", ""),
    "vshu.minutes": ("rw", ""),
    "vshu.minutes.line": ("rw", ""),
    "vshu.extract": ("r", ""),
    "vshu.council.reason": ("rcw", ""),
}


def everyone(operations, *groups, **roles):
    """Return {who: operations} for the people of ``groups`` (tuples) and ``roles``."""
    return {**{who: operations for group in groups for who in group}, **roles}


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestCouncilAccess(CouncilAccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bag = cls.fill_council(cls.kz)

    def test_table_is_complete(self):
        """Every model of the addon is in the table; those without records have no rights at all."""
        own = {name for name, cls in self.env.registry.items() if cls._original_module == "vshu_council"}
        abstract = {name for name in own if self.env.registry[name]._abstract}
        self.assertEqual(own - abstract, MODELS.keys())
        self.assertFalse(self.env["ir.model.access"].search([("model_id.model", "in", list(abstract))]))

    def test_own_models_have_rules(self):
        """Whatever holds a school is kept apart by a global rule."""
        ruled = set(self.env["ir.rule"].search([("groups", "=", False)]).mapped("model_id.model"))
        self.assertEqual({model for model in MODELS if model not in ruled}, set())

    def test_model_rights(self):
        """Model × everybody × operation, as the access rights have it."""
        for model, (staff, administrator) in MODELS.items():
            for who in self.everybody:
                view = self.see(self.bag, who, self.env[model])
                found = "".join(letter for letter, name in OPERATIONS.items() if view.has_access(name))
                expected = "" if who in OUTSIDERS else administrator if who == "administrator" else staff
                self.assertEqual(found, expected, f"{model}: {who}")

    def check(self, records, table, vals=None):
        """Try to read, write, delete and find ``records`` as everybody; ``table`` says who may what ("rwu")."""
        wrong = []
        for who in self.everybody:
            view = self.see(self.bag, who, records)
            found = "r" if self.may(view.read, ["display_name", "create_date"]) else ""
            if vals is not None and self.may(view.write, vals):
                found += "w"
            if self.may(view.unlink):
                found += "u"
            if found != table.get(who, ""):
                wrong.append((who, found, table.get(who, "")))
            listed = view.has_access("read") and bool(view.search([("id", "in", records.ids)]))
            # a refused method may come from a message, a refused search only from the rules
            if bool(listed) != ("r" in table.get(who, "")):
                wrong.append((who, "search", listed))
        self.assertFalse(wrong, records)

    def check_create(self, model, vals, *groups):
        allowed = {who for group in groups for who in group}
        found = {w for w in self.everybody if self.may(self.see(self.bag, w, self.env[model]).create, dict(vals))}
        self.assertEqual(found, allowed, model)

    def test_council(self):
        """All staff read the composition, the office drafts it, nobody changes what was approved."""
        bag = self.bag
        staff = set(self.everybody) - set(OUTSIDERS)
        self.check(bag.draft_council, everyone("r", staff) | everyone("rwu", KEEPERS), {"control_text": "…"})
        self.check(bag.council, everyone("r", staff), {"control_text": "…"})
        self.check(bag.draft_council.member_ids[0], everyone("r", staff) | everyone("rwu", KEEPERS), {"sequence": 5})
        self.check(bag.council.member_ids[0], everyone("r", staff), {"sequence": 5})
        vals = self.council_vals(bag, order_number="99-о", order_date="2026-10-14", date_from="2026-10-14")
        self.check_create("vshu.council", vals, KEEPERS)
        person = {"council_id": bag.draft_council.id, "employee_id": bag.employees["guest"].id}
        self.check_create("vshu.council.member", person, KEEPERS)
        self.check_create("vshu.council.member", {**person, "council_id": bag.council.id})
        # an approved composition grows by no detour
        added = self.env["vshu.council.member"].create(person)
        for who in self.everybody:
            member = self.see(bag, who, added)
            self.assertFalse(self.may(member.write, {"council_id": bag.council.id}), who)

    def test_rule(self):
        """Rules are read by all staff; the shipped ones are changed by nobody."""
        staff = set(self.everybody) - set(OUTSIDERS)
        rule = self.env["vshu.council.rule"].search([("matter", "=", "quorum")], limit=1)
        self.check(rule, everyone("r", staff), {"number": 9})

    def test_meeting(self):
        """Office and psychologist see all meetings, members those that they are called to, who keeps it writes."""
        bag = self.bag
        draft, convened, sitting = (bag.meetings[state] for state in ("draft", "convened", "sitting"))
        self.check(draft, everyone("rwu", KEEPERS, psychologist="r"), {"place": "…"})
        members = ("member_a", "elected")
        self.check(convened, everyone("r", READERS, members, member_other="r"), {"place": "…"})
        self.check(
            sitting,
            everyone("r", READERS, members)
            | everyone("rw", ("social_pedagogue", "head", "elected"))
            | {"standin_social_pedagogue": "rw"},
            {"presiding_for": 3},
        )
        self.check_create("vshu.meeting", {"company_id": bag.company.id, **self.meeting_vals()}, KEEPERS)

    def test_item_and_lines(self):
        """Items of the meeting that sits are written by who keeps its minutes, read by its members."""
        bag = self.bag
        readers = everyone("r", READERS, ("member_a", "elected"))
        keeps = ("social_pedagogue", "head", "elected", "standin_social_pedagogue")
        self.check(bag.item, readers | everyone("rw", keeps), {"summary": "…"})
        self.check(bag.item, readers, {"sequence": 3})
        self.check(bag.other_matter, everyone("rwu", KEEPERS, psychologist="r"), {"title": "…"})
        for line, vals in ((bag.speech, {"text": "…"}), (bag.vote, {"choice": "against"}), (bag.task, {"name": "…"})):
            self.check(line, readers | everyone("rwu", keeps), vals)
            data = {name: value for name, value in line.copy_data()[0].items() if name != "company_id"}
            data["item_id"] = bag.item_second.id
            self.check_create(line._name, data, keeps)
        self.check_create("vshu.agenda.item", {"company_id": bag.company.id, "title": "План"}, KEEPERS)

    def test_participant(self):
        """A guest sees and answers the own invitation only; members see who sits with them."""
        bag = self.bag
        readers = everyone("r", READERS, ("member_a", "elected"))
        keeps = ("social_pedagogue", "head", "elected", "standin_social_pedagogue")
        self.check(
            bag.invited,
            everyone("r", READERS, ("member_a",))
            | everyone("rwu", ("social_pedagogue", "head", "standin_social_pedagogue"))
            | {"elected": "rw", "guest": "r"},
            {"role_text": "…"},
        )
        member = self.person(bag, bag.meetings["sitting"], "member_a")
        self.check(member, readers | everyone("rw", keeps), {"attendance": "excused"})
        vals = {"meeting_id": bag.meetings["convened"].id, "employee_id": bag.employees["guest"].id}
        self.check_create("vshu.meeting.participant", vals, KEEPERS)
        self.check_create("vshu.meeting.participant", {**vals, "kind": "member"})

    def test_minutes_and_extract(self):
        """Minutes and lines are read by the members, never written by hand; extracts by role."""
        bag = self.bag
        minutes = bag.meetings["signed"].minutes_ids
        readers = everyone("r", READERS, ("member_a", "elected"))
        self.check(minutes, readers, {"place": "…"})
        self.check(minutes.line_ids, readers, {"summary": "…"})
        self.check(minutes.extract_ids, everyone("r", READERS), {"state": "filed"})
        self.check_create("vshu.minutes", {"meeting_id": bag.meetings["sitting"].id, "number": 77})
        self.check_create("vshu.minutes.line", {"minutes_id": minutes.id, "number": 2})
        self.check_create("vshu.extract", minutes.extract_ids.copy_data()[0])

    # -- the window of the members -----------------------------------------------------------------------------------

    def reached(self, who, case):
        """Return which of the case's records ``who`` finds."""
        bag = self.bag
        env = self.see(bag, who, self.env["vshu.case"]).env
        found = {"case"} if env["vshu.case"].search([("id", "=", case.id)]) else set()
        for model, field in (
            ("vshu.agenda.item", "case_id"),
            ("vshu.document", "case_id"),
            ("vshu.decision", "case_id"),
            ("vshu.case.term", "case_id"),
            ("vshu.notice", "case_id"),
            ("vshu.petition", "case_id"),
            ("vshu.intervention", "case_id"),
            ("vshu.journal.entry", "case_id"),
            ("vshu.signal", "case_id"),
            ("vshu.sealed", "case_id"),
            ("vshu.extract", "case_id"),
        ):
            try:
                if field in env[model]._fields and env[model].search([(field, "=", case.id)]):
                    found.add(model)
            except AccessError:
                continue
        return found

    def test_window(self):
        """From convening until some days after the signing a member sees case and papers, before and after nothing
        (security.md "former council members")."""
        bag = self.bag
        case, meeting = bag.cases["convened"], bag.meetings["convened"]
        seen = {"case", "vshu.agenda.item", "vshu.document"}
        self.assertEqual(self.reached("member_a", case), seen)
        self.assertEqual(self.reached("member_other", case), seen)
        self.assertEqual(self.reached("member_other", bag.cases["sitting"]), set())
        self.assertEqual(self.reached("guest", bag.cases["sitting"]), set())
        self.assertEqual(self.reached("member_a", bag.cases["draft"]), set())
        signed = bag.cases["signed"]
        self.assertEqual(self.reached("member_a", signed), seen | {"vshu.decision"})
        until = bag.meetings["signed"].open_until
        with freeze_time(f"{until} 06:00:00"):
            self.assertEqual(self.reached("member_a", signed), seen | {"vshu.decision"})
        with freeze_time(until.replace(year=until.year + 1)):
            self.assertEqual(self.reached("member_a", signed), set())
        self.as_(bag, "deputy_head", meeting)._cancel("Болезнь")
        self.assertEqual(self.reached("member_a", case), set())

    def test_window_next_day(self):
        """The day after the last one is closed already."""
        bag = self.bag
        signed = bag.meetings["signed"]
        for day, seen in (("2026-10-14", True), ("2026-10-13", False)):
            guarded(signed).write({"open_until": day})
            self.assertEqual("case" in self.reached("member_a", bag.cases["signed"]), seen, day)

    def test_window_of_archived_rule(self):
        """Without a rule on access the window ends on the day of the signing."""
        bag = self.bag
        rules = self.env["vshu.council.rule"].search(
            [("matter", "=", "access"), ("regulation_id", "=", bag.school.regulation_id.id)]
        )
        self.assertTrue(rules)
        rules.active = False
        self.sign(bag, bag.meetings["held"].minutes_ids)
        self.assertEqual(bag.meetings["held"].open_until, bag.meetings["held"].date_signed)

    def test_withdrawn_item_closes(self):
        """An item that is taken off takes the case out of the members' sight, its lines as well."""
        bag = self.bag
        guarded(bag.item).write({"state": "withdrawn"})
        self.assertEqual(self.reached("member_a", bag.cases["sitting"]), set())
        for record in (bag.item, bag.speech, bag.vote, bag.task):
            self.assertFalse(self.see(bag, "member_a", record).has_access("read"), record)
