import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.guard import guarded

_logger = logging.getLogger(__name__)


class VshuFinding(models.Model):
    """What a rule of today finds wrong in what was entered earlier: told to the keeper, never changed in silence.

    Rules are mended, data that people entered stays. So each check looks over the records of all schools, at an
    update and every night, and makes one line a record; a person corrects the record, and the line goes by itself,
    or says why it stays as it is.
    """

    _name = "vshu.finding"
    _inherit = ["vshu.guard.mixin", "vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Entry to be checked"
    _order = "state desc, date_found desc, id desc"

    _guarded_fields = {
        "company_id": False,
        "code": False,
        "res_model": False,
        "res_id": False,
        "state": "open",
        "date_found": False,
        "date_settled": False,
        "user_id": False,
    }

    company_id = fields.Many2one("res.company", string="School", required=True, readonly=True, index=True)
    code = fields.Char(string="Check", required=True, readonly=True)
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", required=True, readonly=True)
    record_name = fields.Char(string="Entry", compute="_compute_record_name")
    text = fields.Char(string="What is to be checked", compute="_compute_text")
    state = fields.Selection(
        [("open", "To be checked"), ("kept", "Stays as it is"), ("gone", "Corrected")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    note = fields.Text(string="Why it stays", help="What was checked, and why the entry stays as it is.")
    date_found = fields.Date(string="Found on", readonly=True)
    date_settled = fields.Date(string="Settled on", readonly=True)
    user_id = fields.Many2one("res.users", string="Checked by", readonly=True)

    _one_a_record = models.UniqueIndex("(res_model, res_id, code)", "This entry is on the list already.")

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_text(self):
        texts = self._texts()
        for finding in self:
            finding.text = texts.get(finding.code) or finding.code

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for model, findings in self.grouped("res_model").items():
            # with the reader's rights: a line tells no more of a record than the record itself
            known = self.env[model].browse(findings.mapped("res_id")).exists() if model in self.env else None
            readable = known._filtered_access("read") if known else known
            names = {record.id: record.display_name for record in readable or ()}
            for finding in findings:
                finding.record_name = names.get(finding.res_id) or self.env._("Entry %s", finding.res_id)

    @api.depends("record_name", "code")
    def _compute_display_name(self):
        for finding in self:
            finding.display_name = finding.record_name

    @api.model_create_multi
    def create(self, vals_list):
        """Create lines; only the checks themselves do. Raises AccessError for anybody else."""
        return super(VshuFinding, self._guard_create(vals_list)).create(vals_list)

    # -- what people do --------------------------------------------------------------------------------------------

    def action_open_record(self):
        """Open the entry that the line is about; returns an act_window. Raises AccessError without the right on it."""
        self.ensure_one()
        self.check_access("read")
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("The entry is not there any more: the line goes by itself tonight."))
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_keep(self):
        """Settle the lines: the entry was checked and stays as it is. For those who keep the register.

        Raises AccessError without the role, UserError where the reason is missing or the line is settled.
        """
        self._check_office()
        for finding in self:
            if finding.state != "open":
                raise UserError(self.env._("“%s”: this line is settled already.", finding.display_name))
            if not (finding.note or "").strip():
                raise UserError(
                    self.env._(
                        "“%s”: write why the entry stays as it is, then mark it as checked.", finding.display_name
                    )
                )
        guarded(self).write({"state": "kept", "user_id": self.env.uid, "date_settled": self._vshu_today()})
        return True

    def action_reopen(self):
        """Put lines that were left as they are back on the list. Raises AccessError without the role."""
        self._check_office()
        if any(finding.state != "kept" for finding in self):
            raise UserError(self.env._("Only what was left as it is can be put back on the list."))
        guarded(self).write({"state": "open", "user_id": False, "date_settled": False})
        return True

    def _check_office(self):
        self.check_access("write")
        office = self.env["vshu.signal"]._office_roles()
        roles = self.env["vshu.role"]._my_roles(self.company_id)
        if not self.env.su and any(not roles.get(company.id, set()) & office for company in self.company_id):
            raise AccessError(self.env._("What was found is settled by those who keep the register."))

    # -- the checks ------------------------------------------------------------------------------------------------

    @api.model
    def _texts(self):
        """Return {check: sentence for the reader on what is wrong and what is to be done}; other addons add theirs."""
        return {
            "conversion": self.env._(
                "Moved between register and control without the consent, papers, basis or reason that this needs. Have "
                "the decision put right, or annul the entry."
            ),
            "ended_before": self.env._(
                "The end lies before the placement. Correct the journal row, or have it annulled."
            ),
            "of_age": self.env._("Placed at an age at which a stay ends by itself. Have the entry annulled."),
            "left": self.env._("The pupil has left, and the removal is not before the council. Propose the removal."),
            "repeated": self.env._("Linked as repeated to a stay of the other kind. Check the earlier stay."),
            "extension": self.env._("Extended to a day that was over when it was decided. Have a new term decided."),
            "not_entered": self.env._("A paper from outside is joined to the case and not entered in the journal."),
            "issuer_no_body": self.env._(
                "The sender of the paper is no body. Choose the body that sent it, or mark the contact as one."
            ),
            "recorded_late": self.env._(
                "Met in time by the day that was typed, though it was recorded later. Check the day."
            ),
            "guardian_without_paper": self.env._(
                "Receives papers without being a legal representative. Enter the paper that allows it, or take the "
                "tick away."
            ),
            "family_adult_without_right": self.env._(
                "An adult of the family has no right to papers of any of the children. Check who answers for them."
            ),
            "pupil_archived": self.env._(
                "The pupil is in a class, and the contact is archived: bring the contact back."
            ),
            "pupil_elsewhere": self.env._(
                "The pupil is in a class, and the contact belongs to another company: leave the company empty."
            ),
            "file_opened": self.env._(
                "A file was opened to whoever had its address. It is closed now: check who may have got it."
            ),
        }

    @api.model
    def _look(self, names=None):
        """Run the checks, add what is new, take off what is in order now; one that fails stops no other.

        A model with checks has a method ``_findings``: {check: records found, or a list of them of several models}. It
        is called in sudo and looks at all schools.

        :param names: the models to look at; all of them by default
        :return: the lines that are new
        """
        # sudo: the checks look at every school; who reads the lines is said by the rules of this model
        own = guarded(self.sudo().with_context(active_test=False))
        new = own.browse()
        for name, model in sorted(self.env.registry.items()):
            if not hasattr(model, "_findings") or model._abstract or (names is not None and name not in names):
                continue
            try:
                with self.env.cr.savepoint():
                    for code, found in own.env[name]._findings().items():
                        new += own._bring_in_step(code, found if isinstance(found, list) else [found])
            except Exception:
                self.env.invalidate_all()
                _logger.exception("The checks of %s failed; they are tried again next night", name)
        return new.with_env(self.env)

    def _bring_in_step(self, code, found):
        """Make the lines of one check agree with ``found``, a list of recordsets. Returns the new lines."""
        known = self.search([("code", "=", code)])
        lines = {(line.res_model, line.res_id): line for line in known}
        wanted = {(records._name, record.id): record for records in found for record in records}
        gone = known.filtered(lambda line: line.state != "gone" and (line.res_model, line.res_id) not in wanted)
        back = known.filtered(lambda line: line.state == "gone" and (line.res_model, line.res_id) in wanted)
        for today, settled in gone.grouped(lambda line: line._vshu_today()).items():
            settled.write({"state": "gone", "date_settled": today})
        back.write({"state": "open", "date_settled": False, "user_id": False})
        companies = {}
        for records in found:
            companies.update({(records._name, id_): school for id_, school in self._schools_of(records).items()})
        return self.create(
            [
                {
                    "company_id": companies[key].id,
                    "code": code,
                    "res_model": record._name,
                    "res_id": record.id,
                    "date_found": companies[key]._vshu_today(),
                }
                for key, record in wanted.items()
                if key not in lines and companies.get(key)
            ]
        )

    @api.model
    def _schools_of(self, records):
        """Return {record id: school} of the records; those of people are of the school where the child is a pupil."""
        if "company_id" in records._fields:
            return {record.id: record.company_id for record in records}
        enrollments = self.env["vshu.enrollment"].search(
            [("student_id", "in", records.student_id.ids)], order="date_from"
        )
        latest = {enrollment.student_id.id: enrollment.company_id for enrollment in enrollments}
        return {record.id: latest.get(record.student_id.id) for record in records}
