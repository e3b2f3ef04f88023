from . import test_notices
from . import test_notices_channels
from . import test_notices_paper
from . import test_notices_tour
