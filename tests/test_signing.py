"""Two people sign at the same moment; the server dies in the middle of signing: all is done, once, or nothing."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from rpc import Client, RemoteError
from vshudev import logs, system

ITEMS = 25
PASSWORD = "password of the test"

#: a school with its council, and a meeting whose minutes wait for both signatures: ITEMS pupils are to be registered
SCHOOL = f"""
from datetime import date, timedelta
from odoo import fields
from odoo.fields import Command
from odoo.addons.vshu_registry.tools.guard import guarded
today = date.today()
company = env.company
company.country_id = env.ref('base.kz')
people = {{}}
for key, role in (('head', 'head'), ('deputy', 'deputy_head'), ('social', 'social_pedagogue'), ('a', 'subject_teacher'),
                  ('b', 'subject_teacher')):
    user = env['res.users'].create({{
        'name': key, 'login': key, 'password': {PASSWORD!r}, 'lang': 'en_US', 'tz': 'UTC',
        'group_ids': [Command.set([env.ref('base.group_user').id, env.ref('vshu_registry.group_' + role).id])],
    }})
    people[key] = env['hr.employee'].create({{'name': key, 'user_id': user.id, 'job_title': key}})
env['vshu.school'].create({{
    'company_id': company.id, 'regulation_id': env.ref('vshu_registry.kz_regulation').id, 'tz': 'UTC',
    'head_id': people['head'].id, 'deputy_head_id': people['deputy'].id, 'keeper_id': people['social'].id,
    'psychologist_id': people['a'].id,
}})
year = env['vshu.school.year'].create({{
    'company_id': company.id, 'name': 'This year',
    'date_start': today - timedelta(days=200), 'date_end': today + timedelta(days=150),
}})
school_class = env['vshu.class'].create({{'year_id': year.id, 'grade': 7, 'letter': 'A'}})
students = env['res.partner'].create([
    {{'name': f'Student {{number}}', 'vshu_is_student': True, 'vshu_birth_date': '2012-05-20'}}
    for number in range({ITEMS})
])
env['vshu.enrollment'].create([
    {{'student_id': student.id, 'class_id': school_class.id, 'date_from': year.date_start}} for student in students
])
council = env['vshu.council'].create({{
    'order_number': '1', 'order_date': today - timedelta(days=20), 'date_from': today - timedelta(days=20),
    'member_ids': [
        Command.create({{'employee_id': people[key].id, 'role': role}})
        for key, role in (
            ('head', 'chair'), ('deputy', 'deputy'), ('social', 'secretary'), ('a', 'member'), ('b', 'member'),
        )
    ],
}})
council.action_approve()
regulation = env.ref('vshu_registry.kz_regulation')
cases = env['vshu.case'].create([
    {{
        'student_id': student.id, 'ground_id': env.ref('vshu_registry.kz_ground_18_5').id,
        'basis_id': env.ref('vshu_registry.kz_basis_4').id, 'reason': 'Absent', 'curator_id': people['a'].id,
    }}
    for student in students
])
for case in cases:
    case.action_submit()
rules = guarded(env['vshu.meeting'].sudo()).env
meeting = env['vshu.meeting'].create({{
    'date': fields.Datetime.now() + timedelta(hours=1), 'place': 'room', 'decision_number': '1', 'decision_date': today,
}})
env['vshu.agenda.item'].search([('state', '=', 'waiting')]).write({{'meeting_id': meeting.id}})
# papers are late on the very day: the dialog asks why it is convened all the same
dialog = env['vshu.council.reason'].with_context(**meeting.action_convene()['context'])
dialog.create({{'reason': 'Urgent'}}).action_confirm()
guarded(meeting).write({{'date': fields.Datetime.now() - timedelta(minutes=1)}})
meeting.action_start()
meeting.action_all_present()
for item in meeting.item_ids:
    item._allow_without_papers('none yet')
    item.write({{
        'summary': 'heard', 'kind_id': env.ref('vshu_registry.kz_kind_4_place').id, 'decision_text': 'register',
        'months': 3, 'date_end': fields.Date.add(meeting.date_day, months=3), 'count_for': 5,
    }})
    item.action_decide()
