"""Which rows of Odoo's own models (files, messages, followers, reminders) hang on a record of the register."""

from collections import defaultdict

from odoo.fields import Domain

#: models of the register, of this addon and of those on it
OWN = "vshu."


def is_own(model):
    """Tell whether ``model`` is the name of a model of the register."""
    return isinstance(model, str) and model.startswith(OWN)


def of_register(field):
    """Return the domain of the rows whose Char ``field`` names a model of the register."""
    return Domain(field, "=like", f"{OWN}%")


def unreadable(env, rows):
    """Return the keys of those rows that hang on a record of the register which the user may not read.

    :param rows: iterable of (key, model, id of the record); what hangs on other models is let through
    """
    keys = defaultdict(lambda: defaultdict(list))
    for key, model, res_id in rows:
        if is_own(model):
            keys[model][res_id].append(key)
    hidden = []
    for model, by_id in keys.items():
        readable = set()
        if model in env:
            records = env[model].with_context(active_test=False).browse([res_id for res_id in by_id if res_id])
            readable = set(records.exists()._filtered_access("read")._ids)
        hidden += [key for res_id, found in by_id.items() if res_id not in readable for key in found]
    return hidden
