from odoo import models
from odoo.tools import format_date


class VshuTransfer(models.Model):
    """What other parts of the register give to the record that goes to another school (KZ-20)."""

    _inherit = "vshu.transfer"

    def _transfer_extra(self, payload):
        """Add the preventive work done: talks, visits, praise (RU-5.4). What was struck through stays here."""
        super()._transfer_extra(payload)
        case = self.case_id
        # sudo: the right to hand the record over was checked; the work done with the child belongs to it
        entries = self.env["vshu.intervention"].sudo().search([("case_id", "=", case.id), ("annulled", "=", False)])
        if not entries:
            return
        langs = self._payload_langs()
        worded = {lang: self.with_context(lang=lang).env for lang in langs}
        heads = [
            {lang: env._("Date") for lang, env in worded.items()},
            {lang: env._("What") for lang, env in worded.items()},
            {lang: env._("Who") for lang, env in worded.items()},
            {lang: env._("What happened") for lang, env in worded.items()},
            {lang: env._("What came of it") for lang, env in worded.items()},
        ]
        payload["extra"].append(
            {
                "title": {lang: env._("Preventive work done") for lang, env in worded.items()},
                "text": None,
                "head": heads,
                "rows": [
                    [
                        format_date(self.env, entry._day()),
                        entry.kind_id.display_name or "",
                        entry.employee_id.name or "",
                        entry.text or "",
                        entry.result or "",
                    ]
                    for entry in entries.sorted(lambda e: (e.date, e.id))
                ],
            }
        )


class VshuDocument(models.Model):
    _inherit = "vshu.document"

    def _transfer_files(self):
        """Add the words of a structured form, and words and files of a filed sealed paper: a hand-over asks for
        those of sealed kinds by the head's decision only."""
        files = super()._transfer_files()
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
