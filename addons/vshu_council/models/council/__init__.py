from . import vshu_council_rule
from . import vshu_school
from . import vshu_council
from . import vshu_council_member
