"""A generated school: 100,000 students, 20,000 cases, 200,000 clocks, and as many tasks of Odoo's own project app.

Staff, school form and classes are made by the ORM, the mass by INSERT … SELECT. Deterministic, relative to today.
"""

# ruff: noqa: E501 - the statements are laid out by their columns
from datetime import date, timedelta

from plans import generate_plans

STUDENTS, CASES, CLOCKS_A_CASE, LATE = 100_000, 20_000, 10, 2_000
KEEPER = "bench_keeper"
#: raise it when what is generated changes: the database is made anew
VERSION = 2

#: states of cases by their number modulo 100
CASE_STATE = """
CASE WHEN i % 100 < 40 THEN 'closed' WHEN i % 100 < 75 THEN 'active' WHEN i % 100 < 80 THEN 'removal_proposed'
     WHEN i % 100 < 86 THEN 'submitted' WHEN i % 100 < 92 THEN 'draft' WHEN i % 100 < 95 THEN 'watched'
     WHEN i % 100 < 98 THEN 'declined' ELSE 'annulled' END
"""


def generate(env, scale):
    """Fill an empty database; ``scale`` shrinks it (0.01: a hundredth)."""
    sizes = {
        "students": max(int(STUDENTS * scale), 500),
        "cases": max(int(CASES * scale), 100),
        "late": max(int(LATE * scale), 10),
    }
    place = _people(env)
    env.flush_all()
    cr = env.cr
    parameters = {**place, **sizes, "today": date.today(), "clocks": CLOCKS_A_CASE}
    for statement in (*_STUDENTS, *_CASES, *_TASKS):
        cr.execute(statement, parameters)
    generate_plans(env, scale, place)
    cr.commit()
    env.invalidate_all()
    _analyze(cr)


