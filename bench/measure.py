"""The measurements: what a user does, beside the same on project.task; the nightly job beside plain SQL and the ORM.

Every measurement has an environment of its own, with the registry's caches warm, the user's record rules and tracking
on; what is written is taken back. The two sides of a ratio are measured in turn, so that both get the same machine.
"""

import importlib.util
import os
import statistics
import time
from datetime import date, timedelta
from pathlib import Path

from council import CouncilBench
from imports import ImportBench
from odoo import api
from odoo.tools import split_every
from plans import PlansBench, statements
from school import KEEPER

WEB_CLIENT = Path(__file__).resolve().parents[1] / "addons" / "vshu_registry" / "tests" / "web_client.py"
#: times that each side is measured, after so many that warm the registry's caches
TIMES, WARM = int(os.environ.get("BENCH_TIMES") or 15), 6
#: what is measured, in this order
PARTS = (
    "screens",
    "creation",
    "registration",
    "imports",
    "council",
    "plans_finding",
    "plans_acting",
    "nightly_finding",
    "nightly_acting",
)
#: the nightly job's own size of a batch
BATCH = 500


def _specification():
    """Load how the web client asks for views; it lies with the tests, which are no package outside a test run."""
    spec = importlib.util.spec_from_file_location("vshu_web_client", WEB_CLIENT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.specification


class Bench(ImportBench, CouncilBench, PlansBench):
    """Measures on the registry of one database."""

    def __init__(self, registry, tell=lambda row: None):
        self.registry = registry
        #: called with each row as soon as it is measured, so that no figure is lost when a later one fails
        self.tell = tell
        self.specification = _specification()
        self.rows = []

    # -- machinery -----------------------------------------------------------------------------------------------------

    def run(self):
        """Return all rows: dicts with what, ms, base ms, ratio, goal, queries, nothing; each is handed on at once.

        ``nothing`` tells that one side had nothing to do: its figure says nothing, and the run fails.
        """
        wanted = [name for name in os.environ.get("BENCH_ONLY", "").split(",") if name]
        for name in PARTS:
            if not wanted or name in wanted:
                known = len(self.rows)
                getattr(self, name)()
                for row in self.rows[known:]:
                    self.tell(row)
        return self.rows

    def once(self, work, user=KEEPER):
        """Return milliseconds, queries and whether ``work`` did nothing; what it writes is taken back."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            if user:
                person = env["res.users"].search([("login", "=", user)])
                # what the web client sends with every call
                context = {"lang": "en_US", "tz": "Europe/Moscow", "allowed_company_ids": person.company_ids.ids}
                env = api.Environment(cr, person.id, {**context, "uid": person.id})
            prepared = work(env)
            env.flush_all()
            env.invalidate_all()
            queries = cr.sql_log_count
            began = time.perf_counter()
            result = prepared()
            env.flush_all()
            spent = (time.perf_counter() - began) * 1000
            queries = cr.sql_log_count - queries
            env.clear()
            cr.rollback()
        return spent, queries, not queries or is_nothing(result)

    def compare(self, what, ours, theirs=None, goal=None, user=KEEPER, times=TIMES):
        """Measure both sides in turn and note medians and their ratio."""
        mine, others, counts, nothing = [], [], [], False
        warm = min(WARM, times)
        for number in range(warm + times):
            spent, queries, idle = self.once(ours, user)
            base = self.once(theirs, user) if theirs else None
            nothing = nothing or idle or bool(base and base[2])
            if number >= warm:
                mine.append(spent)
                counts.append((queries, base[1] if base else None))
                if base:
                    others.append(base[0])
        row = {
            "what": what,
            "ms": statistics.median(mine),
            "base_ms": statistics.median(others) if others else None,
            "ratio": None,
            "goal": goal,
            "queries": counts[-1][0],
            "base_queries": counts[-1][1],
            "nothing": nothing,
        }
        if others:
            row["ratio"] = row["ms"] / row["base_ms"]
        self.rows.append(row)

    # -- screens -------------------------------------------------------------------------------------------------------

    def screens(self):
        """The list of 80 rows and the form of one, as their default views ask for them."""

        def page(model):
            def work(env):
                records = env[model]
                spec = self.specification(records, "list")
                return lambda: records.web_search_read([], spec, limit=80, count_limit=10001)

            return work

        def form(model, domain):
            def work(env):
                # others have other grounds, papers, people; a small school has fewer of them
                records = env[model].search(domain, order="id")
                record = records[next(offsets) % len(records)] if records else records
                spec = self.specification(env[model], "form")
                return lambda: record.web_read(spec)

            offsets = iter(range(0, 400000, 101))
            return work

        self.compare("list of 80", page("vshu.case"), page("project.task"), 0.5)
        self.compare(
            "form", form("vshu.case", [("state", "=", "active")]), form("project.task", [("state", "!=", "1_done")]), 1
        )

    # -- writes --------------------------------------------------------------------------------------------------------

    def creation(self):
        """A draft case beside a task: Save as the client does it (create and read back), and the creation alone."""

        def case_values(env):
            student = env["res.partner"].search(
                [("vshu_is_student", "=", True), ("vshu_case_ids", "=", False)], limit=1, offset=7
            )
            ground = env["vshu.ground"].search([("code", "=", "3.1.1")], limit=1)
            return {"student_id": student.id, "ground_id": ground.id, "reason": "Missed lessons.", "kind": "register"}

        def task_values(env):
            partner = env["res.partner"].search([("vshu_is_student", "=", True)], limit=1, offset=7)
            project = env["project.project"].search([("name", "=like", "Project %")], limit=1)
            return {"name": "Task", "project_id": project.id, "partner_id": partner.id, "description": "<p>Do it.</p>"}

        def save(model, values):
            def work(env):
                vals, spec = values(env), self.specification(env[model], "form")
                return lambda: env[model].web_save(vals, spec)

            return work

        def create(model, values):
            def work(env):
                vals = values(env)
                return lambda: env[model].create([vals])

            return work

        self.compare("create a draft case", create("vshu.case", case_values), create("project.task", task_values), 0.5)
        self.compare(
            "create it and read the form (Save)", save("vshu.case", case_values), save("project.task", task_values)
        )

    def registration(self):
        """An outside paper from its entry to the journal row: signal, case, decision, number, clocks, activities."""
        today = date.today()

        def values(env):
            ref = env.ref
            student = env["res.partner"].search(
                [("vshu_is_student", "=", True), ("vshu_case_ids", "=", False)], limit=1, offset=9
            )
            return {
                "intake_kind": "notice",
                "student_id": student.id,
                "description": "A decree came in.",
                "basis_id": ref("vshu_registry.ru_basis_4_2a_2").id,
                "ground_id": ref("vshu_registry.ru_ground_3_1_1").id,
                "form_id": ref("vshu_registry.ru_form_commission_decree").id,
                "paper_number": "7",
                "paper_date": today,
                "date_registered": today,
            }

        def decision(env, context):
            return env["vshu.decision"].create(
                {
                    "case_id": context["default_case_id"],
                    "kind_id": env.ref("vshu_registry.ru_kind_5_1_place").id,
                    "form_id": env.ref("vshu_registry.ru_form_commission_decree").id,
                    "number": "7",
                    "date": today,
                    "date_journal": today,
                    "curator_id": env.user.employee_id.id,
                }
            )

        def whole(env):
            vals = values(env)
            return lambda: decision(env, env["vshu.signal"].create(vals).action_enter()["context"]).action_apply()

        def applied(env):
            record = decision(env, env["vshu.signal"].create(values(env)).action_enter()["context"])
            return record.action_apply

        self.compare("registration: paper, case, decision, number, clocks", whole)
        self.compare("  of this: carrying the decision out", applied)

    # -- nightly job ---------------------------------------------------------------------------------------------------

    def nightly_finding(self):
        """What the nightly job has to do tonight, beside one SQL statement that finds the same records."""
        found = {}

        def job(env):
            def find():
                steps = env["vshu.case"]._nightly_steps()
                # the clocks of those who are not there any more are looked at all: no statement finds fewer
                found["job"] = sum(len(ids) for name, _model, ids, _method in steps if name != "hand over")
                return found["job"]

            return find

        def sql(env):
            limits = env["vshu.term.rule"].search([("expiring_days", ">", 0)])
            reasons = env["vshu.removal.reason"].search([("automatic", "=", True), ("is_group", "=", False)])
            today = date.today()
            statement, parameters = one_statement(limits, reasons, today, statements(env, today))

            def find():
                env.cr.execute(statement, parameters)
                found["sql"] = len(env.cr.fetchall())
                return found["sql"]

            return find

        self.compare("nightly job: finding", job, sql, 3, user=None)
        self.rows[-1]["found"] = found
        self.rows[-1]["note"] = f"{found['job']} found by the job, {found['sql']} by SQL"

    def nightly_acting(self):
        """Marking and escalating what is late tonight, beside the same writes by the ORM in the same batches."""
        acted = {}

        def job(env):
            ids = late(env)

            def act():
                for method in ("_mark_overdue", "_escalate"):
                    for batch in split_every(BATCH, ids, list):
                        env["vshu.case"]._run_batch(method, env["vshu.deadline"].browse(batch), method)
                        env.flush_all()
                acted["job"] = _writes(env, ids)
                return ids

            return act

        def orm(env):
            ids = late(env)
            with env.cr.savepoint():
                for method in ("_mark_overdue", "_escalate"):
                    env["vshu.case"]._run_batch(method, env["vshu.deadline"].browse(ids), method)
                    env.flush_all()
                fields = (
                    "res_model_id",
                    "res_id",
                    "activity_type_id",
                    "user_id",
                    "date_deadline",
                    "summary",
                    "vshu_deadline_id",
                )
                made = env["mail.activity"].search([("vshu_deadline_id", "in", ids), ("id", ">", last(env))])
                values = made.read(fields, load=None)
                levels = {level: [] for level in (1, 2)}
                for clock in env["vshu.deadline"].browse(ids):
                    if clock.escalation_level:
                        levels[clock.escalation_level].append(clock.id)
                made.unlink()
                env["vshu.deadline"].browse(ids).write({"state": "open", "escalation_level": 0})
                env.flush_all()
            for vals in values:
                del vals["id"]

            def act():
                clocks = env["vshu.deadline"]
                for batch in split_every(BATCH, ids, list):
                    clocks.browse(batch).write({"state": "overdue"})
                    env.flush_all()
                for batch in split_every(BATCH, values, list):
                    env["mail.activity"].with_context(mail_activity_quick_update=True).create(batch)
                    env.flush_all()
                for level, level_ids in levels.items():
                    for batch in split_every(BATCH, level_ids, list):
                        clocks.browse(batch).write({"escalation_level": level})
                        env.flush_all()
                acted["orm"] = _writes(env, ids)
                return ids

            return act

        def late(env):
            domain = [("state", "=", "open"), ("date_due", "<", date.today())]
            return env["vshu.deadline"].search(domain, order="id").ids

        def last(env):
            env.cr.execute("SELECT MAX(activity_id) FROM vshu_deadline")
            return env.cr.fetchone()[0]

        self.compare("nightly job: acting", job, orm, 2, user=None, times=min(TIMES, 2))
        self.rows[-1]["done"] = acted
        self.rows[-1]["note"] = "; ".join(
            f"{side}: {marked} marked, {told} told" for side, (marked, told) in acted.items()
        )


def is_nothing(result):
    """Tell whether what a measured call returned is empty: no row of a list, no record of a form, nothing found."""
    if isinstance(result, dict) and "records" in result:
        return not result["records"]
    return result is not None and result is not True and not isinstance(result, float) and not result


def _writes(env, ids):
    env.cr.execute(
        """SELECT COUNT(*) FILTER (WHERE state = 'overdue'), SUM(escalation_level)
           FROM vshu_deadline WHERE id = ANY(%s)""",
        (ids,),
    )
    return env.cr.fetchone()


def one_statement(limits, reasons, today, more):
    """Return one SQL statement, with its parameters, that finds all that the nightly job has to act on."""
    parts = [
        ("SELECT 1, id FROM vshu_deadline WHERE state = 'open' AND date_due < %s", [today]),
        (
            "SELECT 2, id FROM vshu_deadline WHERE state IN ('open', 'overdue') AND date_due < %s"
            " AND escalation_level < 2",
            [today],
        ),
        (
            "SELECT 3, id FROM vshu_case WHERE state IN ('active', 'removal_proposed') AND date_end < %s"
            " AND term_status IS DISTINCT FROM 'over'",
            [today],
        ),
        (
            "SELECT DISTINCT 4, d.case_id FROM vshu_document d JOIN vshu_case c ON c.id = d.case_id"
            " WHERE d.state = 'due' AND d.date_due < %s AND c.state IN ('active', 'removal_proposed')",
            [today],
        ),
    ]
    for rule in limits:
        limit = today + timedelta(days=rule.expiring_days)
        parts.append(
            (
                "SELECT 5, id FROM vshu_case WHERE state IN ('active', 'removal_proposed') AND regulation_id = %s"
                " AND kind = %s AND term_status = 'running'"
                " AND (date_end <= %s OR date_end IS NULL AND review_date <= %s)",
                [rule.regulation_id.id, rule.kind, limit, limit],
            )
        )
    for reason in reasons:
        if reason.trigger == "age":
            born, parameters = "p.vshu_birth_date <= %s", [_years_before(today, reason.age_years)]
        else:
            born = (
                "EXISTS (SELECT FROM vshu_enrollment e WHERE e.student_id = c.student_id AND e.end_reason_id = ANY(%s)"
                " AND e.date_to < %s)"
            )
            parameters = [reason.end_reason_ids.ids, today]
        parts.append(
            (
                "SELECT 6, c.id FROM vshu_case c JOIN res_partner p ON p.id = c.student_id"
                " LEFT JOIN vshu_ground g ON g.id = c.ground_id"
                " WHERE c.state IN ('active', 'removal_proposed') AND c.regulation_id = %s AND c.kind = %s"
                f" AND (%s OR g.category_id = ANY(%s)) AND {born}",
                [
                    reason.regulation_id.id,
                    reason.kind,
                    not reason.category_ids,
                    reason.category_ids.ids,
                    *parameters,
                ],
            )
        )
    parts += more
    return " UNION ALL ".join(part for part, _values in parts), [value for _part, values in parts for value in values]


def _years_before(day, years):
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
