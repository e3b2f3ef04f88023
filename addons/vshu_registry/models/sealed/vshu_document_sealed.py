from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.readable_fields import ReadableOne2many
from ..dossier.vshu_document import OFFICE_ROLES

#: of a line whose sealed paper is filed: said by that paper
FROM_SEALED = {"type_id", "requirement_id", "date", "author_id", "not_needed"}


class VshuDocument(models.Model):
    """The line of a sealed paper or of a recommendation: that it is there, since when, from whom (RU-5.4, KZ-11).

    Words and files are in ``vshu.sealed`` and ``vshu.recommendation``, which have rules of their own: hiding a field
    leaks by search, grouping, export and attachments.
    """

    _inherit = "vshu.document"

    sealed = fields.Boolean(related="type_id.sealed", store=True)
    sealed_ids = ReadableOne2many("vshu.sealed", "document_id", string="Sealed papers")
    sealed_filed = fields.Boolean(
        string="Sealed paper filed", compute="_compute_sealed_filed", store=True, compute_sudo=True
    )
    sealed_user_id = fields.Many2one(
        "res.users", string="Sealed by", compute="_compute_sealed_filed", store=True, compute_sudo=True
    )
    # kept here: the list of papers shows it without reading employees
    author_name = fields.Char(related="author_id.name", string="From whom", store=True)
    recommendation_ids = ReadableOne2many("vshu.recommendation", "document_id", string="Recommendations")
    recommended = fields.Boolean(
        string="Recommendation given", compute="_compute_recommended", store=True, compute_sudo=True
    )
    can_seal = fields.Boolean(compute="_compute_can_seal", help="Whether this user may file the sealed paper.")
    can_open_sealed = fields.Boolean(compute="_compute_can_seal", help="Whether this user reads the sealed paper.")

    @api.depends("sealed_ids.state")
    def _compute_sealed_filed(self):
        for document in self:
            filed = document.sealed_ids.filtered(lambda paper: paper.state == "filed")[:1]
            document.sealed_filed = bool(filed)
            document.sealed_user_id = filed.user_id

    @api.depends("recommendation_ids.date_given")
    def _compute_recommended(self):
        for document in self:
            document.recommended = any(document.recommendation_ids.mapped("date_given"))

    @api.depends_context("uid")
    @api.depends("case_id.my_roles", "type_id", "sealed_filed", "sealed_user_id")
    def _compute_can_seal(self):
        for document in self:
            mine = set(filter(None, (document.case_id.my_roles or "").split(",")))
            facts = document.type_id._seal_facts() if document.type_id else {"sealed": False}
            filed = document.sealed_filed
            document.can_seal = bool(
                document._origin and facts["sealed"] and not filed and (self.env.su or document._is_sealer(mine))
            )
            document.can_open_sealed = filed and (
                self.env.su
                or bool(mine & facts.get("readers", set()))
                # asked of the paper's own rules when it is opened
                or document.sealed_user_id == self.env.user
            )

    def _is_sealer(self, mine):
        """Tell whether somebody with the roles ``mine`` files the sealed paper: who provides papers of this kind,
        and of the office those who read them."""
        self.ensure_one()
        facts = self.type_id._seal_facts()
        held = mine | {"class_teacher"} if "curator" in mine else mine
        if not facts["provider"]:
            return bool(held)
        return facts["provider"] in held or bool(held & OFFICE_ROLES & facts["readers"])

    @api.constrains("attachment_ids", "note", "type_id")
    def _check_nothing_open(self):
        for document in self:
            if document.type_id._seal_facts()["sealed"] and (document.attachment_ids or (document.note or "").strip()):
                document._refuse_open_content()

    def _refuse_open_content(self):
        raise ValidationError(
            self.env._(
                "“%(paper)s” is confidential (%(clause)s): whoever sees the case would read files and notes here. "
                "Press “File sealed paper” on its line and put them in there.",
                paper=self.display_name,
                clause=self.clause_text or self.type_id.clause_text or "-",
            )
        )

    def _check_sealed(self, vals):
        """Raise UserError where ``vals`` change what a filed sealed paper says (kind, date, author): it is corrected
        there."""
        if not self.env.su and FROM_SEALED & vals.keys():
            for document in self.filtered("sealed_filed"):
                if any(document._says_other(name, vals[name]) for name in FROM_SEALED & vals.keys()):
                    raise UserError(
                        self.env._(
                            "“%s” has been filed sealed: its kind, date and author are said by that paper. Open it "
                            "and press “Correct”.",
                            document.display_name,
                        )
                    )
        if "type_id" in vals:
            # sudo: whether there is a sealed paper, also one that is still being written
            moved = self.sudo().filtered(lambda d: d.sealed_ids and d.type_id.id != vals["type_id"])
            if moved:
                raise UserError(
                    self.env._(
                        "A sealed paper belongs to “%s”: its kind stays, since it says who reads the paper.",
                        moved[0].display_name,
                    )
                )

    def _says_other(self, name, value):
        """Tell whether ``value`` is another one than the field ``name`` holds."""
        self.ensure_one()
        kind = self._fields[name].type
        if kind == "many2one":
            return (value or False) != self[name].id
        return (fields.Date.to_date(value) or False) != self[name] if kind == "date" else bool(value) != self[name]

    @api.ondelete(at_uninstall=False)
    def _unlink_without_sealed(self):
        # sudo: whether there is a sealed paper, also one that is still being written
        held = self.sudo().filtered(lambda d: d.sealed_ids or d.recommendation_ids)
        if held:
            raise UserError(
                self.env._(
                    "“%(paper)s”: a sealed paper or a recommendation belongs to it (%(author)s). It stays on the list.",
                    paper=held[0].display_name,
                    author=(held[0].sealed_ids.author_id | held[0].recommendation_ids.author_id)[:1].name or "-",
                )
            )

    def action_seal(self):
        """Open a new sealed paper for this line, or the one that the user has begun (RU-5.4, KZ-11).

        Returns an act_window on the ``vshu.sealed``, which is there already: files are tied to it from the first
        moment. Raises AccessError for a role that does not give this paper, UserError where the kind is not sealed or
        the paper is filed already.
        """
        self.ensure_one()
        self.check_access("read")
        sealed = self.env["vshu.sealed"]
        paper = sealed.search([("document_id", "=", self.id), ("state", "=", "draft"), ("user_id", "=", self.env.uid)])
        paper = paper[:1] or sealed.create({"document_id": self.id})
        return paper._form_action()

    def action_open_sealed(self):
        """Open the sealed paper of this line; the opening is put on record (principle: show that it exists, log who
        opens it). Returns an act_window, or the dialog that asks why.

        Raises AccessError, which names the roles that read it, for everybody else; UserError where there is none.
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: whether there is one; the user's right on it is checked next
        paper = self.sudo().sealed_ids.filtered(lambda p: p.state == "filed")[:1].with_env(self.env)
        if not paper:
            raise UserError(self.env._("“%s”: no sealed paper has been filed yet.", self.display_name))
        if not paper.has_access("read"):
            raise AccessError(
                self.env._(
                    "“%(paper)s” is sealed (%(clause)s). It is read by its author and: %(roles)s.",
                    paper=self.display_name,
                    clause=self.type_id.clause_text or "-",
                    roles=self.type_id._reader_names(),
                )
            )
        return paper.action_open()
