from . import vshu_minutes_signing
from . import vshu_minutes
from . import vshu_minutes_line
from . import vshu_extract
