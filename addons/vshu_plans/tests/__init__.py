from . import test_catalog
from . import test_plan
from . import test_council
from . import test_task
from . import test_review
from . import test_nightly
from . import test_figures
