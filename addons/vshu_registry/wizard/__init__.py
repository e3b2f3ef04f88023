from . import vshu_reason
from . import vshu_viewers
