import re
from pathlib import Path
from unittest.mock import patch

from odoo import sql_db
from odoo.exceptions import UserError
from odoo.tests import tagged

import odoo.addons

from ...tools import locks
from ..common import ADDONS, VshuCommon


@tagged("post_install", "-at_install")
class TestLocks(VshuCommon):
    """Two at once: whoever comes second waits, or reads in words what to do (robustness.md 4, people.md "two people at
    once on one record")."""

    def setUp(self):
        super().setUp()
        other = sql_db.db_connect(self.env.cr.dbname).cursor()
        self.addCleanup(other.close)
        self.addCleanup(other.rollback)
        self.other = other
        self.patch(locks, "WAIT", 1)

    def test_a_row_that_somebody_else_holds(self):
        """After the wait a message with the record, in the user's language; the transaction goes on."""
        # committed before all tests, so that somebody else can hold it
        role = self.env.ref("vshu_registry.role_head")
        self.other.execute("SELECT id FROM vshu_role WHERE id = %s FOR UPDATE", [role.id])
        for lang, words in (("en_US", "somebody else"), ("ru_RU", "кто-то другой"), ("kk_KZ", "басқа біреу")):
            with self.subTest(lang), self.assertRaisesRegex(UserError, words) as refusal:
                locks.wait_for(role.with_context(lang=lang))
            self.assertIn(role.with_context(lang=lang).display_name, str(refusal.exception))
        self.other.rollback()
        locks.wait_for(role)

    def test_a_number_that_somebody_else_takes(self):
        """Journal entry and take-over hold one key: the one waits for the other, whichever comes first."""
        bag = self.ru
        entries = self.env["vshu.journal.entry"]
        key = ("number", "vshu_journal_entry", bag.company.id, bag.year.id)
        self.other.execute("SELECT pg_advisory_xact_lock(%s)", [locks._number(key)])
        with self.assertRaisesRegex(UserError, "Somebody else"):
            entries._next_of_year(bag.company, bag.year)
        stay = {"company_id": bag.company.id, "year_id": bag.year.id, "number": 9}
        with self.assertRaisesRegex(UserError, "Somebody else"):
            self.env["vshu.case"]._check_free_numbers([stay])
        self.other.rollback()
        self.env["vshu.case"]._check_free_numbers([stay])
        self.assertEqual(entries._next_of_year(bag.company, bag.year), 1)

    def test_a_request_that_waited_begins_anew(self):
        """What the other one did lies past this transaction's snapshot: Odoo repeats the request."""
        role = self.env.ref("vshu_registry.role_head")
        waited = patch.object(locks, "_wait", return_value=1)
        self.other.execute("SELECT id FROM vshu_role WHERE id = %s FOR UPDATE", [role.id])
        with waited, patch.object(locks.http, "request", True), self.assertRaises(locks.ConcurrencyError):
            locks.wait_for(role)
        with waited:
            locks.wait_for(role)  # a job goes on

    def test_there_is_one_way_to_wait(self):
        """No code locks rows or names in a way of its own."""
        own = re.compile(r"lock_for_update\(|pg_(try_)?advisory|FOR (NO KEY )?UPDATE|SKIP LOCKED|NOWAIT")
        found = [
            f"{path}:{number}"
            for addon in ADDONS
            for folder in odoo.addons.__path__
            for path in sorted((Path(folder) / addon).rglob("*.py"))
            if path.name != "locks.py" and "tests" not in path.parts
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if own.search(line)
        ]
        self.assertEqual(found, [])
