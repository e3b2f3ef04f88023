"""What somebody types into the search field of a list."""

import re

#: «5», «№ 5», «N 5 (2026/27)»: the number of a journal row or of minutes, as it is shown or by itself
NUMBER = re.compile(r"\s*(?:№|n|no\.?)?\s*(\d{1,9})\s*(?:\(.*\))?\s*", re.IGNORECASE)


def number_in(words):
    """Return the number that ``words`` name, None where they name none."""
    found = NUMBER.fullmatch(words) if isinstance(words, str) else None
    return int(found[1]) if found else None


def is_words(operator, value):
    """Tell whether a search for a name looks for words in it, not for their absence nor for several at once."""
    return isinstance(value, str) and bool(value.strip()) and operator in ("ilike", "like", "=ilike", "=like", "=")
