from . import vshu_plan_review_flow
from . import vshu_plan_review
from . import vshu_plan_nightly
