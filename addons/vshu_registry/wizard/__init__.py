from . import vshu_reason
from . import vshu_viewers
from . import vshu_petition_answer
from . import vshu_year_close
from . import vshu_year_close_line
