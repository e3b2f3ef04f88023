from . import test_import
from . import test_import_channels
from . import test_import_takeover
from . import test_import_tour
