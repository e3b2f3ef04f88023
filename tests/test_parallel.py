"""Eight people at once: numbers of the journal have no gap, and a child gets one open case."""

import base64
import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from rpc import Client, RemoteError
from vshudev import logs, system

PEOPLE = 8
LOGIN = "keeper"
PASSWORD = "keeper of the parallel test"
READY = "the number is taken"
#: “there is an open case of this kind already”, “has been carried out already”: the log names the place, not the words
REFUSAL = re.compile(r"WARNING \S+ odoo\.http: UserError at vshu_registry/models/case/vshu_(case_guards|decision)\.py")

SCHOOL = f"""
from datetime import date, timedelta
from odoo.fields import Command
today = date.today()
company = env.company
company.country_id = env.ref('base.ru')
user = env['res.users'].create({{
    'name': 'Keeper', 'login': {LOGIN!r}, 'password': {PASSWORD!r}, 'lang': 'en_US', 'tz': 'UTC',
    'group_ids': [Command.set([env.ref('base.group_user').id, env.ref('vshu_registry.group_social_pedagogue').id])],
}})
keeper = env['hr.employee'].create({{'name': 'Keeper', 'user_id': user.id}})
env['vshu.school'].create({{
    'company_id': company.id, 'regulation_id': env.ref('vshu_registry.ru_regulation').id, 'tz': 'UTC',
    'head_id': keeper.id, 'deputy_head_id': keeper.id, 'keeper_id': keeper.id, 'psychologist_id': keeper.id,
}})
year = env['vshu.school.year'].create({{
    'company_id': company.id, 'name': 'This year',
    'date_start': today - timedelta(days=200), 'date_end': today + timedelta(days=150),
}})
school_class = env['vshu.class'].create({{'year_id': year.id, 'grade': 7, 'letter': 'A'}})
students = env['res.partner'].create([
    {{'name': f'Student {{number}}', 'vshu_is_student': True, 'vshu_birth_date': '2012-05-20'}}
    for number in range({PEOPLE} + 1)
])
env['vshu.enrollment'].create([
    {{'student_id': student.id, 'class_id': school_class.id, 'date_from': year.date_start}} for student in students
])
mine = env(user=user)
decisions = mine['vshu.decision']
for student in students[:{PEOPLE}]:
    signal = mine['vshu.signal'].create({{
        'intake_kind': 'notice', 'student_id': student.id, 'description': 'A decree came in.',
        'basis_id': env.ref('vshu_registry.ru_basis_4_2a_2').id,
        'ground_id': env.ref('vshu_registry.ru_ground_3_1_1').id,
        'form_id': env.ref('vshu_registry.ru_form_commission_decree').id,
        'paper_number': '7', 'paper_date': today, 'date_registered': today,
    }})
    context = signal.action_enter()['context']
    decisions += mine['vshu.decision'].create({{
        'case_id': context['default_case_id'], 'kind_id': env.ref('vshu_registry.ru_kind_5_1_place').id,
        'form_id': env.ref('vshu_registry.ru_form_commission_decree').id,
        'number': '7', 'date': today, 'date_journal': today, 'curator_id': keeper.id,
    }})
env.cr.commit()
"""

#: takes a number, waits until a line comes, and takes all back
ROLLED_BACK = f"""
decision = env['vshu.decision'].with_user(env['res.users'].search([('login', '=', {LOGIN!r})])).browse({{id}})
decision.action_apply()
env.flush_all()
assert decision.sudo().case_id.number
print({READY!r}, flush=True)
import time, pathlib
while not pathlib.Path({{signal!r}}).exists():
    time.sleep(0.05)
env.cr.rollback()
print('taken back', flush=True)
"""


#: takes stays of a paper register over: nobody else may give a number meanwhile; waits until a line comes
TAKEN_OVER = f"""
year = env['vshu.school.year'].search([])
env['vshu.case']._check_free_numbers([{{{{'company_id': env.company.id, 'year_id': year.id, 'number': 1}}}}])
print({READY!r}, flush=True)
import time, pathlib
while not pathlib.Path({{signal!r}}).exists():
    time.sleep(0.05)
env.cr.commit()
print('taken over', flush=True)
"""


