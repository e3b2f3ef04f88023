"""A small client of Odoo's JSON-RPC, as a browser uses it."""

import http.cookiejar
import json
import urllib.request


class RemoteError(Exception):
    """What the server refused, with the message that a user would read."""


class Client:
    """One person at one browser."""

    def __init__(self, address, database):
        self._address = address
        self._database = database
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def log_in(self, login, password):
        """Begin a session.

        :return: the id of the user
        :raises RemoteError: for a wrong login or password
        """
        parameters = {"db": self._database, "login": login, "password": password}
        return self._post("/web/session/authenticate", parameters)["uid"]

    def call(self, model, method, *arguments, **keywords):
        """What ``method`` of ``model`` returns."""
        parameters = {"model": model, "method": method, "args": arguments, "kwargs": keywords}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", parameters)

    def download(self, path):
        """The bytes at ``path``, with the session of the person."""
        with self._opener.open(self._address + path, timeout=120) as response:
            return response.read()

    def _post(self, path, parameters):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": parameters}).encode()
        request = urllib.request.Request(self._address + path, body, {"Content-Type": "application/json"})
        with self._opener.open(request, timeout=120) as response:
            answer = json.load(response)
        if "error" in answer:
            raise RemoteError(answer["error"]["data"]["message"])
        return answer["result"]
