"""Messages to the person at the terminal, and the one exception that ends a command."""

import sys
import time
from contextlib import contextmanager


class DevError(Exception):
    """A failure that the person can act on; it is printed as one line, without a traceback."""


def say(message):
    """Print one line at once."""
    print(message, flush=True)


@contextmanager
def step(message):
    """Announce a step of the work and, when it has ended, say how long it took."""
    say(f"==> {message} …")
    started = time.monotonic()
    yield
    seconds = time.monotonic() - started
    if seconds >= 1:
        say(f"    done in {seconds:.0f} s")


def fail(message):
    """Print ``message`` as the command's last word on the error stream."""
    sys.stdout.flush()
    print(f"error: {message}", file=sys.stderr, flush=True)
