from . import journal
from . import transfer
