from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.guard import guarded, is_guarded, without_defaults
from ...tools.locks import wait_for

#: written by the buttons of the form only
GUARDED = {"state", "version", "corrects_id", "author_id", "author_name", "author_post", "date_finished"}
#: what a new version takes over beside the headings
CARRIED = {"document_id", "student_id", "lang", "date", "rating"}


class VshuFormMixin(models.AbstractModel):
    """A paper of the case that is filled in within the program: draft, finished by its author, then locked.

    Finishing it makes its paper ready, in one transaction. A mistake found later is put right by a new version; the
    finished one stays as it was. The model that takes it names its form (``_form``, a value of
    ``vshu.document.type.form``), its headings and those that must be filled in.
    """

    _name = "vshu.form.mixin"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin", "vshu.paper.mixin", "vshu.clause.mixin"]
    _description = "Form of a paper"
    _order = "date desc, version desc, id desc"

    #: which kinds of papers it is for
    _form = None
    #: names of the fields that cannot be empty when it is finished
    _form_required = ()

    document_id = fields.Many2one("vshu.document", string="Paper", required=True, index=True, ondelete="cascade")
    case_id = fields.Many2one(related="document_id.case_id", store=True, index=True)
    company_id = fields.Many2one(related="document_id.company_id", store=True, index=True)
    type_id = fields.Many2one(related="document_id.type_id")
    clause = fields.Char(string="Clause identifier", related="document_id.clause")
    rated = fields.Boolean(related="document_id.rated")
    family_id = fields.Many2one(related="case_id.family_id")
    child_ids = fields.Many2many(
        "res.partner", string="Children of the case", compute="_compute_child_ids", compute_sudo=True
    )
    student_id = fields.Many2one(
        "res.partner", string="Child", index=True, ondelete="restrict", domain="[('id', 'in', child_ids)]"
    )
    lang = fields.Selection(
        selection="_get_langs", string="Language of the paper", required=True, default=lambda self: self.env.lang
    )
    date = fields.Date(string="Date of the paper", required=True, default=lambda self: self.env.company._vshu_today())
    rating = fields.Selection(
        [("positive", "Positive"), ("negative", "Negative")], string="What it says", help="The paper says it then."
    )
    state = fields.Selection(
        [("draft", "Draft"), ("finished", "Finished"), ("replaced", "Replaced by a new version")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    version = fields.Integer(default=1, readonly=True, copy=False, aggregator=None)
    author_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    author_name = fields.Char(string="Signed by", readonly=True, copy=False)
    author_post = fields.Char(string="Post", readonly=True, copy=False)
    date_finished = fields.Date(string="Finished on", readonly=True, copy=False)
    can_edit = fields.Boolean(compute="_compute_can", help="The author, while it is a draft.")
    can_take_over = fields.Boolean(compute="_compute_can", export_string_translation=False)
    can_correct = fields.Boolean(compute="_compute_can", export_string_translation=False)

    @api.model
    def _get_langs(self):
        return self.env["res.lang"].get_installed()

    # -- computes --------------------------------------------------------------------------------------------------

    @api.depends("case_id")
    def _compute_child_ids(self):
        for form in self:
            form.child_ids = form.case_id._children()

    @api.depends_context("lang")
    @api.depends("type_id", "case_id", "version")
    def _compute_display_name(self):
        """A number, never the name of the child."""
        for form in self:
            form.display_name = (
                self.env._(
                    "%(paper)s, %(case)s, version %(version)s",
                    paper=self._description_word(),
                    case=form.case_id.display_name or "",
                    version=form.version,
                )
                if form.version > 1
                else self.env._(
                    "%(paper)s, %(case)s", paper=self._description_word(), case=form.case_id.display_name or ""
                )
            )

    @api.model
    def _description_word(self):
        """Return what the form is called, as the kinds of papers name it."""
        forms = self.env["vshu.document.type"]._fields["form"]._description_selection(self.env)
        return dict(forms)[self._form]

    @api.depends_context("uid")
    @api.depends("state", "author_id", "document_id", "case_id.state")
    def _compute_can(self):
        givers = self._givers()
        for form in self:
            giver = form._origin in givers
            mine = form.author_id == self.env.user
            form.can_edit = form.state == "draft" and mine and giver
            form.can_take_over = form.state == "draft" and not mine and giver
            form.can_correct = form.state == "finished" and giver

    def _givers(self):
        """Return those of the forms whose paper the user may give today, of cases that are not over."""
        documents = self.document_id
        if not self.env.su:
            documents = documents._filtered_access("write")
        return self._origin.filtered(lambda form: form.document_id in documents and form.document_id.can_give)

    # -- constraints -----------------------------------------------------------------------------------------------

    @api.constrains("document_id")
    def _check_form(self):
        for form in self:
            if form.document_id.type_id.form != self._form:
                raise ValidationError(
                    self.env._(
                        "“%(paper)s” (%(clause)s) is not filled in as “%(form)s”. Open the form from the line of a "
                        "paper of that kind.",
                        paper=form.document_id.display_name,
                        clause=form.clause_text or "-",
                        form=self._description_word(),
                    )
                )

    @api.constrains("date", "document_id")
    def _check_date(self):
        for form in self:
            form.document_id._check_day(form.date)

    @api.constrains("student_id", "document_id")
    def _check_student(self):
        for form in self:
            if form.student_id and form.student_id not in form.case_id.sudo()._children():  # sudo: whose case it is
                raise ValidationError(
                    self.env._("%s: the child is not the one that the case is about.", form.display_name)
                )

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Begin forms, filled with what the school knows already. Those who give the paper only (AccessError)."""
        if not is_guarded(self.env):
            self = without_defaults(self, GUARDED)
            for vals in vals_list:
                forged = {
                    name for name in GUARDED & vals.keys() if vals[name] and (name, vals[name]) != ("state", "draft")
                }
                if forged:
                    raise AccessError(self._guard_message(forged))
        self._check_documents(vals_list)
        forms = super().create([self._with_known(vals) for vals in vals_list])
        forms._check_giver()
        return forms

    @api.model
    def _check_documents(self, vals_list):
        """Raise before anything of a paper is told to whoever may not read it, or where it has its form already."""
        self._vshu_check_values(vals_list)
        default = self.env.context.get("default_document_id")
        ids = {int(vals.get("document_id") or default or 0) for vals in vals_list} - {0}
        documents = self.env["vshu.document"].browse(sorted(ids))
        documents.check_access("read")
        if is_guarded(self.env):
            return
        # sudo: that there is a form is told to whoever reads the paper
        there = self.sudo().search([("document_id", "in", documents.ids), ("state", "in", ("draft", "finished"))])
        for form in there:
            raise UserError(
                self.env._(
                    "“%s” has its form already: open it from the line of the paper, and correct it by a new version.",
                    form.document_id.display_name,
                )
            )

    def write(self, vals):
        """Change a draft of one's own. What is finished stays; it is corrected by a new version (UserError)."""
        if not is_guarded(self.env):
            if GUARDED & vals.keys():
                raise AccessError(self._guard_message(GUARDED & vals.keys()))
            self._check_unfinished()
            if "document_id" in vals and any(form.document_id.id != vals["document_id"] for form in self):
                raise UserError(self.env._("A form stays with its paper: fill in the form of the other paper instead."))
            if vals and not self.env.su:
                self._check_author()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        for form in self:
            if form.state != "draft":
                raise UserError(self.env._("%s is part of the file and is not deleted.", form.display_name))
        if not self.env.su:
            self._check_author()

    def _check_unfinished(self):
        for form in self:
            if form.state != "draft":
                raise UserError(
                    self.env._(
                        "%s is finished and stays as it is. Press “Correct” to make a new version.", form.display_name
                    )
                )

    def _check_giver(self):
        """Raise where the user does not give the paper, or its case is over."""
        if self.env.su:
            return
        self.document_id._check_case_open()
        self.document_id._check_giver()

    def _check_author(self):
        """Raise where the user is not the author who writes the draft, or does not give the paper any more."""
        self._check_giver()
        for form in self:
            if form.author_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "%(form)s is being written by %(author)s. Press “Take over” to go on with it yourself.",
                        form=form.display_name,
                        author=form.author_id.sudo().name,  # sudo: the name of a colleague
                    )
                )

    def _guard_message(self, names):
        labels = sorted(self._fields[name]._description_string(self.env) for name in names)
        return self.env._("%s: changed by the buttons of the form only.", ", ".join(labels))

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_finish(self):
        """Finish the forms: their papers are there from now on, with date and what they say (RU-5.4, RU-A4, KZ-11).

        Raises AccessError for anyone but the author, UserError that lists the headings that are still empty.
        """
        for form in self:
            form.check_access("read")
            if form.state != "draft":
                raise UserError(self.env._("%s is finished already.", form.display_name))
        if not self.env.su:
            self._check_author()
        problems = [
            f"• {problem}" if len(self) == 1 else f"• {form.display_name}: {problem}"
            for form in self
            for problem in form._finish_problems()
        ]
        if problems:
            raise UserError(self.env._("Before it is finished:\n%s", "\n".join(problems)))
        for form in self:
            form._finish()
        return True

    def _finish(self):
        self.ensure_one()
        form = guarded(self.sudo())  # sudo: author and state were checked; the paper follows in the same transaction
        wait_for(form.document_id)
        employee = form._author_employee()
        form.corrects_id.write({"state": "replaced"})
        form.corrects_id.flush_recordset(["state"])  # one finished form a paper, at every moment
        form.write(
            {
                "state": "finished",
                "date_finished": self._vshu_today(),
                "author_name": employee.name or form.author_id.name,
                "author_post": form._author_post(employee) or False,
            }
        )
        form.document_id.write(
            {
                "form_done": True,
                "date": form.date,
                "not_needed": False,
                "author_id": employee.id or form.document_id.author_id.id,
                **({"rating": form.rating} if form.rated else {}),
            }
        )

    def _author_employee(self):
        """Return the author as a member of the school's staff."""
        self.ensure_one()
        # sudo: the author's own name and post, which stand on the paper
        return (
            self.env["hr.employee"]
            .sudo()
            .search([("user_id", "=", self.author_id.id), ("company_id", "=", self.company_id.id)], limit=1)
        )

    def _author_post(self, employee):
        """Return as what the author signs."""
        return employee.job_title or ""

    def _finish_problems(self):
        """Return what keeps the form from being finished: a list of lines in plain words."""
        self.ensure_one()
        names = (*self._form_required, *(["rating"] if self.rated else []))
        empty = [name for name in names if not self._filled(name)]
        return [self.env._("fill in “%s”", self._fields[name]._description_string(self.env)) for name in empty]

    def _filled(self, name):
        value = self[name]
        return bool(value.strip()) if isinstance(value, str) else bool(value)

    def action_take_over(self):
        """Go on with a colleague's draft: the user becomes its author. Raises AccessError for who may not give it."""
        for form in self:
            form.check_access("read")
            if form.state != "draft":
                raise UserError(self.env._("%s is finished already.", form.display_name))
        self._check_giver()
        guarded(self.sudo()).write({"author_id": self.env.uid})  # sudo: the right was checked for these very forms
        return True

    def action_correct(self):
        """Open a new version of a finished form; it counts when it is finished (RU-4.1: corrected, on record).

        Returns an act_window. Raises AccessError for who may not give the paper, UserError for a draft.
        """
        self.ensure_one()
        self.check_access("read")
        self._check_giver()
        if self.state != "finished":
            raise UserError(self.env._("%s: only what is finished is corrected by a new version.", self.display_name))
        if not (draft := self.search([("corrects_id", "=", self.id), ("state", "=", "draft")], limit=1)):
            vals = {name: self[name] for name in (*self._headings(), *CARRIED)}
            vals = {name: value.id if isinstance(value, models.BaseModel) else value for name, value in vals.items()}
            vals.update(version=self.version + 1, corrects_id=self.id, author_id=self.env.uid, **self._copied_lines())
            # sudo: the right was checked for this very form
            draft = guarded(self.sudo()).create(vals).sudo(False).with_env(self.env)
        return draft._open()

    def action_fill_known(self):
        """Fill in again what the school knows of the child. Raises AccessError for anyone but the author."""
        for form in self:
            form.check_access("read")
            form.write(form._known_vals(form.document_id, form.student_id, form.lang, form.date))
        return True

    def action_print(self):
        """Return the printed form. Raises AccessError where the user may not read it."""
        self.check_access("read")
        return self.env.ref(f"vshu_registry.action_report_{self._form}").report_action(self)

    # -- what is known ---------------------------------------------------------------------------------------------

    @api.model
    def _with_known(self, vals):
        """Return create values completed by what the school knows."""
        document = self.env["vshu.document"].browse(
            vals.get("document_id") or self.env.context.get("default_document_id")
        )
        if not document or vals.get("corrects_id"):
            return vals
        case = document.sudo().case_id  # sudo: the right to read the paper was checked
        student = case.env["res.partner"].browse(vals.get("student_id")) or case._children()[:1]
        day = fields.Date.to_date(vals.get("date")) or self._vshu_today()
        lang = vals.get("lang") or case._paper_lang_of_reader()
        return {"student_id": student.id, "lang": lang, **self._known_vals(document, student, lang, day), **vals}

    @api.model
    def _known_vals(self, document, student, lang, day):
        """Return the values of the headings that the school's records answer for ``day``. Each form says its own."""
        return {}

    @api.model
    def _headings(self):
        """Return the names of the fields that are the form's own: what a new version takes over."""
        mixin = self.env.registry["vshu.form.mixin"]._fields
        return [
            name
            for name, field in self._fields.items()
            if name not in mixin
            and field.store
            and name not in models.MAGIC_COLUMNS
            and field.type not in ("one2many", "many2many")
            and name not in GUARDED
        ]

    def _copied_lines(self):
        """Return create commands for the lines of the form."""
        return {}

    # -- helpers ---------------------------------------------------------------------------------------------------

    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self._description_word(),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _paper_lang(self):
        """Return the language that the author has chosen."""
        self.ensure_one()
        installed = {code for code, _name in self._get_langs()}
        return self.lang if self.lang in installed else super()._paper_lang()

    def _paper_label(self, name):
        """Return the label of a heading in the language of the paper."""
        return self._fields[name]._description_string(self.env)

    def _paper_text(self, name):
        """Return the value of a heading as it stands on the paper."""
        field, value = self._fields[name], self[name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        return self._paper_date(value) if field.type == "date" else value or ""

    def _paper_mark(self):
        """Return what a reader must know of the paper at once: that it is a draft, or a corrected version."""
        self.ensure_one()
        if self.state == "draft":
            return self.env._("Draft")
        if self.version > 1:
            return self.env._(
                "Version %(number)s, corrected on %(date)s",
                number=self.version,
                date=self._paper_date(self.date_finished),
            )
        return ""

    def _paper_author(self):
        """Return (post, name) of who signs."""
        self.ensure_one()
        employee = self._author_employee()
        return (
            self.author_post or self._author_post(employee),
            self.author_name or employee.name or self.author_id.sudo().name,  # sudo: the name of a colleague
        )
