"""Putting small groups together before figures are shown: in plain Python, no record, no query."""


def merge_small(rows, smallest):
    """Return rows of which each stands for at least ``smallest`` children.

    Groups that are too small become one row; if that is still too small, the next smallest group joins it, so that
    nobody can subtract the others from the total. The order of the others stays.

    :param rows: list of dicts with ``label`` and ``children`` (a set); every other value is a number that adds up
    :param smallest: number of children from which a group is shown
    :returns: (rows, merged row or None); no rows where all children together are too few
    """
    kept = [row for row in rows if len(row["children"]) >= smallest]
    small = [row for row in rows if row["children"] and len(row["children"]) < smallest]
    if not small:
        return kept, None
    merged = add_up(small)
    while kept and len(merged["children"]) < smallest:
        least = min(kept, key=lambda row: len(row["children"]))
        kept.remove(least)
        merged = add_up([merged, least])
    if len(merged["children"]) < smallest:
        return [], None
    return kept, merged


def add_up(rows):
    """Return one row without a label: children together, numbers added up."""
    result = {"label": None, "children": set()}
    for row in rows:
        result["children"] = result["children"] | row["children"]
        for name, value in row.items():
            if name not in ("label", "children"):
                result[name] = result.get(name, 0) + value
    return result
