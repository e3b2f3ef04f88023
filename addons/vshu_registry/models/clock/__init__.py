from . import vshu_deadline
from . import vshu_deadline_mixin
from . import vshu_school_clock
