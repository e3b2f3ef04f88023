"""A guard that no remote call can forge: an object, not a context string."""

GUARD = object()


def guarded(records):
    """Return ``records`` with the right to write the fields that only the case's own transitions may write."""
    return records.with_context(vshu_guard=GUARD)


def without_defaults(records, names):
    """Return ``records`` without the context's defaults for the fields ``names``:
    a remote caller chooses the context."""
    context = records.env.context
    forged = {f"default_{name}" for name in names} & context.keys()
    if not forged:
        return records
    return records.with_env(records.env(context={key: value for key, value in context.items() if key not in forged}))


def is_guarded(env):
    """Tell whether ``env`` carries the guard. A caller over RPC can name the key but cannot send the object."""
    return env.context.get("vshu_guard") is GUARD
