"""The doors of the web server for the tests: sessions, calls as the web client and as a program makes them, files."""

import json
from datetime import datetime

from odoo.tests import HttpCase

from .access_common import AccessCommon


class WebCommon(AccessCommon, HttpCase):
    """Both schools filled, and the ways in over HTTP."""

    def log_in(self, bag, who):
        """Log in as ``who`` of the school: another browser, nothing of the one before is left in it."""
        user = bag.users[who]
        if who == "public":
            self.authenticate(None, None)
            return user
        password = user.login.ljust(8, "x")
        if who in ("plain", "portal"):
            user.sudo().password = password
        self.authenticate(user.login, password)
        return user

    def rpc(self, model, method, *args, **kwargs):
        """Call a method as the web client does; return the answer, ``error`` or ``result`` in it."""
        return self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={"params": {"model": model, "method": method, "args": args, "kwargs": kwargs}},
        ).json()

    def key_of(self, user):
        """Return a key of the user for programs."""
        self.env.flush_all()
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        # the database has a clock of its own, which is not frozen
        return keys._generate("rpc", "test", datetime(2090, 1, 1))

    def json2(self, key, model, method, **values):
        """Call a method as a program does, with a key; return (status, answer)."""
        self.opener.cookies.clear()
        response = self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(values),
            headers={"Authorization": f"bearer {key}", "Content-Type": "application/json"},
        )
        return response.status_code, response.text
