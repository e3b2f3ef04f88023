"""Whatever a client sends, the answer is a message: never a traceback, never a raw error of the database.

Complete by construction: all models of the register from the registry, with all their fields and public methods.
"""

import base64
import itertools
import json
import math
from collections import Counter
from datetime import datetime, timedelta

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from odoo.addons.vshu_registry.models.mixins.vshu_value_mixin import _own_methods
from odoo.addons.vshu_registry.tests.common import slow

from .common import PlansCommon

ROLES = ("social_pedagogue", "deputy_head", "class_teacher", "psychologist", "head", "administrator")
LONG = "я" * 100_001
NULL, SURROGATE, HTML = "a\x00b", "\ud800", "<script>alert(1)</script><img src=x onerror=alert(1)>"
INTEGER = ("x", 2**31, -(2**31) - 1, 2**31 - 1, 1e308, 10**400, [1], {"a": 1}, NULL, "²", LONG)
FLOAT = ("x", 1e308, -1e308, math.inf, math.nan, 2**31 - 1, 10**400, [1], {"a": 1}, NULL)
DAY = ("0001-01-01", "9999-12-31", "1899-12-31", "2026-13-45", "x", 5, True, [1], {"a": 1}, "2026-10-14" + NULL, LONG)
TEXT = (NULL, SURROGATE, LONG, HTML, ["x"], {"a": 1}, {"en_US": NULL}, 5, 1e308)
ONE = (2**31 - 1, 2**31, 2**70, -1, "x", [1], [1, "x"], {"id": "x"}, {"a": 1}, 1.5, True, NULL)
MANY = (
    "x",
    5,
    {"a": 1},
    [[]],
    [[9, 9, 9]],
    [["x"]],
    [[0]],
    [[0, 0, 5]],
    [[0, 0, {"no such field": 1}]],
    [[1, 2**31 - 1, {}]],
    [[4, 2**70]],
    [[4, "x"]],
    [[6, 0, "x"]],
    [[6, 0, [NULL]]],
    [None],
)
#: type of a field → what is sent; a type that is not here fails, until somebody has thought of what it takes
BAD = {
    "binary": ("a", "not base64!", 5, [1], {"a": 1}, "я", NULL, LONG),
    "boolean": ("x", 2, [], [1], {"a": 1}, NULL),
    "char": TEXT,
    "date": DAY,
    "datetime": (*DAY, "9999-12-31 23:59:59", "2026-10-14 25:61:00"),
    "float": FLOAT,
    "html": TEXT,
    "integer": INTEGER,
    "json": ({"a": NULL}, [SURROGATE], NULL),
    "many2many": MANY,
    "many2one": ONE,
    "many2one_reference": ONE,
    "one2many": MANY,
    "reference": ("x", "x,1", "res.partner,x", 5, [1], NULL),
    "selection": ("unknown", 5, 1e308, [1], {"a": 1}, NULL, LONG),
    "text": TEXT,
}
#: ids that a caller may send along
IDS = ([2**70], [2**31 - 1], [-1], ["x"], [True], [0])
#: how many values a field is sent; no divisor of a number of values and ways
EACH = 5
#: ways of a value into a model
WAYS = ("create", "write", "onchange", "default")


class AnsweredError(Exception):
    """Takes back what a call has done."""


