"""Every button that a form shows to a role, pressed as the web client presses it (screens.md 4).

Made from the registry and the views: a new model, form, button or role is tried as soon as it is there. An addon says
in which world: what is there, and who looks at it.
"""

from collections import defaultdict
from contextlib import contextmanager

from lxml import etree
from odoo.api import Environment
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .web_client import specification

#: records of a state that are looked at, from the newest on
SAMPLES = 2


class Row(dict):
    """Values of a record that an expression of a view reads as ``parent.name`` too."""

    __getattr__ = dict.get


class ButtonsCommon:
    """Mixed into a test that has a world; :meth:`press_all` is the test."""

    #: the addon whose buttons are pressed: those of the others have their own test, in a world of theirs
    addon = "vshu_registry"
    #: (model, method) of buttons whose very answer is who else may: our own refusal is the answer
    answers = frozenset()
    #: fields whose values make a state of its own, where a model has them
    state_fields = ("state", "kind", "intake_kind", "direction", "transfer_state", "form", "conclusion", "topic")
    #: models whose buttons are tried elsewhere
    others = ()

    def our_forms(self):
        """Return [(model, view id)] of the forms that our addons make or change, False where Odoo makes one."""
        views = self.env["ir.ui.view"].search([("type", "=", "form"), ("mode", "=", "primary")], order="model, id")
        ours = set(
            self.env["ir.model.data"]
            .search([("module", "=like", "vshu%"), ("model", "=", "ir.ui.view")])
            .mapped("res_id")
        )
        return [
            (view.model, view.id)
            for view in views
            if view.model in self.env
            and view.model not in self.others
            and not self.env[view.model]._transient
            and view.id in ours
        ]

    def press_all(self, bags, people):
        """Press each button that a form shows once for each state of the record and each person; fail with all that
        ends otherwise than it says.

        :return: {(model, method)} of what was pressed
        """
        faults, pressed, self._done, self._seen = defaultdict(set), set(), set(), set()
        forms = self.our_forms()
        for bag in bags:
            for who in people:
                for model, view_id in forms:
                    self._press_form(bag, who, model, view_id, faults, pressed)
        self.assertFalse(faults, "\n".join(f"{what}: {sorted(who)}" for what, who in sorted(faults.items())))
        return pressed

    def staff(self):
        """Return everybody who works with the register."""
        return [who for who in self.everybody if who not in ("plain", "portal", "public")]

    def _press_form(self, bag, who, name, view_id, faults, pressed):
        user = bag.users[who]
        context = {"allowed_company_ids": user.company_ids.ids, "lang": "en_US"}
        model = Environment(self.env.cr, user.id, context)[name]
        if not model.has_access("read"):
            return
        try:
            arch = model.get_view(view_id, "form")["arch"]
            spec = self._specification(model, "form", view_id)
        except AccessError:
            return  # a form of another group
        tree = etree.fromstring(arch)
        if not tree.xpath("//button[@type='object']"):
            return
        domain = [("vshu_is_student", "=", True)] if name == "res.partner" else []
        states = self._states_of(model)
        found = model.search_fetch(domain, states, order="id desc").grouped(lambda r: tuple(r[name] for name in states))
        records = model.browse([record.id for same in found.values() for record in same[:SAMPLES]])
        spec |= {field: {} for field in states if field not in spec}
        for row in self._read(records, spec, who, f"form {view_id}", faults):
            values = Row(self._values(model, row))
            state = tuple(values[field] for field in states)
            short = tuple(values[field] for field in states if field in ("state", "direction"))
            for button, owner, shown in self._shown(tree, model, row, values):
                # what no flag of a right decides upon is the same whatever the kind
                own = state if "can_" in (button.get("invisible") or "") else short
                key = (who, name, owner._name, button.get("name"), button.get("context"), own, shown["_state"])
                if key in self._done or not self._is_pressed(owner, button.get("name")):
                    continue
                self._done.add(key)
                pressed.add((owner._name, button.get("name")))
                fault = self._press(owner.browse(shown["id"]), button, shown)
                if fault:
                    where = f"{owner._name}.{button.get('name')} [form of {name}, {state or ''}{shown['_state'] or ''}]"
                    faults[f"{where}: {fault}"].add(f"{bag.code} {who}")

    def _read(self, records, spec, who, form, faults):
        """Return the rows that the client reads; those that it cannot open are faults."""
        self.env.invalidate_all()
        try:
            return records.web_read(spec)
        except AccessError:
            rows = []
        for record in records:  # one by one, as they are opened
            self.env.invalidate_all()
            try:
                rows += record.browse(record.id).web_read(spec)
            except AccessError as error:
                faults[f"{record._name} {form} cannot be opened: {str(error)[:300]}"].add(who)
        return rows

    def _is_pressed(self, model, method):
        """Tell whether the button's method, or an extension of it, is of the addon that is tried."""
        places = {cls.__module__ for cls in type(model).__mro__ if method in vars(cls)}
        return any(place.startswith(f"odoo.addons.{self.addon}.") for place in places)

    def _specification(self, model, view_type, view_id):
        """Return what the client asks for; the same for all that a user does."""
        key = (model.env.uid, model._name, view_type, view_id)
        known = self.__dict__.setdefault("_specifications", {})
        if key not in known:
            known[key] = specification(model, view_type, view_id)
        return known[key]

    def _states_of(self, model):
        return [
            field for field in self.state_fields if field in model._fields and model._fields[field].type == "selection"
        ]

    def _values(self, model, row):
        """Return the values as expressions of a view see them: ids, not what is shown of them."""
        values = {"id": row["id"], "_state": None}
        for name, value in row.items():
            field = model._fields.get(name)
            if field is not None and field.type in ("many2one", "reference", "many2one_reference"):
                value = value.get("id") if isinstance(value, dict) else value
            elif field is not None and field.type in ("one2many", "many2many"):
                value = [each["id"] if isinstance(each, dict) else each for each in value]
            values[name] = value
        return values

    def _shown(self, node, model, row, values, parent=None):
        """Yield (button, model of its record, values of it) of what the form shows, in lists inside it too."""
        for child in node:
            if not isinstance(child.tag, str) or self._is(child, "invisible", values, parent):
                continue
            if child.tag == "button":
                if child.get("type") == "object":
                    yield child, model, values
                continue
            if child.tag == "field" and child.get("name") in model._fields and parent is None:
                field = model._fields[child.get("name")]
                if field.type in ("one2many", "many2many"):
                    inner = model.env[field.comodel_name]
                    for view in child.xpath("list | kanban"):
                        for line in row.get(child.get("name")) or ():
                            if len(line) > 1:
                                there = Row(self._values(inner, line))
                                there["_state"] = tuple(there.get(name) for name in self._states_of(inner))
                                yield from self._shown(view, inner, line, there, parent=values)
                    continue
            if child.tag == "t" and child.get("t-name") == "menu":
                continue
            yield from self._shown(child, model, row, values, parent)

    def _is(self, node, attribute, values, parent):
        expression = node.get(attribute) or node.get(f"column_{attribute}")
        if not expression or expression in ("0", "False"):
            return False
        if expression in ("1", "True"):
            return True
        known = {**values, "context": {}, "uid": self.env.uid, "parent": parent, "active_id": values["id"]}
        return bool(safe_eval(expression, known))

    def _press(self, record, button, values):
        """Press the button and open what it returns; return what went wrong."""
        user_context = dict(record.env.context)
        extra = safe_eval(button.get("context") or "{}", {**values, "context": user_context, "uid": record.env.uid})
        with self._taken_back(record.env):
            try:
                result = call_kw(
                    record.browse(), button.get("name"), [record.ids], {"context": {**user_context, **extra}}
                )
                self.env.flush_all()
                if isinstance(result, dict):
                    self._follow(record.env, result)
            except AccessError as error:
                if (record._name, button.get("name")) not in self.answers or not self._is_ours(error):
                    return f"AccessError {str(error)[:250]}"
            except UserError as refusal:
                if not self._is_ours(refusal):
                    return f"not our words: {refusal!r}"[:300]
            except Exception as error:
                return repr(error)[:300]
        return None

    def _follow(self, env, action):
        """Open what the action shows, as the web client does next."""
        if action.get("type") != "ir.actions.act_window":
            return
        context = action.get("context") or {}
        if isinstance(context, str):
            context = safe_eval(context, {"context": dict(env.context), "uid": env.uid})
        model = env[action["res_model"]].with_context(**context)
        view_id, view_type = (action.get("views") or [(False, action.get("view_mode", "form").split(",")[0])])[0]
        if view_type not in ("form", "list", "kanban"):
            return
        key = (env.uid, model._name, view_type, view_id, action.get("res_id"))
        if key in self._seen and (action.get("res_id") or view_type != "form"):
            return
        self._seen.add(key)
        spec = self._specification(model, view_type, view_id)
        if action.get("res_id"):
            self.env.invalidate_all()
            model.browse(action["res_id"]).web_read(spec)
        elif view_type == "form":
            model.onchange({}, [], spec)
        else:
            domain = action.get("domain") or []
            if isinstance(domain, str):
                domain = safe_eval(domain, {"uid": env.uid, "context": context})
            model.web_search_read(domain, spec, limit=5)

    def _is_ours(self, refusal):
        """Tell whether the refusal is one of our own sentences; Odoo's names tables and rules."""
        frame = refusal.__traceback__
        while frame.tb_next:
            frame = frame.tb_next
        return "vshu_" in frame.tb_frame.f_code.co_filename and bool(str(refusal).strip())

    @contextmanager
    def _taken_back(self, env):
        """Take back what is done inside; as in a request, the transaction is the user's."""
        registry, transaction = self.env.registry, self.env.transaction
        earlier = set(registry.cache_invalidated)
        registry.cache_invalidated.clear()
        transaction.default_env = env
        try:
            with mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule"), self.env.cr.savepoint() as savepoint:
                yield
                savepoint.rollback()
        finally:
            transaction.default_env = self.env
            self.env.invalidate_all()
            if registry.cache_invalidated:
                registry.clear_cache(*registry.cache_invalidated)
            registry.cache_invalidated.update(earlier)
