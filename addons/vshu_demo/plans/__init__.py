from . import plans_demo
