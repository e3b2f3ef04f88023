from . import export
from . import journal
