"""Links × roles × ways in, and dialogs × people, made from the registry: a new model or field is in it by itself."""

import inspect
from unittest.mock import patch

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.models import BaseModel
from odoo.service.model import get_public_method
from odoo.tools import SQL, mute_logger
from psycopg2 import Error as DatabaseError
from psycopg2 import IntegrityError

from odoo.addons.vshu_registry.tools.guard import guarded
from odoo.addons.vshu_registry.tools.link_values import is_confidential

from .access_common import SECRET, AccessCommon
from .common import REGISTER, ROLES, slow

#: what names no record, whatever the field
JUNK = (
    *("x", True, -1, 1.5, 2**40, {"id": "x"}, {"id": -1}),
    *(["x"], [[]], [[4]], [[6, 0, 5]], [[9, 1, 1]], [["x", 1]], [[0, 0, 5]]),
)
#: models whose records everybody of every school sees: what comes with the program
EVERYBODY = {
    "vshu.enrollment.end.reason",
    "vshu.measure.section",
    "vshu.role",
}


class LinksCommon(AccessCommon):
    """``cls.bag`` is the school whose records are linked to; people of both schools try.

    A subclass fills the school in ``setUpClass``, names its ``addon`` and inherits the tests.
    """

    #: the tests stand here and run in each subclass
    allow_inherited_tests_method = True
    addon = "vshu_registry"
    bag = None
    #: who tries: everybody of the school itself, the roles of the other one
    own_people = (*ROLES, "curator", "class_teacher_b", "plain")
    strangers = ("social_pedagogue", "head", "class_teacher", "subject_teacher", "administrator")
    #: links whose target nobody is kept from: (model, field)
    open_links = frozenset()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # looking up what a refusal says takes longer than the refusal; see test_refusal_names_nothing
        cls.make_access_error = staticmethod(cls.registry["ir.rule"]._make_access_error)
        cls.classPatch(cls.registry["ir.rule"], "_make_access_error", lambda *args: AccessError("refused by a rule"))

    # -- what there is -----------------------------------------------------------------------------------------------

    def own_models(self):
        """Return the names of the models with records that the addon brings."""
        return sorted(
            name
            for name, model in self.env.registry.items()
            if model._original_module in (REGISTER if self.addon in REGISTER else (self.addon,))
            and not model._abstract
            and name.startswith("vshu.")
        )

    def links(self):
        """Return {model: fields that may point at something confidential} of this addon, or at this addon's models."""
        own = set(self.own_models())
        found = {}
        for name in sorted(self.env.registry):
            model = self.env[name]
            if model._abstract or not name.startswith("vshu."):
                continue
            for field in model._fields.values():
                if not field.relational or not is_confidential(self.env, field.comodel_name, name):
                    continue
                others = self.addon != "vshu_registry" or not field.comodel_name.startswith("vshu.")
                if field.comodel_name in own or (name in own and others):
                    found.setdefault(name, []).append(field)
        return found

    def people(self):
        """Return [(school, who)] of those who try."""
        other = self.ru if self.bag is self.kz else self.kz
        return [*((self.bag, who) for who in self.own_people), *((other, who) for who in self.strangers)]

    def view(self, bag, who, model):
        """Return the model as ``who`` has it, without what the context of the tests adds."""
        user = bag.users[who]
        context = {"allowed_company_ids": user.company_ids.ids, "lang": "en_US"}
        return self.env(user=user.id, context=context)[model]

    def all_records(self, model):
        """Return the records of a model that are there to be linked to."""
        domain = []
        if model in ("ir.attachment", "mail.activity", "mail.followers"):
            domain = [("res_model", "=like", "vshu.%")]
        elif model == "mail.message":
            domain = [("model", "=like", "vshu.%")]
        elif model == "res.partner":
            domain = [("vshu_is_student", "=", True)]
        found = self.env[model].with_context(active_test=False).search(domain)
        if found or not model.startswith("vshu."):
            return found
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self.make_record(model)
        except (IntegrityError, UserError):
            return found  # test_links says where one is missing

    def unseen(self, view):
        """Return a record that is kept from the user, of the own school where there is one."""
        key = (view._name, view.env.uid)
        if key not in self.unseen_of:
            every = self.everything.setdefault(view._name, self.all_records(view._name))
            if view._name == "res.company":
                hidden = every - view.env.user.sudo().company_ids.with_env(self.env)
            elif view.has_access("read"):
                hidden = every - every.browse(
                    view.with_context(active_test=False).search([("id", "in", every.ids)]).ids
                )
            else:
                hidden = every
            mine = hidden
            if "company_id" in hidden._fields:
                mine = hidden.filtered(lambda record: record.company_id <= view.env.user.sudo().company_ids)
            self.unseen_of[key] = (mine or hidden)[:1]
        return self.unseen_of[key]

    def words_of(self, record):
        """Return what no refusal may say of a record."""
        words = {SECRET}
        if record._name == "vshu.regulation":
            return words  # a school's own version is called as the shipped one is
        record = record.sudo()
        for name in ("display_name", "name", "number", "subject_name"):
            value = name in record._fields and record[name]
            if isinstance(value, str) and len(value) > 3 and value != record._description:
                words.add(value)
        for name, field in record._fields.items():
            if field.type == "date" and field.store and record[name]:
                words |= {str(record[name]), record[name].strftime("%m/%d/%Y")}
        return words

    def full_specification(self, view, deep=True):
        """Return a specification of all fields that the user may read, one level of related ones too."""
        key = (view._name, view.env.uid, deep)
        if key in self.specifications:
            return self.specifications[key]
        result = self.specifications[key] = {}
        for name, field in view._fields.items():
            if not view._has_field_access(field, "read") or field.type in ("binary", "image", "properties"):
                continue
            result[name] = {}
            if field.relational and deep and field.comodel_name.startswith("vshu."):
                comodel = view.env[field.comodel_name]
                result[name] = {"fields": {"display_name": {}, **self.full_specification(comodel, deep=False)}}
            elif field.type == "many2one":
                result[name] = {"fields": {"display_name": {}}}
        return result

    # -- trying ------------------------------------------------------------------------------------------------------

    def setUp(self):
        super().setUp()
        self.unseen_of, self.everything, self.specifications, self.failures = {}, {}, {}, []

    def attempt(self, label, call, words=(), writes=False, kinds=AccessError, harmless=None):
        """Note a failure unless the call is refused in words that tell nothing.

        :param harmless: takes what the call returns and tells whether it has brought nothing in
        """
        try:
            if writes:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint() as savepoint:
                    result = call()
                    self.env.flush_all()
                    if harmless and harmless(result):
                        savepoint.rollback()
                        return
            else:
                call()
        except (AccessError, MissingError, UserError) as error:
            told = [word for word in words if word in str(error)]
            if told:
                self.failures.append(f"{label}: the refusal says {told}: {error}")
            elif not isinstance(error, kinds):
                self.failures.append(f"{label}: {type(error).__name__}: {error}")
        except IntegrityError as error:
            if not harmless:
                self.failures.append(f"{label}: {type(error).__name__}: {error}")
        except (DatabaseError, Exception) as error:  # noqa: BLE001 whatever else comes is a fault, and is listed
            self.failures.append(f"{label}: {type(error).__name__}: {error}")
        else:
            self.failures.append(f"{label}: went through")

    def conclude(self, what, count):
        """Fail where something was noted; ``count`` is how much was tried."""
        self.assertGreater(count, 20, f"{what}: hardly anything was tried")
        shown = "\n".join(self.failures[:60])
        self.assertFalse(self.failures, f"{len(self.failures)} of {count} {what}:\n{shown}")

    # -- the tests ---------------------------------------------------------------------------------------------------

    def test_links(self):
        """security.md 1, 2, 11: nobody learns of a record by linking to it, by any way in.

        Each link of each model to what is confidential × each of the people × values and defaults × ``onchange``,
        ``default_get``, ``create``, ``write``, with all fields asked for.
        """
        count, tried, wanted = 0, set(), set()
        for model, fields in self.links().items():
            wanted |= {(model, field.name) for field in fields if field.comodel_name not in EVERYBODY}
            makers = 0
            for bag, who in self.people():
                view = self.view(bag, who, model)
                if not view.has_access("create"):
                    self.attempt(f"{model} {who}: no right", lambda v=view: v.onchange({}, [], {"display_name": {}}))
                    continue
                makers += 1
                specification = self.full_specification(view)
                written = view.search([], limit=1)
                if written and not written.has_access("write"):
                    written = view.browse()
                for field in fields:
                    target = self.unseen(view.env[field.comodel_name])
                    if not target or not view._has_field_access(field, "write"):
                        continue
                    tried.add((model, field.name))
                    words = self.words_of(target)
                    label = f"{model}.{field.name} {bag.code} {who}"
                    for way, call, writes in self.ways(view, field, target.id, specification, written):
                        count += 1
                        if not writes:
                            self.attempt(f"{label}: {way}", call, words)
                            continue
                        # a default that is nobody's to give is left out, and something else may be missing then
                        self.attempt(
                            f"{label}: {way}",
                            call,
                            words,
                            True,
                            UserError,
                            lambda made, n=field.name, t=target: (
                                isinstance(made, BaseModel)
                                and t.id not in made.sudo().with_context(active_test=False)[n].ids
                            ),
                        )
            if not makers:
                wanted -= {(model, field.name) for field in fields}
        # Odoo's own records: as far as they are kept from anybody
        others = ("calendar.event", "mail.followers")
        wanted -= {(model, name) for model, name in wanted if self.env[model]._fields[name].comodel_name in others}
        self.assertEqual(wanted - tried - self.open_links, set(), "no record that is kept from anybody")
        self.conclude("links", count)

    def ways(self, view, field, target, specification, written):
        """Return [(name, call, whether it writes)] of the ways in which ``target`` gets into a field of ``view``."""
        name = field.name
        many = field.type != "many2one"
        value = [[6, 0, [target]]] if many else target
        forms = [[[4, target, 0]], [[1, target, {}]], [target]] if many else [{"id": target}]
        by_default = view.with_context(**{f"default_{name}": value})
        calls = [
            ("onchange", lambda: view.onchange({name: value}, [name], specification), False),
            ("form", lambda: view.onchange({name: value}, [], specification), False),
            ("default of a form", lambda: by_default.onchange({}, [], specification), False),
            ("default", lambda: by_default.default_get([name]), False),
            ("create", lambda: view.create({name: value}), True),
            ("create by default", lambda: by_default.create({}), True),
            *(
                (
                    "onchange in another form",
                    lambda form=form: view.onchange({name: form}, [name], specification),
                    False,
                )
                for form in forms
            ),
        ]
        if written and target not in written.sudo().with_context(active_test=False)[name].ids:
            calls += [
                ("write", lambda: written.write({name: value}), True),
                ("onchange of a record", lambda: written.onchange({name: value}, [name], {}), False),
            ]
        return calls

    def test_nested_links(self):
        """security.md 1, 11: the same through the lines of a form, and through defaults that only the lines take."""
        count = 0
        own = self.links()
        for bag, who in [person for person in self.people() if person[1] in ("class_teacher", "social_pedagogue")]:
            for model in self.own_models():
                view = self.view(bag, who, model)
                if not view.has_access("create"):
                    continue
                for field in view._fields.values():
                    if field.type != "one2many" or not view._has_field_access(field, "write"):
                        continue
                    for link in own.get(field.comodel_name, ()):
                        target = self.unseen(view.env[link.comodel_name])
                        if not target or link.type != "many2one":
                            continue
                        name, line = field.name, {link.name: target.id}
                        label = f"{model}.{name}.{link.name} {bag.code} {who}"
                        words = self.words_of(target)
                        spec = {name: {"fields": self.full_specification(view.env[field.comodel_name], deep=False)}}
                        self.attempt(
                            f"{label}: line",
                            lambda v=view, n=name, v_=line, s=spec: v.onchange({n: [[0, "virtual_1", v_]]}, [n], s),
                            words,
                        )
                        self.attempt(
                            f"{label}: default of lines",
                            lambda v=view, n=name, v_=line: v.with_context(
                                **{f"default_{n}": [[0, 0, v_]]}
                            ).default_get([n]),
                            words,
                        )
                        count += 2
        self.conclude("lines", count)

    def test_unseen_form(self):
        """security.md 1, 7: the form of an unseen record answers with an access error, whatever is asked."""
        count = 0
        for model in self.own_models():
            for bag, who in self.people():
                view = self.view(bag, who, model)
                target = self.unseen(view)
                if not target:
                    continue
                record = view.browse(target.id)
                words = self.words_of(target)
                specification = self.full_specification(view)
                for way, call in (
                    ("onchange", lambda r=record, s=specification: r.onchange({}, [], s)),
                    ("read", lambda r=record, s=specification: r.web_read(s)),
                ):
                    count += 1
                    self.attempt(f"{model} {bag.code} {who}: {way}", call, words)
        self.conclude("forms", count)

    def test_refusal_names_nothing(self):
        """security.md 7: Odoo's own refusal does not name the record either, in developer mode, which anybody has."""
        users = type(self.env["res.users"])
        has_group = users.has_group
        developer = patch.object(
            users, "has_group", lambda user, name: name == "base.group_no_one" or has_group(user, name)
        )
        count = 0
        for model in [*self.own_models(), "res.partner"]:
            for bag, who in self.people():
                view = self.view(bag, who, model)
                target = self.unseen(view)
                if target and view.has_access("read"):
                    words = self.words_of(target)
                    with developer:
                        error = self.make_access_error(view.env["ir.rule"], "read", view.browse(target.id))
                    count += 1
                    told = [word for word in words if word in str(error)]
                    if told:
                        self.failures.append(f"{model} {who}: {told}: {error}")
        self.conclude("refusals", count)

    def test_right_first(self):
        """security.md 7: who may not see a record hears that, and nothing of its state, number, dates: by ``write`` and
        by every action."""
        count = 0
        for model in self.own_models():
            methods = self.public_methods(model)
            for bag, who in self.people():
                view = self.view(bag, who, model)
                for target in self.unseen_of_each_state(view):
                    words = self.words_of(target)
                    record = view.browse(target.id)
                    label = f"{model} {bag.code} {who}"
                    for name in self.harmless(view):
                        count += 1
                        vals = {name: target[name]}
                        self.env.invalidate_all()
                        self.attempt(f"{label}: write {name}", lambda r=record, v=vals: r.write(v), words, True)
                    for method in methods:
                        count += 1
                        self.env.invalidate_all()
                        self.attempt(f"{label}: {method}", lambda r=record, m=method: getattr(r, m)(), words, True)
        self.conclude("writes and actions", count)

    def unseen_of_each_state(self, view):
        """Return records that are kept from the user, one of each state."""
        first = self.unseen(view)
        if not first or "state" not in view._fields:
            return first
        visible = set(view.search([]).ids) if view.has_access("read") else set()
        hidden = self.everything[view._name].filtered(
            lambda record: (
                record.id not in visible
                and ("company_id" not in record._fields or record.company_id == first.company_id)
            )
        )
        return first.union(*(records[:1] for records in hidden.grouped("state").values()))

    def harmless(self, view):
        """Return the names of two fields that a form could send."""
        plain = [
            name
            for name, field in view._fields.items()
            if field.type in ("char", "text", "date", "selection", "integer")
            and field.store
            and not field.readonly
            and not field.compute
            and name not in ("res_id", "res_model")
            and view._has_field_access(field, "write")
        ]
        return plain[:1] + plain[-1:] if len(plain) > 1 else plain

    def public_methods(self, name):
        """Return the names of the methods of ours that are called from outside without arguments, on records."""
        found = set()
        for base in self.env.registry[name].__mro__:
            if not base.__module__.startswith("odoo.addons.vshu_"):
                continue
            for method, function in vars(base).items():
                if method.startswith("_") or not inspect.isfunction(function) or method in ("copy", "message_post"):
                    continue
                parameters = list(inspect.signature(function).parameters.values())[1:]
                if any(p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters):
                    continue
                if getattr(function, "_api_model", False):
                    continue
                try:
                    get_public_method(self.env[name], method)
                except AccessError:
                    continue
                found.add(method)
        return sorted(found)

    def test_dialogs_are_their_openers(self):
        """security.md 2: a dialog belongs to who opened it: nobody else reads, finds, changes, uses or deletes it."""
        count = 0
        for model in self.own_models():
            if not self.env[model]._transient:
                continue
            self.assertFalse(self.env[model]._log_access is False, f"{model}: who opened it is not known")
            dialog = self.make_record(model)
            for bag, opener, others in (
                (self.bag, "head", ("deputy_head", "social_pedagogue", "class_teacher", "administrator", "plain")),
                (self.bag, "class_teacher", ("head", "class_teacher_b", "curator")),
            ):
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET create_uid = %s WHERE id = %s",
                        SQL.identifier(dialog._table),
                        bag.users[opener].id,
                        dialog.id,
                    )
                )
                self.env.invalidate_all()
                self.assertTrue(self.view(bag, opener, model).browse(dialog.id).has_access("read"), model)
                for who in others:
                    record = self.view(bag, who, model).browse(dialog.id)
                    label = f"{model} {who}"
                    found = record.has_access("read") or (
                        record.browse().has_access("read") and record.search_count([("id", "=", dialog.id)])
                    )
                    if found:
                        self.failures.append(f"{label}: found")
                    calls = {
                        "read": lambda r=record: r.read(["display_name"]),
                        "write": lambda r=record: r.write({}),
                        "unlink": lambda r=record: r.unlink(),
                        "onchange": lambda r=record: r.onchange({}, [], {"display_name": {}}),
                        "copy": lambda r=record: r.copy(),
                        **{method: lambda r=record, m=method: getattr(r, m)() for method in self.public_methods(model)},
                    }
                    for way, call in calls.items():
                        count += 1
                        self.env.invalidate_all()
                        self.attempt(f"{label}: {way}", call, writes=True)
        if count:
            self.conclude("uses of a dialog", count)

    def make_record(self, model):
        """Return a record, or dialog, with what it cannot be without, made from the fields of the model."""
        Model = self.env[model]
        vals = {"company_id": self.bag.company.id} if "company_id" in Model._fields else {}
        if vals and (Model._fields["company_id"].related or Model._fields["company_id"].compute):
            vals = {}
        for name, field in Model._fields.items():
            if name in vals or not field.required or not field.store or field.compute or field.default or field.related:
                continue
            if field.type == "selection":
                vals[name] = field.get_values(self.env)[0]
            elif field.type == "many2one":
                vals[name] = (self.all_records(field.comodel_name) or self.env[field.comodel_name].search([], limit=1))[
                    :1
                ].id
            elif field.type in ("integer", "float"):
                vals[name] = 1
            elif field.type in ("date", "datetime"):
                vals[name] = "2026-10-14"
            elif field.type in ("char", "text", "html"):
                vals[name] = SECRET
        return guarded(Model).create(vals).with_env(self.env)

    def test_empty_forms(self):
        """security.md 10: a form with nothing in it, and one from which a link was taken away, end in no traceback."""
        for model in self.own_models():
            for who in ("social_pedagogue", "administrator"):
                view = self.view(self.bag, who, model)
                if not view.has_access("create"):
                    continue
                specification = self.full_specification(view, deep=False)
                emptied = [name for name in view._onchange_methods if view._fields[name].relational]
                for names in ([], *([name] for name in emptied)):
                    with self.subTest(model=model, who=who, names=names):
                        try:
                            answer = view.onchange(dict.fromkeys(names, False), names, dict(specification))
                        except UserError:
                            continue
                        self.assertIn("value", answer)

    @slow
    def test_junk_links(self):
        """security.md 10: what names no record at all is refused in words, whatever the field and the way in."""
        count = 0
        for model, fields in self.links().items():
            bag, who = next(
                (
                    (bag, who)
                    for bag, who in self.people()
                    if bag is self.bag and self.view(bag, who, model).has_access("create")
                ),
                (None, None),
            )
            if not who:
                continue
            view = self.view(bag, who, model)
            for field in fields:
                if not view._has_field_access(field, "write"):
                    continue
                for value in JUNK:
                    label = f"{model}.{field.name} {value!r}"
                    name = field.name
                    by_default = view.with_context(**{f"default_{name}": value})
                    for way, call in (
                        ("onchange", lambda v=view, n=name, x=value: v.onchange({n: x}, [n], {n: {}})),
                        ("default", lambda v=by_default, n=name: v.default_get([n])),
                        ("create", lambda v=view, n=name, x=value: v.create({n: x})),
                    ):
                        count += 1
                        self.attempt(f"{label}: {way}", call, writes=True, kinds=UserError)
        self.conclude("junk values", count)
