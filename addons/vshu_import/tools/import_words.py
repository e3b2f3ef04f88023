"""How schools write things in their lists: names, classes, dates, phones, papers. Plain Python, no records."""

import re
from datetime import date, datetime, timedelta

from odoo.addons.vshu_registry.tools.name_words import LOOKALIKE, name_key, squeeze, words

NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[\s.\-'’`()«»\"])*")
PHONE = re.compile(r"\+?\d[\d\s()\-.–]{4,}\d")
CLASS_WORDS = re.compile(r"(?<!\w)-?(класс\w*|сынып\w*|сыныб\w*|class|grade|кл)\b\.?|[:«»\"'“”„‚‘’`]")
CLASS = re.compile(r"(\d{1,2})(?:\s*[-–—/.\s]\s*)?([^\W\d_]{0,3})|(\d{1,2})\s*[-–—/.]\s*(\d{1,2})")
EPOCH = date(1899, 12, 30)
#: day numbers that a spreadsheet gives to the years 1930 to 2063
SERIALS = range(10959, 60000)
MONTHS = {
    start: number
    for number, starts in enumerate(
        (
            "янв қаң jan",
            "фев ақп feb",
            "мар нау mar",
            "апр сәу apr",
            "мая май мам may",
            "июн мау jun",
            "июл шіл jul",
            "авг там aug",
            "сен қыр sep",
            "окт қаз oct",
            "ноя қар nov",
            "дек жел dec",
        ),
        start=1,
    )
    for start in starts.split()
}
#: parts of names that are written small
PARTICLES = {"оглы", "кызы", "улы", "қызы", "ұлы"}
MALE = {"м", "муж", "мужской", "мужчина", "мальчик", "юноша", "ер", "еркек", "ул", "ұл", "m", "male", "boy", "э"}
FEMALE = {"ж", "жен", "женский", "женщина", "девочка", "девушка", "айел", "кыз", "қыз", "f", "female", "girl"}


def is_name(text):
    """Tell whether ``text`` may be the name of a person: letters, and what stands between them."""
    return bool(NAME.fullmatch(squeeze(text)))


def clean_name(text):
    """Return a name as it is written on papers: one space between words, no name in capitals only."""
    return "".join(
        part.capitalize() if (part.isupper() or part.islower()) and part not in PARTICLES else part
        for part in re.split(r"([\s\-.]+)", squeeze(text))
    )


def same_person(one, other):
    """Tell whether two keys of names may stand for one person: equal, or one of them with initials."""
    one, other = one.split(), other.split()
    if one == other:
        return True
    short = min(len(one), len(other))
    if short < 2 or one[0] != other[0] or not any(len(part) == 1 for part in one[1:] + other[1:]):
        return False
    return all(
        a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for a, b in zip(one[1:short], other[1:short], strict=True)
    )


def letter_key(letter):
    """Return the letter of a class so that a Latin A and a Cyrillic А are one; Kazakh letters stay their own."""
    return squeeze(letter or "").casefold().translate(LOOKALIKE).upper()


def parse_class(text):
    """Return (grade, letter) of «7 А», «7А», «7-А», «7 «А»», «7a», «7-сынып», «7/2»; None where it is no class."""
    text = squeeze(text).casefold()
    found = CLASS.fullmatch(squeeze(CLASS_WORDS.sub(" ", text)).strip(" -–—."))
    if not found:
        return None
    grade, letter, grade2, number = found.groups()
    return (int(grade), letter_key(letter)) if grade else (int(grade2), number)


def parse_date(value, today):
    """Return the date that a cell holds, None where it is none: text, day number of a spreadsheet, date."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = squeeze(value).casefold()
    number = re.fullmatch(r"(\d{5})([.,]\d+)?", text)
    if number:
        serial = int(number.group(1))
        return EPOCH + timedelta(days=serial) if serial in SERIALS else None
    text = re.sub(r"[ t]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?z?$", "", text)
    text = re.sub(r"\s*(г|года|год|ж|жылы|жыл)\.?$", "", text).strip()
    found = re.fullmatch(r"(\d{4})\s*[-./ ]\s*(\d{1,2})\s*[-./ ]\s*(\d{1,2})", text)
    if found:
        return _date(*found.groups(), today)
    found = re.fullmatch(r"(\d{1,2})\s*[-./ ]\s*(\d{1,2})\s*[-./, ]\s*(\d{4}|\d{2})", text)
    if found:
        day, month, year = found.groups()
        return _date(year, month, day, today)
    found = re.fullmatch(r"(\d{1,2})[\s.-]+([^\W\d_]+)\.?[\s.,-]+(\d{4}|\d{2})", text)
    month = found and (MONTHS.get(found.group(2)[:3]))
    return _date(found.group(3), month, found.group(1), today) if month else None


def _date(year, month, day, today):
    year = int(year)
    if year < 100:
        year += 2000 if year <= today.year % 100 else 1900
    try:
        return date(year, int(month), int(day))
    except ValueError:
        return None


def parse_sex(text):
    """Return male, female, or None."""
    word = words(text).split(" ")[0]
    return "male" if word in MALE else "female" if word in FEMALE else None


def digits(phone):
    """Return the digits of a phone number, so that 8 701 … and +7 701 … are one."""
    number = re.sub(r"\D", "", phone or "")
    return "7" + number[1:] if len(number) == 11 and number[0] == "8" else number


def split_phone(text):
    """Return (text without the phone numbers, the phone numbers) of a cell that may hold both."""
    text = squeeze(text)
    phones = [squeeze(phone) for phone in PHONE.findall(text)]
    rest = re.sub(r"[\s,;:()]*(тел|моб|сот|phone)?\.?[\s,;:()]*$", "", PHONE.sub(" ", text), flags=re.IGNORECASE)
    return squeeze(rest), ", ".join(phones)


def guess_parent(name):
    """Return mother or father by the patronymic or the surname, other where neither tells."""
    parts = name_key(name).split()
    if re.search(r"(овна|евна|ична|кызы)\b", " ".join(parts)):
        return "mother"
    if re.search(r"(ович|евич|улы|оглы)\b", " ".join(parts)):
        return "father"
    surname = parts[0] if parts else ""
    if re.search(r"(ова|ева|ина|ына|ская|цкая|ая)$", surname):
        return "mother"
    if re.search(r"(ов|ев|ин|ын|ский|цкий|ой|ый)$", surname):
        return "father"
    return "other"


def parse_paper(text, today):
    """Return (words, number, date) of «протокол № 3 от 15.09.2025»; empty text and None for what is not there."""
    text = squeeze(text)
    dated = re.search(r"(?:от|of|dated)?\s*(\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2})\s*(?:г\.?|ж\.?)?", text)
    day = parse_date(dated.group(1), today) if dated else None
    if dated:
        text = squeeze(text[: dated.start()] + " " + text[dated.end() :])
    numbered = re.search(r"(?:№|no\.?|n)\s*([\w/\-.]+)", text, re.IGNORECASE)
    if numbered:
        return squeeze(text[: numbered.start()] + " " + text[numbered.end() :]).strip(" ,;"), numbered.group(1), day
    plain = re.fullmatch(r"(\D*?)\s*(\d[\w/\-.]*)", text)
    if plain:
        return plain.group(1).strip(" ,;"), plain.group(2), day
    return text.strip(" ,;"), "", day
