import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date, human_size

from ..tools import transfer_package


class VshuTransferImport(models.TransientModel):
    """Takes the record of another school in from its file: upload and code, preview, confirmation.

    Until the confirmation nothing is written but this dialog, and the file in it is checked anew then.
    """

    _name = "vshu.transfer.import"
    _inherit = "vshu.link.mixin"
    _description = "Record from another school: read in"

    company_id = fields.Many2one("res.company", string="School", required=True, default=lambda self: self.env.company)
    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    code = fields.Char(string="Control code", help="Six groups of four digits, as they stand on the paper.")
    state = fields.Selection([("upload", "File"), ("preview", "Preview")], default="upload", required=True)
    subject = fields.Selection([("student", "Student"), ("family", "Family")], readonly=True)
    candidate_ids = fields.Many2many("res.partner", string="Who may be meant", readonly=True)
    student_id = fields.Many2one(
        "res.partner",
        string="Student of this school",
        domain="[('vshu_is_student', '=', True), ('vshu_company_ids', 'in', company_id)]",
        help="May be left empty where the student is not enrolled yet, and chosen later.",
    )
    family_id = fields.Many2one(
        "vshu.family", string="Family of this school", domain="[('company_id', '=', company_id)]"
    )
    create_student = fields.Boolean(string="Make a new student")
    can_create = fields.Boolean(compute="_compute_can_create", export_string_translation=False)
    class_id = fields.Many2one("vshu.class", domain="[('company_id', '=', company_id)]")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends_context("uid")
    @api.depends("subject", "candidate_ids")
    def _compute_can_create(self):
        for wizard in self:
            keeper = self.env["res.partner"]._vshu_is_keeper() and self.env["vshu.enrollment"].has_access("create")
            wizard.can_create = keeper and wizard.subject == "student"

    @api.depends("state", "student_id", "create_student", "class_id")
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = False
            if wizard.state != "preview" or not wizard.file or not wizard._origin:
                continue
            package = wizard._package()
            wizard.preview = self.env["ir.qweb"]._render("vshu_transfer.transfer_preview", wizard._preview(package))

    # -- actions ---------------------------------------------------------------------------------------------------

    def action_preview(self):
        """Read the file with its code and show what it holds and what will be made of it.

        Returns the dialog. Raises AccessError for whoever does not keep the register, UserError for a file that is not
        taken: altered, wrong code, another version, here already.
        """
        self.ensure_one()
        package = self._package()
        transfers = self._transfers()
        record = package.record
        transfers._check_new(self.company_id, package)
        found = transfers._matching_students(self.company_id, record)
        self.write(
            {
                "state": "preview",
                "subject": "family" if record["subject"]["kind"] == "family" else "student",
                "candidate_ids": [Command.set(transfers._candidate_students(self.company_id, record).ids)],
                "student_id": found.id if len(found) == 1 else False,
            }
        )
        return self._again()

    def action_back(self):
        """Go back to the file. Returns the dialog."""
        self.ensure_one()
        self._check_may()
        self.write(
            {"state": "upload", "student_id": False, "create_student": False, "candidate_ids": [Command.clear()]}
        )
        return self._again()

    def action_confirm(self):
        """Take the record in: with its papers, tied to the student who was chosen or made.

        Returns an act_window on it. Raises as action_preview, and for a new student without a class, or of which there
        is one already.
        """
        self.ensure_one()
        package = self._package()
        student = self._make_student(package.record) if self.create_student else self.student_id
        # sudo: who takes records in was checked; what is made comes from the file and from what the user chose
        transfers = self._transfers().sudo().with_context(mail_create_nosubscribe=True)
        transfer = transfers._create_incoming(self.company_id, package, self._vshu_today(), student, self.family_id)
        self.write({"file": False, "code": False, "state": "upload"})
        return transfer.with_env(self.env)._open_form()

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _transfers(self):
        """Return the model of hand-overs with the eyes of the school that takes the record in."""
        return self.env["vshu.transfer"].with_company(self.company_id)

    def _check_may(self):
        self.check_access("read")
        self.env["vshu.transfer"]._check_office(self.company_id)

    def _package(self):
        """Return what is in the file; the right is checked first. Raises UserError in plain words."""
        self._check_may()
        if not self.file:
            raise UserError(self.env._("Choose the file that the other school sent."))
        if not (self.code or "").strip():
            raise UserError(self.env._("Type the control code: it stands on the paper that came with the file."))
        try:
            content = base64.b64decode(self.with_context(bin_size=False).file, validate=True)
            return transfer_package.read(content, self.code)
        except binascii.Error as error:
            raise UserError(self._transfers()._package_message(transfer_package.PackageError("not_zip"))) from error
        except transfer_package.PackageError as error:
            raise UserError(self._transfers()._package_message(error)) from error

    def _make_student(self, record):
        """Return a new student in the chosen class, made with the user's own rights."""
        if not self.can_create or record["subject"]["kind"] != "student":
            raise UserError(
                self.env._("New students are entered by the social pedagogue or the register administrator.")
            )
        if not self.class_id:
            raise UserError(self.env._("Choose the class of the new student."))
        same = self._transfers()._matching_students(self.company_id, record)
        if same:
            raise UserError(
                self.env._(
                    "%s is a student of this school already, with this date of birth: choose them.", same[0].name
                )
            )
        subject = record["subject"]
        student = self.env["res.partner"].create(
            {
                "name": subject["name"],
                "vshu_is_student": True,
                "vshu_birth_date": subject.get("birth_date"),
                "vshu_sex": subject["sex"] if subject.get("sex") in ("male", "female") else False,
            }
        )
        year = self.class_id.year_id
        today = self._vshu_today()
        self.env["vshu.enrollment"].create(
            {
                "student_id": student.id,
                "class_id": self.class_id.id,
                "date_from": min(max(today, year.date_start), year.date_end),
            }
        )
        return student

    def _preview(self, package):
        """Return the values of the preview: what the file holds, what will be made, what differs."""
        transfers, record = self._transfers(), package.record
        subject = record["subject"]
        rows = record.get("papers") or []
        student = self.student_id
        regulation = self.env["vshu.regulation"]._on_date(self.company_id, self._vshu_today())
        case = record.get("case") or {}
        kind = case["kind"] if case.get("kind") == "control" else "register"
        # sudo: the catalogue of the school's own regulation
        ground = transfers._same_ground(regulation.sudo(), case.get("ground"), kind, subject["kind"])
        made = [self.env._("a record from another school (papers: %s)", len(rows))]
        if self.create_student:
            made.append(
                self.env._(
                    "a new student %(name)s, class %(class)s",
                    **{"name": subject["name"], "class": self.class_id.name or "…"},
                )
            )
        elif student:
            made.append(
                self.env._(
                    "tied to %(name)s, class %(class)s",
                    **{"name": student.name, "class": student.vshu_class_id.name or "-"},
                )
            )
        elif subject["kind"] == "student":
            made.append(self.env._("tied to nobody yet: choose the student now or later"))
        return {
            "sections": transfers._sections(record),
            "school": record["sender"]["name"],
            "who": subject["name"],
            "made": made,
            "differences": transfers._differences(student, record) if student and not self.create_student else [],
            "candidates": [self._about(partner) for partner in self.candidate_ids if partner != student],
            "ground": ground.display_name if ground else "",
            "files": [
                {
                    "paper": transfers._entry_words(row.get("type"), clause=False),
                    "name": transfers._file_name(file),
                    "size": human_size(len(package.files[file["member"]])),
                }
                for row in rows
                for file in row.get("files") or ()
            ],
            "size": human_size(sum(map(len, package.files.values()))) or "0",
            "code": transfer_package.code_of(package.digest),
        }

    def _about(self, student):
        """Return name, date of birth and class of a student of our school, to tell two of one name apart."""
        born = format_date(self.env, student.vshu_birth_date) if student.vshu_birth_date else ""
        return ", ".join(filter(None, (student.name, born, student.vshu_class_id.name)))

    def _again(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take in a record from another school"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
