"""Two people at one record or one number wait for each other: one way for rows, one for names of things.

Odoo's own ``lock_for_update`` does not wait: whoever comes second would read “Cannot grab a lock on records”.
"""

import hashlib

from odoo import http
from odoo.exceptions import ConcurrencyError, MissingError, UserError
from odoo.tools import SQL
from psycopg2.errors import LockNotAvailable

#: seconds that somebody waits for another one to finish
WAIT = 20


def wait_for(records, allow_referencing=False):
    """Lock the rows of ``records`` until the end of the transaction; wait while somebody else works on them.

    Whoever had to wait begins the request anew, so that it reads what the other one did: the database refuses the old
    snapshot where the row was changed, this function does where it was not.

    :param allow_referencing: others may link to the records meanwhile
    :raises UserError: in the user's language, where the other one does not finish in time
    :raises MissingError: where a record has been deleted meanwhile
    """
    ids = sorted({id_ for id_ in records._ids if id_})
    if not ids:
        return
    env = records.env
    strength = SQL("FOR NO KEY UPDATE" if allow_referencing else "FOR UPDATE")
    query = SQL("SELECT id FROM %s WHERE id IN %s ORDER BY id %s", SQL.identifier(records._table), tuple(ids), strength)
    # that the snapshot is old is no error: Odoo begins anew
    env.cr.execute(SQL("%s SKIP LOCKED", query), log_exceptions=False)
    if len(env.cr.fetchall()) == len(ids):
        return
    found = _wait(
        env,
        query,
        lambda: env._(
            "%s: somebody else is working on it at this moment. Wait a little and try again; nothing of yours was "
            "changed.",
            ", ".join(records.mapped("display_name")),
        ),
    )
    if found < len(ids):
        raise MissingError(env._("This was deleted by somebody else meanwhile. Go back to the list and look there."))
    _begin_anew()


def wait_for_keys(env, keys):
    """Lock names of things (the numbers of a school year, the open case of a child) until the end of the transaction.

    What others committed meanwhile is not on this transaction's snapshot: the caller reads it on a fresh one.

    :param keys: tuples of texts and numbers, each the name of one thing
    :raises UserError: in the user's language, where the other one does not finish in time
    """
    numbers = sorted({_number(key) for key in keys})
    if not numbers:
        return
    [[free]] = env.execute_query(SQL("SELECT bool_and(pg_try_advisory_xact_lock(key)) FROM unnest(%s) key", numbers))
    if not free:
        _wait(
            env,
            SQL("SELECT pg_advisory_xact_lock(key) FROM unnest(%s) key", numbers),
            lambda: env._(
                "Somebody else enters the same at this moment. Wait a little and try again; nothing of yours was "
                "changed."
            ),
        )


def _number(key):
    """Return the number (64 bits) under which the database locks ``key``."""
    return int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=8).digest(), signed=True)


def _wait(env, query, message):
    """Run ``query``, which locks, for ``WAIT`` seconds at most, else raise UserError with ``message``. Returns how many
    rows it found."""
    cr = env.cr
    try:
        with cr.savepoint(flush=False):
            cr.execute(SQL("SELECT set_config('lock_timeout', %s, true)", f"{WAIT}s"))
            cr.execute(query, log_exceptions=False)
            rowcount = cr.rowcount
            cr.execute(SQL("SELECT set_config('lock_timeout', '0', true)"))
    except LockNotAvailable as error:
        raise UserError(message()) from error
    return rowcount


def _begin_anew():
    """Begin a request anew, where there is one that Odoo repeats; a job goes on with what it has locked."""
    if http.request:
        raise ConcurrencyError("Waited for somebody else: read again what they did")
