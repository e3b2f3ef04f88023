"""*New* on every form that a role may create, and every field of it changed (screens.md B2, people.md "Required
documents → New").

Made from the registry: a new model, form or field is walked as soon as it is there.
"""

from collections import defaultdict
from datetime import date, datetime

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..access_common import AccessCommon
from ..case.test_flow import TODAY
from ..common import ROLES
from ..web_client import specification

#: a value of each simple type, as a client sends it
TYPICAL = {
    "char": "Слово",
    "text": "Слово",
    "html": "<p>Слово</p>",
    "integer": 3,
    "float": 1.5,
    "boolean": True,
    "date": TODAY.isoformat(),
    "datetime": f"{TODAY.isoformat()} 10:00:00",
}


def our_models(env, transient=None):
    """Return the names of the models of our addons that have a table, and of the contacts that they extend."""
    return sorted(
        name
        for name, model in env.registry.items()
        if (name.startswith("vshu.") or name == "res.partner")
        and not model._abstract
        and model._auto
        and (transient is None or model._transient == transient)
    )


@tagged("post_install", "-at_install")
@freeze_time(f"{TODAY} 12:00:00")
class TestNewForms(AccessCommon):
    """As the web client does it: ``onchange`` without values, then for each field, empty and with a typical value."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fill(cls.kz)

    def test_new_opens_and_every_field_can_be_changed(self):
        faults, walked = defaultdict(set), set()
        for role in ROLES:
            for name in our_models(self.env):
                model = self.as_(self.kz, role, self.env[name])
                if not model.has_access("create"):
                    continue
                for view_id in self._forms(name):
                    if self._walk(model, view_id, role, faults):
                        walked.add(name)
        self.assertFalse(faults, "\n".join(f"{what}: {sorted(roles)}" for what, roles in sorted(faults.items())))
        self.assertGreater(len(walked), 50, "forms were walked")

    def _forms(self, name):
        """Return the ids of the forms of the model that stand by themselves; False where Odoo makes one."""
        views = self.env["ir.ui.view"].search([("model", "=", name), ("type", "=", "form"), ("mode", "=", "primary")])
        if name == "res.partner":
            views = views.filtered(lambda view: (view.xml_id or "").startswith("vshu_"))
        return views.ids or [False]

    def _walk(self, model, view_id, role, faults):
        """Walk one form as one role; tell whether it could be opened."""
        try:
            spec = specification(model, "form", view_id)
        except AccessError:
            return False  # a view of another group
        samples = {}
        started = []
        for defaults in ({}, self._defaults(model, samples)):
            context = {f"default_{field}": value for field, value in defaults.items()}
            if defaults:
                context |= self._active(model, defaults)
            start = self._onchange(
                model.with_context(**context), {}, [], spec, f"{role} New {sorted(defaults)}", faults
            )
            if start is not None:
                started.append(start)
        if not started:
            return False
        values = self._as_sent(model, started[-1]["value"])
        for field in spec:
            if model._fields[field].type == "binary":
                continue
            for value in self._values(model, field, samples):
                self._onchange(model, {**values, field: value}, [field], spec, f"{role} {field}={value!r}", faults)
        return True

    def _onchange(self, model, values, names, spec, what, faults):
        what = what.split(" ", 1)
        try:
            with self.cr.savepoint(flush=False):
                return model.onchange(values, names, spec)
        except UserError as refusal:
            if not self._is_ours(refusal):
                faults[f"{model._name} {what[1]}: {refusal!r}"].add(what[0])
        except Exception as error:
            faults[f"{model._name} {what[1]}: {error!r}"].add(what[0])
        return None

    def _is_ours(self, refusal):
        """Tell whether the refusal is one of our own sentences; Odoo's names tables and rules."""
        frame = refusal.__traceback__
        while frame.tb_next:
            frame = frame.tb_next
        return "vshu_" in frame.tb_frame.f_code.co_filename and bool(str(refusal).strip())

    def _defaults(self, model, samples):
        """Return a record for each link to one of our models: what a button beside a record hands to the form."""
        return {
            name: self._sample(model, field.comodel_name, samples)
            for name, field in model._fields.items()
            if field.type == "many2one"
            and field.store
            and field.comodel_name.startswith("vshu.")
            and model._has_field_access(field, "read")
            and self._sample(model, field.comodel_name, samples)
        }

    def _active(self, model, defaults):
        name, record = next(iter(defaults.items()))
        return {"active_model": model._fields[name].comodel_name, "active_id": record, "active_ids": [record]}

    def _sample(self, model, comodel, samples):
        """Return the id of a record of ``comodel`` that the user sees, 0 where there is none."""
        if comodel not in samples:
            found = model.env[comodel]
            samples[comodel] = (found.has_access("read") and found.search([], limit=1).id) or 0
        return samples[comodel]

    def _values(self, model, name, samples):
        """Return the values that a client may send for the field: nothing, and one that is usual."""
        field = model._fields[name]
        if field.type in ("one2many", "many2many"):
            record = self._sample(model, field.comodel_name, samples)
            if field.type == "many2many":
                return [[[4, record]]] if record else []
            return [[[0, "virtual_1", {}]]]
        if field.type == "selection":
            return [False, *[value for value, _label in field._description_selection(model.env)]]
        if field.type in ("many2one", "many2one_reference"):
            comodel = field.comodel_name if field.type == "many2one" else None
            return [False, self._sample(model, comodel, samples) if comodel else 1]
        return [False, TYPICAL[field.type]] if field.type in TYPICAL else [False]

    def _as_sent(self, model, values):
        """Return the values that the server has answered in the way in which a client sends them back."""
        sent = {}
        for name, value in values.items():
            if isinstance(value, dict):
                value = value.get("id") or False
            elif isinstance(value, list):
                continue
            elif isinstance(value, datetime):
                value = value.strftime("%Y-%m-%d %H:%M:%S")
            elif isinstance(value, date):
                value = value.isoformat()
            sent[name] = value
        return sent
