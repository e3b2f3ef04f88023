from . import controllers
from . import models
from . import wizard
from .hooks import pre_init_hook, uninstall_hook
from .tools.log_mask import install as _install_log_mask

_install_log_mask()
