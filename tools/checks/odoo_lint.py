"""Run Odoo's module test_lint on the given addons alone, and export their terms.

Called with the Python of the virtual environment:
    odoo_lint.py FOLDER-FOR-TERMS ADDON,ADDON … options of Odoo
"""

import logging
import sys
from pathlib import Path
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules import Manifest
from odoo.modules.registry import Registry
from odoo.tools import config
from odoo.tools.translate import trans_export

# Checks of the checkers; a run of pylint over Odoo itself (its plugins are run on the addons by lint.py);
# eslint, which needs a Node package that no Python environment has.
LEFT_OUT = "-/test_lint:TestPylintChecks,-/test_lint:TestGetTextLint,-/test_lint:TestSqlLint,-/test_lint:TestI18nChecks"
LEFT_OUT += ",-/test_lint:TestPyLint,-/test_lint:TestESLint"


class Counter(logging.Handler):
    """Counts what is logged: some of the checks only warn."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record):
        """Count one more."""
        self.count += 1


def main(folder, addons, options):
    """Export the terms to ``folder``, run the checks; the exit code is 1 if one failed or warned."""
    config.parse_config([*options, f"--test-tags=/test_lint,{LEFT_OUT}", "--log-level=warn"], setup_logging=True)
    counter = Counter()
    logging.getLogger().addHandler(counter)
    registry = Registry(config["db_name"][0])
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        for name in addons:
            with (Path(folder) / f"{name}.pot").open("wb") as file:
                trans_export(False, [name], file, "po", env)
    if not Manifest.for_addon("test_lint", display_warning=False):
        print("    this Odoo is shipped without its module test_lint: its checks are left out")
        return 1 if counter.count else 0
    failed, ran = _run_test_lint(addons)
    if not ran:
        print("no check of test_lint ran")
    return 1 if failed or counter.count or not ran else 0


def _run_test_lint(addons):
    from odoo.tests import loader  # noqa: PLC0415 - Odoo must be configured before

    manifests = [Manifest.for_addon(name) for name in addons]
    failed = ran = 0
    with patch.object(Manifest, "all_addon_manifests", lambda: manifests):
        for position in ("at_install", "post_install"):
            result = loader.run_suite(loader.make_suite(["test_lint"], position))
            failed += result.failures_count + result.errors_count
            ran += result.testsRun
    return failed, ran


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2].split(","), sys.argv[3:]))
