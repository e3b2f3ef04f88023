from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools.states import OVER_STATES

#: form of a kind of paper → model that it is filled in with
FORM_MODELS = {"characteristic": "vshu.characteristic", "survey": "vshu.survey"}
#: what a finished form says of its paper
SAID_BY_FORM = {"date", "rating", "not_needed", "type_id"}


class VshuDocument(models.Model):
    """The paper in the lists of the dossier: forms, files, days, whose turn it is (RU-5.4, KZ-11, KZ-19)."""

    _inherit = "vshu.document"

    form = fields.Selection(related="type_id.form", store=True, string="Filled in as")
    form_done = fields.Boolean(string="Form finished", readonly=True, copy=False)
    case_state = fields.Selection(related="case_id.state", string="State of the case")
    student_id = fields.Many2one(related="case_id.student_id")
    family_id = fields.Many2one(related="case_id.family_id")
    class_id = fields.Many2one(related="case_id.student_id.vshu_class_id", string="Class")
    curator_id = fields.Many2one(related="case_id.curator_id")
    is_mine = fields.Boolean(
        string="Mine to give",
        compute="_compute_is_mine",
        search="_search_is_mine",
        help="Your role provides it: own class, own cases, or the whole school.",
    )

    # -- computes --------------------------------------------------------------------------------------------------

    @api.depends_context("uid")
    @api.depends("type_id", "case_id")
    def _compute_is_mine(self):
        mine = self.search(Domain("id", "in", self.ids) & Domain("is_mine", "=", True))
        for document in self:
            document.is_mine = document._origin in mine

    @api.model
    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        companies = self.env.companies
        roles = self.env["vshu.role"]._my_roles(companies)
        found = Domain.FALSE
        for company in companies:
            codes = sorted(roles.get(company.id, set()) - {"class_teacher"})
            found |= Domain("company_id", "=", company.id) & Domain("type_id.role_id.code", "in", codes)
        by_teacher = Domain("type_id.role_id.code", "=", "class_teacher")
        if any("class_teacher" in codes for codes in roles.values()):
            mine = Domain("vshu_class_id", "any", [("is_mine", "=", True)])
            found |= by_teacher & (
                Domain("case_id.student_id", "any", mine) | Domain("case_id.family_id.member_ids", "any", mine)
            )
        # what a class teacher gives, a curator gives of a family, whose children may be in several classes
        of_curator = Domain("type_id.role_id.code", "=", "curator") | (
            by_teacher & Domain("case_id.subject", "=", "family")
        )
        return found | (Domain("case_id.curator_id.user_id", "=", self.env.uid) & of_curator)

    # -- constraints -----------------------------------------------------------------------------------------------

    @api.constrains("date", "case_id")
    def _check_after_birth(self):
        # sudo: as _check_day; the days of all children at once
        self.case_id.sudo()._children().fetch(["vshu_birth_date"])
        for document in self:
            document._check_day(document.date)

    def _check_day(self, day):
        """Raise ValidationError where the paper would be of a day to come, or from before the child was born."""
        self.ensure_one()
        if not day:
            return
        if day > self._vshu_today():
            raise ValidationError(self.env._("“%s”: the date of a paper cannot lie in the future.", self.display_name))
        # sudo: the date of birth is behind groups; it is not told
        born = [child.vshu_birth_date for child in self.case_id.sudo()._children() if child.vshu_birth_date]
        if born and day < min(born):
            raise ValidationError(
                self.env._(
                    "“%(paper)s” of %(case)s is dated %(date)s, before the child was born. Correct the date.",
                    paper=self.display_name,
                    case=self.case_id.display_name,
                    date=fields.Date.to_string(day),
                )
            )

    # -- CRUD ------------------------------------------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_of_open_case(self):
        self._check_case_open()
        for document in self:
            if document._forms():
                raise UserError(
                    self.env._(
                        "“%s”: somebody writes its form. Delete the draft of the form first.", document.display_name
                    )
                )

    def _check_case_open(self):
        """Raise UserError where a user changes the papers of a case that is over."""
        self._refuse_over(self.case_id)

    def _refuse_over(self, cases):
        if self.env.su:
            return
        for case in cases:
            if case.state in OVER_STATES:
                raise UserError(self.env._("%s is over and its papers stay as they are.", case.display_name))

    def _check_said_by_form(self, vals):
        for document in self:
            changed = {name for name in SAID_BY_FORM & vals.keys() if document._says_otherwise(name, vals[name])}
            if changed and document.form_done:
                raise UserError(
                    self.env._(
                        "“%s” was filled in as a form, which says its date and what it finds. Open the form and "
                        "correct it by a new version.",
                        document.display_name,
                    )
                )
            if "type_id" in changed and document._forms():
                raise UserError(
                    self.env._("“%s” has a form of its own kind: add another paper instead.", document.display_name)
                )

    def _free_next_copies(self):
        """Take the day off the copies that wait after those of ``self`` that are there.

        ``_renew_papers`` writes it anew when the papers have changed; one that is taken back may wait for that very
        day itself, and two copies never wait for one day.
        """
        there = self.filtered(lambda d: d.state == "ready" and d.sudo().requirement_id.repeat_months)  # sudo: catalogue
        if there:
            # sudo: days kept by the system
            copies = there.sudo().case_id.document_ids.filtered(
                lambda d: d.requirement_id in there.requirement_id and d.state in ("missing", "due") and d.date_due
            )
            copies.write({"date_due": False})
            copies.flush_recordset(["date_due", "state"])

    def _says_otherwise(self, name, value):
        """Tell whether ``value`` is not what the paper has in the field ``name``."""
        current = self[name]
        if name == "date":
            return fields.Date.to_date(value) != current
        return (value or False) != ((current.id if name == "type_id" else current) or False)

    def _check_regulated(self, vals):
        """Raise AccessError where a user changes what the regulation or a clock says of a paper."""
        if not self.env.su and {"need", "date_due"} & vals.keys() and self.requirement_id:
            for document in self.filtered("requirement_id"):
                if vals.get("need", document.need) != document.need or (
                    "date_due" in vals and fields.Date.to_date(vals["date_due"]) != document.date_due
                ):
                    raise AccessError(
                        self.env._(
                            "“%(paper)s” (%(clause)s): whether it is required and until when follows from the "
                            "regulation and its clocks.",
                            paper=document.display_name,
                            clause=document.clause_text or "-",
                        )
                    )

    @api.model
    def _form_message(self):
        return self.env._("A paper is filled in by finishing its form.")

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_fill_form(self):
        """Open the form of the paper; a new draft, filled with what is known, where there is none (RU-A4, RU-5.4).

        Returns an act_window. Raises AccessError for a role that does not give the paper, UserError for a paper that
        has no form, and for a case that is over.
        """
        self.ensure_one()
        self.check_access("read")
        model = FORM_MODELS.get(self.form)
        if not model:
            raise UserError(
                self.env._(
                    "“%s” has no form in the program: lay the scan into the file, or mark that it is there.",
                    self.display_name,
                )
            )
        forms = self.env[model].search([("document_id", "=", self.id), ("state", "in", ("draft", "finished"))])
        if forms:
            return (forms.filtered(lambda form: form.state == "finished") or forms)[0]._open()
        self._check_case_open()
        self._check_giver()
        return self.env[model].create({"document_id": self.id})._open()

    def action_open_case(self):
        """Open the case of the paper. Returns an act_window; AccessError where the user may not read it."""
        self.ensure_one()
        return self.case_id.action_open()

    def _forms(self):
        """Return the forms of the paper, drafts and earlier versions too, of whichever model."""
        self.ensure_one()
        model = FORM_MODELS.get(self.form)
        # sudo: whether there is one
        return self.env[model].sudo().search([("document_id", "=", self.id)]) if model else ()
