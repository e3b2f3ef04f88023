from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request


class TransferController(http.Controller):
    """Hands out the file of a hand-over: the only way to it."""

    @http.route("/vshu_registry/transfer/<int:transfer_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def transfer_file(self, transfer_id, **_kwargs):
        """Return the ZIP file, to those who may send the record; anyone else gets "not found".

        :param transfer_id: id of the hand-over
        """
        # every school of the user: an address in a new window does not say in which of them they work
        model = request.env["vshu.transfer"].with_context(allowed_company_ids=request.env.user._get_company_ids())
        try:
            name, content = model.browse(transfer_id)._download()
        except (AccessError, MissingError, UserError) as error:
            raise request.not_found() from error
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
