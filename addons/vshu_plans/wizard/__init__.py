from . import vshu_plan_figures
from . import vshu_plan_mark
from . import vshu_plan_petition
from . import vshu_plan_reason
