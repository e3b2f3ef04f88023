from . import vshu_signal_flow
from . import vshu_signal
from . import vshu_signal_sender
from . import vshu_application
from . import vshu_signal_lawful
