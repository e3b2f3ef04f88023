"""For migrations: what one addon declared becomes another's, with every row of data."""

from odoo.tools import SQL


def move_records(cr, old, new, models=(), names="", fields=()):
    """Hand models, fields and records of data files from the addon ``old`` to the addon ``new``, and install that one.

    To be called before ``old`` is loaded (a ``pre`` script), or Odoo drops at the end of the update what the addon no
    longer declares. Does nothing where the addon ``new`` is there already.

    :param models: names of models whose tables, fields, selections and constraints go over whole
    :param str names: external ids, without the addon, of records of data files: views, actions, rules, menus …
    :param fields: (model, field) of single fields that ``new`` declares on models that stay
    :return: how many external ids have gone over
    """
    cr.execute("SELECT state FROM ir_module_module WHERE name = %s", [new])
    row = cr.fetchone()
    if row and row[0] not in ("uninstalled", "to install"):
        return 0
    if not row:
        raise ValueError(f"the addon {new} is missing beside {old}: put it into the addons path and update again")
    models = tuple(models) or ("",)
    names = tuple(names.split()) or ("",)
    fields = tuple(fields) or (("", ""),)
    cr.execute(
        """
        WITH moved AS (
            SELECT f.id FROM ir_model_fields f WHERE f.model IN %(models)s OR (f.model, f.name) IN %(fields)s
        )
        UPDATE ir_model_data d SET module = %(new)s
         WHERE d.module = %(old)s
           AND (d.name IN %(names)s
                OR (d.model = 'ir.model' AND d.res_id IN (SELECT id FROM ir_model WHERE model IN %(models)s))
                OR (d.model = 'ir.model.fields' AND d.res_id IN (SELECT id FROM moved))
                OR (d.model = 'ir.model.fields.selection'
                    AND d.res_id IN (SELECT id FROM ir_model_fields_selection WHERE field_id IN (SELECT id FROM moved)))
                OR (d.model = 'ir.model.constraint'
                    AND d.res_id IN (SELECT c.id FROM ir_model_constraint c JOIN ir_model m ON m.id = c.model
                                      WHERE m.model IN %(models)s)))
        """,
        {"old": old, "new": new, "models": models, "fields": fields, "names": names},
    )
    moved = cr.rowcount
    for table in ("ir_model_constraint", "ir_model_relation"):
        cr.execute(
            SQL(
                """
                UPDATE %(table)s t SET module = n.id
                  FROM ir_module_module n, ir_module_module o, ir_model m
                 WHERE n.name = %(new)s AND o.name = %(old)s AND t.module = o.id
                   AND m.id = t.model AND m.model IN %(models)s
                """,
                table=SQL.identifier(table),
                new=new,
                old=old,
                models=models,
            )
        )
    cr.execute("UPDATE ir_module_module SET state = 'to install' WHERE name = %s", [new])
    return moved
