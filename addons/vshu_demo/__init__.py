from . import registry, council, plans
from .hooks import pre_init_hook, uninstall_hook
