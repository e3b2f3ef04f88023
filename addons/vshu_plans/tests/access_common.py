"""Plans in every state and everybody around them, for the tests of rights of plans."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import call_kw

from odoo.addons.vshu_registry.tests.access_common import SECRET, AccessCommon
from odoo.addons.vshu_registry.tests.sealed.test_sealed import SealedBuilders
from odoo.addons.vshu_registry.tools.guard import guarded

from .common import TODAY, PlansCommon

OFFICE = ("social_pedagogue", "deputy_head", "head")
OFFICE_STANDINS = ("standin_social_pedagogue", "standin_deputy_head", "standin_head")
#: who keeps the register, today's stand-ins too
KEEPERS = (*OFFICE, *OFFICE_STANDINS)
#: who reads the plans of the school
SCHOOL_READERS = ("psychologist", "standin_psychologist", *KEEPERS)
#: who reads the plan of an open case of the class
READERS = ("class_teacher", "standin_class_teacher", "curator", *SCHOOL_READERS)
#: who drafts, revises, rates, concludes
WRITERS = ("curator", *KEEPERS)
OUTSIDERS = ("plain", "portal", "public")
#: everybody whose right is not that of another one of them: for what takes long
SOME = ("class_teacher", "curator", "psychologist", *OFFICE, "standin_head", "answers", "class_teacher_b", "member_a")
#: what no test but those of sealed papers may find anywhere
SEALED_WORD = "Kyutis"


class PlanAccessCommon(PlansCommon, AccessCommon, SealedBuilders):
    """All cases are about pupils of ``class_a`` and have ``curator`` as their curator.

    People beside those of the register: ``answers`` answers for a measure and reads no case, ``member_a`` is a member
    of the council on whose agenda ``cases["council"]`` stands, ``standin_*`` stand in today.
    """

    everybody = (
        *AccessCommon.everybody,
        "answers",
        "member_a",
        "standin_class_teacher",
        "standin_psychologist",
        *OFFICE_STANDINS,
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # looking up what a refusal says takes longer than the refusal
        cls.classPatch(cls.registry["ir.rule"], "_make_access_error", lambda *args: AccessError("refused by a rule"))

    @classmethod
    def fill_plans(cls, bag):
        """Make a plan in every state in the school ``bag``."""
        self = cls("setUp")
        cls.add_standins(bag)
        bag.cases, bag.plans = {}, {}
        for number, name in enumerate(("bare", "draft", "in_force", "versions", "ended", "over", "council")):
            student = cls.make_student(bag, f"Тайнова {name} {bag.code} {number}", bag.class_a)
            bag.cases[name] = self.active_case(bag, student=student, curator_id=bag.employees["curator"].id)
            if bag.code == "ru":
                bag.cases[name].curator_id = bag.employees["curator"]
        for name in ("in_force", "versions", "ended", "over", "council"):
            bag.plans[name] = self.secret_plan(bag, bag.cases[name])
        bag.plans["draft"] = self.secret_plan(bag, bag.cases["draft"], approve=False)
        for name in ("versions", "council"):
            action = self.as_(bag, "social_pedagogue", bag.plans[name])._revise(SECRET)
            bag.plans[f"{name}_draft"] = cls.env["vshu.plan"].browse(action["res_id"])
        self.approve(bag, bag.plans["versions_draft"])
        bag.plans["replaced"] = bag.plans.pop("versions")
        bag.plans["second"] = bag.plans.pop("versions_draft")
        self.as_(bag, "head", bag.plans["ended"])._close_by_hand(SECRET)
        self.make_reviews(bag)
        guarded(bag.cases["over"])._close(self.ref("kz_reason_19_1" if bag.code == "kz" else "ru_reason_7_1_k"), TODAY)
        bag.tasks = {
            measure.others: measure.task_ids for measure in bag.plans["in_force"].measure_ids.sudo() if measure.others
        }
        bag.file = cls.env["ir.attachment"].create({"name": "акт.txt", "raw": SECRET.encode()})
        done = bag.tasks["done"]
        self.done(done, note=SECRET, outcome="partly", attachment_ids=[Command.set(bag.file.ids)])
        bag.file.write({"res_model": done._name, "res_id": done.id})
        self.hear_in_council(bag)
        return bag

    @classmethod
    def add_standins(cls, bag):
        """Let somebody else stand in for everybody whose role reads plans, today only."""
        bag.users["answers"], bag.employees["answers"] = cls.make_user(bag, "subject_teacher", f"{bag.code}_answers")
        for role in ("class_teacher", "psychologist", *OFFICE):
            who = f"standin_{role}"
            bag.users[who], bag.employees[who] = cls.make_user(bag, "subject_teacher", f"{bag.code}_{who}")
            of_class = bag.class_a if role == "class_teacher" else None
            cls.make_standin(bag, role, bag.employees[who], TODAY, TODAY, school_class=of_class)

    def secret_plan(self, bag, case, approve=True):
        """Return the plan of a case whose every word is secret; ``others`` of a measure says what it is there for."""
        types = self.env["vshu.measure.type"].search([("company_id", "=", False)])
        people = bag.employees
        roles = {"teacher": "class_teacher", "psychologist": "psychologist"}
        named = ("teacher", "psychologist", "answers", "done", "office")
        plan = self.as_(bag, "social_pedagogue", self.env["vshu.plan"]).create(
            {
                "case_id": case.id,
                "date_from": TODAY,
                "date_to": case.date_end or "2027-01-14",
                "goal_ids": [
                    Command.create({"name": SECRET, "cause": SECRET, "rating_start": "2", "reason_start": SECRET})
                ],
                "measure_ids": [
                    Command.create(
                        {
                            "name": f"{SECRET} {name}",
                            "result": SECRET,
                            "others": name,
                            "type_id": types[number].id,
                            # who answers by name is somebody else than who holds the role
                            "employee_id": people["answers" if name in ("answers", "done") else "deputy_head"].id,
                            "role_id": self.ref(f"role_{roles[name]}").id if name in roles else False,
                            "date_due": "2026-10-20",
                        }
                    )
                    for number, name in enumerate(named)
                ],
            }
        )
        return self.approve(bag, plan.sudo()) if approve else plan.sudo()

    @classmethod
    def make_reviews(cls, bag):
        """Make an open review of the plan in force, a concluded one, one of a case that is over later."""
        reviews = guarded(cls.env["vshu.plan.review"])
        quarters = {"open": ("2026-07-01", "2026-09-30"), "done": ("2026-04-01", "2026-06-30")}
        words = {"conclusion": "change", "conclusion_text": SECRET}
        bag.reviews = {}
        for name, plan, quarter in (
            ("open", "in_force", "open"),
            ("done", "in_force", "done"),
            ("over", "over", "open"),
            ("council", "council", "open"),
        ):
            first, last = quarters[quarter]
            review = reviews.create({"plan_id": bag.plans[plan].id, "date_from": first, "date_to": last})
            review._prefill()
            if name in ("done", "over"):
                review.write({**words, "state": "done", "date_done": TODAY})
            bag.reviews[name] = review.with_env(cls.env)

    def hear_in_council(self, bag):
        """Put ``cases["council"]`` on the agenda of a meeting that the members are called to."""
        self.make_council(bag)
        self.as_(bag, "social_pedagogue", self.env["vshu.agenda.item"]).create(
            {"company_id": bag.company.id, "case_id": bag.cases["council"].id, "topic": "progress"}
        )
        bag.meeting = self.convened(bag, [bag.cases["council"]])
        bag.item = self.item_of(bag.cases["council"])

    # -- as somebody -------------------------------------------------------------------------------------------------

    def who_may(self, records, method, people=None):
        """Return who of ``people`` gets through with a method called as over RPC; whatever it does is taken back."""
        found = set()
        for who in people or self.everybody:
            view = self.see(self.bag, who, records)
            if self.may(RemoteCall(view.env, records._name, method, [records.ids]).run):
                found.add(who)
        return found

    def allow_export(self, bag):
        """Let all staff export: the right to do so is not what keeps plans apart."""
        for who in self.everybody:
            if who not in ("portal", "public"):
                bag.users[who].group_ids += self.env.ref("base.group_allow_export")


class RemoteCall:
    """A method called as the web client and the API call it."""

    def __init__(self, env, model, method, args, **kwargs):
        self.env, self.model, self.method, self.args, self.kwargs = env, model, method, args, kwargs

    def run(self):
        return call_kw(self.env[self.model], self.method, self.args, self.kwargs)
