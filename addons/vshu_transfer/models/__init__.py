from . import vshu_transfer_flow
from . import vshu_transfer_receipt
from . import vshu_transfer_content
from . import vshu_transfer_words
from . import vshu_transfer_incoming
from . import vshu_transfer
from . import vshu_transfer_paper
from . import vshu_case_transfer