def _people(env):
    """Make the school form, its people, a hundred users, this year and its classes, a project with its stages."""
    company = env.company
    company.write({"name": "Bench school", "country_id": env.ref("base.ru").id})
    groups = {
        role: env.ref(f"vshu_registry.group_{role}").id
        for role in ("social_pedagogue", "deputy_head", "head", "psychologist", "class_teacher")
    }
    user_group, project_group = env.ref("base.group_user").id, env.ref("project.group_project_user").id
    logins = [KEEPER, "bench_deputy_head", "bench_head", "bench_psychologist"] + [f"bench_t{i}" for i in range(96)]
    roles = ["social_pedagogue", "deputy_head", "head", "psychologist"] + ["class_teacher"] * 96
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": login.replace("_", " "),
                    "login": login,
                    "lang": "en_US",
                    "tz": "Europe/Moscow",
                    "group_ids": [(6, 0, [user_group, project_group, groups[role]])],
                }
                for login, role in zip(logins, roles, strict=True)
            ]
        )
    )
    employees = env["hr.employee"].create([{"name": user.name, "user_id": user.id} for user in users])
    regulation = env.ref("vshu_registry.ru_regulation")
    env["vshu.school"].create(
        {
            "company_id": company.id,
            "regulation_id": regulation.id,
            "keeper_id": employees[0].id,
            "deputy_head_id": employees[1].id,
            "head_id": employees[2].id,
            "psychologist_id": employees[3].id,
            "tz": "Europe/Moscow",
        }
    )._load_holidays()
    today = date.today()
    years = env["vshu.school.year"].create(
        [
            {
                "company_id": company.id,
                "name": f"year {number}",
                "date_start": today - timedelta(days=100 + 365 * number),
                "date_end": today + timedelta(days=264 - 365 * number),
            }
            for number in range(5)
        ]
    )
    classes = env["vshu.class"].create(
        [
            {
                "year_id": years[0].id,
                "grade": number % 11 + 1,
                "letter": str(number // 11 + 1),
                "teacher_ids": [
                    (0, 0, {"employee_id": employees[4 + number % 96].id, "date_from": years[0].date_start})
                ],
            }
            for number in range(1100)
        ]
    )
    project = env["project.project"].create(
        [{"name": f"Project {number}", "privacy_visibility": "employees"} for number in range(20)]
    )
    stages = env["project.task.type"].create(
        [{"name": f"Stage {number}", "project_ids": [(6, 0, project.ids)]} for number in range(6)]
    )
    ground = env["vshu.ground"].search([("regulation_id", "=", regulation.id), ("code", "=like", "3.1.%")])
    return {
        "company": company.id,
        "regulation": regulation.id,
        "keeper": users[0].id,
        "users": users.ids,
        "employees": employees.ids,
        "years": years.ids,
        "classes": classes.ids,
        "grounds": ground.ids,
        "basis": env.ref("vshu_registry.ru_basis_4_2a_2").id,
        "kind": env.ref("vshu_registry.ru_kind_5_1_place").id,
        "form": env.ref("vshu_registry.ru_form_commission_decree").id,
        "route": env["vshu.route"]
        ._matching(regulation, "register", env.ref("vshu_registry.ru_basis_4_2a_2"), ground[0].category_id)
        .ids[0],
        "reason": env["vshu.removal.reason"]._by_decision(regulation, "register", ground[0].category_id).ids[0],
        "types": env["vshu.document.type"].search([("regulation_id", "=", regulation.id)]).ids,
        "rules": env["vshu.deadline.rule"]
        .search([("regulation_id", "=", regulation.id), ("model", "=", "vshu.case")])
        .ids,
        "role": env.ref("vshu_registry.role_social_pedagogue").id,
        "activity_type": env.ref("vshu_registry.activity_type_deadline").id,
        "todo": env.ref("mail.mail_activity_data_todo").id,
        "case_model": env["ir.model"]._get_id("vshu.case"),
        "task_model": env["ir.model"]._get_id("project.task"),
        "projects": project.ids,
        "stages": stages.ids,
    }


def _analyze(cr):
    cr.commit()
    cr._cnx.autocommit = True
    try:
        cr.execute("VACUUM ANALYZE")
    finally:
        cr._cnx.autocommit = False


#: how the mass is made: ids of students, cases, … follow each other, so that a number gives an id
_STUDENTS = (
    """
    CREATE TEMP TABLE base ON COMMIT DROP AS
    SELECT (SELECT COALESCE(MAX(id), 0) FROM res_partner) AS partner,
           (SELECT COALESCE(MAX(id), 0) FROM vshu_case) AS kase,
           (SELECT COALESCE(MAX(id), 0) FROM vshu_decision) AS decision,
           (SELECT COALESCE(MAX(id), 0) FROM vshu_deadline) AS clock,
           (SELECT COALESCE(MAX(id), 0) FROM mail_activity) AS activity,
           (SELECT COALESCE(MAX(id), 0) FROM project_task) AS task
    """,
    """
    INSERT INTO res_partner (id, name, complete_name, active, type, lang, is_company, vshu_is_student, vshu_birth_date,
                             vshu_sex, vshu_file_number, create_uid, write_uid, create_date, write_date, color)
    SELECT b.partner + i, 'Pupil ' || i, 'Pupil ' || i, true, 'contact', 'en_US', false, true,
           %(today)s - 2600 - i %% 3600, CASE WHEN i %% 2 = 0 THEN 'male' ELSE 'female' END, 'F' || i, 1, 1, now(), now(), 0
    FROM base b, generate_series(1, %(students)s) i
    """,
    """
    INSERT INTO res_partner (id, name, complete_name, active, type, lang, is_company, phone, create_uid, write_uid,
                             create_date, write_date, color)
    SELECT b.partner + %(students)s + i, 'Parent ' || i, 'Parent ' || i, true, 'contact', 'en_US', false,
           '+7 900 ' || i, 1, 1, now(), now(), 0
    FROM base b, generate_series(1, %(students)s) i
    """,
    "SELECT setval('res_partner_id_seq', (SELECT MAX(id) FROM res_partner))",
    """
    INSERT INTO vshu_partner_company_rel (partner_id, company_id)
    SELECT b.partner + i, %(company)s FROM base b, generate_series(1, %(students)s) i
    """,
    """
    INSERT INTO vshu_enrollment (student_id, class_id, company_id, year_id, date_from, create_uid, write_uid, create_date,
                                 write_date)
    SELECT b.partner + i, (%(classes)s)[1 + i %% 1100], %(company)s, (%(years)s)[1], %(today)s - 90, 1, 1, now(), now()
    FROM base b, generate_series(1, %(students)s) i
    """,
    """
    INSERT INTO vshu_guardian (student_id, partner_id, kind, is_legal, may_receive_papers, create_uid, write_uid,
                               create_date, write_date)
    SELECT b.partner + i, b.partner + %(students)s + i, 'mother', true, true, 1, 1, now(), now()
    FROM base b, generate_series(1, %(students)s) i
    """,
)

_CASES = (
    f"""
    CREATE TEMP TABLE made ON COMMIT DROP AS
    SELECT i, b.kase + i AS id, b.partner + 1 + (i * 5 - 1) %% %(students)s AS student, {CASE_STATE.replace("%", "%%")} AS state,
           %(today)s - 20 - i %% 700 AS placed, (%(employees)s)[1 + i %% 100] AS curator,
           (%(grounds)s)[1 + i %% array_length(%(grounds)s, 1)] AS ground
    FROM base b, generate_series(1, %(cases)s) i
    """,
    """
    INSERT INTO vshu_case (id, name, company_id, regulation_id, kind, subject, student_id, ground_id, basis_id, intake_kind,
                           state, reason, measures_before, submitter_id, date_received, curator_id, repeated, consent,
                           create_uid, write_uid, create_date, write_date)
    SELECT id, 'B' || i, %(company)s, %(regulation)s, 'register', 'student', student, ground, %(basis)s, 'notice', state,
           repeat('Missed lessons, was rude. ', 12), repeat('Talks with the pupil and the parents. ', 8),
           (%(employees)s)[1 + i %% 4], placed - 5, curator, false, false, %(keeper)s, %(keeper)s, now(), now()
    FROM made
    """,
    """
    INSERT INTO vshu_decision (id, case_id, company_id, kind_id, effect, form_id, body, number, date, date_journal, text,
                               state, date_applied, applied_by_id, curator_id, create_uid, write_uid, create_date, write_date)
    SELECT b.decision + i, id, %(company)s, %(kind)s, 'place', %(form)s, 'outside', i::text, placed, placed,
           'Decided to place on the register.', 'done', placed, %(keeper)s, curator, %(keeper)s, %(keeper)s, now(), now()
    FROM made, base b WHERE state IN ('closed', 'active', 'removal_proposed', 'annulled')
    """,
    """
    UPDATE vshu_case c SET number = m.i, year_id = (%(years)s)[1 + m.i %% 2], date_placed = m.placed,
           date_entered = m.placed, date_decided = m.placed, route_id = %(route)s, placement_decision_id = b.decision + m.i,
           date_parents_informed = m.placed + 1, review_date = %(today)s + 10 + m.i %% 80,
           term_status = CASE WHEN m.state IN ('active', 'removal_proposed')
                              THEN CASE WHEN m.i %% 80 < 20 THEN 'expiring' ELSE 'running' END END,
           removal_reason_id = CASE WHEN m.state = 'closed' THEN %(reason)s END,
           date_removed = CASE WHEN m.state = 'closed' THEN m.placed + 15 END,
           date_closed = CASE WHEN m.state IN ('closed', 'annulled') THEN m.placed + 15 END
    FROM made m, base b WHERE c.id = m.id AND m.state IN ('closed', 'active', 'removal_proposed', 'annulled')
    """,
    """
    INSERT INTO vshu_case_term (case_id, company_id, kind, date_from, months, decision_id, create_uid, write_uid,
                                create_date, write_date)
    SELECT id, company_id, 'placement', date_placed, 0, placement_decision_id, 1, 1, now(), now()
    FROM vshu_case WHERE placement_decision_id IS NOT NULL
    """,
    """
    INSERT INTO vshu_journal_entry (case_id, company_id, year_id, number, kind, subject, date_entered, date_placed,
                                    subject_name, class_name, grade, ground, ground_id, guardians, curator, paper, state,
                                    term_status, date_removed, removal_reason_id, repeated, annulled, create_uid, write_uid,
                                    create_date, write_date)
    SELECT id, company_id, year_id, number, kind, subject, date_entered, date_placed, 'Pupil ' || number, '7 «1»', 7,
           'Ground', ground_id, 'Parent', 'Curator', 'Decree', state, term_status, date_removed, removal_reason_id, false,
           state = 'annulled', 1, 1, now(), now()
    FROM vshu_case WHERE number IS NOT NULL
    """,
    """
    INSERT INTO vshu_signal (name, company_id, regulation_id, basis_id, student_id, author_id, ground_id, case_id, intake_kind,
                             kind, subject, state, date_received, date_registered, paper_number, paper_date, description,
                             create_uid, write_uid, create_date, write_date)
    SELECT 'S' || i, %(company)s, %(regulation)s, %(basis)s, student, %(keeper)s, ground, id, 'notice', 'register', 'student',
           CASE WHEN state = 'draft' THEN 'in_work' ELSE 'resolved' END, placed - 5, placed - 5, i::text, placed - 6,
           repeat('A decree came in. ', 10), %(keeper)s, %(keeper)s, now(), now()
    FROM made
    """,
    """
    INSERT INTO vshu_document (case_id, company_id, type_id, need, state, date, on_paper, not_needed, sequence, create_uid,
                               write_uid, create_date, write_date)
    SELECT id, %(company)s, (%(types)s)[1 + (i + n) %% array_length(%(types)s, 1)], 'required',
           CASE WHEN n = 3 THEN 'missing' ELSE 'ready' END, CASE WHEN n < 3 THEN placed END, n < 3, false, n, 1, 1, now(), now()
    FROM made, generate_series(1, 3) n
    """,
    """
    INSERT INTO vshu_deadline (id, rule_id, clause, company_id, res_model, res_id, case_id, reference, event, met_event,
                               direction, "offset", unit, first_day, day_off, cycle, date_event, date_due, date_due_first,
                               date_met, met_by_id, state, role_id, user_id, escalation_level, create_uid, write_uid,
                               create_date, write_date)
    SELECT b.clock + (m.i - 1) * %(clocks)s + n, r.id, r.clause, %(company)s, 'vshu.case', m.id, m.id, '№ ' || m.i, r.event,
           r.met_event, r.direction, r."offset", r.unit, r.first_day, r.day_off, n,
           m.placed, d.due, d.due, CASE WHEN d.state = 'met' THEN d.due END, CASE WHEN d.state = 'met' THEN %(keeper)s END,
           d.state, r.role_id, (%(users)s)[1 + m.i %% 100], 0, 1, 1, now(), now()
    FROM base b, made m, generate_series(1, %(clocks)s) n
    JOIN LATERAL (SELECT (%(rules)s)[1 + n %% array_length(%(rules)s, 1)] AS rule) x ON true
    JOIN vshu_deadline_rule r ON r.id = x.rule
    JOIN LATERAL (SELECT CASE WHEN n = 1 AND m.i <= %(late)s THEN 'open' WHEN n = 1 OR m.state = 'active' AND n <= 3 THEN 'open'
                              ELSE 'met' END AS state,
                         CASE WHEN n = 1 AND m.i <= %(late)s THEN %(today)s - 20 - m.i %% 30
                              WHEN n <= 3 THEN %(today)s + 1 + (m.i * 7 + n) %% 300
                              ELSE m.placed + n END AS due) d ON true
    """,
    """
    INSERT INTO mail_activity (id, res_model_id, res_model, res_id, res_name, activity_type_id, user_id, date_deadline, summary,
                               active, automated, vshu_deadline_id, create_uid, write_uid, create_date, write_date)
    SELECT b.activity + row_number() OVER (ORDER BY d.id), %(case_model)s, 'vshu.case', d.res_id, d.reference,
           %(activity_type)s, d.user_id, d.date_due, d.clause, true, true, d.id, 1, 1, now(), now()
    FROM vshu_deadline d, base b WHERE d.state = 'open'
    """,
    "UPDATE vshu_deadline d SET activity_id = a.id FROM mail_activity a WHERE a.vshu_deadline_id = d.id",
    *(
        f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))"
        for table in ("vshu_case", "vshu_decision", "vshu_deadline", "mail_activity")
    ),
)

