"""Databases of Odoo: the template with Odoo's own modules, copies of it, one run of Odoo."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from .console import DevError, step
from .settings import BASE_MODULES, LANGUAGES
from .system import last_line, make_folder


class Workbench:
    """Odoo, a server and a folder for file stores: all that a database needs."""

    def __init__(self, settings, odoo, server):
        self.settings = settings
        self.odoo = odoo
        self.server = server
        self.data_dir = settings.state / "data"

    def command(self, *arguments, subcommand="server"):
        """The command line of Odoo's server, or another command of Odoo with the same options, on this workbench."""
        return self.odoo.command(
            subcommand,
            "--config=/dev/null",
            f"--addons-path={self.odoo.addons_path}",
            f"--data-dir={self.data_dir}",
            "--http-interface=127.0.0.1",
            "--max-cron-threads=0",
            *self.server.odoo_options,
            *arguments,
        )

    def run(self, database, *arguments, log):
        """Run Odoo to its end on ``database``.

        :param log: the file that gets what Odoo writes
        :raises DevError: when Odoo fails
        """
        self._run(self.command(f"--database={database}", "--no-http", "--stop-after-init", *arguments), log)

    def shell(self, database, script, log):
        """Run the Python text ``script`` in Odoo's shell on ``database``; it has ``env``.

        :raises DevError: when the script fails
        """
        command = self.command(f"--database={database}", "--no-http", subcommand="shell")
        # The shell prints an exception of its script and goes on to end well.
        text = self._run(command, log, f"{script}\nprint('script' + ' ended')\n")
        if "script ended" not in text:
            raise DevError(f"the script failed on {database}: {last_line(text)} (all of it: {log})")

    def _run(self, command, log, stdin=None):
        log = Path(log)
        make_folder(log.parent)
        with log.open("w", encoding="utf-8") as output:
            result = subprocess.run(
                command,
                env=self.server.environment,
                input=stdin or "",
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
        text = log.read_text(encoding="utf-8", errors="replace")
        if result.returncode:
            raise DevError(f"Odoo failed: {last_line(text)} (all of it: {log})")
        return text

    def template(self):
        """The name of the database with Odoo's own modules, made if it is missing or out of date."""
        recipe = f"{self.odoo.fingerprint} {BASE_MODULES} {LANGUAGES}"
        name = f"tmpl_{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"
        if self.server.exists(name):
            return name
        making = f"{name}_making"
        with step(f"creating the template database {name} ({', '.join(BASE_MODULES)})"):
            self.drop(making)
            self.run(
                making,
                f"--init={','.join(BASE_MODULES)}",
                f"--load-language={','.join(LANGUAGES)}",
                log=self.settings.logs / "template.log",
            )
            self.rename(making, name)
        return name

    def rename(self, database, name):
        """Give ``database`` and its file store another name."""
        self.server.rename(database, name)
        store = self.data_dir / "filestore"
        shutil.rmtree(store / name, ignore_errors=True)
        if (store / database).exists():
            (store / database).rename(store / name)

    def copy(self, template, database):
        """Make ``database`` anew as a copy of ``template``, with its file store."""
        self.server.copy(template, database)
        store = self.data_dir / "filestore"
        shutil.rmtree(store / database, ignore_errors=True)
        if (store / template).exists():
            shutil.copytree(store / template, store / database)

    def drop(self, database):
        """Drop ``database`` with its file store."""
        self.server.drop(database)
        shutil.rmtree(self.data_dir / "filestore" / database, ignore_errors=True)
