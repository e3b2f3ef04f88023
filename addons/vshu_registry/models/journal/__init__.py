from . import vshu_journal_entry
from . import vshu_journal_report
from . import vshu_journal_pdf
from . import vshu_journal_words
