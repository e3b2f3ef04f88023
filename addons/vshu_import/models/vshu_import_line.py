from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.vshu_registry.tools.guard import guarded, is_guarded


class VshuImportLine(models.Model):
    """A row of an imported list: what stands in the file, what will be done, what is wrong with it."""

    _name = "vshu.import.line"
    #: lists that were read in once: whom they name is not known to the register by that
    _only_proposes = True
    _inherit = ["vshu.rule.mixin", "vshu.link.mixin"]
    _description = "Row of an imported list"
    _order = "import_id, row"
    _rec_name = "row"

    #: a list goes with its rows
    _goes_along = True

    #: what a user may decide on a row; the rest comes from the file
    _choices = frozenset(("student_id", "as_new"))

    import_id = fields.Many2one(
        "vshu.import", string="List", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True)
    import_state = fields.Selection(related="import_id.state")
    row = fields.Integer(required=True, readonly=True, aggregator=None)
    name = fields.Char(string="Full name", readonly=True)
    birth_date = fields.Date(string="Date of birth", readonly=True)
    class_name = fields.Char(string="Class", readonly=True)
    cells = fields.Json(readonly=True, help="The row as it stands in the file.")
    values = fields.Json(readonly=True, help="What was understood of it.")
    file_problem = fields.Text(
        string="Problem of the row itself",
        readonly=True,
        help="What is wrong with the row itself, whatever is on file.",
    )
    double_row = fields.Integer(
        string="Stands already in row", readonly=True, help="An earlier row about the same child.", aggregator=None
    )
    action = fields.Selection(
        [("create", "New"), ("change", "Changed"), ("same", "Unchanged"), ("problem", "Problem")],
        string="What will be done",
        required=True,
        readonly=True,
        index=True,
    )
    changes = fields.Text(string="In detail", readonly=True)
    problem = fields.Text(readonly=True)
    candidate_ids = fields.Many2many("res.partner", string="Children who may be meant", readonly=True)
    student_id = fields.Many2one(
        "res.partner", string="Child on file", index="btree_not_null", domain="[('id', 'in', candidate_ids)]"
    )
    as_new = fields.Boolean(string="Another child", help="None of the children on file: make a new one.")
    chosen = fields.Boolean(readonly=True, help="The child was chosen by hand.")
    done = fields.Boolean(string="Imported", readonly=True, index=True)
    case_id = fields.Many2one("vshu.case", readonly=True, index="btree_not_null", ondelete="set null")

    @api.depends("row")
    def _compute_display_name(self):
        for line in self:
            line.display_name = self.env._("Row %s", line.row)

    @api.model_create_multi
    def create(self, vals_list):
        """Rows come from the file (AccessError)."""
        if not is_guarded(self.env):
            raise AccessError(self.env._("The rows of a list come from its file."))
        return super().create(vals_list)

    def write(self, vals):
        """Choose the child that a row is about; what will be done with it follows.

        Raises AccessError for what comes from the file, UserError for a row that is imported already.
        """
        if is_guarded(self.env):
            return super().write(vals)
        if not vals.keys() <= self._choices:
            raise AccessError(self.env._("What stands in a row comes from its file: change it there."))
        for line in self:
            if line.done or line.import_state not in ("preview", "done"):
                raise UserError(self.env._("Row %s: there is nothing to choose any more.", line.row))
            if vals.get("student_id") and vals["student_id"] not in line.candidate_ids.ids:
                raise UserError(self.env._("Row %s: choose one of the children who may be meant.", line.row))
            if vals.get("as_new") and line.import_id.kind == "takeover":
                raise UserError(
                    self.env._("Row %s: a child comes onto the register from the list of the school.", line.row)
                )
        if vals.get("student_id"):
            vals = {**vals, "as_new": False}
        elif vals.get("as_new"):
            vals = {**vals, "student_id": False}
        res = super().write(vals)
        for record in self.import_id:
            lines = self.filtered(lambda line, record=record: line.import_id == record)
            # sudo: what follows from the choice is worked out by the system
            guarded(lines.sudo()).write({"chosen": bool(vals.get("student_id"))})
            record._working()._plan_again(lines)
        return res
