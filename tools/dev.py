#!/usr/bin/env python3
"""The commands of the developer; the Makefile calls them.

dev.py prepare | demo | test [--only odoo|pytest] | lint [--only PART] | format | i18n
       | bench … | odoo … | psql … | clean | distclean
"""

import argparse
import os
import subprocess
import sys

from vshudev import clean, demo, i18n, lint, system, testing, toolchain
from vshudev import settings as settings_module
from vshudev.console import DevError, fail, say

#: commands whose arguments go to a program as they are
PASSED_ON = ("bench", "odoo", "psql")


def main():
    """Run one command; the exit code is 0 if it succeeded."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name, meaning in (
        ("help", "say what the commands and the environment variables are"),
        ("prepare", "install what is missing and get Odoo"),
        ("demo", "serve the demo schools"),
        ("format", "let ruff put the code in form"),
        ("i18n", "bring the translations in step with the code"),
        ("clean", "remove databases, clusters and logs"),
        ("distclean", "the same, and the cache"),
    ):
        commands.add_parser(name, help=meaning)
    commands.add_parser("lint", help="check the code without running it").add_argument("--only", choices=lint.PARTS)
    commands.add_parser("test", help="run all tests").add_argument("--only", choices=("odoo", "pytest"))
    for name, meaning in (
        ("bench", "run bench/run.py on the tests' cluster"),
        ("odoo", "run a command of Odoo on the tests' cluster"),
        ("psql", "open the tests' cluster in psql"),
    ):
        commands.add_parser(name, help=meaning, add_help=False, prefix_chars="\0")
    options, options.arguments = parser.parse_known_args()
    if options.arguments and options.command not in PASSED_ON:
        parser.error(f"unrecognized arguments: {' '.join(options.arguments)}")
    try:
        return _run(options, settings_module.load())
    except DevError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.strerror}: {error.filename or ''}".rstrip(": "))
    except KeyboardInterrupt:
        fail("interrupted")
    return 1


def _run(options, settings):
    match options.command:
        case "help":
            _help()
        case "prepare":
            system.install_packages(settings)
            toolchain.prepare(settings)
            say("everything is ready")
        case "demo":
            demo.run(settings)
        case "test":
            return 0 if testing.run(settings, options.only) else 1
        case "lint":
            return 0 if lint.run(settings, options.only) else 1
        case "format":
            lint.reformat(settings)
        case "i18n":
            return 0 if i18n.run(settings) else 1
        case "clean":
            clean.run(settings)
        case "distclean":
            clean.run(settings, cache=True)
        case _:
            return _on_tests_cluster(options, settings.for_tests())
    return 0


def _on_tests_cluster(options, settings):
    bench, started = testing.workbench(settings)
    try:
        if options.command == "bench":
            command = _bench(bench)
        elif options.command == "psql":
            command = ["psql", "-d", "postgres"]
        else:
            command = bench.command()
        return subprocess.run([*command, *options.arguments], env=bench.server.environment, check=False).returncode
    finally:
        if started:
            bench.server.stop()


def _bench(bench):
    script = settings_module.ROOT / "bench" / "run.py"
    if not script.exists():
        raise DevError(f"there is no {script}")
    os.environ["VSHU_ODOO_COMMAND"] = "\n".join(bench.command())
    return [str(bench.odoo.python), str(script)]


def _help():
    say(
        "make prepare    install what is missing and get Odoo 19\n"
        "make demo       serve the demo schools on http://localhost:8069; Ctrl-C stops all\n"
        "make test       run every test\n"
        "make lint       check the code without running it\n"
        "make format     let ruff put the code in form\n"
        "make i18n       bring ru.po and kk.po in step with the code and list what they do not translate\n"
        "make bench      measure (see bench/)\n"
        "make clean      remove databases, clusters and logs\n"
        "make distclean  the same, and what was downloaded\n"
        "\nEnvironment variables (and what they are when not set):"
    )
    for name, default, meaning in settings_module.VARIABLES:
        say(f"  {name:<20} {meaning}" + (f" ({default})" if default else ""))


if __name__ == "__main__":
    sys.exit(main())
