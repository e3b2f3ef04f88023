from . import template
from . import plan
from . import task
from . import review
from . import case
