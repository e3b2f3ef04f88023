from . import vshu_petition_kind
from . import vshu_case_petitions
from . import vshu_parent_fact
from . import vshu_petition_text
from . import vshu_petition_flow
from . import vshu_petition
from . import vshu_assignment_report
