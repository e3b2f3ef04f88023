from . import test_access
from . import test_actions
from . import test_channels
from . import test_company
from . import test_composition
from . import test_meeting
from . import test_sitting
from . import test_signing
