from odoo import fields, models


class VshuPetitionAnswer(models.TransientModel):
    """Records the answer to a letter of the school: date, number, outcome, words, files (RU-N5.2)."""

    _name = "vshu.petition.answer"
    _inherit = "vshu.link.mixin"
    _description = "Answer to a petition"

    petition_id = fields.Many2one("vshu.petition", required=True, readonly=True, ondelete="cascade")
    date_answered = fields.Date(
        string="Received on", required=True, default=lambda self: self.env.company._vshu_today()
    )
    answer_date = fields.Date(string="Date of the answer", help="As it stands on the paper.")
    answer_number = fields.Char(string="Number of the answer")
    outcome = fields.Selection(
        [
            ("granted", "Granted"),
            ("partly", "Granted in part"),
            ("refused", "Refused"),
            ("forwarded", "Forwarded to another body"),
        ],
        required=True,
    )
    answer_text = fields.Text(string="What was answered", required=True)
    answer_file_ids = fields.Many2many("ir.attachment", string="Files", bypass_search_access=True)

    def _vshu_bind_files(self):
        """Leave the files loose: they become the letter's when the answer is recorded."""

    def action_confirm(self):
        """Record the answer on the letter; its own method checks right, state and dates. Returns a closing action."""
        self.ensure_one()
        self.petition_id._answer(
            {
                "date_answered": self.date_answered,
                "answer_date": self.answer_date,
                "answer_number": self.answer_number,
                "outcome": self.outcome,
                "answer_text": self.answer_text,
                "answer_file_ids": [(6, 0, self.answer_file_ids.ids)],
            }
        )
        return {"type": "ir.actions.act_window_close"}
