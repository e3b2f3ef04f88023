from . import test_ended
from . import test_sealed
from . import test_sealed_channels
from . import test_sealed_queries
from . import test_sealed_tour
