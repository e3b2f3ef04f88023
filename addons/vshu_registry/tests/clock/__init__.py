from . import test_deadlines
