"""What new fields say of rows of before: the day of considering, the start of clocks, facts of own versions."""

from odoo import SUPERUSER_ID, api

#: model → {code of the record: fields that are new, or of which a number is missing}
NEW = {
    "vshu.document.requirement": ("absence_role_id",),
    "vshu.term.rule": ("extension_practice", "review_by_calendar"),
    "vshu.ground": ("window_min",),
    "vshu.removal.reason": ("age_years",),
}


def migrate(cr, version):
    """Fill new columns from what is known already; safe to run twice. Nothing that anybody entered is changed."""
    cr.execute(
        "UPDATE vshu_case SET date_considered = date_decided WHERE date_considered IS NULL AND date_decided IS NOT NULL"
    )
    cr.execute("UPDATE vshu_notice SET date_clock = date_event WHERE date_clock IS NULL")
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    for own in env["vshu.regulation"].search([("shipped", "=", False)]):
        shipped = own
        while shipped.origin_id and not shipped.shipped:
            shipped = shipped.origin_id
        if shipped.shipped:
            complete(env, own, shipped)


def complete(env, own, shipped):
    """Give the records of a school's own version what the same records of its origin say in the new fields."""
    for model, names in NEW.items():
        known = {record.code: record for record in env[model].search([("regulation_id", "=", shipped.id)])}
        for record in env[model].search([("regulation_id", "=", own.id)]):
            origin = known.get(record.code)
            vals = {
                name: origin[name].id if name.endswith("_id") else origin[name]
                for name in names
                if origin and origin[name] and not record[name]
            }
            if vals:
                record.write(vals)
