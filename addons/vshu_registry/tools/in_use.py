"""Refuse the deletion of a person, class or company that the register refers to, with a message that says where."""

from odoo.exceptions import UserError


def users_of(records, skip=()):
    """Return (record, model description) of the first use of ``records`` by the register, or (None, None).

    The description is empty where the user does not see that use.

    Every stored Many2one of a register's model counts, except where the reference goes away with its record
    (ondelete cascade). One query a referring field.
    """
    env = records.env
    for model_name, model in env.registry.items():
        if not model_name.startswith("vshu.") or model._abstract or not model._auto or model_name in skip:
            continue
        for field in model._fields.values():
            if (
                field.type != "many2one"
                or field.comodel_name != records._name
                or not field.store
                or field.related
                or field.ondelete == "cascade"
            ):
                continue
            # sudo: a reference that the user may not see still forbids the deletion; only the fact is told
            rows = (
                env[model_name]
                .sudo()
                .with_context(active_test=False)
                ._read_group([(field.name, "in", records.ids)], [field.name], limit=1)
            )
            if rows:
                record = rows[0][0].with_env(env)
                # where it is used is told to whoever sees it there: "a case" would tell of the child
                seen = (env.su or env[model_name].has_access("read")) and env[model_name].with_context(
                    active_test=False
                ).search_count([(field.name, "=", record.id)], limit=1)
                return record, env["ir.model"].sudo()._get(model_name).name if seen else ""  # sudo: a model's name
    return None, None


def refuse_if_used(records, skip=()):
    """Raise UserError where the register refers to one of ``records``; say what to do instead."""
    record, where = users_of(records, skip)
    if record is None:
        return
    if not where:
        raise UserError(
            records.env._(
                "“%s” cannot be deleted: the school's records refer to it. Archive it or set its last day instead.",
                record.display_name,
            )
        )
    raise UserError(
        records.env._(
            "“%(record)s” cannot be deleted: the prevention register refers to it (%(where)s). "
            "Archive it or set its last day instead.",
            record=record.display_name,
            where=where,
        )
    )
