from . import test_calendar
from . import test_catalog
from . import test_deadlines
from . import test_demo
from . import test_flow
from . import test_journal_report
from . import test_people
