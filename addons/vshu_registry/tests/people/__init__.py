from . import test_family_card
from . import test_former_names
from . import test_people
from . import test_merge_tool
from . import test_merge_entries
