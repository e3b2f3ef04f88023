"""Plans: the night over 100,000 running measures, beside one SQL statement that finds the same and the same ORM writes."""

# ruff: noqa: E501 - the statements are laid out by their columns
import os
from datetime import date, timedelta

from odoo.tools import split_every

#: running measures, and those that are late and of which nobody has heard yet
RUNNING, LATE = 100_000, 2_000
#: the nightly job's own size of a batch
BATCH = 500
TIMES = int(os.environ.get("BENCH_TIMES") or 15)

#: a plan in force for every case on the register, as many occurrences each as make the wanted number
_PLANS = (
    """
    CREATE TEMP TABLE planned ON COMMIT DROP AS
    SELECT c.id, c.student_id, c.curator_id, row_number() OVER (ORDER BY c.id) AS i,
           (SELECT COALESCE(MAX(id), 0) FROM vshu_plan) AS plan, (SELECT COALESCE(MAX(id), 0) FROM vshu_plan_measure) AS measure
    FROM vshu_case c WHERE c.state IN ('active', 'removal_proposed')
    """,
    """
    INSERT INTO vshu_plan (id, case_id, company_id, root_id, state, version, lang, date_from, date_to, date_approved,
                           approved_by_id, create_uid, write_uid, create_date, write_date)
    SELECT plan + i, id, %(company)s, plan + i, 'in_force', 1, 'ru_RU', %(today)s - 60, %(today)s + 120, %(today)s - 60, 1, 1, 1,
           now(), now()
    FROM planned
    """,
    """
    INSERT INTO vshu_plan_measure (id, plan_id, case_id, company_id, type_id, section_id, sequence, name, employee_id, date_due,
                                   every, create_uid, write_uid, create_date, write_date)
    SELECT p.measure + p.i, p.plan + p.i, p.id, %(company)s, t.id, t.section_id, 10, 'Measure', p.curator_id, %(today)s - 30, 1, 1, 1,
           now(), now()
    FROM planned p JOIN LATERAL (SELECT (%(kinds)s)[1 + p.i %% array_length(%(kinds)s, 1)] AS kind) k ON true
    JOIN vshu_measure_type t ON t.id = k.kind
    """,
    """
    INSERT INTO vshu_plan_task (measure_id, plan_id, root_id, case_id, company_id, student_id, type_id, section_id, number, name,
                                employee_id, user_id, date_due, state, in_time, told, create_uid, write_uid, create_date, write_date)
    SELECT m.id, m.plan_id, m.plan_id, m.case_id, %(company)s, p.student_id, m.type_id, m.section_id, n, 'Measure', p.curator_id,
           e.user_id, CASE WHEN n = 1 AND p.i <= %(late_tasks)s THEN %(today)s - 1 - p.i::int %% 20 ELSE %(today)s + 1 + (p.i::int * 7 + n) %% 110 END,
           'open', false, 0, 1, 1, now(), now()
    FROM planned p JOIN vshu_plan_measure m ON m.id = p.measure + p.i JOIN hr_employee e ON e.id = p.curator_id,
         generate_series(1, GREATEST(1, %(tasks)s / (SELECT COUNT(*) FROM planned))::int) n
    """,
    *(
        f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))"
        for table in ("vshu_plan", "vshu_plan_measure")
    ),
)


def generate_plans(env, scale, place):
    """Fill the plans of the generated school; ``scale`` shrinks their number, ``place`` has its company."""
    parameters = {
        "company": place["company"],
        "today": date.today(),
        "kinds": env["vshu.measure.type"].search([("company_id", "=", False)]).ids,
        "tasks": max(int(RUNNING * scale), 100),
        "late_tasks": max(int(LATE * scale), 10),
    }
    for statement in _PLANS:
        env.cr.execute(statement, parameters)


