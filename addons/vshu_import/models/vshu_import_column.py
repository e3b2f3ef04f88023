from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.vshu_registry.tools.guard import is_guarded

#: what a column of either list may hold
PUPIL_TARGETS = [
    ("name", "Full name"),
    ("surname", "Surname"),
    ("first_name", "Given name"),
    ("patronymic", "Patronymic"),
    ("birth_date", "Date of birth"),
    ("class", "Class"),
    ("grade", "Class: grade"),
    ("letter", "Class: letter"),
    ("file_number", "File number, IIN"),
]
CLASS_LIST_TARGETS = [
    ("sex", "Sex"),
    ("street", "Address"),
    ("student_phone", "Phone of the child"),
    ("mother", "Mother"),
    ("mother_phone", "Phone of the mother"),
    ("father", "Father"),
    ("father_phone", "Phone of the father"),
    ("guardian", "Guardian"),
    ("guardian_phone", "Phone of the guardian"),
    ("parent", "Parent, whoever it is"),
    ("parent_phone", "Phone of the parent"),
]
STAY_TARGETS = [
    ("number", "Register: number in the journal"),
    ("kind", "Register: register or control"),
    ("date_placed", "Register: placed on"),
    ("ground", "Register: ground"),
    ("basis", "Register: basis"),
    ("reason", "Register: what happened"),
    ("decision_form", "Register: paper of the decision"),
    ("decision_number", "Register: number of the decision"),
    ("decision_date", "Register: date of the decision"),
    ("curator", "Register: curator"),
    ("date_end", "Register: term until"),
    ("extensions", "Register: extensions"),
    ("date_informed", "Register: parents informed on"),
    ("date_removed", "Register: removed on"),
    ("removal_reason", "Register: reason for removal"),
]
TARGETS = {"class_list": PUPIL_TARGETS + CLASS_LIST_TARGETS, "takeover": PUPIL_TARGETS + STAY_TARGETS}


class VshuImportColumn(models.Model):
    """A column of a list, and what it holds; recognised by its heading, changed by the user."""

    _name = "vshu.import.column"
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Column of an imported list"
    _order = "import_id, position"
    _rec_name = "position"

    #: a list goes with its columns
    _goes_along = True

    import_id = fields.Many2one(
        "vshu.import", string="List", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True)
    position = fields.Integer(required=True, readonly=True)
    title = fields.Char(string="Heading", readonly=True)
    sample = fields.Char(string="First value", readonly=True)
    target = fields.Selection(
        PUPIL_TARGETS + CLASS_LIST_TARGETS + STAY_TARGETS, string="What it holds", help="Empty: it is not imported."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Columns come from the file (AccessError)."""
        if not is_guarded(self.env):
            raise AccessError(self.env._("The columns of a list come from its file."))
        return super().create(vals_list)

    def write(self, vals):
        """Say what a column holds; the list is to be checked again. Raises AccessError for anything else."""
        if not is_guarded(self.env):
            if not vals.keys() <= {"target"}:
                raise AccessError(self.env._("The columns of a list come from its file."))
            for column in self:
                kinds = {code for code, _label in TARGETS[column.import_id.kind]}
                if vals.get("target") and vals["target"] not in kinds:
                    raise UserError(
                        self.env._(
                            "“%s”: a list of this kind does not hold this. Choose another meaning of the column.",
                            dict(self._fields["target"]._description_selection(self.env))[vals["target"]],
                        )
                    )
            self.import_id._to_check_again()
        return super().write(vals)
