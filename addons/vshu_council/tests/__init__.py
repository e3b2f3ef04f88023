from . import test_composition
from . import test_meeting
from . import test_sitting
from . import test_papers
from . import test_signing
from . import test_tour
