from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools.guard import guarded, is_guarded, without_defaults
from ...tools.locks import wait_for
from ...tools.readable_fields import ReadableOne2many

#: follow from the paper's line, or are written by the paper's own buttons
GUARDED = {
    "case_id",
    "company_id",
    "type_id",
    "student_id",
    "family_id",
    "author_id",
    "user_id",
    "state",
    "date_filed",
    "supersedes_id",
    "reason",
}


class VshuSealed(models.Model):
    """The words and files of a confidential paper (RU-5.4: results of diagnostics; KZ-11: psychological conclusion).

    Its line in the file (``vshu.document``) shows everybody who sees the case that it is there, since when and from
    whom. Who reads it is said by the kind of paper. Once filed it is locked: a correction is a new paper.
    """

    _name = "vshu.sealed"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Sealed paper"
    _order = "date desc, id desc"

    document_id = fields.Many2one("vshu.document", string="Paper", required=True, index=True, ondelete="restrict")
    case_id = fields.Many2one("vshu.case", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="restrict")
    type_id = fields.Many2one("vshu.document.type", required=True, readonly=True, index=True, ondelete="restrict")
    student_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="restrict")
    family_id = fields.Many2one("vshu.family", readonly=True, index="btree_not_null", ondelete="restrict")
    author_id = fields.Many2one("hr.employee", readonly=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", string="Written by", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date = fields.Date(string="Date of the paper", required=True, default=lambda self: self.env.company._vshu_today())
    text = fields.Text(copy=False)
    attachment_ids = fields.Many2many("ir.attachment", string="Files", bypass_search_access=True, copy=False)
    state = fields.Selection(
        [("draft", "Being written"), ("filed", "Filed"), ("superseded", "Corrected")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    date_filed = fields.Date(string="Filed on", readonly=True, copy=False)
    supersedes_id = fields.Many2one(
        "vshu.sealed", string="Corrects", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    reason = fields.Text(string="Why it was corrected", readonly=True, copy=False)
    reading_ids = ReadableOne2many("vshu.sealed.reading", "sealed_id", string="Who opened it", readonly=True)
    can_write = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_correct = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_see_readings = fields.Boolean(compute="_compute_can", export_string_translation=False)

    _one_filed = models.UniqueIndex(
        "(document_id) WHERE state = 'filed'", "A sealed paper has been filed for this line already: correct that one."
    )

    def _compute_display_name(self):
        for paper in self:
            paper.display_name = (
                self.env._("Sealed paper %s", paper._origin.id) if paper._origin else self.env._("Sealed paper")
            )

    @api.model
    def _search_display_name(self, operator, value):
        """Papers are found by their number only."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        words = value if isinstance(value, (list, tuple, set)) else [value]
        ids = [int(digits) for word in words if (digits := "".join(filter(str.isdigit, str(word)))) and word]
        return Domain("id", "in", ids) if ids else Domain.TRUE if value == "" else Domain.FALSE

    @api.depends_context("uid")
    @api.depends("state", "case_id", "user_id", "type_id")
    def _compute_can(self):
        roles = self.case_id._my_roles_by_case()
        for paper in self:
            mine = roles.get(paper.case_id.id, set())
            keeps = paper._is_keeper(mine)
            paper.can_write = paper.state == "draft" and keeps
            paper.can_correct = paper.state == "filed" and keeps
            paper.can_see_readings = paper.state != "draft" and (paper.user_id == self.env.user or "head" in mine)

    def _is_keeper(self, mine):
        """Tell whether somebody with the roles ``mine`` writes and corrects this paper: author and who provides it."""
        self.ensure_one()
        return self.env.su or self.user_id == self.env.user or self.type_id._seal_facts()["provider"] in mine

    # -- constraints -----------------------------------------------------------------------------------------------

    @api.constrains("date", "student_id")
    def _check_date(self):
        for paper in self:
            today = paper._vshu_today()
            birth_date = paper.student_id.sudo().vshu_birth_date  # sudo: compared, not shown
            if paper.date > today:
                raise ValidationError(
                    self.env._("%s: the date of a paper cannot lie in the future.", paper.display_name)
                )
            if birth_date and paper.date < birth_date:
                raise ValidationError(
                    self.env._(
                        "%(paper)s is dated %(date)s, before the child was born. Enter the day on which it was "
                        "written.",
                        paper=paper.display_name,
                        date=fields.Date.to_string(paper.date),
                    )
                )

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Begin sealed papers, each for its line in the file.

        Raises AccessError for a role that does not give this paper, UserError for a line that takes no sealed paper.
        """
        if not is_guarded(self.env):
            self = without_defaults(self, GUARDED)
            for vals in vals_list:
                if GUARDED & vals.keys():
                    raise AccessError(self._guard_message(GUARDED & vals.keys()))
        self._vshu_check_values(vals_list)
        ids = [vals.get("document_id") or self.env.context.get("default_document_id") for vals in vals_list]
        if not all(ids):
            raise UserError(self.env._("A sealed paper belongs to a line of the file: open the case, page “Papers”."))
        documents = self.env["vshu.document"].browse(ids)
        documents.check_access("read")
        self._check_lines(documents)
        vals_list = [{**self._facts_of(document), **vals} for document, vals in zip(documents, vals_list, strict=True)]
        return super().create(vals_list)

    @api.model
    def _check_lines(self, documents):
        """Raise where one of the lines takes no sealed paper, or none from this user."""
        roles = {} if self.env.su else documents.case_id._my_roles_by_case()
        for document in documents:
            if not document.type_id._seal_facts()["sealed"]:
                raise UserError(
                    self.env._(
                        "“%s” is not sealed: put its file on the line itself, where those who see the case read it.",
                        document.display_name,
                    )
                )
            if not self.env.su and not document._is_sealer(roles.get(document.case_id.id, set())):
                raise AccessError(
                    self.env._(
                        "“%(paper)s” is given by: %(role)s. It is confidential: hand it over unread.",
                        paper=document.display_name,
                        role=document.type_id.role_id.name or document.type_id._reader_names(),
                    )
                )
            if document.sealed_filed and not is_guarded(self.env):
                raise UserError(
                    self.env._(
                        "“%s” has been filed already. Open it and press “Correct”, or add a new line to the file.",
                        document.display_name,
                    )
                )

    @api.model
    def _facts_of(self, document):
        """Return what a paper for ``document`` has from its line, and who writes it."""
        case = document.sudo().case_id  # sudo: the right on the line was checked by the caller
        employee = (
            self.env["hr.employee"]
            .sudo()
            .search(  # sudo: the user's own card
                [("user_id", "=", self.env.uid), ("company_id", "=", case.company_id.id)], limit=1
            )
        )
        return {
            "case_id": case.id,
            "company_id": case.company_id.id,
            "type_id": document.type_id.id,
            "student_id": case.student_id.id,
            "family_id": case.family_id.id,
            "author_id": employee.id,
            "user_id": self.env.uid,
        }

    def write(self, vals):
        """Change papers that are being written; a filed one stays as it is (UserError)."""
        if not is_guarded(self.env):
            self.check_access("read")
            if (GUARDED | {"document_id"}) & vals.keys():
                raise AccessError(self._guard_message((GUARDED | {"document_id"}) & vals.keys()))
            self._check_draft()
        return super().write(vals)

    def copy(self, default=None):
        """Refused: a sealed paper is there once (UserError)."""
        if self:
            raise UserError(self.env._("A sealed paper is not copied. Press “Correct” to file a corrected one."))
        return super().copy(default)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        self._check_draft()

    def _check_draft(self):
        for paper in self:
            if paper.state != "draft":
                raise UserError(
                    self.env._(
                        "%s is filed and stays as it is. Press “Correct”: the corrected paper takes its place, the "
                        "old one stays on record.",
                        paper.display_name,
                    )
                )

    def _guard_message(self, names):
        labels = ", ".join(sorted(self._fields[name]._description_string(self.env) for name in names))
        return self.env._("%s: follows from the line of the paper, or is set by the buttons.", labels)

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_file(self):
        """File the paper: it is locked, and its line in the file is there (KZ-11, RU-5.4).

        Raises AccessError for anyone but the author and who provides it, UserError where it is empty, filed already, or
        holds a broken file.
        """
        for paper in self:
            paper.check_access("read")
            paper._check_draft()
            paper.check_access("write")
            paper._file(self._vshu_today())
        return True

    def _file(self, date):
        """File the paper on ``date``; the caller has checked the right."""
        self.ensure_one()
        paper = guarded(self.sudo())  # sudo: the right was checked for this very paper
        paper._check_content()
        document = paper.document_id
        wait_for(document)
        earlier = paper.supersedes_id
        if document.sealed_ids.filtered(lambda other: other.state == "filed") - earlier:
            raise UserError(
                self.env._("“%s” has been filed meanwhile. Open it and press “Correct”.", document.display_name)
            )
        earlier.write({"state": "superseded"})
        earlier.flush_recordset()
        paper.write({"state": "filed", "date_filed": date})
        # a link that works without a log-in would pass by all rights
        paper.attachment_ids.write({"public": False, "access_token": False})
        document.write({"date": paper.date, "author_id": paper.author_id.id, "not_needed": False})

    def _check_content(self):
        if not (self.text or "").strip() and not self.attachment_ids:
            raise UserError(self.env._("%s is empty: write the text or add a file, then file it.", self.display_name))
        for file in self.attachment_ids:
            if file.type == "binary" and not file.file_size:
                raise UserError(
                    self.env._(
                        "%(paper)s: the file “%(file)s” is empty (0 bytes). Take it out and add it again.",
                        paper=self.display_name,
                        file=file.name,
                    )
                )
            if (file.res_model, file.res_id) != (self._name, self.id):
                raise UserError(
                    self.env._(
                        "%(paper)s: the file “%(file)s” belongs to another record, where others read it. Upload it "
                        "here.",
                        paper=self.display_name,
                        file=file.name,
                    )
                )

    def action_open(self):
        """Open the paper; that a filed one was opened, when and by whom is put on record.

        Returns an act_window, or the dialog that asks why where the kind of paper wants to know. Raises AccessError for
        whoever does not read it. Reading by other ways writes nothing: it must work on a read-only cursor.
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "draft" and self.type_id.ask_reason and self.user_id != self.env.user:
            return self.env["vshu.reason"]._open("open_sealed", sealed_id=self.id)
        return self._open()

    def _open(self, reason=None):
        self.check_access("read")
        if self.state != "draft":
            self.env["vshu.sealed.reading"].sudo().create(  # sudo: written by the system, whoever reads
                {
                    "sealed_id": self.id,
                    "company_id": self.company_id.id,
                    "user_id": self.env.uid,
                    "reason": (reason or "").strip() or False,
                }
            )
        return self._form_action()

    def action_open_earlier(self):
        """Open the paper that this one corrects; put on record as every opening. Raises AccessError as action_open,
        UserError where it corrects none."""
        self.ensure_one()
        self.check_access("read")
        if not self.supersedes_id:
            raise UserError(self.env._("%s corrects no earlier one.", self.display_name))
        return self.supersedes_id.action_open()

    def action_correct(self):
        """Ask why and begin the corrected paper. Returns the dialog.

        Raises AccessError for anyone but the author and who provides it, UserError where it is not filed.
        """
        self.ensure_one()
        self._check_correct()
        return self.env["vshu.reason"]._open("correct_sealed", sealed_id=self.id)

    def _check_correct(self):
        self.check_access("read")
        if self.state != "filed":
            raise UserError(
                self.env._("%s is not the filed paper of its line: there is nothing to correct.", self.display_name)
            )
        if not self.can_correct:
            raise AccessError(
                self.env._(
                    "%(paper)s is corrected by its author and by: %(role)s.",
                    paper=self.display_name,
                    role=self.type_id.role_id.name or "-",
                )
            )

    def _correct(self, reason):
        """Begin the paper that corrects this one, with its words and files; checks right, state and reason."""
        self.ensure_one()
        self._check_correct()
        if not (reason or "").strip():
            raise UserError(self.env._("%s: write why it is corrected.", self.display_name))
        begun = self.search([("supersedes_id", "=", self.id), ("state", "=", "draft"), ("user_id", "=", self.env.uid)])
        if begun:
            return begun[0]._form_action()
        vals = {
            "document_id": self.document_id.id,
            "date": self.date,
            "text": self.text,
            "supersedes_id": self.id,
            "reason": reason.strip(),
            **self._facts_of(self.document_id),
        }
        # sudo: the right was checked for this very paper; the corrected one is its writer's
        new = guarded(self.sudo()).create(vals)
        copies = self.env["ir.attachment"].sudo()  # sudo: see above
        for file in self.sudo().attachment_ids:
            copies |= file.copy({"res_model": self._name, "res_id": new.id, "name": file.name})
        new.attachment_ids = copies
        return new.with_env(self.env)._form_action()

    def _form_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sealed paper"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
