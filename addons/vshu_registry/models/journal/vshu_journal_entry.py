from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ...tools.guard import guarded, is_guarded
from ..regulation.vshu_ground import KINDS, SUBJECTS


class VshuJournalEntry(models.Model):
    """A row of the journal (Журнал учёта): number and all that was true on that day, frozen (RU-5.1, RU-4.1).

    What lives on (term, removal, notification) is read from the case. Mistakes are put right by corrections, which
    keep what stood before; an erroneous entry is annulled and its number never used again.
    """

    _name = "vshu.journal.entry"
    _inherit = ["vshu.number.mixin", "vshu.rule.mixin"]
    _description = "Journal row"
    _order = "year_id, number desc, id desc"
    _rec_names_search = ["subject_name"]

    case_id = fields.Many2one("vshu.case", required=True, index=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", string="School", required=True, index=True, readonly=True)
    year_id = fields.Many2one("vshu.school.year", required=True, index=True, readonly=True, ondelete="restrict")
    number = fields.Integer(string="№", required=True, readonly=True, aggregator=None)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    subject = fields.Selection(SUBJECTS, required=True, readonly=True)
    date_entered = fields.Date(required=True, readonly=True)
    date_placed = fields.Date(string="Placed on", required=True, readonly=True)
    subject_name = fields.Char(string="Full name", readonly=True)
    birth_date = fields.Date(readonly=True)
    sex = fields.Selection([("male", "Male"), ("female", "Female")], readonly=True)
    class_name = fields.Char(string="Class", readonly=True)
    grade = fields.Integer(readonly=True, aggregator=None)
    address = fields.Char(readonly=True)
    guardians = fields.Text(string="Parents, phone", readonly=True)
    ground = fields.Text(readonly=True)
    ground_id = fields.Many2one("vshu.ground", string="Main ground", readonly=True, ondelete="restrict", index=True)
    basis = fields.Text(readonly=True)
    paper = fields.Char(string="Decision", readonly=True)
    outside_paper = fields.Char(string="Outside paper", readonly=True)
    later_papers = fields.Text(
        string="Papers entered later", readonly=True, help="Papers of outside bodies that came while the stay ran."
    )
    curator = fields.Char(readonly=True)
    annulled = fields.Boolean(readonly=True)
    annulment_reason = fields.Text(readonly=True)
    annulled_by_id = fields.Many2one("res.users", readonly=True)
    date_annulled = fields.Date(readonly=True)
    correction_ids = fields.One2many("vshu.journal.correction", "entry_id", string="Corrections", readonly=True)
    correction_count = fields.Integer(compute="_compute_correction_count")
    state = fields.Selection(related="case_id.state", store=True, string="State of the case")
    date_end = fields.Date(related="case_id.date_end", store=True, string="Term until")
    term_status = fields.Selection(related="case_id.term_status", store=True)
    extension_count = fields.Integer(related="case_id.extension_count", string="Extensions")
    date_parents_informed = fields.Date(related="case_id.date_parents_informed", store=True, string="Parents informed")
    date_removed = fields.Date(related="case_id.date_removed", store=True, string="Removed on")
    removal_reason_id = fields.Many2one(
        related="case_id.removal_reason_id", store=True, string="Reason for removal", index="btree_not_null"
    )
    repeated = fields.Boolean(related="case_id.repeated", store=True, string="Repeated")

    _number_uniq = models.Constraint("UNIQUE(company_id, year_id, number)", "This number of the journal is taken.")
    _case_uniq = models.Constraint("UNIQUE(case_id)", "The case has its row in the journal already.")

    @api.depends("number", "year_id")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = self.env._("№ %(number)s (%(year)s)", number=entry.number, year=entry.year_id.name)

    @api.depends("correction_ids")
    def _compute_correction_count(self):
        counts = dict(
            self.env["vshu.journal.correction"]._read_group([("entry_id", "in", self.ids)], ["entry_id"], ["__count"])
        )
        for entry in self:
            entry.correction_count = counts.get(entry._origin, 0)

    @api.model_create_multi
    def create(self, vals_list):
        """Rows are made by the placement only (AccessError)."""
        if not is_guarded(self.env):
            raise AccessError(self.env._("A row of the journal is made by carrying out a decision, not by hand."))
        return super().create(vals_list)

    def write(self, vals):
        """Rows are frozen: changed by corrections and annulments only (UserError). Live columns follow the case."""
        live = {
            "state",
            "date_end",
            "term_status",
            "date_parents_informed",
            "date_removed",
            "removal_reason_id",
            "repeated",
        }
        if not is_guarded(self.env) and not (self.env.su and vals.keys() <= live):
            raise UserError(
                self.env._(
                    "A row of the journal is not changed. Put a mistake right by “Correct”: what stood before is kept."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A row of the journal is never deleted. The head annuls an erroneous entry; its number is not reused."
            )
        )

    def _add_paper(self, signal, day):
        """Enter one more paper of an outside body in the row, with the day of the entry; what stood stays (RU-5.1).

        A guarded superuser set.
        """
        for entry in self:
            paper = [signal.issuer_id.name, signal.form_id.name, signal.paper_number and f"№ {signal.paper_number}"]
            if signal.paper_date:
                paper.append(format_date(self.env, signal.paper_date))
            line = self.env._(
                "%(paper)s; entered on %(day)s", paper=", ".join(filter(None, paper)), day=format_date(self.env, day)
            )
            entry.later_papers = "\n".join(filter(None, [entry.later_papers, line]))

    @api.model
    def _next_number(self, company, year):
        """Return the next number of the journal of ``company`` in ``year``: consecutive, no gap, no double."""
        first = self.env["vshu.school"]._for_company(company).journal_first_number or 1
        return self._next_of_year(company, year, first)

    def action_correct(self):
        """Open a correction of the row. Returns an act_window; AccessError for whoever does not keep the register."""
        self.ensure_one()
        self.check_access("read")
        roles = self.env["vshu.role"]._my_roles(self.company_id).get(self.company_id.id, set())
        if not self.env.su and not roles & {"social_pedagogue", "deputy_head", "head"}:
            raise AccessError(self.env._("%s: rows are corrected by those who keep the register.", self.display_name))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the row"),
            "res_model": "vshu.journal.correction",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_entry_id": self.id},
        }


