from . import vshu_decision
from . import vshu_case
from . import vshu_case_papers
from . import vshu_notice
from . import vshu_finding
from . import vshu_meeting_mine
