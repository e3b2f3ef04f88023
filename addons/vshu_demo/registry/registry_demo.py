import logging
from unittest.mock import patch

from odoo import api, models
from odoo.tools import SQL

from . import cases_kz, cases_ru
from .contacts import Contacts
from .dossier import Dossier
from .imports import Lists
from .life import Life
from .petitions import Letters
from .sealed import SealedPapers
from .transfer import Transfers
from .world import World

_logger = logging.getLogger(__name__)

#: loading a demo is no event to tell anybody about
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "no_reset_password": True,
}


class VshuDemo(models.AbstractModel):
    """Makes the demo schools: two companies with a year and a half of life in them, always the same.

    Dates are counted from today, people and events come from the tables beside this file. All goes through the flows
    that users go through, so the demo obeys the regulations.
    """

    _name = "vshu.demo"
    _description = "Demo schools"

    @api.model
    def _load(self):
        """Make the two schools, unless they, or their companies of an earlier installation, are there already."""
        if self.env.ref("vshu_demo.kz_company", raise_if_not_found=False):
            _logger.info("The demo schools, or their companies of an earlier installation, are here: none are made.")
            return
        self = self.with_context(**QUIET)
        # these schools come to have a council later on: until then nothing waits for one
        with patch.object(type(self.env["vshu.case"]), "_council_sync", lambda cases: None):
            companies = self._play()
        self._recorded_on_their_days(companies)
        # who looks after both schools: no role with cases
        self.env.ref("base.user_admin").write(
            {
                "company_ids": [(6, 0, companies.ids)],
                "company_id": companies[0].id,
                "group_ids": [(4, self.env.ref("vshu_registry.group_administrator").id)],
            }
        )

    @api.model
    def _play(self):
        """Play the stories of both schools. Returns their companies."""
        companies, lives = self.env["res.company"], {}
        for code, cases in (("kz", cases_kz), ("ru", cases_ru)):
            world = World(self.env, code).build()
            lists = Lists(world)
            lists.take_over()
            life = lives[code] = Life(world, cases)
            life.play()
            Dossier(world).play()
            SealedPapers(life).lay()
            Letters(life).write_all()
            lists.bring_in()
            Contacts(life).play()
            companies |= world.company.with_env(self.env)
        Transfers(lives).play()
        return companies

    @api.model
    def _recorded_on_their_days(self, companies):
        """Let clocks have been met on the days of the stories: what is played today was recorded then."""
        self.env["vshu.deadline"].flush_model()
        self.env.execute_query(
            SQL(
                "UPDATE vshu_deadline SET date_recorded = date_met,"
                " state = CASE WHEN date_met <= date_due THEN 'met' ELSE 'met_late' END"
                " WHERE company_id IN %s AND date_met IS NOT NULL RETURNING id",
                tuple(companies.ids),
            )
        )
        self.env["vshu.deadline"].invalidate_model()
