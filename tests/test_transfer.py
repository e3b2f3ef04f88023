"""A pupil's record from one installation to another: two databases, one file, two codes, nothing else in common."""

import base64
import re
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from rpc import Client, RemoteError
from vshudev import logs, system

PASSWORD = "keeper of the hand-over test"
SCAN = b"%PDF-1.4\n" + bytes(range(256)) * 40

#: a school with a keeper; in the one that sends a pupil leaves, in the one that receives the same child is enrolled
SCHOOL = """
from datetime import date, timedelta
from odoo.fields import Command
from odoo.addons.vshu_registry.tools.guard import guarded
today = date.today()
company = env.company
company.write({{'name': {name!r}, 'country_id': env.ref('base.kz').id}})
user = env['res.users'].create({{
    'name': 'Keeper', 'login': 'keeper', 'password': {password!r}, 'lang': 'en_US', 'tz': 'UTC',
    'group_ids': [Command.set([env.ref('base.group_user').id, env.ref('vshu_registry.group_social_pedagogue').id])],
}})
keeper = env['hr.employee'].create({{'name': 'Keeper', 'user_id': user.id}})
env['vshu.school'].create({{
    'company_id': company.id, 'regulation_id': env.ref('vshu_registry.kz_regulation').id, 'tz': 'UTC',
    'head_id': keeper.id, 'deputy_head_id': keeper.id, 'keeper_id': keeper.id, 'psychologist_id': keeper.id,
}})
year = env['vshu.school.year'].create({{
    'company_id': company.id, 'name': 'This year',
    'date_start': today - timedelta(days=200), 'date_end': today + timedelta(days=150),
}})
school_class = env['vshu.class'].create({{'year_id': year.id, 'grade': 7, 'letter': {letter!r}}})
filler = env['res.partner'].create([{{'name': f'Other {{n}}'}} for n in range({shift})])
student = env['res.partner'].create(
    {{'name': 'Ахметов Арман', 'vshu_is_student': True, 'vshu_birth_date': '2012-05-20', 'vshu_sex': 'male'}}
)
env['vshu.enrollment'].create({{'student_id': student.id, 'class_id': school_class.id, 'date_from': year.date_start}})
if {sends}:
    case = guarded(env['vshu.case']).create({{
        'student_id': student.id, 'ground_id': env.ref('vshu_registry.kz_ground_18_5').id,
        'basis_id': env.ref('vshu_registry.kz_basis_4').id, 'regulation_id': env.ref('vshu_registry.kz_regulation').id,
        'reason': 'Двадцать пропусков за месяц.', 'measures_before': 'Беседы с отцом.', 'state': 'submitted',
        'date_received': today - timedelta(days=90),
    }})
    kind = env.ref('vshu_registry.kz_kind_4_place')
    env['vshu.decision'].create({{
        'case_id': case.id, 'kind_id': kind.id, 'form_id': kind.form_ids[0].id, 'number': '3', 'months': 4,
        'date': today - timedelta(days=80), 'curator_id': keeper.id,
    }}).action_apply()
    document = env['vshu.document'].create({{
        'case_id': case.id, 'date': today,
        'type_id': case.regulation_id.document_type_ids.filtered(lambda t: not t.sealed)[0].id,
    }})
    document.attachment_ids = env['ir.attachment'].create({{
        'name': 'Акт.pdf', 'raw': {scan!r}, 'res_model': document._name, 'res_id': document.id,
    }})
    env['vshu.assignment'].create({{
        'name': 'Посетить семью', 'company_id': company.id, 'case_id': case.id, 'employee_id': keeper.id,
        'date_assigned': today - timedelta(days=60), 'date_due': today, 'date_done': today, 'report': 'Посещена.',
    }})
    guarded(case)._close(env.ref('vshu_registry.kz_reason_19_3'), today)
    env['vshu.transfer'].search([]).receiver_id = env['res.partner'].create({{'name': 'B', 'is_company': True}})
env.cr.commit()
"""


