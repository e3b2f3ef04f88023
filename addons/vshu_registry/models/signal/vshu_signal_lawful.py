from odoo import api, models

from ...tools.states import STAY_STATES


class VshuSignal(models.Model):
    """What the rules of today find wrong in signals of before."""

    _inherit = "vshu.signal"

    @api.model
    def _findings(self):
        """Return {code: signals}; called in sudo.

        - ``not_entered``: an outside paper joined to a running stay that was never entered in its journal row (RU-5.1)
        - ``issuer_no_body``: an outside paper whose sender is no body
        """
        joined = self.search(
            [("state", "=", "joined"), ("date_entered", "=", False), ("case_id.state", "in", STAY_STATES)]
        )
        outside = joined.filtered(lambda signal: signal._is_outside(signal._routes()))
        return {"not_entered": outside, "issuer_no_body": self._sent_by_no_body()}