meeting.action_close()
env.cr.commit()
"""

STATE = (
    "SELECT (SELECT state FROM vshu_minutes), (SELECT count(*) FROM vshu_case WHERE state = 'active'),"
    " (SELECT count(*) FROM vshu_journal_entry), (SELECT count(DISTINCT number) FROM vshu_journal_entry),"
    " (SELECT count(*) FROM vshu_decision WHERE state = 'done'), (SELECT count(*) FROM vshu_extract)"
)
NOTHING = ["draft", "0", "0", "0", "0", "0"]
ALL = ["signed", *[str(ITEMS)] * 5]
#: the session that has begun to write journal rows and has not committed
WRITING = (
    "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE c.relname = 'vshu_journal_entry'"
    " AND l.mode = 'RowExclusiveLock' AND l.granted"
)


class Server:
    """Odoo on a database, in a session of its own: it can be killed."""

    def __init__(self, bench, database, log):
        self.port = system.free_port()
        command = bench.command(f"--database={database}", f"--http-port={self.port}")
        with log.open("w") as output:
            self.process = subprocess.Popen(
                list(map(str, command)),
                env=bench.server.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.address = f"http://127.0.0.1:{self.port}"
        for _second in range(120):
            try:
                urllib.request.urlopen(f"{self.address}/web/health", timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)
        raise AssertionError("the server does not answer")

    def kill(self, number=signal.SIGKILL):
        os.killpg(self.process.pid, number)
        self.process.wait(60)


@pytest.fixture(scope="module")
def ready(bench, installed):
    """A database in which the minutes of a meeting wait for both signatures."""
    name = "pytest_signing"
    bench.copy(installed, name)
    folder = bench.settings.logs / "pytest"
    bench.shell(name, SCHOOL, log=folder / "signing-school.log")
    yield name
    bench.drop(name)


@pytest.fixture
def copied(bench, ready, request):
    """A copy of it for one test."""
    name = f"pytest_{request.node.name}"
    bench.copy(ready, name)
    yield name
    bench.drop(name)


def state(bench, database):
    """Return the state of the minutes and how many cases, rows, numbers, decisions and extracts there are."""
    return list(map(str, bench.server.sql(STATE, database)[0]))


def person(server, database, login):
    """Return a client that is logged in."""
    client = Client(server.address, database)
    client.log_in(login, PASSWORD)
    return client


def sign(client):
    """Sign the minutes; return the refusal, if there is one."""
    try:
        client.call("vshu.minutes", "action_sign", [1])
    except RemoteError as refusal:
        return str(refusal)
    return ""


def test_two_sign_at_once(bench, copied, log_of):
    """Chair and secretary press at the same moment, each of them twice: it acts once, nobody sees an error."""
    assert state(bench, copied) == NOTHING
    server = Server(bench, copied, log_of("server"))
    try:
        clients = [person(server, copied, login) for login in ("head", "social", "head", "social")]
        barrier = Barrier(len(clients))

        def press(client):
            barrier.wait()
            return sign(client)

        with ThreadPoolExecutor(len(clients)) as pool:
            refusals = list(pool.map(press, clients))
    finally:
        server.kill(signal.SIGTERM)
    assert state(bench, copied) == ALL
    # of the two presses of a person one is told that it has been done
    assert sorted(bool(refusal) for refusal in refusals) == [False, False, True, True]
    assert all("signed already" in refusal for refusal in refusals if refusal)
    # Odoo logs what it says to a user as a warning
    told = "odoo.http: UserError at vshu_council/models/minutes/vshu_minutes_signing.py"
    found = [entry for entry in logs.findings(log_of("server")) if told not in entry]
    assert not found, "\n".join(found)


def test_killed_in_the_middle(bench, copied, log_of):
    """The server dies while the decisions are carried out: after the restart nothing is done, and signing works."""
    server = Server(bench, copied, log_of("first"))
    assert sign(person(server, copied, "social")) == ""
    head = person(server, copied, "head")
    with ThreadPoolExecutor(1) as pool:
        signing = pool.submit(lambda: _broken(head))
        for _try in range(3000):
            if int(bench.server.sql(WRITING, copied)[0][0]):
                break
            time.sleep(0.01)
        else:
            server.kill()
            pytest.fail("signing never began to write")
        server.kill()
        assert signing.result(60), "the connection broke before an answer came"
    # the database takes back what was not committed as soon as it sees that the client is gone
    for _try in range(100):
        if state(bench, copied) == NOTHING and not int(bench.server.sql(WRITING, copied)[0][0]):
            break
        time.sleep(0.1)
    assert state(bench, copied) == NOTHING
    again = Server(bench, copied, log_of("second"))
    try:
        assert sign(person(again, copied, "head")) == ""
    finally:
        again.kill(signal.SIGTERM)
    assert state(bench, copied) == ALL


def _broken(client):
    """Sign; return True where the connection breaks."""
    try:
        sign(client)
    except (urllib.error.URLError, OSError):
        return True
    return False
