from . import test_catalog
from . import test_clause
from . import test_shared
