from functools import wraps

from odoo import api, models
from odoo.exceptions import UserError


class VshuOtherTools(models.AbstractModel):
    """Tools of Odoo that go through every model as the superuser: the register is out of them.

    They belong to addons that may be there or not, so they are met when the registry is ready: each tool that is there
    gets its guard. A tool that walks models is told to leave ours out, one that is set up for a model refuses ours.
    """

    _name = "vshu.other.tools"
    _description = "Tools that leave the register alone"

    @api.model
    def _guards(self):
        """Return {model: {method: guard}}; a guard takes (method, records, args, kwargs) and calls the method."""
        return {
            "privacy.lookup.wizard": {"_get_query_models_blacklist": _leave_out},
            "privacy.lookup.wizard.line": {
                "create": _refuse_ours,
                "write": _refuse_ours,
                "_onchange_is_active": _refuse_people,
            },
            "data_recycle.model": {
                "create": _refuse_ours,
                "write": _refuse_ours,
                "_recycle_records": _without_ours,
            },
        }

    def _register_hook(self):
        super()._register_hook()
        for model, guards in self._guards().items():
            cls = self.pool.models.get(model)
            for name, guard in guards.items() if cls else ():
                if not hasattr(getattr(cls, name), "vshu_guard"):
                    setattr(cls, name, _guarded_method(getattr(cls, name), guard))


def _guarded_method(method, guard):
    """Return ``method`` behind ``guard``; how it is called from outside stays as it was."""

    @wraps(method)
    def call(self, *args, **kwargs):
        return guard(method, self, args, kwargs)

    call.vshu_guard = guard
    return call


def _is_ours(env, model_id):
    """Tell whether the ``ir.model`` of this id is of the register."""
    # sudo: the technical name of a model
    model = env["ir.model"].sudo().browse(model_id) if isinstance(model_id, int) else env["ir.model"]
    return bool(model.model) and model.model.startswith("vshu.")


def _leave_out(method, wizard, args, kwargs):
    return [*method(wizard, *args, **kwargs), *(name for name in wizard.env if name.startswith("vshu."))]


def _refuse_ours(method, records, args, kwargs):
    vals_list = args[0] if args else kwargs.get("vals_list", kwargs.get("vals"))
    for vals in vals_list if isinstance(vals_list, list) else [vals_list or {}]:
        if _is_ours(records.env, vals.get("res_model_id", records.env.context.get("default_res_model_id"))):
            raise UserError(
                records.env._(
                    "The prevention register is kept by its own rules: this tool does not look into it and deletes "
                    "nothing of it."
                )
            )
    return method(records, *args, **kwargs)


def _refuse_people(method, lines, args, kwargs):
    people = lines.filtered(lambda line: line.res_model == "res.partner")
    # sudo: only whether the school's records refer to them
    if people and lines.env["res.partner"].sudo().browse(people.mapped("res_id")).exists()._vshu_known():
        raise UserError(
            lines.env._(
                "The school's records of people refer to this contact: it is archived by the social pedagogue or the "
                "register administrator."
            )
        )
    return method(lines, *args, **kwargs)


def _without_ours(method, rules, args, kwargs):
    # set up before the register was there, or before it was left out
    return method(rules.filtered(lambda rule: not (rule.res_model_name or "").startswith("vshu.")), *args, **kwargs)