def statements(env, today):
    """Return (statements, parameters) that find in SQL what the nightly steps of plans find."""
    parts = [
        (
            "SELECT 7, t.id FROM vshu_plan_task t JOIN vshu_plan p ON p.id = t.plan_id"
            " WHERE t.state = 'open' AND t.date_due < %s AND t.told = 0 AND p.state = 'in_force'",
            [today],
        )
    ]
    parts.append(
        ("SELECT 10, id FROM vshu_plan WHERE state = 'in_force' AND date_to < %s AND over_told IS NOT TRUE", [today])
    )
    for rule in env["vshu.plan.rule"].search([("matter", "=", "overdue")]):
        parts.append(
            (
                "SELECT 8, t.id FROM vshu_plan_task t JOIN vshu_plan p ON p.id = t.plan_id JOIN vshu_case c ON c.id = t.case_id"
                " WHERE t.state = 'open' AND t.date_due < %s AND t.told < 2 AND p.state = 'in_force' AND c.regulation_id = %s",
                [today - timedelta(days=rule.days), rule.regulation_id.id],
            )
        )
    for rule in env["vshu.plan.rule"].search([("matter", "=", "review"), ("months", ">", 0)]):
        _first, last = env["vshu.plan.review"]._period(rule.regulation_id, today)
        parts.append(
            (
                "SELECT 9, p.id FROM vshu_plan p JOIN vshu_case c ON c.id = p.case_id JOIN vshu_plan r ON r.id = p.root_id"
                " WHERE p.state = 'in_force' AND c.regulation_id = %s AND r.date_approved <= %s"
                " AND NOT EXISTS (SELECT FROM vshu_plan_review v WHERE v.case_id = p.case_id AND v.date_to = %s)",
                [rule.regulation_id.id, last, last],
            )
        )
    return parts


class PlansBench:
    """Measurements of plans, for :class:`measure.Bench`."""

    def plans_finding(self):
        """What the night finds among the running measures, beside one SQL statement that finds the same."""
        found = {}

        def job(env):
            def find():
                tasks = env["vshu.plan.task"]
                found["job"] = (
                    len(tasks._late_ids(1)) + len(tasks._late_ids(2)) + len(env["vshu.plan"]._unreviewed_ids())
                )
                return found["job"]

            return find

        def sql(env):
            parts = statements(env, date.today())
            text = " UNION ALL ".join(part for part, _values in parts)
            parameters = [value for _part, values in parts for value in values]

            def find():
                env.cr.execute(text, parameters)
                found["sql"] = len(env.cr.fetchall())
                return found["sql"]

            return find

        self.compare(f"measures: finding among {_count(self.registry):,}", job, sql, 3, user=None)
        self.rows[-1]["found"] = found
        self.rows[-1]["note"] = f"{found['job']} found by the job, {found['sql']} by SQL"

    def plans_acting(self):
        """Telling the curators of late measures, beside the same reminders and marks written by the ORM in batches."""
        acted = {}

        def job(env):
            ids = env["vshu.plan.task"]._late_ids(1)

            def act():
                for batch in split_every(BATCH, ids, list):
                    env["vshu.case"]._run_batch("_tell_curator", env["vshu.plan.task"].browse(batch), "_tell_curator")
                    env.flush_all()
                acted["job"] = _writes(env)
                return ids

            return act

        def orm(env):
            from odoo.addons.vshu_registry.tools.guard import guarded  # noqa: PLC0415 - the addons' path is known now

            ids = env["vshu.plan.task"]._late_ids(1)
            type_id = env.ref("vshu_plans.activity_type_late").id
            with env.cr.savepoint() as savepoint:
                for batch in split_every(BATCH, ids, list):
                    env["vshu.plan.task"].browse(batch)._tell_curator()
                env.flush_all()
                made = env["mail.activity"].search(
                    [("res_model", "=", "vshu.plan"), ("activity_type_id", "=", type_id)]
                )
                names = ("res_model_id", "res_id", "activity_type_id", "user_id", "date_deadline", "summary")
                values = made.read(names, load=None)
                savepoint.rollback()
            env.invalidate_all()
            for vals in values:
                del vals["id"]

            def act():
                tasks = guarded(env["vshu.plan.task"])
                for batch in split_every(BATCH, values, list):
                    # as the job does: names of the plans are read at once, not one by one
                    env["vshu.plan"].browse([vals["res_id"] for vals in batch]).mapped("display_name")
                    env["mail.activity"].with_context(mail_activity_quick_update=True).create(batch)
                    env.flush_all()
                for batch in split_every(BATCH, ids, list):
                    tasks.browse(batch).write({"told": 1})
                    env.flush_all()
                acted["orm"] = _writes(env)
                return ids

            return act

        self.compare("measures: telling of late ones", job, orm, 2, user=None, times=min(TIMES, 5))
        self.rows[-1]["done"] = acted
        self.rows[-1]["note"] = "; ".join(
            f"{side}: {told} told, {made} reminders" for side, (told, made) in acted.items()
        )


def _count(registry):
    with registry.cursor() as cr:
        cr.execute("SELECT COUNT(*) FROM vshu_plan_task WHERE state = 'open'")
        return cr.fetchone()[0]


def _writes(env):
    env.cr.execute(
        """SELECT (SELECT COUNT(*) FROM vshu_plan_task WHERE told = 1),
                  (SELECT COUNT(*) FROM mail_activity WHERE res_model = 'vshu.plan')"""
    )
    return env.cr.fetchone()
