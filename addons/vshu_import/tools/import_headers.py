"""Which column of a school's list holds what: headings as Kundelik, Дневник.ру, 1C and people write them.

Headings are compared by ``import_words.words``: small letters, no signs, Russian letters in place of Kazakh ones.
"""

import re

from .import_words import words

PERSONS = (
    ("parent", r"родител|ата ана|parent"),
    ("mother", r"\bмат(ь|ери|ерин)|\bмам|\bанасы|mother|\bmom\b"),
    ("father", r"\bот(ец|ца)\b|\bпап|\bакеси\b|\bакесинин аты жони|father|\bdad\b"),
    ("guardian", r"опекун|попечител|законн|камкоршы|guardian|representative|приемн"),
)
PHONE = re.compile(r"\bтел|\bмоб|сотов|phone|байланыс|контакт|contact")
#: what is known of a parent, or of anybody, and is not taken over
NOT_TAKEN = re.compile(
    r"рожд|туган|birth|адрес|мекен|address|прожив|работ|жумыс|work|\bjob\b|должн|образован|mail|почт|иин|жсн|\biin\b"
)
#: targets of both kinds, in the order in which they are tried
PUPIL = (
    ("", r"класс\w* рук|сынып жетекши|class teacher|место рожд|birth ?place|туган жер|гражданств|национальн|снилс"),
    ("birth_date", r"\bрожд|туган|birth|\bdob\b|^д ?р$"),
    ("sex", r"^пол\b|жыныс|^sex|gender"),
    ("file_number", r"иин|жсн|\biin\b|личн\w* дел|номер дела|жеке ис|file n|personal file|file no"),
    ("grade", r"параллель|^grade$|parallel"),
    ("letter", r"^литер|^буква|^letter|^литера"),
    ("class", r"^класс|\bкласса?$|сынып|сыныб|\bclass\b|учебная группа"),
    ("street", r"адрес|мекен|address|прожив|место жит"),
    ("name", r"фамил\w* \w*имя|фамил\w* и(мя|о)?\b|^фио|^ф и о|\bфио\b|аты жони|^таа$|full name|^name$|^имя ребенка$"),
    ("surname", r"^фамил|^теги|surname|last name|family name"),
    ("patronymic", r"отчеств|акесинин аты|patronymic|middle name"),
    ("first_name", r"^имя|^аты$|first name|given name"),
    ("name", r"^(учени|учащ|обучающ|воспитанник|ребен|student|pupil|child|окушы|бала)"),
)
STAY = (
    ("removal_reason", r"(основан|причин)\w* снят|reason for removal|why removed|шыгару\w* (негиз|себеб)"),
    ("date_removed", r"снят|шыгарыл|шыгару|removed|removal"),
    ("extensions", r"продл|узарт|exten"),
    ("date_informed", r"уведомл|извещ|хабар|informed|notified"),
    ("date_placed", r"(дата|когда|день) постанов|постановк\w* на|^поставлен|есепке (алынган|койылган|кою)|placed"),
    (
        "decision_date",
        r"дата (решени|протокол|приказ|постановлени)|(хаттама|шешим|буйрык)\w* (куни|мерзими)|date of the d",
    ),
    ("decision_form", r"вид (документ|решени)|чем решено|form of the d|кужат туры"),
    ("decision_number", r"протокол|приказ|постановлени\w* №|решени|хаттама|буйрык|шешим|decision|minutes|order"),
    ("basis", r"документ|базис|кужат|basis"),
    ("ground", r"основан|причин|негиз|себеб|ground"),
    ("curator", r"куратор|наставник|ответствен|закреплен|жауапты|curator"),
    ("date_end", r"срок|мерзим|^до$|term|until"),
    ("kind", r"вид учета|вид постановки|^учет$|есеп туры|^kind|register or control|учет или контроль"),
    ("reason", r"обстоятельств|что произошло|описание|мэн жай|what happened"),
    ("number", r"журнал|номер учет|регистрац|journal|register no|есеп номири|тиркеу"),
)
#: the number of the row, which in a register is the number of the journal
ROW_NUMBER = re.compile(r"^(№|№ п п|п п|n|no|р с|р с №|№ р с|номер|номири?)$")

#: how a row begins that is not about a child: a total, a signature
FOOT = re.compile(
    r"^(итого|всего|барлыгы|жиыны|total|директор|классный руководитель|сынып жетекшиси|подпись|колы|исполнитель|м п)\b"
)


def recognise(title, kind):
    """Return the target of a column by its heading, "" for one that is not taken over.

    :param kind: class_list or takeover
    """
    text = words(title)
    if not text:
        return ""
    if kind == "takeover":
        if ROW_NUMBER.match(text):
            return "number"
        for target, pattern in STAY:
            if re.search(pattern, text):
                return target
    elif ROW_NUMBER.match(text):
        return ""
    if not re.search(r"класс\w* рук", text):
        for person, pattern in PERSONS:
            if re.search(pattern, text) and not re.search(r"родител\w* комитет", text):
                if kind == "takeover":
                    return ""
                if PHONE.search(text):
                    return f"{person}_phone"
                return "" if NOT_TAKEN.search(text) else person
    for target, pattern in PUPIL:
        if re.search(pattern, text):
            return target
    if kind == "class_list" and PHONE.search(text):
        return "student_phone" if re.search(r"учени|учащ|обучающ|ребен|student|pupil|child|окушы", text) else "phone"
    return ""


def assign(titles, kind):
    """Return the targets of the columns ``titles``; none stands twice, a bare phone goes to the parent before it."""
    targets = []
    for title in titles:
        target = recognise(title, kind)
        if target == "phone":
            person = next((t for t in reversed(targets) if t in ("parent", "mother", "father", "guardian")), None)
            target = f"{person}_phone" if person else "phone"
        if target and target in targets:
            target = ""
        targets.append(target)
    if "phone" in targets:
        # no parent stands before it: it is that of the only parent that stands after it, else the child's own
        persons = [t for t in targets if t in ("parent", "mother", "father", "guardian")]
        target = f"{persons[0]}_phone" if persons else "student_phone"
        targets[targets.index("phone")] = "" if target in targets else target
    return targets


def is_header(targets):
    """Tell whether columns with these targets are the head of a list: a name and something beside it."""
    known = {target for target in targets if target}
    return len(known) > 1 and ("name" in known or {"surname", "first_name"} <= known)
