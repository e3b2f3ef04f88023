from . import test_intervention
from . import test_intervention_channels
from . import test_intervention_tour
