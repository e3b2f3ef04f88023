import json

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request
from werkzeug.exceptions import BadRequest, InternalServerError

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class JournalController(http.Controller):
    """Hands the journal over as a file."""

    # POST: a domain may hold a name, and addresses are kept in logs
    @http.route("/vshu_registry/journal.xlsx", type="http", auth="user", methods=["POST"], readonly=True)
    def journal_xlsx(self, data, context=None, **_kwargs):
        """Return the XLSX file of the rows asked for, made with the user's own rights.

        :param data: JSON with ``ids`` or ``domain``, as ``action_export_xlsx`` sends them
        :param context: JSON with the user's context of the web client: language and schools
        """
        try:
            asked, given = json.loads(data), json.loads(context or "{}")
            kept = {key: given[key] for key in ("lang", "tz", "allowed_company_ids") if given.get(key)}
            ids, domain = [int(id_) for id_ in asked.get("ids") or []], asked.get("domain")
            Domain(domain or []).validate(request.env["vshu.journal.entry"])
        except (ValueError, AttributeError, TypeError) as error:
            raise BadRequest from error
        try:
            name, content = request.env["vshu.journal.entry"].with_context(**kept)._journal_xlsx(ids, domain)
        except UserError as error:
            # as the web client's own downloads: shown as a dialog
            payload = {"code": 0, "message": "Odoo Server Error", "data": http.serialize_exception(error)}
            raise InternalServerError(json.dumps(payload)) from error
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX_TYPE),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )
