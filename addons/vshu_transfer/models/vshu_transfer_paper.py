from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.vshu_registry.tools.guard import is_guarded


class VshuTransferPaper(models.Model):
    """A paper on the list of a hand-over: of our dossier where it goes out, with its files where it came in.

    A sealed paper goes by the head's decision only. At the receiving school it is read by head and deputy head.
    """

    _name = "vshu.transfer.paper"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Paper of a hand-over"
    _order = "transfer_id, sequence, id"

    #: a draft goes with its papers
    _goes_along = True

    _rule_fields = ("is_stood_in",)

    transfer_id = fields.Many2one("vshu.transfer", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="transfer_id.company_id", store=True, index=True)
    direction = fields.Selection(related="transfer_id.direction", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Paper", required=True, readonly=True)
    date = fields.Date(string="Date of the paper", readonly=True)
    author = fields.Char(string="Who gave it", readonly=True)
    sealed = fields.Boolean(readonly=True, help="Goes by the head's decision only.")
    included = fields.Boolean(string="Goes with it")
    sheets = fields.Integer(default=1)
    type_id = fields.Many2one("vshu.document.type", readonly=True, ondelete="restrict")
    source_model = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    source_id = fields.Many2oneReference(model_field="source_model", readonly=True, groups=fields.NO_ACCESS)
    attachment_ids = fields.Many2many("ir.attachment", string="Files", readonly=True, bypass_search_access=True)

    is_stood_in = fields.Boolean(
        string="I stand in for whoever reads it",
        compute="_compute_rule_fields",
        search="_search_is_stood_in",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    def _search_is_stood_in(self, operator, value):
        """A sealed paper that came in is read by head and deputy head only, so by their stand-ins."""
        if operator != "in":
            return NotImplemented
        companies = self.env["res.company"]
        kept = Domain("sealed", "=", False) | Domain("direction", "=", "out")
        return (kept & Domain("company_id", "in", companies._vshu_stood_in(("social_pedagogue",)))) | Domain(
            "company_id", "in", companies._vshu_stood_in(("deputy_head", "head"))
        )

    _source_uniq = models.UniqueIndex(
        "(transfer_id, source_model, source_id) WHERE source_id IS NOT NULL", "This paper is on the list already."
    )

    @api.depends("name")
    def _compute_display_name(self):
        for paper in self:
            paper.display_name = paper.name

    @api.constrains("sheets")
    def _check_sheets(self):
        for paper in self:
            if not 1 <= paper.sheets <= 999:
                raise ValidationError(self.env._("“%s”: the number of sheets is from 1 to 999.", paper.name))

    @api.model_create_multi
    def create(self, vals_list):
        """The list follows the dossier (AccessError by hand)."""
        if not is_guarded(self.env):
            raise AccessError(self.env._("The list of papers comes from the case's file: take it anew from the case."))
        return super().create(vals_list)

    def write(self, vals):
        """Choose papers and count their sheets while the record is not sent; sealed ones by the head's button only."""
        if not is_guarded(self.env):
            if vals.keys() - {"included", "sheets", "sequence"}:
                raise AccessError(self.env._("The list of papers comes from the case's file."))
            for paper in self:
                if (paper.direction, paper.transfer_id.state) != ("out", "draft"):
                    raise UserError(self.env._("%s: the list of papers is closed.", paper.transfer_id.display_name))
                if paper.sealed and "included" in vals and vals["included"] != paper.included:
                    raise AccessError(
                        self.env._("“%s” is sealed: it goes to another school by the head's decision only.", paper.name)
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not is_guarded(self.env):
            raise UserError(self.env._("Untick a paper that does not go; the list itself follows the case's file."))

    def _files(self):
        """Return [(name, bytes)] of the files behind our own paper, as its model hands them out."""
        self.ensure_one()
        source = self.sudo()  # sudo: whoever sends may read the case; sealed papers go by the head's decision
        if not source.source_id or source.source_model not in self.env:
            return []
        record = self.env[source.source_model].sudo().browse(source.source_id).exists()
        return record._transfer_files() if record else []


class VshuDocument(models.Model):
    _inherit = "vshu.document"

    def _transfer_files(self):
        """Return [(name, bytes)] of what goes to another school with the paper: its files, the words of a structured
        form, and words and files of a filed sealed paper, which a hand-over asks for by the head's decision only."""
        self.ensure_one()
        files = [(file.name, file.raw or b"") for file in self.attachment_ids.sorted("id")]
        # sudo: see the docstring
        filed = self.sudo().sealed_ids.filtered(lambda paper: paper.state == "filed")
        for paper in filed:
            if (paper.text or "").strip():
                files.append((f"{self.display_name}.txt", paper.text.encode()))
            files += [(file.name, file.raw or b"") for file in paper.attachment_ids.sorted("id")]
        for form in self.sudo()._forms():
            if form.state == "finished":
                files.append((f"{self.display_name}.txt", form._words_as_text().encode()))
        return files


class VshuFormMixin(models.AbstractModel):
    _inherit = "vshu.form.mixin"

    def _words_as_text(self):
        """Return what was written in the form, heading by heading, as plain text in the form's language."""
        self.ensure_one()
        form = self.with_context(lang=self._paper_lang())
        told = []
        for name, field in form._fields.items():
            if field.type in ("char", "text", "selection") and field.store and not field.related and form[name]:
                if name in ("state", "lang", "display_name"):
                    continue
                value = form[name]
                if field.type == "selection":
                    value = dict(field._description_selection(form.env)).get(value, value)
                told.append(f"{field._description_string(form.env)}: {value}")
        return "\n".join(told)