@tagged("post_install", "-at_install")
@freeze_time("2026-10-14 06:00:00")
class TestBadValues(PlansCommon):
    """robustness.md 7: legitimate users of every role, all models, dialogs too."""

    def setUp(self):
        super().setUp()
        self.case = self.active_case(self.kz, student=self.kz.student)
        self.plan(self.kz, self.case)
        self.signal(self.kz, "class_teacher")
        self.draft(self.kz, self.active_case(self.kz))
        self.wrong, self.calls, self.answered = [], Counter(), 0

    def ours(self):
        """Return the names of the models of the register that hold records, dialogs too."""
        return [name for name in sorted(self.env.registry) if name.startswith("vshu.") and not self.env[name]._abstract]

    def role(self, name, operation):
        """Return a user of the school who may do ``operation`` on the model; each model has one, in turn another."""
        able = [
            role
            for role in ROLES
            if self.env["ir.model.access"].with_user(self.kz.users[role]).check(name, operation, raise_exception=False)
        ]
        number = sum(self.calls.values())
        return self.kz.users[able[number % len(able)] if able else "administrator"]

    def call(self, what, user, name, method, args, context=None):
        """Call as RPC does, take back what it did, and note an answer that is no message."""
        model = self.env[name].with_user(user)
        context = {"allowed_company_ids": self.kz.company.ids, "lang": "en_US", **(context or {})}
        self.calls[method] += 1
        try:
            with self.cr.savepoint():
                call_kw(model, method, list(args), {"context": context})
                self.env.flush_all()
                raise AnsweredError
        except (AnsweredError, UserError, IntegrityError):
            # Odoo itself puts a broken constraint into words (odoo.service.model.retrying)
            self.answered += 1
        except Exception as error:
            text = " ".join(str(error).split())[:160]
            self.wrong.append(f"{name}.{method} {what}: {type(error).__name__}: {text}")
        finally:
            self.env.invalidate_all()

    def report(self):
        kinds = "\n".join(self.wrong[:60])
        self.assertEqual(self.answered + len(self.wrong), sum(self.calls.values()))
        self.assertFalse(self.wrong, f"{len(self.wrong)} of {sum(self.calls.values())} calls\n{kinds}")

    @slow
    def test_fields(self):
        """Every field that a user may send, bad values for it in turn, by create, write, onchange and defaults: each
        field some, the fields of a type together all values by all ways."""
        records, sent = {}, set()
        turns = {kind: itertools.cycle(itertools.product(values, WAYS)) for kind, values in BAD.items()}
        with mute_logger("odoo.sql_db", "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.orm.models"):
            for name in self.ours():
                model = self.env[name]
                records[name] = model.search([], limit=1, order="id desc").ids if not model._transient else []
                for field in model._fields.values():
                    if field.name in ("id", "create_uid", "create_date", "write_uid", "write_date"):
                        continue
                    if field.compute and field.readonly and not field.inverse:
                        continue  # TestRelatedFields, test_computed
                    self.assertIn(field.type, BAD, f"{name}.{field.name}: what does a field of this type take?")
                    for value, way in itertools.islice(turns[field.type], EACH):
                        self.send(name, records[name], field.name, value, way)
                        sent.add((field.type, str(value)[:50], way))
        self.assertGreater(sum(self.calls.values()), 3000)
        common = ("char", "text", "date", "integer", "many2one", "one2many", "many2many", "selection", "boolean")
        missing = {(kind, str(value)[:50], way) for kind in common for value in BAD[kind] for way in WAYS} - sent
        self.assertFalse(missing)
        self.report()

    def send(self, name, ids, field, value, way):
        shown = f"{field}={str(value)[:30]!r}"
        if way == "write" and ids:
            self.call(shown, self.role(name, "write"), name, "write", [ids, {field: value}])
        elif way == "onchange":
            spec = {field: {}}
            self.call(shown, self.role(name, "create"), name, "onchange", [[], {field: value}, [field], spec])
        elif way == "default":
            context = {f"default_{field}": value}
            self.call(shown, self.role(name, "create"), name, "default_get", [[field]], context)
        else:
            self.call(shown, self.role(name, "create"), name, "create", [[{field: value}]])

    def test_lone_values(self):
        """One good value on an empty form, all else still to be filled in: the form answers."""
        quiet = ("odoo.sql_db", "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.orm.models")
        with mute_logger(*quiet):
            for name in self.ours():
                model = self.env[name]
                user = self.role(name, "create")
                spec = {field: {} for field in model._fields}
                for field in model._fields.values():
                    good = self.good(model, field)
                    if good and not field.readonly:
                        vals = {field.name: good}
                        self.call(f"{vals}", user, name, "onchange", [[], dict(vals), [field.name], spec])
        self.assertGreater(sum(self.calls.values()), 500)
        self.report()

    def good(self, model, field):
        """Return a value that a field takes; nothing for what is a detail of Odoo's."""
        if not (field._module or "").startswith("vshu_"):
            return None
        if field.type in ("many2one", "many2many", "one2many"):
            found = self.env[field.comodel_name].search([], limit=1, order="id desc").id
            return found if field.type == "many2one" or not found else [[4, found]]
        if field.type == "selection":
            return next(iter(field.get_values(self.env)), None)
        return {
            "boolean": True,
            "char": "x",
            "date": "2026-10-14",
            "datetime": "2026-10-14 06:00:00",
            "float": 1.5,
            "html": "<p>x</p>",
            "integer": 1,
            "text": "x",
        }.get(field.type)

    def test_shapes(self):
        """Values that are none, unknown fields, ids that are none, for every model and public method."""
        with mute_logger("odoo.sql_db", "odoo.models", "odoo.addons.base.models.ir_rule", "odoo.orm.models"):
            for name in self.ours():
                user = self.role(name, "write")
                for vals in (None, 5, "x", [], [[]], {"no such field": 1}, {5: 5}, {NULL: NULL}):
                    self.call(f"{vals!r}", user, name, "create", [[vals]])
                    self.call(f"{vals!r}", user, name, "write", [[1], vals])
                for values, names, spec in ((5, [], {}), ({}, 5, {}), ({}, ["x"], {"x": 5}), ({}, [], 5)):
                    self.call("shape", user, name, "onchange", [[], values, names, spec])
                for given in (5, "x", [5], [["x"]]):
                    self.call(f"{given!r}", user, name, "default_get", [given])
                for method in sorted(_own_methods(type(self.env[name]))):
                    if method in ("create", "onchange", "default_get", "message_post"):
                        continue
                    args = [{}] if method == "write" else []
                    if getattr(getattr(type(self.env[name]), method), "_api_model", False):
                        self.call("", user, name, method, args)
                        continue
                    for ids in IDS:
                        self.call(f"{ids}", user, name, method, [ids, *args])
        self.assertGreater(sum(self.calls.values()), 1000)
        self.report()

    def test_computed(self):
        """What the system computes is refused, whatever is sent for it."""
        with mute_logger("odoo.sql_db", "odoo.models"):
            for name in self.ours():
                for field in self.env[name]._fields.values():
                    if field.compute and field.readonly and not field.inverse and field.type in BAD:
                        value = BAD[field.type][sum(self.calls.values()) % len(BAD[field.type])]
                        self.send(name, [], field.name, value, "create")
        self.report()

    def test_dialogs(self):
        """Dialogs with far dates and huge numbers, where they are opened, confirmed: a message."""
        with mute_logger("odoo.sql_db", "odoo.models", "odoo.orm.models"):
            for name in self.ours():
                model = self.env[name]
                if not model._transient:
                    continue
                for method in sorted(_own_methods(type(model))):
                    if not method.startswith("action_"):
                        continue
                    user = self.role(name, "create")
                    for day in ("1900-01-01", "2100-12-31"):
                        vals = {f.name: day for f in model._fields.values() if f.type == "date" and not f.readonly}
                        self.dialog(name, user, vals, method)
                    self.dialog(name, user, {}, method)
        self.report()

    def dialog(self, name, user, vals, method):
        dialog = self.env[name].with_user(user).with_context(allowed_company_ids=self.kz.company.ids)
        if "case_id" in dialog._fields:
            vals = {**vals, "case_id": self.case.id}
        try:
            with self.cr.savepoint():
                made = dialog.create(vals)
                self.call(f"{vals}", user, name, method, [made.ids])
                raise AnsweredError
        except (AnsweredError, UserError, IntegrityError):
            self.env.invalidate_all()

    def test_bounds(self):
        """What a screen lets through lies within what can be computed with: the bounds themselves are taken or refused
        in words, and nothing overflows."""
        meeting = self.env["vshu.meeting"]
        keeper = self.kz.users["social_pedagogue"]
        with mute_logger("odoo.sql_db"):
            for day in ("1900-01-01 00:00:00", "2100-12-31 23:00:00", "9999-12-31 23:00:00", "0001-01-01 00:00:00"):
                for duration in (0.5, 24, 1e308, 25, -24):
                    vals = {"date": day, "duration": duration, "place": "каб. 1"}
                    self.call(f"{vals}", keeper, meeting._name, "create", [[vals]])
            for months in (2**31 - 1, 1200, -1200, 1201):
                kind = self.ref("kz_kind_16_extend").id
                vals = {"case_id": self.case.id, "kind_id": kind, "months": months}
                self.call(f"{vals}", keeper, "vshu.decision", "create", [[vals]])
                spec = {name: {} for name in ("months", "date_end", "kind_id", "case_id")}
                self.call(f"{vals}", keeper, "vshu.decision", "onchange", [[], vals, ["months"], spec])
            for day in ("0001-01-01", "9999-12-31", "1900-01-01", "2100-12-31"):
                vals = {
                    "case_id": self.case.id,
                    "name": "x",
                    "employee_id": self.kz.employees["class_teacher"].id,
                    "date_assigned": day,
                    "date_due": day,
                    "company_id": self.kz.company.id,
                }
                self.call(f"{vals}", keeper, "vshu.assignment", "create", [[vals]])
        self.report()

    def test_message(self):
        """The message names the field in the user's language and says what to enter."""
        self.env["res.lang"]._activate_lang("ru_RU")
        keeper = self.kz.users["social_pedagogue"]
        case = self.case.with_user(keeper).with_context(lang="ru_RU", allowed_company_ids=self.kz.company.ids)
        with self.refused(UserError, "1900"):
            case.write({"date_reviewed": "0001-01-01"})
        try:
            with self.cr.savepoint():
                case.write({"date_reviewed": "9999-12-31"})
        except UserError as error:
            label = case._fields["date_reviewed"]._description_string(case.env)
            self.assertIn(label, str(error))
            self.assertRegex(str(error), "[а-я]")

    def test_foreign_models(self):
        """The register's own fields of Odoo's models are looked at too."""
        fields = [f for f in self.env["res.partner"]._fields.values() if f.name.startswith("vshu_") and not f.readonly]
        self.assertGreater(len(fields), 5)
        user = self.role("res.partner", "write")
        with mute_logger("odoo.sql_db", "odoo.models", "odoo.orm.models"):
            for field in fields:
                for value in BAD[field.type]:
                    ids = self.kz.student.ids
                    self.call(
                        f"{field.name}={str(value)[:30]!r}", user, "res.partner", "write", [ids, {field.name: value}]
                    )
        self.report()

    def test_files(self):
        """Lists and packages that are none: a message at every step."""
        user = self.kz.users["administrator"]
        contents = (
            b"\x00" * 100,
            b"PK\x03\x04" + b"x" * 200,
            b"{}",
            b"[]",
            b'{"a": 1e999}',
            b"\xff\xfe\x00",
            b"a;b\n\x00;2",
        )
        for name in ("vshu.import", "vshu.transfer.import"):
            methods = [m for m in sorted(_own_methods(type(self.env[name]))) if m.startswith("action_")]
            for content, end in itertools.product(contents, ("xlsx", "csv", "json", "zip", "")):
                vals = {"file": base64.b64encode(content).decode(), "company_id": self.kz.company.id}
                vals |= {f: f"a.{end}" for f in ("file_name",) if f in self.env[name]._fields}
                for method in methods:
                    self.dialog(name, user, vals, method)
        self.assertGreater(sum(self.calls.values()), 100)
        self.report()


