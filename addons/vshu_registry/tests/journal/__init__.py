from . import test_journal_report
