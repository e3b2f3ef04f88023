from . import vshu_plan_part_mixin
from . import vshu_measure_section
from . import vshu_measure_type
from . import vshu_plan_template
from . import vshu_plan_template_goal
from . import vshu_plan_template_line
from . import vshu_plan_rule
