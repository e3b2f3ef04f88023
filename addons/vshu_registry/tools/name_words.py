"""What two ways of writing one name have in common."""

import re
import unicodedata

#: Latin letters that look like Cyrillic ones: they are typed for each other
LOOKALIKE = str.maketrans("abcehkmoptxyi", "авсенкмортхуи")
#: letters that people exchange when they type Kazakh or leave out the dots of ё
LOOSE = str.maketrans("ёәіңғүұқөһ", "еаингуукох")


def squeeze(text):
    """Return ``text`` without double, leading, trailing and non-breaking spaces."""
    return " ".join(unicodedata.normalize("NFC", str(text)).replace("\u200b", "").split())


def words(text):
    """Return ``text`` in small letters without the signs between words, е for ё, Russian letters for Kazakh ones."""
    text = squeeze(text).casefold().replace("№", " № ")
    if re.search("[а-яёәіңғүұқөһ]", text):
        text = text.translate(LOOKALIKE)
    return " ".join(re.findall(r"№|\w+", text.translate(LOOSE)))


def name_key(name):
    """Return what two ways of writing one name have in common."""
    return words(name)
