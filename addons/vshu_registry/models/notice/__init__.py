from . import vshu_notice_flow
from . import vshu_notice
from . import vshu_notice_paper
from . import vshu_case_notices
from . import vshu_notice_lawful
from . import vshu_notice_mine
