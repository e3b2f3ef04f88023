from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

#: roles that a school may let read sealed papers: those that are held for a case
READER_CODES = ("class_teacher", "curator", "psychologist", "social_pedagogue", "deputy_head", "head")


class VshuDocumentType(models.Model):
    """Which kinds of papers are sealed, who reads them, and which one a recommendation counts as."""

    _inherit = "vshu.document.type"

    reader_role_ids = fields.Many2many(
        "vshu.role",
        string="Who reads it",
        domain=[("code", "in", READER_CODES)],
        help="Who reads the words and files of a sealed paper, beside its author. Everybody else who sees the case "
        "sees that the paper is there, since when and from whom.",
    )
    author_reads = fields.Boolean(
        string="The author reads it", default=True, help="Also after having given up the role in which it was written."
    )
    ask_reason = fields.Boolean(
        string="Asks why it is opened", help="Who opens a sealed paper of this kind writes down why."
    )
    recommendation = fields.Boolean(
        string="Recommendations count as this paper",
        help="When the psychologist gives a recommendation, the paper of this kind is there.",
    )

    @api.constrains("sealed", "reader_role_ids", "author_reads")
    def _check_readers(self):
        for doctype in self:
            if doctype.sealed and not doctype.reader_role_ids and not doctype.author_reads:
                raise ValidationError(
                    self.env._(
                        "“%s” is sealed and nobody could read it: choose the roles that read it.", doctype.display_name
                    )
                )
            strangers = doctype.reader_role_ids.filtered(lambda role: role.code not in READER_CODES)
            if strangers:
                raise ValidationError(
                    self.env._(
                        "“%(paper)s” is not read by: %(roles)s. Choose among those who work with a case: class "
                        "teacher, curator, psychologist, social pedagogue, deputy head, head.",
                        paper=doctype.display_name,
                        roles=", ".join(strangers.mapped("name")),
                    )
                )

    def write(self, vals):
        """Change kinds of papers; one whose papers hold files or words is not sealed afterwards (UserError)."""
        if vals.get("sealed"):
            # sudo: that there are papers with files or words, no more is told
            documents = self.env["vshu.document"].sudo()
            for doctype in self.filtered(lambda t: not t.sealed):
                if documents.search_count(
                    [
                        ("type_id", "=", doctype.id),
                        "|",
                        ("note", "not in", (False, "")),
                        ("attachment_ids", "!=", False),
                    ],
                    limit=1,
                ):
                    raise UserError(
                        self.env._(
                            "Papers of the kind “%s” hold files or notes that others have read: it cannot be sealed "
                            "any more. Make a new kind of paper and seal that one.",
                            doctype.display_name,
                        )
                    )
        return super().write(vals)

    @tools.ormcache("self.id")
    def _seal_facts(self):
        """Return what the kind says of sealing: sealed, provider (role code), readers (set of role codes)."""
        doctype = self.sudo()  # sudo: a catalogue, without a word on any child
        return tools.frozendict(
            sealed=doctype.sealed,
            provider=doctype.role_id.code,
            readers=frozenset(doctype.reader_role_ids.mapped("code")),
        )

    def _reader_names(self):
        """Return the roles that read a sealed paper of this kind, in words."""
        self.ensure_one()
        # sudo: names of roles
        return ", ".join(self.sudo().reader_role_ids.mapped("name")) or "-"
