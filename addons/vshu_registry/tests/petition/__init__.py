from . import test_petitions
from . import test_petition_channels
from . import test_petitions_tour
