"""What dated links have in common: which are in force on a day, which overlap."""

from collections import defaultdict

from odoo.fields import Domain


def in_force(date, prefix=""):
    """Return the domain of records in force on ``date``."""
    return Domain(f"{prefix}date_from", "<=", date) & (
        Domain(f"{prefix}date_to", "=", False) | Domain(f"{prefix}date_to", ">=", date)
    )


def find_overlap(records, key, candidates):
    """Return the first pair (record, other) in force at the same time with the same ``key``, or (None, None).

    :param records: the records that have just been changed
    :param key: function record → what must not be there twice at a time
    :param candidates: all records that may collide, ``records`` among them; sorted once, no query
    """
    groups = defaultdict(list)
    for record in candidates | records:
        groups[key(record)].append(record)
    for group in groups.values():
        if len(group) < 2:
            continue
        group.sort(key=lambda record: record.date_from)
        latest = group[0]
        for record in group[1:]:
            if not latest.date_to or latest.date_to >= record.date_from:
                if record in records:
                    return record, latest
                if latest in records:
                    return latest, record
            if latest.date_to and (not record.date_to or record.date_to > latest.date_to):
                latest = record
    return None, None
