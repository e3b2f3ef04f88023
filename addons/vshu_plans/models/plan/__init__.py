from . import vshu_plan_draft
from . import vshu_plan_flow
from . import vshu_plan_open
from . import vshu_plan_progress
from . import vshu_plan
from . import vshu_plan_goal
from . import vshu_plan_measure