@pytest.fixture
def schools(bench, installed, database, log_of):
    """Two served databases, each with a school: gives (sender, receiver), each a Client of its keeper."""
    other = f"{database}_b"[:63]
    bench.copy(installed, database)
    bench.copy(installed, other)
    for name, values in (
        (database, {"name": "Школа А", "letter": "А", "shift": 0, "sends": True}),
        (other, {"name": "Школа Б", "letter": "Б", "shift": 7, "sends": False}),
    ):
        script = SCHOOL.format(**values, password=PASSWORD, scan=SCAN)
        bench.shell(name, script, log=log_of(f"school-{values['shift']}"))
    port = system.free_port()
    log = log_of("server")
    command = bench.command(f"--db-filter=^({database}|{other})$", f"--http-port={port}")
    with log.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(
            command, env=bench.server.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(server, address)
        clients = []
        for name in (database, other):
            client = Client(address, name)
            client.log_in("keeper", PASSWORD)
            clients.append(client)
        yield clients
    finally:
        server.terminate()
        server.wait(timeout=60)
        bench.drop(other)
    # refusals of a code, of an altered file, of a record that is here: the log names the place, not the words
    refusal = re.compile(r"odoo\.http: (UserError|ValidationError) at vshu_transfer/(models|wizard)/\w*transfer\w*\.py")
    unexpected = [entry for entry in logs.findings(log) if not refusal.search(entry)]
    assert unexpected == []


def _wait_for(server, address):
    for _attempt in range(240):
        assert server.poll() is None, "Odoo does not start"
        try:
            with urllib.request.urlopen(f"{address}/web/health", timeout=120):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise AssertionError("Odoo does not answer")


def _take_in(school, content, code):
    """Read the file in as its user does; returns the id of the record."""
    vals = {"file": base64.b64encode(content).decode(), "code": code}
    (wizard,) = school.call("vshu.transfer.import", "create", [vals])
    school.call("vshu.transfer.import", "action_preview", [wizard])
    (shown,) = school.call("vshu.transfer.import", "read", [wizard], ["preview", "student_id"])
    assert "Двадцать пропусков за месяц." in shown["preview"]
    assert shown["student_id"][1] == "Ахметов Арман"
    assert school.call("vshu.transfer", "search_count", []) == 0
    return school.call("vshu.transfer.import", "action_confirm", [wizard])["res_id"]


def test_one_installation_to_another(schools):
    """The record arrives whole; altered, with a wrong code, or a second time it is refused; the receipt goes back."""
    sender, receiver = schools
    (sent,) = sender.call("vshu.transfer", "search", [])
    sender.call("vshu.transfer", "action_send", [sent])
    (out,) = sender.call("vshu.transfer", "read", [sent], ["state", "control_code", "content", "summary"])
    assert out["state"] == "sent"
    content = sender.download(sender.call("vshu.transfer", "action_download", [sent])["url"])
    altered = content[: len(content) // 2] + bytes([content[len(content) // 2] ^ 1]) + content[len(content) // 2 + 1 :]
    for file, code, words in (
        (altered, out["control_code"], "altered"),
        (content, "0000 0000 0000 0000 0000 0000", "control code"),
    ):
        with pytest.raises(RemoteError, match=words):
            _take_in(receiver, file, code)
    come = _take_in(receiver, content, out["control_code"])
    fields = ["state", "content", "summary", "sender_name", "student_id", "paper_ids"]
    (here,) = receiver.call("vshu.transfer", "read", [come], fields)
    assert here["content"].replace(" ", "") == out["content"].replace(" ", "")
    assert (here["state"], here["summary"], here["sender_name"]) == ("arrived", out["summary"], "Школа А")
    assert here["student_id"][1] == "Ахметов Арман"
    (paper,) = receiver.call("vshu.transfer.paper", "read", here["paper_ids"], ["name", "attachment_ids"])
    (file,) = receiver.call("ir.attachment", "read", paper["attachment_ids"], ["name", "mimetype"])
    assert (file["name"], file["mimetype"]) == ("Акт.pdf", "application/pdf")
    assert receiver.download(f"/web/content/{file['id']}?download=1") == SCAN
    with pytest.raises(RemoteError, match="here already"):
        vals = {"file": base64.b64encode(content).decode(), "code": out["control_code"]}
        (wizard,) = receiver.call("vshu.transfer.import", "create", [vals])
        receiver.call("vshu.transfer.import", "action_preview", [wizard])
    # a case of it, with the ground of the same regulation
    case = receiver.call("vshu.transfer", "action_open_case", [come])["res_id"]
    (opened,) = receiver.call("vshu.case", "read", [case], ["ground_id", "reason", "student_id", "state"])
    (ground,) = receiver.call("vshu.ground", "read", [opened["ground_id"][0]], ["code"])
    assert (ground["code"], opened["state"], opened["student_id"]) == ("18.5", "draft", here["student_id"])
    assert "Школа А" in opened["reason"]
    # and back
    receiver.call("vshu.transfer", "action_confirm_receipt", [come])
    (here,) = receiver.call("vshu.transfer", "read", [come], ["receipt_code"])
    for code, taken in (("0000 0000 0000", False), (here["receipt_code"], True)):
        vals = {"transfer_id": sent, "action": "receipt", "by": "code", "code": code}
        (dialog,) = sender.call("vshu.transfer.dialog", "create", [vals])
        if taken:
            sender.call("vshu.transfer.dialog", "action_confirm", [dialog])
        else:
            with pytest.raises(RemoteError, match="not the code"):
                sender.call("vshu.transfer.dialog", "action_confirm", [dialog])
    assert sender.call("vshu.transfer", "read", [sent], ["state"])[0]["state"] == "received"
    assert sender.call("vshu.case", "search_count", [["transfer_state", "=", "received"]]) == 1
