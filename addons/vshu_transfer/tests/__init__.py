from . import test_transfer
from . import test_transfer_channels
from . import test_transfer_forged
from . import test_transfer_paper
