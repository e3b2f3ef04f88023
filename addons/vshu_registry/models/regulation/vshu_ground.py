from odoo import api, fields, models, tools

KINDS = [("register", "Register"), ("control", "Control")]
SUBJECTS = [("student", "Student"), ("family", "Family")]


class VshuGroundCategory(models.Model):
    """A list of grounds as the regulation prints it (RU-3.1, RU-3.2, RU-3.3, RU-6.1, RU-6.2, KZ-18)."""

    _name = "vshu.ground.category"
    _inherit = "vshu.catalog.mixin"
    _description = "List of grounds"

    kind = fields.Selection(KINDS, required=True)
    subject = fields.Selection(SUBJECTS, required=True)
    ground_ids = fields.One2many("vshu.ground", "category_id", string="Grounds")

    _code_uniq = models.Constraint(
        "UNIQUE(regulation_id, code)", "This regulation has a list of grounds with this code already."
    )


class VshuGround(models.Model):
    """A ground for placement (KZ-18, RU-3.1, RU-3.2, RU-3.3, RU-6.1, RU-6.2, RU-A1)."""

    _name = "vshu.ground"
    _inherit = "vshu.catalog.mixin"
    _description = "Ground for placement"
    _rec_names_search = ["short_name", "name", "code"]

    name = fields.Text(required=True, translate=True)
    short_name = fields.Char(translate=True, help="As it is written in lists and on cards.")
    phrase = fields.Char(
        translate=True,
        help="As it stands in a sentence after “because of”. Empty: papers name the ground by its short name.",
    )
    category_id = fields.Many2one("vshu.ground.category", required=True, index=True, ondelete="restrict")
    kind = fields.Selection(related="category_id.kind", store=True)
    subject = fields.Selection(related="category_id.subject", store=True)
    window_unit = fields.Selection([("month", "Months"), ("week", "Weeks")])
    window_count = fields.Integer(help="The ground speaks of what happened within this many months or weeks.")
    window_min = fields.Integer(
        string="At least so many", help="So many violations within the window make the ground; 0: nothing is counted."
    )
    window_text = fields.Char(translate=True, help="The words of the clause on the window, shown on the case.")

    _code_uniq = models.Constraint(
        "UNIQUE(regulation_id, code)", "This regulation has a ground with this code already."
    )

    @api.depends("short_name")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _category(self):
        """Return the list that the ground stands on, without reading the ground."""
        return self.env["vshu.ground.category"].browse(self._origin.id and self._category_ids(self._origin.id))

    @api.model
    @tools.ormcache("ground_id")
    def _category_ids(self, ground_id):
        return self.sudo().browse(ground_id).category_id._ids  # sudo: a catalogue
