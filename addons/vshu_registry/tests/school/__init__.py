from . import test_calendar
from . import test_finding
from . import test_leaving
from . import test_school_day
from . import test_year_close
