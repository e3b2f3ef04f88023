from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.vshu_registry.tools.guard import guarded, is_guarded


class VshuExtract(models.Model):
    """The extract from the minutes that goes into the personal file of a student: one item, nothing of the others
    (RU-N4.2)."""

    _name = "vshu.extract"
    _inherit = ["vshu.guard.mixin", "vshu.rule.mixin", "vshu.link.mixin", "vshu.paper.mixin"]
    _description = "Extract from the minutes"
    _order = "minutes_id desc, id"

    _guarded_fields = {"state": "to_file", "date_filed": False, "filed_by_id": False}

    minutes_id = fields.Many2one("vshu.minutes", required=True, readonly=True, index=True, ondelete="restrict")
    item_id = fields.Many2one("vshu.agenda.item", required=True, readonly=True, index=True, ondelete="restrict")
    case_id = fields.Many2one("vshu.case", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="minutes_id.company_id", store=True, index=True)
    date = fields.Date(related="minutes_id.date", store=True, string="Date of the meeting")
    student_id = fields.Many2one(related="case_id.student_id", related_sudo=False)
    family_id = fields.Many2one(related="case_id.family_id", related_sudo=False)
    line_id = fields.Many2one("vshu.minutes.line", compute="_compute_line_id", string="Item of the minutes")
    state = fields.Selection(
        [("to_file", "To be put into the personal file"), ("filed", "In the personal file")],
        required=True,
        default="to_file",
        readonly=True,
        index=True,
    )
    date_filed = fields.Date(string="Filed on", readonly=True)
    filed_by_id = fields.Many2one("res.users", string="Who filed it", readonly=True)
    can_file = fields.Boolean(compute="_compute_can_file", export_string_translation=False)

    _item_once = models.Constraint("UNIQUE(item_id)", "There is an extract of this item already.")

    @api.depends("item_id", "minutes_id.meeting_id.minutes_ids.state")
    def _compute_line_id(self):
        """The wording in force: that of the corrected version where there is one."""
        lines = self.env["vshu.minutes.line"].search(
            [("item_id", "in", self.item_id.ids), ("minutes_state", "=", "signed")]
        )
        by_item = {line.item_id.id: line.id for line in lines}
        for extract in self:
            extract.line_id = by_item.get(extract.item_id.id, False)

    @api.depends_context("lang")
    @api.depends("minutes_id", "case_id")
    def _compute_display_name(self):
        for extract in self:
            minutes = extract.sudo().minutes_id  # sudo: number and date of the minutes
            extract.display_name = self.env._(
                "Extract from minutes № %(number)s of %(date)s, case %(case)s",
                number=minutes.number,
                date=format_date(self.env, minutes.date) if minutes.date else "",
                case=extract.sudo().case_id.display_name,  # sudo: the number of the case
            )

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_can_file(self):
        for extract in self:
            extract.can_file = extract.state == "to_file" and extract._may_file()

    def _may_file(self):
        self.ensure_one()
        if self.env.su:
            return True
        roles = self.env["vshu.role"]._my_roles(self.company_id).get(self.company_id.id, set())
        return bool(roles & {"social_pedagogue", "deputy_head", "head"})

    @api.model_create_multi
    def create(self, vals_list):
        """Extracts come from signed minutes (AccessError)."""
        if not is_guarded(self.env):
            raise AccessError(self.env._("Extracts come from signed minutes, nobody makes them by hand."))
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Extracts stay on record with their minutes."))

    def action_print(self):
        """Print the extracts. Returns the report; AccessError where the user may not read one of them (RU-N4.2)."""
        self.check_access("read")
        return self.env.ref("vshu_council.action_report_extract").report_action(self, config=False)

    def _paper_lang_chosen(self):
        """Return the language of the minutes that it is taken from."""
        self.ensure_one()
        return self.sudo().minutes_id.lang  # sudo: in which language the council writes

    def _paper_source(self):
        """Return from which minutes the extract is taken, and from which version where they were corrected (RU-N4.2).

        Read with the rights of whoever prints it, in the language of the environment.
        """
        self.ensure_one()
        minutes = self.line_id.minutes_id
        words = {"number": minutes.number, "date": self._paper_date(minutes.date), "version": minutes.version}
        if minutes.version > 1:
            return self.env._(
                "from the minutes № %(number)s of %(date)s of the meeting of the prevention council, in the wording of "
                "corrected version %(version)s",
                **words,
            )
        return self.env._("from the minutes № %(number)s of %(date)s of the meeting of the prevention council", **words)

    def action_file(self):
        """Note that the signed extract lies in the personal file (RU-N4.2).

        For those who keep the register (AccessError); UserError where it was filed already.
        """
        for extract in self:
            extract.check_access("read")
            if not extract._may_file():
                raise AccessError(self.env._("%s: your role may not do this.", extract.display_name))
            if extract.state != "to_file":
                raise UserError(self.env._("%s lies in the personal file already.", extract.display_name))
        for today, extracts in self.sudo().grouped(lambda extract: extract._vshu_today()).items():
            # sudo: right and state were checked for these very extracts
            guarded(extracts).write({"state": "filed", "date_filed": today, "filed_by_id": self.env.uid})
        return True
