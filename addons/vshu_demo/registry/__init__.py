from . import registry_demo
