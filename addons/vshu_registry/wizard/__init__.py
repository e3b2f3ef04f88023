from . import vshu_reason
from . import vshu_reason_sealed
from . import vshu_viewers
from . import vshu_petition_answer
from . import vshu_transfer_dialog
from . import vshu_transfer_import
from . import vshu_year_close
from . import vshu_year_close_line
