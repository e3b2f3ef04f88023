from . import export
from . import journal
from . import transfer
