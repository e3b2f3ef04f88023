"""Files and notes of sealed kinds of papers lay open on the line of the file: they become sealed papers (RU-5.4)."""

from odoo import SUPERUSER_ID, api

from odoo.addons.vshu_registry.tools.guard import guarded

#: what the shipped regulations say; a school's own version was copied before kinds of papers named their readers
READERS = ("role_psychologist", "role_deputy_head", "role_head")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False, "tracking_disable": True})
    roles = env["vshu.role"].union(*(env.ref(f"vshu_registry.{name}") for name in READERS))
    env["vshu.document.type"].search([("sealed", "=", True), ("reader_role_ids", "=", False)]).write(
        {"reader_role_ids": [(6, 0, roles.ids)]}
    )
    documents = env["vshu.document"].search([("type_id.sealed", "=", True)])
    hanging = {}
    for file in env["ir.attachment"].search([("res_model", "=", "vshu.document"), ("res_id", "in", documents.ids)]):
        hanging.setdefault(file.res_id, env["ir.attachment"])
        hanging[file.res_id] |= file
    for document in documents:
        files = document.attachment_ids | hanging.get(document.id, env["ir.attachment"])
        if not files and not (document.note or "").strip():
            continue
        author = (
            document.author_id
            or document.create_uid.employee_ids.filtered(
                lambda employee, company=document.company_id: employee.company_id == company
            )[:1]
        )
        date = document.date or document.create_date.date()
        paper = guarded(env["vshu.sealed"]).create(
            {
                "document_id": document.id,
                "author_id": author.id,
                "user_id": (author.user_id or document.create_uid).id,
                "date": date,
                "text": document.note,
            }
        )
        files.write({"res_model": paper._name, "res_id": paper.id})
        was_there, when = document.state == "ready", document.date
        document.write({"note": False, "attachment_ids": [(5,)]})
        paper.write({"attachment_ids": [(6, 0, files.ids)]})
        paper._file(date)
        if not was_there:
            # without a date it was not there: a sealed paper has one
            document.write({"date": when or date})
