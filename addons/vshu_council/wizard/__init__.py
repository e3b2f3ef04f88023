from . import vshu_council_reason
