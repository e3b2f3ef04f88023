from . import council
from . import meeting
from . import agenda
from . import minutes
from . import case
