from . import test_dossier
from . import test_dossier_channels
from . import test_dossier_papers
from . import test_dossier_tour
