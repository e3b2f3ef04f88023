from . import vshu_transfer_dialog
from . import vshu_transfer_import
