from . import vshu_meeting_plan
from . import vshu_meeting_flow
from . import vshu_meeting_sitting
from . import vshu_meeting_papers
from . import vshu_meeting
from . import vshu_meeting_participant
from . import calendar_event
