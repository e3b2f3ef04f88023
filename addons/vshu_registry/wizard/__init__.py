from . import vshu_reason
from . import vshu_viewers
from . import vshu_intervention_change