@pytest.fixture(scope="module")
def prepared(bench, installed):
    """The name of a database with a school: eight decisions to be carried out."""
    name = "pytest_parallel_school"
    logs = bench.settings.logs / "pytest"
    bench.copy(installed, name)
    bench.shell(name, SCHOOL, log=logs / "parallel-school.log")
    yield name
    bench.drop(name)


@pytest.fixture
def school(bench, prepared, database, log_of):
    """A served copy of the prepared database. Gives a function that logs one more person in."""
    bench.copy(prepared, database)
    port = system.free_port()
    log = log_of("server")
    command = bench.command(f"--database={database}", f"--db-filter=^{database}$", f"--http-port={port}")
    with log.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(
            command, env=bench.server.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(server, address)

        def client():
            person = Client(address, database)
            person.log_in(LOGIN, PASSWORD)
            return person

        yield client
    finally:
        server.terminate()
        server.wait(timeout=60)
    # Odoo notes every refusal that a user reads as a warning; anything else, a serialization failure above all, is none
    unexpected = [entry for entry in logs.findings(log) if not REFUSAL.search(entry)]
    assert unexpected == []


def _wait_for(server, address):
    for _attempt in range(240):
        assert server.poll() is None, "Odoo does not start"
        try:
            with urllib.request.urlopen(f"{address}/web/login", timeout=120):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise AssertionError("Odoo does not answer")


def _at_once(calls):
    """Make all calls at the same moment, each in a thread; returns results and refusals."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait(timeout=60)
        try:
            return call()
        except RemoteError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def _numbers(bench, database):
    return [int(number) for (number,) in bench.server.sql("SELECT number FROM vshu_journal_entry ORDER BY 1", database)]


def test_numbers_have_no_gap(bench, database, school, tmp_path):
    """Eight registrations at once, one of them rolled back: seven consecutive numbers, nobody sees an error.

    The one that is rolled back holds the first number while the seven others ask for theirs: they wait.
    """
    people = [school() for _person in range(PEOPLE)]
    ids = people[0].call("vshu.decision", "search", [], order="id")
    assert len(ids) == PEOPLE
    go = tmp_path / "go"
    script = ROLLED_BACK.format(id=ids[0], signal=str(go))
    with _shell(bench, database, script) as loser:
        _wait_for_line(loser, READY)
        with ThreadPoolExecutor(1) as pool:
            others = pool.submit(
                _at_once,
                [
                    lambda person=person, id_=id_: person.call("vshu.decision", "action_apply", [id_])
                    for person, id_ in zip(people[1:], ids[1:], strict=True)
                ],
            )
            time.sleep(3)
            assert not others.done()
            assert _numbers(bench, database) == []
            go.touch()
            results = others.result(timeout=120)
        _wait_for_line(loser, "taken back")
        loser.wait(timeout=60)
    assert [result for result in results if isinstance(result, RemoteError)] == []
    assert _numbers(bench, database) == list(range(1, PEOPLE))
    # the one that was taken back gets the next number
    people[0].call("vshu.decision", "action_apply", [ids[0]])
    assert _numbers(bench, database) == list(range(1, PEOPLE + 1))


def test_eight_at_the_same_moment(bench, database, school):
    """Without anybody holding the lock first: eight consecutive numbers, one clock and one row each."""
    people = [school() for _person in range(PEOPLE)]
    ids = people[0].call("vshu.decision", "search", [], order="id")
    results = _at_once(
        [
            lambda person=person, id_=id_: person.call("vshu.decision", "action_apply", [id_])
            for person, id_ in zip(people, ids, strict=True)
        ]
    )
    assert [result for result in results if isinstance(result, RemoteError)] == []
    assert _numbers(bench, database) == list(range(1, PEOPLE + 1))
    doubled = "SELECT res_id FROM vshu_deadline GROUP BY res_model, res_id, rule_id HAVING count(*) > 1"
    clocks = bench.server.sql(doubled, database)
    assert clocks == []


def test_one_open_case(bench, database, school):
    """Eight people make a case for the same child at once: one case, seven are told of it."""
    people = [school() for _person in range(PEOPLE)]
    (student,) = people[0].call("res.partner", "search", [["name", "=", f"Student {PEOPLE}"]])
    results = _at_once(
        [lambda person=person: person.call("vshu.case", "create", [{"student_id": student}]) for person in people]
    )
    refusals = [result for result in results if isinstance(result, RemoteError)]
    assert len(refusals) == PEOPLE - 1, results
    for refusal in refusals:
        assert "open case of this kind already" in str(refusal)
    found = bench.server.sql(f"SELECT count(*) FROM vshu_case WHERE student_id = {student}", database)
    assert json.loads(found[0][0]) == 1


def test_journal_and_take_over(bench, database, school, tmp_path):
    """Who enters a case waits for who takes a paper register over: one key a number (people.md "two people at once on
    one record")."""
    person = school()
    ids = person.call("vshu.decision", "search", [], order="id")
    go = tmp_path / "go"
    with _shell(bench, database, TAKEN_OVER.format(signal=str(go))) as other:
        _wait_for_line(other, READY)
        with ThreadPoolExecutor(1) as pool:
            entered = pool.submit(person.call, "vshu.decision", "action_apply", [ids[0]])
            time.sleep(3)
            assert not entered.done()
            go.touch()
            entered.result(timeout=120)
        _wait_for_line(other, "taken over")
        other.wait(timeout=60)
    assert _numbers(bench, database) == [1]


def test_one_record(bench, database, school):
    """Eight people carry one decision out at once: one does, the others read in words that it is done
    (robustness.md 4)."""
    people = [school() for _person in range(PEOPLE)]
    ids = people[0].call("vshu.decision", "search", [], order="id")
    results = _at_once(
        [lambda person=person: person.call("vshu.decision", "action_apply", [ids[0]]) for person in people]
    )
    refusals = [str(result) for result in results if isinstance(result, RemoteError)]
    assert len(refusals) == PEOPLE - 1, results
    assert all("carried out already" in refusal for refusal in refusals), refusals
    assert _numbers(bench, database) == [1]


def test_one_list_in_two_imports(bench, database, school):
    """One list checked in two imports and confirmed at once brings each child once (robustness.md 2)."""
    people = [school(), school()]
    names = [f"Новиков {chr(0x410 + number)}лексей" for number in range(25)]
    rows = ["ФИО;Дата рождения;Класс", *(f"{name};{day + 1:02d}.05.2012;7 A" for day, name in enumerate(names))]
    content = base64.b64encode("\r\n".join(rows).encode()).decode()
    lists = []
    for person in people:
        (record,) = person.call("vshu.import", "create", [{"file": content, "file_name": "list.csv"}])
        person.call("vshu.import", "action_read", [record])
        lists.append(record)
    results = _at_once(
        [
            lambda person=person, id_=id_: person.call("vshu.import", "action_confirm", [id_])
            for person, id_ in zip(people, lists, strict=True)
        ]
    )
    refusals = [result for result in results if isinstance(result, RemoteError)]
    assert refusals == []
    found = bench.server.sql("SELECT name FROM res_partner WHERE name LIKE 'Новиков %'", database)
    assert Counter(name for (name,) in found) == Counter(names)


def _shell(bench, database, script):
    process = subprocess.Popen(
        bench.command(f"--database={database}", "--no-http", subcommand="shell"),
        env=bench.server.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    process.stdin.write(script)
    process.stdin.close()
    process.stdin = None
    return process


def _wait_for_line(process, text):
    for line in process.stdout:
        if text in line:
            return
    raise AssertionError(f"the shell ended without: {text}")
