"""Dated links of two entries of one person that say the same: joined into one with the longer span."""

from datetime import date


def span(record):
    """Return (first, last) day of a dated link, open ends far away."""
    return record.date_from or date.min, record.date_to or date.max


def overlap(record, other):
    """Tell whether two dated links are in force on some day together."""
    (start, end), (other_start, other_end) = span(record), span(other)
    return start <= other_end and other_start <= end


def overlapping(left, right):
    """Return the pairs (of ``left``, of ``right``) that are in force on some day together."""
    return [(one, other) for one in left for other in right if overlap(one, other)]


def clusters(records, key):
    """Return lists of records with the same ``key`` that hang together by their dates, each of more than one record."""
    found = []
    for group in records.grouped(key).values():
        chain, end = [], None
        for record in group.sorted(lambda r: (span(r), r.id)):
            start, last = span(record)
            if chain and start <= end:
                chain.append(record)
                end = max(end, last)
                continue
            if len(chain) > 1:
                found.append(chain)
            chain, end = [record], last
        if len(chain) > 1:
            found.append(chain)
    return found


def joined_dates(chain):
    """Return the values of the days that the links of ``chain`` cover together."""
    starts = [record.date_from for record in chain]
    ends = [record.date_to for record in chain]
    return {
        "date_from": min(starts) if all(starts) else False,
        "date_to": max(ends) if all(ends) else False,
    }
