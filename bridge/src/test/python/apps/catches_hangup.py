"""Sets a signal handler while it is imported."""

import signal

from plain import app


def reopen(number, frame):
    pass


signal.signal(signal.SIGHUP, reopen)
