from . import vshu_plan_task_flow
from . import vshu_plan_task
