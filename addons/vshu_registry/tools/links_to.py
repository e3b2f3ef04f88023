"""Which columns and tables of the register refer to a record of a model: found from the registry, so none is missed."""

from odoo.tools import SQL


def links_to(env, comodel):
    """Return [(model name, field)] of the stored Many2one and Many2many fields of the register's own tables, and of
    the contact's own fields of the register, that refer to ``comodel``.

    Dialogs are left out: they are gone tomorrow.
    """
    found = []
    for name, model in sorted(env.registry.items()):
        own = name.startswith("vshu.")
        if model._abstract or model._transient or not model._auto or not (own or name == "res.partner"):
            continue
        found += [
            (name, field)
            for field in model._fields.values()
            if field.store
            and field.comodel_name == comodel
            and (
                field.type == "many2one"
                # a computed one follows what it is computed from
                or (field.type == "many2many" and not field.compute)
            )
            and (own or field.name.startswith("vshu_"))
        ]
    return found


def column_of(env, model_name, field):
    """Return (table, column with the id of the record, column with the id referred to) of a link, as SQL."""
    if field.type == "many2many":
        return SQL.identifier(field.relation), SQL.identifier(field.column1), SQL.identifier(field.column2)
    return SQL.identifier(env[model_name]._table), SQL("id"), SQL.identifier(field.name)


def linked_ids(env, comodel, ids, proposals=True):
    """Return the ids among ``ids`` that the register refers to, in one query.

    :param proposals: whether models count that only propose (they say so by ``_only_proposes``)
    """
    links = [
        (name, field)
        for name, field in links_to(env, comodel)
        if proposals or not getattr(env.registry[name], "_only_proposes", False)
    ]
    if not ids or not links:
        return set()
    env.flush_all()
    parts = [
        SQL("SELECT %(column)s FROM %(table)s WHERE %(column)s IN %(ids)s", column=column, table=table, ids=tuple(ids))
        for table, _own, column in (column_of(env, name, field) for name, field in links)
    ]
    return {row[0] for row in env.execute_query(SQL(" UNION ").join(parts))}