class VshuJournalCorrection(models.Model):
    """A correction of a journal row: what stood, what stands, why, who and when. Never changed, never deleted."""

    _name = "vshu.journal.correction"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Correction of the journal"
    _order = "id desc"

    #: columns that a correction may put right
    _correctable = (
        "subject_name",
        "birth_date",
        "class_name",
        "address",
        "guardians",
        "ground",
        "basis",
        "paper",
        "outside_paper",
        "curator",
    )

    entry_id = fields.Many2one("vshu.journal.entry", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="entry_id.company_id", store=True, index=True)
    field_name = fields.Selection(selection="_selection_field_name", string="Column", required=True)
    old_value = fields.Text(string="Stood", readonly=True)
    new_value = fields.Text(string="Stands now")
    reason = fields.Char(string="Why", required=True)
    date = fields.Datetime(default=fields.Datetime.now, readonly=True, required=True)
    user_id = fields.Many2one(
        "res.users", string="Who", default=lambda self: self.env.user, readonly=True, required=True
    )

    @api.model
    def _selection_field_name(self):
        entry = self.env["vshu.journal.entry"]
        return [(name, entry._fields[name]._description_string(self.env)) for name in self._correctable]

    @api.model_create_multi
    def create(self, vals_list):
        """Correct rows: the old value is kept here, the new one goes into the row.

        Raises UserError where the row is annulled, nothing changes, or a date is not written as a date.
        """
        self._vshu_check_values(vals_list)
        for vals in vals_list:
            entry = self.env["vshu.journal.entry"].browse(
                vals.get("entry_id") or self.env.context.get("default_entry_id")
            )
            if not entry:
                raise UserError(self.env._("Choose the row of the journal that is put right."))
            entry.check_access("read")
            if entry.annulled:
                raise UserError(self.env._("%s is annulled and stays as it is.", entry.display_name))
            name = vals.get("field_name")
            if name not in self._correctable:
                raise UserError(self.env._("Choose the column of the journal that is put right."))
            old = entry[name]
            vals["old_value"] = fields.Date.to_string(old) if name == "birth_date" and old else old or False
            vals["user_id"] = self.env.uid
            vals["date"] = fields.Datetime.now()
            if (vals.get("new_value") or False) == vals["old_value"]:
                raise UserError(self.env._("%s: the new value is the one that stands already.", entry.display_name))
        corrections = super().create(vals_list)
        for correction in corrections:
            value = correction.new_value
            if correction.field_name == "birth_date":
                try:
                    value = fields.Date.to_date(value)
                except ValueError as error:
                    raise UserError(self.env._("Write the date of birth as YYYY-MM-DD.")) from error
            # sudo: the right to correct was checked by the creation of the correction
            guarded(correction.entry_id.sudo()).write({correction.field_name: value})
        return corrections

    def write(self, vals):
        """Corrections are never changed (UserError); the school that they belong to follows their row."""
        if not vals.keys() <= {"company_id"} or not self.env.su:
            self.check_access("read")
            raise UserError(self.env._("A correction stands as it is: make another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A correction is never deleted."))