@tagged("post_install", "-at_install")
class TestBadValuesHttp(HttpCase, PlansCommon):
    """robustness.md 7, over /json/2."""

    def test_json(self):
        user = self.kz.users["social_pedagogue"]
        self.env["res.lang"]._activate_lang("ru_RU")
        key = self.env["res.users.apikeys"].with_user(user)._generate("rpc", "test", datetime.now() + timedelta(days=1))
        wrong = []
        for model, method, body in (
            ("vshu.signal", "create", {"vals_list": [{"date_received": "9999-12-31"}]}),
            ("vshu.signal", "create", {"vals_list": [{"student_id": 2**70}]}),
            ("vshu.signal", "create", {"vals_list": 5}),
            ("vshu.signal", "create", {"vals_list": [{"description": NULL}]}),
            ("vshu.signal", "write", {"ids": ["x"], "vals": {}}),
            ("vshu.signal", "write", {"ids": [2**70], "vals": {"description": "x"}}),
            ("vshu.signal", "onchange", {"values": {"date_received": 5}, "field_names": [], "fields_spec": {}}),
            ("vshu.case", "action_submit", {"ids": ["x"]}),
            ("vshu.case", "action_submit", {"ids": [2**70]}),
            ("vshu.survey", "create", {"vals_list": [{"area": 1e308}]}),
            ("vshu.meeting", "create", {"vals_list": [{"date": "9999-12-31 00:00:00", "duration": 1e308}]}),
        ):
            with mute_logger("odoo.http", "odoo.sql_db"):
                answer = self.url_open(
                    f"/json/2/{model}/{method}",
                    data=json.dumps({**body, "context": {"lang": "ru_RU"}}),
                    headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
                )
            if answer.status_code >= 500 or not answer.json().get("message"):
                wrong.append((model, method, answer.status_code, answer.text[:200]))
        self.assertFalse(wrong)
