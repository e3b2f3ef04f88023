from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Own versions of a regulation get what came with the shipped one meanwhile: letters, grades, ends of enrolment."""
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    for own in env["vshu.regulation"].search([("shipped", "=", False), ("origin_id", "!=", False)], order="id"):
        shipped = own
        while shipped.origin_id:
            shipped = shipped.origin_id
        for name in ("primary_grade", "basic_grade", "last_grade"):
            if not own[name]:
                own[name] = shipped[name]
        _copy_missing(env, shipped, own, "vshu.petition.kind")
        rules = shipped.deadline_rule_ids.filtered(lambda rule: rule.model == "vshu.petition")
        _copy_missing(env, shipped, own, "vshu.deadline.rule", rules)
        ends = {reason.code: reason.end_reason_ids for reason in shipped.removal_reason_ids}
        for reason in own.removal_reason_ids:
            if not reason.automatic and not reason.end_reason_ids and ends.get(reason.code):
                reason.end_reason_ids = ends[reason.code]


def _copy_missing(env, shipped, own, model, records=None):
    """Copy the records of a catalogue that ``own`` does not have by code, their references turned to its own."""
    catalog = env[model]
    there = set(catalog.search([("regulation_id", "=", own.id)]).mapped("code"))
    records = catalog.search([("regulation_id", "=", shipped.id)]) if records is None else records
    for record in records.filtered(lambda r: r.code not in there):
        vals = {"regulation_id": own.id}
        for field in catalog._fields.values():
            if field.type != "many2many" or not field.store or "regulation_id" not in env[field.comodel_name]._fields:
                continue
            found = env[field.comodel_name].search(
                [("regulation_id", "=", own.id), ("code", "in", record[field.name].mapped("code"))]
            )
            vals[field.name] = [(6, 0, found.ids)]
        record.copy(vals)
