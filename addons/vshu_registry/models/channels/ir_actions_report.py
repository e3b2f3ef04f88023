from odoo import models

from ...tools.own_records import is_own
from ...tools.plain_html import without_remote


class IrActionsReport(models.Model):
    """Papers of the school are laid out one by one: Debian's wkhtmltopdf takes a single document at a time."""

    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        """Read what is printed; a paper that may not be printed stops here, whichever report and way it is."""
        model = self.env.get(report.model)
        if docids and hasattr(model, "_check_printable"):
            model.browse(docids)._check_printable()
        return super()._get_rendering_context(report, docids, data)

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report = self._get_report(report_ref)
        ids = list(dict.fromkeys(res_ids or ()))
        if len(ids) < 2 or report.paperformat_id != self.env.ref("vshu_registry.paperformat_paper", False):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
        streams = {}
        for res_id in ids:
            streams.update(super()._render_qweb_pdf_prepare_streams(report_ref, data, [res_id]))
        return streams

    def _prepare_html(self, html, report_model=False):
        """Papers of the register fetch nothing from other servers nor from the disk: whoever owns the address would
        learn which paper is printed, and when."""
        prepared = super()._prepare_html(html, report_model=report_model)
        if not prepared or not (is_own(report_model) or self._vshu_own_report()):
            return prepared
        bodies, res_ids, header, footer, arguments = prepared
        own = (self._get_report_url(), self.get_base_url())
        return [without_remote(body, own) for body in bodies], res_ids, header, footer, arguments

    def _vshu_own_report(self):
        return any(is_own(report.model) for report in self)