#: as many tasks as cases, a contact each, two people on each, as many open activities a row as a case has
_TASKS = (
    """
    INSERT INTO project_task (id, name, active, sequence, priority, state, project_id, stage_id, partner_id, company_id,
                              display_in_project, date_deadline, description, create_uid, write_uid, create_date, write_date,
                              date_last_stage_update)
    SELECT b.task + i, 'Task ' || i, true, 10, '0',
           CASE WHEN i %% 100 < 40 THEN '1_done' ELSE '01_in_progress' END, (%(projects)s)[1 + i %% 20],
           (%(stages)s)[1 + i %% 6], b.partner + 1 + (i * 5 - 1) %% %(students)s, %(company)s, true,
           %(today)s - 20 + (i * 7) %% 300, repeat('<p>What is to be done.</p>', 12), %(keeper)s, %(keeper)s, now(), now(), now()
    FROM base b, generate_series(1, %(cases)s) i
    """,
    """
    INSERT INTO project_task_user_rel (task_id, user_id)
    SELECT b.task + i, (%(users)s)[1 + (i + n * 50) %% 100] FROM base b, generate_series(1, %(cases)s) i, generate_series(0, 1) n
    """,
    """
    INSERT INTO mail_activity (res_model_id, res_model, res_id, res_name, activity_type_id, user_id, date_deadline, summary,
                               active, automated, create_uid, write_uid, create_date, write_date)
    SELECT %(task_model)s, 'project.task', b.task + a.res_id - b.kase, 'Task', %(todo)s, a.user_id, a.date_deadline, a.summary,
           true, true, 1, 1, now(), now()
    FROM mail_activity a, base b WHERE a.res_model = 'vshu.case' AND a.vshu_deadline_id IS NOT NULL
    """,
    "SELECT setval('project_task_id_seq', (SELECT MAX(id) FROM project_task))",
    "SELECT setval('mail_activity_id_seq', (SELECT MAX(id) FROM mail_activity))",
)
