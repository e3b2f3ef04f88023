from odoo import api, fields, models
from odoo.exceptions import ValidationError


class VshuSignal(models.Model):
    """From whom a paper of an outside body comes, and who looks at a signal (RU-4.2a, KZ-4)."""

    _inherit = "vshu.signal"

    sender_kind = fields.Selection(related="form_id.sender_kind")
    next_text = fields.Text(
        string="What comes next",
        compute="_compute_next_text",
        help="Who looks at it, and where the author reads the answer.",
    )

    @api.depends_context("uid", "lang")
    @api.depends("state", "author_id", "can_accept", "can_submit", "can_dismiss")
    def _compute_next_text(self):
        for signal in self:
            signal.next_text = False
            waits = signal._origin and signal.state == "new" and signal.author_id == self.env.user
            if not waits or signal.can_accept or signal.can_submit or signal.can_dismiss:
                continue
            routes = signal._routes()
            roles = routes.dismisser_role_ids or routes.submitter_role_ids
            names = ", ".join(roles.mapped("display_name"))
            signal.next_text = (
                self.env._(
                    "It has been filed. Who looks at it: %(who)s. What became of it is shown on this page and in the "
                    "list of your signals.",
                    who=names,
                )
                if names
                else self.env._(
                    "It has been filed. What became of it is shown on this page and in your list of signals."
                )
            )

    @api.constrains("issuer_id", "form_id", "intake_kind")
    def _check_issuer(self):
        """A paper comes from a body, of the kind that gives such papers; an application may come from anybody."""
        for signal in self.filtered(lambda signal: signal.intake_kind == "notice" and signal.issuer_id):
            body = signal.sudo().issuer_id  # sudo: whether it is a body, and of which kind
            if not body.is_company or not body.vshu_body:
                raise ValidationError(
                    self.env._(
                        "%(signal)s: “%(sender)s” is no body that papers come from. Choose the body, or mark the "
                        "contact as an organisation and as a body outside the school first.",
                        signal=signal.name,
                        sender=body.name,
                    )
                )
            wanted = signal.form_id.sender_kind
            if wanted and body.vshu_body != wanted:
                labels = dict(body._fields["vshu_body"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "%(signal)s: “%(paper)s” is given by “%(wanted)s”, but “%(sender)s” is marked as “%(found)s”.",
                        signal=signal.name,
                        paper=signal.form_id.display_name,
                        wanted=labels[wanted],
                        sender=body.name,
                        found=labels[body.vshu_body],
                    )
                )

    @api.model
    def _sent_by_no_body(self):
        """Return the papers of outside bodies, entered before, whose sender is no body."""
        papers = self.search([("intake_kind", "=", "notice"), ("issuer_id", "!=", False)])
        return papers.filtered(lambda signal: not signal.sudo().issuer_id.vshu_body)
